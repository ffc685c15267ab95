"""The cells of random plans as we work them out and as LibreOffice does.

    python -m tests.randomplans.cells SEED --cells 50000 [--jobs N] [--workbooks N]

plays plan after plan from SEED on until so many cells were compared, tells each that differs, and exits with 1 where
one does. What is compared:

- the value that is saved with every formula of every workbook of the rounds: issued, sent back, summaries;
- of workbooks filled with random answers, good, blank and junk, the failed checks, the message and the computed fields
  of each row with what the validator finds in the same bytes (tests/bothsides.py says where they differ by design);
- the value of every formula of the same answers sent back.
"""

import argparse
import os
import sys
import time
import traceback
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from bothsides import Both, alike, rows_seen, seen_by_validator
from libreoffice import LibreOffice, Recalculated, find_libreoffice
from summaries import compared

from xlplan.definition.reading import read_definition
from xlplan.form.issuing import prepare
from xlplan.form.layout.columns import ColumnKind
from xlplan.form.layout.entry import EntryLayout
from xlplan.form.write.order import Order, SentBack
from xlplan.form.write.workbook import form_workbook
from xlplan.model.plan import Plan

from .delicate import with_delicate_parts
from .generator import random_plan
from .run import KNOWN_WRONG, left_out, play

DUE, NOW = date(2030, 5, 29), datetime(2026, 4, 1, 9, 0)
UNDECIDED_EVERY = 3
"""Of so many plans one has warnings that cannot be decided."""


@dataclass
class Compared:
    """What came of the plan of a seed."""

    seed: int
    cells: Counter[str] = field(default_factory=Counter)
    """Cells compared, by what they are."""
    differing: list[str] = field(default_factory=list)
    rows: int = 0
    """Filled rows that are compared."""
    excused: Counter[str] = field(default_factory=Counter)
    """Filled rows that are not compared, by why (`bothsides.EXCUSED`)."""
    refused: str = ""
    seconds: float = 0.0


def compare(seed: int, judge: LibreOffice, workbooks: int) -> Compared:
    """Compare the cells of the plan of a seed.

    Args:
        seed: The seed.
        judge: LibreOffice.
        workbooks: How many workbooks of each department and round are filled with random answers.

    Returns:
        How many cells were compared, and those that differ.
    """
    begun, found = time.monotonic(), Compared(seed)
    made = with_delicate_parts(
        random_plan(seed, left_out(KNOWN_WRONG)), undecided=seed % UNDECIDED_EVERY == 0
    )
    with TemporaryDirectory() as name:
        folder = Path(name)
        played = play(seed, folder / "city", made=made)
        if played.refused or played.crashed:
            found.refused = played.refused[0] if played.refused else played.crashed
            if played.crashed:
                found.differing.append(played.crashed)
            return found
        _compare_all(found, folder, made.rounds, workbooks, judge)
    found.seconds = time.monotonic() - begun
    return found


def _written(city: Path) -> Iterator[Path]:
    """Every workbook that a played plan has written; what came in has the cells of departments."""
    for path in sorted(city.rglob("*.xlsx")):
        if path.parent.name not in ("inbox", "returned"):
            yield path


def _orders(plan: Plan, period: str) -> Iterator[Order]:
    """The workbooks of a round, one for each department."""
    at = plan.period(period)
    assert at
    for department in plan.answering(at):
        yield prepare(plan, at, department, DUE, NOW)[1]


def _compare_all(
    found: Compared, folder: Path, rounds: Sequence[str], workbooks: int, judge: LibreOffice
) -> None:
    """Compare every workbook, with one start of LibreOffice."""
    plan = read_definition(folder / "city" / "plan").usable()
    orders = [order for period in rounds for order in _orders(plan, period)]
    first = zlib.crc32(str(found.seed).encode()) % 1_000_000
    books, seen = seen_by_validator(orders, range(first, first + workbooks), folder)
    kinds = {
        "filled": books,
        "sent back": [form_workbook(_sent_back(both)) for both in seen],
        "saved": [path.read_bytes() for path in _written(folder / "city")],
    }
    judged = iter(judge.all_recalculated([book for some in kinds.values() for book in some]))
    sheets = {kind: [next(judged) for _ in some] for kind, some in kinds.items()}
    for kind in ("sent back", "saved"):
        _saved(found, kind, kinds[kind], sheets[kind])
    for both, layout, item, why in rows_seen(
        [replace(both, sheet=sheet) for both, sheet in zip(seen, sheets["filled"], strict=True)]
    ):
        if why:
            found.excused.update(why)
        else:
            found.rows += 1
            _row(found, both, layout, item)


