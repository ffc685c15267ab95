"""Months and fiscal years, from what people type to what the department, the office and the summary see."""

import io
from datetime import date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from definitions import GOOD, definition, places
from hypothesis import given
from hypothesis import strategies as st
from libreoffice import LibreOffice
from returns import TABLES, Desk, changed, judged, plan_of

from xlplan.definition.reading import read_definition
from xlplan.definition.write.workbook import definition_workbook
from xlplan.fields.cells import Converted
from xlplan.fields.reading import convert
from xlplan.fields.year import year_formula
from xlplan.form.layout.columns import ColumnKind
from xlplan.form.layout.entry import FIRST_ROW
from xlplan.form.read.intake import take_in
from xlplan.language.calendar import Manner, Years, read_date, read_fiscal_year, read_month
from xlplan.language.codes import Severity
from xlplan.language.eras import date_label, fiscal_year_label
from xlplan.language.errors import UsageError
from xlplan.model.finding import Finding
from xlplan.model.form import Field, FieldType
from xlplan.model.plan import Plan
from xlplan.stages.rounds import period_named

TOMAKOMAI = Years(2002, 2019)
"""The years of a plan whose periods are 14・15 to 26～31 年度."""
ENGLISH = Years(2010, 2019, 4, "western", "en")
FULL_WIDTH = str.maketrans("0123456789./-HRhr", "０１２３４５６７８９．／－ＨＲｈｒ")
ERAS = {"昭和": 1925, "S": 1925, "平成": 1988, "H": 1988, "令和": 2018, "R": 2018}
"""The western year before an era's first."""


def field(type_: str) -> Field:
    return Field("f", "form", "項目", FieldType(type_))


MONTH, YEAR, DATE = field("month"), field("year"), field("date")
MONTHS = st.dates(date(1955, 1, 1), date(2118, 12, 31)).map(lambda day: day.replace(day=1))
SCRAPS = st.lists(
    st.sampled_from(
        [*"0123456789０５.．/-年月日度元平成昭和令HRSfy ", "FY", "Mar", "平成", "26", "15.", "2014"]
    )
).map("".join)
RAW = SCRAPS | st.text() | st.floats() | st.integers(-10, 10**6) | st.dates() | st.datetimes() | st.booleans()
YEARS = st.sampled_from([TOMAKOMAI, ENGLISH, Years(1955, 2100), Years(0, 0), None])


# --- every manner of writing is the same value --------------------------------------------------------


@given(MONTHS)
def test_a_month_written_in_any_accepted_manner_is_that_month(month: date) -> None:
    year, number = month.year, month.month
    ways = [f"{year}/{number}", f"{month:%Y-%m}", f"{year}年{number}月", f"{month:%Y%m}", f"{number}/{year}"]
    ways += [date_label(month, "wareki").removesuffix("1日"), f"{month:%b %Y}", f"{month:%B, %Y}"]
    ways += [f"{year}.{number}"] if number != 1 else [f"{year}.01"]
    for era, before in ERAS.items():
        if month >= {1925: date(1926, 12, 1), 1988: date(1989, 1, 1), 2018: date(2019, 5, 1)}[before]:
            ways += [f"{era}{year - before}{sign}{number}" for sign in "./-"]
            ways.append(f"{era}{year - before}年{number}月")
    for way in (*ways, *(one.translate(FULL_WIDTH) for one in ways)):
        found = convert(way, MONTH)
        assert (found.value, found.fault, found.changed) == (month, "", True), way


@given(MONTHS, st.integers(0, 27))
def test_a_month_of_a_cell_is_told_only_where_a_day_was_lost(month: date, more: int) -> None:
    day = month + timedelta(days=more)
    serial = (day - date(1899, 12, 30)).days
    for raw in (day, datetime(day.year, day.month, day.day), serial, float(serial)):
        assert convert(raw, MONTH) == Converted(month, changed=more > 0)
    assert convert(day.isoformat(), MONTH) == Converted(month, changed=True)


