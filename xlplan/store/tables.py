"""The ledger's tables, the statements that add to them, and how an entry becomes a row of its table and comes back.

What each version of the ledger is made of stands in `store.steps`.

What has parts of its own (issued rows, findings, records) is one compact JSON text in its row (`store.encoding`).
"""

import sqlite3
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

from xlplan import __version__
from xlplan.language.errors import ErrorKey, LedgerError
from xlplan.model.issue import Issued
from xlplan.model.letter import DraftRecord, LetterKind
from xlplan.model.submission import MadeSummary, Receipt, ReceiptState, RefusedFile
from xlplan.store.encoding import (
    findings_from_json,
    findings_to_json,
    from_json,
    issued_from_json,
    issued_to_json,
    masked_bytes,
    records_from_json,
    records_to_json,
    to_json,
)
from xlplan.store.faults import whole_entries
from xlplan.store.sealing import database_flaws, seal_new
from xlplan.store.steps import APPLICATION_ID, SCHEMA_VERSION, SEALED_SINCE, STEPS

ISSUE_COLUMNS = "id, period, department, file, sha256, issued_at, due, form_version, content, same_form, rows"
RECEIPT_COLUMNS = (
    "period, department, attempt, issue, file_name, sha256, received_at, state, archive, respondent,"
    " approver, findings, saved_at, reader"
)
REFUSAL_COLUMNS = "period, file_name, sha256, received_at, archive, reason, finding, attempt"
SUMMARY_COLUMNS = "period, file, sha256, made_at, returns, plan"
# CAST: what people wrote is bound as bytes, see `encoding`.
ADD_ISSUE = f"INSERT INTO issues ({ISSUE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, CAST(? AS TEXT))"
ADD_RECEIPT = (
    f"INSERT INTO receipts ({RECEIPT_COLUMNS}, records) VALUES (?, ?, ?, ?, CAST(? AS TEXT), ?, ?, ?, ?,"
    " CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), ?, ?, CAST(? AS TEXT))"
)
ADD_REFUSAL = (
    f"INSERT INTO refusals ({REFUSAL_COLUMNS}) VALUES (?, CAST(? AS TEXT), ?, ?, ?, ?, CAST(? AS TEXT), ?)"
)
ADD_SUMMARY = f"INSERT INTO summaries ({SUMMARY_COLUMNS}) VALUES (?, ?, ?, ?, CAST(? AS TEXT), ?)"
DRAFT_COLUMNS = "period, department, kind, basis, written_at, files"
ADD_DRAFT = f"INSERT INTO drafts ({DRAFT_COLUMNS}) VALUES (?, ?, ?, ?, ?, CAST(? AS TEXT))"
LATEST_ISSUES = "SELECT MAX(number) FROM issues WHERE period = ? GROUP BY department"
LATEST_ATTEMPTS = "SELECT department, MAX(attempt) FROM receipts WHERE period = ? GROUP BY department"


def version_of(connection: sqlite3.Connection, path: Path) -> int:
    """The version of the ledger in the file `path`; 0 where the file is still empty.

    Raises:
        LedgerError: a later xlplan has written it, it is damaged, or it is no ledger.
    """
    # in the reverse order of writing, as another run may make it meanwhile
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    ours = {"issues", "receipts"} <= names
    if application != APPLICATION_ID:
        if names:
            raise LedgerError(ErrorKey.LEDGER_DAMAGED if ours else ErrorKey.LEDGER_FOREIGN, path=path)
        return 0
    if version > SCHEMA_VERSION:
        key, by = _written_by(connection)
        raise LedgerError(key, path=path, **by)
    if version < 1:
        raise LedgerError(ErrorKey.LEDGER_DAMAGED, path=path)
    return int(version)


def _written_by(connection: sqlite3.Connection) -> tuple[ErrorKey, dict[str, str]]:
    """How it is said that a later xlplan has written a ledger: by whom, where that says so as this version does."""
    with suppress(sqlite3.Error, ValueError):
        rows = connection.execute("SELECT moment, user, host, version FROM last_run").fetchall()
        for moment, user, host, version in rows:
            by = {"moment": moment.replace("T", " ")[:16], "user": user, "host": host, "version": version}
            return ErrorKey.LEDGER_NEWER_BY, by | {"here": __version__}
    return ErrorKey.LEDGER_NEWER, {}


def bring_up_to_date(connection: sqlite3.Connection, path: Path) -> None:
    """Take each step that the ledger in the file `path` has not taken yet, all or none.

    Raises:
        LedgerError: as `version_of`; or it is damaged, as far as that can be seen without seals.
    """
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        # asked again: another run may have done it while this one waited
        version = version_of(connection, path)
        if version and database_flaws(connection, STEPS[:version]):
            raise LedgerError(ErrorKey.LEDGER_DAMAGED, path=path)
        for step in STEPS[version:]:
            for statement in step:
                connection.execute(statement)
        if version < SEALED_SINCE:
            _need_readable(connection, path)
            seal_new(connection)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _need_readable(connection: sqlite3.Connection, path: Path) -> None:
    """Stop where an entry cannot be read: before it is sealed as it stands.

    Raises:
        LedgerError: one cannot.
    """
    with whole_entries(path):
        for table, columns, made in (
            ("issues", ISSUE_COLUMNS, issue_of),
            ("receipts", f"{RECEIPT_COLUMNS}, records", receipt_of),
            ("refusals", REFUSAL_COLUMNS, refusal_of),
            ("summaries", SUMMARY_COLUMNS, summary_of),
        ):
            for row in connection.execute(f"SELECT {columns} FROM {table}"):
                made(row)


