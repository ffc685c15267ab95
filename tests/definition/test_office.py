"""What the tables say of the office: its closed days, whose holidays count, its letters, to whom it writes."""

from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from definitions import GOOD, definition, folder, places

from xlplan.definition.reading import read_definition
from xlplan.definition.tables import read_tables
from xlplan.definition.write.workbook import definition_workbook
from xlplan.language.messages import LANGUAGES
from xlplan.language.workdays import ANY_YEAR, ClosedDays, Workdays
from xlplan.model.letter import LetterKind, LetterText, filled

NEW_YEAR = ClosedDays(date(ANY_YEAR, 12, 29), date(ANY_YEAR, 1, 3), yearly=True, name="年末年始")
BRITISH = GOOD["plan"].replace("language,ja", "language,en\nlocale,en_GB")


def closed(tmp_path: Path, line: str, plan: str = GOOD["plan"]) -> tuple[ClosedDays, ...] | list[object]:
    """The closed days of a line of the table, or the codes of what is wrong with it."""
    found = definition(tmp_path, closed_days=f"first_day,last_day,yearly,name\n{line}\n", plan=plan)
    return found.plan.workdays.closed if found.plan and not places(found) else places(found)


@pytest.mark.parametrize(
    "line",
    [
        "12/29,1/3,,年末年始",
        "12月29日,1月3日,はい,年末年始",
        "１２／２９,１／３,,年末年始",
        "12/29～1/3,,,年末年始",
        "12/29-1/3,,,年末年始",
        "12月29日から1月3日,,,年末年始",
        "2026-12-29,2027-01-03,yes,年末年始",
        "2026-12-29,2026-01-03,はい,年末年始",
    ],
)
def test_days_of_every_year_are_written_as_an_office_writes_them(tmp_path: Path, line: str) -> None:
    assert closed(tmp_path, line) == (NEW_YEAR,)


def test_days_of_one_year_bear_it(tmp_path: Path) -> None:
    once = (ClosedDays(date(2026, 10, 1), date(2026, 10, 1), name="移転"),)

    assert closed(tmp_path, "2026-10-01,,,移転") == once
    assert closed(tmp_path, "令和8年10月1日,,いいえ,移転") == once


def test_the_british_day_stands_before_the_month(tmp_path: Path) -> None:
    expected = (ClosedDays(date(ANY_YEAR, 12, 25), date(ANY_YEAR, 1, 2), yearly=True, name="Christmas"),)

    assert closed(tmp_path, "25/12,2/1,,Christmas", BRITISH) == expected
    assert closed(tmp_path, "25 December,2 January,,Christmas", BRITISH) == expected


@pytest.mark.parametrize(
    ("line", "code", "cell"),
    [
        (",1/3,,", "plan_blank", "A2"),
        ("年末,,,", "plan_not_date", "A2"),
        ("12/29,正月,,", "plan_not_date", "B2"),
        ("13/29,,,", "plan_not_date", "A2"),
        ("12/29,2027-01-03,,", "plan_closed_year", "A2"),
        ("12/29,,no,", "plan_closed_year", "A2"),
        ("2026-12-29,2026-01-03,,", "plan_closed_reversed", "B2"),
        ("1/3,12/29,,", "plan_closed_long", "A2"),
        ("12/29,1/3,maybe,", "plan_unknown_word", "C2"),
    ],
)
def test_what_is_no_closed_day_is_told_at_its_cell(tmp_path: Path, line: str, code: str, cell: str) -> None:
    assert closed(tmp_path, line) == [(code, "closed_days", cell)]


def test_a_date_of_the_spreadsheets_own_is_told_as_of_that_year(tmp_path: Path) -> None:
    """Excel makes a date of this year of 12/29, in a cell that is not formatted as text."""
    tables = read_tables(folder(tmp_path, closed_days="first_day,last_day,yearly\n12/29,,\n12/30,,yes\n"))
    path = tmp_path / "plan.xlsx"
    path.write_bytes(definition_workbook(tables, "ja", datetime(2026, 4, 1)))
    book = openpyxl.load_workbook(path)
    for row in book["閉庁日"].iter_rows():
        for cell in row:
            if str(cell.value) in ("12/29", "12/30"):
                assert cell.number_format == "@"  # so that what is typed stays as it is
                cell.value = datetime(2026, 12, int(str(cell.value)[-2:]))
    book.save(path)

    found = read_definition(path)

    assert [code for code, *_ in places(found)] == ["plan_closed_once"]
    assert found.usable().workdays.closed == (
        ClosedDays(date(2026, 12, 29), date(2026, 12, 29)),
        ClosedDays(date(ANY_YEAR, 12, 30), date(ANY_YEAR, 12, 30), yearly=True),
    )