@given(st.integers(1926, 2199))
def test_a_fiscal_year_written_in_any_accepted_manner_is_that_year(year: int) -> None:
    ways = [f"{year}", f"{year}年度", f"FY{year}", f"fy {year}", f"西暦{year}年度"]
    ways += [fiscal_year_label(year, "wareki", "ja", start) for start in (1, 4, 10)]
    ways.append(Years(2000, 2000).year_label(year).partition("＝")[0].removesuffix("）") + "）")
    for era, before in ERAS.items():
        if year > before:
            ways += [f"{era}{year - before}", f"{era}{year - before}年度"]
    for way in (*ways, *(one.translate(FULL_WIDTH) for one in ways)):
        found = convert(way, YEAR)
        assert (found.value, found.fault, found.changed) == (year, "", True), way
    assert convert(float(year), YEAR) == Converted(year)


@given(st.integers(2002, 2020), st.integers(1, 12))
def test_without_its_era_a_year_is_one_of_the_plan_and_that_is_told(year: int, month: int) -> None:
    number = year - 1988
    for way in (f"{number}年度", f"{number}", float(number), f"{number}年"):
        assert convert(way, YEAR, (), TOMAKOMAI) == Converted(year, changed=True, manner=Manner.NO_ERA)
    day = date(year, month, 1)
    inside = 2002 <= TOMAKOMAI.fiscal_year(day) <= 2020
    for way in (f"{number}.{month:02}", f"{number}年{month}月"):
        found = convert(way, MONTH, (), TOMAKOMAI)
        assert (found.value == day and found.manner == "no_era") is inside, way
        assert bool(found.fault) is not inside
    assert convert(f"{number}.{month}.1", DATE, (), TOMAKOMAI).value == (
        day if inside else f"{number}.{month}.1"
    )


# --- nothing is guessed -------------------------------------------------------------------------------


@given(RAW, st.sampled_from([MONTH, YEAR, DATE]), YEARS)
def test_converting_again_changes_nothing(raw: object, of: Field, years: Years | None) -> None:
    once = convert(raw, of, (), years)
    again = convert(once.value, of, (), years)
    # of a day before all eras not even its text is a day
    assert (again.value, again.fault.removesuffix("_far")) == (once.value, once.fault.removesuffix("_far"))
    assert not again.changed


@given(RAW, YEARS)
def test_nothing_unreadable_becomes_a_month_or_a_year(raw: object, years: Years | None) -> None:
    month, year = convert(raw, MONTH, (), years), convert(raw, YEAR, (), years)
    if month.value is not None and not month.fault:
        assert isinstance(month.value, date)
        assert month.value.day == 1
        assert date(1955, 1, 1) <= month.value <= date(2118, 12, 1)
    if year.value is not None and not year.fault:
        assert isinstance(year.value, int)
        assert 1868 <= year.value <= 2199
    if isinstance(raw, str) and not any(one.isdecimal() or one == "元" for one in raw):
        assert month.value is None or month.fault
        assert year.value is None or year.fault


@given(SCRAPS, YEARS)
def test_without_its_era_only_the_years_of_the_plan_are_read(text: str, years: Years | None) -> None:
    for found in (read_month(text, years), read_date(text, years)):
        if found.manner == "no_era" and found.meant:
            assert years
            assert all(years.hold(years.fiscal_year(one)) for one in found.meant)
    year = read_fiscal_year(text, years)
    if year.manner == "no_era" and year.meant:
        assert years
        assert all(years.hold(one) for one in year.meant)


@pytest.mark.parametrize("raw", [15.1, "15.1", "１５．１", datetime(1900, 1, 15, 2, 24)])
def test_a_decimal_that_may_have_lost_its_zero_is_january_or_october(raw: object) -> None:
    """15.10 typed into a cell for numbers is saved as 15.1, in one for months as a moment of 1900."""
    assert convert(raw, MONTH, (), TOMAKOMAI) == Converted(
        "15.1" if not isinstance(raw, str) else raw, "type_month", suggestion="2003/1 / 2003/10"
    )


