"""The ledger: what was issued, received, found and accepted, by whom and when, in one embedded database.

Entries are only ever added; the latest counts. Each write is one transaction, so that a run that is
killed, or two runs at once, leave every entry whole.
"""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from xlplan.errors import LedgerError
from xlplan.files import make_folder
from xlplan.ledger_rows import issue_of, receipt_of, row_of_issue, row_of_receipt, text_from_bytes
from xlplan.submission import Issued, Receipt

SCHEMA_VERSION = 1
APPLICATION_ID = 0x786C706C
"""Marks the file as a ledger of xlplan: "xlpl"."""
BUSY_SECONDS = 10.0
"""How long a run waits for another one that is writing."""

SCHEMA = (
    """
    CREATE TABLE issues (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        period TEXT NOT NULL,
        department TEXT NOT NULL,
        file TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        issued_at TEXT NOT NULL,
        due TEXT,
        form_version TEXT NOT NULL,
        rows TEXT NOT NULL
    )
    """,
    "CREATE INDEX issues_of ON issues (period, department, number)",
    """
    CREATE TABLE receipts (
        number INTEGER PRIMARY KEY,
        period TEXT NOT NULL,
        department TEXT NOT NULL,
        attempt INTEGER NOT NULL,
        issue TEXT REFERENCES issues (id),
        file_name TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        received_at TEXT NOT NULL,
        state TEXT NOT NULL,
        archive TEXT NOT NULL,
        respondent TEXT NOT NULL,
        approver TEXT NOT NULL,
        findings TEXT NOT NULL,
        records TEXT NOT NULL,
        UNIQUE (period, department, attempt),
        UNIQUE (sha256, period, department)
    )
    """,
    f"PRAGMA application_id = {APPLICATION_ID}",
    f"PRAGMA user_version = {SCHEMA_VERSION}",
)

ISSUE_COLUMNS = "id, period, department, file, sha256, issued_at, due, form_version, rows"
RECEIPT_COLUMNS = (
    "period, department, attempt, issue, file_name, sha256, received_at, state, archive, respondent,"
    " approver, findings"
)
# CAST: what people wrote is bound as bytes, see ledger_rows.
ADD_ISSUE = f"INSERT INTO issues ({ISSUE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, CAST(? AS TEXT))"
ADD_RECEIPT = (
    f"INSERT INTO receipts ({RECEIPT_COLUMNS}, records) VALUES (?, ?, ?, ?, CAST(? AS TEXT), ?, ?, ?, ?,"
    " CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT))"
)
LATEST_ISSUES = "SELECT MAX(number) FROM issues WHERE period = ? GROUP BY department"
LATEST_ATTEMPTS = "SELECT department, MAX(attempt) FROM receipts WHERE period = ? GROUP BY department"


