"""Excel formulas over column names: read, emitted into cell addresses, and evaluated. Alone imports formualizer.

A plan's formulas are Excel's own, over the columns of a form:

    [@actual]              this row's value              [actual]      the whole column (measures only)
    CHOICE_RANK([@actual]) the rank of a choice          PREVIOUS([@actual])  the previous period's answer
    BLANK(x), FILLED(x)    nothing / something typed     IN_FISCAL_YEAR([@d]) a date within the round's period
    GROUP(), PERIOD()      the row and column heads of a table of measures

One tree serves three uses: `emit` writes it into a sheet, `evaluate` runs it over rows of values by the same
emission, and `xlplan.lint` judges it. The macros expand to functions of Excel 2016 and LibreOffice 7.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import formualizer

from xlplan.errors import FormulaError

MACROS = frozenset({"CHOICE_RANK", "PREVIOUS", "BLANK", "FILLED", "IN_FISCAL_YEAR", "GROUP", "PERIOD"})

_THIS_ROW = re.compile(r"^\[@(?:\[(?P<quoted>.+)\]|(?P<plain>[^\[\]]+))\]$")
_WHOLE = re.compile(r"^\[(?P<plain>[^@#\[\]]+)\]$")


@dataclass(frozen=True, slots=True)
class Node:
    """One node of a formula's tree.

    `kind`: literal, omitted, this_row, whole, reference (any other reference), unary, binary, function, array.
    `value`: the literal, the column's name, the operator or the function's name. `position` is the 0-based
    character offset in the formula as written.
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


# --- reading ---------------------------------------------------------------------------------------


def parse(text: str) -> Formula:
    """Read one formula, with or without its leading `=`.

    Raises FormulaError with the position (in characters of `text`) where reading stopped.
    """
    body = text.strip()
    shown = body if body.startswith("=") else f"={body}"
    shift = len(shown) - len(body)
    if shown == "=":
        raise FormulaError("formula_empty", formula=text)
    try:
        tree = formualizer.parse(shown)
    except (formualizer.ParserError, formualizer.TokenizerError) as fault:
        raise _reading_fault(str(fault), shown, shift) from None
    encoded = shown.encode("utf-8")

    def position(node: formualizer.ASTNode) -> int:
        token = node.get_source_token()
        if token is None:
            return 0
        return max(0, len(encoded[: token.start].decode("utf-8", "ignore")) - shift)

    return Formula(body, _node(tree, position))


def _reading_fault(reason: str, shown: str, shift: int) -> FormulaError:
    found = re.search(r"position (\d+)", reason)
    offset = int(found.group(1)) if found else 0
    before = shown.encode("utf-8")[:offset].decode("utf-8", "ignore")
    if "string" in reason:
        key = "formula_open_text"
    elif "Unmatched" in reason or "unmatched" in reason:
        key = "formula_open_bracket"
    else:
        key = "formula_unreadable"
    return FormulaError(key, formula=shown[shift:], position=max(0, min(len(before), len(shown)) - shift))


def _node(node: formualizer.ASTNode, position: Callable[[formualizer.ASTNode], int]) -> Node:
    at = position(node)
    children = tuple(_node(child, position) for child in node.children())
    match node.node_type():
        case "Literal":
            return Node("literal", node.get_literal_value(), (), at)
        case "Omitted":
            return Node("omitted", None, (), at)
        case "Reference":
            return _reference(node.get_reference_string() or "", at)
        case "UnaryOp":
            return Node("unary", node.get_operator(), children, at)
        case "BinaryOp":
            return Node("binary", node.get_operator(), children, at)
        case "Function":
            return Node("function", (node.get_function_name() or "").upper(), children, at)
        case other:
            return Node("array" if other == "Array" else "reference", other, children, at)


def _reference(text: str, at: int) -> Node:
    if found := _THIS_ROW.match(text):
        return Node("this_row", (found["quoted"] or found["plain"]).strip(), (), at)
    if found := _WHOLE.match(text):
        return Node("whole", found["plain"].strip(), (), at)
    return Node("reference", text, (), at)


# --- emission --------------------------------------------------------------------------------------


class Place(Protocol):
    """Where a formula is to stand: what each name is called there."""

    def value(self, name: str) -> str:
        """Address of this row's value of column `name`."""

    def previous(self, name: str) -> str:
        """Address of the previous period's value of column `name` in this row."""

    def column(self, name: str) -> str:
        """The whole column `name`: a range or a structured reference."""

    def choices(self, name: str) -> tuple[str, str]:
        """Ranges of the values and of the ranks of the list of column `name`."""

    def fiscal_year(self) -> tuple[dt.date, dt.date]:
        """First and last day of the round's period."""

    def group(self) -> str:
        """Address of the head of this row of measures."""

    def period(self) -> str:
        """Address of the head of this column of measures."""


def emit(formula: Formula, place: Place) -> str:
    """The formula in cell addresses, without a leading `=`."""
    return _emit(formula.tree, place)


def quote(text: str) -> str:
    """`text` as a string literal of a formula."""
    return '"' + text.replace('"', '""') + '"'


def blank_test(address: str) -> str:
    """A formula that is TRUE where `address` holds nothing but spaces: the same notion as `text.is_blank`."""
    return f'TRIM(SUBSTITUTE(CLEAN({address}),"　",""))=""'


