"""The tree of a formula: read by `engine`, written by `emission`, judged by `xlplan.formula.lint`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

MACROS = frozenset(
    "CHOICE_RANK PREVIOUS BLANK FILLED IN_FISCAL_YEAR IN_PERIOD REFERENCE_DATE"
    " GROUP PERIOD MEASURE CUMULATIVE".split(),
)
OF_MEASURES = frozenset({"MEASURE", "CUMULATIVE"})
"""The macros that name another measure."""


@dataclass(frozen=True, slots=True)
class Node:
    """One node of a formula's tree.

    `kind`: literal, omitted, this_row, whole, measure (inside MEASURE and CUMULATIVE), reference (any other
    reference), unary, binary, function, array. `value`: the literal, the name, the operator or the function's
    name. `position` is the 0-based character offset in the formula as written.
    """

    kind: str
    value: object
    children: tuple["Node", ...] = ()
    position: int = 0

    def walk(self) -> Iterator["Node"]:
        """This node and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Formula:
    """One formula as written, and its tree. Equal when the text is."""

    text: str
    tree: Node = field(compare=False, repr=False)

    @property
    def columns(self) -> frozenset[str]:
        """Names of this row's columns that the formula reads, those inside PREVIOUS left out."""
        return frozenset(_this_row_names(self.tree))

    @property
    def previous(self) -> frozenset[str]:
        """Names of the columns whose previous period's value the formula reads."""
        return frozenset(
            str(node.children[0].value)
            for node in self.tree.walk()
            if node.kind == "function" and node.value == "PREVIOUS" and node.children
        )

    @property
    def whole(self) -> frozenset[str]:
        """Names of the whole columns that the formula reads."""
        return frozenset(str(node.value) for node in self.tree.walk() if node.kind == "whole")

    @property
    def measures(self) -> frozenset[str]:
        """Ids of the other measures that the formula reads."""
        return frozenset(str(node.value) for node in self.tree.walk() if node.kind == "measure")

    @property
    def asks_reference_date(self) -> bool:
        """Whether the formula asks for the day as of which the period is reported."""
        return any(node.kind == "function" and node.value == "REFERENCE_DATE" for node in self.tree.walk())

    def renamed(self, names: Mapping[str, str]) -> "Formula":
        """The same formula with each column's name replaced, such as labels by ids."""
        return Formula(self.text, _renamed(self.tree, names))


def _this_row_names(node: Node) -> Iterator[str]:
    if node.kind == "function" and node.value == "PREVIOUS":
        return
    if node.kind == "this_row":
        yield str(node.value)
    for child in node.children:
        yield from _this_row_names(child)


def _renamed(node: Node, names: Mapping[str, str]) -> Node:
    children = tuple(_renamed(child, names) for child in node.children)
    if node.kind in ("this_row", "whole"):
        return replace(node, value=names.get(str(node.value), node.value), children=children)
    return replace(node, children=children)


_ONE_CRITERION = ("COUNTIF", "SUMIF", "AVERAGEIF")
_FIRST_RANGE = {"COUNTIFS": 0, "SUMIFS": 1, "AVERAGEIFS": 1}


def criteria(node: Node) -> Iterator[tuple[Node, Node]]:
    """The ranges of a COUNTIFS and its like, each with its criterion; nothing for any other node."""
    if node.kind != "function":
        return
    if node.value in _ONE_CRITERION and len(node.children) > 1:
        yield node.children[0], node.children[1]
    elif node.value in _FIRST_RANGE:
        pairs = node.children[_FIRST_RANGE[str(node.value)] :]
        yield from zip(pairs[::2], pairs[1::2], strict=False)
