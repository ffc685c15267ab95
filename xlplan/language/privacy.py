"""What should not stand in free text: personal numbers, card numbers, e-mail addresses, mobile telephone numbers.

A warning tells of them before they reach a summary, and whatever is shown of the text shows them masked. Digits and
signs of any width count, in one run or in the groups in which people write them. Left alone are sums of money,
times of day written as twelve digits, and parts of longer numbers, codes and web addresses. Of telephone numbers
only those of mobile telephones belong to a person; a counter's or an office's may stand in a report.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

MASK = "…"
"""Stands for what is not shown."""
SHOWN = 4
"""Digits at the end of a number that stay when it is masked."""


class PersonalKind(StrEnum):
    """What a text gives away."""

    PERSONAL_NUMBER = "personal_number"
    CARD_NUMBER = "card_number"
    MAIL_ADDRESS = "mail_address"
    MOBILE_NUMBER = "mobile_number"


@dataclass(frozen=True, slots=True)
class Sign:
    """One place in a text, from `start` to before `end`, and what it gives away."""

    kind: PersonalKind
    start: int
    end: int


_HYPHENS = "‐‑‒–—―−ー─"
_HALF = str.maketrans(dict.fromkeys(_HYPHENS, "-") | {"\u3000": " ", "\xa0": " "})
_LONG_NUMBER = re.compile(r"[0-9０-９][0-9０-９\W_ー]{10}")
"""What a text must hold that could hold a number of a person: nearly all others cost one search."""

_BEFORE = r"(?<![0-9A-Za-z_¥$\\])(?<![0-9][-.,/:#])(?<![A-Za-z][-#])(?<![0-9] )(?<![¥$] )"
_BEHIND = (
    r"(?![0-9A-Za-z_])(?![-.,/:][0-9])(?!-[A-Za-z])(?! [0-9])"
    r"(?! ?(?:円|千円|万|百万|億|兆|件|人|個|%|yen\b|JPY\b))"
)


def _number(*shapes: str) -> re.Pattern[str]:
    """A number of one of these shapes, in which `~` stands for a hyphen or a space, the same throughout."""
    found = []
    for at, shape in enumerate(shapes):
        first, sign, rest = shape.partition("~")
        rest = rest.replace("~", f"(?P=s{at})")
        found.append(f"{first}(?P<s{at}>[- ]){rest}" if sign else first)
    return re.compile(f"{_BEFORE}(?:{'|'.join(found)}){_BEHIND}", re.ASCII)


_PERSONAL = _number(r"\d{12}", r"\d{4}~\d{4}~\d{4}")
_CARD = _number(r"[2-6]\d{13,15}", r"[2-6]\d{3}~\d{4}~\d{4}~\d{4}", r"3\d{3}~\d{6}~\d{4,5}")
_MOBILE = _number(
    *(r"0[6-9]0\d{8}", r"0[6-9]0~\d{4}~\d{4}", r"0[6-9]0\(\d{4}\)\d{4}"),
    *(r"\+81 ?[6-9]0\d{8}", r"\+81~[6-9]0~\d{4}~\d{4}"),
)
_MAIL = re.compile(
    r"[A-Za-z0-9._%+'-]*[A-Za-z0-9_+-]@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,24}"
)
_AT = re.compile("[@＠﹫]")
_ADDRESS = re.compile(r"(?:https?|ftp)://[!-~]+")

_CARDS = re.compile(
    r"4[0-9]{15}|(?:5[1-5]|6[25])[0-9]{14}|6011[0-9]{12}|64[4-9][0-9]{13}|352[89][0-9]{12}|35[3-8][0-9]{13}"
    r"|3[47][0-9]{13}|3(?:0[0-5]|[689][0-9])[0-9]{11}"
    r"|2(?:22[1-9]|2[3-9][0-9]|[3-6][0-9]{2}|7[01][0-9]|720)[0-9]{12}"
)
"""How many digits each brand's numbers have, and with which they begin (ISO/IEC 7812, as its issuers publish):
Visa, Mastercard, UnionPay, Discover, JCB, American Express, Diners Club."""


def signs(text: str) -> tuple[Sign, ...]:
    """What `text` gives away, from left to right; no two places overlap."""
    if not ("@" in text or "＠" in text or "﹫" in text or _LONG_NUMBER.search(text)):
        return ()
    half = "".join(map(_half, text)).translate(_HALF)
    found: list[Sign] = []
    for sign in _found(half):
        if all(sign.end <= other.start or sign.start >= other.end for other in found):
            found.append(sign)
    return tuple(sorted(found, key=lambda sign: sign.start))


def masked(text: str) -> str:
    """`text` with all that it gives away made unreadable: of numbers the last four digits stay, of mail the domain."""
    found = signs(text)
    shown, at = "", 0
    for sign in found:
        inside = text[sign.start : sign.end]
        kept = _AT.split(inside)[-1] if sign.kind is PersonalKind.MAIL_ADDRESS else inside[-SHOWN:]
        shown += f"{text[at : sign.start]}{MASK}{'@' if sign.kind is PersonalKind.MAIL_ADDRESS else ''}{kept}"
        at = sign.end
    return shown + text[at:]


def _half(character: str) -> str:
    """One character for one: half-width where it has such a form, but for numbers that carry more (², ①)."""
    if character.isascii() or unicodedata.category(character) == "No":
        return character
    half = unicodedata.normalize("NFKC", character)
    return half if len(half) == 1 else character


def _found(half: str) -> Iterator[Sign]:
    """Every sign in a half-width text; those that come first count where two overlap."""
    for match in _MAIL.finditer(half):
        yield Sign(PersonalKind.MAIL_ADDRESS, *match.span())
    plain = _ADDRESS.sub(lambda address: "_" * len(address[0]), half)
    tests = (
        (PersonalKind.CARD_NUMBER, _CARD, _is_card),
        (PersonalKind.PERSONAL_NUMBER, _PERSONAL, is_personal_number),
        (PersonalKind.MOBILE_NUMBER, _MOBILE, bool),
    )
    for kind, shape, test in tests:
        for match in shape.finditer(plain):
            if test(re.sub("[^0-9]", "", match[0])):
                yield Sign(kind, *match.span())


def is_personal_number(digits: str) -> bool:
    """Whether twelve digits are an individual number (マイナンバー) by their check digit, and no time of day.

    With P(n) the n-th of the eleven digits before the check digit, counted from the right, and Q(n) = n + 1 up to the
    sixth and n - 5 from the seventh on, the check digit is 11 less the rest of ΣP(n)·Q(n) divided by 11, and 0
    where that rest is 0 or 1. Source: 行政手続における特定の個人を識別するための番号の利用等に関する法律の規定による
    通知カード及び個人番号カード並びに情報提供ネットワークシステムによる特定個人情報の提供等に関する省令
    （平成26年総務省令第85号）第5条.
    """
    if len(set(digits)) == 1 or _is_moment(digits):
        return False
    turned = [int(digit) for digit in reversed(digits[:-1])]
    rest = sum(p * (n + 1 if n <= 6 else n - 5) for n, p in enumerate(turned, 1)) % 11
    return int(digits[-1]) == (0 if rest <= 1 else 11 - rest)


def _is_moment(digits: str) -> bool:
    """Whether twelve digits are year, month, day, hour and minute, as in the names of files."""
    if digits[:2] not in ("19", "20"):
        return False
    try:
        datetime.strptime(digits, "%Y%m%d%H%M")
    except ValueError:
        return False
    return True


def _is_card(digits: str) -> bool:
    """Whether digits are a card's: length and beginning of a known brand, and the check digit.

    Source: ISO/IEC 7812-1, annex B (Luhn): from the right every second digit is doubled, and the digits of all sum
    up to a multiple of ten.
    """
    if not _CARDS.fullmatch(digits):
        return False
    turned = [int(digit) for digit in reversed(digits)]
    return sum(turned[::2] + [sum(divmod(2 * digit, 10)) for digit in turned[1::2]]) % 10 == 0
