"""Copies of the ledger and decisions.jsonl: after each run that recorded anything; what fails is told and made good."""

import errno
import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from apart import as_killed, before_each_write, begun, killed
from commands import documented, keys_of, run
from ledgers import altered, as_version
from rounds import RECEIVED, begin, files

from xlplan import stages
from xlplan.language.errors import XlplanWarning
from xlplan.store import backup, decision_log
from xlplan.store.backup import copies_in
from xlplan.store.decision_log import read_log
from xlplan.store.history import decisions
from xlplan.store.ledger import Ledger
from xlplan.store.steps import SEALED_SINCE
from xlplan.store.workspace import Workspace, beside


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return begin(tmp_path_factory.mktemp("issued")).root


@pytest.fixture
def space(issued: Path, tmp_path: Path) -> Workspace:
    shutil.copytree(issued, tmp_path, dirs_exist_ok=True)
    return Workspace(tmp_path)


def copies(space: Workspace) -> list[Path]:
    return [copy.path for copy in copies_in(beside(space.ledger_path).backup)]


def excuse(space: Workspace, department: str = "D1") -> None:
    stages.excuse(space, department, reason="統合", period="R6", by="課長", now=RECEIVED)


def excused(root: Path, now: datetime) -> None:
    """`xlplan excuse`, as a process does it."""
    excuse(Workspace(root))


