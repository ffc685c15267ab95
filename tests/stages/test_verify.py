"""What was issued and received, held against the ledger: whatever was lost, changed or added is told."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import ROOT, documented, keys_of, run
from ledgers import altered
from returns import TABLES, changed, write_tables
from rounds import DAY, DUE, DUE_MOMENT, ISSUED, RECEIVED, begin, desk, drop, files, issue, receive

from xlplan import stages
from xlplan.language.errors import LedgerError, UsageError
from xlplan.stages.verify import VerifyResult
from xlplan.store import turns
from xlplan.store.workspace import Workspace


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A round in which two departments answered, one twice, and a memo came in."""
    space = begin(tmp_path_factory.mktemp("done"))
    drop(space, "1.xlsx", desk(space, "D1").put("A-1", "done", None).saved())
    receive(space)
    drop(space, "2.xlsx", desk(space, "D1").saved())
    drop(space, "3.xlsx", desk(space, "D3").saved())
    drop(space, "memo.xlsx", b"memo")
    receive(space)
    return space


@pytest.fixture
def space(done: Workspace, tmp_path: Path) -> Workspace:
    """A copy of it, to do with as a test likes."""
    shutil.copytree(done.root, tmp_path, dirs_exist_ok=True)
    return Workspace(tmp_path)


def told(result: VerifyResult) -> list[tuple[str, str, str, int]]:
    return [
        (one.state, one.kind, one.kept.department, one.kept.attempt)
        if one.kept
        else (one.state, one.kind, one.path.name, 0)
        for one in result.misfits
    ]


def test_where_everything_fits_nothing_is_told_and_nothing_changed(space: Workspace) -> None:
    before = files(space.root, ledger=True)
    found = stages.verify(space)
    assert found.fine
    assert [one.kind for one in found.files] == ["issued"] * 3 + ["returned"] * 3 + ["refused"]
    assert files(space.root, ledger=True) == before


def test_a_return_that_was_deleted_or_changed_is_told_with_its_attempt(space: Workspace) -> None:
    first, _, third = sorted(space.returned("R6").glob("*.xlsx"))
    first.unlink()
    third.write_bytes(third.read_bytes() + b"\0")
    assert told(stages.verify(space)) == [("missing", "returned", "D1", 1), ("changed", "returned", "D3", 1)]


def test_one_bit_is_enough(space: Workspace) -> None:
    path = min(space.returned("R6").glob("*.xlsx"))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert told(stages.verify(space)) == [("changed", "returned", "D1", 1)]


def test_an_issued_workbook_that_is_gone_or_was_worked_in_is_told(space: Workspace) -> None:
    first, second, _ = sorted(space.issued("R6").iterdir())
    first.unlink()
    second.write_bytes(b"other")
    assert told(stages.verify(space)) == [("missing", "issued", "D1", 0), ("changed", "issued", "D2", 0)]


def test_after_an_issue_again_the_last_workbook_is_the_one_that_counts(space: Workspace) -> None:
    issue(space, due=DUE.replace(month=6), now=RECEIVED)
    assert stages.verify(space).fine


def test_a_refused_file_that_is_gone_is_told_by_the_name_it_came_with(space: Workspace) -> None:
    shutil.rmtree(space.refused("R6"))
    [one] = stages.verify(space).misfits
    assert one.kept is not None
    assert (one.state, one.kind, one.kept.name) == ("missing", "refused", "memo.xlsx")


def test_files_that_nobody_recorded_are_told_and_copies_of_recorded_ones_as_such(space: Workspace) -> None:
    copied = min(space.returned("R6").glob("*.xlsx"))
    shutil.copy(copied, space.returned("R6") / "x.xlsx")
    (space.returned("R6") / "y.xlsx").write_bytes(b"stranger")
    (space.issued("R6") / "z.xlsx").write_bytes(b"stranger")
    (space.issued("R6") / "~$z.xlsx").write_bytes(b"lock")
    assert told(stages.verify(space)) == [
        ("unknown", "issued", "z.xlsx", 0),
        ("spare", "returned", "x.xlsx", 0),
        ("unknown", "returned", "y.xlsx", 0),
    ]


def test_a_round_that_the_ledger_does_not_know_is_told(space: Workspace) -> None:
    """As when an old copy of the ledger was put back."""
    earlier = space.ledger_path.read_bytes()
    stages.issue(space, "R5", due=None, departments=("D1",), now=ISSUED)
    space.ledger_path.write_bytes(earlier)
    assert told(stages.verify(space)) == [("unknown", "issued", "R5_D1_情報課.xlsx", 0)]


def test_a_folder_in_the_place_of_a_file_cannot_be_read(space: Workspace) -> None:
    path = min(space.returned("R6").glob("*.xlsx"))
    path.unlink()
    path.mkdir()
    assert told(stages.verify(space)) == [("unreadable", "returned", "D1", 1)]


def test_a_file_left_by_a_run_that_was_broken_off_can_be_received_by_its_path(space: Workspace) -> None:
    path = space.returned("R6") / ("0" * 64)
    path.write_bytes(desk(space, "D2").saved())
    assert told(stages.verify(space)) == [("unknown", "returned", "0" * 64, 0)]
    [line] = receive(space, path).lines
    assert (line.state, line.attempt) == ("accepted", 1)


