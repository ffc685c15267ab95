"""Numbers as people write them in Japanese: 三十二, 二〇二五, 壱百弐拾, 1億2千万, 1,200万, 25百万, 1.5億.

No library does this safely: those that are kept up take no thousands separators and no 廿, and 1.5 through a float.
Here all is exact, and what is not written as a number is none: 三田, 十十, 二三 (two or three, or 23?).
"""

import re
from decimal import Decimal

_ONES = {sign: value for value, sign in enumerate("〇一二三四五六七八九")}
_PLACES = {"千": 1000, "百": 100, "十": 10}
_MYRIADS = {"兆": 10**12, "億": 10**8, "万": 10**4}
_SCALE_WORDS = {"thousand": 10**3, "million": 10**6, "billion": 10**9}
_SHORT_SCALES = {"k": 10**3, "m": 10**6, "mn": 10**6, "bn": 10**9}
"""Scales in short, behind a number only: a unit such as km has none."""
_OLD = str.maketrans(
    dict(zip("壱壹弌弐貳貮弍参參弎拾佰陌阡仟萬", "一一一二二二二三三三十百百千千万", strict=True))
    | {"廿": "二十", "卅": "三十", "零": "〇"}
)
"""Signs of contracts and old registers (大字), and those for twenty and thirty."""

NUMERALS = "〇○◯零一二三四五六七八九十百千万億兆壱壹弌弐貳貮弍参參弎拾佰陌阡仟萬廿卅"
"""Every sign that may stand in a number beside digits, comma and point. A circle is often typed for 〇."""

DIGITS = "[0-9]+(?:,[0-9]{3})+|[0-9]{1,4}(?:,[0-9]{4})+|[0-9]+"
"""Digits, in threes or fours or not set off at all."""

_KANJI = "[一二三四五六七八九]"
_DIGIT = "[1-9一二三四五六七八九]?"
_ARABIC = re.compile(rf"(?:{DIGITS})(?:\.[0-9]+)?|\.[0-9]+")
_IN_ROW = re.compile(f"[〇一二三四五六七八九]*{_KANJI}[〇一二三四五六七八九]*|〇")
_BY_PLACE = re.compile(
    f"(?=.*[千百十])(?:(?P<千>{_DIGIT})千)?(?:(?P<百>{_DIGIT})百)?(?:(?P<十>{_DIGIT})十)?"
    f"(?P<ones>{_KANJI}|[0-9]{{1,3}})?"
)
_TIMES = re.compile(rf"(?P<by>(?:{DIGITS})(?:\.[0-9]+)?)(?P<place>[千百十])")
_PARTS = re.compile(
    "(?:(?P<兆>[^兆億万]+)兆)?(?:(?P<億>[^兆億万]+)億)?(?:(?P<万>[^兆億万]+)万)?(?P<rest>[^兆億万]+)?"
)
_SCALED = re.compile(rf"(?P<by>.+?)(?P<scale>{'|'.join((*_SCALE_WORDS, *_SHORT_SCALES))})")
_CUT_SHORT = re.compile("[兆億][^兆億万]*[千百十]$")
"""1億2千 says 100,002,000, and 120,000,000 is meant."""

_CIRCLES = re.compile("[○◯]")
_TWO_OR_THREE = frozenset("一二 二三 三四 四五 五六 六七 七八 八九".split())


def amount(written: str) -> Decimal | None:
    """The number that `written` (half-width, no spaces, no sign before it) says, exactly; None where it is none."""
    if scaled := _SCALED.fullmatch(written):
        by = _ARABIC.fullmatch(scaled["by"])
        return _decimal(by[0]) * (_SCALE_WORDS | _SHORT_SCALES)[scaled["scale"]] if by else None
    modern = written.translate(_OLD)
    # a circle is a zero only in a row of digits: alone it is a mark
    if any(sign in _ONES for sign in _CIRCLES.sub("", modern)):
        modern = _CIRCLES.sub("〇", modern)
    if modern == "〇" != written:
        return Decimal(0) if written == "零" else None
    found = None if _CUT_SHORT.search(modern) else _PARTS.fullmatch(modern)
    parts = {name: part for name, part in found.groupdict().items() if part} if found else {}
    values = {name: _part(part) for name, part in parts.items()}
    known = {name: value for name, value in values.items() if value is not None}
    if not known or len(known) < len(values) or modern == "〇":
        return None
    if len(known) > 1 and not _fit_together(list(known.values())):
        return None
    return sum((value * _MYRIADS.get(name, 1) for name, value in known.items()), Decimal(0))


def unmistaken(written: str) -> bool:
    """Whether a row of digits is one number: 二三 may be two or three."""
    return written.translate(_OLD) not in _TWO_OR_THREE


def in_digits(text: str) -> str:
    """`text` with the kanji numerals of its years, months and days as digits: 令和六年五月一日, 二〇二四年."""
    return _RUNS.sub(_as_digits, text) if not text.isascii() else text


_RUNS = re.compile(f"[{''.join(_ONES)}十廿卅]+")


def _as_digits(run: re.Match[str]) -> str:
    value = amount(run[0])
    return run[0] if value is None else str(value)


def scale_of(unit: str) -> tuple[int, str]:
    """How many a unit counts, and of what: 千円 is (1000, 円), 百万円 (1000000, 円), £k (1000, £), 件 (1, 件)."""
    if money := _MONEY_UNIT.fullmatch(unit):
        return (1000 if money["zeros"] else int(amount(f"1{money['scale']}") or 1)), money["of"]
    found = _UNIT.fullmatch(unit)
    times = amount(f"1{found['scale']}") if found else None
    return (int(times), found["of"]) if found and times else (1, unit)


_UNIT = re.compile(rf"(?P<scale>[十百千万億兆]+|{'|'.join(_SCALE_WORDS)})(?P<of>.+)")

_MONEY_UNIT = re.compile(
    rf"(?P<of>[£$€¥]|gbp|usd|eur|jpy|pounds?|dollars?|euros?)"
    rf"(?:(?P<scale>{'|'.join((*_SCALE_WORDS, *_SHORT_SCALES))})s?|(?P<zeros>['’]?000s?))"
)
"""£ thousand, £m, £'000."""


def _decimal(digits: str) -> Decimal:
    return Decimal(digits.replace(",", ""))


def _part(written: str) -> Decimal | None:
    """A number without 万, 億 and 兆."""
    if _ARABIC.fullmatch(written):
        return _decimal(written)
    if _IN_ROW.fullmatch(written):
        return Decimal("".join(str(_ONES[digit]) for digit in written))
    if found := _BY_PLACE.fullmatch(written):
        return _by_place(found)
    if found := _TIMES.fullmatch(written):
        return _decimal(found["by"]) * _PLACES[found["place"]]
    return None


def _by_place(found: re.Match[str]) -> Decimal | None:
    """三千五, 2千500, 百二十: what follows the last sign for a place is less than it."""
    total, last = 0, 0
    for place, times in _PLACES.items():
        if (by := found[place]) is not None:
            total, last = total + times * _digits(by or "1"), times
    ones = _digits(found["ones"] or "0")
    return Decimal(total + ones) if ones < last else None


def _digits(written: str) -> int:
    return _ONES[written] if written in _ONES else int(written)


def _fit_together(parts: list[Decimal]) -> bool:
    """Whether parts such as those of 1億2345万 are one number: whole, and each but the first below 10,000."""
    return all(part == int(part) for part in parts) and all(part < 10_000 for part in parts[1:])
