"""The tables that define a plan, read from a workbook or a folder of CSV.

One reader for both: headers are taken by id or by their Japanese or English label, wherever they stand. What the
cells mean is `xlplan.definition.reading`'s matter.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from sys import intern

from python_calamine import CalamineError, CalamineWorkbook

from xlplan.definition.specs import TABLES, Table, TableRow, Tables, TableSpec, cell_text, table_named
from xlplan.fields.cells import is_error_value
from xlplan.formula.addresses import cell_address, column_letters, split_address
from xlplan.language.codes import Code
from xlplan.language.errors import DefinitionError, ErrorKey
from xlplan.language.messages import LANGUAGES, Spoken, text
from xlplan.language.text import is_blank, nearest, tidy
from xlplan.model.finding import Finding
from xlplan.model.plancodes import PlanCode
from xlplan.model.safety import SafetyCode
from xlplan.model.submission import ShownCell
from xlplan.spreadsheet.parts import Parts
from xlplan.spreadsheet.safety.inspection import inspect
from xlplan.spreadsheet.safety.limits import MAX_FILE_BYTES, Refusal
from xlplan.spreadsheet.seencells import SeenColumn, seen_cells
from xlplan.spreadsheet.xmlcells import SheetPart, second_look
from xlplan.store.files import files_in, read_bytes


class RefusedWorkbookError(DefinitionError):
    """The file is no workbook, or not one that is safe to open; the one line says why."""

    def __init__(self, path: Path, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(ErrorKey.WORKBOOK_UNREADABLE, path=path)

    def message(self, language: str) -> str:
        """The line, with the reason in the same language."""
        reason = text(self.refusal.code.catalogue_key, language, **self.refusal.params)
        return text("errors.workbook_unreadable", language, **self.params, reason=reason)


NEAR_NAME = 4
"""Characters from which a sheet's name is compared with those of the tables: two short words are soon alike."""
HEADING_WITHIN = 20
"""Lines among which the headings are looked for."""


def read_tables(path: Path) -> Tables:
    """Read the tables of a definition.

    Args:
        path: a workbook, or a folder of CSV files named by table.

    Returns:
        The tables that are there, with what was wrong with their shape.

    Raises:
        FileError: `path` cannot be read.
        DefinitionError: it is no definition at all, or a file in it no text or workbook that may be opened.
    """
    tables: dict[str, Table] = {}
    findings: list[Finding] = []
    for sheet in _csv_sheets(path) if path.is_dir() else _workbook_sheets(path):
        found = table_named(sheet.name)
        if found is None:
            findings += _near_miss(sheet)
        elif found.id in tables:
            findings.append(sheet.finding(PlanCode.TABLE_TWICE, "A1", "", label=found.said(), table=found.id))
        else:
            tables[found.id], faults = _table(found, sheet)
            findings += faults
    if not tables:
        raise DefinitionError(ErrorKey.NO_TABLES, path=path)
    for missing in TABLES:
        if missing.id not in tables and not missing.optional:
            findings.append(_missing_table(path, missing))
    return Tables(tables, tuple(findings))


def _missing_table(path: Path, missing: TableSpec) -> Finding:
    params = {"table": missing.id, "label": missing.said()}
    if path.is_dir():
        return Finding(PlanCode.TABLE_MISSING, file=f"{missing.id}.csv", params=params)
    return Finding(PlanCode.TABLE_MISSING, file=path.name, sheet=missing.id, params=params)


@dataclass(frozen=True, slots=True)
class _SourceSheet:
    """A sheet of a workbook, or a CSV file (whose `sheet` is empty), with the name by which it is a table."""

    file: str
    sheet: str
    name: str
    grid: list[list[object]]
    formulas: Mapping[str, bool] = field(default_factory=dict)
    """The cells that hold a formula of the spreadsheet's, with whether its value is saved."""

    seen: Mapping[str, ShownCell] = field(default_factory=dict)
    """The cells of ids that show their number otherwise than it is: 001."""

    def finding(self, code: Code, cell: str, value: str, /, **params: object) -> Finding:
        """An error at one cell of this sheet."""
        return Finding(code, file=self.file, sheet=self.sheet, cell=cell, value=value, params=params)


