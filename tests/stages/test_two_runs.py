"""Two runs at once on one workspace: both finish, nothing is lost or doubled."""

import os
from collections import Counter
from pathlib import Path

import pytest
from apart import PROCESSES, Stage, begun, consolidate, ended, issue, receive
from returns import TABLES, write_tables
from rounds import ISSUED, RECEIVED, begin, desk, drop

from xlplan import stages
from xlplan.store.ledger import Ledger
from xlplan.store.workspace import Workspace

TIMES = 3
"""Repetitions: who comes first is another matter each time."""


def both(root: Path, *stages: Stage) -> list[int | None]:
    """The exit statuses of stages that begin at the same moment."""
    barrier = PROCESSES.Barrier(len(stages))
    running = [begun(stage, root, RECEIVED, barrier=barrier) for stage in stages]
    return [ended(one) for one in running]


def assert_all_kept_once(space: Workspace) -> None:
    """Each file of the inbox stands in the archive once, and in the ledger once; attempts are counted through."""
    kept = Counter(one.read_bytes() for one in space.returned("R6").rglob("*") if one.is_file())
    assert kept == Counter({one.read_bytes(): 1 for one in space.inbox("R6").iterdir()})
    with Ledger.open(space.ledger_path) as ledger:
        receipts, refusals = ledger.attempts("R6"), ledger.refusals("R6")
    assert len(receipts) + len(refusals) == len(kept)
    for name in {one.department for one in receipts}:
        attempts = [one.attempt for one in receipts if one.department == name]
        assert attempts == list(range(1, len(attempts) + 1))
    assert stages.verify(space).fine


@pytest.mark.parametrize("time", range(TIMES))
def test_both_on_the_same_inbox(time: int, tmp_path: Path) -> None:
    space = begin(tmp_path)
    drop(space, "1.xlsx", desk(space, "D1").put("A-1", "done", None).saved())
    drop(space, "2.xlsx", desk(space, "D1").saved())
    drop(space, "3.xlsx", desk(space, "D3").saved())
    drop(space, "4.xlsx", b"memo")
    assert both(tmp_path, receive, receive) == [0, 0]
    assert_all_kept_once(space)
    back = [one.name for one in space.sent_back("R6").iterdir()]
    assert back == ["R6_D1_情報課_差戻し1.xlsx"]


def first_file(root: Path, now: object) -> None:
    """One of the two answers of a department."""
    space = Workspace(root)
    stages.receive(space, [space.inbox("R6") / "1.xlsx"], period="R6", now=RECEIVED)


def second_file(root: Path, now: object) -> None:
    """The other."""
    space = Workspace(root)
    stages.receive(space, [space.inbox("R6") / "2.xlsx"], period="R6", now=RECEIVED)


@pytest.mark.parametrize("time", range(TIMES))
def test_each_with_another_file_of_the_same_department_gives_two_attempts(time: int, tmp_path: Path) -> None:
    space = begin(tmp_path)
    for name, done in (("1.xlsx", "一"), ("2.xlsx", "二")):
        path = drop(space, name, desk(space, "D1").put("A-1", "done", done).saved())
        # neither is older: whichever comes first, the other counts as well
        os.utime(path, (0, RECEIVED.timestamp()))
    assert both(tmp_path, first_file, second_file) == [0, 0]
    assert_all_kept_once(space)
    with Ledger.open(space.ledger_path) as ledger:
        assert [one.attempt for one in ledger.attempts("R6", "D1")] == [1, 2]


def test_one_receiving_while_another_issues_and_one_consolidates(tmp_path: Path) -> None:
    space = begin(tmp_path)
    drop(space, "1.xlsx", desk(space, "D1").saved())
    assert both(tmp_path, receive, issue, consolidate, receive) == [0, 0, 0, 0]
    assert_all_kept_once(space)
    assert space.summary("R6", draft=True).is_file()


def test_both_issuing_for_the_first_time(tmp_path: Path) -> None:
    write_tables(TABLES, tmp_path / "plan")
    assert both(tmp_path, issue, issue) == [0, 0]
    with Ledger.open(Workspace(tmp_path).ledger_path) as ledger:
        assert [one.issued_at for one in ledger.issued("R6").values()] == [RECEIVED] * 3
    assert ISSUED != RECEIVED
    assert stages.verify(Workspace(tmp_path)).fine
