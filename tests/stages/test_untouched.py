"""What was issued is no answer; who signs a form that was filled in for him has answered that it stands."""

import io
from pathlib import Path

import openpyxl
import pytest
from ledgers import altered
from letters import mail, packed
from returns import TABLES, Desk, changed, sample_plan, write_tables
from rounds import DAY, DUE, RECEIVED, begin, desk, drop, issue, only, receive, standing

from xlplan import stages
from xlplan.language.messages import LANGUAGES, text
from xlplan.stages.received import ReceivedFile
from xlplan.store.ledger import Ledger
from xlplan.store.workspace import Workspace

SECOND = RECEIVED + DAY
LATER = RECEIVED + 2 * DAY
OPEN = {
    **{name: table for name, table in TABLES.items() if name in ("periods", "departments")},
    "plan": TABLES["plan"],
    "choices": TABLES["choices"],
    "items": """
        id | goal | group | title | department | from_period
        C-1 | 目標 | 区分 | 題 | D3 | R6
    """,
    "forms": """
        id | title | open_rows
        spent | 経費 | 3
    """,
    "fields": """
        form | id | label | type | filled_by | required
        spent | name | 内容 | text | department | no
    """,
}
"""A plan whose one form has nothing that must be filled in."""


@pytest.fixture
def begun(tmp_path: Path) -> Workspace:
    """A city with R6 issued."""
    return begin(tmp_path)


def issued_bytes(space: Workspace, department: str = "D3") -> bytes:
    [path] = space.issued("R6").glob(f"R6_{department}_*.xlsx")
    return path.read_bytes()


def as_saved(space: Workspace, signed: str = "") -> bytes:
    """The form of D3 opened and saved, maybe with a name beside who answered and approved."""
    form = Desk(sample_plan(), "D3", issued_bytes(space))
    return (form.signed(signed) if signed else form).saved()


def codes(line: ReceivedFile) -> list[str]:
    return [finding.code.value for finding in line.findings]


def attempts(space: Workspace, department: str = "D3") -> int:
    with Ledger.open(space.ledger_path) as ledger:
        return len(ledger.attempts("R6", department))


def answered_and_sent_back(space: Workspace) -> None:
    """D3 has answered with an error and is issued its form again, with its answers in it."""
    faulty = desk(space, "D3").put("C-1", "done", None).put("C-1", "note", "前の答え").signed("主査　山田")
    receive(space, drop(space, "1.xlsx", faulty.saved()))
    issue(space, "D3", due=DUE + DAY, now=SECOND)
    (space.inbox("R6") / "1.xlsx").unlink()


def issued_anew(space: Workspace) -> None:
    """D3 was accepted; its form asks something else since, and is issued again with its answers in it."""
    receive(
        space,
        drop(space, "1.xlsx", desk(space, "D3").put("C-1", "done", "した").signed("主査　山田").saved()),
    )
    write_tables(changed(TABLES, "records", "R6 | C-1 | 実施", "R6 | C-1 | 検討"), space.root / "plan")
    issue(space, now=SECOND)
    (space.inbox("R6") / "1.xlsx").unlink()
    assert standing(space)["D3"].state == "waiting"


