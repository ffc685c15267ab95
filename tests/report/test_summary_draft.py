"""A draft says how each answer stands, and its figures are of the answers that stand."""

from dataclasses import replace

import pytest
from figured import summary_workbook
from libreoffice import LibreOffice
from openpyxl.worksheet.worksheet import Worksheet
from summaries import asahikawa, asahikawa_round, differing, formulas, h26, opened, sample_round, sent_back

from xlplan.formula.emission import Place, emit
from xlplan.formula.engine import parse
from xlplan.formula.tree import Formula
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding
from xlplan.model.submission import Receipt
from xlplan.model.view import Measure
from xlplan.report.measures import counts_all, narrowed
from xlplan.report.rows import STATE, Consolidation, RowState

WRONG = Finding(
    FindingCode.REQUIRED_TEXT,
    department="D01",
    form="progress",
    item="A-01",
    field="done",
    params={"label": "実施内容"},
)


def partly() -> Consolidation:
    """One return sent back with an error in one of its seven rows, one with three rows not returned."""
    return asahikawa_round({"D01": sent_back("D01", WRONG), "D03": None})


def nothing_yet() -> Consolidation:
    """No return at all."""
    none: dict[str, Receipt | None] = {one.id: None for one in asahikawa().departments}
    return asahikawa_round(none)


@pytest.fixture(scope="module")
def draft() -> bytes:
    return summary_workbook(partly())


def found(sheet: Worksheet, label: str, *, after: str = "") -> list[object]:
    """What stands beside a label in the first column, below the row that begins with `after`."""
    rows = [[cell.value for cell in line] for line in sheet.iter_rows()]
    start = next((at for at, row in enumerate(rows) if row[0] == after), 0)
    row = next(row for row in rows[start:] if row[0] == label)
    return [one for one in row[1:] if one is not None]


def test_a_row_says_whether_its_answer_stands() -> None:
    states = {one.item.id: one.state for one in partly().rows if one.period == h26()}
    owner = {one.id: one.department for one in asahikawa().items}

    assert states["A-01"] is RowState.FAULTY
    assert {states[one] for one in states if owner[one] == "D01" and one != "A-01"} == {RowState.SENT_BACK}
    assert {states[one] for one in states if owner[one] == "D03"} == {RowState.OPEN}
    assert {states[one] for one in states if owner[one] not in ("D01", "D03")} == {RowState.ACCEPTED}
    assert {one.state for one in partly().rows if one.period != h26()} == {RowState.SETTLED}


def test_an_item_that_a_sent_back_return_says_nothing_of_is_not_answered_well() -> None:
    back = sent_back("D01")
    made = asahikawa_round({"D01": replace(back, records=back.records[1:])})
    states = {one.item.id: one.state for one in made.rows if one.period == h26()}

    assert states[back.records[0].item] is RowState.FAULTY
    assert states[back.records[1].item] is RowState.SENT_BACK


def test_the_counts_of_the_states_stand_above_the_figures(draft: bytes) -> None:
    sheet = opened(draft, values=True)["集計"]

    assert sheet["A5"].value == "回答の状態（平成26年度）"
    assert found(sheet, "受理") == [20, "含む"]
    assert found(sheet, "差戻し中") == [6, "含む"]
    assert found(sheet, "差戻し中（誤りあり）") == [1, "含まない"]
    assert found(sheet, "未回答") == [3, "含まない"]
    assert found(sheet, "計") == [30]
    assert "「含む」とした回答だけ" in str(sheet["A12"].value)


def test_shares_of_a_draft_are_of_the_answers_that_stand(draft: bytes) -> None:
    sheet = opened(draft, values=True)["集計"]

    assert found(sheet, "項目数") == [30, 30, 26]
    # of the earlier periods the plan has no reason for five and ten; of this one the reasons are all given
    assert found(sheet, "判定なし（遅れの理由の記録がない）") == [5, 10, 0]
    assert found(sheet, "計画通り")[2] == 15
    assert found(sheet, "計画通り")[5] == pytest.approx(15 / 26)
    assert found(sheet, "計", after="判定別")[5] == pytest.approx(1)


def test_without_returns_nothing_passes_for_a_result() -> None:
    sheet = opened(summary_workbook(nothing_yet()), values=True)["集計"]

    assert found(sheet, "未回答") == [30, "含まない"]
    assert found(sheet, "判定なし（遅れの理由の記録がない）")[2] == 0
    assert found(sheet, "計画通り")[2:6] == [0, pytest.approx(25 / 30), pytest.approx(20 / 30), "―"]
    assert found(sheet, "（空白）")[2:6] == [0, pytest.approx(5 / 30), pytest.approx(10 / 30), "―"]
    assert found(sheet, "計", after="判定別")[2:6] == [0, pytest.approx(1), pytest.approx(1), "―"]


