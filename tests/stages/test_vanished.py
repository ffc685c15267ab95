"""An id on which answers hang may not vanish from the plan: lint and issue stop, and say what it may be now."""

import re
from pathlib import Path

import pytest
from returns import TABLES, Tables, changed, write_tables
from rounds import DUE, begin, files
from test_close import answer
from test_earlier import LATER, NEXT
from test_in_force import with_column

from xlplan import stages
from xlplan.language.errors import DefinitionError
from xlplan.model.finding import Finding
from xlplan.store.workspace import Workspace


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    """R6 is done, every answer accepted; the plan has R7."""
    found = begin(tmp_path)
    answer(found, "D1", "D2", "D3")
    write_tables(NEXT, tmp_path / "plan")
    return found


def after(*steps: tuple[str, str, str]) -> dict[str, str]:
    tables: Tables = NEXT
    for table, old, new in steps:
        tables = changed(tables, table, old, new)
    return dict(tables)


def without(tables: Tables, table: str, *begins: str) -> dict[str, str]:
    """The tables without those lines of one that begin so."""
    lines = [line for line in tables[table].splitlines() if not line.strip().startswith(begins)]
    return {**tables, table: "\n".join(lines)}


def vanished(space: Workspace, tables: Tables) -> list[Finding]:
    """What the lint tells of ids that are gone, after seeing that it, and issuing, stop there."""
    write_tables(tables, space.root / "plan")
    found = stages.lint(space)
    told = [finding for finding in found.findings if finding.code.endswith("_vanished")]
    if told:
        assert found.plan is None
        before = files(space.root)
        with pytest.raises(DefinitionError) as caught:
            stages.issue(space, "R7", due=DUE, now=LATER)
        assert told[0].message("ja") in caught.value.message("ja")
        assert files(space.root) == before
    else:
        assert found.plan is not None, [finding.message("en") for finding in found.findings]
    return told


def said(finding: Finding) -> tuple[str, str, str, str, object]:
    """Its code, its place, the id and how many answers hang on it."""
    return finding.code, finding.file, finding.cell, finding.value, finding.params["count"]


RENAMED_ITEM = after(
    ("items", "A-2 | 目標 | 一 | 予約", "A-9 | 目標 | 一 | 予約"),
    ("records", "report | R5 | A-2", "report | R5 | A-9"),
    ("records", "report | R6 | A-2", "report | R6 | A-9"),
    ("records", "report | R7 | A-2", "report | R7 | A-9"),
    ("records", "money | R6 | A-2", "money | R6 | A-9"),
)


def test_an_item_with_another_id_is_told_at_the_row_that_it_probably_has_now(space: Workspace) -> None:
    [told] = vanished(space, RENAMED_ITEM)

    assert said(told) == ("plan_item_vanished", "items.csv", "A3", "A-2", 1)
    assert told.remedy("ja").endswith("（もしかして A-9 予約）")
    assert "A-2 予約" in told.message("ja")
    assert "旧ID" in told.remedy("ja")


def test_named_as_a_former_id_it_is_no_fault(space: Workspace) -> None:
    assert vanished(space, with_column(RENAMED_ITEM, "items", "formerly", {"A-9": "A-2"})) == []


def test_an_item_that_was_deleted_is_told_with_what_it_was_called(space: Workspace) -> None:
    tables = without(
        without(NEXT, "items", "C-1"),
        "records",
        "report | R5 | C-1",
        "report | R6 | C-1",
        "report | R7 | C-1",
    )
    [told, *_] = vanished(space, tables)

    assert said(told)[0::3] == ("plan_item_vanished", "C-1")
    assert "指令台" in told.message("en")
    assert "perhaps" not in told.remedy("en")


def test_an_item_that_ended_may_stay_and_one_that_was_never_answered_may_go(space: Workspace) -> None:
    tables = with_column(NEXT, "items", "to_period", {"C-1": "R6"})

    assert vanished(space, without(tables, "records", "report | R7 | C-1")) == []
    assert vanished(space, without(NEXT, "departments", "D9")) == []


def test_a_department_that_was_deleted_when_it_was_split_is_told(space: Workspace) -> None:
    tables = after(
        ("departments", "D2 | 総務課", "E1 | 総務課\nE2 | 文書課"),
        ("items", "給与 | D2", "給与 | E1"),
        ("items", "文書 | D2", "文書 | E2"),
    )
    [told] = vanished(space, tables)

    assert said(told)[:1] + said(told)[3:] == ("plan_department_vanished", "D2", 3)
    assert told.remedy("ja").endswith("（もしかして E1 総務課）")
    assert vanished(space, with_column(tables, "departments", "formerly", {"E1": "D2"})) == []


