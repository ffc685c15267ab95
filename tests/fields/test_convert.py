"""Raw cell values to values of a field."""

from datetime import date, datetime, time, timedelta
from typing import Literal
from unicodedata import normalize

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from xlplan.fields.cells import Converted
from xlplan.fields.days import ids_typed_as
from xlplan.fields.reading import convert, convert_column, typed_text
from xlplan.language.calendar import Years
from xlplan.language.eras import date_label
from xlplan.model.form import Choice, Field, FieldType
from xlplan.model.record import Value

CHOICES = (
    Choice("実施", symbol="◎"),
    Choice("一部実施", symbol="○", aliases=("部分実施",)),
    Choice("検討", symbol="△", aliases=("検討中", "調査")),
    Choice("中止", symbol="×"),
    Choice("予定なし", symbol="ー"),
    Choice("１次", symbol="1"),
)
ERRORS = ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#n/a", " #N/A "]
FULL_WIDTH = str.maketrans("0123456789,.-()/", "０１２３４５６７８９，．－（）／")


def field(type_: str) -> Field:
    return Field("f", "form", "項目", FieldType(type_))


TYPES = st.sampled_from([field(one.value) for one in FieldType])
SCRAPS = st.lists(
    st.sampled_from([*"0123456789０５,，.．-−△▲()（）円%％年月日/平成HR元○◯〇x×実施検討 　\xa0²⑴\n\x07"])
)
RAW = (
    st.none()
    | st.booleans()
    | st.integers(-(10**18), 10**18)
    | st.floats()
    | st.dates()
    | st.datetimes()
    | st.times()
    | st.timedeltas()
    | st.text()
    | SCRAPS.map("".join)
    | st.sampled_from(ERRORS)
)


def written(number: int) -> list[str]:
    """`number` in every manner that is accepted."""
    amount, grouped = str(abs(number)), f"{abs(number):,}"
    signs = ["", "+"] if number >= 0 else ["-", "−", "△", "▲", "△ "]
    ways = [f"{sign}{digits}" for sign in signs for digits in (amount, grouped)]
    ways += [f"({grouped})"] if number < 0 else []
    return [*ways, *(way.translate(FULL_WIDTH) for way in ways), *(f"　{way} " for way in ways)]


@given(st.integers(-(10**15) + 1, 10**15 - 1), st.sampled_from(["whole", "number"]))
def test_a_number_written_in_any_accepted_manner_is_that_number(number: int, type_: str) -> None:
    for way in written(number):
        assert convert(way, field(type_)) == Converted(number, changed=True)


@given(st.decimals(-9999, 9999, places=3))
def test_a_fraction_written_in_any_width_is_that_fraction(number: object) -> None:
    assert convert(str(number).translate(FULL_WIDTH), field("number")).value == float(str(number))


@given(st.dates(date(1955, 1, 1), date(2118, 12, 31)), st.sampled_from(["wareki", "western"]))
def test_a_date_written_in_any_accepted_manner_is_that_date(day: date, calendar: str) -> None:
    iso = day.isoformat()
    ways = [date_label(day, calendar), f"{day:%Y/%m/%d}", f"{day:%Y%m%d}", iso.translate(FULL_WIDTH)]
    for way in ways:
        assert convert(way, field("date")) == Converted(day, changed=True)
    assert convert(iso, field("date")) == Converted(day)


