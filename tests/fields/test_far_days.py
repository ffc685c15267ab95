"""A year or a short number in a cell for days becomes a day far from the plan's years: an error, and no day taken."""

from datetime import date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from returns import Desk, judged, period_of, sample_plan, submission

from xlplan.fields.numbering import checks_of
from xlplan.fields.reading import convert
from xlplan.fields.table import type_of
from xlplan.fields.value_checks import TypeCheck
from xlplan.form.read.intake import take_in
from xlplan.formula.excel import SERIAL_DAY_ZERO
from xlplan.language.calendar import Years
from xlplan.model.finding import Finding
from xlplan.model.form import Field, FieldType, FilledBy

YEARS = Years(2021, 2025)
DAY = Field("f", "form", "完了日", FieldType.DATE)


def saved_as(number: float) -> datetime:
    """What a reader gives for a number in a cell with a date's format."""
    early = 1 if number < 61 else 0
    return SERIAL_DAY_ZERO + timedelta(days=number + early)


@pytest.mark.parametrize(
    ("number", "near"),
    [
        (2025, "2025/4/1～2026/3/31"),  # 1905-07-17
        (7.4, "2025/4/1～2025/4/30"),  # 1900-01-07
        (202504, "2025/4/1～2025/4/30"),  # 2454
        (250401, "2025/4/1"),  # 2585
        (70401, "2025/4/1"),  # 070401, 2092
        (7, "2025/4/1～2026/3/31"),
        (2.5, "2020/5/1～2020/5/31"),
        (1.5, ""),
        (99, ""),
        (401, ""),
    ],
)
@pytest.mark.parametrize("formatted", [True, False])
def test_a_number_typed_for_a_day_is_an_error_that_names_what_was_probably_meant(
    number: float, near: str, formatted: bool
) -> None:
    years = Years(2020, 2025)
    raw = saved_as(number) if formatted else float(number)
    found = convert(raw, DAY, (), years)

    assert found.fault.startswith("type_date")
    assert found.suggestion == near
    assert not isinstance(found.value, date)


@pytest.mark.parametrize("text", ["1905/7/17", "2585-07-30", "明治45年1月1日", "2205/4/1"])
def test_a_day_that_is_written_in_full_but_far_off_is_an_error_too(text: str) -> None:
    assert convert(text, DAY, (), YEARS).fault == "type_date_far"


@pytest.mark.parametrize("day", [date(1961, 1, 1), date(1989, 1, 8), date(2055, 12, 31)])
def test_a_day_that_can_be_meant_is_taken(day: date) -> None:
    assert convert(day, DAY, (), YEARS).value == day
    assert convert(datetime(day.year, day.month, day.day), DAY, (), YEARS).value == day


def test_the_bounds_of_a_field_say_of_days_far_off_that_they_can_be_meant() -> None:
    founded = Field(
        "f", "form", "設置日", FieldType.DATE, minimum=date(1889, 4, 1), maximum=date(2100, 3, 31)
    )

    assert convert(date(1889, 4, 1), founded, (), YEARS).value == date(1889, 4, 1)
    assert convert(date(2100, 3, 31), founded, (), YEARS).value == date(2100, 3, 31)
    assert convert(date(1889, 3, 31), founded, (), YEARS).fault == "type_date_far"


def test_the_office_fills_in_any_day() -> None:
    founded = Field("f", "form", "設置日", FieldType.DATE, filled_by=FilledBy.OFFICE)

    assert convert(date(1889, 4, 1), founded, (), YEARS).value == date(1889, 4, 1)


def test_where_no_years_are_known_the_days_are_those_of_the_months_that_can_be_meant() -> None:
    assert convert(date(1955, 1, 1), DAY).value == date(1955, 1, 1)
    assert convert(date(1954, 12, 31), DAY).fault == "type_date_far"
    assert convert(date(2118, 12, 31), DAY).value == date(2118, 12, 31)


def far(paid: object) -> Finding:
    [result] = judged(sample_plan(), submission(sample_plan(), "D1", {("A-1", "paid"): paid}, form="money"))
    [found] = [one for one in result.findings if one.field == "paid" and one.item == "A-1"]
    return found


def test_what_was_probably_meant_is_said_in_both_languages() -> None:
    found = far(datetime(1905, 7, 16))

    assert found.written_code == "type_date_far_near"
    assert found.message("ja") == "支払日の「1905-07-16」は計画の期間から離れすぎています"
    assert "2024/4/1～2025/3/31" in found.remedy("ja")
    assert "2024/4/1～2025/3/31" in found.remedy("en")


def test_where_nothing_is_known_to_be_meant_the_days_that_can_be_are_said() -> None:
    found = far(date(1900, 4, 1))

    assert found.written_code == "type_date_far"
    assert "昭和38年1月1日から令和36年12月31日まで" in found.remedy("ja")


@pytest.mark.parametrize("value", [date(1905, 7, 17), date(2585, 7, 30), "1905-07-17"])
def test_a_frame_outside_xlplan_gets_the_same_verdict(value: object) -> None:
    plan = sample_plan()
    form = plan.forms[1]
    [check] = [
        one
        for one in checks_of(form, plan, period_of(plan))
        if isinstance(one, TypeCheck) and one.field.id == "paid"
    ]

    assert check.fails(value)
    assert not check.fails(date(2024, 4, 1))


def test_the_cells_of_a_form_take_the_days_that_can_be_meant() -> None:
    desk = Desk(sample_plan(), "D1")
    cell = desk.address("A-1", "paid", "money")
    [rule] = [one for one in desk.sheet("money").data_validations.dataValidation if cell in one.sqref]

    assert (rule.formula1, rule.formula2) == ("DATE(1963,1,1)", "DATE(2054,12,31)")
    field = sample_plan().forms[1].by_id["paid"]
    assert type_of(field).span(field, sample_plan().years) == (date(1963, 1, 1), date(2054, 12, 31))


@pytest.mark.parametrize("number", [2025, 7.4, 250401, 70401])
def test_a_return_in_which_a_number_was_typed_for_a_day_is_sent_back(number: float, tmp_path: Path) -> None:
    path = tmp_path / "D1.xlsx"
    path.write_bytes(
        Desk(sample_plan(), "D1").fill().fill("money").put("A-1", "paid", number, "money").saved()
    )
    assert openpyxl.load_workbook(path)
    [incoming] = take_in([path], sample_plan())
    assert incoming.submission is not None
    [result] = judged(sample_plan(), incoming.submission)

    assert [one.field for one in result.findings if one.code.value.startswith("type_date")] == ["paid"]
