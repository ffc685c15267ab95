"""What the office decides about a round: it stands over what was received, can be taken back, and is not forgotten."""

import os
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from rounds import DAY, DUE, RECEIVED, begin, desk, drop, issue, only, receive, standing

from xlplan import stages
from xlplan.language.errors import UsageError
from xlplan.model.decision import DecisionKind
from xlplan.model.finding import Finding
from xlplan.report.returns import ReturnState
from xlplan.stages.city import City
from xlplan.stages.deciding import DecideResult
from xlplan.stages.define import usable
from xlplan.stages.years import Years
from xlplan.store.files import sha256_of
from xlplan.store.ledger import Ledger
from xlplan.store.workspace import Workspace

LATER = RECEIVED + DAY
WHY = {"period": "R6", "reason": "課長の判断", "by": "企画課 山田", "now": LATER}


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    return begin(tmp_path)


def findings_of(space: Workspace, department: str) -> list[Finding]:
    """What stands at the return that counts."""
    with Ledger.open(space.ledger_path) as ledger:
        years = Years(usable(space), ledger)
        known = years.known_round(years.begun_round("R6"), records=False)
    return list(known.receipts[department].findings)


def attempt_of(space: Workspace, department: str) -> int:
    return standing(space)[department].attempts


def send(space: Workspace, department: str, name: str, now: datetime = RECEIVED, **cells: object) -> None:
    """A department's return, every answer good but for these cells of its first item."""
    found = desk(space, department)
    item = {"D1": "A-1", "D2": "B-1", "D3": "C-1"}[department]
    for field, value in cells.items():
        found.put(item, field, value)
    receive(space, drop(space, name, found.saved()), now=now)


def outbox(space: Workspace) -> list[str]:
    folder = space.outbox("R6")
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def refused(decide: Callable[[], object]) -> str:
    """The key of the one line with which a decision is refused."""
    with pytest.raises(UsageError) as fault:
        decide()
    for language in ("ja", "en"):
        assert "\n" not in fault.value.message(language)
    return str(fault.value.key)


