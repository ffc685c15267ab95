"""Fiscal years and dates in the Japanese and the western calendar."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlplan.language.calendar import parse_date, parse_fiscal_year
from xlplan.language.eras import date_label, fiscal_year_label

CALENDARS = st.sampled_from(["wareki", "western"])
LANGUAGES = st.sampled_from(["ja", "en"])


@pytest.mark.parametrize(
    ("year", "calendar", "language", "start_month", "label"),
    [
        (2014, "wareki", "ja", 4, "平成26年度"),
        (2019, "wareki", "ja", 4, "平成31年度"),
        (2019, "wareki", "ja", 10, "令和元年度"),
        (2020, "wareki", "ja", 4, "令和2年度"),
        (1989, "wareki", "ja", 4, "平成元年度"),
        (1850, "wareki", "ja", 4, "1850年度"),
        (2014, "western", "ja", 4, "2014年度"),
        (2014, "western", "en", 4, "FY2014"),
        (2014, "wareki", "en", 4, "FY2014 (H26)"),
        (1989, "wareki", "en", 4, "FY1989 (H1)"),
    ],
)
def test_fiscal_year_label_takes_the_era_of_its_first_day(
    year: int, calendar: str, language: str, start_month: int, label: str
) -> None:
    assert fiscal_year_label(year, calendar, language, start_month) == label


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("平成26年度", 2014),
        ("平成 26 年度", 2014),
        ("H26", 2014),
        ("h26年度", 2014),
        ("Ｈ２６", 2014),
        ("H.26", 2014),
        ("㍻26年度", 2014),
        ("令和元年度", 2019),
        ("R1", 2019),
        ("平成31年度", 2019),
        ("平成32年度", 2020),
        ("昭和64年度", 1989),
        ("2014", 2014),
        ("２０１４", 2014),
        ("2014年", 2014),
        ("西暦2014年度", 2014),
        ("2014年度", 2014),
        ("FY2014", 2014),
        ("2014年度（平成26年度）", 2014),
        ("平成31年(2019年)", 2019),
    ],
)
def test_a_fiscal_year_is_read_as_people_write_it(text: str, year: int) -> None:
    assert parse_fiscal_year(text) == year


@pytest.mark.parametrize(
    "text",
    [
        "",
        "26年度",
        "26",
        "平成",
        "平成0年度",
        "H2014",
        "天平3年度",
        "1500",
        "5000",
        "20140",
        "2014年度（平成27年度）",
        "2014²",
    ],
)
def test_what_is_no_fiscal_year_is_not_guessed(text: str) -> None:
    assert parse_fiscal_year(text) is None


@given(st.integers(1868, 2199), CALENDARS, LANGUAGES, st.integers(1, 12))
def test_every_fiscal_year_label_reads_back(
    year: int, calendar: str, language: str, start_month: int
) -> None:
    assert parse_fiscal_year(fiscal_year_label(year, calendar, language, start_month)) == year


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("平成26年5月1日", date(2014, 5, 1)),
        ("平成 26 年 5 月 1 日", date(2014, 5, 1)),
        ("平成２６年５月１日（木）", date(2014, 5, 1)),
        ("H26.5.1", date(2014, 5, 1)),
        ("H26. 5. 1", date(2014, 5, 1)),
        ("Ｈ２６．５．１", date(2014, 5, 1)),
        ("h26/05/01", date(2014, 5, 1)),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("平成31年12月1日", date(2019, 12, 1)),
        ("2014/5/1", date(2014, 5, 1)),
        ("２０１４／５／１", date(2014, 5, 1)),
        ("2014-05-01", date(2014, 5, 1)),
        ("2014−05−01", date(2014, 5, 1)),
        ("2014.5.1", date(2014, 5, 1)),
        ("2014年5月1日", date(2014, 5, 1)),
        ("20140501", date(2014, 5, 1)),
        ("2016年2月29日", date(2016, 2, 29)),
    ],
)
def test_a_date_is_read_as_people_write_it(text: str, day: date) -> None:
    assert parse_date(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2015年2月29日",
        "2014/13/1",
        "2014/0/1",
        "2014/4/31",
        "平成26年5月",
        "平成0年5月1日",
        "26.5.1",
        "5月1日",
        "2014/5-1",
        "2014/5/1 2",
        "2014/5/1²",
        "2014/5/1 10:30",
        "20141301",
        "201451",
        "0014/5/1",
        "H300000.5.1",
        "2014年5月1日(金)",
        "令和元年3月31日",
        "2014年5月1日まで",
    ],
)
def test_what_is_no_date_is_not_guessed(text: str) -> None:
    assert parse_date(text) is None


@given(st.dates(date(1868, 1, 23), date(2999, 12, 31)), CALENDARS, LANGUAGES)
def test_every_date_label_reads_back(day: date, calendar: str, language: str) -> None:
    assert parse_date(date_label(day, calendar, language)) == day


@pytest.mark.parametrize(
    ("day", "calendar", "language", "label"),
    [
        (date(2019, 4, 30), "wareki", "ja", "平成31年4月30日"),
        (date(2019, 5, 1), "wareki", "ja", "令和元年5月1日"),
        (date(2014, 5, 1), "western", "ja", "2014年5月1日"),
        (date(2014, 5, 1), "wareki", "en", "2014-05-01"),
        (date(1860, 5, 1), "wareki", "ja", "1860年5月1日"),
    ],
)
def test_date_label_takes_the_era_of_the_day(day: date, calendar: str, language: str, label: str) -> None:
    assert date_label(day, calendar, language) == label
