"""The ledger: what was issued, received, found and accepted, by whom and when, in one embedded database.

Entries are only ever added; the latest counts. Each write is one transaction, so that a run that is
killed, or two runs at once, leave every entry whole. Whoever writes files that the ledger is to know of does so
while `writing`: one run at a time.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from xlplan.language.errors import ErrorKey, LedgerError
from xlplan.model.afterwards import OFFICE
from xlplan.model.issue import Issued
from xlplan.model.submission import MadeSummary, Receipt, RefusedFile
from xlplan.store.decision_log import DecisionMisfit, ahead_of, compared
from xlplan.store.faults import database_faults, whole_entries
from xlplan.store.files import make_folder
from xlplan.store.sealing import Flaw, flaws_of, seal_new
from xlplan.store.steps import SCHEMA_VERSION, STEPS
from xlplan.store.tables import (
    ADD_ISSUE,
    ADD_RECEIPT,
    ADD_REFUSAL,
    ADD_SUMMARY,
    ISSUE_COLUMNS,
    LATEST_ATTEMPTS,
    LATEST_ISSUES,
    RECEIPT_COLUMNS,
    REFUSAL_COLUMNS,
    SUMMARY_COLUMNS,
    issue_of,
    receipt_of,
    refusal_of,
    row_of_issue,
    row_of_receipt,
    row_of_refusal,
    row_of_summary,
    summary_of,
    version_of,
)
from xlplan.store.turns import connected, take_steps, turn
from xlplan.store.workspace import beside

T = TypeVar("T")


class Ledger:
    """An open ledger; as a context manager it closes itself. Every method raises LedgerError."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self.on_recorded: Callable[[], object] = lambda: None
        self._connection = connection

    @classmethod
    def open(cls, path: Path, *, sound: bool = False) -> Self:
        """Open the ledger to read and write; where there is none, it and its folder are made.

        `sound`: only one that is as it was written, see `need_sound`.
        """
        make_folder(path.parent)
        with connected(path) as connection:
            if version_of(connection, path) < SCHEMA_VERSION:
                take_steps(connection, path)
            opened = cls(path, connection)
            if sound:
                opened.need_sound()
            # A rollback journal, not WAL: WAL needs memory shared between all who have the file open,
            # which a network share does not give. DELETE leaves nothing beside the ledger at rest, so
            # that copying the one file copies everything.
            connection.execute("PRAGMA journal_mode = DELETE")
            return opened

    @classmethod
    def open_existing(cls, path: Path, *, turn: bool = False, sound: bool = False) -> Self | None:
        """Open the ledger to read only; None where nothing was ever recorded. Makes no file or folder.

        Args:
            path: the ledger.
            turn: whether it is to be read in a turn of one's own, see `writing`.
            sound: only where it is as it was written, see `need_sound`.
        """
        if not os.path.exists(path):
            return None
        with connected(path) as connection:
            version = version_of(connection, path)
            if not version:
                connection.close()
                return None
            if version < SCHEMA_VERSION:
                take_steps(connection, path)
            opened = cls(path, connection)
            if sound:
                opened.need_sound()
            connection.execute(f"PRAGMA query_only = {'OFF' if turn else 'ON'}")
            return opened

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def writing(self, waiting: Callable[[], object] = lambda: None) -> Iterator[None]:
        """One run's turn: what is read meanwhile stays so, what is added counts at the end, all or nothing.

        Others may read. `waiting` is called once where another run has its turn just now, `on_recorded` at the end.
        After it the ledger is copied, and what was decided stands in decisions.jsonl; where that fails, it is warned of
        (`XlplanWarning`).
        """
        with turn(self._connection, self.path, waiting, writes=True):
            yield
        self.on_recorded()

    @contextmanager
    def undisturbed(self, waiting: Callable[[], object] = lambda: None) -> Iterator[None]:
        """A turn as in `writing`, in which nothing is written: neither entries nor copies."""
        with turn(self._connection, self.path, waiting, writes=False):
            yield

    def record_issues(self, issues: Sequence[Issued]) -> None:
        """Add `issues`, all or none. An earlier issue of the same department and period stays, outdated."""
        self.add(ADD_ISSUE, [row_of_issue(issue) for issue in issues])

    def issued(self, period: str) -> dict[str, Issued]:
        """The latest issue of each department in `period`, by department id: not that of the office's own workbook."""
        found = self._latest_issues(period)
        return {name: entry for name, entry in found.items() if name != OFFICE}

    def office_issue(self, period: str) -> Issued | None:
        """The latest issue of the office's own workbook in `period`."""
        return self._latest_issues(period).get(OFFICE)

    def _latest_issues(self, period: str) -> dict[str, Issued]:
        query = f"SELECT {ISSUE_COLUMNS} FROM issues WHERE number IN ({LATEST_ISSUES}) ORDER BY number"
        return {entry.department: entry for entry in self.entries(issue_of, query, period)}

    def issues(self, period: str) -> list[Issued]:
        """Every issue of `period`, in the order recorded."""
        return self.entries(
            issue_of, f"SELECT {ISSUE_COLUMNS} FROM issues WHERE period = ? ORDER BY number", period
        )

    def issue(self, issue_id: str) -> Issued | None:
        """The issue with this id, also when a later one has outdated it."""
        found = self.entries(issue_of, f"SELECT {ISSUE_COLUMNS} FROM issues WHERE id = ?", issue_id)
        return found[0] if found else None

    def issue_moments(self, period: str) -> list[tuple[str, datetime]]:
        """To whom (by department id) and when anything was issued in `period`, in the order recorded."""
        found = self._read(
            "SELECT department, issued_at FROM issues WHERE period = ? ORDER BY number", period
        )
        return [(department, datetime.fromisoformat(moment)) for department, moment in found]

    def periods_issued(self) -> list[str]:
        """The periods in which anything was issued, in the order of their first issue."""
        found = self._read("SELECT period FROM issues GROUP BY period ORDER BY MIN(number)")
        return [period for (period,) in found]

    def record_receipts(self, receipts: Sequence[Receipt]) -> None:
        """Add receipts, all or none.

        Raises:
            LedgerError: `ledger_clash` where an attempt, or a department's same file, is recorded already;
                `ledger_unknown_issue` where an issue is neither empty nor in this ledger.
        """
        self.add(ADD_RECEIPT, [row_of_receipt(receipt) for receipt in receipts])

    def record_refusals(self, refusals: Sequence[RefusedFile]) -> None:
        """Add files that were refused, all or none.

        Raises:
            LedgerError: `ledger_clash` where one is recorded already.
        """
        self.add(ADD_REFUSAL, [row_of_refusal(refusal) for refusal in refusals])

    def refusals(self, period: str) -> list[RefusedFile]:
        """The files of `period` that were refused, in the order recorded."""
        query = f"SELECT {REFUSAL_COLUMNS} FROM refusals WHERE period = ? ORDER BY number"
        return self.entries(refusal_of, query, period)

    def record_summary(self, made: MadeSummary) -> None:
        """Add a summary. Earlier ones of the same file stay, outdated."""
        self.add(ADD_SUMMARY, [row_of_summary(made)])

    def summaries(self) -> list[MadeSummary]:
        """Every summary that was made, of all periods, in the order recorded."""
        return self.entries(summary_of, f"SELECT {SUMMARY_COLUMNS} FROM summaries ORDER BY number")

    def archives(self, period: str, department: str = "") -> dict[str, str]:
        """Where each return of `period` is kept, by its hash: of one department or of all."""
        query = "SELECT sha256, archive FROM receipts WHERE period = ? AND (? = '' OR department = ?)"
        return dict(self._read(query, period, department, department))

    def files_issued(self, period: str, department: str = "") -> set[str]:
        """The files of all issues of `period`, also of those that were outdated: of one department or of all."""
        query = "SELECT file FROM issues WHERE period = ? AND (? = '' OR department = ?)"
        return {file for (file,) in self._read(query, period, department, department)}

    def hashes_issued(self, period: str) -> set[str]:
        """The SHA-256 of all issues of `period`, also of those that were outdated."""
        return {digest for (digest,) in self._read("SELECT sha256 FROM issues WHERE period = ?", period)}

    def issued_as(self, sha256: str) -> Issued | None:
        """The last issue, of any round, whose workbook had these bytes; None where none had."""
        query = f"SELECT {ISSUE_COLUMNS} FROM issues WHERE sha256 = ? ORDER BY number DESC LIMIT 1"
        return next(iter(self.entries(issue_of, query, sha256)), None)

    def flaws(self) -> list[Flaw]:
        """What is wrong with the ledger itself: nothing where it is as it was written."""
        with database_faults(self.path), self._still():
            return flaws_of(self._connection, STEPS)

    def misfits_of_decisions(self, path: Path) -> tuple[DecisionMisfit, ...]:
        """The decisions that decisions.jsonl, at `path`, does not say as the ledger does."""
        with database_faults(self.path), self._still():
            return compared(self._connection, path)

    @property
    def is_behind(self) -> bool:
        """Whether decisions.jsonl has a decision that the ledger has not."""
        with database_faults(self.path):
            return bool(ahead_of(self._connection, beside(self.path).decisions))

    @property
    def is_signed(self) -> bool:
        """Whether the last run that recorded anything was of a version that says so, and writes decisions.jsonl."""
        return bool(self._read("SELECT version FROM last_run"))

    def counts(self) -> dict[str, int]:
        """How many entries there are, by table."""
        return dict(self._read("SELECT name, entries FROM seals"))

    def need_sound(self) -> None:
        """Stop where the ledger is not as it was written.

        Raises:
            LedgerError: it is not.
        """
        if flaws := self.flaws():
            raise LedgerError(ErrorKey.LEDGER_ALTERED, path=self.path, count=len(flaws))

    @contextmanager
    def _still(self) -> Iterator[None]:
        """What is read meanwhile is of one moment."""
        if self._connection.in_transaction:
            yield
            return
        self._connection.execute("BEGIN")
        try:
            yield
        finally:
            self._connection.rollback()

    def receipt_of(self, sha256: str, period: str, department: str = "") -> Receipt | None:
        """The receipt of a file.

        Args:
            sha256: its hash in hexadecimal digits.
            period: the id of the period for which it was received.
            department: the id of the department whose return it was; empty for whichever it was first.

        Returns:
            The receipt; None where the file was not received as a return.
        """
        condition = "sha256 = ? AND period = ? AND (? = '' OR department = ?)"
        found = self._receipts(condition, sha256, period, department, department)
        return found[0] if found else None

    def latest(self, period: str, *, records: bool = True) -> dict[str, Receipt]:
        """The last attempt of each department in `period`, by department id; `records` as in `attempts`."""
        condition = f"period = ? AND department <> ? AND (department, attempt) IN ({LATEST_ATTEMPTS})"
        found = self._receipts(condition, period, OFFICE, period, records=records)
        return {receipt.department: receipt for receipt in found}

    def attempt(self, period: str, department: str, number: int, *, records: bool = True) -> Receipt | None:
        """The attempt of a `number` of a `department` in a `period`, if any; `records` as in `attempts`."""
        condition = "period = ? AND department = ? AND attempt = CAST(? AS INTEGER)"
        found = self._receipts(condition, period, department, str(number), records=records)
        return found[0] if found else None

    def attempts(self, period: str, department: str = "", *, records: bool = True) -> list[Receipt]:
        """All receipts of a period, in the order recorded.

        Args:
            period: its id.
            department: the id of the one whose receipts they are, the office's own among them; empty for those of all
                departments.
            records: whether their records are read; without them it is many times faster.

        Returns:
            The receipts.
        """
        if department:
            return self._receipts("period = ? AND department = ?", period, department, records=records)
        return self._receipts("period = ? AND department <> ?", period, OFFICE, records=records)

    def _receipts(self, condition: str, *params: str, records: bool = True) -> list[Receipt]:
        columns = f"{RECEIPT_COLUMNS}, {'records' if records else 'NULL'}"
        query = f"SELECT {columns} FROM receipts WHERE {condition} ORDER BY number"
        return self.entries(receipt_of, query, *params)

    def entries(self, made: Callable[[tuple[Any, ...]], T], query: str, *params: str) -> list[T]:
        """What `made` makes of each row that a `query` with these `params` finds."""
        rows = self._read(query, *params)
        with whole_entries(self.path):
            return [made(row) for row in rows]

    def _read(self, query: str, *params: str) -> list[tuple[Any, ...]]:
        with database_faults(self.path), whole_entries(self.path):
            return self._connection.execute(query, params).fetchall()

    def add(self, statement: str, rows: list[tuple[object, ...]]) -> None:
        """Add rows by a statement, all or none."""
        with nullcontext() if self._connection.in_transaction else self.writing(), database_faults(self.path):
            self._connection.executemany(statement, rows)
            seal_new(self._connection)
