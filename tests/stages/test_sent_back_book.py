"""What a department reads in the workbook that goes back: the office's words, numbers, what became of the findings."""

import io
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from returns import TABLES, Desk, changed, sample_plan
from rounds import DAY, RECEIVED, begin, desk, drop, only, receive, standing

from xlplan import stages
from xlplan.language.codes import Severity
from xlplan.language.messages import text
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding
from xlplan.model.progress import compared
from xlplan.report.returns import ReturnState
from xlplan.stages.received import ReceivedFile
from xlplan.store.workspace import Workspace

LATER = RECEIVED + DAY
ENGLISH = changed(TABLES, "plan", "language | ja", "language | en")


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    return begin(tmp_path)


def sent_back(space: Workspace) -> Workbook:
    [path] = space.outbox("R6").glob("R6_D1_*.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    assert isinstance(book, Workbook)
    return book


def texts(book: Workbook, sheet: str) -> list[list[str]]:
    """The texts of a sheet, row by row."""
    rows = [[str(cell.value) for cell in row if cell.value is not None] for row in book[sheet].iter_rows()]
    return [row for row in rows if row]


def send(space: Workspace, name: str, later: int = 0, **cells: object) -> ReceivedFile:
    """D1's return, every answer of its first item good but for these."""
    found = desk(space, "D1")
    for field, value in cells.items():
        found.put("A-1", field, value)
    return only(receive(space, drop(space, name, found.saved()), now=RECEIVED + later * DAY))


class TestWords:
    """What the office says when it sends a return back."""

    def test_stand_on_the_first_sheet_and_nothing_is_said_of_0_findings(self, space: Workspace) -> None:
        send(space, "1.xlsx")
        stages.send_back(
            space, "D1", reason="決算額を円で書いてください。\n急ぎます。", period="R6", now=LATER
        )

        book = sent_back(space)

        told = texts(book, "はじめに")
        assert ["事務局から", "決算額を円で書いてください。\n急ぎます。"] in told
        [words] = [row[1] for row in told if row[0].startswith("差戻し")]
        assert "0件" not in words
        assert "指摘一覧" not in words
        assert "指摘一覧" not in book.sheetnames

    def test_are_not_those_of_another_decision(self, space: Workspace) -> None:
        """Why the office has an attempt count is its own affair, also where that goes back in the end."""
        first = send(space, "1.xlsx", rate=90, places=2)
        [rule] = [finding.number for finding in first.findings if finding.rule]
        stages.allow(space, [rule], reason="内輪の許容", period="R6", now=LATER)
        send(space, "2.xlsx", later=2)
        stages.count(space, "D1", 1, reason="内輪の事情", period="R6", now=LATER + 2 * DAY)
        stages.undo(space, 1, reason="内輪の誤り", now=LATER + 3 * DAY)

        book = sent_back(space)

        assert standing(space)["D1"].attempts == 1
        assert not [
            word for sheet in book for row in texts(book, sheet.title) for word in row if "内輪" in word
        ]

    def test_are_no_remark_of_the_department_when_the_workbook_comes_back_and_is_sent_back_again(
        self, space: Workspace
    ) -> None:
        send(space, "1.xlsx", rate=90, places=2)
        words = "割合と箇所数を、必ず担当者に確かめてください。" * 8
        stages.send_back(space, "D1", reason=words, period="R6", now=LATER)
        again = Desk(sample_plan(), "D1", _saved(sent_back(space))).put("A-1", "rate", 95)

        receive(space, drop(space, "2.xlsx", again.saved()), now=LATER + DAY)

        [path] = space.outbox("R6").glob("R6_D1_*.xlsx")
        book = openpyxl.load_workbook(path)
        assert "様式外の記入" not in book.sheetnames
        assert len(book.sheetnames) == len(again.book.sheetnames)
        assert not [row for row in texts(book, "はじめに") if words in row]

    def test_in_english(self, tmp_path: Path) -> None:
        space = begin(tmp_path, ENGLISH)
        send(space, "1.xlsx")
        stages.send_back(space, "D1", reason="In pounds, please.", period="R6", now=LATER)

        told = texts(sent_back(space), text("artefacts.guide.sheet", "en"))

        assert ["From the office", "In pounds, please."] in told


def _saved(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


class TestNumbersAndProgress:
    """The findings are called by their numbers, and held against those of the return before."""

    @pytest.fixture
    def second(self, space: Workspace) -> ReceivedFile:
        """Three findings, of which one is left in another value and two are mended; another appears."""
        send(space, "1.xlsx", rate=90, places=2, done=None, code="ab")
        return send(space, "2.xlsx", later=1, rate=95, places=2, note="長い" * 20)

    def test_the_sheet_of_findings_shows_the_numbers_that_the_office_has(
        self, space: Workspace, second: ReceivedFile
    ) -> None:
        sheet = sent_back(space)["指摘一覧"]

        numbers = {sheet.cell(row, 7).value: sheet.cell(row, 1).value for row in range(4, 30)}
        for finding in second.findings:
            assert finding.number
            assert numbers[finding.message("ja")] == finding.number

    def test_resolved_ones_stand_below_struck_out_and_new_ones_are_marked(
        self, space: Workspace, second: ReceivedFile
    ) -> None:
        sheet = sent_back(space)["指摘一覧"]
        rows = [row for row in sheet.iter_rows(min_row=4) if row[6].value]

        struck = [row for row in rows if row[6].font.strike]
        assert [row[8].value for row in struck] == ["解消", "解消"]
        assert all(row[0].font.strike for row in struck)
        assert rows[-2:] == struck
        assert [row[3].value for row in rows if "新規" in str(row[4].value)] == ["補足"]
        head = str(sheet.cell(struck[0][0].row - 1, 1).value)
        assert head == "前回の指摘のうち解消したもの（2件）"

    def test_the_first_sheet_counts_them(self, space: Workspace, second: ReceivedFile) -> None:
        assert ["前回の指摘", "3件中2件解消・新規1件・残1件"] in texts(sent_back(space), "はじめに")

    def test_receive_and_status_give_the_counts(self, space: Workspace, second: ReceivedFile) -> None:
        line = standing(space)["D1"]

        assert second.compared is not None
        assert second.compared.counts == {"before": 3, "resolved": 2, "new": 1, "left": 1}
        assert line.compared == second.compared

    def test_an_accepted_return_is_held_against_the_last_that_went_back(
        self, space: Workspace, second: ReceivedFile
    ) -> None:
        made = send(space, "3.xlsx", later=2)

        assert made.compared is not None
        assert made.compared.counts == {"before": 2, "resolved": 2, "new": 0, "left": 0}
        assert standing(space)["D1"].state is ReturnState.ACCEPTED

    def test_a_first_return_is_held_against_nothing(self, space: Workspace) -> None:
        assert send(space, "1.xlsx", rate=90, places=2).compared is None

    def test_what_the_office_allows_meanwhile_counts_neither_as_resolved_nor_as_left(
        self, space: Workspace
    ) -> None:
        first = send(space, "1.xlsx", rate=90, places=2, code="ab")
        [rule] = [finding.number for finding in first.findings if finding.rule]
        stages.allow(space, [rule], reason="許す", period="R6", now=LATER)

        made = send(space, "2.xlsx", later=2, rate=90, places=2, code="ab")

        assert made.compared is not None
        assert made.compared.counts == {"before": 1, "resolved": 0, "new": 0, "left": 1}

    def test_a_book_that_is_written_again_by_a_decision_says_the_same_of_the_return_before(
        self, space: Workspace, second: ReceivedFile
    ) -> None:
        before = texts(sent_back(space), "指摘一覧")
        stages.send_back(space, "D1", reason="急ぎます", period="R6", now=LATER + DAY)

        assert texts(sent_back(space), "指摘一覧") == before

    def test_what_had_no_place_is_listed_once_with_its_number(self, space: Workspace) -> None:
        """A number of a person written beside the form: also where the book is written again."""
        found = desk(space, "D1").put("A-1", "rate", 90).put("A-1", "places", 2)
        found.sheet().cell(20, 3).value = "連絡先 090-1234-5678"
        made = only(receive(space, drop(space, "1.xlsx", found.saved())))
        first = texts(sent_back(space), "指摘一覧")
        stages.send_back(space, "D1", reason="急ぎます", period="R6", now=LATER)

        assert FindingCode.MOBILE_NUMBER in {finding.code for finding in made.findings}
        assert all(finding.number for finding in made.findings)
        assert texts(sent_back(space), "指摘一覧") == first


def found(code: FindingCode, item: str, number: int = 0, severity: Severity = Severity.ERROR) -> Finding:
    return Finding(code, severity, form="f", item=item, field="x", number=number)


class TestCompared:
    """Findings of two returns, by number and by place."""

    def test_the_same_number_is_left_wherever_it_stands_now(self) -> None:
        made = compared([found(FindingCode.RULE, "A", 1)], [found(FindingCode.RULE, "B", 1)])

        assert made.counts == {"before": 1, "resolved": 0, "new": 0, "left": 1}

    def test_the_same_check_at_the_same_place_is_left_in_another_value(self) -> None:
        made = compared([found(FindingCode.TOO_LONG, "A", 1)], [found(FindingCode.TOO_LONG, "A", 2)])

        assert made.counts == {"before": 1, "resolved": 0, "new": 0, "left": 1}

    def test_of_two_at_one_place_one_that_is_gone_is_resolved(self) -> None:
        before = [found(FindingCode.MAIL_ADDRESS, "A", 1), found(FindingCode.MAIL_ADDRESS, "A", 2)]

        made = compared(before, [found(FindingCode.MAIL_ADDRESS, "A", 2)])

        assert [finding.number for finding in made.resolved] == [1]
        assert [finding.number for finding in made.left] == [2]

    def test_what_was_probably_meant_makes_no_other_finding(self) -> None:
        made = compared([found(FindingCode.ORDER, "A", 1)], [found(FindingCode.ORDER_NEAR, "A", 2)])

        assert made.counts == {"before": 1, "resolved": 0, "new": 0, "left": 1}

    def test_what_is_only_told_counts_in_neither(self) -> None:
        told = found(FindingCode.READ_AS, "A", 1, Severity.NOTICE)

        assert compared([told], [told]).counts == {"before": 0, "resolved": 0, "new": 0, "left": 0}
