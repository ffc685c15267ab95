"""Reading a return by meaning: its stamp first, then columns by heading and rows by item.

All values come from python-calamine. It hides error values and does not tell a formula from a value, so where a
search finds either in an entry column, the sheet's XML is looked at as well: no second reader, which would read
dates and odd files otherwise. Give only bytes that `xlplan.safety` has cleared.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any

from defusedxml.ElementTree import fromstring
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from xlplan.finding import Finding, Severity
from xlplan.formula import column_letters
from xlplan.layout import HEADER_ROW, STAMP_KEYS, STAMP_SHEET, ColumnKind, EntryLayout
from xlplan.messages import LANGUAGES, text
from xlplan.plan import Plan
from xlplan.submission import ReturnedForm, ReturnedRow, Stamp
from xlplan.text import fold, is_blank

FORMAT = "1"
"""Version of the form's geometry and stamp."""

_BOOK_PARTS = ("workbook.xml", "_rels/workbook.xml.rels")
_HEADER_SEARCH = 60
_folded = lru_cache(maxsize=1024)(fold)  # the same headings stand in every return
_KINDS = (ColumnKind.OFFICE, ColumnKind.ENTRY)


@dataclass(frozen=True, slots=True)
class OpenReturn:
    """A workbook whose stamp has been read."""

    book: CalamineWorkbook
    data: bytes
    stamp: Stamp


@dataclass(frozen=True, slots=True)
class Headings:
    """What the headings of a form are called, folded: heading → field id, with "" for the item's number."""

    layout: EntryLayout
    names: Mapping[str, str]

    @classmethod
    def of(cls, layout: EntryLayout) -> "Headings":
        """The headings of a layout."""
        names = {fold(one.heading): one.name for one in layout.of_kind(*_KINDS)}
        names |= {fold(one.label): one.id for one in layout.form.fields if one.id in names.values()}
        item = layout.column(ColumnKind.ITEM, "item")
        return cls(layout, names | {fold(item.heading): ""})


