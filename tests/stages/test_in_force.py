"""The next round of a plan that asks something else: fields, forms and choices that ended or began, ids that changed,
and items that were split and merged. What was answered before stands where it belongs."""

from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from returns import TABLES, Desk, Tables, changed, write_tables
from rounds import DUE, DUE_MOMENT, RECEIVED, begin, desk, drop, receive
from test_earlier import LATER, NEXT, data

from xlplan import stages
from xlplan.definition.reading import read_definition
from xlplan.form.layout.columns import ColumnKind
from xlplan.form.layout.entry import FIRST_ROW, EntryLayout
from xlplan.form.layout.stamps import STAMP_SHEET
from xlplan.model.plan import Plan
from xlplan.stages.define import existing_ledger
from xlplan.stages.frames import figures_now
from xlplan.stages.years import Years
from xlplan.store.workspace import Workspace


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    """R6 is done, every answer accepted; the plan has its next year."""
    found = begin(tmp_path)
    said = {"D1": "窓口を二つにした。", "D2": "目録を作った。", "D3": "入れ替えた。"}
    for name, item in (("D1", "A-1"), ("D2", "B-2"), ("D3", "C-1")):
        returned = desk(found, name).put(item, "done", said[name]).put(item, "places", 3).put(item, "rate", 6)
        drop(found, f"{name}.xlsx", returned.saved())
    assert {line.state for line in receive(found).lines} == {"accepted"}
    write_tables(NEXT, tmp_path / "plan")
    return found


def with_column(tables: Tables, table: str, heading: str, cells: dict[str, str]) -> dict[str, str]:
    """A table with one more column; `cells` by how the line begins."""
    head, *lines = (line.strip() for line in tables[table].strip().splitlines())
    made = [f"{head}|{heading}"]
    for line in lines:
        cell = next((cell for begins, cell in cells.items() if line.startswith(begins)), "")
        made.append(f"{line}|{cell}")
    return {**tables, table: "\n".join(made)}


def replan(space: Workspace, tables: Tables) -> Plan:
    """Write the plan's tables anew; what R7 asks of it."""
    write_tables(tables, space.root / "plan")
    definition = read_definition(space.find_definition())
    assert [found for found in definition.findings if found.code != "plan_department_idle"] == []
    plan = definition.usable()
    return plan.asked_in(plan.periods[-1])


def issued(space: Workspace, department: str) -> openpyxl.Workbook:
    """The workbook of R7 of a department."""
    [path] = space.issued("R7").glob(f"R7_{department}_*.xlsx")
    return openpyxl.load_workbook(path)


def before(
    space: Workspace, plan: Plan, department: str, field: str, form: str = "report"
) -> dict[object, object]:
    """What stands beside the answers in the form of R7, by item."""
    found = plan.form(form)
    assert found is not None
    layout = EntryLayout(found, plan, plan.periods[-1], 0)
    sheet = issued(space, department)[found.title]
    assert isinstance(sheet, Worksheet)
    items, column = (
        layout.column(ColumnKind.ITEM, "item").letters,
        layout.column(ColumnKind.PREVIOUS, field).letters,
    )
    rows = range(FIRST_ROW, sheet.max_row + 1)
    return {
        sheet[f"{items}{row}"].value: sheet[f"{column}{row}"].value
        for row in rows
        if sheet[f"{items}{row}"].value in {item.id for item in plan.items}
    }


def told(space: Workspace, department: str) -> list[str]:
    """Every sentence of the first sheet of R7's form."""
    return [
        str(cell)
        for row in issued(space, department)["はじめに"].iter_rows(values_only=True)
        for cell in row
        if cell
    ]


def issue(space: Workspace) -> None:
    stages.issue(space, "R7", due=DUE, now=LATER)


def computed(space: Workspace, field: str) -> dict[str, object]:
    """What a computed field of the first form comes to in R7's summary, by item."""
    definition, ledger = read_definition(space.find_definition()), existing_ledger(space)
    assert ledger is not None
    with ledger:
        known = Years(definition, ledger).known_round(definition.usable().periods[-1])
        records = figures_now(known).records["report"]
    values = records.computed(records.form.by_id[field])
    return {
        row.item.id: value for row, value in zip(records.rows, values, strict=True) if row.period.id == "R7"
    }


def headings(space: Workspace, department: str, title: str) -> list[str]:
    """All that stands in the rows above the first item of an entry sheet."""
    rows = issued(space, department)[title].iter_rows(max_row=FIRST_ROW - 1, values_only=True)
    return [str(cell) for row in rows for cell in row if cell]


