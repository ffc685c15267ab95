"""Who has a file open: Excel and LibreOffice put a lock file beside it, which says so."""

import os
import re
from contextlib import suppress
from pathlib import Path

from xlplan.language.errors import ErrorKey, FileError

LARGEST_LOCK = 4096
"""Bytes of a lock file: those of Excel have 165."""
MOST_OF_NAME = 60
"""Characters of who has a file open."""


def lock_file(path: Path) -> Path | None:
    """The file by which Excel (`~$name`) or LibreOffice (`.~lock.name#`) shows that it has `path` open."""
    beside = (path.with_name(f"~${path.name}"), path.with_name(f".~lock.{path.name}#"))
    return next((lock for lock in beside if os.path.lexists(lock)), None)


def owner_of(lock: Path) -> str:
    """The name of who has a file open, as its lock file (`lock_file`) says; empty where it says none."""
    data = _read(lock)
    if not lock.name.startswith("~$"):  # name in the program, name in the system, computer, moment, profile
        names = [
            re.sub(r"\\(.)", r"\1", name) for name in re.split(r"(?<!\\),", data.decode(errors="replace"))
        ]
        return next((name.strip() for name in names[:2] if name.strip()), "")[:MOST_OF_NAME]
    # the length of the name, the name in the system's code; from 55 on the same in UTF-16
    wide = data[57 : 57 + 2 * data[55]] if len(data) > 57 else b""
    name = wide.decode("utf-16-le", errors="replace") or data[1 : 1 + sum(data[:1])].decode(errors="replace")
    return name.strip(" \0")[:MOST_OF_NAME]


def need_closed(path: Path) -> None:
    """Stop where a program has a file open.

    Raises:
        FileError: one has; who that is, where the lock file says so.
    """
    if lock := lock_file(path):
        if user := owner_of(lock):
            raise FileError(ErrorKey.FILE_OPEN_BY, path=path, lock=lock.name, user=user)
        raise FileError(ErrorKey.FILE_OPEN, path=path, lock=lock.name)


def _read(lock: Path) -> bytes:
    """What a lock file holds; nothing where it cannot be read or is too large to be one."""
    with suppress(OSError):
        number = os.open(lock, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with open(number, "rb") as file:
            data = file.read(LARGEST_LOCK + 1)
        return data if len(data) <= LARGEST_LOCK else b""
    return b""
