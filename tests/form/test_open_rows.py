"""Forms to which the department adds rows: milestones of its items, proposals of none."""

import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openforms import OPEN
from returns import NOW, Desk, Tables, changed, department_of, issue, period_of, plan_of, write_tables

from xlplan import stages
from xlplan.definition.reading import read_definition
from xlplan.form.issuing import rows_of
from xlplan.form.layout.columns import ColumnKind
from xlplan.form.layout.entry import FIRST_ROW
from xlplan.form.read.intake import take_in
from xlplan.model.finding import Finding
from xlplan.model.plan import Plan
from xlplan.model.submission import Receipt, ReceiptState, RecordRow
from xlplan.report.rows import consolidate
from xlplan.store.workspace import Workspace
from xlplan.validate.judging import Judged, judge


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_of(OPEN)


class Events(Desk):
    """D1's workbook with the first forms answered, open at the events."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan, "D1")
        self.fill("report")
        self.fill("money", cost=None, paid=None)

    def row(self, at: int, *values: object) -> "Events":
        """Type a row, at its place on the sheet (from 1)."""
        columns = self.layouts["events"].of_kind(ColumnKind.ENTRY)
        for column, value in zip(columns, values, strict=False):
            self.sheet("events").cell(FIRST_ROW + at - 1, column.index).value = value
        return self


def judged(desk: Desk, folder: Path) -> Judged:
    path = folder / "D1.xlsx"
    path.write_bytes(desk.saved())
    [read] = take_in([path], desk.plan)
    assert read.submission is not None
    period = period_of(desk.plan)
    [found] = judge(
        desk.plan, period, [(read.submission, rows_of(desk.plan, period, department_of(desk.plan, "D1")))]
    )
    return found


def events(found: Judged) -> list[tuple[str, object, object]]:
    """The rows that were read: name, item and text."""
    return [
        (one.item, one.values.get("about"), one.values.get("what"))
        for one in found.records
        if one.form == "events"
    ]


def cells(findings: Sequence[Finding]) -> list[tuple[str, str]]:
    return [(one.code, one.cell) for one in findings if one.form == "events"]


def test_a_blank_row_is_no_record_and_nothing_is_missing_in_it(plan: Plan, tmp_path: Path) -> None:
    found = judged(Events(plan).row(2, "A-2 予約", date(2024, 5, 1), "始めた。"), tmp_path)

    assert events(found) == [("#2", "A-2 予約", "始めた。")]
    assert cells(found.findings) == []


def test_a_row_that_is_begun_must_be_finished(plan: Plan, tmp_path: Path) -> None:
    found = judged(Events(plan).row(3, "A-2 予約"), tmp_path)

    assert cells(found.findings) == [("required_text", "C8"), ("required_text", "D8")]
    assert {one.item for one in found.findings} == {"#3"}


@pytest.mark.parametrize("typed", ["A-2", "予約", "Ａ－２", "A-2　予約"])
def test_an_item_may_be_named_by_its_number_or_its_title(plan: Plan, tmp_path: Path, typed: str) -> None:
    found = judged(Events(plan).row(1, typed, date(2024, 5, 1), "始めた。"), tmp_path)

    assert events(found) == [("#1", "A-2 予約", "始めた。")]
    assert cells(found.findings) == [("read_as", "B6")]


def numbered(one: str, two: str) -> Tables:
    """The plan with numbers as many cities have them."""
    return {name: table.replace("A-1", one).replace("A-2", two) for name, table in OPEN.items()}


@pytest.mark.parametrize(
    ("number", "day"),
    [
        ("2-7", date(2026, 2, 7)),
        ("7-2", date(2026, 2, 7)),
        ("２－７", date(2026, 2, 7)),
        ("02-07", date(2026, 2, 7)),
        ("1-40", date(1940, 1, 1)),
        ("2026-2", date(2026, 2, 1)),
        ("1-2-3", date(2001, 2, 3)),
    ],
)
def test_a_number_that_the_spreadsheet_made_a_day_of_is_read_where_one_item_fits(
    number: str, day: date, tmp_path: Path
) -> None:
    desk = Events(plan_of(numbered(number, "A-2"))).row(1, day, date(2024, 5, 1), "始めた。")
    found = judged(desk, tmp_path)

    assert [value for _, value, _ in events(found)] == [f"{number} 電子申請"]
    assert cells(found.findings) == [("read_as", "B6")]


@pytest.mark.parametrize(
    ("one", "two", "code"), [("2-7", "7-2", "choice_is_day_near"), ("2-8", "A-2", "choice_is_day")]
)
def test_a_day_that_could_be_two_items_or_none_is_told_for_what_it_is(
    one: str, two: str, code: str, tmp_path: Path
) -> None:
    desk = Events(plan_of(numbered(one, two))).row(1, date(2026, 2, 7), date(2024, 5, 1), "始めた。")
    found = judged(desk, tmp_path)

    assert cells(found.findings) == [(code, "B6")]
    [told] = [found for found in found.findings if found.form == "events"]
    assert told.params.get("near", "2-7 電子申請 / 7-2 予約") == "2-7 電子申請 / 7-2 予約"


@pytest.mark.parametrize(
    ("one", "two", "told"),
    [
        ("2-7", "A-2", [("item_is_day", "2-7")]),
        ("2-7", "7-2", [("item_is_day_unread", ""), ("item_missing", "2-7")]),
    ],
)
def test_a_row_whose_number_became_a_day_is_read_where_one_item_fits(
    one: str, two: str, told: list[tuple[str, str]], tmp_path: Path
) -> None:
    desk = Events(plan_of(numbered(one, two)))
    layout = desk.layouts["report"]
    desk.sheet("report").cell(FIRST_ROW, layout.column(ColumnKind.ITEM, "item").index).value = date(
        2026, 2, 7
    )
    found = judged(desk, tmp_path)

    codes = ("item_is_day", "item_is_day_unread", "item_unknown", "item_missing")
    assert [(each.code, each.item) for each in found.findings if each.code in codes] == told


def test_cells_for_an_items_number_are_formatted_as_text(plan: Plan) -> None:
    desk = Events(plan)
    about = desk.layouts["events"].of_kind(ColumnKind.ENTRY)[0]
    number = desk.layouts["report"].column(ColumnKind.ITEM, "item")

    assert desk.sheet("events").cell(FIRST_ROW, about.index).number_format == "@"
    assert desk.sheet("report").cell(FIRST_ROW, number.index).number_format == "@"


def test_an_item_of_another_department_cannot_be_named(plan: Plan, tmp_path: Path) -> None:
    found = judged(Events(plan).row(1, "B-1 給与", date(2024, 5, 1), "始めた。"), tmp_path)

    assert cells(found.findings) == [("not_own_item", "B6")]


def test_rows_without_a_number_and_below_the_sheet_count_as_well(plan: Plan, tmp_path: Path) -> None:
    """Four rows are issued: the fifth and sixth are typed below them, the number of the second is wiped out."""
    desk = Events(plan)
    for at in range(1, 7):
        desk.row(at, "A-1", date(2024, 5, at), f"{at}番目")
    desk.sheet("events")["A7"] = None
    found = judged(desk, tmp_path)

    assert [(one, what) for one, _, what in events(found)] == [
        ("#1", "1番目"),
        ("#2", "2番目"),
        ("#3", "3番目"),
        ("#4", "4番目"),
        ("#5", "5番目"),
        ("#6", "6番目"),
    ]
    assert "formulas_lost" not in {one.code for one in found.findings}  # below the four there never was one


@pytest.mark.parametrize("number", [1, "1", 99_999_999, "１", "第一", 2.5])
def test_a_number_that_stands_twice_or_is_none_loses_no_row(
    plan: Plan, tmp_path: Path, number: object
) -> None:
    desk = Events(plan).row(1, "A-1", date(2024, 5, 1), "一").row(2, "A-2", date(2024, 5, 2), "二")
    desk.sheet("events")["A7"] = number
    found = judged(desk, tmp_path)

    assert [(one, what) for one, _, what in events(found)] == [("#1", "一"), ("#2", "二")]


@pytest.mark.parametrize(("answered", "code"), [(True, "row_labelled"), (False, "beside_form")])
def test_a_row_labelled_as_a_total_is_told_and_whether_it_counts(
    plan: Plan, tmp_path: Path, answered: bool, code: str
) -> None:
    desk = Events(plan).row(1, "A-1 電子申請", date(2024, 5, 1), "一")
    desk.sheet("events")["A8"] = "合計"
    if answered:
        desk.row(3, "A-1 電子申請", date(2024, 5, 1), "二")
    found = judged(desk, tmp_path)

    assert cells(found.findings) == [(code, "A8")]
    [one] = [one for one in found.findings if one.code == code]
    assert "合計" in one.message("ja")
    assert len(events(found)) == 1 + answered


def test_a_formula_without_a_value_is_told_though_nothing_else_stands_in_its_row(
    plan: Plan, tmp_path: Path
) -> None:
    found = judged(Events(plan).row(1, None, None, "=B9"), tmp_path)

    assert ("entry_formula_empty", "D6") in cells(found.findings)


def test_rows_deleted_or_sorted_are_nothing_to_tell(plan: Plan, tmp_path: Path) -> None:
    desk = Events(plan).row(3, "A-1", date(2024, 5, 1), "一")
    desk.sheet("events").delete_rows(FIRST_ROW, 2)
    found = judged(desk, tmp_path)

    assert cells(found.findings) == [("read_as", "B6")]
    assert [what for _, _, what in events(found)] == ["一"]


def test_a_sent_back_workbook_holds_every_row_that_was_added(tmp_path: Path) -> None:
    """Six rows in a form of four, one of them wrong: all six stand in what goes back, the wrong one marked."""
    space = Workspace(tmp_path)
    write_tables(OPEN, tmp_path / "plan")
    stages.issue(space, "R6", due=None, departments=("D1",), now=NOW)
    plan = read_definition(tmp_path / "plan").usable()
    desk = Events(plan)
    desk.book = openpyxl.load_workbook(next(space.issued("R6").glob("*.xlsx")))
    desk.fill("report").fill("money", cost=None, paid=None)
    for at in range(1, 7):
        desk.row(at, "A-1 電子申請", date(2024, 5, at), "長い" * 11 if at == 6 else f"{at}番目")
    desk.sheet("events")["A11"] = None
    path = tmp_path / "D1.xlsx"
    path.write_bytes(desk.saved())

    done = stages.receive(space, [path], period="R6", now=NOW)

    assert done.lines[0].sent_back is not None
    back = openpyxl.load_workbook(done.lines[0].sent_back)["できごと"]
    assert [back.cell(row, 4).value for row in range(6, 12)] == [
        "1番目",
        "2番目",
        "3番目",
        "4番目",
        "5番目",
        "長い" * 11,
    ]
    assert back["D11"].comment is not None
    again = stages.receive(space, [done.lines[0].sent_back], period="R6", now=NOW)
    assert [one.code for one in again.lines[0].findings if one.form == "events"] == ["too_long"]


def test_a_summary_holds_the_rows_of_all_periods_with_the_items_they_are_about(
    plan: Plan, tmp_path: Path
) -> None:
    desk = Events(plan).row(1, "A-1 電子申請", date(2024, 5, 1), "三度目")
    desk.sheet("wishes")["B6"] = "端末がほしい"
    found = judged(desk, tmp_path)
    made = consolidate(plan, period_of(plan), {}, {"D1": receipt(found.records)}, NOW, draft=True)

    rows = [
        (one.period.id, one.item.id, one.line, one.values["what"], one.source_row)
        for one in made.rows_of("events")
    ]
    assert rows == [
        ("R5", "A-1", 1, "開始", 8),
        ("R5", "B-1", 1, "試行", 9),
        ("R5", "A-1", 2, "拡大", 10),
        ("R6", "A-1", 3, "三度目", 6),
    ]
    assert [(one.item.id, one.department, one.values["wish"]) for one in made.rows_of("wishes")] == [
        ("", "", "研修がほしい"),
        ("", "D1", "端末がほしい"),
    ]


def test_of_the_rounds_own_period_only_the_rows_that_came_in_count(tmp_path: Path) -> None:
    """What the table of records says of it does not stand beside them."""
    known = changed(OPEN, "records", "events | R5 | B-1 |", "events | R6 | B-1 |")
    desk = Events(plan_of(known)).row(1, "A-1 電子申請", date(2024, 5, 1), "三度目")
    records = judged(desk, tmp_path).records
    made = consolidate(desk.plan, period_of(desk.plan), {}, {"D1": receipt(records)}, NOW, draft=True)

    rows = [(one.period.id, one.item.id, one.values["what"]) for one in made.rows_of("events")]
    assert rows == [("R5", "A-1", "開始"), ("R5", "A-1", "拡大"), ("R6", "A-1", "三度目")]


def receipt(records: Sequence[RecordRow]) -> Receipt:
    return Receipt(
        "R6", "D1", 1, "i", "D1.xlsx", "", NOW, ReceiptState.ACCEPTED, "D1.xlsx", records=tuple(records)
    )


def test_the_rows_of_the_sheet_are_numbered_and_the_items_to_choose_are_the_departments_own(
    plan: Plan,
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(issue(plan, "D1").data))

    assert [book["できごと"].cell(row, 1).value for row in range(6, 11)] == [1, 2, 3, 4, None]
    [name] = [one for one in book.defined_names if "item" in one]
    cells = book.defined_names[name].attr_text.replace("$", "").removeprefix("_xlplan!")
    assert [row[0].value for row in book["_xlplan"][cells]] == ["A-1 電子申請", "A-2 予約", "A-3 端末"]
