"""How much it matters that a return is not as it was issued: what a plan may say of it, and what else holds."""

from collections.abc import Mapping
from types import MappingProxyType

from xlplan.language.codes import Severity
from xlplan.model.codes import FindingCode

_HANDLED = (
    FindingCode.OFFICE_CHANGED,
    FindingCode.ABOUT_CHANGED,
    FindingCode.PREVIOUS_CHANGED,
    FindingCode.ITEM_MISSING,
    FindingCode.ITEM_UNKNOWN,
    FindingCode.ITEM_FOREIGN,
    FindingCode.ROW_REPEATED,
    FindingCode.ROW_LABELLED,
    FindingCode.ROW_TOTAL,
    FindingCode.ROWS_EQUAL,
    FindingCode.ROWS_INSERTED,
    FindingCode.ROWS_MOVED,
    FindingCode.ROWS_HIDDEN,
    FindingCode.COLUMN_RENAMED,
    FindingCode.COLUMNS_ADDED,
    FindingCode.COLUMNS_GONE,
    FindingCode.COLUMNS_INSERTED,
    FindingCode.COLUMNS_MOVED,
    FindingCode.COLUMNS_HIDDEN,
    FindingCode.BESIDE_FORM,
    FindingCode.CELLS_MERGED,
    FindingCode.FORMULAS_LOST,
    FindingCode.FORMULAS_REPLACED,
    FindingCode.VALIDATIONS_LOST,
    FindingCode.SHEET_UNPROTECTED,
    FindingCode.SHEET_RENAMED,
    FindingCode.SHEET_COPIED,
    FindingCode.SHEETS_ADDED,
    FindingCode.GUIDE_MISSING,
    FindingCode.PEOPLE_MISSING,
    FindingCode.STAMP_VERSION,
)

HANDLING: Mapping[FindingCode, Severity] = MappingProxyType({code: code.severity for code in _HANDLED})
"""The findings whose severity the table `handling` of a plan may set, each with the one that it has otherwise.

All others are the same for every plan: what they tell of could not be read, or two answers stand for one.
"""
