"""How much it matters that a return is not as it was issued: what a plan may say of it, and what else holds."""

from collections.abc import Mapping
from types import MappingProxyType

from xlplan.model.finding import Severity

HANDLING: Mapping[str, Severity] = MappingProxyType(
    {
        "office_changed": Severity.WARNING,
        "about_changed": Severity.WARNING,
        "previous_changed": Severity.WARNING,
        "item_missing": Severity.ERROR,
        "item_unknown": Severity.ERROR,
        "item_foreign": Severity.ERROR,
        "row_repeated": Severity.NOTICE,
        "row_labelled": Severity.WARNING,
        "rows_inserted": Severity.NOTICE,
        "rows_moved": Severity.NOTICE,
        "rows_hidden": Severity.NOTICE,
        "column_renamed": Severity.WARNING,
        "columns_added": Severity.WARNING,
        "columns_gone": Severity.NOTICE,
        "columns_inserted": Severity.NOTICE,
        "columns_moved": Severity.NOTICE,
        "columns_hidden": Severity.NOTICE,
        "beside_form": Severity.WARNING,
        "cells_merged": Severity.ERROR,
        "formulas_lost": Severity.WARNING,
        "formulas_replaced": Severity.WARNING,
        "validations_lost": Severity.NOTICE,
        "sheet_unprotected": Severity.NOTICE,
        "sheet_renamed": Severity.NOTICE,
        "sheet_copied": Severity.NOTICE,
        "sheets_added": Severity.NOTICE,
        "guide_missing": Severity.NOTICE,
        "people_missing": Severity.NOTICE,
        "stamp_version": Severity.WARNING,
    }
)
"""The findings whose severity the table `handling` of a plan may set, each with the one that it has otherwise.

All others are the same for every plan: what they tell of could not be read, or two answers stand for one.
"""
