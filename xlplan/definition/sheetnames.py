"""What a sheet may be called."""

import re

from xlplan.definition.lines import Line
from xlplan.definition.specs import HIDDEN_SHEET
from xlplan.formula.excel import MAX_SHEET_TITLE
from xlplan.language.messages import LANGUAGES, Spoken, text
from xlplan.language.text import fold, units
from xlplan.model.codes import PlanCode

# Excel takes _x0041_ in the name of a sheet for A, and a name is one line
_NOT_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]|^'|'$|^history$|_x[0-9a-f]{4}_", re.IGNORECASE)


def check_sheet_name(line: Line, column: str, title: str) -> None:
    """A fault where Excel would refuse a sheet of this name.

    Args:
        line: the line of the table that names it.
        column: the id of the column in which the name stands.
        title: the name.
    """
    if units(title) > MAX_SHEET_TITLE or _NOT_IN_SHEET_NAME.search(title):
        line.fault(PlanCode.SHEET_NAME, column, value=title)


def check_form_title(line: Line, title: str) -> None:
    """A fault where a department's workbook has another sheet of this name."""
    check_sheet_name(line, "title", title)
    keys = ("artefacts.guide.sheet", "artefacts.findings_sheet.sheet", "artefacts.leftovers.sheet")
    taken = [HIDDEN_SHEET, *(text(key, language) for key in keys for language in LANGUAGES)]
    if fold(title) in map(fold, taken):
        english = [HIDDEN_SHEET, *(text(key, "en") for key in keys)]
        said = Spoken(" / ".join(taken), " / ".join(english))
        line.fault(PlanCode.RESERVED_SHEET, "title", value=title, taken=said)
