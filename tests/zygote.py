"""A process that has what xlplan needs of others already read in: each run of the program is a fork of it.

A run is a process of its own, with its own words, folder, environment, exit status and output, and reads xlplan itself
anew. What it saves is the time in which Python reads pandas and the others, which is half of a short run.
"""

import atexit
import importlib
import io
import json
import os
import runpy
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

HEAVY = ("openpyxl", "pandas", "pandera.pandas", "python_calamine", "rich.console", "typer", "xlsxwriter")
"""What nearly every run reads in, and none of ours."""


class Zygote:
    """The process, seen from where the runs are wanted."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._folder = tempfile.TemporaryDirectory(prefix="zygote-")
        atexit.register(self._process.kill)

    def run(
        self, words: Sequence[str], cwd: Path, environment: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        """Run the program once; gives its exit status and what it wrote, as text.

        Args:
            words: The words of the line, the program's name left out.
            cwd: The folder in which it runs.
            environment: Its whole environment.
        """
        assert self._process.stdin
        assert self._process.stdout
        streams = [Path(self._folder.name) / name for name in ("stdout", "stderr")]
        asked = {
            "words": list(words),
            "cwd": str(cwd),
            "environment": dict(environment),
            "streams": list(map(str, streams)),
        }
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        code = int(self._process.stdout.readline())
        said = [stream.read_text(encoding="utf-8") for stream in streams]
        return subprocess.CompletedProcess(["xlplan", *words], code, *said)


def serve() -> None:
    """Fork once for each line that is asked, until there is none any more."""
    for name in HEAVY:
        importlib.import_module(name)
    while line := sys.stdin.readline():
        child = os.fork()
        if not child:
            _become(**json.loads(line))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _become(words: list[str], cwd: str, environment: dict[str, str], streams: list[str]) -> None:
    """Be xlplan: with these words, in this folder, writing to these files."""
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    nothing = os.open(os.devnull, os.O_RDONLY)
    written = [os.open(stream, os.O_WRONLY | os.O_CREAT | os.O_TRUNC) for stream in streams]
    for number, opened in enumerate((nothing, *written)):
        os.dup2(opened, number)
    sys.stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(0, closefd=False)), encoding="utf-8")
    sys.stdout, sys.stderr = (
        io.TextIOWrapper(io.BufferedWriter(io.FileIO(number, "w", closefd=False)), "utf-8", errors)
        for number, errors in ((1, "strict"), (2, "backslashreplace"))
    )
    # as `python -m` has it: the folder at hand first, then what PYTHONPATH names
    named = [path for path in environment.get("PYTHONPATH", "").split(os.pathsep) if path]
    here = Path(__file__).parent
    sys.path[:] = [
        cwd,
        *named,
        *(path for path in sys.path if path and Path(path) != here and path not in named),
    ]
    sys.argv = ["xlplan", *words]
    runpy.run_module("xlplan", run_name="__main__", alter_sys=True)
    sys.exit()


if __name__ == "__main__":
    serve()
