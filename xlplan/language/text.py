"""Text as people type it: compared, kept, measured, suggested and made into file names."""

import json
import re
import unicodedata
import zlib
from collections.abc import Sequence
from functools import cache
from math import ceil

from rapidfuzz import fuzz, process

MAX_FILE_NAME = 100
"""Characters of a file name, so that a workspace some folders deep stays under the 260 of a Windows path."""

MAX_FILE_NAME_BYTES = 200
"""Bytes of a file name in UTF-8: Linux allows 255, and a temporary file adds a few of its own."""

MAX_ENDING = 8
"""Characters behind the last dot that are an ending, kept where a name is cut, and no part of a sentence."""

CLOSE_ENOUGH = 60.0
"""The least likeness (0 to 100) of a suggestion: 検討中 and 検討 are 80, 検討 and 検証 are 50."""

_C0 = "".join(map(chr, range(0x20)))
FORMULA_SIGNS = "=+-@＝＋－＠"
"""Text that begins with one becomes a formula when somebody edits its cell: Excel takes the full-width ones as well."""
_SPACES = (
    "\t\n\v\f\r \x85\xa0\u1680\u180e\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
)
_MARKS = "".join(
    map(
        chr,
        (
            *(0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0, 0xFFFC, 0xE0001),
            *(*range(0x180B, 0x1810), *range(0x202A, 0x202F), *range(0x2061, 0x2070), *range(0xFFF9, 0xFFFC)),
            *(*range(0x1D173, 0x1D17B), *range(0xE0020, 0xE0080)),
        ),
    )
)
"""Signs that nobody sees: marks of the direction, fillers, joiners, the place of an object, tags."""
_SPACES += _MARKS
SHEET_SPACES = " \u3000\xa0\u200b\ufeff"
"""What a cell that counts as blank may hold: the spaces that people type, and those that come with pasted text."""
_BLANK = _C0 + SHEET_SPACES
_MAY_BE_BLANK = _BLANK + "_"  # _x000D_
_VARIATION_SELECTORS = [*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]
_UNSEEN = dict.fromkeys([*map(ord, _SPACES + _C0), *range(0x7F, 0xA0), 0xAD, *_VARIATION_SELECTORS])

_LINE_END = re.compile(r"(?:_x000[Dd]_|\r)\n|\r")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SPACES_AS_ONE = {code: " " if chr(code).isspace() else None for code in _UNSEEN}
_SPACE_NOT_BETWEEN_DIGITS = re.compile("(?<![0-9]) | (?![0-9])")
_PRINTABLE_MARKS = frozenset(mark for mark in _MARKS if mark.isprintable())
_WAVES = str.maketrans(dict.fromkeys("〜∼〰∿", "~"))


def fold(text: str) -> str:
    """The key by which labels, headers and choices are compared.

    Forgets width and case, how kana is composed, every space and unseen character, and which wave dash
    was typed: `fold("ＩＣＴ　活用") == fold("ict活用")`. Not meant to be shown.
    """
    if text.isascii():
        return text.translate(_UNSEEN).casefold()
    seen = unicodedata.normalize("NFKC", text.translate(_UNSEEN)).casefold().translate(_UNSEEN)
    return unicodedata.normalize("NFKC", seen).translate(_UNSEEN).translate(_WAVES)


_LOOK_ALIKES = {
    ord(fold(sign)): fold(group[0])
    for group in (
        *("○◯〇⚪⭘⭕OОΟ", "×✕✖╳☓⨯❌✗✘XХΧ", "△▵∆Δ", "◎⊚⦾", "●⚫⬤", "▲▴🔺", "✓✔"),
        *("-−‐‒–—―─━ー", "/⁄∕╱⧸"),
    )
    for sign in group
}
"""By folded sign, the first of its group. The O and X stand there as Latin, Cyrillic and Greek letters."""

_DOUBTFUL = {"▲": "△-"} | dict.fromkeys("●⦿⊙◉☉", "○◎●")
"""Signs that people take for more than one other, with those: ● is a filled ○, or a ◎ run together."""


