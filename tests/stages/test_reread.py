"""`verify --deep`: the kept returns read again, and their answers held against those that the ledger has."""

import shutil
from pathlib import Path

import pytest
from commands import run
from ledgers import altered, as_version
from returns import TABLES, changed, write_tables
from rounds import begin, desk, drop, files, only, receive

from xlplan import stages
from xlplan.form.layout.stamps import STAMP_SHEET
from xlplan.stages.reread import Rereading
from xlplan.store.files import sha256
from xlplan.store.workspace import Workspace


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Accepted, sent back, one of which the office had to say whose it is, and one that is no return."""
    space = begin(tmp_path_factory.mktemp("done"))
    drop(space, "1.xlsx", desk(space, "D1").saved())
    drop(space, "2.xlsx", desk(space, "D2").put("B-1", "done", None).saved())
    drop(space, "memo.xlsx", b"memo")
    receive(space)
    unstamped = desk(space, "D3")
    del unstamped.book[STAMP_SHEET]
    line = only(receive(space, drop(space, "3.xlsx", unstamped.saved()), department="D3"))
    assert line.attempt == 1
    return space


@pytest.fixture
def space(done: Workspace, tmp_path: Path) -> Workspace:
    shutil.copytree(done.root, tmp_path, dirs_exist_ok=True)
    return Workspace(tmp_path)


def reread(space: Workspace) -> Rereading:
    found = stages.verify(space, deep=True).reread
    assert found is not None
    return found


def alter(space: Workspace, before: str = "実施", after: str = "拡充") -> None:
    """Change answers in the ledger so that no seal tells."""
    with altered(space.ledger_path, sealed=True) as ledger:
        ledger.execute("UPDATE receipts SET records = replace(records, ?, ?)", (before, after))


def told(space: Workspace) -> list[tuple[str, str, bool]]:
    return [(one.state, one.receipt.department, bool(one.changes)) for one in reread(space).differing]


def test_19_where_the_ledger_has_what_the_returns_say_nothing_is_told_or_changed(space: Workspace) -> None:
    before = files(space.root, ledger=True)
    assert reread(space) == Rereading(3, ())
    assert stages.verify(space, deep=True).fine
    assert stages.verify(space).reread is None
    assert files(space.root, ledger=True) == before


def test_19_an_answer_changed_under_its_seal_is_told_with_both_words(space: Workspace) -> None:
    alter(space)
    found = reread(space)
    assert {one.state for one in found.differing} == {"differs"}
    assert [one.receipt.department for one in found.differing] == ["D1", "D2", "D3"]
    change = found.differing[0].changes[0]
    assert (change.field, change.before, change.after) == ("actual", "拡充", "実施")
    assert not stages.verify(space, deep=True).fine
    assert stages.verify(space).fine


def test_19_what_another_version_had_read_is_told_as_such(space: Workspace) -> None:
    """As in a ledger that was changed before it had seals; or which a reader wrote that read otherwise."""
    as_version(space.ledger_path, 5)
    with altered(space.ledger_path) as ledger:
        ledger.execute("UPDATE receipts SET records = replace(records, '実施', '拡充') WHERE number = 1")
    assert told(space) == [("other_reader", "D1", True)]


def test_19_what_the_plan_asks_otherwise_since_is_told_as_such(space: Workspace) -> None:
    alter(space)
    write_tables(
        changed(TABLES, "choices", "status | 拡充 | 3 |", "status | 拡充 | 3 |\nstatus | 完了 | 4 |"),
        space.root / "plan",
    )
    assert {state for state, *_ in told(space)} == {"other_plan"}


def test_19_a_return_that_is_no_longer_what_was_received_is_told_once(space: Workspace) -> None:
    alter(space)
    path = min(space.returned("R6").glob("D1_*"))
    path.write_bytes(path.read_bytes() + b"\0")
    result = stages.verify(space, deep=True)
    assert [one.path for one in result.misfits] == [path]
    assert result.reread is not None
    assert [one.receipt.department for one in result.reread.differing] == ["D2", "D3"]


def test_19_a_file_that_is_no_longer_read_as_a_return_is_told(space: Workspace) -> None:
    path = min(space.returned("R6").glob("D1_*"))
    path.write_bytes(b"PK\3\4")
    with altered(space.ledger_path, sealed=True) as ledger:
        ledger.execute("UPDATE receipts SET sha256 = ? WHERE department = 'D1'", (sha256(b"PK\3\4"),))
    [one] = reread(space).differing
    assert one.state == "not_read"
    assert one.finding is not None


def test_19_in_words_the_answers_stand_beside_each_other(space: Workspace) -> None:
    fine = run("ledger", "verify", "--deep", cwd=space.root)
    assert (fine.returncode, fine.stderr) == (0, "")
    assert "控えの回答 3件をもう一度読み" in fine.stdout
    alter(space)
    for language, words in (("ja", "答えが違います"), ("en", "make it again with xlplan ledger rebuild")):
        found = run("ledger", "verify", "--deep", "--lang", language, cwd=space.root)
        assert (found.returncode, found.stderr) == (1, "")
        assert words in found.stdout
        assert "拡充 → 実施" in found.stdout
