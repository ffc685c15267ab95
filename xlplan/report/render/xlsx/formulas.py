"""The formulas that keep a cell live: an answer looked up in its data, a figure worked out over it, rows counted."""

from xlplan.fields.table import type_of
from xlplan.formula.emission import emit, quote
from xlplan.report.columns import STATE, key_text, line_text
from xlplan.report.figures import Figure, FigurePlace
from xlplan.report.measures import divides, narrowed
from xlplan.report.render.xlsx.sheet import Summary
from xlplan.report.tables import NOT_COUNTED, Answer, Count


def answer_formula(summary: Summary, source: Answer, own: str) -> str:
    """A formula that shows an answer.

    Args:
        summary: The summary.
        source: The answer.
        own: The address of the cell with the number of its item.

    Returns:
        The formula, without its leading `=`; it gives "" where the answer is blank, or there is none.
    """
    row, table = source.row, summary.tables[source.row.form]
    key = line_text(own, row.line) if row.line else key_text(row.period.id, own)
    found = table.lookup(source.name, key)
    if source.name == STATE:
        return f'IFERROR({found}&"","")'
    return type_of(table.form.by_id[source.name]).shown_formula(found, summary.made.plan)


def computed(summary: Summary, source: Answer) -> bool:
    """Whether an answer is known to a formula alone."""
    field = summary.tables[source.row.form].form.by_id.get(source.name)
    return field is not None and field.formula is not None


def figure_formula(summary: Summary, figure: Figure) -> str:
    """The formula of a figure, a dash where it has none; in a draft over the answers that stand."""
    formula, place = figure.measure.formula, FigurePlace(summary.tables[figure.block.view.form], figure)
    if summary.made.draft:
        formula = narrowed(formula, STATE, [summary.state_word(state) for state in NOT_COUNTED])
    return f'IFERROR({emit(formula, place, bare=True)},"{summary.text("summary.statistics.nothing")}")'


def total_formula(summary: Summary, figure: Figure, area: str) -> str:
    """The formula of a total.

    Args:
        summary: The summary.
        figure: The figure of all groups.
        area: The addresses of the figures of the groups.

    Returns:
        Their sum where one means something, else the figure worked out over all groups at once.
    """
    block, measure = figure.block, figure.measure
    if not block.additive(measure):
        return figure_formula(summary, figure)
    summed = f"SUM({area})"
    if divides(measure, block.measures):  # shares of nothing have no sum
        summed = f'IF(COUNT({area})=0,"{summary.text("summary.statistics.nothing")}",{summed})'
    return summed


def count_formula(summary: Summary, count: Count, own: str) -> str:
    """The formula that counts rows by their state.

    Args:
        summary: The summary.
        count: What is counted.
        own: The address of the cell with the word for the state.

    Returns:
        The formula, without its leading `=`.
    """
    table = summary.tables[count.form]
    period = f"{table.reference('period')},{quote(count.period.label)}"
    return f"COUNTIFS({period},{table.reference(STATE)},{own})"
