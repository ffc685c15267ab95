"""Reading a return by meaning: its stamp first, then columns by heading and rows by item.

All values come from python-calamine. It hides error values and does not tell a formula from a value, so where a
search finds either in an entry column, the sheet's XML is looked at as well (`xmlcells`): no second reader,
which would read dates and odd files otherwise. Give only bytes that `xlplan.spreadsheet.safety.inspection` has cleared.
"""

import io
import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from types import MappingProxyType
from typing import Any
from xml.etree.ElementTree import ParseError

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from xlplan.fields import as_text, type_of
from xlplan.form.layout.columns import ColumnKind
from xlplan.form.layout.stamps import FORMATS, FORMULAS_KEY, STAMP_KEYS, STAMP_SHEET
from xlplan.form.layout.words import WORDS_ROW, BookWords, catalogue_words, words_in
from xlplan.form.read.beside import beside_form
from xlplan.form.read.formulacells import shapes_at
from xlplan.form.read.headings import KINDS, HeadingRow, Headings, find_headings
from xlplan.form.read.sheetstate import (
    formula_columns,
    formula_places,
    lost_formulas,
    lost_validations,
    sheet_findings,
)
from xlplan.formula.addresses import cell_address, column_letters
from xlplan.formula.excel import DAYS_TO_1904
from xlplan.language.text import fold, is_blank
from xlplan.model.codes import FindingCode, SafetyCode
from xlplan.model.finding import Finding
from xlplan.model.issue import Stamp
from xlplan.model.plan import Plan
from xlplan.model.submission import ReturnedForm, ReturnedRow
from xlplan.spreadsheet.xmlcells import Parts, second_look

MOST_WORDS = 5_000
"""Rows of the hidden sheet that are looked at for words."""

_folded = lru_cache(maxsize=1024)(fold)  # the same headings stand in every return


@dataclass(frozen=True, slots=True)
class OpenReturn:
    """A workbook whose stamp has been read."""

    book: CalamineWorkbook
    parts: Parts
    stamp: Stamp
    words: BookWords
    stamped: bool = True
    """Whether the stamp is the workbook's own."""

    def grid(self, sheet: str) -> list[list[Any]]:
        """All rows of a sheet."""
        return grid_of(self.book, self.parts, sheet)


def grid_of(book: CalamineWorkbook, parts: Parts, sheet: str) -> list[list[Any]]:
    """All rows of a sheet from A1 on: never from the first used cell, or rows would shift."""
    try:
        return book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    except CalamineError:  # one cell with an error value that calamine does not know spoils a whole sheet
        again = CalamineWorkbook.from_filelike(io.BytesIO(parts.with_known_errors()))
        return again.get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def open_return(
    data: bytes,
    sound: Collection[str] = (),
    inflated: Mapping[str, bytes] = MappingProxyType({}),
    assumed: Stamp | None = None,
) -> OpenReturn | Finding:
    """Open a workbook and read its stamp; one finding where it is no return or cannot be read.

    `sound` names the parts of which safety has said that no cell holds an error value, `inflated` are parts by name.
    `assumed` is the stamp of a workbook that has none, or a damaged one.
    """
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        parts = Parts(data, sound, inflated)
        if STAMP_SHEET not in book.sheet_names:
            none = Finding(FindingCode.NOT_A_RETURN)
            return OpenReturn(book, parts, assumed, catalogue_words(), stamped=False) if assumed else none
        grid = book.get_sheet_by_name(STAMP_SHEET).to_python(
            skip_empty_area=False, nrows=WORDS_ROW + MOST_WORDS
        )
    except PasswordError:
        return Finding(SafetyCode.PASSWORD)
    except (CalamineError, ParseError, zipfile.BadZipFile, OSError):
        return Finding(SafetyCode.DAMAGED)
    found = {str(line[0]): str(line[1]) for line in grid[: WORDS_ROW - 1] if len(line) > 1}
    if not found.get("format", "").removesuffix(".0").isdigit():
        # the plan itself and the summary have a hidden sheet of that name, too
        return Finding(FindingCode.NOT_A_RETURN)
    words = words_in(grid) or catalogue_words()
    if not all(found.get(key) for key in STAMP_KEYS):
        none = Finding(FindingCode.STAMP_DAMAGED, sheet=STAMP_SHEET)
        return OpenReturn(book, parts, assumed, words, stamped=False) if assumed else none
    if found["format"].removesuffix(".0") not in FORMATS:
        return Finding(FindingCode.NEWER_FORMAT, sheet=STAMP_SHEET)
    stamp = Stamp(**{key: found[key] for key in STAMP_KEYS}, formulas=found.get(FORMULAS_KEY, ""))
    return OpenReturn(book, parts, stamp, words)


