"""What formualizer does: reads a formula into its tree, and works out the formulas of a workbook held in memory."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from operator import itemgetter
from typing import TypeVar

import formualizer

from xlplan.formula.codes import FormulaCode
from xlplan.formula.tree import OF_MEASURES, Formula, Node
from xlplan.language.errors import FormulaError

ERRORS = {
    "Div": "#DIV/0!",
    "Na": "#N/A",
    "Name": "#NAME?",
    "Null": "#NULL!",
    "Num": "#NUM!",
    "Ref": "#REF!",
    "Value": "#VALUE!",
}
Held = TypeVar("Held")

CELLS_AT_ONCE = 4000
"""Cells handed over together: more would only take more memory."""
LONG = 10
"""Cells one below the other that are laid out faster together than one by one."""

_THIS_ROW = re.compile(r"^\[@(?:\[(?P<quoted>.+)\]|(?P<plain>[^\[\]]+))\]$", re.DOTALL)
_WHOLE = re.compile(r"^\[(?P<plain>[^@#\[\]]+)\]$")
_ESCAPED = re.compile(r"'([\[\]#'@])")
_FULL_WIDTH = re.compile("[＝＜＞＋－＊／＆（），％＾]")
_STRING_OR_COLUMN = re.compile(r'"(?:[^"]|"")*"|(\w+)\[(?:\[((?:\'.|[^\[\]\'])*)\]|([^\[\]]*))\]')


class ErrorValue(str):
    """What a formula gives that errs, as a cell shows it: #DIV/0!"""

    __slots__ = ()


class Engine:
    """Sheets of values and formulas. Rows and columns are 1-based; days are serial numbers.

    `tables` are the Excel tables by name: each column's heading and absolute range. formualizer finds no INDEX in
    a table's column, so ranges are put in its place.
    """

    def __init__(self, sheets: Iterable[str], tables: Mapping[str, Mapping[str, str]]) -> None:
        self._tables = tables
        self._book = formualizer.Workbook()
        self._book.set_changelog_enabled(False)  # nothing is undone here, and it doubles time and memory
        self._book.set_temporal_egress("serial")
        for name in sheets:
            self._book.add_sheet(name)

    def explicit(self, formula: str) -> str:
        """The formula with the range of each table's column in place of its name."""
        return _STRING_OR_COLUMN.sub(self._range, formula) if "[" in formula else formula

    def _range(self, found: re.Match[str]) -> str:
        name, escaped, plain = found.groups()
        if name not in self._tables:
            return found[0]
        return self._tables[name][re.sub("'(.)", r"\1", escaped) if escaped is not None else plain]

    def put(self, sheet: str, cells: Mapping[tuple[int, int], object]) -> None:
        """Lay out values by row and column."""
        for row, column, run in _runs(cells):
            if len(run) < LONG:
                for at, value in enumerate(run, row):
                    self._book.set_value(sheet, at, column, value)
            else:
                self.put_column(sheet, row, column, run)

    def put_column(self, sheet: str, row: int, column: int, values: Sequence[object]) -> None:
        """Lay out values one below the other.

        Args:
            sheet: the name of the sheet.
            row: of the first value, 1-based.
            column: 1-based.
            values: None for an empty cell.
        """
        for at in range(0, len(values), CELLS_AT_ONCE):
            part = [[value] for value in values[at : at + CELLS_AT_ONCE]]
            self._book.set_values_batch(sheet, row + at, column, part)

    def put_formulas(self, sheet: str, cells: Mapping[tuple[int, int], str]) -> None:
        """Lay out formulas by row and column, without their leading `=` and as `explicit` gives them.

        In runs: one by one takes twenty times as long as soon as there are runs of values.
        """
        for row, column, run in _runs(cells):
            self._book.set_formulas_batch(sheet, row, column, [[f"={formula}"] for formula in run])

    def work_out(self) -> None:
        """Evaluate every formula."""
        self._book.evaluate_all()

    def value(self, sheet: str, row: int, column: int) -> bool | float | str:
        """What the formula of a cell gives, once it is worked out.

        Args:
            sheet: the name of the sheet.
            row: 1-based.
            column: 1-based.

        Returns:
            The value, an ErrorValue where the formula errs, an empty text for an empty cell.

        Raises:
            TypeError: formualizer gives what it never gave.
        """
        found = self._book.get_value(sheet, row, column)
        match found:
            case bool() | int() | float() | str():
                return found
            case None:
                return ""
            case dict():
                return ErrorValue(ERRORS.get(str(found.get("kind")), "#VALUE!"))
            case _:
                raise TypeError(found)


