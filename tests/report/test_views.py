"""The status and schedule views: live over the data, their pages, their bars."""

import io
import re
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest
from figured import summary_workbook
from libreoffice import LibreOffice
from openpyxl.formatting.rule import Rule
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet
from plans import plan_of
from shown import SHOWN, long_round, round_of, shown_round
from summaries import differing, formulas, opened, shown, upside_down

from xlplan.language.eras import short_fiscal_year
from xlplan.model.form import Choice
from xlplan.model.view import View, ViewKind
from xlplan.report.render.xlsx import tables
from xlplan.report.render.xlsx.looks import PLAIN, shade
from xlplan.report.render.xlsx.placing import Part, Piece, Placed
from xlplan.report.render.xlsx.tables import placed_of
from xlplan.report.rows import Consolidation
from xlplan.report.shown import tones
from xlplan.report.tables import Answer, Role
from xlplan.report.views.schedule import schedule_table
from xlplan.report.views.status import status_table
from xlplan.report.working import Figures

NOBODY = "（施策に属さないもの）"


@pytest.fixture(scope="module")
def workbook() -> bytes:
    return summary_workbook(shown_round())


def table(sheet: Worksheet, first: int = 6) -> list[list[object]]:
    """The rows under the heads, as they show."""
    return [[cell.value for cell in line] for line in sheet.iter_rows(min_row=first)]


# --- both ------------------------------------------------------------------------------------------


def test_every_formula_has_the_value_that_libreoffice_works_out(
    libreoffice: LibreOffice, workbook: bytes
) -> None:
    books = [
        workbook,
        summary_workbook(shown_round(draft=True)),
        summary_workbook(shown_round(language="en")),
        summary_workbook(long_round(60, 40)),
    ]
    for book, judged in zip(books, libreoffice.all_recalculated(books), strict=True):
        for name in ("別表", "スケジュール"):
            assert sum(sheet.title == name for sheet, _ in formulas(opened(book))) > 20
        assert differing(book, judged) == {}


def test_sorting_the_data_changes_neither(libreoffice: LibreOffice, workbook: bytes) -> None:
    turned, _ = upside_down(workbook, "データ", "データ_実施内容")
    judged = libreoffice.recalculated(turned)
    cached = opened(workbook, values=True)
    for sheet, cell in formulas(opened(workbook)):
        if sheet.title in ("別表", "スケジュール"):
            ours = shown(cached[sheet.title][cell.coordinate].value)
            assert judged[sheet.title, cell.coordinate] == ours, f"{sheet.title}!{cell.coordinate}"


def test_a_draft_is_marked_on_both(workbook: bytes) -> None:
    draft, final = opened(summary_workbook(shown_round(draft=True))), opened(workbook)
    for name in ("別表", "スケジュール"):
        assert str(draft[name]["A1"].value) == f"【未確定（下書き）】{name}"
        assert "未確定" in str(draft[name].oddHeader.center.text)
        assert final[name]["A1"].value == name
        assert not final[name].oddHeader.center.text


def test_the_cover_says_what_each_is_for(workbook: bytes) -> None:
    cover = opened(workbook)["表紙"]
    about = {line[1].value: line[2].value for line in cover.iter_rows()}
    assert about["別表"] == "施策ごとに、全期間の状況を並べています。"
    assert about["スケジュール"] == "目標・計画項目ごとに、各年度の状況を帯で示しています。"


def test_the_cover_and_the_data_say_what_their_rows_are(workbook: bytes) -> None:
    book = opened(workbook)
    about = {line[1].value: str(line[2].value) for line in book["表紙"].iter_rows()}

    assert "1行が施策1件・1期間分です。" in about["データ"]
    assert "1行が、課が書き足した「実施内容」1件です。" in about["データ_実施内容"]
    assert book["データ_実施内容"]["A1"].value == "データ　実施内容"
    assert str(book["データ_実施内容"]["A2"].value).startswith("1行が、課が書き足した「実施内容」1件です。")


def test_a_list_of_added_rows_is_told_for_what_it_is() -> None:
    view = View("v", "要望の一覧", ViewKind.LIST, "news")
    cover = opened(summary_workbook(shown_round(views=(view,))))["表紙"]
    about = {line[1].value: line[2].value for line in cover.iter_rows()}

    assert about["要望の一覧"] == "25・26年度に書き足された「実施内容」を1件1行で並べています。"


