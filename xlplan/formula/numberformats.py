"""What a cell shows of its number: the number format is part of what people read (ECMA-376 part 1, 18.8.30, 18.8.31).

A format has up to four sections: above zero, below zero, zero, text. One that scales (a comma behind the last digit, %)
or names a unit makes the number another one to whoever reads the cell. Days and times are `dayformats`' matter.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cached_property, lru_cache
from math import isfinite

from xlplan.formula.dayformats import DAY_SIGNS, shown_day
from xlplan.formula.excel import SIGNIFICANT_DIGITS

GENERAL = "General"
SIGNS = frozenset(" \u3000()（）-−–△▲+")
"""What stands around a number without making it another one."""
_EXACT = Context(prec=400, rounding=ROUND_HALF_UP)
"""Digits enough for every number that a cell holds."""
TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|_(?P<gap>.)|\*(?P<fill>.)'
    r"|\[(?P<bracket>[^\]]*)\]|(?P<half>AM/PM|A/P)|(?P<general>General|G/標準|標準)"
    r"|(?P<power>E[-+])|(?P<sign>.)",
    re.IGNORECASE | re.DOTALL,
)
CONDITION = re.compile(r"(?P<how>[<>]=?|=|<>)\s*(?P<than>-?[0-9.]+)")
_NO_NUMBER = "#NUM!"
ELAPSED = re.compile("h+|m+|s+", re.IGNORECASE)
CURRENCY = re.compile(r"\$(?P<sign>[^-]*)")
_PLACES = "0#?"

Token = tuple[str, str]
"""What it is ("place", "comma", "point", "percent", "literal", "gap", "day", "general", "text", "power") and how it is
written."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a cell shows of its number, and the same without rounding.

    `odd` is whether it shows another number than it holds, or a unit; `split` whether signs stand between the digits.
    """

    text: str
    exact: str
    odd: bool = False
    split: bool = False


@dataclass(frozen=True)
class Section:
    """One section of a format."""

    tokens: tuple[Token, ...]
    how: str = ""
    than: float = 0.0

    @cached_property
    def is_day(self) -> bool:
        """Whether it shows a day or a time."""
        return any(kind == "day" for kind, _ in self.tokens)

    @cached_property
    def plain(self) -> bool:
        """Whether it shows all that the number is: General, text, an exponent or a fraction."""
        kinds = {kind for kind, _ in self.tokens}
        fraction = ("literal", "/") in self.tokens and "place" in kinds
        return bool(kinds & {"general", "text", "power"}) or fraction

    @property
    def words(self) -> str:
        """All that stands in it as it is written, without what makes no other number of one."""
        literals = (written for kind, written in self.tokens if kind == "literal")
        return "".join("".join(literals).split()).strip("".join(SIGNS))

    @cached_property
    def commas(self) -> int:
        """By how many thousands the number is divided."""
        kinds = [kind for kind, _ in self.tokens if kind in ("place", "comma", "point")]
        whole = kinds[: kinds.index("point")] if "point" in kinds else kinds
        return _at_end(whole) or _at_end(kinds)

    @cached_property
    def percents(self) -> int:
        """How often the number is multiplied by a hundred."""
        return sum(kind == "percent" for kind, _ in self.tokens)

    @cached_property
    def has_digits(self) -> bool:
        """Whether anything of the number is to be seen in it."""
        return self.is_day or self.plain or any(kind == "place" for kind, _ in self.tokens)

    @cached_property
    def says_more(self) -> bool:
        """Whether it scales, or has words or signs that no bare number has."""
        words = "".join(written for kind, written in self.tokens if kind == "literal")
        places = any(kind == "place" for kind, _ in self.tokens)
        return not self.is_day and (
            self.commas + self.percents > 0
            or (not self.plain and not frozenset(words) <= (SIGNS | {*",/:'"} if places else SIGNS))
        )

    def holds(self, value: float) -> bool:
        """Whether the number meets the section's own condition."""
        than = self.than
        found = {"<": value < than, "<=": value <= than, ">": value > than, ">=": value >= than}
        return found.get(self.how, value == than if self.how == "=" else value != than)

    def shown(self, value: Decimal, *, minus: bool) -> Shown:
        """What it shows of a number (not below zero); `minus` is whether a minus has to be put in front."""
        if self.plain:
            words = _around(self.tokens)
            text = f"{'-' if minus else ''}{words[0]}{value:f}{words[1]}"
            return Shown(text, text, odd=self.says_more)
        scaled = value.scaleb(2 * self.percents - 3 * self.commas, _EXACT)
        rounded = scaled.quantize(Decimal(1).scaleb(-_places(self.tokens)), context=_EXACT)
        shown, exact = self._laid_out(rounded), self._laid_out(scaled)
        sign = "-" if minus and rounded else ""
        split = _split(self.tokens)
        odd = self.says_more or not (self.has_digits or value.is_zero())
        return Shown(sign + shown, ("-" if minus else "") + exact, odd, split)

    def _laid_out(self, number: Decimal) -> str:
        """The digits of a number at their places, with what stands around and between them."""
        whole, _, part = f"{number:f}".partition(".")
        before, behind = _halves(_pointed(self.tokens))
        left = _whole(before, whole.lstrip("0"))
        places = "".join(written for kind, written in behind if kind == "place")
        least = places.rfind("0") + 1
        return (left + _part(behind, part.rstrip("0").ljust(least, "0"))).strip()