@given(st.dates(date(1955, 1, 1), date(2118, 12, 31)))
def test_an_excel_serial_number_is_its_date(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    assert convert(serial, field("date")) == Converted(day, changed=True)
    assert convert(serial + 0.5, field("date")) == Converted(day, changed=True)


@given(RAW, TYPES)
@example(3.3e-223, field("whole"))
def test_converting_the_result_again_changes_nothing(raw: object, of: Field) -> None:
    once = convert(raw, of, CHOICES)
    again = convert(once.value, of, CHOICES)
    # of a day before all eras not even its text is a day
    assert (again.value, again.fault.removesuffix("_far")) == (once.value, once.fault.removesuffix("_far"))
    assert not again.changed


@given(RAW, TYPES)
def test_a_fault_keeps_text_and_a_value_has_the_type_of_its_field(raw: object, of: Field) -> None:
    expected: dict[FieldType, type | tuple[type, ...]] = {
        FieldType.TEXT: str,
        FieldType.CHOICE: str,
        FieldType.ITEM: str,
        FieldType.WHOLE: int,
        FieldType.NUMBER: (int, float),
        FieldType.DATE: date,
        FieldType.MONTH: date,
        FieldType.YEAR: int,
        FieldType.TIME: float,
    }
    found = convert(raw, of, CHOICES)
    assert found.value is None or isinstance(found.value, str if found.fault else expected[of.type])
    assert not isinstance(found.value, bool | datetime)
    assert not (found.fault and found.changed)


@given(RAW)
def test_a_choice_is_one_of_the_list_and_a_list_fault_never_is(raw: object) -> None:
    values = {one.value for one in CHOICES}
    found = convert(raw, field("choice"), CHOICES)
    assert found.value is None or (found.value in values) is (found.fault == "")
    assert found.suggestion == "" or (found.fault == "list" and set(found.suggestion.split(" / ")) <= values)


@given(st.lists(RAW), TYPES)
def test_a_column_is_converted_as_its_cells_are(raws: list[object], of: Field) -> None:
    assert convert_column(raws, of, CHOICES) == [convert(raw, of, CHOICES) for raw in raws]


def test_a_column_keeps_apart_what_python_takes_for_equal() -> None:
    """1, 1.0 and TRUE are one key of a dict, but not one value of a cell."""
    assert [one.value for one in convert_column([1, True, 1.0, "1"], field("text"))] == [
        "1",
        "TRUE",
        "1",
        "1",
    ]


@pytest.mark.parametrize("type_", [one.value for one in FieldType])
@pytest.mark.parametrize("error", ERRORS)
def test_an_excel_error_is_a_fault_in_every_field(error: str, type_: str) -> None:
    assert convert(error, field(type_), CHOICES) == Converted(error.strip(), "error_value")


@pytest.mark.parametrize("type_", [one.value for one in FieldType])
def test_a_number_that_excel_does_not_have_is_an_error_in_every_field(type_: str) -> None:
    assert {convert(float(raw), field(type_), CHOICES).fault for raw in ("nan", "inf", "-inf")} == {
        "error_value"
    }


@pytest.mark.parametrize("type_", [one.value for one in FieldType])
def test_blank_is_none_and_spaces_that_the_sheet_takes_for_an_entry_are_told(type_: str) -> None:
    assert [convert(raw, field(type_), CHOICES) for raw in (None, "", "　\n", "\xa0\u200b")] == [
        Converted(None)
    ] * 4
    assert convert("\u2003", field(type_), CHOICES) == Converted(None, changed=True)


@pytest.mark.parametrize(
    ("raw", "value", "changed"),
    [
        ("　２手続を追加した。\r\n", "２手続を追加した。", False),
        ("一\r\n二", "一\n二", False),
        ("一\x07二", "一二", True),
        ("=1+1", "=1+1", False),
        ("#N/A と表示される", "#N/A と表示される", False),
        ("2014-05-01", "2014-05-01", False),
        (5, "5", True),
        (5.0, "5", True),
        (0.1 + 0.2, "0.3", True),
        (True, "TRUE", True),
        (date(2014, 5, 1), "2014-05-01", True),
        (datetime(2014, 5, 1), "2014-05-01", True),
        (datetime(2014, 5, 1, 10, 30), "2014-05-01 10:30:00", True),
        (time(10, 30), "10:30:00", True),
    ],
)
def test_text_is_kept_and_what_was_no_text_is_told(raw: object, value: Value, changed: bool) -> None:
    assert convert(raw, field("text")) == Converted(value, changed=changed)


@pytest.mark.parametrize(
    ("raw", "value", "changed"),
    [
        ("実施", "実施", False),
        (" 実施　", "実施", True),
        ("実\u200b施", "実施", True),
        ("部分実施", "一部実施", True),
        ("検討中", "検討", True),
        ("調　査", "検討", True),
        ("◎", "実施", True),
        ("◯", "一部実施", True),
        ("〇", "一部実施", True),
        ("О", "一部実施", True),
        ("o", "一部実施", True),
        ("▵", "検討", True),
        ("✕", "中止", True),
        ("X", "中止", True),
        ("Χ", "中止", True),
        ("－", "予定なし", True),
        (1, "１次", True),
        (1.0, "１次", True),
        ("1次", "１次", True),
    ],
)
def test_a_choice_is_known_however_it_is_typed(raw: object, value: Value, changed: bool) -> None:
    assert convert(raw, field("choice"), CHOICES) == Converted(value, changed=changed)


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("データ活用", "データ活用"),
        ("ﾃﾞｰﾀ活用", "データ活用"),
        ("５〜１０件", "5～10件"),
        ("5~10件", "5～10件"),
    ],
)
def test_a_choice_is_known_however_its_kana_is_composed_and_its_wave_dash_typed(
    form: Literal["NFC", "NFD", "NFKC", "NFKD"], typed: str, meant: str
) -> None:
    found = convert(normalize(form, typed), field("choice"), (Choice("データ活用"), Choice("5～10件")))
    assert (found.value, found.fault) == (meant, "")


