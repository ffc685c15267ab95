"""Whether pip finds what it would install. Needs nothing but Python."""

import subprocess
from collections.abc import Callable, Sequence
from tempfile import TemporaryDirectory

PROBE = "hatchling"
"""A small package that is needed in any case: what xlplan is built with."""
SECONDS = "10"
"""How long pip waits for an answer, and asks once: by itself it tries for a minute and more."""

Runner = Callable[[Sequence[str]], int]
"""Runs a command without a word of its own, and gives its exit status."""


def exit_status(command: Sequence[str]) -> int:
    """Run a command, of which nothing is printed."""
    return subprocess.run(command, capture_output=True, check=False).returncode


def reachable(python: str, runner: Runner = exit_status) -> bool:
    """Whether packages can be had, by what pip is set to on this computer: an index, a mirror, a folder of files.

    Args:
        python: The Python whose pip is asked.
        runner: What runs the command.
    """
    with TemporaryDirectory() as folder:
        quick = ("--retries", "0", "--timeout", SECONDS, "--disable-pip-version-check")
        return not runner([python, "-m", "pip", "download", *quick, "--no-deps", "--dest", folder, PROBE])