def _near_miss(sheet: _SourceSheet) -> list[Finding]:
    """A sheet that is no table is passed over; told is only one whose name was hardly meant otherwise."""
    names = [name for spec_ in TABLES for name in (spec_.id, *map(spec_.label, LANGUAGES))]
    near = nearest(sheet.name, [name for name in names if abs(len(name) - len(sheet.name)) <= 1])
    if len(sheet.name) < NEAR_NAME or not near:
        return []
    meant = table_named(near)
    said = Spoken(near, meant.label("en") if meant else near)
    passed_over = sheet.finding(PlanCode.SHEET_PASSED_OVER, "A1", "", name=sheet.name, near=said)
    return [passed_over]


def _csv_sheets(folder: Path) -> Iterator[_SourceSheet]:
    for path in files_in(folder):
        if path.suffix.casefold() != ".csv":
            continue
        decoded, _ = csv_text(path, read_bytes(path, MAX_FILE_BYTES))
        try:
            reader = csv.reader(io.StringIO(decoded, newline=""), strict=True)
            # the same few words again and again: each is kept once
            grid: list[list[object]] = [list(map(intern, line)) for line in reader]
        except csv.Error as fault:
            raise DefinitionError(ErrorKey.CSV_DAMAGED, path=path, reason=fault) from None
        yield _SourceSheet(path.name, "", path.stem, grid)


def csv_text(path: Path, data: bytes) -> tuple[str, str]:
    """The text of a CSV file, and the encoding in which it is written.

    Raises:
        DefinitionError: it is no text.
    """
    if b"\0" not in data:  # UTF-16, which would pass for CP932
        # the latter is what Excel on a Japanese Windows writes for "CSV"
        for encoding in ("utf-8-sig", "cp932"):
            with suppress(UnicodeDecodeError):
                return data.decode(encoding), encoding
    raise DefinitionError(ErrorKey.CSV_ENCODING, path=path)


def _workbook_sheets(path: Path) -> Iterator[_SourceSheet]:
    data = read_bytes(path)
    judged = inspect(data)  # some files would take the whole process with them
    if isinstance(judged, Refusal):
        raise RefusedWorkbookError(path, judged)
    try:
        book, parts = CalamineWorkbook.from_filelike(io.BytesIO(data)), Parts(data)
        for name in book.sheet_names:
            grid: list[list[object]] = [
                list(line) for line in book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            ]
            part = parts.sheet(name) if table_named(name) else None
            columns = {column_letters(at + 1): at for at in range(max(map(len, grid), default=0))}
            formulas = second_look(part, grid, columns) if part else {}
            yield _SourceSheet(path.name, name, name, grid, formulas, _seen(parts, part, name, grid))
    except CalamineError:
        raise RefusedWorkbookError(path, Refusal(SafetyCode.DAMAGED)) from None


def _seen(
    parts: Parts, part: SheetPart | None, name: str, grid: list[list[object]]
) -> Mapping[str, ShownCell]:
    """The cells of ids that show their number otherwise than it is."""
    found, at_header = table_named(name), None
    if found is not None:
        at_header = _heading_line(found, grid)
    if found is None or part is None or at_header is None:
        return {}
    columns = {
        column_letters(at + 1): SeenColumn(at, words=True, identifies=True)
        for at, cell in enumerate(grid[at_header])
        if not is_blank(cell) and found.column_named(tidy(str(cell))) in found.ids
    }
    return seen_cells(parts, part, [list(line) for line in grid], columns) if columns else {}