@dataclass(frozen=True, slots=True)
class Guide:
    """What stands on the first sheet: who answered and who approved (empty where nobody is named), and all cells.

    `name` is that of the sheet, `cells` are those of the two names, `formulas` the shapes of its formulas by cell; None
    where its XML is not there.
    """

    name: str
    respondent: str
    approver: str
    cells: tuple[str, str]
    grid: Sequence[Sequence[object]]
    formulas: Mapping[str, str] | None


def read_guide(opened: OpenReturn) -> Guide | None:
    """The first sheet; None where there is none."""
    name = opened.words.sheet_named("guide", opened.book.sheet_names)
    if name is None:
        return None
    try:
        grid = opened.grid(name)
    except CalamineError:  # nobody is named there, but the answers stand
        return Guide(name, "", "", ("", ""), (), None)
    found = []
    for key in ("respondent", "approver"):
        labels = set(map(fold, opened.words.labels[key]))
        found.append(next(_beside(grid, labels), ("", "")))
    part = opened.parts.sheet(name)
    (respondent, _), (approver, _) = found
    cells = (found[0][1], found[1][1])
    return Guide(name, respondent, approver, cells, grid, shapes_at(part.xml) if part else None)


def read_others(opened: OpenReturn, known: Collection[str]) -> None:
    """Read every sheet that was not: what aborts or hangs the parser does so here, and not where it is read again."""
    for name in opened.book.sheet_names:
        if name not in known and name != STAMP_SHEET:
            with suppress(CalamineError):  # a sheet that nobody asked for
                opened.grid(name)


def _beside(grid: Sequence[Sequence[object]], labels: set[str]) -> Iterator[tuple[str, str]]:
    """What stands beside one of these labels, and its cell."""
    for row, line in enumerate(grid, 1):
        for at, cell in enumerate(line[:-1]):
            if isinstance(cell, str) and _folded(cell) in labels:
                value = line[at + 1]
                written = value if isinstance(value, str) else as_text(value)
                yield written.strip(), cell_address(row, at + 2)


def read_form(opened: OpenReturn, headings: Headings, items: Collection[str] = ()) -> ReturnedForm | Finding:
    """Read the entry sheet of one form; one finding where the sheet or its headings are gone.

    With `items`, folded, it is the sheet that holds most of them, of those that hold as many the first.
    """
    form = headings.layout.form
    spoilt = False
    best: ReturnedForm | None = None
    most = -1
    for name in _candidates(opened, headings):
        try:
            found = read_sheet(opened, headings, name)
        except CalamineError:
            spoilt = spoilt or name == headings.title
            continue
        if found is None:
            continue
        if not items or form.is_open:
            return found
        own = sum(_folded(row.item) in items for row in found.rows)
        if own > most:
            best, most = found, own
    if best is not None:
        return best
    code = (
        FindingCode.HEADER_MISSING if headings.title in opened.book.sheet_names else FindingCode.SHEET_MISSING
    )
    return missing_form(headings, FindingCode.SHEET_UNREADABLE if spoilt else code)


def missing_form(headings: Headings, code: FindingCode = FindingCode.SHEET_MISSING) -> Finding:
    """The finding of a form without a sheet that can be read."""
    form, title = headings.layout.form.id, headings.title
    return Finding(code, form=form, sheet=title, params={"sheet": title})


