"""The summary workbook: live figures that LibreOffice works out alike, marks of a draft, sources, geometry."""

import re
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

import pytest
from figured import blocks, figure_cells, summary_workbook
from hypothesis import given, settings
from hypothesis import strategies as st
from libreoffice import LibreOffice
from measured import measured_round
from openpyxl.worksheet.worksheet import Worksheet
from plans import plan_of
from summaries import (
    CREATED,
    SAMPLE_ANSWERS,
    SAMPLE_TABLES,
    asahikawa,
    asahikawa_round,
    differing,
    formulas,
    issued,
    opened,
    receipts,
    sample_round,
    sent_back,
    shown,
    upside_down,
)

from xlplan.formula.engine import parse
from xlplan.formula.functions import FUNCTIONS
from xlplan.language.codes import Severity
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding
from xlplan.model.view import Measure, View, ViewKind
from xlplan.report.columns import bracketed, data_tables, sheet_of
from xlplan.report.measures import additive
from xlplan.report.render.xlsx import tables
from xlplan.report.render.xlsx.placing import Part, Placed
from xlplan.report.render.xlsx.tables import placed_of
from xlplan.report.rows import Consolidation, consolidate
from xlplan.report.views.progress import progress_table
from xlplan.report.working import Figures

MEASURED = {
    "計画通り": (18, 0.6),
    "遅れているが進んでいる": (7, 7 / 30),
    "現状費用対効果が低い": (4, 4 / 30),
    "その他": (1, 1 / 30),
}
FACTS = ("データ", "受付状況", "検証結果", "_xlplan")

ERROR = Finding(
    FindingCode.REQUIRED_TEXT,
    file="情報政策課.xlsx",
    department="D01",
    period="H26",
    form="progress",
    sheet="進捗報告",
    cell="G6",
    item="A-01",
    field="done",
    params={"label": "実施内容"},
)
WARNING = Finding(
    FindingCode.RULE,
    severity=Severity.WARNING,
    rule="not_backwards",
    department="D01",
    period="H26",
    form="progress",
    item="A-18",
    field="actual",
    value="=検討",
    params={"message": "前の段階に戻っています。", "remedy": "確かめてください。"},
)


def a_draft() -> Consolidation:
    """One return sent back with two findings, one not returned."""
    return asahikawa_round({"D01": sent_back("D01", WARNING, ERROR), "D03": None})


@pytest.fixture(scope="module")
def final() -> bytes:
    """The kit's summary, every return accepted."""
    return summary_workbook(asahikawa_round())


@pytest.fixture(scope="module")
def draft() -> bytes:
    """The kit's summary as a draft."""
    return summary_workbook(a_draft())


@pytest.fixture(scope="module")
def sample() -> bytes:
    """The summary of the small plan."""
    return summary_workbook(sample_round())


def column(sheet: Worksheet, heading: str, row: int = 4) -> int:
    """The column under a heading."""
    return next(cell.column for cell in sheet[row] if cell.value == heading)


def cells(sheet: Worksheet, heading: str, row: int = 4) -> list[object]:
    """What stands under a heading, from top to bottom."""
    at = column(sheet, heading, row)
    return [sheet.cell(line, at).value for line in range(row + 1, sheet.max_row + 1)]


# --- figures ---------------------------------------------------------------------------------------


def in_thousands() -> Consolidation:
    """The small plan with a unit for one of its numbers."""
    made = sample_round()
    [form] = made.plan.forms
    fields = tuple(replace(one, unit="千円") if one.id == "spent" else one for one in form.fields)
    forms = (replace(form, fields=fields),)
    return replace(made, plan=replace(made.plan, forms=forms), forms=forms)


def test_the_headings_of_the_summary_say_the_unit() -> None:
    book = opened(summary_workbook(in_thousands()))
    assert column(book["データ"], "決算額（千円）")
    assert "決算額（千円）" in {cell.value for line in book["総括表"].iter_rows() for cell in line}


def test_every_formula_of_every_sheet_has_the_value_that_libreoffice_works_out(
    libreoffice: LibreOffice, final: bytes, draft: bytes, sample: bytes
) -> None:
    english = summary_workbook(replace(sample_round(), plan=replace(sample_round().plan, language="en")))
    books = [
        final,
        draft,
        sample,
        english,
        summary_workbook(measured_round()),
        summary_workbook(in_thousands()),
    ]

    for workbook, judged in zip(books, libreoffice.all_recalculated(books), strict=True):
        assert sum(1 for _ in formulas(opened(workbook))) > 50
        assert differing(workbook, judged) == {}


