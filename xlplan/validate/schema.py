"""The pandera schema of a form, over the frame of a whole batch.

Rows of the frame are rows of returns; a RangeIndex leads back to file, sheet and cell. Columns: every field of
the form by id (converted values, object dtype, None for blank), `previous:<id>` for what PREVIOUS asks, the
item's columns, and `fault:<id>` for what the conversion could not read. A check is TRUE where all is well or
where the gate has closed: one wrong cell gives one finding.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from functools import cached_property

import pandas as pd
import pandera.pandas as pa

from xlplan.fields import type_of
from xlplan.fields.checks import Check, CheckKind, checks_of, gate, ranked_lists
from xlplan.fields.succession import NOTHING
from xlplan.formula.evaluation import FormulaContext, Undecided, evaluate
from xlplan.formula.tree import Formula
from xlplan.model.codes import FindingCode
from xlplan.model.form import Field, Form
from xlplan.model.item import Period
from xlplan.model.plan import Plan

UNREAD = "unread"
"""The fault of a cell that the reader could not give: its own finding stands already, so the gate is closed."""


class Verdicts:
    """What each check of a form says of each row of a frame. Worked out once, in the order of the gate."""

    def __init__(
        self,
        frame: pd.DataFrame,
        form: Form,
        plan: Plan,
        period: Period,
        taken: Mapping[str, frozenset[object]],
    ) -> None:
        self.frame = frame
        self.form = form
        self.checks = checks_of(form, plan, period)
        self.taken = taken
        first, last = plan.days(period)
        self.context = FormulaContext(ranked_lists(form, plan.lists), first, last)
        self._failed: dict[int, pd.Series] = {}
        self._closed: dict[str, pd.Series] = {}
        self._asking: set[str] = set()
        self._values: dict[str, list[object]] = {}

    def passed(self, check: Check) -> "pd.Series[bool]":
        """TRUE where `check` finds nothing, by row."""
        if check.number not in self._failed:
            if check.rule:
                self._judge_rule(check)
            else:
                self._judge_field(check.field)
        return ~self._failed[check.number]

    def computed(self, field: Field) -> list[object]:
        """The values of a computed field: None where the gate is closed or the formula gives an error."""
        if field.id not in self._values:
            results: list[object] = [None] * len(self.frame)
            if field.formula is not None:
                asked = ~self._gate(field.formula)
                for at, value in zip(asked[asked].index, self._ask(field.formula, asked), strict=True):
                    results[at] = None if isinstance(value, Undecided) or value == "" else value
            self._values[field.id] = results
        return self._values[field.id]

    @cached_property
    def _nothing(self) -> "pd.Series[bool]":
        return pd.Series(False, index=self.frame.index)

    def _gate(self, formula: Formula) -> "pd.Series[bool]":
        """TRUE where a field that the formula rests on has a finding."""
        closed = self._nothing
        for field in gate(formula, self.form):
            closed = closed | self._judged(field)
        return closed

    def _judged(self, field: Field) -> "pd.Series[bool]":
        if field.id not in self._closed:
            self._judge_field(field)
        return self._closed[field.id]

    def _judge_field(self, field: Field) -> None:
        """All checks of the gate of one field, in their order: each only where none before it failed."""
        values = self.frame[field.id]
        faults = self.frame[f"fault:{field.id}"]
        blank = values.isna()
        closed = faults == UNREAD
        for check in (one for one in self.checks if one.field.id == field.id and one.rule is None):
            failed = self._test(check, values, faults, blank) & ~closed
            self._failed[check.number] = failed
            closed = closed | failed
        self._closed[field.id] = closed

    def _test(
        self, check: Check, values: "pd.Series[str]", faults: "pd.Series[str]", blank: "pd.Series[bool]"
    ) -> "pd.Series[bool]":
        field = check.field
        match check.kind:
            case CheckKind.REQUIRED:
                return self._missing(field, blank)
            case CheckKind.ERROR_VALUE:
                return faults == FindingCode.ERROR_VALUE
            case CheckKind.TYPE:
                return faults.str.startswith(("type_", "amount_"))
            case CheckKind.LIST:
                return faults == "list"
            case CheckKind.ORDER:
                return self._out_of_order(check, values) & ~blank
            case CheckKind.UNIQUE:
                alike = values.map(_alike)
                taken = {_alike(one) for one in self.taken.get(field.id, frozenset())}
                return ~blank & (alike.duplicated(keep=False) | alike.isin(taken))
            case _:
                asked = (~blank & (faults == "")).tolist()
                known: dict[object, bool] = {}
                return self._flags(asked, [_known(check, one, known) for one in values[asked]])

    def _out_of_order(self, check: Check, values: "pd.Series[str]") -> "pd.Series[bool]":
        """TRUE where the previous value is the one that the check asks after, and `values` may not follow it."""
        if check.step is None:
            raise KeyError(check.written_code)
        before = self.frame[f"previous:{check.field.id}"].fillna(NOTHING)
        return (before == check.step.before) & ~values.isin(check.step.followers)

    def _missing(self, field: Field, blank: "pd.Series[bool]") -> "pd.Series[bool]":
        if not isinstance(field.required, Formula):
            return blank
        asked = blank & ~self._gate(field.required)
        # a requirement that cannot be decided is one: never a pass
        return self._flags(asked.tolist(), [one is not False for one in self._ask(field.required, asked)])

    def _judge_rule(self, check: Check) -> None:
        rule = check.rule
        if rule is None:
            raise KeyError(check.written_code)
        asked = ~self._gate(rule.check)
        results = self._ask(rule.check, asked)
        broken = self._flags(asked.tolist(), [one is False for one in results])
        undecided = self._flags(asked.tolist(), [not isinstance(one, bool) for one in results])
        for one in self.checks:
            if one.rule is rule:
                self._failed[one.number] = broken if one.kind is CheckKind.RULE else undecided

    def _flags(self, asked: Sequence[bool], answers: Sequence[bool]) -> "pd.Series[bool]":
        """`answers` put back where they were asked, FALSE elsewhere."""
        left = iter(answers)
        return pd.Series([one and next(left) for one in asked], index=self.frame.index, dtype=bool)

    def _ask(self, formula: Formula, asked: "pd.Series[bool]") -> list[object]:
        """The formula's value in the rows that are asked, worked out once for each distinct tuple."""
        columns, previous = sorted(formula.columns), sorted(formula.previous)
        series: list[Sequence[object]] = [self._column(name) for name in columns]
        series += [self.frame[f"previous:{name}"].tolist() for name in previous]
        picked = asked[asked].index.tolist()
        series = [[values[at] for at in picked] for values in series]
        tuples = list(zip(*series, strict=True)) if series else [()] * len(picked)
        # 1 and True, 1 and 1.0 are equal in Python but not in a sheet
        types = list(zip(*(map(type, values) for values in series), strict=True)) if series else tuples
        keys = list(zip(types, tuples, strict=True))
        distinct = dict(zip(keys, tuples, strict=True))
        results = evaluate(formula, list(distinct.values()), columns, previous, self.context)
        known = dict(zip(distinct, results, strict=True))
        return [known[key] for key in keys]

    def _column(self, name: str) -> list[object]:
        field = self.form.by_id.get(name)
        if field is not None and field.formula is not None:
            # a computed cell that shows nothing holds "", not a blank: "" < 5 is FALSE in a sheet
            return ["" if one is None else one for one in self.computed(field)]
        values: list[object] = self.frame[name].tolist()
        return values


