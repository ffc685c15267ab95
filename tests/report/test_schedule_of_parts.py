"""The schedule of a plan whose periods are parts of years: below the head of each year its half-years or quarters."""

from dataclasses import replace

import pytest
from plans import plan_of
from shown import CREATED, SHOWN
from summaries import issued

from xlplan.model.plan import Plan
from xlplan.model.view import View, ViewKind
from xlplan.report.rows import consolidate
from xlplan.report.tables import Role, Table
from xlplan.report.views.progress import progress_table
from xlplan.report.views.schedule import schedule_table
from xlplan.report.working import Figures

HALVES = """
id,label,first_year,last_year,first_month,last_month
P24,令和5年度,2023,2023,,
P6a,令和6年度上半期,2024,2024,4,9
P6b,令和6年度下半期,2024,2024,10,3
P6,令和6年度,2024,2024,,
P25,令和7年度上半期,2025,2025,4,9
P7b,後半,2025,2025,10,3
P27,令和8～9年度,2026,2027,,
"""
QUARTERS = """
id,label,first_year,last_year,first_month,last_month
P24,FY2024,2024,2024,,
P25,FY2025 Q1,2025,2025,7,9
Q2,FY2025 Q2,2025,2025,10,12
Q3,2025: Q3,2025,2025,1,3
P27,FY2025 Q4,2025,2025,4,6
"""


def plan(periods: str, start: int = 4) -> Plan:
    """The small plan with these periods, its fiscal year from the month `start`."""
    settings = SHOWN["plan"].replace("fiscal_year_start,4", f"fiscal_year_start,{start}")
    return plan_of({**SHOWN, "plan": settings, "periods": periods})


def table(of: Plan, period: str, *, named: str = "") -> Table:
    """The schedule of a round."""
    view = View("v", "工程表", ViewKind.SCHEDULE, "progress", options={"periods": named} if named else {})
    of, at = replace(of, views=(view,)), of.period(period)
    assert at is not None
    return schedule_table(Figures(consolidate(of, at, issued(of, at), {}, CREATED, draft=True)), view)


def heads(shown: Table) -> list[tuple[str, list[str]]]:
    """The upper heads, each with the lower ones that stand below it."""
    below = [cell.text for cell in shown.heads[1]]
    found = []
    for over in shown.heads[0]:
        if over.role is Role.HEAD_OVER:
            found.append((over.text, below[: over.columns]))
            below = below[over.columns :]
    assert below == []
    return found


def test_parts_stand_below_their_year() -> None:
    shown = table(plan(HALVES), "P27", named="P24,P6a,P6b,P6,P25,P7b,P27")
    assert heads(shown) == [
        ("令和5年度", ["令和\n5"]),
        ("令和6年度", ["上半期", "下半期", "通年"]),
        ("令和7年度", ["上半期", "後半"]),
        ("令和8～9年度", ["令和\n8", "9"]),
    ]
    ids = [column.id for column in shown.columns if column.role is Role.BAR]
    assert ids == [
        *("P24:2023", "P6a:2024", "P6b:2024", "P6:2024", "P25:2025", "P7b:2025", "P27:2026", "P27:2027")
    ]


@pytest.mark.parametrize(
    ("period", "years"),
    [
        ("P6a", [("令和5年度", ["令和\n5"]), ("令和6年度", ["上半期"])]),
        ("P6", [("令和5年度", ["令和\n5"]), ("令和6年度", ["上半期", "下半期", "通年"])]),
        ("P7b", [("令和6年度", ["上半期", "下半期", "通年"]), ("令和7年度", ["上半期", "後半"])]),
    ],
)
def test_the_year_of_the_round_and_the_one_before_are_shown_where_none_are_named(
    period: str, years: list[tuple[str, list[str]]]
) -> None:
    assert heads(table(plan(HALVES), period)) == years


def test_quarters_in_english() -> None:
    english = replace(plan(QUARTERS, 7), language="en", calendar="western")
    assert heads(table(english, "P27")) == [("FY2024", ["2024"]), ("FY2025", ["Q1", "Q2", "Q3", "Q4"])]


def test_every_part_has_its_own_answer() -> None:
    known = "form,period,item,cell\nprogress,P6a,1,◎\nprogress,P6b,1,○\nprogress,P6,5,○\n"
    items = SHOWN["items"].replace("地図の公開,D2,P25", "地図の公開,D2,P6b")
    of = plan_of({**SHOWN, "periods": HALVES, "records": known, "items": items})
    bars = {
        row[0].text: [cell.text for cell in row if cell.role is Role.BAR]
        for item in table(of, "P25", named="P24,P6a,P6b,P6").items()
        for row in item.rows
    }
    assert bars["1"] == ["", "◎", "○", ""]
    assert bars["5"] == ["", "", "", "○"]


def test_the_answers_of_parts_are_by_period() -> None:
    view = View("v", "総括表", ViewKind.PROGRESS, "progress", options={"rows": "cell"})
    of = replace(plan(HALVES), views=(view,))
    at = of.periods[4]
    made = consolidate(of, at, issued(of, at), {}, CREATED, draft=True)
    over = [cell.text for cell in progress_table(Figures(made), view).heads[0] if cell.role is Role.HEAD_OVER]
    assert [text.startswith("期別") for text in over] == [True]
