"""A run's turn with the ledger: one at a time, and what is written beside it before the next run has its own.

The order, of which a kill at any place is made good by the next run: the lock file, SQLite's right to write, the
entries, decisions.jsonl, the copy, the lock file again.
"""

import sqlite3
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from xlplan.language.errors import ErrorKey, LedgerError, XlplanError, XlplanWarning
from xlplan.store import lock
from xlplan.store.backup import keep_copy, keep_copy_before_step
from xlplan.store.decision_log import ahead_of, append_missing
from xlplan.store.faults import database_faults, key_of
from xlplan.store.files import make_folder
from xlplan.store.lock import Holder
from xlplan.store.tables import bring_up_to_date, version_of
from xlplan.store.texts import text_from_bytes, text_to_bytes
from xlplan.store.workspace import beside

BUSY_SECONDS = 10.0
"""How long a read waits for a write to end, or a write for a read."""
TURN_SECONDS = 600.0
"""How long a run that wants to write waits for another one that is at work."""
PATIENCE_SECONDS = 1.0
"""How long it waits without saying so; also how often Ctrl+C is looked for."""
LOOK_SECONDS = 0.05
"""How often a run that waits looks whether the lock file is gone."""
UNWRITTEN_SECONDS = 30.0
"""How long a lock file that says nothing is taken for one that is being written."""

_NOT_WRITTEN = (XlplanError, sqlite3.Error, OSError)
"""What is raised where something beside the ledger cannot be written."""