def entries(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with altered(path) as ledger:
        return {
            table: ledger.execute(f"SELECT * FROM {table}").fetchall()
            for table in ("issues", "receipts", "decisions", "editions", "seals")
        }


def issues(path: Path) -> list[tuple[object, ...]]:
    with altered(path) as ledger:
        return ledger.execute("SELECT id, rows FROM issues").fetchall()


def keys(told: pytest.WarningsRecorder) -> list[str]:
    """What was warned of."""
    return [warning.message.key.value for warning in told if isinstance(warning.message, XlplanWarning)]


# --- copies


def test_after_a_run_that_recorded_anything_there_is_a_copy_of_the_ledger_as_it_is(space: Workspace) -> None:
    before = copies(space)
    excuse(space)
    [new] = set(copies(space)) - set(before)
    assert entries(new) == entries(space.ledger_path)


def test_a_run_that_records_nothing_makes_none(space: Workspace) -> None:
    before = files(space.root, ledger=True)
    stages.verify(space)
    stages.status(space, "R6", now=RECEIVED)
    stages.receive(space, (), period="R6", now=RECEIVED)
    assert {name: data for name, data in files(space.root, ledger=True).items() if "backup" in name} == {
        name: data for name, data in before.items() if "backup" in name
    }


def test_kept_are_the_last_ones_one_a_day_and_one_a_month(tmp_path: Path) -> None:
    days = [f"2026-{month:02d}-{day:02d}" for month in (1, 2, 3) for day in range(1, 29)]
    made = [(day, hour) for day in days for hour in (9, 17)]
    for number, (day, hour) in enumerate(made, 1):
        (tmp_path / f"ledger_{number:06d}_{day}_{hour:02d}0000_{number:012x}.sqlite").write_bytes(b"")
    (tmp_path / "ledger_000000_2020-01-01_090000_v7.sqlite").write_bytes(b"")
    let_go = set(backup._not_kept(copies_in(tmp_path)))
    kept = [copy for copy in copies_in(tmp_path) if copy not in let_go]

    assert [copy.state for copy in kept if copy.before_step] == ["v7"]
    rolling = [copy for copy in kept if not copy.before_step]
    assert [copy.number for copy in rolling[-backup.LAST :]] == list(range(len(made) - 9, len(made) + 1))
    assert sorted({copy.day for copy in rolling}) == ["2026-01-28", *days[-backup.DAYS :]]
    assert all(copy.number % 2 == 0 for copy in rolling[: -backup.LAST])


def test_before_a_ledger_takes_a_step_a_copy_of_it_as_it_was_is_kept(space: Workspace) -> None:
    as_version(space.ledger_path, SEALED_SINCE - 1)
    before = issues(space.ledger_path)
    stages.status(space, "R6", now=RECEIVED)
    [kept] = [path for path in copies(space) if path.stem.endswith(f"v{SEALED_SINCE - 1}")]
    with altered(kept) as copy:
        assert copy.execute("PRAGMA user_version").fetchone() == (SEALED_SINCE - 1,)
    assert issues(kept) == before
    space.ledger_path.unlink()
    for path in copies(space):
        if path != kept:
            path.unlink()
    assert stages.rebuild(space).basis == kept
    assert stages.verify(space).fine


def no_room(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def sqlite_full(*_: object, **__: object) -> None:
    raise sqlite3.OperationalError("database or disk is full")


@pytest.mark.parametrize("fault", [no_room, sqlite_full])
def test_a_full_disk_costs_the_copy_alone_and_is_told_and_the_next_run_makes_it_good(
    fault: Callable[..., Any], space: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = copies(space)
    with monkeypatch.context() as patch:
        patch.setattr(backup, "copied", fault)
        with pytest.warns(XlplanWarning) as told:
            excuse(space)
    assert keys(told) == ["copy_failed"]
    assert copies(space) == before
    stages.receive(space, (), period="R6", now=RECEIVED)
    assert entries(copies(space)[-1]) == entries(space.ledger_path)
    assert len(entries(space.ledger_path)["decisions"]) == 1


def test_the_command_says_in_one_line_that_the_copy_could_not_be_kept(space: Workspace) -> None:
    folder = beside(space.ledger_path).backup
    shutil.rmtree(folder)
    folder.write_bytes(b"")
    found = run("excuse", "D1", "--reason", "x", cwd=space.root)
    assert found.returncode == 0
    [line] = found.stderr.splitlines()
    assert line.startswith("xlplan: 受付簿の控えを")


def test_a_copy_that_is_not_whole_is_not_kept(space: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    before = copies(space)
    monkeypatch.setattr(backup, "state_of", lambda connection: str(id(connection)))
    with pytest.warns(XlplanWarning):
        excuse(space)
    assert copies(space) == before
    assert not list(beside(space.ledger_path).backup.glob(".xlplan-*"))


# --- decisions.jsonl


def lines(space: Workspace) -> list[dict[str, Any]]:
    text = beside(space.ledger_path).decisions.read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_each_decision_is_a_line_of_ids_and_values(space: Workspace) -> None:
    excuse(space)
    excuse(space, "D2")
    assert lines(space)[1] == {
        "format": 1,
        "number": 2,
        "period": "R6",
        "made_at": RECEIVED.isoformat(),
        "made_by": "課長",
        "kind": "excuse",
        "target": {"map": [["department", "D2"]]},
        "reason": "統合",
        "takes_back": None,
    }


@pytest.mark.parametrize("cut", [1, 2, 30])
def test_a_torn_last_line_is_written_again(cut: int, space: Workspace) -> None:
    excuse(space)
    excuse(space, "D2")
    path = beside(space.ledger_path).decisions
    whole = path.read_bytes()
    path.write_bytes(whole[:-cut])
    assert read_log(path).torn
    assert stages.verify(space).decisions == ()
    stages.receive(space, (), period="R6", now=RECEIVED)
    assert path.read_bytes() == whole


def test_one_that_was_deleted_is_written_again_by_the_next_run(space: Workspace) -> None:
    excuse(space)
    path = beside(space.ledger_path).decisions
    whole = path.read_bytes()
    path.unlink()
    assert [(found.state, found.number) for found in stages.verify(space).decisions] == [("missing", 1)]
    excuse(space, "D2")
    assert path.read_bytes().startswith(whole)
    assert len(lines(space)) == 2


def test_a_line_that_cannot_be_appended_is_told_and_appended_by_the_next_run(
    space: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(decision_log, "make_folder", no_room)
        with pytest.warns(XlplanWarning) as told:
            excuse(space)
    assert keys(told) == ["log_failed"]
    excuse(space, "D2")
    assert [line["number"] for line in lines(space)] == [1, 2]


def changed(line: bytes) -> bytes:
    return line.replace("統合".encode(), "廃止".encode())


def no_line(line: bytes) -> bytes:
    return b"{}\n"


@pytest.mark.parametrize(
    ("alter", "told"),
    [(changed, [("changed", 1)]), (no_line, [("unreadable", 1), ("missing", 1)])],
)
def test_verify_tells_of_a_line_that_is_not_as_the_ledger_says(
    alter: Callable[[bytes], bytes], told: list[tuple[str, int]], space: Workspace
) -> None:
    excuse(space)
    excuse(space, "D2")
    path = beside(space.ledger_path).decisions
    first, second = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(alter(first) + second)
    found = stages.verify(space)
    assert [(one.state, one.number) for one in found.decisions] == told
    assert not found.fine
    printed = run("ledger", "verify", cwd=space.root)
    assert (printed.returncode, "decisions.jsonl" in printed.stdout) == (1, True)
    document = json.loads(run("ledger", "verify", "--json", cwd=space.root).stdout)
    of_decisions = {key for key in documented("ledger verify") if key.startswith("decisions[]")}
    assert of_decisions == {key for key in keys_of(document) if key.startswith("decisions[]")}


# --- editions and letters


def test_verify_tells_of_an_edition_that_is_not_readable(space: Workspace) -> None:
    with altered(space.ledger_path, sealed=True) as ledger:
        ledger.execute("UPDATE editions SET tables = replace(tables, 'periods', 'period_')")
    found = stages.verify(space)
    assert (found.editions, found.flaws) == (("R6",), ())
    document = json.loads(run("ledger", "verify", "--json", cwd=space.root).stdout)
    assert document["editions"] == [{"period": "R6"}]


def test_verify_holds_letters_against_the_ledger(space: Workspace) -> None:
    kept = space.returned("R6") / "letters" / "1.eml"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"letter")
    digest = "35963a8dca3a1ed55d69b1d4ab50a6e7f51f5c0c3d7c0a4b8aa3e2b0b21e9c6a"
    row = ("R6", "回答.eml", digest, RECEIVED.isoformat(), space.relative(kept), "a", "b", "[]")
    with Ledger.open(space.ledger_path) as ledger:
        ledger.add(
            "INSERT INTO letters (period, file_name, sha256, received_at, archive, sender, subject, parts)"
            " VALUES (?, CAST(? AS TEXT), ?, ?, ?, ?, ?, ?)",
            [row],
        )
    [told] = stages.verify(space).misfits
    assert (told.state, told.kind, told.path) == ("changed", "letter", kept)
    printed = run("ledger", "verify", "--json", cwd=space.root)
    assert json.loads(printed.stdout)["letters"] == 1


# --- runs that are killed


def test_killed_before_any_write_the_next_run_makes_everything_good(
    issued: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between lock, commit, decisions.jsonl, copy: the next run decides once, and all of it stands."""
    root = tmp_path / "undisturbed"
    shutil.copytree(issued, root)
    broken_off: list[Path] = []
    copying = False

    def copied() -> None:
        nonlocal copying
        if not copying:
            copying = True
            broken_off.append(tmp_path / str(len(broken_off)))
            shutil.copytree(root, broken_off[-1])
            copying = False

    with monkeypatch.context() as patch:
        before_each_write(copied, patch.setattr)
        excused(root, RECEIVED)
    assert len(broken_off) > 10
    seen = set()
    for number, each in enumerate(broken_off):
        as_killed(each)
        space = Workspace(each)
        with Ledger.open(space.ledger_path) as ledger:
            recorded = len(decisions(ledger))
        log = read_log(beside(space.ledger_path).decisions)
        seen.add((recorded, len(log.lines)))
        excuse(space, "D2")
        with Ledger.open(space.ledger_path) as ledger:
            assert len(decisions(ledger)) == recorded + 1, number
        assert len(lines(space)) == recorded + 1, number
        assert entries(copies(space)[-1]) == entries(space.ledger_path), number
        assert stages.verify(space).fine, number
        assert not list(each.rglob(".xlplan-*")), number
        assert not beside(space.ledger_path).lock.exists(), number
    assert {(0, 0), (1, 0), (1, 1)} <= seen


@pytest.mark.parametrize("last", [4, 12, 20, 28])
def test_a_process_that_is_really_killed_holds_nobody_up(last: int, space: Workspace) -> None:
    killed(begun(excused, space.root, RECEIVED, last=last))
    excuse(space, "D2")
    assert stages.verify(space).fine
    assert [line["number"] for line in lines(space)] == [line + 1 for line in range(len(lines(space)))]
