"""What a return would displace: whether it may, and which answers change with it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from xlplan.fields.reading import shown
from xlplan.fields.table import holds_words
from xlplan.language.privacy import masked
from xlplan.language.text import is_blank
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding, item_shown, told_of
from xlplan.model.form import Field
from xlplan.model.plan import Plan
from xlplan.model.record import Value
from xlplan.model.submission import Receipt, RecordRow, ReturnedForm
from xlplan.stages.returns import Change, Identified
from xlplan.store.files import modified
from xlplan.store.ledger import Ledger

MOST_CHANGES = 3
"""Answers that differ which one message tells."""

Answers = Mapping[tuple[str, str, str], Value]
"""What a department answered, by form, item and field."""


def age(found: Identified) -> datetime:
    """When the answers were last worked at, in whole seconds of this computer's clock.

    The earlier of two moments: when the file was changed, as its folder says, and when it was saved, as the workbook
    itself says. Mailing, copying and downloading make the first later than the second, never earlier. The second is
    wrong where the clock was, or where a program left the form's own moment in it; but nobody writes into a file
    after it was changed last. So each is a moment after which nothing was written, and the earlier says more.

    Raises:
        FileError: the file is gone or cannot be looked at.
    """
    changed = datetime.fromtimestamp(modified(found.incoming.path) // 10**9)
    saved = found.submission.saved_at
    return min(changed, saved) if saved else changed


def older(found: Identified, moment: datetime, accepted: Receipt) -> Finding | None:
    """The finding of an answer that is older than the accepted one, None where it is not.

    Args:
        found: The return.
        moment: Its `age`.
        accepted: The accepted return. Where a version of xlplan received it that kept no such moment, the one when it
            came in stands for it.
    """
    counting = accepted.saved_at or accepted.received_at
    if moment >= counting:
        return None
    params = {"moment": _minute(moment), "newer": accepted.file_name, "counting": _minute(counting)}
    return _finding(FindingCode.OLDER_RETURN, found, params)


def anything(found: Identified, plan: Plan) -> bool:
    """Whether anything stands in the cells that a department fills in."""
    return any(_filled(form, plan) for form in found.submission.forms)


def unanswered(found: Identified, plan: Plan, records: Sequence[RecordRow], ledger: Ledger) -> Finding | None:
    """The finding of a form into which its department has written nothing.

    Args:
        found: The return.
        plan: The plan.
        records: The return's values.
        ledger: The ledger, for what stood in the form already when it went out.
    """
    forms = found.submission.forms
    if len(forms) < len(plan.forms) or any(form.missing or form.twice or form.formulas for form in forms):
        return None  # who knows what stood there
    if anything(found, plan) and answers_of(plan, records) != _given(found, plan, ledger):
        return None
    return _finding(FindingCode.BLANK_RETURN, found, {})


def answers_of(plan: Plan, records: Sequence[RecordRow]) -> Answers:
    """What the department itself wrote."""
    entered = {(form.id, field.id) for form in plan.forms for field in form.entered}
    return {
        (record.form, record.item, name): value
        for record in records
        for name, value in record.values.items()
        if (record.form, name) in entered and not is_blank(value)
    }


def changes(plan: Plan, before: Sequence[RecordRow], after: Sequence[RecordRow]) -> Iterator[Change]:
    """The answers that differ, in order of the forms, the rows and the fields.

    Args:
        plan: The plan.
        before: The values of the accepted return.
        after: Those of the one that takes its place.
    """
    old, new = answers_of(plan, before), answers_of(plan, after)
    for form in plan.forms:
        items = dict.fromkeys(record.item for record in (*before, *after) if record.form == form.id)
        for item in items:
            for field in form.entered:
                was, now = (answers.get((form.id, item, field.id)) for answers in (old, new))
                if was != now:
                    words = (_written(value, field, plan) for value in (was, now))
                    row = item_shown(item, plan.language)
                    yield Change(form.id, row, field.id, field.label, *words)


def replaced(differing: Sequence[Change]) -> Finding:
    """The notice at a return that takes the place of an accepted one."""
    if not differing:
        return Finding(FindingCode.REPLACES_SAME)
    first = tuple(str(change) for change in differing[:MOST_CHANGES])
    listed = (*first, "…") if len(differing) > MOST_CHANGES else first
    return Finding(FindingCode.REPLACES_ACCEPTED, params={"count": len(differing), "changes": listed})


def _filled(form: ReturnedForm, plan: Plan) -> bool:
    of_plan = plan.form(form.form)
    entered = {field.id for field in of_plan.entered} if of_plan else set()
    at = [number for number, name in enumerate(form.columns) if name in entered]
    return any(not is_blank(row.values[number]) for row in form.rows for number in at)


def _given(found: Identified, plan: Plan, ledger: Ledger) -> Answers:
    """The answers that stood in the form when it was issued: those that its department had given by then."""
    issued = found.issued
    if issued is None:
        return {}
    earlier = [
        receipt
        for receipt in ledger.attempts(found.period.id, found.department.id)
        if receipt.received_at <= issued.issued_at
    ]
    return answers_of(plan, earlier[-1].records) if earlier else {}


def _written(value: Value, field: Field, plan: Plan) -> str:
    words = shown(value, field, plan.years)
    return masked(words) if holds_words(field) else words


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def _finding(code: FindingCode, found: Identified, params: Mapping[str, object]) -> Finding:
    finding = Finding(code, params=params)
    return told_of(finding, found.incoming.path.name, found.department.id, found.period.id)
