"""The lock file: one run at a time also where SQLite's own locks do nothing; one that is left behind is taken away."""

import json
import os
import platform
import sqlite3
from collections.abc import Callable
from datetime import datetime
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from apart import PROCESSES, begun, ended
from commands import documented, keys_of, run
from ledgers import altered
from rounds import RECEIVED, begin

from xlplan import __version__, stages
from xlplan.language.errors import LedgerError, UsageError
from xlplan.model.decision import Decision, DecisionKind
from xlplan.store import turns
from xlplan.store.history import record_decision
from xlplan.store.ledger import Ledger
from xlplan.store.lock import Holder, holder_of, release, take
from xlplan.store.turns import connected
from xlplan.store.workspace import Workspace, beside


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    return begin(tmp_path)


def lock_of(space: Workspace) -> Path:
    return beside(space.ledger_path).lock


def held_by(path: Path, **said: object) -> Holder:
    """Let a lock file be another run's."""
    assert take(path)
    holder = {**json.loads(path.read_text(encoding="utf-8")), **said}
    path.write_text(json.dumps(holder), encoding="utf-8")
    found = holder_of(path)
    assert found is not None
    return found


def gone() -> int:
    """The number of a process that is no more."""
    process = begun(_nothing, Path(), datetime.min)
    ended(process)
    assert process.pid
    return process.pid


def _nothing(root: Path, now: datetime) -> None:
    pass


def excuse(space: Workspace, on_wait: Callable[[], object] = lambda: None) -> None:
    stages.excuse(space, "D1", reason="x", period="R6", now=RECEIVED, on_wait=on_wait)


def test_while_a_run_writes_its_lock_says_who_where_since_when_and_by_which_version(space: Workspace) -> None:
    with Ledger.open(space.ledger_path) as ledger, ledger.writing():
        holder = holder_of(lock_of(space))
    assert holder is not None
    assert (holder.host, holder.process, holder.version) == (platform.node(), os.getpid(), __version__)
    assert datetime.fromisoformat(holder.since).year >= 2025
    assert not lock_of(space).exists()


def test_a_run_that_fails_leaves_no_lock(space: Workspace) -> None:
    with pytest.raises(ZeroDivisionError), Ledger.open(space.ledger_path) as ledger, ledger.writing():
        raise ZeroDivisionError
    assert not lock_of(space).exists()


@pytest.mark.parametrize("contents", ["", "{", "[]", '{"host": 1}', "no json", "\\xff"])
def test_a_lock_that_says_nothing_is_somebodys(contents: str, tmp_path: Path) -> None:
    path = tmp_path / "ledger.lock"
    path.write_text(contents, encoding="utf-8")
    assert holder_of(path) == Holder()
    assert take(path) == ""


def test_only_its_holder_lets_go_of_a_lock(tmp_path: Path) -> None:
    path = tmp_path / "ledger.lock"
    token = take(path)
    release(path, "another")
    assert path.exists()
    release(path, token)
    assert not path.exists()


def test_a_run_waits_for_a_lock_of_another_computer_and_says_so_once(
    space: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "PATIENCE_SECONDS", 0)
    held_by(lock_of(space), host="pc-2", user="suzuki")
    waited: list[str] = []

    def on_wait() -> None:
        waited.append("once")
        lock_of(space).unlink()

    excuse(space, on_wait)

    assert waited == ["once"]


def test_a_run_that_waits_for_too_long_names_who_is_at_work(
    space: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "TURN_SECONDS", 0)
    held_by(lock_of(space), host="pc-2", user="suzuki", since="2026-05-01T09:30:00")
    with pytest.raises(LedgerError) as fault:
        excuse(space)
    assert fault.value.key == "ledger_held"
    for language in ("ja", "en"):
        words = fault.value.message(language)
        assert all(word in words for word in ("suzuki", "pc-2", "2026-05-01 09:30", "xlplan ledger unlock"))
    assert lock_of(space).exists()


def test_the_lock_of_a_process_of_this_computer_that_is_gone_is_taken_away(space: Workspace) -> None:
    held_by(lock_of(space), process=gone())
    waited: list[object] = []
    excuse(space, lambda: waited.append(1))
    assert (waited, lock_of(space).exists()) == ([], False)


