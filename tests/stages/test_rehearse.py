"""Rehearse: each rule on accepted answers, on a row that it finds wrong and on one that is right."""

import json
from pathlib import Path

import pytest
from commands import documented, keys_of, run
from returns import TABLES, Tables, write_tables
from rounds import begin, desk, drop, files, receive

import xlplan
from xlplan import stages
from xlplan.language.errors import UsageError
from xlplan.stages.rehearse import RehearsedRule, RehearseResult
from xlplan.store.workspace import Workspace

HEAD = "id|form|check|target|severity|message|remedy|from_period|to_period"


def ruled(*rules: str, **more: str) -> Tables:
    """The sample plan with these rules in place of its own."""
    return {**TABLES, "rules": "\n        ".join(["", HEAD, *rules, ""]), **more}


def answered(root: Path) -> Workspace:
    """R6, in which D1 and D3 are accepted."""
    space = begin(root)
    drop(space, "D1.xlsx", desk(space, "D1").put("A-2", "done", "予約を始めた。").saved())
    drop(space, "D3.xlsx", desk(space, "D3").put("C-1", "done", "入れ替えた。").saved())
    assert {line.state for line in receive(space).lines} == {"accepted"}
    return space


def rehearsed(space: Workspace, tables: Tables) -> RehearseResult:
    """What the rules say once the plan's tables have changed."""
    write_tables(tables, space.root / "plan")
    return stages.rehearse(space)


def only(result: RehearseResult) -> RehearsedRule:
    [found] = result.rules
    return found


def on(found: RehearsedRule, *, broken: bool) -> dict[str, object]:
    """The row on which a rule fires, or is silent: values by field, those of the time before under `<field` ."""
    tried = found.trial.broken if broken else found.trial.good
    assert tried is not None
    return {
        f"{'<' * column.previous}{column.field.id}": column.of(tried.row) for column in found.trial.columns
    }


def test_a_new_rule_is_tried_on_the_answers_that_were_accepted(tmp_path: Path) -> None:
    space = answered(tmp_path)

    result = rehearsed(
        space, ruled("long|report|LEN([@実施内容])>=7|done|warning|短すぎます。|詳しく書いてください。||")
    )

    found = only(result)
    assert (result.period.id, result.departments, found.answers) == ("R6", 2, 4)
    assert [(each.department, each.item, each.field) for each in found.fired] == [
        ("D1", "A-1", "done"),
        ("D1", "A-3", "done"),
        ("D3", "C-1", "done"),
    ]
    assert found.fired[-1].value == "入れ替えた。"
    assert found.trial.broken is not None
    assert found.trial.broken.answered
    assert on(found, broken=False) == {"done": "予約を始めた。"}
    assert result.fine


@pytest.mark.parametrize(
    ("check", "columns"),
    [
        ("OR(BLANK([@割合]),[@割合]<=80)", {"rate"}),
        ("OR(BLANK([@開始日]),[@開始日]>=DATE(2024,4,1))", {"started"}),
        ("OR(BLANK([@箇所数]),BLANK([@割合]),[@箇所数]<[@割合])", {"places", "rate"}),
        ("LEN([@補足])<12", {"note"}),
        ('OR([@進捗]<>"拡充",PREVIOUS([@進捗])="実施")', {"actual", "<actual"}),
        ('OR([@判定]="計画通り",FILLED([@補足]))', {"planned", "actual", "note"}),
    ],
)
def test_a_row_on_which_it_fires_and_one_on_which_it_does_not_are_found(
    check: str, columns: set[str], tmp_path: Path
) -> None:
    space = answered(tmp_path)

    result = rehearsed(space, ruled(f"r|report|{check}|done|warning|違います。|直してください。||"))

    found = only(result)
    assert set(on(found, broken=True)) == set(on(found, broken=False)) == columns
    assert on(found, broken=True) != on(found, broken=False)
    assert result.fine


def test_a_rule_that_never_fires_and_one_that_always_does_are_told(tmp_path: Path) -> None:
    space = answered(tmp_path)

    result = rehearsed(
        space,
        ruled(
            "never|report|OR(BLANK([@箇所数]),[@箇所数]<=60)|places|warning|多すぎます。|||",
            "always|report|LEN([@実施内容])>30|done|warning|短すぎます。|||",
            "fine|report|LEN([@実施内容])>3|done|warning|短すぎます。|||",
        ),
    )

    told = {found.rule.id: (found.never_fires, found.always_fires) for found in result.rules}
    assert told == {"never": (True, False), "always": (False, True), "fine": (False, False)}
    assert not result.fine


