"""Tables of cells: what each view says, apart from how it is rendered."""

import ast
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from measured import measured_round
from shown import shown_round
from summaries import asahikawa_round, sample_round, sent_back

from xlplan.formula.engine import parse
from xlplan.formula.numberformats import number_text
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding
from xlplan.model.form import Choice
from xlplan.model.view import View, ViewKind
from xlplan.report.columns import STATE
from xlplan.report.document import document_of
from xlplan.report.figures import Figure
from xlplan.report.render.xlsx.statistics import chart_rows, standings
from xlplan.report.rows import Consolidation, RowState
from xlplan.report.shown import tones
from xlplan.report.tables import (
    UNSEEN,
    Answer,
    Cell,
    Chart,
    Count,
    Document,
    Role,
    Section,
    Table,
    TableItem,
    Tone,
)
from xlplan.report.views.lists import list_table
from xlplan.report.views.progress import progress_table
from xlplan.report.views.registers import findings_section, returns_section
from xlplan.report.views.schedule import schedule_table
from xlplan.report.views.statistics import statistics_blocks
from xlplan.report.views.status import status_table
from xlplan.report.working import Figures

REPORT = Path(__file__).parents[2] / "xlplan" / "report"
NEUTRAL = sorted(
    [REPORT / "tables.py", REPORT / "shown.py", REPORT / "document.py", *(REPORT / "views").glob("*.py")]
)


def said(cells: Iterable[Cell]) -> list[str]:
    """The texts of cells."""
    return [one.text for one in cells]


def rows_of(table: Table) -> list[list[str]]:
    """The texts of every row below the heads."""
    return [said(row) for row in table.rows()]


def roles_of(row: Sequence[Cell]) -> str:
    """The roles of a row, in short."""
    return " ".join(one.role for one in row)


def bands_of(table: Table) -> list[tuple[int, str, list[str]]]:
    """Each band with its level, its words and the numbers of its items."""
    return [
        (
            band.level,
            band.words,
            [one.rows[0][0].text for group in band.groups for one in group.items],
        )
        for band in table.bands
    ]


def source_of(cell: Cell) -> tuple[str, str, str, int]:
    """Period, item, column and line of the answer that a cell shows."""
    assert isinstance(cell.source, Answer)
    row = cell.source.row
    return row.period.id, row.item.id, cell.source.name, row.line


# --- what holds for all ----------------------------------------------------------------------------


def documents() -> list[Document]:
    """Summaries of every kind of view, final and as drafts."""
    lists = View("v", "名簿", ViewKind.LIST, "news")
    return [
        document_of(one, Figures(one))
        for one in (
            asahikawa_round(),
            sample_round(),
            sample_round(draft=True),
            measured_round(),
            shown_round(),
            shown_round(draft=True, language="en"),
            shown_round(views=(lists,)),
        )
    ]


@pytest.mark.parametrize("path", NEUTRAL, ids=lambda path: path.name)
def test_model_and_views_know_neither_library_nor_page(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    imported = [
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in [*(alias.name for alias in node.names), getattr(node, "module", None) or ""]
    ]
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}

    assert [name for name in imported if re.search("xlsxwriter|spreadsheet|render", name)] == []
    assert [name for name in names if re.search("paper|page|height|points|freeze|margin", name.lower())] == []


def shape_of(rows: Sequence[Sequence[Cell]], columns: int, named: int | None = None) -> list[list[int]]:
    """How often each place of some rows is covered."""
    found = [[int(at == named) for at in range(columns)] for _ in rows]
    for row, cells in enumerate(rows):
        column = 0
        for cell in cells:
            while found[row][column]:
                column += 1
            for down in range(cell.rows):
                for along in range(cell.columns):
                    found[row + down][column + along] += 1
    return found


def test_every_row_has_a_cell_for_each_column() -> None:
    for document in documents():
        for section in document.sections:
            for table in (one for one in section.blocks if isinstance(one, Table)):
                wide = len(table.columns)
                assert shape_of(table.heads, wide) == [[1] * wide] * len(table.heads), table.id
                for band in table.bands:
                    for group in band.groups:
                        named = group.column if group.name else None
                        for item in group.items:
                            assert shape_of(item.rows, wide, named) == [[1] * wide] * len(item.rows)
                assert shape_of(table.totals, wide) == [[1] * wide] * len(table.totals)


