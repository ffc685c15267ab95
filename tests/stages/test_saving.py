"""Links in the inbox, a plan that is being saved, a plan that somebody has open: told, and nothing is guessed."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import run
from rounds import DAY, ISSUED, begin, desk, drop, files, issue, receive

from xlplan import stages
from xlplan.definition.reading import read_definition
from xlplan.definition.write.workbook import definition_workbook
from xlplan.language.errors import DefinitionError, FileError, UsageError
from xlplan.spreadsheet.safety.inspection import inspect
from xlplan.spreadsheet.safety.limits import Refusal
from xlplan.stages import define
from xlplan.store.opened import owner_of
from xlplan.store.workspace import Workspace

can_link = pytest.mark.skipif(os.name == "nt", reason="needs a right on Windows")


# --- links in the inbox


@can_link
@pytest.mark.parametrize("to", ["file", "folder", "nothing", "itself"])
def test_21_a_link_in_the_inbox_is_told_and_not_followed(to: str, tmp_path: Path) -> None:
    space = begin(tmp_path)
    outside = tmp_path / "outside"
    outside.mkdir()
    secret = outside / "1.xlsx"
    secret.write_bytes(desk(space, "D1").saved())
    link = space.inbox("R6") / "回答.xlsx"
    target = {"file": secret, "folder": outside, "nothing": outside / "none", "itself": link}[to]
    link.symlink_to(target)
    [line] = receive(space).lines
    assert (line.path, line.state, [one.code for one in line.findings]) == (link, "refused", ["inbox_link"])
    assert line.archive is None
    assert not space.returned("R6").exists() or not files(space.returned("R6"))
    assert stages.verify(space).fine


@can_link
def test_21_an_inbox_that_is_itself_a_link_to_a_shared_folder_is_read(tmp_path: Path) -> None:
    space = begin(tmp_path)
    shared = tmp_path / "shared"
    shared.mkdir()
    space.inbox("R6").rmdir()
    space.inbox("R6").symlink_to(shared)
    drop(space, "1.xlsx", desk(space, "D1").saved())
    assert [line.state for line in receive(space).lines] == ["accepted"]


@can_link
def test_21_lock_files_that_are_links_are_passed_over(tmp_path: Path) -> None:
    space = begin(tmp_path)
    (space.inbox("R6") / ".#1.xlsx").symlink_to("somebody@pc.1234")
    (space.inbox("R6") / "~$1.xlsx").symlink_to("nothing")
    assert receive(space).lines == ()


SHORTCUTS = {
    "lnk": bytes.fromhex("4c0000000114020000000000c000000000000046") + bytes(60),
    "url": b"[InternetShortcut]\r\nURL=file://server/share/1.xlsx\r\n",
    "url with other parts": b"[{000214A0-0000-0000-C000-000000000046}]\r\nProp3=19,2\r\n[InternetShortcut]\r\nURL=x",
    "url in UTF-16": "[InternetShortcut]\r\nURL=file://server/1.xlsx".encode("utf-16"),
    "desktop": b"[Desktop Entry]\nType=Link\nURL=file:///1.xlsx\n",
    "webloc": b'<?xml version="1.0"?><plist version="1.0"><dict><key>URL</key><string>x</string></dict></plist>',
    "alias": b"book\0\0\0\0mark\0\0\0\0" + bytes(60),
}


@pytest.mark.parametrize("kind", SHORTCUTS)
@pytest.mark.parametrize("name", ["1.lnk", "1.url", "1.xlsx"])
def test_21_a_shortcut_is_told_whatever_its_name(kind: str, name: str, tmp_path: Path) -> None:
    found = inspect(SHORTCUTS[kind])
    assert isinstance(found, Refusal)
    assert found.code == "safety_shortcut"


def test_21_a_shortcut_in_the_inbox_is_refused_and_kept(tmp_path: Path) -> None:
    space = begin(tmp_path)
    drop(space, "1.xlsx.lnk", SHORTCUTS["lnk"])
    [line] = receive(space).lines
    assert (line.state, line.findings[0].code) == ("refused", "safety_shortcut")
    assert "ショートカット" in run("check", "workbooks/R6/inbox/1.xlsx.lnk", cwd=tmp_path).stdout


# --- a plan that is being saved


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A city whose plan is a workbook, last saved a minute ago."""
    space = begin(tmp_path)
    tables = space.root / "plan"
    found = read_definition(tables)
    path = tmp_path / "plan.xlsx"
    path.write_bytes(definition_workbook(found.tables, found.usable().language, ISSUED))
    for table in tables.iterdir():
        table.unlink()
    tables.rmdir()
    aged(path)
    return path


def aged(path: Path, seconds: float = 60) -> None:
    moment = time.time() - seconds
    os.utime(path, (moment, moment))


def key_of(stage: Callable[[], object]) -> str:
    with pytest.raises((FileError, DefinitionError, UsageError)) as fault:
        stage()
    assert "\n" not in fault.value.message("ja")
    return str(fault.value.key)


