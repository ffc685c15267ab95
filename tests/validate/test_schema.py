"""The pandera schema of a form by itself: any frame of its shape is judged as the whole way judges returns."""

import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pandas as pd
import pandera.pandas as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plans import plans, values
from returns import TABLES, changed, department_of, period_of, plan_of, sample_plan

import xlplan
from xlplan.fields.checks import CheckKind
from xlplan.fields.numbering import checks_of
from xlplan.fields.reading import convert
from xlplan.form.issuing import rows_of
from xlplan.form.layout.columns import ColumnKind
from xlplan.form.layout.entry import FIRST_ROW, EntryLayout
from xlplan.language.codes import Severity
from xlplan.model.codes import FindingCode
from xlplan.model.form import ITEM_LIST, Form
from xlplan.model.issue import Stamp
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.model.submission import ReturnedForm, ReturnedRow, Submission
from xlplan.validate.judging import judge

ROOT = Path(__file__).parents[2]

GOOD: Mapping[str, object] = {
    "item": "A-1",
    "planned": "実施",
    "actual": "実施",
    "previous:actual": "実施",
    "done": "進めた。",
    "previous:done": "窓口を開いた。",
    "reason": None,
    "places": 3,
    "rate": 12.5,
    "started": date(2024, 6, 1),
    "code": "AB-1",
    "number": 7,
    "note": None,
}
"""A row of the sample plan's report with which nothing is wrong."""


def frame_of(*rows: Mapping[str, object]) -> pd.DataFrame:
    """Rows of the report, each `GOOD` but for what it says."""
    return pd.DataFrame([{**GOOD, **row} for row in rows], dtype=object)


def failed(schema: pa.DataFrameSchema, frame: pd.DataFrame, **options: bool) -> list[tuple[str, str, object]]:
    """The failures: check, column (that of the frame's checks is empty) and row, sorted."""
    try:
        schema.validate(frame, lazy=True, **options)
    except pa.errors.SchemaErrors as fault:
        found = {
            (error.check if isinstance(error.check, str) else error.check.name, error.schema.name, row)
            for error in fault.schema_errors
            for row in _rows(error)
        }
        return sorted((str(check), str(column), row) for check, column, row in found)
    return []


def _rows(error: pa.errors.SchemaError) -> list[object]:
    """The rows of one failure."""
    output = error.check_output
    if output is None:
        return list(error.failure_cases["index"])
    return list(output.index[~output.astype(bool)])


FAULTS = {
    "required": ({"done": None}, "not_nullable", "done", {"done": "x"}),
    "required by a formula": (
        {"actual": "検討", "previous:actual": "検討"},
        "required_choice",
        "report",
        {"actual": "検討", "previous:actual": "検討", "reason": "予算"},
    ),
    "error value": ({"done": "#REF!"}, "error_value", "done", {"done": "#REF"}),
    "whole number": ({"places": 3.5}, "type_whole", "places", {"places": 3.0}),
    "TRUE is no number": ({"rate": True}, "type_number", "rate", {"rate": 1}),
    "number": ({"rate": "12円くらい"}, "type_number", "rate", {"rate": 12}),
    "date": ({"started": "6月ごろ"}, "type_date", "started", {"started": pd.Timestamp(2024, 6, 2)}),
    "a moment is no day": (
        {"started": pd.Timestamp(2024, 6, 2, 13)},
        "type_date",
        "started",
        {"started": date(2024, 6, 2)},
    ),
    "list": ({"reason": "気分"}, "not_in_list", "reason", {"reason": "予算"}),
    "range": ({"places": 51}, "out_of_range", "places", {"places": 50}),
    "range of days": (
        {"started": date(2020, 3, 31)},
        "out_of_range",
        "started",
        {"started": date(2024, 4, 1)},
    ),
    "length": ({"done": "あ" * 21}, "too_long", "done", {"done": "あ" * 20}),
    "pattern": ({"code": "ab-1"}, "wrong_pattern", "code", {"code": "AB-2"}),
    "rule over two columns": (
        {"reason": "その他", "actual": "検討", "previous:actual": "検討"},
        "rule:other_needs_note",
        "report",
        {"reason": "その他", "actual": "検討", "previous:actual": "検討", "note": "人手"},
    ),
    "rule over the previous period": (
        {"actual": "実施", "previous:actual": "拡充"},
        "rule:not_backwards",
        "report",
        {"actual": "実施", "previous:actual": None},
    ),
    "rule over two numbers": (
        {"rate": 99, "places": 3},
        "rule:share_small",
        "report",
        {"rate": 30, "places": 3},
    ),
    "rule that cannot be decided": ({"places": None}, "undecided", "report", {"places": 3}),
}


