"""The types of field, one object a type. A new one is a member of `FieldType` and a line of `TYPES`."""

from collections.abc import Mapping, Sequence

from xlplan.fields.base import ValueType
from xlplan.fields.choice import ChoiceType
from xlplan.fields.date import DateType
from xlplan.fields.item import ItemType
from xlplan.fields.month import MonthType
from xlplan.fields.number import NumberType, WholeType
from xlplan.fields.text import TextType, is_long
from xlplan.fields.time import TimeType
from xlplan.fields.year import YearType
from xlplan.model.form import Field, FieldType, Form
from xlplan.model.plan import Plan
from xlplan.model.record import Value

TYPES: Mapping[FieldType, ValueType] = {
    FieldType.TEXT: TextType(),
    FieldType.CHOICE: ChoiceType(),
    FieldType.ITEM: ItemType(),
    FieldType.WHOLE: WholeType(),
    FieldType.NUMBER: NumberType(),
    FieldType.DATE: DateType(),
    FieldType.MONTH: MonthType(),
    FieldType.YEAR: YearType(),
    FieldType.TIME: TimeType(),
}


def type_of(field: Field) -> ValueType:
    """What the type of a field does."""
    return TYPES[field.type]


def holds_words(field: Field) -> bool:
    """Whether a field holds words of no prescribed shape: a pattern would say what is asked for."""
    return type_of(field).is_words and not field.pattern


def holds_free_text(field: Field) -> bool:
    """Whether people write what they like into a field."""
    return type_of(field).is_text and not field.pattern


def holds_sentences(field: Field) -> bool:
    """Whether a field holds whole sentences."""
    return type_of(field).is_text and is_long(field)


def ranked_lists(form: Form, plan: Plan) -> dict[str, list[tuple[str, float | None]]]:
    """(value, rank) of the list of each choice field, by field id: what CHOICE_RANK needs."""
    return {
        field.id: [(choice.value, choice.rank) for choice in plan.ranked_of(field)]
        for field in form.fields
        if type_of(field).from_list
    }


def combined(field: Field, answers: Sequence[tuple[str, Value]]) -> Value:
    """What stands for several answers to one field.

    Args:
        field: The field.
        answers: The answers by item id, None for a blank.

    Returns:
        The answer of one, or on which all agree; of texts that differ one under the other, each with its item's id;
        else None.
    """
    values = [value for _, value in answers]
    if values and all(type(value) is type(values[0]) and value == values[0] for value in values):
        return values[0]
    if not type_of(field).is_text:
        return None
    return "\n".join(f"{name} {value}" for name, value in answers if value is not None)
