"""The plan: frozen nouns that everything else speaks of. No input or output here.

Built by `xlplan.definition` from the tables of one workbook or one folder of CSV files.
"""

from xlplan.plan.parts import (
    ITEM_COLUMNS,
    ITEM_LIST,
    NO_ITEM,
    Choice,
    Department,
    Field,
    FieldType,
    FilledBy,
    Form,
    Item,
    Measure,
    Period,
    Published,
    Record,
    Rule,
    Value,
    View,
    ViewKind,
    item_choices,
)
from xlplan.plan.whole import Plan

__all__ = [
    "ITEM_COLUMNS",
    "ITEM_LIST",
    "NO_ITEM",
    "Choice",
    "Department",
    "Field",
    "FieldType",
    "FilledBy",
    "Form",
    "Item",
    "Measure",
    "Period",
    "Plan",
    "Published",
    "Record",
    "Rule",
    "Value",
    "View",
    "ViewKind",
    "item_choices",
]
