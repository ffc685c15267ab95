"""Whether a measure adds up: whether its figure for a whole is the sum of its figures for the parts of that whole.

Counts and sums do, and what is made of them by adding, subtracting, negating, and multiplying or dividing by what is
the same for every part, whichever factor stands first. Quotients of two such, means, the greatest and the least do
not. There are two kinds of parts: the groups of a table, and the single records.
"""

from collections.abc import Callable

from xlplan.formula.tree import Node, criteria

Judge = Callable[[Node], bool]

_CONDITIONAL = ("COUNTIFS", "COUNTIF", "SUMIFS", "SUMIF")
_OF_COLUMNS = ("SUM", "COUNT", "COUNTA", "COUNTBLANK")
_SIGNS = ("+", "-", "%")
_READING = ("whole", "this_row", "reference", "measure")
"""Kinds of nodes that read cells."""


def adds_up_over_groups(tree: Node) -> bool:
    """Whether a measure's figures of all groups sum up to the figure of all of them together.

    tree: of a formula in which no other measure is named: `MEASURE(x)` with the formula of x in its place.
    """
    return _adds_up(tree, _of_one_group, lambda node: not names_group(node))


def adds_up_over_records(tree: Node) -> bool:
    """Whether a measure over all records is the sum of the measure over each record alone."""
    return _adds_up(
        tree, _of_each_record, lambda node: not any(part.kind in _READING for part in node.walk())
    )


def names_group(node: Node) -> bool:
    """Whether the group is asked for anywhere in a formula."""
    return any(_is_group(part) for part in node.walk())


def _adds_up(node: Node, is_sum: Judge, is_same: Judge) -> bool:
    """Whether `node` is linear in what `is_sum`, with factors and divisors that are the same for every part."""
    match node.kind:
        case "function" if node.value == "SUM" and node.children and not is_sum(node):
            return all(_adds_up(child, is_sum, is_same) for child in node.children)
        case "function":
            return is_sum(node)
        case "unary":
            return node.value in _SIGNS and _adds_up(node.children[0], is_sum, is_same)
        case "binary":
            return _adds_up_of_two(node, is_sum, is_same)
        case _:
            return False


def _adds_up_of_two(node: Node, is_sum: Judge, is_same: Judge) -> bool:
    left, right = node.children
    adding = [_adds_up(side, is_sum, is_same) for side in (left, right)]
    match node.value:
        case "+" | "-":
            return all(adding)
        case "*":
            return (adding[0] and is_same(right)) or (is_same(left) and adding[1])
        case "/":
            return adding[0] and is_same(right)
        case _:
            return False


def _of_one_group(node: Node) -> bool:
    """Whether it counts or sums records of the one group: no record is in two, as its head must be met exactly."""
    return node.value in _CONDITIONAL and any(_is_group(criterion) for _, criterion in criteria(node))


def _of_each_record(node: Node) -> bool:
    """Whether it counts or sums whole columns, by conditions that no other record has a part in."""
    conditions = [criterion for _, criterion in criteria(node)]
    ranges = [child for child in node.children if child not in conditions]
    fixed = not any(part.kind == "whole" for condition in conditions for part in condition.walk())
    adding = node.value in _CONDITIONAL or node.value in _OF_COLUMNS
    return adding and fixed and all(child.kind == "whole" for child in ranges)


def _is_group(node: Node) -> bool:
    return node.kind == "function" and node.value == "GROUP"