def test_a_field_with_another_id_is_told_with_its_form(space: Workspace) -> None:
    tables = after(("fields", "report|done|", "report|did|"), ("records", "actual | done", "actual | did"))
    [told] = vanished(space, tables)

    assert (told.code, told.value, told.params["count"]) == ("plan_field_vanished", "done", 6)
    assert told.remedy("ja").endswith("（もしかして did 実施内容）")
    assert told.params["form"] == "report"
    assert vanished(space, with_column(tables, "fields", "formerly", {"report|did": "done"})) == []
    spanned = with_column(NEXT, "fields", "to_period", {"report|done": "R6"})
    assert vanished(space, spanned) == []


def test_a_computed_field_may_go_and_so_may_its_words(space: Workspace) -> None:
    """Nobody has answered it: what it came to is worked out anew, or kept in the round's own edition."""
    tables = without(NEXT, "fields", "report|share")

    assert vanished(space, tables) == []
    judged = after(
        ("choices", "judgement | 計画通り", "judgement | 予定通り"), ("fields", '"計画通り"', '"予定通り"')
    )
    assert vanished(space, judged) == []


def test_a_form_that_is_gone_is_told_once_not_with_each_of_its_fields(space: Workspace) -> None:
    tables = without(without(NEXT, "forms", "money"), "fields", "money")
    tables = without(without(tables, "rules", "within_budget", "ratio"), "records", "money")
    tables = changed(tables, "records", "| done | budget", "| done")
    [told] = vanished(space, tables)

    assert (told.code, told.value, told.params["title"]) == ("plan_form_vanished", "money", "経費")


def test_a_choice_with_another_word_needs_the_old_one_as_an_alias(space: Workspace) -> None:
    tables = after(("choices", "status | 実施 | 2 | 実施済", "status | 実行 | 2 | 実施済"))
    tables = {**tables, "records": re.sub("(?<=[|] )実施(?= )", "実行", tables["records"])}
    [told] = vanished(space, tables)

    assert (told.code, told.value, told.params["name"]) == ("plan_choice_vanished", "実施", "status")
    assert told.remedy("ja").endswith("（もしかして 実行）")
    assert told.cell == "D3"
    assert (
        vanished(
            space,
            changed(tables, "choices", "| 実施済", "| 実施済｜実施"),
        )
        == []
    )


def test_what_is_wrong_is_said_in_both_languages(space: Workspace) -> None:
    for told in vanished(space, RENAMED_ITEM):
        for language in ("ja", "en"):
            assert "{" not in told.message(language) + told.remedy(language)


def test_other_stages_go_on_meanwhile(space: Workspace) -> None:
    """The office sees how the round stands, and its figures, while the plan is put right."""
    write_tables(RENAMED_ITEM, space.root / "plan")

    assert stages.status(space, "R6", now=LATER).open == ()


# --- goals and groups that are spelled as none before -------------------------------------------------


def unlike(space: Workspace, tables: Tables) -> list[tuple[str, str, object]]:
    write_tables(tables, space.root / "plan")
    return [
        (found.cell, found.value, found.params["near"])
        for found in stages.lint(space).findings
        if found.code == "plan_unlike_before"
    ]


GOALS = {**TABLES, "items": TABLES["items"].replace("目標 |", "市民サービスの質の向上 |")}


def appended(goal: str) -> dict[str, str]:
    line = f"C-2 | {goal} | 三 | 無線 | D3 | R6"
    tables = changed(GOALS, "items", "指令台 | D3 |", f"指令台 | D3 |\n{line}")
    return changed(
        tables, "records", "report | R6 | C-1 | 実施 | | |", "report|R6|C-1|実施|||\nreport|R6|C-2|実施|||"
    )


def test_a_goal_that_is_much_like_one_above_is_told(tmp_path: Path) -> None:
    space = Workspace(tmp_path)

    assert unlike(space, appended("市民サービスの向上")) == [
        ("B8", "市民サービスの向上", "市民サービスの質の向上")
    ]
    assert unlike(space, appended("安全なまち")) == []
    assert unlike(space, appended("市民サービスの質の向上2")) == []


def test_beside_the_last_round_the_new_one_is_told_wherever_it_stands(tmp_path: Path) -> None:
    space = begin(tmp_path, GOALS)
    tables = changed(GOALS, "items", "A-1 | 市民サービスの質の向上", "A-1 | 市民サービスの向上")

    assert unlike(space, tables) == [("B2", "市民サービスの向上", "市民サービスの質の向上")]


def test_what_was_in_the_last_round_is_meant_as_it_is(tmp_path: Path) -> None:
    tables = appended("市民サービスの向上")
    space = begin(tmp_path, tables)

    assert unlike(space, changed(tables, "items", "端末", "新しい端末")) == []