def look_alike(text: str) -> str:
    """A coarser key than `fold`: equal for signs that people take for each other (◯〇О○o, ✕xΧ×, －ー―, ／∕)."""
    return fold(text).translate(_LOOK_ALIKES)


def could_be(text: str, word: str) -> bool:
    """Whether `text` may have been meant as `word`, a doubtful sign (● ⦿ ▲) standing for any it is taken for."""
    typed, wanted = look_alike(text), look_alike(word)
    return len(typed) == len(wanted) and all(
        typed_sign == sign or sign in _DOUBTFUL.get(typed_sign, "")
        for typed_sign, sign in zip(typed, wanted, strict=True)
    )


def line_ends(text: str) -> str:
    """`text` with every line end as LF, also where a program left `_x000D_` of the CR of CR LF.

    By itself `_x000D_` is what somebody typed, and stays.
    """
    return _LINE_END.sub("\n", text)


def tidy(text: str) -> str:
    """`text` as it is kept: line ends as LF, nothing that a file cannot hold, no space around it.

    Control characters (but LF and TAB) and lone surrogates go; all else stays as typed.
    """
    plainly = text.isprintable() and _PRINTABLE_MARKS.isdisjoint(text)  # its only space is the ordinary one
    if plainly and "_x000" not in text:
        return text.strip(" ")
    return strip(line_ends(_UNWRITABLE.sub("", text)))


def is_writable(text: str) -> bool:
    """Whether a file can hold all of `text`: it has no control characters and no half of a surrogate pair."""
    return not _UNWRITABLE.search(text.replace("\r", ""))


