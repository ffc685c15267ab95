"""Numbers out of raw cell values, with their units, against the unit of the field."""

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple
from unicodedata import normalize

from xlplan.fields.cells import Converted, as_text, whole_in
from xlplan.formula.excel import SIGNIFICANT_DIGITS
from xlplan.language.numerals import DIGITS, NUMERALS, amount, scale_of, unmistaken
from xlplan.language.text import fold, plain
from xlplan.model.codes import FindingCode

_MINUS = "−‐–△▲-"
_NUMBER = re.compile(rf"(?P<sign>[+{_MINUS}]?)(?P<whole>{DIGITS})?(?P<fraction>\.[0-9]+)?")
_MONEY_WORD = "(?:gbp|jpy|usd|eur|pounds?|dollars?|euros?|yen|[¥£$€])"


def _amount_with(short: str) -> re.Pattern[str]:
    """A number with its unit, its scale in a word or in `short` where nothing stands behind but money."""
    return re.compile(
        rf"(?P<sign>[+{_MINUS}]?)(?P<money>[¥\\£$€]|(?:gbp|jpy|usd|eur)(?=[.0-9{_MINUS}]))?"
        rf"(?P<behind>[+{_MINUS}])?"
        rf"(?P<amount>[0-9.,{NUMERALS}]+(?:thousand|million|billion|(?:{short})(?=$|{_MONEY_WORD}$))?)"
        r"(?P<unit>.*)",
        re.IGNORECASE | re.DOTALL,
    )


_WRITTEN, _WRITTEN_OF_MONEY = _amount_with("k"), _amount_with("k|mn?|bn")
_MONEY = re.compile(_MONEY_WORD, re.IGNORECASE)
_MONEY_SIGNS = ("£", "$", "€", "円")
_OF_NO_UNIT = ("£", "$", "€")
"""Money that may stand at a number where neither the field nor the plan's locale names any: it is told."""
_BRACKETED = re.compile(r"\((?P<inner>[^()]+)\)(?P<unit>[^()]*)")
_SCALE_AT_END = re.compile(
    "(?:[千万億兆阡仟萬]|thousand|million|billion|(?<=[0-9])(?:k|mn?|bn))$", re.IGNORECASE
)
_ABOUT = re.compile(
    "^[~〜∼≒≈<>≦≧≤≥]|^(?:about|approx\\.?|around|over|under)"
    "|約|およそ|おおよそ|凡そ|概ね|おおむね|ほぼ|だいたい|大体|推定|概算|見込み?|最大|最低|最高|上限|下限"
    "|く?らい|ぐらい|ほど|程度?|前後|以上|以下|未満|以内|超|弱|強|余り?|あまり|近く|数|\\?+$|\\+$",
    re.IGNORECASE,
)
"""Words and signs that make a number an estimate or a bound."""

_BETWEEN = re.compile(rf"[~〜∼〰、・/―—ー{_MINUS}]|から|ないし|乃至|または|又は|or|to", re.IGNORECASE)
_POWER = re.compile(r"[0-9]e[-+]?[0-9]", re.IGNORECASE)
_UNIT_WORD = re.compile(r"[^\W\d_]{1,6}|[%¥£$€]")
"""What is named as the other unit: a short word or sign; more is a remark."""

_KA = re.compile("[ヶヵケカ箇个個ゕゖ](?=[所月国年])")
_SAME = {
    **dict.fromkeys(("yen", "jpy", "¥", "\\"), "円"),
    **dict.fromkeys(("gbp", "pound", "pounds", "sterling", "poundssterling"), "£"),
    **dict.fromkeys(("usd", "dollar", "dollars"), "$"),
    **dict.fromkeys(("eur", "euro", "euros"), "€"),
    **dict.fromkeys(("パーセント", "percent", "pct"), "%"),
}
PERCENT = "%"
_MOST_DIGITS = 20
"""Digits of a number, zeros included, that decimal arithmetic keeps exactly whatever the unit."""

_LONGEST = 60
"""Characters of a text that may be a number; a longer one is a remark."""


class Unit(NamedTuple):
    """What a unit counts, and how many of it: 千円 is 1000 円."""

    times: int
    of: str


_WITH_MINOR_UNIT = frozenset(Unit(1, money) for money in ("£", "$", "€", "gbp", "usd", "eur"))
"""Money that is counted in hundredths as well."""