def test_the_figures_are_those_that_the_city_printed(final: bytes) -> None:
    book = opened(final, values=True)
    at = figure_cells(asahikawa_round())

    def figure(measure: str, group: str = "") -> object:
        sheet, _, address = at["statistics", measure, group, "H26"].cell.partition("!")
        return book[sheet][address].value

    assert figure("items") == 30
    assert {one: figure("by_judgement", one) for one in MEASURED} == {k: v[0] for k, v in MEASURED.items()}
    for group, (_, share) in MEASURED.items():
        assert figure("share_judgement", group) == pytest.approx(share)


def test_computed_fields_are_live_in_the_data_and_blank_where_what_they_rest_on_is(sample: bytes) -> None:
    live, book = opened(sample)["データ"], opened(sample, values=True)["データ"]

    assert all(str(value).startswith("=") for value in cells(live, "判定"))
    # H25: reach their plan, A-3 has no answer; H26: A-4 is late without a reason
    assert cells(book, "判定") == [
        "計画通り",
        "計画通り",
        None,
        "計画通り",
        "計画通り",
        "予算の不足",
        "計画通り",
        None,
        "計画通り",
    ]
    assert cells(book, "増減, [千円]") == [0, None, None, 0, 5.25, 0, 0, -38.5, 0]
    # a blank cell alone would show as 0
    assert cells(book, "補足の写し") == [None, None, None, None, "=1+1", None, None, None, None]
    assert cells(book, "年度内")[4:] == ["年度内", "年度外", "年度外", "年度外", "年度外"]


def test_a_requirement_that_cannot_be_decided_leaves_what_rests_on_it_blank() -> None:
    """The reason is required by a quotient over the count: where there is none, nobody can tell."""
    fields = SAMPLE_TABLES["fields"].replace(
        "reason,CHOICE_RANK([@進捗])<CHOICE_RANK([@計画])", "reason,1/[@実施回数]>1"
    )
    assert fields != SAMPLE_TABLES["fields"]
    plan = plan_of({**SAMPLE_TABLES, "fields": fields})
    period = plan.periods[1]
    given = receipts(plan, period, SAMPLE_ANSWERS)
    made = consolidate(plan, period, issued(plan, period), given, CREATED, draft=False)
    book = opened(summary_workbook(made), values=True)["データ"]

    # H26: A-1 has a count of 3, A-2 a reason, the others neither
    assert cells(book, "判定")[4:] == ["計画通り", "予算の不足", None, None, None]


def test_no_formula_uses_what_excel_2016_or_libreoffice_7_do_not_have(final: bytes, sample: bytes) -> None:
    known = {*FUNCTIONS, "COUNTA", "HYPERLINK"}
    for workbook in (final, sample):
        for _, cell in formulas(opened(workbook)):
            bare = re.sub(r'"[^"]*"', "", cell.value)
            assert set(re.findall(r"([A-Z][A-Z.0-9]*)\(", bare)) <= known
            assert "#This Row" not in bare
            assert "@" not in bare


def test_no_number_stands_outside_the_data_and_the_registers_that_is_no_formula(
    final: bytes, draft: bytes, sample: bytes
) -> None:
    for workbook in (final, draft, sample):
        numbers = [
            f"{sheet.title}!{cell.coordinate}"
            for sheet in opened(workbook).worksheets
            if sheet.title not in FACTS
            for line in sheet.iter_rows()
            for cell in line
            if cell.data_type in ("n", "d", "b") and cell.value is not None
        ]
        assert numbers == []


def test_a_share_of_nothing_is_a_dash_and_no_error() -> None:
    made = asahikawa_round()
    empty = replace(made, rows=tuple(one for one in made.rows if one.item.goal[:3] != "目標1"))
    book = opened(summary_workbook(empty), values=True)["集計"]
    figure = figure_cells(asahikawa_round())[
        "statistics", "by_goal_share", "目標1 市民サービスの質の向上", "H26"
    ]

    assert book.cell(figure.row, figure.column).value == "―"


# --- sorting ---------------------------------------------------------------------------------------


def test_sorting_the_data_changes_no_other_sheet(
    libreoffice: LibreOffice, final: bytes, sample: bytes
) -> None:
    for workbook in (final, sample):
        turned, orders = upside_down(workbook, "データ")
        judged = libreoffice.recalculated(turned)
        cached = opened(workbook, values=True)
        for sheet, cell in formulas(opened(workbook)):
            row = cell.row
            if sheet.title in orders:
                row = 5 + orders[sheet.title].index(row)
            value = judged[sheet.title, f"{cell.column_letter}{row}"]
            ours = shown(cached[sheet.title][cell.coordinate].value)
            expected = pytest.approx(ours) if isinstance(ours, float) else ours
            assert value == expected, f"{sheet.title}!{cell.coordinate}"


