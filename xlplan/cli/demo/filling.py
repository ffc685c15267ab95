"""What departments answer in the demonstration: workbooks filled in through openpyxl as by hand, mistakes too."""

import io
import re
import zipfile
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from operator import attrgetter
from pathlib import Path

import openpyxl
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from xlplan.definition.lines import Faults
from xlplan.definition.records import records
from xlplan.definition.tables import read_tables
from xlplan.fields.base import ValueType
from xlplan.fields.table import type_of
from xlplan.form.layout.columns import ColumnKind
from xlplan.form.layout.entry import FIRST_ROW, PEOPLE, EntryLayout
from xlplan.language.codes import CatalogueEnum
from xlplan.language.errors import DefinitionError, ErrorKey, UsageError
from xlplan.language.messages import text
from xlplan.model.form import Field
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.model.record import Record
from xlplan.store.files import read_bytes, write_bytes

_NAMES = ("demo.mistake.respondent", "demo.mistake.approver")
_TEXT, _CHOICE = attrgetter("is_text"), attrgetter("from_list")
"""What is asked of the type of a field."""

Answers = Sequence[Record]
"""The right answers."""


class Mistake(CatalogueEnum, section="demo.mistake"):
    """A mistake to plant; its sentence says what was done."""

    BLANK = "blank"
    WORD = "word", "value"
    LONG = "long"
    OFFICE = "office", "value"
    SPACED = "spaced"
    FORMULA = "formula"
    ROW = "row"
    SORTED = "sorted"


def read_answers(plan: Plan, kit: Path) -> tuple[Period, tuple[Record, ...]]:
    """The period that the answers are of, and the answers.

    Raises:
        UsageError: the kit has no answers.
        DefinitionError: they do not fit the plan.
    """
    path = kit / "answers"
    if not path.is_dir():
        raise UsageError(ErrorKey.NO_ANSWERS, kit=kit.name)
    faults = Faults()
    found = records(read_tables(path), faults, plan)
    if faults.findings or not found:
        where = faults.findings[0] if faults.findings else None
        reason = f"{where.cell} {where.message(plan.language)}" if where else ""
        raise DefinitionError(ErrorKey.ANSWERS_UNFIT, path=path, reason=reason)
    period = plan.period(found[0].period)
    if period is None:
        raise DefinitionError(ErrorKey.ANSWERS_UNFIT, path=path, reason=found[0].period)
    return period, found


class DepartmentWorkbook:
    """One department's workbook, open in openpyxl."""

    def __init__(self, path: Path, layouts: tuple[EntryLayout, ...]) -> None:
        self.book: Workbook = openpyxl.load_workbook(io.BytesIO(read_bytes(path)))
        self.layouts = layouts

    def sheet(self, layout: EntryLayout) -> Worksheet:
        """An entry sheet."""
        found = self.book[layout.form.title]
        assert isinstance(found, Worksheet)
        return found

    def answer(self, answers: Answers, items: Collection[str]) -> None:
        """Fill every white cell with the right answer; into open rows what there is to say of `items`."""
        for layout in self.layouts:
            sheet = self.sheet(layout)
            mine = [answer for answer in answers if answer.form == layout.form.id and answer.item in items]
            if layout.form.is_open:
                rows = dict(enumerate(mine, FIRST_ROW))
            else:
                by_item = {answer.item: answer for answer in mine}
                item = layout.column(ColumnKind.ITEM, "item")
                there = range(FIRST_ROW, layout.last_row + 1)
                rows = {
                    row: by_item[name]
                    for row in there
                    if (name := str(sheet.cell(row, item.index).value)) in by_item
                }
            for row in range(FIRST_ROW, layout.last_row + 1):
                values = rows[row].values if row in rows else {}
                for column in layout.of_kind(ColumnKind.ENTRY):
                    sheet.cell(row, column.index).value = values.get(column.name)

    def sign(self, language: str) -> None:
        """Write who answered and who approved."""
        guide = self.book[text("artefacts.guide.sheet", language)]
        for key, name in zip(PEOPLE, _NAMES, strict=True):
            label = text(key, language)
            for row in guide.iter_rows():
                for cell in row:
                    if cell.value == label and cell.row and cell.column:
                        guide.cell(cell.row, cell.column + 1).value = text(name, language)

    def plant(self, kind: Mistake, language: str) -> str:
        """Plant one mistake in the first form; says what was done."""
        layout = self.layouts[0]
        sheet = self.sheet(layout)
        value = _MISTAKES[kind](sheet, layout)
        return text(kind.catalogue_key, language, value=value)

    def save(self, path: Path, now: datetime) -> None:
        """Save, with `now` as the moment, so that the same answers make the same bytes."""
        stream = io.BytesIO()
        self.book.save(stream)
        write_bytes(path, _settled(stream.getvalue(), now))