@lru_cache(maxsize=1024)
def unit_of(written: str) -> Unit:
    """A unit in whatever spelling: width and case do not count, nor which か a か所 is written with."""
    times, of = scale_of(_KA.sub("か", fold(written)))
    return Unit(times, _SAME.get(of, of))


def has_minor_unit(written: str) -> bool:
    """Whether a unit is money with pence or cents; not thousands of it, nor yen."""
    return unit_of(written) in _WITH_MINOR_UNIT


class Asked(NamedTuple):
    """What a field asks for: a number of `unit` (empty for none), with `whole` one without decimals.

    `home` is the money that may stand at a number where the field names no unit.
    """

    unit: str
    whole: bool
    home: str = ""

    @property
    def fault(self) -> FindingCode:
        """The finding of what is no such number."""
        return FindingCode.TYPE_WHOLE if self.whole else FindingCode.TYPE_NUMBER


def read_amount(raw: object, typed: str, unit: str, *, whole: bool, home: str = "") -> Converted:
    """A number, however it is typed, in the unit of its field. A bare one is in that unit.

    Args:
        raw: What the cell holds.
        typed: What a person typed for it.
        unit: The unit of the field; empty where it has none.
        whole: Whether the field takes no decimals.
        home: The sign of the money of the plan's locale.

    Returns:
        The number, or the finding that it is none.
    """
    asked = Asked(unit, whole, home)
    fault = Converted(typed, asked.fault)
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        return fault
    if not isinstance(raw, str):
        if not whole:
            return Converted(raw)
        read = raw if isinstance(raw, int) else whole_in(raw)
        if read is None:
            # one next to nothing, written with an exponent, is no number that anybody would round
            return _decimal(Decimal(typed), typed) if _NUMBER.fullmatch(typed) else fault
        return Converted(read)
    spoken = plain(raw)
    number = _digits_only(spoken)
    if number is None:
        return _in_words(spoken, typed, asked) if len(spoken) <= _LONGEST else fault
    if not (whole and isinstance(number, float)):
        return Converted(number, changed=True)
    read = whole_in(number)
    if read is None:
        return _decimal(Decimal(as_text(number)), typed)
    return Converted(read, changed=True)


def _decimal(number: Decimal, typed: str) -> Converted:
    """The fault of a number with decimals where none can stand, and what it is when rounded."""
    return Converted(
        typed, FindingCode.TYPE_WHOLE_DECIMAL, suggestion=f"{number.quantize(0, ROUND_HALF_UP):,}"
    )


def _digits_only(spoken: str) -> int | float | None:
    """The number in digits: thousands set off by commas, minus as −, △, ▲ or brackets; None for lists as 1,2,3."""
    bracketed = spoken.startswith("(") and spoken.endswith(")")
    found = _NUMBER.fullmatch(spoken[1:-1] if bracketed else spoken)
    if not found or not (found["whole"] or found["fraction"]) or (bracketed and found["sign"]):
        return None
    digits = (found["whole"] or "0").replace(",", "")
    if len(digits) > SIGNIFICANT_DIGITS:
        return None
    number = float(digits + found["fraction"]) if found["fraction"] else int(digits)
    minus = bracketed or (found["sign"] and found["sign"] in _MINUS)
    return 0 - number if minus else number


def says_number(typed: str, number: float) -> bool:
    """Whether a text says this very number, with a unit that stands for one of a kind or none: 1,200円 of 1200."""
    found = _read(normalize("NFC", plain(typed)))
    return (
        found is not None
        and not found.scaled
        and unit_of(found.unit).times == 1
        and unit_of(found.unit).of != PERCENT
        and found.value == Decimal(as_text(number))
    )


# --- with units and kanji ---------------------------------------------------------------------------


class _Amount(NamedTuple):
    """A number that was read, as it is written and what it says, and its unit as typed."""

    written: str
    value: Decimal
    unit: str

    @property
    def scaled(self) -> bool:
        """Whether it ends with 千, 万, 億 or 兆."""
        return bool(_SCALE_AT_END.search(self.written))

    @property
    def in_digits(self) -> bool:
        """Whether digits stand in it, and not kanji alone."""
        return any(map(str.isdecimal, self.written))

    @property
    def only_scale(self) -> bool:
        """Whether it has no digit of any kind: 千円 may be what is left of 1,200千円."""
        return not self.written.strip("十百千万億兆拾佰陌阡仟萬")


