"""What a computed field shows where its formula passes a cell on: the same to every program, and to the validator.

A formula that passes on a blank cell gives 0 in Excel, and in LibreOffice what equals both 0 and "". So that they and
the validator agree, an amount that is passed on blank is 0, as everywhere in a formula; a text, a day, a month, a year
or a time is blank.
"""

from dataclasses import replace

from xlplan.fields.table import type_of
from xlplan.formula.functions import Kind
from xlplan.formula.lint import kind_of
from xlplan.formula.scope import NamedColumn, Scope
from xlplan.formula.tree import Formula, Node
from xlplan.model.form import Field, Form

_NOTHING = Node("literal", "")


def shown_formula(field: Field, formula: Formula, form: Form) -> Formula:
    """The formula of a computed field as it is evaluated and stands in sheets.

    Args:
        field: The computed field.
        formula: Its formula as the plan has it.
        form: The form of the field.

    Returns:
        The formula with what it passes on settled; a field of words gives a text.
    """
    tree = _passed_on(formula.tree, form)
    if not type_of(field).is_words or kind_of(tree, _scope(form)) is Kind.TEXT:
        return replace(formula, tree=tree)
    return Formula(f'{formula.text}&""', Node("binary", "&", (tree, _NOTHING)))


def _scope(form: Form) -> Scope:
    """The columns of a form's rows by their kinds; what the plan says of an item is words, and not known here."""
    return Scope({field.id: NamedColumn(type_of(field).kind) for field in form.fields})


def _passed_on(node: Node, form: Form) -> Node:
    """A part of a formula whose value is the formula's own, with the cells that may be passed on settled."""
    called = node.value if node.kind == "function" else ""
    if node.kind == "this_row" or called == "PREVIOUS":
        return _settled(node, form)
    if called not in ("IF", "IFERROR", "CHOOSE"):
        return node
    kept = node.children[: called != "IFERROR"]
    return replace(node, children=(*kept, *(_passed_on(child, form) for child in node.children[len(kept) :])))


def _settled(node: Node, form: Form) -> Node:
    """A cell that is passed on: a number where it is an amount, else nothing where it is blank."""
    previous = node.kind != "this_row"
    field = form.by_id.get(str(node.children[0].value if previous else node.value))
    if field is None or type_of(field).is_words:
        return Node("binary", "&", (node, _NOTHING), node.position)
    if field.formula is not None and not previous:
        return node  # its cell holds a value, or ""
    if type_of(field).numeric and field.formula is None:
        return Node("binary", "+", (node, Node("literal", 0.0)), node.position)
    blank = Node("binary", "=", (node, _NOTHING), node.position)
    return Node("function", "IF", (blank, _NOTHING, node), node.position)