@contextmanager
def connected(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that is closed again where opening the ledger fails."""
    with database_faults(path):
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        connection.text_factory = text_from_bytes
        try:
            connection.execute("PRAGMA foreign_keys = ON")
            # Nothing of a long write goes into the file before its end: until then others may read.
            connection.execute("PRAGMA cache_spill = OFF")
            yield connection
        except BaseException:
            connection.close()
            raise


@contextmanager
def turn(
    connection: sqlite3.Connection, path: Path, waiting: Callable[[], object], *, writes: bool
) -> Iterator[None]:
    """One run's turn, which nobody else has meanwhile: what is added counts at its end, all or nothing.

    Args:
        connection: The ledger.
        path: Its path.
        waiting: Called once where another run has its turn just now.
        writes: Whether anything may be written.

    Raises:
        LedgerError: another run has its turn for too long; or somebody took this run's lock file away, or
            decisions.jsonl knows of more than the ledger: then nothing is recorded.
    """
    with held(connection, path, waiting) as token:
        changes = connection.total_changes
        try:
            if writes and (number := ahead_of(connection, beside(path).decisions)):
                # a decision would be recorded under its number
                raise LedgerError(ErrorKey.LEDGER_BEHIND, path=path, number=number)
            yield
            with database_faults(path):
                if connection.total_changes > changes:
                    _sign(connection)
                if not lock.is_held(beside(path).lock, token):
                    raise LedgerError(ErrorKey.LEDGER_LOCK_LOST, path=path)
                connection.execute("COMMIT")
        except BaseException:
            connection.rollback()
            raise
        if writes:
            _keep_beside(connection, path)


@contextmanager
def held(connection: sqlite3.Connection, path: Path, waiting: Callable[[], object]) -> Iterator[str]:
    """The lock file, whose token is given, and the right to write: `connection`, `path`, `waiting` as of `turn`."""
    waits = _Waiting(path, waiting)
    token = _locked(connection, path, waits)
    try:
        with database_faults(path):
            _begin(connection, waits)
        yield token
    finally:
        lock.release(beside(path).lock, token)


@contextmanager
def locked(path: Path, waiting: Callable[[], object]) -> Iterator[None]:
    """The lock file alone, while the ledger is put in its place: `path` and `waiting` as of `turn`."""
    token = _locked(None, path, _Waiting(path, waiting))
    try:
        yield
    finally:
        lock.release(beside(path).lock, token)


def take_steps(connection: sqlite3.Connection, path: Path) -> None:
    """Make the tables of a ledger, or bring one of an earlier version up to date: a copy of it as it was is kept.

    Raises:
        LedgerError: it is damaged, or another run has its turn.
    """
    token = _locked(connection, path, _Waiting(path, lambda: None))
    try:
        _take_steps(connection, path)
    finally:
        lock.release(beside(path).lock, token)


def _take_steps(connection: sqlite3.Connection, path: Path) -> None:
    copy, failed, folder = None, None, beside(path).backup
    if version := version_of(connection, path):
        try:
            copy = keep_copy_before_step(connection, folder, version)
        except _NOT_WRITTEN as fault:
            failed = fault
    try:
        bring_up_to_date(connection, path)
    except BaseException:
        if copy:  # no step was taken
            copy.unlink(missing_ok=True)
        raise
    if failed:
        _warn(ErrorKey.COPY_FAILED, folder, failed)


@contextmanager
def _told(key: ErrorKey, path: Path) -> Iterator[None]:
    """What fails of what is written beside the ledger is warned of: the run goes on, and the next makes it good.

    Args:
        key: What is said of it.
        path: What could not be written.
    """
    try:
        yield
    except _NOT_WRITTEN as fault:
        _warn(key, path, fault)


def _warn(key: ErrorKey, path: Path, fault: Exception) -> None:
    warnings.warn(XlplanWarning(key, path=path, reason=str(fault)), stacklevel=3)


def _keep_beside(connection: sqlite3.Connection, path: Path) -> None:
    """What is kept beside the ledger, once its entries count."""
    with _told(ErrorKey.LOG_FAILED, beside(path).decisions):
        append_missing(connection, beside(path).decisions)
    with _told(ErrorKey.COPY_FAILED, beside(path).backup):
        keep_copy(connection, beside(path).backup)


def _sign(connection: sqlite3.Connection) -> None:
    """Say which run was the last that recorded anything."""
    here = Holder.here()
    row = (here.since, text_to_bytes(here.user), text_to_bytes(here.host), here.version)
    connection.execute(
        "INSERT OR REPLACE INTO last_run VALUES (1, ?, CAST(? AS TEXT), CAST(? AS TEXT), ?)", row
    )


class _Waiting:
    """A run that waits for its turn, and says so once."""

    def __init__(self, path: Path, waiting: Callable[[], object]) -> None:
        self.path, self._waiting = path, waiting
        self._since = time.monotonic()
        self._said = False

    def wait(self, holder: Holder | None = None) -> None:
        """Say that this run waits, and wait: for the `holder` of the lock file, where it is that.

        Raises:
            LedgerError: it has waited for too long.
        """
        waited = time.monotonic() - self._since
        if waited > TURN_SECONDS and holder:
            raise LedgerError(ErrorKey.LEDGER_HELD, path=self.path, **holder.params)
        if waited > TURN_SECONDS:
            raise LedgerError(ErrorKey.LEDGER_LOCKED, path=self.path)
        if not self._said and waited >= PATIENCE_SECONDS:
            self._said = True
            self._waiting()
        time.sleep(LOOK_SECONDS)


def _locked(connection: sqlite3.Connection | None, path: Path, waits: _Waiting) -> str:
    """The token of the lock file, made when nobody else holds one. Without a connection there is no ledger yet."""
    file = beside(path).lock
    make_folder(file.parent)
    unwritten = time.monotonic()
    while not (token := lock.take(file)):
        holder = lock.holder_of(file)
        if holder is None:
            continue
        if holder.token:
            unwritten = time.monotonic()
        if holder.is_over or time.monotonic() - unwritten > UNWRITTEN_SECONDS:
            _take_away(connection, path, holder)
        else:
            waits.wait(holder)
    return token


def _take_away(connection: sqlite3.Connection | None, path: Path, holder: Holder) -> None:
    """Remove the lock file of a run that is gone: in a turn of SQLite's, so that no two runs do so at once."""
    with database_faults(path):
        if connection and not _begun(connection):
            return
        try:
            if lock.holder_of(beside(path).lock) == holder:
                lock.remove(beside(path).lock)
        finally:
            if connection:
                connection.rollback()


def _begin(connection: sqlite3.Connection, waits: _Waiting) -> None:
    connection.execute(f"PRAGMA busy_timeout = {int(PATIENCE_SECONDS * 1000)}")
    while not _begun(connection):  # of a version without a lock file, or while somebody reads
        waits.wait()
    connection.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")


def _begun(connection: sqlite3.Connection) -> bool:
    """Whether the right to write was to be had.

    Raises:
        OperationalError: the database refuses it, but not because another run has its turn.
    """
    try:
        # at once, before anything is read: two runs that both begin by reading would block each other
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if key_of(error) != ErrorKey.LEDGER_LOCKED:
            raise
        return False
    return True
