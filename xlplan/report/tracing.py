"""What makes a figure up: the records that it counts or sums, and the other figures that it rests on."""

from collections.abc import Iterator
from dataclasses import dataclass

from xlplan.form.layout.columns import ColumnKind
from xlplan.form.layout.entry import EntryLayout
from xlplan.formula.evaluation import evaluate_alone
from xlplan.formula.tree import OF_MEASURES, Formula, Node
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding, listed
from xlplan.report.figures import Figure
from xlplan.report.groups import heading_of, spelled_otherwise
from xlplan.report.shown import worked_text
from xlplan.report.working import Figures


@dataclass(frozen=True, slots=True)
class FigureRecord:
    """One record behind a figure, and where it comes from.

    Attributes:
        item: Id of the item; empty for a row that names none.
        title: Title of the item.
        period: Id of the period.
        department: Id of the department that answered for it then.
        file: The return, as it is kept; the file of the definition where it was not collected; empty where nothing is
            known.
        sheet: The sheet in that file.
        row: The row in that sheet, 1-based; 0 where nothing is known.
        cell: The cell of the answer in the form as it was issued; empty where the record is no return's.
        attempt: Which attempt of the department it is, from 1; 0 where it is no return.
        sha256: The hash of the return; empty where it is none.
    """

    item: str
    title: str
    period: str
    department: str
    file: str
    sheet: str
    row: int
    cell: str
    attempt: int
    sha256: str


def records_behind(figures: Figures, figure: Figure) -> tuple[FigureRecord, ...]:
    """The records that make up a figure, each with its source.

    Args:
        figures: All figures of the summary.
        figure: The figure.

    Returns:
        A record for each of `behind`.
    """
    records, plan = figures.records[figure.block.view.form], figures.made.plan
    named = [field for field in records.form.fields if field.id in _columns_of(figures, figure)]
    letters: dict[str, str] = {}
    found = []
    for at in behind(figures, figure):
        row = records.rows[at]
        if row.period.id not in letters:
            layout = EntryLayout(records.form, plan, row.period, 0)
            shown = {column.name: column.letters for column in layout.columns if column.kind in _ANSWERS}
            letters[row.period.id] = next((shown[field.id] for field in named if field.id in shown), "A")
        cell = f"{letters[row.period.id]}{row.source_row}" if row.attempt else ""
        item, source = row.item, (row.source_file, row.source_sheet, row.source_row)
        found.append(
            FigureRecord(
                item.id, item.title, row.period.id, row.department, *source, cell, row.attempt, row.sha256
            )
        )
    return tuple(found)


_ANSWERS = (ColumnKind.ENTRY, ColumnKind.OFFICE, ColumnKind.FORMULA)
"""The columns of an entry sheet that hold a field's values."""


def _columns_of(figures: Figures, figure: Figure) -> set[str]:
    """The columns that a figure's formula names."""
    return {str(node.value) for node in figures.formula(figure.measure).tree.walk() if node.kind == "whole"}


def adding(figures: Figures, figure: Figure, node: Node) -> list[tuple[int, float]]:
    """What each record adds to a part of a figure's formula, those that add nothing left out.

    Args:
        figures: All figures of the summary.
        figure: The figure.
        node: A part of its formula that adds up over records.

    Returns:
        The place of each record among those of the form, with what it adds.
    """
    counted = figures.aggregate(figure, node)
    if counted is not None:
        return [(at, adds) for at, adds in counted.added(figures.counting(figure, counted)) if adds]
    records = figures.records[figure.block.view.form]
    columns = list(dict.fromkeys(str(part.value) for part in node.walk() if part.kind == "whole"))
    cells = [records.column(name) for name in columns]
    lines = [[column[at] for column in cells] for at in range(len(records.rows))]
    heads = figure.heads
    period = "*" if heads.period is None else heads.period
    group = period if heads.by_period else str(heads.group.value) if heads.group else ""
    alone = evaluate_alone(Formula("", node), lines, columns, (group, period))
    return [(at, float(adds)) for at, adds in enumerate(alone) if isinstance(adds, int | float) and adds]


