"""The ledger: every entry comes back exactly, two runs do not harm each other, each fault is one line."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from threading import Timer

import pytest

from xlplan.language.codes import Severity
from xlplan.language.errors import FileError, LedgerError
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding
from xlplan.model.issue import Issued, IssuedRow
from xlplan.model.record import Value
from xlplan.model.safety import SafetyCode
from xlplan.model.submission import Receipt, ReceiptState, RecordRow, RefusedFile
from xlplan.store import turns
from xlplan.store.files import sha256
from xlplan.store.ledger import Ledger
from xlplan.store.tables import APPLICATION_ID, SCHEMA_VERSION, STEPS

JST = timezone(timedelta(hours=9))

EVERY_KIND_OF_VALUE: Mapping[str, Value] = {
    "text": '改行\nと「引用」と"quotes"と😀',
    "empty": "",
    "whole": 3,
    "number": 3.0,
    "small": 0.1,
    "large": 12345678901234567890,
    "day": date(2014, 5, 1),
    "blank": None,
    "=looks like a formula": "=1+1",
}


def an_issue(department: str = "it", period: str = "R6", issue_id: str = "") -> Issued:
    return Issued(
        id=issue_id or f"{period}-{department}",
        period=period,
        department=department,
        file=f"workbooks/{period}/issued/{department}.xlsx",
        sha256="a" * 64,
        issued_at=datetime(2024, 4, 1, 9, 30, 15, 250, tzinfo=JST),
        due=date(2024, 5, 31),
        form_version="f1",
        rows={"progress": (IssuedRow("1-1", EVERY_KIND_OF_VALUE, {"status": "実施"}),)},
    )


def a_receipt(department: str = "it", attempt: int = 1, period: str = "R6") -> Receipt:
    return Receipt(
        period=period,
        department=department,
        attempt=attempt,
        issue="",
        file_name=f"回答 {department}.xlsx",
        sha256=sha256(f"{department} {attempt}".encode()),
        received_at=datetime(2024, 5, 20, 17, 0, tzinfo=JST),
        state=ReceiptState.ACCEPTED,
        archive=f"workbooks/{period}/returned/{department}.xlsx",
    )


def a_refusal() -> RefusedFile:
    return RefusedFile(
        period="R6",
        file_name="memo.xlsx",
        sha256="c" * 64,
        received_at=datetime(2024, 5, 20, 17, 0, tzinfo=JST),
        archive="workbooks/R6/returned/refused/" + "c" * 64,
        finding=Finding(SafetyCode.NOT_WORKBOOK, file="memo.xlsx"),
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "workbooks" / "ledger.sqlite"


def assert_one_clear_line(error: LedgerError, key: str, path: Path) -> None:
    assert error.key == key
    for language in ("ja", "en"):
        line = error.message(language)
        assert str(path) in line
        assert "\n" not in line
        assert "{" not in line


class TestIssues:
    def test_come_back_exactly_after_reopening(self, path: Path) -> None:
        issued = an_issue()
        with Ledger.open(path) as ledger:
            ledger.record_issues([issued])
        with Ledger.open(path) as ledger:
            assert ledger.issue(issued.id) == issued
            assert ledger.issued("R6") == {"it": issued}

    def test_keep_the_kind_of_each_value_and_the_order_of_the_fields(self, path: Path) -> None:
        with Ledger.open(path) as ledger:
            ledger.record_issues([an_issue()])
            kept = ledger.issued("R6")["it"].rows["progress"][0].office
        assert list(kept.items()) == list(EVERY_KIND_OF_VALUE.items())
        assert [type(one) for one in kept.values()] == [type(one) for one in EVERY_KIND_OF_VALUE.values()]

    def test_may_have_no_due_date_and_forms_without_rows(self, path: Path) -> None:
        issued = replace(an_issue(), due=None, rows={"progress": (), "proposals": ()})
        with Ledger.open(path) as ledger:
            ledger.record_issues([issued])
            assert ledger.issue(issued.id) == issued

    def test_come_back_with_what_the_sheet_showed_of_each_item(self, path: Path) -> None:
        about = {"title": "電子申請", "予算科目": "総務費"}
        rows = (IssuedRow("1-1", {}, {}, about), IssuedRow("1-2", {}, {}, {"title": "予約"}))
        with Ledger.open(path) as ledger:
            ledger.record_issues([replace(an_issue(), rows={"progress": rows})])
            found = ledger.issue("R6-it")
        assert found is not None
        assert [row.about for row in found.rows["progress"]] == [about, {"title": "予約"}]

    def test_that_were_recorded_before_it_was_kept_come_back_without(self, path: Path) -> None:
        issued = replace(
            an_issue(), rows={"progress": (IssuedRow("1-1", {"planned": "実施"}, {"done": "済"}),)}
        )
        with Ledger.open(path) as ledger:
            ledger.record_issues([issued])
        old = '[[["planned"],["done"]],[["progress",[["1-1",0,["実施"],1,["済"]]]]]]'
        connection = sqlite3.connect(path)
        connection.execute("UPDATE issues SET rows = ?", (old,))
        connection.commit()
        connection.close()
        with Ledger.open(path) as ledger:
            found = ledger.issue(issued.id)
        assert found == issued
        assert found is not None
        assert found.rows["progress"][0].about == {}

    def test_latest_of_a_department_counts_and_the_earlier_one_is_kept(self, path: Path) -> None:
        # The later issue bears the earlier time: two computers' clocks need not agree.
        first = an_issue(issue_id="first")
        second = replace(an_issue(issue_id="second"), issued_at=datetime(2024, 3, 31, tzinfo=JST))
        with Ledger.open(path) as ledger:
            ledger.record_issues([first, an_issue("tax")])
            ledger.record_issues([second])
            assert ledger.issued("R6") == {"it": second, "tax": an_issue("tax")}
            assert ledger.issue("first") == first

    def test_of_another_period_are_not_mixed_in(self, path: Path) -> None:
        with Ledger.open(path) as ledger:
            ledger.record_issues([an_issue(period="R6"), an_issue(period="R7")])
            assert ledger.issued("R7") == {"it": an_issue(period="R7")}
            assert ledger.issued("R8") == {}

    def test_unknown_are_none(self, path: Path) -> None:
        with Ledger.open(path) as ledger:
            assert ledger.issue("nothing") is None

    def test_give_the_periods_in_the_order_of_their_first_issue(self, path: Path) -> None:
        with Ledger.open(path) as ledger:
            ledger.record_issues([an_issue(period="R7")])
            ledger.record_issues([an_issue(period="H30"), an_issue("tax", period="R7")])
            assert ledger.periods_issued() == ["R7", "H30"]

    def test_are_recorded_all_or_none(self, path: Path) -> None:
        with Ledger.open(path) as ledger:
            ledger.record_issues([an_issue(issue_id="1")])
            with pytest.raises(LedgerError) as caught:
                ledger.record_issues([an_issue(issue_id="2"), an_issue(issue_id="1")])
            assert ledger.issue("2") is None
        assert_one_clear_line(caught.value, "ledger_clash", path)


class TestReceipts:
    def test_come_back_exactly_after_reopening(self, path: Path) -> None:
        receipt = replace(
            a_receipt(),
            issue="R6-it",
            state=ReceiptState.SENT_BACK,
            respondent="髙橋　健",
            approver="山﨑",
            findings=(
                Finding(
                    FindingCode.REQUIRED_TEXT,
                    severity=Severity.WARNING,
                    file="回答.xlsx",
                    department="it",
                    period="R6",
                    form="progress",
                    sheet="進捗",
                    cell="F12",
                    item="1-1",
                    field="status",
                    value="完了",
                    params={
                        "label": "進捗",
                        "max": 100,
                        "share": 0.5,
                        "day": date(2024, 3, 31),
                        "at": datetime(2024, 3, 31, 1, 2, 3),
                        "words": ("実施", "中止"),
                        "list": ["a", ("b",)],
                        "date": {"date": "2024-03-31"},
                        "none": None,
                        "yes": True,
                    },
                ),
                Finding(FindingCode.RULE, Severity.NOTICE, rule="late"),
            ),
            records=(
                RecordRow("progress", "1-1", EVERY_KIND_OF_VALUE, "進捗", 12),
                RecordRow("proposals", "新規1", {"title": "案"}, "提案", 5),
                RecordRow("progress", "1-2", {}, "進捗", 13),
            ),
        )
        with Ledger.open(path) as ledger:
            ledger.record_issues([an_issue()])
            ledger.record_receipts([receipt])
        with Ledger.open(path) as ledger:
            (kept,) = ledger.attempts("R6")
        assert kept == receipt
        assert [type(one) for one in kept.records[0].values.values()] == [
            type(one) for one in EVERY_KIND_OF_VALUE.values()
        ]
        assert kept.findings[0].severity is Severity.WARNING
        assert kept.findings[0].params["words"] == ("実施", "中止")

    def test_of_a_form_with_one_field_named_date_are_not_taken_for_a_date(self, path: Path) -> None:
        receipt = replace(
            a_receipt(), records=(RecordRow("progress", "1-1", {"date": "2014-05-01"}, "進捗", 12),)
        )
        with Ledger.open(path) as ledger:
            ledger.record_receipts([receipt])
            assert ledger.attempts("R6") == [receipt]

    def test_of_a_file_whose_name_is_in_a_broken_encoding_come_back(self, path: Path) -> None:
        name = os.fsdecode("回答.xlsx".encode("shift_jis"))
        finding = Finding(SafetyCode.NOT_WORKBOOK, file=name)
        receipt = replace(a_receipt(), file_name=name, findings=(finding,))
        with Ledger.open(path) as ledger:
            ledger.record_receipts([receipt])
            assert ledger.attempts("R6") == [receipt]

    def test_latest_of_each_department_is_its_last_attempt(self, path: Path) -> None:
        with Ledger.open(path) as ledger:
            ledger.record_receipts([a_receipt("it", 1), a_receipt("tax", 1)])
            ledger.record_receipts([a_receipt("it", 2), a_receipt("tax", 1, period="R7")])
            assert ledger.latest("R6") == {"it": a_receipt("it", 2), "tax": a_receipt("tax", 1)}

    def test_are_found_by_hash_and_period(self, path: Path) -> None:
        receipt = a_receipt()
        with Ledger.open(path) as ledger:
            ledger.record_receipts([receipt])
            assert ledger.receipt_of(receipt.sha256, "R6") == receipt
            assert ledger.receipt_of(receipt.sha256, "R7") is None
            assert ledger.receipt_of("f" * 64, "R6") is None

    def test_are_listed_in_the_order_recorded_of_one_department_or_all(self, path: Path) -> None:
        with Ledger.open(path) as ledger:
            ledger.record_receipts([a_receipt("tax"), a_receipt("it", 1)])
            ledger.record_receipts([a_receipt("it", 2)])
            assert ledger.attempts("R6") == [a_receipt("tax"), a_receipt("it", 1), a_receipt("it", 2)]
            assert ledger.attempts("R6", "it") == [a_receipt("it", 1), a_receipt("it", 2)]
            assert ledger.attempts("R7") == []

    def test_can_be_listed_without_their_records(self, path: Path) -> None:
        receipt = replace(
            a_receipt(), records=(RecordRow("progress", "1-1", {"status": "実施"}, "進捗", 12),)
        )
        with Ledger.open(path) as ledger:
            ledger.record_receipts([receipt])
            assert ledger.attempts("R6", records=False) == [replace(receipt, records=())]
            assert ledger.latest("R6", records=False) == {"it": replace(receipt, records=())}

    @pytest.mark.parametrize(
        "clash",
        [
            replace(a_receipt("it", 1), sha256="b" * 64),
            replace(a_receipt("it", 2), sha256=a_receipt("it", 1).sha256),
        ],
        ids=["same attempt", "same file"],
    )
    def test_that_clash_are_refused_and_nothing_of_their_batch_is_kept(
        self, path: Path, clash: Receipt
    ) -> None:
        with Ledger.open(path) as ledger:
            ledger.record_receipts([a_receipt("it", 1)])
            with pytest.raises(LedgerError) as caught:
                ledger.record_receipts([a_receipt("tax", 1), clash])
            assert ledger.attempts("R6") == [a_receipt("it", 1)]
            ledger.record_receipts([a_receipt("tax", 1)])
        assert_one_clear_line(caught.value, "ledger_clash", path)

    def test_may_share_a_file_between_periods(self, path: Path) -> None:
        with Ledger.open(path) as ledger:
            ledger.record_receipts([a_receipt(period="R6"), a_receipt(period="R7")])
            assert len(ledger.attempts("R6") + ledger.attempts("R7")) == 2

    def test_always_lead_to_what_was_issued(self, path: Path) -> None:
        with Ledger.open(path) as ledger:
            with pytest.raises(LedgerError) as caught:
                ledger.record_receipts([replace(a_receipt(), issue="of another ledger")])
            assert ledger.attempts("R6") == []
        assert_one_clear_line(caught.value, "ledger_unknown_issue", path)

    def test_with_a_value_of_no_known_kind_are_a_fault_of_ours_and_not_kept(self, path: Path) -> None:
        odd = Finding(FindingCode.READ_AS, params={"path": Path("a")})
        with Ledger.open(path) as ledger:
            with pytest.raises(TypeError, match="cannot keep a"):
                ledger.record_receipts([replace(a_receipt(), findings=(odd,))])
            assert ledger.attempts("R6") == []


class TestOpening:
    def test_makes_the_folder_and_one_file(self, path: Path) -> None:
        with Ledger.open(path) as ledger:
            ledger.record_issues([an_issue()])
        assert {one.name for one in path.parent.iterdir()} == {"ledger.sqlite", "backup"}

    def test_again_changes_not_one_byte(self, path: Path) -> None:
        with Ledger.open(path) as ledger:
            ledger.record_issues([an_issue()])
        before = path.read_bytes()
        with Ledger.open(path):
            pass
        assert path.read_bytes() == before

    def test_keeps_a_rollback_journal_since_shares_know_no_shared_memory(self, path: Path) -> None:
        with Ledger.open(path):
            pass
        connection = sqlite3.connect(path)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        connection.close()

    def test_an_existing_ledger_reads_it(self, path: Path) -> None:
        with Ledger.open(path) as ledger:
            ledger.record_issues([an_issue()])
        existing = Ledger.open_existing(path)
        assert existing is not None
        with existing:
            assert existing.issued("R6") == {"it": an_issue()}

    def test_an_existing_ledger_makes_nothing_where_there_is_none(self, path: Path) -> None:
        assert Ledger.open_existing(path) is None
        assert not path.parent.exists()

    def test_an_existing_ledger_is_none_where_its_making_was_broken_off(self, path: Path) -> None:
        path.parent.mkdir()
        path.touch()
        assert Ledger.open_existing(path) is None
        assert path.read_bytes() == b""

    def test_an_existing_ledger_never_writes(self, path: Path) -> None:
        Ledger.open(path).close()
        existing = Ledger.open_existing(path)
        assert existing is not None
        with existing, pytest.raises(LedgerError):
            existing.record_issues([an_issue()])


class TestLettingGo:
    """A ledger left open could be neither moved nor restored on Windows."""

    @pytest.fixture
    def closed(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        done: list[str] = []

        class Noting(sqlite3.Connection):
            def close(self) -> None:
                done.append("closed")
                super().close()

        monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Noting))
        return done

    def test_happens_at_the_end_of_the_with_statement(self, path: Path, closed: list[str]) -> None:
        with Ledger.open(path):
            assert closed == []
        assert closed == ["closed"]

    def test_happens_where_nothing_was_recorded_yet(self, path: Path, closed: list[str]) -> None:
        path.parent.mkdir()
        path.touch()
        assert Ledger.open_existing(path) is None
        assert closed == ["closed"]

    def test_happens_where_opening_fails(self, path: Path, closed: list[str]) -> None:
        path.parent.mkdir()
        path.write_bytes(b"PK" * 500)
        with pytest.raises(LedgerError):
            Ledger.open(path)
        assert closed == ["closed"]


class TestFaults:
    @pytest.fixture(autouse=True)
    def no_long_wait(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("BUSY_SECONDS", "TURN_SECONDS", "PATIENCE_SECONDS"):
            monkeypatch.setattr(turns, name, 0.05)

    @pytest.mark.parametrize("opener", [Ledger.open, Ledger.open_existing])
    def test_a_ledger_that_is_no_database_is_damaged(
        self, path: Path, opener: Callable[[Path], object]
    ) -> None:
        path.parent.mkdir()
        path.write_bytes(b"PK\x03\x04" * 2000)
        with pytest.raises(LedgerError) as caught:
            opener(path)
        assert_one_clear_line(caught.value, "ledger_damaged", path)
        assert path.read_bytes() == b"PK\x03\x04" * 2000

    def test_a_ledger_damaged_in_the_middle_says_so_when_it_is_read(self, path: Path) -> None:
        with Ledger.open(path) as ledger:
            ledger.record_receipts([a_receipt("it", n) for n in range(1, 400)])
        whole = path.read_bytes()
        middle = len(whole) // 2
        path.write_bytes(whole[:middle] + b"\xff" * 4096 + whole[middle + 4096 :])
        with Ledger.open(path) as ledger, pytest.raises(LedgerError) as caught:
            ledger.attempts("R6")
        assert_one_clear_line(caught.value, "ledger_damaged", path)

    @pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
    def test_a_ledger_cut_short_says_so_or_gives_what_it_holds(self, path: Path, share: float) -> None:
        with Ledger.open(path) as ledger:
            ledger.record_receipts([a_receipt("it", n) for n in range(1, 200)])
        whole = path.read_bytes()
        path.write_bytes(whole[: int(len(whole) * share)])
        with pytest.raises(LedgerError) as caught, Ledger.open(path) as ledger:
            ledger.attempts("R6")
        assert_one_clear_line(caught.value, "ledger_damaged", path)

    def test_a_ledger_changed_anywhere_gives_its_entries_or_one_clear_line(self, path: Path) -> None:
        """SQLite notices a change in its own order only; what people wrote is read by us."""
        finding = Finding(FindingCode.TOO_LONG, file="a.xlsx", params={"day": date(2024, 5, 1), "max": 3})
        records = (RecordRow("progress", "1-1", EVERY_KIND_OF_VALUE, "進捗", 12),)
        with Ledger.open(path) as ledger:
            ledger.record_issues([an_issue()])
            ledger.record_receipts(
                [replace(a_receipt("it", n), findings=(finding,), records=records) for n in (1, 2)]
            )
            ledger.record_refusals([a_refusal()])
        whole = path.read_bytes()
        drawn = random.Random(4)
        told: list[str] = []
        for _ in range(1500):
            data = bytearray(whole)
            for _ in range(drawn.randint(1, 3)):
                data[drawn.randrange(len(data))] = drawn.choice(b'\0\x01\x7f\xff{}[]"a9')
            path.write_bytes(data)
            try:
                with Ledger.open(path) as ledger:
                    ledger.flaws()
                    ledger.issued("R6")
                    ledger.attempts("R6")
                    ledger.refusals("R6")
                    ledger.archives("R6")
                    ledger.periods_issued()
                    ledger.files_issued("R6")
            except LedgerError as fault:
                told.append(fault.message("ja"))
        assert 50 < len(told) < 1500
        assert [one for one in told if "\n" in one] == []

    def test_a_flaw_that_no_reading_meets_is_found_when_asked_for(self, path: Path) -> None:
        with Ledger.open(path) as ledger:
            ledger.record_issues([an_issue()])
            assert ledger.flaws() == []
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("DELETE FROM sqlite_master WHERE name = 'issues_of'")
        connection.close()
        with Ledger.open(path) as ledger:
            assert ledger.issued("R6") == {"it": an_issue()}
            assert ledger.flaws() != []

    @pytest.mark.parametrize("opener", [Ledger.open, Ledger.open_existing])
    def test_a_ledger_of_the_version_before_is_brought_up_to_date(
        self, path: Path, opener: Callable[[Path], Ledger]
    ) -> None:
        path.parent.mkdir()
        connection = sqlite3.connect(path, isolation_level=None)
        for statement in STEPS[0]:
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("PRAGMA user_version = 1")
        connection.close()
        with opener(path) as ledger:
            assert ledger.refusals("R6") == []
        with Ledger.open(path) as ledger:
            ledger.record_refusals([a_refusal()])
            assert ledger.refusals("R6") == [a_refusal()]

    @pytest.mark.parametrize("opener", [Ledger.open, Ledger.open_existing])
    def test_a_ledger_of_a_newer_version_is_left_alone(
        self, path: Path, opener: Callable[[Path], object]
    ) -> None:
        Ledger.open(path).close()
        connection = sqlite3.connect(path)
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
        connection.close()
        with pytest.raises(LedgerError) as caught:
            opener(path)
        assert_one_clear_line(caught.value, "ledger_newer", path)

    def test_another_program_s_database_is_left_alone(self, path: Path) -> None:
        path.parent.mkdir()
        connection = sqlite3.connect(path)
        connection.execute("CREATE TABLE theirs (a)")
        connection.close()
        before = path.read_bytes()
        with pytest.raises(LedgerError) as caught:
            Ledger.open(path)
        assert_one_clear_line(caught.value, "ledger_foreign", path)
        assert path.read_bytes() == before

    def test_a_ledger_in_use_for_too_long_is_locked(self, path: Path) -> None:
        Ledger.open(path).close()
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with Ledger.open(path) as ledger:
            with pytest.raises(LedgerError) as caught:
                ledger.record_issues([an_issue()])
            other.execute("ROLLBACK")
            ledger.record_issues([an_issue()])
            assert ledger.issued("R6") == {"it": an_issue()}
        other.close()
        assert_one_clear_line(caught.value, "ledger_locked", path)

    def test_a_ledger_locked_for_reading_too_is_locked(self, path: Path) -> None:
        Ledger.open(path).close()
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(LedgerError) as caught:
            Ledger.open_existing(path)
        other.close()
        assert_one_clear_line(caught.value, "ledger_locked", path)

    def test_a_write_waits_for_a_reader_and_is_undone_when_it_waits_in_vain(self, path: Path) -> None:
        with Ledger.open(path) as ledger:
            ledger.record_issues([an_issue()])
            reader = sqlite3.connect(path, isolation_level=None)
            reader.execute("BEGIN")
            reader.execute("SELECT * FROM issues").fetchall()
            with pytest.raises(LedgerError) as caught:
                ledger.record_issues([an_issue("tax")])
            reader.execute("COMMIT")
            reader.close()
            assert ledger.issued("R6") == {"it": an_issue()}
            ledger.record_issues([an_issue("tax")])
        assert_one_clear_line(caught.value, "ledger_locked", path)

    def test_a_folder_in_the_ledger_s_place_makes_it_unusable(self, path: Path) -> None:
        path.mkdir(parents=True)
        with pytest.raises(LedgerError) as caught:
            Ledger.open(path)
        assert_one_clear_line(caught.value, "ledger_unusable", path)

    def test_a_file_in_the_folder_s_place_is_a_fault_of_files(self, path: Path) -> None:
        path.parent.write_bytes(b"")
        with pytest.raises(FileError) as caught:
            Ledger.open(path)
        assert caught.value.key == "folder_is_file"


class TestATurn:
    """What one run reads and adds belongs together; another one waits."""

    def test_adds_all_or_nothing(self, path: Path) -> None:
        with Ledger.open(path) as ledger:
            with suppress(KeyboardInterrupt), ledger.writing():
                ledger.record_issues([an_issue()])
                ledger.record_refusals([a_refusal()])
                assert ledger.refusals("R6") == [a_refusal()]
                raise KeyboardInterrupt
            assert (ledger.issued("R6"), ledger.refusals("R6")) == ({}, [])

    def test_lets_others_read_what_was_there_before(self, path: Path) -> None:
        with Ledger.open(path) as ledger, Ledger.open(path) as other:
            with ledger.writing():
                # more than SQLite holds in memory by itself: it must not begin to write into the ledger
                records = (RecordRow("progress", "1-1", {"text": "長" * 1_000_000}, "進捗", 12),)
                ledger.record_receipts([replace(a_receipt("it", n), records=records) for n in range(1, 5)])
                assert other.attempts("R6") == []
            assert len(other.attempts("R6")) == 4

    def test_is_waited_for_and_that_is_said_once(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(turns, "PATIENCE_SECONDS", 0.02)
        Ledger.open(path).close()
        other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        told: list[str] = []

        def waiting() -> None:
            told.append("waiting")
            Timer(0.2, other.rollback).start()

        with Ledger.open(path) as ledger, ledger.writing(waiting):
            ledger.record_issues([an_issue()])
        assert told == ["waiting"]
        other.close()

    def test_of_nobody_else_is_not_waited_for(self, path: Path) -> None:
        told: list[str] = []
        with Ledger.open(path) as ledger, ledger.writing(lambda: told.append("waiting")):
            pass
        assert told == []


WRITER = """
import sys
from datetime import datetime
from pathlib import Path
from xlplan.store.ledger import Ledger
from xlplan.model.submission import Receipt, ReceiptState

