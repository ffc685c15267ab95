"""How a formula of the summary asks for its group, so that each head counts itself and nothing else.

Mostly it compares a column of the data with the cell of the head. Where a head would be taken for something else as a
criterion (`*Online`, `>5`, 01, TRUE) or a value is spelled otherwise than the head that it belongs to, the data has a
column of keys (`KeyColumn`): each value in its first spelling, behind a sign that makes a plain text of it. With that
the criterion is compared, as a text in the formula.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from xlplan.formula.criteria import literal
from xlplan.formula.excel import MAX_STRING_LITERAL
from xlplan.formula.tree import Formula, Node, criteria
from xlplan.language.text import shortened, units
from xlplan.report.heads import Group, Heads, Key, key_of_value
from xlplan.report.records import Records
from xlplan.report.rows import KEY

SIGN = "›"
"""What stands before each key: nothing that a criterion has a use for."""
MOST = MAX_STRING_LITERAL // 2
"""UTF-16 units of a key: in a criterion each of its signs may have another before it."""
_SPECIAL = re.compile(r"[*?]|^[=<>]")
_NUMBER_LIKE = re.compile(
    r"[-+(]?\s*[¥￥$€£]?\s*[-+]?[0-9.][0-9.,\s]*(?:e[-+]?[0-9]+)?\s*[%円)]?", re.IGNORECASE
)
_DAY_LIKE = re.compile(
    r"(?:[0-9]|[-/.:,\s年月日時分秒午前後元]|明治|大正|昭和|平成|令和|[mtshr](?=[0-9元])|am|pm"
    r"|jan\w*|feb\w*|mar\w*|apr\w*|may|june?|july?|aug\w*|sep\w*|oct\w*|nov\w*|dec\w*)+",
    re.IGNORECASE,
)
_TRUTHS = ("true", "false")


def tame(head: str) -> bool:
    """Whether every program takes a text as a criterion for just this text."""
    plain = unicodedata.normalize("NFKC", head).strip()
    if not plain or plain.casefold() in _TRUTHS or plain.startswith("#") or units(head) > MOST:
        return False
    if "~" in head or _SPECIAL.search(plain) or _NUMBER_LIKE.fullmatch(plain):
        return False
    numbers = re.findall("[0-9]+|元", plain)
    return not (numbers and (len(numbers) > 1 or plain[0].isalpha()) and _DAY_LIKE.fullmatch(plain))


@dataclass(frozen=True)
class KeyColumn:
    """The keys of one column of the data.

    `texts` are the keys of its values as they stand in its cells. It is `live` where each is the value itself behind
    the sign, so that a formula keeps it true.
    """

    name: str
    texts: Mapping[Key, str]
    live: bool

    def text(self, value: object) -> str:
        """The key of a value."""
        return self.texts.get(key_of_value(value), SIGN)

    def criterion(self, key: Key) -> str:
        """The text that only this key meets as a criterion."""
        return SIGN + literal(self.texts.get(key, SIGN)[len(SIGN) :])


@dataclass
class Spellings:
    """The first spelling of each key, over all that is compared with each other."""

    known: dict[Key, str] = field(default_factory=dict)

    def add(self, values: Iterable[object]) -> None:
        """Take note of spellings, the first of each key."""
        for value in values:
            if isinstance(value, str) and (key := key_of_value(value)) != "":
                self.known.setdefault(key, value)

    def texts(self) -> Mapping[Key, str]:
        """The key's cell for each key; long ones are cut and numbered."""
        return {"": SIGN} | {
            key: SIGN + _cut(text, at) for at, (key, text) in enumerate(self.known.items(), 1)
        }


def _cut(text: str, number: int) -> str:
    return text if units(text) <= MOST - len(SIGN) else f"{shortened(text, MOST - 10)}{number}"


Asked = tuple[Formula, Sequence[Group]]
"""The formula of a measure, and the heads with which its columns are compared."""


