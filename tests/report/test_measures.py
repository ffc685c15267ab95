"""Measures over measures and over the whole plan: references that people can follow, figures that are right."""

from dataclasses import replace
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from figured import blocks, figure_cells, summary_workbook
from libreoffice import LibreOffice
from measured import MEASURED, measured_plan, measured_round
from summaries import CREATED, opened

from xlplan.definition.reading import read_definition
from xlplan.formula.engine import parse
from xlplan.formula.evaluation import evaluate_alone
from xlplan.language.codes import Severity
from xlplan.model.finding import Finding
from xlplan.model.view import ViewKind
from xlplan.spreadsheet.book import Book

SHEET = "これまでの計画事業一覧"
NOTHING = "―"


@cache
def summary() -> bytes:
    """The summary of the small plan."""
    return summary_workbook(measured_round())


def figures(measure: str, group: str = "", *, values: bool = True) -> list[object]:
    """A measure's cells: its periods, then the whole plan where it has it."""
    sheet = opened(summary(), values=values)[SHEET]
    cells = figure_cells(measured_round())
    by_period = next(one for one in measured_plan().views[0].measures if one.id == measure).by == "period"
    labels = {one.id: one.label for one in measured_plan().periods}
    found = []
    for period in ("P1", "P2", "P3", ""):
        key = ("history", measure, labels.get(period, "") if by_period else group, period)
        if key in cells:
            found.append(sheet.cell(cells[key].row, cells[key].column).value)
    return found


# --- what they come to -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("measure", "group", "expected"),
    [
        ("new", "", [4, 0, 2, 6]),
        ("done", "", [2, 0, 0, 2]),
        ("cancelled", "", [1, 1, 0, 2]),
        ("carried", "", [0, 2, 1]),
        ("projects", "", [4, 2, 3]),
        ("rate", "", [0.5, NOTHING, 0]),
        ("progress", "", [pytest.approx(2 / 3), 1, 0.5]),
        ("g_new", "目標1", [3, 0, 0, 3]),
        ("g_new", "目標2", [1, 0, 2, 3]),
        ("g_left", "目標1", [2, -1, 0, 1]),
        ("g_share", "目標1", [pytest.approx(1 / 3), pytest.approx(2 / 3), pytest.approx(2 / 3)]),
        ("g_share", "目標2", [0, 0, 0]),
        ("p_items", "", [4, 2, 3, 9]),
        ("p_cost", "", [16.5, 5.5, 1, 23]),
        ("p_mean", "", [4.125, 2.75, pytest.approx(1 / 3), pytest.approx(23 / 9)]),
        ("p_spent", "", [16.5, 22, 23]),
        ("p_share", "", [1, 0, pytest.approx(2 / 3), pytest.approx(2 / 3)]),
    ],
)
def test_figures_of_periods_and_of_the_whole_plan(measure: str, group: str, expected: list[object]) -> None:
    assert figures(measure, group) == expected


@pytest.mark.parametrize(
    ("measure", "group", "expected"),
    [
        ("projects", "", ["B7+B10", "C7+C10", "D7+D10"]),
        ("rate", "", ["B8/B7", "C8/C7", "D8/D7"]),
        (
            "progress",
            "",
            [f"SUM($B8:{one}8)/(SUM($B7:{one}7)-SUM($B9:{one}9))" for one in "BCD"],
        ),
        ("g_left", "目標1", ["B18-F18", "C18-G18", "D18-H18", "E18-I18"]),
        ("g_share", "目標1", [f"SUM($F18:{b}18)/SUM($B18:{a}18)" for a, b in zip("BCD", "FGH", strict=True)]),
    ],
)
def test_measures_over_measures_are_references_that_people_can_follow(
    measure: str, group: str, expected: list[str]
) -> None:
    assert figures(measure, group, values=False) == [f'=IFERROR({one},"{NOTHING}")' for one in expected]


def test_in_a_block_by_period_a_sum_so_far_goes_down_the_rows() -> None:
    top = figure_cells(measured_round())["history", "p_cost", "14・15年度", "P1"].row

    assert figures("p_mean", values=False)[0] == f'=IFERROR(C{top}/B{top},"{NOTHING}")'
    assert figures("p_spent", values=False)[2] == f'=IFERROR(SUM(C${top}:C{top + 2}),"{NOTHING}")'