def test_a_field_that_has_ended_is_not_asked_and_one_that_begins_is(space: Workspace) -> None:
    tables = with_column(NEXT, "fields", "to_period", {"report|places|": "R6", "report|share|": "R6"})
    tables = with_column(tables, "fields", "from_period", {"report|number|": "R7"})
    tables = with_column(tables, "rules", "to_period", {"share_small": "R6"})
    replan(space, tables)
    issue(space)

    asked = " ".join(headings(space, "D1", "進捗報告"))
    assert "箇所数" not in asked
    assert "整理番号" in asked


def test_answers_to_a_field_that_has_ended_stay_in_the_summary(space: Workspace) -> None:
    then = data(stages.consolidate(space, period="R6", draft=True, now=LATER).path)
    tables = with_column(NEXT, "fields", "to_period", {"report|places|": "R6", "report|share|": "R6"})
    tables = with_column(tables, "rules", "to_period", {"share_small": "R6"})
    replan(space, tables)
    issue(space)

    now = data(stages.consolidate(space, period="R7", draft=True, now=LATER).path)
    assert now["令和6年度", "A-1"]["箇所数"] == then["令和6年度", "A-1"]["箇所数"] == 3
    assert now["令和6年度", "A-1"]["一箇所当たり"] is not None
    assert now["令和7年度", "A-1"]["一箇所当たり"] is None


def test_a_return_is_judged_by_what_is_asked_in_its_round(space: Workspace) -> None:
    """The form has neither the column nor the check of the field that has ended; what came back is accepted."""
    tables = with_column(NEXT, "fields", "to_period", {"report|reason|": "R6"})
    tables = with_column(tables, "rules", "to_period", {"other_needs_note": "R6", "on_time_note": "R6"})
    plan = replan(space, tables)
    issue(space)
    [path] = space.issued("R7").glob("R7_D3_*.xlsx")
    returned = (
        Desk(plan, "D3", path.read_bytes()).fill().put("C-1", "actual", "実施").put("C-1", "done", "直した。")
    )
    drop_in = space.inbox("R7") / "D3.xlsx"
    drop_in.write_bytes(returned.fill("money", cost=None, paid=None).saved())

    [line] = stages.receive(space, [drop_in], period="R7", now=RECEIVED.replace(year=2026)).lines
    assert line.state == "accepted"
    assert [finding.code for finding in line.findings if finding.severity == "error"] == []


def test_a_form_that_has_ended_is_not_issued_and_not_asked_for(space: Workspace) -> None:
    plan = replan(space, with_column(NEXT, "forms", "to_period", {"money": "R6"}))
    issue(space)
    assert "経費" not in issued(space, "D3").sheetnames

    [path] = space.issued("R7").glob("R7_D3_*.xlsx")
    returned = space.inbox("R7") / "D3.xlsx"
    returned.write_bytes(Desk(plan, "D3", path.read_bytes()).fill(actual="拡充").saved())
    [line] = stages.receive(space, [returned], period="R7", now=RECEIVED.replace(year=2026)).lines
    assert line.state == "accepted"


def test_what_ends_later_does_not_outdate_the_round_at_hand(space: Workspace) -> None:
    issue(space)
    tables = changed(
        NEXT, "periods", "R7|令和7年度|2025|2025", "R7|令和7年度|2025|2025\n R8|令和8年度|2026|2026"
    )
    tables = with_column(tables, "fields", "to_period", {"report|places|": "R7", "report|share|": "R7"})
    tables = with_column(tables, "rules", "to_period", {"share_small": "R7"})
    replan(space, tables)

    assert stages.status(space, period="R7", now=DUE_MOMENT).changed == ()
    assert {line.done for line in stages.issue(space, "R7", due=DUE, now=LATER).lines} == {"unchanged"}


def test_a_choice_that_has_ended_cannot_be_chosen_and_last_years_answer_keeps_its_rank(
    space: Workspace,
) -> None:
    plan = replan(space, with_column(NEXT, "choices", "to_period", {"status | 実施": "R6"}))
    issue(space)

    book = issued(space, "D1")
    hidden = book[STAMP_SHEET]
    area = book.defined_names["list_status"].attr_text.partition("!")[2]
    assert [cell[0].value for cell in hidden[area]] == ["検討", "拡充"]
    [column] = {cell.column for row in hidden[area] for cell in row}
    ranks = {hidden.cell(row, column).value: hidden.cell(row, column + 1).value for row in range(1, 4)}
    assert ranks == {"検討": 1, "拡充": 3, "実施": 2}
    assert before(space, plan, "D1", "actual") == {"A-1": "実施", "A-2": "実施", "A-3": "実施"}