# --- entries and their rows ------------------------------------------------------------------------


def row_of_issue(issue: Issued) -> tuple[object, ...]:
    """The columns of table `issues`, without its number."""
    due = issue.due.isoformat() if issue.due else None
    rows = issued_to_json(issue.rows)
    moment = issue.issued_at.isoformat()
    forms = (issue.form_version, issue.content, issue.same_form)
    return (issue.id, issue.period, issue.department, issue.file, issue.sha256, moment, due, *forms, rows)


def issue_of(row: tuple[Any, ...]) -> Issued:
    """The issue kept in this row of table `issues`."""
    issue_id, period, department, file, digest, moment, due, form_version, content, same_form, rows = row
    return Issued(
        id=issue_id,
        period=period,
        department=department,
        file=file,
        sha256=digest,
        issued_at=datetime.fromisoformat(moment),
        due=date.fromisoformat(due) if due else None,
        form_version=form_version,
        rows=issued_from_json(rows),
        content=content,
        same_form=same_form,
    )


def row_of_receipt(receipt: Receipt) -> tuple[object, ...]:
    """The columns of table `receipts`, without its number."""
    return (
        receipt.period,
        receipt.department,
        receipt.attempt,
        receipt.issue or None,
        masked_bytes(receipt.file_name),
        receipt.sha256,
        receipt.received_at.isoformat(),
        receipt.state.value,
        receipt.archive,
        masked_bytes(receipt.respondent),
        masked_bytes(receipt.approver),
        findings_to_json(receipt.findings),
        receipt.saved_at.isoformat() if receipt.saved_at else None,
        receipt.reader,
        records_to_json(receipt.records),
    )


def receipt_of(row: tuple[Any, ...]) -> Receipt:
    """The receipt kept in this row of table `receipts`; its records are None where they were left unread."""
    (
        period,
        department,
        attempt,
        issue,
        file_name,
        digest,
        moment,
        state,
        archive,
        *people,
        found,
        saved,
        reader,
        kept,
    ) = row
    respondent, approver = people
    return Receipt(
        period=period,
        department=department,
        attempt=attempt,
        issue=issue or "",
        file_name=file_name,
        sha256=digest,
        received_at=datetime.fromisoformat(moment),
        state=ReceiptState(state),
        archive=archive,
        respondent=respondent,
        approver=approver,
        findings=findings_from_json(found),
        records=records_from_json(kept) if kept is not None else (),
        saved_at=datetime.fromisoformat(saved) if saved else None,
        reader=reader,
    )


def row_of_refusal(refusal: RefusedFile) -> tuple[object, ...]:
    """The columns of table `refusals`, without its number."""
    name, found = masked_bytes(refusal.file_name), findings_to_json((refusal.finding,))
    return (
        refusal.period,
        name,
        refusal.sha256,
        refusal.received_at.isoformat(),
        refusal.archive,
        refusal.finding.written_code,
        found,
        refusal.attempt or None,
    )


def refusal_of(row: tuple[Any, ...]) -> RefusedFile:
    """The refusal kept in this row of table `refusals`."""
    period, file_name, digest, moment, archive, _, found, attempt = row
    (finding,) = findings_from_json(found)
    return RefusedFile(
        period, file_name, digest, datetime.fromisoformat(moment), archive, finding, attempt or 0
    )


def row_of_summary(summary: MadeSummary) -> tuple[object, ...]:
    """The columns of table `summaries`, without its number."""
    returns = to_json(list(summary.returns.items()))
    return (summary.period, summary.file, summary.sha256, summary.made_at.isoformat(), returns, summary.plan)


def summary_of(row: tuple[Any, ...]) -> MadeSummary:
    """The summary kept in this row of table `summaries`."""
    period, file, digest, moment, returns, plan = row
    return MadeSummary(period, file, digest, datetime.fromisoformat(moment), dict(from_json(returns)), plan)


def row_of_draft(draft: DraftRecord) -> tuple[object, ...]:
    """The columns of table `drafts`, without its number."""
    moment, files = draft.written_at.isoformat(), to_json(list(draft.files.items()))
    return (draft.period, draft.department, draft.kind.value, draft.basis, moment, files)


def draft_of(row: tuple[Any, ...]) -> DraftRecord:
    """The draft kept in this row of table `drafts`."""
    period, department, kind, basis, moment, files = row
    written_at = datetime.fromisoformat(moment)
    return DraftRecord(period, department, LetterKind(kind), basis, written_at, dict(from_json(files)))