class TestTheBytesThatWereIssued:
    @pytest.mark.parametrize("way", ["inbox", "folder", "named", "mail", "zip in a mail"])
    def test_are_no_attempt_whichever_way_they_come(self, begun: Workspace, way: str, tmp_path: Path) -> None:
        data, inbox = issued_bytes(begun), begun.inbox("R6")
        named: list[Path] = []
        if way == "inbox":
            drop(begun, "回答.xlsx", data)
        elif way == "folder":
            (inbox / "消防課").mkdir()
            (inbox / "消防課" / "回答.xlsx").write_bytes(data)
        elif way == "named":
            named = [tmp_path / "回答.xlsx"]
            named[0].write_bytes(data)
        else:
            inner = (
                {"一式.zip": packed({"回答.xlsx": data})} if way == "zip in a mail" else {"回答.xlsx": data}
            )
            drop(begun, "1.eml", mail(inner))

        line = only(receive(begun, *named))

        assert (line.state, codes(line), line.attempt, attempts(begun)) == ("refused", ["issued_file"], 0, 0)
        assert line.open
        assert stages.verify(begun).fine

    def test_are_told_with_whose_they_are_and_when_they_went_out(self, begun: Workspace) -> None:
        line = only(receive(begun, drop(begun, "回答.xlsx", issued_bytes(begun, "D1"))))

        for language in ("ja", "en"):
            words = line.findings[0].message(language)
            assert all(word in words for word in ("情報課", "令和6年度", "2025-04-10"))
            assert line.findings[0].remedy(language)

    def test_are_none_of_an_earlier_issue_either(self, begun: Workspace) -> None:
        first = issued_bytes(begun)
        issue(begun, "D3", due=DUE + DAY, now=SECOND)
        answered_since = drop(begun, "1.xlsx", desk(begun, "D3").saved())
        receive(begun, answered_since, now=LATER)

        line = only(receive(begun, drop(begun, "旧.xlsx", first), now=LATER))

        assert (codes(line), attempts(begun)) == (["issued_file"], 1)
        assert stages.status(begun, "R6", now=LATER).refused == ()

    def test_with_the_name_of_who_answered_before_in_them_are_none(self, begun: Workspace) -> None:
        answered_and_sent_back(begun)
        path = drop(begun, "2.xlsx", issued_bytes(begun))
        assert Desk(sample_plan(), "D3", issued_bytes(begun)).book["はじめに"] is not None

        line = only(receive(begun, path, now=LATER))

        assert (codes(line), attempts(begun)) == (["issued_file"], 1)

    def test_are_none_where_the_office_insists_or_says_whose_they_are(self, begun: Workspace) -> None:
        path = drop(begun, "回答.xlsx", issued_bytes(begun))

        insisted = stages.receive(begun, [path], period="R6", replace=True, now=RECEIVED)
        of_other = receive(begun, path, department="D1")

        assert codes(only(insisted)) == ["issued_file"]
        assert codes(only(of_other))[0] == "issued_file"
        assert attempts(begun) == attempts(begun, "D1") == 0

    def test_are_told_by_check_as_well(self, begun: Workspace) -> None:
        path = drop(begun, "回答.xlsx", issued_bytes(begun))

        assert codes(only(stages.check(begun, [path]))) == ["issued_file"]


class TestAFormThatWasFilledInWithWhatWasAnsweredBefore:
    @pytest.mark.parametrize("before", [answered_and_sent_back, issued_anew], ids=["sent back", "asked anew"])
    def test_and_came_back_untouched_is_kept_and_asked_about(self, begun: Workspace, before: object) -> None:
        assert callable(before)
        before(begun)
        path = drop(begun, "2.xlsx", as_saved(begun))

        line = only(receive(begun, path, now=LATER))

        assert (line.state, codes(line), line.open, attempts(begun)) == (
            "kept",
            ["untouched_return"],
            True,
            1,
        )
        assert "「はじめに」" in line.findings[0].remedy("ja")
        assert "first sheet" in line.findings[0].remedy("en")
        [refusal] = stages.status(begun, "R6", now=LATER).refused
        assert refusal.finding.code == "untouched_return"
        again = only(receive(begun, path, now=LATER + DAY))
        assert (again.state, codes(again), again.open) == (
            "kept",
            ["untouched_return", "refused_before"],
            True,
        )

    def test_and_was_signed_anew_is_an_answer_that_what_stands_is_right(self, begun: Workspace) -> None:
        issued_anew(begun)
        path = drop(begun, "2.xlsx", as_saved(begun, "主査　山田　確認"))

        line = only(receive(begun, path, now=LATER))

        assert (line.state, line.attempt) == ("accepted", 2)
        assert standing(begun)["D3"].state == "accepted"

    def test_with_the_name_that_stood_there_is_not_signed_anew(self, begun: Workspace) -> None:
        issued_anew(begun)
        path = drop(begun, "2.xlsx", as_saved(begun, "主査　山田"))

        assert codes(only(receive(begun, path, now=LATER))) == ["untouched_return"]

    def test_and_in_which_one_answer_differs_is_an_answer(self, begun: Workspace) -> None:
        issued_anew(begun)
        form = Desk(sample_plan(), "D3", issued_bytes(begun)).put("C-1", "note", "見直した")

        assert only(receive(begun, drop(begun, "2.xlsx", form.saved()), now=LATER)).state == "accepted"

    def test_counts_where_the_office_means_it(self, begun: Workspace) -> None:
        issued_anew(begun)
        path = drop(begun, "2.xlsx", as_saved(begun))
        assert only(receive(begun, path, now=LATER)).state == "kept"

        line = only(stages.receive(begun, [path], period="R6", replace=True, now=LATER))

        assert (line.state, line.attempt) == ("accepted", 3)  # the one kept aside has a number too

    @pytest.mark.parametrize(("signed", "state"), [("", "kept"), ("係長　佐藤", "accepted")])
    def test_is_known_by_the_ledger_where_the_issued_workbook_is_gone(
        self, begun: Workspace, signed: str, state: str
    ) -> None:
        issued_anew(begun)
        path = drop(begun, "2.xlsx", as_saved(begun, signed))
        for issued in begun.issued("R6").glob("*D3*"):
            issued.unlink()

        assert only(receive(begun, path, now=LATER)).state == state


