"""Fields of type `time`: typed in many ways, kept as Excel keeps them, and the same to the sheet and the office."""

import io
from datetime import datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest
from definitions import GOOD, definition, places
from figured import summary_workbook
from libreoffice import LibreOffice
from returns import NOW, TABLES, Desk, department_of, period_of, plan_of

from xlplan.definition.reading import Definition
from xlplan.fields.cells import Converted
from xlplan.fields.reading import convert
from xlplan.fields.table import TYPES
from xlplan.form.issuing import rows_of
from xlplan.form.layout.columns import ColumnKind
from xlplan.form.layout.entry import FIRST_ROW
from xlplan.form.read.intake import take_in
from xlplan.model.form import Field, FieldType
from xlplan.model.plan import Plan
from xlplan.report.rows import consolidate
from xlplan.validate.judging import Judged, judge

FIELD = Field("opens", "report", "開始時刻", FieldType.TIME)

FIELDS = """
        report|opens|開始時刻|time||no|department|||8:30|17:15|||
        report|closes|終了時刻|time||no|department|||||||
        report|open|時間数|number||no|formula|([@終了時刻]-[@開始時刻])*24||||||
"""


def plan() -> Plan:
    """The sample plan, whose report asks from when to when the counter is open."""
    return plan_of({**TABLES, "fields": TABLES["fields"].rstrip() + FIELDS})


def at(hour: int, minute: int = 0, second: int = 0) -> float:
    """A time as Excel keeps it."""
    return (hour * 3600 + minute * 60 + second) / 86400


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("9:30", at(9, 30)),
        ("９：３０", at(9, 30)),
        ("９時半", at(9, 30)),
        ("九時半", at(9, 30)),
        ("0930", at(9, 30)),
        ("930", at(9, 30)),
        (930.0, at(9, 30)),
        ("9時", at(9)),
        ("14時05分", at(14, 5)),
        ("14時5分", at(14, 5)),
        ("9:30:15", at(9, 30, 15)),
        ("9:59:59", at(9, 59, 59)),
        ("午後2時", at(14)),
        ("午前 9 時 5 分", at(9, 5)),
        ("午後2:30", at(14, 30)),
        ("午前0時", at(0)),
        ("正午", at(12)),
        ("2:05 PM", at(14, 5)),
        ("PM 2:05", at(14, 5)),
        ("2 p.m.", at(14)),
        ("AM9", at(9)),
        ("12:30 AM", at(0, 30)),
        ("12 PM", at(12)),
    ],
)
def test_a_time_that_is_typed_as_text_is_read_and_told(typed: object, value: float) -> None:
    assert convert(typed, FIELD) == Converted(value, changed=True)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (time(9, 30), at(9, 30)),
        (time(9, 30, 15), at(9, 30, 15)),
        (time(9, 29, 59, 999_900), at(9, 30)),
        (timedelta(hours=5), at(5)),
        (0.5, at(12)),
        (0.39583333, at(9, 30)),
        (0, 0.0),
    ],
)
def test_excels_own_times_are_taken_to_the_second(raw: object, value: float) -> None:
    assert convert(raw, FIELD) == Converted(value)


@pytest.mark.parametrize(
    "raw",
    [
        "24:00",
        "9:75",
        "9:30:60",
        "2199",
        "午後14時",
        "午前9:30 PM",
        "9",
        9,
        12.0,
        "9.30",
        "9-30",
        "9:30~10:00",
        1,
        -0.5,
        True,
        "朝",
        0.9999999,
        timedelta(hours=30),
        datetime(2024, 5, 1, 9, 30),
    ],
)
def test_what_is_no_time_or_could_be_two_is_a_fault(raw: object) -> None:
    read = convert(raw, FIELD)

    assert (read.fault, read.suggestion) == ("type_time", "")


def test_the_twelfth_hour_of_a_half_day_is_asked_back() -> None:
    assert convert("午後12時30分", FIELD).suggestion == "0:30 / 12:30"


@pytest.mark.parametrize("typed", ["約9時半", "9:30頃", "9:30 ごろ"])
def test_an_estimate_is_refused_with_the_time_in_it(typed: str) -> None:
    read = convert(typed, FIELD)

    assert (read.fault, read.suggestion) == ("type_time_about", "9:30")


@pytest.mark.parametrize(
    ("value", "shown"), [(at(9, 30), "9:30"), (at(0), "0:00"), (at(23, 5, 7), "23:05:07")]
)
def test_a_time_is_shown_as_every_cell_takes_it(value: float, shown: str) -> None:
    assert TYPES[FieldType.TIME].shown(value, FIELD, plan().years) == shown
    assert convert(shown, FIELD).value == value


def with_bounds(folder: Path, low: str, high: str) -> Definition:
    """The small definition with a time in it, between these bounds."""
    line = f"progress,opens,開始時刻,time,,no,department,,,{low},{high},,,,,\n"
    return definition(folder, fields=GOOD["fields"] + line)


