"""What a field's own number format makes of its values, wherever one is shown: forms, messages, tables."""

import io
from dataclasses import replace
from datetime import date

import openpyxl
import pytest
import xlsxwriter
from libreoffice import LibreOffice
from plans import sample_plan

from xlplan.fields.formats import is_known
from xlplan.fields.reading import shown
from xlplan.fields.table import type_of
from xlplan.formula.numberformats import number_in_full
from xlplan.language.text import display_width
from xlplan.model.form import Field, FieldType
from xlplan.model.plan import Plan
from xlplan.report.shown import value_text


def field_of(kind: str, shape: str = "", unit: str = "") -> Field:
    """A field of a type with a format and a unit."""
    return Field("asked", "report", "欄", FieldType(kind), unit=unit, format=shape)


def english() -> Plan:
    """A plan in English."""
    return replace(sample_plan(), language="en", calendar="western")


@pytest.mark.parametrize(
    ("unit", "shape", "value", "quoted", "printed"),
    [
        ("£", "", 12500.5, "12,500.50", "12,500.50"),
        ("$", "", 12500.0, "12,500.00", "12,500.00"),
        ("€", "", -0.5, "-0.50", "-0.50"),
        ("GBP", "", 1e6, "1,000,000.00", "1,000,000.00"),
        ("£", "£#,##0.00", 12500.5, "£12,500.50", "£12,500.50"),
        ("£", "£#,##0.00", -12500.5, "-£12,500.50", "-£12,500.50"),
        ("£", "", 12.345, "12.345", "12.35"),
        ("£", "£#,##0", 12500.5, "£12,500.5", "£12,501"),
        ("", "0.0", 12.345, "12.345", "12.3"),
        ("", "0.0", 12.0, "12.0", "12.0"),
        ("", '#,##0"件"', 1200.0, "1,200件", "1,200件"),
        ("", "#,##0.00;△#,##0.00", -1200.0, "△1,200.00", "△1,200.00"),
        ("", "0.0%", 0.4567, "45.67%", "45.7%"),
        ("", "#,##0.00", 0.1 + 0.2, "0.30", "0.30"),
        ("", "", 12500.5, "12500.5", "12,500.5"),
        ("千円", "", 12500.5, "12500.5", "12,500.5"),
        ("£ thousand", "", 12.5, "12.5", "12.5"),
        ("円", "", 1200.0, "1200", "1,200"),
    ],
)
def test_a_number_is_quoted_as_its_format_shows_it_and_never_rounded(
    unit: str, shape: str, value: float, quoted: str, printed: str
) -> None:
    """Money with pence or cents has two decimals; a table rounds, a message does not."""
    field, plan = field_of("number", shape, unit), english()
    assert shown(value, field, plan.years) == quoted
    assert value_text(value, field, plan) == printed


@pytest.mark.parametrize(
    ("kind", "shape", "unit", "bound", "told"),
    [
        ("number", "£#,##0.00", "£", 1000000.0, "£1,000,000.00"),
        ("number", "", "£", 0.5, "0.50"),
        ("whole", "", "£", 1200.0, "1,200"),
        ("number", "0.0", "", 12.25, "12.25"),
        ("number", "", "", 12.25, "12.25"),
        ("date", "d mmm yyyy", "", date(2027, 7, 31), "31 Jul 2027"),
        ("date", "", "", date(2027, 7, 31), "2027-07-31"),
        ("month", "mmm yyyy", "", date(2027, 7, 1), "Jul 2027"),
    ],
)
def test_a_bound_is_told_as_a_value_would_be(
    kind: str, shape: str, unit: str, bound: float | date, told: str
) -> None:
    field = field_of(kind, shape, unit)
    assert type_of(field).bound_label(bound, field, english().years) == told


@pytest.mark.parametrize(
    ("kind", "shape", "unit", "form", "summary"),
    [
        ("number", "£#,##0.00", "£", "£#,##0.00;[Red]-£#,##0.00", "£#,##0.00"),
        ("number", "0.0;(0.0)", "", "0.0;(0.0)", "0.0;(0.0)"),
        ("number", "[>=1000]#,##0;0.0", "", "[>=1000]#,##0;0.0", "[>=1000]#,##0;0.0"),
        ("number", "", "£", "#,##0.00;[Red]-#,##0.00", "#,##0.00"),
        ("number", "", "", "#,##0.###;[Red]-#,##0.###", "#,##0.###"),
        ("whole", "", "£", "#,##0;[Red]-#,##0", "#,##0"),
        ("whole", '0"件"', "件", '0"件";[Red]-0"件"', '0"件"'),
        ("date", "d mmm yyyy", "", "d mmm yyyy", "d mmm yyyy"),
        ("date", "", "", "yyyy-mm-dd", "yyyy-mm-dd"),
        ("month", "mmm yyyy", "", "[>=20090]mmm yyyy;General", "[>=20090]mmm yyyy;General"),
    ],
)
def test_a_cell_has_the_format_of_its_field(
    kind: str, shape: str, unit: str, form: str, summary: str
) -> None:
    field = field_of(kind, shape, unit)
    found = type_of(field)
    assert found.number_format(field, english()) == form
    assert found.summary_format(field, english()) == summary


@pytest.mark.parametrize(
    ("calendar", "language", "look"),
    [
        ("wareki", "ja", "令和7年7月1日"),
        ("western", "ja", "2025年7月1日"),
        ("western", "en", "2025-07-01"),
    ],
)
def test_a_day_has_one_look_in_the_cell_and_in_what_is_said_of_it(
    calendar: str, language: str, look: str
) -> None:
    plan = replace(sample_plan(), calendar=calendar, language=language)
    field, day = field_of("date"), date(2025, 7, 1)
    cell = number_in_full(45839.0, type_of(field).number_format(field, plan))
    assert (cell, shown(day, field, plan.years)) == (look, look)


@pytest.mark.parametrize(
    ("kind", "shape", "longest"),
    [
        ("date", "", "令和10年12月30日"),
        ("date", "dddd d mmmm yyyy", "Wednesday 29 September 2027"),
        ("number", "£#,##0.00", "-£9,999,999.00"),
    ],
)
def test_a_column_has_room_for_what_its_format_shows(kind: str, shape: str, longest: str) -> None:
    field, plan = field_of(kind, shape), sample_plan()
    found = type_of(field)
    assert found.width(field, 4.0, plan) > display_width(longest)
    assert found.least_width(field, plan, previous=False) > display_width(longest)


def test_a_column_has_room_for_the_largest_number_that_its_field_takes() -> None:
    field = replace(field_of("number", "£#,##0.00"), minimum=0.0, maximum=5e9)
    assert type_of(field).width(field, 4.0, sample_plan()) > display_width("£5,000,000,000.00")


SHAPES = (
    "£#,##0.00",
    '"£"#,##0.00',
    '0"件"',
    "#,##0.00 €",
    '#,##0;"△"#,##0;"-"',
    "0.0%",
    "[>=1000]#,##0;0.0",
)


def test_a_spreadsheet_keeps_the_formats_that_are_taken(libreoffice: LibreOffice) -> None:
    """It makes what it cannot read General: then 5376.8 would stand in the cell."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Sheet1")
        for row, shape in enumerate(SHAPES):
            sheet.write_number(row, 0, 5376.8, book.add_format({"num_format": shape}))
    [saved] = libreoffice.converted([stream.getvalue()], "xlsx")
    kept = [cell.number_format for (cell,) in openpyxl.load_workbook(io.BytesIO(saved)).active.iter_rows()]
    assert all(map(is_known, SHAPES))
    assert "General" not in kept