def _runs(cells: Mapping[tuple[int, int], Held]) -> Iterator[tuple[int, int, list[Held]]]:
    """Cells that stand one below the other, with the row and column of the first."""
    run: list[Held] = []
    for row, column in sorted(cells, key=itemgetter(1, 0)):
        run.append(cells[row, column])
        if (row + 1, column) not in cells:
            yield row - len(run) + 1, column, run
            run = []


# --- a formula as written --------------------------------------------------------------------------


def parse(text: str) -> Formula:
    """Read one formula, with or without its leading `=`.

    Raises:
        FormulaError: it cannot be read; its `position` is the character of `text`, from 0, where reading stopped.
    """
    body = text.strip()
    shown = body if body.startswith("=") else f"={body}"
    shift = len(shown) - len(body) - (len(text) - len(text.lstrip()))
    if shown == "=":
        raise FormulaError(FormulaCode.EMPTY, formula=text)
    try:
        tree = formualizer.parse(shown)
    except (formualizer.ParserError, formualizer.TokenizerError) as fault:
        key, stopped = _stopped(str(fault), shown)
        at = max(0, min(stopped, len(shown)) - shift)
        raise FormulaError(key, formula=body, position=at) from None

    def position(node: formualizer.ASTNode) -> int:
        token = node.get_source_token()
        return max(0, _characters(shown, token.start) - shift) if token else 0

    return Formula(body, _node(tree, position))


def _characters(shown: str, offset: int) -> int:
    """How many characters the first `offset` bytes hold."""
    return len(shown.encode("utf-8")[:offset].decode("utf-8", "ignore"))


def _stopped(reason: str, shown: str) -> tuple[FormulaCode, int]:
    """The key of what is wrong and the character of `shown` where reading stopped.

    formualizer says it in bytes, in tokens or by the piece of text, as the fault has it.
    """
    if "end of tokens" in reason:
        return FormulaCode.UNREADABLE, len(shown)
    if found := re.search(r"Invalid reference '(.*)': ", reason, re.DOTALL):
        starts = [token.start for token in formualizer.tokenize(shown) if token and token.value == found[1]]
        sign = _FULL_WIDTH.search(found[1])
        return FormulaCode.UNREADABLE, _characters(shown, starts[0]) + (sign.start() if sign else 0)
    found = re.search(r"start: (\d+)", reason) or re.search(r"position (\d+)", reason)
    at = _characters(shown, int(found[1])) if found else 0
    if "string" in reason:
        return FormulaCode.OPEN_TEXT, at
    return FormulaCode.OPEN_BRACKET if "nmatched" in reason else FormulaCode.UNREADABLE, at


def _node(node: formualizer.ASTNode, position: Callable[[formualizer.ASTNode], int]) -> Node:
    at = position(node)
    children = tuple(_node(child, position) for child in node.children())
    match node.node_type():
        case "Literal":
            value = node.get_literal_value()
            # an error such as #N/A comes as text; only the token tells them apart
            token = node.get_source_token()
            error = isinstance(value, str) and token is not None and token.value.startswith("#")
            return Node("reference" if error else "literal", value, (), at)
        case "Omitted":
            return Node("omitted", None, (), at)
        case "Reference":
            return _reference(node.get_reference_string() or "", at)
        case "UnaryOp":
            return Node("unary", node.get_operator(), children, at)
        case "BinaryOp":
            return Node("binary", node.get_operator(), children, at)
        case "Function":
            name = (node.get_function_name() or "").upper()
            return Node(
                "function", name, tuple(map(_measure, children)) if name in OF_MEASURES else children, at
            )
        case "Array":
            # formualizer gives it no token of its own
            return Node("array", "", children, max(0, children[0].position - 1) if children else at)
        case other:
            return Node("reference", other, children, at)


def _measure(node: Node) -> Node:
    """The id of a measure, written bare or, where it would read as something else, in quotation marks."""
    match node.kind, node.value:
        case "reference" | "literal", str(name):
            return replace(node, kind="measure", value=name.strip())
        case "literal", float(number) if number.is_integer():
            return replace(node, kind="measure", value=str(int(number)))
        case _:
            return node


def _reference(text: str, at: int) -> Node:
    if found := _THIS_ROW.match(text):
        return Node("this_row", _ESCAPED.sub(r"\1", found["quoted"] or found["plain"]).strip(), (), at)
    if found := _WHOLE.match(text):
        return Node("whole", found["plain"].strip(), (), at)
    return Node("reference", text, (), at)
