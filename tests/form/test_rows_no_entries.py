"""Rows of an open form that are no entries: a total, a row that says there is nothing to report, one entered twice."""

from datetime import date
from pathlib import Path

import pytest
from openforms import OPEN
from returns import NOW, Tables, plan_of, write_tables
from test_open_rows import Events, cells, judged

from xlplan import stages
from xlplan.model.plan import Plan
from xlplan.store.workspace import Workspace

SPENT: Tables = {
    **OPEN,
    "fields": OPEN["fields"].rstrip()
    + """
        events|count|件数|whole||no|department|||||||
        events|where|場所|choice|place|no|department|||||||
    """,
    "choices": OPEN["choices"].rstrip()
    + """
        place | 庁内 | |
        place | なし | |
    """,
}
ENTRY = ("A-1 電子申請", date(2024, 5, 1), "始めた。", 3)


def handled(severity: str) -> Tables:
    return {**SPENT, "handling": f"finding | severity\nrow_total | {severity}"}


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_of(SPENT)


def read(plan: Plan, folder: Path, *rows: tuple[object, ...]) -> tuple[list[tuple[str, str]], list[object]]:
    """What is told of a sheet with these rows, and the texts of the entries that count."""
    desk = Events(plan)
    for at, row in enumerate(rows, 1):
        desk.row(at, *row)
    found = judged(desk, folder)
    told = [one for one in cells(found.findings) if one[0].startswith("row")]
    return told, [one.values.get("what") for one in found.records if one.form == "events"]


@pytest.mark.parametrize(
    "row",
    [
        (None, None, "合計", 3),
        (None, None, "小計", 3),
        (None, None, "計", "3"),
        (None, None, "Total", 3),
        (None, None, "Grand total:", None),
        ("合計", None, None, 3),
        (None, "合計", None, 3),
        (None, None, "合計（1件）", "３"),
        (None, None, "計", "なし"),
        (None, None, None, "合計"),
    ],
)
def test_a_total_is_a_warning_and_does_not_count(plan: Plan, tmp_path: Path, row: tuple[object, ...]) -> None:
    told, entries = read(plan, tmp_path, ENTRY, row)

    assert told == [("row_total", "A7")]
    assert entries == ["始めた。"]


@pytest.mark.parametrize(
    "row",
    [
        (None, None, "該当なし", 0),
        (None, None, "該当なし", None),
        (None, None, "該当なし", "0"),
        ("なし", None, None, None),
        ("該当なし", "－", "特になし", 0),
        (None, None, "none", "n/a"),
        (None, None, "Nothing to report", None),
        (None, "なし", None, None),
        (None, None, None, "なし"),
    ],
)
def test_a_row_that_says_there_is_nothing_to_report_is_accepted(
    plan: Plan, tmp_path: Path, row: tuple[object, ...]
) -> None:
    desk = Events(plan).row(1, *row)
    found = judged(desk, tmp_path)

    assert cells(found.findings) == [("row_nothing", "A6")]
    assert [one for one in found.records if one.form == "events"] == []


@pytest.mark.parametrize(
    "row",
    [
        ("A-1 電子申請", date(2024, 5, 1), "合計", 3),  # an item is named
        (None, date(2024, 5, 1), "なし", None),  # a day is given
        (None, None, "なし", 3),  # an amount is given
        (None, None, "合計額の見直し", 3),
        (None, None, "会計", 3),
        (None, None, "合計", 3, "なし"),  # a word of the plan's own list
        (None, None, "", 3),
    ],
)
def test_a_row_that_says_more_counts(plan: Plan, tmp_path: Path, row: tuple[object, ...]) -> None:
    told, entries = read(plan, tmp_path, row)

    assert told == []
    assert len(entries) == 1


@pytest.mark.parametrize(
    ("severity", "code", "counts"), [("error", "row_total", 0), ("notice", "row_total_counted", 1)]
)
def test_the_office_says_otherwise_by_its_handling(
    tmp_path: Path, severity: str, code: str, counts: int
) -> None:
    told, entries = read(plan_of(handled(severity)), tmp_path, ENTRY, (None, None, "合計", 3))

    assert told == [(code, "A7")]
    assert len(entries) == 1 + counts


def test_a_total_in_the_column_of_numbers_does_not_count_either(plan: Plan, tmp_path: Path) -> None:
    desk = Events(plan).row(1, *ENTRY).row(3, None, None, None, 3)
    desk.sheet("events")["A8"] = "合計"
    found = judged(desk, tmp_path)

    assert [one for one in cells(found.findings) if one[0].startswith("row")] == [("row_total", "A8")]
    assert len([one for one in found.records if one.form == "events"]) == 1


def test_a_total_that_is_a_formula_without_a_value_does_not_count(plan: Plan, tmp_path: Path) -> None:
    told, entries = read(plan, tmp_path, ENTRY, (None, None, "合計", "=SUM(E6:E6)"))

    assert ("row_total", "A7") in told
    assert entries == ["始めた。"]


def test_the_number_of_a_row_that_is_no_entry_is_nobody_elses(plan: Plan, tmp_path: Path) -> None:
    desk = Events(plan).row(1, None, None, "該当なし").row(2, *ENTRY)
    found = judged(desk, tmp_path)

    assert [one.item for one in found.records if one.form == "events"] == ["#2"]


def test_two_wholly_equal_rows_are_told_and_count_both(plan: Plan, tmp_path: Path) -> None:
    again = ("A-1 電子申請 ", date(2024, 5, 1), "始めた。", 3)
    told, entries = read(plan, tmp_path, ENTRY, (*ENTRY[:3], 4), again)

    assert told == [("rows_equal", "A8")]
    assert entries == ["始めた。"] * 3


def test_what_is_told_of_rows_is_said_in_both_languages(plan: Plan, tmp_path: Path) -> None:
    desk = Events(plan).row(1, *ENTRY).row(2, *ENTRY).row(3, None, None, "合計", 3)
    found = judged(desk, tmp_path)
    said = {
        one.code: (one.message("ja"), one.message("en")) for one in found.findings if one.form == "events"
    }

    assert said["rows_equal"] == (
        "6行目と7行目がまったく同じです。それぞれ一件として数えています",
        "Rows 6 and 7 are wholly equal; each counts as an entry",
    )
    assert "「合計」" in said["row_total"][0]
    assert "合計" in said["row_total"][1]


def test_what_stands_in_a_row_that_is_no_entry_is_kept_when_the_return_is_mended(tmp_path: Path) -> None:
    write_tables(SPENT, tmp_path / "plan")
    space = Workspace(tmp_path)
    stages.issue(space, "R6", due=None, departments=("D1",), now=NOW)
    desk = Events(plan_of(SPENT)).row(1, *ENTRY).row(2, None, None, "合計", 3)
    path = tmp_path / "D1.xlsx"
    path.write_bytes(desk.saved())
    [line] = stages.mend(space, [path], now=NOW).lines

    assert {"合計", "3"} <= {left.value for left in line.leftovers}