# --- drafts ----------------------------------------------------------------------------------------


def test_a_draft_is_marked_on_every_sheet_on_the_screen_and_on_paper(draft: bytes) -> None:
    for sheet in opened(draft).worksheets:
        if sheet.sheet_state == "visible":
            top = [str(cell.value) for line in sheet.iter_rows(max_row=4) for cell in line if cell.value]
            assert any("未確定" in one for one in top), sheet.title
            assert "未確定" in str(sheet.oddHeader.center.text), sheet.title


def test_a_final_summary_bears_no_mark_and_says_so(final: bytes) -> None:
    book = opened(final)
    for sheet in book.worksheets:
        assert not sheet.oddHeader.center.text
        assert not any("未確定" in str(cell.value) for line in sheet.iter_rows() for cell in line)
    assert str(book["表紙"]["C4"].value).startswith("確定")


def test_the_cover_says_what_the_summary_rests_on(final: bytes, draft: bytes) -> None:
    def said(workbook: bytes) -> dict[object, object]:
        sheet = opened(workbook, values=True)["表紙"]
        return {line[1].value: line[2].value for line in sheet.iter_rows(max_row=20)}

    assert said(final)["回答"] == "8課のうち8課の回答を受理"
    assert "受理していない回答" not in said(final)
    assert said(final)["施策"] == "30件（平成26年度）"
    assert said(final)["残っている指摘"] == "誤り 0件・要確認 0件・お知らせ 0件"
    assert said(draft)["回答"] == "8課のうち6課の回答を受理"
    assert said(draft)["受理していない回答"] == "差戻し中 1件・回答待ち 1件・未配布 0件"
    assert said(draft)["残っている指摘"] == "誤り 1件・要確認 1件・お知らせ 0件"


def test_every_link_of_the_cover_leads_to_a_sheet(final: bytes) -> None:
    book = opened(final)
    links = [cell.hyperlink.location for line in book["表紙"].iter_rows() for cell in line if cell.hyperlink]

    assert links == [f"'{name}'!A1" for name in ("総括表", "集計", "データ", "受付状況", "検証結果")]
    assert [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"] == [
        "表紙",
        *(one.partition("!")[0].strip("'") for one in links),
    ]


def test_a_missing_return_leaves_blanks_and_the_register_says_so(draft: bytes) -> None:
    book = opened(draft, values=True)
    data = book["データ"]
    waiting = [
        row
        for row in range(5, data.max_row + 1)
        if (data.cell(row, 1).value, data.cell(row, column(data, "所管課")).value) == ("平成26年度", "総務課")
    ]
    assert len(waiting) == 3
    for row in waiting:
        assert data.cell(row, column(data, "計画")).value
        for heading in ("進捗", "実施内容", "判定"):
            assert data.cell(row, column(data, heading)).value is None
    register = book["受付状況"]
    states = dict(zip(cells(register, "所管課"), cells(register, "状態"), strict=True))
    assert states["総務課"] == "回答待ち"
    assert states["情報政策課"] == "差戻し中"
    assert list(states.values()).count("受理") == 6


def test_the_findings_stand_in_the_register_errors_first(draft: bytes) -> None:
    sheet = opened(draft)["検証結果"]

    assert cells(sheet, "区分") == ["誤り", "要確認"]
    assert cells(sheet, "施策") == ["A-01 電子申請手続の拡充", "A-18 情報化推進体制の見直し"]
    assert cells(sheet, "項目") == ["実施内容", "進捗"]
    assert cells(sheet, "場所") == ["進捗報告 G6", None]
    assert cells(sheet, "指摘") == ["実施内容を入力してください", "前の段階に戻っています。"]
    assert cells(sheet, "回答の値") == [None, "=検討"]


# --- sources and text ------------------------------------------------------------------------------


def test_each_row_of_the_data_says_where_it_came_from(final: bytes) -> None:
    sheet = opened(final)["データ"]
    at = cells(sheet, "キー").index("H26|A-07") + 5
    earlier = cells(sheet, "キー").index("H24|A-07") + 5
    heads = ("期間", "番号", "所管課", "出典ファイル", "シート", "行", "回", "SHA-256")

    def found(row: int) -> list[object]:
        return [sheet.cell(row, column(sheet, heading)).value for heading in heads]

    assert found(at) == ["平成26年度", "A-07", "納税課", "returned/D05.xlsx", "進捗報告", 8, 1, f"{5:064x}"]
    assert found(earlier) == ["平成24年度", "A-07", "納税課", "records.csv", None, 8, None, None]