def test_a_return_that_goes_back_behind_an_ended_choice_is_seen_by_its_rank(space: Workspace) -> None:
    plan = replan(space, with_column(NEXT, "choices", "to_period", {"status | 実施": "R6"}))
    issue(space)
    [path] = space.issued("R7").glob("R7_D3_*.xlsx")
    for value, rules in (("検討", ["not_backwards"]), ("拡充", [])):
        returned = space.inbox("R7") / f"{value}.xlsx"
        said = Desk(plan, "D3", path.read_bytes()).fill(actual=value, reason="予算")
        returned.write_bytes(said.fill("money", cost=None, paid=None).saved())
        [line] = stages.check(space, [returned], period="R7").lines
        assert [finding.rule for finding in line.findings if finding.rule == "not_backwards"] == rules


def test_answers_follow_a_field_whose_id_was_changed(space: Workspace) -> None:
    tables = with_column(NEXT, "fields", "formerly", {"report|done|": "done"})
    tables = changed(tables, "fields", "report|done|", "report|work|")
    tables = changed(tables, "records", "actual | done", "actual | work")
    plan = replan(space, tables)
    issue(space)

    assert before(space, plan, "D1", "work")["A-1"] == "窓口を二つにした。"


def test_answers_follow_an_item_and_a_department_whose_ids_were_changed(space: Workspace) -> None:
    tables = with_column(NEXT, "items", "formerly", {"C-1": "C-1"})
    tables = with_column(tables, "departments", "formerly", {"D3": "D3"})
    tables = changed(tables, "items", "C-1 | 目標 | 三 | 指令台 | D3", "C-9 | 目標 | 三 | 指令台 | D8")
    tables = changed(tables, "departments", "D3 | 消防課", "D8 | 消防課")
    tables = changed(tables, "records", "| C-1 |", "| C-9 |")
    plan = replan(space, tables)
    issue(space)

    assert before(space, plan, "D8", "done") == {"C-9": "入れ替えた。"}
    assert "対象の施策に変更はありません。" in told(space, "D8")


def heirs(tables: Tables) -> dict[str, str]:
    """A-2 and A-3 are merged into A-4; B-1 is split into B-3 and B-4."""
    made = with_column(tables, "items", "to_period", dict.fromkeys(("A-2", "A-3", "B-1"), "R6"))
    made = with_column(made, "items", "predecessor", {})
    made["items"] += (
        "\nA-4|目標|二|端末と予約|D1|R7||A-2｜A-3\nB-3|目標|二|給与支払|D2|R7||B-1\nB-4|目標|二|手当|D2|R7||B-1"
    )
    records = made["records"]
    for gone in ("A-2", "A-3", "B-1"):
        records = records.replace(f"report | R7 | {gone} | 拡充 | | |", "")
    lines = [line for line in records.splitlines() if line.strip()]
    return {
        **made,
        "records": "\n".join([*lines, *(f"report|R7|{new}|拡充|||" for new in ("A-4", "B-3", "B-4"))]),
    }


def test_forms_show_what_the_predecessors_answered(space: Workspace) -> None:
    plan = replan(space, heirs(NEXT))
    issue(space)

    assert before(space, plan, "D1", "done") == {"A-1": "窓口を二つにした。", "A-4": "進めた。"}
    assert before(space, plan, "D2", "done") == {
        "B-2": "目録を作った。",
        "B-3": "進めた。",
        "B-4": "進めた。",
    }
    assert before(space, plan, "D1", "actual")["A-4"] == "実施"


def test_texts_that_differ_stand_one_under_the_other_and_a_value_only_where_all_agree(tmp_path: Path) -> None:
    space = begin(tmp_path)
    said = desk(space, "D1").put("A-2", "done", "画面を直した。").put("A-3", "actual", "拡充")
    drop(space, "D1.xlsx", said.saved())
    receive(space)
    plan = replan(space, heirs(NEXT))
    issue(space)

    assert before(space, plan, "D1", "done")["A-4"] == "A-2 画面を直した。\nA-3 進めた。"
    assert before(space, plan, "D1", "actual")["A-4"] is None


def test_the_first_sheet_tells_of_splits_and_mergers_by_name(space: Workspace) -> None:
    replan(space, heirs(NEXT))
    issue(space)

    of_first, of_second = told(space, "D1"), told(space, "D2")
    assert "統合：A-4 端末と予約（A-2 予約、A-3 端末をまとめました）" in of_first
    assert "終了：A-2 予約（A-4 端末と予約が引き継ぎます）" in of_first
    assert "分割：B-3 給与支払（B-1 給与から分かれました）" in of_second
    assert "終了：B-1 給与（B-3 給与支払、B-4 手当が引き継ぎます）" in of_second


