"""Published figures against those of a summary, at the precision in print."""

from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal

from xlplan.formula.excel import SIGNIFICANT_DIGITS
from xlplan.language.text import fold
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.model.view import Measure, Published
from xlplan.report.figures import Figure
from xlplan.report.reconcile.causes import Cause, Key, Register
from xlplan.report.working import Figures


@dataclass(frozen=True, slots=True)
class Comparison:
    """One published figure and what the summary has for it.

    `view`, `measure` and `period` are ids; `period` is empty for a figure of the whole plan. `computed` is None where
    the summary has no such figure, and `cell` (集計!D8) then empty. `shown` is the computed figure as it would have
    been printed. `cause` says what makes up a figure that differs.
    """

    view: str
    measure: str
    label: str
    group: str
    period: str
    printed: str
    computed: float | None
    shown: str
    agrees: bool
    cell: str
    cause: Cause = field(default_factory=Cause)


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Published figures against those of a summary.

    Attributes:
        comparisons: One for each published figure of the round and those before it, in the order of the table.
        later: How many are of later periods: the summary of this round has none of them.
    """

    comparisons: tuple[Comparison, ...]
    later: int = 0


def compare_published(figures: Figures) -> Reconciliation:
    """Compare each published figure with the summary's.

    A published figure without a period is that of the whole plan, where the measure has one, or of the round.

    Args:
        figures: The figures of a summary, whose plan has the table `published`.
    """
    plan, period = figures.made.plan, figures.made.period
    cells = figures.by_words
    measures = {(view.id, measure.id): measure for view in plan.views for measure in view.measures}
    until = {known.id for known in plan.periods_until(period)}
    ahead = {known.id for known in plan.periods} - until
    found: list[tuple[Key, Comparison]] = []
    later = 0
    for published in plan.published:
        measure = measures[published.view, published.measure]
        group, at = _place(plan, period, measure, published)
        if at in ahead:
            later += 1
            continue
        key = (published.view, published.measure, group, at)
        figure = cells.get(key)
        computed = figures.number(figure) if figure else None
        found.append((key, _comparison(published, measure, at, figure, computed)))
    printed = {key: (comparison.printed, comparison.agrees) for key, comparison in found}
    register = Register(figures, printed)
    explained = (_explained(comparison, register, cells.get(key)) for key, comparison in found)
    return Reconciliation(tuple(explained), later)


def _explained(comparison: Comparison, register: Register, figure: Figure | None) -> Comparison:
    if comparison.agrees or figure is None:
        return comparison
    return replace(comparison, cause=register.cause(figure))


def _place(plan: Plan, period: Period, measure: Measure, published: Published) -> tuple[str, str]:
    """Group and period id of a published figure, as the summary has them.

    In a measure by period the group is a period, by id or by label; so is the period where it stands alone. The
    whole plan has neither.

    Returns:
        The group folded, and the id of the period.
    """
    if measure.by != "period":
        return fold(published.group), published.period or ("" if measure.total else period.id)
    if measure.total and not published.group and not published.period:
        return "", ""
    wanted = fold(published.group or published.period)
    named = next((within for within in plan.periods if wanted in (fold(within.id), fold(within.label))), None)
    return (fold(named.label), named.id) if named else (wanted, published.period or period.id)


def _comparison(
    published: Published, measure: Measure, period: str, figure: Figure | None, computed: float | None
) -> Comparison:
    rounded = None if computed is None else rounded_to(computed, published.decimals)
    return Comparison(
        view=published.view,
        measure=published.measure,
        label=measure.label,
        group=published.group,
        period=period,
        printed=published.printed,
        computed=computed,
        shown="" if rounded is None else _as_printed(rounded, published),
        agrees=rounded == rounded_to(published.value, published.decimals),
        cell=figure.cell if figure else "",
    )


def rounded_to(value: float, decimals: int) -> Decimal:
    """`value` rounded as Excel does: halves away from zero, over the digits that it keeps."""
    return Decimal(f"{value:.{SIGNIFICANT_DIGITS}g}").quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def _as_printed(value: Decimal, published: Published) -> str:
    """A figure in the manner of the one in print: as a percentage, with commas."""
    if published.printed.strip().endswith(("%", "％")):
        return f"{value * 100:.{max(published.decimals - 2, 0)}f}%"
    if published.decimals < 0:  # rounded to thousands or millions
        return f"{value:,.0f}"
    return (
        f"{value:,.{published.decimals}f}" if "," in published.printed else f"{value:.{published.decimals}f}"
    )