def test_a_plan_in_english_has_no_japanese_heads_of_ours() -> None:
    book = opened(summary_workbook(shown_round(language="en")), values=True)
    assert [cell.value for cell in book["別表"][4]][:2] == ["id", "title"]
    assert book["別表"]["B16"].value == "(about no project)"
    assert [cell.value for cell in book["スケジュール"][5]][2:6] == ["2012", "2013", "2013", "2014"]
    assert book["スケジュール"]["B16"].value == "Key"


@pytest.mark.parametrize("name", ["別表", "スケジュール"])
def test_a_table_of_very_many_look_ups_holds_what_was_reported(
    monkeypatch: pytest.MonkeyPatch, workbook: bytes, name: str
) -> None:
    monkeypatch.setattr(tables, "MOST_LOOKUPS", 3)
    book = opened(summary_workbook(shown_round()))
    held = [cell.value for line in book[name].iter_rows() for cell in line]
    expected = [cell.value for line in opened(workbook, values=True)[name].iter_rows() for cell in line]

    assert not [cell for sheet, cell in formulas(book) if sheet.title == name]
    assert held == expected


# --- 別表 -------------------------------------------------------------------------------------------


def test_a_project_stands_over_all_periods_with_its_lines_beside_it(workbook: bytes) -> None:
    sheet = opened(workbook, values=True)["別表"]
    told = "本稼働（市民課と各支所の窓口で受け付けたものを含み、職員による代理の申請を除く）"

    assert table(sheet, first=4) == [
        ["番号", "計画内容", "当初計画スケジュール", None, None, "実施内容", None],
        [None, None, "24・25年度", "25・26年度", "27年度", "時期", "内容"],
        ["1", "電子申請", "○/◎", "◎", None, datetime(2012, 5, 1), "試行"],
        [None, None, None, None, None, datetime(2013, 2, 1), told],
        [None, None, None, None, None, datetime(2014, 4, 1), "=1+1 窓口を増やした"],
        ["2", "文書管理", "△", "△", None, None, None],
        ["3", SHOWN["items"].split("\n")[4].split(",")[3], "○", "○/◎", None, None, None],
        ["4", "会議室の予約", "他", None, None, None, None],
        ["5", "地図の公開", None, "○", None, None, None],
        ["6", "電子納付", "◎", None, None, None, None],
        ["7", "用途地域の照会", None, None, None, None, None],
        ["8", "庁内放送", None, "他", None, None, "始めた"],
        [None, NOBODY, None, None, None, datetime(2014, 5, 1), "研修"],
        [None, None, None, None, None, None, "要望"],
    ]


def test_number_title_and_periods_are_merged_down_over_the_lines(workbook: bytes) -> None:
    merged = {str(one) for one in opened(workbook)["別表"].merged_cells.ranges}

    assert merged == {
        *("A4:A5", "B4:B5", "C4:E4", "F4:G4"),
        *(f"{one}6:{one}8" for one in "ABCDE"),
        *(f"{one}16:{one}17" for one in "ABCDE"),
    }


def test_every_cell_of_a_project_is_a_formula_and_every_line_is_found_by_its_number(workbook: bytes) -> None:
    sheet = opened(workbook)["別表"]
    texts = [str(cell.value) for line in sheet["C6:E6"] for cell in line]
    lines = [str(sheet[f"G{row}"].value) for row in (6, 7, 8)]

    assert [re.findall(r"MATCH\((.*?),データ", text)[0] for text in texts] == [
        '"P24|"&$A$6',
        '"P25|"&$A$6',
        '"P27|"&$A$6',
    ]
    assert [re.findall(r"MATCH\((.*?),データ_実施内容", text)[0] for text in lines] == [
        '$A$6&"|1"',
        '$A$6&"|2"',
        '$A$6&"|3"',
    ]


def test_a_month_is_shown_as_its_type_has_it_and_symbols_are_large_and_in_the_middle(workbook: bytes) -> None:
    book = opened(workbook)
    sheet, data = book["別表"], book["データ_実施内容"]
    when = next(cell for cell in data[4] if cell.value == "時期")
    assert sheet["F6"].number_format == data.cell(5, when.column).number_format
    assert sheet["F6"].number_format != "General"
    assert sheet["C6"].font.size > sheet["B6"].font.size
    assert (sheet["C6"].alignment.horizontal, sheet["C6"].alignment.vertical) == ("center", "center")