def test_every_value_has_a_text_and_every_text_a_value() -> None:
    for document in documents():
        for section in document.sections:
            for table in (one for one in section.blocks if isinstance(one, Table)):
                for cell in (one for row in table.rows() for one in row):
                    if cell.format != UNSEEN:
                        said = "" if cell.note else cell.text  # a dash, with the reason why there is no value
                        assert (cell.value is None) == (said == ""), (table.id, cell)


def test_a_cell_that_shows_an_answer_says_which() -> None:
    made = shown_round()
    for section in document_of(made, Figures(made)).sections:
        for block in section.blocks:
            for cell in (one for row in block.rows() for one in row) if isinstance(block, Table) else ():
                if isinstance(cell.source, Answer):
                    assert cell.source.row.values.get(cell.source.name) == cell.value
                if cell.role in (Role.SIGN, Role.BAR) and cell.text:
                    assert isinstance(cell.source, Answer)


# --- progress --------------------------------------------------------------------------------------


def test_progress_sets_plan_and_answer_above_each_other_under_goal_and_group() -> None:
    made = sample_round()
    table = progress_table(Figures(made), made.plan.views[0])
    [first, *_] = table.items()

    assert [one.id for one in table.columns] == [
        *("item", "group", "title", "summary"),
        *("done:H25", "done:H26", "note:H25", "note:H26", "label", "H25", "H26"),
    ]
    assert [said(row) for row in table.heads] == [
        [
            *("番号", "計画項目", "計画内容", "概要"),
            *("平成25年度実施内容", "平成26年度実施内容", "平成25年度補足", "平成26年度補足"),
            "年次計画／進捗／決算額／増減, [千円]／判定",
        ],
        ["", "平成25年度", "平成26年度"],
    ]
    assert bands_of(table) == [(1, "目標1", ["A-1", "A-2"]), (1, "目標2", ["A-3", "A-4", "A-5"])]
    assert [group.name.text for band in table.bands for group in band.groups if group.name] == [
        "手続",
        "道路",
    ]
    over = ["A-1", "電子申請の拡充", "手続を増やす。", "申請の手引を作った。", "全部の手続を\n電子化した。"]
    assert said(first.rows[0])[:5] == over
    assert [said(row)[-3:] for row in first.rows][:3] == [
        ["計画", "検討", "実施"],
        ["進捗", "一部実施", "実施"],
        ["決算額", "90", "95.25"],
    ]
    assert [one.rows for one in first.rows[0]] == [5] * 7 + [1] * 3
    assert roles_of(first.rows[1]) == "label answer answer"
    assert [one.strong for one in first.rows[1]] == [False, True, True]
    assert source_of(first.rows[1][2]) == ("H26", "A-1", "actual", 0)
    assert first.rows[1][2].tone == tones(made.plan.lists["status"])["実施"]
    assert first.rows[2][2].format == made_format(made, "spent")
    assert table.fixed == 3


def made_format(made: Consolidation, name: str) -> str:
    """The number format of a field in the sheets of a summary."""
    book = progress_table(Figures(made), replace(made.plan.views[0], options={"rows": name}))
    return next(one.format for row in book.rows() for one in row if isinstance(one.source, Answer))


def test_an_item_that_did_not_run_has_dashes_without_source() -> None:
    made = sample_round()
    table = progress_table(Figures(made), made.plan.views[0])
    last = list(table.items())[-1]
    dashes = [one for row in last.rows for one in row if one.role is Role.ABSENT]

    assert len(dashes) == 2 + 5
    assert {(one.text, one.value, one.source, one.tone) for one in dashes} == {("―", "―", None, None)}


def test_a_draft_says_beside_each_project_how_its_answer_stands() -> None:
    error = Finding(
        FindingCode.REQUIRED_TEXT, department="D01", form="progress", item="A-01", field="done", period="H26"
    )
    made = asahikawa_round({"D01": sent_back("D01", error), "D03": None})
    table = progress_table(Figures(made), made.plan.views[0])
    states = {row[0].text: row[-1] for row in (one.rows[0] for one in table.items())}
    by_state = {one.text: one.tone for one in states.values()}

    assert table.columns[-1].role is Role.STATE
    assert states["A-01"].rows == 2
    assert source_of(states["A-01"]) == ("H26", "A-01", STATE, 0)
    assert {one.source.row.state for one in states.values() if isinstance(one.source, Answer)} == {
        *(RowState.FAULTY, RowState.SENT_BACK, RowState.OPEN, RowState.ACCEPTED)
    }
    assert sorted(str(one.step if one else None) for one in by_state.values()) == ["1", "2", "3", "None"]
    assert all(one is None or one.again for one in by_state.values())


