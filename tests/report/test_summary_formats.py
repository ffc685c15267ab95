"""Numbers in the summary look as the formats of their fields have them, in columns that hold them; unasked is no 0."""

import subprocess
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from figured import figure_cells, summary_workbook
from libreoffice import LibreOffice
from openpyxl.worksheet.worksheet import Worksheet
from plans import plan_of
from summaries import CREATED, SAMPLE_ANSWERS, SAMPLE_TABLES, differing, issued, opened, receipts

from xlplan.fields.table import type_of
from xlplan.language.text import display_width
from xlplan.model.form import Field
from xlplan.model.plan import Plan
from xlplan.model.record import Value
from xlplan.report.columns import DataKind
from xlplan.report.document import document_of
from xlplan.report.render.html import page
from xlplan.report.rows import Consolidation, consolidate
from xlplan.report.tables import Cell, Table
from xlplan.report.working import Figures, NoFigure

FORMATS = {
    "budget": ("", "£#,##0.00"),
    "spent": ("£", "£#,##0.00"),
    "rate": ("", "0.0%"),
    "held": ("", "d mmm yyyy"),
}
MEASURES = """
view,id,label,formula,by,format
figures,spent,決算額,"SUMIFS([spent],[goal],GROUP(),[period],PERIOD())",goal,
figures,mean,平均,"AVERAGEIFS([rate],[goal],GROUP(),[period],PERIOD())",goal,
figures,by_item,決算額,"SUMIFS([spent],[item],GROUP(),[period],PERIOD())",item,
figures,both,合計,"SUMIFS([spent],[item],GROUP(),[period],PERIOD())+SUMIFS([budget],[item],GROUP(),[period],PERIOD())",item,
figures,alike,全体,"SUMIFS([spent],[period],PERIOD())",item,
figures,items,件数,"COUNTIFS([item],GROUP(),[period],PERIOD())",item,0
figures,by_status,決算額,"SUMIFS([spent],[actual],GROUP(),[period],PERIOD())",actual,
"""
LARGE = 12_345_678.5


@cache
def formatted() -> Plan:
    """The small plan with formats."""
    head, *lines = SAMPLE_TABLES["fields"].strip().splitlines()
    more = {name: f',{unit},"{shape}"' for name, (unit, shape) in FORMATS.items()}
    told = [f"{line}{more.get(line.split(',')[1], ',,')}" for line in lines]
    fields = "\n".join([f"{head},unit,format", *told]).replace("0,1000000,", "0,99999999,")
    return plan_of({**SAMPLE_TABLES, "fields": fields, "measures": MEASURES})


@cache
def made_round() -> Consolidation:
    """Its second period, with one large amount."""
    plan = formatted()
    answers = {**SAMPLE_ANSWERS, "A-1": {**SAMPLE_ANSWERS["A-1"], "spent": LARGE}}
    given = receipts(plan, plan.periods[1], answers)
    return consolidate(plan, plan.periods[1], issued(plan, plan.periods[1]), given, CREATED, draft=False)


@cache
def workbook() -> bytes:
    """Its summary."""
    return summary_workbook(made_round())


def figure(measure: str, group: str, period: str) -> tuple[object, NoFigure | None]:
    """What a figure comes to, and why it has no value."""
    worked = Figures(made_round()).worked(figure_cells(made_round())["figures", measure, group, period])
    return worked.value, worked.reason


def field_of(name: str) -> Field:
    """A field of its form."""
    return formatted().forms[0].by_id[name]


# --- formats ---------------------------------------------------------------------------------------


def tables() -> dict[str, Table]:
    """Its tables by the kind of their view; of the statistics the first."""
    document = document_of(made_round(), Figures(made_round()))
    found: dict[str, Table] = {}
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Table):
                found.setdefault(block.kind, block)
    return found


def cells_of(table: Table, text: str) -> list[tuple[Cell, float]]:
    """The cells that show a text, with the width of their columns."""
    return [
        (cell, table.columns[at].width)
        for row in table.rows()
        for at, cell in enumerate(row, len(table.columns) - len(row))
        if cell.text == text
    ]


@pytest.mark.parametrize("kind", ["progress", "list", "statistics"])
def test_a_table_shows_an_amount_by_the_format_of_its_field_in_a_column_that_holds_it(kind: str) -> None:
    [(cell, width), *_] = cells_of(tables()[kind], "£12,345,678.50")
    assert cell.format == "£#,##0.00"
    assert width > display_width("£12,345,678.50")


def test_totals_have_the_format_and_the_room_of_the_figures_above_them() -> None:
    table = tables()["statistics"]
    [total] = table.totals
    shown = [cell.text for cell in total if cell.text.startswith("£")]
    assert shown == ["£140.50", "£12,345,696.00"]
    assert all(
        column.width > display_width(cell.text) for column, cell in zip(table.columns, total, strict=True)
    )


