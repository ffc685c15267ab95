"""What the summary is made of: one row for each item and period, where it came from, and what is still open."""

from dataclasses import replace
from datetime import datetime

import pytest
from summaries import (
    CREATED,
    RECEIVED,
    asahikawa,
    asahikawa_round,
    h26,
    issued,
    kit_answers,
    receipts,
    sent_back,
)

from xlplan.language.codes import Severity
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding
from xlplan.model.view import View, ViewKind
from xlplan.report.returns import ReturnStanding, ReturnState, open_returns
from xlplan.report.rows import Consolidation, DataRow, RowState, consolidate


def row(made: Consolidation, period: str, item: str) -> DataRow:
    """The row of one item in one period."""
    (found,) = [one for one in made.rows if one.period.id == period and one.item.id == item]
    return found


def finding(severity: Severity, item: str, field: str, form: str = "progress") -> Finding:
    """Something found in the return of D01."""
    return Finding(
        FindingCode.NOT_IN_LIST, severity, department="D01", period="H26", form=form, item=item, field=field
    )


def test_there_is_one_row_for_each_item_and_period_in_order() -> None:
    made = asahikawa_round()

    expected = [(period, item.id) for period in ("H24", "H25", "H26") for item in asahikawa().items]
    assert [(one.period.id, one.item.id) for one in made.rows] == expected


def test_a_row_of_which_nothing_is_known_is_its_departments_all_the_same() -> None:
    plan = replace(asahikawa(), records=())
    made = consolidate(plan, h26(), {}, {}, CREATED, draft=True)

    assert [(one.item.id, one.department) for one in made.rows_of("progress")] == [
        (item.id, item.department) for _ in range(3) for item in plan.items
    ]


def test_later_periods_are_left_out() -> None:
    plan = asahikawa()
    made = consolidate(plan, plan.periods[1], {}, {}, CREATED, draft=True)

    assert {one.period.id for one in made.rows} == {"H24", "H25"}


def test_an_item_has_rows_only_in_the_periods_in_which_it_runs() -> None:
    first, second, *rest = asahikawa().items
    items = (replace(first, from_period="H25"), replace(second, to_period="H24"), *rest)
    made = asahikawa_round(plan=replace(asahikawa(), items=items))

    assert [one.period.id for one in made.rows if one.item.id == "A-01"] == ["H25", "H26"]
    assert [one.period.id for one in made.rows if one.item.id == "A-02"] == ["H24"]


def test_an_earlier_period_comes_from_the_definition_with_its_row() -> None:
    found = row(asahikawa_round(), "H25", "A-10")

    record = asahikawa().record("progress", "H25", "A-10")
    assert record is not None
    assert found.values == record.values
    assert (found.source_file, found.source_sheet, found.source_row) == record.source
    assert (found.attempt, found.sha256) == (0, "")


def test_an_accepted_answer_lies_over_the_planned_value_with_its_source() -> None:
    found = row(asahikawa_round(), "H26", "A-02")

    assert found.values == {"planned": "拡充", **kit_answers()["A-02"]}
    assert (found.source_file, found.source_sheet, found.source_row) == ("returned/D08.xlsx", "進捗報告", 6)
    assert (found.attempt, found.sha256) == (2, f"{8:064x}")


def test_without_a_return_the_departments_fields_are_blank_even_where_the_definition_has_them() -> None:
    plan = asahikawa()
    made = consolidate(plan, plan.periods[1], {}, {}, CREATED, draft=True)

    assert "actual" in plan.known("progress", "H25", "A-01")
    assert row(made, "H25", "A-01").values == {"planned": "拡充"}
    assert row(made, "H24", "A-01").values["actual"] == "拡充"


def test_a_sent_back_return_gives_what_no_error_stands_on() -> None:
    errors = (finding(Severity.ERROR, "A-17", "reason"), finding(Severity.WARNING, "A-17", "done"))
    made = asahikawa_round({"D01": sent_back("D01", *errors)})

    said = dict(kit_answers()["A-17"])
    del said["reason"]
    assert row(made, "H26", "A-17").values == {"planned": "実施", **said}
    assert row(made, "H26", "A-18").values["actual"] == kit_answers()["A-18"]["actual"]


def test_a_sent_back_answer_is_faulty_only_where_an_error_stands_in_its_own_row() -> None:
    errors = (finding(Severity.ERROR, "A-17", "reason"), finding(Severity.WARNING, "A-18", "done"))
    made = asahikawa_round({"D01": sent_back("D01", *errors), "D02": None})

    states = {name: row(made, "H26", name).state for name in ("A-02", "A-17", "A-18")}
    assert states == {
        "A-02": RowState.ACCEPTED,
        "A-17": RowState.FAULTY,
        "A-18": RowState.SENT_BACK,
    }
    waiting = [one.id for one in asahikawa().items_of(h26(), "D02")]
    assert waiting
    assert {row(made, "H26", name).state for name in waiting} == {RowState.OPEN}
    assert row(made, "H25", "A-17").state is RowState.SETTLED


def test_a_blank_cell_of_a_return_takes_no_planned_value_away() -> None:
    given = receipts(asahikawa(), h26(), kit_answers())["D08"]
    blank = [replace(one, values={**one.values, "planned": None, "done": None}) for one in given.records]
    made = asahikawa_round({"D08": replace(given, records=tuple(blank))})

    left = {name: value for name, value in kit_answers()["A-02"].items() if name != "done"}
    assert row(made, "H26", "A-02").values == {"planned": "拡充", **left}