def key_columns(records: Records, asked: Iterable[Asked], periods: Sequence[str]) -> Mapping[str, KeyColumn]:
    """The columns of keys that the formulas over one form need, by the column whose keys they are.

    Args:
        records: The records of the form.
        asked: Each measure over them with the heads of its groups.
        periods: The labels of the periods.

    Returns:
        A column of keys for each column with which a head is compared that cannot be compared as it stands.
    """
    heads: dict[str, dict[Key, str]] = {}
    for formula, groups in asked:
        for node, wanted in _compared(formula.tree):
            texts = periods if wanted == "PERIOD" else [group.value for group in groups if not group.blank]
            known = heads.setdefault(str(node.value), {})
            known |= {key_of_value(text): text for text in texts if isinstance(text, str)}
    spellings = Spellings()
    for known in heads.values():
        spellings.add(known.values())
    needing = {name for name, known in heads.items() if _needed(records.column(name), known)}
    for name in needing:
        spellings.add(records.column(name))
    keys = spellings.texts()
    return {name: _column(records, name, keys) for name in heads if name in needing}


def _compared(tree: Node) -> Iterator[tuple[Node, str]]:
    """Every column that is compared with the head of a group or a period, and with which."""
    for node in tree.walk():
        pairs = list(criteria(node))
        if node.kind == "binary" and node.value in ("=", "<>"):
            pairs += [(node.children[0], node.children[1]), (node.children[1], node.children[0])]
        for column, head in pairs:
            if column.kind == "whole" and head.kind == "function" and head.value in ("GROUP", "PERIOD"):
                yield column, str(head.value)


def _needed(cells: Sequence[object], heads: Mapping[Key, str]) -> bool:
    if not all(map(tame, heads.values())):
        return True
    return any(isinstance(cell, str) and heads.get(key_of_value(cell), cell) != cell for cell in set(cells))


def _column(records: Records, name: str, texts: Mapping[Key, str]) -> KeyColumn:
    live = all(
        texts.get(key_of_value(cell)) == f"{SIGN}{cell}"
        for cell in set(records.column(name))
        if isinstance(cell, str) and cell
    )
    return KeyColumn(name, texts, live)


# --- the formula as it stands in the sheet ---------------------------------------------------------

ANY_NUMBER = ">=-1E+300"
"""The criterion that any number meets."""


def written(tree: Node, heads: Heads, keys: Mapping[str, KeyColumn]) -> Node:
    """A measure's formula as it asks for these heads; what a head's own cell says is left as it is.

    Args:
        tree: The tree of the formula.
        heads: The heads of the figure.
        keys: The columns of keys of the form, by the column whose keys they are.

    Returns:
        The tree with columns of keys and texts in the places where those are compared.
    """
    children = tuple(written(child, heads, keys) for child in tree.children)
    node = replace(tree, children=children)
    if node.kind == "binary" and node.value in ("=", "<>") and len(children) == 2:
        return _written_comparison(node, heads, keys)
    pairs = list(criteria(node))
    if not pairs:
        return node
    found = [pair for column, head in pairs if (pair := _written_pair(column, head, heads, keys))]
    counting = node.value in ("COUNTIF", "COUNTIFS")
    if not found or (counting and any(map(_meets_blanks, found))):
        found = _from_the_period(found)
    return _with_pairs(node, [part for pair in found for part in pair]) if found != pairs else node


Pair = tuple[Node, Node]
"""A column and its criterion."""


def _meets_blanks(pair: Pair) -> bool:
    """Whether a criterion may be met by a cell in which nothing stands."""
    wanted = pair[1]
    if wanted.kind != "literal":
        return not _is_head(wanted)
    text = str(wanted.value)
    return text in ("", "=") or (text.startswith("<>") and text != "<>")


