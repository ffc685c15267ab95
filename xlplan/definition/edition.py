"""Editions: the plan's tables as one text that outlives the code, and back again.

The text is JSON: the number of its form, and by table the ids of the columns with their places, the row of the
headings, and the lines. Texts, numbers and truth values stand as they are in their cells; days and times as a list
with one text. What the reader of definitions (`xlplan.definition.reading`) makes of it is what it made of the tables.
The figures in print are not kept: those are always today's.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import zip_longest
from typing import Any

from xlplan.definition.specs import TABLES, Table, TableRow, Tables, cell_text
from xlplan.fields.cells import as_text
from xlplan.language.errors import ErrorKey, LedgerError
from xlplan.model.edition import EDITION_FORMAT, Edition

LEFT_OUT = ("published",)
"""Tables that are always today's."""
_KINDS: Mapping[str, type[datetime] | type[date] | type[time]] = {
    "datetime": datetime,
    "date": date,
    "time": time,
}


def tables_text(tables: Tables) -> str:
    """The tables of a definition as the text of an edition.

    Args:
        tables: The tables as read.

    Returns:
        The text: the same for the same cells, wherever the file lies and in whatever order its columns stand.
    """
    kept = {name: _table(table) for name, table in sorted(tables.tables.items()) if name not in LEFT_OUT}
    return json.dumps(
        {"format": EDITION_FORMAT, "tables": kept}, ensure_ascii=False, separators=(",", ":"), sort_keys=True
    )


def edition_tables(edition: Edition) -> Tables:
    """The tables that an edition keeps.

    Raises:
        LedgerError: a later xlplan has kept them, or they are not as they were written.
    """
    if edition.format > EDITION_FORMAT:
        raise LedgerError(ErrorKey.EDITION_NEWER, period=edition.period)
    try:
        kept = json.loads(edition.tables)["tables"]
        specs = {spec.id: spec for spec in TABLES}
        return Tables({name: _read(specs[name], table, edition.period) for name, table in kept.items()})
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise LedgerError(ErrorKey.EDITION_DAMAGED, period=edition.period) from error


def _table(table: Table) -> Mapping[str, object]:
    headers = list(table.headers)
    lines = [[row.number, *(_written(row.cells.get(name)) for name in headers)] for row in table.rows]
    places = [table.headers[name] for name in headers]
    where = [table.file, table.sheet, table.header_row]
    return {"columns": headers, "places": places, "where": where, "lines": lines}


def _written(value: object) -> object:
    match value:
        case None | bool() | int() | float() | str():
            return value
        case datetime() | date() | time():
            return [type(value).__name__, value.isoformat()]
        case timedelta():
            return ["timedelta", value.total_seconds()]
        case _:
            return as_text(value)


def _read(spec: Any, kept: Mapping[str, Any], period: str) -> Table:
    headers = dict(zip(kept["columns"], kept["places"], strict=True))
    file, sheet, header_row = kept["where"]
    rows = tuple(
        TableRow(
            number,
            {
                name: _value(cell)
                for name, cell in zip(kept["columns"], cells, strict=True)
                if cell is not None
            },
        )
        for number, *cells in kept["lines"]
    )
    return Table(spec, file, sheet, headers, rows, header_row)


def _value(cell: object) -> object:
    if not isinstance(cell, list):
        return cell
    kind, text = cell
    if kind == "timedelta":
        return timedelta(seconds=text)
    return _KINDS[kind].fromisoformat(text)


IDENTIFYING = ("id", "value", "key", "code", "item")
"""The columns of which the first that a table has names its rows."""


@dataclass(frozen=True, slots=True)
class CorrectedRow:
    """One cell of the plan's tables that is taken into an edition: where it is, what stood there, what stands.

    What is written is what a CSV file would have; a blank is empty.
    """

    table: str
    row: str
    column: str
    old: str
    new: str


def with_row(kept: Tables, now: Tables, table: str, row_id: str) -> tuple[Tables, tuple[CorrectedRow, ...]]:
    """The tables of an edition with a row as today's tables have it.

    Args:
        kept: The tables of the edition.
        now: Today's tables.
        table: Id of the table.
        row_id: What stands in the column that names its rows (`IDENTIFYING`); every row of that name is taken.

    Returns:
        The tables, and the cells that changed: none where there is no such row, or it stands there as it is.
    """
    old, new = kept.tables.get(table), now.tables.get(table)
    if new is None:
        return kept, ()
    before = [row for row in old.rows if row_name(old, row) == row_id] if old else []
    after = [row for row in new.rows if row_name(new, row) == row_id]
    cells = tuple(_changed_cells(table, row_id, before, after))
    if not cells:
        return kept, ()
    known = old or replace(new, rows=())
    headers = dict(known.headers)
    for column in new.headers:
        headers.setdefault(column, max(headers.values(), default=0) + 1)
    at = known.rows.index(before[0]) if before else len(known.rows)
    others = [row for row in known.rows if row_name(known, row) != row_id]
    rows = (*others[:at], *after, *others[at:])
    numbered = tuple(replace(row, number=known.header_row + place) for place, row in enumerate(rows, 1))
    return Tables({**kept.tables, table: replace(known, headers=headers, rows=numbered)}), cells


def row_name(table: Table, row: TableRow) -> str:
    """What names a row of a table."""
    column = next((name for name in IDENTIFYING if name in table.headers), "")
    return cell_text(row.cells.get(column))


def _changed_cells(
    table: str, row_id: str, before: Sequence[TableRow], after: Sequence[TableRow]
) -> Iterator[CorrectedRow]:
    for old, new in zip_longest(before, after):
        was, now = (row.cells if row else {} for row in (old, new))
        for column in dict.fromkeys((*was, *now)):
            texts = cell_text(was.get(column)), cell_text(now.get(column))
            if texts[0] != texts[1]:
                yield CorrectedRow(table, row_id, column, *texts)


def as_owned(tables: Tables, owners: Mapping[str, str]) -> Tables:
    """Today's tables with what is known of a round of which no edition was kept.

    Args:
        tables: The tables as they are.
        owners: By the id of an item, that of the department that was asked about it.

    Returns:
        The same with these departments, as far as they are still in the tables.
    """
    table, departments = tables.tables.get("items"), tables.tables.get("departments")
    if table is None or departments is None:
        return tables
    known = {str(row.cells.get("id", "")) for row in departments.rows}
    rows = tuple(_owned(table, row, owners, known) for row in table.rows)
    return Tables({**tables.tables, "items": replace(table, rows=rows)}, tables.findings)


def _owned(table: Table, row: TableRow, owners: Mapping[str, str], known: set[str]) -> TableRow:
    owner = owners.get(str(row.cells.get("id", "")), "")
    if owner not in known or "department" not in table.headers:
        return row
    return replace(row, cells={**row.cells, "department": owner})