@pytest.mark.parametrize(
    ("line", "holidays"),
    [
        ("", "JP"),
        ("locale,en_GB", "GB"),
        ("holidays,スコットランド", "GB-SCT"),
        ("祝日,なし", "none"),
        ("holidays,fr", "FR"),
        ("holidays,US-NY", "US-NY"),
    ],
)
def test_whose_holidays_count_is_a_word_a_code_or_what_is_usual(
    tmp_path: Path, line: str, holidays: str
) -> None:
    found = definition(tmp_path, plan=f"{GOOD['plan']}{line}\n")

    assert (places(found), found.usable().workdays) == ([], Workdays(holidays))


def test_a_country_that_nobody_knows_is_told(tmp_path: Path) -> None:
    found = definition(tmp_path, plan=f"{GOOD['plan']}holidays,東京\n")

    assert places(found) == [("plan_unknown_word", "plan", "B10")]


@pytest.mark.parametrize("heads", ["kind,subject,body", "種類,件名,本文"])
def test_a_letter_names_its_places_in_either_language_and_width(tmp_path: Path, heads: str) -> None:
    lines = '督促,{期間}の催促,"{addressee}\n{ 期限 }から｛日数｝日。{{そのまま}}"\nsent back,,{findings}\n'

    found = definition(tmp_path, letters=f"{heads}\n{lines}")

    assert places(found) == []
    assert found.usable().letters == (
        LetterText(LetterKind.OVERDUE, "{period}の催促", "{addressee}\n{due}から{days}日。{{そのまま}}"),
        LetterText(LetterKind.SENT_BACK, "", "{findings}"),
    )
    values = {"addressee": "道路課 御中", "due": "{days}", "days": "3"}
    assert filled(found.usable().letters[0].body, values) == "道路課 御中\n{days}から3日。{そのまま}"


@pytest.mark.parametrize(
    ("line", "code", "cell", "near"),
    [
        ("督促,,{期限日}", "plan_letter_place", "C2", "期限"),
        ("督促,{dew},", "plan_letter_place", "B2", ": due"),
        ("督促,,{findings}", "plan_letter_place", "C2", " due / today"),
        ("督促,,{}", "plan_letter_place", "C2", " due / today"),
        ("督促,,{期限", "plan_letter_brace", "C2", ""),
        ("督促,,期限}", "plan_letter_brace", "C2", ""),
        ("督促,,", "plan_letter_idle", "A2", ""),
        ("挨拶,,本文", "plan_unknown_word", "A2", ""),
        (",件名,本文", "plan_blank", "A2", ""),
    ],
)
def test_a_place_that_a_letter_has_not_is_told_with_the_near_one(
    tmp_path: Path, line: str, code: str, cell: str, near: str
) -> None:
    found = definition(tmp_path, letters=f"kind,subject,body\n{line}\n")

    assert places(found) == [(code, "letters", cell)]
    sentences = "".join(found.findings[0].remedy(language) for language in LANGUAGES)
    assert near in sentences


def test_a_kind_of_letter_stands_once(tmp_path: Path) -> None:
    found = definition(tmp_path, letters="kind,subject\n督促,一\noverdue,二\n")

    assert places(found) == [("plan_duplicate", "letters", "A3")]


def test_what_is_no_address_is_told_and_the_plan_goes_on(tmp_path: Path) -> None:
    lines = GOOD["departments"].replace("D1,情報課,,,", "D1,情報課,,joho@hama.jp; 情報課あて,")

    found = definition(tmp_path, departments=lines)

    assert (places(found), bool(found.plan)) == ([("plan_bad_address", "departments", "D2")], True)
