"""What is measured, each stage in a process of its own: `python -m tests.benchmarks.stages STAGE FOLDER`.

Prints one line of JSON: seconds of the clock and of the processor, megabytes before and at the most, faults found.
Imports are done, and counted in the megabytes, before the clock starts.
"""

import io
import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext, suppress
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING
from unittest.mock import patch

from tests.benchmarks.plan_tables import PERIOD

if TYPE_CHECKING:
    from xlplan.form.issuing import Rows
    from xlplan.model.plan import Plan
    from xlplan.validate.judging import Judged

NOW = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)

Faults = set[tuple[str, str]]
Work = Callable[[], Faults]
"""The timed part of a stage. Gives the item and the field of each fault that it found."""


def floor(root: Path) -> Work:
    """calamine reads every value of every sheet, and nothing else."""
    from python_calamine import CalamineWorkbook

    def work() -> Faults:
        for path in _files(root):
            book = CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
            for name in book.sheet_names:
                book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        return set()

    return work


def plain(root: Path) -> Work:
    """The plain script, from files to one table."""
    from tests.benchmarks.plain import summarise

    return partial(summarise, _files(root), root / "plain.xlsx")


def plan(root: Path) -> Work:
    """The definition of the plan is read and checked."""
    from xlplan.stages.define import plan_of
    from xlplan.store.workspace import Workspace

    def work() -> Faults:
        plan_of(Workspace(root))
        return set()

    return work


def judge(root: Path) -> Work:
    """Safety, reading and validating, for a plan that has been read."""
    known, rows = _plan_and_rows(root)

    def work() -> Faults:
        return {one for judged in _judged(root, known, rows) for one in _faults(judged)}

    return work


def receive(root: Path) -> Work:
    """`xlplan receive` whole but for the workbooks that go back: with the plan, the archive and the ledger."""
    from xlplan.stages.refill import SendingBack

    # nothing else is changed, and for as long as the process lives
    patch.object(SendingBack, "written", lambda _, found, receipt: (None, receipt.findings)).start()
    return _receive(root)


def send_back(root: Path) -> Work:
    """`xlplan receive` as it is: most returns have a fault somewhere, and each of those is written anew."""
    return _receive(root)


def consolidate(root: Path) -> Work:
    """`xlplan consolidate --draft`: from the ledger to summary.xlsx. Runs on what `receive` has left."""
    from xlplan.stages import consolidate as stage
    from xlplan.store.workspace import Workspace

    def work() -> Faults:
        stage(Workspace(root), period=PERIOD, draft=True, now=NOW)
        return set()

    return work


def whole(root: Path) -> Work:
    """Safety, reading, validating, consolidating and summary.xlsx, for a plan that has been read."""
    from xlplan.model.submission import Receipt, ReceiptState
    from xlplan.report.document import document_of
    from xlplan.report.render.xlsx.workbook import workbook_of
    from xlplan.report.rows import consolidate as made_of
    from xlplan.report.working import Figures
    from xlplan.store.files import write_bytes

    known, rows = _plan_and_rows(root)

    def work() -> Faults:
        receipts: dict[str, Receipt] = {}
        found: Faults = set()
        for judged in _judged(root, known, rows):
            found |= _faults(judged)
            name, stamp = judged.submission.file, judged.submission.stamp
            state = ReceiptState.SENT_BACK if judged.findings else ReceiptState.ACCEPTED
            receipts[stamp.department] = Receipt(
                PERIOD,
                stamp.department,
                1,
                stamp.issue,
                name,
                judged.submission.sha256,
                NOW,
                state,
                name,
                findings=judged.findings,
                records=judged.records,
            )
        made = made_of(known, known.periods[-1], {}, receipts, NOW, draft=True)
        figures = Figures(made)
        write_bytes(root / "summary.xlsx", workbook_of(document_of(made, figures), figures))
        return found

    return work


JUDGING = "xlplan.validate.batch"
"""Imported when judging begins, with pandas and pandera: here before the clock starts."""


def _plan_and_rows(root: Path) -> tuple["Plan", dict[str, "Rows"]]:
    """The plan, and the rows that were issued to each department."""
    from xlplan.stages.define import plan_of
    from xlplan.store.ledger import Ledger
    from xlplan.store.workspace import Workspace

    import_module(JUDGING)
    space = Workspace(root)
    with Ledger.open(space.ledger_path) as ledger:
        rows = {one.department: one.rows for one in ledger.issued(PERIOD).values()}
    return plan_of(space), rows