@pytest.mark.parametrize(("wrong", "check", "column", "right"), FAULTS.values(), ids=FAULTS)
def test_a_planted_fault_fails_its_check_on_a_fresh_frame_and_the_corrected_one_passes(
    wrong: Mapping[str, object], check: str, column: str, right: Mapping[str, object]
) -> None:
    schema = xlplan.schema(sample_plan(), "report")
    # an unlike second row: a rule is worked out where it stands
    other = {"item": "A-2", "code": "XY-9", "number": 8}

    assert failed(schema, frame_of(other, wrong)) == [(check, column, 1)]
    assert failed(schema, frame_of(other, right)) == []


def test_one_wrong_cell_fails_one_check_and_no_rule_that_names_it() -> None:
    """割合 is no number: neither its range nor the rule that divides it is asked."""
    assert failed(xlplan.schema(sample_plan(), "report"), frame_of({"rate": "たくさん"})) == [
        ("type_number", "rate", 0)
    ]


def test_what_a_row_repeats_fails_in_both_rows_and_against_what_others_hold() -> None:
    twice = frame_of({"code": "AB-1", "number": 1}, {"code": "ab-1".upper(), "number": 2})
    plan = sample_plan()

    assert failed(xlplan.schema(plan, "report"), twice) == [
        ("duplicate", "code", 0),
        ("duplicate", "code", 1),
    ]
    taken = xlplan.schema(plan, "report", taken={"number": [7]})
    assert failed(taken, frame_of({})) == [("duplicate", "number", 0)]


def test_a_schema_remembers_nothing_of_the_frame_before() -> None:
    schema = xlplan.schema(sample_plan(), "report")
    frame = frame_of({"actual": "実施", "previous:actual": "拡充"})
    wrong = [("rule:not_backwards", "report", 0)]

    assert failed(schema, frame, inplace=True) == wrong
    frame.loc[0, "previous:actual"] = "検討"
    assert failed(schema, frame, inplace=True) == []
    frame.loc[0, "previous:actual"] = "拡充"
    assert failed(schema, frame, inplace=True) == wrong


def test_a_check_of_a_column_judges_the_series_that_it_is_given() -> None:
    columns = xlplan.schema(sample_plan(), "report").columns
    [listed] = [check for check in columns["reason"].checks if check.name == "not_in_list"]

    assert listed(pd.Series(["予算", "気分", None])).check_output.tolist() == [True, False, True]


def test_columns_say_what_they_ask() -> None:
    columns = xlplan.schema(sample_plan(), "report").columns
    asked = {
        (name, check.name): {key: value for key, value in (check.statistics or {}).items() if key != "number"}
        for name, column in columns.items()
        for check in column.checks
    }

    assert asked["reason", "not_in_list"] == {"allowed_values": ["その他", "予算"]}
    assert asked["places", "out_of_range"] == {"min_value": 1.0, "max_value": 50.0}
    assert asked["done", "too_long"] == {"max_value": 20}
    assert asked["code", "wrong_pattern"] == {"pattern": "[A-Z]{2}-[0-9]"}
    assert (columns["done"].nullable, columns["note"].nullable) == (False, True)


def test_a_frame_without_a_column_that_a_rule_names_is_told_of_it() -> None:
    schema = xlplan.schema(sample_plan(), "report")

    with pytest.raises(pa.errors.SchemaErrors, match="previous:actual"):
        schema.validate(frame_of({}).drop(columns="previous:actual"), lazy=True)


