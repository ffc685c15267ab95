"""Periods that are parts of a year, and their reference dates: as read, and what does not fit among them."""

import csv
import io
import re
from datetime import date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from definitions import GOOD, definition, latin, ours_in_english

from xlplan.definition.naming import periods_meant
from xlplan.definition.reading import Definition, read_definition
from xlplan.definition.write.cells import FIRST_ROW, HEADER_ROW
from xlplan.definition.write.workbook import definition_workbook
from xlplan.language.errors import UsageError
from xlplan.model.plan import Plan
from xlplan.stages.rounds import period_named

HEAD = "id,label,first_year,last_year,first_month,last_month,reference_date\n"
LATE = 'late,progress,"OR(BLANK([@実施日]),[@実施日]<=REFERENCE_DATE())",day,error,先の日付です。,直してください。,\n'


def read(folder: Path, periods: str, start: int = 4, **changed: str) -> Definition:
    """The small plan with these periods; nothing else of it names any."""
    tables = {
        "plan": GOOD["plan"].replace("fiscal_year_start,4", f"fiscal_year_start,{start}"),
        "periods": periods if periods.startswith("id,") else HEAD + periods.strip() + "\n",
        "departments": "id,name\nD1,情報課\nD2,税務課\n",
        "items": GOOD["items"].replace("H25", "").replace("H26", ""),
        "rules": GOOD["rules"].replace("H26", ""),
        "records": None,
        "published": None,
    }
    return definition(folder, **{**tables, **changed})


def told(found: Definition) -> list[tuple[str, str, str]]:
    """The findings about periods, measures and their parts: code, file and cell."""
    return [
        (finding.code.value, finding.file, finding.cell)
        for finding in found.findings
        if finding.file in ("periods.csv", "measures.csv")
    ]


def days(plan: Plan) -> dict[str, tuple[str, str]]:
    """The first and last day of each period."""
    known = {period.id: plan.days(period) for period in plan.periods}
    return {name: (found.first.isoformat(), found.last.isoformat()) for name, found in known.items()}


HALVES = """
R7上,令和7年度上半期,2025,2025,4,9,
R7下,令和7年度下半期,2025,2025,10,3,
R8上,令和8年度上半期,2026,2026,4,9,
"""


def test_months_are_of_the_fiscal_year(tmp_path: Path) -> None:
    found = read(tmp_path, HALVES)
    assert told(found) == []
    assert days(found.usable()) == {
        "R7上": ("2025-04-01", "2025-09-30"),
        "R7下": ("2025-10-01", "2026-03-31"),
        "R8上": ("2026-04-01", "2026-09-30"),
    }


@pytest.mark.parametrize(
    ("start", "quarters"),
    [
        (4, [("2025-04-01", "2025-06-30"), ("2026-01-01", "2026-03-31")]),
        (1, [("2025-01-01", "2025-03-31"), ("2025-10-01", "2025-12-31")]),
        (7, [("2025-07-01", "2025-09-30"), ("2026-04-01", "2026-06-30")]),
        (11, [("2025-11-01", "2026-01-31"), ("2026-08-01", "2026-10-31")]),
    ],
)
def test_quarters_lie_in_their_year_whenever_it_starts(
    tmp_path: Path, start: int, quarters: list[tuple[str, str]]
) -> None:
    months = [((start + 3 * at - 1) % 12 + 1, (start + 3 * at + 1) % 12 + 1) for at in range(4)]
    lines = (f"Q{at},FY2025 Q{at},2025,2025,{first},{last}," for at, (first, last) in enumerate(months, 1))
    found = read(tmp_path, "\n".join(lines), start)
    assert told(found) == []
    known = list(days(found.usable()).values())
    assert [known[0], known[3]] == quarters
    plan = found.usable()
    whole = {(plan.days(period).year_first, plan.days(period).year_last) for period in plan.periods}
    [(first, last)] = whole
    assert first.month == start
    assert (last + timedelta(days=1)).replace(year=first.year) == first


