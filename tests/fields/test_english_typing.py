"""Money, nothing and days as people write them in English; and the order of day and month, by the plan's locale."""

from datetime import date
from pathlib import Path

import pytest
from returns import NOW, TABLES, changed, judged, plan_of, sample_plan, submission, write_tables

from xlplan import stages
from xlplan.definition.reading import read_definition
from xlplan.fields.reading import convert
from xlplan.language.calendar import Years
from xlplan.language.errors import UsageError
from xlplan.model.finding import Finding
from xlplan.model.fingerprint import issue_fingerprint, plan_fingerprint
from xlplan.model.form import Field, FieldType
from xlplan.model.plan import Plan
from xlplan.stages.define import day_meant
from xlplan.store.workspace import Workspace

BRITISH = Years(2020, 2028, calendar="western", language="en", locale="en_GB")
JAPANESE = Years(2020, 2028, locale="ja_JP")
UNSAID = Years(2020, 2028, calendar="western", language="en")
DAY = Field("f", "form", "Started", FieldType.DATE)


def number(unit: str = "", kind: FieldType = FieldType.NUMBER) -> Field:
    return Field("f", "form", "Spent", kind, unit=unit)


@pytest.mark.parametrize("unit", ["GBP", "£", "pounds", ""])
@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("£5,376.80", 5376.8),
        ("£5376", 5376),
        ("￡5376", 5376),
        ("GBP 5376.80", 5376.8),
        ("gbp5376.80", 5376.8),
        ("5376.80 GBP", 5376.8),
        ("5376.80 pounds", 5376.8),
        ("-£5", -5),
        ("£-5", -5),
        ("£−5.00", -5),
        ("(£5)", -5),
        ("12.5k", 12500),
        ("12.5K", 12500),
        ("£12.5k", 12500),
        ("£4.3m", 4_300_000),
        ("£4.3 million", 4_300_000),
        ("£1.2bn", 1_200_000_000),
        ("nil", 0),
        ("Zero", 0),
        ("0", 0),
    ],
)
def test_an_amount_in_pounds_is_read_and_told(typed: str, value: float, unit: str) -> None:
    found = convert(typed, number(unit), (), BRITISH)

    assert (found.fault, found.value, found.changed) == ("", value, True)
    assert convert(typed, number(unit), (), UNSAID) == found


@pytest.mark.parametrize(
    ("typed", "unit", "fault"),
    [
        ("$5", "GBP", "amount_unit"),
        ("£5", "円", "amount_unit"),
        ("12.5k", "£ thousand", "amount_scale"),
        ("£5.50", "件", "amount_unit"),
        ("4.3m", "", "type_number"),
        ("12.5km", "GBP", "amount_unit"),
        ("about £5", "GBP", "amount_estimate"),
        ("£5-£7", "GBP", "amount_range"),
        ("-£-5", "GBP", "type_number"),
        ("--5", "GBP", "type_number"),
        ("(£-5)", "GBP", "type_number"),
        ("1,2,3", "GBP", "type_number"),
    ],
)
def test_what_is_not_sure_is_an_error(typed: str, unit: str, fault: str) -> None:
    assert convert(typed, number(unit), (), UNSAID).fault == fault


@pytest.mark.parametrize(("typed", "value"), [("4.3m", 4.3), ("4.3 m", 4.3), ("12k", 12000)])
def test_a_letter_that_is_the_unit_of_the_field_is_no_scale(typed: str, value: float) -> None:
    assert convert(typed, number("m"), (), UNSAID).value == value


@pytest.mark.parametrize("unit", ["£ thousand", "£k", "thousand pounds", "£'000", "£000"])
def test_an_amount_is_counted_in_the_unit_of_the_field(unit: str) -> None:
    assert convert("£12,500", number(unit), (), UNSAID).value == 12.5
    assert convert("£4.3m", number(unit), (), UNSAID).value == 4300


NOTHING = ("n/a", "N/A", "-", "－", "ー", "なし", "該当なし", "none")


