"""What stands in a return and has no place in the form: listed, so that mending a file loses nothing typed into it.

A cell is at its place where the judgement took it for an answer. The office's own cells, headings, formulas and
whatever stands in the pristine form as well are nobody's answers; all else is listed with its sheet and cell.
"""

import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from python_calamine import CalamineError, CalamineWorkbook

from xlplan.fields.cells import as_text
from xlplan.form.layout.columns import ColumnKind
from xlplan.form.layout.entry import STEPS, EntryLayout
from xlplan.form.layout.stamps import STAMP_SHEET
from xlplan.form.layout.words import BookWords, FormWords, catalogue_words, words_in
from xlplan.form.read.headings import Headings, find_headings
from xlplan.form.read.otherformats import formulas_of
from xlplan.form.read.remarks import people_remarks, remark_told
from xlplan.form.read.workbook import grid_of
from xlplan.formula.addresses import cell_address, column_number, split_address
from xlplan.language.messages import LANGUAGES, text, wordings
from xlplan.language.text import fold, is_blank, tidy
from xlplan.model.plan import Plan
from xlplan.model.submission import Leftover, RecordRow, ReturnedForm, Submission
from xlplan.spreadsheet.parts import Parts

Grid = Sequence[Sequence[object]]
Cell = tuple[int, int]
"""Row and column, from 0."""

MOST = 5_000
"""Leftovers that are listed: a pasted table of another kind is not retyped anyway."""
FINDINGS_COLUMNS = 9
"""Columns of the sheet of findings, which a workbook that was sent back has."""

GUIDE_TEXTS = (
    "artefacts.guide.left",
    "artefacts.guide.left_of",
    "artefacts.guide.due_first",
    "artefacts.guide.change_none",
    "artefacts.guide.change_first",
    "artefacts.guide.change_more",
    "artefacts.guide.sent_back",
    "artefacts.guide.sent_back_text",
    "artefacts.guide.sent_back_words",
    "artefacts.guide.sent_back_look",
    "artefacts.guide.office_words",
    "artefacts.guide.compared",
    "artefacts.guide.compared_text",
    "artefacts.guide.mended",
    "artefacts.guide.mended_text",
    "artefacts.guide.leftovers_text",
    "artefacts.guide.again_label",
    "artefacts.guide.given_label",
    "artefacts.guide.again",
    "artefacts.guide.again_of",
    "artefacts.guide.given_done",
    "artefacts.guide.given_own",
    "artefacts.guide.given_moved",
    "artefacts.guide.steps",
    "artefacts.guide.changes",
    *STEPS,
)
"""The sentences that the first sheet has in one state and not in another, or in one language and not in another."""
COUNTS = ("attempt", "count", "missing", "errors", "warnings", "before", "resolved", "new", "left")
"""The gaps that hold a number."""

_GAP = re.compile(r"\{(\w+)\}")
_SAID_BESIDE = wordings("artefacts.guide.office_words", *LANGUAGES)
"""The labels beside which the first sheet says what the office wrote."""
_FORMULA_CELL = re.compile(rb"<(?:\w+:)?c\s[^<>]*?\br=[\"']([A-Z]+[0-9]+)[\"'][^<>]*>\s*<(?:\w+:)?f[\s/>]")


def leftovers(
    data: bytes,
    pristine: Sequence[bytes],
    submission: Submission,
    records: Sequence[RecordRow],
    layouts: Sequence[EntryLayout],
) -> tuple[Leftover, ...]:
    """Everything in a return that mending cannot place.

    Args:
        data: The bytes of the return.
        pristine: The same department's forms without an answer: as it would be written now, and as it was issued.
        submission: The return as read.
        records: The rows that were taken from the return.
        layouts: Where things stand in its forms.

    Returns:
        The cells, sheet by sheet; at most `MOST`.
    """
    grids = dict(_grids(data))
    words = words_in(grids.get(STAMP_SHEET) or ()) or catalogue_words()
    ours: dict[str, set[str]] = {}
    for blank in pristine:
        for key, texts in _ours(blank, layouts).items():
            ours.setdefault(key, set()).update(texts)
    readers = [
        _ReturnedForm(
            layout, submission, records, ours.get(layout.form.id, set()), words.forms.get(layout.form.id)
        )
        for layout in layouts
    ]
    found: list[Leftover] = []
    for name, grid in grids.items():
        if grid is None:
            unreadable = text("artefacts.leftovers.unreadable", layouts[0].language)
            found.append(Leftover(name, "", "", "", unreadable))
        elif name != STAMP_SHEET:
            found += _of_sheet(_ReturnedSheet(data, name, grid, words), readers, submission, ours)
    found += _remarks(data, grids, layouts[0].plan)
    return tuple(found[:MOST])


