"""A return opened: its stamp, its words and its first sheet. The entry sheets are read by `sheets`.

All values come from python-calamine. It hides error values and does not tell a formula from a value, so where a
search finds either in an entry column, the sheet's XML is looked at as well (`xmlcells`): no second reader,
which would read dates and odd files otherwise. Give only bytes that `xlplan.spreadsheet.safety.inspection` has cleared.
"""

import io
import re
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from xml.etree.ElementTree import ParseError

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from xlplan.fields.cells import as_text
from xlplan.form.layout.stamps import FORMATS, FORMULAS_KEY, STAMP_KEYS, STAMP_SHEET
from xlplan.form.layout.words import WORDS_ROW, BookWords, catalogue_words, words_in
from xlplan.form.read.formulacells import shapes_at
from xlplan.formula.addresses import cell_address
from xlplan.language.text import fold
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding
from xlplan.model.issue import Stamp
from xlplan.model.plan import Plan
from xlplan.model.safety import SafetyCode
from xlplan.spreadsheet.parts import Parts

MOST_WORDS = 5_000
"""Rows of the hidden sheet that are looked at for words."""

_SAVED = (
    ("docProps/core.xml", re.compile(rb"modified\b[^>]*>\s*([^<\s]+)\s*<")),
    ("meta.xml", re.compile(rb"<dc:date>([^<\s]+)<")),
)
"""Where it stands when a workbook was saved: the part, and the element in it. ECMA-376 part 2, clause 11 (.xlsx), ODF
1.3 part 3, clause 4.3.2.9 (.ods)."""
FIRST_YEAR = 1990
"""Earlier moments stand in files whose writer knew none."""

_folded = lru_cache(maxsize=1024)(fold)  # the same labels stand in every return


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
        """All rows of a sheet from A1 on. Raises CalamineError where it cannot be read."""
        return grid_of(self.book, self.parts, sheet)


def grid_of(book: CalamineWorkbook, parts: Parts, sheet: str) -> list[list[Any]]:
    """All rows of a sheet from A1 on: never from the first used cell, or rows would shift.

    Args:
        book: The workbook as the fast reader has it.
        parts: The same workbook's parts.
        sheet: The name of the sheet.

    Returns:
        The values of the cells, row by row; all rows are equally long.

    Raises:
        CalamineError: The sheet cannot be read.
    """
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
    """Open a workbook and read its stamp.

    Args:
        data: The bytes of the file.
        sound: The parts of which safety has said that no cell holds an error value.
        inflated: Parts that are inflated already, by name.
        assumed: The stamp of a workbook that has none, or a damaged one.

    Returns:
        The workbook, or one finding where it is no return or cannot be read.
    """
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        parts = Parts(data, sound, inflated)
        grid = _hidden_sheet(book)
    except PasswordError:
        return Finding(SafetyCode.PASSWORD)
    except (CalamineError, ParseError, zipfile.BadZipFile, OSError):
        return Finding(SafetyCode.DAMAGED)
    words = words_in(grid or ()) or catalogue_words()
    stamp = _stamp_in(grid or ())
    if isinstance(stamp, Stamp):
        return OpenReturn(book, parts, stamp, words)
    # the plan itself and the summary have a hidden sheet of that name, too: they are no returns whatever is assumed
    if assumed and (grid is None or stamp.code == FindingCode.STAMP_DAMAGED):
        return OpenReturn(book, parts, assumed, words, stamped=False)
    return stamp


def _hidden_sheet(book: CalamineWorkbook) -> list[list[Any]] | None:
    """The rows of the hidden sheet; None where there is no such sheet."""
    if STAMP_SHEET not in book.sheet_names:
        return None
    sheet = book.get_sheet_by_name(STAMP_SHEET)
    return sheet.to_python(skip_empty_area=False, nrows=WORDS_ROW + MOST_WORDS)


def _stamp_in(grid: Sequence[Sequence[object]]) -> Stamp | Finding:
    """The stamp on a hidden sheet; one finding where there is none, a damaged one, or one of a later version."""
    found = {str(line[0]): str(line[1]) for line in grid[: WORDS_ROW - 1] if len(line) > 1}
    if not found.get("format", "").removesuffix(".0").isdigit():
        return Finding(FindingCode.NOT_A_RETURN)
    if not all(found.get(key) for key in STAMP_KEYS):
        return Finding(FindingCode.STAMP_DAMAGED, sheet=STAMP_SHEET)
    if found["format"].removesuffix(".0") not in FORMATS:
        return Finding(FindingCode.NEWER_FORMAT, sheet=STAMP_SHEET)
    return Stamp(**{key: found[key] for key in STAMP_KEYS}, formulas=found.get(FORMULAS_KEY, ""))


def saved_at(parts: Parts) -> datetime | None:
    """When a workbook was saved, as the program that saved it wrote into its properties.

    In whole seconds of this computer's clock; None where the file does not tell.
    """
    for name, element in _SAVED:
        found = element.search(parts.other(name))
        if found:
            return _moment(found[1].decode("ascii", "replace"))
    return None


def _moment(written: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    if not FIRST_YEAR <= moment.year < datetime.max.year:
        return None
    # without a zone it is the clock of whoever saved it, which is that of the same city
    return moment.astimezone().replace(tzinfo=None, microsecond=0)


# --- its sheets ------------------------------------------------------------------------------------


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


def _beside(grid: Sequence[Sequence[object]], labels: set[str]) -> Iterator[tuple[str, str]]:
    """What stands beside one of these labels, and its cell."""
    for row, line in enumerate(grid, 1):
        for at, cell in enumerate(line[:-1]):
            if isinstance(cell, str) and _folded(cell) in labels:
                value = line[at + 1]
                written = value if isinstance(value, str) else as_text(value)
                yield written.strip(), cell_address(row, at + 2)


def titles_of(opened: OpenReturn, plan: Plan) -> list[str]:
    """The names of the entry sheets, as the workbook was issued with them."""
    words, period = opened.words.forms, plan.period(opened.stamp.period)
    forms = plan.asked_in(period).forms if period else plan.forms
    return [words[form.id].title if form.id in words else form.title for form in forms]


def added_sheets(opened: OpenReturn, plan: Plan) -> list[str]:
    """The sheets that were not issued with the workbook."""
    ours = {STAMP_SHEET, *titles_of(opened, plan), *opened.words.of_sheets}
    return [name for name in opened.book.sheet_names if name not in ours]


def read_others(opened: OpenReturn, known: Collection[str]) -> None:
    """Read every sheet that was not: what aborts or hangs the parser does so here, and not where it is read again."""
    for name in opened.book.sheet_names:
        if name not in known and name != STAMP_SHEET:
            with suppress(CalamineError):  # a sheet that nobody asked for
                opened.grid(name)