def test_words_in_the_periods_are_not_set_large() -> None:
    made = shown_round()
    lists = {"cell": tuple(replace(one, value=one.value * 4) for one in made.plan.lists["cell"])}
    sheet = opened(summary_workbook(shown_round(lists=lists)))["別表"]
    assert sheet["C6"].font.size == sheet["B6"].font.size


def test_without_lines_each_project_has_one_row_and_nothing_beside_it() -> None:
    view = View("v", "別表", ViewKind.STATUS, "progress")
    sheet = opened(summary_workbook(shown_round(views=(view,))), values=True)["別表"]

    assert [cell.value for cell in sheet[4]] == ["番号", "計画内容", "区分", None, None]
    assert [line[0] for line in table(sheet)] == ["1", "2", "3", "4", "5", "6", "7", "8"]


def test_a_form_of_lines_that_nobody_filled_leaves_blank_cells(libreoffice: LibreOffice) -> None:
    made = shown_round()
    none = replace(made, rows=tuple(one for one in made.rows if one.form == "progress"))
    book = summary_workbook(none)

    assert len(table(opened(book)["別表"])) == 8
    assert differing(book, libreoffice.recalculated(book)) == {}


def test_one_field_beside_a_project_has_the_name_of_its_form() -> None:
    view = View("v", "別表", ViewKind.STATUS, "progress", options={"lines": "news", "line": "what"})
    sheet = opened(summary_workbook(shown_round(views=(view,))))["別表"]
    assert sheet["F4"].value == "実施内容"
    assert "F4:F5" in {str(one) for one in sheet.merged_cells.ranges}


def test_a_page_begins_with_a_project_named_in_the_breaks(workbook: bytes) -> None:
    sheet = opened(workbook)["別表"]
    assert [one.id + 1 for one in sheet.row_breaks.brk] == [12]
    assert sheet["A12"].value == "5"
    # Excel ignores the breaks of a sheet that it fits to pages by itself
    assert not sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$4:$5"


def test_a_break_before_the_first_project_makes_no_empty_page() -> None:
    view = View("v", "別表", ViewKind.STATUS, "progress", options={"breaks": "1"})
    assert placed(shown_round(), view).page_breaks() == []


def placed(made: Consolidation, view: View) -> Placed:
    """Where everything of a view stands on its sheet."""
    table = status_table if view.kind is ViewKind.STATUS else schedule_table
    return placed_of(table(Figures(made), view), made.plan.language)


def status_of(made: Consolidation) -> Placed:
    return placed(made, made.plan.views[0])


def number_of(piece: Piece) -> str:
    """The number of the item that a piece is of."""
    return piece.item.rows[0][0].text


def pieces_of(at: Placed) -> list[tuple[Part, Piece]]:
    """Every piece with its part."""
    return [(part, piece) for part in at.parts for piece in part.pieces]


def test_pages_break_between_projects_and_a_longer_one_is_cut_between_its_lines() -> None:
    at = status_of(long_round(60, 5))
    assert [len(one.heights) for _, one in pieces_of(at)] == [5, *[1] * 59]
    assert len(at.page_breaks()) > 1

    long = status_of(long_round(60, 80))
    pieces = pieces_of(long)
    first = [(part, one) for part, one in pieces if number_of(one) == "1"]
    assert len(first) > 2
    lines = [cell.source for _, one in first for _, column, cell in one.cells if column == 7]
    assert [one.row.line for one in lines if isinstance(one, Answer)] == list(range(1, 81))
    assert [part.begins for part, _ in first] == [False, *[True] * (len(first) - 1)]
    # number, title and periods stand again on each page
    for _, one in first:
        again = [(row, cell.rows) for row, column, cell in one.cells if column <= 5]
        assert again == [(one.row, len(one.heights))] * 5
    for (_, one), (_, following) in pairwise(pieces):
        assert following.row == one.last_row + 1


def test_a_long_title_gets_its_room_over_all_its_rows() -> None:
    plan = shown_round().plan
    items = tuple(replace(one, title=one.title * 12) for one in plan.items)
    at = status_of(round_of(replace(plan, items=items)))
    rows = {number_of(one): one for _, one in pieces_of(at)}
    assert sum(rows["1"].heights) > 50
    assert rows["3"].heights[0] > 150