def test_the_data_is_one_excel_table_over_all_rows(final: bytes) -> None:
    sheet = opened(final)["データ"]
    table = sheet.tables["データ"]

    assert table.ref == "A4:S94"
    assert [one.name for one in table.tableColumns] == [cell.value for cell in sheet[4]]


def test_text_that_looks_like_a_formula_stays_text(draft: bytes) -> None:
    first, *rest = asahikawa().items
    bad = replace(first, title="=1+1", group="+A1", goal="@x", summary='=HYPERLINK("http://x","y")')
    made = asahikawa_round(plan=replace(asahikawa(), items=(bad, *rest)))
    rows = tuple(
        replace(one, values={**one.values, "done": "=cmd|' /C calc'!A0"}, source_file="-2+3")
        for one in made.rows
    )
    book = opened(summary_workbook(replace(made, rows=rows)))
    data = book["データ"]

    assert [
        data.cell(5, column(data, one)).data_type for one in ("目標", "計画項目", "計画内容", "概要")
    ] == ["s"] * 4
    assert data.cell(5, column(data, "計画内容")).value == "=1+1"
    assert {data.cell(row, column(data, "実施内容")).data_type for row in range(5, 95)} == {"s"}
    assert {data.cell(row, column(data, "出典ファイル")).data_type for row in range(5, 95)} == {"s"}
    known = {
        "総括表": r"=IFERROR\(INDEX",
        "集計": r"=(IFERROR|SUM|IF)\(",
        "データ": r"=IF\(OR\(",
        "表紙": '=(COUNT|")',
    }
    for sheet, cell in formulas(book):
        assert re.match(known[sheet.title], cell.value), cell.value
    assert opened(draft)["検証結果"]["G6"].data_type == "s"


def test_headings_with_signs_of_a_reference_are_quoted_and_named_alike_twice_are_told_apart() -> None:
    assert bracketed("計画 1") == "[計画 1]"
    assert bracketed("増減, [千円]") == "[[増減, '[千円']]]"
    assert bracketed("a'b#c@d") == "[[a''b'#c'@d]]"
    plan = asahikawa()
    first, *rest = plan.forms[0].fields
    form = replace(plan.forms[0], fields=(replace(first, label="キー"), *rest))
    table = data_tables(replace(plan, forms=(form,)))["progress"]
    heads = [one.heading for one in table.columns]

    assert table.column("planned").heading == "キー"
    assert table.column("key").heading == "キー（2）"
    assert len(heads) == len({one.casefold() for one in heads})


# --- 総括表 -----------------------------------------------------------------------------------------


def test_each_item_has_a_row_planned_and_a_row_of_progress_with_all_periods(final: bytes) -> None:
    sheet = opened(final, values=True)["総括表"]
    assert [sheet.cell(4, at).value for at in range(1, 9)] == [
        "番号",
        "計画項目",
        "計画内容",
        "概要",
        "平成24年度実施内容",
        "平成25年度実施内容",
        "平成26年度実施内容",
        "年次計画／進捗",
    ]
    assert [sheet.cell(5, at).value for at in range(9, 12)] == ["平成24年度", "平成25年度", "平成26年度"]
    first = {sheet.cell(row, 1).value: row for row in range(6, sheet.max_row + 1) if sheet.cell(row, 3).value}
    assert list(first) == [one.id for one in asahikawa().items]
    row = first["A-09"]
    assert [sheet.cell(row, at).value for at in range(8, 12)] == ["計画", "検討", "実施", "拡充"]
    assert [sheet.cell(row + 1, at).value for at in range(8, 12)] == ["進捗", "実施", "実施", "運用"]
    assert str(sheet.cell(row, 7).value).startswith("動画と質問集")


def test_goals_are_bands_and_groups_and_items_are_merged(final: bytes) -> None:
    sheet = opened(final)["総括表"]
    merged = {str(one) for one in sheet.merged_cells.ranges}
    bands = [row for row in range(6, sheet.max_row + 1) if f"A{row}:K{row}" in merged]

    goals = list(dict.fromkeys(one.goal for one in asahikawa().items))
    assert [sheet.cell(row, 1).value for row in bands] == [*goals[:3], f"{goals[2]}（続き）", goals[3]]
    assert bands[0] == 6
    # the first group has three items of two rows each
    assert "B7:B12" in merged
    assert sheet["B7"].value == "インターネットを利用した手続の拡充"
    for name in "ACDEFG":
        assert f"{name}7:{name}8" in merged
    groups = [one for one in sheet.merged_cells.ranges if one.min_col == one.max_col == 2 and one.min_row > 5]
    assert len(groups) == len({(one.goal, one.group) for one in asahikawa().items})


