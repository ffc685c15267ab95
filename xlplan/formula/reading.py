"""A formula as written, read into its tree; where it cannot be read, the character at which reading stopped."""

import re
from collections.abc import Callable
from dataclasses import replace

import formualizer

from xlplan.formula.codes import FormulaCode
from xlplan.formula.tree import OF_MEASURES, Formula, Node
from xlplan.language.errors import FormulaError

_THIS_ROW = re.compile(r"^\[@(?:\[(?P<quoted>.+)\]|(?P<plain>[^\[\]]+))\]$", re.DOTALL)
_WHOLE = re.compile(r"^\[(?P<plain>[^@#\[\]]+)\]$")
_ESCAPED = re.compile(r"'([\[\]#'@])")
_FULL_WIDTH = re.compile("[＝＜＞＋－＊／＆（），％＾]")


def parse(text: str) -> Formula:
    """Read one formula, with or without its leading `=`.

    Raises FormulaError with the position (in characters of `text`) where reading stopped.
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
        starts = [one.start for one in formualizer.tokenize(shown) if one and one.value == found[1]]
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