def test_a_return_of_a_department_that_is_not_asked_says_nothing() -> None:
    stray = replace(sent_back("D08", finding(Severity.ERROR, "A-01", "done")), department="D99")
    made = asahikawa_round({"D99": stray})

    assert made.findings == ()
    assert "D99" not in {one.department for one in made.returns}


def test_an_error_on_a_whole_row_leaves_it_as_planned() -> None:
    made = asahikawa_round({"D01": sent_back("D01", finding(Severity.ERROR, "A-17", ""))})

    assert row(made, "H26", "A-17").values == {"planned": "実施"}
    assert row(made, "H26", "A-17").attempt == 0


def test_an_error_in_another_form_takes_nothing_away() -> None:
    made = asahikawa_round({"D01": sent_back("D01", finding(Severity.ERROR, "A-17", "actual", "other"))})

    assert row(made, "H26", "A-17").values["actual"] == "検討"


def test_a_return_answers_only_for_its_own_items() -> None:
    given = receipts(asahikawa(), h26(), kit_answers())
    stray = replace(given["D08"].records[0], item="A-01", values={"actual": "検討"})
    given["D08"] = replace(given["D08"], records=(*given["D08"].records, stray))
    made = asahikawa_round({"D08": given["D08"]})

    assert row(made, "H26", "A-01").values["actual"] == "拡充"


def test_each_department_asked_has_a_line_that_says_how_its_return_stands() -> None:
    found = (
        finding(Severity.ERROR, "A-01", "done"),
        finding(Severity.WARNING, "A-01", "actual"),
        finding(Severity.NOTICE, "A-17", "done"),
        finding(Severity.NOTICE, "A-18", "done"),
    )
    plan, period = asahikawa(), h26()
    given = {"D01": sent_back("D01", *found), "D04": receipts(plan, period, {})["D04"]}
    sent = issued(plan, period)
    del sent["D03"]
    made = consolidate(plan, period, sent, given, CREATED, draft=True)

    assert made.returns[0] == ReturnStanding(
        "D01", ReturnState.SENT_BACK, 1, RECEIVED, "情報政策課.xlsx", "主査　山田", "課長　鈴木", 1, 1, 2
    )
    assert {one.department: one.state.value for one in made.returns} == {
        "D01": "sent_back",
        "D02": "waiting",
        "D03": "not_issued",
        "D04": "accepted",
        **dict.fromkeys(("D05", "D06", "D07", "D08"), "waiting"),
    }
    assert made.returns[1] == ReturnStanding("D02", ReturnState.WAITING)


def test_open_returns_are_those_not_accepted() -> None:
    plan, period = asahikawa(), h26()
    given = receipts(plan, period, {})
    del given["D05"]
    given["D01"] = sent_back("D01")

    found = open_returns(plan, period, issued(plan, period), given)

    assert [one.department for one in found] == ["D01", "D05"]
    assert open_returns(plan, period, issued(plan, period), receipts(plan, period, {})) == ()
    made = consolidate(plan, period, issued(plan, period), given, CREATED, draft=True)
    assert made.open_returns == found


def test_a_department_to_which_nothing_was_issued_is_open_too() -> None:
    plan, period = asahikawa(), h26()
    sent, given = issued(plan, period), receipts(plan, period, {})
    del sent["D03"], given["D03"]

    found = open_returns(plan, period, sent, given)

    assert found == (ReturnStanding("D03", ReturnState.NOT_ISSUED),)
    assert consolidate(plan, period, sent, given, CREATED, draft=True).open_returns == found


def test_findings_are_those_of_the_latest_returns_in_the_order_of_the_departments() -> None:
    first, last = (
        finding(Severity.NOTICE, "A-01", "done"),
        replace(finding(Severity.WARNING, "A-02", "done"), department="D08"),
    )
    made = asahikawa_round({"D08": sent_back("D08", last), "D01": sent_back("D01", first)})

    assert made.findings == (first, last)


def test_only_forms_that_a_view_shows_are_consolidated() -> None:
    plan = asahikawa()
    second = replace(plan.forms[0], id="money", title="決算")
    both = replace(plan, forms=(*plan.forms, second))
    view = View("money", "決算表", ViewKind.LIST, "money")

    assert [one.id for one in both.forms_shown] == ["progress"]
    assert [one.id for one in replace(both, views=(*plan.views, view)).forms_shown] == ["progress", "money"]
    assert [one.id for one in replace(both, views=()).forms_shown] == ["progress"]


def test_each_form_has_rows_of_its_own() -> None:
    plan = asahikawa()
    second = replace(plan.forms[0], id="money", title="決算")
    view = View("money", "決算表", ViewKind.LIST, "money")
    made = asahikawa_round(plan=replace(plan, forms=(*plan.forms, second), views=(*plan.views, view)))

    assert len(made.rows_of("progress")) == len(made.rows_of("money")) == 90
    assert made.rows_of("money")[0].values == {}


@pytest.mark.parametrize("draft", [True, False])
def test_the_draft_and_the_moment_are_the_callers(draft: bool) -> None:
    plan, moment = asahikawa(), datetime(2015, 1, 2, 3, 4)
    made = consolidate(plan, h26(), {}, {}, moment, draft=draft)

    assert (made.draft, made.created) == (draft, moment)
