"""Published figures against those of a summary: the values that the workbook shows, at the precision in print."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from python_calamine import CalamineError, CalamineWorkbook

from xlplan.errors import FileError
from xlplan.layout import STAMP_SHEET
from xlplan.plan import Measure, Period, Plan, Published
from xlplan.summary.positions import Figure, figure_cells
from xlplan.text import fold


@dataclass(frozen=True, slots=True)
class Comparison:
    """One published figure and what the summary has for it.

    `view`, `measure` and `period` are ids. `computed` is None where the summary has no such figure, and `cell`
    (集計!D8) then empty. `shown` is the computed figure as it would have been printed.
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


def compare_published(
    plan: Plan, period: Period, summary: bytes, *, name: str = "summary.xlsx"
) -> tuple[Comparison, ...]:
    """Compare each published figure with the summary of `period`, in the order of the table `published`.

    A published figure without a period is one of `period`. Raises FileError where `summary`, called `name`, is no
    summary of this plan and period.
    """
    sheets = _Sheets(summary, name)
    sheets.expect({"plan": plan.id, "period": period.id})
    cells = {
        (view, measure, fold(group), at): figure
        for (view, measure, group, at), figure in figure_cells(plan, period).items()
    }
    measures = {(view.id, one.id): one for view in plan.views for one in view.measures}
    found = []
    for one in plan.published:
        measure = measures[one.view, one.measure]
        group, at = _place(plan, period, measure, one)
        figure = cells.get((one.view, one.measure, group, at))
        found.append(_comparison(one, measure, at, figure, sheets.number(figure) if figure else None))
    return tuple(found)


def _place(plan: Plan, period: Period, measure: Measure, one: Published) -> tuple[str, str]:
    """Group and period id of a published figure, as the summary has them.

    In a measure by period the group is a period, by id or by label; so is the period where it stands alone.
    """
    if measure.by != "period":
        return fold(one.group), one.period or period.id
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
    """`value` rounded as Excel does: halves away from zero, over 15 significant digits."""
    return Decimal(f"{value:.15g}").quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def _as_printed(value: Decimal, one: Published) -> str:
    """A figure in the manner of the one in print: as a percentage, with commas."""
    if one.printed.strip().endswith(("%", "％")):
        return f"{value * 100:.{max(one.decimals - 2, 0)}f}%"
    return f"{value:,.{one.decimals}f}" if "," in one.printed else f"{value:.{one.decimals}f}"


class _Sheets:
    """The cached values of a summary."""

    def __init__(self, summary: bytes, name: str) -> None:
        self.name = name
        try:
            self.book = CalamineWorkbook.from_filelike(io.BytesIO(summary))
        except CalamineError:
            raise FileError("summary_unreadable", path=name) from None
        self.read: dict[str, Sequence[Sequence[object]]] = {}

    def rows(self, sheet: str) -> Sequence[Sequence[object]]:
        """All rows of a sheet from A1 on; none where there is no such sheet."""
        if sheet not in self.read:
            known = sheet in self.book.sheet_names
            self.read[sheet] = (
                self.book.get_sheet_by_name(sheet).to_python(skip_empty_area=False) if known else []
            )
        return self.read[sheet]

    def expect(self, stamp: dict[str, str]) -> None:
        """Check what the file says of itself."""
        said = {str(row[0]): str(row[1]) for row in self.rows(STAMP_SHEET) if len(row) > 1}
        if any(said.get(key) != value for key, value in stamp.items()):
            raise FileError("summary_unreadable", path=self.name)

    def number(self, figure: Figure) -> float | None:
        """The number at a figure's cell; None where there is none."""
        rows = self.rows(figure.cell.rpartition("!")[0])
        row = rows[figure.row - 1] if figure.row <= len(rows) else ()
        value = row[figure.column - 1] if figure.column <= len(row) else None
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
