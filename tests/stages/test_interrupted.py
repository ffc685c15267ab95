"""A run that is killed before any of its writes, and the run after it, leave what an undisturbed run leaves."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from apart import Stage, as_killed, before_each_write, begun, consolidate, issue, killed, receive
from returns import TABLES, changed, write_tables
from rounds import DAY, ISSUED, RECEIVED, begin, desk, drop, files

from xlplan import stages
from xlplan.language.errors import FileError, LedgerError
from xlplan.store.files import TEMPORARY, sha256
from xlplan.store.workspace import Workspace

Preparation = Callable[[Path], None]


def entries(space: Workspace) -> dict[str, list[tuple[object, ...]]]:
    """Every entry of the ledger, without its number."""
    connection = sqlite3.connect(space.ledger_path)
    found = {
        table: [row[1:] for row in connection.execute(f"SELECT * FROM {table} ORDER BY number")]
        for table in ("issues", "receipts", "refusals")
    }
    connection.close()
    return found


def left(root: Path) -> tuple[dict[str, bytes], dict[str, list[tuple[object, ...]]]]:
    """All that a workspace holds."""
    return files(root), entries(Workspace(root))


def not_issued(root: Path) -> None:
    write_tables(TABLES, root / "plan")


def issued_before(root: Path) -> None:
    """Issued, but one department is asked something else since, and the workbook of another is lost."""
    space = begin(root)
    write_tables(changed(TABLES, "items", "電子申請", "電子申請の拡充"), root / "plan")
    next(space.issued("R6").glob("*D2*")).unlink()


def typed_into(root: Path) -> None:
    """Issued, and somebody has typed into two of the workbooks where they lie."""
    space = begin(root)
    for name in ("D1", "D3"):
        next(space.issued("R6").glob(f"*{name}*")).write_bytes(name.encode())


def one_of_each(root: Path) -> None:
    """One right, two of one department with the older one to go back, one that is no workbook, twice."""
    space = begin(root)
    drop(space, "0.xlsx", desk(space, "D1").put("A-1", "done", None).saved())
    drop(space, "1.xlsx", desk(space, "D1").saved())
    drop(space, "2.xlsx", desk(space, "D3").saved())
    drop(space, "3.xlsx", b"memo")
    drop(space, "4.xlsx", b"memo")


def right_after_all(root: Path) -> None:
    """A file that was refused is to be accepted, and the copy of another is lost."""
    space = begin(root)
    path = drop(space, "1.xlsx", desk(space, "D1").saved())
    drop(space, "2.xlsx", desk(space, "D3").saved())
    for department, some in (("D2", [path]), ("D3", [path.with_name("2.xlsx")])):
        found = stages.receive(space, some, period="R6", department=department, now=RECEIVED - DAY)
    copy = found.lines[0].archive
    assert copy is not None
    copy.unlink()


def received(root: Path) -> None:
    one_of_each(root)
    stages.receive(Workspace(root), (), period="R6", now=RECEIVED)


def states_on_disk(stage: Stage, root: Path, to: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """What a kill before any write of a stage would leave: copies of the workspace, each once."""
    known: list[object] = []
    copying = False  # which itself makes folders

    def copied() -> None:
        nonlocal copying
        found = sorted(
            TEMPORARY.sub("tmp", name) + sha256(data) for name, data in files(root, ledger=True).items()
        )
        if not copying and found not in known:
            copying = True
            shutil.copytree(root, to / str(len(known)))
            copying = False
            known.append(found)

    with monkeypatch.context() as patch:
        before_each_write(copied, patch.setattr)
        stage(root, RECEIVED)
    broken_off = [to / str(number) for number in range(len(known))]
    for each in broken_off:
        as_killed(each)
    return broken_off


STAGES = [
    (issue, not_issued),
    (issue, issued_before),
    (issue, typed_into),
    (receive, one_of_each),
    (receive, right_after_all),
    (consolidate, received),
]


@pytest.mark.parametrize(("stage", "prepare"), STAGES, ids=lambda one: one.__name__)
def test_killed_before_any_write_and_run_again_is_as_if_nothing_had_happened(
    stage: Stage, prepare: Preparation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "undisturbed"
    root.mkdir()
    prepare(root)
    broken_off = states_on_disk(stage, root, tmp_path, monkeypatch)
    wanted = left(root)

    assert len(broken_off) > 2
    for one in broken_off:
        stage(one, RECEIVED)
        assert left(one) == wanted, one.name
        assert stages.verify(Workspace(one)).fine, one.name


@pytest.mark.parametrize("last", [8, 20, 32])
def test_a_process_that_is_really_killed_keeps_nobody_from_going_on(last: int, tmp_path: Path) -> None:
    root, undisturbed = tmp_path / "root", tmp_path / "undisturbed"
    root.mkdir()
    one_of_each(root)
    shutil.copytree(root, undisturbed)
    assert killed(begun(receive, root, RECEIVED, last=last))
    for one in (root, undisturbed):
        receive(one, RECEIVED)
    assert left(root) == left(undisturbed)


def test_20_an_issue_killed_and_run_again_later_sets_nothing_of_its_own_aside(tmp_path: Path) -> None:
    """The moment stands in the workbook: what the first run has put in its place, it had recorded."""
    for last in range(20, 140, 10):
        root = tmp_path / str(last)
        root.mkdir()
        write_tables(TABLES, root / "plan")
        if not killed(begun(issue, root, ISSUED, last=last)):
            break
        space = Workspace(root)
        lying = list(space.issued("R6").glob("*.xlsx"))
        before = [path.read_bytes() for path in lying]
        issue(root, ISSUED + DAY)
        assert not space.set_aside("R6").exists()
        assert [path.read_bytes() for path in lying] == before
        assert stages.verify(space).fine
    assert last > 50


@pytest.mark.parametrize(("stage", "prepare"), STAGES, ids=lambda one: one.__name__)
def test_20_killed_before_any_write_and_run_again_a_day_later(
    stage: Stage, prepare: Preparation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a clock that goes on: every file has its place, and aside is what was aside without the kill."""
    root = tmp_path / "undisturbed"
    root.mkdir()
    prepare(root)
    broken_off = states_on_disk(stage, root, tmp_path, monkeypatch)
    wanted = sorted(files(root))
    aside = {name: data for name, data in files(root).items() if "set-aside" in name}
    for one in broken_off:
        recorded = entries(Workspace(one))["issues"] if prepare is not_issued and made(one) else []
        stage(one, RECEIVED + DAY)
        assert sorted(files(one)) == wanted, one.name
        assert {name: data for name, data in files(one).items() if "set-aside" in name} == aside, one.name
        assert stages.verify(Workspace(one)).fine, one.name
        if recorded:  # nothing was issued once more
            assert entries(Workspace(one))["issues"] == recorded, one.name