@pytest.mark.parametrize("typed", NOTHING)
@pytest.mark.parametrize("name", ["places", "rate", "started"])
def test_a_word_for_nothing_is_a_blank_that_is_told_where_an_answer_is_optional(
    typed: str, name: str
) -> None:
    [result] = judged(sample_plan(), submission(sample_plan(), "D1", {("A-1", name): typed}))
    found = [one for one in result.findings if one.field == name]

    assert [(one.written_code, one.params["before"]) for one in found] == [("read_as_blank", typed)]
    assert all(name not in record.values for record in result.records if record.item == "A-1")


@pytest.mark.parametrize("typed", NOTHING)
def test_where_an_answer_is_asked_for_it_is_an_error_that_says_what_to_type(typed: str) -> None:
    """The cost is asked for, as there is a budget."""
    [result] = judged(sample_plan(), submission(sample_plan(), "D1", {("A-1", "cost"): typed}, form="money"))
    found = [one for one in result.findings if one.field == "cost" and one.item == "A-1"]

    assert [one.written_code for one in found] == ["amount_nothing"]
    assert "0を入力" in found[0].remedy("ja")
    assert "空欄" in found[0].remedy("ja")
    assert "0 where there is none" in found[0].remedy("en")


def test_nil_is_a_number_where_one_is_asked_for() -> None:
    [result] = judged(sample_plan(), submission(sample_plan(), "D1", {("A-1", "cost"): "nil"}, form="money"))

    found = [one for one in result.findings if one.field == "cost" and one.item == "A-1"]
    assert [(one.written_code, one.params["after"]) for one in found] == [("read_as", "0")]


@pytest.mark.parametrize("typed", ["-", "なし", "n/a"])
def test_a_word_for_nothing_in_a_text_or_a_list_stays_what_it_is(typed: str) -> None:
    assert convert(typed, Field("f", "form", "x", FieldType.TEXT)).value == typed
    assert convert(typed, Field("f", "form", "x", FieldType.CHOICE, list="l")).fault == "list"


@pytest.mark.parametrize("years", [BRITISH, JAPANESE, UNSAID, None])
@pytest.mark.parametrize(
    "typed",
    [
        *(
            "1 September 2024",
            "1 Sep 2024",
            "1st September 2024",
            "1 Sept. 2024",
            "01-Sep-2024",
            "1/Sep/2024",
        ),
        *(
            "September 1, 2024",
            "September 1 2024",
            "Sep 1st, 2024",
            "Sunday 1 September 2024",
            "Sun, 1 Sep 2024",
        ),
        *(
            "2024 September 1",
            "2024-Sep-01",
            "the 1st".replace("the ", "") + " of September 2024",
            "1　Sep　2024",
        ),
    ],
)
def test_a_day_with_the_name_of_its_month_is_read_anywhere(typed: str, years: Years | None) -> None:
    assert convert(typed, DAY, (), years).value == date(2024, 9, 1)


@pytest.mark.parametrize(
    "typed", ["31 September 2024", "Monday 1 September 2024", "1 Sep", "September 2024 1st"]
)
def test_a_day_that_is_none_or_has_another_weekday_is_an_error(typed: str) -> None:
    assert convert(typed, DAY, (), BRITISH).fault.startswith("type_date")


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("31/07/2027", date(2027, 7, 31)),
        ("01-09-2024", date(2024, 9, 1)),
        ("1.9.2024", date(2024, 9, 1)),
        ("１／９／２０２４", date(2024, 9, 1)),
        ("31/07/27", date(2027, 7, 31)),
        ("1.9.24", date(2024, 9, 1)),
        ("01 09 2024", date(2024, 9, 1)),
        ("01/09/2024 00:00:00", date(2024, 9, 1)),
        ("31\u200e/07/2027", date(2027, 7, 31)),
        ("2024-09-01", date(2024, 9, 1)),
        ("2024/9/1", date(2024, 9, 1)),
    ],
)
def test_the_day_stands_first_by_the_british_locale(typed: str, day: date) -> None:
    assert convert(typed, DAY, (), BRITISH).value == day


