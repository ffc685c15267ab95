"""The workbooks that xlplan itself wrote and keeps, read for what they say: never a file that came in."""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from python_calamine import CalamineError, CalamineWorkbook

from xlplan.fields.cells import as_text
from xlplan.fields.reading import convert
from xlplan.form.issuing import Rows, open_rows
from xlplan.form.layout.columns import ColumnKind
from xlplan.form.write.order import due_words
from xlplan.language.text import is_blank
from xlplan.model.form import FilledBy, Form
from xlplan.model.issue import IssuedBook, IssuedRow
from xlplan.model.plan import Plan
from xlplan.model.record import Value
from xlplan.model.submission import ReturnedForm, Submission

FURTHEST_DUE = 800
"""Days after its issue within which a workbook's day due is looked for."""


def read_issued_book(data: bytes) -> IssuedBook | None:
    """The cells of a workbook of ours, known by its hash to be as written; None where it cannot be read."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names
        }
    except CalamineError:
        return None
    return IssuedBook(sheets)


def texts_in(book: IssuedBook) -> Iterator[str]:
    """Every text in its cells."""
    for grid in book.sheets.values():
        yield from (cell for line in grid for cell in line if isinstance(cell, str))


def issued_at(data: bytes) -> datetime | None:
    """When a workbook of ours was issued, as its properties say; None where they do not."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            found = re.search(rb"<dcterms:created[^>]*>([^<]*)<", file.read("docProps/core.xml"))
        # XlsxWriter calls this computer's time one of Greenwich
        return datetime.fromisoformat(found[1].decode().removesuffix("Z")) if found else None
    except (zipfile.BadZipFile, KeyError, ValueError):
        return None


def due_in(data: bytes, plan: Plan, issued: datetime) -> date | None:
    """The day by which a workbook of ours asks for an answer; None where it names none.

    Args:
        data: The workbook.
        plan: The plan, in whose words it is said.
        issued: When it was issued.
    """
    book = read_issued_book(data)
    said = frozenset(texts_in(book)) if book else frozenset()
    days = (issued.date() + timedelta(days) for days in range(-FURTHEST_DUE, FURTHEST_DUE))
    return next((day for day in days if due_words(plan, day) in said), None)


def rows_in(submission: Submission, plan: Plan, *, entered: bool = False) -> Rows:
    """The rows that stand in a workbook of ours as it went out, by form id.

    Args:
        submission: The workbook, read as if it were a return.
        plan: The plan as it was asked in the round.
        entered: Whether what stands in the white cells belongs to them, as in the office's own workbook.
    """
    sheets = {sheet.form: sheet for sheet in submission.forms}
    return {form.id: tuple(_rows(form, sheets.get(form.id), plan, entered=entered)) for form in plan.forms}


def _rows(form: Form, sheet: ReturnedForm | None, plan: Plan, *, entered: bool) -> Iterator[IssuedRow]:
    if form.is_open:
        yield from open_rows(form)
        return
    for row in sheet.rows if sheet else ():
        raws = dict(zip(sheet.columns if sheet else (), row.values, strict=False))
        office = {
            name: raw
            for name, raw in raws.items()
            if entered or form.by_id[name].filled_by is FilledBy.OFFICE
        }
        shown: dict[str, dict[str, object]] = {kind.value: {} for kind in ColumnKind}
        for key, raw in zip(sheet.shown if sheet else (), row.shown, strict=False):
            kind, _, name = key.partition(":")
            shown[kind][name] = raw
        about = {name: as_text(raw) for name, raw in shown[ColumnKind.ATTRIBUTE].items() if not is_blank(raw)}
        previous = _values(form, shown[ColumnKind.PREVIOUS], plan)
        yield IssuedRow(row.item, _values(form, office, plan), previous, about)


def _values(form: Form, raws: Mapping[str, object], plan: Plan) -> dict[str, Value]:
    found = {
        name: convert(raw, form.by_id[name], plan.choices_of(form.by_id[name]), plan.years).value
        for name, raw in raws.items()
        if not is_blank(raw)
    }
    return {name: value for name, value in found.items() if value is not None}
