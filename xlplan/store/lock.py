"""The lock file beside SQLite's own locks: one run at a time, also on a network share that has no locks of ranges.

It says who holds it, on which computer, in which process and since when. One whose process is gone is over: where that
was on this computer the next run sees so and takes it away; elsewhere a person does, with `xlplan ledger unlock`.
"""

import getpass
import json
import os
import platform
import secrets
import sys
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from xlplan import __version__
from xlplan.language.errors import ErrorKey, FileError
from xlplan.store.files import faults_of, read_bytes

FORMAT = 1
"""The number of the form in which a lock file is written."""
LARGEST = 4096
"""Bytes of a lock file that are read."""
RELEASE_SECONDS = 2.0
"""How long a lock file is tried to be removed: on Windows not while another run reads it."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock file. Blank where it does not say: it is being written, or its writer was killed just then.

    Attributes:
        host: The computer.
        user: The system's user.
        process: The number of the process.
        since: When it was taken, in whole seconds, as ISO 8601.
        version: The version of xlplan.
        token: What no other lock file says.
    """

    host: str = ""
    user: str = ""
    process: int = 0
    since: str = ""
    version: str = ""
    token: str = ""

    @classmethod
    def here(cls) -> "Holder":
        """This process, with a token of its own."""
        now = datetime.now().isoformat(timespec="seconds")
        return cls(platform.node(), user_here(), os.getpid(), now, __version__, secrets.token_hex(8))

    @property
    def is_over(self) -> bool:
        """Whether its process is known to be gone: only of one on this computer."""
        return bool(self.process) and self.host == platform.node() and not _is_running(self.process)

    @property
    def is_this_run(self) -> bool:
        """Whether it is this process."""
        return (self.host, self.process) == (platform.node(), os.getpid())

    @property
    def is_at_work_here(self) -> bool:
        """Whether its process is at work on this computer."""
        return self.host == platform.node() and bool(self.process) and _is_running(self.process)

    @property
    def params(self) -> dict[str, str]:
        """What sentences say of it."""
        moment = self.since.replace("T", " ")[:16]
        return {"host": self.host or "?", "user": self.user or "?", "moment": moment or "?"}


def user_here() -> str:
    """The system's user; empty where the system does not say."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


def take(path: Path) -> str:
    """Make the lock file.

    Args:
        path: Where.

    Returns:
        Its token; empty where another run holds it.

    Raises:
        FileError: it cannot be made.
    """
    holder = Holder.here()
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        with faults_of(path, path.parent, denied=ErrorKey.FOLDER_READ_ONLY):
            number = os.open(path, flags, 0o666)
    except FileError:
        if os.path.lexists(path):  # on Windows access is denied while it is being removed
            return ""
        raise
    with faults_of(path, path.parent, denied=ErrorKey.FILE_LOCKED), open(number, "wb") as file:
        file.write(json.dumps({"format": FORMAT, **asdict(holder)}, ensure_ascii=False).encode())
        file.flush()
        os.fsync(number)
    return holder.token


def holder_of(path: Path) -> Holder | None:
    """Who holds the lock file; None where there is none."""
    try:
        said = json.loads(read_bytes(path, LARGEST))
        texts = {name: str(said[name]) for name in ("host", "user", "since", "version", "token")}
        return Holder(process=int(said["process"]), **texts)
    except FileError as fault:
        return None if fault.key in (ErrorKey.FILE_MISSING, ErrorKey.FOLDER_MISSING) else Holder()
    except (ValueError, TypeError, LookupError):
        return Holder()


def is_held(path: Path, token: str) -> bool:
    """Whether the lock file is still the one with this token."""
    holder = holder_of(path)
    return holder is not None and holder.token == token


def release(path: Path, token: str) -> None:
    """Remove the lock file, where it is still the one with this token."""
    last = time.monotonic() + RELEASE_SECONDS
    while is_held(path, token):
        with suppress(OSError):
            os.unlink(path)
            return
        if time.monotonic() > last:
            return  # it is over with this process, and the next run sees so
        time.sleep(0.05)


def remove(path: Path) -> None:
    """Remove the lock file, whosever it is.

    Raises:
        FileError: it cannot be removed.
    """
    with faults_of(path, path.parent, denied=ErrorKey.FILE_LOCKED), suppress(FileNotFoundError):
        os.unlink(path)


def _is_running(process: int) -> bool:
    """Whether there is a process of this number."""
    if sys.platform == "win32":
        return _is_running_on_windows(process)
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):  # one of another user's, or no number of a process
        return True
    return True


def _is_running_on_windows(process: int) -> bool:
    """The same on Windows, where signal 0 would be Ctrl+C."""
    if sys.platform != "win32":
        return True
    import ctypes

    query, still_active = 0x1000, 259  # PROCESS_QUERY_LIMITED_INFORMATION, STILL_ACTIVE
    kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    handle = kernel.OpenProcess(query, False, process)
    if not handle:
        return ctypes.get_last_error() == 5  # ERROR_ACCESS_DENIED: it is another user's
    code = ctypes.c_ulong()
    try:
        return not kernel.GetExitCodeProcess(handle, ctypes.byref(code)) or code.value == still_active
    finally:
        kernel.CloseHandle(handle)