# --- status ----------------------------------------------------------------------------------------


def test_status_shows_every_period_of_a_project_and_its_lines_beside_it() -> None:
    made = shown_round()
    table = status_table(Figures(made), made.plan.views[0])
    first, second, *_, nobody = table.items()

    assert said(table.heads[0]) == ["番号", "計画内容", "当初計画スケジュール", "実施内容"]
    assert said(table.heads[1]) == ["24・25年度", "25・26年度", "27年度", "時期", "内容"]
    assert [said(row) for row in first.rows] == [
        ["1", "電子申請", "○/◎", "◎", "", "平成24年5月", "試行"],
        ["平成25年2月", "本稼働（市民課と各支所の窓口で受け付けたものを含み、職員による代理の申請を除く）"],
        ["平成26年4月", "=1+1 窓口を増やした"],
    ]
    assert roles_of(first.rows[0]) == "number name sign sign sign answer text"
    assert [one.rows for one in first.rows[0]] == [3] * 5 + [1, 1]
    assert first.rows[0][5].value == date(2012, 5, 1)
    assert source_of(first.rows[0][3]) == ("P25", "1", "cell", 0)
    assert source_of(first.rows[2][1]) == ("P25", "1", "what", 3)
    assert [one.tone for one in first.rows[0][2:5]] == [Tone(2, 4), Tone(3, 4), None]
    # a period to come may be answered one day
    assert source_of(first.rows[0][4]) == ("P27", "1", "cell", 0)
    assert said(second.rows[0]) == ["2", "文書管理", "△", "△", "", "", ""]
    assert second.rows[0][5].source is None
    assert [said(row) for row in nobody.rows] == [
        ["", "（施策に属さないもの）", "", "", "", "平成26年5月", "研修"],
        ["", "要望"],
    ]
    assert all(one.cut for one in table.items())
    assert [one.rows[0][0].text for one in table.items() if one.begins] == ["5"]
    assert table.legend == ()


def test_the_legend_of_a_status_table_has_the_signs_that_are_explained() -> None:
    made = shown_round()
    cell = tuple(
        replace(one, meaning="始めた" if one.value == "○" else "") for one in made.plan.lists["cell"]
    )
    plan = replace(made.plan, lists={**made.plan.lists, "cell": cell})
    [line] = status_table(Figures(replace(made, plan=plan)), plan.views[0]).legend

    assert (line.word, line.meaning, line.tone) == ("○", "始めた", Tone(1, 4))


# --- schedule --------------------------------------------------------------------------------------


def test_a_schedule_has_bars_that_say_what_they_are_in_their_first_year() -> None:
    made = shown_round()
    table = schedule_table(Figures(made), made.plan.views[1])
    first = next(table.items()).rows[0]

    assert bands_of(table) == [
        (1, "第1章", []),
        (2, "窓口", ["1", "3", "6"]),
        (2, "庁内", ["2"]),
        (1, "第2章", ["5"]),
    ]
    assert [(one.text, one.columns, one.rows) for one in table.heads[0]] == [
        *(("番号", 1, 2), ("計画内容", 1, 2)),
        *(("24・25年度", 2, 1), ("25・26年度", 2, 1), ("備考", 1, 2)),
    ]
    assert said(table.heads[1]) == ["平成\n24", "25", "平成\n25", "26"]
    assert roles_of(first) == "number name bar bar bar bar text"
    assert said(first) == ["1", "電子申請", "○/◎", "", "◎", "", "継続検討"]
    assert [one.value for one in first[2:6]] == ["○/◎", "○/◎", "◎", "◎"]
    assert [one.format for one in first[2:6]] == ["", UNSEEN, "", UNSEEN]
    assert [one.tone for one in first[2:6]] == [Tone(2, 4), Tone(2, 4), Tone(3, 4), Tone(3, 4)]
    assert source_of(first[5]) == ("P25", "1", "cell", 0)
    assert [(one.word, one.tone) for one in table.legend] == [
        *(("○", Tone(1, 4)), ("○/◎", Tone(2, 4)), ("◎", Tone(3, 4)), ("△", Tone(0, 4)), ("他", Tone()))
    ]
    assert table.legend_note


