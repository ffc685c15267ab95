"""The archive: every byte that comes in is kept first, nothing is written over, of two answers the newer counts."""

import os
import random
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from ledgers import altered
from returns import TABLES, changed
from rounds import (
    DAY,
    DUE_MOMENT,
    RECEIVED,
    begin,
    desk,
    drop,
    files,
    only,
    receive,
    stamped,
    standing,
    states,
)

from xlplan import stages
from xlplan.form.read.child import Child
from xlplan.language.errors import FileError, LedgerError
from xlplan.model.submission import RefusedFile
from xlplan.spreadsheet.safety.limits import MAX_FILE_BYTES
from xlplan.stages.received import ReceivedFile
from xlplan.store.files import sha256
from xlplan.store.ledger import Ledger
from xlplan.store.workspace import Workspace


@pytest.fixture
def begun(tmp_path: Path) -> Workspace:
    """A city with R6 issued."""
    return begin(tmp_path)


def refusals(space: Workspace) -> list[RefusedFile]:
    with Ledger.open(space.ledger_path) as ledger:
        return ledger.refusals("R6")


def kept(space: Workspace) -> list[bytes]:
    """The bytes of every file in the archive."""
    return sorted(one.read_bytes() for one in space.returned("R6").rglob("*") if one.is_file())


def of_age(path: Path, days: float) -> Path:
    """The file, last changed so many days after the round's beginning."""
    moment = RECEIVED.timestamp() + days * DAY.total_seconds()
    os.utime(path, (moment, moment))
    return path


def codes(line: ReceivedFile) -> list[str]:
    return [one.code for one in line.findings]