def test_bounds_of_the_plan_are_times_in_any_spelling(tmp_path: Path) -> None:
    field = with_bounds(tmp_path, "8時半", "午後5時15分").usable().forms[0].by_id["opens"]

    assert (field.minimum, field.maximum) == (at(8, 30), at(17, 15))


def test_a_bound_that_is_no_time_is_a_fault_at_its_cell(tmp_path: Path) -> None:
    assert [code for code, *_ in places(with_bounds(tmp_path, "朝", "17:15"))] == ["plan_not_time"]


def test_the_sheet_takes_times_within_the_bounds_and_says_how_to_type_them() -> None:
    desk = Desk(plan(), "D1")
    column = desk.layouts["report"].column(ColumnKind.ENTRY, "opens")
    [rule] = [
        rule
        for rule in desk.sheet().data_validations.dataValidation
        if f"{column.letters}{FIRST_ROW}" in rule.sqref
    ]

    assert (rule.type, float(rule.formula1), float(rule.formula2)) == ("time", at(8, 30), at(17, 15))
    assert "9:30" in rule.prompt
    assert desk.sheet()[f"{column.letters}{FIRST_ROW}"].number_format == "h:mm"


def judged(desk: Desk, folder: Path) -> Judged:
    """What the office finds in a workbook."""
    path = folder / "returned.xlsx"
    path.write_bytes(desk.saved())
    [incoming] = take_in([path], desk.plan)
    assert incoming.submission is not None
    period = period_of(desk.plan)
    rows = rows_of(desk.plan, period, department_of(desk.plan, "D1"))
    [found] = judge(desk.plan, period, [(incoming.submission, rows)])
    return found


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (time(9, 30), None),
        (time(8, 30), None),
        (time(17, 15), None),
        (time(8, 29, 59), "out_of_range"),
        (time(17, 15, 1), "out_of_range"),
        (0.35416667, None),
        (1.4, "type_time"),
        (-1, "type_time"),
        (-0.25, "type_time"),
        ("朝", "type_time"),
        ("午後12時", "type_time_near"),
    ],
)
def test_the_sheet_and_the_office_agree_on_a_time(
    libreoffice: LibreOffice, tmp_path: Path, typed: object, code: str | None
) -> None:
    desk = Desk(plan(), "D1").fill(opens=None, closes=None).put("A-1", "opens", typed)

    codes = [finding.code for finding in judged(desk, tmp_path).findings if finding.field == "opens"]
    book = libreoffice.recalculated(desk.saved())
    layout = desk.layouts["report"]
    wrong = book["進捗報告", f"{layout.column(ColumnKind.WRONG, 'opens').letters}{FIRST_ROW}"]

    assert codes == ([code] if code else [])
    assert bool(wrong) is (code is not None)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (time(8, 30), None),
        (time(17, 15), None),
        (time(8, 29, 59), "開始時刻は8:30から17:15までで入力してください"),
        (time(17, 15, 1), "開始時刻は8:30から17:15までで入力してください"),
    ],
)
def test_a_time_is_held_against_the_bounds_to_the_second(
    tmp_path: Path, typed: object, told: str | None
) -> None:
    desk = Desk(plan(), "D1").fill(opens=None, closes=None).put("A-1", "opens", typed)

    found = [finding.message("ja") for finding in judged(desk, tmp_path).findings if finding.field == "opens"]
    assert found == ([told] if told else [])


def test_a_computed_field_reckons_with_fractions_of_a_day(libreoffice: LibreOffice) -> None:
    desk = Desk(plan(), "D1").fill(opens=time(8, 30), closes=time(17, 15))
    book = libreoffice.recalculated(desk.saved())
    letters = desk.layouts["report"].column(ColumnKind.FORMULA, "open").letters

    assert book["進捗報告", f"{letters}{FIRST_ROW}"] == pytest.approx(8.75)


def test_a_time_as_excel_saves_it_reaches_the_records(tmp_path: Path) -> None:
    desk = Desk(plan(), "D1").fill(opens=time(8, 30), closes="午後5時")
    [first, *_] = judged(desk, tmp_path).records

    assert (first.values["opens"], first.values["closes"]) == (at(8, 30), at(17))


def test_the_summary_shows_hours_and_minutes() -> None:
    records = TABLES["records"].rstrip().replace("budget\n", "budget | opens\n", 1)
    lines = [line + " |" for line in records.splitlines()[2:]]
    head = "\n".join(records.splitlines()[:2])
    known = "\n".join([head, *lines]).replace("窓口を開いた。 | |", "窓口を開いた。 | | 9時半")
    tables = {**TABLES, "fields": TABLES["fields"].rstrip() + FIELDS, "records": known}
    plan = plan_of(tables)
    made = consolidate(plan, period_of(plan), {}, {}, NOW, draft=True)
    book = openpyxl.load_workbook(io.BytesIO(summary_workbook(made)))

    times = {
        (cell.value, cell.number_format)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, time)
    }
    assert times == {(time(9, 30), "h:mm")}