def test_the_printed_pages_are_those_that_were_planned(libreoffice: LibreOffice, tmp_path: Path) -> None:
    made = long_round(60, 40)
    at, plan = status_of(made), placed(made, made.plan.views[1])
    pages = printed(libreoffice, summary_workbook(made), tmp_path)
    for name, breaks in (("別表", at.page_breaks()), ("スケジュール", plan.page_breaks())):
        mine = [one for one in pages if re.search(rf"xlsx\s+{name}\s", one)]
        assert breaks
        assert len(mine) == len(breaks) + 1
        assert all("計画内容" in one for one in mine)
    starts = [one.item.rows[0][1].text for part, one in pieces_of(at) if part.begins]
    mine = [one for one in pages if re.search(r"xlsx\s+別表\s", one)]
    for title, page in zip(starts, mine[1:], strict=True):
        assert title in page.split()
    assert "内容" in mine[0]
    assert "実施内容" in mine[-1]


def printed(libreoffice: LibreOffice, workbook: bytes, folder: Path) -> Sequence[str]:
    """The text of each page, as LibreOffice prints the workbook."""
    [pdf] = libreoffice.converted([workbook], "pdf")
    (folder / "book.pdf").write_bytes(pdf)
    said = subprocess.run(
        ["pdftotext", "-layout", str(folder / "book.pdf"), "-"], check=True, capture_output=True, text=True
    )
    return said.stdout.split("\f")[:-1]


def test_a_list_shows_the_lines_that_departments_added(libreoffice: LibreOffice) -> None:
    book = summary_workbook(shown_round(views=(View("v", "名簿", ViewKind.LIST, "news"),)))

    assert [line[-3:] for line in table(opened(book, values=True)["名簿"], first=5)] == [
        ["1 電子申請", datetime(2014, 4, 1), "=1+1 窓口を増やした"],
        [None, datetime(2014, 5, 1), "研修"],
        [None, None, "要望"],
        ["8 庁内放送", None, "始めた"],
    ]
    assert differing(book, libreoffice.recalculated(book)) == {}


# --- スケジュール ------------------------------------------------------------------------------------


def test_projects_stand_under_goal_and_group_against_the_years_of_each_period(workbook: bytes) -> None:
    sheet = opened(workbook, values=True)["スケジュール"]
    three = SHOWN["items"].split("\n")[4].split(",")[3]

    # 4 and 8 have no goal, 7 has not begun; 6 ended with the first of the two periods
    assert table(sheet, first=4)[:11] == [
        ["番号", "計画内容", "24・25年度", None, "25・26年度", None, "備考"],
        [None, None, "平成\n24", "25", "平成\n25", "26", None],
        ["第1章", None, None, None, None, None, None],
        ["窓口", None, None, None, None, None, None],
        ["1", "電子申請", "○/◎", "○/◎", "◎", "◎", "継続検討"],
        ["3", three, "○", "○", "○/◎", "○/◎", "=拡大"],
        ["6", "電子納付", "◎", "◎", None, None, None],
        ["庁内", None, None, None, None, None, None],
        ["2", "文書管理", "△", "△", "△", "△", None],
        ["第2章", None, None, None, None, None, None],
        ["5", "地図の公開", None, None, "○", "○", None],
    ]


def test_a_bar_says_what_it_is_in_the_first_year_of_its_period_only(workbook: bytes) -> None:
    sheet = opened(workbook)["スケジュール"]
    assert [sheet[f"{one}8"].number_format for one in "CDEF"] == ["General", ";;;", "General", ";;;"]
    assert all(str(sheet[f"{one}8"].value).startswith("=") for one in "CDEFG")


def shade_of(sheet: Worksheet, address: str, value: object) -> PatternFill | None:
    """The fill that a cell of this value has, by the sheet's conditional formats."""
    rules = sorted(
        (rule.priority, rule)
        for area in sheet.conditional_formatting
        if address in area.cells
        for rule in area.rules
    )
    for _, rule in rules:
        if rule.type == "cellIs" and rule.formula == [f'"{value}"']:
            return filled(rule)
        if rule.type == "expression" and value:
            return filled(rule)
    return None


def filled(rule: Rule) -> PatternFill:
    """The fill that a conditional format gives."""
    assert isinstance(rule.dxf.fill, PatternFill)
    return rule.dxf.fill