@pytest.mark.parametrize("kind", ["progress", "status", "schedule", "list"])
def test_the_summary_says_which_lines_continue_which(space: Workspace, kind: str) -> None:
    """A list shows the items of the round alone, every other table those that are over as well."""
    tables = {
        **heirs(NEXT),
        "views": f"""
            id | title | kind | form | options
            shown | 帳票 | {kind} | report | {"cells=actual" if kind in ("status", "schedule") else ""}
        """,
    }
    replan(space, tables)
    issue(space)

    made = stages.consolidate(space, period="R7", draft=True, now=LATER)
    sheet = openpyxl.load_workbook(made.path)["帳票"]
    titles = {str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value}
    assert {"端末と予約\n（A-2・A-3 から）", "給与支払\n（B-1 から）", "手当\n（B-1 から）"} <= titles
    assert ({"給与\n（B-3・B-4 へ）", "予約\n（A-4 へ）"} <= titles) == (kind != "list")
    assert "文書" in titles
    first = stages.consolidate(space, period="R6", draft=True, now=LATER)
    assert first.path is not None
    earlier = openpyxl.load_workbook(first.path)
    assert not [row for row in earlier.worksheets[1].iter_rows(values_only=True) if "から）" in str(row)]


def test_a_rule_over_the_previous_value_holds_for_an_heir(space: Workspace) -> None:
    plan = replan(space, heirs(NEXT))
    issue(space)
    [path] = space.issued("R7").glob("R7_D2_*.xlsx")
    returned = space.inbox("R7") / "D2.xlsx"
    said = Desk(plan, "D2", path.read_bytes()).fill(actual="拡充").put("B-4", "actual", "検討")
    returned.write_bytes(said.put("B-4", "reason", "予算").fill("money", cost=None, paid=None).saved())

    [line] = stages.check(space, [returned], period="R7").lines
    assert [(finding.item, finding.rule) for finding in line.findings if finding.rule] == [
        ("B-4", "not_backwards")
    ]


def test_a_computed_field_over_the_previous_value_takes_that_of_the_predecessors(space: Workspace) -> None:
    tables = heirs(NEXT)
    tables["fields"] += '\n report|last|前回|text||no|formula|PREVIOUS([@実施内容])&"／"||||||'
    replan(space, tables)
    issue(space)

    now = data(stages.consolidate(space, period="R7", draft=True, now=LATER).path)
    assert "B-1" in str(now["令和7年度", "B-3"]["前回"])
    assert str(now["令和7年度", "B-3"]["前回"]).startswith("=")
    assert now["令和7年度", "A-4"]["前回"] == "進めた。／"
    assert computed(space, "last") == {
        "A-1": "窓口を二つにした。／",
        "A-4": "進めた。／",
        "B-2": "目録を作った。／",
    } | {
        "B-3": "進めた。／",
        "B-4": "進めた。／",
        "C-1": "入れ替えた。／",
    }


def descending(tables: Tables) -> dict[str, str]:
    """B-2, which begins in R6, continues B-1; so does A-1 from R5 on. A computed field has what was done before."""
    made = with_column(tables, "items", "predecessor", {"B-2": "B-1", "A-1": "B-1"})
    made = changed(made, "items", "電子申請 | D1 |", "電子申請 | D1 | R5")
    made["fields"] += '\n report|last|前回|text||no|formula|PREVIOUS([@実施内容])&"／"||||||'
    return made


@pytest.mark.parametrize(
    "renamed",
    [
        [("items", "B-1", "B-10"), ("records", "B-1", "B-10")],
        [("periods", "R5", "R05"), ("items", "R5", "R05"), ("records", "R5", "R05")],
    ],
    ids=["predecessor", "period"],
)
def test_what_an_item_continued_in_a_past_round_is_known_under_other_ids(
    tmp_path: Path, renamed: list[tuple[str, str, str]]
) -> None:
    space = begin(tmp_path, descending(TABLES))
    for name in ("D1", "D2"):
        drop(space, f"{name}.xlsx", desk(space, name).saved())
    assert {line.state for line in receive(space).lines} == {"accepted"}
    tables = descending(NEXT)
    for table, old, new in renamed:
        tables = changed(tables, table, old, new)
    tables = with_column(tables, "items", "formerly", {"B-10": "B-1"})
    replan(space, tables)
    issue(space)

    now = data(stages.consolidate(space, period="R7", draft=True, now=LATER).path)

    for item in ("A-1", "B-2"):
        assert str(now["令和6年度", item]["前回"]).startswith("="), item
