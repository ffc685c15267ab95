"""Fields that the office fills after the answers: as tables say it, what may name them, what departments are asked."""

from pathlib import Path

import pytest
from test_force import definition, told

from tests.plans import SAMPLE
from xlplan.definition.reading import Definition
from xlplan.model.afterwards import OFFICE, office_plan
from xlplan.model.fingerprint import form_fingerprint
from xlplan.model.form import FilledBy
from xlplan.model.plan import Plan

HEAD = SAMPLE["fields"].strip().splitlines()[0]
COLUMNS = HEAD.split(",")


def line(name: str, label: str, type_: str = "text", filled_by: str = "office_after", **more: str) -> str:
    """A line of the table of fields."""
    cells = {"form": "progress", "id": name, "label": label, "type": type_, "filled_by": filled_by, **more}
    return ",".join(f'"{cells.get(column, "")}"' if cells.get(column) else "" for column in COLUMNS) + "\n"


def fields(*lines: str) -> str:
    return SAMPLE["fields"].rstrip("\n") + "\n" + "".join(lines)


def rule(check: str, target: str) -> str:
    head = SAMPLE["rules"].strip().splitlines()[0].split(",")
    cells = {"id": "more", "form": "progress", "check": f'"{check}"', "target": target, "severity": "error"}
    cells |= {"message": "違います。"}
    return SAMPLE["rules"].rstrip("\n") + "\n" + ",".join(cells.get(column, "") for column in head) + "\n"


def plan_of(found: Definition) -> Plan:
    assert [finding for finding in found.findings if finding.severity.value == "error"] == []
    return found.usable()


REPLY = line("reply", "対応", filled_by="department", required="FILLED([@委員会意見])")
OPINION = line("opinion", "委員会意見", previous="yes", max_length="40")
GRADE = line("grade", "二次評価", "choice", list="status", required="yes")


@pytest.mark.parametrize("word", ["office_after", "事務局（回答後）", "事務局(回答後)", "office afterwards"])
def test_the_word_is_read_in_both_languages(tmp_path: Path, word: str) -> None:
    found = definition(tmp_path, fields=fields(line("opinion", "委員会意見", filled_by=word, max_length="9")))

    [form] = plan_of(found).forms
    assert form.by_id["opinion"].filled_by is FilledBy.OFFICE_AFTER
    assert "plan_setting_idle" not in {code for code, _, _ in told(found)}


@pytest.mark.parametrize(
    ("more", "rules", "place"),
    [
        (OPINION, rule("FILLED([@委員会意見])", "done"), ("rules.csv", "more")),
        (OPINION + REPLY, "", ("fields.csv", "reply")),
        (
            GRADE + line("both", "合計", "number", "formula", formula="CHOICE_RANK([@二次評価])"),
            rule("[@合計]<3", "done"),
            ("rules.csv", "more"),
        ),
    ],
    ids=["rule", "required", "computed"],
)
def test_what_departments_answer_cannot_hang_on_it(
    tmp_path: Path, more: str, rules: str, place: tuple[str, str]
) -> None:
    found = definition(tmp_path, fields=fields(more), rules=rules or SAMPLE["rules"])

    [(finding)] = [each for each in found.findings if each.code.value == "plan_afterwards_named"]
    file, name = place
    row = int("".join(sign for sign in finding.cell if sign.isdigit()))
    assert finding.file == file
    assert name in (tmp_path / file).read_text(encoding="utf-8").splitlines()[row - 1]


def test_its_value_of_last_time_may_be_named_and_a_rule_may_point_at_it(tmp_path: Path) -> None:
    reply = line("reply", "対応", filled_by="department", required="FILLED(PREVIOUS([@委員会意見]))")
    found = definition(
        tmp_path, fields=fields(OPINION, GRADE, reply), rules=rule("FILLED([@委員会意見])", "二次評価")
    )

    plan = plan_of(found)
    period = plan.periods[-1]
    [form], [of_office] = plan.asked_in(period).forms, office_plan(plan, period).forms
    assert "grade" not in form.by_id
    assert "more" not in {each.id for each in form.rules}
    assert [field.id for field in of_office.entered] == ["opinion", "grade"]
    assert [each.id for each in of_office.rules] == ["more"]


def test_a_field_computed_of_it_is_known_afterwards_as_well(tmp_path: Path) -> None:
    both = line("both", "合計", "number", "formula", formula="CHOICE_RANK([@二次評価])+1")
    plan = plan_of(definition(tmp_path, fields=fields(GRADE, both)))

    period = plan.periods[-1]
    [form], [of_office] = plan.asked_in(period).forms, office_plan(plan, period).forms
    assert "both" not in form.by_id
    assert of_office.by_id["both"].formula is not None
    assert {item.department for item in office_plan(plan, period).items} == {OFFICE}


def test_a_form_to_which_rows_are_added_cannot_have_one(tmp_path: Path) -> None:
    forms = SAMPLE["forms"].rstrip("\n").splitlines()
    assert forms[-2].startswith("id,title,note")
    head, first = forms[-2:]
    open_form = f"{head},open_rows\n{first},\nnews,できごと,,5\n"
    more = line("what", "内容", filled_by="department") + line("said", "意見")
    more = more.replace("progress", "news").replace('"progress"', '"news"')

    found = definition(tmp_path, forms=open_form, fields=fields(more))

    assert ("plan_open_office", "fields.csv") in {(code, file) for code, file, _ in told(found)}


def test_a_plan_that_asks_departments_nothing_else_is_a_fault(tmp_path: Path) -> None:
    only = f"{HEAD}\n{OPINION}"

    found = definition(
        tmp_path, fields=only, rules=SAMPLE["rules"].strip().splitlines()[0], records="form,period,item\n"
    )

    assert "plan_no_form_in_force" in {code for code, _, _ in told(found)}


def test_a_form_with_nothing_else_goes_to_the_office_alone(tmp_path: Path) -> None:
    forms = SAMPLE["forms"].rstrip("\n") + "\nreview,委員会,\n"
    more = OPINION.replace("progress", "review")

    plan = plan_of(definition(tmp_path, forms=forms, fields=fields(more)))

    period = plan.periods[-1]
    assert [form.id for form in plan.asked_in(period).forms] == ["progress"]
    assert [form.id for form in office_plan(plan, period).forms] == ["review"]


def test_adding_or_changing_one_changes_no_meaning_of_an_answer(tmp_path: Path) -> None:
    prints = set()
    for at, more in enumerate(("", OPINION, OPINION.replace("40", "50"), OPINION + GRADE)):
        folder = tmp_path / str(at)
        folder.mkdir()
        plan = plan_of(definition(folder, fields=fields(more)))
        prints.add(form_fingerprint(plan, plan.periods[-1]))

    assert len(prints) == 1


def test_the_table_records_may_hold_what_was_entered_before(tmp_path: Path) -> None:
    head, *rest = SAMPLE["records"].strip().splitlines()
    records = "\n".join([f"{head},委員会意見", f"{rest[0]},早めること。", *(f"{each}," for each in rest[1:])])

    plan = plan_of(definition(tmp_path, fields=fields(OPINION), records=records))

    assert plan.records[0].values["opinion"] == "早めること。"