def _judged(root: Path, plan: "Plan", rows: dict[str, "Rows"]) -> Iterator["Judged"]:
    """The returns of the inbox, judged in batches as the cycle does it."""
    from xlplan.form.read.intake import take_in_batches
    from xlplan.stages.identify import batches
    from xlplan.validate.judging import judge as judged

    for some in take_in_batches(batches(plan, _files(root)), plan):
        read = [one.submission for one in some if one.submission]
        yield from judged(plan, plan.periods[-1], [(one, rows[one.stamp.department]) for one in read])


def _faults(judged: "Judged") -> Faults:
    return {(one.item, one.field) for one in judged.findings}


def _receive(root: Path) -> Work:
    from xlplan.stages import receive as stage
    from xlplan.store.workspace import Workspace

    import_module(JUDGING)
    space = Workspace(root)

    def work() -> Faults:
        space.ledger_path.write_bytes((root / "ledger-issued.sqlite").read_bytes())
        done = stage(space, _files(root), period=PERIOD, now=NOW)
        return {(one.item, one.field) for line in done.lines for one in line.findings}

    return work


def _files(root: Path) -> list[Path]:
    return sorted((root / "workbooks" / PERIOD / "inbox").iterdir())


STAGES: dict[str, Callable[[Path], Work]] = {
    one.__name__: one for one in (floor, plain, plan, judge, receive, send_back, consolidate, whole)
}


def _as_in_the_program(stage: str) -> AbstractContextManager[None]:
    """How `xlplan` itself runs a stage; the floor and the plain script run as any program does."""
    if stage in ("floor", "plain"):
        return nullcontext()
    from xlplan.cli.guard import rare_collections

    return rare_collections()


def _megabytes() -> float:
    """The most memory so far. `ru_maxrss` begins with what the parent process had, so Linux is asked otherwise."""
    if Path("/proc/self/status").exists():
        return _of_status("self", "VmHWM")
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 2**20 if sys.platform == "darwin" else most / 2**10  # bytes there, KiB elsewhere


def _of_status(process: str, key: str) -> float:
    """Megabytes that Linux tells of a process; 0 once it has ended."""
    status = Path("/proc", process, "status").read_text().splitlines()
    line = next((one for one in status if one.startswith(key)), f"{key}: 0 kB")
    return int(line.split()[1]) / 2**10


class _Together(Thread):
    """Looks every twentieth of a second at what this process and those that it started have (Linux only)."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most = 0.0
        self.done = Event()

    def run(self) -> None:
        """Look until it is done."""
        while not self.done.wait(0.05):
            started = [
                one for task in Path("/proc/self/task").glob("*/children") for one in _read(task).split()
            ]
            if started:
                self.most = max(self.most, sum(_resident(one) for one in ("self", *started)))

    def megabytes(self) -> float:
        """What they had at one time, at the most; 0 where it started none."""
        self.done.set()
        self.join()
        return self.most


def _resident(process: str) -> float:
    with suppress(OSError):  # it may have ended meanwhile
        return _of_status(process, "VmRSS")
    return 0.0


def _read(path: Path) -> str:
    with suppress(OSError):
        return path.read_text()
    return ""


def _processor() -> float:
    """Seconds of the processor, those of other processes that have ended included."""
    others = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + others.ru_utime + others.ru_stime


def main(stage: str, folder: str) -> None:
    """Run one stage and print what it took."""
    root = Path(folder)
    work = STAGES[stage](root)
    before = _megabytes()
    together = _Together()
    together.start()
    clock, processor = time.perf_counter(), _processor()
    with _as_in_the_program(stage):
        faults = work()
    seconds = {"wall": time.perf_counter() - clock, "cpu": _processor() - processor}
    planted = {tuple(one) for one in json.loads((root / "planted.json").read_text())}
    same = None if not faults else faults == planted
    memory = {"before": before, "most": _megabytes(), "together": together.megabytes()}
    print(json.dumps({**seconds, **memory, "same": same}))


if __name__ == "__main__":
    main(*sys.argv[1:])
