"""The kit `asahikawa` against the published table: names, statuses and figures."""

import csv
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest

KIT = Path(__file__).parents[2] / "templates" / "asahikawa"
PERIODS = ("H24", "H25", "H26")
RANK = {"検討": 1, "一部実施": 2, "実施": 3, "運用": 4, "拡充": 5}

# The statuses as published: item, planned in H24, H25, H26 / actual in H24, H25, H26.
PUBLISHED = """
A-01 拡充 拡充 拡充 / 拡充 拡充 拡充
A-02 拡充 拡充 拡充 / 拡充 拡充 拡充
A-03 検討 一部実施 実施 / 検討 検討 検討
A-04 拡充 拡充 拡充 / 検討 検討 実施
A-05 一部実施 一部実施 実施 / 一部実施 一部実施 一部実施
A-06 検討 一部実施 実施 / 検討 検討 検討
A-07 拡充 拡充 拡充 / 拡充 拡充 拡充
A-08 検討 実施 運用 / 検討 検討 検討
A-09 検討 実施 拡充 / 実施 実施 運用
A-10 実施 運用 運用 / 検討 運用 運用
A-11 一部実施 実施 運用 / 一部実施 実施 運用
A-12 検討 検討 検討 / 一部実施 一部実施 一部実施
A-13 実施 運用 運用 / 実施 運用 運用
A-14 実施 運用 運用 / 実施 運用 運用
A-15 検討 検討 実施 / 検討 検討 実施
A-16 検討 検討 一部実施 / 検討 検討 検討
A-17 検討 実施 実施 / 検討 検討 検討
A-18 検討 実施 実施 / 検討 検討 実施
A-19 実施 実施 実施 / 検討 検討 実施
A-20 検討 一部実施 拡充 / 検討 一部実施 一部実施
A-21 検討 一部実施 拡充 / 検討 検討 検討
A-22 検討 検討 一部実施 / 検討 検討 検討
A-23 拡充 拡充 拡充 / 検討 拡充 拡充
A-24 実施 実施 実施 / 実施 実施 実施
A-25 実施 実施 実施 / 実施 実施 実施
A-26 実施 実施 実施 / 一部実施 検討 検討
A-27 検討 一部実施 一部実施 / 検討 検討 一部実施
A-28 一部実施 拡充 拡充 / 一部実施 拡充 拡充
A-29 実施 実施 実施 / 実施 実施 実施
A-30 実施 実施 実施 / 実施 実施 実施
"""


def statuses() -> dict[str, tuple[list[str], list[str]]]:
    """The published statuses by item: the three planned ones and the three actual ones."""
    table = {}
    for line in PUBLISHED.strip().splitlines():
        planned, actual = line.split("/")
        item, *planned_words = planned.split()
        table[item] = (planned_words, actual.split())
    return table


