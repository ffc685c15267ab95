"""The period after the last: its years, and its id and label by the pattern of those before it."""

from datetime import date

import pytest

from xlplan.language.calendar import Years
from xlplan.model.following import following
from xlplan.model.item import Period

YEARS = Years(2012, 2030)

# the plan's last periods as "id label years", and what comes next
CASES = """
H25 平成25年度 2013 | H26 平成26年度 2014 -> H27 平成27年度 2015
R7 令和７年度 2025 -> R8 令和８年度 2026
FY2025 FY2025 2025 -> FY2026 FY2026 2026
FY25 2025/26 2025 -> FY26 2026/27 2026
H30 平成30年度 2018 -> H31 平成31年度 2019
H31 平成31年度 2019 -> R2 令和2年度 2020
R1 令和元年度 2019 -> R2 令和2年度 2020
P1 第1回 2024 | P2 第2回 2025 -> P3 第3回 2026
2023-2025 2023–2025 2023-2025 -> 2026-2028 2026–2028 2026-2028
R05-07 令和5～7年度 2023-2025 -> R08-10 令和8～10年度 2026-2028
18-21 18～21年度 2018-2021 | 21-25 21～25年度 2021-2025 -> 25-29 25～29年度 2025-2029
6 第2期（令和6年度） 2024 | 7 第3期（令和7年度） 2025 -> 8 第4期（令和8年度） 2026
R7 第7期（令和7年度） 2025 -> R8 第7期（令和8年度） 2026
first 最初 2024 | second 次 2025 -> ― ― 2026
R7上 令和7年度上半期 2025:4-9 | R7下 令和7年度下半期 2025:10-3 -> R8上 令和8年度上半期 2026:4-9
R6下 令和6年度下半期 2024:10-3 | R7上 令和7年度上半期 2025:4-9 -> ― ― 2025:10-3
R6上 6年度上 2024:4-9 | R6下 6年度下 2024:10-3 | R7上 7年度上 2025:4-9 -> R7下 7年度下 2025:10-3
R7上 7年度上 2025:4-9 | R7下 7年度下 2025:10-3 | R7 7年度 2025 -> R8上 8年度上 2026:4-9
R6上 6上 2024:4-9 | R6下 6下 2024:10-3 | R6 6 2024 | R7上 7上 2025:4-9 | R7下 7下 2025:10-3 -> R7 7 2025
R6 令和6年度 2024 | R7上 7年度上 2025:4-9 | R7下 7年度下 2025:10-3 -> R8上 8年度上 2026:4-9
2025Q1 2025_Q1 2025:4-6 -> ― ― 2025:7-9
FY25H1 H1_2025 2025:4-9 | FY25H2 H2_2025 2025:10-3 -> FY26H1 H1_2026 2026:4-9
"""


def period(written: str) -> Period:
    name, label, years = written.split()
    years, _, months = years.partition(":")
    first, _, last = years.partition("-")
    first_month, _, last_month = months.partition("-")
    name, label = (part.replace("―", "") for part in (name, label))
    return Period(name, label, int(first), int(last or first), int(first_month or 0), int(last_month or 0))


@pytest.mark.parametrize("case", CASES.strip().splitlines())
def test_the_next_period_goes_on_as_those_before_it(case: str) -> None:
    known, _, expected = case.partition(" -> ")

    assert following([period(each) for each in known.split(" | ")], YEARS) == period(expected)


@pytest.mark.parametrize(
    ("day", "later"), [(date(2024, 9, 30), date(2025, 9, 30)), (date(2024, 2, 29), date(2025, 2, 28))]
)
def test_the_day_as_of_which_a_part_is_reported_goes_on_with_it(day: date, later: date) -> None:
    halves = [
        Period("R6上", "6上", 2024, 2024, 4, 9, day),
        Period("R6下", "6下", 2024, 2024, 10, 3),
    ]

    assert following(halves, YEARS).reference_date == later
