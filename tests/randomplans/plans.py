"""What a random plan is: its tables, what is meant by its computed fields and measures, and what is answered."""

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path

from .specs import Spec

Value = str | float | date | None
Values = Mapping[str, Value]
"""By field id."""


class Kind(StrEnum):
    """What is special about a measure, so that what is known to be wrong with it can be passed over."""

    BY_TEXT = "by a text"
    BY_NUMBER = "by a number"
    BY_DAY = "by a day or month"
    BY_TIME = "by a time"
    BY_ITEM_FIELD = "by a field of items"
    BY_COMPUTED = "by a computed field"
    BY_EXTRA = "by a further column of the items"
    BY_CHOICE = "by a choice"
    BY_ITEM = "by a column of the items"
    BY_DEPARTMENT = "by department"
    BY_PERIOD = "by period"
    BY_NOTHING = "by nothing"
    AWKWARD = "a group whose head a criterion takes for something else"
    SIGNS = "choices that a criterion takes for a pattern"
    SPELLINGS = "groups of several spellings"
    LONG = "a head of more than 255 characters"
    BLANK = "a group of blanks"
    PRODUCT_OF_BLANKS = "a SUMPRODUCT that asks for its group, for the groups of blanks and of 0"
    DIGITS = "SUMPRODUCT, or a criterion that is worked out, by numbers of many digits"
    EMPTY_ROUND = "a round of an open form in which no row was added"
    AWKWARD_PERIOD = "a period whose label a criterion takes for a number"


@dataclass(frozen=True)
class Computed:
    """A computed field: its formula, and what it means. `rests_on` are the fields that it names."""

    formula: str
    meant: Callable[[Values, Values, "RandomPlan", str], Value]
    rests_on: tuple[str, ...]


@dataclass(frozen=True)
class RandomField:
    """One field, and what may be answered."""

    id: str
    form: str
    label: str
    type: str
    pool: tuple[Value, ...] = ()
    list: str = ""
    required: str = ""
    filled_by: str = "department"
    computed: Computed | None = None
    previous: bool = False
    more: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RandomItem:
    """One item; `departments` are who answers, by period id, where it runs."""

    id: str
    goal: str
    group: str
    title: str
    summary: str
    extra: Mapping[str, str]
    departments: Mapping[str, str]

    @property
    def name(self) -> str:
        """As a field of type item holds it."""
        return f"{self.id} {self.title}"


@dataclass(frozen=True)
class RandomForm:
    """One form."""

    id: str
    title: str
    fields: tuple[RandomField, ...]
    open_rows: int = 0

    def field(self, name: str) -> RandomField | None:
        """The field with this id."""
        return next((one for one in self.fields if one.id == name), None)


@dataclass(frozen=True)
class RandomMeasure:
    """One measure: what it means, and what is special about it."""

    view: str
    id: str
    label: str
    by: str
    total: bool
    format: str
    spec: Spec
    formula: str
    kinds: frozenset[Kind]


@dataclass(frozen=True)
class RandomView:
    """One view."""

    id: str
    title: str
    kind: str
    form: str
    options: str = ""


