"""Lines of a terminal: broken at words, and in Japanese where the rules of line breaking allow it (kinsoku).

Source of what may not begin or end a line: JIS X 4051, 行頭禁則 and 行末禁則.
"""

import re
from itertools import pairwise

from xlplan.language.text import display_width

_NOT_FIRST = frozenset(
    "、。，．・：；？！゛゜´｀¨ー―…‥～〜％‰℃’”）〕］｝〉》」』】»"
    "ヽヾゝゞ々〻ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ"
    "｡､･ｰｧｨｩｪｫｯｬｭｮ｣"
)
_NOT_LAST = frozenset("‘“（〔［｛〈《「『【«｢￥＄№")
_PIECE = re.compile(r"[!-\u02ff]+|\s|.", re.DOTALL)
"""What is kept on one line where it fits: a Latin word, or one character."""


def line_breaks(words: str, width: int, indent: int = 0) -> list[int]:
    """Where to break a line, as offsets of what begins the next ones.

    Args:
        words: The line. The spaces before a break are to be taken off.
        width: How many half-width characters the terminal takes in a line; signs of ambiguous width count 2.
        indent: How many of them stand before each line but the first.
    """
    breaks: list[int] = []
    start, used, room = 0, 0, width
    for piece in _unbroken(words):
        needed = display_width(piece.rstrip())
        if used and used + needed > room:
            breaks.append(start)
            used, room = 0, max(width - indent, 2)
        for at, character in enumerate(piece):
            wide = 0 if character.isspace() else display_width(character)
            if used + wide > room and used:  # a word that no line takes is cut
                breaks.append(start + at)
                used, room = 0, max(width - indent, 2)
            used += display_width(character)
        start += len(piece)
    return breaks


def wrapped(words: str, width: int, indent: int | None = None) -> list[str]:
    """A line as lines that a terminal takes whole.

    Args:
        words: The line.
        width: The width of the terminal, in half-width characters.
        indent: How many spaces stand before each line but the first; as many as `hanging` says where None.
    """
    further = hanging(words) if indent is None else indent
    offsets = [0, *line_breaks(words, width, further), len(words)]
    first, *rest = (words[start:end].rstrip() for start, end in pairwise(offsets))
    return [first, *(" " * further + line for line in rest)]


def hanging(words: str) -> int:
    """How far in the lines stand that continue one: two further than it does itself."""
    return len(words) - len(words.lstrip(" ")) + 2


def _unbroken(words: str) -> list[str]:
    """The pieces between which a line may be broken: with the spaces behind them, and what may not begin a line."""
    pieces: list[str] = []
    for piece in _PIECE.findall(words):
        joins = piece.isspace() or piece[0] in _NOT_FIRST
        if pieces and (joins or pieces[-1][-1] in _NOT_LAST):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces
