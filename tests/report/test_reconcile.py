"""Published figures against the summary's own: at the precision in print, and never silently."""

from dataclasses import replace
from decimal import Decimal

import pytest
from figured import compared, summary_workbook
from summaries import asahikawa, asahikawa_round, opened, sample_round

from xlplan.model.plan import Plan
from xlplan.model.view import Published
from xlplan.report.reconcile.comparison import Comparison, compare_published, rounded_to
from xlplan.report.rows import Consolidation
from xlplan.report.working import Figures


@pytest.fixture(scope="module")
def summary() -> bytes:
    """The kit's summary."""
    return summary_workbook(asahikawa_round())


def printed(text: str, value: float, decimals: int) -> Published:
    """The share of 計画通り in print, which is 60%."""
    return Published("statistics", "share_judgement", "計画通り", "H26", text, value, decimals, 2)


def with_published(*figures: Published) -> Plan:
    """The kit with other figures in print."""
    return replace(asahikawa(), published=figures)


def test_every_figure_that_the_city_printed_agrees() -> None:
    found = compared(asahikawa_round())

    assert [(one.measure, one.group, one.printed, one.shown) for one in found] == [
        ("items", "", "30", "30"),
        ("by_judgement", "計画通り", "18", "18"),
        ("by_judgement", "遅れているが進んでいる", "7", "7"),
        ("by_judgement", "現状費用対効果が低い", "4", "4"),
        ("by_judgement", "その他", "1", "1"),
        ("share_judgement", "計画通り", "60%", "60%"),
        ("share_judgement", "遅れているが進んでいる", "23%", "23%"),
        ("share_judgement", "現状費用対効果が低い", "13%", "13%"),
        ("share_judgement", "その他", "3%", "3%"),
    ]
    assert all(one.agrees for one in found)
    assert found[6].computed == pytest.approx(7 / 30)


def test_a_comparison_names_the_cell_where_the_figure_stands(summary: bytes) -> None:
    found = compared(asahikawa_round())[1]
    sheet, _, address = found.cell.partition("!")

    assert found == Comparison(
        "statistics", "by_judgement", "件数", "計画通り", "H26", "18", 18.0, "18", True, found.cell
    )
    assert opened(summary, values=True)[sheet][address].value == 18


def test_a_figure_printed_otherwise_does_not_agree() -> None:
    plan = with_published(printed("61%", 0.61, 2), printed("60.1%", 0.601, 3), printed("60.0%", 0.6, 3))

    found = compared(asahikawa_round(), plan)

    assert [(one.agrees, one.shown) for one in found] == [(False, "60%"), (False, "60.0%"), (True, "60.0%")]


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (7 / 30, 2, "0.23"),
        (0.145, 2, "0.15"),
        (2.5, 0, "3"),
        (-2.5, 0, "-3"),
        (1 / 3, 3, "0.333"),
        (1e6, 0, "1000000"),
        (4_250_000, -5, "4300000"),
        (4_249_999, -5, "4200000"),
    ],
)
def test_rounding_takes_halves_away_from_zero_as_excel_does(
    value: float, decimals: int, expected: str
) -> None:
    assert rounded_to(value, decimals) == Decimal(expected)


def test_a_figure_in_print_that_is_rounded_to_thousands_agrees_with_what_rounds_to_it() -> None:
    """£4.3m says nothing of the digits behind it; 30 items round to 0.0k and not to 1k."""
    figures = (
        Published("statistics", "items", "", "H26", text, value, -3, 2)
        for text, value in (("£0k", 0), ("£1k", 1000))
    )

    found = compared(asahikawa_round(), with_published(*figures))

    assert [(one.agrees, one.shown) for one in found] == [(True, "0"), (False, "0")]


