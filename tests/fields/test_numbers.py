"""Numbers as people type them: with units up and down the scale, in kanji; and what is no number, refused with why."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from returns import TABLES, Desk, changed, judged, plan_of, submission, with_units

from xlplan.fields.cells import Converted
from xlplan.fields.reading import convert
from xlplan.form.layout.entry import HEADER_ROW
from xlplan.form.read.intake import take_in
from xlplan.language.messages import LANGUAGES
from xlplan.language.numerals import amount, in_digits
from xlplan.language.text import tidy
from xlplan.model.finding import Finding
from xlplan.model.form import Field, FieldType

FULL_WIDTH = str.maketrans("0123456789,.-()%/", "０１２３４５６７８９，．－（）％／")
DAIJI = str.maketrans("一二三十百千万", "壱弐参拾佰阡萬")
SCALES = {"": 1, "千": 10**3, "万": 10**4, "百万": 10**6, "千万": 10**7, "億": 10**8, "十億": 10**9}
COUNTED = ("円", "件", "台", "人", "回", "か所", "時間", "％", "km")


def field(unit: str = "", type_: str = "whole") -> Field:
    return Field("f", "form", "項目", FieldType(type_), unit=unit)


# --- numbers, written --------------------------------------------------------------------------------


def by_place(number: int) -> str:
    """A number from 1 to 9,999 in kanji: 三千五百, 十二."""
    written = ""
    for place, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, place)
        written += ("" if digit < 2 and sign else "一二三四五六七八九"[digit - 1]) + sign if digit else ""
    return written


def in_kanji(number: int) -> str:
    """三億二千万百二."""
    written = ""
    for place, sign in ((10**12, "兆"), (10**8, "億"), (10**4, "万"), (1, "")):
        part, number = divmod(number, place)
        written += by_place(part) + sign if part else ""
    return written


def mixed(number: int, *, grouped: bool) -> str:
    """3億2,000万102."""
    written = ""
    for place, sign in ((10**12, "兆"), (10**8, "億"), (10**4, "万"), (1, "")):
        part, number = divmod(number, place)
        written += (f"{part:,}" if grouped else str(part)) + sign if part else ""
    return written


def digit_by_digit(number: int) -> str:
    """二〇二五."""
    return "".join("〇一二三四五六七八九"[int(one)] for one in str(number))


def ways(number: int) -> list[str]:
    """A positive number in every manner, digits and kanji."""
    found = [str(number), f"{number:,}", in_kanji(number), mixed(number, grouped=False)]
    found += [mixed(number, grouped=True), in_kanji(number).translate(DAIJI), digit_by_digit(number)]
    found += [digit_by_digit(number).replace("〇", "○")]
    doubtful = ("一二", "二三", "三四", "四五", "五六", "六七", "七八", "八九")
    return [one for one in found if one not in doubtful and not cut_short(one)]


def cut_short(written: str) -> bool:
    """1億2千 may be meant as 120,000,000."""
    rest = written.replace("兆", "億").rpartition("億")[2]
    return rest != written and "万" not in rest and rest[-1:] in ("千", "百", "十", "阡", "佰", "拾")


numbers = st.integers(1, 10**13) | st.integers(1, 9999) | st.integers(1, 999).map(lambda n: n * 10**6)


@given(numbers)
def test_a_number_in_any_manner_is_that_number(number: int) -> None:
    assert {way: amount(way) for way in ways(number)} == dict.fromkeys(ways(number), Decimal(number))


@given(st.integers(1, 99999), st.integers(0, 3), st.sampled_from(["千", "万", "百万", "億"]))
def test_a_fraction_of_a_scale_is_exact(digits: int, places: int, scale: str) -> None:
    written = f"{Decimal(digits).scaleb(-places):f}"
    assert amount(written + scale) == Decimal(digits).scaleb(-places) * SCALES[scale]


@given(numbers, st.sampled_from(["", "-", "−", "△", "▲"]), st.booleans(), st.sampled_from(COUNTED), st.data())
def test_a_number_typed_in_its_unit_is_that_number(
    number: int, sign: str, wide: bool, unit: str, data: st.DataObject
) -> None:
    way = data.draw(st.sampled_from(ways(number)))
    space = data.draw(st.sampled_from(["", " ", "　", "\u200b"]))
    typed = sign + way + space + unit
    expected = -number if sign else number
    assert convert(typed.translate(FULL_WIDTH) if wide else typed, field(unit)) == Converted(
        expected, changed=True
    )


@given(
    st.integers(1, 10**5),
    st.sampled_from(list(SCALES)),
    st.sampled_from(list(SCALES)),
    st.sampled_from(["円", "件", "人"]),
    st.sampled_from(["whole", "number"]),
)
def test_a_number_is_converted_up_and_down_the_scale_where_it_comes_out_and_else_refused(
    number: int, typed_in: str, asked_in: str, of: str, type_: str
) -> None:
    """Exactly: where a whole number is asked, nothing is rounded."""
    typed = f"{number:,}{typed_in}{of}"
    value = Decimal(number) * SCALES[typed_in] / SCALES[asked_in]
    found = convert(typed, field(asked_in + of, type_))
    if value == int(value):
        assert found == Converted(int(value), changed=True)
    elif type_ == "number":
        assert found == Converted(float(value), changed=True)
    else:
        assert found == Converted(typed, "amount_inexact", suggestion=f"{value.normalize():f}")


TYPED = st.lists(
    st.sampled_from(
        [*"0123456789０５,，.．-−△()円件%人台三十百千万億〇○廿壱約〜～、 田数強", "くらい", "か所", "million"]
    ),
    max_size=9,
).map("".join)


@given(
    TYPED | st.text(),
    st.sampled_from(["", "千円", "円", "件", "％", "か所"]),
    st.sampled_from(["whole", "number"]),
)
def test_converting_again_changes_nothing_and_a_refused_text_keeps_its_text(
    typed: str, unit: str, type_: str
) -> None:
    of = field(unit, type_)
    once = convert(typed, of)
    again = convert(once.value, of)
    assert (again.value, again.fault, again.changed) == (once.value, once.fault, False)
    if once.fault:
        assert (once.value, once.changed) == (tidy(typed), False)
    elif once.value is not None:
        assert isinstance(once.value, int | float)
        assert not isinstance(once.value, bool)


@given(st.text("三田部署課町目十和田未定有無〇○◯①②㈱々上下", max_size=6))
def test_words_that_hold_numerals_never_become_a_number(typed: str) -> None:
    """Only what is nothing but a numeral is one: 三田 is no 3, 〇 a mark and no 0."""
    found = convert(typed, field("件"))
    if found.value is not None and not found.fault:
        assert set(typed) <= set("三十〇○◯")
        assert set(typed) & set("三十")


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        *(("三十二", 32), ("百二十", 120), ("廿", 20), ("廿五", 25), ("壱弐参", 123), ("金", None)),
        *(("二〇二五", 2025), ("1億2千万", 120_000_000), ("十万", 100_000), ("2千5百", 2500)),
        *(("2千500", 2500), ("1,200万", 12_000_000), ("25百万", 25_000_000), ("1.5億", 150_000_000)),
        *(("△三十二", -32), ("（三十二）", -32), ("零", 0), ("1.2 million", 1_200_000)),
        *(("三田", None), ("十十", None), ("万", None), ("千万億", None), ("十二三", None), ("二三", None)),
        *(("〇", None), ("○", None), ("〇〇", None), ("1億2千", None), ("1億12000万", None), ("百百", None)),
        *(
            ("1.5億200万", None),
            ("三.五", None),
            ("2千5000", None),
            ("3百500", None),
            ("二十10", None),
            ("㊂", None),
            ("三②", None),
        ),
    ],
)
def test_kanji_numerals_are_read_and_what_is_none_is_not(typed: str, value: int | None) -> None:
    found = convert(typed, field())
    assert found == (Converted(typed, "type_whole") if value is None else Converted(value, changed=True))


@pytest.mark.parametrize(
    ("typed", "unit", "value"),
    [
        *(("1,200千円", "千円", 1200), ("120万円", "千円", 1200), ("1億2千万円", "百万円", 120)),
        *(("¥1,200,000", "千円", 1200), ("￥1200000", "千円", 1200), ("(1,200千円)", "千円", -1200)),
        *(
            ("（1,200）千円", "千円", -1200),
            ("三千二百円", "円", 3200),
            ("12 千\n円", "千円", 12),
            ("1\u200b2千円", "千円", 12),
        ),
        *(
            ("45%", "％", 45),
            ("４５％", "%", 45),
            ("45パーセント", "％", 45),
            ("45㌫", "％", 45),
            ("45ﾊﾟｰｾﾝﾄ", "％", 45),
        ),
        *(("3ヶ所", "か所", 3), ("3ヵ所", "箇所", 3), ("３カ所", "か所", 3), ("3KM", "km", 3)),
        *(
            ("1,200 thousand yen", "千円", 1200),
            ("1.2 million yen", "thousand yen", 1200),
            ("5千人", "人", 5000),
        ),
    ],
)
def test_units_are_read_in_whatever_spelling(typed: str, unit: str, value: int) -> None:
    assert convert(typed, field(unit)) == Converted(value, changed=True)


@pytest.mark.parametrize(
    ("typed", "unit", "reason", "near"),
    [
        *(("12件", "円", "unit", "件"), ("45%", "千円", "unit", "%"), ("12名", "人", "unit", "名")),
        *(("1,200円", "千円", "inexact", "1.2"), ("三十二円", "千円", "inexact", "0.032")),
        *(
            ("1,200千", "千円", "scale", "1200 / 1200000"),
            ("三千", "千円", "scale", "3 / 3000"),
            ("3ほと\u3099", "件", "estimate", ""),
        ),
        *(("120万", "百万円", "scale", "1200000"),),
        *(("10～20", "", "range", ""), ("10-20", "件", "range", ""), ("10〜20人", "人", "range", "")),
        *(("3、4件", "件", "range", ""), ("3、4、5件", "件", "range", ""), ("1、2、3", "", "range", "")),
        *(("百から二百", "件", "range", ""), ("約10～20", "件", "range", "")),
        *(("約3", "", "estimate", ""), ("3くらい", "件", "estimate", ""), ("数十件", "件", "estimate", "")),
        *(
            ("30人弱", "人", "estimate", ""),
            ("10件以上", "件", "estimate", ""),
            ("約120万円", "千円", "estimate", ""),
        ),
    ],
)
def test_what_is_refused_says_why(typed: str, unit: str, reason: str, near: str) -> None:
    assert convert(typed, field(unit)) == Converted(typed, f"amount_{reason}", suggestion=near)


@pytest.mark.parametrize(
    ("typed", "unit", "near"),
    [
        ("1.5", "", "2"),
        ("1.5", "件", "2"),
        ("(1.5)", "件", "-2"),
        ("▲1.4", "件", "-1"),
        ("1.00005万", "", "10,001"),
    ],
)
def test_decimals_where_none_can_stand_are_refused_with_the_rounded_number(
    typed: str, unit: str, near: str
) -> None:
    assert convert(typed, field(unit)) == Converted(typed, "type_whole_decimal", suggestion=near)


@pytest.mark.parametrize(
    "typed",
    [
        "5円",
        "12件",
        "80%",
        "3千円",
        "12円50銭",
        "2024年度の予算額より",
        "1234567890123456円",
        "3、未定",
        "5-東京",
    ],
)
def test_a_unit_where_none_is_asked_and_a_remark_are_only_no_number(typed: str) -> None:
    assert convert(typed, field()) == Converted(typed, "type_whole")


@pytest.mark.parametrize("typed", ["千円", "百万円", "千", "¥千", "円"])
def test_a_unit_that_was_left_without_its_number_is_none(typed: str) -> None:
    assert convert(typed, field("千円")) == Converted(typed, "type_whole")
    assert convert("千円", field("円")) == Converted(1000, changed=True)


def test_zeros_behind_the_point_count_as_digits_up_to_twenty() -> None:
    assert convert("1." + "0" * 19 + "件", field("件")) == Converted(1, changed=True)
    assert convert("1." + "0" * 20 + "件", field("件")).fault == "type_whole"


def test_a_bare_number_is_in_the_unit_of_its_field() -> None:
    assert convert("1,200", field("千円")) == Converted(1200, changed=True)
    assert convert("百二十", field("千円")) == Converted(120, changed=True)
    assert convert(1200.0, field("千円")) == Converted(1200)
    assert convert(0.45, field("％", "number")) == Converted(0.45)


def test_long_texts_are_no_numbers_and_cost_no_time() -> None:
    for typed in ("1" * 32_000, "約" * 32_000, "一" * 30_000 + "円", "1、" * 16_000):
        assert convert(typed, field("円")).fault == "type_whole"


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("令和六年五月一日", "令和6年5月1日"),
        ("二〇二四年十二月", "2024年12月"),
        ("平成三十一年度", "平成31年度"),
        ("三田", "3田"),
    ],
)
def test_the_numerals_of_a_date_become_digits(typed: str, digits: str) -> None:
    assert in_digits(typed) == digits


# --- units of a plan ---------------------------------------------------------------------------------


UNITS = {"cost": "千円", "places": "か所", "budget": "千円"}


def findings_of(cells: dict[str, object]) -> list[Finding]:
    plan = plan_of(with_units(TABLES, UNITS))
    typed = {("A-1", name): value for name, value in cells.items()}
    [found] = judged(plan, submission(plan, "D1", typed))
    return [one for one in found.findings if one.field in cells]


def test_a_reading_is_told_with_what_stood_there_and_the_unit() -> None:
    [told] = findings_of({"places": "三ヶ所"})
    assert told.code == "read_as"
    assert told.message("ja") == "箇所数（か所）の「三ヶ所」を「3」と読み替えました"


@pytest.mark.parametrize(
    ("typed", "message", "remedy"),
    [
        (
            "12件",
            "箇所数（か所）の「12件」は単位が違います（件ではなくか所）",
            "か所で数え直し、数字だけを入力してください",
        ),
        ("1.5か所", "箇所数（か所）の「1.5か所」はか所の整数になりません", "1.5"),
        ("約3", "箇所数（か所）の「約3」はおよその数です", "確かな数だけ"),
        ("3～5", "箇所数（か所）の「3～5」は一つの数ではありません", "一つの数だけ"),
        ("未定", "箇所数（か所）は整数で入力してください（小数は使えません）", "数字だけ"),
    ],
)
def test_a_refusal_says_what_is_wrong_and_what_to_type(typed: str, message: str, remedy: str) -> None:
    [told] = findings_of({"places": typed})
    assert (told.message("ja"), told.value) == (message, typed)
    assert remedy in told.remedy("ja")
    assert all(told.message(one) and told.remedy(one) for one in LANGUAGES)


def test_a_heading_says_its_unit_once() -> None:
    assert field("千円").heading == "項目（千円）"
    assert replace(field("千円"), label="決算額(千円)").heading == "決算額(千円)"
    assert replace(field("km"), label="Length").heading == "Length (km)"
    assert field().heading == "項目"


def test_with_units_only_the_headings_of_those_fields_differ() -> None:
    plain, told = plan_of(TABLES), plan_of(with_units(TABLES, UNITS))
    labels = {
        (one.label, other.heading)
        for old, new in zip(plain.forms, told.forms, strict=True)
        for one, other in zip(old.fields, new.fields, strict=True)
        if one.heading != other.heading
    }
    assert labels == {
        ("箇所数", "箇所数（か所）"),
        ("決算額", "決算額（千円）"),
        ("予算額", "予算額（千円）"),
    }


def test_records_may_be_written_with_their_unit() -> None:
    tables = changed(
        with_units(TABLES, UNITS),
        "records",
        "money | R6 | A-1 | | | | 1000",
        "money | R6 | A-1 | | | | 1億円",
    )
    [record] = [one for one in plan_of(tables).records if one.form == "money" and one.item == "A-1"]
    assert record.values["budget"] == 100_000


@pytest.mark.parametrize(
    "heading", ["決算額", "決算額（＊）", "決算額（千円）", "決算額 (千円)(*)", "決算額（千円）\n（＊）"]
)
def test_a_column_is_found_with_and_without_its_unit(tmp_path: Path, heading: str) -> None:
    """Also in a workbook that was issued before the field had a unit."""
    plan = plan_of(with_units(TABLES, UNITS))
    desk = Desk(plan, "D1").fill("money").fill("report").put("A-1", "cost", "120万円", "money")
    layout = desk.layouts["money"]
    place = layout.field_column(layout.form.by_id["cost"])
    assert desk.sheet("money").cell(HEADER_ROW, place.index).value == "決算額（千円）（＊）"
    desk.sheet("money").cell(HEADER_ROW, place.index).value = heading
    (tmp_path / "回答.xlsx").write_bytes(desk.saved())
    [incoming] = take_in([tmp_path / "回答.xlsx"], plan)
    assert incoming.submission is not None
    [found] = judged(plan, incoming.submission)
    told = {one.message("ja") for one in found.findings if one.form == "money" and one.item == "A-1"}
    assert told == {"決算額（千円）の「120万円」を「1200」と読み替えました", "予算を超えています。"}


def test_the_cell_says_its_unit_before_anything_is_typed() -> None:
    plan = plan_of(with_units(TABLES, {"cost": "千円", "rate": "％"}))
    book = Desk(plan, "D1").book
    prompts = {
        one.promptTitle: one.prompt
        for title in ("経費", "進捗報告")
        for one in book[title].data_validations.dataValidation
    }
    assert prompts["決算額（千円）"] == "単位は千円です。単位を付けず、数字だけを入力してください"
    assert prompts["割合（％）"] == "％を付けず、数字だけを入力してください。45％なら 45 です"


@pytest.mark.parametrize(
    ("typed", "warned"), [(0.45, True), (1.0, True), (-0.5, True), (0.0, False), (1.5, False), (45.0, False)]
)
def test_a_percentage_that_may_have_been_typed_with_its_sign_is_doubted(typed: float, warned: bool) -> None:
    """45% typed into a cell is 0.45 to every reader: no figure may be a hundred times too small unsaid."""
    plan = plan_of(with_units(TABLES, {"rate": "％"}))
    [found] = judged(plan, submission(plan, "D1", {("A-1", "rate"): typed}))

    assert ("small_share" in [one.code for one in found.findings if one.item == "A-1"]) is warned