@pytest.mark.parametrize(
    ("raw", "month"),
    [
        ("15.10", date(2003, 10, 1)),
        ("H15.1", date(2003, 1, 1)),
        (15.03, date(2003, 3, 1)),
        (15.3, date(2003, 3, 1)),
        (15.11, date(2003, 11, 1)),
        (datetime(1900, 1, 15, 0, 43, 12), date(2003, 3, 1)),
        (2014.3, date(2014, 3, 1)),
        (201403, date(2014, 3, 1)),
        (date(2451, 6, 2), date(2014, 3, 1)),
    ],
)
def test_a_decimal_that_can_only_be_one_month_is_read(raw: object, month: date) -> None:
    assert convert(raw, MONTH, (), TOMAKOMAI).value == month


@pytest.mark.parametrize(
    ("raw", "years"),
    [
        ("26年度", None),
        ("26年度", Years(2020, 2025)),  # 平成26 and 令和26 are both outside
        ("32年度", Years(1955, 2060)),  # 昭和32 and 令和32 are both inside
        ("89年度", Years(2010, 2019)),  # an era that has ended is not counted on without being named
        ("13年度", TOMAKOMAI),
        ("33年度", TOMAKOMAI),
        ("14", Years(2001, 2015, 4, "western")),  # 平成14 or 2014
        ("0年度", TOMAKOMAI),
        ("元", TOMAKOMAI),
        ("平成26・27年度", TOMAKOMAI),
    ],
)
def test_a_year_without_its_era_is_not_guessed(raw: str, years: Years | None) -> None:
    assert convert(raw, YEAR, (), years).fault == "type_year"


@pytest.mark.parametrize(
    ("raw", "of", "suggestion"),
    [
        ("平成26年度", MONTH, "2014/4～2015/3"),
        ("26年度", DATE, "2014/4/1～2015/3/31"),
        (2014, DATE, "2014/4/1～2015/3/31"),
        ("2014年5月", DATE, "2014/5/1～2014/5/31"),
        ("平成27年3月", YEAR, "2014"),
        ("15.03", YEAR, "2002"),
        (15.1, YEAR, "2002 / 2003"),
        (date(2015, 3, 31), YEAR, "2014"),
        (42094, YEAR, "2014"),
        ("来年", YEAR, ""),
        ("来年", MONTH, ""),
    ],
)
def test_what_is_asked_in_another_unit_is_a_fault_that_says_what_to_type(
    raw: object, of: Field, suggestion: str
) -> None:
    found = convert(raw, of, (), TOMAKOMAI)
    assert (found.fault, found.suggestion) == (f"type_{of.type}", suggestion)


@pytest.mark.parametrize(
    ("raw", "of", "value"),
    [
        ("FY2014", YEAR, 2014),
        ("FY14", YEAR, 2014),
        ("2014", YEAR, 2014),
        ("2014-03", MONTH, date(2014, 3, 1)),
        ("Mar 2014", MONTH, date(2014, 3, 1)),
        ("sept. 2014", MONTH, date(2014, 9, 1)),
        ("2014-Mar", MONTH, date(2014, 3, 1)),
    ],
)
def test_english_plans_are_read_alike(raw: str, of: Field, value: object) -> None:
    assert convert(raw, of, (), ENGLISH).value == value


@pytest.mark.parametrize(
    ("year", "years", "label"),
    [
        (2014, TOMAKOMAI, "2014年度（平成26年度）"),
        (2019, TOMAKOMAI, "2019年度（平成31年度＝令和元年度）"),
        (2020, TOMAKOMAI, "2020年度（令和2年度）"),
        (1988, TOMAKOMAI, "1988年度（昭和63年度）"),
        (1989, TOMAKOMAI, "1989年度（平成元年度）"),
        (2019, Years(2002, 2019, 1), "2019年度（平成31年度＝令和元年度）"),
        (2019, Years(2002, 2019, calendar="western"), "2019年度"),
        (2019, ENGLISH, "FY2019"),
        (2019, Years(2002, 2019, language="en"), "FY2019 (H31＝R1)"),
    ],
)
def test_a_fiscal_year_in_full_has_both_eras_where_one_begins_within_it(
    year: int, years: Years, label: str
) -> None:
    assert years.year_label(year) == label


# --- in a return --------------------------------------------------------------------------------------


CALENDAR_FIELDS = """
        report|begun|着手年月|month|||department|||2020-04|2030-03|||
        report|until|完了年度|year|||department|||2020|2030|||
        report|set|計画年月|month|||office|||||||
        report|aim|目標年度|year|||office||yes|||||
"""


@pytest.fixture(scope="module")
def plan() -> Plan:
    """The sample plan with a month and a fiscal year to fill in, and one of each by the office."""
    tables = changed(TABLES, "records", "done | budget", "done | budget | set | aim")
    known, more = "report | R6 | A-1 | 実施 | | |", " | 2023-10 | 平成37年度"
    tables = changed(tables, "records", known, f"{known}{more}")
    return plan_of({**tables, "fields": tables["fields"].rstrip() + CALENDAR_FIELDS})


def told(desk: Desk, folder: Path, name: str) -> list[Finding]:
    """What is found at one field of item A-1 when the workbook comes back."""
    path = folder / "return.xlsx"
    path.write_bytes(desk.saved())
    [incoming] = take_in([path], desk.plan)
    assert incoming.submission is not None
    [found] = judged(desk.plan, incoming.submission)
    return [one for one in found.findings if one.field == name and one.item == "A-1"]


@pytest.mark.parametrize(
    ("name", "typed", "code", "message"),
    [
        ("begun", "R6.5", "read_as", "着手年月の「R6.5」を「令和6年5月」と読み替えました"),
        ("begun", date(2024, 5, 15), "read_as", "着手年月の「2024-05-15」を「令和6年5月」と読み替えました"),
        ("begun", "6.05", "read_as_no_era", "計画の期間に合わせて「令和6年5月」と読み替えました"),
        ("begun", "平成36年5月", "read_as_era_ended", "改元の後に当たるため、「令和6年5月」と読み替えました"),
        ("begun", 6.1, "type_month_near", "着手年月は西暦の年/月で入力してください"),
        (
            "begun",
            date(2020, 3, 1),
            "out_of_range",
            "着手年月は令和2年4月から令和12年3月までで入力してください",
        ),
        ("until", "R6", "read_as", "完了年度の「R6」を「2024年度（令和6年度）」と読み替えました"),
        ("until", 6, "read_as_no_era", "計画の期間に合わせて「2024年度（令和6年度）」と読み替えました"),
        ("until", "平成36年度", "read_as_era_ended", "「2024年度（令和6年度）」と読み替えました"),
        ("until", "来年", "type_year", "完了年度は西暦4桁で入力してください"),
        ("until", date(2025, 3, 1), "type_year_near", "完了年度は西暦4桁で入力してください"),
        ("until", 2031, "out_of_range", "完了年度は2020年度（令和2年度）から2030年度（令和12年度）まで"),
    ],
)
def test_a_return_is_told_what_was_read_and_what_to_type(
    plan: Plan, tmp_path: Path, name: str, typed: object, code: str, message: str
) -> None:
    [found] = told(Desk(plan, "D1").fill().put("A-1", name, typed), tmp_path, name)
    assert found.code == code
    assert message in found.message("ja")
    assert found.severity is (Severity.NOTICE if code.startswith("read_as") else Severity.ERROR)


def test_a_month_and_a_year_as_asked_are_not_told(plan: Plan, tmp_path: Path) -> None:
    desk = Desk(plan, "D1").fill().put("A-1", "begun", date(2024, 5, 1)).put("A-1", "until", 2025)
    assert told(desk, tmp_path, "begun") + told(desk, tmp_path, "until") == []