def open_return(data: bytes) -> OpenReturn | Finding:
    """Open a workbook and read its stamp; one finding where it is no return or cannot be read."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        if STAMP_SHEET not in book.sheet_names:
            return Finding("not_a_return", Severity.ERROR)
        grid = book.get_sheet_by_name(STAMP_SHEET).to_python(skip_empty_area=False, nrows=len(STAMP_KEYS) + 2)
    except (CalamineError, zipfile.BadZipFile, OSError):
        return Finding("safety_damaged", Severity.ERROR)
    found = {str(line[0]): str(line[1]) for line in grid if len(line) > 1}
    if not found.get("format", "").removesuffix(".0").isdigit():
        # the plan itself and the summary have a hidden sheet of that name, too
        return Finding("not_a_return", Severity.ERROR)
    if not all(found.get(key) for key in STAMP_KEYS):
        return Finding("stamp_damaged", Severity.ERROR, sheet=STAMP_SHEET)
    if found["format"].removesuffix(".0") != FORMAT:
        return Finding("newer_format", Severity.ERROR, sheet=STAMP_SHEET)
    return OpenReturn(book, data, Stamp(**{key: found[key] for key in STAMP_KEYS}))


def read_people(opened: OpenReturn, plan: Plan) -> tuple[str, str]:
    """Who answered and who approved, as written on the first sheet; empty where nobody is named."""
    name = text("artefacts.guide.sheet", plan.language)
    if name not in opened.book.sheet_names:
        return "", ""
    try:
        grid = _grid(opened.book.get_sheet_by_name(name))
    except CalamineError:  # nobody is named there, but the answers stand
        return "", ""
    found = []
    for key in ("respondent", "approver"):
        labels = {fold(text(f"artefacts.guide.{key}", language)) for language in LANGUAGES}
        found.append(next(_beside(grid, labels), ""))
    return found[0], found[1]


def _beside(grid: Sequence[Sequence[object]], labels: set[str]) -> Iterator[str]:
    for line in grid:
        for at, cell in enumerate(line[:-1]):
            if isinstance(cell, str) and _folded(cell) in labels:
                yield str(line[at + 1]).strip()


def read_form(opened: OpenReturn, headings: Headings) -> ReturnedForm | Finding:
    """Read the entry sheet of one form; one finding where the sheet or its headings are gone."""
    form = headings.layout.form
    try:
        for name in _candidates(opened.book, form.title):
            grid = _grid(opened.book.get_sheet_by_name(name))
            header = find_header(grid, headings)
            if header is not None:
                return _read(opened, headings, name, grid, header)
    except CalamineError:
        return Finding("safety_damaged", Severity.ERROR, form=form.id, sheet=form.title)
    code = "header_missing" if form.title in opened.book.sheet_names else "sheet_missing"
    return Finding(code, Severity.ERROR, form=form.id, sheet=form.title, params={"sheet": form.title})


def _candidates(book: CalamineWorkbook, title: str) -> Iterator[str]:
    """The sheet of that name first; then the others, for a sheet that was renamed."""
    if title in book.sheet_names:
        yield title
    yield from (name for name in book.sheet_names if name not in (title, STAMP_SHEET))


def _grid(sheet: CalamineSheet) -> list[list[Any]]:
    """All rows of a sheet from A1 on: never from the first used cell, or rows would shift."""
    return sheet.to_python(skip_empty_area=False)


def find_header(
    grid: Sequence[Sequence[object]], headings: Headings
) -> tuple[int, dict[str, list[int]]] | None:
    """The row of headings (0-based), and the columns (0-based) over which each name stands in it."""
    rows = [HEADER_ROW - 1, *(at for at in range(min(len(grid), _HEADER_SEARCH)) if at != HEADER_ROW - 1)]
    wanted = len(set(headings.names.values()))
    for at in rows:
        if at >= len(grid):
            continue
        found: dict[str, list[int]] = {}
        for index, cell in enumerate(grid[at]):
            if isinstance(cell, str) and cell:
                name = headings.names.get(_folded(cell))
                if name is not None:
                    found.setdefault(name, []).append(index)
        if "" in found and len(found) > wanted / 2:
            return at, found
    return None


def _read(
    opened: OpenReturn,
    headings: Headings,
    name: str,
    grid: list[list[Any]],
    header: tuple[int, dict[str, list[int]]],
) -> ReturnedForm:
    layout = headings.layout
    top, places = header
    found = {one: columns[0] for one, columns in places.items() if len(columns) == 1 or not one}
    twice = {
        one: "、".join(column_letters(column + 1) for column in columns)
        for one, columns in places.items()
        if len(columns) > 1 and one
    }
    expected = [one.name for one in layout.of_kind(*_KINDS)]
    present = [one for one in expected if one in found]
    entered = [one for one in present if layout.form.by_id[one].entered]
    letters = {one: column_letters(found[one] + 1) for one in present}
    formulas = _second_look(opened, name, grid, {letters[one]: found[one] for one in entered})
    rows = tuple(_rows(grid, top + 1, found[""], [found[one] for one in present], present, set(entered)))
    missing = tuple(one for one in expected if one not in found and layout.form.by_id[one].entered)
    numbers = column_letters(found[""] + 1)
    return ReturnedForm(layout.form.id, name, letters, rows, missing, formulas, numbers, twice)


def _rows(
    grid: list[list[Any]],
    top: int,
    item_column: int,
    columns: list[int],
    names: list[str],
    entered: set[str],
) -> Iterator[ReturnedRow]:
    """The rows that hold an item or an answer."""
    if not columns:
        return
    pick = itemgetter(*columns) if len(columns) > 1 else lambda line: (line[columns[0]],)
    answers = [at for at, name in enumerate(names) if name in entered]
    for number, line in enumerate(grid[top:], top + 1):
        item = line[item_column]
        values = pick(line)
        if is_blank(item) and all(is_blank(values[at]) for at in answers):
            continue
        if isinstance(item, float) and item.is_integer():
            item = int(item)
        yield ReturnedRow(str(item).strip(), number, values)


# --- the second look -------------------------------------------------------------------------------


def _second_look(
    opened: OpenReturn, sheet: str, grid: list[list[Any]], columns: Mapping[str, int]
) -> dict[str, bool]:
    """Put the error values of entry columns (letters → 0-based place in `grid`) into `grid`.

    Gives the cells that hold a formula, with whether a value is saved.
    """
    part = part_of(opened.data, sheet)
    if part is None or not columns or not _suspect(part, {one.encode() for one in columns}):
        return {}
    formulas: dict[str, bool] = {}
    for one in fromstring(part).iter():
        address = one.get("r", "")
        letters = address.rstrip("0123456789")
        if _name(one.tag) != "c" or letters not in columns:
            continue
        inner = {_name(child.tag): child.text or "" for child in one}
        value, kind = inner.get("v", ""), one.get("t")
        if kind == "e" and value:
            grid[int(address[len(letters) :]) - 1][columns[letters]] = value
        if "f" in inner:
            # a text may be empty and yet be saved
            formulas[address] = bool(value) or kind == "str"
    return formulas


_PLAIN_FORMULA = re.compile(rb'<c r="([A-Z]+)[0-9]+"[^<>]*><f[\s/>]')
_FORMULA = re.compile(rb"<f[\s/>]")
_PREFIXED = re.compile(rb":[cf][\s/>]")
_ERROR = re.compile(rb"t=[\"']e[\"']")


def _suspect(part: bytes, columns: set[bytes]) -> bool:
    """Whether a cell of `columns` (letters) holds an error value or a formula.

    Ordinarily every formula of a sheet is written plainly, and the columns that have one tell enough.
    """
    plain = _PLAIN_FORMULA.findall(part)
    all_plain = len(plain) == len(_FORMULA.findall(part)) and not _PREFIXED.search(part)
    if all_plain and columns.isdisjoint(plain) and not _ERROR.search(part):
        return False
    which = b"|".join(sorted(columns))
    cell = rb"<(?:\w+:)?c\s(?=[^<>]*\br=[\"'](?:" + which + rb")[0-9]+[\"'])[^<>]*"
    return bool(re.search(cell + rb"(?:\bt=[\"']e[\"']|>\s*<(?:\w+:)?f[\s/>])", part))


def _name(tag: str) -> str:
    """The name of an element without its namespace."""
    return tag.rpartition("}")[2]


def part_of(data: bytes, sheet: str) -> bytes | None:
    """The XML of a sheet, found through the workbook's relationships."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            workbook, relations = (archive.read(f"xl/{one}") for one in _BOOK_PARTS)
            path = _path_of(workbook, relations, sheet)
            return archive.read(path) if path else None
    except KeyError:
        return None


@lru_cache(maxsize=16)
def _path_of(workbook: bytes, relations: bytes, sheet: str) -> str | None:
    """The part of a sheet. Remembered: the returns of a round have the same parts."""
    targets = {one.get("Id"): one.get("Target", "") for one in fromstring(relations)}
    for one in fromstring(workbook).iter():
        if _name(one.tag) == "sheet" and one.get("name") == sheet:
            key = next((value for name, value in one.items() if name.endswith("}id")), None)
            target = targets.get(key, "")
            return target.lstrip("/") if target.startswith(("/", "xl/")) else f"xl/{target}"
    return None