def _entered(layout: EntryLayout, wanted: Callable[[ValueType], bool]) -> Field:
    """The field of a type as `wanted` that is most surely asked for; any entered one where there is none of it."""
    fields = [field for field in layout.form.entered if wanted(type_of(field))] or list(layout.form.entered)
    return min(fields, key=lambda field: (field.required is not True, field.required is False))


def _blank(sheet: Worksheet, layout: EntryLayout) -> str:
    field = _entered(layout, _TEXT)
    sheet.cell(FIRST_ROW, layout.field_column(field).index).value = None
    return ""


def _word(sheet: Worksheet, layout: EntryLayout) -> str:
    cell = sheet.cell(FIRST_ROW, layout.field_column(_entered(layout, _CHOICE)).index)
    cell.value = text("demo.mistake.planned", layout.language, value=cell.value)
    return str(cell.value)


def _long(sheet: Worksheet, layout: EntryLayout) -> str:
    field = _entered(layout, _TEXT)
    cell = sheet.cell(layout.last_row, layout.field_column(field).index)
    cell.value = (str(cell.value) * 100)[: (field.max_length or 400) + 25]
    return ""


def _office(sheet: Worksheet, layout: EntryLayout) -> str:
    """Write over a locked cell: a value of the office, or the item's title where the office gives none."""
    column = (*layout.of_kind(ColumnKind.OFFICE), layout.column(ColumnKind.ATTRIBUTE, "title"))[0]
    cell = sheet.cell(FIRST_ROW, column.index)
    field = layout.form.by_id.get(column.name)
    choices = layout.plan.choices_of(field) if field else ()
    others = [choice.value for choice in choices if choice.value != cell.value]
    sheet.protection.sheet = False
    cell.value = others[0] if others else f"{cell.value}?"
    return str(cell.value)


def _spaced(sheet: Worksheet, layout: EntryLayout) -> str:
    cell = sheet.cell(FIRST_ROW, layout.field_column(_entered(layout, _CHOICE)).index)
    cell.value = f"　{cell.value} "
    return ""


def _formula(sheet: Worksheet, layout: EntryLayout) -> str:
    cell = sheet.cell(FIRST_ROW, layout.field_column(_entered(layout, _TEXT)).index)
    cell.value = '=CONCATENATE("A","B")'
    return ""


def _row(sheet: Worksheet, layout: EntryLayout) -> str:
    sheet.delete_rows(layout.last_row)
    return ""


def _sorted(sheet: Worksheet, layout: EntryLayout) -> str:
    """Swap the first and the last row, formulas left where they are."""
    for column in layout.of_kind(
        ColumnKind.ITEM, ColumnKind.ATTRIBUTE, ColumnKind.OFFICE, ColumnKind.PREVIOUS, ColumnKind.ENTRY
    ):
        first, last = sheet.cell(FIRST_ROW, column.index), sheet.cell(layout.last_row, column.index)
        first.value, last.value = last.value, first.value
    return ""


_MISTAKES = {
    Mistake.BLANK: _blank,
    Mistake.WORD: _word,
    Mistake.LONG: _long,
    Mistake.OFFICE: _office,
    Mistake.SPACED: _spaced,
    Mistake.FORMULA: _formula,
    Mistake.ROW: _row,
    Mistake.SORTED: _sorted,
}


def _settled(data: bytes, now: datetime) -> bytes:
    """The same workbook with `now` for every moment in it: openpyxl writes the clock's."""
    stamp = f"{now:%Y-%m-%dT%H:%M:%SZ}".encode()
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, part)
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, part)
    return stream.getvalue()