def test_what_was_typed_as_a_decimal_is_told_as_it_was_typed(plan: Plan, tmp_path: Path) -> None:
    [found] = told(Desk(plan, "D1").fill().put("A-1", "begun", 6.1), tmp_path, "begun")
    assert (found.value, found.remedy("ja")) == ("6.1", "次のうちの一月を入力してください：2024/1 / 2024/10")


def test_the_cells_show_the_plan_s_calendar_and_a_decimal_as_it_was_typed(
    plan: Plan, libreoffice: LibreOffice
) -> None:
    desk = Desk(plan, "D1").fill().put("A-1", "begun", date(2024, 5, 1)).put("A-2", "begun", 6.1)
    desk.put("A-1", "until", 2025)
    shown = libreoffice.converted([desk.saved()], "html")[0].decode()
    for wanted in ("令和6年5月", "6.1", "2025年度", "令和5年10月"):
        assert f">{wanted}<" in shown, wanted


def test_the_sheet_asks_for_better_typing_where_the_validator_reads_with_a_notice(
    plan: Plan, libreoffice: LibreOffice
) -> None:
    asked = "着手年月は西暦の年/月で入力してください"
    text = (
        "（文字として入っています。読み取れる書き方なら受け付けますが、ここで確かめるには打ち直してください）"
    )
    typed = {date(2024, 5, 1): "OK", date(2024, 5, 15): asked, 6.05: asked, "R6.5": asked + text}
    desks = [Desk(plan, "D1").fill().put("A-1", "begun", value) for value in typed]
    sheets = libreoffice.all_recalculated([one.saved() for one in desks])
    layout = desks[0].layouts["report"]
    at = f"{layout.column(ColumnKind.CHECK, 'check').letters}{FIRST_ROW}"
    assert list(typed.values()) == [sheet[layout.form.title, at] for sheet in sheets]


# --- in the plan's own tables -------------------------------------------------------------------------


def with_month(bounds: str) -> str:
    """The table of fields with a month in place of a whole number."""
    old = "count,件数,whole,,no,department,,no,0,99"
    assert old in GOOD["fields"]
    return GOOD["fields"].replace(old, f"count,件数,month,,no,department,,no,{bounds}")


def test_records_take_months_and_years_as_they_are_written(tmp_path: Path) -> None:
    fields = GOOD["fields"].replace(
        "count,件数,whole,,no,department,,no,0,99", "count,件数,month,,no,department,,no,2013-04,H27.3"
    )
    records = GOOD["records"].replace(",12,AB", ",25.10,AB")
    found = definition(tmp_path, fields=fields, records=records)
    assert places(found) == [("plan_read_as", "records", "I2")]
    plan = found.usable()
    assert plan.known("progress", "H25", "001")["count"] == date(2013, 10, 1)
    assert (plan.forms[0].by_id["count"].minimum, plan.forms[0].by_id["count"].maximum) == (
        date(2013, 4, 1),
        date(2015, 3, 1),
    )


@pytest.mark.parametrize("written", ["H26", "平成26年度", "26年度", "Ｈ２６", "2014年度", "FY2014"])
def test_periods_take_years_as_people_write_them(tmp_path: Path, written: str) -> None:
    found = definition(tmp_path, periods=GOOD["periods"].replace("2014,2014", f"{written},2014"))
    assert places(found) == [("plan_cell_read", "periods", "C3")]
    assert found.usable().periods[1].first_year == 2014


def test_without_any_year_in_full_an_era_is_asked_for(tmp_path: Path) -> None:
    periods = "id,label,first_year,last_year\nH25,25年度,25,25\n"
    codes = {code for code, table, _ in places(definition(tmp_path, periods=periods)) if table == "periods"}
    assert codes == {"plan_not_year"}


SPANS = """\
id,label,first_year,last_year
P1,14・15年度,2002,2003
P2,16・17年度,2004,2005
P3,18～21年度,2006,2009
P4,21～25年度,2009,2013
H26,26～31年度,2014,2019
"""