class TestAllow:
    """A finding stands, with a reason, until its value changes."""

    @pytest.fixture
    def broken(self, space: Workspace) -> Workspace:
        """A return with one error: a rule over two columns."""
        send(space, "D1", "1.xlsx", rate=90, places=2)
        assert standing(space)["D1"].state is ReturnState.SENT_BACK
        return space

    def test_the_last_error_allowed_accepts_the_return_and_empties_its_outbox(
        self, broken: Workspace
    ) -> None:
        [finding] = [found for found in findings_of(broken, "D1") if found.severity == "error"]
        [book] = outbox(broken)

        made = stages.allow(broken, [finding.number], **WHY)

        assert (made.before, made.after) == (ReturnState.SENT_BACK, ReturnState.ACCEPTED)
        assert standing(broken)["D1"].state is ReturnState.ACCEPTED
        assert standing(broken)["D1"].errors == 0
        assert outbox(broken) == []
        assert [path.name.startswith(book.removesuffix(".xlsx")) for path in made.outbox.taken] == [True]
        assert made.outbox.taken[0].exists()

    def test_what_was_received_stays_as_it_was(self, broken: Workspace) -> None:
        with Ledger.open(broken.ledger_path) as ledger:
            before = ledger.attempts("R6")
        stages.allow(broken, [findings_of(broken, "D1")[0].number], **WHY)
        with Ledger.open(broken.ledger_path) as ledger:
            assert ledger.attempts("R6") == before

    @pytest.mark.parametrize("changed", [{"rate": 95, "places": 2}, {"rate": 90, "places": 3}])
    def test_it_stands_no_more_where_any_value_of_the_check_is_another(
        self, broken: Workspace, changed: dict[str, int]
    ) -> None:
        stages.allow(broken, [findings_of(broken, "D1")[0].number], **WHY)
        send(broken, "D1", "2.xlsx", now=LATER + DAY, **changed)

        assert standing(broken)["D1"].state is ReturnState.SENT_BACK

    def test_it_stands_in_the_next_return_that_says_the_same(self, broken: Workspace) -> None:
        [finding] = [found for found in findings_of(broken, "D1") if found.severity == "error"]
        stages.allow(broken, [finding.number], **WHY)
        send(broken, "D1", "2.xlsx", now=LATER + DAY, rate=90, places=2, note="直した")

        assert standing(broken)["D1"].state is ReturnState.ACCEPTED
        again = [found for found in findings_of(broken, "D1") if found.allowed]
        assert [(found.number, found.allowed.reason) for found in again if found.allowed] == [
            (finding.number, "課長の判断")
        ]

    def test_up_to_a_period_it_stands_whatever_the_value(self, broken: Workspace) -> None:
        stages.allow(broken, [findings_of(broken, "D1")[0].number], until="R6", **WHY)
        send(broken, "D1", "2.xlsx", now=LATER + DAY, rate=95, places=2)

        assert standing(broken)["D1"].state is ReturnState.ACCEPTED

    def test_two_errors_need_both(self, space: Workspace) -> None:
        send(space, "D1", "1.xlsx", rate=90, places=2, code="x")
        first, second = [found.number for found in findings_of(space, "D1") if found.severity == "error"]
        assert stages.allow(space, [first], **WHY).after is ReturnState.SENT_BACK
        assert len(outbox(space)) == 1
        assert stages.allow(space, [second], **WHY).after is ReturnState.ACCEPTED

    def test_both_at_once_are_two_decisions(self, space: Workspace) -> None:
        send(space, "D1", "1.xlsx", rate=90, places=2, code="x")
        numbers = [found.number for found in findings_of(space, "D1") if found.severity == "error"]
        made = stages.allow(space, numbers, **WHY)
        assert [decision.target["number"] for decision in made.decisions] == numbers
        assert made.after is ReturnState.ACCEPTED

    def test_a_value_that_cannot_be_read_is_not_allowed(self, space: Workspace) -> None:
        send(space, "D1", "1.xlsx", rate="多い")
        [finding] = [found for found in findings_of(space, "D1") if found.severity == "error"]
        assert refused(lambda: stages.allow(space, [finding.number], **WHY)) == "allow_unread"

    def test_it_is_refused_in_one_line_where_it_makes_no_sense(self, broken: Workspace) -> None:
        numbers = {found.severity.value: found.number for found in findings_of(broken, "D1")}
        allow, number = stages.allow, numbers["error"]
        assert refused(lambda: allow(broken, [999], **WHY)) == "no_finding"
        assert refused(lambda: allow(broken, [number], **{**WHY, "reason": " "})) == "no_reason"
        assert refused(lambda: allow(broken, [number], until="R5", **WHY)) == "allow_past"
        allow(broken, [number], **WHY)
        assert refused(lambda: allow(broken, [number], **WHY)) == "allowed_already"
        send(broken, "D1", "2.xlsx", now=LATER + DAY)
        assert refused(lambda: allow(broken, [number], **WHY)) == "finding_gone"

    def test_numbers_are_the_same_in_each_attempt_and_never_given_twice(self, broken: Workspace) -> None:
        [first] = [found.number for found in findings_of(broken, "D1") if found.severity == "error"]
        send(broken, "D2", "2.xlsx", now=LATER, code="x")
        send(broken, "D1", "3.xlsx", now=LATER + DAY, rate=90, places=2, code="y")
        own = {found.field: found.number for found in findings_of(broken, "D1") if found.severity == "error"}
        [other] = [found.number for found in findings_of(broken, "D2") if found.severity == "error"]
        assert own["rate"] == first
        assert len({first, other, own["code"]}) == 3


