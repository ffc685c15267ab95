"""How values are shown in tables of any kind: role, text and tone of an answer."""

import re
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from math import isfinite

from xlplan.fields.base import CENTRE, RIGHT
from xlplan.fields.cells import as_text
from xlplan.fields.table import type_of
from xlplan.model.form import Choice, Field
from xlplan.model.plan import Plan
from xlplan.model.record import Value
from xlplan.report.tables import Role, Tone
from xlplan.report.worked import Worked

_CURRENCY = re.compile(r"\[\$([^\]-]*)[^\]]*\]")
"""A currency in a format: [$£-809]."""
_DIGITS = re.compile(r"[#0?](?:[#0?,.]*[#0?])?%?")
_EXACT = Context(prec=400, rounding=ROUND_HALF_UP)
"""Digits enough for every number that a cell holds."""


def role_of(field: Field, *, centre_numbers: bool = False) -> Role:
    """What an answer is in a table; with `centre_numbers` numbers stand in the middle, not at the right."""
    kind = type_of(field)
    if kind.align == RIGHT:
        return Role.ANSWER if centre_numbers else Role.QUANTITY
    return Role.ANSWER if kind.align == CENTRE else Role.TEXT


def tones(choices: Sequence[Choice]) -> Mapping[str, Tone]:
    """The tone of each choice by its value: its place among the ranks, none where it has no rank.

    Where all that have a rank have the same, nothing is more or less.

    Returns:
        The tones.
    """
    ranks = sorted({choice.rank for choice in choices if choice.rank is not None})
    steps = {rank: Tone(at, len(ranks)) for at, rank in enumerate(ranks)} if len(ranks) > 1 else {}
    return {
        choice.value: steps.get(choice.rank, Tone()) if choice.rank is not None else Tone()
        for choice in choices
    }


def value_text(value: Value, field: Field, plan: Plan) -> str:
    """An answer as a person reads it: days by the plan's calendar, numbers with a sign between thousands.

    Args:
        value: The answer; None where it is blank.
        field: The field that it answers.
        plan: The field's plan.

    Returns:
        The text; empty where it is blank.
    """
    kind = type_of(field)
    if kind.numeric and isinstance(value, int | float):
        return number_text(value, kind.summary_format(plan))
    return kind.shown(value, plan.years)


def number_text(value: float, shape: str) -> str:
    """A number as a person reads it, rounded as Excel does.

    Args:
        value: The number.
        shape: Its number format: 0, #,##0.0, 0%, £#,##0.00, 0"件". Of several sections the first is followed.

    Returns:
        The text.
    """
    before, plain, behind = _parted(shape)
    found = re.search(r"\.([0#]+)", plain)
    places, percent = found[1] if found else "", plain.endswith("%")
    if not isfinite(value):
        return as_text(value)
    exact = _EXACT.multiply(Decimal(str(value)), Decimal(100 if percent else 1))
    rounded = _EXACT.quantize(exact, Decimal(1).scaleb(-len(places)))
    whole, _, decimals = (f"{rounded:,f}" if "," in plain else f"{rounded:f}").partition(".")
    least = places.count("0")
    decimals = decimals[:least] + decimals[least:].rstrip("0")
    shown = f"{before}{whole.lstrip('-')}" + f".{decimals}" * bool(decimals) + "%" * percent + behind
    return f"-{shown}" if whole.startswith("-") and any(digit in shown for digit in "123456789") else shown


def worked_text(worked: Worked, shape: str, nothing: str) -> str:
    """What a figure comes to as a person reads it.

    Args:
        worked: What it comes to.
        shape: Its number format.
        nothing: What stands in the place of a figure that has no value.
    """
    if worked.value is None:
        return nothing
    return str(worked.value) if isinstance(worked.value, bool | str) else number_text(worked.value, shape)


def _parted(shape: str) -> tuple[str, str, str]:
    """A number format: the words before the digits, the digits with a per cent sign, the words behind."""
    section = _CURRENCY.sub(r"\1", shape.split(";", maxsplit=1)[0])
    found = _DIGITS.search(section)
    if not found:
        return "", section, ""
    before, behind = (_words(part) for part in (section[: found.start()], section[found.end() :]))
    return before, found[0], behind


def _words(part: str) -> str:
    """What of a format is written as it stands: quoted words, signs; colours and conditions are not."""
    return re.sub(r'\[[^\]]*\]|["\\]|_.|\*.', "", part)


def department_name(plan: Plan, department_id: str) -> str:
    """A department's name; its id where the plan does not know it."""
    department = plan.department(department_id)
    return department.name if department else department_id
