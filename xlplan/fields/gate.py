"""What must be in order before a formula can be asked: one wrong cell has one finding."""

from xlplan.formula.tree import Formula
from xlplan.model.form import Field, Form


def rests_on(formula: Formula, form: Form) -> tuple[Field, ...]:
    """The fields with values of their own that `formula` rests on, in the form's order.

    Those that it names, and those behind the computed fields which it names.
    """
    wanted: set[str] = set()
    left = list(formula.columns)
    while left:
        field = form.by_id.get(left.pop())
        if field is None or field.id in wanted:
            continue
        wanted.add(field.id)
        if field.formula is not None:
            left += field.formula.columns
    return tuple(field for field in form.fields if field.id in wanted and field.formula is None)


def looked_at(field: Field, formula: Formula | None, form: Form) -> frozenset[str]:
    """The columns that a check looks at.

    Args:
        field: The field that it is of.
        formula: What it asks of other columns; None where it asks nothing of them.
        form: The form.

    Returns:
        Ids of fields and names of columns of the item: the field's own, those that the formula names, and the entered
        ones that it rests on.
    """
    if formula is None:
        return frozenset({field.id})
    return frozenset({field.id, *formula.columns, *(asked.id for asked in gate(formula, form))})


def gate(formula: Formula, form: Form) -> tuple[Field, ...]:
    """The entered fields that must be in order before `formula` can be asked, in the form's order."""
    return tuple(field for field in rests_on(formula, form) if field.entered)
