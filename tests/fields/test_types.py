"""What each type of field gives its cells on the form and in the summary, and which values are of the type."""

from dataclasses import replace
from datetime import date, datetime, time

import pytest
from returns import TABLES, Desk, plan_of, sample_plan

from xlplan.fields.reading import shown as shown_of
from xlplan.fields.table import TYPES, type_of
from xlplan.form.layout.columns import ColumnKind
from xlplan.form.layout.entry import FIRST_ROW
from xlplan.model.form import Field, FieldType

KINDS = ("number", "whole", "date", "time")
FIELDS = "".join(f"        report|a_{kind}|欄{kind}|{kind}||no|department|||||||\n" for kind in KINDS)


def field_of(kind: str) -> Field:
    """A field of a type, with nothing else said of it."""
    return Field("asked", "report", "欄", FieldType(kind))


@pytest.mark.parametrize(
    ("kind", "taken", "shown"),
    [
        ("number", ("decimal", "-1000000000000000.0", "1000000000000000.0"), "#,##0.###;[Red]-#,##0.###"),
        ("whole", ("whole", "-1000000000000000.0", "1000000000000000.0"), "#,##0;[Red]-#,##0"),
        ("date", ("date", "DATE(1963,1,1)", "DATE(2054,12,31)"), '[$-411]ggge"年"m"月"d"日"'),
        ("time", ("time", "0.0", "0.999988425925926"), "h:mm"),
    ],
)
def test_a_cell_without_bounds_takes_all_that_can_be_kept_and_meant_of_its_type(
    kind: str, taken: tuple[str, str, str], shown: str
) -> None:
    desk = Desk(plan_of({**TABLES, "fields": TABLES["fields"].rstrip() + "\n" + FIELDS}), "D1")
    column = desk.layouts["report"].column(ColumnKind.ENTRY, f"a_{kind}")
    first = f"{column.letters}{FIRST_ROW}"
    [rule] = [rule for rule in desk.sheet().data_validations.dataValidation if first in rule.sqref]

    assert (rule.type or "whole", rule.formula1, rule.formula2) == taken
    assert desk.sheet()[first].number_format == shown


@pytest.mark.parametrize(("kind", "shown"), [("number", "#,##0.###"), ("whole", "#,##0"), ("time", "h:mm")])
def test_a_figure_of_the_summary_is_printed_without_colour(kind: str, shown: str) -> None:
    field = field_of(kind)
    assert type_of(field).summary_format(field, sample_plan()) == shown


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        ("number", [0, -1, 2.5, 1e15], [True, "2", float("inf"), float("nan"), date(2024, 4, 1)]),
        ("whole", [0, -1, 2.0], [2.5, True, "2", float("inf"), date(2024, 4, 1)]),
        ("date", [date(2024, 4, 2)], [datetime(2024, 4, 2), datetime(2024, 4, 2, 9, 30), 45384, "2024/4/2"]),
        ("time", [0, 0.5, 0.99998], [1, -0.1, True, 0.999999, "9:30", time(9, 30)]),
        ("month", [date(2024, 4, 1)], [date(2024, 4, 2), datetime(2024, 4, 1), 202404, "2024/4"]),
        ("year", [2024, 2024.0], [2024.5, True, "2024", date(2024, 4, 1), 100]),
    ],
)
def test_a_value_is_of_a_type_or_not(kind: str, right: list[object], wrong: list[object]) -> None:
    of = TYPES[FieldType(kind)]

    assert [value for value in right if not of.holds(value)] == []
    assert [value for value in wrong if of.holds(value)] == []


@pytest.mark.parametrize(
    ("kind", "value", "japanese", "english"),
    [
        ("date", date(2024, 5, 1), "令和6年5月1日", "2024-05-01"),
        ("date", "来月", "来月", "来月"),
        ("date", None, "", ""),
        ("month", date(2024, 5, 1), "令和6年5月", "2024-05"),
        ("month", "来月", "来月", "来月"),
        ("year", 2024, "2024年度（令和6年度）", "FY2024"),
        ("year", "来年", "来年", "来年"),
        ("time", 0.375, "9:00", "9:00"),
        ("time", "　朝 ", "朝", "朝"),
        ("number", 1200.0, "1200", "1200"),
        ("text", "　窓口 ", "窓口", "窓口"),
    ],
)
def test_a_value_is_shown_as_the_people_of_a_plan_write_it(
    kind: str, value: str | float | date | None, japanese: str, english: str
) -> None:
    field, years = field_of(kind), sample_plan().years

    assert shown_of(value, field, years) == japanese
    assert shown_of(value, field, replace(years, language="en", calendar="western")) == english


@pytest.mark.parametrize(
    ("kind", "bound", "told"),
    [
        ("number", 1200.0, "1,200"),
        ("number", -1200.5, "-1,200.5"),
        ("whole", 50.0, "50"),
        ("date", date(2020, 4, 1), "令和2年4月1日"),
        ("month", date(2020, 4, 1), "令和2年4月"),
        ("year", 2020.0, "2020年度（令和2年度）"),
        ("time", 0.375, "9:00"),
    ],
)
def test_a_bound_is_told_as_it_would_be_typed(kind: str, bound: float | date, told: str) -> None:
    field = field_of(kind)
    assert type_of(field).bound_label(bound, field, sample_plan().years) == told
