"""Part of pytest: the tests are collected once, and each mutant is tried in a fork of that process.

mutmut starts pytest anew for each mutant, which takes far longer than the tests that notice it. The mutants and the
switch between them are mutmut's own.
"""

import functools
import gc
import hashlib
import json
import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.state import state

SHOP = Path(os.environ["XLPLAN_MUTATION"])
WANTED = SHOP / "wanted.json"
"""The mutants to try, by their functions as mutmut names them."""
SEEN = SHOP / "seen.json"
"""Of every test: the hash of its file, how long it takes, which functions it calls."""
ENDED = SHOP / "ended.jsonl"
"""One line for each mutant that was tried: its name, how it ended, the test that noticed it, seconds."""
PATIENCE = (5.0, 5.0)
"""So many times as long as its tests take, and seconds on top of it: then a mutant hangs, which is noticed."""

LIMIT = float(os.environ["XLPLAN_MUTATION_SECONDS"])
"""Seconds that the tests of one mutant may take."""


@functools.cache
def caches() -> list[Any]:
    """The caches of the package and of what the tests share; those of the catalogue of sentences hide no mutant."""
    found = [one for one in gc.get_objects() if isinstance(one, functools._lru_cache_wrapper)]
    files = [(one, getattr(one.__wrapped__, "__code__", None)) for one in found]
    return [
        one
        for one, code in files
        if code is not None and "/mutants/" in code.co_filename and "/language/" not in code.co_filename
    ]


def forget() -> None:
    """Empty the caches, or what was made before would hide a mutant."""
    for one in caches():
        if one is not caches:
            one.cache_clear()


class Watch:
    """Which test failed."""

    failed: str | None = None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed = report.nodeid


def within(items: Sequence[pytest.Item], seen: dict[str, list[Any]]) -> list[pytest.Item]:
    """The fastest of the tests, as long as they take no longer together than a mutant may."""
    kept, took = [], 0.0
    for item in sorted(items, key=lambda item: seen[item.nodeid][1]):
        took += seen[item.nodeid][1]
        if kept and took > LIMIT:
            break
        kept.append(item)
    return kept


def observe(session: pytest.Session, watch: Watch) -> dict[str, list[Any]]:
    """Run every test once, unless its file is as it was, and note which functions it calls."""
    seen = json.loads(SEEN.read_text()) if SEEN.is_file() else {}
    hashes: dict[Path, str] = {}
    for item in session.items:
        if item.path not in hashes:
            hashes[item.path] = hashlib.sha256(item.path.read_bytes()).hexdigest()
        if item.nodeid in seen and seen[item.nodeid][0] == hashes[item.path]:
            continue
        forget()
        set_mutant_under_test("stats")
        state()._stats.clear()
        begun = time.monotonic()
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
        took = time.monotonic() - begun
        set_mutant_under_test("")
        if watch.failed:  # as it is: it can tell nothing of a mutant
            os.write(1, f"left out, as it fails without any mutant: {watch.failed}\n".encode())
            watch.failed = None
            seen.pop(item.nodeid, None)
        else:
            seen[item.nodeid] = [hashes[item.path], took, sorted(state()._stats)]
    SEEN.write_text(json.dumps(seen))
    here = {item.nodeid for item in session.items}
    return {test: about for test, about in seen.items() if test in here}


def play(items: Sequence[pytest.Item], mutant: str, watch: Watch, tell: int) -> None:
    """In the fork: run the tests until one fails, and say which."""
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    forget()
    set_mutant_under_test(mutant)
    for item, following in zip(items, [*items[1:], None], strict=True):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if watch.failed:
            os.write(tell, watch.failed.encode())
            os._exit(1)
    os._exit(0)


def tried(items: Sequence[pytest.Item], mutant: str, watch: Watch, patience: float) -> tuple[str, str]:
    """How the mutant ended, and which test noticed it."""
    read, tell = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            play(items, mutant, watch, tell)
        except BaseException as reason:
            os.write(tell, repr(reason).encode())
        os._exit(2)
    os.close(tell)
    until = time.monotonic() + patience
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            break
        if time.monotonic() > until:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            os.close(read)
            return "hung", ""
        time.sleep(0.005)
    with os.fdopen(read) as told:
        by = told.read()
    return ("survived" if status == 0 else "killed"), by


def pytest_runtestloop(session: pytest.Session) -> bool:
    """In place of running the tests: try the mutants."""
    watch = Watch()
    session.config.pluginmanager.register(watch)
    seen = observe(session, watch)
    by_function: dict[str, list[pytest.Item]] = {}
    for item in (item for item in session.items if item.nodeid in seen):
        for function in seen[item.nodeid][2]:
            by_function.setdefault(function, []).append(item)
    wanted = json.loads(WANTED.read_text())
    with ENDED.open("a", encoding="utf-8") as ended:
        for place, mutant in enumerate(wanted):
            items = within(by_function.get(mutant.partition("__mutmut_")[0], []), seen)
            begun = time.monotonic()
            usual = sum(seen[item.nodeid][1] for item in items)
            how, by = (
                tried(items, mutant, watch, usual * PATIENCE[0] + PATIENCE[1]) if items else ("no tests", "")
            )
            took = round(time.monotonic() - begun, 2)
            ended.write(json.dumps([mutant, how, by, took]) + "\n")
            ended.flush()
            os.write(
                1, f"{place + 1}/{len(wanted)} {how} {took} {mutant}\n".encode()
            ) if how != "killed" else None
    return True
