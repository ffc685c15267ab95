"""The lint of formulas: what Excel, LibreOffice and the validator would not agree on, or nobody meant.

It knows the type of every column and infers the type of every part: no ordering or arithmetic of text, no number
taken for text, no bare column as a condition, no comparison of text with a number, no clock, only functions that
give the same everywhere (`xlplan.formula.functions`).
"""

import re
from collections.abc import Iterator

from xlplan.formula.codes import FormulaCode
from xlplan.formula.criteria import is_number
from xlplan.formula.functions import DISAGREED, FUNCTIONS, VOLATILE, Function, Kind
from xlplan.formula.scope import Problem, Scope
from xlplan.formula.tree import MACROS, OF_MEASURES, Formula, Node, criteria
from xlplan.language.text import nearest

__all__ = ["kind_of", "lint"]


_MACRO_KINDS = {
    "CHOICE_RANK": Kind.NUMBER,
    "BLANK": Kind.TRUTH,
    "FILLED": Kind.TRUTH,
    "IN_FISCAL_YEAR": Kind.TRUTH,
    "IN_PERIOD": Kind.TRUTH,
    "REFERENCE_DATE": Kind.DATE,
    "GROUP": Kind.TEXT,
    "PERIOD": Kind.TEXT,
    "MEASURE": Kind.NUMBER,
    "CUMULATIVE": Kind.NUMBER,
}
_WITHOUT_ARGUMENT = ("GROUP", "PERIOD", "REFERENCE_DATE")
_MEASURE_MACROS = (*OF_MEASURES, "GROUP", "PERIOD")
_OF_DAYS = ("IN_FISCAL_YEAR", "IN_PERIOD")
_ORDERINGS = ("<", ">", "<=", ">=")
_NUMERIC = (Kind.NUMBER, Kind.DATE, Kind.ANY)
_OPERATORS = ("=", "<>", *_ORDERINGS, "+", "-", "*", "/", "^", "&", "%")
_BRANCHING = ("IF", "IFERROR", "CHOOSE")
_TEXT_FORMAT = re.compile(r"(#,##0|0+)(\.0+)?%?")
"""Formats of TEXT that mean the same in every language of Excel and LibreOffice: those of numbers."""


def lint(formula: Formula, scope: Scope, *, condition: bool = False) -> list[Problem]:
    """Everything wrong with a formula whose names are resolved.

    Args:
        formula: the formula, its columns by id.
        scope: what it may name, and for what it is used.
        condition: whether it has to give TRUE or FALSE, as a rule and a requirement must.

    Returns:
        The problems in order of their position; none where the formula works.
    """
    problems = list(_problems(formula.tree, scope))
    if scope.measure:
        problems += _criterion_problems(formula.tree, scope)
    if condition and not problems and kind_of(formula.tree, scope) is not Kind.TRUTH:
        problems.append(Problem(FormulaCode.NOT_CONDITION, formula.tree.position, {}))
    return sorted(problems, key=lambda problem: problem.position)


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
        case "function" if node.value in _BRANCHING:
            branches = node.children if node.value == "IFERROR" else node.children[1:]
            return _common({kind_of(child, scope) for child in branches})
        case "function" if node.value in FUNCTIONS:
            return FUNCTIONS[str(node.value)].gives
        case _:
            return Kind.ANY


def _common(kinds: set[Kind]) -> Kind:
    if len(kinds) == 1:
        return kinds.pop()
    if Kind.ANY in kinds or not kinds:
        return Kind.ANY
    return Kind.NUMBER if kinds == {Kind.NUMBER, Kind.DATE} else Kind.MIXED


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
            yield Problem(FormulaCode.REFERENCE, node.position, {"reference": node.value})
        case "array":
            yield Problem(FormulaCode.ARRAY, node.position, {})
        case "unary" | "binary" if node.value not in _OPERATORS:
            # [@a]:[@b] and @[a] read as operators, but are ways to write a range
            yield Problem(FormulaCode.REFERENCE, node.position, {"reference": node.value})
        case "binary":
            yield from _operator_problems(node, scope)
        case "unary" if kind_of(node.children[0], scope) not in _NUMERIC:
            yield Problem(FormulaCode.TEXT_ARITHMETIC, node.position, {"operator": node.value})
        case "function" if node.value in MACROS:
            yield from _macro_problems(node, scope)
        case "function":
            yield from _function_problems(node, scope)


def _column_problems(node: Node, scope: Scope) -> Iterator[Problem]:
    name = str(node.value)
    if (node.kind == "whole") != scope.measure:
        code = FormulaCode.WHOLE_COLUMN if node.kind == "whole" else FormulaCode.ROW_IN_MEASURE
        yield Problem(code, node.position, {"name": name})
    elif name not in scope.columns:
        near = nearest(name, list(scope.columns))
        code = FormulaCode.UNKNOWN_COLUMN_NEAR if near else FormulaCode.UNKNOWN_COLUMN
        yield Problem(code, node.position, {"name": name, "near": near})