def test_a_bar_of_something_without_choices_has_a_tone_without_rank() -> None:
    view = View("v", "工程表", ViewKind.SCHEDULE, "progress", options={"cells": "cost"})
    made = shown_round(views=(view,))
    [first, second, *_] = next(schedule_table(Figures(made), view).items()).rows[0][2:]

    assert (first.text, first.value, first.tone, second.text) == ("10", 10, Tone(), "")


# --- list ------------------------------------------------------------------------------------------


def test_a_list_has_a_row_for_each_answer_of_the_round() -> None:
    made = sample_round(draft=True)
    view = next(one for one in made.plan.views if one.kind is ViewKind.LIST)
    table = list_table(Figures(made), view)
    heads, [first, *_] = said(table.heads[0]), list(table.rows())
    of_first = dict(zip(heads, first, strict=True))

    assert heads[:5] == ["番号", "計画項目", "計画内容", "所管課", "回答の状態"]
    assert [row[0].text for row in table.rows()] == ["A-1", "A-2", "A-3", "A-4", "A-5"]
    assert (of_first["決算額"].text, of_first["決算額"].value) == ("95.25", 95.25)
    assert of_first["決算額"].role is Role.QUANTITY
    assert (of_first["実施日"].text, of_first["実施日"].value) == ("平成26年5月1日", date(2014, 5, 1))
    assert of_first["実施日"].role is Role.ANSWER
    assert source_of(of_first["進捗"]) == ("H26", "A-1", "actual", 0)
    assert of_first["回答の状態"].role is Role.STATE


# --- statistics ------------------------------------------------------------------------------------


def tables_of(made: Consolidation) -> dict[str, Table]:
    """The tables of the statistics of a round by their captions."""
    view = next(one for one in made.plan.views if one.kind is ViewKind.STATISTICS)
    return {one.caption: one for one in statistics_blocks(Figures(made), view) if isinstance(one, Table)}


def test_statistics_set_groups_against_periods_with_totals() -> None:
    whole, by_goal, by_period = tables_of(measured_round()).values()

    assert [said(row) for row in whole.heads] == [
        ["集計値", "14・15年度", "16・17年度", "18～21年度", "全期間"]
    ]
    assert [row[0].text for row in whole.rows()] == [
        *("①新規", "②完了", "③中止", "④継続", "⑤総数（①＋④）", "達成率（②÷①）", "進捗率")
    ]
    # a measure without a figure of the whole plan has none there
    assert [row[4].source is None for row in whole.rows()] == [False] * 3 + [True] * 4
    assert [(one.text, one.columns) for one in by_goal.heads[0]] == [
        *(("", 1), ("新規", 4), ("中止", 4), ("残り", 4), ("中止の割合", 3))
    ]
    assert len(by_goal.heads[1]) == len(by_goal.columns) == 16
    [total] = by_goal.totals
    assert total[0].text == "計"
    assert all(one.strong and isinstance(one.source, Figure) for one in total[1:])
    assert [one.format for one in total[-3:]] == ["0%"] * 3
    assert [row[0].text for row in by_period.rows()] == ["14・15年度", "16・17年度", "18～21年度", "全期間"]
    figure = next(whole.rows())[2].source
    assert isinstance(figure, Figure)
    assert (figure.measure.id, figure.period, figure.group) == ("new", "P2", "")


def test_goals_and_groups_that_differ_by_their_spelling_only_are_one_band() -> None:
    made = asahikawa_round()
    first, second, *rest = made.plan.items
    other = replace(second, goal=second.goal.replace("1", "１"), group=f" {second.group}")
    plan = replace(made.plan, items=(first, other, *rest))
    rows = tuple(replace(row, item=other) if row.item.id == second.id else row for row in made.rows)
    table = progress_table(Figures(replace(made, plan=plan, rows=rows)), plan.views[0])

    assert [band.words for band in table.bands] == list(dict.fromkeys(item.goal for item in made.plan.items))
    assert [item.rows[0][0].text for item in table.bands[0].groups[0].items][:2] == [first.id, second.id]