def test_a_part_may_run_into_the_next_fiscal_year(tmp_path: Path) -> None:
    found = read(tmp_path, "A,前の年,2024,2024,,,\nB,秋から秋,2025,2026,10,9,\nC,次の冬,2026,2026,10,3,\n")
    assert told(found) == []
    plan = found.usable()
    assert days(plan)["B"] == ("2025-10-01", "2026-09-30")
    known = plan.days(plan.periods[1])
    assert (known.year_first, known.year_last) == (date(2025, 4, 1), date(2027, 3, 31))


@pytest.mark.parametrize(
    ("first", "last", "notices"),
    [
        ("4", "9", 0),
        ("4月", "９月", 2),
        ("四月", "9", 1),
        ("April", "Sept", 2),
        ("apr.", "September", 2),
        ("04", " ９ ", 2),
    ],
)
def test_a_month_is_read_as_people_write_it(tmp_path: Path, first: str, last: str, notices: int) -> None:
    found = read(tmp_path, f"R7上,上半期,2025,2025,{first},{last},\n")
    assert [code for code, _, _ in told(found)] == ["plan_cell_read"] * notices
    assert days(found.usable()) == {"R7上": ("2025-04-01", "2025-09-30")}


def test_the_months_of_a_whole_year_make_it_one(tmp_path: Path) -> None:
    [period] = read(tmp_path, "R7,令和7年度,2025,2025,4,3,\n").usable().periods
    assert (period.is_part, period.first_month, period.last_month) == (False, 0, 0)


def test_a_year_may_stand_behind_its_parts(tmp_path: Path) -> None:
    found = read(
        tmp_path, "R7上,上半期,2025,2025,4,9,\nR7,令和7年度,2025,2025,,,\nR8,令和8年度,2026,2026,,,\n"
    )
    assert told(found) == []


