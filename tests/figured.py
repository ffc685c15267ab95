"""The figures and the summary of a round, as tests ask for them."""

from collections.abc import Mapping
from dataclasses import replace

from xlplan.model.plan import Plan
from xlplan.model.view import View
from xlplan.report.document import document_of
from xlplan.report.figures import Block, Figure
from xlplan.report.reconcile.comparison import Comparison, compare_published
from xlplan.report.render.xlsx.workbook import workbook_of
from xlplan.report.rows import Consolidation
from xlplan.report.working import Figures


def summary_workbook(made: Consolidation) -> bytes:
    """The summary of a round as a workbook."""
    figures = Figures(made)
    return workbook_of(document_of(made, figures), figures)


def blocks(made: Consolidation, view: View) -> tuple[Block, ...]:
    """The blocks of a view of statistics."""
    return Figures(made).blocks(view)


def figure_cells(made: Consolidation) -> Mapping[tuple[str, str, str, str], Figure]:
    """Every figure but totals, by view, measure, group in words and period."""
    return {
        (figure.block.view.id, figure.measure.id, figure.group, figure.period): figure
        for figure in Figures(made).all()
        if not figure.of_all_groups
    }


def compared(made: Consolidation, plan: Plan | None = None) -> tuple[Comparison, ...]:
    """What is in print against the figures of a round, by the table `published` of `plan`."""
    return compare_published(Figures(replace(made, plan=plan) if plan else made)).comparisons
