"""The command line in a process of its own, and the documents that it gives."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from zygote import Zygote

ROOT = Path(__file__).parents[1]
COMMANDS = (
    *("new", "lint", "rehearse", "preview", "issue", "check", "receive", "mend", "letters", "status"),
    *("consolidate", "reconcile"),
    *("allow", "send-back", "reopen", "count", "extend", "excuse", "remark", "undo", "log", "rejudge"),
    *("close", "correct", "rollover", "changes", "ledger", "demo"),
)
"""What the program can be asked to do."""


def run(*arguments: object, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """xlplan in a process of its own; where the system can fork, one that need not read other libraries in."""
    words = [str(argument) for argument in arguments]
    whole = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"} | environment
    if hasattr(os, "fork") and not any(name.startswith("PYTHON") for name in environment):
        return _zygote().run(words, cwd, whole)
    return subprocess.run(
        [sys.executable, "-m", "xlplan", *words],
        cwd=cwd,
        env=whole,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@cache
def _zygote() -> Zygote:
    """The process of which the runs of these tests are forks."""
    return Zygote()


def keys_of(value: object, path: str = "") -> Iterator[str]:
    """The keys of a document, in the notation of docs/json.md."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, list):
                for element in inner:
                    yield from keys_of(element, f"{path}{key}[].")
            else:
                yield f"{path}{key}"


def documented(command: str) -> set[str]:
    """The keys that docs/json.md lists for a command."""
    page = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")
    for section in page.split("\n## ")[1:]:
        title, _, body = section.partition("\n")
        if command in title.split(", "):
            return set(re.findall(r"^\| `([^`]+)`", body, re.MULTILINE))
    raise KeyError(command)
