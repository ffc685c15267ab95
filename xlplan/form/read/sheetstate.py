"""What has become of a returned sheet besides its values: its columns, formulas, dropdowns, merged and hidden cells."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

from xlplan.fields import type_of
from xlplan.form.layout.columns import Column, ColumnKind
from xlplan.form.read.formulacells import shapes_in
from xlplan.form.read.headings import KINDS, HeadingRow, Headings
from xlplan.formula.addresses import column_letters
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding
from xlplan.model.submission import FormulaColumn
from xlplan.spreadsheet.xmlcells import SheetPart

_INSERTED = 10
"""Columns behind the check column in which the first hidden one is looked for."""


FormulaPlaces = Sequence[tuple[str, str, str]]
"""Columns of formulas: kind and name in one word, the heading that they count for, letters."""


def formula_places(part: SheetPart, headings: Headings, found: HeadingRow) -> FormulaPlaces:
    """Where the columns of formulas stand. Those without a heading follow the check's, and count for it."""
    places = []
    for at, column in enumerate(headings.shown):
        if column.kind in (ColumnKind.FORMULA, ColumnKind.CHECK) and at in found.places:
            places.append((column.key, column.heading, column_letters(found.places[at] + 1)))
            if column.kind is ColumnKind.CHECK:
                first = _first_hidden(part, found.places[at] + 1)
                places += [
                    (hidden.key, column.heading, column_letters(place + 1))
                    for place, hidden in enumerate(headings.layout.check_columns, first)
                ]
    return places


def lost_formulas(
    part: SheetPart, places: FormulaPlaces, rows: Sequence[int]
) -> Mapping[str, tuple[int, ...]]:
    """By heading, the rows that should have a formula and have none; the hidden columns stand for the check's."""
    lost: dict[str, set[int]] = {}
    for _, heading, letters in places:
        if bare := part.without_formula(letters, rows):
            lost.setdefault(heading, set()).update(bare)
    return {heading: tuple(sorted(bare)) for heading, bare in lost.items()}


def formula_columns(
    part: SheetPart, places: FormulaPlaces, rows: Sequence[int]
) -> Mapping[str, FormulaColumn]:
    """The columns of formulas with what stands in them, by kind and name."""
    shapes = shapes_in(part, {letters for _, _, letters in places}, rows)
    return {
        key: FormulaColumn(heading, letters, shapes[letters])
        for key, heading, letters in places
        if letters in shapes
    }


def _first_hidden(part: SheetPart, place: int) -> int:
    """Where the hidden columns begin: columns may have been inserted between the check column and them."""
    near = range(place, place + _INSERTED)
    return next((one for one in near if part.any_formula([column_letters(one + 1)])), place)


def lost_validations(
    part: SheetPart, headings: Headings, found: HeadingRow, rows: Sequence[int]
) -> Mapping[str, tuple[int, ...]]:
    """By field id, the rows in which the dropdown or the bounds are gone: pasting takes them away."""
    if not rows:
        return {}
    spans: dict[int, list[tuple[int, int]]] = {}
    for left, top, right, bottom in part.validated():
        for index in range(left, min(right, left + len(headings.layout.columns)) + 1):
            spans.setdefault(index, []).append((top, bottom))
    lost = {}
    for at, column in enumerate(headings.shown):
        if column.kind is not ColumnKind.ENTRY or at not in found.places or not _bound(headings, column):
            continue
        here = spans.get(found.places[at] + 1, [])
        if any(top <= rows[0] and rows[-1] <= bottom for top, bottom in here):
            continue
        free = tuple(row for row in rows if not any(top <= row <= bottom for top, bottom in here))
        if free:
            lost[column.name] = free
    return lost


def _bound(headings: Headings, column: Column) -> bool:
    """Whether the form gives a column a dropdown or bounds."""
    field = headings.layout.form.by_id[column.name]
    return type_of(field).validation(field, "A1") is not None


# --- told at once ----------------------------------------------------------------------------------


def sheet_findings(
    part: SheetPart | None, headings: Headings, found: HeadingRow, sheet: str, rows: Sequence[int]
) -> Iterator[Finding]:
    """What the sheet itself tells, whatever was issued."""
    teller = _Teller(headings, sheet)
    if sheet != headings.title:
        yield teller.tell(FindingCode.SHEET_RENAMED, sheet=sheet, title=headings.title)
    yield from _columns(teller, headings, found)
    if part is not None:
        yield from _around(teller, part, headings, found, rows)


class _Teller:
    def __init__(self, headings: Headings, sheet: str) -> None:
        self.plan, self.form, self.sheet = headings.layout.plan, headings.layout.form.id, sheet

    def tell(
        self, code: FindingCode, *, cell: str = "", field: str = "", value: str = "", **params: object
    ) -> Finding:
        severity = self.plan.severity_of(code)
        return Finding(
            code,
            severity,
            form=self.form,
            sheet=self.sheet,
            cell=cell,
            field=field,
            value=value,
            params=params,
        )


def _columns(teller: _Teller, headings: Headings, found: HeadingRow) -> Iterator[Finding]:
    shown = headings.shown
    for at, heading in found.renamed.items():
        letters = column_letters(found.places[at] + 1)
        field = shown[at].name if shown[at].kind in KINDS else ""
        params = {"label": shown[at].heading, "found": heading.strip(), "column": letters}
        yield teller.tell(
            FindingCode.COLUMN_RENAMED,
            cell=f"{letters}{found.row}",
            field=field,
            value=heading.strip(),
            **params,
        )
    if found.unknown:
        added = [(heading.strip(), column_letters(at + 1)) for at, heading in sorted(found.unknown.items())]
        yield teller.tell(FindingCode.COLUMNS_ADDED, columns=tuple(added))
    gone = [
        one.heading
        for at, one in enumerate(shown)
        if at not in found.places and at not in found.twice and one.kind is not ColumnKind.ENTRY
    ]
    if gone:
        yield teller.tell(FindingCode.COLUMNS_GONE, labels=tuple(gone))
    inserted = [column for column in found.blank if _inserted(column, found)]
    if inserted:
        yield teller.tell(
            FindingCode.COLUMNS_INSERTED, columns=tuple(column_letters(one + 1) for one in inserted)
        )
    if moved := _out_of_order(found.places):
        yield teller.tell(FindingCode.COLUMNS_MOVED, labels=tuple(shown[at].heading for at in moved))


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


def _around(
    teller: _Teller, part: SheetPart, headings: Headings, found: HeadingRow, rows: Sequence[int]
) -> Iterator[Finding]:
    if not part.protected:
        yield teller.tell(FindingCode.SHEET_UNPROTECTED)
    for written, (_, top, _, bottom) in part.merged():
        if bottom >= found.row and top <= max(rows, default=0):
            yield teller.tell(
                FindingCode.CELLS_MERGED, cell=written.partition(":")[0], value=written, area=written
            )
    hidden = part.hidden_rows().intersection(rows)
    if hidden:
        code = FindingCode.ROWS_HIDDEN
        yield teller.tell(code, rows=tuple(sorted(hidden)))
    columns = part.hidden_columns()
    unseen = [
        one.heading
        for at, one in enumerate(headings.shown)
        if at in found.places and found.places[at] + 1 in columns
    ]
    if unseen:
        yield teller.tell(FindingCode.COLUMNS_HIDDEN, labels=tuple(unseen))
