"""What a draft counts: the state of each answer beside it, and figures over the answers that stand.

A row of the round's period that is not answered, or in which an error stands, is counted by no figure of a draft: it
would pass for one that has no result. How many there are of each stands above the figures. A final summary has none.
"""

from collections.abc import Iterable
from dataclasses import replace

from xlplan.formula.addresses import area_address
from xlplan.formula.emission import quote
from xlplan.formula.tree import Formula, Node, criteria
from xlplan.language.messages import text
from xlplan.model.parts import View
from xlplan.report.columns import STATE, DataTable
from xlplan.report.frame import Frame
from xlplan.report.rows import RowState
from xlplan.spreadsheet.styles import FILLS, NAVY
from xlplan.spreadsheet.worksheet import Sheet

COUNTED = (RowState.ACCEPTED, RowState.SENT_BACK)
NOT_COUNTED = (RowState.FAULTY, RowState.OPEN)
ROWS = 9
"""The rows that the counts of the states take above the figures, an empty one below included."""
POINTS = ROWS * 17.0
"""About how high they are."""
_FILLS = {RowState.SENT_BACK: "doubted", RowState.FAULTY: "wrong", RowState.OPEN: "missing"}
_SOME = {
    "COUNTIF": ("COUNTIFS", 0),
    "SUMIF": ("SUMIFS", 1),
    "AVERAGEIF": ("AVERAGEIFS", 1),
}
_ALL = {"SUM": "SUMIFS", "AVERAGE": "AVERAGEIFS"}
_HEADS = ("summary.answered.heading", "summary.answered.count", "summary.answered.figures")
_MANY = ("COUNTIFS", "SUMIFS", "AVERAGEIFS")


def state_word(state: RowState, language: str) -> str:
    """What the sheets call the state of an answer."""
    return text(state.catalogue_key, language)


def narrowed(formula: Formula, language: str) -> Formula:
    """A measure's formula over the rows that a draft counts."""
    more = [
        part
        for state in NOT_COUNTED
        for part in (Node("whole", STATE), Node("literal", f"<>{state_word(state, language)}"))
    ]
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
    return replace(node, children=tuple(_narrowed(one, more) for one in parts))


def counts_all(formula: Formula) -> bool:
    """Whether a formula looks at whole columns in a way that cannot be narrowed, such as INDEX or SUMPRODUCT."""
    return _counts_all(formula.tree)


def _counts_all(node: Node) -> bool:
    if any(True for _ in criteria(node)):
        return False
    if node.kind == "function" and node.value in _ALL and len(node.children) == 1:
        return node.children[0].kind != "whole" and _counts_all(node.children[0])
    return node.kind == "whole" or any(map(_counts_all, node.children))


def write_states(frame: Frame, sheet: Sheet, view: View, table: DataTable, top: int) -> None:
    """How many rows of the round's period have each state, from row `top` on, and which of them are counted."""
    book, label = frame.book, frame.made.period.label
    for column in range(1, 4):
        words = frame.said("summary.answered.title", period=label) if column == 1 else None
        book.put(sheet, top, column, words, book.style("heading"))
    for column, key in enumerate(_HEADS, 1):
        book.put(sheet, top + 1, column, frame.said(key), book.style("head"))
    first = top + 2
    figure = book.style("figure", num_format="0", font_size=10)
    for row, state in enumerate((*COUNTED, *NOT_COUNTED), first):
        fill = FILLS.get(_FILLS.get(state, ""), {})
        book.put(sheet, row, 1, state_word(state, frame.language), book.style("label", **fill))
        counted = f"COUNTIFS({table.reference('period')},{quote(label)},{table.reference(STATE)},$A{row})"
        book.formula(sheet, row, 2, counted, figure)
        words = frame.said("summary.answered.counted" if state in COUNTED else "summary.answered.not_counted")
        book.put(sheet, row, 3, words, book.style("value_centre"))
    last = first + len(COUNTED) + len(NOT_COUNTED)
    edge = {"top": 2, "top_color": NAVY}
    book.put(sheet, last, 1, frame.said("summary.statistics.total"), book.style("label", **edge))
    style = book.style("figure", num_format="0", font_size=10, bold=True, **edge)
    book.formula(sheet, last, 2, f"SUM(B{first}:B{last - 1})", style)
    book.put(sheet, last, 3, None, book.style("value_centre", **edge))
    book.put(sheet, last + 1, 1, _base(frame, view), book.style("quiet"))


def _base(frame: Frame, view: View) -> str:
    """What the figures below are of."""
    names = [one.label for one in view.measures if counts_all(one.formula)]
    said = frame.said("summary.answered.base")
    if not names:
        return said
    return said + frame.said("summary.answered.but", names=frame.said("summary.answered.between").join(names))


def shade_states(frame: Frame, sheet: Sheet, column: int, rows: tuple[int, int]) -> None:
    """Colour the states in a column (1-based, as the rows)."""
    area = area_address((rows[0], column), (rows[1], column), fixed=False)
    for state, fill in _FILLS.items():
        rule = {
            "type": "cell",
            "criteria": "==",
            "value": quote(state_word(state, frame.language)),
            "format": frame.book.fill(FILLS[fill]),
        }
        sheet.conditional_format(area, rule)
