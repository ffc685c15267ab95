"""A rule on trial: a row on which it fires and one on which it does not, looked for among answers and made-up values.

The rows are judged by the validator. A rule looks at the values of one row, so each row is judged by itself. Those that
are tried: the answers as they are, then one of them with other values in the columns that the rule names. Such values
are what others answered, the words of its list, and what lies about the bounds of the field and the numbers and days
that the rule names.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import combinations, count, islice, product
from math import gcd, prod

from xlplan.fields.gate import rests_on
from xlplan.fields.reading import convert_column
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding
from xlplan.model.form import Field, Form, Rule
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.model.record import Value
from xlplan.validate.recorded import Row, judge_rows

MOST_ROWS = 2_000
"""Made-up rows that are tried for one rule."""
_MOST_ANSWERED = 6
"""Values of one column that are taken from answers."""
_MOST_VALUES = 24
"""Values of one column that are tried."""
_GOLDEN = 0.618
"""Steps of about this share of a whole come to all its parts early."""
_LONGEST = 1_000
"""Characters of the longest text that is made up."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column whose values are tried: its field, and whether it is what was answered the time before."""

    field: Field
    previous: bool = False

    def of(self, row: Row) -> Value:
        """What stands there in a row."""
        if self.previous:
            return row.asked.previous.get(self.field.id)
        values = row.values if self.field.entered else row.asked.office
        return values.get(self.field.id)

    def put(self, row: Row, value: Value) -> Row:
        """The row with another value there."""
        own = {self.field.id: value}
        if self.previous:
            return replace(row, asked=replace(row.asked, previous=_with(row.asked.previous, own)))
        if self.field.entered:
            return replace(row, values=_with(row.values, own))
        return replace(row, asked=replace(row.asked, office=_with(row.asked.office, own)))


def _with(values: Mapping[str, Value], more: Mapping[str, Value]) -> Mapping[str, Value]:
    return {name: value for name, value in {**values, **more}.items() if value is not None}


@dataclass(frozen=True, slots=True)
class TriedRow:
    """A row on which a rule was tried, and whether it is an answer as it was given."""

    row: Row
    answered: bool


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of trying a rule.

    Attributes:
        columns: The columns that it looks at.
        tried: How many rows were tried.
        broken: A row on which it fires; None where there was none.
        good: A row on which it is asked and does not fire; None where there was none.
        undecided: How many of the rows it cannot be worked out on.
    """

    columns: tuple[Column, ...]
    tried: int
    broken: TriedRow | None
    good: TriedRow | None
    undecided: int


def columns_of(rule: Rule, form: Form) -> tuple[Column, ...]:
    """The columns with values of their own that a rule looks at, in the form's order."""
    own = [Column(field) for field in rests_on(rule.check, form)]
    return (*own, *(Column(form.by_id[name], previous=True) for name in sorted(rule.check.previous)))


def tried(plan: Plan, form: Form, period: Period, rule: Rule, answers: Sequence[Row]) -> Trial:
    """Look for a row on which a rule fires, and for one on which it does not.

    Args:
        plan: The plan as it is asked.
        form: The rule's form as it is asked.
        period: The period in which it is asked.
        rule: The rule.
        answers: The answers that are known of the form; rows without a value where there are none.

    Returns:
        What came of it.
    """
    columns = columns_of(rule, form)
    alone = replace(form, rules=(rule,), fields=tuple(replace(field, unique=False) for field in form.fields))
    trial = _judged(plan, alone, period, rule, columns, answers, answered=True)
    if trial.broken and trial.good:
        return trial
    made = _made_up(plan, form, period, rule, columns, answers)
    more = _judged(plan, alone, period, rule, columns, made, answered=False)
    return Trial(
        columns,
        trial.tried + more.tried,
        trial.broken or more.broken,
        trial.good or more.good,
        trial.undecided + more.undecided,
    )


def _judged(
    plan: Plan,
    form: Form,
    period: Period,
    rule: Rule,
    columns: tuple[Column, ...],
    rows: Sequence[Row],
    *,
    answered: bool,
) -> Trial:
    """What a rule, alone in its `form`, says of some rows."""
    asked = {column.field.id for column in columns if column.field.entered and not column.previous}
    broken, good, undecided = list[Row](), list[Row](), 0
    for row, findings in zip(rows, judge_rows(plan, form, period, rows), strict=True):
        own = [finding for finding in findings if finding.rule == rule.id]
        if any(finding.code is FindingCode.RULE for finding in own):
            broken.append(row)
        elif own:
            undecided += 1
        elif not _shut(findings, asked):
            good.append(row)
    fires, silent = (_first(found, columns, answered=answered) for found in (broken, good))
    return Trial(columns, len(rows), fires, silent, undecided)