def test_it_prints_on_a3_one_page_wide_with_its_heads_and_no_item_cut(final: bytes) -> None:
    sheet = opened(final)["総括表"]
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (8, "landscape")
    # Excel ignores the breaks of a sheet that it fits to pages by itself
    assert not sheet.sheet_properties.pageSetUpPr.fitToPage
    widths = [one.width for one in sheet.column_dimensions.values() for _ in range(one.min, one.max + 1)]
    across = sum(int(7 * one + 5) for one in widths) * sheet.page_setup.scale / 100
    assert 1510 * 0.7 < across < 1510 * 0.95
    assert sheet.print_title_rows == "$4:$5"
    starts = {one.min_row for one in sheet.merged_cells.ranges if one.min_col == 2}
    bands = {one.min_row for one in sheet.merged_cells.ranges if one.size["columns"] == 11}
    breaks = [one.id + 1 for one in sheet.row_breaks.brk]
    assert breaks
    assert set(breaks) <= starts | bands
    assert not {row - 1 for row in breaks} & bands


def placed(made: Consolidation) -> Placed:
    """Where everything of the progress table stands on its sheet."""
    return placed_of(progress_table(Figures(made), made.plan.views[0]), made.plan.language)


def group_of(part: Part) -> str:
    """The name of the group that a part is of."""
    return part.group.name.text if part.group.name else ""


def items_of(part: Part) -> list[str]:
    """The numbers of the items of a part."""
    return [one.item.rows[0][0].text for one in part.pieces]


def words_of(part: Part) -> list[str]:
    """What the bands above a part say."""
    return [words for words, _ in part.bands]


def test_a_group_longer_than_a_page_is_cut_between_items_and_named_again() -> None:
    items = tuple(replace(one, goal="目標", group="一つの項目") for one in asahikawa().items)
    made = asahikawa_round(plan=replace(asahikawa(), items=items))
    at = placed(made)

    assert [group_of(one) for one in at.parts] == ["一つの項目"] * len(at.parts)
    assert len(at.parts) == len(at.page_breaks()) + 1 > 1
    assert [number for part in at.parts for number in items_of(part)] == [one.id for one in items]
    assert at.page_breaks() == [part.pieces[0].row - 1 for part in at.parts[1:]]
    assert [words_of(part) for part in at.parts] == [["目標"], *[["目標（続き）"]] * (len(at.parts) - 1)]


def test_a_name_of_a_group_has_room_over_the_rows_that_it_is_merged_over() -> None:
    long = "文書事務の電子化並びに決裁・保存・検索に係る業務手順の見直し及び電子決裁基盤の庁内展開の推進"
    items = tuple(replace(one, group=long) if one.id == "A-16" else one for one in asahikawa().items)
    made = asahikawa_round(plan=replace(asahikawa(), items=items))
    at = placed(made)
    cut = tuple(replace(one, goal="目標", group=long * 4) for one in asahikawa().items)
    made = asahikawa_round(plan=replace(asahikawa(), items=cut))
    pages = placed(made)

    [alone] = [one for one in at.parts if group_of(one) == long]
    # 92 half-width characters in a column of 16, of which 14 can be written in: 7 lines
    assert items_of(alone) == ["A-16"]
    assert sum(alone.pieces[0].heights) >= 7 * 13.5
    assert len(pages.parts) > 1
    for part in pages.parts:
        assert sum(sum(one.heights) for one in part.pieces) >= min(27 * 13.5, 400)


def test_an_item_without_a_goal_stands_under_a_band_of_its_own() -> None:
    items = tuple(replace(one, goal="") if one.id == "A-05" else one for one in asahikawa().items)
    made = asahikawa_round(plan=replace(asahikawa(), items=items))
    at = placed(made)
    none = asahikawa_round(
        plan=replace(asahikawa(), items=tuple(replace(one, goal="") for one in asahikawa().items))
    )

    begun = [(part.bands[0][0], items_of(part)) for part in at.parts if part.bands]
    assert ("（目標なし）", ["A-05"]) in begun
    goal = "目標1 市民サービスの質の向上"
    assert [items for band, items in begun if band == goal] == [["A-01", "A-02", "A-03"]]
    assert not any(one.bands for one in placed(none).parts)


def test_every_page_begins_with_the_band_of_its_goal_and_none_ends_with_one(final: bytes) -> None:
    made = asahikawa_round()
    at = placed(made)
    bands = {one.row: one.bands[0][0] for one in at.parts if one.bands}

    assert [bands[row] for row in at.page_breaks()] == ["目標3 市役所業務のスリム化（続き）"]
    # the group that does not fit is cut: a page is left no emptier than a fifth
    page = at.paper.points * 100 / at.paper.scale
    sheet = opened(final)["総括表"]
    first = sum(sheet.row_dimensions[row].height or 15 for row in range(1, at.page_breaks()[0]))
    assert 0.7 * page < first < page


