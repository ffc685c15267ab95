"""The figures of a plan, worked out with pandas from the accepted answers.

It knows what each measure means (`specs`), not its formula, and imports nothing of `xlplan.formula` or
`xlplan.report`. Conditions compare as people mean it: a head is met by its own group only, a word by itself whatever
its case, `<>` by what is blank as well. Texts that differ in width, case or spaces only are one group.
"""

import fnmatch
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from math import isclose

import pandas as pd

from xlplan.language.text import fold

from .plans import RandomForm, RandomItem, RandomMeasure, RandomPlan, Value, Values
from .specs import (
    Compared,
    Condition,
    Count,
    CountFilled,
    Cumulative,
    Filled,
    InGroup,
    InPeriod,
    Is,
    IsNot,
    Largest,
    Like,
    Mean,
    Other,
    Plus,
    Product,
    Ratio,
    Rounded,
    Spec,
    Sum,
    Times,
    Unless,
    columns_of,
    parts,
    parts_of,
)

Group = str | float | date | None
"""What makes rows one group; None of blanks."""
Records = Callable[[str, str], pd.DataFrame]
"""The accepted answers, by period and form."""
WHOLE_PLAN = ""


def group_of(value: object) -> Group:
    """The group of a row with this value in the column that makes the groups."""
    if value is None:
        return None
    if isinstance(value, date):
        return value
    if isinstance(value, int | float):
        return round(float(value), 9)
    return fold(str(value)) or None


# --- the rows --------------------------------------------------------------------------------------


def rows_of(plan: RandomPlan, form: RandomForm, records: Records) -> pd.DataFrame:
    """Every row that the last summary counts: of all periods up to its own."""
    found = list(_added(plan, form, records) if form.open_rows else _asked(plan, form, records))
    extras = plan.items[0].extra
    columns = ["period", "department", "item", "goal", "group", "title", "summary", *extras]
    columns += [one.id for one in form.fields]
    return pd.DataFrame({name: pd.Series([row.get(name) for row in found], dtype=object) for name in columns})


def _about(plan: RandomPlan, item: RandomItem | None, department: str) -> dict[str, Value]:
    names = {one["id"]: one["name"] for one in plan.departments}
    found: dict[str, Value] = {"department": names.get(department)}
    if item is not None:
        found |= {name: getattr(item, name) or None for name in ("goal", "group", "title", "summary")}
        found |= {"item": item.id, **{name: value or None for name, value in item.extra.items()}}
    return found


def _asked(plan: RandomPlan, form: RandomForm, records: Records) -> Iterator[dict[str, Value]]:
    """A row for each item in each period in which it runs."""
    known = {(period, item): row for name, period, item, row in plan.records if name == form.id}
    for period in plan.rounds:
        frame = records(period, form.id)
        for record in frame.to_dict("records"):
            key = period, str(record["item"])
            known[key] = {**known.get(key, {}), **_values(form, record)}
    before: dict[str, Values] = {}
    for period in plan.shown_periods:
        now: dict[str, Values] = {}
        for item in plan.items:
            if period not in item.departments:
                continue
            values = now[item.id] = dict(known.get((period, item.id), {}))
            computed = _computed(plan, form, period, values, before.get(item.id, {}))
            about = _about(plan, item, item.departments[period])
            yield {"period": period, **about, **values, **computed}
        before = now


def _added(plan: RandomPlan, form: RandomForm, records: Records) -> Iterator[dict[str, Value]]:
    """The rows that departments added."""
    about = next((one.id for one in form.fields if one.type == "item"), None)
    by_name = {item.name: item for item in plan.items}
    for period in plan.shown_periods:
        if period in plan.rounds:
            frame = records(period, form.id)
            rows = [(_values(form, one), str(one["department"])) for one in frame.to_dict("records")]
        else:
            rows = [(dict(row), "") for name, at, _, row in plan.records if (name, at) == (form.id, period)]
        for values, department in rows:
            item = by_name.get(str(values.get(about))) if about else None
            home = item.departments.get(period, "") if item else department
            computed = _computed(plan, form, period, values, {})
            yield {"period": period, **_about(plan, item, home), **values, **computed}


