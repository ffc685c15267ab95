"""What an accepted return is displaced by, and by what it is not: an older file, a form that nobody has filled in."""

import io
import json
import os
import re
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from ledgers import altered
from returns import TABLES, Desk, changed, sample_plan, write_tables
from rounds import DAY, DUE, DUE_MOMENT, RECEIVED, begin, desk, drop, issue, only, receive, standing

from xlplan import stages
from xlplan.cli.documents import returns_document
from xlplan.form.read.workbook import saved_at
from xlplan.language.codes import Severity
from xlplan.language.errors import UsageError
from xlplan.model.submission import Receipt
from xlplan.spreadsheet.parts import Parts
from xlplan.stages.received import ReceivedFile
from xlplan.store.ledger import Ledger
from xlplan.store.workspace import Workspace

CORE = "docProps/core.xml"


@pytest.fixture
def begun(tmp_path: Path) -> Workspace:
    """A city with R6 issued."""
    return begin(tmp_path)


def answer(space: Workspace, done: str | None) -> bytes:
    return desk(space, "D3").put("C-1", "done", done).saved()


def of_day(path: Path, days: int) -> Path:
    """The file, last changed so many days after the round's beginning."""
    moment = (RECEIVED + days * DAY).timestamp()
    os.utime(path, (moment, moment))
    return path


