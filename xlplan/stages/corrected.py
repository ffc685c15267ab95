"""Corrections put where they belong: into the answers of a round, and into what the office gave for it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from xlplan.model.correction import Correction
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.model.record import Record, Value
from xlplan.model.submission import Receipt, ReceiptState, RecordRow
from xlplan.model.then import Then

_Key = tuple[str, str, int]


def _key(correction: Correction) -> _Key:
    """Form, and item or department, and row of a row that a department added."""
    return correction.form, correction.department or correction.item, correction.row


def _by_key(corrections: Sequence[Correction]) -> dict[_Key, dict[str, Value]]:
    """The values that count, by the key of their row and by field: the later of two."""
    found: dict[_Key, dict[str, Value]] = {}
    for correction in corrections:
        found.setdefault(_key(correction), {})[correction.field] = correction.new
    return found


def corrected_receipts(
    plan: Plan, period: Period, receipts: Mapping[str, Receipt], corrections: Sequence[Correction]
) -> dict[str, Receipt]:
    """Returns with the values that were corrected since.

    Args:
        plan: The plan of the round.
        period: The round.
        receipts: The returns that count, by department id.
        corrections: The corrections of the round.

    Returns:
        The same returns, those values in their records. Where a value came of a return that was not accepted in time,
        the department has one of no attempt with nothing but such values.
    """
    values = _by_key([each for each in corrections if each.form and not of_office(plan, each)])
    if not values:
        return dict(receipts)
    owners = {item.id: item.department for item in plan.items_of(period)}
    rows = {department: list(receipt.records) for department, receipt in receipts.items()}
    for (form, name, row), new in values.items():
        own = rows.setdefault(name if row else owners.get(name, ""), [])
        known = (at for at, record in enumerate(own) if _is_row(record, form, "" if row else name, row))
        if (at := next(known, None)) is None:
            own.append(RecordRow(form, "" if row else name, new, "", row))
        else:
            own[at] = replace(own[at], values={**own[at].values, **new})
    made_at = corrections[-1].decision.made_at
    return {
        department: replace(
            receipts.get(department) or _no_return(period, department, made_at), records=tuple(own)
        )
        for department, own in rows.items()
        if department
    }


def _is_row(record: RecordRow, form: str, item: str, row: int) -> bool:
    return record.form == form and (record.row == row if row else record.item == item)


def _no_return(period: Period, department: str, made_at: datetime) -> Receipt:
    """What stands for the return of a department that had none accepted."""
    return Receipt(period.id, department, 0, "", "", "", made_at, ReceiptState.ACCEPTED, "")


def corrected_plan(plan: Plan, period_id: str, corrections: Sequence[Correction]) -> Plan:
    """A round's plan with what the office gave for it as it was corrected since.

    Args:
        plan: The plan as its tables had it.
        period_id: Id of the round.
        corrections: The corrections of the round.
    """
    given = [correction for correction in corrections if of_office(plan, correction)]
    if not given:
        return plan
    values = _by_key(given)
    records = []
    for record in plan.records:
        new = values.pop((record.form, record.item, 0), {}) if record.period == period_id else {}
        records.append(replace(record, values=_filled({**record.values, **new})) if new else record)
    added = [
        Record(form, period_id, item, _filled(new), ("", "", 0)) for (form, item, _), new in values.items()
    ]
    return replace(plan, records=(*records, *added))


def _filled(values: Mapping[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in values.items() if value is not None}


def of_office(plan: Plan, correction: Correction) -> bool:
    """Whether a correction is of what the office gives, and not of an answer."""
    form = plan.form(correction.form)
    field = form.by_id.get(correction.field) if form else None
    return field is not None and field.of_office


def corrections_known(
    plan: Plan, period: Period, corrections: Sequence[Correction]
) -> tuple[Correction, ...]:
    """The corrections of a round and of those before it, in the order in which they were decided.

    Args:
        plan: The plan of the round.
        period: The round.
        corrections: Those of all rounds, each under the ids of its own.

    Returns:
        They under the ids that the plan has for them; those of fields that it lacks are left out.
    """
    return tuple(
        found for correction in corrections if (found := _known(plan, period, correction)) is not None
    )


def _known(plan: Plan, period: Period, correction: Correction) -> Correction | None:
    round_of = correction.decision.period
    if round_of == period.id or (not correction.form and round_of in plan.past):
        return correction
    then = plan.past.get(round_of)
    form = then.plan.form(correction.form) if isinstance(then, Then) else None
    field = form.by_id.get(correction.field) if form else None
    if not isinstance(then, Then) or form is None or field is None:
        return None
    now, found = then.form_now(form), then.field_now(form, field)
    if now is None or found is None:
        return None
    item = then.item_now(correction.item) if correction.item else ""
    department = then.department_now(correction.department) if correction.department else ""
    return replace(correction, form=now.id, field=found.id, item=item, department=department)