def test_the_data_sheet_has_the_formats_of_the_fields_and_room_for_them() -> None:
    figures = Figures(made_round())
    data = figures.tables["progress"]
    sheet = opened(workbook())[data.name]
    assert isinstance(sheet, Worksheet)
    for name, shape in (
        ("budget", "£#,##0.00"),
        ("spent", "£#,##0.00"),
        ("rate", "0.0%"),
        ("held", "d mmm yyyy"),
    ):
        column = data.column(name)
        assert column.kind is DataKind.FIELD
        assert sheet.cell(5, column.index).number_format == shape
    width = sheet.column_dimensions[data.column("spent").letters].width
    assert width > display_width("£12,345,678.50")


def test_a_column_that_the_office_made_narrow_still_holds_its_widest_amount() -> None:
    plan = formatted()
    narrow = tuple(replace(field, width=5.0) for field in plan.forms[0].fields)
    made = replace(made_round(), forms=(replace(plan.forms[0], fields=narrow),))
    figures = Figures(made)
    assert figures.records["progress"].room(narrow[3]) > display_width("£12,345,678.50")
    assert figures.records["progress"].room(field_of("done")) == 0


@pytest.mark.parametrize(
    ("numbers", "widest"),
    [
        ([12.0, 1_234_567.0], "1,234,567"),
        ([12.125, 1_234_567.0], "1,234,567.000"),
        ([-1_234_567.5, 12.0], "-1,234,567.000"),
        ([], ""),
        ([True, "x", None], ""),
    ],
)
def test_a_column_of_numbers_has_room_for_the_widest_with_the_decimals_that_there_are(
    numbers: list[Value], widest: str
) -> None:
    field = replace(field_of("spent"), unit="", format="")
    assert type_of(field).room(numbers, field, formatted()) == display_width(widest)


@pytest.mark.parametrize(("measure", "shape"), [("spent", "£#,##0.00"), ("mean", "0.0%"), ("items", "0")])
def test_a_figure_has_the_format_of_the_field_that_it_adds_up(measure: str, shape: str) -> None:
    found = next(one for one in figure_cells(made_round()).values() if one.measure.id == measure)
    sheet = opened(workbook())["集計"]
    assert sheet.cell(found.row, found.column).number_format == shape


def test_the_page_shows_what_the_workbook_shows() -> None:
    said = page(document_of(made_round(), Figures(made_round()))).decode()
    assert "£12,345,678.50" in said
    assert "12345678.5<" not in said
    assert "1 May 2014" in said


def test_nothing_is_printed_as_signs_for_want_of_room(libreoffice: LibreOffice, tmp_path: Path) -> None:
    [printed] = libreoffice.converted([workbook()], "pdf")
    (tmp_path / "book.pdf").write_bytes(printed)
    said = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "book.pdf"), "-"], check=True, capture_output=True, text=True
    ).stdout
    assert "£12,345,678.50" in said
    assert "###" not in said


# --- what was not asked ----------------------------------------------------------------------------


@pytest.mark.parametrize("measure", ["by_item", "both"])
def test_an_amount_of_an_item_that_did_not_run_is_none_and_no_0(measure: str) -> None:
    assert figure(measure, "A-5", "H25") == (None, NoFigure.NOT_ASKED)
    assert figure(measure, "A-5", "H26")[1] is None


@pytest.mark.parametrize(
    ("measure", "group", "period", "value"),
    [
        ("by_item", "A-2", "H25", 0),
        ("items", "A-5", "H25", 0),
        ("alike", "A-5", "H25", 140.5),
        ("by_status", "一部実施", "H26", 0),
        ("spent", "目標2", "H25", 50.5),
    ],
)
def test_what_was_asked_and_came_to_nothing_is_0(measure: str, group: str, period: str, value: float) -> None:
    """So is the number of items that ran; what does not look at its group is that of all."""
    assert figure(measure, group, period) == (value, None)


def test_the_workbook_works_the_same_out(libreoffice: LibreOffice) -> None:
    recalculated = libreoffice.recalculated(workbook())
    assert differing(workbook(), recalculated) == {}
    at = figure_cells(made_round())["figures", "by_item", "A-5", "H25"]
    assert opened(workbook(), values=True)["集計"].cell(at.row, at.column).value == "―"


def test_a_field_that_came_after_a_round_was_collected_was_not_asked_in_it() -> None:
    """No accepted answer could be without one that is required; one that may be blank may have been left so."""
    made = made_round()
    collected = tuple(
        replace(row, attempt=1, values={name: value for name, value in row.values.items() if name != "spent"})
        if row.period.id == "H25"
        else row
        for row in made.rows
    )
    records = Figures(replace(made, rows=collected)).records["progress"]
    [before, now] = formatted().periods
    asked = {name: records.asked(name, before) for name in ("spent", "rate", "actual", "count", "title")}
    assert asked == {"spent": False, "rate": False, "actual": True, "count": True, "title": True}
    assert records.asked("spent", now)