def test_a_column_is_as_wide_as_its_widest_figure() -> None:
    made = asahikawa_round()
    view = made.plan.views[1]
    wide = replace(
        view.measures[0], format="[$£-809]#,##0.00", formula=parse("COUNTIFS([period],PERIOD())*1000000")
    )
    plan = replace(made.plan, views=(made.plan.views[0], replace(view, measures=(wide,))))
    (table,) = statistics_blocks(Figures(replace(made, plan=plan)), plan.views[1])
    assert isinstance(table, Table)

    assert said(next(iter(table.rows())))[1:] == ["£30,000,000.00"] * 3
    assert [round(column.width, 1) for column in table.columns[1:]] == [19.3] * 3


def test_a_chart_shows_groups_of_a_whole_as_parts_of_each_period() -> None:
    made = asahikawa_round()
    view = made.plan.views[1]
    charts = [one for one in statistics_blocks(Figures(made), view) if isinstance(one, Chart)]
    by_judgement, by_goal = charts
    judgements = [one.value for one in made.plan.lists["judgement"]]

    assert by_judgement.stacked
    assert by_judgement.of_rows
    assert by_judgement.categories == ("平成24年度", "平成25年度", "平成26年度")
    assert [one.name for one in by_judgement.series] == [*judgements, "（空白）"]
    assert not by_goal.stacked
    assert not by_goal.of_rows
    assert [one.name for one in by_goal.series] == ["平成24年度", "平成25年度", "平成26年度"]
    assert all(len(one.values) == len(by_goal.categories) for one in by_goal.series)


def test_a_draft_counts_its_answers_by_state_above_its_figures() -> None:
    error = Finding(
        FindingCode.REQUIRED_TEXT, department="D01", form="progress", item="A-01", field="done", period="H26"
    )
    made = asahikawa_round({"D01": sent_back("D01", error), "D03": None})
    states = next(iter(tables_of(made).values()))
    counted = [(row[1].value, row[2].text, row[0].tone and row[0].tone.step) for row in states.rows()]

    assert states.kind == "states"
    assert [one[2] for one in counted] == [None, 2, 3, 1, None]
    assert sum(one[0] for one in counted[:-1] if isinstance(one[0], int)) == counted[-1][0] == 30
    assert isinstance(next(states.rows())[1].source, Count)
    assert len(states.notes) == 1


@pytest.mark.parametrize("made", [asahikawa_round(), measured_round(), sample_round()])
def test_tables_stand_on_the_sheet_where_formulas_look_for_their_figures(made: Consolidation) -> None:
    view = next(one for one in made.plan.views if one.kind is ViewKind.STATISTICS)
    section = document_of(made, Figures(made)).section(view.id)
    found = Figures(made).blocks(view)
    for standing, block in zip(standings(section), found, strict=True):
        assert (standing.top, standing.first_row, standing.table_end, standing.end) == (
            *(block.top, block.first_row, block.table_end, block.end),
        )
        assert len(standing.table.columns) == block.last_column
        if standing.chart:
            assert chart_rows(standing.chart) == block.chart_rows
        for row, cells in enumerate(standing.table.rows(), standing.first_row):
            for column, cell in enumerate(cells, 1):
                if isinstance(cell.source, Figure) and cell.source.group_at < max(1, len(block.groups)):
                    assert (cell.source.row, cell.source.column) == (row, column)


# --- registers -------------------------------------------------------------------------------------


def test_the_register_of_returns_says_how_each_stands() -> None:
    made = asahikawa_round({"D03": None})
    section = returns_section(made)
    [table] = section.blocks
    assert isinstance(table, Table)
    rows = {row[0].text: row for row in table.rows()}
    open_one = made.plan.department("D03")
    first, waiting = next(iter(rows.values())), rows[open_one.name if open_one else ""]

    assert (section.id, section.sheet, table.kind) == ("returns", "受付状況", "returns")
    assert first[1].tone == Tone(0, 4)
    assert (first[3].text, first[3].value) == ("平成27年4月10日 13:05", datetime(2015, 4, 10, 13, 5))
    assert said(first[5:7]) == ["主査　山田", "課長　鈴木"]
    assert said(first[7:]) == ["0", "0", "0"]
    assert waiting[1].tone == Tone(1, 4, again=True)
    assert said(waiting[2:]) == [""] * 8