def test_a_page_that_begins_with_a_goal_begins_with_its_band() -> None:
    items = tuple(replace(one, goal=f"目標 {one.id}") for one in asahikawa().items)
    made = asahikawa_round(plan=replace(asahikawa(), items=items))
    at = placed(made)

    assert at.page_breaks()
    assert set(at.page_breaks()) <= {one.row for one in at.parts if one.bands}


def test_long_texts_get_the_room_they_need() -> None:
    made = asahikawa_round()
    rows = tuple(
        replace(one, values={**one.values, "done": "長い文章" * 100}) if one.item.id == "A-02" else one
        for one in made.rows
    )
    sheet = opened(summary_workbook(replace(made, rows=rows)))["総括表"]
    width = sheet.column_dimensions["E"].width

    # 400 full-width characters, two rows
    needed = 800 / width * 12
    assert sheet.row_dimensions[9].height * 2 >= needed
    assert sheet.row_dimensions[7].height < 40


def test_an_item_that_did_not_run_shows_a_dash() -> None:
    first, *rest = asahikawa().items
    made = asahikawa_round(plan=replace(asahikawa(), items=(replace(first, from_period="H25"), *rest)))
    sheet = opened(summary_workbook(made), values=True)["総括表"]

    assert [sheet.cell(7, at).value for at in (5, 9, 10)] == ["―", "―", "拡充"]


def test_a_table_of_very_many_items_holds_words_instead_of_look_ups(
    monkeypatch: pytest.MonkeyPatch, final: bytes
) -> None:
    monkeypatch.setattr(tables, "MOST_LOOKUPS", 100)
    book = opened(summary_workbook(asahikawa_round()))
    expected = opened(final, values=True)["総括表"]

    assert not [cell for sheet, cell in formulas(book) if sheet.title == "総括表"]
    assert [[cell.value for cell in line] for line in book["総括表"].iter_rows()] == [
        [cell.value for cell in line] for line in expected.iter_rows()
    ]


def test_a_list_shows_the_answers_of_the_period(sample: bytes) -> None:
    sheet = opened(sample, values=True)["一覧"]
    assert cells(sheet, "番号") == ["A-1", "A-2", "A-3", "A-4", "A-5"]
    assert cells(sheet, "決算額") == [95.25, 0, -1.5, 12, 7]
    assert cells(sheet, "実施日")[:2] == [datetime(2014, 5, 1), datetime(2015, 4, 1)]
    assert cells(sheet, "判定") == ["計画通り", "予算の不足", "計画通り", None, "計画通り"]


# --- 集計 -------------------------------------------------------------------------------------------


def test_measures_stand_together_by_their_groups_with_totals_where_a_sum_means_something() -> None:
    plan = asahikawa()
    found = {one.by: one for one in blocks(asahikawa_round(), plan.views[1])}

    assert list(found) == ["", "judgement", "goal"]
    assert [one.id for one in found[""].measures] == ["items", "no_reason"]
    assert [one.id for one in found["judgement"].measures] == ["by_judgement", "share_judgement"]
    assert [group.text for group in found["judgement"].groups] == [*MEASURED, "（空白）"]
    assert [group.text for group in found["goal"].groups] == list(
        dict.fromkeys(one.goal for one in plan.items)
    )
    summed = [one.id for one in plan.views[1].measures if additive(one)]
    assert summed == ["by_judgement", "share_judgement", "by_goal_on_plan", "by_goal_items"]
    assert found[""].total_row is None


def test_a_block_is_titled_by_what_its_groups_are(final: bytes) -> None:
    plan, sheet = asahikawa(), opened(final)["集計"]

    titles = {one.by: sheet.cell(one.top, 1).value for one in blocks(asahikawa_round(), plan.views[1])}
    assert titles == {"": "全体", "judgement": "判定別", "goal": "目標別"}