FAULTS = {
    "no last month": ("A,上半期,2025,2025,4,,", "plan_blank", "F2"),
    "no first month": ("A,上半期,2025,2025,,9,", "plan_blank", "E2"),
    "month 13": ("A,上半期,2025,2025,4,13,", "plan_unknown_word", "F2"),
    "no month": ("A,上半期,2025,2025,春,9,", "plan_unknown_word", "E2"),
    "half a month": ("A,上半期,2025,2025,4.5,9,", "plan_unknown_word", "E2"),
    "ends before it begins": ("A,冬,2025,2025,1,12,", "plan_period_months", "F2"),
    "years reversed": ("A,上半期,2025,2024,4,9,", "plan_period_reversed", "D2"),
    "alike": ("A,上半期,2025,2025,4,9,\nB,前半,2025,2025,4,9,", "plan_period_alike", "E3"),
    "two years alike": ("A,令和7年度,2025,2025,,,\nB,本年度,2025,2025,4,3,", "plan_period_alike", "C3"),
    "out of order": (
        "A,下半期,2025,2025,10,3,\nB,上半期,2025,2025,4,9,",
        "plan_period_part_order",
        "E3",
    ),
    "a year before its part": (
        "A,令和7年度,2025,2025,,,\nB,上半期,2025,2025,4,9,",
        "plan_period_part_order",
        "E3",
    ),
    "parts overlap": ("A,上半期,2025,2025,4,9,\nB,秋冬,2025,2025,9,2,", "plan_period_overlap", "E3"),
    "a part around a part": (
        "A,第1四半期,2025,2025,4,6,\nB,上半期,2025,2025,4,9,",
        "plan_period_overlap",
        "E3",
    ),
    "a year and a part of two": (
        "A,令和7年度,2025,2025,,,\nB,秋から秋,2025,2026,10,9,",
        "plan_period_overlap",
        "E3",
    ),
    "not with the nearest": (
        "A,秋から秋,2024,2025,10,9,\nB,下半期,2025,2025,10,3,\nC,令和7年度,2025,2025,,,",
        "plan_period_overlap",
        "C4",
    ),
    "called the same": ("A,上半期,2025,2025,4,9,\nB,上半期,2026,2026,4,9,", "plan_duplicate", "B3"),
    "no day": ("A,上半期,2025,2025,4,9,秋", "plan_not_date", "G2"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_does_not_fit_is_a_finding_at_its_cell(tmp_path: Path, fault: str) -> None:
    periods, code, cell = FAULTS[fault]
    found = read(tmp_path, periods)
    assert told(found) == [(code, "periods.csv", cell)]
    assert found.plan is None


def test_what_does_not_fit_is_told_in_english(tmp_path: Path) -> None:
    tables = {table: latin(content) for table, content in GOOD.items()}
    tables["plan"] = tables["plan"].replace("language,ja", "language,en")
    tables["rules"] = tables["rules"].replace("H26", "")
    unasked = "R7,H1,2025,2025,4,9,2027-01-01\nR8,H2,2025,2025,10,3,\nR9,FY2025,2025,2025,,,"
    summed = 'view,id,label,formula,by,total\nfigures,a,a,"COUNTIFS([period],PERIOD())",,yes\n'
    shared = {"departments": "id,name\nD1,ICT\nD2,Tax\n", "plan": tables["plan"]}
    codes = set()
    for periods in (*(latin(lines) for lines, _, _ in FAULTS.values()), unasked):
        changed = {"rules": tables["rules"], "measures": summed, **shared}
        found = read(
            tmp_path, periods, **{**{name: tables[name] for name in ("fields", "choices")}, **changed}
        )
        codes |= {finding.code for finding in found.findings}
        for finding in found.findings:
            assert ours_in_english(found, finding) == []
    assert codes >= {
        "plan_reference_far",
        "plan_reference_unused",
        "plan_measure_twice",
        "plan_period_months",
    }


@pytest.mark.parametrize(
    ("day", "read_as", "codes"),
    [
        ("2025-09-30", date(2025, 9, 30), []),
        ("令和7年10月1日", date(2025, 10, 1), ["plan_cell_read"]),
        ("7.10.1", date(2025, 10, 1), ["plan_cell_read"]),
        ("", date(2025, 9, 30), []),
        ("2026-03-31", date(2026, 3, 31), []),
        ("2026-10-01", date(2026, 10, 1), ["plan_reference_far"]),
        ("2024-10-01", date(2024, 10, 1), ["plan_reference_far"]),
    ],
)
def test_a_reference_date_lies_in_its_period_or_soon_after(
    tmp_path: Path, day: str, read_as: date, codes: list[str]
) -> None:
    found = read(
        tmp_path, f"R7上,上半期,2025,2025,4,9,{day}\n", rules=GOOD["rules"].replace("H26", "") + LATE
    )
    assert [code for code, _, _ in told(found)] == codes
    plan = found.usable()
    assert plan.days(plan.periods[0]).reference == read_as


def test_a_reference_date_for_which_nothing_asks_is_told(tmp_path: Path) -> None:
    lines = "R7上,上半期,2025,2025,4,9,2025-10-01\nR7下,下半期,2025,2025,10,3,2026-04-01\n"
    unasked = [("plan_reference_unused", "periods.csv", cell) for cell in ("G2", "G3")]
    assert told(read(tmp_path, lines)) == unasked
    rules = GOOD["rules"].replace("H26", "") + LATE.replace("直してください。,", "直してください。,R7下")
    assert told(read(tmp_path, lines, rules=rules)) == unasked[:1]
    broken = rules.replace("REFERENCE_DATE()", "REFERENCE_DATE(1)")
    assert told(read(tmp_path, lines, rules=broken)) == []


def test_figures_over_a_year_and_its_parts_are_told(tmp_path: Path) -> None:
    lines = HALVES.replace("R8上", "R7,令和7年度,2025,2025,,,\nR8上")
    measures = "view,id,label,formula,by,total\n" + "".join(
        f'figures,{name},{name},"{formula}",,{total}\n'
        for name, formula, total in (
            ("a", "COUNTIFS([period],PERIOD())", ""),
            ("b", "COUNTIFS([period],PERIOD())", "yes"),
            ("c", "CUMULATIVE(a)", ""),
        )
    )
    found = read(tmp_path, lines, measures=measures)
    assert told(found) == [
        ("plan_measure_twice", "measures.csv", "F3"),
        ("plan_measure_twice", "measures.csv", "D4"),
    ]
    assert "上半期" in str(found.findings[-1].params["parts"])
    assert told(read(tmp_path, HALVES, measures=measures)) == []


@pytest.mark.parametrize("language", ["ja", "en"])
def test_months_and_reference_dates_come_back_from_a_workbook(tmp_path: Path, language: str) -> None:
    lines = HALVES.replace("10,3,", "十月,March,令和8年4月1日")
    found = read(tmp_path, lines, rules=GOOD["rules"].replace("H26", "") + LATE)
    path = tmp_path / "plan.xlsx"
    path.write_bytes(definition_workbook(found.tables, language, datetime(2025, 4, 1)))
    again = read_definition(path).usable()
    assert again.periods == found.usable().periods
    assert again.periods[1].reference_date == date(2026, 4, 1)
    sheet = openpyxl.load_workbook(path)["期間" if language == "ja" else "periods"]
    heads = {cell.value: cell.column for cell in sheet[HEADER_ROW]}
    assert list(heads)[4:] == (
        ["開始月", "終了月", "基準日"]
        if language == "ja"
        else ["first_month", "last_month", "reference_date"]
    )
    assert [sheet.cell(FIRST_ROW, column).value for column in (5, 6)] == [4, 9]


def test_a_day_typed_into_the_workbook_is_read(tmp_path: Path) -> None:
    found = read(tmp_path, HALVES, rules=GOOD["rules"].replace("H26", "") + LATE)
    path = tmp_path / "plan.xlsx"
    path.write_bytes(definition_workbook(found.tables, "ja", datetime(2025, 4, 1)))
    book = openpyxl.load_workbook(path)
    cell = book["期間"].cell(FIRST_ROW, 7)
    cell.value = datetime(2025, 10, 1)
    book.save(path)
    again = read_definition(path)
    assert [finding.code for finding in again.findings] == []
    assert again.usable().periods[0].reference_date == date(2025, 10, 1)


# --- which period is meant --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("R7上", ["R7上"]),
        ("Ｒ７上", ["R7上"]),
        ("令和7年度上半期", ["R7上"]),
        ("R7上半期", ["R7上"]),
        ("2025年度 上半期", ["R7上"]),
        ("7年度下半期", ["R7下"]),
        ("令和8年度", ["R8上"]),
        ("R7", ["R7上", "R7下"]),
        ("R7秋", []),
        ("R9上", []),
        ("上半期", []),
    ],
)
def test_a_part_goes_by_its_year_and_its_name(tmp_path: Path, name: str, wanted: list[str]) -> None:
    plan = read(tmp_path, HALVES).usable()
    assert [period.id for period in periods_meant(name, plan.periods, plan.years)] == wanted


