"""The formulas that keep a cell live: an answer looked up in its data, rows counted. Figures bring their own."""

from collections.abc import Mapping

from xlplan.fields.table import type_of
from xlplan.formula.emission import quote
from xlplan.report.columns import DataTable, key_text, line_text
from xlplan.report.rows import STATE
from xlplan.report.tables import Answer, Count

Tables = Mapping[str, DataTable]


def answer_formula(tables: Tables, source: Answer, own: str) -> str:
    """A formula that shows an answer.

    Args:
        tables: The data sheet of each form, by its id.
        source: The answer.
        own: The address of the cell with the number of its item.

    Returns:
        The formula, without its leading `=`; it gives "" where the answer is blank, or there is none.
    """
    row, table = source.row, tables[source.row.form]
    key = line_text(own, row.line) if row.line else key_text(row.period.id, own)
    found = table.lookup(source.name, key)
    if source.name == STATE:
        return f'IFERROR({found}&"","")'
    return type_of(table.form.by_id[source.name]).shown_formula(found, table.plan)


def computed(tables: Tables, source: Answer) -> bool:
    """Whether an answer is known to a formula alone."""
    field = tables[source.row.form].form.by_id.get(source.name)
    return field is not None and field.formula is not None


def count_formula(tables: Tables, count: Count, own: str) -> str:
    """The formula that counts rows by their state.

    Args:
        tables: The data sheet of each form, by its id.
        count: What is counted.
        own: The address of the cell with the word for the state.

    Returns:
        The formula, without its leading `=`.
    """
    table = tables[count.form]
    period = f"{table.reference('period')},{quote(count.period.label)}"
    return f"COUNTIFS({period},{table.reference(STATE)},{own})"
