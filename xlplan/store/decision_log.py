"""decisions.jsonl: every decision once more, one JSON object a line, in a file that any program can read.

A line is appended after its decision is recorded. A run that is killed in between is made good by the next one, which
appends what is missing; a last line that was not written whole is written again.
"""

import json
import os
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from xlplan.language.errors import ErrorKey, FileError
from xlplan.store.files import faults_of, make_folder, read_bytes

FORMAT = 1
"""The number of the form in which a decision is written."""
COLUMNS = ("number", "period", "made_at", "made_by", "kind", "target", "reason", "takes_back")
"""What is written of a decision, by the names of the columns of table `decisions`."""

Line = Mapping[str, Any]
"""A decision as its line says it: ids and values."""


class LineState(StrEnum):
    """In which way a line of the file is not as the ledger says.

    missing (only the ledger has the decision), changed, unknown (only the file has it) or unreadable (no decision).
    """

    MISSING = "missing"
    CHANGED = "changed"
    UNKNOWN = "unknown"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class DecisionMisfit:
    """A decision that decisions.jsonl does not say as the ledger does.

    Attributes:
        state: In which way.
        number: The number of the decision; of a line that is unreadable the number of the line, from 1.
    """

    state: LineState
    number: int


@dataclass(frozen=True, slots=True)
class DecisionLog:
    """What the file holds.

    Attributes:
        lines: The decisions, in the order in which they stand.
        unreadable: The numbers of the lines, from 1, that are none.
        whole: How many bytes of the file are whole lines.
        torn: Whether something follows that is no whole line: a run was broken off.
    """

    lines: tuple[Line, ...] = ()
    unreadable: tuple[int, ...] = ()
    whole: int = 0
    torn: bool = False

    @property
    def last(self) -> Line | None:
        """The decision with the greatest number; None where there is none."""
        return max(self.lines, key=lambda line: line["number"], default=None)


def read_log(path: Path) -> DecisionLog:
    """What decisions.jsonl holds; nothing where it is not there.

    Raises:
        FileError: it cannot be read.
    """
    try:
        data = read_bytes(path)
    except FileError as fault:
        if fault.key in (ErrorKey.FILE_MISSING, ErrorKey.FOLDER_MISSING):
            return DecisionLog()
        raise
    whole = data.rfind(b"\n") + 1
    found = [_line_of(raw) for raw in data[:whole].splitlines()]
    unreadable = tuple(number for number, line in enumerate(found, 1) if line is None)
    return DecisionLog(tuple(line for line in found if line), unreadable, whole, whole < len(data))


def ahead_of(connection: sqlite3.Connection, path: Path) -> int:
    """The number of the last decision of decisions.jsonl where the ledger has it not, or another; 0 where it has it.

    Args:
        connection: The ledger.
        path: The file.

    Raises:
        FileError: it cannot be read.
    """
    last = read_log(path).last
    if last is None:
        return 0
    number = int(last["number"])
    return 0 if [dict(last)] == _recorded(connection, "WHERE number = ?", (number,)) else number


def append_missing(connection: sqlite3.Connection, path: Path) -> None:
    """Append every decision of the ledger's that decisions.jsonl has not yet. In a turn, after it is recorded.

    Args:
        connection: The ledger.
        path: The file.

    Raises:
        FileError: it cannot be written.
    """
    log = read_log(path)
    last = log.last["number"] if log.last else 0
    missing = _recorded(connection, "WHERE number > ?", (last,))
    if not missing and not log.torn:
        return
    make_folder(path.parent)
    with faults_of(path, path.parent, denied=ErrorKey.FILE_LOCKED):
        number = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
        with open(number, "r+b") as file:
            file.truncate(log.whole)  # what is torn is a decision that the ledger has
            file.seek(log.whole)
            file.write(b"".join(map(_written, missing)))
            file.flush()
            os.fsync(number)


def compared(connection: sqlite3.Connection, path: Path) -> tuple[DecisionMisfit, ...]:
    """The decisions that decisions.jsonl does not say as the ledger does. A torn end is none: the next run mends it.

    Args:
        connection: The ledger, in a turn.
        path: The file.

    Raises:
        FileError: it cannot be read.
    """
    log = read_log(path)
    recorded = {line["number"]: line for line in _recorded(connection)}
    there = {line["number"]: dict(line) for line in log.lines}
    if log.torn:  # the run that wrote the last was broken off
        recorded = {number: line for number, line in recorded.items() if number <= max(there, default=0)}
    found = [DecisionMisfit(LineState.UNREADABLE, number) for number in log.unreadable]
    for number in sorted(recorded.keys() | there.keys()):
        if number not in there:
            found.append(DecisionMisfit(LineState.MISSING, number))
        elif number not in recorded:
            found.append(DecisionMisfit(LineState.UNKNOWN, number))
        elif there[number] != recorded[number]:
            found.append(DecisionMisfit(LineState.CHANGED, number))
    return tuple(found)


def _recorded(
    connection: sqlite3.Connection, condition: str = "", params: Iterable[object] = ()
) -> list[dict[str, Any]]:
    """Decisions of the ledger as their lines say them."""
    query = f"SELECT {', '.join(COLUMNS)} FROM decisions {condition} ORDER BY number"
    rows = connection.execute(query, tuple(params)).fetchall()
    made = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    return [{"format": FORMAT, **row, "target": json.loads(row["target"])} for row in made]


def _written(line: Line) -> bytes:
    # half a character, of a name in a broken encoding, stands as its escape, which JSON knows
    return (
        json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")
        + b"\n"
    )


def _line_of(raw: bytes) -> Line | None:
    """The decision of a line; None where it is none, or one of a later xlplan's."""
    try:
        said = json.loads(raw)
        names = {"format", *COLUMNS}
        numbered = isinstance(said["number"], int) and said["number"] > 0 and said["format"] == FORMAT
        return said if numbered and names <= set(said) else None
    except (ValueError, TypeError, LookupError):
        return None


def row_of_line(line: Line) -> tuple[object, ...]:
    """What stands in table `decisions` of the decision of a line: in the order of `COLUMNS`, texts as bytes."""
    target = json.dumps(line["target"], ensure_ascii=False, separators=(",", ":"))
    return tuple(_text(target if name == "target" else line[name]) for name in COLUMNS)


def _text(value: object) -> object:
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