def test_the_register_of_findings_has_errors_first_and_says_where_none_is() -> None:
    error = Finding(
        FindingCode.REQUIRED_TEXT,
        department="D01",
        form="progress",
        sheet="進捗報告",
        cell="G6",
        item="A-01",
        field="done",
        period="H26",
        params={"label": "実施内容"},
    )
    made = asahikawa_round({"D01": sent_back("D01", error)})
    [found] = findings_section(made).blocks
    [none] = findings_section(asahikawa_round()).blocks
    assert isinstance(found, Table)
    assert isinstance(none, Table)
    [row] = found.rows()

    assert said(row)[2:6] == ["誤り", "A-01 " + made.plan.items[0].title, "実施内容", "進捗報告 G6"]
    assert row[2].tone == Tone(3, 4, again=True)
    assert (list(none.rows()), none.notes) == ([], ("指摘はありません。",))


# --- document --------------------------------------------------------------------------------------


def test_a_document_has_the_views_then_the_registers_and_the_facts_of_its_cover() -> None:
    made = asahikawa_round({"D03": None})
    document = document_of(made, Figures(made))
    basis = next(facts for title, facts in document.facts.items() if title)
    texts = {one.id: one.text for one in basis}
    asked = len(made.returns)

    assert [one.id for one in document.sections] == [*("progress_table", "statistics", "returns", "findings")]
    assert document.draft
    assert [one.id for one in document.facts[""]] == ["period", "created", "office"]
    assert list(texts) == ["returns", "open", "rows:progress", "findings"]
    assert re.findall(r"\d+", texts["returns"]) == [str(asked), str(asked - 1)]
    assert re.findall(r"\d+", texts["open"]) == ["0", "1", "0"]
    assert [one.again for one in basis] == [True, True, False, False]
    assert document.rows == made.rows
    assert len(document.tracing) == 4
    assert all(isinstance(one, Section) and one.about and one.note for one in document.sections)


@pytest.mark.parametrize(
    ("value", "shape", "expected"),
    [
        (1234567, "#,##0", "1,234,567"),
        (1234.5, "#,##0.###", "1,234.5"),
        (1234.0, "#,##0.###", "1,234"),
        (95.25, "#,##0.###;[Red]-#,##0.###", "95.25"),
        (1234.5, "0", "1235"),
        (0.125, "0%", "13%"),
        (1.005, "0.00", "1.01"),
        (0.6, "0%", "60%"),
        (7 / 30, "0.0%", "23.3%"),
        (112.75, "#,##0.00", "112.75"),
        (-1.5, "#,##0.0", "-1.5"),
        (-0.4, "0", "0"),
        (5376.8, "£#,##0.00", "£5,376.80"),
        (-5376.8, "[$£-809]#,##0.00", "-£5,376.80"),
        (12, '0"件"', "12件"),
        (12, "[Red]#,##0 \\k", "12 k"),
        (0.5, '"約"0%', "約50%"),
        (1e300, "0.00", "1" + "0" * 300 + ".00"),
        (float("inf"), "0", "#NUM!"),
    ],
)
def test_a_number_is_read_by_its_format(value: float, shape: str, expected: str) -> None:
    assert number_text(value, shape) == expected


def test_tones_are_places_among_the_ranks_and_none_where_nothing_is_more_or_less() -> None:
    choices = [Choice("b", 5), Choice("a", 1), Choice("b2", 5), Choice("none")]

    assert tones(choices) == {"b": Tone(1, 2), "a": Tone(0, 2), "b2": Tone(1, 2), "none": Tone()}
    assert set(tones([Choice("x", 3), Choice("y", 3)]).values()) == {Tone()}


def test_items_are_read_from_top_to_bottom() -> None:
    made = shown_round()
    table = schedule_table(Figures(made), made.plan.views[1])

    assert all(isinstance(one, TableItem) for one in table.items())
    assert [row[0].text for row in table.rows()] == ["1", "3", "6", "2", "5"]
