"""A ledger that is lost or damaged is made again: of its copies, or of the files alone; numbers of decisions stay."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from commands import documented, keys_of, run
from ledgers import altered
from returns import TABLES, Tables, changed, write_tables
from rounds import DAY, DUE, ISSUED, RECEIVED, begin, desk, drop, files, issue, receive

import xlplan
from xlplan import stages
from xlplan.language.errors import LedgerError, UsageError
from xlplan.model.decision import DecisionKind
from xlplan.store.backup import copies_in
from xlplan.store.history import decisions, editions, publications, standing_decisions
from xlplan.store.ledger import Ledger
from xlplan.store.workspace import Workspace, beside

CLOSED = datetime(2025, 6, 30, 9, 0)
SAID = {"D1": ("A-1", "done", "窓口"), "D2": ("B-2", "done", "目録"), "D3": ("C-1", "done", "入替")}
COUNTED: Tables = {
    **TABLES,
    "views": """
        id | title | kind | form
        statistics | 集計 | statistics | report
    """,
    "measures": """
        view | id | label | formula | by | format
        statistics | all | 項目数 | COUNTIFS([period],PERIOD()) | |
        statistics | ahead | 実施以上 | COUNTIFS([period],PERIOD(),[actual],"実施") | |
    """,
}


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """R6: D1 sent back and then accepted, a memo, D2 excused, closed, a value corrected: two versions."""
    space = begin(tmp_path_factory.mktemp("closed"), COUNTED)
    drop(space, "1.xlsx", desk(space, "D1").put("A-1", "done", None).saved())
    drop(space, "memo.xlsx", b"memo")
    receive(space)
    for name in ("D1", "D3"):
        drop(space, f"{name}.xlsx", desk(space, name).put(*SAID[name]).saved())
    receive(space)
    stages.excuse(space, "D2", reason="統合したため", period="R6", by="課長", now=RECEIVED)
    stages.consolidate(space, "R6", now=RECEIVED)
    stages.close(space, "R6", by="課長", now=CLOSED)
    xlplan.City(space.root).correct("actual", "検討", item="A-1", reason="誤り", by="課長", now=CLOSED + DAY)
    return space.root


@pytest.fixture
def space(closed: Path, tmp_path: Path) -> Workspace:
    """A copy of it, to do with as a test likes."""
    shutil.copytree(closed, tmp_path, dirs_exist_ok=True)
    return Workspace(tmp_path)


def lose(space: Workspace, *, copies: bool = False, log: bool = False) -> None:
    """Let the ledger be gone; its copies and decisions.jsonl as well where that is said."""
    space.ledger_path.unlink()
    if copies:
        shutil.rmtree(beside(space.ledger_path).backup)
    if log:
        beside(space.ledger_path).decisions.unlink()


def known(space: Workspace) -> dict[str, object]:
    """What counts, as far as it can be known of files alone."""
    with Ledger.open(space.ledger_path) as ledger:
        return {
            "issued": {
                name: (found.id, found.issued_at, found.due, found.form_version, found.rows, found.sha256)
                for name, found in ledger.issued("R6").items()
            },
            "receipts": [
                (found.department, found.attempt, found.state, found.sha256, found.issue, found.records)
                for found in sorted(
                    ledger.attempts("R6"), key=lambda found: (found.department, found.attempt)
                )
            ],
            "refused": {found.archive: found.finding.code for found in ledger.refusals("R6")},
            "decisions": decisions(ledger),
            "published": publications(ledger),
            "edition": editions(ledger)["R6"].sha256,
        }


def notes(result: xlplan.RebuildResult) -> set[str]:
    return {note.key.value for note in result.notes}


# --- of copies


def test_with_its_copies_everything_comes_back_as_it_was(space: Workspace) -> None:
    before = known(space)
    lose(space)

    found = stages.rebuild(space)

    assert (found.basis, found.notes, set(found.added.values())) == (copies_in_order(space)[-1], (), {0})
    assert known(space) == before
    assert stages.verify(space).fine


def copies_in_order(space: Workspace) -> list[Path]:
    return [copy.path for copy in copies_in(beside(space.ledger_path).backup)]


def test_what_a_copy_does_not_have_is_added_of_the_files(space: Workspace) -> None:
    """Three older copies are left: the answers, the decisions and the published versions after them are added."""
    before = known(space)
    lose(space)
    for path in copies_in_order(space)[2:]:
        path.unlink()

    found = stages.rebuild(space)

    after = known(space)
    assert {key: after[key] for key in ("receipts", "decisions", "published", "refused")} == {
        key: before[key] for key in ("receipts", "decisions", "published", "refused")
    }
    assert found.basis == copies_in_order(space)[1]
    assert (found.added["decisions"], found.added["publications"], found.added["receipts"]) == (3, 2, 2)
    assert stages.verify(space).fine


def test_a_damaged_copy_is_passed_over_and_named(space: Workspace) -> None:
    before = known(space)
    lose(space)
    *_, older, newest = copies_in_order(space)
    newest.write_bytes(newest.read_bytes()[:3000])

    found = stages.rebuild(space)

    assert (found.unsound, found.basis) == ((newest,), older)
    assert known(space)["decisions"] == before["decisions"]
    assert stages.verify(space).fine


# --- of files alone


def test_without_copies_it_is_made_of_the_files_and_what_nobody_knows_is_said(space: Workspace) -> None:
    before = known(space)
    lose(space, copies=True)

    found = stages.rebuild(space)

    assert found.basis is None
    assert known(space) == before
    assert notes(found) == {"issued", "received", "refused", "edition", "published"}
    assert stages.verify(space, deep=True).fine
    assert copies_in_order(space)


def test_without_decisions_jsonl_the_close_is_known_by_its_files_alone(space: Workspace) -> None:
    lose(space, copies=True, log=True)

    found = stages.rebuild(space)

    assert "closed_by" in notes(found)
    with Ledger.open(space.ledger_path) as ledger:
        assert [made.version for made in publications(ledger)] == [1, 2]
        assert {decision.kind for decision in decisions(ledger)} == {DecisionKind.CLOSE}
    # the figures of the second version were corrected by a decision that is gone: what differs is told
    assert stages.verify(space).misfits == ()


def test_a_decision_that_was_taken_back_stays_so(space: Workspace) -> None:
    """References to numbers hold: also where a line before them is gone."""
    path = beside(space.ledger_path).decisions
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    undo = {**lines[-1], "number": 4, "kind": "undo", "takes_back": 3, "target": {"map": []}}
    path.write_text(
        "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in (*lines[1:], undo)), encoding="utf-8"
    )
    lose(space, copies=True)

    found = stages.rebuild(space)

    with Ledger.open(space.ledger_path) as ledger:
        assert [decision.number for decision in decisions(ledger)] == [2, 3, 4]
        assert [decision.number for decision in standing_decisions(ledger)] == [2]
    assert [note.names for note in found.notes if note.key == "decisions"] == [("1",)]


def test_a_torn_line_is_told_by_nobody_and_mended(space: Workspace) -> None:
    lose(space, copies=True)
    path = beside(space.ledger_path).decisions
    data = path.read_bytes()
    path.write_bytes(data[:-20])

    stages.rebuild(space)

    with Ledger.open(space.ledger_path) as ledger:
        assert [decision.number for decision in decisions(ledger)] == [1, 2]
    assert path.read_bytes() == data[: data.rindex(b"\n", 0, -1) + 1]


def test_an_answer_to_an_issue_before_is_taken_as_one_to_the_last(tmp_path: Path) -> None:
    space = begin(tmp_path)
    drop(space, "1.xlsx", desk(space, "D1").saved())
    receive(space)
    issue(space, due=DUE + DAY, now=ISSUED + DAY)
    lose(space, copies=True)

    found = stages.rebuild(space)

    assert [note.names for note in found.notes if note.key == "issue_before"] == [("情報課",)]
    with Ledger.open(space.ledger_path) as ledger:
        assert ledger.issued("R6")["D1"].due == DUE + DAY
        [receipt] = ledger.attempts("R6")
        assert (receipt.issue, receipt.state) == (ledger.issued("R6")["D1"].id, "accepted")


def test_what_is_accepted_today_and_was_sent_back_is_told(tmp_path: Path) -> None:
    space = begin(tmp_path)
    drop(space, "1.xlsx", desk(space, "D1").put("A-1", "rate", 60).put("A-1", "places", 2).saved())
    [line] = receive(space).lines
    assert line.state == "sent_back"
    lose(space, copies=True)
    write_tables(changed(TABLES, "rules", "<=10)", "<=50)"), tmp_path / "plan")

    found = stages.rebuild(space)

    assert [note.names for note in found.notes if note.key == "otherwise"] == [("情報課",)]
    with Ledger.open(space.ledger_path) as ledger:
        assert [receipt.state for receipt in ledger.attempts("R6")] == ["accepted"]
    assert stages.verify(space).fine


def test_after_it_the_round_goes_on(tmp_path: Path) -> None:
    space = begin(tmp_path)
    drop(space, "1.xlsx", desk(space, "D1").put("A-1", "done", None).saved())
    receive(space)
    lose(space, copies=True)
    stages.rebuild(space)

    assert {line.done for line in issue(space, now=ISSUED + DAY).lines} == {"unchanged"}
    drop(space, "2.xlsx", desk(space, "D1").saved())
    found = {line.path.name: (line.state, line.attempt) for line in receive(space).lines}

    assert found == {"1.xlsx": ("known", 1), "2.xlsx": ("accepted", 2)}


# --- when it is refused, and what happens to what was there


def test_a_sound_ledger_is_never_made_again(space: Workspace) -> None:
    before = files(space.root, ledger=True)
    with pytest.raises(UsageError) as fault:
        stages.rebuild(space)
    assert fault.value.key == "rebuild_sound"
    assert files(space.root, ledger=True) == before


def test_where_there_is_nothing_to_make_it_of_that_is_said(tmp_path: Path) -> None:
    write_tables(TABLES, tmp_path / "plan")
    with pytest.raises(UsageError) as fault:
        stages.rebuild(Workspace(tmp_path))
    assert fault.value.key == "rebuild_nothing"


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def no_database(path: Path) -> None:
    path.write_bytes(b"no database" * 1000)


def tampered(path: Path) -> None:
    with altered(path) as ledger:
        ledger.execute("UPDATE receipts SET state = 'accepted'")


@pytest.mark.parametrize("damage", [truncated, no_database, tampered])
def test_a_damaged_ledger_is_kept_aside(damage: Callable[[Path], None], space: Workspace) -> None:
    before = known(space)
    damage(space.ledger_path)
    bytes_of = space.ledger_path.read_bytes()

    found = stages.rebuild(space)

    [aside] = found.aside
    assert aside.read_bytes() == bytes_of
    assert known(space) == before
    assert stages.verify(space).fine


def test_what_sqlite_left_beside_a_lost_ledger_does_not_spoil_the_new_one(space: Workspace) -> None:
    lose(space)
    journal = space.ledger_path.with_name("ledger.sqlite-journal")
    journal.write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(2000))

    found = stages.rebuild(space)

    assert [path.name.partition("-ledger")[2] for path in found.aside] == [".sqlite-journal"]
    assert stages.verify(space).fine


def test_a_ledger_of_a_later_version_is_left(space: Workspace) -> None:
    with altered(space.ledger_path) as ledger:
        ledger.execute("PRAGMA user_version = 99")
    with pytest.raises(LedgerError) as fault:
        stages.rebuild(space)
    assert fault.value.key == "ledger_newer_by"


def test_an_older_copy_put_back_by_hand_stops_every_run_and_is_brought_up_to_date(space: Workspace) -> None:
    before = known(space)
    older = [path for path in copies_in_order(space) if len(decisions_in(path)) == 2][-1]
    shutil.copyfile(older, space.ledger_path)

    with pytest.raises(LedgerError) as fault:
        stages.excuse(space, "D2", reason="x", period="R6")
    assert fault.value.key == "ledger_behind"
    assert "xlplan ledger rebuild" in fault.value.message("ja")
    assert [(found.state, found.number) for found in stages.verify(space).decisions] == [("unknown", 3)]

    assert stages.rebuild(space).basis == space.ledger_path
    assert known(space)["decisions"] == before["decisions"]
    assert stages.verify(space).fine


def decisions_in(path: Path) -> list[tuple[int]]:
    with altered(path) as ledger:
        return ledger.execute("SELECT number FROM decisions").fetchall()


@pytest.mark.parametrize("left", ["workbooks", "backup", "decisions"])
def test_no_command_begins_anew_over_what_is_left_of_a_round(left: str, tmp_path: Path) -> None:
    space = begin(tmp_path)
    space.ledger_path.unlink()
    beside(space.ledger_path).decisions.write_bytes(b"")
    if left != "decisions":
        beside(space.ledger_path).decisions.unlink()
    if left != "backup":
        shutil.rmtree(beside(space.ledger_path).backup)
    if left != "workbooks":
        shutil.rmtree(tmp_path / "workbooks" / "R6")
    for command in (["issue", "--period", "R6"], ["status"], ["receive"], ["ledger", "verify"]):
        found = run(*command, "--lang", "en", cwd=tmp_path)
        assert (found.returncode, found.stdout) == (2, "")
        assert "xlplan ledger rebuild" in found.stderr
    assert not space.ledger_path.exists()


# --- on the command line


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_command_says_of_what_it_was_made_and_what_is_not_known(language: str, space: Workspace) -> None:
    lose(space, copies=True)

    found = run("ledger", "rebuild", "--lang", language, cwd=space.root)

    assert (found.returncode, found.stderr) == (0, "")
    words = {"ja": ("もう分からないこと", "判断 3件"), "en": ("nobody can know", "3 decisions")}[language]
    assert all(word in found.stdout for word in words)
    assert "{" not in found.stdout


def test_its_document_has_the_keys_of_the_documentation(space: Workspace) -> None:
    lose(space)
    newest = copies_in_order(space)[-1]
    newest.write_bytes(b"x" * 10)
    space.ledger_path.with_name("ledger.sqlite-journal").write_bytes(b"x")
    for path in copies_in_order(space)[:-1]:
        path.unlink()

    path = beside(space.ledger_path).decisions
    path.write_bytes(b"no line\n" + path.read_bytes())

    document = json.loads(run("ledger", "rebuild", "--json", cwd=space.root).stdout)

    assert set(keys_of(document)) == documented("ledger rebuild")
    assert document["basis"] is None
    assert sqlite3.connect(space.ledger_path).execute("PRAGMA integrity_check").fetchone() == ("ok",)
