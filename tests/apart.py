"""Stages run in processes of their own, which may be killed in the middle of their work."""

import multiprocessing
import os
import signal
import sqlite3
import threading
from collections.abc import Callable
from datetime import datetime
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from xlplan import stages
from xlplan.store.workspace import Workspace

SERVED = "forkserver" in multiprocessing.get_all_start_methods()
PROCESSES = multiprocessing.get_context("forkserver") if SERVED else multiprocessing.get_context("spawn")
if SERVED:
    PROCESSES.set_forkserver_preload(["apart"])  # so that each process starts with everything imported

KILL = getattr(signal, "SIGKILL", signal.SIGTERM)
"""What ends a process at once. Windows has but one signal that does."""

Stage = Callable[[Path, datetime], object]


def issue(root: Path, now: datetime) -> None:
    """`xlplan issue`."""
    stages.issue(Workspace(root), "R6", due=None, now=now)


def receive(root: Path, now: datetime) -> None:
    """`xlplan receive`."""
    stages.receive(Workspace(root), (), period="R6", now=now)


def consolidate(root: Path, now: datetime) -> None:
    """`xlplan consolidate --draft`."""
    stages.consolidate(Workspace(root), period="R6", draft=True, now=now)


def begun(
    stage: Stage, root: Path, now: datetime, *, last: int = 0, barrier: Barrier | None = None
) -> BaseProcess:
    """A process that does `stage`, killed before its write number `last`; all wait at the barrier first."""
    process: BaseProcess = PROCESSES.Process(target=_run, args=(stage, root, now, last, barrier))
    process.start()
    return process


def ended(process: BaseProcess) -> int | None:
    """Its exit status."""
    process.join(120)
    return process.exitcode


def killed(process: BaseProcess) -> bool:
    """Whether it ended by the signal: minus its number is its exit status, on Windows the number itself."""
    return ended(process) in (-KILL, KILL)


def as_killed(root: Path) -> None:
    """Let the lock file of a folder, where there is one, be that of a process that is gone."""
    path = root / "workbooks" / "ledger.lock"
    if path.exists():
        gone = begun(_nothing, root, datetime.min)
        ended(gone)
        said = path.read_text(encoding="utf-8")
        path.write_text(said.replace(f'"process": {os.getpid()}', f'"process": {gone.pid}'), encoding="utf-8")


def _nothing(root: Path, now: datetime) -> None:
    """What a process does that is only to have been there."""


def _run(stage: Stage, root: Path, now: datetime, last: int, barrier: Barrier | None) -> None:
    if last:
        _kill_before(last)
    if barrier:
        barrier.wait(60)
    stage(root, now)


def _kill_before(last: int) -> None:
    """Let every call that changes something on the disk count, and the one with this number be the end."""
    lock, count = threading.Lock(), 0

    def counted() -> None:
        nonlocal count
        with lock:
            count += 1
            if count == last:
                os.kill(os.getpid(), KILL)

    before_each_write(counted, setattr)


def before_each_write(act: Callable[[], None], put: Callable[[Any, str, Any], object]) -> None:
    """Have `act` called before each call that changes something on the disk; `put` is setattr, or what undoes it."""

    def acting(call: Callable[..., Any]) -> Callable[..., Any]:
        def called(*args: Any, **kwargs: Any) -> Any:
            act()
            return call(*args, **kwargs)

        return called

    open_file, connect = os.open, sqlite3.connect

    def opened(path: Any, flags: int, *rest: Any, **more: Any) -> int:
        if flags & os.O_CREAT:
            act()
        return open_file(path, flags, *rest, **more)

    class Acting(sqlite3.Connection):
        execute = acting(sqlite3.Connection.execute)
        executemany = acting(sqlite3.Connection.executemany)

    put(os, "open", opened)
    for name in ("fsync", "replace", "unlink", "mkdir"):
        put(os, name, acting(getattr(os, name)))
    put(sqlite3, "connect", lambda *args, **kwargs: connect(*args, factory=Acting, **kwargs))