def test_over_the_whole_plan_every_period_meets_the_criterion() -> None:
    assert (
        figures("new", values=False)[-1]
        == f'=IFERROR(COUNTIFS(データ[予定],"○*",データ[期間],"*"),"{NOTHING}")'
    )
    assert figures("p_items", values=False)[-1] == f'=IFERROR(COUNTIFS(データ[期間],"*"),"{NOTHING}")'


def test_the_sheet_stands_as_printed_with_a_column_for_the_whole_plan() -> None:
    sheet = opened(summary(), values=True)[SHEET]
    plan = measured_plan()
    whole, by_goal, by_period = blocks(measured_round(), plan.views[0])

    def row(number: int, last: int) -> list[object]:
        return [sheet.cell(number, column).value for column in range(1, last + 1)]

    assert sheet.cell(1, 1).value == SHEET
    assert row(whole.head_row, 5) == ["集計値", "14・15年度", "16・17年度", "18～21年度", "全期間"]
    assert row(whole.first_row, 5) == ["①新規", 4, 0, 2, 6]
    assert row(whole.first_row + 3, 5) == ["④継続", 0, 2, 1, None]
    assert (
        sheet.cell(whole.first_row, 2).number_format,
        sheet.cell(whole.first_row + 5, 2).number_format,
    ) == (
        "0",
        "0%",
    )
    assert row(by_goal.head_row, by_goal.last_column)[1:] == [
        *[*(one.label for one in plan.periods), "全期間"] * 3,
        *(one.label for one in plan.periods),
    ]
    assert by_goal.total_row is not None
    assert row(by_goal.total_row, by_goal.last_column) == [
        "計",
        4,
        0,
        2,
        6,
        1,
        1,
        0,
        2,
        3,
        -1,
        2,
        4,
        *(0.25, 0.5, pytest.approx(1 / 3)),
    ]
    assert row(by_period.last_row, by_period.last_column) == [
        "全期間",
        9,
        23,
        pytest.approx(23 / 9),
        None,
        pytest.approx(2 / 3),
    ]


def test_several_records_of_one_item_in_one_period_are_counted_each() -> None:
    made = measured_round()
    again = made.rows_of("progress")[0]
    cells = figure_cells(made)

    sheet = opened(summary_workbook(measured_round(again, again)), values=True)[SHEET]

    at = cells["history", "new", "", "P1"]
    assert sheet.cell(at.row, at.column).value == 6


# --- wildcards -------------------------------------------------------------------------------------

CELLS = ["○", "○/◎", "◎", "△", "○/△", "△/×", "", "○*", "a.b", "axb", "○.", "○?", "(○)", "18～21年度"]
CRITERIA = {
    "○*": 6,
    "*/◎": 1,
    "*△*": 3,
    "*": 13,
    "?*": 13,
    "○?*": 5,
    "○": 1,
    "a.b": 1,
    "○~*": 1,
    "○~?": 1,
    "○.*": 1,
    "(○)": 1,
    "<>○*": 8,
    "18～21年度": 1,
}
"""How many of the cells meet each criterion, by Excel's rules: * and ? are signs, unless a ~ stands before them."""


def test_criteria_are_wildcards_and_no_regular_expressions_in_both_engines(libreoffice: LibreOffice) -> None:
    book = Book("ja", "条件", "見本市", CREATED)
    sheet, style = book.sheet("s"), book.style("cell")
    cells = f"$A$1:$A${len(CELLS)}"
    for row, value in enumerate(CELLS, 1):
        book.put(sheet, row, 1, value, style)
    for row, criterion in enumerate(CRITERIA, 1):
        book.formula(sheet, row, 2, f'COUNTIFS({cells},"{criterion}")', style)
        book.put(sheet, row, 3, criterion, style)
        book.formula(sheet, row, 4, f"COUNTIFS({cells},C{row})", style)
    workbook = book.finish()
    ours, judged = opened(workbook, values=True)["s"], libreoffice.recalculated(workbook)

    for column in "BD":
        addresses = [f"{column}{row}" for row in range(1, len(CRITERIA) + 1)]
        assert dict(zip(CRITERIA, (ours[one].value for one in addresses), strict=True)) == CRITERIA
        assert dict(zip(CRITERIA, (judged["s", one] for one in addresses), strict=True)) == CRITERIA


# --- one record alone ------------------------------------------------------------------------------


