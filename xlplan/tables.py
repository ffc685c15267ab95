"""The tables that define a plan: which there are, and reading them from a workbook or a folder of CSV.

One reader for both: headers are taken by id or by their Japanese or English label, wherever they stand. Alone
knows where a definition's cells are; what the cells mean is `xlplan.definition`'s matter.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from xlplan.errors import DefinitionError
from xlplan.files import read_bytes
from xlplan.finding import Finding, Severity
from xlplan.formula import column_letters
from xlplan.messages import LANGUAGES, text
from xlplan.text import fold, is_blank, nearest


@dataclass(frozen=True, slots=True)
class TableSpec:
    """One table of a definition. `open` tables take further columns; `required` columns must be there."""

    id: str
    columns: tuple[str, ...]
    required: tuple[str, ...]
    open: bool = False
    optional: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)

    def label(self, language: str) -> str:
        """The sheet's name."""
        return text(f"tables.{self.id}.table.label", language)

    def heading(self, column: str, language: str) -> str:
        """A column's heading; a further column's is its own name."""
        return text(f"tables.{self.id}.{column}.label", language) if column in self.columns else column

    def note(self, column: str, language: str) -> str:
        """What belongs in a column; empty for a further column."""
        return text(f"tables.{self.id}.{column}.note", language) if column in self.columns else ""


def _spec(table: str, columns: str, **rest: object) -> TableSpec:
    names = columns.split()
    return TableSpec(
        table,
        tuple(name.rstrip("!") for name in names),
        tuple(name[:-1] for name in names if name.endswith("!")),
        **rest,  # type: ignore[arg-type]
    )


TABLES: tuple[TableSpec, ...] = (
    _spec("plan", "key! value!"),
    _spec("periods", "id! label! first_year! last_year!"),
    _spec("departments", "id! name! contact email from_period to_period successor"),
    _spec(
        "items",
        "id! goal group title! summary department! from_period to_period predecessor",
        open=True,
    ),
    _spec("forms", "id! title! note"),
    _spec(
        "fields",
        "form! id! label! type! list required filled_by formula previous min max max_length pattern unique"
        " width hint",
        choices={"type": "type", "filled_by": "filled_by", "previous": "yes_no", "unique": "yes_no"},
    ),
    _spec("choices", "list! value! rank symbol aliases after"),
    _spec(
        "rules",
        "id! form! check! target! severity message! remedy from_period",
        optional=True,
        choices={"severity": "severity"},
    ),
    _spec("views", "id! title! kind! form options", optional=True, choices={"kind": "kind"}),
    _spec("measures", "view! id! label! formula! by format", optional=True),
    _spec("records", "form! period! item!", open=True, optional=True),
    _spec("published", "view! measure! group period value!", optional=True),
)
"""The tables in the order in which a plan is written. A column's `choices` name a set of words in
`catalogue/tables.toml`."""


def spec(table: str) -> TableSpec:
    """The table with this id."""
    return next(one for one in TABLES if one.id == table)


def words(which: str, language: str) -> dict[str, str]:
    """The words of a set such as `type` or `yes_no`: id → word in `language`."""
    ids = _WORD_IDS[which]
    return {one: text(f"tables.values.{which}.{one}", language) for one in ids}


_WORD_IDS = {
    "type": ("text", "choice", "whole", "number", "date"),
    "filled_by": ("office", "department", "formula"),
    "yes_no": ("yes", "no"),
    "severity": ("error", "warning"),
    "kind": ("progress", "status", "statistics", "schedule", "list"),
}


@dataclass(frozen=True, slots=True)
class TableRow:
    """One line of a table: its 1-based row in the file, and its cells by column id (blank ones left out)."""

    number: int
    cells: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Table:
    """One table as read. `headers` maps column id → 1-based column, in the file's order."""

    spec: TableSpec
    file: str
    sheet: str
    headers: Mapping[str, int]
    rows: tuple[TableRow, ...]

    def cell(self, row: int, column: str) -> str:
        """A1 address of a cell; of the row's first cell where the column is absent."""
        return f"{column_letters(self.headers.get(column, 1))}{row}"

    def finding(self, code: str, row: int, column: str, value: object = "", **params: object) -> Finding:
        """An error at one cell of this table."""
        return Finding(
            code,
            Severity.ERROR,
            file=self.file,
            sheet=self.sheet,
            cell=self.cell(row, column),
            field=column,
            value="" if value is None else str(value),
            params=params,
        )


@dataclass(frozen=True, slots=True)
class Tables:
    """All tables of one definition, as read, with what was wrong with their shape."""

    tables: Mapping[str, Table]
    findings: tuple[Finding, ...] = ()

    def rows(self, table: str) -> Iterator[tuple[Table, TableRow]]:
        """The lines of a table with the table itself; none where it is absent."""
        if found := self.tables.get(table):
            for row in found.rows:
                yield found, row


