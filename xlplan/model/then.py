"""A past period as a later plan sees it: who answered for what then, under the ids that these have by now."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from xlplan.formula.days import PeriodDays
from xlplan.model.descent import sources
from xlplan.model.form import Field, Form
from xlplan.model.item import Department, Item, Period
from xlplan.model.past import Renamed
from xlplan.model.plan import Plan
from xlplan.model.view import Measure


@dataclass(frozen=True)
class Then:
    """A past period.

    Attributes:
        plan: The plan as it stood for that round, with the ids of then.
        period: The period as it was called then.
        later: The plans of the rounds after it, the last of them that for which this is.
    """

    plan: Plan
    period: Period
    later: tuple[Plan, ...]

    @property
    def days(self) -> PeriodDays:
        """Its days, as the plan counted them then."""
        return self.plan.days(self.period)

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """The items that ran then, as they were, under the ids that they have by now."""
        return tuple(
            replace(
                item,
                id=self.item_now(item.id),
                department=self.department_now(item.department),
                predecessors=tuple(map(self.item_now, item.predecessors)),
            )
            for item in self.plan.items_of(self.period)
        )

    @cached_property
    def departments(self) -> tuple[Department, ...]:
        """The departments that were asked then, by the names of then, under the ids that they have by now."""
        return tuple(self._named(department) for department in self.plan.answering(self.period))

    def item(self, item_id: str) -> Item | None:
        """The item of this id of now, as it was then; None where it did not run."""
        return self._items.get(item_id)

    def department(self, department_id: str) -> Department | None:
        """The department of this id of now, as it was then, asked or not; None where there was none."""
        return self._departments.get(department_id)

    def has(self, noun: Item | Department) -> bool:
        """Whether the item ran then, or the department was there."""
        if isinstance(noun, Item):
            return noun.id in self._items
        known = self._departments.get(noun.id)
        return known is not None and self.plan.runs(known, self.period)

    def sources(self, item_id: str) -> tuple[str, ...]:
        """The items whose answers of the period before stood then beside those about the item of this id of now.

        Args:
            item_id: Id of an item that ran then, as it is now.

        Returns:
            Their ids of now; none of an item that did not run.
        """
        return self._sources.get(item_id, ())

    @cached_property
    def _sources(self) -> Mapping[str, tuple[str, ...]]:
        return {
            self.item_now(item.id): tuple(map(self.item_now, sources(self.plan, item, self.period)))
            for item in self.plan.items_of(self.period)
        }

    def item_now(self, item_id: str) -> str:
        """The id that an item of then has by now."""
        return _now(item_id, self.later, lambda plan: plan.items)

    def department_now(self, department_id: str) -> str:
        """The id that a department of then has by now."""
        return _now(department_id, self.later, lambda plan: plan.departments)

    def form_id_now(self, form: Form) -> str:
        """The id that a form of then has by now."""
        return _now(form.id, self.later, lambda plan: plan.forms)

    def form_now(self, form: Form) -> Form | None:
        """The form that a form of then is by now; None where there is none any more."""
        return self.later[-1].form(self.form_id_now(form))

    def field_now(self, form: Form, field: Field) -> Field | None:
        """The field that a field of then is by now; None where there is none any more.

        Args:
            form: The field's form, of then.
            field: The field, of then.
        """
        name, known = field.id, form.id
        for plan in self.later:
            known = _now(known, (plan,), lambda plan: plan.forms)
            found = plan.form(known)
            name = _renamed(name, found.fields if found else ())
        now = self.later[-1].form(known)
        return now.by_id.get(name) if now else None

    def form_then(self, form_id: str) -> Form | None:
        """The form of then that is by now the one of this id."""
        return next(
            (form for form in self.plan.forms if (now := self.form_now(form)) and now.id == form_id), None
        )

    def asked(self, form_id: str, field_id: str = "") -> bool:
        """Whether a field of a form, by their ids of now, was asked then; without one whether the form was."""
        return (form_id, field_id) in self._asked

    def measure(self, view_id: str, measure_id: str) -> Measure | None:
        """The measure of this view and id, as it was then; None where there was none."""
        return next(
            (
                measure
                for view in self.plan.views
                if view.id == view_id
                for measure in view.measures
                if measure.id == measure_id
            ),
            None,
        )

    def formula_of(self, view_id: str, measure_id: str) -> str:
        """The formula of the measure of this id, as it was then; empty where there was none."""
        measure = self.measure(view_id, measure_id)
        return measure.formula.text if measure else ""

    @cached_property
    def _asked(self) -> frozenset[tuple[str, str]]:
        return frozenset(
            (now.id, field_id)
            for form in self.plan.asked_in(self.period, afterwards=True).forms
            if (now := self.form_now(form))
            for field_id in ("", *(field.id for field in self.fields_now(form).values()))
        )

    def fields_now(self, form: Form) -> Mapping[str, Field]:
        """The fields of now, by the ids that they had then in a form of then."""
        found = ((field.id, self.field_now(form, field)) for field in form.fields)
        return {name: field for name, field in found if field}

    @cached_property
    def _items(self) -> Mapping[str, Item]:
        return {item.id: item for item in self.items}

    @cached_property
    def _departments(self) -> Mapping[str, Department]:
        return {
            self.department_now(known.id): self._named(known) for known in reversed(self.plan.departments)
        }

    def _named(self, department: Department) -> Department:
        return replace(department, id=self.department_now(department.id))


def _now(name: str, later: Sequence[Plan], nouns: Callable[[Plan], Iterable[Renamed]]) -> str:
    """The id that a noun has in the last of these plans: where no plan says otherwise, the one that it had."""
    for plan in later:
        name = _renamed(name, nouns(plan))
    return name


def _renamed(name: str, nouns: Iterable[Renamed]) -> str:
    heir = ""
    for noun in nouns:
        if noun.id == name:
            return name
        if name in noun.formerly:
            heir = noun.id
    return heir or name
