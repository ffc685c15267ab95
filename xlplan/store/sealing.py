"""Seals: whether what stands in the ledger is what was recorded.

Each entry bears a seal, the hash of all that stands in it; table `seals` knows of each table how many entries it has
and the chain of their seals. So an entry that was changed, taken out, put in or moved is told: SQLite itself notices a
change in its own order only. A seal is no signature: it is against accidents, and hands that mean well.

A seal goes over named columns, and blank ones count for nothing: that of an entry stays as it is when a later version
adds a column to the table.
"""

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from xlplan.store.texts import text_from_bytes

SEALED_FIRST = ("issues", "receipts", "refusals", "summaries")
"""The tables whose entries the first version with seals sealed."""
SEALED = (*SEALED_FIRST, "editions", "decisions", "publications", "letters", "judgings", "drafts")
"""The tables whose entries are sealed."""
SEAL = "seal"
MOST_TOLD = 20
"""Flaws of one kind that SQLite is asked for, and entries of a table that are named."""

Structure = Mapping[str, tuple[str, str]]
"""What a database is made of: kind and statement of each table and index, by its name."""


class FlawKind(StrEnum):
    """What is wrong with the ledger: as SQLite says, its tables, an entry, or how many of them there are."""

    DATABASE = "database"
    STRUCTURE = "structure"
    ENTRY = "entry"
    ENTRIES = "entries"


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is wrong with the ledger itself.

    Attributes:
        kind: What it is.
        table: The table, or whatever else is not as it was made; empty where SQLite found it.
        entry: The number of the entry; 0 where it is none.
        reason: What SQLite says.
    """

    kind: FlawKind
    table: str = ""
    entry: int = 0
    reason: str = ""


class _Text(bytes):
    """The bytes of a text as they stand in the file, which may be no text any more; other bytes are a blob."""


def seal_new(connection: sqlite3.Connection) -> None:
    """Seal the entries that bear no seal yet. In the transaction that added them."""
    for table in SEALED:
        with _as_bytes(connection):
            names, rows = _rows(connection, table, f"WHERE {SEAL} = ''")
            entries, chain = connection.execute(
                "SELECT entries, chain FROM seals WHERE name = ?", (table,)
            ).fetchone()
        seals = [(seal_of(names, row), row[names.index("number")]) for row in rows]
        if seals:
            chained = chain_of((seal for seal, _ in seals), chain.decode())
            connection.executemany(f"UPDATE {table} SET {SEAL} = ? WHERE number = ?", seals)
            told = (entries + len(seals), chained, table)
            connection.execute("UPDATE seals SET entries = ?, chain = ? WHERE name = ?", told)


def seal_of(names: Sequence[str], row: Sequence[object]) -> str:
    """The seal of an entry: a hash over its columns by name, itself and blank ones apart.

    Args:
        names: The names of the columns.
        row: What stands in them; texts as `_Text`.
    """
    found = hashlib.sha256()
    for name, value in sorted(zip(names, row, strict=True), key=lambda column: column[0]):
        if name == SEAL or value is None or (isinstance(value, _Text) and not value):
            continue
        kind = "text" if isinstance(value, _Text) else type(value).__name__
        data = value if isinstance(value, bytes) else repr(value).encode()
        found.update(f"{name}:{kind}:{len(data)}:".encode())
        found.update(data)
    return found.hexdigest()


def chain_of(seals: Iterator[str], chain: str = "") -> str:
    """What the seals of a table come to, one after the other; `chain` is that of those before them."""
    for seal in seals:
        chain = hashlib.sha256(f"{chain}{seal}".encode()).hexdigest()
    return chain


def flaws_of(connection: sqlite3.Connection, steps: Sequence[Sequence[str]]) -> list[Flaw]:
    """Everything that is wrong with a ledger: in SQLite's order, in its tables, in its entries.

    Args:
        connection: The ledger, in a transaction, so that nobody writes meanwhile.
        steps: The statements that made it.
    """
    found = database_flaws(connection, steps)
    try:
        for table in () if found else SEALED:
            found += _entry_flaws(connection, table)
    except sqlite3.DatabaseError as error:
        found.append(Flaw(FlawKind.DATABASE, reason=str(error)))
    return found


def database_flaws(connection: sqlite3.Connection, steps: Sequence[Sequence[str]]) -> list[Flaw]:
    """What is wrong with a ledger whatever its entries say; `steps` are the statements that made it."""
    words = [words for (words,) in connection.execute(f"PRAGMA integrity_check({MOST_TOLD})")]
    loose = connection.execute("PRAGMA foreign_key_check").fetchall()
    words += [f"foreign key: {table} {row}" for table, row, *_ in loose[:MOST_TOLD]]
    found = [Flaw(FlawKind.DATABASE, reason=damage) for damage in words if damage != "ok"]
    made, there = _made_by(tuple(map(tuple, steps))), _structure(connection)
    names = {name for name, what in made.items() if there.get(name) != what}
    names |= {name for name, (kind, _) in there.items() if kind == "trigger"}
    return found + [Flaw(FlawKind.STRUCTURE, name) for name in sorted(names)]


def _structure(connection: sqlite3.Connection) -> Structure:
    query = "SELECT name, type, COALESCE(sql, '') FROM sqlite_master"
    return {name: (kind, " ".join(made.split())) for name, kind, made in connection.execute(query)}


@cache
def _made_by(steps: tuple[tuple[str, ...], ...]) -> Structure:
    """What a database is made of that these steps have made."""
    connection = sqlite3.Connection(":memory:", isolation_level=None)
    try:
        for statement in (statement for step in steps for statement in step):
            connection.execute(statement)
        return _structure(connection)
    finally:
        connection.close()


def _entry_flaws(connection: sqlite3.Connection, table: str) -> list[Flaw]:
    with _as_bytes(connection):
        names, rows = _rows(connection, table)
        said = connection.execute("SELECT entries, chain FROM seals WHERE name = ?", (table,)).fetchone()
    seals = [row[names.index(SEAL)] for row in rows]
    numbers = [int(str(row[names.index("number")])) for row in rows]
    found = [
        Flaw(FlawKind.ENTRY, table, number)
        for number, seal, row in zip(numbers, seals, rows, strict=True)
        if seal != seal_of(names, row).encode()
    ]
    chain = chain_of(seal.decode(errors="replace") if isinstance(seal, bytes) else "" for seal in seals)
    if said != (len(rows), chain.encode()):
        found.append(Flaw(FlawKind.ENTRIES, table))
    return found


def _rows(
    connection: sqlite3.Connection, table: str, condition: str = ""
) -> tuple[list[str], list[tuple[object, ...]]]:
    """The names of a table's columns, and its entries in the order recorded."""
    cursor = connection.execute(f"SELECT * FROM {table} {condition} ORDER BY number")
    return [column[0] for column in cursor.description], cursor.fetchall()


@contextmanager
def _as_bytes(connection: sqlite3.Connection) -> Iterator[None]:
    """Texts come as their bytes, whatever these are."""
    connection.text_factory = _Text
    try:
        yield
    finally:
        connection.text_factory = text_from_bytes


def change_counter(path: Path) -> bytes:
    """How often a ledger was changed: another value after each change, nothing where there is no ledger yet.

    It is the file change counter of SQLite's header, bytes 24 to 27 (https://www.sqlite.org/fileformat.html).
    """
    with suppress(OSError), open(path, "rb") as file:
        return file.read(28)[24:]
    return b""