def test_a_year_alone_means_the_whole_one(tmp_path: Path) -> None:
    plan = read(tmp_path, "H1,FY2025 H1,2025,2025,4,9,\nY,The year,2025,2025,,,\n").usable()
    assert [period_named(plan, name).id for name in ("FY2025", "R7", "FY2025 H1", "2025H1")] == [
        *("Y", "Y", "H1", "H1")
    ]


def test_a_year_that_has_parts_only_is_not_guessed(tmp_path: Path) -> None:
    plan = read(tmp_path, HALVES).usable()
    with pytest.raises(UsageError, match=r"R7上 令和7年度上半期 / R7下 令和7年度下半期"):
        period_named(plan, "R7")


def test_the_examples_of_the_reference_page_are_plans(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference.md").read_text(encoding="utf-8")
    april, july = re.findall(r"```csv\n(id,label.*?)```", page, re.DOTALL)
    rules = GOOD["rules"].replace("H26", "") + LATE
    for example, start in ((april, 4), (july, 7)):
        found = read(tmp_path, example, start, rules=rules)
        assert {code for code, _, _ in told(found)} <= {"plan_cell_read"}
        assert len(found.usable().periods) == len(list(csv.reader(io.StringIO(example)))) - 1
    assert days(found.usable())["FY2025Q3"] == ("2026-01-01", "2026-03-31")
