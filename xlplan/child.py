"""A process that opens files for another, one at a time.

The parsers can abort a process on an allocation that fails, which no `except` catches, and what has hung cannot be
stopped from within. In a process of its own either costs one file. `serve` runs there; `Child` is its handle.
"""

import os
import pickle
import signal
import struct
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from threading import Timer
from typing import IO

SECONDS = 60.0
"""How long one file may take, the start of the process included."""

_LENGTH = struct.Struct(">Q")
_SERVE = "from xlplan.child import serve; serve()"

Work = Callable[[str, bytes], object]
"""What is done with each file: its name and bytes. Must be possible to pickle, as must what it gives."""


class Child:
    """Another process that does `work`. Raises OSError where none can be started."""

    def __init__(self, work: Work) -> None:
        # not multiprocessing: it would run the program's main module again, and outlive a parent that was killed
        self._process = subprocess.Popen(
            [sys.executable, "-c", _SERVE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        self._work: bytes | None = pickle.dumps(work)

    def ask(self, name: str, data: bytes) -> object:
        """What the work gives for one file. Raises ChildProcessError where the process died of it, or was too slow."""
        timer = Timer(SECONDS, self._process.kill)
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
            raise ChildProcessError(name) from fault
        finally:
            timer.cancel()

    def kill(self) -> None:
        """End the process."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                if pipe:
                    pipe.close()
        self._process.wait()


def serve() -> None:
    """Do the work that comes through standard input, until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the parent, which ends this process
    given, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing that a library prints may come between
    with suppress(EOFError, BrokenPipeError):
        work = pickle.loads(_received(given))
        while True:
            name, data = pickle.loads(_received(given))
            _send(answers, pickle.dumps(work(name, data)))


def _send(pipe: IO[bytes] | None, data: bytes) -> None:
    if pipe:
        pipe.write(_LENGTH.pack(len(data)))
        pipe.write(data)
        pipe.flush()


def _received(pipe: IO[bytes] | None) -> bytes:
    """The next message. Raises EOFError where the other side is gone."""
    if pipe:
        head = pipe.read(_LENGTH.size)
        if len(head) == _LENGTH.size:
            (length,) = _LENGTH.unpack(head)
            data: bytes = pipe.read(length)
            if len(data) == length:
                return data
    raise EOFError