def test_a_row_whose_column_has_failed_by_itself_is_no_example(tmp_path: Path) -> None:
    """The reason must be given where 進捗 is behind, so a rule that asks for it there is never asked without one."""
    space = answered(tmp_path)

    result = rehearsed(
        space,
        ruled('r|report|OR([@判定]<>"遅れ",FILLED([@遅れの理由]))|reason|warning|理由がありません。|||'),
    )

    assert only(result).never_fires


def test_a_rule_of_next_year_is_tried_on_this_years_answers(tmp_path: Path) -> None:
    space = answered(tmp_path)
    periods = f"{TABLES['periods'].rstrip()}\n        R7 | 令和7年度 | 2025 | 2025\n    "

    result = rehearsed(
        space,
        ruled(
            "next|report|LEN([@実施内容])>=7|done|warning|短すぎます。||R7|",
            "gone|report|LEN([@実施内容])>=7|done|warning|短すぎます。|||R5",
            periods=periods,
        ),
    )

    assert [(found.rule.id, len(found.fired)) for found in result.rules] == [("next", 3)]


def test_without_answers_values_are_made_up(tmp_path: Path) -> None:
    write_tables(
        ruled("r|report|OR(BLANK([@割合]),[@割合]<=80)|rate|warning|大きすぎます。|||"), tmp_path / "plan"
    )

    result = stages.rehearse(Workspace(tmp_path))

    found = only(result)
    assert (result.departments, found.answers, result.fine) == (0, 0, True)
    assert found.trial.broken is not None
    assert not found.trial.broken.answered


def test_what_the_office_fills_in_afterwards_is_told_as_left_out(tmp_path: Path) -> None:
    space = answered(tmp_path)
    second = "report|second|二次評価|choice|judgement|no|office afterwards|||||||"
    fields = f"{TABLES['fields'].rstrip()}\n        {second}\n    "

    result = rehearsed(
        space,
        ruled(
            'r|report|OR([@二次評価]<>"遅れ",FILLED([@補足]))|second|warning|補足がありません。|||',
            fields=fields,
        ),
    )

    assert (result.rules, [rule.id for rule in result.left_out]) == ((), ["r"])


def test_some_rules_alone_and_none_that_is_unknown(tmp_path: Path) -> None:
    space = answered(tmp_path)

    assert [found.rule.id for found in stages.rehearse(space, rules=["ratio", "in_the_year"]).rules] == [
        "in_the_year",
        "ratio",
    ]
    with pytest.raises(UsageError) as stopped:
        xlplan.open(space.root).rehearse(rules="rato")
    assert stopped.value.key == "unknown_rule"


def test_a_round_that_is_closed_is_tried_by_the_rules_as_they_stand_and_nothing_is_recorded(
    tmp_path: Path,
) -> None:
    space = begin(tmp_path)
    for name, item, words in (("D1", "A-1", "窓口"), ("D2", "B-2", "目録"), ("D3", "C-1", "交換")):
        drop(space, f"{name}.xlsx", desk(space, name).put(item, "done", words).saved())
    receive(space)
    stages.consolidate(space, "R6")
    assert stages.close(space, "R6").made
    write_tables(ruled("r|report|LEN([@実施内容])>=3|done|warning|短すぎます。|||"), space.root / "plan")
    before = files(space.root, ledger=True)

    found = only(stages.rehearse(space, "R6"))

    assert [(each.item, each.value) for each in found.fired] == [
        ("A-1", "窓口"),
        ("B-2", "目録"),
        ("C-1", "交換"),
    ]
    assert files(space.root, ledger=True) == before


def test_the_command_says_it_in_both_languages_and_ends_with_1_where_a_rule_says_nothing(
    tmp_path: Path,
) -> None:
    space = answered(tmp_path)

    japanese = run("rehearse", "--dir", space.root, cwd=tmp_path)
    english = run("rehearse", "--lang", "en", "--dir", space.root, cwd=tmp_path)
    fine = run("rehearse", "--rule", "ratio", "--dir", space.root, cwd=tmp_path)

    assert (japanese.returncode, english.returncode, fine.returncode) == (1, 1, 0)
    assert "どんな値でも指摘が出ません" in japanese.stdout
    assert "It never fires" in english.stdout
    assert "指摘が出る例：予算額＝" in fine.stdout


def test_the_document_has_the_documented_keys(tmp_path: Path) -> None:
    space = answered(tmp_path)
    write_tables(ruled("r|report|LEN([@実施内容])>=7|done|warning|短すぎます。|||"), space.root / "plan")

    done = run("rehearse", "--json", "--dir", space.root, cwd=tmp_path)

    keys = {key for key in documented("rehearse") if not key.startswith("left_out[]")}
    assert set(keys_of(json.loads(done.stdout))) == keys