def test_totals_sum_the_groups(final: bytes) -> None:
    plan = asahikawa()
    sheet = opened(final, values=True)["集計"]
    block = blocks(asahikawa_round(), plan.views[1])[1]
    row, last = block.total_row, block.columns_of(block.measures[0])[1]
    assert row is not None

    assert (sheet.cell(row, 1).value, sheet.cell(row, last).value) == ("計", 30)
    assert sheet.cell(row, block.last_column).value == pytest.approx(1)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("COUNTIFS([a],GROUP(),[p],PERIOD())", True),
        ("COUNTIFS([a],GROUP())+SUMIFS([b],[a],GROUP())", True),
        ("COUNTIFS([a],GROUP())*100/COUNTIFS([p],PERIOD())", True),
        ("SUMIFS([b],[a],GROUP())*1000", True),
        ("1000*SUMIFS([b],[a],GROUP())", True),
        ("COUNTIFS([a],GROUP())/COUNTIFS([a],GROUP(),[p],PERIOD())", False),
        ("COUNTIFS([p],PERIOD())-COUNTIFS([a],GROUP())", False),
        ("AVERAGEIFS([b],[a],GROUP())", False),
        ("100", False),
    ],
)
def test_only_counts_sums_and_shares_of_one_whole_add_up(formula: str, expected: bool) -> None:
    assert additive(Measure("v", "m", "l", parse(formula), "a")) is expected


def test_the_heads_of_a_block_are_what_the_data_holds(sample: bytes) -> None:
    plan, book = sample_round().plan, opened(sample)
    sheet, data = book["集計"], book["データ"]
    periods = set(cells(data, "期間"))
    held = {
        "department": set(cells(data, "所管課")),
        "item": set(cells(data, "番号")),
        "period": periods,
        "actual": {*(one.value for one in plan.lists["status"]), "（空白）"},
    }
    found = blocks(sample_round(), plan.views[1])
    assert {one.by for one in found} == {"", *held}
    for block in found:
        for figure in block.figures():
            assert sheet.cell(*figure.period_head).value in periods
            if block.by:
                assert sheet.cell(figure.row, 1).value == figure.group
                assert figure.group in held[block.by]


def test_a_block_by_period_has_its_periods_as_rows(sample: bytes) -> None:
    plan = sample_round().plan
    sheet = opened(sample, values=True)["集計"]
    block = next(one for one in blocks(sample_round(), plan.views[1]) if one.by == "period")
    found = [
        [sheet.cell(row, at).value for at in (1, 2, 3)] for row in range(block.head_row, block.last_row + 1)
    ]

    assert found == [["期間", "項目数", "決算額"], ["平成25年度", 4, 140.5], ["平成26年度", 5, 112.75]]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "goal", "judgement", "period", "department", "item", "planned"]),
            st.booleans(),
        ),
        max_size=9,
    ),
    st.integers(0, 2),
)
def test_no_two_figures_share_a_cell_and_none_stands_on_a_head(
    wanted: list[tuple[str, bool]], at: int
) -> None:
    plan = asahikawa()
    measures = tuple(
        Measure(
            "statistics", f"m{number}", f"値{number}", parse("COUNTIFS([period],PERIOD())"), by, total=total
        )
        for number, (by, total) in enumerate(wanted)
    )
    view = replace(plan.views[1], measures=measures)
    period = plan.periods[at]
    plan = replace(plan, views=(view,))
    made = replace(asahikawa_round(), plan=plan, period=period)
    figures = figure_cells(made)
    found = blocks(made, view)

    assert len({one.cell for one in figures.values()}) == len(figures)
    heads = {one.period_head for one in figures.values()} | {(one.row, 1) for one in figures.values()}
    assert not heads & {(one.row, one.column) for one in figures.values()}
    for one, following in pairwise(found):
        assert one.end < following.top
    for block in found:
        for figure in block.figures():
            assert block.head_row < figure.row <= block.last_row
            assert 1 < figure.column <= block.last_column


# --- names -----------------------------------------------------------------------------------------


def test_a_view_named_like_a_sheet_of_the_summary_gets_another_name() -> None:
    views = (
        View("facts", "データ", ViewKind.LIST, "progress"),
        replace(asahikawa().views[1], id="st", title="表紙", measures=()),
    )
    made = asahikawa_round(plan=replace(asahikawa(), views=views))
    names = opened(summary_workbook(made)).sheetnames

    assert [sheet_of(made.plan, one) for one in views] == ["データ_fac", "表紙_st"]
    assert names == ["表紙", "データ_fac", "表紙_st", "データ", "受付状況", "検証結果", "_xlplan"]