def _first(rows: Sequence[Row], columns: tuple[Column, ...], *, answered: bool) -> TriedRow | None:
    """The first of some rows in which all columns are filled, else the first; None where there is none."""
    filled = next((row for row in rows if _filled(row, columns)), None)
    first = filled or next(iter(rows), None)
    return TriedRow(first, answered) if first else None


def _shut(findings: Iterable[Finding], asked: set[str]) -> bool:
    """Whether a column that a rule looks at has failed a check of its own, so that the rule was not asked."""
    return any(finding.field in asked for finding in findings)


# --- rows that are made up ---------------------------------------------------------------------------


def _made_up(
    plan: Plan, form: Form, period: Period, rule: Rule, columns: tuple[Column, ...], answers: Sequence[Row]
) -> tuple[Row, ...]:
    """Rows that nobody answered, the nearest to an answer first."""
    pools = [_values(plan, period, rule, column, answers) for column in columns]
    bases = [*answers[:1], *(row for row in answers if _filled(row, columns))][:3]
    rows = (_changed(base, columns, values) for base in bases for values in _combined(pools))
    return tuple(islice(rows, MOST_ROWS))


def _changed(base: Row, columns: Sequence[Column], values: Mapping[int, Value]) -> Row:
    """A row with other values in some columns, by their place among `columns`."""
    for at, value in values.items():
        base = columns[at].put(base, value)
    return base


def _combined(pools: Sequence[Sequence[Value]]) -> Iterator[Mapping[int, Value]]:
    """Values for the columns: of one column, then of two; then of all, every one or some at even distances."""
    most = MOST_ROWS // 3
    for chosen in (*combinations(range(len(pools)), 1), *combinations(range(len(pools)), 2)):
        each = islice(product(*(pools[at] for at in chosen)), most)
        yield from (dict(zip(chosen, values, strict=True)) for values in each)
    total = prod(map(len, pools))
    if len(pools) < 3:
        return
    step = next(step for step in count(max(1, round(total * _GOLDEN))) if gcd(step, total) == 1)
    for number in range(min(total, most)):
        left, values = number * step % total, dict[int, Value]()
        for at, pool in enumerate(pools):
            left, place = divmod(left, len(pool))
            values[at] = pool[place]
        yield values


def _filled(row: Row, columns: Iterable[Column]) -> bool:
    return all(column.of(row) is not None for column in columns)


def _values(
    plan: Plan, period: Period, rule: Rule, column: Column, answers: Sequence[Row]
) -> tuple[Value, ...]:
    """The values that are tried in a column: blank, answered ones, those about bounds, by the field's own reader."""
    field = column.field
    answered = dict.fromkeys(value for row in answers if (value := column.of(row)) is not None)
    choices = plan.choices_of(field)
    raw: list[object] = [choice.value for choice in choices] or list(_about(plan, period, rule, field))
    read = convert_column(raw, field, choices, plan.years)
    known = (*islice(answered, _MOST_ANSWERED), *(each.value for each in read if not each.fault))
    distinct = {(type(value), value): value for value in (None, *known)}
    return tuple(islice(distinct.values(), _MOST_VALUES))


def _about(plan: Plan, period: Period, rule: Rule, field: Field) -> Iterator[object]:
    """What lies about the bounds of a field and about what a rule names: numbers, days, words, texts of some length."""
    named = [node.value for node in rule.check.tree.walk() if node.kind == "literal"]
    yield from (word for word in named if isinstance(word, str))
    days = plan.days(period)
    bounds = [*named, field.minimum, field.maximum, 0, 100, days.first, days.last]
    for bound in bounds:
        if isinstance(bound, date):
            yield from (bound - timedelta(1), bound, bound + timedelta(1))
        elif isinstance(bound, int | float) and not isinstance(bound, bool):
            yield from (float(bound - 1), float(bound), float(bound + 1))
    yield "あ"
    for bound in named:
        if isinstance(bound, int | float) and 0 < bound <= _LONGEST:
            yield from ("あ" * int(length) for length in (bound - 1, bound, bound + 1))
