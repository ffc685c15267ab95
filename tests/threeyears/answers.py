"""What is known of each item of the plan of three years in each period, and who answers for it; words in English."""

from collections.abc import Mapping

R5, R6, R7, R8, R9 = "R5", "R6", "R7", "R8", "R9"
PERIODS = (R5, R6, R7, R8, R9)
"""R5 was before xlplan; the others are rounds, R9 of half a year."""
SINCE = (R8, R9)
"""The rounds in which things go by the ids and mean what they did from R8 on."""

GIVEN: Mapping[str, str] = {
    R5: """
        item | department | planned | budget | status | cost | users | visits
        A-1 | D0 | Started | 100 | Started | 90.5 | 120 | 30
        A-2 | D0 | Studied | 50 | Studied | 20 | 15 |
        A-3 | D1 | Started | 80 | Done | 75.25 | 60 | 12
        A-4 | D1 | Studied | 40 | Studied | | |
        B-1 | D2 | Started | 30 | Started | 28 | |
        B-2 | D2 | Studied | 30 | Studied | 12.5 | |
        B-3 | D2 | Done | 60 | Started | 66 | 900 |
        C-1 | D3 | Started | 70 | Done | 71 | 45 |
        C-2 | D3 | Studied | 20 | Studied | 0 | |
        C-3 | D3 | Started | 25 | Started | 24.5 | 33 | 8
        E-1 | D4 | Done | 500 | Started | 430 | |
        E-2 | D4 | Studied | 10 | Studied | | |
        F-1 | D5 | Started | 300 | Done | 310 | 2000 |
        F-2 | D5 | Started | 150 | Studied | 90 | |
        G-1 | D6 | Started | 45 | Started | 40 | |
        G-2 | D6 | Studied | 15 | Studied | 3.5 | |
        H-1 | D7 | Done | 35 | Done | 35 | 700 | 640
        K-1 | D8 | Studied | 12 | Studied | 6 | |
        K-2 | D8 | Started | 18 | Started | 17 | |
    """,
    R6: """
        item | planned | budget | status | cost | users | visits
        A-1 | Done | 120 | Done | 118.5 | 300 | 41
        A-2 | Started | 60 | Started | 55 | 40 | 3
        A-3 | Done | 80 | Done | 12 | 90 | 20
        A-4 | Started | 45 | Started | 44 | 11 |
        B-1 | Done | 30 | Started | 31 | 5 |
        B-2 | Done | 30 | Studied | 29.75 | 4 |
        B-3 | Done | 60 | Done | 58 | 950 |
        C-1 | Done | 70 | Done | 70 | 50 |
        C-2 | Started | 20 | Started | 18 | 6 |
        C-3 | Done | 25 | Started | 25 | 38 | 9
        E-1 | Done | 500 | Done | 480 | |
        E-2 | Started | 10 | Studied | 9 | |
        F-1 | Done | 300 | Done | 295 | 2100 |
        F-2 | Started | 150 | Started | 149.5 | 1800 |
        G-1 | Done | 45 | Done | 44 | |
        G-2 | Started | 15 | Started | 15 | |
        H-1 | Done | 35 | | | |
        H-2 | Started | 22 | | | |
        K-1 | Started | 12 | Started | 11 | |
        K-2 | Done | 18 | Done | 18 | |
    """,
    R7: """
        item | planned | budget | status | cost | users | savings
        A-1 | Handed over | 100 | Handed over | 99.5 | 410 | 25
        A-2 | Completed | 60 | Completed | 61 | 77 | 4.5
        A-3 | Completed | 20 | Handed over | 14 | 95 |
        A-6 | Started | 30 | Started | 29 | 12 |
        A-7 | Started | 20 | Studied | 8.25 | 2 |
        B-3 | Completed | 60 | Handed over | 57 | 980 | 30
        B-4 | Started | 50 | Started | 48 | 13 | 1
        C-1 | Completed | 70 | Completed | 69 | 52 |
        C-2 | Completed | 20 | Started | 21 | 9 |
        C-3 | Completed | 25 | Completed | 23 | 44 | 2
        E-1 | Completed | 100 | Completed | 98 | | 12
        E-2 | Started | 10 | Started | 9.5 | |
        F-1 | Completed | 300 | Completed | 301 | 2150 | 7
        F-2 | Completed | 150 | Started | 151 | 1900 |
        G-1 | Completed | 45 | Completed | 45 | |
        G-2 | Completed | 15 | Completed | 14 | |
        H-1 | Completed | 35 | Completed | 36 | 720 |
        H-2 | Started | 22 | Started | 20 | 81 |
        K-1 | Started | 12 | Started | 12 | |
        K-2 | Completed | 18 | Handed over | 17.5 | | 3
    """,
    R8: """
        item | planned | budget | status | cost | users | savings
        A-1 | Handed over | 90 | Handed over | 90 | 500 | 40
        A-2 | Handed over | 60 | Completed | 58 | 90 | 6
        A-3 | Handed over | 15 | Handed over | 13 | 99 | 1
        A-6 | Completed | 30 | Completed | 30 | 25 |
        A-7 | Completed | 20 | Started | 19 | 8 |
        B-3 | Handed over | 55 | Handed over | 54 | 990 | 31
        B-4 | Completed | 50 | Completed | 47 | 20 | 5
        C-1 | Completed | 70 | Completed | 72 | 55 |
        C-2 | Completed | 20 | Completed | 20 | 14 |
        C-3 | Completed | 25 | Handed over | 24 | 46 | 2.5
        E-1 | Handed over | 90 | Handed over | 88 | | 15
        E-20 | Completed | 10 | Started | 10 | |
        F-1 | Completed | 300 | Completed | 299 | 2175 | 8
        F-2 | Completed | 150 | Completed | 148 | 1950 |
        G-1 | Completed | 45 | Handed over | 46 | |
        G-2 | Completed | 15 | Completed | 15 | |
        H-1 | Completed | 35 | Completed | 34 | 730 |
        H-2 | Completed | 22 | Completed | 22 | 100 |
        K-1 | Completed | 12 | Studied | 11 | |
        M-1 | Started | 8 | Started | 7.5 | 3 |
    """,
    R9: """
        item | planned | budget | status | cost | users | savings
        A-1 | Handed over | 45.0 | Handed over | 45.0 | 500 | 40
        A-2 | Handed over | 30.0 | Completed | 29.0 | 90 | 6
        A-3 | Handed over | 7.5 | Handed over | 6.5 | 99 | 1
        A-6 | Completed | 15.0 | Completed | 15.0 | 25 |
        A-7 | Completed | 10.0 | Completed | 9.5 | 8 |
        B-3 | Handed over | 27.5 | Handed over | 27.0 | 990 | 31
        B-4 | Completed | 25.0 | Completed | 23.5 | 20 | 5
        C-1 | Completed | 35.0 | Completed | 36.0 | 55 |
        C-2 | Completed | 10.0 | Completed | 10.0 | 14 |
        C-3 | Completed | 12.5 | Handed over | 12.0 | 46 | 2.5
        E-1 | Handed over | 45.0 | Handed over | 44.0 |  | 15
        E-20 | Completed | 5.0 | Completed | 5.0 |  |
        F-1 | Completed | 150.0 | Completed | 149.5 | 2175 | 8
        F-2 | Completed | 75.0 | Completed | 74.0 | 1950 |
        G-1 | Completed | 22.5 | Handed over | 23.0 |  |
        G-2 | Completed | 7.5 | Completed | 7.5 |  |
        H-1 | Completed | 17.5 | Completed | 17.0 | 730 |
        H-2 | Completed | 11.0 | Completed | 11.0 | 100 |
        K-1 | Completed | 6.0 | Started | 5.5 |  |
        M-1 | Started | 4.0 | Completed | 3.75 | 3 |
    """,
}
"""By period, what the office gave of each item and what its department types about it. Before xlplan the office knows
who answered."""

