"""A formula written in cell addresses: names resolved, macros expanded, the same for the sheet and the validator.

The macros expand to functions of Excel 2016 and LibreOffice 7.
"""

import datetime as dt
from typing import NoReturn

from xlplan.formula.codes import FormulaCode
from xlplan.formula.days import PeriodDays
from xlplan.formula.excel import FIRST_COMMON_DAY, FIRST_COMMON_SERIAL
from xlplan.formula.tree import MACROS, Formula, Node
from xlplan.language.errors import FormulaError
from xlplan.language.text import SHEET_SPACES

_OF_A_DATE = frozenset({"YEAR", "MONTH", "DAY", "WEEKDAY", "EDATE", "EOMONTH"})
"""Functions whose first argument is a date."""
_SHIFTING = frozenset({"EDATE", "EOMONTH"})
"""Functions that give a day some months off."""
_OF_ANYTHING = frozenset({"ISNUMBER", "ISTEXT", "ISERROR"})
"""Functions that ask what a value is, an error among them."""
_CYCLE_YEARS, _CYCLE_DAYS = 400, 146_097
"""Years after which the calendar repeats, and the days that they have."""


class Place:
    """Where a formula is to stand: what each name is called there.

    A place answers for the names that it has; the lint has refused what it has not: rows have no whole columns
    and no heads (FormulaError), measures no row of their own (KeyError).
    """

    __slots__ = ()

    def value(self, name: str) -> str:
        """Address of this row's value of column `name`.

        Raises:
            KeyError: the place has none. The lint lets no such formula pass.
        """
        raise KeyError(name)

    def previous(self, name: str) -> str:
        """Address of the previous period's value of column `name` in this row.

        Raises:
            KeyError: the place has none. The lint lets no such formula pass.
        """
        raise KeyError(name)

    def column(self, name: str) -> str:
        """The whole column `name`: a range or a structured reference.

        Raises:
            FormulaError: the place is a row, which has no whole columns.
        """
        raise FormulaError(FormulaCode.WHOLE_COLUMN, formula=name, name=name)

    def choices(self, name: str) -> tuple[str, str]:
        """Ranges of the values and of the ranks of the list of column `name`.

        Raises:
            KeyError: the place has none. The lint lets no such formula pass.
        """
        raise KeyError(name)

    def days(self) -> PeriodDays:
        """The days of the period of this row.

        Raises:
            KeyError: the place has none. The lint lets no such formula pass.
        """
        raise KeyError("days")

    def group(self) -> str:
        """Address of the head of this row of measures, or a criterion that every group meets.

        Raises:
            FormulaError: the place is no figure of a measure.
        """
        _only_in_measures("GROUP")

    def period(self) -> str:
        """Address of the head of this column of measures, or a criterion that every period meets.

        Raises:
            FormulaError: the place is no figure of a measure.
        """
        _only_in_measures("PERIOD")

    def measure(self, name: str) -> str:
        """Address of another measure's figure in the same group and period.

        Raises:
            FormulaError: the place is no figure of a measure.
        """
        _only_in_measures("MEASURE")

    def cumulative(self, name: str) -> str:
        """The sum of another measure's figures in the same group, from the first period to this one.

        Raises:
            FormulaError: the place is no figure of a measure.
        """
        _only_in_measures("CUMULATIVE")


def _only_in_measures(name: str) -> NoReturn:
    raise FormulaError(FormulaCode.ONLY_IN_MEASURES, formula=f"{name}()", name=name)


def emit(formula: Formula, place: Place, *, bare: bool = False) -> str:
    """The formula in cell addresses.

    Args:
        formula: one that the lint has let pass.
        place: where it is to stand.
        bare: whether a calculation loses its outermost brackets. It has them so that it may become a part of another.

    Returns:
        The formula, without a leading `=`.

    Raises:
        FormulaError: it names what it may not name at this place.
    """
    found = _emit(formula.tree, place)
    return found[1:-1] if bare and formula.tree.kind == "binary" else found


def quote(text: str) -> str:
    """`text` as a string literal of a formula."""
    return '"' + text.replace('"', '""') + '"'


def blank_test(address: str) -> str:
    """A formula that is TRUE where `address` holds nothing but spaces: the same notion as `text.is_blank`."""
    # TRIM would do for Excel and LibreOffice, but formualizer's takes every space of Unicode
    found = f"CLEAN({address})"
    for space in SHEET_SPACES:
        found = f'SUBSTITUTE({found},"{space}","")'
    return f'{found}=""'


