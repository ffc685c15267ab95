"""What stands in the sheets of a definition's workbook: headings and values, in one language."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from xlplan.definition.blank import REQUIRED_SETTINGS
from xlplan.definition.specs import (
    SETTING_WORDS,
    TABLES,
    WORDS,
    Tables,
    TableSpec,
    cell_text,
    spec,
    word_meant,
    words,
)
from xlplan.fields.table import TYPES
from xlplan.language.text import fold
from xlplan.model.form import FieldType

TITLE_ROW, NOTE_ROW, HEADER_ROW, FIRST_ROW = 1, 2, 3, 4
SPARE_ROWS = 200
"""Lines below the last that have formats and dropdowns."""

FONT_SIZE, LINE_HEIGHT = 10, 15.0
"""Of all sheets: the size of the font, and the height of a line of it, in points."""

Cell = str | int | float | date | None

FIRST_DAY = date(1900, 3, 1)
"""Excel and LibreOffice disagree about the days before it."""

_PLAIN_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One column of a sheet. `kind` is text, number, month, mixed (numbers, dates) or print (a figure as printed).

    `list` names the list of choices of a column of records.
    """

    id: str
    heading: str
    kind: str = "text"
    list: str = ""


@dataclass(frozen=True, slots=True)
class TableSheet:
    """One table as a sheet: its columns, and its lines from left to right."""

    spec: TableSpec
    columns: tuple[SheetColumn, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def begun(self) -> bool:
        """Whether somebody has written anything on it; in the settings, one that a plan cannot do without."""
        if self.spec.id != "plan":
            return bool(self.rows)
        return any(value for key, value in self.rows if word_meant("setting", str(key)) in REQUIRED_SETTINGS)

    @property
    def last_row(self) -> int:
        """The last row, counted from 1, that has formats and dropdowns."""
        return FIRST_ROW - 1 + len(self.rows) + SPARE_ROWS


@dataclass(frozen=True, slots=True)
class ListNames:
    """Defined names: by "table.column" of the ids that other sheets refer to, by list of choices, by set of words.

    Of the sets only those have a name that are too long to stand in the dropdown itself.
    """

    columns: Mapping[str, str]
    lists: Mapping[str, str]
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Field:
    """A line of the table `fields`, as far as `records` needs it."""

    id: str
    label: str
    type: FieldType
    list: str
    computed: bool


def table_sheets(tables: Tables, language: str) -> tuple[TableSheet, ...]:
    """Every table as a sheet, in the order of `TABLES`; one that is absent has its headings only."""
    return tuple(_sheet(table, tables, language) for table in TABLES)


def setting(tables: Tables, name: str) -> str:
    """A setting of the plan; of one that takes a few words, the word's id. Empty where it is not written."""
    for _, row in tables.rows("plan"):
        if word_meant("setting", cell_text(row.cells.get("key"))) == name:
            written = cell_text(row.cells.get("value"))
            return (word_meant(SETTING_WORDS[name], written) or "") if name in SETTING_WORDS else written
    return ""


def _sheet(found: TableSpec, tables: Tables, language: str) -> TableSheet:
    columns = tuple(_columns(found, tables, language))
    makers = {"plan": _setting_cell, "fields": _field_cell, "published": _printed_cell}
    make = makers.get(found.id, _cell)
    formats = _formats(tables)
    rows = [
        tuple(make(found, column, row.cells, language, formats) for column in columns)
        for _, row in tables.rows(found.id)
    ]
    if found.id == "plan":
        there = {word_meant("setting", cell_text(row.cells.get("key"))) for _, row in tables.rows("plan")}
        names = words("setting", language)
        rows += [(names[key], None) for key in WORDS["setting"] if key not in there]
    return TableSheet(found, columns, tuple(rows))


# --- columns ----------------------------------------------------------------------------------------


_SELDOM = {("records", "department"), ("records", "proposed")}
"""Columns that stand in the workbook only where the tables have them: the office fills the others beside them."""


def _columns(found: TableSpec, tables: Tables, language: str) -> Iterator[SheetColumn]:
    table = tables.tables.get(found.id)
    for column in found.columns:
        if (found.id, column) in _SELDOM and not (table and column in table.headers):
            continue
        yield SheetColumn(column, found.heading(column, language), _kind(found, column))
    further = [heading for heading in table.headers if heading not in found.columns] if table else []
    if found.id == "records":
        yield from _record_columns(further, _fields(tables), setting(tables, "language") or "ja", language)
    else:
        yield from (SheetColumn(heading, heading) for heading in further)


def _kind(found: TableSpec, column: str) -> str:
    if column in ("min", "max", "reference_date"):
        return "mixed"
    if (found.id, column) == ("published", "value"):
        return "print"
    return "number" if column in found.numbers else "text"


def _fields(tables: Tables) -> list[_Field]:
    return [
        _Field(
            id=cell_text(row.cells.get("id")),
            label=cell_text(row.cells.get("label")),
            type=_type_of(row.cells),
            list=cell_text(row.cells.get("list")),
            computed=word_meant("filled_by", cell_text(row.cells.get("filled_by"))) == "formula",
        )
        for _, row in tables.rows("fields")
    ]


def _type_of(cells: Mapping[str, object]) -> FieldType:
    """The type that a line of the table `fields` gives; text where it gives none."""
    return FieldType(word_meant("type", cell_text(cells.get("type"))) or "text")


def _record_columns(
    further: list[str], fields: list[_Field], spoken: str, language: str
) -> Iterator[SheetColumn]:
    """A column for each field: those that the table has, then those that it lacks, but for the item's own.

    Labels are in the plan's language, `spoken`: in a workbook of another language ids say more.
    """
    headed: list[tuple[str, list[_Field]]] = [(heading, _named(heading, fields)) for heading in further]
    there = {field.id for _, meant in headed for field in meant}
    for field in fields:
        if field.id and field.id not in there and not field.computed and not TYPES[field.type].from_items:
            there.add(field.id)
            headed.append((field.id, _named(field.id, fields)))
    for name, meant in headed:
        kinds = {TYPES[field.type].definition_cell for field in meant}
        kind = "month" if kinds == {"month"} else "text"
        if kinds and not kinds - {"number", "day"}:
            kind = "mixed"
        lists = {field.list if TYPES[field.type].from_list else "" for field in meant}
        shown = _label(meant, fields) if spoken == language else ""
        yield SheetColumn(name, shown or name, kind, lists.pop() if len(lists) == 1 else "")


def _named(name: str, fields: list[_Field]) -> list[_Field]:
    """The fields of all forms that a heading means: by id, else by label."""
    by_id = [field for field in fields if fold(field.id) == fold(name)]
    return by_id or [field for field in fields if fold(field.label) == fold(name)]


def _label(meant: list[_Field], fields: list[_Field]) -> str:
    """The label under which the reader finds exactly these fields; empty where it could be another."""
    labels, ids = {field.label for field in meant}, {field.id for field in meant}
    if len(labels) != 1:
        return ""
    label = labels.pop()
    others = [name for field in fields if field.id not in ids for name in (field.id, field.label)]
    clear = fold(label) not in map(fold, others) and spec("records").column_named(label) is None
    return label if clear else ""


# --- cells ------------------------------------------------------------------------------------------


def _cell(
    found: TableSpec, column: SheetColumn, cells: Mapping[str, object], language: str, _: Mapping[str, str]
) -> Cell:
    raw = cells.get(column.id)
    if raw is None:
        return None
    if column.id in found.choices:
        which = found.choices[column.id]
        meant = word_meant(which, cell_text(raw))
        return words(which, language)[meant] if meant else cell_text(raw)
    if column.kind == "month":
        return _month(raw)
    if column.kind == "mixed":
        return _day(raw) or _number(raw)
    return _number(raw) if column.kind == "number" else cell_text(raw)


def _setting_cell(
    found: TableSpec, column: SheetColumn, cells: Mapping[str, object], language: str, rest: Mapping[str, str]
) -> Cell:
    which = SETTING_WORDS.get(word_meant("setting", cell_text(cells.get("key"))) or "")
    raw = cells.get("value")
    if column.id == "key" or which is None or raw is None:
        return _cell(found, column, cells, language, rest)
    meant = word_meant(which, cell_text(raw))
    if meant is None:
        return cell_text(raw)
    return int(meant) if which == "month" else words(which, language)[meant]


def _field_cell(
    found: TableSpec, column: SheetColumn, cells: Mapping[str, object], language: str, rest: Mapping[str, str]
) -> Cell:
    """Bounds are dates where the field holds dates."""
    if column.id in ("min", "max") and column.id in cells:
        match TYPES[_type_of(cells)].definition_cell:
            case "day":
                return _day(cells[column.id]) or cell_text(cells[column.id])
            case "month":
                return _month(cells[column.id])
            case _:
                return _number(cells[column.id])
    return _cell(found, column, cells, language, rest)


def _printed_cell(
    found: TableSpec,
    column: SheetColumn,
    cells: Mapping[str, object],
    language: str,
    formats: Mapping[str, str],
) -> Cell:
    """A figure in print: a number where that says the same as the print, else the print."""
    raw = cells.get(column.id)
    if column.id != "value" or raw is None:
        return _cell(found, column, cells, language, formats)
    measure = f"{cell_text(cells.get('view'))}/{cell_text(cells.get('measure'))}"
    return raw if isinstance(raw, int | float) else _plain_print(raw, formats.get(measure, ""))


def _plain_print(raw: object, shape: str) -> Cell:
    return cell_text(raw) if shape.endswith("%") else _number(raw)


def _formats(tables: Tables) -> Mapping[str, str]:
    """The number formats of the measures, by view and id."""
    return {
        f"{cell_text(row.cells.get('view'))}/{cell_text(row.cells.get('id'))}": cell_text(
            row.cells.get("format")
        )
        for _, row in tables.rows("measures")
    }


def _number(raw: object) -> Cell:
    """The number, where text would say no more than it; else the text."""
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return raw
    written = cell_text(raw)
    if not _PLAIN_NUMBER.fullmatch(written):
        return written
    read = float(written)
    kept = float(f"{read:.15g}") == read  # the digits that a workbook keeps
    return read if kept and cell_text(read) == written else written


def _month(raw: object) -> Cell:
    """The month as the date of its first day, where it is written as 2014-05 or as a date; else the text."""
    written = cell_text(raw)
    return _day(f"{written}-01") or _day(written) or written


def _day(raw: object) -> date | None:
    """The date, where it is written as a date and a workbook can hold it."""
    written = cell_text(raw)
    try:
        read = date.fromisoformat(written)
    except ValueError:
        return None
    return read if read.isoformat() == written and read >= FIRST_DAY else None
