"""Names as people give them, and what is awkward about some."""

import re
import unicodedata

PLAIN = (
    "On site",
    "Online",
    "Done",
    "検討",
    "一部実施",
    "実施",
    "運用",
    "Paper forms",
    "道路",
    "窓口",
    "alpha",
    "beta",
    "gamma",
    "delta",
    "学校",
    "公園",
    "防災",
    "福祉",
    "水道",
    "Late",
    "Open data",
    "地図",
)
ODD = (
    'say "yes"',
    "it's",
    "[brackets]",
    "(one)",
    "C#",
    "#1",
    "a, b",
    "🚲 bike",
    "𠮷野",
    "100%",
    "a&b",
    "-",
    "+1",
    "@home",
    "x;y",
    "back\\slash",
    "{curly}",
    "$A$1",
    "A1:B2",
    "Sheet1!A1",
    "true story",
    "名称 その一",
    "ー",
    "・",
    "e\u0301t\u00e9",
    "no",
    "very long name of something that is written out in full, as offices like to do it 2024",
)
AWKWARD = (
    "1.1",
    "1.10",
    "01",
    "1",
    "1e2",
    "100",
    "TRUE",
    "FALSE",
    "2-7",
    "H26",
    "5%",
    "9:30",
    "1/2",
    "0",
    "-5",
    "１２",
)
"""Words that a criterion takes for a number, a day or a truth."""
SIGNS = (
    "*Online",
    "~x",
    "<On site>",
    "=Data",
    ">5 years",
    "what?",
    "a*b",
    "<>",
    ">=5",
    "=",
    "*",
    "~*",
    "~",
)
"""Words that a criterion takes for a pattern or a comparison."""
SPELLINGS = (
    ("Alpha", "ALPHA", "Ａｌｐｈａ", "alpha"),
    ("アルファ", "ｱﾙﾌｧ"),
    ("A", "a", "Ａ"),
    ("ＩＣＴ 活用", "ICT活用", "ict 活用"),
    ("Station 1", "STATION 1", "Station１"),
)
"""Spellings of one text: width, case, spaces."""

_NUMBER = re.compile(r"[-+(]?[0-9][0-9 ,./:e+-]*[%)]?", re.IGNORECASE)


def has_signs(word: str) -> bool:
    """Whether a criterion takes a word for a pattern or a comparison."""
    half = unicodedata.normalize("NFKC", word)
    return bool(re.search(r"[*?~]", half)) or half[:1] in ("<", ">", "=")


def is_awkward(word: str) -> bool:
    """Whether a criterion takes a word for anything but itself."""
    half = unicodedata.normalize("NFKC", word)
    return (
        has_signs(word)
        or bool(_NUMBER.fullmatch(half))
        or half.upper() in ("TRUE", "FALSE", "H26")
        or half.startswith("#")
        or len(word) > 255
    )


def folded(text: str) -> str:
    """A key by which two names are one."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