def _alike(value: object) -> object:
    """What Excel's own `=` compares: case does not count."""
    return value.casefold() if isinstance(value, str) else value


def _known(check: Check, value: object, known: dict[object, bool]) -> bool:
    """`_breaks`, once for each distinct value."""
    if value not in known:
        known[value] = _breaks(check, value)
    return known[value]


def _breaks(check: Check, value: object) -> bool:
    """Whether one value, of the right type, fails a check of range, length or pattern."""
    field = check.field
    match check.kind:
        case CheckKind.RANGE:
            return _outside(value, field)
        case CheckKind.LENGTH:
            return len(str(value)) > (field.max_length or 0)
        case CheckKind.PATTERN:
            return re.fullmatch(field.pattern, str(value)) is None
        case _:
            raise KeyError(check.kind)


def _outside(value: object, field: Field) -> bool:
    kind = type_of(field)
    measured = kind.comparable(value)
    if measured is None:
        return False
    low, high = (
        None if bound is None else kind.comparable_bound(bound) for bound in (field.minimum, field.maximum)
    )
    if isinstance(measured, dt.date):
        return (isinstance(low, dt.date) and measured < low) or (
            isinstance(high, dt.date) and measured > high
        )
    below = isinstance(low, int | float) and measured < low
    return below or (isinstance(high, int | float) and measured > high)


def schema_of(form: Form, verdicts: Verdicts) -> pa.DataFrameSchema:
    """The schema: a column for each field that the department fills, a check for each of its checks.

    A check's `name` is its number, its `title` its finding's code and its `description` the formula, if any.
    """
    columns = {}
    for field in form.entered:
        checks = [_check(one, verdicts) for one in verdicts.checks if one.field.id == field.id]
        columns[field.id] = pa.Column(None, checks, nullable=True, title=field.label)
    return pa.DataFrameSchema(columns, name=form.id, title=form.title)


def _check(check: Check, verdicts: Verdicts) -> pa.Check:
    return pa.Check(
        lambda _: verdicts.passed(check),
        name=str(check.number),
        title=check.written_code,
        description=check.rule.check.text if check.rule else check.kind.value,
        ignore_na=False,
    )


def failures(frame: pd.DataFrame, schema: pa.DataFrameSchema) -> dict[int, list[int]]:
    """The rows (by index) that fail each check (by number), from one lazy validation of the whole frame."""
    found: dict[int, list[int]] = {}
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as fault:
        for one in fault.schema_errors:
            output = one.check_output
            if not isinstance(one.check, pa.Check) or output is None:
                raise
            found[int(str(one.check.name))] = output.index[~output.astype(bool)].tolist()
    return found
