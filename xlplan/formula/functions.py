"""The functions that a plan may use: those on which Excel 2016, LibreOffice 7 and formualizer agree.

The agreement is tested (`tests/test_formula.py`); what was seen to differ is in `DISAGREED`, with what to use instead.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from xlplan.formula.excel import MAX_ARGUMENTS


class Kind(StrEnum):
    """The type of a part of a formula. MIXED is text in one case and a number in another, ANY is not known."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    TRUTH = "truth"
    MIXED = "mixed"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Function:
    """What a function gives and takes.

    `takes` has a letter an argument: t text, n number or date, c condition, x anything; `?` behind one that may
    be left out, `+` behind one that may come again. `rows` is false where it takes ranges, so measures only.
    """

    gives: Kind
    takes: str
    rows: bool = True

    def kinds(self, count: int) -> str:
        """A letter for each of `count` arguments."""
        letters = self.takes.replace("?", "")
        if letters.endswith("+"):
            letters = letters[:-1]
            letters += letters[-1] * (count - len(letters))
        return letters[:count]

    @property
    def counts(self) -> tuple[int, int]:
        """The least and the most arguments it takes."""
        most = len(self.takes.replace("?", "").replace("+", ""))
        return most - self.takes.count("?"), MAX_ARGUMENTS if self.takes.endswith("+") else most

    @property
    def count_shown(self) -> str:
        """How many arguments it takes, for a message: 2, 1–2, 1+."""
        least, most = self.counts
        if least == most:
            return str(least)
        return f"{least}+" if most == MAX_ARGUMENTS else f"{least}–{most}"


_SIGNATURES = {
    Kind.TRUTH: """AND c+  OR c+  NOT c  ISNUMBER x  ISTEXT x  ISERROR x  EXACT tt  TRUE  FALSE""",
    Kind.NUMBER: """SUM n+  MIN n+  MAX n+  AVERAGE n+  MEDIAN n+
        ROUND nn  ROUNDUP nn  ROUNDDOWN nn  TRUNC nn?  INT n  ABS n  SIGN n  MOD nn  SQRT n
        LEN t  FIND ttn?  YEAR n  MONTH n  DAY n  WEEKDAY nn?""",
    Kind.TEXT: """LEFT tn?  RIGHT tn?  MID tnn  CLEAN t  SUBSTITUTE tttn?  CONCATENATE t+  REPT tn
        TEXT nt""",
    Kind.DATE: """DATE nnn  EDATE nn  EOMONTH nn""",
    Kind.ANY: """IF cxx  IFERROR xx  CHOOSE nx+""",
}
_RANGES = {
    Kind.NUMBER: """SUMIF SUMIFS SUMPRODUCT COUNT COUNTA COUNTBLANK COUNTIF COUNTIFS AVERAGEIF AVERAGEIFS MATCH
        LARGE SMALL ROWS COLUMNS""",
    Kind.ANY: "INDEX",
}


def _rows() -> dict[str, Function]:
    found: dict[str, Function] = {}
    for kind, words in _SIGNATURES.items():
        name = ""
        for word in words.split():
            if word.isupper():
                name = word
            found[name] = Function(kind, "" if word.isupper() else word)
    return found


FUNCTIONS: Mapping[str, Function] = _rows() | {
    name: Function(kind, "x+", rows=False) for kind, names in _RANGES.items() for name in names.split()
}
"""Every function by name."""

VOLATILE = frozenset({"TODAY", "NOW", "RAND", "RANDBETWEEN", "OFFSET", "INDIRECT", "CELL", "INFO"})

DISAGREED: Mapping[str, str] = {
    "TRIM": "BLANK, FILLED",
    "SEARCH": "FIND",
    "ISBLANK": "BLANK",
    "DAYS": "[@…]-[@…]",
    "IFNA": "IFERROR",
    "ISNA": "ISERROR",
    "ISERR": "ISERROR",
    "REPLACE": "LEFT, MID, RIGHT",
    "POWER": "[@…]*[@…]",
    "^": "[@…]*[@…]",
    "XOR": "<>",
    "N": "IF",
    "T": "IF",
} | dict.fromkeys("UPPER LOWER PROPER VALUE NUMBERVALUE CODE CHAR CEILING FLOOR ISLOGICAL".split(), "")
"""Functions and operators that the engines work out differently, with what to use instead; empty for nothing."""