def _emit(node: Node, place: Place) -> str:
    match node.kind:
        case "literal":
            return _literal(node.value)
        case "omitted":
            return ""
        case "this_row":
            return place.value(str(node.value))
        case "whole":
            return place.column(str(node.value))
        case "unary":
            inner = _emit(node.children[0], place)
            return f"({inner}%)" if node.value == "%" else f"({node.value}{inner})"
        case "binary":
            left, right = (_emit(child, place) for child in node.children)
            return f"({left}{node.value}{right})"
        case "function" if node.value in MACROS:
            return _macro(node, place)
        case "function":
            return f"{node.value}({','.join(_emit(child, place) for child in node.children)})"
        case _:
            raise FormulaError("formula_reference", formula=str(node.value), reference=str(node.value))


def _literal(value: object) -> str:
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case int() | float():
            return repr(value)
        case _:
            text = str(value)
            return text if text.startswith("#") else quote(text)


def _macro(node: Node, place: Place) -> str:
    inner = [_emit(child, place) for child in node.children]
    match node.value:
        case "GROUP":
            return place.group()
        case "PERIOD":
            return place.period()
        case "PREVIOUS":
            return place.previous(str(node.children[0].value))
        case "BLANK":
            return f"({blank_test(inner[0])})"
        case "FILLED":
            return f"(NOT({blank_test(inner[0])}))"
        case "IN_FISCAL_YEAR":
            first, last = (f"DATE({day.year},{day.month},{day.day})" for day in place.fiscal_year())
            return f"AND({inner[0]}>={first},{inner[0]}<{last}+1)"
        case _:
            values, ranks = place.choices(_column_of(node.children[0]))
            # MATCH and COUNTIF would take * and ? for wildcards and 1 for "1".
            return f"SUMPRODUCT(({values}={inner[0]})*{ranks})"


def _column_of(node: Node) -> str:
    """The column that a CHOICE_RANK is asked of: its own value, or its previous one."""
    return str(node.children[0].value if node.kind == "function" and node.children else node.value)


# --- evaluation ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Undecided:
    """A formula that gave an error, such as Div or Value, instead of a value."""

    kind: str


@dataclass(frozen=True, slots=True)
class Ground:
    """What formulas need besides the row: (value, rank) of the list of each column, and the period's days."""

    choices: Mapping[str, Sequence[tuple[str, float | None]]]
    first_day: dt.date
    last_day: dt.date


@dataclass(frozen=True, slots=True)
class _TestBench:
    """The place of a formula in the sheet that `evaluate` lays out: one row of values for each tuple."""

    row: int
    columns: Mapping[str, int]
    previous_columns: Mapping[str, int]
    lists: Mapping[str, tuple[int, int]]
    ground: Ground

    def value(self, name: str) -> str:
        return f"{column_letters(self.columns[name])}{self.row}"

    def previous(self, name: str) -> str:
        return f"{column_letters(self.previous_columns[name])}{self.row}"

    def column(self, name: str) -> str:
        raise FormulaError("formula_whole_column", formula=name, name=name)

    def choices(self, name: str) -> tuple[str, str]:
        column, length = self.lists[name]
        values, ranks = column_letters(column), column_letters(column + 1)
        return f"lists!${values}$1:${values}${length}", f"lists!${ranks}$1:${ranks}${length}"

    def fiscal_year(self) -> tuple[dt.date, dt.date]:
        return self.ground.first_day, self.ground.last_day

    def group(self) -> str:
        raise FormulaError("formula_only_in_measures", formula="GROUP()", name="GROUP")

    def period(self) -> str:
        raise FormulaError("formula_only_in_measures", formula="PERIOD()", name="PERIOD")


def evaluate(
    formula: Formula,
    rows: Sequence[Sequence[object]],
    columns: Sequence[str],
    previous: Sequence[str],
    ground: Ground,
) -> list[object]:
    """The formula's value for each of `rows`.

    A row holds the values of `columns`, then the previous values of `previous`; None is an empty cell. Give
    distinct rows only: the cost is per row. Gives bool, float, str, or Undecided where the formula errs.
    """
    if not rows:
        return []
    book = formualizer.Workbook()
    book.add_sheet("lists")
    book.add_sheet("rows")
    lists: dict[str, tuple[int, int]] = {}
    for name, pairs in ground.choices.items():
        lists[name] = (2 * len(lists) + 1, len(pairs))
        book.set_values_batch("lists", 1, lists[name][0], [[value, rank or 0] for value, rank in pairs])
    names = {name: index for index, name in enumerate(columns, 1)}
    olds = {name: index for index, name in enumerate(previous, len(columns) + 1)}
    book.set_values_batch("rows", 1, 1, [list(row) for row in rows])
    result = len(columns) + len(previous) + 1
    emitted = [
        ["=" + emit(formula, _TestBench(row, names, olds, lists, ground))] for row in range(1, len(rows) + 1)
    ]
    book.set_formulas_batch("rows", 1, result, emitted)
    book.evaluate_all()
    return [_result(book.get_value("rows", row, result)) for row in range(1, len(rows) + 1)]


def _result(value: object) -> object:
    if isinstance(value, dict):
        return Undecided(str(value.get("kind", "")))
    return "" if value is None else value


def column_letters(column: int) -> str:
    """The letters of a 1-based column: 1 is A, 27 is AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def recalculate(workbook: bytes) -> bytes:
    """The same .xlsx file with the cached value of every formula filled in; no other part is touched.

    Without it Excel's Protected View, previews and readers of values show 0.
    """
    clock = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
    done = formualizer.recalculate_xlsx_bytes(workbook, deterministic_timestamp_utc=clock)
    filled: bytes = done["bytes"]
    return filled
