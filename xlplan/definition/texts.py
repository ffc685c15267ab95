"""The plan's own texts, before they go out: what no cell can hold, and what a person would not want to read there."""

from collections.abc import Mapping

from xlplan.definition.lines import Faults, Line, cell_text, lines
from xlplan.definition.records import record_column
from xlplan.definition.tables import Tables
from xlplan.formula.excel import MAX_CELL_TEXT
from xlplan.language.privacy import PersonalKind, signs
from xlplan.language.text import is_writable, units
from xlplan.model.codes import PlanCode
from xlplan.model.finding import discreet
from xlplan.model.plan import Plan

_ITEM_TEXTS = ("title", "summary")
_CODES = {
    PersonalKind.PERSONAL_NUMBER: PlanCode.PERSONAL_NUMBER,
    PersonalKind.CARD_NUMBER: PlanCode.CARD_NUMBER,
    PersonalKind.MAIL_ADDRESS: PlanCode.MAIL_ADDRESS,
    PersonalKind.MOBILE_NUMBER: PlanCode.MOBILE_NUMBER,
}


def look_over_texts(tables: Tables, faults: Faults, plan: Plan) -> None:
    """Collect what is wrong with the texts of all tables."""
    for name in tables.tables:
        for line in lines(tables, name, faults):
            _what_a_cell_holds(line)
    for line in lines(tables, "items", faults):
        for column in (*_ITEM_TEXTS, *(plan.items[0].extra if plan.items else ())):
            _what_it_gives_away(line, column)
    columns = _free_text_columns(tables, plan)
    for line in lines(tables, "records", faults):
        for column in columns.get(line.text("form"), ()):
            _what_it_gives_away(line, column)


def _free_text_columns(tables: Tables, plan: Plan) -> Mapping[str, tuple[str, ...]]:
    """By form, the columns of `records` in which sentences stand."""
    table = tables.tables.get("records")
    if table is None:
        return {}
    return {
        form.id: tuple(filter(None, (record_column(table, one) for one in form.fields if one.is_free_text)))
        for form in plan.forms
    }


def _what_a_cell_holds(line: Line) -> None:
    for column, raw in line.row.cells.items():
        if not isinstance(raw, str):
            continue
        if not is_writable(raw):
            line.fault(PlanCode.UNWRITABLE, column)
        if (length := units(cell_text(raw))) > MAX_CELL_TEXT:
            line.fault(PlanCode.TEXT_TOO_LONG, column, length=length, limit=MAX_CELL_TEXT)


def _what_it_gives_away(line: Line, column: str) -> None:
    """A warning for each kind of number or address that belongs to a person, shown masked."""
    written = line.text(column)
    for kind in dict.fromkeys(sign.kind for sign in signs(written)):
        told = line.table.finding(_CODES[kind], line.row.number, column, written)
        line.faults.findings.append(discreet(told))
