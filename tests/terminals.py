"""A program on a terminal of its own, 80 columns wide."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from commands import ROOT

COLUMNS = 80


def on_terminal(command: Sequence[str], cwd: Path, **environment: str) -> tuple[int, str]:
    """The exit status of a program that is run on a terminal, and all that it writes there."""
    import fcntl  # only where there are such terminals
    import pty
    import struct
    import termios

    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 40, COLUMNS, 0, 0))
    settings = {"TERM": "xterm-256color", "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"} | environment
    process = subprocess.Popen(
        command, cwd=cwd, env=os.environ | settings, stdin=its, stdout=its, stderr=its, start_new_session=True
    )
    os.close(its)
    shown = b""
    with os.fdopen(ours, "rb", buffering=0) as terminal:
        while data := _read(terminal.fileno()):
            shown += data
    return process.wait(), shown.decode("utf-8").replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    """What was written next; nothing where the program has ended, which Linux tells as an error."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""