def _table(found: TableSpec, sheet: _SourceSheet) -> tuple[Table, list[Finding]]:
    grid = sheet.grid
    at_header = _heading_line(found, grid)
    findings: list[Finding] = []
    headers: dict[str, int] = {}
    for at, cell in enumerate([] if at_header is None else grid[at_header], 1):
        if is_blank(cell):
            continue
        name = tidy(str(cell))
        column = found.column_named(name) or (name if found.open else None)
        address = cell_address((at_header or 0) + 1, at)
        if column is None:
            near = _near_heading(found, name)
            findings.append(sheet.finding(PlanCode.UNKNOWN_COLUMN, address, name, name=name, near=near))
        elif column in headers:
            findings.append(sheet.finding(PlanCode.COLUMN_TWICE, address, name, name=name))
        else:
            headers[column] = at
    header_row = 1 if at_header is None else at_header + 1
    for column in found.required:
        if column not in headers:
            label = found.said_heading(column)
            findings.append(
                sheet.finding(PlanCode.COLUMN_MISSING, f"A{header_row}", "", name=column, label=label)
            )
    rows = () if at_header is None else tuple(_rows(grid, at_header, headers))
    findings += _formulas(found, sheet, header_row, headers)
    findings += _days_for_ids(found, sheet, header_row, headers)
    findings += _shown_ids(found, sheet, header_row, headers)
    return Table(found, sheet.file, sheet.sheet, headers, rows, header_row), findings


def _near_heading(found: TableSpec, name: str) -> Spoken:
    """The heading that was probably meant by `name`, else all that the table has."""
    near = nearest(name, found.names())
    if near:
        return Spoken(near, found.heading(found.column_named(near) or near, "en"))
    return Spoken(
        *(" / ".join(found.heading(column, spoken) for column in found.columns) for spoken in LANGUAGES)
    )


def _rows(grid: list[list[object]], at_header: int, headers: Mapping[str, int]) -> Iterator[TableRow]:
    for number, line in enumerate(grid[at_header + 1 :], at_header + 2):
        cells = {
            column: line[at - 1]
            for column, at in headers.items()
            if at <= len(line) and not is_blank(line[at - 1])
        }
        if cells:
            yield TableRow(number, cells)


def _formulas(
    found: TableSpec, sheet: _SourceSheet, header_row: int, headers: Mapping[str, int]
) -> Iterator[Finding]:
    """Cells in which the spreadsheet works something out: where that is no value, or nothing that was meant here."""
    for column, at in headers.items():
        for row, line in enumerate(sheet.grid[header_row:], header_row + 1):
            address = cell_address(row, at)
            value = line[at - 1] if at <= len(line) else None
            if is_error_value(value):
                yield sheet.finding(PlanCode.ERROR_VALUE, address, str(value), value=value)
            elif address in sheet.formulas and column in found.formulas:
                yield sheet.finding(PlanCode.FORMULA_CELL, address, "")
            elif sheet.formulas.get(address) is False:
                yield sheet.finding(PlanCode.FORMULA_UNSAVED, address, "")


def _days_for_ids(
    found: TableSpec, sheet: _SourceSheet, header_row: int, headers: Mapping[str, int]
) -> Iterator[Finding]:
    """Cells of ids that hold a date: the spreadsheet has made one of 2-7 when it was typed."""
    for column, at in headers.items():
        if column not in found.ids:
            continue
        for row, line in enumerate(sheet.grid[header_row:], header_row + 1):
            value = line[at - 1] if at <= len(line) else None
            if isinstance(value, date):
                day, label = f"{value:%Y-%m-%d}", found.said_heading(column)
                params = {"name": column, "label": label, "value": day, "like": f"{value.month}-{value.day}"}
                yield sheet.finding(PlanCode.ID_DAY, cell_address(row, at), day, **params)


def _shown_ids(
    found: TableSpec, sheet: _SourceSheet, header_row: int, headers: Mapping[str, int]
) -> Iterator[Finding]:
    """Cells of ids that hold a number and show it otherwise: 1 as 001. The number counts, as it always has."""
    columns = {column_letters(at): column for column, at in headers.items() if column in found.ids}
    for address, cell in sheet.seen.items():
        letters, row = split_address(address)
        if letters in columns and row > header_row:
            name, held = columns[letters], cell_text(cell.held)
            params = {"name": name, "label": found.heading(name, "ja"), "value": held, "shown": cell.shown}
            yield sheet.finding(PlanCode.ID_SHOWN, address, held, **params)


def _heading_line(found: TableSpec, grid: list[list[object]]) -> int | None:
    """The line, from 0, that names most of the table's columns: a title may stand above it."""
    named = [
        len({found.column_named(str(cell)) for cell in line if not is_blank(cell)} - {None})
        for line in grid[:HEADING_WITHIN]
    ]
    return named.index(max(named)) if any(named) else None
