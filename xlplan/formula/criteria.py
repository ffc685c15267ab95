"""What a criterion of COUNTIFS and its kin is met by, as Excel and LibreOffice have it.

A text may begin with an operator; `*` stands for any signs, `?` for one, `~` before either for the sign itself. Only
whole cells meet it, whatever the case. What reads as a number is compared with numbers, and with texts that are
written so. LibreOffice is the judge (`tests/formula/test_criteria.py`); the lint refuses what Excel and LibreOffice
take differently.
"""

import operator
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from xlplan.formula.excel import FIRST_COMMON_SERIAL, LAST_SERIAL_DAY, SERIAL_DAY_ZERO, SIGNIFICANT_DIGITS

Test = Callable[[object], bool]

_OPERATOR = re.compile(r"<>|<=|>=|=|<|>")
_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:,[0-9]{3})*(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?%?")
_DAY = re.compile(r"([0-9]{4})([-/])([0-9]{1,2})\2([0-9]{1,2})")
_ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}


def serial(value: object) -> object:
    """A cell's value as a sheet has it: a day by its serial number, all else as it is."""
    if isinstance(value, datetime):
        return (value - SERIAL_DAY_ZERO).total_seconds() / 86_400
    if isinstance(value, date):
        return float((value - SERIAL_DAY_ZERO.date()).days)
    return value


def day_of(number: float) -> date | float:
    """The day that a whole serial number counts; the number itself where it counts none that all programs agree on."""
    if not number.is_integer() or not FIRST_COMMON_SERIAL <= number <= LAST_SERIAL_DAY:
        return number
    return SERIAL_DAY_ZERO.date() + timedelta(days=int(number))


def number_of(value: object) -> float | None:
    """A number with the digits that a sheet keeps; None for what is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(f"{value:.{SIGNIFICANT_DIGITS}g}")


@cache
def criterion(wanted: str | float) -> Test:
    """The test of a criterion.

    Args:
        wanted: What stands in the formula: a number, or a text with or without an operator.

    Returns:
        Whether a value meets it. Values are as `serial` gives them.
    """
    if not isinstance(wanted, str):
        return _compared("=", float(wanted))
    found = _OPERATOR.match(wanted)
    sign, rest = (found[0], wanted[found.end() :]) if found else ("", wanted)
    if rest == "":
        return _of_nothing(sign)
    read = _number(rest)
    return _compared(sign or "=", read, rest) if read is not None else _worded(sign or "=", rest)


def _of_nothing(sign: str) -> Test:
    """A criterion without a word; a formula that gives "" is blank to no operator."""
    if sign == "":
        return lambda value: value is None or value == ""
    if sign == "=":
        return lambda value: value is None
    if sign == "<>":
        return lambda value: value is not None
    return lambda value: False


def _number(text: str) -> float | None:
    """The number that a criterion's text reads as: digits, a percentage, a day with its year first."""
    shown = text.strip()
    if _NUMBER.fullmatch(shown):
        plain = shown.replace(",", "")
        return float(plain[:-1]) / 100 if plain.endswith("%") else float(plain)
    if found := _DAY.fullmatch(shown):
        try:
            day = date(int(found[1]), int(found[3]), int(found[4]))
        except ValueError:
            return None
        number = (day - SERIAL_DAY_ZERO.date()).days
        return float(number) if number >= FIRST_COMMON_SERIAL else None
    return None


def _compared(sign: str, wanted: float, written: str | None = None) -> Test:
    """A comparison with a number, which a text meets that is `written` like it."""
    exact, folded = number_of(wanted), None if written is None else written.casefold()

    def same(value: object) -> bool:
        return value.casefold() == folded if isinstance(value, str) else number_of(value) == exact

    if sign == "=":
        return same
    if sign == "<>":
        return lambda value: not same(value)
    order = _ORDERS[sign]

    def ordered(value: object) -> bool:
        number = number_of(value)
        return number is not None and order(number, exact)

    return ordered


def _worded(sign: str, wanted: str) -> Test:
    """A comparison with a text."""
    if sign in _ORDERS:
        order, folded = _ORDERS[sign], wanted.casefold()
        return lambda value: isinstance(value, str) and order(value.casefold(), folded)
    pattern = re.compile(_pattern(wanted), re.IGNORECASE | re.DOTALL)
    if sign == "<>":
        return lambda value: not (isinstance(value, str) and pattern.fullmatch(value))
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _pattern(wanted: str) -> str:
    """A text with wildcards as a regular expression."""
    parts, at = list[str](), 0
    while at < len(wanted):
        sign = wanted[at]
        if sign == "~" and at + 1 < len(wanted):
            at += 1
            parts.append(re.escape(wanted[at]))
        else:
            parts.append({"*": ".*", "?": "."}.get(sign) or re.escape(sign))
        at += 1
    return "".join(parts)


def is_number(text: str) -> bool:
    """Whether a criterion's text, without its operator, is compared with numbers; a blank one is with nothing."""
    return not text.strip() or _number(text) is not None


def literal(text: str) -> str:
    """A criterion's text that only `text` itself meets, where it does not begin with an operator."""
    return re.sub(r"[*?~]", r"~\g<0>", text)
