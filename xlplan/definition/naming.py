"""What a sheet and its columns may be called, not what something else is already; and what a period is called by."""

import re
from collections.abc import Iterable

from xlplan.definition.lines import Line
from xlplan.definition.specs import HIDDEN_SHEET, Table, spec
from xlplan.formula.excel import MAX_SHEET_TITLE
from xlplan.language.calendar import Years, read_fiscal_year
from xlplan.language.messages import LANGUAGES, Spoken, text
from xlplan.language.text import fold, units
from xlplan.model.form import Field
from xlplan.model.item import ITEM_COLUMNS, Period
from xlplan.model.plancodes import PlanCode

_MARKS = re.compile(r"(?:\(\*\)|\*)+$")
_BETWEEN = " \u3000-－_／/・:の,"
"""What may stand between a year and its part."""
_DATA_COLUMNS = ("item", "form", "period", "goal", "department", *ITEM_COLUMNS)
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


def unmarked(label: str) -> str:
    """A label without the signs that a heading adds to a required field's: 進捗＊ and 進捗 are one heading."""
    return _MARKS.sub("", fold(label)) or label


def check_headings(line: Line, name: str, labels: Iterable[str], shown: tuple[str, ...]) -> None:
    """Faults where a field's id or heading is that of another column of the sheet or of the data.

    Args:
        line: the field's line of the table `fields`.
        name: its id.
        labels: all that its column may be headed.
        shown: the item's columns on the entry sheet.
    """
    if name in (*_DATA_COLUMNS, *shown):
        line.fault(PlanCode.RESERVED_ID, "id", value=name)
    items = spec("items")
    taken = {
        text(key, language)
        for key in ("artefacts.entry.number", "artefacts.entry.check")
        for language in LANGUAGES
    }
    for language in LANGUAGES:
        taken |= {items.heading(column, language) for column in ("id", "goal", "department", *shown)}
        taken.add(spec("records").heading("period", language))
    for label in labels:
        if fold(label) in map(fold, taken):
            line.fault(PlanCode.RESERVED_LABEL, "label", value=label)


def periods_meant(name: str, of: tuple[Period, ...], years: Years) -> tuple[Period, ...]:
    """The periods that a name can mean: the one of that id, else of that label, else those of that year.

    Of a year that has a period of its own and parts beside it, the former is meant. A part of a year goes by the year
    and what its label or its id has behind that, or begins with: R7上, 令和7年度上半期 and 2025 上半期 are one.

    Args:
        name: as somebody wrote it.
        of: the plan's periods.
        years: how the plan counts years, and by which one without its era is read.

    Returns:
        The periods meant, none where it is none's name; of an id or label exactly one.
    """
    for wanted, called in ((name, str), (fold(name), fold)):
        for period in of:
            if wanted in (called(period.id), called(period.label)):
                return (period,)
    year, part = year_and_part(name, years)
    within = [period for period in of if year and period.first_year <= year <= period.last_year]
    if part:
        return tuple(period for period in within if period.is_part and _is_called(part, period, years))
    return tuple([period for period in within if not period.is_part] or within)


def _is_called(part: str, period: Period, years: Years) -> bool:
    names = (year_and_part(name, years)[1] for name in (period.label, period.id))
    return any(fold(name).startswith(fold(part)) for name in names)


def year_and_part(name: str, years: Years) -> tuple[int, str]:
    """The fiscal year with which the name of a part of a year begins, and what stands behind it.

    Args:
        name: as somebody wrote it: 令和7年度上半期, R7上, FY2025 Q1.
        years: how the plan counts years, and by which one without its era is read.

    Returns:
        The year and the rest; 0 and the whole name where it begins with no year.
    """
    for end in range(len(name), 0, -1):
        if year := read_fiscal_year(name[:end], years).sure:
            return year, name[end:].strip(_BETWEEN)
    return 0, name


def record_column(table: Table, field: Field) -> str:
    """The heading under which the field stands in `records`: its id, or its label. Empty where it has none."""
    further = [heading for heading in table.headers if heading not in table.spec.columns]
    for name in (field.id, field.label, field.heading):
        for heading in further:
            if fold(heading) == fold(name):
                return heading
    return ""