def _values(form: RandomForm, record: Mapping[str, object]) -> dict[str, Value]:
    """What was accepted of a row; computed fields are worked out here, not taken over."""
    found: dict[str, Value] = {}
    for one in form.fields:
        value = record.get(one.id)
        if one.computed is not None or value is None or value is pd.NA or pd.isna(value):
            continue
        if isinstance(value, pd.Timestamp):
            found[one.id] = value.date()
        elif isinstance(value, str):
            found[one.id] = value
        else:
            found[one.id] = float(value)  # type: ignore[arg-type]
    return found


def _computed(
    plan: RandomPlan, form: RandomForm, period: str, values: Values, before: Values
) -> dict[str, Value]:
    """The computed fields: nothing where a field that must be filled and on which it rests is blank."""
    found: dict[str, Value] = {}
    for one in form.fields:
        if one.computed is None:
            continue
        needed = [form.field(name) for name in one.computed.rests_on]
        if any(other and other.required == "yes" and values.get(other.id) is None for other in needed):
            continue
        found[one.id] = one.computed.meant(values, before, plan, period)
    return found


# --- the figures -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Figures:
    """The figures of one view: `rows` are those of its form."""

    plan: RandomPlan
    form: RandomForm
    measures: tuple[RandomMeasure, ...]
    rows: pd.DataFrame
    unasked: frozenset[str] = frozenset()
    """Rounds that are taken as not asked for."""

    @cached_property
    def _keys(self) -> dict[str, "pd.Series[object]"]:
        return {}

    def key(self, column: str) -> "pd.Series[object]":
        """The group of each row by a column."""
        if column not in self._keys:
            made = [group_of(value) for value in self.rows[column]]
            self._keys[column] = pd.Series(made, index=self.rows.index, dtype=object)
        return self._keys[column]

    def groups(self, by: str) -> list[Group]:
        """The groups that there are by a column, that of blanks last."""
        asked = [self._known(by, period) for period in self.rows["period"]]
        found = list(dict.fromkeys(self.key(by)[asked]))
        return [one for one in found if one is not None] + ([None] if None in found else [])

    def measure(self, name: str) -> RandomMeasure:
        """The measure with this id."""
        return next(one for one in self.measures if one.id == name)

    def of(self, measure: RandomMeasure, group: Group | Sequence[Group], period: str) -> float | None:
        """A figure: of one group or of several at once, of a period or with "" of the whole plan.

        Returns:
            The figure; None where there is none, as nothing is divided by zero.
        """
        groups = list(group) if isinstance(group, list | tuple) else [group]
        known = self.asked(measure, period) and self._any_item(measure, groups, period)
        return self._spec(measure.spec, groups, period) if known else None

    def _any_item(self, measure: RandomMeasure, groups: list[Group], period: str) -> bool:
        """Whether an amount of some items is of any that ran: what was never spent is no 0."""
        by = measure.by
        if by in ("", "period") or self.form.field(by) is not None or not self._sums_group(measure.spec):
            return True
        periods = self._periods(measure, period)
        return bool((self.key(by).isin(groups) & self.rows["period"].isin(periods)).any())

    def _sums_group(self, spec: Spec) -> bool:
        for part in parts(spec):
            if isinstance(part, Sum) and any(isinstance(one, InGroup) for one in part.conditions):
                return True
            if isinstance(part, Other | Cumulative) and self._sums_group(self.measure(part.measure).spec):
                return True
        return False

    def _periods(self, measure: RandomMeasure, period: str) -> Sequence[str]:
        """The periods of which a figure may be."""
        cumulative = any(isinstance(part, Cumulative) for part in parts(measure.spec))
        return self.plan.shown_periods if period == WHOLE_PLAN or cumulative else (period,)

    def asked(self, measure: RandomMeasure, period: str) -> bool:
        """Whether all that a figure is over was asked for in its period, or in one of several.

        A field was in the rounds; in a period before them, where anything is known of it.
        """
        periods = self._periods(measure, period)
        return all(any(self._known(column, at) for at in periods) for column in self._columns(measure.spec))

    def _columns(self, spec: Spec) -> set[str]:
        found = columns_of(spec)
        for part in parts(spec):
            if isinstance(part, Other | Cumulative):
                found |= self._columns(self.measure(part.measure).spec)
        return found

    def _known(self, column: str, period: str) -> bool:
        asked, field = period in self.plan.rounds and period not in self.unasked, self.form.field(column)
        if field is None or (asked and period == self.plan.rounds[-1]):
            return True
        if asked:
            rests_on = (column, *(field.computed.rests_on if field.computed else ()))
            needed = [one.id for one in self.form.fields if one.id in rests_on and one.required == "yes"]
            return bool(self.form.open_rows) or all(self._anything(name, period) for name in needed)
        return self._anything(column, period)

    def _anything(self, column: str, period: str) -> bool:
        return bool((self.rows[column].notna() & (self.rows["period"] == period)).any())

    def total(self, measure: RandomMeasure, shown: Sequence[Group], period: str) -> float | None:
        """What stands under the groups that are shown: their sum where they add up, else the figure over all."""
        if not self.asked(measure, period):
            return None
        if not self.additive(measure.spec):
            return self._spec(measure.spec, list(shown), period, total=True)
        values = [self.of(measure, group, period) for group in shown]
        summed = [one for one in values if one is not None]
        return None if not summed and self._divides(measure.spec) else sum(summed)

    def additive(self, spec: Spec) -> bool:
        """Whether the figures of groups sum up to that of all: counts, sums, and shares of one whole."""
        match spec:
            case Count(conditions) | Sum(_, conditions):
                return any(isinstance(one, InGroup) for one in conditions)
            case Plus(left, right):
                return self.additive(left) and self.additive(right)
            case Times(of):
                return self.additive(of)
            case Ratio(upper, lower):
                return self.additive(upper) and not self._of_group(lower)
            case Other(name) | Cumulative(name):
                return self.additive(self.measure(name).spec)
            case _:
                return False

    def _of_group(self, spec: Spec) -> bool:
        for part in parts(spec):
            if isinstance(part, Count | Sum | Mean | Product) and any(
                isinstance(one, InGroup) for one in part.conditions
            ):
                return True
            if isinstance(part, Other | Cumulative) and self._of_group(self.measure(part.measure).spec):
                return True
        return False

    def product_of_group(self, spec: Spec) -> bool:
        """Whether a SUMPRODUCT, of another measure perhaps, asks for the group."""
        return any(
            (isinstance(part, Product) and self._of_group(part))
            or (
                isinstance(part, Other | Cumulative)
                and self.product_of_group(self.measure(part.measure).spec)
            )
            for part in parts(spec)
        )

    def _divides(self, spec: Spec) -> bool:
        return any(
            isinstance(part, Ratio)
            or (isinstance(part, Other | Cumulative) and self._divides(self.measure(part.measure).spec))
            for part in parts(spec)
        )

    def _spec(self, spec: Spec, groups: list[Group], period: str, *, total: bool = False) -> float | None:
        match spec:
            case Count() | Sum() | Mean() | CountFilled() | Product():
                return self._over_rows(spec, groups, period)
            case Other(name) if total:
                return self.total(self.measure(name), groups, period)
            case Other(name):
                return self.of(self.measure(name), groups, period)
            case Cumulative(name):
                periods = self.plan.shown_periods
                until = periods[: periods.index(period) + 1]
                return float(sum(self.of(self.measure(name), groups, at) or 0.0 for at in until))
            case Unless(count, of, otherwise):
                one = self._spec(count, groups, period, total=total)
                if one is None or one <= 0:
                    return None if one is None else otherwise
                return self._spec(of, groups, period, total=total)
            case _:
                inner = [self._spec(one, groups, period, total=total) for one in parts_of(spec)]
                known = [one for one in inner if one is not None]
                return _combined(spec, known) if len(known) == len(inner) else None

    def _over_rows(
        self, spec: Count | Sum | Mean | CountFilled | Product, groups: list[Group], period: str
    ) -> float | None:
        """What is counted, summed or averaged."""
        match spec:
            case Count(conditions):
                return float(self._met(conditions, groups, period).sum())
            case Sum(column, conditions):
                return float(sum(self._numbers(column, conditions, groups, period)))
            case Mean(column, conditions):
                numbers = self._numbers(column, conditions, groups, period)
                return sum(numbers) / len(numbers) if numbers else None
            case CountFilled(column):
                return float(self.rows[column].notna().sum())
            case Product(conditions, column):
                met = self._met(conditions, groups, period, product=True)
                summed = self.rows[column][met] if column else met
                return float(sum(float(one) for one in summed if isinstance(one, int | float)))

    def _numbers(
        self, column: str, conditions: tuple[Condition, ...], groups: list[Group], period: str
    ) -> list[float]:
        met = self.rows[column][self._met(conditions, groups, period)]
        return [float(one) for one in met if isinstance(one, int | float) and not pd.isna(one)]

    def _met(
        self, conditions: tuple[Condition, ...], groups: list[Group], period: str, *, product: bool = False
    ) -> "pd.Series[bool]":
        met = pd.Series(True, index=self.rows.index)
        for one in conditions:
            met &= self._one(one, groups, period, product)
        return met

    def _one(
        self, condition: Condition, groups: list[Group], period: str, product: bool
    ) -> "pd.Series[bool]":
        if isinstance(condition, InPeriod) or condition.column == "period":
            wanted = self.rows["period"]
            return wanted == period if period != WHOLE_PLAN else wanted.notna()
        if isinstance(condition, InGroup):
            return self.key(condition.column).map(lambda one: one in groups).astype(bool)
        column = self.rows[condition.column]
        return column.map(lambda one: _meets(condition, one, product)).astype(bool)