def test_a_lock_that_was_never_written_is_taken_away_after_a_while(
    space: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock_of(space).write_bytes(b"")
    monkeypatch.setattr(turns, "UNWRITTEN_SECONDS", 0)
    excuse(space)
    assert not lock_of(space).exists()


def taken_from(space: Workspace, ledger: Ledger) -> None:
    """A run that records a decision while somebody takes its lock away."""
    with ledger.writing():
        record_decision(ledger, Decision("R6", RECEIVED, "", DecisionKind.EXCUSE))
        lock_of(space).unlink()


def test_a_run_whose_lock_was_taken_away_records_nothing(space: Workspace) -> None:
    with Ledger.open(space.ledger_path) as ledger:
        before = ledger.counts()
        with pytest.raises(LedgerError) as fault:
            taken_from(space, ledger)
        assert fault.value.key == "ledger_lock_lost"
        assert ledger.counts() == before


# --- taken away by a person


def test_unlock_takes_the_lock_of_another_computer_away_and_says_whose(space: Workspace) -> None:
    holder = held_by(lock_of(space), host="pc-2", user="suzuki")
    assert stages.unlock(space).holder == holder
    assert not lock_of(space).exists()


def test_unlock_leaves_the_lock_of_a_run_that_is_at_work_here(space: Workspace) -> None:
    take(lock_of(space))
    with pytest.raises(UsageError) as fault:
        stages.unlock(space)
    assert (fault.value.key, lock_of(space).exists()) == ("unlock_at_work", True)


def test_without_a_lock_unlock_says_so(space: Workspace) -> None:
    with pytest.raises(UsageError) as fault:
        stages.unlock(space)
    assert fault.value.key == "unlock_none"


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_command_unlocks(language: str, space: Workspace) -> None:
    held_by(lock_of(space), host="pc-2", user="suzuki")
    found = run("ledger", "unlock", "--lang", language, cwd=space.root)
    assert (found.returncode, found.stderr) == (0, "")
    assert "suzuki" in found.stdout


def test_its_document_has_the_keys_of_the_documentation(space: Workspace) -> None:
    held_by(lock_of(space), host="pc-2")
    document = json.loads(run("ledger", "unlock", "--json", cwd=space.root).stdout)
    assert set(keys_of(document)) == documented("ledger unlock")
    assert document["host"] == "pc-2"


# --- without SQLite's locks

TIMES = 40
"""How often each of two runs adds one to a number."""


NO_LOCKS = "win32-none" if os.name == "nt" else "unix-none"
"""SQLite's own name for a drive whose locks do nothing."""


def _count(path: Path, barrier: Barrier) -> None:
    """Add one to a number, many times, on a drive whose locks do nothing."""
    barrier.wait(60)
    for _ in range(TIMES):
        address = f"{path.as_uri()}?vfs={NO_LOCKS}"
        connection = sqlite3.connect(address, uri=True, isolation_level=None)
        with turns.held(connection, path, lambda: None):
            [(number,)] = connection.execute("SELECT number FROM counted").fetchall()
            connection.execute("UPDATE counted SET number = ?", (number + 1,))
            connection.execute("COMMIT")
        connection.close()


def test_two_runs_at_once_lose_nothing_where_the_locks_of_the_drive_do_nothing(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with altered(path) as made:
        made.execute("CREATE TABLE counted (number INTEGER)")
        made.execute("INSERT INTO counted VALUES (0)")
    barrier = PROCESSES.Barrier(2)
    running = [PROCESSES.Process(target=_count, args=(path, barrier)) for _ in range(2)]
    for process in running:
        process.start()
    assert [ended(process) for process in running] == [0, 0]
    with connected(path) as connection:
        assert connection.execute("SELECT number FROM counted").fetchall() == [(2 * TIMES,)]
        connection.close()


# --- which version wrote last


def test_a_ledger_of_a_later_version_names_who_wrote_it_with_which(space: Workspace) -> None:
    with altered(space.ledger_path) as ledger:
        ledger.execute("PRAGMA user_version = 99")
        ledger.execute("UPDATE last_run SET user = 'suzuki', host = 'pc-2', version = '9.1.0'")
    with pytest.raises(LedgerError) as fault:
        stages.status(space, "R6", now=RECEIVED)
    for language in ("ja", "en"):
        words = fault.value.message(language)
        assert all(word in words for word in ("suzuki", "pc-2", "9.1.0", __version__))


def test_one_that_does_not_say_who_wrote_it_is_named_all_the_same(space: Workspace) -> None:
    with altered(space.ledger_path) as ledger:
        ledger.execute("PRAGMA user_version = 99")
        ledger.execute("DROP TABLE last_run")
    with pytest.raises(LedgerError) as fault:
        stages.status(space, "R6", now=RECEIVED)
    assert fault.value.key == "ledger_newer"