def _candidates(opened: OpenReturn, headings: Headings) -> Iterator[str]:
    """The sheet of that name first; then, for one that was renamed, those that are no other sheet of the workbook."""
    if headings.title in opened.book.sheet_names:
        yield headings.title
    yield from added_sheets(opened, headings.layout.plan)


def titles_of(opened: OpenReturn, plan: Plan) -> list[str]:
    """The names of the entry sheets, as the workbook was issued with them."""
    words = opened.words.forms
    return [words[form.id].title if form.id in words else form.title for form in plan.forms]


def added_sheets(opened: OpenReturn, plan: Plan) -> list[str]:
    """The sheets that were not issued with the workbook."""
    ours = {STAMP_SHEET, *titles_of(opened, plan), *opened.words.of_sheets}
    return [name for name in opened.book.sheet_names if name not in ours]


def read_sheet(opened: OpenReturn, headings: Headings, name: str) -> ReturnedForm | None:
    """One sheet as the entry sheet of a form; None where its headings do not stand there.

    Raises CalamineError where the sheet cannot be read.
    """
    grid = opened.grid(name)
    found = find_headings(grid, headings)
    try:
        return None if found is None else _read(opened, headings, name, grid, found)
    except (
        ParseError
    ) as fault:  # the fast reader reads XML that is none, but error values would pass for empty cells
        raise CalamineError(name) from fault


def _read(
    opened: OpenReturn, headings: Headings, name: str, grid: list[list[Any]], found: HeadingRow
) -> ReturnedForm:
    layout, places = headings.layout, found.places
    answers = {
        one.name: places[at] for at, one in enumerate(headings.shown) if one.kind in KINDS and at in places
    }
    others = {
        f"{one.kind}:{one.name}": places[at]
        for at, one in enumerate(headings.shown)
        if one.kind in (ColumnKind.ATTRIBUTE, ColumnKind.PREVIOUS) and at in places
    }
    entered = [one for one in answers if layout.form.by_id[one].entered]
    letters = {one: column_letters(column + 1) for one, column in answers.items()}
    part = opened.parts.sheet(name, found.row + 1)
    if part is None and opened.parts.listed:
        raise CalamineError(name)
    formulas = second_look(part, grid, {letters[one]: answers[one] for one in entered}) if part else {}
    if opened.parts.from_1904:
        _from_1900(
            grid,
            found.row,
            [answers[one] for one in answers if type_of(layout.form.by_id[one]).counts_days],
        )
    rows = tuple(_rows(grid, found.row, places[headings.item], answers, set(entered), list(others.values())))
    numbers = [row.row for row in rows]
    computed = formula_places(part, headings, found) if part else ()
    above = shapes_at(part.above) if part else {}
    return ReturnedForm(
        layout.form.id,
        name,
        letters,
        rows,
        tuple(
            one.name
            for at, one in enumerate(headings.shown)
            if one.kind is ColumnKind.ENTRY and at not in places
        ),
        formulas,
        column_letters(places[headings.item] + 1),
        {
            headings.shown[at].name: tuple(column_letters(one + 1) for one in columns)
            for at, columns in found.twice.items()
        },
        found.row,
        {one: column_letters(column + 1) for one, column in others.items()},
        lost_formulas(part, computed, numbers) if part else {},
        lost_validations(part, headings, found, numbers) if part else {},
        formula_columns(part, computed, numbers) if part else {},
        above,
        (
            *sheet_findings(part, headings, found, name, numbers),
            *beside_form(part, headings, found, name, grid, numbers, above),
        ),
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
        if isinstance(item, float) and item.is_integer():
            item = int(item)
        yield ReturnedRow(str(item).strip(), number, values, pick_others(line))


def _picker(columns: Sequence[int]) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    """What takes the cells of these columns (0-based) out of a row."""
    if len(columns) > 1:
        return itemgetter(*columns)
    return lambda line: tuple(line[column] for column in columns)