def _saved(found: Compared, what: str, books: Sequence[bytes], judged: Sequence[Recalculated]) -> None:
    """Compare the values that are saved with the formulas of workbooks with those that LibreOffice finds."""
    for book, its in zip(books, judged, strict=True):
        number, differing = compared(book, its)
        found.cells[what] += number
        found.differing += [f"{found.seed} {what} {cell}: {both}" for cell, both in differing.items()]


def _sent_back(both: Both) -> Order:
    """The workbook that goes back after these answers."""
    values = {
        (record.form, record.item, name): value
        for record in both.records
        for name, value in record.values.items()
    }
    return replace(both.order, sent_back=SentBack(1, values, both.findings, "", ""))


def _row(found: Compared, both: Both, layout: EntryLayout, item: str) -> None:
    """Compare one row: its failed checks, its message, its computed fields."""
    place = f"{found.seed} {both.order.department.id} {layout.form.title} {item}"
    sheet, validator = both.on_sheet(layout, item), both.numbers(layout, item)
    found.cells["checks"] += len(layout.problem_columns)
    if sheet != validator:
        found.differing.append(f"{place}: checks {sheet} / {validator} {both.answer(layout, item)}")
    shown, wanted = both.at(layout, ColumnKind.CHECK, "check", item), both.message(layout, item)
    found.cells["messages"] += 1
    if shown != wanted:
        found.differing.append(f"{place}: message {shown!r} / {wanted!r}")
    if not both.used(layout, item):
        return
    for computed in (one for one in layout.form.fields if one.formula is not None):
        its, ours = both.computed(layout, computed, item)
        found.cells["computed"] += 1
        if not alike(its, ours):
            found.differing.append(f"{place}: {computed.id} {its!r} / {ours!r} {both.answer(layout, item)}")


# --- many plans -------------------------------------------------------------------------------------

_judge: list[LibreOffice] = []


def _one(seed: int, workbooks: int, profiles: Path) -> Compared:
    if not _judge:
        program = find_libreoffice()
        assert program
        _judge.append(LibreOffice.prepared(program, profiles / str(os.getpid())))
    return compare(seed, _judge[0], workbooks)


def plans(seed: int, cells: int, jobs: int, workbooks: int) -> Iterator[Compared]:
    """Compare plan after plan from `seed` on, `jobs` at once, until so many cells were compared."""
    done, waiting = 0, dict[Future[Compared], int]()
    with TemporaryDirectory() as name, ProcessPoolExecutor(jobs) as pool:
        while done < cells or waiting:
            while done < cells and len(waiting) < jobs:
                waiting[pool.submit(_one, seed, workbooks, Path(name))] = seed
                seed += 1
            finished, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in finished:
                of, fault = waiting.pop(future), future.exception()
                crashed = "".join(traceback.format_exception(fault)) if fault else ""
                found = Compared(of, differing=[f"{of} {crashed}"]) if crashed else future.result()
                done += found.cells.total()
                yield found


def main() -> None:
    """Compare as many cells as are asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.randomplans.cells")
    parser.add_argument("seed", type=int, nargs="?", default=0)
    parser.add_argument("--cells", type=int, default=50_000)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--workbooks", type=int, default=3)
    asked = parser.parse_args()
    begun, cells, differing, refused, number = time.monotonic(), Counter[str](), 0, 0, 0
    rows, excused = 0, Counter[str]()
    for found in plans(asked.seed, asked.cells, asked.jobs, asked.workbooks):
        number += 1
        cells += found.cells
        rows, excused = rows + found.rows, excused + found.excused
        differing += len(found.differing)
        refused += bool(found.refused)
        for line in found.differing:
            print(line, flush=True)
        if number % 20 == 0:
            print(f"… {number} plans, {cells.total()} cells, {differing} differ", file=sys.stderr, flush=True)
    print(
        f"{number} plans from seed {asked.seed}, {refused} refused; {cells.total()} cells {dict(cells)}; "
        f"{rows} filled rows compared, others excused: {dict(excused)}; "
        f"{differing} differ; {time.monotonic() - begun:.0f} s"
    )
    sys.exit(bool(differing or refused > 0.3 * number))


if __name__ == "__main__":
    main()
