"""Every read and write of a file, so that each fault of the system becomes one clear line.

A write is atomic: whoever looks sees the old file or the new one, whole, also after a power cut.
"""

import errno
import hashlib
import io
import os
import re
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from xlplan.language.errors import ErrorKey, FileError
from xlplan.store.opened import need_closed

DENIED = {errno.EACCES, errno.EPERM}
FULL = {errno.ENOSPC, errno.EDQUOT}
IN_USE = {errno.EBUSY, errno.ETXTBSY}
GONE = {ErrorKey.FILE_MISSING, ErrorKey.FOLDER_MISSING}
NOT_A_FOLDER = {errno.ENOTDIR, errno.EEXIST}
# Windows says these only in `winerror`; `errno` holds a vaguer word.
WINDOWS_IN_USE = {32, 33}  # ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION
WINDOWS_NAME_TOO_LONG = {206}  # ERROR_FILENAME_EXCED_RANGE

TEMPORARY = re.compile(r"\.xlplan-[0-9a-f]{16}\.tmp")
"""The name of a file that is being written: of no more use once its writer is gone."""


class MisfitState(StrEnum):
    """In which way a file is not as the ledger says; a spare one is not in it, but has the bytes of one that is."""

    MISSING = "missing"
    CHANGED = "changed"
    UNREADABLE = "unreadable"
    UNKNOWN = "unknown"
    SPARE = "spare"


