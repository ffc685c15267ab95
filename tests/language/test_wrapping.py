"""Lines of a terminal: broken at words, in Japanese by kinsoku, and nothing lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlplan.language.text import display_width
from xlplan.language.wrapping import line_breaks, wrapped


@pytest.mark.parametrize(
    ("words", "width", "lines"),
    [
        ("one two three", 8, ["one two", "  three"]),
        ("one two", 7, ["one two"]),
        ("  one two three", 9, ["  one two", "    three"]),
        ("回答を受理しました", 8, ["回答を受", "  理しま", "  した"]),
        ("回答です、次へ", 8, ["回答で", "  す、次", "  へ"]),  # no line begins with a comma
        (
            "回答は「未定」です",
            8,
            ["回答は", "  「未", "  定」で", "  す"],
        ),  # nor ends with an opening bracket
        ("次のサーバー", 10, ["次のサー", "  バー"]),  # nor begins with the sign of a long vowel
        ("様式 report.xlsx を", 14, ["様式", "  report.xlsx", "  を"]),
        ("x" * 10, 4, ["xxxx", "  xx", "  xx", "  xx"]),  # what no line takes is cut
        ("", 8, [""]),
    ],
)
def test_a_line_is_broken_where_people_would_break_it(words: str, width: int, lines: list[str]) -> None:
    assert wrapped(words, width) == lines


TEXTS = st.text(st.sampled_from("ab1 /.,　。、ー」「（）ッ回答施策"), max_size=60)


@given(TEXTS, st.integers(8, 40))
def test_nothing_but_spaces_is_lost_and_no_line_is_too_wide(words: str, width: int) -> None:
    found = wrapped(words, width)

    assert "".join("".join(found).split()) == "".join(words.split())
    assert all(display_width(line) <= width for line in found)


PHRASES = st.lists(
    st.sampled_from(["回答", "「未定」", "サーバー、", "です。", "（略）", "xlplan ", "きっと", "『表』や"])
).map("".join)


@given(PHRASES, st.integers(20, 40))
def test_no_line_begins_or_ends_with_what_may_not(words: str, width: int) -> None:
    for offset in line_breaks(words, width):
        assert words[offset] not in "。、ーっ」）』 "
        assert words[offset - 1] not in "「（『"