def units(text: str) -> int:
    """The length of `text` as Excel counts it: in UTF-16, in which 𠮷 is 2."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def shortened(text: str, limit: int) -> str:
    """`text` where it is no longer than `limit` as Excel counts it; else cut, with … to show it."""
    if 2 * len(text) <= limit or units(text) <= limit:
        return text
    kept = text.encode("utf-16-le", "surrogatepass")[: 2 * (limit - 1)]
    return kept.decode("utf-16-le", "ignore") + "…"


def strip(text: str) -> str:
    """`text` without the spaces around it: of any width, zero included."""
    return text.strip(_SPACES)


def is_blank(value: object) -> bool:
    """Whether a cell counts as blank: None, or text of `SHEET_SPACES` and control characters only.

    The same as the sheet's own `SUBSTITUTE(…SUBSTITUTE(CLEAN(x)," ","")…)=""`, for which a space of another
    width (U+2003) is not blank. Zero and FALSE are not blank.
    """
    if not isinstance(value, str):
        return value is None
    if value and value[0] not in _MAY_BE_BLANK:
        return False
    return not line_ends(value).strip(_BLANK)


def plain(text: str) -> str:
    """`text` for reading numbers and dates: half-width, without spaces but those between two digits.

    Signs that carry a number (², ①, ⑴) stay as they are: 10² is not 102, and ⑴ is not −1.
    """
    half = text if text.isascii() else "".join(map(_half_width, text))
    return _SPACE_NOT_BETWEEN_DIGITS.sub("", " ".join(half.translate(_SPACES_AS_ONE).split()))


def _half_width(character: str) -> str:
    return character if unicodedata.category(character) == "No" else unicodedata.normalize("NFKC", character)


def display_width(text: str) -> int:
    """The width of one line of `text` in half-width characters: full-width and ambiguous ones count 2."""
    return len(text) if text.isascii() else sum(map(_width, text))


@cache
def _width(character: str) -> int:
    if unicodedata.combining(character) or (ord(character) in _UNSEEN and not character.isspace()):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "FWA" else 1


_UNBROKEN = re.compile(r"[!-\u02ff]+ *|.", re.DOTALL)
"""What is kept on one line where it fits: a Latin word with the spaces behind it, or one character."""


def wrapped_lines(text: str, width: float) -> int:
    """How many lines `text` takes in a column of `width` half-width characters; at least 1."""
    return sum(_lines_of_paragraph(paragraph, max(int(width), 2)) for paragraph in text.split("\n"))


def _lines_of_paragraph(paragraph: str, width: int) -> int:
    if display_width(paragraph) <= width:
        return 1
    lines, used = 1, 0
    for piece in _UNBROKEN.findall(paragraph):
        needed = display_width(piece.rstrip(" "))
        if used and used + needed > width:
            lines, used = lines + 1, 0
        cuts = max(ceil(needed / width) - 1, 0)
        lines, used = lines + cuts, used + display_width(piece) - cuts * width
    return lines


def nearest(word: str, words: Sequence[str]) -> str:
    """The one of `words` that `word` was probably meant to be, or "" when none is close.

    Else the longest that stands within it (完了 in 完了しました). One character is never close to another.
    """
    key, keys = fold(word), [fold(candidate) for candidate in words]
    if not key:
        return ""
    found = process.extractOne(key, keys, scorer=fuzz.ratio, score_cutoff=CLOSE_ENOUGH)
    if found:
        return words[found[2]]
    within = [
        candidate
        for candidate, its_key in zip(words, keys, strict=True)
        if len(its_key) > 1 and its_key in key
    ]
    return max(within, key=len, default="")


def likeness(word: str, other: str) -> float:
    """How much two words are alike, from 0 to 100; width, case and spaces make no difference."""
    return fuzz.ratio(fold(word), fold(other))


_RESERVED_NAME = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])\s*(?:\.|$)", re.IGNORECASE
)
_RESERVED_SIGNS = re.compile(r'[<>:"/\\|?*]')


def safe_file_name(name: str, tail: str = "") -> str:
    """`name` with `tail` as one file name that Windows, macOS and Linux take; never empty.

    Where it is too long, `name` is cut and bears a number that stands for all of it, so that two names that differ
    in what is cut stay two. `tail`, or without one an ending (.xlsx), is kept. Two names that differ in signs or in
    case only may become one: whoever names several files looks after that.
    Source: Microsoft, "Naming Files, Paths, and Namespaces".
    """
    seen = "".join(
        " " if character.isspace() else character
        for character in name + tail
        if character.isspace() or _nameable(character)
    )
    composed = re.sub(" +", " ", unicodedata.normalize("NFC", seen))
    kept = re.sub(r"^~\$", "_", _RESERVED_SIGNS.sub("_", composed).strip(" ."))
    return _fitting(f"_{kept}" if not kept or _RESERVED_NAME.match(kept) else kept, tail)


def _nameable(character: str) -> bool:
    return unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Cn"}


def _fitting(name: str, tail: str) -> str:
    """`name` cut to the limits, before its tail if it has one."""
    if len(name) <= MAX_FILE_NAME and len(name.encode()) <= MAX_FILE_NAME_BYTES:
        return name
    if not tail:
        stem, dot, ending = name.rpartition(".")
        if stem and len(ending) <= MAX_ENDING and ending.isascii():
            tail = dot + ending
    tail = f"~{zlib.crc32(name.encode()):08x}{tail}"
    cut = name[: MAX_FILE_NAME - len(tail)].encode()[: MAX_FILE_NAME_BYTES - len(tail.encode())]
    return cut.decode(errors="ignore").rstrip(" .") + tail


_STEERING = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f]"
)
"""Signs that steer a terminal, turn the direction of writing, or stand there unseen: all of Unicode's controls and
formats but the two joiners, which emoji and scripts need; and halves of characters."""


def visible(words: str) -> str:
    """Text for a terminal: what would steer it, turn its direction or not be seen stands as an escape."""
    return _STEERING.sub(lambda found: ascii(found[0])[1:-1], words)


def visible_in_json(document: str) -> str:
    """A JSON text in which the same signs stand as JSON's own escapes: it says the same."""

    def escaped(found: re.Match[str]) -> str:
        return found[0] if found[0] == "\n" else json.dumps(found[0])[1:-1]

    return _STEERING.sub(escaped, document)