@dataclass(frozen=True)
class NumberFormat:
    """A number format by its sections."""

    sections: tuple[Section, ...]

    @cached_property
    def unusual(self) -> bool:
        """Whether any number is shown as another one by it, or with a unit, or not at all."""
        blank = any(not section.tokens and not section.how for section in self.sections[:2])
        return blank or any(section.says_more for section in self.sections[:3])

    def shown(self, value: float) -> Shown:
        """What a cell shows that holds a number (finite)."""
        section, by_sign = self._section(value)
        if section.is_day:
            text = shown_day(section.tokens, value)
            return Shown(text, text)
        minus = value < 0 and not by_sign and section.has_digits
        return section.shown(_decimal(abs(value)), minus=minus)

    def _section(self, value: float) -> tuple[Section, bool]:
        """The section of a number, and whether that section says by itself that it is below zero."""
        numbers = self.sections[:3]
        if any(section.how for section in numbers):
            if value < 0 and len(numbers) > 2 and not numbers[1].how:
                return numbers[1], True
            found = next((one for one in numbers if one.how and one.holds(value)), numbers[-1])
            return found, found.how in ("<", "<=") and found.than <= 0
        if value < 0 and len(numbers) > 1:
            return numbers[1], True
        if value == 0 and len(numbers) > 2:
            return numbers[2], False
        return numbers[0], False


@lru_cache(maxsize=1024)
def number_format(code: str) -> NumberFormat:
    """A format by its code."""
    sections: list[list[Token]] = [[]]
    conditions: list[tuple[str, float]] = [("", 0.0)]
    for found in TOKEN.finditer(code):
        if found["sign"] == ";":
            sections.append([])
            conditions.append(("", 0.0))
        elif found["bracket"] and (condition := CONDITION.fullmatch(found["bracket"])):
            conditions[-1] = condition["how"], _number(condition["than"])
        else:
            sections[-1] += _tokens(found)
    return NumberFormat(
        tuple(
            Section(_joined(tokens), *condition)
            for tokens, condition in zip(sections, conditions, strict=True)
        )
    )


def number_text(value: float, code: str) -> str:
    """A number as a person reads it in a cell, rounded as Excel does.

    `code` is its number format: 0, #,##0.0, 0%, £#,##0.00, 0"件".

    Returns:
        The text; of what is no number Excel's error.
    """
    return number_format(code or GENERAL).shown(value).text if isfinite(value) else _NO_NUMBER


def number_in_full(value: float, code: str) -> str:
    """As `number_text`, where a format rounds in all digits: 12.345 is 12.345 by 0.0, and 12.5 is 12.50 by 0.00."""
    return number_format(code or GENERAL).shown(value).exact if isfinite(value) else _NO_NUMBER


def _decimal(value: float) -> Decimal:
    """A number (finite, not below zero) in the digits that a cell keeps of it; a whole one in all of its own."""
    if value < 10**SIGNIFICANT_DIGITS:
        return Decimal(f"{value:.{SIGNIFICANT_DIGITS}g}")
    number = Decimal(str(value))
    whole = number.to_integral_value()
    return whole if whole == number else number


def _number(written: str) -> float:
    try:
        return float(written)
    except ValueError:
        return 0.0


def _tokens(found: re.Match[str]) -> Sequence[Token]:
    """What one piece of a code is; a colour, a fill and a locale are nothing that is read."""
    for kind in ("quoted", "escaped"):
        if found[kind] is not None:
            return [("literal", found[kind])] if found[kind] else []
    if found["bracket"] is not None:
        if ELAPSED.fullmatch(found["bracket"]):
            return [("day", f"[{found['bracket'].lower()}]")]
        currency = CURRENCY.match(found["bracket"])
        return [("literal", currency["sign"])] if currency and currency["sign"] else []
    for kind, what in (("half", "day"), ("general", "general"), ("power", "power")):
        if found[kind]:
            return [(what, found[kind])]
    if found["gap"]:
        return [("gap", " ")]
    return [] if found["sign"] is None else [_of_sign(found["sign"])]


