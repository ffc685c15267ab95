"""What differs between a round and the plan as it stands: for the office as a table, for each department in words."""

import json
from pathlib import Path

import openpyxl
import pytest
from commands import documented, keys_of, run
from returns import TABLES, Tables, changed, write_tables
from rounds import DUE, DUE_MOMENT, begin
from test_close import answer
from test_earlier import LATER, NEXT
from test_in_force import with_column

from xlplan import stages
from xlplan.language.errors import UsageError
from xlplan.store.workspace import Workspace

BEFORE: Tables = {
    **TABLES,
    "views": "id | title | kind | form\n statistics | 集計 | statistics | report",
    "measures": """
        view | id | label | formula | by | format
        statistics | all | 項目数 | COUNTIFS([period],PERIOD()) | |
        statistics | ahead | 実施 | COUNTIFS([period],PERIOD(),[actual],"実施") | |
    """,
}


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    """R6 is done, and the plan has R7: nothing else has changed."""
    found = begin(tmp_path, BEFORE)
    answer(found, "D1", "D2", "D3")
    write_tables(after(), tmp_path / "plan")
    return found


def after(*steps: tuple[str, str, str], **columns: tuple[str, str, str]) -> dict[str, str]:
    """The plan of R7 with changes: table, what stands there, what is to stand."""
    tables: dict[str, str] = {**NEXT, "views": BEFORE["views"], "measures": BEFORE["measures"]}
    for table, old, new in steps:
        tables = changed(tables, table, old, new)
    for table, (heading, line, cell) in columns.items():
        tables = with_column(tables, table, heading, {line: cell})
    return tables


def differing(space: Workspace, tables: Tables, start: str | None = None) -> set[tuple[str, ...]]:
    """What differs, the new period apart: noun, change, id, before, after."""
    write_tables(tables, space.root / "plan")
    found = stages.changes(space, start).changes
    return {
        (change.noun, change.kind, change.id, change.before, change.after)
        for change in found
        if change.noun != "period"
    }


def sentences(space: Workspace, tables: Tables, department: str) -> list[str]:
    """What the first sheet of R7's form tells of changes."""
    write_tables(tables, space.root / "plan")
    stages.issue(space, "R7", due=DUE, departments=[department], now=LATER)
    [path] = space.issued("R7").glob(f"R7_{department}_*.xlsx")
    rows = openpyxl.load_workbook(path)["はじめに"].iter_rows(values_only=True)
    said = [str(cell) for row in rows for cell in row if cell]
    return said[said.index("前回からの変更点") + 1 :]


def test_a_plan_that_only_goes_on_has_a_new_period_and_nothing_else(space: Workspace) -> None:
    [change] = stages.changes(space).changes

    assert (change.noun, change.kind, change.id, change.label) == ("period", "new", "R7", "令和7年度")