def sha256(data: bytes) -> str:
    """The SHA-256 of `data`, 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def read_bytes(path: Path, limit: int | None = None) -> bytes:
    """The whole of one regular file, never more than `limit` bytes in memory.

    Raises:
        FileError: it cannot be read; `file_too_large` where it is longer than `limit` bytes.
    """
    with opened(path) as file:
        data = file.read() if limit is None else file.read(limit + 1)
    if limit is not None and len(data) > limit:
        raise FileError(ErrorKey.FILE_TOO_LARGE, path=path, limit=limit)
    return data


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file of any length, read piece by piece.

    Raises:
        FileError: it cannot be read.
    """
    with opened(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def not_as_kept(path: Path, sha256: str) -> MisfitState | None:
    """In which way a file is not what was kept: missing, changed or unreadable; None where it is the same.

    Args:
        path: The file.
        sha256: The hash of what was kept, in hexadecimal.
    """
    try:
        return None if sha256_of(path) == sha256 else MisfitState.CHANGED
    except FileError as fault:
        return MisfitState.MISSING if fault.key in GONE else MisfitState.UNREADABLE


def size_of(path: Path) -> int:
    """The length of a file in bytes.

    Raises:
        FileError: it cannot be looked at.
    """
    with faults_of(path, path.parent, denied=ErrorKey.FILE_LOCKED):
        return os.stat(path).st_size


def modified(path: Path) -> int:
    """When a file was last changed, in nanoseconds.

    Raises:
        FileError: it cannot be looked at.
    """
    with faults_of(path, path.parent, denied=ErrorKey.FILE_LOCKED):
        return os.stat(path).st_mtime_ns


def write_bytes(path: Path, data: bytes) -> None:
    """Put `data` at `path`, whole or not at all; missing folders are made.

    A link at `path` is itself replaced, not the file it leads to.

    Raises:
        FileError: it cannot be written; `file_open` where Excel or LibreOffice holds the file.
    """
    _write(path, io.BytesIO(data))


def copy_file(source: Path, target: Path) -> None:
    """Put a file of any length at `target`, piece by piece, otherwise as `write_bytes`.

    Raises:
        FileError: it cannot be read or written.
    """
    with opened(source) as file:
        _write(target, file)


def copy_files(source: Path, target: Path) -> None:
    """Put a file, or the files of a folder, at `target`, as `copy_file`.

    Raises:
        FileError: one cannot be read or written.
    """
    if source.is_dir():
        make_folder(target)
    for file in files_in(source) if source.is_dir() else [source]:
        copy_file(file, target / file.name if source.is_dir() else target)


def move_file(source: Path, target: Path) -> None:
    """Give a file another name, in place of what bears it; `sync_folders` lets that outlive a power cut.

    Raises:
        FileError: it cannot be moved.
    """
    make_folder(target.parent)
    with faults_of(target, target.parent, denied=ErrorKey.FILE_LOCKED):
        os.replace(source, target)


def remove_file(path: Path) -> None:
    """Remove a file, where it is there.

    Raises:
        FileError: it cannot be removed: a program has it open, say.
    """
    with faults_of(path, path.parent, denied=ErrorKey.FILE_LOCKED), suppress(FileNotFoundError):
        os.unlink(path)


def sync_folders(*folders: Path) -> None:
    """Let the names in these folders outlive a power cut. Those that are not there are left out."""
    for folder in folders:
        _sync_folder(folder)


def sweep(*folders: Path) -> None:
    """Remove what writers that were killed have left in these folders. Only while nobody writes there."""
    for folder in folders:
        with suppress(OSError):  # what cannot be removed is in nobody's way
            for name in os.listdir(folder):
                if TEMPORARY.fullmatch(name):
                    os.unlink(folder / name)


def make_folder(path: Path) -> None:
    """Make the folder `path` and those above it where they are missing; FileError where one cannot be made."""
    with faults_of(path, path, denied=ErrorKey.FOLDER_READ_ONLY):
        os.makedirs(path, exist_ok=True)


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder for what is too large to hold in memory; gone afterwards.

    Raises:
        FileError: it cannot be made.
    """
    root = Path(tempfile.gettempdir())
    faults = faults_of(root, root, denied=ErrorKey.FOLDER_READ_ONLY)
    with faults, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def files_in(folder: Path) -> list[Path]:
    """The regular files directly in `folder`, sorted by name; links and sub-folders are not followed.

    Raises:
        FileError: the folder cannot be read.
    """
    with faults_of(folder, folder, denied=ErrorKey.FILE_UNREADABLE), os.scandir(folder) as entries:
        return sorted(Path(entry.path) for entry in entries if entry.is_file(follow_symlinks=False))


def seen(path: Path) -> tuple[tuple[str, int, int], ...]:
    """Name, length and moment of change of a file, or of the files in a folder; nothing where it is not there."""
    with suppress(OSError, FileError):
        files = files_in(path) if os.path.isdir(path) else [path]
        stats = [(file.name, os.stat(file)) for file in files if not file.name.startswith((".", "~$"))]
        return tuple((name, stat.st_size, stat.st_mtime_ns) for name, stat in stats)
    return ()


@contextmanager
def opened(path: Path) -> Iterator[io.BufferedReader]:
    """A regular file, to be read.

    Raises:
        FileError: it is no regular file, or cannot be opened or read.
    """
    faults = faults_of(path, path.parent, denied=ErrorKey.FILE_LOCKED)
    with faults, open(path, "rb", opener=_without_waiting) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise FileError(ErrorKey.FILE_SPECIAL, path=path)
        yield file


def _without_waiting(path: str, flags: int) -> int:
    """Open without hanging on a pipe that nobody writes to."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _write(path: Path, source: BinaryIO) -> None:
    """Put what is left of `source` at `path`, by way of a temporary file.

    Raises:
        FileError: a program has the file open, or it cannot be written.
    """
    folder = path.parent
    make_folder(folder)
    need_closed(path)
    # A short name of its own: the target's name may already be as long as the system allows.
    temporary = folder / f".xlplan-{secrets.token_hex(8)}.tmp"
    try:
        with faults_of(path, folder, denied=ErrorKey.FOLDER_READ_ONLY):
            _write_through(temporary, source)
            _keep_mode(path, temporary)
        with faults_of(path, folder, denied=ErrorKey.FILE_LOCKED):
            os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
    _sync_folder(folder)


def _write_through(path: Path, source: BinaryIO) -> None:
    # not tempfile, whose mode 0600 would keep colleagues on a shared folder from reading the file
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    with open(number, "wb") as file:
        shutil.copyfileobj(source, file)
        file.flush()
        os.fsync(number)


def _keep_mode(old: Path, new: Path) -> None:
    """Give `new` the permissions of the file that it replaces, where there is one and the share allows it."""
    with suppress(OSError):
        os.chmod(new, stat.S_IMODE(os.stat(old).st_mode))


def _sync_folder(folder: Path) -> None:
    """Let the rename itself outlive a power cut. Where the system cannot, the file is in place all the same."""
    if os.name == "nt":
        return
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


_OF_FOLDER = (ErrorKey.FOLDER_MISSING, ErrorKey.FOLDER_IS_FILE, ErrorKey.FOLDER_READ_ONLY)


@contextmanager
def faults_of(path: Path, folder: Path, *, denied: ErrorKey) -> Iterator[None]:
    """Turn what the system refuses of `path`, in `folder`, into FileError.

    Raises:
        FileError: the system refused; `denied` is the key where it is access that is refused.
    """
    try:
        yield
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        key = _key(error, path, folder, denied) if isinstance(error, OSError) else ErrorKey.FILE_UNREADABLE
        named = folder if key in _OF_FOLDER else path
        reason = getattr(error, "strerror", None) or str(error)
        raise FileError(key, path=named, reason=reason) from error


def _key(error: OSError, path: Path, folder: Path, denied: ErrorKey) -> ErrorKey:
    windows = getattr(error, "winerror", None)
    number = error.errno
    if number in IN_USE or windows in WINDOWS_IN_USE:
        return ErrorKey.FILE_LOCKED
    if number == errno.ENAMETOOLONG or windows in WINDOWS_NAME_TOO_LONG:
        return ErrorKey.NAME_TOO_LONG
    if number == errno.EISDIR or (number in DENIED and path != folder and os.path.isdir(path)):
        return ErrorKey.FILE_IS_FOLDER
    if number == errno.ENOENT:
        return ErrorKey.FILE_MISSING if os.path.isdir(folder) else ErrorKey.FOLDER_MISSING
    if number in NOT_A_FOLDER:
        return ErrorKey.FOLDER_IS_FILE
    if number in FULL:
        return ErrorKey.DISK_FULL
    if number == errno.EROFS:
        return ErrorKey.FOLDER_READ_ONLY
    return denied if number in DENIED else ErrorKey.FILE_UNREADABLE
