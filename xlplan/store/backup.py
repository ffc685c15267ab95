"""Copies of the ledger: one after each run that changed it, rolling, and one before each step of its format.

Kept are the last ten, the last of each of the last thirty days on which there is one, and the last of each month before
that. What was made before the ledger took a step stays for good.
"""

import os
import re
import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from xlplan.language.errors import ErrorKey, LedgerError
from xlplan.store.files import faults_of, make_folder, move_file, sweep, sync_folders
from xlplan.store.texts import text_from_bytes

LAST = 10
"""How many of the last copies are kept whatever their day."""
DAYS = 30
"""Of how many days the last copy is kept."""
DIGITS = 12

_NAME = re.compile(r"ledger_(\d{6})_(\d{4}-\d\d-\d\d)_\d{6}_([0-9a-f]{12}|v\d+)\.sqlite")


@dataclass(frozen=True, slots=True)
class LedgerCopy:
    """A copy of the ledger.

    Attributes:
        path: Where it lies.
        number: The how many-th it is.
        day: When it was made, as ISO 8601.
        state: What it holds (`state_of`); `v7` of one that was made before a ledger of version 7 took a step.
    """

    path: Path
    number: int
    day: str
    state: str

    @property
    def before_step(self) -> bool:
        """Whether it was made before a step."""
        return self.state.startswith("v")


def copies_in(folder: Path) -> list[LedgerCopy]:
    """The copies that lie in a folder, the oldest first: by number, whatever the clock said."""
    try:
        names = os.listdir(folder)
    except OSError:
        return []
    matches = filter(None, map(_NAME.fullmatch, names))
    found = [LedgerCopy(folder / match[0], int(match[1]), match[2], match[3]) for match in matches]
    return sorted(found, key=lambda copy: (copy.number, copy.path.name))


def state_of(connection: sqlite3.Connection) -> str:
    """By which it is known again whether two ledgers hold the same entries; empty where one holds none."""
    rows = connection.execute("SELECT name, entries, chain FROM seals ORDER BY name").fetchall()
    if not any(entries for _, entries, _ in rows):
        return ""
    return sha256(repr(rows).encode()).hexdigest()[:DIGITS]


def keep_copy(connection: sqlite3.Connection, folder: Path) -> None:
    """Copy the ledger, unless its newest copy holds the same; and let go of copies that are not kept.

    Args:
        connection: The ledger, in a turn, with nothing that is not recorded yet.
        folder: Where copies are kept.

    Raises:
        FileError: it cannot be copied.
        LedgerError: it cannot be read, or what was copied is not the same.
    """
    state = state_of(connection)
    before = copies_in(folder)
    if not state or (before and before[-1].state == state):
        return
    _copy(connection, folder, state)
    for copy in _not_kept(copies_in(folder)):
        with suppress(OSError):  # it is let go of next time
            os.unlink(copy.path)


def keep_copy_before_step(connection: sqlite3.Connection, folder: Path, version: int) -> Path:
    """Copy a ledger of an earlier `version` before it takes a step; `connection` and `folder` as of `keep_copy`.

    Returns:
        The copy.
    """
    return _copy(connection, folder, f"v{version}")


def copied(source: sqlite3.Connection, target: Path, state: str = "") -> None:
    """Copy a ledger into a file that is not there yet, and look whether it is whole.

    Args:
        source: The ledger.
        target: The file.
        state: What it must hold; empty for whatever.

    Raises:
        LedgerError: the copy is not whole.
        FileError: it cannot be written.
    """
    with closing(sqlite3.connect(target, isolation_level=None)) as copy:
        copy.text_factory = text_from_bytes
        # a copy that is broken off is thrown away: it needs no journal, and is on the disk before it gets its name
        copy.execute("PRAGMA journal_mode = OFF")
        copy.execute("PRAGMA synchronous = OFF")
        source.backup(copy)
        sound = copy.execute("PRAGMA integrity_check(1)").fetchall() == [("ok",)]
        if not sound or (state and state_of(copy) != state):
            raise LedgerError(ErrorKey.LEDGER_DAMAGED, path=target)
    with faults_of(target, target.parent, denied=ErrorKey.FOLDER_READ_ONLY):
        number = os.open(target, os.O_RDWR)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def copy_of(source: Path, target: Path) -> None:
    """Copy a ledger that lies somewhere, at `source`, to `target`, without changing anything there.

    Raises:
        LedgerError: it is damaged.
    """
    try:
        address = f"{source.resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, isolation_level=None)) as connection:
            copied(connection, target)
    except sqlite3.Error as error:
        raise LedgerError(ErrorKey.LEDGER_DAMAGED, path=source) from error


def _copy(connection: sqlite3.Connection, folder: Path, state: str) -> Path:
    make_folder(folder)
    sweep(folder)
    number = max((copy.number for copy in copies_in(folder)), default=0) + 1
    name = f"ledger_{number:06d}_{datetime.now():%Y-%m-%d_%H%M%S}_{state}.sqlite"
    temporary = folder / f".xlplan-{secrets.token_hex(8)}.tmp"
    try:
        copied(connection, temporary, "" if state.startswith("v") else state)
        move_file(temporary, folder / name)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
    sync_folders(folder)
    return folder / name


def _not_kept(copies: Sequence[LedgerCopy]) -> Iterator[LedgerCopy]:
    """The copies that are let go of. Days are counted by the copies, so that a wrong clock costs none."""
    rolling = [copy for copy in copies if not copy.before_step]
    of_day = {copy.day: copy for copy in rolling}
    of_month = {copy.day[:7]: copy for copy in rolling}
    days = sorted(of_day)[-DAYS:]
    kept = {copy.path for copy in (*rolling[-LAST:], *(of_day[day] for day in days), *of_month.values())}
    return (copy for copy in rolling if copy.path not in kept)