def test_each_form_has_a_data_sheet_of_its_own(libreoffice: LibreOffice) -> None:
    plan = asahikawa()
    second = replace(
        plan.forms[0],
        id="money",
        title="決算",
        fields=tuple(replace(one, form="money") for one in plan.forms[0].fields),
    )
    counts = Measure("money", "n", "件数", parse("COUNTIFS([period],PERIOD())"))
    view = View("money", "決算表", ViewKind.STATISTICS, "money", (counts,))
    made = asahikawa_round(plan=replace(plan, forms=(*plan.forms, second), views=(*plan.views, view)))
    workbook = summary_workbook(made)

    assert {"データ", "データ_決算"} <= set(opened(workbook).sheetnames)
    assert opened(workbook, values=True)["決算表"]["D7"].value == 30
    assert "データ_決算[期間]" in opened(workbook)["決算表"]["D7"].value
    assert differing(workbook, libreoffice.recalculated(workbook)) == {}


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("要望", "データ_要望"),
        ("実施内容（時期・内容）", "データ_実施内容_時期_内容"),
        ("要望 2026", "データ_要望_2026"),
        ("①", "データ_2"),
        ("あ" * 31, "データ_" + "あ" * 27),
        ("𠮷" * 15, "データ_" + "𠮷" * 13),
        ("e\u0301te\u0301 か\u3099", "データ_\u00e9t\u00e9_が"),
        ("e\u0323\u0301x\u0301y", "データ_\u1eb9xy"),
        ("हिन्दी", "データ_हनद"),
        ("\u0301", "データ_2"),
    ],
)
def test_the_data_sheet_of_a_second_form_says_its_name(title: str, expected: str) -> None:
    plan = asahikawa()
    second = replace(plan.forms[0], id="second", title=title)
    view = View("second", "一覧", ViewKind.LIST, "second")
    tables = data_tables(replace(plan, forms=(*plan.forms, second), views=(*plan.views, view)))

    assert [one.name for one in tables.values()] == ["データ", expected]


def test_17_a_title_with_combining_marks_leaves_no_formula_without_its_value(
    libreoffice: LibreOffice,
) -> None:
    """The names of tables are read again where values are worked out: #NAME? was saved."""
    plan = asahikawa()
    second = replace(plan.forms[0], id="second", title="x\u0301 e\u0301te\u0301")
    view = View("second", "一覧", ViewKind.LIST, "second")
    made = asahikawa_round(plan=replace(plan, forms=(*plan.forms, second), views=(*plan.views, view)))

    workbook = summary_workbook(made)

    assert "データ_x_\u00e9t\u00e9" in opened(workbook).sheetnames
    assert differing(workbook, libreoffice.recalculated(workbook)) == {}


def test_two_forms_of_one_title_have_data_sheets_of_two_names() -> None:
    plan = asahikawa()
    more = [replace(plan.forms[0], id=f"f{at}", title=title) for at, title in enumerate(("要望", "要望。"))]
    views = [View(one.id, f"一覧{one.id}", ViewKind.LIST, one.id) for one in more]
    tables = data_tables(replace(plan, forms=(*plan.forms, *more), views=(*plan.views, *views)))

    assert [one.name for one in tables.values()] == ["データ", "データ_要望", "データ_3"]


def test_columns_that_the_office_filled_in_have_the_head_of_the_plan(final: bytes) -> None:
    sheet = opened(final)["データ"]
    fills = {cell.value: cell.fill.fgColor.rgb for cell in sheet[4]}

    assert fills["計画"] == fills["計画内容"] != fills["進捗"]
    assert "回答のファイルで書き換えられていても計画のまま" in str(sheet["A2"].value)


def test_a_plan_without_views_still_gives_its_records() -> None:
    made = asahikawa_round(plan=replace(asahikawa(), views=()))
    book = opened(summary_workbook(made))

    assert book.sheetnames == ["表紙", "データ", "受付状況", "検証結果", "_xlplan"]
    assert book["データ"].max_row == 94


def test_an_empty_register_says_that_nothing_was_found(final: bytes) -> None:
    assert opened(final)["検証結果"]["A5"].value == "指摘はありません。"


def test_the_same_round_gives_the_same_bytes(final: bytes) -> None:
    assert summary_workbook(asahikawa_round()) == final


def test_the_hidden_sheet_says_what_the_file_is(final: bytes, draft: bytes) -> None:
    def stamp(workbook: bytes) -> dict[object, object]:
        sheet = opened(workbook)["_xlplan"]
        return {sheet.cell(row, 1).value: sheet.cell(row, 2).value for row in range(1, 5)}

    assert stamp(final) == {
        "format": "xlplan-summary 1",
        "plan": "asahikawa",
        "period": "H26",
        "state": "final",
    }
    assert stamp(draft)["state"] == "draft"
    assert opened(final)["_xlplan"].sheet_state == "hidden"
    # the previous answer of an item that had none
    assert opened(final)["_xlplan"]["C1"].value is None


def test_the_small_plan_is_one_that_a_definition_can_hold() -> None:
    assert plan_of(SAMPLE_TABLES).views[1].measures[-1].by == "period"