def _remarks(data: bytes, sheets: Iterable[str], plan: Plan) -> Iterator[Leftover]:
    """What people wrote on the sheets besides the values of cells."""
    parts = Parts(data)
    for name in sheets:
        for remark in people_remarks(parts, name, parts.sheet(name), plan):
            yield Leftover(name, remark.cell, "", "", remark_told(remark, plan.language))


def _ours(pristine: bytes, layouts: Sequence[EntryLayout]) -> Mapping[str, set[str]]:
    """The texts of a workbook of ours by the ids of its sheets, those of an entry sheet by that of its form."""
    grids = {name: grid or () for name, grid in _grids(pristine)}
    words = words_in(grids[STAMP_SHEET]) or catalogue_words()
    names = {key: words.sheet_named(key, [*grids]) for key in words.sheets}
    titles = {layout.form.id: layout.form.title for layout in layouts}
    names |= titles | {key: form.title for key, form in words.forms.items()}
    return {key: _texts(grids.get(name or "", ())) for key, name in names.items()}


def _grids(data: bytes) -> Iterator[tuple[str, Grid | None]]:
    """Every sheet from A1 on; None for one that cannot be read."""
    book, parts = CalamineWorkbook.from_filelike(io.BytesIO(data)), Parts(data)
    for name in book.sheet_names:
        try:
            yield name, grid_of(book, parts, name)
        except CalamineError:
            yield name, None


def _texts(grid: Grid | None) -> set[str]:
    return {_shown(value) for line in grid or () for value in line if not is_blank(value)}


@dataclass(frozen=True, slots=True)
class _ReturnedSheet:
    """One sheet of the return, whose `words` are those of the whole workbook."""

    data: bytes
    name: str
    grid: Grid
    words: BookWords

    @property
    def id(self) -> str:
        """The id of a sheet that is no entry sheet; empty for one that was not issued."""
        return next((key for key, names in self.words.sheets.items() if self.name in names), "")


def _of_sheet(
    sheet: _ReturnedSheet,
    readers: Sequence["_ReturnedForm"],
    submission: Submission,
    ours: Mapping[str, set[str]],
) -> Iterator[Leftover]:
    for reader in readers:
        header = find_headings(sheet.grid, reader.headings)
        if header is not None:
            formulas = _formulas(sheet.data, sheet.name)
            yield from reader.leftovers(sheet.name, sheet.grid, header.row - 1, formulas)
            return
    is_guide = sheet.id == "guide"
    known = ours.get(sheet.id, set())
    calculated: set[Cell] = set()
    if is_guide:
        labels = (word for words in sheet.words.labels.values() for word in words)
        known = {*known, submission.respondent, submission.approver, *labels}
        calculated = _formulas(sheet.data, sheet.name)
    first = FINDINGS_COLUMNS if sheet.id == "findings" else 0
    for (row, column), value in _filled(sheet.grid):
        written = _shown(value)
        beside = _shown(sheet.grid[row][column - 1]) if column else ""
        hidden = is_guide and (
            (row, column) in calculated or _of_the_guide(written) or beside in _SAID_BESIDE
        )
        if column >= first and written not in known and not hidden:
            yield Leftover(sheet.name, _address(row, column), "", "", written)


def _of_the_guide(written: str) -> bool:
    """Whether a text of the first sheet is one of those that its writer puts there, in whatever state and language."""
    return _guide_texts().fullmatch(written) is not None


@cache
def _guide_texts() -> re.Pattern[str]:
    """One or more of the sentences that the first sheet may bear; a gap takes what the writer puts into it."""
    found = []
    for key in GUIDE_TEXTS:
        for sentence in sorted(wordings(key, *LANGUAGES)):
            parts = _GAP.split(sentence.strip())
            shapes = (re.escape(part) if at % 2 == 0 else _in_gap(part) for at, part in enumerate(parts))
            found.append("".join(shapes))
    return re.compile(rf"(?:(?:{'|'.join(found)})\s*)+")


def _in_gap(name: str) -> str:
    return "[0-9]+" if name in COUNTS else "[^\n「」]{1,80}"