def test_data_and_progress_table_say_the_state_of_each_row(draft: bytes) -> None:
    book = opened(draft, values=True)
    data, table = book["データ"], book["総括表"]
    at = next(cell.column for cell in data[4] if cell.value == "回答の状態")
    said = {
        (data.cell(row, 1).value, data.cell(row, 2).value): data.cell(row, at).value for row in range(5, 95)
    }
    shown = {table.cell(row, 1).value: table.cell(row, 12).value for row in range(6, table.max_row + 1)}

    assert said["平成26年度", "A-01"] == shown["A-01"] == "差戻し中（誤りあり）"
    assert said["平成25年度", "A-01"] == "以前の期間"
    assert table["L4"].value == "回答の状態"
    for item in (one.id for one in asahikawa().items):
        assert shown[item] == said["平成26年度", item]
    assert set(shown.values()) >= {"受理", "差戻し中", "未回答"}


def test_a_state_that_is_corrected_in_the_data_changes_the_figures(
    libreoffice: LibreOffice, draft: bytes
) -> None:
    book = opened(draft)
    at = next(cell.column_letter for cell in book["データ"][4] if cell.value == "回答の状態")
    row = next(
        row
        for row in range(5, 95)
        if (book["データ"].cell(row, 1).value, book["データ"].cell(row, 2).value) == ("平成26年度", "A-01")
    )
    changed = libreoffice.edited(draft, "データ", f'sheet.getCellRangeByName("{at}{row}").String = "受理"')
    sheet = opened(changed, values=True)["集計"]

    assert found(sheet, "受理") == [21, "含む"]
    assert found(sheet, "項目数") == [30, 30, 27]


def test_every_formula_of_a_draft_has_the_value_that_libreoffice_works_out(
    libreoffice: LibreOffice, draft: bytes
) -> None:
    books = [draft, summary_workbook(nothing_yet()), summary_workbook(sample_round(draft=True))]
    for book, judged in zip(books, libreoffice.all_recalculated(books), strict=True):
        assert sum(1 for _ in formulas(opened(book))) > 50
        assert differing(book, judged) == {}


def test_a_final_summary_has_no_states_and_counts_every_row() -> None:
    book = opened(summary_workbook(asahikawa_round()))
    words = [str(cell.value) for sheet in book.worksheets for line in sheet.iter_rows() for cell in line]

    assert not [one for one in words if "回答の状態" in one or "未回答" in one]
    assert book["集計"]["A5"].value == "全体"


class Named(Place):
    """Columns by their names."""

    def column(self, name: str) -> str:
        return name.strip("#")

    def period(self) -> str:
        return "P"


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("COUNTIFS([a],PERIOD())", "COUNTIFS(a,P,MORE)"),
        ("COUNTIF([a],1)/COUNTIFS([b],2)", "(COUNTIFS(a,1,MORE)/COUNTIFS(b,2,MORE))"),
        ("SUMIF([a],1,[b])", "SUMIFS(b,a,1,MORE)"),
        ("SUMIF([a],1)", "SUMIFS(a,a,1,MORE)"),
        ("AVERAGEIF([a],1,[b])", "AVERAGEIFS(b,a,1,MORE)"),
        ("ROUND(SUM([a]),1)", "ROUND(SUMIFS(a,MORE),1)"),
        ("SUM(1,2)", "SUM(1,2)"),
    ],
)
def test_a_formula_is_narrowed_to_the_answers_that_stand(formula: str, expected: str) -> None:
    more = 'state,"<>sent back, with errors",state,"<>not answered"'
    left_out = ("sent back, with errors", "not answered")
    made = emit(narrowed(parse(formula), STATE, left_out), Named())

    assert made == expected.replace("MORE", more)
    assert not counts_all(parse(formula))


def test_a_figure_that_cannot_be_narrowed_is_named() -> None:
    plan = asahikawa()
    formula: Formula = parse("COUNTA([actual])")
    view = replace(plan.views[1], measures=(Measure("statistics", "n", "記入の数", formula),))
    made = asahikawa_round({"D03": None}, plan=replace(plan, views=(view,)))

    assert counts_all(formula)
    assert "ただし「記入の数」は、すべての行から計算しています。" in str(
        opened(summary_workbook(made))["集計"]["A12"].value
    )