@pytest.mark.parametrize(
    ("typed", "years", "near"),
    [
        ("31/07/2027", UNSAID, "2027-07-31"),
        ("01-09-2024", UNSAID, "2024-09-01 / 2024-01-09"),
        ("01-09-2024", JAPANESE, "2024/9/1 / 2024/1/9"),
        ("31/07/2027", JAPANESE, "2027/7/31"),
        ("07/31/2027", BRITISH, "2027-07-31"),
        ("01/09/2024 0:00", UNSAID, "2024-09-01 / 2024-01-09"),
    ],
)
def test_a_day_in_another_order_is_an_error_that_names_the_days_it_can_be(
    typed: str, years: Years, near: str
) -> None:
    found = convert(typed, DAY, (), years)

    assert (found.fault, found.suggestion) == ("type_date_order", near)


def test_a_day_that_the_locale_can_take_in_two_ways_is_an_error_that_names_both() -> None:
    """24.9.26 is 24 September 2026 or, with the year first, 26 September 2024."""
    found = convert("24.9.26", DAY, (), BRITISH)

    assert (found.fault, found.suggestion) == ("type_date", "2024-09-26 / 2026-09-24")
    assert convert("24.9.26", DAY, (), UNSAID).value == date(2024, 9, 26)


@pytest.mark.parametrize("typed", ["01-Sep-24", "1 Sep 24", "Sep 1, 24", "1st of September 24"])
@pytest.mark.parametrize("years", [BRITISH, JAPANESE, UNSAID])
def test_a_year_of_two_digits_behind_the_name_of_a_month_is_one_of_the_plan(typed: str, years: Years) -> None:
    """As Excel shows days in English; never a year of an era."""
    assert convert(typed, DAY, (), years).value == date(2024, 9, 1)
    assert convert(typed, DAY, (), Years(2012, 2018)).fault == "type_date"
    assert convert(typed, DAY, (), None).fault == "type_date"


@pytest.mark.parametrize(
    ("typed", "years", "month", "near"),
    [
        ("Sep-24", UNSAID, date(2024, 9, 1), ""),
        ("01/09/2024", BRITISH, date(2024, 9, 1), ""),
        ("01/09/2024", UNSAID, None, "2024-09 / 2024-01"),
        ("01/09/2024", JAPANESE, None, "2024/9 / 2024/1"),
    ],
)
def test_a_month_is_read_in_the_order_of_the_locale(
    typed: str, years: Years, month: date | None, near: str
) -> None:
    found = convert(typed, Field("f", "form", "Started", FieldType.MONTH), (), years)

    assert (found.value, found.suggestion) == (month or typed, near)
    assert found.fault == ("" if month else "type_month")


def in_english(locale: str) -> Plan:
    lines = f"language | en\n        locale | {locale}" if locale else "language | en"
    return plan_of(changed(TABLES, "plan", "language | ja", lines))


def started(typed: object, locale: str) -> list[Finding]:
    plan = in_english(locale)
    [result] = judged(plan, submission(plan, "D1", {("A-1", "started"): typed}))
    return [one for one in result.findings if one.field == "started"]


def test_the_order_that_is_read_is_said() -> None:
    [unsaid], [british] = started("01-06-2024", ""), started("07/31/2024", "en_GB")

    assert unsaid.message("en") == "開始日: 01-06-2024 is not in the order that is read, YYYY/MM/DD"
    assert british.message("ja") == "開始日の「07/31/2024」は、読み取る順（DD/MM/YYYY）で書かれていません"


def test_a_day_that_is_read_by_the_locale_is_told() -> None:
    [found] = started("01-06-2024", "en_GB")

    assert (found.written_code, found.params["after"]) == ("read_as", "2024-06-01")


# --- the plan's locale -----------------------------------------------------------------------------