@pytest.mark.parametrize("share", [0, 0.3, 0.9, 0.999])
def test_21_a_plan_caught_half_written_is_being_saved_and_later_damaged(share: float, book: Path) -> None:
    space = Workspace(book.parent)
    data = book.read_bytes()
    book.write_bytes(data[: int(len(data) * share)])
    before = files(book.parent, ledger=True)
    for stage in (lambda: stages.lint(space), lambda: issue(space), lambda: receive(space)):
        assert key_of(stage) == "plan_being_saved"
    assert files(book.parent, ledger=True) == before
    aged(book)
    assert key_of(lambda: stages.lint(space)) == "workbook_unreadable"


def test_21_a_plan_that_changes_while_it_is_read_is_being_saved(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def while_saved(path: Path) -> object:
        found = read_definition(path)
        os.utime(path)
        return found

    monkeypatch.setattr(define, "read_definition", while_saved)
    assert key_of(lambda: stages.lint(Workspace(book.parent))) == "plan_being_saved"


def test_21_a_plan_that_is_replaced_while_it_is_read_is_being_saved(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Excel takes the old file away before it gives the new one its name."""

    def while_replaced(path: Path) -> object:
        path.unlink()
        return read_definition(path)

    monkeypatch.setattr(define, "read_definition", while_replaced)
    assert key_of(lambda: stages.lint(Workspace(book.parent))) == "plan_being_saved"


def test_21_a_table_that_changes_while_it_is_read_is_being_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    space = begin(tmp_path)

    def while_saved(path: Path) -> object:
        found = read_definition(path)
        os.utime(path / "items.csv")
        return found

    monkeypatch.setattr(define, "read_definition", while_saved)
    assert key_of(lambda: stages.lint(space)) == "plan_being_saved"


def test_21_a_sound_plan_saved_just_now_is_read(book: Path) -> None:
    aged(book, 0)
    assert stages.lint(Workspace(book.parent)).plan is not None


def test_21_a_fault_of_the_tables_is_one_also_right_after_it_was_saved(tmp_path: Path) -> None:
    space = begin(tmp_path)
    (tmp_path / "plan" / "items.csv").write_text("id\n", encoding="utf-8")
    assert stages.lint(space).plan is None


# --- a plan that somebody has open


def excel_lock(name: str) -> bytes:
    """The owner file of Excel: the name in the system's code, and in UTF-16, each with its length."""
    ansi = name.encode("cp932", errors="replace")[:54]
    wide = name.encode("utf-16-le")[:108]
    head = bytes([len(ansi)]) + ansi.ljust(54, b" ")
    return head + bytes([len(wide) // 2, 0]) + wide + b" \0" * ((108 - len(wide)) // 2)


LOCKS = {
    "Excel": ("~$plan.xlsx", excel_lock("髙橋　健"), "髙橋　健"),
    "Excel, no name": ("~$plan.xlsx", excel_lock(""), ""),
    "Excel, empty": ("~$plan.xlsx", b"", ""),
    "Excel, old": ("~$plan.xlsx", b"\x04Taro" + b" " * 50, "Taro"),
    "LibreOffice": (".~lock.plan.xlsx#", "山田,taro,pc1,30.11.2026 09:00,file:///home;".encode(), "山田"),
    "LibreOffice, only the system's": (
        ".~lock.plan.xlsx#",
        b",taro,pc1,30.11.2026 09:00,file:///home;",
        "taro",
    ),
    "LibreOffice, a comma": (".~lock.plan.xlsx#", rb"Yamada\, T.,taro,pc1,x,y;", "Yamada, T."),
    "LibreOffice, no text": (".~lock.plan.xlsx#", b"\xff\xfe", "\ufffd\ufffd"),
    "too large": ("~$plan.xlsx", b"\x04Taro" * 9000, ""),
}


@pytest.mark.parametrize("kind", LOCKS)
def test_21_a_plan_that_is_open_is_told_with_who_has_it(kind: str, book: Path) -> None:
    name, data, user = LOCKS[kind]
    lock = book.with_name(name)
    lock.write_bytes(data)
    assert owner_of(lock) == user
    space = Workspace(book.parent)
    [told] = [one for one in stages.lint(space).findings if one.code in define.OPEN]
    assert told.severity == "notice"
    assert (told.params.get("user", ""), told.file) == (user, "plan.xlsx")
    assert [one.code for one in issue(space, now=ISSUED + DAY).opened] == [told.code]
    for language in ("ja", "en"):
        assert user in told.message(language)


def test_21_that_is_said_by_lint_and_issue_and_keeps_nobody_from_working(book: Path) -> None:
    book.with_name("~$plan.xlsx").write_bytes(excel_lock("Taro\x1b[31m\u202e"))
    for command in (["lint"], ["issue", "--period", "R6"]):
        found = run(*command, "--lang", "en", cwd=book.parent)
        assert (found.returncode, found.stderr) == (0, "")
        assert "Taro\\x1b[31m\\u202e has plan.xlsx open in Excel or LibreOffice" in found.stdout
    book.with_name("~$plan.xlsx").unlink()
    assert "open in Excel" not in run("lint", "--lang", "en", cwd=book.parent).stdout


def test_21_a_table_of_the_folder_that_is_open_is_told_by_its_name(tmp_path: Path) -> None:
    space = begin(tmp_path)
    (tmp_path / "plan" / ".~lock.items.csv#").write_text("山田,taro,pc1,x,y;", encoding="utf-8")
    [told] = [one for one in stages.lint(space).findings if one.code in define.OPEN]
    assert (told.file, told.params["user"]) == ("items.csv", "山田")