def spans(tmp_path: Path, **more: str) -> Plan:
    tables = {
        table: GOOD[table].replace("H25", "P4") for table in ("departments", "items", "records", "published")
    }
    return definition(tmp_path, periods=SPANS, **{**tables, **more}).usable()


def test_a_period_may_begin_in_the_year_in_which_the_one_before_ends(tmp_path: Path) -> None:
    assert [one.first_year for one in spans(tmp_path).periods] == [2002, 2004, 2006, 2009, 2014]


@pytest.mark.parametrize("years", ["2015,2019", "2015,2018", "2005,2020", "2014,2020"])
def test_both_years_of_a_period_are_later_than_those_before(tmp_path: Path, years: str) -> None:
    more = f"{SPANS}H32,32年度,{years}\n"
    assert ("plan_period_order", "periods", "C7") in places(definition(tmp_path, periods=more))


@pytest.mark.parametrize(
    ("name", "period"),
    [
        ("H26", "H26"),
        ("26～31年度", "H26"),
        ("２６~３１年度", "H26"),
        ("平成26年度", "H26"),
        ("31", "H26"),
        ("令和元年度", "H26"),
        ("2005", "P2"),
        ("17年度", "P2"),
        ("p3", "P3"),
        ("20年度", "P3"),
    ],
)
def test_a_period_is_named_by_id_label_or_a_year_of_its_own(tmp_path: Path, name: str, period: str) -> None:
    assert period_named(spans(tmp_path), name).id == period


@pytest.mark.parametrize(
    ("name", "key", "names"),
    [
        ("21年度", "unclear_period", "P3 18～21年度 / P4 21～25年度"),
        ("32年度", "unknown_period", "P1"),
        ("今年", "unknown_period", "H26"),
    ],
)
def test_a_year_of_two_periods_or_of_none_names_no_period(
    tmp_path: Path, name: str, key: str, names: str
) -> None:
    with pytest.raises(UsageError) as fault:
        period_named(spans(tmp_path), name)
    assert fault.value.key == key
    assert names in fault.value.message("ja")


def test_a_figure_in_print_may_name_its_period_by_a_year(tmp_path: Path) -> None:
    published = GOOD["published"].replace("items,,H25", "items,,平成22年度").replace("H25", "P4")
    assert spans(tmp_path, published=published).published[0].period == "P4"
    unclear = definition(tmp_path, periods=SPANS, published=published.replace("平成22年度", "21年度"))
    assert ("plan_period_unclear", "published", "D2") in places(unclear)


def test_the_plan_s_workbook_holds_months_as_dates_and_is_read_back_the_same(tmp_path: Path) -> None:
    fields = GOOD["fields"].replace(
        "count,件数,whole,,no,department,,no,0,99", "count,件数,month,,no,department,,no,2013-04,2015-03"
    )
    folder = definition(tmp_path, fields=fields, records=GOOD["records"].replace(",12,AB", ",2013-10,AB"))
    path = tmp_path / "plan.xlsx"
    path.write_bytes(definition_workbook(folder.tables, "ja", datetime(2014, 4, 1)))
    back = read_definition(path)
    assert places(back) == []
    assert back.usable().records[0].values == folder.usable().records[0].values
    assert back.usable().forms == folder.usable().forms
    cells = [cell for row in openpyxl.load_workbook(io.BytesIO(path.read_bytes()))["台帳"] for cell in row]
    assert [cell.number_format for cell in cells if cell.value == datetime(2013, 10, 1)] == ["yyyy-mm"]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_fiscal_year_is_written_by_a_formula_as_it_is_in_words(
    libreoffice: LibreOffice, language: str
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row, year in enumerate(range(1955, 2041), 1):
        sheet.cell(row, 1).value = year
        sheet.cell(row, 2).value = f"={year_formula(f'A{row}', language, 4)}"
    stream = io.BytesIO()
    book.save(stream)

    found = libreoffice.recalculated(stream.getvalue())

    assert [found["Sheet", f"B{row}"] for row in range(1, 87)] == [
        fiscal_year_label(year, "wareki", language) for year in range(1955, 2041)
    ]