def test_a_plan_without_a_locale_has_the_fingerprints_that_it_had() -> None:
    plan = sample_plan()
    period, department = plan.periods[-1], plan.departments[0]

    def both(one: Plan) -> tuple[str, str]:
        return issue_fingerprint(one, period, department, None, {}, ()), plan_fingerprint(
            one, one.forms, one.periods
        )

    other = plan_of(changed(TABLES, "plan", "language | ja", "language | ja\n        locale | ja_JP"))
    assert plan.locale == ""
    assert other.locale == "ja_JP"
    assert all(one != two for one, two in zip(both(plan), both(other), strict=True))


@pytest.mark.parametrize("written", ["en_GB", "英国", "United Kingdom"])
def test_the_locale_is_written_as_its_word_in_either_language(written: str) -> None:
    assert (
        plan_of(changed(TABLES, "plan", "language | ja", f"language | ja\n        地域 | {written}")).locale
        == "en_GB"
    )


def test_a_locale_that_is_not_known_is_a_finding(tmp_path: Path) -> None:
    write_tables(
        changed(TABLES, "plan", "language | ja", "language | ja\n        locale | xx_YY"), tmp_path / "plan"
    )
    found = [one for one in read_definition(tmp_path / "plan").findings if one.value == "xx_YY"]

    assert [one.code for one in found] == ["plan_unknown_word"]


# --- --due -----------------------------------------------------------------------------------------

TODAY = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2027-05-28", date(2027, 5, 28)),
        ("2027/5/28", date(2027, 5, 28)),
        ("令和9年5月28日", date(2027, 5, 28)),
        ("令9.5.28", date(2027, 5, 28)),
        ("R9.5.28", date(2027, 5, 28)),
        ("20270528", date(2027, 5, 28)),
        ("28 May 2027", date(2027, 5, 28)),
        ("May 28, 2027", date(2027, 5, 28)),
        ("2027-05-28T00:00:00", date(2027, 5, 28)),
        ("5/29", date(2027, 5, 29)),
        ("６／１", date(2026, 6, 1)),
        ("12月20日", date(2026, 12, 20)),
        ("12月20日（日）", date(2026, 12, 20)),
        ("20 December", date(2026, 12, 20)),
        ("28-May-25", date(2025, 5, 28)),
        ("2027年5月28日（金）", date(2027, 5, 28)),
        ("Friday 28 May 2027", date(2027, 5, 28)),
        ("2027/5/28 0:00", date(2027, 5, 28)),
        ("46535", date(2027, 5, 28)),
        ("２０２７．５．２８", date(2027, 5, 28)),
        ("5月29日", date(2027, 5, 29)),
        ("十二月二十日", date(2026, 12, 20)),
        (" 5/29 ", date(2027, 5, 29)),
        ("Dec 20", date(2026, 12, 20)),
        ("2/29", date(2028, 2, 29)),
        ("", None),
        (None, None),
        (date(2027, 5, 28), date(2027, 5, 28)),
    ],
)
def test_a_due_date_is_read_as_a_cell_for_days_is(typed: object, day: date | None) -> None:
    assert isinstance(typed, str | date) or typed is None
    assert day_meant(typed, sample_plan(), TODAY) == day


def test_the_order_of_a_due_date_is_that_of_the_locale() -> None:
    assert day_meant("28/05/2027", in_english("en_GB"), TODAY) == date(2027, 5, 28)
    assert day_meant("29/5", in_english("en_GB"), TODAY) == date(2027, 5, 29)
    with pytest.raises(UsageError, match="2027-05-28"):
        day_meant("28/05/2027", in_english(""), TODAY)


@pytest.mark.parametrize("typed", ["soon", "13/40", "2/30", "2027", "31/12/"])
def test_what_is_no_day_is_refused(typed: str) -> None:
    with pytest.raises(UsageError):
        day_meant(typed, sample_plan(), TODAY)


def test_a_due_date_without_a_year_is_the_next_such_day_of_the_issue(tmp_path: Path) -> None:
    write_tables(TABLES, tmp_path / "plan")
    made = stages.issue(Workspace(tmp_path), "R6", due="5/29", now=NOW)

    assert made.due == date(2025, 5, 29)
