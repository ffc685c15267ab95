"""What makes up a figure: the records that it counts or sums, or the other figures that it rests on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from xlplan.formula.addition import adds_up_over_records
from xlplan.formula.emission import Place, emit, quote
from xlplan.formula.evaluation import evaluate_alone
from xlplan.formula.tree import OF_MEASURES, Formula, Node
from xlplan.language.text import fold
from xlplan.model.plan import Plan
from xlplan.model.record import Value
from xlplan.report.columns import DataTable, data_tables
from xlplan.report.figures import Figure
from xlplan.report.reconcile.sheets import Sheets

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

    plan: Plan
    sheets: Sheets
    figures: Mapping[Key, Figure]
    printed: Mapping[Key, tuple[str, bool]]

    def cause(self, figure: Figure) -> Cause:
        """What makes up a figure."""
        formula = figure.measure.formula
        counted = [(node, self._term(figure, node)) for node in _adding_parts(formula.tree)]
        values = {node.position: term.value for node, term in counted}
        shown = Formula(formula.text, _with_values(formula.tree, values))
        return Cause(
            formula=emit(shown, _ReadablePlace(self, figure), bare=True),
            terms=tuple(term for _, term in counted),
            parts=tuple(self._part(figure, node) for node in _named(formula.tree)),
            follows_from=tuple(dict.fromkeys(self._roots(figure))),
        )

    # --- records ---

    @cached_property
    def tables(self) -> Mapping[str, DataTable]:
        """The data sheet of each form."""
        return data_tables(self.plan)

    @cached_property
    def _period_ids(self) -> Mapping[object, str]:
        return {period.label: period.id for period in self.plan.periods}

    def _term(self, figure: Figure, node: Node) -> Term:
        table = self.tables[figure.block.view.form]
        lines = self.sheets.lines(table)
        columns = list(dict.fromkeys(str(part.value) for part in node.walk() if part.kind == "whole"))
        records = [[line.values.get(name) for name in columns] for line in lines]
        alone = evaluate_alone(Formula("", node), records, columns, _heads(figure))
        named = [name for name in columns if name not in ("period", "item", "title", figure.block.by)]
        found = []
        for line, adds in zip(lines, alone, strict=True):
            if isinstance(adds, int | float) and adds:
                pairs = ((table.column(name).heading, _text(line.values.get(name))) for name in named)
                values = tuple((heading, value) for heading, value in pairs if value)
                item, title = (_text(line.values.get(name)) for name in ("item", "title"))
                period = self._period_ids.get(line.values.get("period"), "")
                found.append(Adding(item, title, period, values, float(adds), table.name, line.row))
        return Term(sum(record.adds for record in found), tuple(found))

    # --- other measures ---

    def value(self, figure: Figure, measure: str) -> float | None:
        """What the summary shows for another measure in the same group and period."""
        return self.sheets.number(*figure.beside(measure).position)

    def sum_of(self, figure: Figure, measure: str) -> float:
        """What the summary shows for another measure from the first period to the figure's, summed."""
        values = (self.value(earlier, measure) for earlier in figure.up_to_here())
        return sum(value for value in values if value is not None)

    def _part(self, figure: Figure, node: Node) -> Part:
        name, cumulative = str(node.children[0].value), node.value == "CUMULATIVE"
        same = [other.beside(name) for other in (figure.up_to_here() if cumulative else [figure])]
        judged = [self.printed.get(_key(other)) for other in same]
        value = self.sum_of(figure, name) if cumulative else self.value(figure, name)
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


@dataclass(frozen=True, slots=True)
class _ReadablePlace(Place):
    """The place of a formula that is to be read: the numbers of other measures, the names of columns."""

    register: Register
    figure: Figure

    def column(self, name: str) -> str:
        table = self.register.tables[self.figure.block.view.form]
        return f"[{table.column(name).heading}]"

    def group(self) -> str:
        return quote(_heads(self.figure)[0])

    def period(self) -> str:
        return quote(_heads(self.figure)[1])

    def measure(self, name: str) -> str:
        return _number(self.register.value(self.figure, name))

    def cumulative(self, name: str) -> str:
        return _number(self.register.sum_of(self.figure, name))


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


def _text(value: Value) -> str:
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
