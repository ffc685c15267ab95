"""What was written beside the form: nobody reads it as an answer, so it is told."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from xlplan.fields import as_text
from xlplan.form.layout.columns import ColumnKind
from xlplan.form.layout.entry import BANNER_ROW, GUIDE_COLUMNS, HEADER_ROW, NOTE_ROW, TITLE_ROW
from xlplan.form.read.headings import HeadingRow, Headings
from xlplan.formula.addresses import cell_address, column_letters
from xlplan.language.privacy import masked
from xlplan.language.text import fold, is_blank, shortened, tidy
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding
from xlplan.model.plan import Plan
from xlplan.spreadsheet.xmlcells import SheetPart

LISTED, LONGEST = 5, 20
"""Cells that the finding names, and how much of each."""

Grid = Sequence[Sequence[object]]
Written = tuple[int, int, object]
"""A cell that holds something: its row from 1, its column from 0, and what it holds."""


def beside_form(
    part: SheetPart | None,
    headings: Headings,
    found: HeadingRow,
    sheet: str,
    grid: Grid,
    rows: Collection[int],
    formulas: Collection[str],
) -> Iterator[Finding]:
    """One finding that names the cells that hold something and belong neither to the form nor to an answer.

    `rows` are those that were read, `formulas` the addresses of the formulas above the headings. Columns with a
    heading of their own are told as such, and passed over here.
    """
    written = [*_above(headings, found, grid, formulas), *_written(part, headings, found, grid, rows)]
    if written:
        yield _told(headings.layout.plan, sheet, written, headings.layout.form.id)


def beside_guide(plan: Plan, sheet: str, grid: Grid, heads: Collection[str]) -> Iterator[Finding]:
    """The same for the first sheet, all of which stands in two columns and ends with what has changed.

    `heads` is what may stand over the last part.
    """
    last = _last_line(grid, heads)
    written = [
        (row, column, value)
        for row, line in enumerate(grid, 1)
        for column, value in enumerate(line)
        if (column + 1 not in GUIDE_COLUMNS or row > last) and not is_blank(value)
    ]
    if written:
        yield _told(plan, sheet, written)


def _last_line(grid: Grid, heads: Collection[str]) -> int:
    """The last row of the first sheet that is the office's; where it cannot be told, the last of all."""
    last = (at for at, line in enumerate(grid) if any(cell in heads for cell in line))
    head = next(last, len(grid))
    return next((at for at in range(head + 1, len(grid)) if all(map(is_blank, grid[at]))), len(grid))


def _told(plan: Plan, sheet: str, written: Iterable[Written], form: str = "") -> Finding:
    cells = [
        (cell_address(row, column + 1), value)
        for row, column, value in sorted(written, key=lambda one: one[:2])
    ]
    named = tuple((cell, shortened(masked(_shown(value)), LONGEST)) for cell, value in cells[:LISTED])
    more = ("…",) if len(cells) > LISTED else ()
    return Finding(
        FindingCode.BESIDE_FORM,
        plan.severity_of(FindingCode.BESIDE_FORM),
        form=form,
        sheet=sheet,
        cell=cells[0][0],
        params={"cells": named + more},
    )


def _shown(value: object) -> str:
    return tidy(value) if isinstance(value, str) else as_text(value)


def _above(headings: Headings, found: HeadingRow, grid: Grid, formulas: Collection[str]) -> Iterator[Written]:
    """What was written above the headings, where only the title, the banner and the heads of columns stand.

    `formulas` are the addresses of the formulas there.
    """
    # where nothing was inserted a word of the form is known by its place, also when the plan calls it otherwise by now
    check = headings.layout.column(ColumnKind.CHECK, "check").index - 1
    placed = {(TITLE_ROW, 0), (TITLE_ROW, check), (NOTE_ROW, 0)} if found.row == HEADER_ROW else set()
    banner = found.row - (HEADER_ROW - BANNER_ROW)
    for row, line in enumerate(grid[: found.row - 1], 1):
        filled = {at: value for at, value in enumerate(line) if not is_blank(value)}
        calculated = {at for at in filled if cell_address(row, at + 1) in formulas}
        if row == banner and not calculated:
            continue  # its formulas are gone or cannot be seen: what they said is no remark
        for at, value in filled.items():
            known = at in calculated or (row, at) in placed or fold(_shown(value)) in headings.above
            if not known:
                yield row, at, value


def _written(
    part: SheetPart | None, headings: Headings, found: HeadingRow, grid: Grid, rows: Collection[int]
) -> Iterator[Written]:
    own = {*found.places.values(), *(column for columns in found.twice.values() for column in columns)}
    is_open = headings.layout.form.is_open
    kind = ColumnKind.ITEM if is_open else ColumnKind.NUMBER
    numbers = [at for at, one in enumerate(headings.shown) if one.kind is kind]
    counts = [found.places[at] for at in numbers if at in found.places]
    answers = [found.places[at] for at in headings.answers if at in found.places]
    read = set(rows)
    for row, line in enumerate(grid[found.row :], found.row + 1):
        counted = [one for one in counts if not is_blank(line[one])]
        if row in read and not (is_open and any(not is_blank(line[one]) for one in answers)):
            # of an open row with an answer the judgement says that it counts, whatever stands for its number
            yield from ((row, one, line[one]) for one in counted if not _is_count(line[one]))
        # a row with its own number is the form's: what it says besides an item's number is the office's
        if row not in read and any(line) and not any(_is_count(line[one]) for one in counted):
            yield from ((row, one, line[one]) for one in own if one < len(line) and not is_blank(line[one]))
    # a column whose heading is gone is told as missing, not cell by cell
    lost = found.blank if headings.answers.difference(found.places) else ()
    passed = {*own, *found.unknown, *_checks(headings, found.places), *lost}
    marks = _marks(headings, found.places)
    others = [column for column in range(max(map(len, grid), default=0)) if column not in passed]
    for column in others:
        filled = [
            (row, line[column])
            for row, line in enumerate(grid[found.row :], found.row + 1)
            if column < len(line)
            and not is_blank(line[column])
            and not (column in marks and line[column] in (0, 1))
        ]
        if filled:
            formulas = part.formula_rows(column_letters(column + 1)) if part else ()
            yield from ((row, column, value) for row, value in filled if row not in formulas)


def _is_count(value: object) -> bool:
    return str(value).strip().removesuffix(".0").isdigit()


def _checks(headings: Headings, places: Mapping[int, int]) -> range:
    """The hidden columns with a check in every row, as far right of the form as they were issued."""
    checks = headings.layout.check_columns
    return _moved(headings, places, checks[0].index, checks[-1].index)


def _marks(headings: Headings, places: Mapping[int, int]) -> range:
    """The hidden columns behind them, empty but for a few marks in a form that was sent back: 0 or 1."""
    columns = headings.layout.columns
    return _moved(headings, places, headings.layout.check_columns[-1].index + 1, columns[-1].index)


def _moved(headings: Headings, places: Mapping[int, int], first: int, last: int) -> range:
    """Issued columns (from 1, the last included) where they are now (from 0): right of the form's last column."""
    shown = headings.shown
    moved = max(places.values()) + 1 - shown[-1].index if len(shown) - 1 in places else 0
    return range(first - 1 + moved, last + moved)