def rows(table: str) -> list[dict[str, str]]:
    """The rows of one table of the kit."""
    with (KIT / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def late_items() -> set[str]:
    """The items whose actual status in H26 ranks below the planned one, from the published statuses alone."""
    return {item for item, (planned, actual) in statuses().items() if RANK[actual[2]] < RANK[planned[2]]}


def sentences(item: str) -> list[str]:
    """Every sentence of one item: its summary and what was done in each of the three years."""
    return [
        *(row["summary"] for row in rows("items") if row["id"] == item),
        *(row["done"] for row in rows("records") if row["item"] == item and row["period"] != "H26"),
        *(row["done"] for row in rows("answers/records") if row["item"] == item),
    ]


def test_every_table_is_utf8_without_bom_with_lf_and_full_rows() -> None:
    for path in sorted(KIT.glob("*.csv")):
        data = path.read_bytes()
        assert not data.startswith(b"\xef\xbb\xbf"), path.name
        assert b"\r" not in data, path.name
        header, *body = csv.reader(data.decode("utf-8").splitlines(), strict=True)
        assert body, path.name
        assert {len(header)} == {len(row) for row in body}, path.name


def test_plan_has_thirty_items_under_four_goals_in_published_order() -> None:
    items = rows("items")
    assert [f"A-{n:02d}" for n in range(1, 31)] == [row["id"] for row in items]
    assert list(Counter(row["goal"] for row in items).items()) == [
        ("目標1 市民サービスの質の向上", 7),
        ("目標2 コミュニケーションと安心・安全サポート", 8),
        ("目標3 市役所業務のスリム化", 8),
        ("目標4 ICT利活用によるサービスの多様化", 7),
    ]
    assert len({row["group"] for row in items}) == 13
    assert len({row["title"] for row in items}) == 30


def test_names_carry_no_blank_from_a_line_break() -> None:
    assert [
        row["id"] for row in rows("items") if any(sign.isspace() for sign in row["group"] + row["title"])
    ] == []


def test_all_ninety_pairs_of_statuses_are_as_published() -> None:
    answered = {row["item"]: row["actual"] for row in rows("answers/records")}
    found = {
        (row["item"], row["period"]): (
            row["planned"],
            answered[row["item"]] if row["period"] == "H26" else row["actual"],
        )
        for row in rows("records")
    }
    published = {
        (item, period): pair
        for item, (planned, actual) in statuses().items()
        for period, pair in zip(PERIODS, zip(planned, actual, strict=True), strict=True)
    }
    assert 90 == len(published) == len(rows("records"))
    assert published == found


def test_status_list_ranks_the_words_in_the_order_that_the_statistics_need() -> None:
    assert {row["value"]: int(row["rank"]) for row in rows("choices") if row["list"] == "status"} == RANK


def test_no_spelling_is_taken_as_two_choices_of_a_list() -> None:
    spellings = Counter(
        (row["list"], word)
        for row in rows("choices")
        for word in [row["value"], *filter(None, row["aliases"].split("|"))]
    )
    assert [spelling for spelling, times in spellings.items() if times > 1] == []


def test_eighteen_items_are_on_plan_in_h26_by_their_statuses_alone() -> None:
    assert len(statuses()) - len(late_items()) == 18


def test_reasons_stand_on_the_twelve_late_items_only_in_the_published_numbers() -> None:
    reasons = {row["item"]: row["reason"] for row in rows("answers/records") if row["reason"]}
    assert late_items() == set(reasons)
    assert Counter(reasons.values()) == {"遅れているが進んでいる": 7, "現状費用対効果が低い": 4, "その他": 1}


def test_reason_other_is_explained_in_a_note() -> None:
    assert [
        row["item"] for row in rows("answers/records") if row["reason"] == "その他" and not row["note"]
    ] == []


def test_published_figures_follow_from_the_answers() -> None:
    judged = Counter(row["reason"] or "計画通り" for row in rows("answers/records"))
    expected = {("items", ""): str(judged.total())}
    for word, count in judged.items():
        expected["by_judgement", word] = str(count)
        expected["share_judgement", word] = f"{count / judged.total():.0%}"
    assert expected == {(row["measure"], row["group"]): row["value"] for row in rows("published")}
    assert {"H26"} == {row["period"] for row in rows("published")}


def test_every_department_has_an_item_and_every_item_a_department() -> None:
    assert {row["id"] for row in rows("departments")} == {row["department"] for row in rows("items")}


def test_records_of_h26_carry_the_planned_status_and_no_answer() -> None:
    open_round = [row for row in rows("records") if row["period"] == "H26"]
    assert len(open_round) == 30
    assert [row["item"] for row in open_round if not row["planned"]] == []
    assert {("", "", "", "")} == {
        (row["actual"], row["done"], row["reason"], row["note"]) for row in open_round
    }


def test_records_have_no_reason_because_none_was_published() -> None:
    assert {("", "")} == {(row["reason"], row["note"]) for row in rows("records")}


def test_answers_hold_each_item_once_for_h26() -> None:
    assert [("progress", "H26", row["id"]) for row in rows("items")] == [
        (row["form"], row["period"], row["item"]) for row in rows("answers/records")
    ]


@pytest.mark.parametrize("table", sorted(path.stem for path in KIT.glob("*.csv")))
def test_no_text_is_longer_than_the_form_allows(table: str) -> None:
    assert [text for row in rows(table) for text in row.values() if len(text) > 400] == []


def test_notes_and_messages_are_short_enough_for_their_cells() -> None:
    assert [row["note"] for row in rows("answers/records") if len(row["note"]) > 200] == []
    assert [row["message"] for row in rows("rules") if not 0 < len(row["message"]) <= 60] == []


@pytest.mark.parametrize("item", sorted(statuses()))
def test_no_two_sentences_of_an_item_are_equal(item: str) -> None:
    texts = sentences(item)
    assert len(list(filter(None, texts))) == 4
    assert [one for one, other in combinations(texts, 2) if one == other] == []