def _operator_problems(node: Node, scope: Scope) -> Iterator[Problem]:
    if scope.measure:
        return
    kinds = [kind_of(child, scope) for child in node.children]
    params = {"operator": node.value}
    if node.value in DISAGREED:
        yield _unknown_function(node, str(node.value))
    elif node.value == "&":
        for child in node.children:
            yield from _argument_problems("t", child, "&", scope)
    elif node.value in _ORDERINGS:
        if any(kind not in _NUMERIC for kind in kinds):
            yield Problem(FormulaCode.TEXT_ORDER, node.position, params)
    elif node.value in ("=", "<>"):
        known = {Kind.NUMBER if kind is Kind.DATE else kind for kind in kinds if kind is not Kind.ANY}
        if len(known) > 1 or Kind.MIXED in known:
            yield Problem(FormulaCode.MIXED_COMPARISON, node.position, params)
    elif any(kind not in _NUMERIC for kind in kinds):
        yield Problem(FormulaCode.TEXT_ARITHMETIC, node.position, params)


def _function_problems(node: Node, scope: Scope) -> Iterator[Problem]:
    name = str(node.value)
    function = FUNCTIONS.get(name)
    if function is None:
        yield _unknown_function(node, name)
        return
    least, most = function.counts
    omitted = any(child.kind == "omitted" for child in node.children)
    if omitted or not least <= len(node.children) <= most:
        yield Problem(FormulaCode.ARGUMENTS, node.position, {"name": name, "count": function.count_shown})
    elif scope.measure:
        return
    elif not function.rows:
        yield Problem(FormulaCode.ONLY_IN_MEASURES, node.position, {"name": name})
    else:
        yield from _row_function_problems(node, function, scope)


def _unknown_function(node: Node, name: str) -> Problem:
    if name in VOLATILE:
        return Problem(FormulaCode.VOLATILE, node.position, {"name": name})
    if name in DISAGREED:
        code = FormulaCode.DISAGREED_INSTEAD if DISAGREED[name] else FormulaCode.DISAGREED
        return Problem(code, node.position, {"name": name, "instead": DISAGREED[name]})
    near = nearest(name, sorted(FUNCTIONS.keys() | MACROS))
    code = FormulaCode.UNKNOWN_FUNCTION_NEAR if near else FormulaCode.UNKNOWN_FUNCTION
    return Problem(code, node.position, {"name": name, "near": near})


def _row_function_problems(node: Node, function: Function, scope: Scope) -> Iterator[Problem]:
    name = str(node.value)
    for letter, child in zip(function.kinds(len(node.children)), node.children, strict=True):
        yield from _argument_problems(letter, child, name, scope)
    sought = node.children[0] if name == "FIND" else None
    if sought and not (sought.kind == "literal" and sought.value):
        # an empty text is found everywhere in Excel, in a blank cell nowhere in LibreOffice
        yield Problem(FormulaCode.NEEDS_TEXT, sought.position, {"name": name})
    shape = node.children[1] if name == "TEXT" else None
    if shape and not (shape.kind == "literal" and _TEXT_FORMAT.fullmatch(str(shape.value))):
        yield Problem(FormulaCode.TEXT_FORMAT, shape.position, {})


def _argument_problems(letter: str, child: Node, name: str, scope: Scope) -> Iterator[Problem]:
    kind = kind_of(child, scope)
    if letter == "c" and kind not in (Kind.TRUTH, Kind.ANY):
        yield Problem(FormulaCode.BARE_CONDITION, child.position, {"name": name})
    elif letter == "n" and kind not in _NUMERIC:
        yield Problem(FormulaCode.TEXT_ARITHMETIC, child.position, {"operator": name})
    elif letter == "t" and kind not in (Kind.TEXT, Kind.ANY):
        yield Problem(FormulaCode.NUMBER_AS_TEXT, child.position, {"name": name})


