"""Ledgers that a test has changed by hand: sealed again as if they had been written so, or of an earlier version."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from xlplan.store.sealing import SEALED, seal_new
from xlplan.store.tables import APPLICATION_ID, STEPS
from xlplan.store.texts import text_from_bytes


@contextmanager
def altered(path: Path, *, sealed: bool = False) -> Iterator[sqlite3.Connection]:
    """The ledger as a database like any other; `sealed`: as if what is done had been recorded."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.text_factory = text_from_bytes
    try:
        yield connection
        if sealed:
            seal_anew(connection)
    finally:
        connection.close()


def seal_anew(connection: sqlite3.Connection) -> None:
    """Seal every entry as it stands now."""
    for table in SEALED:
        connection.execute(f"UPDATE {table} SET seal = ''")
    connection.execute("UPDATE seals SET entries = 0, chain = ''")
    seal_new(connection)


def as_version(path: Path, version: int) -> None:
    """Make of a ledger one that an earlier version wrote: without what came after it."""
    with altered(path) as now:
        entries = {
            table: (cursor.fetchall(), [column[0] for column in cursor.description])
            for table in SEALED
            for cursor in [now.execute(f"SELECT * FROM {table}")]
        }
    path.unlink()
    with altered(path) as then:
        for statement in (statement for step in STEPS[:version] for statement in step):
            then.execute(statement)
        for table, (rows, names) in entries.items():
            known = [name for _, name, *_ in then.execute(f"PRAGMA table_info({table})") if name in names]
            there = [[row[names.index(name)] for name in known] for row in rows]
            if known:
                marks = ", ".join("?" * len(known))
                then.executemany(f"INSERT INTO {table} ({', '.join(known)}) VALUES ({marks})", there)
        then.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        then.execute(f"PRAGMA user_version = {version}")
