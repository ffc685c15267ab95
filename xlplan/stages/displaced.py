"""What a return would displace: whether it may, and which answers change with it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from xlplan.fields import holds_words, shown
from xlplan.language.privacy import masked
from xlplan.language.text import is_blank
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding, item_shown, told_of
from xlplan.model.form import Field
from xlplan.model.plan import Plan
from xlplan.model.record import Value
from xlplan.model.submission import Receipt, RecordRow, ReturnedForm
from xlplan.stages.identify import Identified
from xlplan.store.files import modified
from xlplan.store.ledger import Ledger

MOST_CHANGES = 3
"""Answers that differ which one message tells."""
MAX_SHOWN = 30
"""Characters of an answer in it."""

Answers = Mapping[tuple[str, str, str], Value]
"""What a department answered, by form, item and field."""


@dataclass(frozen=True, slots=True)
class Change:
    """An answer that differs, as people of the plan write it, numbers and addresses of persons masked.

    `before` or `after` is empty where nothing was answered.
    """

    form: str
    item: str
    field: str
    label: str
    before: str
    after: str

    def __str__(self) -> str:
        old, new = (_short(one) for one in (self.before, self.after))
        return f"{self.item} {self.label} {old} → {new}"


def age(one: Identified) -> datetime:
    """When the answers were last worked at, in whole seconds of this computer's clock. Raises FileError.

    The earlier of two moments: when the file was changed, as its folder says, and when it was saved, as the workbook
    itself says. Mailing, copying and downloading make the first later than the second, never earlier. The second is
    wrong where the clock was, or where a program left the form's own moment in it; but nobody writes into a file
    after it was changed last. So each is a moment after which nothing was written, and the earlier says more.
    """
    changed = datetime.fromtimestamp(modified(one.incoming.path) // 10**9)
    saved = one.submission.saved_at
    return min(changed, saved) if saved else changed


def older(one: Identified, moment: datetime, accepted: Receipt) -> Finding | None:
    """The finding of an answer of that `moment` that is older than the accepted one.

    Of an answer that was received by a version that kept no such moment, it is the one when it came in.
    """
    counting = accepted.saved_at or accepted.received_at
    if moment >= counting:
        return None
    params = {"moment": _minute(moment), "newer": accepted.file_name, "counting": _minute(counting)}
    return _told(FindingCode.OLDER_RETURN, one, params)


def anything(one: Identified, plan: Plan) -> bool:
    """Whether anything stands in the cells that a department fills in."""
    return any(_filled(form, plan) for form in one.submission.forms)


def unanswered(one: Identified, plan: Plan, records: Sequence[RecordRow], ledger: Ledger) -> Finding | None:
    """The finding of a form into which its department has written nothing that did not stand in it when it went out."""
    forms = one.submission.forms
    if len(forms) < len(plan.forms) or any(form.missing or form.twice or form.formulas for form in forms):
        return None  # who knows what stood there
    if anything(one, plan) and answers_of(plan, records) != _given(one, plan, ledger):
        return None
    return _told(FindingCode.BLANK_RETURN, one, {})


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
    """The answers that differ, in order of the forms, the rows and the fields."""
    old, new = answers_of(plan, before), answers_of(plan, after)
    for form in plan.forms:
        items = dict.fromkeys(one.item for one in (*before, *after) if one.form == form.id)
        for item in items:
            for field in form.entered:
                was, now = (some.get((form.id, item, field.id)) for some in (old, new))
                if was != now:
                    words = (_written(one, field, plan) for one in (was, now))
                    row = item_shown(item, plan.language)
                    yield Change(form.id, row, field.id, field.label, *words)


def replaced(found: Sequence[Change]) -> Finding:
    """The notice at a return that takes the place of an accepted one."""
    if not found:
        return Finding(FindingCode.REPLACES_SAME)
    first = tuple(str(one) for one in found[:MOST_CHANGES])
    some = (*first, "…") if len(found) > MOST_CHANGES else first
    return Finding(FindingCode.REPLACES_ACCEPTED, params={"count": len(found), "changes": some})


def _filled(form: ReturnedForm, plan: Plan) -> bool:
    of_plan = plan.form(form.form)
    entered = {one.id for one in of_plan.entered} if of_plan else set()
    at = [number for number, name in enumerate(form.columns) if name in entered]
    return any(not is_blank(row.values[number]) for row in form.rows for number in at)


def _given(one: Identified, plan: Plan, ledger: Ledger) -> Answers:
    """The answers that stood in the form when it was issued: those that its department had given by then."""
    issued = one.issued
    if issued is None:
        return {}
    earlier = [
        receipt
        for receipt in ledger.attempts(one.period.id, one.department.id)
        if receipt.received_at <= issued.issued_at
    ]
    return answers_of(plan, earlier[-1].records) if earlier else {}


def _written(value: Value, field: Field, plan: Plan) -> str:
    words = shown(value, field, plan.years)
    return masked(words) if holds_words(field) else words


def _short(words: str) -> str:
    line = " ".join(words.split()) or "―"
    return line if len(line) <= MAX_SHOWN else f"{line[: MAX_SHOWN - 1]}…"


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def _told(code: FindingCode, one: Identified, params: Mapping[str, object]) -> Finding:
    found = Finding(code, params=params)
    return told_of(found, one.incoming.path.name, one.department.id, one.period.id)
