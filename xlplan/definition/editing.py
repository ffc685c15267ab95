"""A few cells and lines of a definition changed where they stand, in a workbook or in CSV files, and nothing else."""

import csv
import io
import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from xlplan.definition.specs import HIDDEN_SHEET, Table, TableRow, Tables, cell_text
from xlplan.definition.tables import csv_text, read_tables
from xlplan.language.messages import LANGUAGES, text
from xlplan.spreadsheet.editing import CellEdit, EditableBook, SheetEdit, UneditableError
from xlplan.store.files import files_in, read_bytes, scratch_folder, write_bytes

Cell = str | int | float | date

_CELL = '(?:"(?:[^"]|"")*"|[^",\\r\\n][^,\\r\\n]*|)'
_RECORD = re.compile(rf"({_CELL}(?:,{_CELL})*)(\r\n|\r|\n|$)")


@dataclass(frozen=True, slots=True)
class AddedLine:
    """A line to add: its cells by column, and the row (1-based) whose look it takes; 0 for that of the last line."""

    cells: Mapping[str, Cell]
    like: int = 0


@dataclass(frozen=True, slots=True)
class TableEdit:
    """What changes in a table: cells by row (1-based) and column, and the lines to add below the last one."""

    table: str
    cells: Mapping[tuple[int, str], Cell] = field(default_factory=dict)
    lines: Sequence[AddedLine] = ()

    @property
    def columns(self) -> Iterator[str]:
        """The columns in which anything changes."""
        yield from (column for _, column in self.cells)
        for line in self.lines:
            yield from line.cells


def with_edits(tables: Tables, edits: Sequence[TableEdit]) -> Tables:
    """The tables as they are to be read afterwards. A column that a table lacks stands to the right of its last one."""
    found = dict(tables.tables)
    for edit in edits:
        table = found[edit.table]
        headers = dict(table.headers)
        for column in edit.columns:
            headers.setdefault(column, max(headers.values()) + 1)
        changed: dict[int, dict[str, object]] = {}
        for (row, column), value in edit.cells.items():
            changed.setdefault(row, {})[column] = value
        rows = [replace(row, cells={**row.cells, **changed.get(row.number, {})}) for row in table.rows]
        rows += [TableRow(number, line.cells) for number, line in enumerate(edit.lines, _last_row(table) + 1)]
        found[edit.table] = replace(table, headers=headers, rows=tuple(rows))
    return Tables(found, tables.findings)


def _last_row(table: Table) -> int:
    return table.rows[-1].number if table.rows else table.header_row


def edited_files(
    path: Path, tables: Tables, edits: Sequence[TableEdit], language: str
) -> Mapping[Path, bytes]:
    """The files of a definition with edits, which read as `with_edits` says: that is tried before they are given back.

    Args:
        path: The workbook, or the folder of CSV files.
        tables: What was read of it.
        edits: What changes.
        language: Of the headings of columns that a table lacks.

    Returns:
        The bytes of each file that changes, in the order of the edits.

    Raises:
        FileError: a file cannot be read.
        UneditableError: the workbook is written in such a way that it cannot be changed without losing anything.
    """
    if path.is_dir():
        files = {}
        for edit in edits:
            table = tables.tables[edit.table]
            files[path / table.file] = _Csv(path / table.file).edited(table, edit, language)
    else:
        files = {path: _edited_book(path, tables, edits, language)}
    if not _reads_as(path, files, with_edits(tables, edits)):
        raise UneditableError
    return files


def _reads_as(path: Path, files: Mapping[Path, bytes], wanted: Tables) -> bool:
    """Whether the files, with the others beside them, read as wanted."""
    with scratch_folder() as scratch:
        if path.is_dir():
            for file in files_in(path):
                if file.suffix.casefold() == ".csv":
                    write_bytes(scratch / file.name, files.get(file) or read_bytes(file))
            return _same(read_tables(scratch), wanted)
        write_bytes(scratch / path.name, files[path])
        return _same(read_tables(scratch / path.name), wanted)


def _same(read: Tables, wanted: Tables) -> bool:
    def plain(tables: Tables) -> object:
        return {
            name: [
                (
                    row.number,
                    {column: cell_text(value) for column, value in row.cells.items() if cell_text(value)},
                )
                for row in table.rows
            ]
            for name, table in tables.tables.items()
        }

    return plain(read) == plain(wanted)


