"""Totals of rates, what is said of rounding, and the charts."""

import re
import zipfile
from dataclasses import replace
from io import BytesIO

import pytest
from figured import blocks, summary_workbook
from openpyxl.worksheet.worksheet import Worksheet
from summaries import asahikawa, asahikawa_round, h26, opened, sample_round

from xlplan.formula.engine import parse
from xlplan.model.view import Measure
from xlplan.report.figures import Block
from xlplan.report.measures import rate, share


@pytest.fixture(scope="module")
def final() -> bytes:
    return summary_workbook(asahikawa_round())


def totals(sheet: Worksheet, block: Block) -> list[object]:
    """The row of totals, without its head."""
    assert block.total_row
    return [sheet.cell(block.total_row, at).value for at in range(2, block.last_column + 1)]


def charts(workbook: bytes) -> list[str]:
    """The charts as XML, in their order."""
    with zipfile.ZipFile(BytesIO(workbook)) as archive:
        names = sorted(one for one in archive.namelist() if re.match("xl/charts/chart", one))
        return [archive.read(one).decode() for one in names]


def test_a_rate_has_a_total_over_all_groups(final: bytes) -> None:
    plan = asahikawa()
    block = blocks(asahikawa_round(), plan.views[1])[2]

    expected = [25, 20, 18, 30, 30, 30, *(pytest.approx(one / 30) for one in (25, 20, 18))]
    assert totals(opened(final, values=True)["集計"], block) == expected


def test_a_mean_has_a_total_over_all_groups() -> None:
    plan = sample_round().plan
    block = next(one for one in blocks(sample_round(), plan.views[1]) if one.by == "department")
    found = totals(opened(summary_workbook(sample_round()), values=True)["集計"], block)

    assert found == [140.5, 112.75, pytest.approx(140.5 / 4), pytest.approx(112.75 / 5)]


def test_of_a_period_that_was_not_asked_there_is_no_figure_and_no_total() -> None:
    """Neither of the first two periods has a record: that is not nought."""
    made = asahikawa_round()
    last = replace(made, rows=tuple(one for one in made.rows if one.period == h26()))
    sheet = opened(summary_workbook(last), values=True)["集計"]
    _, by_judgement, _ = blocks(last, made.plan.views[1])
    assert [one.id for one in by_judgement.measures] == ["by_judgement", "share_judgement"]

    assert totals(sheet, by_judgement) == ["―", "―", 30, "―", "―", pytest.approx(1)]


PART = "COUNTIFS([g],GROUP(),[p],PERIOD(),[s],1)"
WHOLE = "COUNTIFS([g],GROUP(),[p],PERIOD())"


@pytest.mark.parametrize(
    ("formula", "has_total", "is_share"),
    [
        (f"{PART}/{WHOLE}", True, True),
        (f"{WHOLE}/{PART}", True, False),
        ("SUMIFS([c],[g],GROUP())/COUNTIFS([g],GROUP())", True, False),
        ("AVERAGEIFS([c],[g],GROUP())", True, False),
        ("MEASURE(a)/MEASURE(b)", True, False),
        ("MEASURE(a)/MEASURE(left)", False, False),
        (f"{WHOLE}-{PART}", False, False),
        ("COUNTIFS([p],PERIOD())/COUNTIFS([p],PERIOD())", False, True),
        (f'IF(GROUP()="x",1,2)/{WHOLE}', False, False),
    ],
)
def test_which_measures_are_rates_and_which_are_shares(formula: str, has_total: bool, is_share: bool) -> None:
    others = [
        Measure("v", "a", "a", parse(PART), "g"),
        Measure("v", "b", "b", parse(WHOLE), "g"),
        Measure("v", "left", "left", parse("COUNTIFS([p],PERIOD())-COUNTIFS([g],GROUP())"), "g"),
    ]
    measure = Measure("v", "m", "m", parse(formula), "g")

    assert (rate(measure, [*others, measure]), share(measure)) == (has_total, is_share)


def test_what_is_said_of_rounding_stands_where_shares_are_summed(final: bytes) -> None:
    plan, sheet = asahikawa(), opened(final)["集計"]
    whole, by_judgement, by_goal = blocks(asahikawa_round(), plan.views[1])

    assert "四捨五入" in str(sheet.cell(by_judgement.top, 2).value)
    assert sheet.cell(whole.top, 2).value is None
    assert sheet.cell(by_goal.top, 2).value is None


def test_the_labels_of_a_chart_have_the_format_of_the_table_and_shares_end_at_the_whole(final: bytes) -> None:
    plan = asahikawa()
    shown = tuple(
        replace(one, format="#,##0") if one.id == "by_judgement" else one for one in plan.views[1].measures
    )
    views = (plan.views[0], replace(plan.views[1], measures=shown))
    counts, shares = charts(summary_workbook(asahikawa_round(plan=replace(plan, views=views))))

    assert 'formatCode="#,##0;;"' in counts
    assert '<c:max val="1"/>' in shares
    assert '<c:max val="1"/>' not in counts