def _macro_problems(node: Node, scope: Scope) -> Iterator[Problem]:
    name = str(node.value)
    count = 0 if name in _WITHOUT_ARGUMENT else 1
    if len(node.children) != count:
        yield Problem(FormulaCode.ARGUMENTS, node.position, {"name": name, "count": count})
        return
    if (name in _MEASURE_MACROS) != scope.measure:
        code = FormulaCode.ONLY_IN_ROWS if scope.measure else FormulaCode.ONLY_IN_MEASURES
        yield Problem(code, node.position, {"name": name})
        return
    if not count:
        return
    inner = node.children[0]
    if name in OF_MEASURES:
        yield from _measure_problems(node, inner, scope)
    elif name == "PREVIOUS":
        column = scope.columns.get(str(inner.value)) if inner.kind == "this_row" else None
        if inner.kind != "this_row":
            yield Problem(FormulaCode.NEEDS_COLUMN, node.position, {"name": name})
        elif column and not column.previous:
            yield Problem(FormulaCode.NO_PREVIOUS, node.position, {"name": inner.value})
    elif name == "CHOICE_RANK":
        yield from _rank_problems(node, inner, scope)
    elif name in _OF_DAYS and kind_of(inner, scope) not in (Kind.DATE, Kind.ANY):
        yield Problem(FormulaCode.NOT_DATE, node.position, {"name": name})


def _rank_problems(node: Node, inner: Node, scope: Scope) -> Iterator[Problem]:
    if inner.kind == "function" and inner.value == "PREVIOUS" and inner.children:
        inner = inner.children[0]
    if inner.kind != "this_row":
        yield Problem(FormulaCode.NEEDS_COLUMN, node.position, {"name": "CHOICE_RANK"})
        return
    column = scope.columns.get(str(inner.value))
    if column and not column.ranked:
        yield Problem(FormulaCode.NO_RANK, node.position, {"name": inner.value})


def _measure_problems(node: Node, inner: Node, scope: Scope) -> Iterator[Problem]:
    """What is wrong with the measure that MEASURE or CUMULATIVE names."""
    params = {"name": node.value, "measure": inner.value}
    other = scope.measures.get(str(inner.value)) if inner.kind == "measure" else None
    if inner.kind != "measure":
        yield Problem(FormulaCode.NEEDS_MEASURE, node.position, params)
    elif other is None:
        near = nearest(str(inner.value), list(scope.measures))
        code = FormulaCode.UNKNOWN_MEASURE_NEAR if near else FormulaCode.UNKNOWN_MEASURE
        yield Problem(code, inner.position, params | {"near": near})
    elif None not in (other.by, scope.shape.by) and other.by != scope.shape.by:
        yield Problem(FormulaCode.MEASURE_BY, inner.position, params)
    elif scope.shape.total and node.value == "CUMULATIVE":
        yield Problem(FormulaCode.CUMULATIVE_TOTAL, node.position, params)
    elif scope.shape.total and other.total is False:
        yield Problem(FormulaCode.MEASURE_TOTAL, inner.position, params)


def _criterion_problems(tree: Node, scope: Scope) -> Iterator[Problem]:
    """Criteria that the engines take differently, and heads that have no meaning in the column of all periods."""
    pairs = [pair for node in tree.walk() for pair in criteria(node)]
    for literal in (node for _, criterion in pairs for node in criterion.walk() if node.kind == "literal"):
        signs = str(literal.value).replace("~?", "")
        if signs.count("?") > 1 or ("?" in signs and "?*" not in signs and "*?" not in signs):
            # formualizer takes ? for one byte: right only where any number of further ones may follow
            yield Problem(FormulaCode.QUESTION_MARK, literal.position, {})
    for column, criterion in pairs:
        yield from _literal_problems(column, criterion, scope)
    if not scope.shape.total:
        return
    heads = ("PERIOD", "GROUP") if scope.shape.by == "period" else ("PERIOD",)
    texts = {
        criterion.position
        for column, criterion in pairs
        if column.kind == "whole" and _holds_text(str(column.value), scope)
    }
    for node in tree.walk():
        if node.kind == "function" and node.value in heads and node.position not in texts:
            yield Problem(FormulaCode.TOTAL_HEAD, node.position, {"name": node.value})


def _literal_problems(column: Node, criterion: Node, scope: Scope) -> Iterator[Problem]:
    """A constant criterion that Excel and LibreOffice take differently for what the column holds."""
    if column.kind != "whole" or criterion.kind != "literal" or not isinstance(criterion.value, str):
        return
    named = scope.columns.get(str(column.value))
    numbers = named is not None and named.kind in (Kind.NUMBER, Kind.DATE)
    if numbers and re.search(r"[*?]", criterion.value):
        yield Problem(FormulaCode.WILDCARD_NUMBER, criterion.position, {"name": column.value})
    ordered = re.match(r"<=|>=|<(?!>)|>", criterion.value)
    if ordered and not numbers and not is_number(criterion.value[ordered.end() :]):
        yield Problem(FormulaCode.TEXT_ORDER, criterion.position, {"operator": ordered[0]})


def _holds_text(name: str, scope: Scope) -> bool:
    column = scope.columns.get(name)
    return column is None or column.kind in (Kind.TEXT, Kind.ANY)
