"""The shape of a formula in a sheet: what stays of it wherever its row and columns move, and whoever saves the file.

Programs rewrite formulas when they save: spaces, upper case, prefixes of newer functions, `TRUE()` for `TRUE`, signs
of fixed places, quotes round names of sheets. None of that changes the shape; nor does a row or column that was
inserted, deleted, moved or sorted, for addresses count by one thing only: whether a cell of the formula's own row is
meant.
"""

import hashlib
import re
from functools import lru_cache

_REFERENCE = r"\$?[A-Z]{{1,3}}(?P<{0}>\$?)(?P<{1}>[0-9]{{1,7}})(?![\w.(])"
_TOKEN = re.compile(
    r'(?P<text>"(?:[^"]|"")*")'
    r"|(?P<error>(?:(?:'(?:[^']|'')*'|[^\W\d][\w.]*)!)?\#[A-Z]+(?:/[A-Z0]+)?[!?]?)"
    rf"|(?P<address>(?P<sheet>(?:'(?:[^']|'')*'|[^\W\d][\w.]*)!)?{_REFERENCE.format('fixed', 'row')}"
    rf"(?P<to>:(?:(?:'(?:[^']|'')*'|[^\W\d][\w.]*)!)?{_REFERENCE.format('also', 'end')})?)"
    r"|(?P<truth>(?:TRUE|FALSE)(?:\s*\(\s*\))?(?![\w.(]))"
    r"|(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:E[+-]?[0-9]+)?)"
    r"|(?P<name>[^\W\d][\w.]*)"
    r"|(?P<space>\s+)"
    r"|(?P<sign>.)",
    re.IGNORECASE | re.DOTALL,
)
_PREFIX = re.compile(r"^(?:_XLFN\.|_XLWS\.|COM\.MICROSOFT\.|ORG\.OPENOFFICE\.)+")
_ELSEWHERE, _HERE, _OTHER_ROW = "▦", "▪", "▫"
"""What stands for a range or a fixed cell, for a cell of the formula's own row, and for one of another row."""


@lru_cache(maxsize=8192)
def shape_of(formula: str, row: int) -> str:
    """The shape of a formula, as short text to be compared with others.

    `formula` is as it stands in a file, with or without `=`; `row` (1-based) is the one that it was written for.
    """
    kept = "".join(_kept(token, row) for token in _TOKEN.finditer(formula.strip().removeprefix("=")))
    return hashlib.blake2b(kept.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


@lru_cache(maxsize=8192)
def rows_named(formula: str) -> frozenset[int]:
    """The rows of the single cells that a formula names on its own sheet, but for those that it holds fixed."""
    found = (token for token in _TOKEN.finditer(formula) if token.lastgroup == "address")
    return frozenset(
        int(address["row"])
        for address in found
        if not (address["sheet"] or address["to"] or address["fixed"])
    )


def _kept(token: re.Match[str], row: int) -> str:
    """What a token adds to the shape."""
    found = token[0]
    match token.lastgroup:
        case "text":
            return found
        case "error":
            return found[found.rfind("#") :]
        case "address":
            if token["sheet"] or token["to"] or token["fixed"]:
                return _ELSEWHERE
            return _HERE if int(token["row"]) == row else _OTHER_ROW
        case "truth":
            return found.partition("(")[0].strip().upper()
        case "number":
            return f"{float(found):.15g}"
        case "name":
            return _PREFIX.sub("", found.upper())
        case "space":
            return ""
        case _:
            return found