class TestAttempts:
    """An acceptance taken back, another attempt in its place, a good return sent back."""

    @pytest.fixture
    def twice(self, space: Workspace) -> Workspace:
        """A good return, and after it a wrong file that took its place."""
        send(space, "D1", "good.xlsx", note="正しい")
        send(space, "D1", "wrong.xlsx", now=LATER, note="違う")
        assert attempt_of(space, "D1") == 2
        return space

    def test_an_earlier_attempt_counts_again(self, twice: Workspace) -> None:
        made = stages.count(twice, "D1", 1, **WHY)

        assert made.after is ReturnState.ACCEPTED
        assert attempt_of(twice, "D1") == 1
        notes = stages.records(twice, "R6", form="report").set_index("item")["note"]
        assert notes["A-1"] == "正しい"

    def test_until_a_later_one_comes_in(self, twice: Workspace) -> None:
        stages.count(twice, "D1", 1, **WHY)
        send(twice, "D1", "new.xlsx", now=LATER + DAY, note="新しい")

        assert attempt_of(twice, "D1") == 3

    def test_one_that_was_kept_aside_as_older_has_a_number_and_may_count(
        self, space: Workspace, tmp_path: Path
    ) -> None:
        path = drop(space, "older.xlsx", desk(space, "D1").put("A-1", "note", "古い").saved())
        send(space, "D1", "good.xlsx", note="新しい")
        path.rename(tmp_path / "older.xlsx")
        os.utime(tmp_path / "older.xlsx", (0, 0))
        aside = only(receive(space, tmp_path / "older.xlsx", now=LATER))
        assert (aside.state, aside.attempt) == ("kept", 2)

        stages.count(space, "D1", 2, **WHY)

        assert attempt_of(space, "D1") == 2
        [decision] = stages.log(space, "R6", kinds=["count"]).entries
        assert decision.decision is not None
        stages.undo(space, decision.decision.number, now=LATER)
        assert attempt_of(space, "D1") == 1
        send(space, "D1", "third.xlsx", now=LATER + DAY, note="三つめ")
        assert attempt_of(space, "D1") == 3

    def test_one_with_an_open_error_may_not_count(self, space: Workspace) -> None:
        send(space, "D1", "1.xlsx", rate=90, places=2)
        [error] = [found.number for found in findings_of(space, "D1") if found.severity == "error"]
        send(space, "D1", "2.xlsx", now=LATER)
        assert refused(lambda: stages.count(space, "D1", 1, **WHY)) == "attempt_wrong"

        assert refused(lambda: stages.allow(space, [error], **WHY)) == "finding_gone"
        assert refused(lambda: stages.count(space, "D1", 7, **WHY)) == "no_attempt"
        assert refused(lambda: stages.count(space, "D1", 2, **WHY)) == "counts_already"
        assert refused(lambda: stages.count(space, "D9", 1, **WHY)) == "unknown_department_id"

    def test_an_acceptance_taken_back_is_waited_for_and_put_back(self, twice: Workspace) -> None:
        reopened = stages.reopen(twice, "D1", **WHY)
        line = standing(twice)["D1"]
        assert (line.state, line.days) == (ReturnState.REOPENED, (DUE - DUE).days)
        assert stages.records(twice, "R6").empty
        assert outbox(twice) == []

        stages.undo(twice, reopened.decision.number, now=LATER)
        assert standing(twice)["D1"].state is ReturnState.ACCEPTED
        stages.reopen(twice, "D1", **WHY)
        stages.count(twice, "D1", 2, **WHY)
        assert standing(twice)["D1"].state is ReturnState.ACCEPTED

    def test_a_good_return_is_sent_back_and_taken_back(self, twice: Workspace) -> None:
        made = stages.send_back(twice, "D1", **{**WHY, "reason": "写真を付けて下さい"})

        assert standing(twice)["D1"].state is ReturnState.SENT_BACK
        [path] = made.outbox.written
        assert outbox(twice) == [path.name]
        stages.undo(twice, made.decision.number, now=LATER)
        assert outbox(twice) == []

    def test_what_makes_no_sense_is_refused_in_one_line(self, twice: Workspace) -> None:
        assert refused(lambda: stages.reopen(twice, "D2", **WHY)) == "nothing_received"
        assert refused(lambda: stages.send_back(twice, "D2", **WHY)) == "nothing_received"
        stages.reopen(twice, "D1", **WHY)
        assert refused(lambda: stages.reopen(twice, "D1", **WHY)) == "not_accepted"


class TestExtend:
    """A department is given longer."""

    GIVEN = date(2025, 6, 13)

    def test_it_stands_in_status_and_is_not_wiped_by_issuing_again(self, space: Workspace) -> None:
        stages.extend(space, "D1", "2025-06-13", period="R6", now=LATER)
        assert standing(space)["D1"].due == self.GIVEN
        issue(space, due=None, now=LATER)
        issue(space, due=date(2025, 6, 6), now=LATER + DAY)

        due = {name: line.due for name, line in standing(space).items()}
        assert due == {"D1": self.GIVEN, "D2": date(2025, 6, 6), "D3": date(2025, 6, 6)}
        [path] = space.issued("R6").glob("R6_D1_*.xlsx")
        words = {str(cell.value) for row in openpyxl.load_workbook(path).worksheets[0] for cell in row}
        assert any("令和7年6月13日" in word for word in words)

    @pytest.mark.parametrize(("day", "codes"), [("2025-06-13", []), ("2025-06-14", ["due_closed"])])
    def test_a_day_on_which_the_office_is_closed_is_told(
        self, space: Workspace, day: str, codes: list[str]
    ) -> None:
        made = stages.extend(space, "D1", day, period="R6", now=LATER)

        assert [finding.code for finding in made.findings] == codes
        assert all("xlplan extend" in finding.remedy("ja") for finding in made.findings)
        assert standing(space)["D1"].due == date.fromisoformat(day)

    def test_undone_the_day_of_the_issue_counts(self, space: Workspace) -> None:
        made = stages.extend(space, "D1", self.GIVEN, period="R6", now=LATER)
        issue(space, due=None, now=LATER + DAY)
        undone = stages.undo(space, made.decision.number, now=LATER + DAY)
        assert standing(space)["D1"].due == DUE
        assert [name.rpartition("/")[2][:5] for name in undone.sent] == ["R6_D1"]

    def test_what_makes_no_sense_is_refused_in_one_line(self, space: Workspace) -> None:
        def extend(name: str, day: str) -> str:
            return refused(lambda: stages.extend(space, name, day, period="R6", now=LATER))

        assert extend("D1", "2025-05-30") == "no_extension"
        assert extend("D1", "いつか") == "bad_date"
        send(space, "D1", "1.xlsx")
        assert extend("D1", "2025-06-13") == "nothing_waited_for"