def _of_sign(sign: str) -> Token:
    if sign in _PLACES:
        return "place", sign
    kinds = {",": "comma", ".": "point", "%": "percent", "@": "text"}
    if sign in kinds:
        return kinds[sign], sign
    return ("day", sign.lower()) if sign.lower() in DAY_SIGNS else ("literal", sign)


def _joined(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """The same; signs of one kind of a day are one token: yyyy."""
    made: list[Token] = []
    for kind, written in tokens:
        last = made[-1] if made else ("", "")
        if kind == last[0] == "day" and len(written) == 1 and last[1].endswith(written):
            made[-1] = ("day", last[1] + written)
        else:
            made.append((kind, written))
    return tuple(made)


# --- digits at their places ------------------------------------------------------------------------


def _at_end(kinds: Sequence[str]) -> int:
    """How many commas stand behind the last place for a digit."""
    last = max((at for at, kind in enumerate(kinds) if kind == "place"), default=len(kinds))
    return sum(kind == "comma" for kind in kinds[last + 1 :])


def _halves(tokens: Sequence[Token]) -> tuple[Sequence[Token], Sequence[Token]]:
    """What stands before the decimal point, and from it on."""
    at = next((at for at, (kind, _) in enumerate(tokens) if kind == "point"), len(tokens))
    return tokens[:at], tokens[at:]


def _pointed(tokens: Sequence[Token]) -> Sequence[Token]:
    """The same with a decimal point behind the last place for a digit, where there is none."""
    last = max((at for at, (kind, _) in enumerate(tokens) if kind == "place"), default=-1)
    if last < 0 or any(kind == "point" for kind, _ in tokens):
        return tokens
    return (*tokens[: last + 1], ("point", "."), ("place", "#"), *tokens[last + 1 :])


def _places(tokens: Sequence[Token]) -> int:
    """How many decimals there is place for."""
    return sum(kind == "place" for kind, _ in _halves(tokens)[1])


def _split(tokens: Sequence[Token]) -> bool:
    """Whether a sign stands between two digits: 000-0000."""
    before = _halves(tokens)[0]
    places = [at for at, (kind, _) in enumerate(before) if kind == "place"]
    return bool(places) and any(kind == "literal" for kind, _ in before[places[0] : places[-1]])


def _around(tokens: Sequence[Token]) -> tuple[str, str]:
    """The words before the number and behind it; none behind an exponent or a fraction."""
    at = next((at for at, (kind, _) in enumerate(tokens) if kind not in ("literal", "gap")), len(tokens))
    before, behind = (
        "".join(written for kind, written in some if kind == "literal") for some in (tokens[:at], tokens[at:])
    )
    shortened = ("literal", "/") in tokens or any(kind == "power" for kind, _ in tokens)
    return before, "" if shortened else behind


def _whole(tokens: Sequence[Token], digits: str) -> str:
    """The digits before the decimal point: the last place takes the last digit, the first one all that are left."""
    grouped = any(
        kind == "comma" and any(other == "place" for other, _ in tokens[at:])
        for at, (kind, _) in enumerate(tokens)
    )
    first = next((at for at, (kind, _) in enumerate(tokens) if kind == "place"), -1)
    left, count, made = digits, 0, []
    for at in range(len(tokens) - 1, -1, -1):
        kind, written = tokens[at]
        if kind != "place":
            if kind in ("literal", "gap", "percent"):
                made.append(written)
            continue
        taken = left if at == first else left[-1:]
        left = left[: len(left) - len(taken)]
        for digit in reversed(taken or {"0": "0", "?": " ", "#": ""}[written]):
            if grouped and count and count % 3 == 0:
                made.append(",")
            made.append(digit)
            count += 1
    return "".join(reversed(made))


def _part(tokens: Sequence[Token], digits: str) -> str:
    """The decimal point and the digits behind it: all that there are."""
    places = [at for at, (kind, _) in enumerate(tokens) if kind == "place"]
    made = []
    for at, (kind, written) in enumerate(tokens):
        if kind == "place":
            taken = digits if at == places[-1] else digits[:1]
            digits = digits[len(taken) :]
            made.append(taken)
        elif kind in ("literal", "gap", "percent") or (kind == "point" and digits):
            made.append(written)
    return "".join(made)