NUMBERS = ("budget", "cost", "users", "visits", "savings")
Said = Mapping[str, str | float | None]
"""What is known of one item in one period, by field as it is called in `GIVEN`; words in English."""


def lines_of(table: str) -> list[dict[str, str]]:
    """The rows of a table that is written inline."""
    head, *rows = ([cell.strip() for cell in line.split("|")] for line in table.strip().splitlines())
    return [dict(zip(head, row, strict=True)) for row in rows]


def given(period: str) -> dict[str, dict[str, str | float | None]]:
    """What is known of a period, by item: of a round what is going to be typed."""
    return {
        row["item"]: {
            name: float(cell) if name in NUMBERS and cell else cell or None for name, cell in row.items()
        }
        for row in lines_of(GIVEN[period])
    }


def text_of(item: str, period: str) -> str:
    """What is typed as text about an item, behind the words for it."""
    return f"{item}/{period}"


def records_of(year: str) -> str:
    """The table of records in a year: all of the period before xlplan, of the rounds what the office gives."""
    people = "users" if year == R6 else "people"
    rows = [f"form | period | item | department | planned | budget | status | cost | {people} | visits"]
    for period in PERIODS[: PERIODS.index(year) + 1]:
        for row in lines_of(GIVEN[period]):
            before = [row.get(name, "") for name in ("status", "cost", "users", "visits")]
            known = [*before] if period == R5 else [""] * len(before)
            item, owner = row["item"], row.get("department", "")
            if year in SINCE:
                item, owner = CALLED_SINCE.get(item, item), CALLED_SINCE.get(owner, owner)
            rows.append(" | ".join(["report", period, item, owner, row["planned"], row["budget"], *known]))
    return "\n".join(rows)


