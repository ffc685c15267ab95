"""The figures that corrections changed, and what was entered late: each step held against the one before."""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby

from xlplan.language.messages import text
from xlplan.model.correction import ChangedFigure
from xlplan.model.item import Period
from xlplan.report.figures import Figure
from xlplan.report.shown import worked_text
from xlplan.report.worked import same_value
from xlplan.report.working import Figures
from xlplan.stages.years import Years


def changed_figures(
    years: Years, period: Period, created: datetime, *, draft: bool
) -> tuple[ChangedFigure, ...]:
    """The figures of a round's summary that changed by corrections, of this round or of those before it.

    Args:
        years: The plan through the years.
        period: The round.
        created: The moment that the summary bears.
        draft: Whether it is a draft.
    """
    corrections = years.known_round(period).corrections
    if not corrections:
        return ()
    found: list[ChangedFigure] = []
    # what was entered before the round was closed was never missing in what was published
    settled = years.settled_in(period.id)
    before = _figures(years.as_corrected(0, settled), period, created, draft=draft)
    for _, together in groupby(corrections, key=lambda correction: correction.decision.made_at):
        numbers = tuple(correction.decision.number for correction in together)
        after = _figures(years.as_corrected(max(numbers), settled), period, created, draft=draft)
        found += _differing(before, after, numbers)
        before = after
    return tuple(found)


def _figures(years: Years, period: Period, created: datetime, *, draft: bool) -> Figures:
    return Figures(years.known_round(period).consolidation(created, draft=draft))


def _differing(before: Figures, after: Figures, numbers: tuple[int, ...]) -> Iterator[ChangedFigure]:
    """The figures that are others, or were not there."""
    language = after.made.plan.language
    old = {figure.kept().name: figure for figure in before.all()}
    for figure in after.all():
        then = old.get(figure.kept().name)
        was = before.worked(then).value if then else None
        if not same_value(was, after.worked(figure).value):
            yield ChangedFigure(
                numbers,
                figure.measure.label,
                text("summary.statistics.total", language) if figure.of_all_groups else figure.group,
                "" if figure.of_all_periods else figure.block.periods[figure.period_at].label,
                _text(before, then) if then else before.nothing,
                _text(after, figure),
            )


def _text(figures: Figures, figure: Figure) -> str:
    return worked_text(figures.worked(figure), figure.measure.format, figures.nothing)