def test_a_number_that_is_itself_a_choice_is_not_told() -> None:
    assert convert(2.0, field("choice"), (Choice("1"), Choice("2"))) == Converted("2")


@pytest.mark.parametrize(
    ("raw", "suggestion"),
    [("一部実施済", "一部実施"), ("検討しています", "検討"), ("未定", ""), ("0", ""), (True, "")],
)
def test_another_word_is_a_fault_with_the_nearest_choice(raw: object, suggestion: str) -> None:
    text = raw if isinstance(raw, str) else "TRUE"
    assert convert(raw, field("choice"), CHOICES) == Converted(text, "list", suggestion=suggestion)


@pytest.mark.parametrize(
    ("values", "raw", "suggestion"),
    [(("○", "〇"), "◯", "○ / 〇"), (("A", "a"), "Ａ", "A / a"), (("x", "×"), "✕", "x / ×")],
)
def test_a_sign_that_could_be_two_choices_is_not_guessed(
    values: tuple[str, ...], raw: str, suggestion: str
) -> None:
    choices = tuple(Choice(one) for one in values)
    assert convert(raw, field("choice"), choices) == Converted(raw, "list", suggestion=suggestion)
    assert [convert(f" {one}", field("choice"), choices).value for one in values] == list(values)


# --- symbols, alone and in composites ---------------------------------------------------------------

MARKS = tuple(Choice(one) for one in ("○/◎", "○/△", "○/×", "○", "△", "△/◎", "△/×", "◎"))
ALIKE = {
    "○": "○◯〇⚪⭕OoＯОоΟο",
    "◎": "◎⊚",
    "△": "△▵∆Δ",
    "×": "×✕✖❌xXｘＸХхΧχ",
    "/": "/／⁄∕",
}
"""What people type for each sign, and what can mean no other of the list."""
DOUBTFUL = {"●": "○◎", "⦿": "○◎", "⊙": "○◎", "◉": "○◎", "▲": "△"}


@st.composite
def spelled(draw: st.DrawFn, signs: dict[str, str]) -> tuple[str, str]:
    """A choice and one way to type it: any of `signs` for each sign, with any spaces around."""
    meant = draw(st.sampled_from(MARKS)).value
    spaces = st.text(" 　\u2009", max_size=2)
    return meant, "".join(draw(spaces) + draw(st.sampled_from(signs[one])) for one in meant) + draw(spaces)


@given(spelled(ALIKE))
def test_any_spelling_of_a_composite_that_can_mean_only_one_is_that_one_and_told(
    pair: tuple[str, str],
) -> None:
    meant, typed = pair
    found = convert(typed, field("choice"), MARKS)
    assert found == Converted(meant, changed=typed != meant)