def test_any_index_and_the_types_that_pandas_itself_reads_are_taken(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    frame_of({}, {"item": "A-2", "places": 51, "code": "XY-9", "number": 8}).to_csv(path, index=False)
    frame = pd.read_csv(path, parse_dates=["started"]).set_index(pd.Index(["one", "two"]))

    assert failed(xlplan.schema(sample_plan(), "report"), frame) == [("out_of_range", "places", "two")]


def test_the_period_is_the_last_unless_another_is_named() -> None:
    plan = plan_of(changed(TABLES, "rules", "戻っています。|確かめてください。|", "戻っています。||R6"))
    back = frame_of({"actual": "実施", "previous:actual": "拡充"})

    assert failed(xlplan.schema(plan, "report"), back) == [("rule:not_backwards", "report", 0)]
    names = [check for check, *_ in failed(xlplan.schema(plan, "report", "R5"), back)]
    assert "rule:not_backwards" not in names


@pytest.mark.parametrize(("form", "period"), [("nothing", None), ("report", "R99")])
def test_what_the_plan_has_not_is_refused(form: str, period: str | None) -> None:
    with pytest.raises(LookupError):
        xlplan.schema(sample_plan(), form, period)


def test_an_item_is_one_of_the_department_s_own_where_the_frame_says_whose_row_it_is() -> None:
    fields = TABLES["fields"].rstrip() + "\n        events|about|対象|item||yes|department|||||||"
    forms = (
        TABLES["forms"].replace("note\n", "note | open_rows\n", 1).rstrip() + "\n        events|できごと||5"
    )
    plan = plan_of({**TABLES, "fields": fields, "forms": forms})
    schema = xlplan.schema(plan, "events")
    foreign = pd.DataFrame({"about": ["B-1 給与", "Z-9 なし"]}, dtype=object)

    assert failed(schema, foreign) == [("not_own_item", "events", 1)]
    mine = foreign.assign(**{"@department": "D1"})
    assert failed(schema, mine) == [("not_own_item", "events", 0), ("not_own_item", "events", 1)]


def test_importing_xlplan_loads_no_pandas_until_the_schema_is_asked_for() -> None:
    code = "import sys, xlplan; a = 'pandas' in sys.modules; xlplan.schema; print(a, 'pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True, text=True)

    assert done.stdout.split() == ["False", "True"]


# --- the whole way and the schema ---------------------------------------------------------------------

Typed = Mapping[str, Mapping[str, object]]
"""What is typed into the row of each item, by field."""


Found = set[tuple[str, str, str]]
"""What was found: item, field, code."""


def whole_way(plan: Plan, period: Period, typed: Typed) -> Found:
    """What `judge` finds in a return of these answers."""
    [form] = plan.forms
    rows = rows_of(plan, period, department_of(plan, "D1"))
    layout = EntryLayout(form, plan, period, len(rows[form.id]))
    columns = layout.of_kind(ColumnKind.OFFICE, ColumnKind.ENTRY)
    returned = tuple(
        ReturnedRow(
            row.item,
            FIRST_ROW + at,
            tuple({**row.office, **typed[row.item]}.get(column.name) for column in columns),
        )
        for at, row in enumerate(rows[form.id])
    )
    sheet = ReturnedForm(form.id, form.title, {column.name: column.letters for column in columns}, returned)
    stamp = Stamp("1", plan.id, period.id, "D1", "-", "-")
    [judged] = judge(plan, period, [(Submission("D1.xlsx", "0" * 64, stamp, (sheet,)), rows)])
    return {
        (finding.item, finding.field, finding.written_code)
        for finding in judged.findings
        if finding.severity is not Severity.NOTICE
        and finding.field
        and finding.code is not FindingCode.SMALL_SHARE
    }


def by_schema(plan: Plan, period: Period, typed: Typed) -> Found:
    """The same of a frame of the converted values, made by hand."""
    [form] = plan.forms
    rows = rows_of(plan, period, department_of(plan, "D1"))[form.id]
    frame = pd.DataFrame(
        {
            "item": [row.item for row in rows],
            **{
                name: [getattr(plan.item(row.item), name) or None for row in rows]
                for name in ("group", "title")
            },
            **{
                field.id: [_value(plan, form, field.id, row.office, typed[row.item]) for row in rows]
                for field in form.fields
                if field.formula is None
            },
            **{
                f"previous:{field.id}": [row.previous.get(field.id) for row in rows]
                for field in form.fields
                if field.previous
            },
        },
        dtype=object,
    )
    checks = {check.number: check for check in checks_of(form, plan, period)}
    required = {check.field.id: check for check in checks.values() if check.kind is CheckKind.REQUIRED}
    found: Found = set()
    try:
        xlplan.schema(plan, form, period).validate(frame, lazy=True)
    except pa.errors.SchemaErrors as fault:
        for error in fault.schema_errors:
            of = error.check
            check = required[error.schema.name] if isinstance(of, str) else checks[of.statistics["number"]]
            found |= {(rows[at].item, check.field.id, check.written_code) for at in _rows(error)}
    return found


def _value(
    plan: Plan, form: Form, name: str, office: Mapping[str, object], typed: Mapping[str, object]
) -> object:
    field = form.by_id[name]
    if not field.entered:
        return office.get(name)
    own = plan.items_of(plan.periods[-1], "D1") if field.list == ITEM_LIST else None
    return convert(typed.get(name), field, plan.choices_of(field, own), plan.years).value


def said_by_the_check(found: Found, plan: Plan) -> Found:
    """Findings with the codes of the checks themselves, without why or what may have been meant."""
    [form] = plan.forms
    checks = checks_of(form, plan, plan.periods[-1])
    types = {check.field.id: check.code for check in checks if check.kind is CheckKind.TYPE}
    lists = {check.field.id: check.code for check in checks if check.kind is CheckKind.LIST}

    def own(field: str, code: str) -> str:
        if code.startswith(("type_", "amount_")):
            return types[field]
        plain = code.removesuffix("_near")
        return lists[field] if plain == "choice_is_day" else plain

    return {(item, field, own(field, code)) for item, field, code in found}


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_the_schema_finds_what_the_whole_way_finds_on_any_plan(data: st.DataObject) -> None:
    plan = data.draw(plans().filter(lambda plan: bool(plan.items)))
    [form] = plan.forms
    period = period_of(plan)
    typed = {
        item.id: {field.id: data.draw(values(field, plan)) for field in form.entered} for item in plan.items
    }

    assert by_schema(plan, period, typed) == said_by_the_check(whole_way(plan, period, typed), plan)