COMMITTEE: Mapping[str, str] = {
    R7: """
        item | grade | opinion
        A-1 | A |
        A-7 | B | Say when it is done.
        B-3 | A |
        B-4 | B |
        C-2 | B | Ask the parents.
        G-1 | A |
        K-2 | A | Well done.
    """,
    R8: """
        item | grade | opinion
        A-1 | A |
        A-7 | A | Go on like this.
        E-20 | B | Show the map.
    """,
}
"""What the office enters of items after the answers: of R7 before it is closed, of R8 afterwards."""

CALLED_SINCE = {"E-2": "E-20", "D7": "L7"}
"""The ids since R8 by those of before."""

OWNERS = """
    item | R5 | R6 | R7 | R8 | R9
    A-1 | General Affairs | Digital | Digital | Digital | Digital
    A-2 | General Affairs | Digital | Digital | Digital | Digital
    A-3 | Digital | Digital | Digital | Digital | Digital
    A-4 | Digital | Digital | | |
    A-6 | | | Digital | Digital | Digital
    A-7 | | | Digital | Schools | Schools
    B-1 | Finance | Finance | | |
    B-2 | Finance | Finance | | |
    B-3 | Finance | Finance | Finance and Tax | Finance and Tax | Finance and Tax
    B-4 | | | Finance and Tax | Finance and Tax | Finance and Tax
    C-1 | Welfare | Welfare | Welfare | Welfare | Welfare
    C-2 | Welfare | Welfare | Childcare | Childcare | Childcare
    C-3 | Welfare | Welfare | Childcare | Childcare | Childcare
    E-1 | Fire | Fire | Fire | Fire | Fire
    E-2 | Fire | Fire | Fire | |
    E-20 | | | | Fire | Fire
    F-1 | Schools | Schools | Schools | Schools | Schools
    F-2 | Schools | Schools | Schools | Schools | Schools
    G-1 | Roads | Roads | Roads | Roads | Roads
    G-2 | Roads | Roads | Roads | Roads | Roads
    H-1 | Library | Library | Library | Library | Library
    H-2 | | Library | Library | Library | Library
    K-1 | Harbour | Harbour | Roads | Roads | Roads
    K-2 | Harbour | Harbour | Roads | |
    M-1 | | | | Digital | Digital
"""
"""Who answered for each item, by what the department was called then; blank where there was none."""