# --- a workbook ------------------------------------------------------------------------------------


def _edited_book(path: Path, tables: Tables, edits: Sequence[TableEdit], language: str) -> bytes:
    """The workbook with edits."""
    book = EditableBook(read_bytes(path))
    guides = [text("definition_book.guide.sheet", spoken) for spoken in LANGUAGES]
    sheets = [_sheet_edit(book, tables.tables[edit.table], edit, language) for edit in edits]
    return book.edited(sheets, (HIDDEN_SHEET, *guides))


def _sheet_edit(book: EditableBook, table: Table, edit: TableEdit, language: str) -> SheetEdit:
    columns, cells = dict(table.headers), []
    last_row, last_column = _last_row(table), max(table.headers.values())
    free = max(last_column, book.used_columns(table.sheet))
    for column in dict.fromkeys(edit.columns):
        if column not in columns:
            free += 1
            columns[column] = free
            heading = table.spec.heading(column, language)
            cells.append(CellEdit(table.header_row, free, heading, (table.header_row, last_column)))
    for (row, column), value in edit.cells.items():
        cells.append(CellEdit(row, columns[column], value, (row, min(columns[column], last_column))))
    for number, line in enumerate(edit.lines, last_row + 1):
        like = line.like or last_row
        cells += [
            CellEdit(number, columns[column], value, (like, min(columns[column], last_column)))
            for column, value in line.cells.items()
        ]
    return SheetEdit(table.sheet, cells, (last_row, last_column))


# --- CSV -------------------------------------------------------------------------------------------


class _Csv:
    """The records of a CSV file as they are written: those that do not change keep every sign."""

    def __init__(self, path: Path) -> None:
        data = read_bytes(path)
        self._text, self._encoding = csv_text(path, data)
        if self._encoding == "utf-8-sig" and not data.startswith(BOM_UTF8):
            self._encoding = "utf-8"
        self._records = [(found[1], found[2]) for found in _RECORD.finditer(self._text) if found[0]]
        self._line_end = next((end for _, end in self._records if end), "\n")

    def edited(self, table: Table, edit: TableEdit, language: str) -> bytes:
        """The file with an edit of its table."""
        old = max(len(_cells_of(record)) for record, _ in self._records)
        columns = dict(table.headers)
        for column in edit.columns:
            columns.setdefault(column, max(old, *columns.values()) + 1)
        wide = max(old, *columns.values())
        changed: dict[int, dict[int, Cell]] = {}
        for (row, column), value in edit.cells.items():
            changed.setdefault(row, {})[columns[column]] = value
        if added := [column for column in columns if column not in table.headers]:
            headings = _cells_of(self._records[table.header_row - 1][0])
            by_id = table.spec.columns[0] in headings
            heads = changed.setdefault(table.header_row, {})
            heads |= {columns[name]: name if by_id else table.spec.heading(name, language) for name in added}
        made = []
        for number, (record, end) in enumerate(self._records, 1):
            cells = _cells_of(record)
            if number in changed:
                record = _record(cells, changed[number], wide if added else len(cells))
            elif added and record:
                record += "," * (wide - len(cells))
            made.append(record + (end or self._line_end))
        for line in edit.lines:
            made.append(
                _record([], {columns[name]: cell for name, cell in line.cells.items()}, wide) + self._line_end
            )
        return self._encoded("".join(made))

    def _encoded(self, written: str) -> bytes:
        """In the file's encoding; in UTF-8 where that has not all that is written."""
        with suppress(UnicodeEncodeError):
            return written.encode(self._encoding)
        return written.encode("utf-8-sig")


def _cells_of(record: str) -> list[str]:
    return next(csv.reader(io.StringIO(record, newline="")), [])


def _record(cells: Sequence[str], changed: Mapping[int, Cell], wide: int) -> str:
    """A record with some cells changed, by their columns (1-based); as many cells as are wanted, or more."""
    wide = max(wide, len(cells), *changed)
    written = [
        cell_text(changed[at]) if at in changed else known for at, known in enumerate(_filled(cells, wide), 1)
    ]
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="").writerow(written)
    return stream.getvalue()


def _filled(cells: Sequence[str], wide: int) -> Sequence[str]:
    return [*cells, *[""] * (wide - len(cells))]
