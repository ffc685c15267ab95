"""What a formula may name, and the words that can stand there.

A literal that no value of the column can be is compared in vain: a rule that never fires, a figure that stays 0. And
texts are not summed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from xlplan.formula.codes import FormulaCode
from xlplan.formula.criteria import criterion, is_number
from xlplan.formula.functions import Kind
from xlplan.formula.tree import Formula, Node, criteria
from xlplan.language.text import nearest

_SUMMING = ("SUM", "SUMIF", "SUMIFS", "AVERAGE", "AVERAGEIF", "AVERAGEIFS", "MIN", "MAX", "MEDIAN")
_LONG = 40
"""Characters of a suggestion: longer words are told by their beginning alone."""


@dataclass(frozen=True, slots=True)
class NamedColumn:
    """What a formula may know of a column: its kind, whether its choices have ranks, whether PREVIOUS has it.

    `words` are all that can stand there, None where that is not known; `aliases` what else one of them is called.
    """

    kind: Kind
    ranked: bool = False
    previous: bool = False
    words: tuple[str, ...] | None = None
    aliases: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shape:
    """How the figures of a measure are laid out: the column that groups them, whether there is one for all periods.

    Either is None where the definition says what cannot be read.
    """

    by: str | None = ""
    total: bool | None = False


@dataclass(frozen=True, slots=True)
class Scope:
    """The columns by id, and the use: a row formula (rule, required, computed field) or a measure.

    Of a measure also its `shape`, and the shapes of all `measures` of its view by id.
    """

    columns: Mapping[str, NamedColumn]
    measure: bool = False
    shape: Shape = Shape()
    measures: Mapping[str, Shape] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a formula. `code` is an entry of `catalogue/formula.toml`, `position` a 0-based offset."""

    code: FormulaCode
    position: int
    params: Mapping[str, object]


def word_problems(formula: Formula, scope: Scope) -> list[Problem]:
    """Words of a formula that its columns do not have, and texts that it sums.

    Args:
        formula: the formula, its columns by id.
        scope: the columns that it may name, with the words of those that have a list.

    Returns:
        The problems in order of their position.
    """
    found = [problem for node in formula.tree.walk() for problem in _of(node, scope.columns)]
    return sorted(found, key=lambda problem: problem.position)


def _of(node: Node, columns: Mapping[str, NamedColumn]) -> Iterator[Problem]:
    if node.kind == "binary" and node.value in ("=", "<>"):
        left, right = node.children
        for side, other in ((left, right), (right, left)):
            name = _column(side)
            if name in columns and other.kind == "literal" and isinstance(other.value, str):
                yield from _compared(name, columns[name], other, other.value, exact=True)
    for ranged, wanted in criteria(node):
        name = _column(ranged)
        if name in columns and wanted.kind == "literal" and isinstance(wanted.value, str):
            yield from _compared(name, columns[name], wanted, wanted.value.removeprefix("<>"), exact=False)
    if node.kind == "function" and node.value in _SUMMING:
        yield from _summed(node, columns)


def _column(node: Node) -> str:
    """The column that a part of a formula is: of this row, of the row before, or as a whole; empty for another part."""
    if node.kind == "function" and node.value == "PREVIOUS" and node.children:
        return _column(node.children[0])
    return str(node.value) if node.kind in ("this_row", "whole") else ""


def _compared(name: str, column: NamedColumn, node: Node, word: str, *, exact: bool) -> Iterator[Problem]:
    """The problem of a word that no value of a column can be; `exact` where no sign of it stands for others."""
    if (
        column.words is None
        or word in ("", "=")
        or (not exact and word[:1] in ("<", ">") and is_number(word[1:]))
    ):
        return
    plain = word if exact else word.removeprefix("=")
    meets = (lambda value: value.casefold() == plain.casefold()) if exact else criterion(f"={plain}")
    if any(meets(value) for value in column.words):
        return
    near = column.aliases.get(plain.casefold()) or nearest(plain, [value for value in column.words if value])
    params = {"name": name, "word": plain, "near": near[:_LONG]}
    code = FormulaCode.UNKNOWN_WORD_NEAR if near else FormulaCode.UNKNOWN_WORD
    yield Problem(code, node.position, params)


def _summed(node: Node, columns: Mapping[str, NamedColumn]) -> Iterator[Problem]:
    """The problem of a whole column of texts that is summed or averaged."""
    match node.value:
        case "SUMIF" | "AVERAGEIF":
            summed = node.children[2:3] or node.children[:1]
        case "SUMIFS" | "AVERAGEIFS":
            summed = node.children[:1]
        case _:
            summed = node.children
    for part in summed:
        column = columns.get(str(part.value)) if part.kind == "whole" else None
        if column is not None and column.kind is Kind.TEXT:
            yield Problem(FormulaCode.TEXT_ARITHMETIC, part.position, {"operator": node.value})