def _combined(spec: Spec, known: list[float]) -> float | None:
    """A figure that is made of others."""
    match spec:
        case Ratio():
            return known[0] / known[1] if known[1] else None
        case Plus(sign=sign):
            return known[0] + sign * known[1]
        case Times(factor=factor):
            return known[0] * factor
        case Rounded(digits=digits):
            return _rounded(known[0], digits)
        case Largest():
            return max(known)
        case _:
            raise TypeError(spec)


def _meets(condition: Condition, value: Value, product: bool) -> bool:
    blank = value is None
    match condition:
        case Is(_, str(word)):
            return not blank and str(value).casefold() == word.casefold()
        case Is(_, wanted):
            number = 0.0 if blank and product else value
            return isinstance(number, float) and isclose(number, float(wanted), abs_tol=1e-12)  # type: ignore[arg-type]
        case IsNot(column, wanted):
            return not _meets(Is(column, wanted), value, False)
        case Like(_, pattern, negated):
            met = not blank and fnmatch.fnmatchcase(str(value).casefold(), pattern.casefold())
            return met != negated
        case Filled(_, negated):
            return blank == negated
        case Compared(_, operator, wanted):
            number = 0.0 if blank and product else value
            return number is not None and _ORDERS[operator](number, wanted)
        case _:
            raise TypeError(condition)


_ORDERS: Mapping[str, Callable[[object, object], bool]] = {
    ">=": lambda one, two: one >= two,  # type: ignore[operator]
    ">": lambda one, two: one > two,  # type: ignore[operator]
    "<=": lambda one, two: one <= two,  # type: ignore[operator]
    "<": lambda one, two: one < two,  # type: ignore[operator]
}


def _rounded(value: float, digits: int) -> float:
    """Rounded as people do, halves away from zero."""
    return float(Decimal(f"{value:.15g}").quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))