class Ledger:
    """An open ledger; as a context manager it closes itself. Every method raises LedgerError."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the ledger to read and write; where there is none, it and its folder are made."""
        make_folder(path.parent)
        with _connected(path) as connection:
            # A rollback journal, not WAL: WAL needs memory shared between all who have the file open,
            # which a network share does not give. DELETE leaves nothing beside the ledger at rest, so
            # that copying the one file copies everything.
            connection.execute("PRAGMA journal_mode = DELETE")
            if not _holds_ledger(connection, path):
                _create(connection, path)
            return cls(path, connection)

    @classmethod
    def open_existing(cls, path: Path) -> Self | None:
        """Open the ledger to read only; None where nothing was ever recorded. Makes no file or folder."""
        if not os.path.exists(path):
            return None
        with _connected(path) as connection:
            connection.execute("PRAGMA query_only = ON")
            if _holds_ledger(connection, path):
                return cls(path, connection)
            connection.close()
            return None

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def record_issues(self, issues: Sequence[Issued]) -> None:
        """Add `issues`, all or none. An earlier issue of the same department and period stays, outdated."""
        self._add(ADD_ISSUE, [row_of_issue(one) for one in issues])

    def issued(self, period: str) -> dict[str, Issued]:
        """The latest issue of each department in `period`, by department id."""
        found = self._read(
            f"SELECT {ISSUE_COLUMNS} FROM issues WHERE number IN ({LATEST_ISSUES}) ORDER BY number", period
        )
        return {one.department: one for one in map(issue_of, found)}

    def issue(self, issue_id: str) -> Issued | None:
        """The issue with this id, also when a later one has outdated it."""
        found = self._read(f"SELECT {ISSUE_COLUMNS} FROM issues WHERE id = ?", issue_id)
        return issue_of(found[0]) if found else None

    def periods_issued(self) -> list[str]:
        """The periods in which anything was issued, in the order of their first issue."""
        found = self._read("SELECT period FROM issues GROUP BY period ORDER BY MIN(number)")
        return [period for (period,) in found]

    def record_receipts(self, receipts: Sequence[Receipt]) -> None:
        """Add `receipts`, all or none.

        Raises LedgerError: `ledger_clash` where an attempt, or a department's same file, is recorded
        already; `ledger_unknown_issue` where `issue` is neither empty nor in this ledger.
        """
        self._add(ADD_RECEIPT, [row_of_receipt(one) for one in receipts])

    def receipt_of(self, sha256: str, period: str) -> Receipt | None:
        """The receipt of the file with this hash in `period`."""
        found = self._receipts("sha256 = ? AND period = ?", sha256, period)
        return found[0] if found else None

    def latest(self, period: str, *, records: bool = True) -> dict[str, Receipt]:
        """The last attempt of each department in `period`, by department id; `records` as in `attempts`."""
        found = self._receipts(
            f"period = ? AND (department, attempt) IN ({LATEST_ATTEMPTS})", period, period, records=records
        )
        return {one.department: one for one in found}

    def attempts(self, period: str, department: str = "", *, records: bool = True) -> list[Receipt]:
        """All receipts of `period`, of one department or of all, in the order recorded.

        With `records=False` their records stay unread, which is many times faster.
        """
        return self._receipts(
            "period = ? AND (? = '' OR department = ?)", period, department, department, records=records
        )

    def _receipts(self, condition: str, *params: str, records: bool = True) -> list[Receipt]:
        columns = f"{RECEIPT_COLUMNS}, {'records' if records else 'NULL'}"
        found = self._read(f"SELECT {columns} FROM receipts WHERE {condition} ORDER BY number", *params)
        return [receipt_of(row) for row in found]

    def _read(self, query: str, *params: str) -> list[tuple[Any, ...]]:
        with _faults(self.path):
            return self._connection.execute(query, params).fetchall()

    def _add(self, statement: str, rows: list[tuple[object, ...]]) -> None:
        with _faults(self.path), self._connection:
            # Take the right to write at once: two runs that both begin by reading would block each other.
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany(statement, rows)


@contextmanager
def _connected(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that is closed again where opening the ledger fails."""
    with _faults(path):
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        connection.text_factory = text_from_bytes
        try:
            connection.execute("PRAGMA foreign_keys = ON")
            yield connection
        except BaseException:
            connection.close()
            raise


def _holds_ledger(connection: sqlite3.Connection, path: Path) -> bool:
    """Whether there is a ledger of this version in the file; False where the file is still empty."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > SCHEMA_VERSION:
        raise LedgerError("ledger_newer", path=path)
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if application == APPLICATION_ID:
        return True
    (tables,) = connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
    if tables:
        raise LedgerError("ledger_foreign", path=path)
    return False


def _create(connection: sqlite3.Connection, path: Path) -> None:
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        if not _holds_ledger(connection, path):  # another run may have made it while this one waited
            for statement in SCHEMA:
                connection.execute(statement)


@contextmanager
def _faults(path: Path) -> Iterator[None]:
    """Turn what the database refuses into LedgerError."""
    try:
        yield
    except sqlite3.Error as error:
        raise LedgerError(_key(error), path=path, reason=str(error)) from error


def _key(error: sqlite3.Error) -> str:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    match code & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return "ledger_locked"
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return "ledger_damaged"
    match code:
        case sqlite3.SQLITE_CONSTRAINT_UNIQUE:
            return "ledger_clash"
        case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
            return "ledger_unknown_issue"
    return "ledger_unusable"
