"""What is asked of a measure's formula: whether figures add up, whether it is a rate or a share, what it counts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from xlplan.formula.addition import adds_up_over_groups, names_group
from xlplan.formula.tree import OF_MEASURES, Formula, Node, criteria
from xlplan.model.form import Form
from xlplan.model.view import Measure

_MEANS = ("AVERAGEIFS", "AVERAGEIF")
_SOME = {
    "COUNTIF": ("COUNTIFS", 0),
    "SUMIF": ("SUMIFS", 1),
    "AVERAGEIF": ("AVERAGEIFS", 1),
}
_ALL = {"SUM": "SUMIFS", "AVERAGE": "AVERAGEIFS"}
_SUMMED = {"SUMIFS": 0, "SUMIF": -1}
"""Which of their parts these functions add up."""
_MANY = ("COUNTIFS", "SUMIFS", "AVERAGEIFS")


def narrowed(formula: Formula, column: str, words: Iterable[str]) -> Formula:
    """A measure's formula over fewer rows.

    Args:
        formula: The formula.
        column: Name of a column of the data.
        words: What that column holds in the rows that are left out.

    Returns:
        The formula; what cannot be narrowed is as it was (see `counts_all`).
    """
    more = [part for word in words for part in (Node("whole", column), Node("literal", f"<>{word}"))]
    return Formula(formula.text, _narrowed(formula.tree, more))


def _narrowed(node: Node, more: Iterable[Node]) -> Node:
    parts = node.children
    if node.kind == "function" and node.value in _SOME and len(parts) > 1:
        name, summed = _SOME[str(node.value)]
        first = (parts[2] if len(parts) > 2 else parts[0],) if summed else ()
        return replace(node, value=name, children=(*first, *parts[:2], *more))
    if node.kind == "function" and node.value in _MANY:
        return replace(node, children=(*parts, *more))
    if node.kind == "function" and node.value in _ALL and len(parts) == 1 and parts[0].kind == "whole":
        return replace(node, value=_ALL[str(node.value)], children=(*parts, *more))
    return replace(node, children=tuple(_narrowed(part, more) for part in parts))


def counts_all(formula: Formula) -> bool:
    """Whether a formula looks at whole columns in a way that cannot be narrowed, such as INDEX or SUMPRODUCT."""
    return _counts_all(formula.tree)


def _counts_all(node: Node) -> bool:
    if any(True for _ in criteria(node)):
        return False
    if node.kind == "function" and node.value in _ALL and len(node.children) == 1:
        return node.children[0].kind != "whole" and _counts_all(node.children[0])
    return node.kind == "whole" or any(map(_counts_all, node.children))


def additive(measure: Measure, measures: Sequence[Measure] = ()) -> bool:
    """Whether the figures of a measure's groups may be summed: counts and sums, and their shares of one whole.

    `measures` are those that its formula may name.

    Returns:
        Whether they may.
    """
    return adds_up_over_groups(spelled_out(measure.formula.tree, measures))


def divides(measure: Measure, measures: Sequence[Measure]) -> bool:
    """Whether there may be nothing to divide by for a figure, so that it is none.

    `measures` are those that its formula may name.

    Returns:
        Whether it divides anywhere, in what it names as well.
    """
    tree = spelled_out(measure.formula.tree, measures)
    return any(node.kind == "binary" and node.value == "/" for node in tree.walk())


def rate(measure: Measure, measures: Sequence[Measure]) -> bool:
    """Whether a measure is a quotient or a mean that can be worked out over all groups at once.

    It asks for its group in criteria only, and what it names of other `measures` has a total of its own.

    Returns:
        Whether it is one.
    """
    tree = measure.formula.tree
    named = [other for other in measures if other.id in measure.formula.measures]
    if not (tree.kind == "binary" and tree.value == "/") and tree.value not in _MEANS:
        return False
    asked = sum(node.kind == "function" and node.value == "GROUP" for node in tree.walk())
    met = sum(names_group(criterion) for node in tree.walk() for _, criterion in criteria(node))
    return asked == met and asked + len(named) > 0 and all(additive(other, measures) for other in named)


def share(measure: Measure) -> bool:
    """Whether a measure is a part of what it is divided by: every condition of the one is one of the other."""
    tree = measure.formula.tree
    if tree.kind != "binary" or tree.value != "/" or any(node.value != "COUNTIFS" for node in tree.children):
        return False
    part, whole = ({(_words(a), _words(b)) for a, b in criteria(node)} for node in tree.children)
    return whole <= part


def _words(node: Node) -> tuple[object, ...]:
    """A node as it can be compared, wherever it stands."""
    return node.kind, node.value, *map(_words, node.children)


def sums_group(measure: Measure, measures: Sequence[Measure], form: Form) -> bool:
    """Whether a measure adds up what the rows of its group have in a field.

    Args:
        measure: The measure.
        measures: Those that its formula may name.
        form: The form whose fields they are.

    Returns:
        Whether it does: without any row there is then nothing, and no 0.
    """
    return any(
        node.kind == "function"
        and node.value in _SUMMED
        and str(node.children[_SUMMED[str(node.value)]].value) in form.by_id
        and any(names_group(criterion) for _, criterion in criteria(node))
        for node in spelled_out(measure.formula.tree, measures).walk()
    )


def spelled_out(tree: Node, measures: Iterable[Measure]) -> Node:
    """The formula with those of the `measures` that it names in their places."""
    return _spelled_out(tree, {other.id: other for other in measures})


def _spelled_out(node: Node, measures: Mapping[str, Measure]) -> Node:
    if node.kind == "function" and node.value in OF_MEASURES:
        return _spelled_out(measures[str(node.children[0].value)].formula.tree, measures)
    return replace(node, children=tuple(_spelled_out(child, measures) for child in node.children))
