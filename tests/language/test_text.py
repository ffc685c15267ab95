"""Text as people type it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlplan.language.text import (
    MAX_FILE_NAME,
    MAX_FILE_NAME_BYTES,
    could_be,
    display_width,
    fold,
    is_blank,
    look_alike,
    nearest,
    plain,
    safe_file_name,
    tidy,
    wrapped_lines,
)

ANY_TEXT = st.text(st.characters() | st.sampled_from("か\u3099゛ｶﾞ_x000D\r\n　 \xa0\u200b～〜°ß\ufe0f\ud800"))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ＩＣＴ活用", "ict活用"),
        ("一部　実 施", "一部実施"),
        ("実\u200b施\xa0\ufeff", "実施"),
        ("か\u3099くし\u3099ゅう", "がくじゅう"),
        ("か゛くじゅう", "がくじゅう"),
        ("ｼｽﾃﾑﾊﾞｯｸｱｯﾌﾟ", "システムバックアップ"),
        ("平成26～30年度", "平成26〜30年度"),
        ("H26∼H30", "H26~H30"),
        ("葛\U000e0100城", "葛城"),
        ("実施\r\n状況", "実施状況"),
    ],
)
def test_fold_forgets_how_a_label_was_typed(typed: str, meant: str) -> None:
    assert fold(typed) == fold(meant)


@pytest.mark.parametrize(
    ("one", "other"), [("○", "◎"), ("○", "〇"), ("はん", "ばん"), ("ハン", "はん"), ("A", "B")]
)
def test_fold_keeps_apart_what_is_spelt_differently(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(ANY_TEXT)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize("group", ["○◯〇⚪⭕ОΟoＯ", "×✕xΧХＸ", "△▵Δ", "▲🔺", "ー－−―-‐ｰ", "/／⁄∕"])
def test_signs_that_look_alike_have_one_key(group: str) -> None:
    assert {look_alike(sign) for sign in group} == {look_alike(group[0])}


@pytest.mark.parametrize(
    ("typed", "could", "could_not"),
    [
        ("●", "○ ◎ ● ◯ ⚪", "△ × ●●"),
        ("⦿", "○ ◎ ●", "△"),
        ("▲", "△ ▲ - −", "○ ▲/ /"),
        ("● ／ ▲", "○/△ ◎/△ ●/▲", "○/○ △/◎ ○"),
        ("実施●", "実施○ 実施◎", "実施 実施△"),
    ],
)
def test_a_doubtful_sign_could_be_any_that_it_is_taken_for(typed: str, could: str, could_not: str) -> None:
    assert {one: could_be(typed, one) for one in could.split()} == dict.fromkeys(could.split(), True)
    assert {one: could_be(typed, one) for one in could_not.split()} == dict.fromkeys(could_not.split(), False)


def test_signs_that_differ_to_the_eye_have_different_keys() -> None:
    assert len({look_alike(sign) for sign in "○◎×△▲●ー0"}) == 8


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("　 施策\u3000\xa0\n", "施策"),
        ("一\r\n二\r三", "一\n二\n三"),
        ("一_x000D_\n二_x000d_\n三", "一\n二\n三"),
        ("一_x000D_二", "一_x000D_二"),
        ("一\x07二\x0b\t三\x00", "一二\t三"),
        ("一\ud800二\uffff", "一二"),
        ("ＩＣＴ　①（～）", "ＩＣＴ　①（～）"),
        ("葛\U000e0100", "葛\U000e0100"),
        ("　", ""),
    ],
)
def test_tidy_keeps_text_as_typed_but_for_what_no_file_can_hold(typed: str, kept: str) -> None:
    assert tidy(typed) == kept


@given(ANY_TEXT)
def test_tidy_text_is_tidy_and_can_be_written(text: str) -> None:
    kept = tidy(text)
    assert tidy(kept) == kept
    assert kept.encode("utf-8").decode("utf-8") == kept


@pytest.mark.parametrize(
    "value", [None, "", " ", "　", "\n\r\t", "\x00\x1f", " 　\x07 ", "_x000D_\n", "\xa0", "\u200b", "\ufeff "]
)
def test_blank_to_the_sheet_is_blank_here(value: object) -> None:
    assert is_blank(value)


@pytest.mark.parametrize("value", ["\u2003", "\u2060", "-", "　a", 0, 0.0, False])
def test_not_blank_to_the_sheet_is_not_blank_here(value: object) -> None:
    """LibreOffice and Excel: CLEAN leaves a space of another width, and the formula asks for the common ones only."""
    assert not is_blank(value)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("１，２３４．５", "1,234.5"),
        (" △ 5 ", "△5"),
        ("平成 26 年 5 月", "平成26年5月"),
        ("2014年５⽉", "2014年5月"),
        ("㍻26", "平成26"),
        ("1 234", "1 234"),
        ("1　234", "1 234"),
        ("1  234", "1 234"),
        ("10²", "10²"),
        ("⑴", "⑴"),
    ],
)
def test_plain_makes_numbers_and_dates_half_width_and_never_makes_up_digits(typed: str, read: str) -> None:
    assert plain(typed) == read


@pytest.mark.parametrize(
    ("text", "width"),
    [("", 0), ("ICT", 3), ("情報", 4), ("ｶﾞ", 2), ("①○×", 6), ("か\u3099", 2), ("A\u200bB", 2), ("Ａ　", 4)],
)
def test_display_width_counts_full_width_twice(text: str, width: int) -> None:
    assert display_width(text) == width


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 10, 1),
        ("情報化計画", 10, 1),
        ("情報化計画の", 10, 2),
        ("情報\n\n計画", 10, 3),
        ("情報化計画", 9, 2),
        ("plan of the city", 8, 2),
        ("a information", 11, 2),
        ("https://example.jp/plan", 10, 3),
        ("情報", 1, 2),
    ],
)
def test_wrapped_lines_as_a_column_breaks_them(text: str, width: float, lines: int) -> None:
    assert wrapped_lines(text, width) == lines


@given(st.text("情報ICT。、ー", min_size=1), st.integers(2, 40))
def test_wrapped_lines_are_never_too_few_to_hold_the_text(text: str, width: int) -> None:
    assert wrapped_lines(text, width) * width >= display_width(text)


CHOICES = ["実施", "一部実施", "検討", "拡充", "中止", "planned", "○", "◎"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("検討中", "検討"),
        ("一部　実施済", "一部実施"),
        ("planed", "planned"),
        ("ＰＬＡＮＮＥＤ", "planned"),
        ("令和元年度をもって中止しました", "中止"),
    ],
)
def test_a_near_miss_is_suggested(typed: str, meant: str) -> None:
    assert nearest(typed, CHOICES) == meant


@pytest.mark.parametrize("typed", ["", "未定", "●", "不明", "12", "x"])
def test_nothing_silly_is_suggested(typed: str) -> None:
    assert nearest(typed, CHOICES) == ""
    assert nearest(typed, []) == ""


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("01_情報政策課.xlsx", "01_情報政策課.xlsx"),
        ('a<b>c:d"e/f\\g|h?i*j', "a_b_c_d_e_f_g_h_i_j"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("con", "_con"),
        ("CON .txt", "_CON .txt"),
        ("com1.xlsx", "_com1.xlsx"),
        ("COM²", "_COM²"),
        ("console.xlsx", "console.xlsx"),
        ("総務課. .", "総務課"),
        ("~$総務課.xlsx", "_総務課.xlsx"),
        ("総務課\u202exslx.exe", "総務課xslx.exe"),
        ("総務課\n　情報係", "総務課 情報係"),
        ("か\u3099", "が"),
        ("", "_"),
        ("...", "_"),
    ],
)
def test_safe_file_name_on_windows(name: str, safe: str) -> None:
    assert safe_file_name(name) == safe


@given(ANY_TEXT | st.text("課a .", min_size=60) | st.text("CON.x ", max_size=8))
def test_a_safe_file_name_is_safe_short_and_never_empty(name: str) -> None:
    safe = safe_file_name(name)
    assert 0 < len(safe) <= MAX_FILE_NAME
    assert len(safe.encode("utf-8")) <= MAX_FILE_NAME_BYTES
    assert not set(safe) & set('<>:"/\\|?*\n\r\t\0')
    assert safe[-1] not in " ."
    assert safe.split(".")[0].strip().upper() not in {"CON", "NUL", "AUX", "PRN"}
    assert safe_file_name(safe) == safe


def test_a_long_file_name_keeps_its_ending() -> None:
    assert re.fullmatch("情{62}~[0-9a-f]{8}.xlsx", safe_file_name("情" * 300 + ".xlsx"))
    assert re.fullmatch("a{86}~[0-9a-f]{8}.xlsx", safe_file_name("a" * 300 + ".xlsx"))


def test_a_long_file_name_keeps_its_tail_and_stays_apart_from_others() -> None:
    names = {
        safe_file_name("課" * 90 + end, f"_差戻し{attempt}.xlsx") for end in "甲乙" for attempt in (1, 2)
    }
    assert len(names) == 4
    assert {name[-10:] for name in names} == {"_差戻し1.xlsx", "_差戻し2.xlsx"}