@pytest.mark.parametrize("language", LANGUAGES)
class TestAFormInWhichNothingMustBeFilledIn:
    @staticmethod
    def begun(root: Path, language: str) -> Workspace:
        return begin(root, {**OPEN, "plan": OPEN["plan"].replace("language | ja", f"language | {language}")})

    @staticmethod
    def returned(space: Workspace, language: str, name: str = "", entry: str = "") -> bytes:
        book = openpyxl.load_workbook(io.BytesIO(issued_bytes(space)))
        guide, label = (text(f"artefacts.guide.{key}", language) for key in ("sheet", "respondent"))
        written = {(guide, label): (0, 1, name), ("経費", "内容"): (1, 0, entry)}
        for (sheet, head), (down, right, value) in written.items():
            cells = (cell for row in book[sheet].iter_rows() for cell in row)
            at = next(cell for cell in cells if cell.value == head)
            if value:
                book[sheet].cell(at.row + down, at.column + right).value = value
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    def test_and_came_back_blank_and_unsigned_is_asked_about(self, tmp_path: Path, language: str) -> None:
        space = self.begun(tmp_path, language)

        line = only(receive(space, drop(space, "1.xlsx", self.returned(space, language))))

        assert (line.state, codes(line)) == ("kept", ["untouched_return"])
        assert (
            text("artefacts.guide.respondent", language).lower() in line.findings[0].remedy(language).lower()
        )

    @pytest.mark.parametrize(("name", "entry"), [("山田", ""), ("", "該当なし"), ("", "none"), ("", "備品")])
    def test_is_an_answer_where_somebody_signed_it_or_wrote_that_there_is_nothing(
        self, tmp_path: Path, language: str, name: str, entry: str
    ) -> None:
        space = self.begun(tmp_path, language)
        data = self.returned(space, language, name, entry)

        assert only(receive(space, drop(space, "1.xlsx", data))).state == "accepted"


def test_the_form_that_is_issued_again_says_how_to_answer_that_it_stands(begun: Workspace) -> None:
    answered_and_sent_back(begun)

    words = str(Desk(sample_plan(), "D3", issued_bytes(begun)).book["はじめに"]["C4"].value)

    assert "回答者か承認者の欄に確かめた人の名前を書き足して" in words


def test_a_receipt_of_what_was_issued_stays_known_as_what_it_was_taken_for(begun: Workspace) -> None:
    """An earlier version took it for an attempt."""
    path = drop(begun, "1.xlsx", desk(begun, "D3").saved())
    receive(begun, path)
    with altered(begun.ledger_path, sealed=True) as ledger:
        ledger.execute("UPDATE issues SET sha256 = (SELECT sha256 FROM receipts) WHERE department = 'D3'")

    assert only(receive(begun, path)).state == "known"