def _emit(node: Node, place: Place) -> str:
    match node.kind:
        case "literal":
            return _literal(node.value)
        case "omitted":
            return ""
        case "this_row":
            return place.value(str(node.value))
        case "whole":
            return place.column(str(node.value))
        case "measure":
            return place.measure(str(node.value))
        case "unary":
            inner = _emit(node.children[0], place)
            return f"({inner}%)" if node.value == "%" else f"({node.value}{inner})"
        case "binary":
            left, right = (_emit(child, place) for child in node.children)
            return f"({left}{node.value}{right})"
        case "function":
            return _macro(node, place) if node.value in MACROS else _function(node, place)
        case _:
            raise FormulaError(FormulaCode.REFERENCE, formula=str(node.value), reference=str(node.value))


def _function(node: Node, place: Place) -> str:
    """A call of a function that is no macro, its arguments written so that all programs agree on what it gives."""
    arguments = [_emit(child, place) for child in node.children]
    if node.value in _OF_A_DATE:
        # a blank is a day of 1899 to LibreOffice and of 1900 to Excel; from serial 61 on they agree
        arguments[0] = f"MAX({FIRST_COMMON_SERIAL},{arguments[0]})"
    elif node.value in _OF_ANYTHING and node.children[0].kind == "function":
        # formualizer lets some errors through: ISNUMBER(FIND("a",1/0))
        arguments[0] = f"IFERROR({arguments[0]},NA())"
    if node.value in _SHIFTING:
        arguments[0] += f"+{_CYCLE_DAYS}"
        return _common_day(str(node.value), arguments)
    if node.value == "DATE" and not _is_common_date(node):
        # a year below 100 is one of this or the last century to LibreOffice, one of 1900 to Excel
        arguments[0] = f"MAX({FIRST_COMMON_DAY.year},{arguments[0]})+{_CYCLE_YEARS}"
        return _common_day("DATE", arguments)
    return f"{node.value}({','.join(arguments)})"


def _common_day(name: str, arguments: list[str]) -> str:
    """A call that makes a day of one `_CYCLE_YEARS` later: back to its own years, and not before the first common day.

    Before that day Excel and LibreOffice count otherwise, and below 1900 Excel knows no days.
    """
    return f"MAX({FIRST_COMMON_SERIAL},{name}({','.join(arguments)})-{_CYCLE_DAYS})"


def _is_common_date(node: Node) -> bool:
    """Whether DATE is asked for a day of the calendar that all programs count alike, in plain numbers."""
    parts = [child.value for child in node.children]
    if not all(isinstance(part, int | float) and float(part).is_integer() for part in parts):
        return False
    year, month, day = (int(part) for part in parts if isinstance(part, int | float))
    return year > FIRST_COMMON_DAY.year and month >= 1 and day >= 1


def _literal(value: object) -> str:
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case int() | float():
            return repr(value).upper()
        case _:
            return quote(str(value))


def _macro(node: Node, place: Place) -> str:
    if node.value == "PREVIOUS":  # the place may have no value of this period for the column
        return place.previous(str(node.children[0].value))
    if node.value == "CUMULATIVE":
        return place.cumulative(str(node.children[0].value))
    inner = [_emit(child, place) for child in node.children]
    match node.value:
        case "GROUP":
            return place.group()
        case "PERIOD":
            return place.period()
        case "MEASURE":
            return inner[0]
        case "BLANK":
            return f"({blank_test(inner[0])})"
        case "FILLED":
            return f"(NOT({blank_test(inner[0])}))"
        case "REFERENCE_DATE":
            return _day(place.days().reference)
        case "IN_PERIOD" | "IN_FISCAL_YEAR":
            days = place.days()
            whole = node.value == "IN_FISCAL_YEAR"
            first, last = (days.year_first, days.year_last) if whole else (days.first, days.last)
            return f"AND({inner[0]}>={_day(first)},{inner[0]}<{_day(last)}+1)"
        case _:
            values, ranks = place.choices(_column_of(node.children[0]))
            # MATCH and COUNTIF would take * and ? for wildcards and 1 for "1".
            return f"SUMPRODUCT(({values}={inner[0]})*{ranks})"


def _day(day: dt.date) -> str:
    return f"DATE({day.year},{day.month},{day.day})"


def _column_of(node: Node) -> str:
    """The column that a CHOICE_RANK is asked of: its own value, or its previous one."""
    return str(node.children[0].value if node.kind == "function" and node.children else node.value)