def _from_the_period(pairs: Sequence[Pair]) -> list[Pair]:
    """The criteria with that of the period first, which no cell of lacks a value.

    LibreOffice looks no further than the first column has cells: where its last are blank they would not be counted.
    """
    of_period = [pair for pair in pairs if pair[0].value in ("period", f"{KEY}period")]
    first = of_period[:1] or [(Node("whole", "period"), Node("literal", "*"))]
    return [*first, *(pair for pair in pairs if pair not in first)]


def _written_pair(column: Node, head: Node, heads: Heads, keys: Mapping[str, KeyColumn]) -> Pair | None:
    """One criterion; None where every row meets it."""
    if column.kind != "whole" or not _is_head(head):
        return column, head
    keyed = keys.get(str(column.value))
    of_period = head.value == "PERIOD" or heads.by_period
    if of_period:
        if keyed is None or heads.period is None:
            return column, head
        return _keyed(keyed, keyed.criterion(key_of_value(heads.period)))
    if heads.group is None:
        return _written_total(column, head, heads, keyed)
    if keyed is not None and isinstance(heads.group.value, str):
        return _keyed(keyed, keyed.criterion(heads.group.key))
    return column, Node("literal", "") if heads.group.blank else head


def _written_total(column: Node, head: Node, heads: Heads, keyed: KeyColumn | None) -> Pair | None:
    """The criterion of a figure of all groups: no other rows than those of the groups."""
    if heads.blanks:
        return None
    if keyed is not None:
        return _keyed(keyed, f"{SIGN}?*")
    return column, Node("literal", ANY_NUMBER) if heads.numbers else head


def _keyed(keyed: KeyColumn, wanted: str) -> Pair:
    return Node("whole", KEY + keyed.name), Node("literal", wanted)


def _is_head(node: Node) -> bool:
    return node.kind == "function" and node.value in ("GROUP", "PERIOD")


def _with_pairs(node: Node, pairs: Sequence[Node]) -> Node:
    """A COUNTIFS or its like with other criteria."""
    match node.value:
        case "COUNTIF":
            return replace(node, value="COUNTIF" if len(pairs) == 2 else "COUNTIFS", children=tuple(pairs))
        case "SUMIF" | "AVERAGEIF":
            summed = node.children[2:] or node.children[:1]
            if pairs[0] == node.children[0] or len(node.children) > 2:
                return replace(node, children=(*pairs, *node.children[2:]))
            return replace(node, value=f"{node.value}S", children=(*summed, *pairs))
        case "COUNTIFS":
            return replace(node, children=tuple(pairs))
        case _:
            return replace(node, children=(node.children[0], *pairs))


def _written_comparison(node: Node, heads: Heads, keys: Mapping[str, KeyColumn]) -> Node:
    """A comparison of a whole column with a head: by its key, or so that a blank is none but the blank group."""
    sides = node.children
    for column, head in (sides, sides[::-1]):
        if column.kind == "whole" and _is_head(head):
            keyed = keys.get(str(column.value))
            of_period = head.value == "PERIOD" or heads.by_period
            if of_period and (keyed is None or heads.period is None):
                return node
            if not of_period and heads.group is None:
                return node
            key = key_of_value(heads.period) if of_period or heads.group is None else heads.group.key
            if keyed is not None and isinstance(key, str):
                return replace(node, children=_keyed(keyed, keyed.texts.get(key, SIGN)))
            return _apart_from_blanks(node, column, key)
    return node


def _apart_from_blanks(node: Node, column: Node, key: Key) -> Node:
    """A comparison with the blank group, or with 0, which a blank cell equals in a sheet."""
    nothing = Node("literal", "")
    if key == "":
        return replace(node, children=(column, nothing))
    if key != 0:
        return node
    filled = Node("binary", "<>", (column, nothing))
    if node.value == "=":
        return Node("binary", "*", (node, filled))
    blank = replace(filled, value="=")
    return Node("binary", ">", (Node("binary", "+", (node, blank)), Node("literal", 0.0)))
