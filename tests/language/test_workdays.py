"""Working days: weekends, public holidays of Japan and the United Kingdom, and the office's own closed days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlplan.language.addresses import address_in, addresses_in
from xlplan.language.workdays import (
    ANY_YEAR,
    HOLIDAYS,
    ClosedDays,
    Workdays,
    holidays_of,
    usual_holidays,
    working_days,
)

NEW_YEAR = ClosedDays(date(ANY_YEAR, 12, 29), date(ANY_YEAR, 1, 3), yearly=True, name="年末年始")
JAPAN = Workdays("JP", (NEW_YEAR,))
ENGLAND = Workdays("GB")


@pytest.mark.parametrize(
    ("workdays", "start", "end", "count"),
    [
        (JAPAN, "2026-10-02", "2026-10-05", 1),  # Friday to Monday
        (JAPAN, "2026-10-02", "2026-10-03", 0),
        (JAPAN, "2026-10-02", "2026-10-02", 0),
        (JAPAN, "2026-10-05", "2026-10-02", -1),
        (JAPAN, "2026-05-01", "2026-05-07", 1),  # 5/3 is a Sunday: 5/6 is its substitute
        (JAPAN, "2026-09-18", "2026-09-24", 1),  # 9/22 lies between two holidays
        (JAPAN, "2026-12-28", "2027-01-04", 1),
        (JAPAN, "2024-12-27", "2025-01-06", 1),
        (Workdays("JP"), "2024-12-27", "2025-01-06", 5),  # only 1/1 is a holiday by law
        (ENGLAND, "2026-04-02", "2026-04-07", 1),  # Good Friday, Easter Monday
        (Workdays("GB-SCT"), "2026-04-02", "2026-04-07", 2),  # Easter Monday is a working day there
        (ENGLAND, "2026-08-28", "2026-09-01", 1),  # the summer bank holiday
        (ENGLAND, "2026-12-24", "2026-12-29", 1),  # Boxing Day is a Saturday: the Monday after it
        (Workdays("none"), "2026-05-01", "2026-05-07", 4),
    ],
)
def test_days_from_one_to_another_are_counted_in_working_days(
    workdays: Workdays, start: str, end: str, count: int
) -> None:
    assert working_days(date.fromisoformat(start), date.fromisoformat(end), workdays) == count


DAYS = st.dates(date(2000, 1, 1), date(2040, 12, 31))
SPANS = st.builds(
    lambda day, length: ClosedDays(
        day.replace(year=ANY_YEAR), (day + timedelta(days=length)).replace(year=ANY_YEAR), yearly=True
    ),
    st.dates(date(ANY_YEAR, 1, 1), date(ANY_YEAR, 12, 31)),
    st.integers(0, 20),
)


@given(start=DAYS, length=st.integers(0, 60), further=st.integers(0, 60), spans=st.lists(SPANS, max_size=2))
def test_ways_add_up_and_the_way_back_is_the_same(
    start: date, length: int, further: int, spans: list[ClosedDays]
) -> None:
    workdays = Workdays("JP", tuple(spans))
    middle = start + timedelta(days=length)
    end = middle + timedelta(days=further)

    whole = working_days(start, end, workdays)

    assert whole == working_days(start, middle, workdays) + working_days(middle, end, workdays)
    assert whole == -working_days(end, start, workdays)
    assert whole == sum(workdays.is_open(start + timedelta(days=day + 1)) for day in range(length + further))
    assert 0 <= whole <= length + further


@given(day=DAYS, closed=SPANS)
def test_a_closed_span_holds_each_of_its_days_in_every_year_and_no_other(
    day: date, closed: ClosedDays
) -> None:
    days = {closed.first + timedelta(days=count) for count in range(closed.length)}
    around = {(each.month, each.day) for each in days}
    first_year = (
        closed.last >= closed.first or closed.last.month > 2
    )  # 2/29 of a span over the turn of the year

    if first_year or (day.month, day.day) != (2, 29):
        assert closed.hold(day) is ((day.month, day.day) in around)


def test_days_of_one_year_are_closed_in_that_year_only() -> None:
    moving = ClosedDays(date(2026, 10, 1), date(2026, 10, 2), name="移転")

    assert [Workdays("JP", (moving,)).is_open(date(year, 10, 1)) for year in (2025, 2026, 2027)] == [
        True,
        False,
        True,
    ]
    assert moving.length == 2


def test_why_a_day_is_closed_is_told_in_the_language() -> None:
    assert JAPAN.closed_for(date(2026, 12, 30), "ja") == "年末年始"
    assert JAPAN.closed_for(date(2026, 5, 6), "ja") == "振替休日"
    assert JAPAN.closed_for(date(2026, 5, 6), "en") == "Substitute Holiday"
    assert ENGLAND.closed_for(date(2026, 8, 31), "en") == "Late Summer Bank Holiday"
    assert ENGLAND.closed_for(date(2026, 10, 3), "en") == ""


def test_the_next_working_day_is_found_also_where_none_comes() -> None:
    always = Workdays("JP", (ClosedDays(date(ANY_YEAR, 1, 1), date(ANY_YEAR, 12, 31), yearly=True),))

    assert JAPAN.next_open(date(2026, 12, 29)) == date(2027, 1, 4)
    assert JAPAN.next_open(date(2027, 1, 4)) == date(2027, 1, 4)
    assert always.next_open(date(2026, 1, 5)) == date(2026, 1, 5)


def test_the_country_follows_from_locale_and_language() -> None:
    asked = [("", "ja"), ("", "en"), ("ja_JP", "en"), ("en_GB", "ja")]

    assert [usual_holidays(*each) for each in asked] == ["JP", "GB", "JP", "GB"]
    assert [holidays_of(code) for code in ("fr", "US-NY", "GB-ENG", "XX", "GB-LONDON", "日本", "")] == [
        *("FR", "US-NY", "GB-ENG"),
        *(None, None, None, None),
    ]
    assert all(isinstance(Workdays(code).is_open(date(2026, 5, 5)), bool) for code in HOLIDAYS)


@pytest.mark.parametrize(
    ("written", "good", "bad"),
    [
        ("roads@city.example.jp", ["roads@city.example.jp"], []),
        ("a@b.jp; ｃ＠ｄ．ｊｐ、e@f.jp\ng@h.jp", ["a@b.jp", "c@d.jp", "e@f.jp", "g@h.jp"], []),
        ("Roads <roads@x.jp>", ["roads@x.jp"], []),
        ("a@b.jp, a@b.jp", ["a@b.jp"], []),
        ("keikaku@mail", ["keikaku@mail"], []),  # of a closed network
        ("a@b@c.jp", [], ["a@b@c.jp"]),
        ("道路課", [], ["道路課"]),
        ("a@b.jp, taro.example.jp", ["a@b.jp"], ["taro.example.jp"]),
        ("道路@city.jp", [], ["道路@city.jp"]),
        (f"{'a' * 250}@b.jp", [], [f"{'a' * 250}@b.jp"]),
        ("", [], []),
    ],
)
def test_addresses_are_read_as_people_type_them(written: str, good: list[str], bad: list[str]) -> None:
    assert addresses_in(written) == (tuple(good), tuple(bad))


def test_the_address_of_an_office_is_found_among_other_words() -> None:
    assert address_in("内線 2345　ict@city.example.jp") == "ict@city.example.jp"
    assert address_in("内線 2345") == ""