def test_before_anything_was_issued_there_is_nothing_to_verify(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as fault:
        stages.verify(Workspace(tmp_path))
    assert fault.value.key == "no_round"


def test_a_plan_that_cannot_be_read_keeps_nobody_from_verifying(space: Workspace) -> None:
    shutil.rmtree(space.root / "plan")
    assert stages.verify(space).fine


# --- as people meet it -----------------------------------------------------------------------------


def test_it_is_told_in_words_that_say_what_to_do(space: Workspace) -> None:
    fine = run("ledger", "verify", cwd=space.root)
    assert (fine.returncode, fine.stderr) == (0, "")
    assert "配布 3件、回答 3件、対象外 1件" in fine.stdout
    assert "すべて受付簿のとおりです" in fine.stdout

    path = min(space.returned("R6").glob("*.xlsx"))
    path.unlink()
    (space.returned("R6") / "y.xlsx").write_bytes(b"stranger")
    japanese = run("ledger", "verify", cwd=space.root)
    english = run("ledger", "verify", "--lang", "en", cwd=space.root)
    assert (japanese.returncode, english.returncode) == (1, 1)
    for one in (japanese, english):
        assert path.name in one.stdout.replace("\n", "")
        assert "xlplan receive" in one.stdout
    assert "情報課の1回目の回答" in japanese.stdout.replace("\n", "")
    assert "attempt 1" in english.stdout.replace("\n", " ")


def test_its_document_has_the_documented_keys(space: Workspace) -> None:
    min(space.returned("R6").glob("*.xlsx")).unlink()
    with altered(space.ledger_path, sealed=True) as ledger:
        ledger.execute("UPDATE receipts SET records = replace(records, '実施', '検討')")
    differing = run("ledger", "verify", "--deep", "--json", cwd=space.root)
    with altered(space.ledger_path) as ledger:
        ledger.execute("DELETE FROM refusals")
    flawed = run("ledger", "verify", "--json", cwd=space.root)
    assert (differing.returncode, flawed.returncode) == (1, 1)
    documents = [json.loads(found.stdout) for found in (differing, flawed)]
    # in test_close.py and test_backup.py
    others = ("figures[]", "decisions[]", "editions[]")
    elsewhere = {key for key in documented("ledger verify") if key.startswith(others)}
    assert {key for document in documents for key in keys_of(document)} == documented(
        "ledger verify"
    ) - elsewhere
    assert documents[0]["misfits"][0]["name"] == "1.xlsx"


@pytest.mark.parametrize("damage", ["no database", "cut short", "newer", "changed"])
@pytest.mark.parametrize(
    "command", [["receive"], ["status"], ["consolidate", "--draft"], ["ledger", "verify"]], ids=" ".join
)
def test_a_ledger_that_cannot_be_used_is_one_clear_line_and_status_2(
    damage: str, command: list[str], space: Workspace
) -> None:
    path = space.ledger_path
    if damage == "newer":
        newer = sqlite3.connect(path)
        newer.execute("PRAGMA user_version = 99")
        newer.close()
    elif damage == "no database":
        path.write_bytes(b"PK\3\4" * 3000)
    elif damage == "cut short":
        path.write_bytes(path.read_bytes()[:9000])
    else:
        path.write_bytes(path.read_bytes().replace(b'"code"', b"\xff\xfe}{[]"))
    before = files(space.root)

    found = run(*command, cwd=space.root)

    if (damage, command[0]) == ("changed", "ledger"):  # to say what is wrong is its work
        assert (found.returncode, found.stderr) == (1, "")
        assert "表「receipts」の 1番の記録が" in found.stdout
    else:
        assert (found.returncode, found.stdout) == (2, "")
        assert found.stderr.count("\n") == 1
        assert "受付簿" in found.stderr
    assert files(space.root) == before


STAGES: dict[str, Callable[[Workspace], object]] = {
    "issue": issue,
    "receive": receive,
    "status": lambda space: stages.status(space, period="R6", now=DUE_MOMENT),
    "consolidate": lambda space: stages.consolidate(space, period="R6", draft=True, now=RECEIVED),
    "verify": stages.verify,
}


@pytest.mark.parametrize("stage", STAGES)
def test_a_ledger_that_somebody_does_not_let_go_is_given_up(
    stage: str, space: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("BUSY_SECONDS", "TURN_SECONDS", "PATIENCE_SECONDS"):
        monkeypatch.setattr(turns, name, 0.05)
    before = files(space.root)
    holder = sqlite3.connect(space.ledger_path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(LedgerError) as fault:
        STAGES[stage](space)
    holder.close()
    assert fault.value.key == "ledger_locked"
    assert files(space.root) == before


def test_a_run_that_waits_for_another_one_says_so(space: Workspace) -> None:
    holder = sqlite3.connect(space.ledger_path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    waiting = subprocess.Popen(
        [sys.executable, "-m", "xlplan", "receive", "--lang", "en"],
        cwd=space.root,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    assert waiting.stderr is not None
    line = waiting.stderr.readline()
    holder.close()
    shown, more = waiting.communicate(timeout=60)
    assert line == "xlplan: Another run is using the ledger: waiting for it to finish (Ctrl+C to stop)\n"
    assert more == ""
    assert "received before" in shown


def test_a_workbook_that_was_issued_under_an_earlier_name_is_no_stranger(tmp_path: Path) -> None:
    """The department was renamed since; its first workbook may have been sent out."""
    space = begin(tmp_path)
    [first] = space.issued("R6").glob("R6_D1_*")
    before = first.read_bytes()
    write_tables(changed(TABLES, "departments", "D1 | 情報課", "D1 | 情報推進課"), space.root / "plan")
    issue(space, now=ISSUED + DAY)
    first.write_bytes(before)
    assert len(list(space.issued("R6").glob("R6_D1_*"))) == 2

    assert stages.verify(space).fine
