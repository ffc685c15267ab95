"""The checks of a form, numbered: the one list behind the sheet's check column and the validator.

A check's number is its row in the messages of the hidden sheet. Numbers run from left to right over the fields
that the department fills, for each field in the order of the gate: missing, error value, type, list, order (one
check for nothing before, one for each value that may have been before), range, length, pattern, duplicate, then the
rules that point at it. One cell has one finding of the gate; its rules are looked at only where no column that they
name has one.
"""

from collections.abc import Callable, Iterator
from functools import partial

from xlplan.fields.checks import Check
from xlplan.fields.row_checks import (
    ListCheck,
    OrderCheck,
    OwnItemCheck,
    RequiredCheck,
    RuleCheck,
    UndecidedCheck,
    UniqueCheck,
)
from xlplan.fields.succession import steps
from xlplan.fields.table import type_of
from xlplan.fields.value_checks import ErrorValueCheck, LengthCheck, PatternCheck, RangeCheck, TypeCheck
from xlplan.language.codes import Severity
from xlplan.language.messages import text
from xlplan.model.codes import FindingCode
from xlplan.model.form import Field, Form
from xlplan.model.item import Period
from xlplan.model.plan import Plan

Numbered = Callable[..., Check]
"""A check but for its number."""


def checks_of(form: Form, plan: Plan, period: Period) -> tuple[Check, ...]:
    """The checks of `form`, which is one of `plan`, in `period`: in order of number."""
    found: list[Check] = []
    for field in form.entered:
        for numbered in _checks(field, form, plan, period):
            found.append(numbered(len(found) + 1))
    return tuple(found)


def _checks(field: Field, form: Form, plan: Plan, period: Period) -> Iterator[Numbered]:
    label: dict[str, object] = {"label": field.heading}

    def error(kind: Callable[..., Check], code: FindingCode, **params: object) -> Numbered:
        return partial(kind, field=field, severity=Severity.ERROR, code=code, params=label | params)

    kind = type_of(field)
    if field.required is not False:
        nothing = FindingCode.AMOUNT_NOTHING if kind.numeric else kind.required_code
        yield partial(error(RequiredCheck, kind.required_code), nothing=nothing)
    yield error(ErrorValueCheck, FindingCode.ERROR_VALUE)
    if kind.type_code:
        asked = error(TypeCheck, kind.type_code, **kind.example(field, plan, period))
        yield partial(asked, of=kind, span=kind.span(field, plan.years))
    if kind.list_code:
        yield _list_check(field, kind.list_code, plan, period)
    if field.previous and field.list:
        yield from _order_checks(field, plan, period)
    yield from _shape_checks(field, plan, error)
    for rule in form.rules:
        if rule.target == field.id and plan.in_force(rule, period):
            words: dict[str, object] = {"message": rule.message, "remedy": rule.remedy}
            yield partial(
                RuleCheck, field=field, severity=rule.severity, code=FindingCode.RULE, params=words, of=rule
            )
            yield partial(error(UndecidedCheck, FindingCode.UNDECIDED, rule=rule.id), of=rule)


def _shape_checks(field: Field, plan: Plan, error: Callable[..., Numbered]) -> Iterator[Numbered]:
    """What the plan's table says of the values themselves."""
    if field.minimum is not None or field.maximum is not None:
        bounds = (field.minimum, field.maximum)
        kind = type_of(field)
        low, high = (kind.bound_label(bound, field, plan.years) for bound in bounds)
        yield partial(error(RangeCheck, _range_code(field), low=low, high=high), of=kind)
    if field.max_length is not None:
        yield error(LengthCheck, FindingCode.TOO_LONG, limit=field.max_length)
    if field.pattern:
        yield error(PatternCheck, FindingCode.WRONG_PATTERN, hint=field.hint or field.pattern)
    if field.unique:
        yield error(UniqueCheck, FindingCode.DUPLICATE)


def _list_check(field: Field, code: FindingCode, plan: Plan, period: Period) -> Numbered:
    """Of a list of the plan the finding names the choices; items come and go, and are each department's own."""
    choices = plan.choices_of(field)
    params: dict[str, object] = {"label": field.heading}
    made = partial(ListCheck, field=field, severity=Severity.ERROR, code=code, choices=choices)
    if type_of(field).from_list:
        params["choices"] = tuple(choice.value for choice in choices)
        return partial(made, params=params)
    return partial(OwnItemCheck, **made.keywords, params=params, plan=plan, period=period)


def _order_checks(field: Field, plan: Plan, period: Period) -> Iterator[Numbered]:
    """A check for each value of the previous period, so that each has a message of its own on the sheet."""
    before = plan.previous(period)
    shown = before.label if before else text("artefacts.entry.before", plan.language)
    for step in steps(plan.choices_of(field), plan.retired.get(field.list, ())):
        params: dict[str, object] = {"label": field.heading, "period": shown, "before": step.before}
        code = FindingCode.ORDER_BEGIN
        if step.before:
            code = FindingCode.ORDER if step.followers else FindingCode.ORDER_END
        params["followers"] = step.followers
        yield partial(OrderCheck, field=field, severity=Severity.ERROR, code=code, params=params, after=step)


def _range_code(field: Field) -> FindingCode:
    if field.minimum is None:
        return FindingCode.ABOVE_MAXIMUM
    return FindingCode.OUT_OF_RANGE if field.maximum is not None else FindingCode.BELOW_MINIMUM
