"""Published figures against those of a summary: the values that the workbook shows, at the precision in print."""

from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal

from xlplan.formula.excel import SIGNIFICANT_DIGITS
from xlplan.language.text import fold
from xlplan.model.parts import Measure, Period, Published
from xlplan.model.plan import Plan
from xlplan.report.figures import Figure, figure_cells
from xlplan.report.reconcile.causes import Cause, Key, Register
from xlplan.report.reconcile.sheets import Sheets


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


def compare_published(
    plan: Plan, period: Period, summary: bytes, *, name: str = "summary.xlsx"
) -> tuple[Comparison, ...]:
    """Compare each published figure with the summary of `period`, in the order of the table `published`.

    A published figure without a period is that of the whole plan, where the measure has one, or of `period`. Raises
    FileError where `summary`, called `name`, is no summary of this plan and period.
    """
    sheets = Sheets(summary, name)
    sheets.expect({"plan": plan.id, "period": period.id})
    cells = {
        (view, measure, fold(group), at): figure
        for (view, measure, group, at), figure in figure_cells(plan, period).items()
    }
    measures = {(view.id, one.id): one for view in plan.views for one in view.measures}
    found: list[tuple[Key, Comparison]] = []
    for one in plan.published:
        measure = measures[one.view, one.measure]
        group, at = _place(plan, period, measure, one)
        key = (one.view, one.measure, group, at)
        figure = cells.get(key)
        found.append((key, _comparison(one, measure, at, figure, sheets.number(figure) if figure else None)))
    register = Register(plan, sheets, cells, {key: (one.printed, one.agrees) for key, one in found})
    return tuple(_explained(one, register, cells.get(key)) for key, one in found)


def _explained(one: Comparison, register: Register, figure: Figure | None) -> Comparison:
    return one if one.agrees or figure is None else replace(one, cause=register.cause(figure))


def _place(plan: Plan, period: Period, measure: Measure, one: Published) -> tuple[str, str]:
    """Group and period id of a published figure, as the summary has them.

    In a measure by period the group is a period, by id or by label; so is the period where it stands alone. The
    whole plan has neither.
    """
    if measure.by != "period":
        return fold(one.group), one.period or ("" if measure.total else period.id)
    if measure.total and not one.group and not one.period:
        return "", ""
    wanted = fold(one.group or one.period)
    found = (its for its in plan.periods if wanted in (fold(its.id), fold(its.label)))
    its = next(found, None)
    return (fold(its.label), its.id) if its else (wanted, one.period or period.id)


def _comparison(
    one: Published, measure: Measure, period: str, figure: Figure | None, computed: float | None
) -> Comparison:
    rounded = None if computed is None else rounded_to(computed, one.decimals)
    return Comparison(
        view=one.view,
        measure=one.measure,
        label=measure.label,
        group=one.group,
        period=period,
        printed=one.printed,
        computed=computed,
        shown="" if rounded is None else _as_printed(rounded, one),
        agrees=rounded == rounded_to(one.value, one.decimals),
        cell=figure.cell if figure else "",
    )


def rounded_to(value: float, decimals: int) -> Decimal:
    """`value` rounded as Excel does: halves away from zero, over the digits that it keeps."""
    return Decimal(f"{value:.{SIGNIFICANT_DIGITS}g}").quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def _as_printed(value: Decimal, one: Published) -> str:
    """A figure in the manner of the one in print: as a percentage, with commas."""
    if one.printed.strip().endswith(("%", "％")):
        return f"{value * 100:.{max(one.decimals - 2, 0)}f}%"
    return f"{value:,.{one.decimals}f}" if "," in one.printed else f"{value:.{one.decimals}f}"