class TestExcuse:
    """A department is let off its answer."""

    def test_what_was_to_go_back_to_it_is_not_to_be_sent_until_that_is_taken_back(
        self, space: Workspace
    ) -> None:
        send(space, "D1", "1.xlsx", rate=90, places=2)
        [book] = outbox(space)

        made = stages.excuse(space, "D1", **WHY)

        assert (made.before, made.after) == (ReturnState.SENT_BACK, ReturnState.EXCUSED)
        assert [path.name for path in made.outbox.taken] == [book]
        assert outbox(space) == []
        stages.undo(space, made.decision.number, now=LATER)
        assert outbox(space) == [book]


class TestUndo:
    """A decision taken back is as if it had not been made, and stays in the log."""

    def test_every_decision_taken_back_leaves_the_state_without_it(self, space: Workspace) -> None:
        send(space, "D1", "1.xlsx", rate=90, places=2)
        send(space, "D2", "2.xlsx")
        send(space, "D2", "3.xlsx", now=LATER, note="違う")
        before = {name: (line.state, line.attempts, line.due) for name, line in standing(space).items()}
        books = outbox(space)
        [error] = [found.number for found in findings_of(space, "D1") if found.severity == "error"]
        made: list[DecideResult] = [
            stages.allow(space, [error], **WHY),
            stages.count(space, "D2", 1, **WHY),
            stages.reopen(space, "D2", **WHY),
            stages.send_back(space, "D2", **WHY),
            stages.extend(space, "D3", "2025-06-20", period="R6", now=LATER),
            stages.remark(space, "電話あり", department="D3", period="R6", now=LATER),
        ]
        excused = stages.excuse(space, "D3", **WHY)
        numbers = [result.decision.number for result in made] + [excused.decision.number]
        assert {name: line.state for name, line in standing(space).items()} == {
            "D1": ReturnState.ACCEPTED,
            "D2": ReturnState.SENT_BACK,
            "D3": ReturnState.EXCUSED,
        }

        for number in reversed(numbers):
            stages.undo(space, number, reason="取り消し", now=LATER)

        after = {name: (line.state, line.attempts, line.due) for name, line in standing(space).items()}
        assert after == before
        assert outbox(space) == books
        decided = [entry for entry in stages.log(space, "R6").entries if entry.decision]
        kinds = [entry.decision.kind for entry in decided if entry.decision and not entry.decision.takes_back]
        assert kinds == [result.decision.kind for result in made] + [DecisionKind.EXCUSE]
        assert all(entry.undone_by for entry in decided if entry.decision and not entry.decision.takes_back)

    def test_what_cannot_be_taken_back_is_refused_in_one_line(self, space: Workspace) -> None:
        made = stages.remark(space, "電話", period="R6", now=LATER)
        undone = stages.undo(space, made.decision.number, now=LATER)
        assert refused(lambda: stages.undo(space, made.decision.number)) == "undone_already"
        assert refused(lambda: stages.undo(space, undone.decision.number)) == "undo_of_undo"
        assert refused(lambda: stages.undo(space, 99)) == "no_decision"

    def test_of_a_closed_round_only_a_correction_is_taken_back_as_its_next_version(
        self, space: Workspace
    ) -> None:
        for number, name in enumerate(("D1", "D2", "D3")):
            send(space, name, f"{number}.xlsx")
        remark = stages.remark(space, "電話", period="R6", now=LATER)
        stages.consolidate(space, "R6", now=LATER)
        stages.close(space, "R6", now=LATER)
        corrected = City(space.root).correct(
            "done", "直した。", item="A-1", reason="誤記", period="R6", now=LATER + DAY
        )
        assert [made.version for made in corrected.published] == [2]
        assert refused(lambda: stages.undo(space, remark.decision.number)) == "round_closed"
        assert refused(lambda: stages.allow(space, [1], **WHY)) == "round_closed"

        undone = stages.undo(space, corrected.corrections[0].decision.number, now=LATER + 2 * DAY)

        assert [made.version for made in undone.published] == [3]
        done = stages.records(space, "R6", form="report").set_index("item")["done"]
        assert done["A-1"] != "直した。"
        assert stages.verify(space).fine


