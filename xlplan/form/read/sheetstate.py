"""What has become of a return's sheets besides the answers: it is told, as nobody reads it as an answer.

Of an entry sheet that is its columns, its merged and hidden cells and what was written beside the form; of the first
sheet, the names of people and what was written beside those.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from xlplan.fields.cells import as_text
from xlplan.form.layout.columns import ColumnKind
from xlplan.form.layout.entry import BANNER_ROW, GUIDE_COLUMNS, HEADER_ROW, NOTE_ROW, PEOPLE, TITLE_ROW
from xlplan.form.layout.words import BookWords
from xlplan.form.read.headings import KINDS, HeadingRow, Headings
from xlplan.form.read.remarks import remarks_finding
from xlplan.form.read.workbook import Guide
from xlplan.formula.addresses import cell_address, column_letters
from xlplan.language.messages import text
from xlplan.language.privacy import masked
from xlplan.language.text import fold, is_blank, shortened, tidy
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding, given_away
from xlplan.model.plan import Plan
from xlplan.spreadsheet.remarks import Remark
from xlplan.spreadsheet.xmlcells import SheetPart

LISTED, LONGEST = 5, 20
"""Cells that the finding names, and how much of each."""

Grid = Sequence[Sequence[object]]
Written = tuple[int, int, object]
"""A cell that holds something: its row from 1, its column from 0, and what it holds."""


@dataclass(frozen=True, slots=True)
class FoundSheet:
    """A sheet that was taken for the entry sheet of a form.

    `part` is its XML, None where the format has none. `headings` are what its form's headings are called, `found` where
    they stand. `grid` are all its cells from A1 on, `rows` the rows (from 1) that were read, `remarks` what people
    wrote on it besides.
    """

    name: str
    part: SheetPart | None
    headings: Headings
    found: HeadingRow
    grid: Grid
    rows: Sequence[int]
    remarks: Sequence[Remark] = ()


def sheet_findings(sheet: FoundSheet, formulas: Collection[str]) -> Iterator[Finding]:
    """What an entry sheet itself tells, whatever was issued; `formulas` are the cells above the headings that hold one.

    What was written beside the form is one finding that names the cells. Columns with a heading of their own are told
    as such, and passed over there.
    """
    headings = sheet.headings
    if sheet.name != headings.title:
        yield _finding(sheet, FindingCode.SHEET_RENAMED, sheet=sheet.name, title=headings.title)
    yield from _columns(sheet)
    if sheet.part is not None:
        yield from _around(sheet, sheet.part)
    written = [*_above(sheet, formulas), *_in_own_columns(sheet), *_in_other_columns(sheet)]
    if written:
        yield _beside_finding(headings.layout.plan, sheet.name, written, headings.layout.form.id)
    yield from remarks_finding(headings.layout.plan, sheet.name, sheet.remarks, headings.layout.form.id)


def _finding(
    of: FoundSheet, code: FindingCode, *, cell: str = "", field: str = "", value: str = "", **params: object
) -> Finding:
    layout = of.headings.layout
    severity = layout.plan.severity_of(code)
    return Finding(
        code,
        severity,
        form=layout.form.id,
        sheet=of.name,
        cell=cell,
        field=field,
        value=value,
        params=params,
    )


def _columns(sheet: FoundSheet) -> Iterator[Finding]:
    """What is told of columns: renamed, added, gone, inserted, moved."""
    found, shown = sheet.found, sheet.headings.shown
    yield from _renamed(sheet)
    if found.unknown:
        added = [(heading.strip(), column_letters(at + 1)) for at, heading in sorted(found.unknown.items())]
        yield _finding(sheet, FindingCode.COLUMNS_ADDED, columns=tuple(added))
    gone = [
        column.heading
        for at, column in enumerate(shown)
        if at not in found.places and at not in found.twice and column.kind is not ColumnKind.ENTRY
    ]
    if gone:
        yield _finding(sheet, FindingCode.COLUMNS_GONE, labels=tuple(gone))
    inserted = [column for column in found.blank if _inserted(column, found)]
    if inserted:
        letters = tuple(column_letters(column + 1) for column in inserted)
        yield _finding(sheet, FindingCode.COLUMNS_INSERTED, columns=letters)
    if moved := _out_of_order(found.places):
        yield _finding(sheet, FindingCode.COLUMNS_MOVED, labels=tuple(shown[at].heading for at in moved))


def _renamed(sheet: FoundSheet) -> Iterator[Finding]:
    found, shown = sheet.found, sheet.headings.shown
    for at, heading in found.renamed.items():
        letters = column_letters(found.places[at] + 1)
        field = shown[at].name if shown[at].kind in KINDS else ""
        params = {"label": shown[at].heading, "found": heading.strip(), "column": letters}
        cell = f"{letters}{found.row}"
        yield _finding(
            sheet, FindingCode.COLUMN_RENAMED, cell=cell, field=field, value=heading.strip(), **params
        )


def _inserted(column: int, found: HeadingRow) -> bool:
    """Whether a column without a heading stands between two that were side by side."""
    left = max(((place, at) for at, place in found.places.items() if place < column), default=(-1, -1))
    right = min((place, at) for at, place in found.places.items() if place > column)
    return right[1] == left[1] + 1


def _out_of_order(places: Mapping[int, int]) -> list[int]:
    """The fewest keys that have to be moved for the values to stand in the order of the keys."""
    order = [at for _, at in sorted((place, at) for at, place in places.items())]
    ends: list[int] = []  # the least last key of a rising run of each length
    lengths = []
    for at in order:
        length = bisect_left(ends, at)
        ends[length : length + 1] = [at]
        lengths.append(length)
    kept: set[int] = set()
    wanted = len(ends) - 1
    for at, length in zip(reversed(order), reversed(lengths), strict=True):
        if length == wanted and (not kept or at < min(kept)):
            kept.add(at)
            wanted -= 1
    return [at for at in order if at not in kept]


def _around(sheet: FoundSheet, part: SheetPart) -> Iterator[Finding]:
    """What is told of protection, merged cells, hidden rows and columns."""
    found, rows = sheet.found, sheet.rows
    if not part.protected:
        yield _finding(sheet, FindingCode.SHEET_UNPROTECTED)
    for written, (_, top, _, bottom) in part.merged():
        if bottom >= found.row and top <= max(rows, default=0):
            cell = written.partition(":")[0]
            yield _finding(sheet, FindingCode.CELLS_MERGED, cell=cell, value=written, area=written)
    hidden = part.hidden_rows().intersection(rows)
    if hidden:
        yield _finding(sheet, FindingCode.ROWS_HIDDEN, rows=tuple(sorted(hidden)))
    columns = part.hidden_columns()
    unseen = [
        column.heading
        for at, column in enumerate(sheet.headings.shown)
        if at in found.places and found.places[at] + 1 in columns
    ]
    if unseen:
        yield _finding(sheet, FindingCode.COLUMNS_HIDDEN, labels=tuple(unseen))


# --- what was written beside the form --------------------------------------------------------------


def _beside_finding(plan: Plan, sheet: str, written: Iterable[Written], form: str = "") -> Finding:
    """One finding that names the cells that belong neither to the form nor to an answer."""
    cells = [
        (cell_address(row, column + 1), value)
        for row, column, value in sorted(written, key=lambda cell: cell[:2])
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


def _above(sheet: FoundSheet, formulas: Collection[str]) -> Iterator[Written]:
    """What was written above the headings, where only the title, the banner and the heads of columns stand."""
    # where nothing was inserted a word of the form is known by its place, also when the plan calls it otherwise by now
    headings, found = sheet.headings, sheet.found
    check = headings.layout.column(ColumnKind.CHECK, "check").index - 1
    placed = {(TITLE_ROW, 0), (TITLE_ROW, check), (NOTE_ROW, 0)} if found.row == HEADER_ROW else set()
    banner = found.row - (HEADER_ROW - BANNER_ROW)
    for row, line in enumerate(sheet.grid[: found.row - 1], 1):
        filled = {at: value for at, value in enumerate(line) if not is_blank(value)}
        calculated = {at for at in filled if cell_address(row, at + 1) in formulas}
        if row == banner and not calculated:
            continue  # its formulas are gone or cannot be seen: what they said is no remark
        for at, value in filled.items():
            known = at in calculated or (row, at) in placed or fold(_shown(value)) in headings.above
            if not known:
                yield row, at, value


def _own_columns(found: HeadingRow) -> set[int]:
    """The columns that have a heading of the form."""
    return {*found.places.values(), *(column for columns in found.twice.values() for column in columns)}


def _in_own_columns(sheet: FoundSheet) -> Iterator[Written]:
    """What stands in the form's own columns and is no answer: words for a number, and what no row has been read of."""
    headings, found = sheet.headings, sheet.found
    own = _own_columns(found)
    is_open = headings.layout.form.is_open
    kind = ColumnKind.ITEM if is_open else ColumnKind.NUMBER
    numbers = [
        found.places[at]
        for at, column in enumerate(headings.shown)
        if column.kind is kind and at in found.places
    ]
    answers = [found.places[at] for at in headings.answers if at in found.places]
    read = set(sheet.rows)
    for row, line in enumerate(sheet.grid[found.row :], found.row + 1):
        numbered = _filled_in(line, numbers)
        if row not in read:
            # a row with its own number is the form's: what it says besides an item's number is the office's
            if any(line) and not any(_is_count(line[column]) for column in numbered):
                yield from ((row, column, line[column]) for column in _filled_in(line, own))
        elif not (is_open and _filled_in(line, answers)):
            # of an open row with an answer the judgement says that it counts, whatever stands for its number
            yield from ((row, column, line[column]) for column in numbered if not _is_count(line[column]))


