"""The checks of a form, numbered: the one list behind the sheet's check column and the validator.

A check's number is its row in the messages of the hidden sheet. Numbers run from left to right over the fields
that the department fills, for each field in the order of the gate: missing, error value, type, list, order (one
check for nothing before, one for each value that may have been before), range, length, duplicate, then the rules
that point at it. One cell has one finding of the gate; its rules are looked at only where no column that they name
has one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from xlplan.fields.succession import Step, steps
from xlplan.fields.table import type_of
from xlplan.formula.tree import Formula
from xlplan.language.calendar import Years
from xlplan.language.messages import spaced, text
from xlplan.model.codes import FindingCode, written_code
from xlplan.model.finding import Finding, Severity
from xlplan.model.form import Choice, Field, Form, Rule
from xlplan.model.item import Period
from xlplan.model.plan import Plan


class CheckKind(StrEnum):
    """What a check asks. `PATTERN` is the only one that a sheet cannot ask by itself."""

    REQUIRED = "required"
    ERROR_VALUE = "error_value"
    TYPE = "type"
    LIST = "list"
    ORDER = "order"
    RANGE = "range"
    LENGTH = "length"
    PATTERN = "pattern"
    UNIQUE = "unique"
    RULE = "rule"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Check:
    """One check of one field. `number` counts from 1; `code` and `params` make its finding.

    `step` is what a check of the order asks: it passes wherever the previous period had another value.
    """

    number: int
    kind: CheckKind
    field: Field
    severity: Severity
    code: FindingCode
    params: Mapping[str, object]
    rule: Rule | None = None
    step: Step | None = None

    @property
    def rule_id(self) -> str:
        """The id of the rule of the plan that it asks; empty where it asks none."""
        return self.rule.id if self.rule and self.kind is CheckKind.RULE else ""

    @property
    def written_code(self) -> str:
        """The code of its findings as it is stored and given out."""
        return written_code(self.code, self.rule_id)

    @property
    def _finding(self) -> Finding:
        return Finding(self.code, self.severity, params=self.params, rule=self.rule_id)

    def message(self, language: str) -> str:
        """What is wrong."""
        return self._finding.message(language)

    def shown(self, language: str) -> str:
        """What the check column shows: the message, and of a warning also what to do, for it may be left as it is."""
        if self.severity is not Severity.WARNING:
            return self.message(language)
        return spaced((self.message(language), self.remedy(language)), language)

    def remedy(self, language: str) -> str:
        """What to do about it; empty where there is nothing to say."""
        return self._finding.remedy(language)


def checks_of(form: Form, plan: Plan, period: Period) -> tuple[Check, ...]:
    """The checks of `form` in `period`, in order of number."""
    found: list[Check] = []
    for field in form.entered:
        for kind, severity, code, params, of in _checks(field, form, plan, period):
            rule, step = of if isinstance(of, Rule) else None, of if isinstance(of, Step) else None
            found.append(Check(len(found) + 1, kind, field, severity, code, params, rule, step))
    return tuple(found)


_Made = tuple[CheckKind, Severity, FindingCode, dict[str, object], Rule | Step | None]


def _checks(field: Field, form: Form, plan: Plan, period: Period) -> Iterator[_Made]:
    label: dict[str, object] = {"label": field.heading}
    kind = type_of(field)
    error = Severity.ERROR
    if field.required is not False:
        yield CheckKind.REQUIRED, error, kind.required_code, label, None
    yield CheckKind.ERROR_VALUE, error, FindingCode.ERROR_VALUE, label, None
    if kind.type_code:
        example = kind.example(field, plan, period)
        yield CheckKind.TYPE, error, kind.type_code, label | {**example}, None
    if kind.list_code:
        # not the items, which come and go
        choices = tuple(choice.value for choice in plan.lists.get(field.list, ()))
        named = {"choices": choices} if kind.from_list else {}
        yield CheckKind.LIST, error, kind.list_code, label | named, None
    if field.previous and field.list:
        yield from _order_checks(field, plan, period)
    if field.minimum is not None or field.maximum is not None:
        yield CheckKind.RANGE, error, _range_code(field), label | _bounds(field, plan.years), None
    if field.max_length is not None:
        yield CheckKind.LENGTH, error, FindingCode.TOO_LONG, label | {"limit": field.max_length}, None
    if field.pattern:
        yield (
            CheckKind.PATTERN,
            error,
            FindingCode.WRONG_PATTERN,
            label | {"hint": field.hint or field.pattern},
            None,
        )
    if field.unique:
        yield CheckKind.UNIQUE, error, FindingCode.DUPLICATE, label, None
    for rule in form.rules:
        if rule.target == field.id and in_force(rule, plan, period):
            words: dict[str, object] = {"message": rule.message, "remedy": rule.remedy}
            yield CheckKind.RULE, rule.severity, FindingCode.RULE, words, rule
            yield CheckKind.UNDECIDED, error, FindingCode.UNDECIDED, label | {"rule": rule.id}, rule


def _order_checks(field: Field, plan: Plan, period: Period) -> Iterator[_Made]:
    """A check for each value of the previous period, so that each has a message of its own on the sheet."""
    before = plan.previous(period)
    shown = before.label if before else text("artefacts.entry.before", plan.language)
    for step in steps(plan.choices_of(field)):
        params: dict[str, object] = {"label": field.heading, "period": shown, "before": step.before}
        code = FindingCode.ORDER_BEGIN
        if step.before:
            code = FindingCode.ORDER if step.followers else FindingCode.ORDER_END
        params["followers"] = step.followers
        yield CheckKind.ORDER, Severity.ERROR, code, params, step


def in_force(rule: Rule, plan: Plan, period: Period) -> bool:
    """Whether a rule applies in `period`."""
    return not rule.from_period or plan.position(rule.from_period) <= plan.position(period.id)


def _range_code(field: Field) -> FindingCode:
    if field.minimum is None:
        return FindingCode.ABOVE_MAXIMUM
    return FindingCode.OUT_OF_RANGE if field.maximum is not None else FindingCode.BELOW_MINIMUM


def _bounds(field: Field, years: Years) -> dict[str, object]:
    kind = type_of(field)
    return {"low": kind.bound_label(field.minimum, years), "high": kind.bound_label(field.maximum, years)}


def rests_on(formula: Formula, form: Form) -> tuple[Field, ...]:
    """The fields with values of their own that `formula` rests on, in the form's order.

    Those that it names, and those behind the computed fields which it names.
    """
    wanted: set[str] = set()
    left = list(formula.columns)
    while left:
        field = form.by_id.get(left.pop())
        if field is None or field.id in wanted:
            continue
        wanted.add(field.id)
        if field.formula is not None:
            left += field.formula.columns
    return tuple(one for one in form.fields if one.id in wanted and one.formula is None)


def gate(formula: Formula, form: Form) -> tuple[Field, ...]:
    """The entered fields that must be in order before `formula` can be asked, in the form's order."""
    return tuple(one for one in rests_on(formula, form) if one.entered)


def ranked_lists(
    form: Form, lists: Mapping[str, tuple[Choice, ...]]
) -> dict[str, list[tuple[str, float | None]]]:
    """(value, rank) of the list of each choice field, by field id: what CHOICE_RANK needs."""
    return {
        one.id: [(choice.value, choice.rank) for choice in lists[one.list]]
        for one in form.fields
        if type_of(one).from_list
    }
