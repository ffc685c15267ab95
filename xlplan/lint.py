"""The lint of formulas: what Excel, LibreOffice and the validator would not agree on, or nobody meant.

It knows the type of every column and infers the type of every part: no ordering or arithmetic of text, no bare
column as a condition, no comparison of text with a number, no clock, only functions that Excel 2016 and
LibreOffice 7 both have.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from xlplan.formula import MACROS, Formula, Node
from xlplan.text import nearest


class Kind(StrEnum):
    """The type of a part of a formula. ANY is what cannot be told."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    TRUTH = "truth"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Column:
    """What a formula may know of a column: its kind, whether its choices have ranks, whether PREVIOUS has it."""

    kind: Kind
    ranked: bool = False
    previous: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """The columns by id, and the use: a row formula (rule, required, computed field) or a measure."""

    columns: Mapping[str, Column]
    measure: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a formula. `code` is an entry of `catalogue/formula.toml`, `position` a 0-based offset."""

    code: str
    position: int
    params: Mapping[str, object]


VOLATILE = frozenset({"TODAY", "NOW", "RAND", "RANDBETWEEN", "OFFSET", "INDIRECT", "CELL", "INFO"})
_TRUTHS = "AND OR NOT ISNUMBER ISTEXT ISBLANK ISERROR ISNA ISERR ISLOGICAL EXACT XOR".split()
_NUMBERS = """SUM SUMIF SUMIFS SUMPRODUCT COUNT COUNTA COUNTBLANK COUNTIF COUNTIFS AVERAGE AVERAGEIF AVERAGEIFS
    MIN MAX ROUND ROUNDUP ROUNDDOWN INT ABS MOD SIGN POWER SQRT LEN FIND SEARCH VALUE YEAR MONTH DAY WEEKDAY
    MATCH MEDIAN LARGE SMALL N CODE DAYS TRUNC CEILING FLOOR ROWS COLUMNS""".split()
_TEXTS = (
    "LEFT RIGHT MID TRIM CLEAN SUBSTITUTE REPLACE UPPER LOWER CONCATENATE TEXT REPT PROPER T CHAR".split()
)
_DATES = "DATE EDATE EOMONTH".split()
_OTHERS = "IF IFERROR IFNA CHOOSE INDEX TRUE FALSE".split()
FUNCTIONS: Mapping[str, Kind] = (
    dict.fromkeys(_TRUTHS, Kind.TRUTH)
    | dict.fromkeys(_NUMBERS, Kind.NUMBER)
    | dict.fromkeys(_TEXTS, Kind.TEXT)
    | dict.fromkeys(_DATES, Kind.DATE)
    | dict.fromkeys(_OTHERS, Kind.ANY)
)
"""The functions a plan may use, with what they give: in both Excel 2016 and LibreOffice 7."""

_MACRO_KINDS = {
    "CHOICE_RANK": Kind.NUMBER,
    "BLANK": Kind.TRUTH,
    "FILLED": Kind.TRUTH,
    "IN_FISCAL_YEAR": Kind.TRUTH,
    "GROUP": Kind.TEXT,
    "PERIOD": Kind.TEXT,
}
_MACRO_ARITY = {"GROUP": 0, "PERIOD": 0}
_CONDITIONS = {"IF": (0,), "NOT": (0,), "AND": None, "OR": None, "XOR": None}
_ORDERINGS = ("<", ">", "<=", ">=")
_NUMERIC = (Kind.NUMBER, Kind.DATE, Kind.ANY)


def lint(formula: Formula, scope: Scope, *, condition: bool = False) -> list[Problem]:
    """Everything wrong with a formula whose names are resolved, in order of position.

    `condition` asks that it gives TRUE or FALSE, as a rule and a requirement must.
    """
    problems = list(_problems(formula.tree, scope))
    if condition and not problems and kind_of(formula.tree, scope) is not Kind.TRUTH:
        problems.append(Problem("formula_not_condition", formula.tree.position, {}))
    return sorted(problems, key=lambda one: one.position)


def kind_of(node: Node, scope: Scope) -> Kind:
    """The type of what a part of a formula gives."""
    match node.kind:
        case "literal" if isinstance(node.value, bool):
            return Kind.TRUTH
        case "literal":
            return Kind.NUMBER if isinstance(node.value, int | float) else Kind.TEXT
        case "this_row":
            column = scope.columns.get(str(node.value))
            return column.kind if column else Kind.ANY
        case "unary":
            return Kind.NUMBER
        case "binary":
            return _binary_kind(node, scope)
        case "function" if node.value == "PREVIOUS" and node.children:
            return kind_of(node.children[0], scope)
        case "function" if node.value in _MACRO_KINDS:
            return _MACRO_KINDS[str(node.value)]
        case "function" if node.value in ("IF", "IFERROR", "IFNA", "CHOOSE"):
            branches = node.children if node.value in ("IFERROR", "IFNA") else node.children[1:]
            kinds = {kind_of(child, scope) for child in branches}
            return kinds.pop() if len(kinds) == 1 else Kind.ANY
        case "function":
            return FUNCTIONS.get(str(node.value), Kind.ANY)
        case _:
            return Kind.ANY


def _binary_kind(node: Node, scope: Scope) -> Kind:
    if node.value == "&":
        return Kind.TEXT
    if node.value in ("=", "<>", *_ORDERINGS):
        return Kind.TRUTH
    kinds = {kind_of(child, scope) for child in node.children}
    return Kind.DATE if Kind.DATE in kinds and Kind.NUMBER in kinds else Kind.NUMBER


def _problems(node: Node, scope: Scope) -> Iterator[Problem]:
    for child in node.children:
        yield from _problems(child, scope)
    match node.kind:
        case "this_row" | "whole":
            yield from _column_problems(node, scope)
        case "reference":
            yield Problem("formula_reference", node.position, {"reference": node.value})
        case "array":
            yield Problem("formula_array", node.position, {})
        case "binary":
            yield from _operator_problems(node, scope)
        case "unary" if kind_of(node.children[0], scope) not in _NUMERIC:
            yield Problem("formula_text_arithmetic", node.position, {"operator": node.value})
        case "function":
            yield from _function_problems(node, scope)


def _column_problems(node: Node, scope: Scope) -> Iterator[Problem]:
    name = str(node.value)
    if (node.kind == "whole") != scope.measure:
        code = "formula_whole_column" if node.kind == "whole" else "formula_row_in_measure"
        yield Problem(code, node.position, {"name": name})
    elif name not in scope.columns:
        near = nearest(name, list(scope.columns))
        code = "formula_unknown_column_near" if near else "formula_unknown_column"
        yield Problem(code, node.position, {"name": name, "near": near})


def _operator_problems(node: Node, scope: Scope) -> Iterator[Problem]:
    if scope.measure or node.value == "&":
        return
    kinds = [kind_of(child, scope) for child in node.children]
    params = {"operator": node.value}
    if node.value in _ORDERINGS:
        if any(kind in (Kind.TEXT, Kind.TRUTH) for kind in kinds):
            yield Problem("formula_text_order", node.position, params)
    elif node.value in ("=", "<>"):
        known = {Kind.NUMBER if kind is Kind.DATE else kind for kind in kinds if kind is not Kind.ANY}
        if len(known) > 1:
            yield Problem("formula_mixed_comparison", node.position, params)
    elif any(kind not in _NUMERIC for kind in kinds):
        yield Problem("formula_text_arithmetic", node.position, params)


def _function_problems(node: Node, scope: Scope) -> Iterator[Problem]:
    name = str(node.value)
    if name in MACROS:
        yield from _macro_problems(node, scope)
    elif name in VOLATILE:
        yield Problem("formula_volatile", node.position, {"name": name})
    elif name not in FUNCTIONS:
        near = nearest(name, sorted(FUNCTIONS.keys() | MACROS))
        code = "formula_unknown_function_near" if near else "formula_unknown_function"
        yield Problem(code, node.position, {"name": name, "near": near})
    elif name in _CONDITIONS:
        which = _CONDITIONS[name]
        asked = (
            node.children if which is None else [node.children[i] for i in which if i < len(node.children)]
        )
        for child in asked:
            if kind_of(child, scope) not in (Kind.TRUTH, Kind.ANY):
                yield Problem("formula_bare_condition", child.position, {"name": name})


def _macro_problems(node: Node, scope: Scope) -> Iterator[Problem]:
    name = str(node.value)
    if len(node.children) != _MACRO_ARITY.get(name, 1):
        count = _MACRO_ARITY.get(name, 1)
        yield Problem("formula_arguments", node.position, {"name": name, "count": count})
        return
    if (name in _MACRO_ARITY) != scope.measure:
        code = "formula_only_in_rows" if scope.measure else "formula_only_in_measures"
        yield Problem(code, node.position, {"name": name})
        return
    if name in _MACRO_ARITY:
        return
    inner = node.children[0]
    if name == "PREVIOUS":
        column = scope.columns.get(str(inner.value)) if inner.kind == "this_row" else None
        if inner.kind != "this_row":
            yield Problem("formula_needs_column", node.position, {"name": name})
        elif column and not column.previous:
            yield Problem("formula_no_previous", node.position, {"name": inner.value})
    elif name == "CHOICE_RANK":
        yield from _rank_problems(node, inner, scope)
    elif name == "IN_FISCAL_YEAR" and kind_of(inner, scope) not in (Kind.DATE, Kind.ANY):
        yield Problem("formula_not_date", node.position, {"name": name})


def _rank_problems(node: Node, inner: Node, scope: Scope) -> Iterator[Problem]:
    if inner.kind == "function" and inner.value == "PREVIOUS" and inner.children:
        inner = inner.children[0]
    if inner.kind != "this_row":
        yield Problem("formula_needs_column", node.position, {"name": "CHOICE_RANK"})
        return
    column = scope.columns.get(str(inner.value))
    if column and not column.ranked:
        yield Problem("formula_no_rank", node.position, {"name": inner.value})
