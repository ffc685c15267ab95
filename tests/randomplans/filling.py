"""Departments' answers, written into the cells of issued workbooks as Excel leaves them."""

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import date
from random import Random
from xml.sax.saxutils import escape

import openpyxl

from xlplan import Plan
from xlplan.form.layout.entry import FIRST_ROW, EntryLayout

from .plans import RandomForm, RandomPlan, Value

_SHEET = re.compile(r'<sheet [^>]*?name="(?P<name>[^"]*)"[^>]*?r:id="(?P<id>[^"]*)"')
_RELATION = re.compile(r"<Relationship [^>]*>")
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')

Cells = Mapping[str, Value]
"""What is typed, by address."""


def filled(
    made: RandomPlan, plan: Plan, period: str, department: str, workbook: bytes, *, mistaken: bool = False
) -> bytes:
    """A department's workbook with its answers of a round; a `mistaken` one has a word where a number belongs."""
    rng = Random(f"{made.seed} {period} {department}")
    at = plan.period(period)
    assert at is not None
    sheets: dict[str, dict[str, Value]] = {}
    for form in made.forms:
        rows = made.answers.get((period, department, form.id), ())
        layout = EntryLayout(next(one for one in plan.forms if one.id == form.id), plan, at, len(rows))
        items = [item.id for item in plan.items_of(at, department)]
        cells: dict[str, Value] = {}
        for number, (item, values) in enumerate(rows):
            row = FIRST_ROW + (items.index(item) if item else number)
            for field in layout.form.entered:
                value = values.get(field.id)
                if value is not None:
                    cells[f"{layout.field_column(field).letters}{row}"] = _typed(
                        made, form, field.id, value, rng
                    )
        numbers = [field for field in layout.form.entered if field.type in ("number", "whole", "date")]
        if mistaken and rows and numbers:
            cells[f"{layout.field_column(numbers[0]).letters}{FIRST_ROW}"] = "not known yet"
        sheets[form.title] = cells
    return by_openpyxl(workbook, sheets) if rng.random() < 0.1 else by_hand(workbook, sheets)


def _typed(made: RandomPlan, form: RandomForm, field_id: str, value: Value, rng: Random) -> Value:
    """A value as somebody types it: now and then another spelling of it."""
    field = form.field(field_id)
    assert field is not None
    if field.type == "choice" and rng.random() < 0.3:
        row = next(one for one in made.choices[field.list] if one["value"] == value)
        return rng.choice([one for one in (row["aliases"], row["symbol"], str(value)) if one])
    if field.type in ("number", "whole") and rng.random() < 0.15:
        return f"{value:,.15g}"
    if field.type == "month" and isinstance(value, date) and rng.random() < 0.3:
        return f"{value:%Y-%m}"
    if field.type == "year" and isinstance(value, float):
        return int(value)
    return value


def by_openpyxl(workbook: bytes, sheets: Mapping[str, Cells]) -> bytes:
    """The workbook as openpyxl saves it."""
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    for name, cells in sheets.items():
        for address, value in cells.items():
            cell = book[name][address]
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def by_hand(workbook: bytes, sheets: Mapping[str, Cells]) -> bytes:
    """The workbook with values put into its cells, all else as it was: a tenth of the time."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as new,
    ):
        parts = _parts(old)
        wanted = {parts[escape(name, {'"': "&quot;"})]: cells for name, cells in sheets.items()}
        for name in old.namelist():
            data = old.read(name)
            if name in wanted:
                data = _with_cells(data.decode(), wanted[name]).encode()
            new.writestr(name, data)
    return stream.getvalue()


def _parts(archive: zipfile.ZipFile) -> Mapping[str, str]:
    """The part of each sheet, by its name as XML has it."""
    relations = [
        dict(_ATTRIBUTE.findall(one))
        for one in _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels").decode())
    ]
    targets = {one["Id"]: f"xl/{one['Target'].removeprefix('/xl/')}" for one in relations}
    book = archive.read("xl/workbook.xml").decode()
    return {one["name"]: targets[one["id"]] for one in _SHEET.finditer(book)}


def _with_cells(sheet: str, cells: Cells) -> str:
    def put(found: re.Match[str]) -> str:
        if found["at"] not in cells:
            return found[0]
        value = cells[found["at"]]
        style = re.search(r' s="[0-9]+"', found[0])
        head = f'<c r="{found["at"]}"{style[0] if style else ""}'
        put_in.add(found["at"])
        if isinstance(value, str):
            return f'{head} t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
        if isinstance(value, date):
            value = (value - date(1899, 12, 30)).days
        return f"{head}><v>{value!r}</v></c>"

    put_in: set[str] = set()
    made = re.sub(r'<c r="(?P<at>[A-Z]+[0-9]+)"[^>]*?(?:/>|>.*?</c>)', put, sheet, flags=re.DOTALL)
    missing = cells.keys() - put_in
    assert not missing, f"no cell to write into: {missing}"
    return made
