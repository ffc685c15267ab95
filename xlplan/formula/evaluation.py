"""A formula evaluated over rows of values: formualizer does it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import formualizer

from xlplan.formula.addresses import column_area, column_letters
from xlplan.formula.days import PeriodDays
from xlplan.formula.emission import Place, emit, quote
from xlplan.formula.excel import SIGNIFICANT_DIGITS
from xlplan.formula.tree import Formula, Node

ROWS_AT_ONCE = 4000
"""Rows laid out in one workbook: more would only take more memory."""

_ROW = "\0"
"""Stands for the row's number in a formula that is emitted once and written in many rows."""


@dataclass(frozen=True, slots=True)
class Undecided:
    """A formula that gave an error, such as Div or Value, instead of a value."""

    kind: str


@dataclass(frozen=True, slots=True)
class FormulaContext:
    """What formulas need besides the row: (value, rank) of the list of each column, and the period's days."""

    choices: Mapping[str, Sequence[tuple[str, float | None]]]
    days: PeriodDays


@dataclass(frozen=True, slots=True)
class _EvaluatedRow(Place):
    """The place of a formula in the sheet that `evaluate` lays out: any row of it, whose number is _ROW."""

    columns: Mapping[str, int]
    previous_columns: Mapping[str, int]
    lists: Mapping[str, tuple[int, int]]
    context: FormulaContext

    def value(self, name: str) -> str:
        return f"{column_letters(self.columns[name])}{_ROW}"

    def previous(self, name: str) -> str:
        return f"{column_letters(self.previous_columns[name])}{_ROW}"

    def choices(self, name: str) -> tuple[str, str]:
        column, length = self.lists[name]
        return f"lists!{column_area(column, 1, length)}", f"lists!{column_area(column + 1, 1, length)}"

    def days(self) -> PeriodDays:
        return self.context.days


@dataclass(frozen=True, slots=True)
class _SingleRecord(Place):
    """The place of a measure over one record, a row of `evaluate_alone`'s sheet: each whole column is one cell."""

    columns: Mapping[str, int]
    heads: tuple[str, str]

    def column(self, name: str) -> str:
        cell = f"{column_letters(self.columns[name])}{_ROW}"
        return f"{cell}:{cell}"

    def group(self) -> str:
        return quote(self.heads[0])

    def period(self) -> str:
        return quote(self.heads[1])

    def measure(self, name: str) -> str:
        return "0"

    def cumulative(self, name: str) -> str:
        return "0"


def evaluate(
    formula: Formula,
    rows: Sequence[Sequence[object]],
    columns: Sequence[str],
    previous: Sequence[str],
    context: FormulaContext,
) -> list[object]:
    """The formula's value for each of many rows.

    Args:
        formula: a row formula that the lint has let pass.
        rows: each with the values of `columns`, then the previous values of `previous`; None is an empty cell. Give
            distinct rows only: the cost is per row.
        columns: ids of the columns of this period.
        previous: ids of the columns of which the previous period's values follow.
        context: what the formula needs besides the row.

    Returns:
        For each row bool, float, str, date, or Undecided where the formula errs; an empty cell that it passes on is 0.
    """
    parts = (rows[at : at + ROWS_AT_ONCE] for at in range(0, len(rows), ROWS_AT_ONCE))
    return [result for part in parts for result in _evaluated(formula, part, columns, previous, context)]


def evaluate_alone(
    formula: Formula, records: Sequence[Sequence[object]], columns: Sequence[str], heads: tuple[str, str]
) -> list[object]:
    """A measure over each record by itself, other measures left out: what each adds to a figure that adds up.

    Args:
        formula: a measure that the lint has let pass.
        records: each with the values of `columns`.
        columns: ids of the columns.
        heads: group and period of the figure.

    Returns:
        A value for each record, as `evaluate` gives them.
    """
    place = _SingleRecord({name: index for index, name in enumerate(columns, 1)}, heads)
    distinct = list(dict.fromkeys(map(tuple, records)))
    parts = (distinct[at : at + ROWS_AT_ONCE] for at in range(0, len(distinct), ROWS_AT_ONCE))
    found = [
        result
        for part in parts
        for result in _worked_out(_empty_workbook(), formula, part, place, len(columns))
    ]
    results = dict(zip(distinct, found, strict=True))
    return [results[tuple(record)] for record in records]