@pytest.mark.parametrize(
    ("measure", "group"),
    [("share_judgement", "廃止"), ("share_judgement", ""), ("items", "計画通り")],
    ids=["unknown group", "no group", "a group too many"],
)
def test_a_group_that_the_summary_does_not_have_is_reported(measure: str, group: str) -> None:
    figure = replace(printed("1", 1.0, 0), measure=measure, group=group)

    (found,) = compared(asahikawa_round(), with_published(figure))

    assert (found.agrees, found.computed, found.shown, found.cell) == (False, None, "", "")


def early_round() -> Consolidation:
    """The round of a period before the last."""
    made = replace(asahikawa_round(), period=asahikawa().periods[1])
    return replace(made, rows=tuple(one for one in made.rows if one.period.id != "H26"))


def test_18_published_figures_of_later_periods_are_no_mismatches_but_counted() -> None:
    of_round = replace(printed("1", 1.0, 0), measure="items", group="", period="")
    of_group = replace(of_round, period="H26", group="")
    plan = with_published(printed("60%", 0.6, 2), of_round, of_group)

    found = compare_published(Figures(replace(early_round(), plan=plan)))

    assert [one.period for one in found.comparisons] == [asahikawa().periods[1].id]
    assert found.later == 2
    assert compare_published(Figures(replace(asahikawa_round(), plan=plan))).later == 0


def test_18_a_group_that_is_a_later_period_is_of_that_period() -> None:
    """In a measure by period the group names it, by id or by label."""
    views = tuple(
        replace(view, measures=tuple(replace(one, by="period") for one in view.measures if one.id == "items"))
        for view in asahikawa().views
    )
    figure = replace(printed("1", 1.0, 0), measure="items", period="")
    last = asahikawa().periods[-1]
    figures = tuple(replace(figure, group=words) for words in (last.id, last.label, "H24"))
    plan = replace(with_published(*figures), views=views)

    found = compare_published(Figures(replace(early_round(), plan=plan)))

    assert (found.later, len(found.comparisons)) == (2, 1)


def test_18_a_period_before_the_round_that_the_summary_does_not_have_is_reported() -> None:
    made = asahikawa_round()
    gone = replace(made, rows=tuple(one for one in made.rows if one.period.id == "H26"))
    figure = replace(printed("60%", 0.6, 2), period="H99")

    (found,) = compared(gone, with_published(figure))

    assert (found.agrees, found.computed) == (False, None)


def test_a_figure_without_a_period_is_one_of_the_round() -> None:
    (found,) = compared(asahikawa_round(), with_published(replace(printed("60%", 0.6, 2), period="")))

    assert (found.period, found.agrees) == ("H26", True)


def test_groups_are_compared_as_people_read_them() -> None:
    goal = "目標４　ＩＣＴ利活用によるサービスの多様化"
    figure = replace(printed("86%", 0.86, 2), measure="by_goal_share", group=goal)

    (found,) = compared(asahikawa_round(), with_published(figure))

    assert found.agrees


def test_a_figure_that_there_is_none_of_is_no_number() -> None:
    made = asahikawa_round()
    emptied = replace(made, rows=tuple(one for one in made.rows if one.item.goal[:3] != "目標1"))
    figure = replace(printed("0%", 0.0, 2), measure="by_goal_share", group="目標1 市民サービスの質の向上")

    (found,) = compared(emptied, with_published(figure))

    assert (found.agrees, found.computed, found.shown) == (False, None, "")


def test_figures_by_period_are_found_by_label_and_by_id_and_shown_with_commas() -> None:
    made = sample_round()
    figures = (
        Published("figures", "spent_by_year", "平成25年度", "", "140.5", 140.5, 1, 2),
        Published("figures", "spent_by_year", "H25", "H25", "140.5", 140.5, 1, 3),
        Published("figures", "spent_by_year", "H26", "", "1,112.8", 1112.8, 1, 4),
        Published("figures", "spent_by_year", "H26", "", "112.8", 112.8, 1, 5),
    )
    plan = replace(made.plan, published=figures)

    found = compared(made, plan)

    assert [(one.agrees, one.shown) for one in found] == [
        (True, "140.5"),
        (True, "140.5"),
        (False, "112.8"),
        (True, "112.8"),
    ]