class TestRejudge:
    """The returns of the round at hand, judged by the plan as it stands."""

    def test_a_rule_put_right_accepts_what_it_had_sent_back(self, space: Workspace) -> None:
        send(space, "D1", "1.xlsx", rate=90, places=2)
        send(space, "D2", "2.xlsx")
        rules = space.root / "plan" / "rules.csv"
        rules.write_text(rules.read_text("utf-8").replace("<=10)", "<=50)"), "utf-8")

        shown = stages.rejudge(space, "R6", now=LATER)
        assert [(line.department.id, line.before, line.after) for line in shown.changed] == [
            ("D1", ReturnState.SENT_BACK, ReturnState.ACCEPTED)
        ]
        assert standing(space)["D1"].state is ReturnState.SENT_BACK

        done = stages.rejudge(space, "R6", do=True, reason="検査の誤り", now=LATER)
        assert standing(space)["D1"].state is ReturnState.ACCEPTED
        assert outbox(space) == []
        assert stages.rejudge(space, "R6", now=LATER).changed == ()

        assert done.decision is not None
        stages.undo(space, done.decision.number, now=LATER)
        assert standing(space)["D1"].state is ReturnState.SENT_BACK
        assert len(outbox(space)) == 1

    def test_a_stricter_rule_takes_an_acceptance_back(self, space: Workspace) -> None:
        send(space, "D1", "1.xlsx", rate=18, places=2)
        rules = space.root / "plan" / "rules.csv"
        rules.write_text(rules.read_text("utf-8").replace("<=10)", "<=5)"), "utf-8")
        done = stages.rejudge(space, "R6", do=True, now=LATER)
        assert [line.after for line in done.changed] == [ReturnState.SENT_BACK]
        assert [path.parent for path in done.outbox.written] == [space.outbox("R6")]

    def test_a_changed_form_is_told_to_be_issued_again(self, space: Workspace) -> None:
        send(space, "D1", "1.xlsx")
        fields = space.root / "plan" / "fields.csv"
        fields.write_text(fields.read_text("utf-8").replace("補足", "備考"), "utf-8")
        rules = space.root / "plan" / "rules.csv"
        rules.write_text(rules.read_text("utf-8").replace("[@補足]", "[@備考]"), "utf-8")
        told = stages.rejudge(space, "R6", now=LATER)
        assert [department.id for department, _ in told.unread] == ["D1"]
        assert told.changed == ()

    def test_a_frozen_round_is_refused_in_one_line(self, space: Workspace) -> None:
        send(space, "D1", "1.xlsx")
        for name in ("D2", "D3"):
            stages.excuse(space, name, **WHY)
        stages.consolidate(space, "R6", now=LATER)
        stages.close(space, "R6", now=LATER)
        assert refused(lambda: stages.rejudge(space, "R6")) == "round_closed"


def test_the_log_tells_what_happened_in_its_order_and_can_be_narrowed(space: Workspace) -> None:
    send(space, "D1", "1.xlsx", rate=90, places=2)
    stages.extend(space, "D2", "2025-06-13", period="R6", now=LATER)
    stages.remark(space, "電話あり", department="D2", period="R6", now=LATER + DAY)

    def told(**narrow: Any) -> list[tuple[str, str]]:
        entries = stages.log(space, "R6", **narrow).entries
        return [
            (entry.decision.kind if entry.decision else entry.event, entry.department) for entry in entries
        ]

    assert told() == [
        *(("issued", name) for name in ("D1", "D2", "D3")),
        ("received", "D1"),
        ("extend", "D2"),
        ("remark", "D2"),
    ]
    assert told(departments=["総務課"], kinds=["decided"]) == [("extend", "D2"), ("remark", "D2")]
    assert told(since=datetime(2025, 5, 3).date()) == [("remark", "D2")]
    assert refused(lambda: stages.log(space, "R6", kinds=["nothing"])) == "unknown_kind"


def test_no_file_that_was_received_is_touched_by_any_decision(space: Workspace) -> None:
    send(space, "D1", "1.xlsx", rate=90, places=2)
    kept = {path: sha256_of(path) for path in space.returned("R6").rglob("*.xlsx")}
    stages.send_back(space, "D1", **WHY)
    stages.allow(space, [findings_of(space, "D1")[0].number], **WHY)
    assert {path: sha256_of(path) for path in space.returned("R6").rglob("*.xlsx")} == kept