@dataclass(frozen=True)
class _ReturnedForm:
    """One form, with what was taken from the return for it."""

    layout: EntryLayout
    submission: Submission
    records: Sequence[RecordRow]
    ours: Collection[str]
    words: FormWords | None

    @cached_property
    def headings(self) -> Headings:
        return Headings.of(self.layout).called(self.words)

    @property
    def returned(self) -> ReturnedForm | None:
        return next((form for form in self.submission.forms if form.form == self.layout.form.id), None)

    def leftovers(self, sheet: str, grid: Grid, top: int, formulas: set[Cell]) -> Iterator[Leftover]:
        """What has no place, on the entry sheet itself or on a copy of it; `top` is the row of headings, from 0."""
        kinds = self._kinds(grid[top])
        check = max((at for at, kind in kinds.items() if kind is ColumnKind.CHECK), default=len(grid[top]))
        checks = range(check + 1, check + 1 + len(self.layout.columns) - len(self.layout.shown))
        taken = self._taken(sheet)
        item = next((at for at, kind in kinds.items() if kind is ColumnKind.ITEM), None)
        for at, value in _filled(grid):
            row, column = at
            kind = kinds.get(column)
            if column in taken.get(row, ()) or (at in formulas and (kind or column > check)):
                continue
            # a hidden check, pasted as its value
            is_check = kind is None and column in checks and row > top and isinstance(value, int | float)
            if is_check or self._office_cell(at, value, kind, top=top):
                continue
            heading = _shown(grid[top][column]) if row > top and column < len(grid[top]) else ""
            label = _shown(grid[row][item]) if item is not None and row > top else ""
            yield Leftover(sheet, _address(row, column), heading, label, _shown(value))

    def _office_cell(self, at: Cell, value: object, kind: ColumnKind | None, *, top: int) -> bool:
        """Whether a cell is the office's: a heading, a word of the form, what was known of an item."""
        if at[0] > top and kind in (None, ColumnKind.ENTRY):
            return False
        if kind is ColumnKind.CHECK and _shown(value).startswith(self.messages):
            return True
        written = _shown(value)
        own = (*self.words.columns.values(), *self.words.heads.values()) if self.words else ()
        return written in self.ours or written in own or (at[0] <= top and fold(written) in self.known)

    @cached_property
    def known(self) -> Collection[str]:
        """The words, folded, that may stand in the headings and above them."""
        return {*self.headings.names, *self.headings.above}

    @cached_property
    def messages(self) -> tuple[str, ...]:
        """How everything begins that the check column can say."""
        messages = (check.message(self.layout.language) for check in self.layout.checks)
        return (*wordings("artefacts.entry.ok", self.layout.language), *messages)

    def _kinds(self, line: Sequence[object]) -> dict[int, ColumnKind]:
        """The kind of each column whose heading is one of the form's."""
        shown = self.headings.shown
        known = {heading: shown[at].kind for heading, at in self.headings.names.items()}
        heads = {at: known.get(fold(_shown(value))) for at, value in enumerate(line) if not is_blank(value)}
        return {at: kind for at, kind in heads.items() if kind is not None}

    def _taken(self, sheet: str) -> dict[int, set[int]]:
        """By row, the columns whose cells are answers that have their place."""
        returned = self.returned
        if returned is None or returned.sheet != sheet:
            return {}
        columns = {column_number(letters) - 1 for letters in returned.columns.values()}
        return {
            record.row - 1: columns
            for record in self.records
            if record.form == self.layout.form.id and record.sheet == sheet
        }


def _formulas(data: bytes, sheet: str) -> set[Cell]:
    """The cells of a sheet that hold a formula."""
    parts = Parts(data)
    if not parts.listed:
        return formulas_of(data, sheet)
    part = parts.sheet(sheet)
    return {_cell(address.decode()) for address in _FORMULA_CELL.findall(part.xml)} if part else set()


def _filled(grid: Grid) -> Iterator[tuple[Cell, object]]:
    for row, line in enumerate(grid):
        for column, value in enumerate(line):
            if not is_blank(value):
                yield (row, column), value


def _cell(address: str) -> Cell:
    letters, row = split_address(address)
    return row - 1, column_number(letters) - 1


def _address(row: int, column: int) -> str:
    return cell_address(row + 1, column + 1)


def _shown(value: object) -> str:
    return tidy(value) if isinstance(value, str) else as_text(value)