def test_bars_and_legend_have_the_shade_of_what_they_say(workbook: bytes) -> None:
    sheet = opened(workbook)["スケジュール"]
    legend = {sheet.cell(16 + at // 4, 3 + at % 4).value: (16 + at // 4, 3 + at % 4) for at in range(5)}
    assert list(legend) == ["○", "○/◎", "◎", "△", "他"]
    fills = {value: shade_of(sheet, sheet.cell(*at).coordinate, value) for value, at in legend.items()}

    triangle = shade_of(sheet, "C8", "△")
    assert triangle
    assert triangle.patternType == "lightUp"
    for value, fill in fills.items():
        assert fill == shade_of(sheet, "C8", value) == shade_of(sheet, "F14", value)
    assert len({str(one) for one in fills.values()}) == 5
    # what the list does not know is seen all the same; nothing is nothing
    assert shade_of(sheet, "C8", "？") == fills["他"]
    assert shade_of(sheet, "C8", "") is None
    assert shade_of(sheet, "B8", "○") is None


def explained() -> Consolidation:
    """The plan to show, whose signs have meanings."""
    said = {"○": "始めた", "○/◎": "始めて、終えた", "△": "始めていない"}
    made = shown_round()
    cell = tuple(replace(one, meaning=said.get(one.value, "")) for one in made.plan.lists["cell"])
    return replace(made, plan=replace(made.plan, lists={**made.plan.lists, "cell": cell}))


def test_what_the_signs_mean_stands_above_the_status_table_and_beside_the_legend(workbook: bytes) -> None:
    book = opened(summary_workbook(explained()))
    states, plan = book["別表"], book["スケジュール"]
    legend = [[plan.cell(row, at).value for at in (1, 2, 3)] for row in range(16, 21)]

    assert states["A3"].value == "凡例　○：始めた　○/◎：始めて、終えた　△：始めていない"
    assert "A3:G3" in {str(one) for one in states.merged_cells.ranges}
    assert legend == [
        ["凡例", "始めた", "○"],
        [None, "始めて、終えた", "○/◎"],
        [None, None, "◎"],
        [None, "始めていない", "△"],
        [None, None, "他"],
    ]
    assert opened(workbook)["別表"]["A3"].value is None


def test_room_for_what_the_signs_mean_is_planned_on_the_first_page() -> None:
    made = long_round(60, 1)
    cell = tuple(replace(one, meaning="長い説明" * 40) for one in made.plan.lists["cell"])
    more = replace(made, plan=replace(made.plan, lists={**made.plan.lists, "cell": cell}))
    view = replace(made.plan.views[0], options={"lines": "news"})
    more = replace(more, plan=replace(more.plan, views=(view,)))
    before, table = placed(made, view), placed(more, view)
    height = opened(summary_workbook(more))["別表"].row_dimensions[3].height

    assert height == pytest.approx(table.legend_height, abs=0.5)
    assert height >= 5 * 320 / sum(table.widths) * 13.5
    assert table.page_breaks()[0] < before.page_breaks()[0]


def test_meanings_are_read_and_a_round_that_has_begun_stays_as_issued() -> None:
    lines = SHOWN["choices"].strip().split("\n")
    said = [f"{lines[0]},meaning", f"{lines[1]},始めた", *(f"{one}," for one in lines[2:])]
    with_words, without = plan_of({**SHOWN, "choices": "\n".join(said)}), plan_of(SHOWN)

    assert [one.meaning for one in with_words.lists["cell"]] == ["始めた", "", "", "", ""]
    # what is issued is known by this
    assert repr(with_words.lists) == repr(without.lists)


def test_a_changed_value_in_the_data_changes_the_bar(libreoffice: LibreOffice, workbook: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    data = book["データ"]
    heads = {cell.value: cell.column for cell in data[4]}
    row = next(
        row
        for row in range(5, data.max_row + 1)
        if (data.cell(row, 1).value, data.cell(row, heads["番号"]).value) == ("25・26年度", "5")
    )
    data.cell(row, heads["区分"]).value = "◎"
    stream = io.BytesIO()
    book.save(stream)
    judged = libreoffice.recalculated(stream.getvalue())
    assert [judged["スケジュール", f"{one}14"] for one in "CDEF"] == ["", "", "◎", "◎"]
    assert judged["別表", "D12"] == "◎"


def test_shades_go_from_hatched_through_light_to_dark_with_letters_that_can_be_read() -> None:
    choices = [
        Choice("d", 4),
        Choice("a", 1),
        Choice("c", 3),
        Choice("b", 2),
        Choice("none"),
        Choice("c2", 3),
    ]
    found = {value: shade(tone) for value, tone in tones(choices).items()}

    def light(value: str, part: str = "bg_color") -> float:
        colour = str(found[value][part])
        red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
        return 0.299 * red + 0.587 * green + 0.114 * blue

    assert found["a"]["pattern"]
    assert light("b") > light("c") + 40 > light("d") + 80
    assert found["c"] == found["c2"]
    assert found["none"] == PLAIN
    for one in "bcd":
        assert abs(light(one) - light(one, "font_color")) > 80
    assert [shade(tone) for tone in tones([Choice("x", 1), Choice("y", 1)]).values()] == [PLAIN, PLAIN]


def test_the_last_two_periods_are_shown_where_none_are_named() -> None:
    view = View("v", "工程表", ViewKind.SCHEDULE, "progress")
    at = schedule_table(Figures(shown_round(views=(view,))), view)
    assert [one.text for one in at.heads[0][2:]] == ["24・25年度", "25・26年度"]
    later = replace(view, options={"periods": "P27,P25"})
    at = schedule_table(Figures(shown_round(views=(later,))), later)
    years = [one.id for one in at.columns if one.role is Role.BAR]
    assert list(zip(years, [one.text for one in at.heads[1]], strict=True)) == [
        ("P25:2013", "平成\n25"),
        ("P25:2014", "26"),
        ("P27:2015", "平成\n27"),
    ]
    assert [row[0].text for row in at.rows()] == ["1", "3", "2", "5", "7"]


def test_a_schedule_of_numbers_has_bars_of_one_shade_and_no_legend(libreoffice: LibreOffice) -> None:
    view = View("v", "工程表", ViewKind.SCHEDULE, "progress", options={"cells": "cost"})
    book = summary_workbook(shown_round(views=(view,)))
    sheet = opened(book)["工程表"]
    assert sheet.max_row == 14
    assert shade_of(sheet, "C8", 10) is not None
    assert opened(book, values=True)["工程表"]["C8"].value == 10
    assert differing(book, libreoffice.recalculated(book)) == {}


def test_a_plan_without_goals_has_an_empty_schedule(libreoffice: LibreOffice) -> None:
    plan = shown_round().plan
    items = tuple(replace(one, goal="") for one in plan.items)
    book = summary_workbook(round_of(replace(plan, items=items)))
    assert differing(book, libreoffice.recalculated(book)) == {}
    assert opened(book)["スケジュール"]["C7"].value == "○"


@pytest.mark.parametrize("size", range(1, 9))
def test_no_page_ends_with_a_band(size: int) -> None:
    made = long_round(150, 1)
    items = tuple(replace(one, group=f"節{number // size}") for number, one in enumerate(made.plan.items))
    group_of = {one.id: (one.goal, one.group) for one in items}
    at = placed(replace(made, plan=replace(made.plan, items=items)), made.plan.views[1])
    pages = [one for one in at.parts if one.begins]
    assert len(pages) > 2
    # a part has its bands above an item, and nothing stands between it and the one before
    assert all(one.pieces for one in at.parts)
    for one, following in pairwise(at.parts):
        assert one.last_row + 1 == following.row == following.pieces[0].row - len(following.bands)
    # where a page goes on, its goal and group are named again
    for one in at.parts:
        if one.begins:
            named = [words for words, _ in one.bands]
            goal, group = group_of[number_of(one.pieces[0])]
            assert named in (
                [goal, group],
                [f"{goal}（続き）", group],
                [f"{goal}（続き）", f"{group}（続き）"],
            )


@pytest.mark.parametrize(
    ("year", "calendar", "language", "expected"),
    [
        (2014, "wareki", "ja", ("平成", "26")),
        (2019, "wareki", "ja", ("平成", "31")),
        (2020, "wareki", "ja", ("令和", "2")),
        (2014, "wareki", "en", ("H", "26")),
        (2014, "western", "ja", ("", "2014")),
        (2014, "western", "en", ("", "2014")),
    ],
)
def test_a_year_in_a_narrow_head(year: int, calendar: str, language: str, expected: tuple[str, str]) -> None:
    assert short_fiscal_year(year, calendar, language) == expected


def test_an_era_that_begins_is_named() -> None:
    plan = shown_round().plan
    periods = (*plan.periods[:1], replace(plan.periods[1], first_year=2018, last_year=2020), plan.periods[2])
    view = View("v", "工程表", ViewKind.SCHEDULE, "progress", options={"periods": "P25"})
    made = round_of(replace(plan, periods=periods, views=(view,), fiscal_year_start=5))
    assert [one.text for one in schedule_table(Figures(made), view).heads[1]] == ["平成\n30", "令和\n元", "2"]