def read_tables(path: Path) -> Tables:
    """Read the definition at `path`: a workbook, or a folder of CSV files named by table id.

    Raises FileError where it cannot be read and DefinitionError where it is no definition at all.
    """
    sheets = _csv_sheets(path) if path.is_dir() else _workbook_sheets(path)
    tables: dict[str, Table] = {}
    findings: list[Finding] = []
    for file, sheet, name, grid in sheets:
        found = _spec_named(name)
        if found is None or found.id in tables:
            continue
        table, faults = _table(found, file, sheet, grid)
        findings += faults
        tables[found.id] = table
    if not tables:
        raise DefinitionError("no_tables", path=path)
    for missing in TABLES:
        if missing.id not in tables and not missing.optional:
            findings.append(_missing_table(path, missing))
    return Tables(tables, tuple(findings))


def _missing_table(path: Path, missing: TableSpec) -> Finding:
    file = f"{missing.id}.csv" if path.is_dir() else path.name
    params = {"table": missing.id, "label": missing.label("ja")}
    return Finding("plan_table_missing", Severity.ERROR, file=file, sheet=missing.id, params=params)


def _spec_named(name: str) -> TableSpec | None:
    wanted = fold(name)
    for one in TABLES:
        if wanted in {fold(one.id), *(fold(one.label(language)) for language in LANGUAGES)}:
            return one
    return None


Grid = list[list[object]]


def _csv_sheets(folder: Path) -> Iterator[tuple[str, str, str, Grid]]:
    for path in sorted(folder.glob("*.csv")):
        data = read_bytes(path)
        try:
            decoded = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            try:
                decoded = data.decode("cp932")  # what Excel on a Japanese Windows writes for "CSV"
            except UnicodeDecodeError:
                raise DefinitionError("csv_encoding", path=path) from None
        try:
            grid: Grid = [list(line) for line in csv.reader(io.StringIO(decoded, newline=""), strict=True)]
        except csv.Error as fault:
            raise DefinitionError("csv_damaged", path=path, reason=fault) from None
        yield path.name, "", path.stem, grid


def _workbook_sheets(path: Path) -> Iterator[tuple[str, str, str, Grid]]:
    data = read_bytes(path)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for name in book.sheet_names:
            yield path.name, name, name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)  # type: ignore[misc]
    except CalamineError as fault:
        raise DefinitionError("workbook_unreadable", path=path, reason=fault) from None


def _table(found: TableSpec, file: str, sheet: str, grid: Grid) -> tuple[Table, list[Finding]]:
    findings: list[Finding] = []
    header_row = next((at for at, line in enumerate(grid) if _is_header(found, line)), None)
    headers: dict[str, int] = {}
    if header_row is not None:
        for at, cell in enumerate(grid[header_row], 1):
            if is_blank(cell):
                continue
            column = _column_named(found, str(cell))
            address = f"{column_letters(at)}{header_row + 1}"
            if column is None:
                near = nearest(str(cell), list(found.columns))
                params = {"name": str(cell).strip(), "near": near or "、".join(found.columns)}
                findings.append(_at(file, sheet, address, "plan_unknown_column", str(cell), params))
            elif column in headers:
                params = {"name": column}
                findings.append(_at(file, sheet, address, "plan_column_twice", str(cell), params))
            else:
                headers[column] = at
    for column in found.required:
        if column not in headers:
            params = {"name": column, "label": found.heading(column, "ja")}
            findings.append(_at(file, sheet, "A1", "plan_column_missing", "", params))
    rows = () if header_row is None else tuple(_rows(grid, header_row, headers))
    return Table(found, file, sheet, headers, rows), findings


def _at(file: str, sheet: str, cell: str, code: str, value: str, params: Mapping[str, object]) -> Finding:
    return Finding(code, Severity.ERROR, file=file, sheet=sheet, cell=cell, value=value, params=params)


def _rows(grid: Grid, header_row: int, headers: Mapping[str, int]) -> Iterator[TableRow]:
    for number, line in enumerate(grid[header_row + 1 :], header_row + 2):
        cells = {
            column: line[at - 1]
            for column, at in headers.items()
            if at <= len(line) and not is_blank(line[at - 1])
        }
        if cells:
            yield TableRow(number, cells)


def _is_header(found: TableSpec, line: list[object]) -> bool:
    """A heading row names at least two of the columns that a table cannot do without."""
    names = {fold(str(cell)) for cell in line if not is_blank(cell)}
    known = {
        column
        for column in found.required
        if names & {fold(column), *(fold(found.heading(column, language)) for language in LANGUAGES)}
    }
    return len(known) >= min(2, len(found.required))


def _column_named(found: TableSpec, name: str) -> str | None:
    wanted = fold(name)
    for column in found.columns:
        if wanted in {fold(column), *(fold(found.heading(column, language)) for language in LANGUAGES)}:
            return column
    return name.strip() if found.open else None