@given(spelled(ALIKE), st.data())
def test_a_sign_that_could_be_two_never_becomes_a_value_and_what_it_could_be_is_named(
    pair: tuple[str, str], data: st.DataObject
) -> None:
    meant, typed = pair
    at = data.draw(st.sampled_from([n for n, one in enumerate(meant) if one in "○◎△"]))
    doubtful = data.draw(st.sampled_from([one for one, could in DOUBTFUL.items() if meant[at] in could]))
    typed = meant[:at] + doubtful + meant[at + 1 :]
    found = convert(typed, field("choice"), MARKS)
    assert (found.value, found.fault, found.changed) == (typed, "list", False)
    assert meant in found.suggestion.split(" / ")
    assert {len(one) for one in found.suggestion.split(" / ")} == {len(meant)}


@pytest.mark.parametrize(
    ("typed", "suggestion"),
    [
        ("●", "○ / ◎"),
        ("●/△", "○/△"),
        ("⦿ ／ ◉", "○/◎"),
        ("△/●", "△/◎"),
        ("▲/×", "△/×"),
        ("▲", "△"),
    ],
)
def test_a_doubtful_mark_names_the_choices_of_the_list_that_it_could_be(typed: str, suggestion: str) -> None:
    assert convert(typed, field("choice"), MARKS).suggestion == suggestion


def test_a_doubtful_sign_that_the_list_has_is_itself_and_in_a_list_of_words_stands_for_symbols() -> None:
    black = (Choice("●"), Choice("○"))
    assert convert("●", field("choice"), black) == Converted("●")
    assert convert("⚫", field("choice"), black) == Converted("●", changed=True)
    assert convert("⦿", field("choice"), black) == Converted("⦿", "list", suggestion="● / ○")
    assert convert("●", field("choice"), CHOICES) == Converted("●", "list", suggestion="実施 / 一部実施")
    assert convert("▲", field("choice"), CHOICES) == Converted("▲", "list", suggestion="検討 / 予定なし")


@pytest.mark.parametrize(
    ("raw", "value", "changed"),
    [
        (5, 5, False),
        (5.0, 5, False),
        (-3, -3, False),
        ("5.0", 5, True),
        ("1,234", 1234, True),
        ("１，２３４", 1234, True),
        ("1, 234", 1234, True),
        ("1234,567", 1234567, True),
        ("1,2345", 12345, True),
        ("（１２）", -12, True),
        ("△0", 0, True),
    ],
)
def test_a_whole_number_is_read_as_people_type_it(raw: object, value: int, changed: bool) -> None:
    found = convert(raw, field("whole"))
    assert found == Converted(value, changed=changed)
    assert isinstance(found.value, int)


@pytest.mark.parametrize(
    "raw",
    [
        True,
        5.5,
        "5.5",
        "1,2,3",
        "12,34",
        ",123",
        "1,234,",
        "1 234",
        "1 　234",
        "1.234.567",
        "--5",
        "(-5)",
        "((5))",
        "()",
        "△",
        ".",
        "5.",
        "80%",
        "８０％",
        "5円",
        "3千円",
        "1e5",
        "10²",
        "⑴",
        "①",
        "½",
        "٣",
        "nan",
        "約5",
        "5件",
        "1234567890123456",
        date(2014, 5, 1),
        time(10, 30),
        timedelta(days=1),
    ],
)
def test_what_is_no_whole_number_stays_text(raw: object) -> None:
    found = convert(raw, field("whole"))
    assert found.fault in ("type_whole", "type_whole_decimal", "amount_range", "amount_estimate")
    assert (type(found.value), found.changed) == (str, False)
    if raw not in (5.5, "5.5"):
        assert convert(raw, field("number")).fault == found.fault.replace("type_whole", "type_number")


@pytest.mark.parametrize(
    ("raw", "value", "changed"),
    [(5, 5, False), (0.5, 0.5, False), ("1,234.5", 1234.5, True), (".5", 0.5, True), ("△０．５", -0.5, True)],
)
def test_a_number_may_have_a_fraction(raw: object, value: float, changed: bool) -> None:
    assert convert(raw, field("number")) == Converted(value, changed=changed)


def test_minus_nothing_is_nothing() -> None:
    """-0.0 would be printed with its sign."""
    assert str(convert("△0.0", field("number")).value) == "0.0"