def _filled_in(line: Sequence[object], columns: Iterable[int]) -> list[int]:
    """Those of some columns in which a row holds anything."""
    return [column for column in columns if not is_blank(line[column])]


def _in_other_columns(sheet: FoundSheet) -> Iterator[Written]:
    """What stands in columns without a heading of the form, but for its hidden checks."""
    headings, found, grid, part = sheet.headings, sheet.found, sheet.grid, sheet.part
    # a column whose heading is gone is told as missing, not cell by cell
    lost = found.blank if headings.answers.difference(found.places) else ()
    passed = {*_own_columns(found), *found.unknown, *_checks(headings, found.places), *lost}
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


# --- the first sheet -------------------------------------------------------------------------------


def guide_findings(guide: Guide | None, words: BookWords, plan: Plan) -> Iterator[Finding]:
    """What is told where the first sheet is gone, does not say who answered and who approved, or says more.

    Args:
        guide: The first sheet as it came back; None where there is none.
        words: The words of the workbook.
        plan: The plan, which says how grave each finding is.
    """
    if guide is None:
        sheet = text("artefacts.guide.sheet", plan.language)
        yield Finding(
            FindingCode.GUIDE_MISSING, plan.severity_of(FindingCode.GUIDE_MISSING), params={"sheet": sheet}
        )
        return
    sheet = guide.name
    labels = [text(key, plan.language) for key in PEOPLE]
    people = (guide.respondent, guide.approver)
    blank = [label for label, name in zip(labels, people, strict=True) if not name]
    if blank:
        params = {"labels": tuple(blank)}
        yield Finding(
            FindingCode.PEOPLE_MISSING,
            plan.severity_of(FindingCode.PEOPLE_MISSING),
            sheet=sheet,
            params=params,
        )
    for label, name, cell in zip(labels, people, guide.cells, strict=True):
        yield from given_away(name, label, sheet, cell)
    written = list(_beside_guide(guide.grid, words.labels["changes"]))
    if written:
        yield _beside_finding(plan, sheet, written)


def _beside_guide(grid: Grid, heads: Collection[str]) -> Iterator[Written]:
    """What was written on the first sheet, all of which stands in two columns and ends with what has changed.

    `heads` is what may stand over the last part.
    """
    last = _last_line(grid, heads)
    for row, line in enumerate(grid, 1):
        for column, value in enumerate(line):
            if (column + 1 not in GUIDE_COLUMNS or row > last) and not is_blank(value):
                yield row, column, value


def _last_line(grid: Grid, heads: Collection[str]) -> int:
    """The last row of the first sheet that is the office's; where it cannot be told, the last of all."""
    with_head = (at for at, line in enumerate(grid) if any(cell in heads for cell in line))
    head = next(with_head, len(grid))
    return next((at for at in range(head + 1, len(grid)) if all(map(is_blank, grid[at]))), len(grid))