def _empty_workbook() -> formualizer.Workbook:
    """An empty workbook to work in."""
    book = formualizer.Workbook()
    book.set_changelog_enabled(False)  # nothing is undone here, and it doubles time and memory
    book.add_sheet("lists")
    book.add_sheet("rows")
    return book


def _evaluated(
    formula: Formula,
    rows: Sequence[Sequence[object]],
    columns: Sequence[str],
    previous: Sequence[str],
    context: FormulaContext,
) -> list[object]:
    book = _empty_workbook()
    lists: dict[str, tuple[int, int]] = {}
    for name, pairs in context.choices.items():
        lists[name] = (2 * len(lists) + 1, len(pairs))
        book.set_values_batch("lists", 1, lists[name][0], [[value, rank or 0] for value, rank in pairs])
    names = {name: index for index, name in enumerate(columns, 1)}
    olds = {name: index for index, name in enumerate(previous, len(columns) + 1)}
    if _delicate(formula.tree, rows):
        book.register_function(_ALIKE, _alike)
        formula = replace(formula, tree=_compared_alike(formula.tree))
    place = _EvaluatedRow(names, olds, lists, context)
    return _worked_out(book, formula, rows, place, len(columns) + len(previous))


def _worked_out(
    book: formualizer.Workbook,
    formula: Formula,
    rows: Sequence[Sequence[object]],
    place: Place,
    width: int,
) -> list[object]:
    """The formula in the column behind each of `rows`, which are `width` cells wide."""
    if width:
        book.set_values_batch("rows", 1, 1, [list(row) for row in rows])
    emitted = f"={emit(formula, place)}"
    formulas = [[emitted.replace(_ROW, str(row))] for row in range(1, len(rows) + 1)]
    book.set_formulas_batch("rows", 1, width + 1, formulas)
    book.evaluate_all()
    return [_result(book.get_value("rows", row, width + 1)) for row in range(1, len(rows) + 1)]


def _result(value: object) -> object:
    if isinstance(value, dict):
        return Undecided(str(value.get("kind", "")))
    return "" if value is None else value


# --- comparing as Excel does -----------------------------------------------------------------------
# Excel and LibreOffice take 0.1+0.2 for 0.3 and Ａ for ａ; formualizer compares every bit, and folds ASCII only.

_ALIKE = "XLPLAN_ALIKE"
_COMPARISONS = ("=", "<>", "<", ">", "<=", ">=")
_STEPS = ("INT", "ROUND", "ROUNDUP", "ROUNDDOWN", "TRUNC", "TEXT")
"""Functions in which the last bit of a fraction can make a whole step: INT(0.29*100)."""


def _delicate(tree: Node, rows: Sequence[Sequence[object]]) -> bool:
    """Whether letters beyond ASCII or fractions can come into it; most rules have neither."""
    if any(node.value in ("/", "%", "AVERAGE", "MEDIAN", "SQRT") for node in tree.walk()):
        return True
    literals = (node.value for node in tree.walk() if node.kind == "literal")
    return any(_is_delicate(value) for value in literals) or any(
        _is_delicate(value) for row in rows for value in row
    )


def _is_delicate(value: object) -> bool:
    if isinstance(value, float):
        return not value.is_integer()
    return isinstance(value, str) and not value.isascii() and _folded(value) != value


def _folded(text: str) -> str:
    """`text` without case, each letter by itself."""
    pairs = ((character, character.casefold()) for character in text)
    return "".join(small if len(small) == 1 else character for character, small in pairs)


def _alike(value: object) -> object:
    """`value` so that what Excel takes for equal is equal: no case, nine decimals, fifteen digits."""
    if isinstance(value, float):
        return float(f"{round(value, 9):.{SIGNIFICANT_DIGITS}g}")
    return _folded(value) if isinstance(value, str) else value


def _compared_alike(node: Node) -> Node:
    """The same tree with the sides of comparisons, and what is rounded, put through `_alike`."""
    children = tuple(_compared_alike(child) for child in node.children)
    if node.kind == "binary" and node.value in _COMPARISONS:
        children = tuple(Node("function", _ALIKE, (child,)) for child in children)
    elif node.kind == "function" and node.value in _STEPS:
        children = (Node("function", _ALIKE, children[:1]), *children[1:])
    return replace(node, children=children)