@dataclass(frozen=True)
class RandomPlan:
    """A plan, what is known before its rounds, and what departments answer in each."""

    seed: int
    language: str
    start_month: int
    settings: Mapping[str, str]
    periods: tuple[tuple[str, str, int, int], ...]
    departments: tuple[Mapping[str, str], ...]
    items: tuple[RandomItem, ...]
    item_rows: tuple[Mapping[str, str], ...]
    forms: tuple[RandomForm, ...]
    choices: Mapping[str, tuple[Mapping[str, str], ...]]
    rules: tuple[Mapping[str, str], ...]
    views: tuple[RandomView, ...]
    measures: tuple[RandomMeasure, ...]
    records: tuple[tuple[str, str, str, Values], ...]
    published: tuple[Mapping[str, str], ...]
    rounds: tuple[str, ...]
    answers: Mapping[tuple[str, str, str], tuple[tuple[str, Values], ...]]
    """By period, department and form: the rows, each with its item ("" in an open form)."""
    divided: int = 1
    """Into how many rounds each fiscal year is divided: 1, 2 or 4."""
    mistaken: tuple[str, str] | None = None
    """Period and department of a return that first comes with an error."""

    def form(self, name: str) -> RandomForm:
        """The form with this id."""
        return next(one for one in self.forms if one.id == name)

    def view(self, name: str) -> RandomView:
        """The view with this id."""
        return next(one for one in self.views if one.id == name)

    def label_of(self, period: str) -> str:
        """The label of a period."""
        return next(label for name, label, *_ in self.periods if name == period)

    @property
    def shown_periods(self) -> tuple[str, ...]:
        """The periods of the last round's summary."""
        names = [name for name, *_ in self.periods]
        return tuple(names[: names.index(self.rounds[-1]) + 1])

    def period_before(self, period: str) -> str:
        """The id of the period before; empty where there is none."""
        names = [name for name, *_ in self.periods]
        at = names.index(period)
        return names[at - 1] if at else ""

    def days(self, period: str) -> tuple[date, date]:
        """The first day of a period, and the first behind it."""
        at, (_, _, first, last) = next((at, one) for at, one in enumerate(self.periods) if one[0] == period)
        if self.divided == 1:
            return date(first, self.start_month, 1), date(last + 1, self.start_month, 1)
        months = 12 // self.divided
        begun = 12 * first + self.start_month - 1 + at % self.divided * months
        first_day, behind = (date(month // 12, month % 12 + 1, 1) for month in (begun, begun + months))
        return first_day, behind

    def months(self, period: str) -> Mapping[str, str]:
        """The columns of a period that is a part of a year; none of one that is not."""
        if self.divided == 1:
            return {}
        first, behind = self.days(period)
        return {"first_month": str(first.month), "last_month": str((behind - timedelta(days=1)).month)}

    def rank(self, name: str, value: Value) -> float:
        """The rank of a choice of a list; 0 of none."""
        return next((float(one["rank"]) for one in self.choices[name] if one["value"] == value), 0.0)

    # --- the tables ---

    def tables(self) -> Mapping[str, list[Mapping[str, str]]]:
        """The plan's tables, by id."""
        fields = [one for form in self.forms for one in form.fields]
        given = [one for one in fields if one.computed is None]
        return {
            "plan": [{"key": key, "value": value} for key, value in self.settings.items()],
            "periods": [
                {
                    "id": name,
                    "label": label,
                    "first_year": str(first),
                    "last_year": str(last),
                    **self.months(name),
                }
                for name, label, first, last in self.periods
            ],
            "departments": list(self.departments),
            "items": list(self.item_rows),
            "forms": [
                {"id": one.id, "title": one.title, "note": "", "open_rows": str(one.open_rows or "")}
                for one in self.forms
            ],
            "fields": [_field_row(one) for one in fields],
            "choices": [{"list": name, **one} for name, rows in self.choices.items() for one in rows],
            "rules": list(self.rules),
            "views": [
                {
                    "id": one.id,
                    "title": one.title,
                    "kind": one.kind,
                    "form": one.form,
                    "options": one.options,
                }
                for one in self.views
            ],
            "measures": [
                {
                    "view": one.view,
                    "id": one.id,
                    "label": one.label,
                    "formula": one.formula,
                    "by": one.by,
                    "total": "yes" if one.total else "",
                    "format": one.format,
                }
                for one in self.measures
            ],
            "records": [
                {
                    "form": form,
                    "period": period,
                    "item": item,
                    **{one.id: kept(values.get(one.id), one.type) for one in given},
                }
                for form, period, item, values in self.records
            ],
            "published": list(self.published),
        }

    def write(self, folder: Path) -> None:
        """The tables as CSV files of a folder `plan`."""
        made = folder / "plan"
        made.mkdir(parents=True, exist_ok=True)
        for name, rows in self.tables().items():
            if rows:
                stream = io.StringIO()
                heads = list(dict.fromkeys(key for row in rows for key in row))
                writer = csv.DictWriter(stream, heads, restval="", lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)
                (made / f"{name}.csv").write_text(stream.getvalue(), encoding="utf-8", newline="")


def kept(value: Value, kind: str) -> str:
    """A value of a field of some type as a table of the plan has it."""
    if value is None:
        return ""
    if kind == "time" and isinstance(value, float):
        minutes = round(value * 1440)
        return f"{minutes // 60}:{minutes % 60:02}"
    if kind == "month" and isinstance(value, date):
        return f"{value:%Y-%m}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float | int):
        return str(int(value)) if float(value).is_integer() else repr(value)
    return value


def _field_row(one: RandomField) -> Mapping[str, str]:
    return {
        "form": one.form,
        "id": one.id,
        "label": one.label,
        "type": one.type,
        "list": one.list,
        "required": one.required,
        "filled_by": "formula" if one.computed else one.filled_by,
        "formula": one.computed.formula if one.computed else "",
        "previous": "yes" if one.previous else "",
        **{name: one.more.get(name, "") for name in _FURTHER},
    }


_FURTHER = ("unit", "min", "max", "max_length", "pattern", "unique", "width", "hint")