def test_20_a_workbook_typed_into_after_the_kill_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "undisturbed"
    root.mkdir()
    typed_into(root)
    for one in states_on_disk(issue, root, tmp_path, monkeypatch):
        space = Workspace(one)
        path = min(space.issued("R6").glob("R6_D1*"), default=None)
        if path is None:
            continue
        path.write_bytes(b"typed after the kill")
        issue(one, RECEIVED + DAY)
        kept = [found.read_bytes() for found in space.set_aside("R6").iterdir()]
        assert b"typed after the kill" in kept, one.name
        assert stages.verify(space).fine


def test_20_a_ledger_that_is_gone_after_an_issue_does_not_set_the_workbooks_aside(tmp_path: Path) -> None:
    space = begin(tmp_path)
    before = files(tmp_path)
    for lose in (lambda: space.ledger_path.write_bytes(b""), space.ledger_path.unlink):
        lose()
        with pytest.raises(LedgerError) as fault:
            issue(tmp_path, RECEIVED)
        assert fault.value.key == "ledger_lost"
        assert files(tmp_path) == before


def made(root: Path) -> bool:
    """Whether a run has come so far as to make the tables."""
    path = Workspace(root).ledger_path
    return path.exists() and path.stat().st_size > 0


def test_20_an_issued_workbook_that_a_program_has_open_stops_before_anything_is_recorded(
    tmp_path: Path,
) -> None:
    space = begin(tmp_path)
    path = min(space.issued("R6").iterdir())
    write_tables(changed(TABLES, "items", "電子申請", "電子申請の拡充"), tmp_path / "plan")
    path.with_name(f"~${path.name}").write_bytes(b"")
    before = left(tmp_path)
    with pytest.raises(FileError) as fault:
        stages.issue(space, "R6", now=RECEIVED)
    assert fault.value.key == "file_open"
    assert left(tmp_path) == before
