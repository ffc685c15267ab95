"""What the database refuses, and what an entry raises that is not as it was written, become LedgerError."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from xlplan.language.errors import ErrorKey, LedgerError

UNREADABLE = (ValueError, TypeError, LookupError, AttributeError)
"""What an entry raises that is not as it was written: SQLite notices a change in its own order only."""


@contextmanager
def database_faults(path: Path) -> Iterator[None]:
    """Turn what the database refuses into LedgerError.

    Raises:
        LedgerError: the database refused, or what it holds is damaged.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise LedgerError(key_of(error), path=path, reason=str(error)) from error
    except UnicodeDecodeError as error:  # SQLite's own message repeats what it has read
        raise LedgerError(ErrorKey.LEDGER_DAMAGED, path=path) from error


@contextmanager
def whole_entries(path: Path) -> Iterator[None]:
    """Turn what an entry raises that is not as it was written into LedgerError.

    Raises:
        LedgerError: an entry is damaged.
    """
    try:
        yield
    except UNREADABLE as error:
        raise LedgerError(ErrorKey.LEDGER_DAMAGED, path=path) from error


def key_of(error: sqlite3.Error) -> ErrorKey:
    """What is wrong where SQLite says this."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    match code & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return ErrorKey.LEDGER_LOCKED
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return ErrorKey.LEDGER_DAMAGED
    match code:
        case sqlite3.SQLITE_CONSTRAINT_UNIQUE:
            return ErrorKey.LEDGER_CLASH
        case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
            return ErrorKey.LEDGER_UNKNOWN_ISSUE
    return ErrorKey.LEDGER_UNUSABLE