class TestBeforeAnythingElse:
    def test_a_file_lies_in_the_archive_under_its_hash_when_it_is_opened(
        self, begun: Workspace, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen: list[str] = []
        hand_over = Child.ask

        def noted(child: Child, name: str, data: bytes) -> object:
            seen.extend(one.name for one in begun.returned("R6").iterdir() if one.read_bytes() == data)
            return hand_over(child, name, data)

        monkeypatch.setattr(Child, "ask", noted)
        path = drop(begun, "1.xlsx", desk(begun, "D1").saved())
        receive(begun)
        assert seen == [sha256(path.read_bytes())]

    def test_a_file_stays_kept_where_opening_it_ends_the_run(
        self, begun: Workspace, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(Child, "ask", fail)
        path = drop(begun, "1.xlsx", desk(begun, "D1").saved())
        with pytest.raises(KeyboardInterrupt):
            receive(begun)
        assert kept(begun) == [path.read_bytes()]

    def test_with_many_files_too(self, begun: Workspace) -> None:
        """From eight files on they are read in processes of their own."""
        for number in range(4):
            drop(begun, f"a{number}.xlsx", desk(begun, "D3").put("C-1", "done", f"{number}番").saved())
            drop(begun, f"b{number}.xlsx", b"memo %d" % number)
            drop(begun, f"c{number}.xlsx", b"memo %d" % number)
        receive(begun)
        assert kept(begun) == sorted({one.read_bytes() for one in begun.inbox("R6").iterdir()})
        assert stages.verify(begun).fine

    def test_the_names_outlive_a_power_cut_before_the_ledger_speaks_of_them(
        self, begun: Workspace, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        module = sys.modules["xlplan.store.archive"]
        sync, seen = module.sync_folders, []

        def noted(*folders: Path) -> None:
            with Ledger.open(begun.ledger_path) as other:
                seen.append((set(folders), kept(begun), other.attempts("R6"), other.refusals("R6")))
            sync(*folders)

        monkeypatch.setattr(module, "sync_folders", noted)
        drop(begun, "1.xlsx", desk(begun, "D1").saved())
        drop(begun, "2.xlsx", b"memo")
        receive(begun)
        assert seen == [
            ({begun.returned("R6"), begun.refused("R6"), begun.letters("R6")}, kept(begun), [], [])
        ]


class TestRefusedFiles:
    def test_received_again_are_recorded_once_and_that_is_said(self, begun: Workspace) -> None:
        drop(begun, "memo.xlsx", b"memo")
        receive(begun)
        before = files(begun.root)

        again = only(receive(begun, now=RECEIVED + DAY))

        assert codes(again) == ["safety_not_workbook", "refused_before"]
        assert again.archive == begun.refused("R6") / f"memo_xlsx_{sha256(b'memo')[:12]}"
        assert "2025-05-01 17:00" in again.findings[1].message("ja")
        assert files(begun.root) == before
        assert [one.received_at for one in refusals(begun)] == [RECEIVED]

    def test_with_the_same_bytes_under_two_names_are_kept_once(self, begun: Workspace) -> None:
        drop(begun, "a.xlsx", b"memo")
        drop(begun, "b.doc", b"memo")
        receive(begun)
        assert [one.file_name for one in refusals(begun)] == ["a.xlsx"]
        assert kept(begun) == [b"memo"]

    def test_refused_for_another_reason_are_recorded_for_each(self, begun: Workspace) -> None:
        path = drop(begun, "1.xlsx", desk(begun, "D1").saved())
        receive(begun, department="D2")
        broken = path.read_bytes()[:-30]
        path.write_bytes(broken)
        receive(begun)
        assert [one.finding.code for one in refusals(begun)] == ["other_department", "safety_damaged"]

    def test_may_be_right_tomorrow_and_are_then_received(self, begun: Workspace) -> None:
        path = drop(begun, "1.xlsx", desk(begun, "D1").saved())
        assert only(receive(begun, department="D2")).state == "refused"

        line = only(receive(begun))

        assert (line.state, line.attempt) == ("accepted", 1)
        assert line.archive is not None
        assert line.archive.read_bytes() == path.read_bytes()
        assert stages.verify(begun).fine
        assert stages.status(begun, period="R6", now=DUE_MOMENT).refused == ()

    def test_are_listed_while_they_lie_in_the_inbox_and_after_the_run_that_refused_them(
        self, begun: Workspace
    ) -> None:
        def listed() -> list[str]:
            return [one.file_name for one in stages.status(begun, period="R6", now=DUE_MOMENT).refused]

        memo, other = drop(begun, "memo.txt", b"memo"), drop(begun, "other.txt", b"other")
        receive(begun)
        assert listed() == ["memo.txt", "other.txt"]
        memo.unlink()
        assert listed() == ["memo.txt", "other.txt"]
        drop(begun, "1.xlsx", desk(begun, "D3").saved())
        receive(begun, now=RECEIVED + DAY)
        assert listed() == ["other.txt"]
        other.unlink()
        assert listed() == []

    def test_of_a_department_that_was_accepted_since_are_listed_no_more(self, begun: Workspace) -> None:
        drop(begun, "旧.xlsx", stamped(begun, "D1", issue="0123456789ab"))
        assert only(receive(begun)).findings[0].code == "other_issue"
        assert stages.status(begun, period="R6", now=DUE_MOMENT).refused
        drop(begun, "1.xlsx", desk(begun, "D1").saved())
        receive(begun, now=RECEIVED + DAY)
        assert stages.status(begun, period="R6", now=DUE_MOMENT).refused == ()

    def test_of_a_department_that_was_accepted_before_are_listed(self, begun: Workspace) -> None:
        """It may have meant to correct what it had answered."""
        drop(begun, "1.xlsx", desk(begun, "D1").saved())
        assert only(receive(begun)).state == "accepted"
        later = drop(begun, "訂正.xlsx", stamped(begun, "D1", issue="0123456789ab"))
        assert only(receive(begun, later, now=RECEIVED + DAY)).state == "refused"

        [listed] = stages.status(begun, period="R6", now=DUE_MOMENT).refused
        assert (listed.file_name, listed.finding.department) == ("訂正.xlsx", "D1")

    def test_that_were_taken_after_all_are_listed_no_more_though_they_were_sent_back(
        self, begun: Workspace
    ) -> None:
        path = drop(begun, "1.xlsx", desk(begun, "D1").put("A-1", "done", None).saved())
        assert only(receive(begun, path, department="D2")).state == "refused"
        assert only(receive(begun, path)).state == "sent_back"

        assert stages.status(begun, period="R6", now=DUE_MOMENT).refused == ()

    def test_too_large_to_hold_in_memory_are_kept_too(self, begun: Workspace) -> None:
        path = begun.inbox("R6") / "large.xlsx"
        block = random.Random(1).randbytes(2**20)
        with path.open("wb") as file:
            for _ in range(MAX_FILE_BYTES // len(block) + 1):
                file.write(block)
        line = only(receive(begun))
        assert (line.state, codes(line)) == ("refused", ["safety_too_large"])
        assert "51" in line.findings[0].message("ja")
        assert "50" in line.findings[0].message("ja")
        assert kept(begun) == [path.read_bytes()]
        assert [one.sha256 for one in refusals(begun)] == [sha256(path.read_bytes())]
        assert codes(only(receive(begun))) == ["safety_too_large", "refused_before"]

    def test_come_back_from_the_ledger_as_they_were_told(self, begun: Workspace) -> None:
        drop(begun, os.fsdecode("回答.xlsx".encode("shift_jis")), desk(begun, "D1").saved())
        line = only(receive(begun, department="D2"))
        [refusal] = refusals(begun)
        assert (refusal.file_name, refusal.finding) == (line.path.name, line.findings[0])

    def test_kept_under_a_name_of_an_earlier_version_stay_there(self, begun: Workspace) -> None:
        drop(begun, "memo.xlsx", b"memo")
        line = only(receive(begun))
        assert line.archive is not None
        old = line.archive.rename(begun.refused("R6") / sha256(b"memo"))
        with altered(begun.ledger_path, sealed=True) as ledger:
            ledger.execute("UPDATE refusals SET archive = ?", (begun.relative(old),))
        assert stages.verify(begun).fine
        assert only(receive(begun, now=RECEIVED + DAY)).archive == old
        assert list(begun.refused("R6").iterdir()) == [old]
        assert stages.verify(begun).fine

    def test_cannot_be_opened_with_a_double_click(self, begun: Workspace) -> None:
        drop(begun, "macro.exe", b"MZ")
        receive(begun)
        [path] = begun.refused("R6").iterdir()
        assert path.suffix == ""


class TestTwoFilesOfOneDepartment:
    def test_the_one_changed_last_counts_whatever_its_name(self, begun: Workspace) -> None:
        of_age(drop(begun, "1.xlsx", desk(begun, "D3").put("C-1", "done", "新").saved()), 2)
        of_age(drop(begun, "2.xlsx", desk(begun, "D3").put("C-1", "done", "旧").saved()), 1)
        found = receive(begun)
        assert states(found) == [("1.xlsx", "accepted", 2), ("2.xlsx", "accepted", 1)]
        assert codes(found.lines[1]) == ["newer_counts"]
        assert "1.xlsx" in found.lines[1].findings[-1].message("ja")
        with Ledger.open(begun.ledger_path) as ledger:
            counting = ledger.latest("R6")["D3"]
        assert counting.file_name == "1.xlsx"

    def test_of_the_same_moment_go_by_name(self, begun: Workspace) -> None:
        of_age(drop(begun, "2.xlsx", desk(begun, "D3").put("C-1", "done", "二").saved()), 1)
        of_age(drop(begun, "1.xlsx", desk(begun, "D3").put("C-1", "done", "一").saved()), 1)
        assert states(receive(begun)) == [("1.xlsx", "accepted", 1), ("2.xlsx", "accepted", 2)]

    def test_named_on_the_command_line_go_by_age_too_and_are_listed_as_named(self, begun: Workspace) -> None:
        new = of_age(drop(begun, "a.xlsx", desk(begun, "D3").put("C-1", "done", "新").saved()), 2)
        old = of_age(drop(begun, "b.xlsx", desk(begun, "D3").put("C-1", "done", "旧").saved()), 1)
        assert states(receive(begun, new, old)) == [("a.xlsx", "accepted", 2), ("b.xlsx", "accepted", 1)]

    def test_in_different_batches_still_go_by_age(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # without unique fields: else all files would be one batch
        tables = changed(TABLES, "fields", "[A-Z]{2}-[0-9]|yes", "[A-Z]{2}-[0-9]|")
        tables = changed(tables, "fields", "department|||||||yes", "department|||||||")
        space = begin(tmp_path, tables)
        monkeypatch.setattr(sys.modules["xlplan.stages.identify"], "FILES_AT_ONCE", 1)
        of_age(drop(space, "1.xlsx", desk(space, "D3").put("C-1", "done", "新").saved()), 2)
        of_age(drop(space, "2.xlsx", desk(space, "D3").put("C-1", "done", "旧").saved()), 1)
        found = receive(space)
        assert states(found) == [("1.xlsx", "accepted", 2), ("2.xlsx", "accepted", 1)]
        assert codes(found.lines[1]) == ["newer_counts"]

    def test_the_newer_of_which_has_faults_is_the_one_to_mend(self, begun: Workspace) -> None:
        of_age(drop(begun, "1.xlsx", desk(begun, "D3").saved()), 1)
        of_age(drop(begun, "2.xlsx", desk(begun, "D3").put("C-1", "done", None).saved()), 2)
        assert states(receive(begun)) == [("1.xlsx", "accepted", 1), ("2.xlsx", "sent_back", 2)]
        assert standing(begun)["D3"].state == "sent_back"


class TestALostCopy:
    def test_comes_back_when_its_file_is_received_again(self, begun: Workspace) -> None:
        path = drop(begun, "1.xlsx", desk(begun, "D1").saved())
        archive = only(receive(begun)).archive
        assert archive is not None
        archive.unlink()
        assert only(receive(begun)).state == "known"
        assert archive.read_bytes() == path.read_bytes()

    def test_of_a_refused_file_too(self, begun: Workspace) -> None:
        drop(begun, "memo.xlsx", b"memo")
        receive(begun)
        [copy] = begun.refused("R6").iterdir()
        copy.unlink()
        receive(begun)
        assert copy.read_bytes() == b"memo"
        assert len(refusals(begun)) == 1

    def test_is_told_by_consolidate_which_still_makes_the_summary(self, begun: Workspace) -> None:
        for name in ("D1", "D2", "D3"):
            drop(begun, f"{name}.xlsx", desk(begun, name).saved())
        first, second, _ = [one.archive for one in receive(begun).lines if one.archive]
        first.unlink()
        second.write_bytes(b"changed")
        made = stages.consolidate(begun, period="R6", draft=False, now=RECEIVED)
        assert made.path == begun.summary("R6")
        assert [one.department for one in made.unfit] == ["D1", "D2"]


class TestALostLedger:
    @pytest.mark.parametrize("left", [None, b""], ids=["gone", "empty"])
    def test_is_never_begun_anew_while_refused_files_are_there(
        self, begun: Workspace, left: bytes | None
    ) -> None:
        drop(begun, "memo.xlsx", b"memo")
        receive(begun)
        begun.ledger_path.unlink()
        if left is not None:
            begun.ledger_path.write_bytes(left)
        with pytest.raises(LedgerError) as fault:
            receive(begun)
        assert fault.value.key == "ledger_lost"


def test_a_sent_back_workbook_that_is_open_in_excel_is_one_line_and_the_next_run_does_the_rest(
    begun: Workspace,
) -> None:
    path = drop(begun, "1.xlsx", desk(begun, "D3").put("C-1", "done", None).saved())
    back = only(receive(begun)).sent_back
    assert back is not None
    shutil.rmtree(begun.root / "workbooks" / "backup")
    begun.ledger_path.unlink()
    for folder in (begun.returned("R6"), begun.issued("R6")):
        shutil.rmtree(folder)
    begin(begun.root)
    lock = back.with_name(f"~${back.name}")
    lock.touch()
    with pytest.raises(FileError) as fault:
        receive(begun)
    assert fault.value.key == "file_open"
    assert kept(begun) == [path.read_bytes()]
    lock.unlink()
    assert states(receive(begun)) == [("1.xlsx", "sent_back", 1)]
    assert stages.verify(begun).fine


def test_another_rounds_refusals_are_its_own(begun: Workspace) -> None:
    drop(begun, "memo.xlsx", b"memo")
    receive(begun)
    refusal = refusals(begun)[0]
    with Ledger.open(begun.ledger_path) as ledger:
        ledger.record_refusals([replace(refusal, period="R5")])
        assert ledger.refusals("R5") == [replace(refusal, period="R5")]
        assert ledger.refusals("R6") == [refusal]