def saved_on(data: bytes, written: str) -> bytes:
    """The workbook, its properties saying that it was saved at this moment."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == CORE:
                part = re.sub(rb"(modified[^>]*>)[^<]*", rb"\g<1>" + written.encode(), part)
            new.writestr(name, part)
    return stream.getvalue()


def counting(space: Workspace) -> Receipt:
    with Ledger.open(space.ledger_path) as ledger:
        return ledger.latest("R6")["D3"]


def codes(line: ReceivedFile) -> list[str]:
    return [one.code for one in line.findings]


def insisting(space: Workspace, *paths: Path) -> ReceivedFile:
    return only(stages.receive(space, paths, period="R6", now=RECEIVED + DAY, replace=True))


class TestAnOlderFile:
    def test_that_comes_in_a_later_run_is_kept_and_told_with_both_dates(self, begun: Workspace) -> None:
        of_day(drop(begun, "新.xlsx", answer(begun, "新")), 2)
        receive(begun)
        old = of_day(drop(begun, "旧.xlsx", answer(begun, "旧")), 1)

        line = only(receive(begun, old, now=RECEIVED + 5 * DAY))

        assert (line.state, line.attempt, codes(line), line.open) == ("kept", 2, ["older_return"], True)
        assert line.archive is not None
        assert line.archive.read_bytes() == old.read_bytes()
        said = line.findings[0].message("ja")
        assert all(one in said for one in ("新.xlsx", "2025-05-03", "2025-05-02"))
        assert (counting(begun).file_name, counting(begun).attempt) == ("新.xlsx", 1)
        assert standing(begun)["D3"].state == "accepted"
        assert stages.status(begun, period="R6", now=DUE_MOMENT).refused == ()
        assert stages.verify(begun).fine

    def test_that_was_told_once_leaves_nothing_to_do_the_next_time(self, begun: Workspace) -> None:
        of_day(drop(begun, "新.xlsx", answer(begun, "新")), 2)
        receive(begun)
        old = of_day(drop(begun, "旧.xlsx", answer(begun, "旧")), 1)
        receive(begun, old)

        again = only(receive(begun, old))

        assert (again.state, codes(again), again.open) == ("known", ["older_return", "refused_before"], False)

    def test_that_lies_there_twice_is_told_twice_and_leaves_both_to_be_seen_to(
        self, begun: Workspace
    ) -> None:
        new = of_day(drop(begun, "新.xlsx", answer(begun, "新")), 2)
        receive(begun)
        new.unlink()
        for name in ("旧.xlsx", "旧の写し.xlsx"):
            of_day(drop(begun, name, answer(begun, "旧")), 1)

        lines = receive(begun).lines

        assert [(one.state, codes(one), one.open) for one in lines] == [("kept", ["older_return"], True)] * 2
        assert {one.findings[0].file for one in lines} == {"旧.xlsx", "旧の写し.xlsx"}

    def test_counts_where_the_accepted_one_answered_other_questions(self, begun: Workspace) -> None:
        of_day(drop(begun, "前の様式.xlsx", answer(begun, "前")), 2)
        receive(begun)
        write_tables(changed(TABLES, "records", "R6 | C-1 | 実施", "R6 | C-1 | 検討"), begun.root / "plan")
        issue(begun, now=RECEIVED)
        assert standing(begun)["D3"].state == "waiting"

        line = only(receive(begun, of_day(drop(begun, "今の様式.xlsx", answer(begun, "今")), 1)))

        assert (line.state, line.attempt) == ("accepted", 2)
        assert standing(begun)["D3"].state == "accepted"

    def test_of_the_same_moment_is_no_older_one(self, begun: Workspace) -> None:
        of_day(drop(begun, "一.xlsx", answer(begun, "一")), 2)
        receive(begun)

        line = only(receive(begun, of_day(drop(begun, "二.xlsx", answer(begun, "二")), 2)))

        assert (line.state, line.attempt) == ("accepted", 2)

    def test_is_known_by_what_the_workbook_says_where_its_copy_is_newer(self, begun: Workspace) -> None:
        """Saved from a mail today, written last week."""
        of_day(drop(begun, "新.xlsx", saved_on(answer(begun, "新"), "2025-05-01T03:00:00Z")), 2)
        receive(begun)
        old = of_day(drop(begun, "旧.xlsx", saved_on(answer(begun, "旧"), "2025-04-20T03:00:00Z")), 9)

        line = only(receive(begun, old))

        assert (line.state, codes(line)) == ("kept", ["older_return"])
        assert "2025-04-20" in line.findings[0].message("ja")

    def test_counts_where_the_office_means_it(self, begun: Workspace) -> None:
        of_day(drop(begun, "新.xlsx", answer(begun, "新")), 2)
        receive(begun)
        old = of_day(drop(begun, "旧.xlsx", answer(begun, "旧")), 1)
        assert only(receive(begun, old)).state == "kept"

        line = insisting(begun, old)

        assert (line.state, line.attempt) == ("accepted", 3)  # it was kept aside as the second
        assert counting(begun).file_name == "旧.xlsx"
        assert stages.verify(begun).fine

    def test_cannot_be_insisted_on_without_naming_it(self, begun: Workspace) -> None:
        with pytest.raises(UsageError) as fault:
            insisting(begun)
        assert fault.value.key == "replace_what"

    def test_counts_where_the_newer_one_was_not_accepted(self, begun: Workspace) -> None:
        of_day(drop(begun, "新.xlsx", answer(begun, None)), 2)
        assert only(receive(begun)).state == "sent_back"
        old = of_day(drop(begun, "旧.xlsx", answer(begun, "旧")), 1)
        assert only(receive(begun, old)).state == "accepted"

    def test_is_held_against_the_receipts_moment_where_no_other_was_kept(self, begun: Workspace) -> None:
        of_day(drop(begun, "新.xlsx", answer(begun, "新")), -3)
        receive(begun)
        with altered(begun.ledger_path, sealed=True) as ledger:
            ledger.execute("UPDATE receipts SET saved_at = NULL")
        old = of_day(drop(begun, "旧.xlsx", answer(begun, "旧")), -1)
        assert only(receive(begun, old)).state == "kept"
        new = of_day(drop(begun, "次.xlsx", answer(begun, "次")), 1)
        assert only(receive(begun, new)).state == "accepted"


class TestAFormThatNobodyFilledIn:
    def test_does_not_take_the_place_of_an_accepted_answer(self, begun: Workspace) -> None:
        drop(begun, "1.xlsx", answer(begun, "した"))
        receive(begun)
        [path] = begun.issued("R6").glob("*D3*")
        blank = Desk(sample_plan(), "D3", path.read_bytes()).saved()

        line = only(receive(begun, drop(begun, "白紙.xlsx", blank)))

        assert line.state == "kept"
        assert codes(line) == ["blank_return"]
        assert standing(begun)["D3"].state == "accepted"
        assert insisting(begun, line.path).state == "sent_back"

    def test_is_sent_back_where_nothing_was_accepted(self, begun: Workspace) -> None:
        [path] = begun.issued("R6").glob("*D3*")
        blank = Desk(sample_plan(), "D3", path.read_bytes()).saved()
        assert only(receive(begun, drop(begun, "白紙.xlsx", blank))).state == "sent_back"

    def test_but_holds_the_answers_that_were_given_before_is_none_either(self, begun: Workspace) -> None:
        first = drop(begun, "1.xlsx", answer(begun, "前の答え"))
        receive(begun, first)
        [made] = issue(begun, "D3", due=DUE + DAY, now=RECEIVED + DAY).lines
        corrected = Desk(sample_plan(), "D3", made.path.read_bytes()).put("C-1", "done", "直した答え")
        assert (
            only(receive(begun, drop(begun, "2.xlsx", corrected.saved()), now=RECEIVED + 2 * DAY)).attempt
            == 2
        )
        untouched = drop(begun, "3.xlsx", Desk(sample_plan(), "D3", made.path.read_bytes()).saved())

        line = only(receive(begun, untouched, now=RECEIVED + 3 * DAY))

        assert (line.state, codes(line)) == ("kept", ["blank_return"])

    def test_in_which_a_formula_stands_or_a_column_is_gone_is_not_taken_for_blank(
        self, begun: Workspace
    ) -> None:
        drop(begun, "1.xlsx", answer(begun, "した"))
        receive(begun)
        [path] = begun.issued("R6").glob("*D3*")
        form = Desk(sample_plan(), "D3", path.read_bytes()).put("C-1", "done", "=1+1")
        assert only(receive(begun, drop(begun, "式.xlsx", form.saved()))).state == "sent_back"


class TestAReturnThatReplacesAnAcceptedOne:
    def test_may_keep_a_value_that_no_other_may_have(self, begun: Workspace) -> None:
        """It is taken by the department itself."""
        drop(begun, "1.xlsx", desk(begun, "D3").put("C-1", "code", "AB-1").saved())
        assert only(receive(begun)).state == "accepted"
        again = desk(begun, "D3").put("C-1", "code", "AB-1").put("C-1", "done", "契約した")

        assert only(receive(begun, drop(begun, "2.xlsx", again.saved()))).state == "accepted"
        other = desk(begun, "D1").put("A-1", "code", "AB-1")
        assert only(receive(begun, drop(begun, "3.xlsx", other.saved()))).state == "sent_back"

    def test_says_which_answers_change(self, begun: Workspace) -> None:
        drop(begun, "1.xlsx", answer(begun, "設計した"))
        receive(begun)
        new = desk(begun, "D3").put("C-1", "done", "契約した").put("C-1", "note", "090-1234-5678 に電話")

        result = receive(begun, drop(begun, "2.xlsx", new.saved()))

        told = {one.code: one for one in only(result).findings}["replaces_accepted"]
        assert (told.severity, told.params["count"]) == (Severity.NOTICE, 2)
        assert "C-1 " in told.message("ja")
        assert "設計した → 契約した" in told.message("ja")
        [document] = json.loads(json.dumps(returns_document("receive", result, "ja")))["returns"]
        by_field = {one["field"]: one for one in document["changes"]}
        assert (by_field["done"]["before"], by_field["done"]["after"]) == ("設計した", "契約した")
        assert (by_field["note"]["before"], by_field["note"]["after"]) == ("", "…5678 に電話")
        assert {(one["form"], one["item"]) for one in document["changes"]} == {("report", "C-1")}

    def test_names_the_first_few_of_many(self, begun: Workspace) -> None:
        drop(begun, "1.xlsx", desk(begun, "D1").saved())
        receive(begun)
        new = desk(begun, "D1")
        for item in ("A-1", "A-2", "A-3"):
            new.put(item, "done", "別のこと").put(item, "note", "補足")
        line = only(receive(begun, drop(begun, "2.xlsx", new.saved())))
        told = {one.code: one for one in line.findings}["replaces_accepted"]
        assert (told.params["count"], len(line.changes)) == (6, 6)
        assert told.told("changes", "ja").endswith("、…")

    def test_says_so_where_all_answers_are_the_same(self, begun: Workspace) -> None:
        drop(begun, "1.xlsx", answer(begun, "した"))
        receive(begun)
        again = drop(begun, "2.xlsx", desk(begun, "D3").put("C-1", "done", "した").signed("別人").saved())
        line = only(receive(begun, again))
        assert (line.state, codes(line)[-1], line.changes) == ("accepted", "replaces_same", ())


class TestAFileReceivedBefore:
    def test_that_stands_as_sent_back_is_said_to_stand_so(self, begun: Workspace) -> None:
        drop(begun, "1.xlsx", answer(begun, None))
        first = only(receive(begun))

        again = only(receive(begun, now=RECEIVED + DAY))

        assert (again.state, codes(again), again.open) == ("sent_back", ["received_open"], True)
        assert (again.attempt, again.sent_back) == (1, first.sent_back)
        assert standing(begun)["D3"].attempts == 1

    def test_an_answer_that_stood_as_sent_back_is_left_alone_when_its_correction_comes_in_the_same_run(
        self, begun: Workspace
    ) -> None:
        drop(begun, "1.xlsx", desk(begun, "D3").put("C-1", "done", None).saved())
        assert only(receive(begun)).state == "sent_back"
        drop(begun, "2.xlsx", desk(begun, "D3").put("C-1", "done", "した").saved())

        first, second = sorted(receive(begun, now=RECEIVED + DAY).lines, key=lambda one: one.path.name)

        assert (second.state, second.attempt) == ("accepted", 2)
        assert (first.state, codes(first), first.open) == ("known", ["received_earlier"], False)

    def test_after_which_another_was_accepted_names_the_one_that_counts(self, begun: Workspace) -> None:
        first = drop(begun, "1.xlsx", answer(begun, "一"))
        receive(begun, first)
        receive(begun, drop(begun, "2.xlsx", answer(begun, "二")), now=RECEIVED + DAY)

        again = only(receive(begun, first))

        assert (again.state, codes(again), again.open) == ("known", ["received_earlier"], False)
        assert "2.xlsx" in again.findings[0].message("ja")
        assert "2025-05-02" in again.findings[0].message("ja")

    def test_after_which_another_was_sent_back_too_is_no_end_of_it(self, begun: Workspace) -> None:
        first = drop(begun, "1.xlsx", answer(begun, None))
        receive(begun, first)
        receive(begun, drop(begun, "2.xlsx", desk(begun, "D3").put("C-1", "actual", "？").saved()))

        again = only(receive(begun, first))

        assert (again.state, codes(again), again.open) == ("known", ["received_older"], True)


@pytest.mark.parametrize(
    ("written", "known"),
    [("2025-05-01T03:00:00Z", True), ("2025-05-01T12:00:00+09:00", True)]
    + [
        (one, False)
        for one in ("", "いつか", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00", "2025-13-01")
    ],
)
def test_the_moment_in_a_workbooks_properties(begun: Workspace, written: str, known: bool) -> None:
    found = saved_at(Parts(saved_on(answer(begun, "した"), written)))
    expected = datetime.fromisoformat("2025-05-01T03:00:00+00:00").astimezone().replace(tzinfo=None)
    assert found == (expected if known else None)


def test_the_moment_of_an_open_document_and_of_no_zip_at_all() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr("meta.xml", "<office:meta><dc:date>2025-05-01T12:30:45.123</dc:date></office:meta>")
    assert saved_at(Parts(stream.getvalue())) == datetime(2025, 5, 1, 12, 30, 45)
    assert saved_at(Parts(b"\xd0\xcf\x11\xe0")) is None


def test_every_key_of_a_change_is_documented(begun: Workspace) -> None:
    drop(begun, "1.xlsx", answer(begun, "一"))
    receive(begun)
    result = receive(begun, drop(begun, "2.xlsx", answer(begun, "二")))
    [document] = json.loads(json.dumps(returns_document("receive", result, "ja")))["returns"]
    page = (Path(__file__).parents[2] / "docs" / "json.md").read_text(encoding="utf-8")
    assert document["changes"][0].keys() == set(re.findall(r"`returns\[\]\.changes\[\]\.(\w+)`", page))
