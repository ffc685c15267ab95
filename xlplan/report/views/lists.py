"""Lists (一覧): the answers of the round, one row for each item or for each row that was added."""

from xlplan.model.view import View
from xlplan.report.columns import DataColumn, DataKind
from xlplan.report.records import of_item
from xlplan.report.rows import DataRow
from xlplan.report.shown import role_of
from xlplan.report.tables import Cell, Column, Role, Table, TableBand, TableGroup, TableItem
from xlplan.report.views.answers import Answers, words
from xlplan.report.working import Figures

_LISTED, _NOT_LISTED = (DataKind.ITEM, DataKind.STATE, DataKind.FIELD), ("goal", "summary")
"""What of the data a list shows, and which of the items' columns it leaves out."""
_WIDTHS = {"item": 8.0, "group": 20.0, "title": 24.0}
_FIXED = 2


def list_table(figures: Figures, view: View) -> Table:
    """The table of a list.

    `figures` are those of the summary, with what it is made of.

    Returns:
        The table, each item a row.
    """
    made, answers, table = figures.made, Answers(figures, view), figures.tables[view.form]
    columns = [
        column for column in table.columns if column.kind in _LISTED and column.name not in _NOT_LISTED
    ]
    rows = [row for row in made.rows_of(view.form) if row.period == made.period]
    items = [TableItem((tuple(_cell(answers, column, row) for column in columns),)) for row in rows]
    return Table(
        view.id,
        view.kind,
        tuple(_column(answers, column) for column in columns),
        (tuple(words(Role.HEAD, column.heading) for column in columns),),
        (TableBand((TableGroup(tuple(items)),)),),
        fixed=_FIXED,
    )


def _column(answers: Answers, column: DataColumn) -> Column:
    if column.kind is DataKind.FIELD:
        field = answers.form.by_id[column.name]
        return Column(column.name, max(field.width or 14.0, answers.room(field)), role_of(field))
    role = Role.STATE if column.kind is DataKind.STATE else _role(column)
    return Column(column.name, _WIDTHS.get(column.name, 16.0), role)


def _role(column: DataColumn) -> Role:
    """What a column of the items is."""
    return {"item": Role.NUMBER, "title": Role.NAME}.get(column.name, Role.TEXT)


def _cell(answers: Answers, column: DataColumn, row: DataRow) -> Cell:
    if column.kind is DataKind.STATE:
        return answers.state(row)
    if column.kind is DataKind.ITEM and column.name == "title":
        return answers.title(row.item)
    if column.kind is DataKind.ITEM:
        return words(_role(column), of_item(answers.plan, row.item, column.name, row.period))
    field = answers.form.by_id[column.name]
    return answers.answer(field, row, role_of(field))
