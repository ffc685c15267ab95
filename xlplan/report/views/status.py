"""The status table (別表): every project over all periods, with the lines told about it beside it.

Each item has as many rows as lines stand beside it, one where there are none.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from xlplan.fields.table import type_of
from xlplan.language.text import display_width
from xlplan.model.form import Field, Form
from xlplan.model.item import NO_ITEM, Item, Period
from xlplan.model.view import View
from xlplan.report.columns import main_field
from xlplan.report.rows import DataRow, in_order
from xlplan.report.shown import role_of, tones
from xlplan.report.tables import Cell, Column, LegendLine, Role, Table, TableBand, TableGroup, TableItem
from xlplan.report.views.answers import Answers, words
from xlplan.report.working import Figures

SHORT = 6
"""Half-width characters up to which a choice is a symbol, to be set large."""
_FIXED = 2
_TITLE_WIDTH = 26.0
_PERIOD_LEAST, _PERIOD_MOST = 9.0, 16.0
_TEXT_WIDTH, _VALUE_WIDTH = 46.0, 12.0


def status_table(figures: Figures, view: View) -> Table:
    """The table of a status view.

    `figures` are those of the summary, with what it is made of.

    Returns:
        The table; its legend has the choices whose meaning the plan says.
    """
    status = _Status(figures, view)
    group = TableGroup(tuple(map(status.item, status.items())))
    return Table(
        view.id,
        view.kind,
        tuple(status.columns()),
        (tuple(status.heads()), tuple(status.heads_below())),
        (TableBand((group,)),),
        fixed=_FIXED,
        legend=status.legend(),
    )


@dataclass(frozen=True)
class _Status(Answers):
    @cached_property
    def lines_form(self) -> Form | None:
        """The form whose rows stand beside the items: the option `lines`."""
        named = self.view.named("lines")
        return next((form for form in self.made.forms if form.id in named[:1]), None)

    @cached_property
    def field(self) -> Field:
        """What is shown of each period."""
        return main_field(self.view, self.form)

    @property
    def periods(self) -> tuple[Period, ...]:
        """Every period of the plan, also those to come."""
        return self.plan.periods

    @cached_property
    def line_fields(self) -> tuple[Field, ...]:
        """What is shown of each line: the option `line`, or all but the item."""
        form = self.lines_form
        if form is None:
            return ()
        named = tuple(form.by_id[field_id] for field_id in self.view.named("line"))
        return named or tuple(field for field in form.fields if field is not form.item_field)

    @cached_property
    def role(self) -> Role:
        """What a period's answer is: a sign (○ △/◎) where all choices are short."""
        if type_of(self.field).from_list and self._longest <= SHORT:
            return Role.SIGN
        return role_of(self.field, centre_numbers=True)

    @cached_property
    def _longest(self) -> int:
        choices = self.plan.choices_of(self.field)
        return max((display_width(choice.value) for choice in choices), default=0)

    def legend(self) -> tuple[LegendLine, ...]:
        """The choices whose meaning the plan says."""
        choices = self.plan.choices_of(self.field)
        known = tones(choices)
        return tuple(
            LegendLine(choice.value, choice.meaning, known[choice.value])
            for choice in choices
            if choice.meaning
        )

    # --- columns ---

    def columns(self) -> Iterator[Column]:
        """Number and title, the periods, what stands beside."""
        longest = max(self._longest, *(display_width(period.label) for period in self.periods)) + 1.0
        width = max(min(max(longest, _PERIOD_LEAST), _PERIOD_MOST), self.room(self.field))
        yield Column("item", self.number_width, Role.NUMBER)
        yield Column("title", _TITLE_WIDTH, Role.NAME)
        yield from (Column(period.id, width, self.role) for period in self.periods)
        yield from (
            Column(f"line:{field.id}", max(_line_width(field), self.room(field)), role_of(field))
            for field in self.line_fields
        )

    def heads(self) -> Iterator[Cell]:
        """The upper heads: number and title, one over the periods, the lines' form."""
        yield from (self.item_head(name, rows=2) for name in ("id", "title"))
        heading = self.view.options.get("heading") or self.field.label
        yield words(Role.HEAD_OVER, heading, columns=len(self.periods))
        if self.lines_form and len(self.line_fields) == 1:
            yield words(Role.HEAD, self.lines_form.title, rows=2)
        elif self.lines_form and self.line_fields:
            yield words(Role.HEAD_OVER, self.lines_form.title, columns=len(self.line_fields))

    def heads_below(self) -> Iterator[Cell]:
        """The lower heads: the periods, and the fields of the lines where there are several."""
        yield from (words(Role.HEAD, period.label) for period in self.periods)
        if len(self.line_fields) > 1:
            yield from (words(Role.HEAD, field.heading) for field in self.line_fields)

    # --- rows ---

    def items(self) -> Iterator[Item]:
        """The items, then what lines about none of them stand beside."""
        yield from in_order(self.plan, self.plan.items)
        if NO_ITEM.id in self.lines:
            yield replace(NO_ITEM, title=self.text("summary.status.no_item"))

    @cached_property
    def lines(self) -> Mapping[str, list[DataRow]]:
        """The lines beside each item, by its id."""
        found: dict[str, list[DataRow]] = {}
        for row in self.made.rows_of(self.lines_form.id) if self.lines_form else ():
            found.setdefault(row.item.id, []).append(row)
        return found

    @cached_property
    def begins(self) -> frozenset[str]:
        """The items with which the plan wants something new to begin: the option `breaks`."""
        return frozenset(self.view.named("breaks"))

    def item(self, item: Item) -> TableItem:
        """An item: its number, title and periods over all its rows, beside them its lines."""
        lines = self.lines.get(item.id, ())
        deep = max(1, len(lines))
        over = (
            words(Role.NUMBER, item.id, rows=deep),
            self.title(item, rows=deep, strong=True),
            *(self.period(item, period, deep) for period in self.periods),
        )
        first, *rest = [self.line(line) for line in lines] or [self.line(None)]
        return TableItem(((*over, *first), *rest), cut=True, begins=item.id in self.begins)

    def period(self, item: Item, period: Period, deep: int) -> Cell:
        """What is shown of an item in a period.

        Args:
            item: The item.
            period: The period.
            deep: Over how many rows it stands.

        Returns:
            The cell, blank where the item did not run, or nothing is known.
        """
        at = (period, item) if item.id else None
        return self.answer(self.field, self.row_of(period, item), self.role, at=at, rows=deep)

    def line(self, line: DataRow | None) -> tuple[Cell, ...]:
        """The fields of one line; blank cells where there is none."""
        return tuple(self.answer(field, line, role_of(field)) for field in self.line_fields)


def _line_width(field: Field) -> float:
    if field.width:
        return field.width
    return _TEXT_WIDTH if type_of(field).is_text else _VALUE_WIDTH