def _in_words(spoken: str, typed: str, asked: Asked) -> Converted:
    """A number with kanji, with a unit, or none; and why it is refused, where that can be said."""
    spoken = normalize("NFC", spoken)
    wanted = unit_of(asked.unit or asked.home)
    found = _read(spoken, money=wanted.of in _MONEY_SIGNS)
    if found is None:
        return Converted(typed, _no_number(spoken) or asked.fault)
    typed_unit = unit_of(found.unit)
    if found.only_scale and wanted.times > 1:
        return Converted(typed, asked.fault)
    if not found.unit:
        return _bare(found, typed, asked)
    if typed_unit == Unit(1, wanted.of) or (not wanted.of and typed_unit.of in _OF_NO_UNIT):
        return _in_unit(found.value / wanted.times, typed, asked)
    if why := _no_number(spoken):
        return Converted(typed, why)
    if asked.unit and found.in_digits and _UNIT_WORD.fullmatch(found.unit):
        return Converted(typed, FindingCode.AMOUNT_UNIT, suggestion=found.unit)
    return Converted(typed, asked.fault)


def _bare(found: _Amount, typed: str, asked: Asked) -> Converted:
    """A number without a unit is in the field's; but 1,200千 for 千円 may be 1,200 or 1,200,000."""
    times = unit_of(asked.unit).times
    if times == 1 or not found.scaled:
        return _in_unit(found.value, typed, asked)
    read = [_in_unit(value, typed, asked) for value in (found.value / times, found.value)]
    could = " / ".join(str(reading.value) for reading in read if not reading.fault)
    return Converted(typed, FindingCode.AMOUNT_SCALE, suggestion=could)


def _in_unit(value: Decimal, typed: str, asked: Asked) -> Converted:
    if value == int(value):
        return Converted(int(value), changed=True)
    if asked.whole and asked.unit:
        return Converted(typed, FindingCode.AMOUNT_INEXACT, suggestion=f"{value.normalize():f}")
    return _decimal(value, typed) if asked.whole else Converted(float(value), changed=True)


def _read(spoken: str, *, money: bool = False) -> _Amount | None:
    """A number with what stands behind it; None where no number stands in front. Of `money` 4.3m is in millions."""
    bracketed = _BRACKETED.fullmatch(spoken)
    shape = _WRITTEN_OF_MONEY if money or _MONEY.search(spoken) else _WRITTEN
    found = shape.fullmatch(bracketed["inner"] + bracketed["unit"] if bracketed else spoken)
    if not found or _signed_twice(found, bool(bracketed)):
        return None
    if sum(map(str.isdecimal, found["amount"])) > _MOST_DIGITS:
        return None
    value = amount(found["amount"].casefold())
    if (
        value is None
        or len(value.normalize().as_tuple().digits) > SIGNIFICANT_DIGITS
        or value >= 10**SIGNIFICANT_DIGITS
    ):
        return None
    unit = found["money"] or found["unit"]
    if (found["money"] and found["unit"]) or not unmistaken(found["amount"]):
        return None
    sign = found["sign"] or found["behind"]
    minus = bracketed or (sign and sign in _MINUS)
    return _Amount(found["amount"], 0 - value if minus else value, unit)


def _signed_twice(found: re.Match[str], bracketed: bool) -> bool:
    """Whether signs stand around an amount that say nothing together; one may stand behind money only: £-5."""
    signs = (bracketed, bool(found["sign"]), bool(found["behind"]))
    return sum(signs) > 1 or (bool(found["behind"]) and not found["money"])


def _no_number(spoken: str) -> str:
    """Why what holds numbers is not one: a range or several, or an estimate; empty where neither is plain."""
    if _POWER.search(spoken):
        return ""
    sure = _ABOUT.sub("", spoken)
    parts = _BETWEEN.split(sure.lstrip(f"+{_MINUS}"))
    several = len(parts) == 2 or "、" in sure  # 2024-05-01 is a date
    if several and all(part and _read(part) for part in parts):
        return FindingCode.AMOUNT_RANGE
    return FindingCode.AMOUNT_ESTIMATE if sure != spoken and _read(sure) else ""
