"""What makes up a figure: the records that it counts or sums, or the other figures that it rests on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from xlplan.formula.addition import adds_up_over_records
from xlplan.formula.emission import Place, emit, quote
from xlplan.formula.tree import OF_MEASURES, Formula, Node
from xlplan.language.text import fold
from xlplan.report.columns import FIRST_ROW
from xlplan.report.figures import Figure
from xlplan.report.records import Records
from xlplan.report.tracing import adding
from xlplan.report.working import Figures

Key = tuple[str, str, str, str]
"""View, measure, group and period of a figure: ids, and the group's own words folded."""
_ANY = "*"
"""The head that every group or period meets."""


@dataclass(frozen=True, slots=True)
class Adding:
    """One record that adds to a figure, by itself `adds`.

    `item` and `period` are ids, `title` is the item's, `values` what stands in the columns that the formula names, by
    heading. `sheet` and the 1-based `row` are its place in the summary.
    """

    item: str
    title: str
    period: str
    values: tuple[tuple[str, str], ...]
    adds: float
    sheet: str
    row: int


@dataclass(frozen=True, slots=True)
class Term:
    """A part of a formula that counts or sums: its value, and the records that make it up."""

    value: float
    records: tuple[Adding, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Another measure that a formula rests on, with `cumulative` its sum so far.

    `value` is None where the summary has no number, `printed` empty where it is not in print. `agrees` is None where
    that cannot be said.
    """

    measure: str
    label: str
    cumulative: bool
    value: float | None
    printed: str
    agrees: bool | None


@dataclass(frozen=True, slots=True)
class Root:
    """A figure that differs from print and that others rest on; `period` is an id, empty for the whole plan."""

    measure: str
    label: str
    period: str


@dataclass(frozen=True, slots=True)
class Cause:
    """What makes up a figure: its formula with the numbers put in, and where they come from."""

    formula: str = ""
    terms: tuple[Term, ...] = ()
    parts: tuple[Part, ...] = ()
    follows_from: tuple[Root, ...] = ()


@dataclass(frozen=True)
class Register:
    """All figures of a summary, and for those in print how they are printed and whether they agree."""

    figures: Figures
    printed: Mapping[Key, tuple[str, bool]]

    def cause(self, figure: Figure) -> Cause:
        """What makes up a figure."""
        formula = figure.measure.formula
        counted = [(node, self._term(figure, node)) for node in _adding_parts(formula.tree)]
        values = {node.position: term.value for node, term in counted}
        shown = Formula(formula.text, _with_values(formula.tree, values))
        return Cause(
            formula=emit(shown, _ReadablePlace(self.figures, figure), bare=True),
            terms=tuple(term for _, term in counted),
            parts=tuple(self._part(figure, node) for node in _named(formula.tree)),
            follows_from=tuple(dict.fromkeys(self._roots(figure))),
        )

    def _term(self, figure: Figure, node: Node) -> Term:
        form = figure.block.view.form
        records, table = self.figures.records[form], self.figures.tables[form]
        columns = dict.fromkeys(str(part.value) for part in node.walk() if part.kind == "whole")
        named = [name for name in columns if name not in ("period", "item", "title", figure.block.by)]
        found = []
        for at, adds in adding(self.figures, figure, node):
            row = records.rows[at]
            pairs = ((table.column(name).heading, _text(self._shown(records, at, name))) for name in named)
            values = tuple((heading, value) for heading, value in pairs if value)
            item = row.item
            found.append(Adding(item.id, item.title, row.period.id, values, adds, table.name, FIRST_ROW + at))
        return Term(sum(record.adds for record in found), tuple(found))

    @staticmethod
    def _shown(records: Records, at: int, name: str) -> object:
        field = records.form.by_id.get(name)
        return records.value(at, field) if field else records.column(name)[at]

    # --- other measures ---

    def _part(self, figure: Figure, node: Node) -> Part:
        name, cumulative = str(node.children[0].value), node.value == "CUMULATIVE"
        same = [other.beside(name) for other in (figure.up_to_here() if cumulative else [figure])]
        judged = [self.printed.get(_key(other)) for other in same]
        value = _sum_of(self.figures, figure, name) if cumulative else self.figures.number(same[0])
        known = [agrees for _, agrees in filter(None, judged)]
        agrees = all(known) if len(known) == len(judged) or not all(known) else None
        only = judged[0] if judged and not cumulative else None
        return Part(name, same[0].measure.label, cumulative, value, only[0] if only else "", agrees)

    def _roots(self, figure: Figure) -> Iterator[Root]:
        """The nearest figures in print that differ and that this one rests on: of a count, those of its periods."""
        if figure.of_all_periods and adds_up_over_records(figure.measure.formula.tree):
            for earlier in figure.up_to_here()[:-1]:
                yield from self._roots_of(earlier)
        for node in _named(figure.measure.formula.tree):
            for other in figure.up_to_here() if node.value == "CUMULATIVE" else [figure]:
                yield from self._roots_of(other.beside(str(node.children[0].value)))

    def _roots_of(self, figure: Figure) -> list[Root]:
        """The figure itself where it differs; where it is not in print, those that it rests on."""
        printed = self.printed.get(_key(figure))
        if printed is None:
            return list(self._roots(figure))
        measure = figure.measure
        return [] if printed[1] else [Root(measure.id, measure.label, figure.period)]


def _sum_of(figures: Figures, figure: Figure, measure: str) -> float:
    """What another measure comes to from the first period to the figure's, summed."""
    values = (figures.number(earlier) for earlier in figure.beside(measure).up_to_here())
    return sum(value for value in values if value is not None)


@dataclass(frozen=True, slots=True)
class _ReadablePlace(Place):
    """The place of a formula that is to be read: the numbers of other measures, the names of columns."""

    figures: Figures
    figure: Figure

    def column(self, name: str) -> str:
        return f"[{self.figures.tables[self.figure.block.view.form].column(name).heading}]"

    def group(self) -> str:
        return quote(_heads(self.figure)[0])

    def period(self) -> str:
        return quote(_heads(self.figure)[1])

    def measure(self, name: str) -> str:
        return _number(self.figures.number(self.figure.beside(name)))

    def cumulative(self, name: str) -> str:
        return _number(_sum_of(self.figures, self.figure, name))


def _key(figure: Figure) -> Key:
    return figure.block.view.id, figure.measure.id, fold(figure.group), figure.period


def _heads(figure: Figure) -> tuple[str, str]:
    """Group and period of a figure as its formula compares them."""
    period = _ANY if figure.of_all_periods else figure.block.periods[figure.period_at].label
    return (figure.group or period) if figure.block.by == "period" else figure.group, period


def _adding_parts(node: Node) -> list[Node]:
    """The largest parts of a formula that add up over records, none of them inside another."""
    if adds_up_over_records(node):
        return [node]
    return [part for child in node.children for part in _adding_parts(child)]


def _with_values(node: Node, values: Mapping[int, float]) -> Node:
    """The formula with the values of its adding parts in their places; `values` are by position."""
    if node.position in values and adds_up_over_records(node):
        return Node("literal", values[node.position], (), node.position)
    return replace(node, children=tuple(_with_values(child, values) for child in node.children))


def _named(tree: Node) -> list[Node]:
    """Where a formula names other measures, each once."""
    found: dict[object, Node] = {}
    for node in tree.walk():
        if node.kind == "function" and node.value in OF_MEASURES:
            found.setdefault((node.value, node.children[0].value), node)
    return list(found.values())


def _number(value: float | None) -> str:
    return "―" if value is None else f"{value:.10g}"


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value)
        case int() | float():
            return f"{value:.10g}"
        case date():
            return f"{value:%Y-%m-%d}"
        case _:
            return str(value)
