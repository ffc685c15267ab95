"""Words that stand in the place of an answer."""

import pytest

from xlplan.language.remarks import is_ditto, is_elsewhere, is_nothing, is_total

TOTALS = (
    *(
        "合計",
        "小計",
        "計",
        "総計",
        "累計",
        "合　計",
        "【合計】",
        "合計：",
        "合計（税込）",
        "小計①",
        "計3件",
        "合計額",
        "年度計",
        "総合計",
    ),
    *(
        "Total",
        "TOTAL:",
        "Sub-total",
        "Subtotal",
        "Grand total",
        "Totals",
        "Ｔｏｔａｌ",
        "Sum",
        "Total: 3",
        "トータル",
    ),
)
NOTHING = (
    *(
        "該当なし",
        "なし",
        "無し",
        "特になし",
        "特に無し",
        "特にありません",
        "該当ありません",
        "該当事項なし",
        "今年度はなし",
        "（なし）",
    ),
    *(
        "なし。",
        "無",
        "none",
        "None.",
        "N/A",
        "n.a.",
        "NA",
        "nil",
        "Nothing to report",
        "not applicable",
        "None to report",
    ),
    *("-", "－", "ー", "―", "—", "0件", "実績なし", "非該当"),
)
DITTOS = (
    *(
        "同上",
        "〃",
        "々",
        "同じ",
        "上に同じ",
        "前年度と同じ",
        "\u3003",
        "''",
        '"',
        "同左",
        "同前",
        "(同上)",
        "々々",
    ),
    *("ditto", "Ditto.", "same as above", "as above", "idem", "Same"),
)
ELSEWHERE = (
    *(
        "別紙のとおり",
        "別紙の通り",
        "別紙参照",
        "別添のとおり",
        "別紙１のとおり",
        "別添資料を参照",
        "詳細は別紙のとおり",
        "別表参照",
    ),
    *(
        "（別紙）",
        "添付資料参照",
        "See attached",
        "see attachment",
        "as attached",
        "Refer to the annex",
        "see separate sheet",
    ),
)
ANSWERS = (
    *(
        "会計",
        "会計システムの更新",
        "設計",
        "統計",
        "計画",
        "計画どおり",
        "合計額の見直し",
        "集計を自動化",
        "時計",
        "家計",
        "総務課",
    ),
    *("totally new", "Total redesign of the site", "sumo", "summary", "total quality management"),
    *(
        "支障なし",
        "問題なし",
        "遅れなし",
        "無償化",
        "無線LAN",
        "なしの栽培",
        "異常なし",
        "制限はない",
        "nilgai",
        "none of them came",
        "nationwide",
    ),
    *("同上の窓口", "同意書", "同市", "同じ窓口で受付", "佐々木", "same-day service", "dog"),
    *("別紙様式の見直し", "別紙のとおり契約した", "資料を作成した", "attached houses", "see the sea", ""),
    *("実施", "一", "12", "検討中", "あ", "○", "済"),
)


@pytest.mark.parametrize("word", TOTALS)
def test_a_total_is_known_by_its_word(word: str) -> None:
    assert is_total(word)
    assert not is_nothing(word)


@pytest.mark.parametrize("word", NOTHING)
def test_nothing_to_report_is_known_by_its_word(word: str) -> None:
    assert is_nothing(word)
    assert not is_total(word)


@pytest.mark.parametrize("word", DITTOS)
def test_the_same_as_elsewhere_is_known_by_its_word(word: str) -> None:
    assert is_ditto(word)


@pytest.mark.parametrize("word", ELSEWHERE)
def test_a_reference_to_another_paper_is_known_by_its_words(word: str) -> None:
    assert is_elsewhere(word)


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_is_none_of_them(answer: str) -> None:
    assert not is_total(answer)
    assert not is_nothing(answer)
    assert not is_ditto(answer)
    assert not is_elsewhere(answer)


@pytest.mark.parametrize("wave", ["~", "～", "〜", "~~"])
def test_a_wave_is_no_dash_that_says_there_is_nothing(wave: str) -> None:
    assert not is_nothing(wave)
    assert is_nothing("-")
