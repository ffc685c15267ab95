"""A process that opens files for another, one at a time.

The parsers can abort a process on an allocation that fails, which no `except` catches, and what has hung cannot be
stopped from within. In a process of its own either costs one file. `serve` runs there; `Child` is its handle.

On Linux the process may have MEMORY_BYTES at most, and the system ends it after SECONDS on one file even where
nobody is left to do so. Other systems promise no such limits (`confined`).
"""

import os
import pickle
import signal
import struct
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pkgutil import resolve_name
from threading import Timer
from typing import IO, Any, TypeVar

SECONDS = 60.0
"""How long one file may take, the start of the process included."""
MEMORY_BYTES = 2 * 1024**3
"""Address space of the process, where the system can limit it."""

LIMITS_MEMORY = sys.platform.startswith("linux")
"""Whether the system keeps a limit of memory. Others take the limit and let the process have more."""

_LENGTH = struct.Struct(">Q")
_SERVE = "from xlplan.form.read.child import serve; serve()"

Result = TypeVar("Result")
Work = Callable[[str, bytes], Any]
"""What is done with each file: its name and bytes. Must be possible to pickle, as must what it gives."""


@dataclass(frozen=True, slots=True)
class DeferredWork:
    """Work that is made in the process that does it: whoever asks for it need not load what it takes.

    `maker` names what is called to make it (`package.module:name`), with these `arguments`, and `method` what of the
    object that comes of it is done with each file.
    """

    maker: str
    arguments: tuple[object, ...]
    method: str

    def made(self) -> Work:
        """The work itself. Loads the module that it is named by."""
        work: Work = getattr(resolve_name(self.maker)(*self.arguments), self.method)
        return work


class Child:
    """Another process that does some work on files, one at a time.

    Args:
        work: What is done with each file.

    Raises:
        OSError: No process can be started.
    """

    def __init__(self, work: Work | DeferredWork) -> None:
        # not multiprocessing: it would run the program's main module again, and outlive a parent that was killed
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", _SERVE],  # -P: no module out of the folder that files lie in
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            start_new_session=True,  # a group of its own, to be ended with all that it may have started
        )
        self._work: bytes | None = pickle.dumps(work)
        self._given_up = False

    def ask(self, name: str, data: bytes) -> Any:
        """What the work gives for one file, from its name and bytes.

        Raises:
            ChildProcessError: The process died of it.
            TimeoutError: It took too long.
        """
        timer = Timer(SECONDS, self._give_up)
        timer.daemon = True
        timer.start()
        try:
            if self._work is not None:
                _send(self._process.stdin, self._work)
                self._work = None
            _send(self._process.stdin, pickle.dumps((name, data)))
            return pickle.loads(_received(self._process.stdout))
        except (OSError, EOFError) as fault:
            self.kill()
            raise (TimeoutError if self._late else ChildProcessError)(name) from fault
        finally:
            timer.cancel()

    def kill(self) -> None:
        """End the process."""
        self._end()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                if pipe:
                    pipe.close()
        self._process.wait()

    @property
    def _late(self) -> bool:
        """Whether the process was ended for its slowness, from here or by the system."""
        by_system = hasattr(signal, "SIGALRM") and self._process.returncode == -signal.SIGALRM
        return self._given_up or by_system

    def _give_up(self) -> None:
        self._given_up = True
        self._end()

    def _end(self) -> None:
        if self._process.returncode is not None:
            return  # waited for, so that its number may be another's by now
        if hasattr(os, "killpg"):
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        else:
            self._process.kill()


def once(work: Callable[[str, bytes], Result], name: str, data: bytes) -> Result:
    """What is made of one file in a process for it alone.

    Args:
        work: What is done with the file. Must be possible to pickle, as must what it gives.
        name: The name of the file.
        data: Its bytes.

    Returns:
        What `work` gives.

    Raises:
        OSError: No process can be started, or it died of the file (ChildProcessError) or took too long
            (TimeoutError).
    """
    child = Child(work)
    try:
        found: Result = child.ask(name, data)
        return found
    finally:
        child.kill()


def confined() -> bool:
    """Whether this process has a limit of memory that the system keeps."""
    if not LIMITS_MEMORY:
        return False
    import resource  # only where it exists

    return resource.getrlimit(resource.RLIMIT_AS)[0] != resource.RLIM_INFINITY


def limit_time(seconds: float) -> None:
    """Let the system end this process in `seconds`, where it can; 0 takes that back."""
    # not a thread: what hangs may keep every other thread of the process from running
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _limit_memory() -> None:
    if LIMITS_MEMORY:
        import resource  # only where it exists

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        # an abort would leave a department's data on the disk
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def serve() -> None:
    """Do the work that comes through standard input, until it is closed."""
    _limit_memory()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the parent, which ends this process
    given, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing that a library prints may come between
    with suppress(EOFError, BrokenPipeError):
        work = pickle.loads(_received(given))
        if isinstance(work, DeferredWork):
            work = work.made()
        while True:
            name, data = pickle.loads(_received(given))
            limit_time(SECONDS)
            found = work(name, data)
            limit_time(0)
            _send(answers, pickle.dumps(found))


def _send(pipe: IO[bytes] | None, data: bytes) -> None:
    if pipe:
        pipe.write(_LENGTH.pack(len(data)))
        pipe.write(data)
        pipe.flush()


def _received(pipe: IO[bytes] | None) -> bytes:
    """The next message.

    Raises:
        EOFError: the other side is gone.
    """
    if pipe:
        head = pipe.read(_LENGTH.size)
        if len(head) == _LENGTH.size:
            (length,) = _LENGTH.unpack(head)
            data: bytes = pipe.read(length)
            if len(data) == length:
                return data
    raise EOFError
