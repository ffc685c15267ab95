"""The plan as a whole, and what can be asked of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeVar

from xlplan.formula.days import PeriodDays
from xlplan.language.calendar import Years
from xlplan.language.codes import Code, Severity
from xlplan.language.workdays import Workdays
from xlplan.model.form import ITEM_LIST, Choice, Field, Form
from xlplan.model.item import Department, Item, Period
from xlplan.model.letter import LetterText
from xlplan.model.past import Past, Spanned, days_of
from xlplan.model.record import Record, Value
from xlplan.model.view import Published, View


def item_choices(items: Iterable[Item]) -> tuple[Choice, ...]:
    """The choices of a field of type `item`; the item's id and its title alone are read as well."""
    return tuple(Choice(item.name, aliases=(item.id, item.title)) for item in items)


_Spanned = TypeVar("_Spanned", bound=Spanned)


@dataclass(frozen=True)
class Plan:
    """Everything: the tables of one city's plan."""

    id: str
    title: str
    organisation: str
    language: str
    fiscal_year_start: int
    calendar: str
    office: str
    contact: str
    periods: tuple[Period, ...]
    departments: tuple[Department, ...]
    items: tuple[Item, ...]
    forms: tuple[Form, ...]
    lists: Mapping[str, tuple[Choice, ...]]
    views: tuple[View, ...] = ()
    records: tuple[Record, ...] = ()
    published: tuple[Published, ...] = ()
    handling: Mapping[Code, Severity] = field(default_factory=dict)
    locale: str = ""
    workdays: Workdays = field(default_factory=Workdays)
    letters: tuple[LetterText, ...] = ()
    retired: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    """By list, the choices that cannot be chosen in the round for which this is (`asked_in`): earlier answers may hold
    them."""

    past: Mapping[str, Past] = field(default_factory=dict)
    """How the periods before were that have an edition, by period id: `xlplan.model.then`."""

    def with_published(self, figures: tuple[Published, ...]) -> "Plan":
        """The same plan with the figures already in print."""
        return replace(self, published=figures)

    @cached_property
    def years(self) -> Years:
        """The plan's fiscal years, and how it counts and writes them. A year that could not be read (0) is none."""
        known = [year for period in self.periods for year in (period.first_year, period.last_year) if year]
        span = (min(known, default=0), max(known, default=0))
        return Years(*span, self.fiscal_year_start, self.calendar, self.language, self.locale)

    def severity_of(self, code: Code) -> Severity:
        """How much it matters that a return is not as issued, by the finding's code."""
        return self.handling.get(code, code.severity)

    def period(self, period_id: str) -> Period | None:
        """The period with this id."""
        return next((period for period in self.periods if period.id == period_id), None)

    def position(self, period_id: str) -> int:
        """Where the period stands among the plan's periods, from 0."""
        return self._positions[period_id]

    @cached_property
    def _positions(self) -> Mapping[str, int]:
        return {period.id: at for at, period in enumerate(self.periods)}

    def previous(self, period: Period) -> Period | None:
        """The period before this one."""
        at = self.position(period.id)
        return self.periods[at - 1] if at else None

    def periods_until(self, period: Period) -> tuple[Period, ...]:
        """The periods up to and including this one: those of its summary."""
        return self.periods[: self.position(period.id) + 1]

    def days(self, period: Period) -> PeriodDays:
        """The days of a period, by the month in which the fiscal year starts (or started then)."""
        then = self.past.get(period.id)
        return then.days if then else days_of(period, self.fiscal_year_start)

    def department(self, department_id: str) -> Department | None:
        """The department with this id."""
        return self._departments.get(department_id)

    @cached_property
    def _departments(self) -> Mapping[str, Department]:
        return {
            department.id: department for department in reversed(self.departments)
        }  # of two with one id the first

    def item(self, item_id: str) -> Item | None:
        """The item with this id."""
        return self._items.get(item_id)

    @cached_property
    def _items(self) -> Mapping[str, Item]:
        return {item.id: item for item in self.items}

    def form(self, form_id: str) -> Form | None:
        """The form with this id."""
        return next((form for form in self.forms if form.id == form_id), None)

    def in_force(self, noun: Spanned, period: Period) -> bool:
        """Whether a form, field or choice is asked in a period, or a rule applies: by the plan's tables as they are."""
        if not (noun.from_period or noun.to_period):
            return True
        at = self.position(period.id)
        first = self.position(noun.from_period) if noun.from_period else 0
        last = self.position(noun.to_period) if noun.to_period else len(self.periods)
        return first <= at <= last

    def asks(self, form: Form, period: Period, field_id: str = "") -> bool:
        """Whether a form is (or was) asked in a period.

        Args:
            form: One of the plan's forms.
            period: One of its periods.
            field_id: Id of one of the form's fields, of which that is wanted.

        Returns:
            Whether it is; of a period that has an edition, whether it was.
        """
        if then := self.past.get(period.id):
            return then.asked(form.id, field_id)
        found = form.by_id.get(field_id)
        return self.in_force(form, period) and (found is None or self.in_force(found, period))

    def asked_in(self, period: Period, *, afterwards: bool = False) -> "Plan":
        """The plan with those forms, fields, choices and rules only that departments are asked in a period.

        What their workbooks are made of, and what their answers are judged by. What is known of earlier periods stays.

        Args:
            period: One of the plan's periods.
            afterwards: Whether what the office fills afterwards is in it as well.

        Returns:
            The plan; itself where everything is asked.
        """
        key = (period.id, afterwards)
        if key not in self._asked:
            self._asked[key] = self._narrowed(period, afterwards=afterwards)
        return self._asked[key]

    @cached_property
    def _asked(self) -> dict[tuple[str, bool], "Plan"]:
        return {}

    def _narrowed(self, period: Period, *, afterwards: bool) -> "Plan":
        def running(nouns: Iterable[_Spanned]) -> tuple[_Spanned, ...]:
            return tuple(noun for noun in nouns if self.in_force(noun, period))

        forms = tuple(
            replace(form, fields=running(form.fields), rules=running(form.rules))
            for form in running(self.forms)
        )
        if not afterwards:
            forms = tuple(asked for form in forms if (asked := form.of_departments))
        lists = {name: running(choices) for name, choices in self.lists.items()}
        if forms == self.forms and lists == self.lists:
            return self
        retired = {
            name: (*self.retired.get(name, ()), *(choice for choice in choices if choice not in lists[name]))
            for name, choices in self.lists.items()
        }
        return replace(self, forms=forms, lists=lists, retired=retired)

    @property
    def forms_shown(self) -> tuple[Form, ...]:
        """The forms that the views rest on, in the order of `forms`; the first form where there are no views."""
        wanted = {form_id for view in self.views for form_id in view.forms}
        return tuple(form for form in self.forms if form.id in wanted) or self.forms[:1]

    def department_in(self, period: Period, department_id: str) -> Department | None:
        """The department with this id as it was in a period: by the name that it had then."""
        then = self.past.get(period.id)
        return (then and then.department(department_id)) or self.department(department_id)

    def item_in(self, period: Period, item_id: str) -> Item | None:
        """The item with this id as it was in a period, with the department that answered for it then."""
        then, item = self.past.get(period.id), self.item(item_id)
        return (then and then.item(item_id)) or (self.owned(item, period) if item else None)

    def runs(self, item: Item | Department, period: Period) -> bool:
        """Whether the item (or department) exists in this period."""
        if then := self.past.get(period.id):
            return then.has(item)
        return self.in_force(item, period)

    def owned(self, item: Item, period: Period) -> Item:
        """The item with the department that answers for it in `period`: after its last period the successor's.

        Where there is no successor, or only one that leads back, the last department stays. Of a period that has an
        edition it is the item as it was then, of another with that which the table `records` names.
        """
        if then := self.past.get(period.id):
            return then.item(item.id) or item
        if owner := self._owners_said.get((period.id, item.id)):
            return replace(item, department=owner)
        names, at = [item.department], self.position(period.id)
        while (
            (department := self.department(names[-1]))
            and department.to_period
            and self.position(department.to_period) < at
        ):
            if not department.successor or department.successor in names:
                break
            names.append(department.successor)
        return item if len(names) == 1 else replace(item, department=names[-1])

    @cached_property
    def _owners_said(self) -> Mapping[tuple[str, str], str]:
        """By period and item, the department that the table `records` names."""
        return {
            (record.period, record.item): record.department
            for record in self.records
            if record.item and record.department and not record.attempt
        }

    def items_of(self, period: Period, department_id: str = "") -> tuple[Item, ...]:
        """The items that run in `period`, of one department or of all, in the plan's order.

        Each has the department that answers for it then (see `owned`).
        """
        every = self._items_in[period.id]
        return every.get(department_id, ()) if department_id else every[""]

    @cached_property
    def _items_in(self) -> Mapping[str, Mapping[str, tuple[Item, ...]]]:
        """The items that run, by period and department; those of all under an empty id."""
        found = {}
        for period in self.periods:
            then = self.past.get(period.id)
            running = (
                list(then.items)
                if then
                else [self.owned(item, period) for item in self.items if self.runs(item, period)]
            )
            by: dict[str, list[Item]] = {"": running}
            for item in running:
                if item.department:
                    by.setdefault(item.department, []).append(item)
            found[period.id] = {name: tuple(items) for name, items in by.items()}
        return found

    def answering(self, period: Period) -> tuple[Department, ...]:
        """The departments that are asked in `period`: those with at least one item that runs."""
        return self._answering[period.id]

    @cached_property
    def _answering(self) -> Mapping[str, tuple[Department, ...]]:
        found = {}
        for period in self.periods:
            if then := self.past.get(period.id):
                found[period.id] = then.departments
                continue
            asked = {item.department for item in self.items_of(period)}
            found[period.id] = tuple(department for department in self.departments if department.id in asked)
        return found

    def item_named(self, name: object) -> Item | None:
        """The item that a field of type `item` holds."""
        return self._items_by_name.get(name)

    @cached_property
    def _items_by_name(self) -> Mapping[object, Item]:
        return {item.name: item for item in self.items}

    def choices_of(self, field: Field, items: Iterable[Item] | None = None) -> tuple[Choice, ...]:
        """What may be chosen in a field; of an `item` field only `items`, where those are given."""
        if field.names_item:
            return self._item_choices if items is None else item_choices(items)
        return self.lists.get(field.list, ())

    def ranked_of(self, field: Field) -> tuple[Choice, ...]:
        """The choices that a field holds in any period: those that may be chosen, then those of earlier ones only."""
        return (*self.lists.get(field.list, ()), *self.retired.get(field.list, ()))

    def lists_for(self, items: Iterable[Item]) -> Mapping[str, tuple[Choice, ...]]:
        """The lists of choices of a workbook about `items`: the plan's, and the items where a form asks for them."""
        asked = any(field.names_item for form in self.forms for field in form.fields)
        return {**self.lists, ITEM_LIST: item_choices(items)} if asked else self.lists

    @cached_property
    def _item_choices(self) -> tuple[Choice, ...]:
        return item_choices(self.items)

    @cached_property
    def _records(self) -> Mapping[tuple[str, str], Mapping[str, Record]]:
        found: dict[tuple[str, str], dict[str, Record]] = {}
        for record in self.records:
            found.setdefault((record.form, record.period), {})[record.item] = record
        return found

    def records_of(self, form_id: str, period_id: str) -> Sequence[Record]:
        """The records of a form in one period, in the order of the table."""
        return self._records_by_form.get((form_id, period_id), ())

    @cached_property
    def _records_by_form(self) -> Mapping[tuple[str, str], Sequence[Record]]:
        found: dict[tuple[str, str], list[Record]] = {}
        for record in self.records:
            found.setdefault((record.form, record.period), []).append(record)
        return found

    def record(self, form_id: str, period_id: str, item_id: str) -> Record | None:
        """What is known of one item in one period; of several records the last.

        Args:
            form_id: of the form that was answered.
            period_id: of the period.
            item_id: of the item.

        Returns:
            The record; None where nothing is known.
        """
        return self._records.get((form_id, period_id), {}).get(item_id)

    def known(self, form_id: str, period_id: str, item_id: str) -> Mapping[str, Value]:
        """The values of the `record` of `form_id`, `period_id` and `item_id`, by field id; empty without one."""
        found = self.record(form_id, period_id, item_id)
        return found.values if found else {}
