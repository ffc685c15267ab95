"""A field's own number format in a form: in every cell that shows a value of it, and silent when a return is read."""

import io
import zipfile
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache

import pytest
from libreoffice import LibreOffice
from openpyxl.cell import Cell
from returns import TABLES, Desk, department_of, period_of, plan_of

from xlplan.form.issuing import rows_of
from xlplan.form.layout.columns import ColumnKind
from xlplan.form.layout.entry import FIRST_ROW
from xlplan.form.read.opening import Opener
from xlplan.model.finding import Finding
from xlplan.model.plan import Plan
from xlplan.model.submission import Submission
from xlplan.validate.judging import Judged, judge

SETTINGS: Mapping[str, tuple[str, str]] = {
    "budget": ("", "£#,##0.00"),
    "cost": ("£", "£#,##0.00"),
    "paid": ("", "d mmm yyyy"),
    "rate": ("£", ""),
    "share": ("", "0.0%"),
}
"""Unit and format of some fields."""


@cache
def formatted() -> Plan:
    """The sample plan with formats; last period's costs stand beside this one's."""
    head, *lines = (line.strip() for line in TABLES["fields"].strip().splitlines())
    told = ["|".join([line, *SETTINGS.get(line.split("|")[1], ("", ""))]) for line in lines]
    fields = "\n".join([f"{head}|unit|format", *told])
    fields = fields.replace("[@予算額]>0|department|||0||||", "[@予算額]>0|department||yes|0|1000000|||")
    return plan_of({**TABLES, "fields": fields})


def cell_of(desk: Desk, kind: ColumnKind, field: str, form: str = "money") -> Cell:
    """The first cell of a column."""
    found = desk.sheet(form).cell(FIRST_ROW, desk.layouts[form].column(kind, field).index)
    assert isinstance(found, Cell)
    return found


@pytest.mark.parametrize(
    ("kind", "field", "form", "shape"),
    [
        (ColumnKind.OFFICE, "budget", "money", "£#,##0.00;[Red]-£#,##0.00"),
        (ColumnKind.PREVIOUS, "cost", "money", "£#,##0.00;[Red]-£#,##0.00"),
        (ColumnKind.ENTRY, "cost", "money", "£#,##0.00;[Red]-£#,##0.00"),
        (ColumnKind.ENTRY, "paid", "money", "d mmm yyyy"),
        (ColumnKind.ENTRY, "rate", "report", "#,##0.00;[Red]-#,##0.00"),
        (ColumnKind.ENTRY, "started", "report", '[$-411]ggge"年"m"月"d"日"'),
        (ColumnKind.FORMULA, "share", "report", "0.0%;[Red]-0.0%"),
    ],
)
def test_every_cell_of_a_field_has_its_format(kind: ColumnKind, field: str, form: str, shape: str) -> None:
    assert cell_of(Desk(formatted(), "D1"), kind, field, form).number_format == shape


def judged(data: bytes) -> Judged:
    """The verdict on a return of D1."""
    plan = formatted()
    found = Opener.of(plan).open("回答.xlsx", data)
    assert isinstance(found, Submission), found
    owner = department_of(plan, found.stamp.department)
    [verdict] = judge(plan, period_of(plan), [(found, rows_of(plan, period_of(plan), owner))])
    return verdict


def with_cost(value: object, shape: str = "") -> bytes:
    """A return whose item A-1 has this cost, in a cell with another format if one is given."""
    desk = Desk(formatted(), "D1").fill().put("A-1", "cost", value, "money")
    desk.put("A-1", "paid", date(2024, 6, 1), "money")
    if shape:
        desk.sheet("money")[desk.address("A-1", "cost", "money")].number_format = shape
    return desk.saved()


def told_of(verdict: Judged, field: str) -> list[Finding]:
    """What is told of a field of A-1, the plan's rules apart."""
    here = (finding for finding in verdict.findings if (finding.item, finding.field) == ("A-1", field))
    return [finding for finding in here if finding.code != "rule"]


def cost(verdict: Judged) -> object:
    """The cost of A-1 as it was read."""
    [record] = [record for record in verdict.records if (record.form, record.item) == ("money", "A-1")]
    return record.values.get("cost")


@pytest.mark.parametrize("value", [5376.8, 0.0, 12.345, 1e6])
@pytest.mark.parametrize(
    "shape",
    [
        "",
        '"£"#,##0.00;[Red]-"£"#,##0.00',
        "[$£-809]#,##0.00;[Red]-[$£-809]#,##0.00",
        '\\£#,##0.00;[RED]"-£"#,##0.00',
        "#,##0.00",
        "General",
    ],
)
def test_the_forms_own_format_is_silent_however_a_program_writes_it(value: float, shape: str) -> None:
    verdict = judged(with_cost(value, shape))
    assert (cost(verdict), told_of(verdict, "cost")) == (value, [])


def test_a_format_that_scales_is_told_beside_the_forms_own() -> None:
    verdict = judged(with_cost(5_000_000.0, "£#,##0,"))
    assert [finding.code.value for finding in told_of(verdict, "cost")] != []


def test_a_return_saved_by_libreoffice_is_silent(libreoffice: LibreOffice) -> None:
    [saved] = libreoffice.converted([with_cost(5376.8)], "xlsx")
    verdict = judged(saved)
    with zipfile.ZipFile(io.BytesIO(saved)) as parts:
        assert "£" in parts.read("xl/styles.xml").decode()
    assert (cost(verdict), told_of(verdict, "cost"), told_of(verdict, "paid")) == (5376.8, [], [])


@pytest.mark.parametrize(
    ("value", "quoted", "message"),
    [
        (-12500.5, "-£12,500.50", "£0.00"),
        (1000000.125, "£1,000,000.125", "£1,000,000.00"),
        (12_500_000.0, "£12,500,000.00", "£1,000,000.00"),
    ],
)
def test_a_finding_quotes_values_and_bounds_as_the_form_shows_them_and_never_rounded(
    value: float, quoted: str, message: str
) -> None:
    [finding] = told_of(judged(with_cost(value)), "cost")
    assert finding.value == quoted
    assert message in finding.message("ja")


def test_a_number_typed_as_text_is_told_as_it_was_read() -> None:
    [finding] = told_of(judged(with_cost("5376.8")), "cost")
    assert "£5,376.80" in finding.message("ja")


@pytest.mark.parametrize(
    ("form", "field", "day", "quoted"),
    [
        ("report", "started", datetime(2031, 4, 1), "令和13年4月1日"),
        ("money", "paid", datetime(2431, 4, 1), "2431-04-01"),
    ],
)
def test_a_day_is_quoted_as_the_form_shows_it(form: str, field: str, day: datetime, quoted: str) -> None:
    """One that cannot be meant is no value of the field, and quoted as it was typed."""
    desk = Desk(formatted(), "D1").fill().put("A-1", field, day, form)
    [finding] = told_of(judged(desk.saved()), field)
    assert finding.value == quoted
