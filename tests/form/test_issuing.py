"""What a department is asked: the office's values of the period, and last period's answers where it asks for them."""

from openforms import OPEN
from returns import TABLES, changed, department_of, form_of, period_of, plan_of

from xlplan.form.issuing import changes, open_rows, rows_of
from xlplan.model.issue import IssuedRow

TOLD = changed(
    TABLES,
    "records",
    """form | period | item | planned | actual | done | budget
        report | R5 | A-1 | 実施 | 実施 | 窓口を開いた。 |""",
    """form | period | item | planned | actual | done | budget | note | places
        report | R5 | A-1 | 実施 | 実施 | 窓口を開いた。 | | 去年の補足 | 3""",
)
"""The sample plan, which also knows answers of last period that nobody is shown again."""


def row(item: str, department: str, form: str = "report") -> IssuedRow:
    """What is issued for one item."""
    plan = plan_of(TOLD)
    [found] = [
        one
        for one in rows_of(plan, period_of(plan), department_of(plan, department))[form]
        if one.item == item
    ]
    return found


def test_last_periods_answers_are_given_for_the_fields_that_want_them_and_no_other() -> None:
    plan = plan_of(TOLD)
    before = plan.known("report", "R5", "A-1")
    assert {"planned", "note", "places"} < before.keys()

    assert row("A-1", "D1").previous == {"actual": "実施", "done": "窓口を開いた。"}


def test_the_office_gives_its_own_fields_of_this_period_and_no_answer() -> None:
    plan = plan_of(
        changed(TOLD, "records", "report | R6 | A-1 | 実施 | | |", "report | R6 | A-1 | 実施 | 拡充 | 先に |")
    )
    [first, *_] = rows_of(plan, period_of(plan), department_of(plan, "D1"))["report"]

    assert (first.item, first.office) == ("A-1", {"planned": "実施"})
    assert row("A-1", "D1", "money").office == {"budget": 1000}


def test_an_item_that_is_new_or_was_not_answered_has_nothing_of_last_period() -> None:
    assert row("A-3", "D1").previous == {}
    assert row("B-2", "D2").previous == {}


def test_in_the_first_period_there_is_no_last_one() -> None:
    plan = plan_of(TOLD)
    first, owner = plan.periods[0], department_of(plan, "D1")

    assert [one.previous for one in rows_of(plan, first, owner)["report"]] == [{}, {}, {}]
    assert len(changes(plan, first, owner)) == 1


def test_each_department_is_asked_for_its_own_items_in_the_order_of_the_plan() -> None:
    plan = plan_of(TOLD)
    rows = {
        name: [one.item for one in rows_of(plan, period_of(plan), department_of(plan, name))["report"]]
        for name in ("D1", "D2", "D3", "D9")
    }

    assert rows == {"D1": ["A-1", "A-2", "A-3"], "D2": ["B-1", "B-2"], "D3": ["C-1"], "D9": []}


def test_an_open_form_has_as_many_rows_as_it_asks_for_and_more_where_more_were_answered() -> None:
    plan = plan_of(OPEN)
    events = form_of(plan, "events")

    assert [row.item for row in open_rows(events)] == ["#1", "#2", "#3", "#4"]
    assert [len(open_rows(events, least)) for least in (3, 4, 5)] == [4, 4, 5]