def test_a_measure_over_each_record_alone_leaves_other_measures_out() -> None:
    formula = parse('COUNTIFS([cell],"*△*",[period],PERIOD(),[goal],GROUP())+MEASURE(x)*CUMULATIVE(y)')
    records = list(product(["△", "○/△", "○", None], ["甲", "乙"], ["g", "h"]))

    found = evaluate_alone(formula, records, ["cell", "period", "goal"], ("g", "甲"))

    assert [one for one, adds in zip(records, found, strict=True) if adds] == [
        ("△", "甲", "g"),
        ("○/△", "甲", "g"),
    ]
    assert set(found) == {0.0, 1.0}
    assert evaluate_alone(formula, [], ["cell", "period", "goal"], ("g", "甲")) == []


def test_records_alone_add_up_to_the_whole() -> None:
    formula = parse("SUMIFS([n],[c],GROUP())*2-SUMIFS([n],[p],PERIOD())")
    records = [(1.5, "a", "x"), (1.5, "a", "x"), (-2, "b", "x"), (None, "a", "y"), (4, "a", "y")]

    assert evaluate_alone(formula, records, ["n", "c", "p"], ("a", "x")) == [1.5, 1.5, 2, 0, 8]


# --- the definition --------------------------------------------------------------------------------


def errors(folder: Path, measures: str) -> list[Finding]:
    """The errors of the plan with another table of measures."""
    for name, table in {**MEASURED, "measures": measures}.items():
        (folder / f"{name}.csv").write_text(table.lstrip(), encoding="utf-8")
    return [one for one in read_definition(folder).findings if one.severity is Severity.ERROR]


@pytest.mark.parametrize(
    ("old", "new", "code", "cell", "words"),
    [
        (
            "MEASURE(done)/MEASURE(new)",
            "MEASURE(doen)/MEASURE(new)",
            "formula_unknown_measure_near",
            "D7",
            "done",
        ),
        ("MEASURE(done)/MEASURE(new)", "MEASURE(g_new)/MEASURE(new)", "formula_measure_by", "D7", "g_new"),
        (
            "MEASURE(new)+MEASURE(carried)",
            "MEASURE(rate)+MEASURE(carried),x",
            "plan_unknown_field",
            "E6",
            "x",
        ),
        ("MEASURE(carried),,no", "MEASURE(carried),,yes", "formula_measure_total", "D6", "carried"),
        (
            "CUMULATIVE(p_cost),period,no",
            "CUMULATIVE(p_cost),period,yes",
            "formula_cumulative_total",
            "D16",
            "",
        ),
        ('"COUNTIFS([期間],GROUP())"', "GROUP()", "formula_total_head", "D13", "GROUP"),
        ("period,yes,0\n", "period,maybe,0\n", "plan_unknown_word", "F13", "maybe"),
        ('""*×*""', '""??""', "formula_question_mark", "D4", ""),
    ],
)
def test_a_fault_of_a_measure_is_told_at_its_cell(
    tmp_path: Path, old: str, new: str, code: str, cell: str, words: str
) -> None:
    table = MEASURED["measures"]
    assert old in table

    (found,) = errors(tmp_path, table.replace(old, new, 1))
    assert (found.code, found.cell) == (code, cell)
    for language in ("ja", "en"):
        assert words in found.message(language) + found.remedy(language)


def test_measures_in_a_circle_are_told_once_with_the_way_round(tmp_path: Path) -> None:
    table = MEASURED["measures"].replace("MEASURE(done)/MEASURE(new)", "MEASURE(projects)/MEASURE(new)")
    table = table.replace("MEASURE(new)+MEASURE(carried)", "MEASURE(rate)+CUMULATIVE(projects)")

    (found,) = errors(tmp_path, table)
    assert (found.code, found.cell) == ("formula_measure_circle", "D6")
    assert "projects → projects" in found.message("ja") or "projects → rate → projects" in found.message("ja")


def test_a_measure_that_cannot_be_read_does_not_make_those_over_it_faulty(tmp_path: Path) -> None:
    table = MEASURED["measures"].replace('""○*"",[期間],PERIOD())",,yes', '""○*"",[期間],PERIOD(",,yes', 1)

    assert [(one.code, one.cell) for one in errors(tmp_path, table)] == [("formula_open_bracket", "D2")]


def test_a_view_of_another_kind_has_no_figures() -> None:
    plan = measured_plan()
    listed = replace(plan, views=(replace(plan.views[0], kind=ViewKind.LIST),))

    assert figure_cells(measured_round(plan=listed)) == {}