CASES = {
    "an item is new": (
        [
            ("items", "C-1 | 目標 | 三 | 指令台 | D3 |", "C-1|目標|三|指令台|D3|\nC-2|目標|三|無線|D3|R7"),
            ("records", "report | R7 | C-1 | 拡充 | | |", "report|R7|C-1|拡充|||\nreport|R7|C-2|検討|||"),
        ],
        {},
        ("item", "new", "C-2", "", ""),
    ),
    "an item moves": (
        [("items", "予約 | D1", "予約 | D3")],
        {},
        ("item", "moved", "A-2", "情報課", "消防課"),
    ),
    "an item is renamed": (
        [("items", "予約", "施設の予約")],
        {},
        ("item", "renamed", "A-2", "予約", "施設の予約"),
    ),
    "an item has another group": (
        [("items", "A-2 | 目標 | 一", "A-2 | 目標 | 二")],
        {},
        ("item", "regrouped", "A-2", "目標 / 一", "目標 / 二"),
    ),
    "an item ends": ([], {"items": ("to_period", "A-2", "R6")}, ("item", "gone", "A-2", "", "")),
    "a department is renamed": (
        [("departments", "総務課", "総務人事課")],
        {},
        ("department", "renamed", "D2", "総務課", "総務人事課"),
    ),
    "a department is new": (
        [("departments", "D9 | 休眠課", "D9|休眠課\nE1|新設課")],
        {},
        ("department", "new", "E1", "", ""),
    ),
    "a department is gone": (
        [("departments", "D9 | 休眠課", "")],
        {},
        ("department", "gone", "D9", "", ""),
    ),
    "a form is renamed": (
        [("forms", "経費", "決算")],
        {},
        ("form", "renamed", "money", "経費", "決算"),
    ),
    "a heading is renamed": (
        [
            ("fields", "箇所数|whole", "設置数|whole"),
            ("fields", "[@箇所数]", "[@設置数]"),
            ("rules", "[@割合]/[@箇所数]<=10", "[@割合]/[@設置数]<=10"),
        ],
        {},
        ("field", "renamed", "places", "箇所数", "設置数"),
    ),
    "a field is new": (
        [
            (
                "fields",
                "money|paid|支払日|date",
                "money|payee|支払先|text||no|department|||||||\nmoney|paid|支払日|date",
            )
        ],
        {},
        ("field", "new", "payee", "", ""),
    ),
    "a field has another type": (
        [("fields", "places|箇所数|whole", "places|箇所数|number")],
        {},
        ("field", "type", "places", "whole", "number"),
    ),
    "a field must be filled in": (
        [("fields", "箇所数|whole||no", "箇所数|whole||yes")],
        {},
        ("field", "required", "places", "no", "yes"),
    ),
    "a choice is new": (
        [("choices", "reason | 予算 | |", "reason|予算||\nreason|人手||")],
        {},
        ("choice", "new", "人手", "", ""),
    ),
    "a choice has another word": (
        [
            ("choices", "status | 拡充 | 3 |", "status | 発展 | 3 | 拡充"),
            *[
                ("records", f"report | R7 | {item} | 拡充", f"report | R7 | {item} | 発展")
                for item in ("A-1", "A-2", "A-3", "B-1", "B-2", "C-1")
            ],
            ("records", "B-1 | 拡充", "B-1 | 発展"),
        ],
        {},
        ("choice", "renamed", "発展", "拡充", "発展"),
    ),
    "a rule is otherwise": (
        [("rules", "[@割合]/[@箇所数]<=10", "[@割合]/[@箇所数]<=20")],
        {},
        (
            "rule",
            "formula",
            "share_small",
            "IF(BLANK([@割合]),TRUE,[@割合]/[@箇所数]<=10)",
            "IF(BLANK([@割合]),TRUE,[@割合]/[@箇所数]<=20)",
        ),
    ),
    "a rule is gone": (
        [
            (
                "rules",
                'on_time_note|report|OR([@判定]<>"遅れ",FILLED([@遅れの理由]),BLANK([@補足]))|reason|warning|理由がありません。|理由を選んでください。|',
                "",
            )
        ],
        {},
        ("rule", "gone", "on_time_note", "", ""),
    ),
    "a measure counts otherwise": (
        [("measures", '[actual],"実施"', '[actual],"拡充"')],
        {},
        (
            "measure",
            "formula",
            "ahead",
            'COUNTIFS([period],PERIOD(),[actual],"実施")',
            'COUNTIFS([period],PERIOD(),[actual],"拡充")',
        ),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_each_kind_of_change_is_told_once_and_nothing_else(space: Workspace, case: str) -> None:
    steps, columns, expected = CASES[case]

    assert differing(space, after(*steps, **columns)) == {expected}


SPLIT = (
    (
        "items",
        "A-2 | 目標 | 一 | 予約 | D1 |",
        "A-2|目標|一|予約|D1|\nA-4|目標|一|窓口予約|D1|R7\nA-5|目標|一|施設予約|D1|R7",
    ),
    ("records", "report | R7 | A-2 | 拡充 | | |", "report|R7|A-4|拡充|||\nreport|R7|A-5|拡充|||"),
)


def test_splits_and_merges_are_told_with_what_they_come_from(space: Workspace) -> None:
    tables = after(*SPLIT)
    tables = with_column(tables, "items", "to_period", {"A-2": "R6", "A-3": "R6"})
    tables = changed(tables, "records", "report | R7 | A-3 | 拡充 | | |", "")
    tables = with_column(tables, "items", "predecessor", {"A-4": "A-2", "A-5": "A-2", "A-1": "A-3"})

    assert differing(space, tables) == {
        ("item", "split", "A-4", "A-2 予約", ""),
        ("item", "split", "A-5", "A-2 予約", ""),
        ("item", "went_into", "A-2", "", "A-4 窓口予約 / A-5 施設予約"),
        ("item", "merged", "A-1", "A-3 端末", ""),
        ("item", "went_into", "A-3", "", "A-1 電子申請"),
    }


def test_a_department_that_was_merged_is_told_with_its_successor_and_its_items(space: Workspace) -> None:
    tables = with_column(after(), "departments", "to_period", {"D3": "R6"})
    tables = with_column(tables, "departments", "successor", {"D3": "D1"})

    assert differing(space, tables) == {
        ("department", "went_into", "D3", "", "情報課"),
        ("item", "moved", "C-1", "消防課", "情報課"),
    }


def test_ids_that_changed_are_the_same_noun(space: Workspace) -> None:
    """A field, a department and an item that have another id: each is told as that, not as gone and new."""
    tables = after(
        ("fields", "report|places|", "report|spots|"),
        ("departments", "D2 | 総務課", "E2 | 総務課"),
        *((("items", f"{item} | D2", f"{item} | E2")) for item in ("給与", "文書")),
    )
    tables = with_column(tables, "fields", "formerly", {"report|spots": "places"})
    tables = with_column(tables, "departments", "formerly", {"E2": "D2"})

    assert differing(space, tables) == {
        ("field", "renumbered", "spots", "places", "spots"),
        ("department", "renumbered", "E2", "D2", "E2"),
    }


def test_within_a_round_the_plan_is_compared_with_what_was_issued(tmp_path: Path) -> None:
    space = begin(tmp_path, BEFORE)
    write_tables(changed(BEFORE, "items", "予約", "施設の予約"), tmp_path / "plan")
    result = stages.changes(space)

    assert (result.before.id, result.period.id) == ("R6", "R6")
    assert [(change.kind, change.after) for change in result.changes] == [("renamed", "施設の予約")]


@pytest.mark.parametrize(("start", "key"), [("R9", "unknown_period"), ("R5", "nothing_issued")])
def test_a_round_that_never_was_is_refused(space: Workspace, start: str, key: str) -> None:
    with pytest.raises(UsageError) as caught:
        stages.changes(space, start)
    assert caught.value.key == key


def test_before_anything_was_issued_there_is_nothing_to_compare_with(tmp_path: Path) -> None:
    write_tables(BEFORE, tmp_path / "plan")

    with pytest.raises(UsageError) as caught:
        stages.changes(Workspace(tmp_path))
    assert caught.value.key == "no_round"


# --- the first sheet ----------------------------------------------------------------------------------


def test_a_department_is_told_of_headings_fields_and_choices_in_its_own_words(space: Workspace) -> None:
    tables = after(
        ("fields", "箇所数|whole||no", "設置数|whole||yes"),
        ("fields", "[@箇所数]", "[@設置数]"),
        ("rules", "[@割合]/[@箇所数]<=10", "[@割合]/[@設置数]<=10"),
        ("choices", "reason | 予算 | |", "reason|予算||\nreason|人手||"),
        (
            "fields",
            "report|note|補足|text",
            "report|plan|来年度の予定|text||no|department|||||||\nreport|note|補足|text",
        ),
        ("forms", "経費", "決算"),
    )

    assert sentences(space, tables, "D3") == [
        "項目の名称：進捗報告「箇所数」→「設置数」（内容は同じ項目です）",
        "必ず記入する項目になりました：進捗報告「設置数」",
        "新しい項目：進捗報告「来年度の予定」",
        "様式の名称：「経費」→「決算」",
        "新しい選択肢：「遅れの理由」に「人手」",
    ]


def test_where_nothing_has_changed_it_says_so(space: Workspace) -> None:
    assert sentences(space, after(), "D3") == ["対象の施策に変更はありません。"]


def test_a_department_that_was_split_off_is_told_from_whom_its_projects_came(space: Workspace) -> None:
    """D1 becomes D1 and D4: the new one has no earlier form, and its items were answered by D1."""
    tables = after(
        ("departments", "D3 | 消防課", "D3 | 消防課\nD4 | 電子行政課"),
        ("items", "電子申請 | D1", "電子申請 | D4"),
        ("items", "端末 | D1", "端末 | D4"),
    )

    assert sentences(space, tables, "D4") == [
        "今回からこの部署が担当します：これまで情報課が回答していた 2件を引き継ぎました",
        "引き継ぎ：A-1 電子申請（情報課から）",
        "引き継ぎ：A-3 端末（情報課から）",
    ]
    assert "移管：A-1 電子申請（電子行政課へ）" in sentences(space, tables, "D1")


def test_where_the_department_of_then_is_gone_it_is_named_all_the_same(space: Workspace) -> None:
    """D1 is renumbered away: its former name stands, not a new project."""
    tables = after(
        ("departments", "D1 | 情報課", "D4 | 電子行政課"),
        *(("items", f"{title} | D1", f"{title} | D4") for title in ("電子申請", "予約", "端末")),
    )
    tables = with_column(tables, "departments", "formerly", {"D4": "D1"})

    assert sentences(space, tables, "D4") == ["部署の名称：「情報課」から「電子行政課」に変わりました"]


def test_of_many_changes_ten_are_told_and_the_others_counted(space: Workspace) -> None:
    new = "".join(f"report|more{number}|追加{number}|text||no|department|||||||\n" for number in range(12))
    tables = after(("fields", "report|note|補足|text", f"{new}report|note|補足|text"))
    told = sentences(space, tables, "D3")

    assert len(told) == 11
    assert told[-1] == "このほか様式に 2か所の変更があります。"


def test_issuing_again_what_says_the_same_writes_nothing(space: Workspace) -> None:
    tables = after(("fields", "箇所数|whole||no", "箇所数|whole||yes"))
    sentences(space, tables, "D3")
    again = stages.issue(space, "R7", due=DUE, departments=["D3"], now=DUE_MOMENT)

    assert [line.done for line in again.lines] == ["unchanged"]


# --- on the command line -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("ja", ["施策", "所管の変更", "情報課", "消防課", "2件"]),
        ("en", ["project", "moved", "情報課", "2 things"]),
    ],
)
def test_the_command_shows_a_table_in_both_languages(space: Workspace, lang: str, words: list[str]) -> None:
    write_tables(after(("items", "予約 | D1", "予約 | D3")), space.root / "plan")
    done = run("changes", "--from", "R6", "--dir", space.root, "--lang", lang, cwd=space.root)

    assert done.returncode == 0, done.stderr
    assert [word for word in words if word not in done.stdout] == []


def test_its_document_has_every_key(space: Workspace) -> None:
    done = run("changes", "--dir", space.root, "--json", cwd=space.root)

    assert set(keys_of(json.loads(done.stdout))) == documented("changes")