@pytest.mark.parametrize(
    ("raw", "changed"),
    [
        (date(2014, 5, 1), False),
        (datetime(2014, 5, 1), False),
        (datetime(2014, 5, 1, 10, 30), True),
        (41760, True),
        (41760.75, True),
        (20140501, True),
        ("2014-05-01", False),
        (" 2014-05-01 ", False),
        ("H26.5.1", True),
        ("平成２６年５月１日", True),
    ],
)
def test_a_date_is_read_as_people_type_it(raw: object, changed: bool) -> None:
    assert convert(raw, field("date")) == Converted(date(2014, 5, 1), changed=changed)


@pytest.mark.parametrize(
    "raw", ["2015-02-29", "2026/2/30", "R8.4.31", "令和8年2月30日", "２０２６／２／３０"]
)
def test_a_day_that_the_month_does_not_have_is_told_as_such(raw: str) -> None:
    assert convert(raw, field("date")).fault == "type_date_none"


@pytest.mark.parametrize("raw", [1450.6, "1450.6", "1,450.6", "１４５０．６", "1450.5"])
def test_a_decimal_where_a_whole_number_is_asked_is_told_as_such_with_what_it_is_rounded(raw: object) -> None:
    found = convert(raw, field("whole"))
    assert (found.fault, found.suggestion) == ("type_whole_decimal", "1,451")


@pytest.mark.parametrize(("raw", "near"), [(0.5, "1"), (0.4, "0"), ("△2.5", "-3"), ("0.0001", "0")])
def test_a_small_or_negative_decimal_is_rounded_as_people_do(raw: object, near: str) -> None:
    found = convert(raw, field("whole"))
    assert (found.fault, found.suggestion) == ("type_whole_decimal", near)


@pytest.mark.parametrize(
    ("typed", "kind", "near"),
    [
        ("平成31年4月頃", "month", "2019/4（平成31年4月）"),
        ("約2019年4月", "month", "2019/4（平成31年4月）"),
        ("2019/4 予定", "month", "2019/4（平成31年4月）"),
        ("平成31年4月上旬", "month", "2019/4（平成31年4月）"),
        ("平成31年4月1日ごろ", "date", "2019/4/1（平成31年4月1日）"),
    ],
)
def test_a_day_or_month_with_about_is_refused_for_that_word(typed: str, kind: str, near: str) -> None:
    found = convert(typed, field(kind), years=Years(2019, 2023))
    assert (found.fault, found.suggestion) == (f"type_{kind}_about", near)


@pytest.mark.parametrize(
    "raw", ["未定", "2014年5月", "91760", "2015-02-29-1", 5, 19999, 80001, 2014, True, time(10)]
)
def test_what_is_no_date_stays_text(raw: object) -> None:
    found = convert(raw, field("date"))
    assert (found.fault, type(found.value), found.changed) == ("type_date", str, False)


@pytest.mark.parametrize(
    ("day", "ids"),
    [
        (date(2026, 2, 7), ["2-7", "7-2", "2026-2-7", "26-2-7"]),  # the country of the computer decides
        (date(1940, 1, 1), ["1-40", "40-1", "1940-1", "1-1940", "1-1", "40-1-1"]),
        (date(2026, 2, 1), ["2-1", "1-2", "2026-2", "26-2", "2-26", "2-2026"]),
    ],
)
def test_the_ids_that_a_spreadsheet_takes_for_a_day_are_known_by_it(day: date, ids: list[str]) -> None:
    others = ["2-8", "8-2", "7-2-2026", "2-7-1", "A-2-7", "2", "", "40-2", "2025-2"]

    assert ids_typed_as(day, [*others, *ids]) == tuple(ids)


@pytest.mark.parametrize(
    ("saved", "typed"),
    [
        (datetime(1900, 1, 15, 0, 43, 12), "15.03"),
        (datetime(1900, 2, 28), "59"),
        (datetime(1900, 3, 1), "61"),  # between them Excel has a day that never was
        (datetime(2451, 6, 2), "201403"),
        (datetime(2024, 5, 1), "2024-05-01"),
    ],
)
def test_a_number_typed_into_a_cell_for_months_is_told_as_it_was_typed(saved: datetime, typed: str) -> None:
    assert typed_text(saved, field("month")) == typed
