"""What formulas may name: of a form's row, and of the data sheet over which measures count."""

from collections.abc import Mapping

from xlplan.definition.specs import spec
from xlplan.fields.table import type_of
from xlplan.formula.functions import Kind
from xlplan.formula.scope import NamedColumn, Scope
from xlplan.model.form import Choice, Field, Form
from xlplan.model.item import ITEM_COLUMNS, Item

Lists = Mapping[str, tuple[Choice, ...]]
"""The choices of each list of a plan, by its name."""


def shown_columns(items: tuple[Item, ...]) -> tuple[str, ...]:
    """The item's columns that an entry sheet shows: those that hold anything, and the further ones."""
    used = (column for column in ITEM_COLUMNS if any(getattr(item, column) for item in items))
    return (*used, *(items[0].extra if items else ()))


def scope_of(
    fields: tuple[Field, ...], lists: Lists, shown: tuple[str, ...], items: tuple[Item, ...] = ()
) -> tuple[dict[str, str], Scope]:
    """What a row formula may name.

    Args:
        fields: the fields of its form.
        lists: the plan's lists of choices, by name.
        shown: the columns of the row's item, `item` for its id among them; none where the department adds rows.
        items: the plan's items, whose words are all that can stand in those columns; none where that is not known.

    Returns:
        The id of the column that each name means (ids and labels), and the columns with their kinds.
    """
    columns = {}
    names: dict[str, str] = {}
    for column in shown:
        columns[column] = NamedColumn(Kind.TEXT, words=_words(items, column))
        names |= {column: column, spec("items").heading("id" if column == "item" else column, "ja"): column}
    for field in fields:
        kind, choices = type_of(field), lists.get(field.list, ())
        ranked = kind.from_list and all(choice.rank is not None for choice in choices)
        aliases = {name.casefold(): choice.value for choice in choices for name in choice.aliases}
        values = tuple(choice.value for choice in choices) if kind.from_list and choices else None
        columns[field.id] = NamedColumn(kind.kind, ranked, field.previous, values, aliases)
        names |= {field.label: field.id, field.id: field.id}
    return names, Scope(columns)


def _words(items: tuple[Item, ...], column: str) -> tuple[str, ...] | None:
    """All that can stand in a column of the items; None where there are none."""
    found = (item.id if column == "item" else item.shown(column) for item in items)
    return tuple(dict.fromkeys(found)) or None


def measure_names(
    form: Form | None, lists: Lists, items: tuple[Item, ...] = ()
) -> tuple[dict[str, str], Scope]:
    """What a measure may name: the columns of the data sheet, by id and by label.

    Args:
        form: the form over whose records it is.
        lists: the plan's lists of choices, by name.
        items: the plan's items, which may have further columns.

    Returns:
        The id of the column that each name means, and the columns with their kinds.
    """
    further = tuple(items[0].extra) if items else ()
    names, scope = scope_of(form.fields if form else (), lists, ("item", *ITEM_COLUMNS, *further), items)
    columns = dict(scope.columns) | {
        "goal": NamedColumn(Kind.TEXT, words=_words(items, "goal")),
        **dict.fromkeys(("department", "period"), NamedColumn(Kind.TEXT)),
    }
    for column in ("goal", "department"):
        names |= {column: column, spec("items").heading(column, "ja"): column}
    names |= {"period": "period", spec("records").heading("period", "ja"): "period"}
    return names, Scope(columns, measure=True)