def behind(figures: Figures, figure: Figure) -> list[int]:
    """The records that make up a figure, by their place among those of its form.

    Those that its formula counts, sums or averages; where it looks at whole columns in another way, all that have
    a value in them. What it rests on (`rests_on`) has records of its own.
    """
    if Figures.is_sum(figure):
        return sorted({at for part in figure.groups_of_total() for at in behind(figures, part)})
    found: set[int] = set()
    _gather(figures, figure, figures.formula(figure.measure).tree, found)
    return sorted(found)


def _gather(figures: Figures, figure: Figure, node: Node, found: set[int]) -> None:
    counted = figures.aggregate(figure, node)
    if counted is not None:
        found.update(at for at, _ in counted.added(figures.counting(figure, counted)))
    elif node.kind == "whole":
        cells = figures.records[figure.block.view.form].column(str(node.value))
        found.update(at for at, cell in enumerate(cells) if cell not in (None, ""))
    else:
        for child in node.children:
            _gather(figures, figure, child, found)


def rests_on(figure: Figure) -> list[Figure]:
    """The other figures that a figure names, each once."""
    if Figures.is_sum(figure):
        return figure.groups_of_total()
    found: dict[tuple[str, int, int], Figure] = {}
    for node in figure.measure.formula.tree.walk():
        if node.kind == "function" and node.value in OF_MEASURES:
            for same in figure.up_to_here() if node.value == "CUMULATIVE" else [figure]:
                other = same.beside(str(node.children[0].value))
                found.setdefault(other.position, other)
    return list(found.values())


def told(figures: Figures) -> Iterator[Finding]:
    """What is to be told of figures: which answers are counted as one for all their spellings, which were fixed."""
    yield from _fixed(figures)
    asked = {
        (view.form, block.by): block
        for view in figures.views
        for block in figures.blocks(view)
        if block.crossed
    }
    for (form, by), block in asked.items():
        if by not in figures.records[form].form.by_id:  # of the plan's own words the lint has told
            continue
        if words := spelled_otherwise(figures.records[form], by):
            label = heading_of(figures.made.plan, block.view, by)
            params = {"label": label, "words": listed(words)}
            yield Finding(
                FindingCode.COUNTED_TOGETHER,
                form=form,
                field=by,
                period=figures.made.period.id,
                params=params,
            )


def _fixed(figures: Figures) -> Iterator[Finding]:
    """Which figures are shown as they were when their round was closed, one finding for a measure and a period."""
    found: dict[tuple[str, str, str], list[Figure]] = {}
    for figure in figures.all():
        if figures.by_formula(figure):
            found.setdefault((figure.block.view.id, figure.measure.id, figure.period), []).append(figure)
    for differing in found.values():
        yield _fixed_of(figures, differing)


def _fixed_of(figures: Figures, differing: list[Figure]) -> Finding:
    """What is told of the figures of a measure in one period."""
    plan, first = figures.made.plan, differing[0]
    period = first.block.periods[first.period_at]
    cells = [(figure.group or "―", " / ".join(_words(figures, figure))) for figure in differing]
    params = {"period": period.label, "label": first.measure.label, "cells": listed(cells)}
    past = plan.past.get(period.id)
    then = past.formula_of(first.block.view.id, first.measure.id) if past else ""
    if then in ("", first.measure.formula.text):
        return Finding(FindingCode.FIGURE_KEPT, period=period.id, params=params)
    formulas = {"then": then, "now": first.measure.formula.text}
    return Finding(FindingCode.FIGURE_KEPT_FORMULA, period=period.id, params={**params, **formulas})


def _words(figures: Figures, figure: Figure) -> Iterator[str]:
    """A figure as it was fixed, and as its formula makes it."""
    for worked in (figures.worked(figure), figures.by_formula(figure)):
        if worked:
            yield worked_text(worked, figure.measure.format, figures.nothing)