path, department = Path(sys.argv[1]), sys.argv[2]
print("ready", flush=True)
sys.stdin.readline()
for attempt in range(1, 26):
    with Ledger.open(path) as ledger:
        ledger.record_receipts([Receipt(
            period="R6", department=department, attempt=attempt, issue="", file_name="a.xlsx",
            sha256=f"{department}{attempt}", received_at=datetime(2024, 5, 20),
            state=ReceiptState.ACCEPTED, archive="a.xlsx",
        )])
"""


class TestTwoRunsAtOnce:
    def test_both_make_the_ledger_and_record_everything(self, path: Path) -> None:
        runs = [
            subprocess.Popen(
                [sys.executable, "-c", WRITER, str(path), department],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for department in ("it", "tax")
        ]
        for run in runs:
            assert run.stdout is not None
            assert run.stdout.readline() == "ready\n"
        for run in runs:
            assert run.stdin is not None
            run.stdin.write("go\n")
            run.stdin.flush()
        for run in runs:
            run.communicate(timeout=60)
        assert [run.returncode for run in runs] == [0, 0]
        with Ledger.open(path) as ledger:
            for department in ("it", "tax"):
                assert [one.attempt for one in ledger.attempts("R6", department)] == [*range(1, 26)]

    def test_one_that_is_killed_in_the_middle_of_a_write_leaves_nothing_of_it(self, path: Path) -> None:
        with Ledger.open(path) as ledger:
            ledger.record_receipts([a_receipt("it", 1)])
        # A cache of one page makes SQLite write into the ledger itself before the commit.
        killed = (
            "import os, signal, sqlite3, sys\n"
            "other = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
            "other.execute('PRAGMA cache_size = 1')\n"
            "other.execute('BEGIN IMMEDIATE')\n"
            "other.execute('UPDATE receipts SET findings = ?', ('x' * 1_000_000,))\n"
            "os.kill(os.getpid(), signal.SIGKILL)\n"
        )
        ended = subprocess.run([sys.executable, "-c", killed, str(path)], check=False, timeout=60)
        assert ended.returncode == -signal.SIGKILL
        assert path.with_name("ledger.sqlite-journal").exists()
        existing = Ledger.open_existing(path)
        assert existing is not None
        with existing:
            assert existing.attempts("R6") == [a_receipt("it", 1)]


class TestFormats:
    """What has parts of its own names what it keeps; what another version kept is read."""

    @staticmethod
    def kept(path: Path, table: str, column: str) -> str:
        connection = sqlite3.connect(path)
        [(text,)] = connection.execute(f"SELECT {column} FROM {table}").fetchall()
        connection.close()
        return str(text)

    @staticmethod
    def put(path: Path, table: str, column: str, text: str) -> None:
        connection = sqlite3.connect(path)
        connection.execute(f"UPDATE {table} SET {column} = ?", (text,))
        connection.commit()
        connection.close()

    def test_findings_are_kept_under_names_that_no_dataclass_gives(self, path: Path) -> None:
        finding = Finding(FindingCode.DUPLICATE, Severity.ERROR, form="report", item="A-1", field="code")
        with Ledger.open(path) as ledger:
            ledger.record_receipts([replace(a_receipt(), findings=(finding,))])

        assert self.kept(path, "receipts", "findings") == (
            '[2,["code","severity","file","department","period","form","sheet","cell","item","field","value",'
            '"params","basis","number"],'
            '[["duplicate","error","","","","report","","","A-1","code","",{"map":[]},"",0]]]'
        )

    def test_a_column_that_a_later_version_added_is_passed_over(self, path: Path) -> None:
        with Ledger.open(path) as ledger:
            ledger.record_receipts([a_receipt()])
        self.put(path, "receipts", "findings", '[2,["code","severity","weight"],[["duplicate","error",7]]]')

        with Ledger.open(path) as ledger:
            [receipt] = ledger.attempts("R6")
        assert receipt.findings == (Finding(FindingCode.DUPLICATE, Severity.ERROR),)

    def test_what_the_first_version_wrote_of_open_rows_is_read_with_their_ids(self, path: Path) -> None:
        with Ledger.open(path) as ledger:
            ledger.record_issues([an_issue()])
            ledger.record_receipts([a_receipt()])
        blank = "0,[],0,[],0,[]"
        rows = f'[[[]],[["news",[["1行目",{blank}],["2行目",{blank}]]],["progress",[["row 2",{blank}]]]]]'
        self.put(path, "issues", "rows", rows)
        self.put(path, "receipts", "records", '[[["what"]],[["news","row 12","News",17,0,["x"]]]]')
        self.put(
            path,
            "receipts",
            "findings",
            '[["code","severity","item","params"],[["duplicate","error","12行目",{"map":[]}]]]',
        )

        with Ledger.open(path) as ledger:
            issued, [receipt] = ledger.issued("R6")["it"], ledger.attempts("R6")
        assert [row.item for row in issued.rows["news"]] == ["#1", "#2"]
        assert [row.item for row in issued.rows["progress"]] == ["row 2"]  # an item of that name
        assert [record.item for record in receipt.records] == ["#12"]
        assert [finding.item for finding in receipt.findings] == ["#12"]

    def test_what_an_issue_shows_and_which_older_form_it_is_come_back(self, path: Path) -> None:
        issued = replace(an_issue(), form_version="2:ab", content="2:cd", same_form="0123456789ab")
        with Ledger.open(path) as ledger:
            ledger.record_issues([issued])
            assert ledger.issued("R6") == {"it": issued}
