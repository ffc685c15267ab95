"""The entry sheets of a return: which sheet is that of which form, its rows by item, and the copies beside it.

Columns are known by heading, rows by item, never by their place.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from math import isfinite
from operator import itemgetter
from typing import Any
from xml.etree.ElementTree import ParseError

from python_calamine import CalamineError

from xlplan.fields.cells import whole_in
from xlplan.fields.table import type_of
from xlplan.form.layout.columns import ColumnKind
from xlplan.form.read.formulacells import (
    formula_columns,
    lost_formulas,
    lost_validations,
    shapes_at,
)
from xlplan.form.read.headings import (
    KINDS,
    HeadingRow,
    Headings,
    find_headings,
    formula_places,
    seen_columns,
    validated_columns,
)
from xlplan.form.read.remarks import people_remarks, take_pictures_out
from xlplan.form.read.sheetstate import FoundSheet, sheet_findings
from xlplan.form.read.workbook import OpenReturn, added_sheets, titles_of
from xlplan.formula.addresses import column_letters
from xlplan.formula.excel import DAYS_TO_1904
from xlplan.language.codes import Severity
from xlplan.language.text import fold, is_blank
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding, listed
from xlplan.model.submission import ReturnedForm, ReturnedRow
from xlplan.spreadsheet.seencells import seen_cells
from xlplan.spreadsheet.xmlcells import SheetPart, second_look

Answers = Mapping[str, Mapping[str, object]]
"""By item, what the department wrote, by field id."""

_folded = lru_cache(maxsize=1024)(fold)  # the same items stand in every return


def read_form(opened: OpenReturn, headings: Headings, items: Collection[str] = ()) -> ReturnedForm | Finding:
    """Read the entry sheet of one form.

    Args:
        opened: The return.
        headings: What the headings of the form are called in it.
        items: The ids of items, folded: if any, it is the sheet that holds most of them, of those that hold as many
            the first.

    Returns:
        The sheet, or one finding where it or its headings are gone.
    """
    spoilt: set[str] = set()
    found = _sheets_of(opened, headings, spoilt)
    if items and not headings.layout.form.is_open:
        form = max(found, key=lambda form: sum(_folded(row.item) in items for row in form.rows), default=None)
    else:
        form = next(found, None)
    if form is not None:
        return form
    if headings.title in spoilt:
        return missing_form(headings, FindingCode.SHEET_UNREADABLE)
    return missing_form(
        headings,
        FindingCode.HEADER_MISSING
        if headings.title in opened.book.sheet_names
        else FindingCode.SHEET_MISSING,
    )


def _sheets_of(opened: OpenReturn, headings: Headings, spoilt: set[str]) -> Iterator[ReturnedForm]:
    """The sheets with the headings of a form; the names of those that cannot be read are added to `spoilt`.

    The sheet of its title comes first; then, for one that was renamed, those that are no other sheet of the workbook.
    """
    titled = [headings.title] if headings.title in opened.book.sheet_names else []
    for name in (*titled, *added_sheets(opened, headings.layout.plan)):
        try:
            form = read_sheet(opened, headings, name)
        except CalamineError:
            spoilt.add(name)
        else:
            if form is not None:
                yield form


def missing_form(headings: Headings, code: FindingCode = FindingCode.SHEET_MISSING) -> Finding:
    """The finding of a form without a sheet that can be read."""
    form, title = headings.layout.form.id, headings.title
    return Finding(code, form=form, sheet=title, params={"sheet": title})


def read_sheet(opened: OpenReturn, headings: Headings, name: str) -> ReturnedForm | None:
    """One sheet as the entry sheet of a form.

    Args:
        opened: The return.
        headings: What the headings of the form are called in it.
        name: The name of the sheet.

    Returns:
        The sheet; None where the form's headings do not stand there.

    Raises:
        CalamineError: The sheet cannot be read.
    """
    grid = opened.grid(name)
    found = find_headings(grid, headings)
    if found is None:
        return None
    try:
        return _read(opened, headings, name, grid, found)
    # the fast reader reads XML that is none, but error values would pass for empty cells
    except ParseError as fault:
        raise CalamineError(name) from fault


def _part(opened: OpenReturn, name: str, found: HeadingRow) -> SheetPart | None:
    """The XML part of the sheet `name` with the heading row `found`; None where the workbook lists no parts.

    Raises:
        CalamineError: the workbook lists parts, but none is that sheet's.
    """
    part = opened.parts.sheet(name, found.row + 1)
    if part is None and opened.parts.listed:
        raise CalamineError(name)
    return part


def _read(
    opened: OpenReturn, headings: Headings, name: str, grid: list[list[Any]], found: HeadingRow
) -> ReturnedForm:
    """The sheet `name`, whose cells are `grid`. Raises ParseError or CalamineError where its XML cannot be read."""
    form, places = headings.layout.form, found.places
    part = _part(opened, name, found)
    answers, others = _columns(headings, found)
    letters = {field: column_letters(column + 1) for field, column in answers.items()}
    entered = [field for field in answers if form.by_id[field].entered]
    formulas = second_look(part, grid, {letters[field]: answers[field] for field in entered}) if part else {}
    looked_at = seen_columns(headings, places[headings.item], answers)
    seen = seen_cells(opened.parts, part, grid, looked_at) if part else {}
    remarks = take_pictures_out(grid, people_remarks(opened.parts, name, part, headings.layout.plan))
    if opened.parts.from_1904:
        days = [answers[field] for field in answers if type_of(form.by_id[field]).counts_days]
        _from_1900(grid, found.row, days)
    item = places[headings.item]
    rows = tuple(_rows(grid, found.row, item, answers, set(entered), list(others.values())))
    missing = [column for at, column in enumerate(headings.shown) if at not in places]
    read = ReturnedForm(
        form.id,
        name,
        letters,
        rows,
        missing=tuple(column.name for column in missing if column.kind is ColumnKind.ENTRY),
        formulas=formulas,
        item_column=column_letters(item + 1),
        twice={
            headings.shown[at].name: tuple(column_letters(column + 1) for column in columns)
            for at, columns in found.twice.items()
        },
        header_row=found.row,
        shown={key: column_letters(column + 1) for key, column in others.items()},
        seen=seen,
    )
    sheet = FoundSheet(name, part, headings, found, grid, [row.row for row in rows], remarks)
    return _with_state(read, sheet)


def _columns(headings: Headings, found: HeadingRow) -> tuple[dict[str, int], dict[str, int]]:
    """Where the answers stand, by field id, and what only shows something, by kind and name; both from 0."""
    there = [(column, found.places[at]) for at, column in enumerate(headings.shown) if at in found.places]
    answers = {column.name: place for column, place in there if column.kind in KINDS}
    shown = (ColumnKind.ATTRIBUTE, ColumnKind.PREVIOUS)
    return answers, {column.key: place for column, place in there if column.kind in shown}


def _with_state(read: ReturnedForm, sheet: FoundSheet) -> ReturnedForm:
    """The form with what has become of its sheet besides the values."""
    part, headings, found, rows = sheet.part, sheet.headings, sheet.found, sheet.rows
    if part is None:
        return replace(read, findings=tuple(sheet_findings(sheet, ())))
    places = formula_places(part, headings, found)
    head = shapes_at(part.above)
    return replace(
        read,
        bare=lost_formulas(part, places, rows),
        unbound=lost_validations(part, validated_columns(headings, found), rows),
        computed=formula_columns(part, places, rows),
        head=head,
        findings=tuple(sheet_findings(sheet, head)),
    )


def _from_1900(grid: list[list[Any]], top: int, columns: Sequence[int]) -> None:
    """Days typed as bare numbers, in a workbook that counts them from 1904, as all others count."""
    for line in grid[top:]:
        for column in columns:
            if isinstance(line[column], float):
                line[column] += DAYS_TO_1904


def _rows(
    grid: list[list[Any]],
    top: int,
    item_column: int,
    columns: Mapping[str, int],
    entered: set[str],
    others: Sequence[int],
) -> Iterator[ReturnedRow]:
    """The rows that hold an item or an answer."""
    if not columns:
        return
    pick, pick_others = _picker(list(columns.values())), _picker(others)
    answers = [at for at, name in enumerate(columns) if name in entered]
    for number, line in enumerate(grid[top:], top + 1):
        item = line[item_column]
        values = pick(line)
        if is_blank(item) and all(is_blank(values[at]) for at in answers):
            continue
        if isinstance(item, float) and isfinite(item):
            item = item if (whole := whole_in(item)) is None else whole
        yield ReturnedRow(str(item).strip(), number, values, pick_others(line))


def _picker(columns: Sequence[int]) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    """What takes the cells of these columns (0-based) out of a row."""
    if len(columns) > 1:
        return itemgetter(*columns)
    return lambda line: tuple(line[column] for column in columns)


# --- the sheets that were not issued: copies of an entry sheet, and what the department added ------


def other_sheets(
    opened: OpenReturn, headings: Sequence[Headings], forms: Sequence[ReturnedForm], *, named: bool = False
) -> Iterator[Finding]:
    """What is told of the sheets that were not read as one of the plan's forms, but for those of other forms.

    Args:
        opened: The return.
        headings: What the headings of each form are called in it.
        forms: The entry sheets that were read.
        named: Whether the office has said whose return it takes out of the workbook, so that other departments'
            sheets in it are no fault.

    Yields:
        One finding for each copy of an entry sheet, and one for all sheets that are none.
    """
    plan = headings[0].layout.plan
    passed = [title for title in titles_of(opened, plan) if title in opened.book.sheet_names]
    read = {form.sheet for form in forms}
    copies = {
        name: _copy(opened, headings, forms, name)
        for name in (*passed, *added_sheets(opened, plan))
        if name not in read
    }
    shared = False
    added = []
    for name, copy in copies.items():
        if copy and copy.code == FindingCode.SHEET_OF_OTHERS:
            shared = named and not opened.stamped
            yield replace(copy, severity=Severity.WARNING) if named else copy
        elif name not in passed:
            if copy:
                yield copy
            else:
                added.append(name)
    if shared:
        yield from _whose(opened, headings, forms)
    if added:
        code, params = FindingCode.SHEETS_ADDED, {"sheets": tuple(added)}
        yield Finding(code, plan.severity_of(code), sheet=added[0], params=params)


def _whose(
    opened: OpenReturn, headings: Sequence[Headings], forms: Sequence[ReturnedForm]
) -> Iterator[Finding]:
    """The warnings of sheets of blank rows in a workbook of several departments: no item says whose they are."""
    is_open = {heading.layout.form.id: heading for heading in headings if heading.layout.form.is_open}
    owner = headings[0].layout.plan.department(opened.stamp.department)
    for form in forms:
        if form.form in is_open and any(_answers(form, is_open[form.form]).values()):
            params = {"sheet": form.sheet, "department": owner.name if owner else opened.stamp.department}
            yield Finding(FindingCode.SHEET_WHOSE, form=form.form, sheet=form.sheet, params=params)


def _copy(
    opened: OpenReturn, headings: Sequence[Headings], forms: Sequence[ReturnedForm], name: str
) -> Finding | None:
    """The finding of a sheet that is a copy of an entry sheet; None where it is something else."""
    by_form = {form.form: form for form in forms}
    for heading in headings:
        taken = by_form.get(heading.layout.form.id)
        if taken is None:
            continue
        try:
            copy = read_sheet(opened, heading, name)
        except CalamineError:  # whatever it is, it is no answer
            return None
        if copy is not None:
            return _copy_finding(taken, copy, heading)
    return None


def _copy_finding(taken: ReturnedForm, copy: ReturnedForm, headings: Headings) -> Finding:
    """What is told of a copy of the sheet that was taken for the answer: other items, other answers, or the same."""
    layout = headings.layout
    answers, read = _answers(copy, headings), _answers(taken, headings)
    others = [item for item, values in answers.items() if values and item not in read]
    if others and not layout.form.is_open:
        params = {"sheet": taken.sheet, "copy": copy.sheet, "items": listed(others)}
        return Finding(FindingCode.SHEET_OF_OTHERS, form=taken.form, sheet=copy.sheet, params=params)
    same = not any(answers.values()) or answers == read
    code = FindingCode.SHEET_COPIED if same else FindingCode.SHEET_TWICE
    severity = layout.plan.severity_of(code)
    return Finding(
        code, severity, form=taken.form, sheet=copy.sheet, params={"sheet": taken.sheet, "copy": copy.sheet}
    )


def _answers(form: ReturnedForm, headings: Headings) -> Answers:
    entered = {field.id for field in headings.layout.form.entered}
    return {
        f"{row.item}/{row.row}" if headings.layout.form.is_open else row.item: {
            name: value
            for name, value in zip(form.columns, row.values, strict=True)
            if name in entered and not is_blank(value)
        }
        for row in form.rows
    }
