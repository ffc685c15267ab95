"""What each department is asked in a round: its rows, what changed since last time, the order of its workbook."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from xlplan.form.layout.stamps import FORMAT
from xlplan.form.write.order import Order, SentBack
from xlplan.language.messages import text
from xlplan.language.text import safe_file_name
from xlplan.model.finding import row_id
from xlplan.model.fingerprint import form_fingerprint, issue_fingerprint
from xlplan.model.form import FilledBy, Form
from xlplan.model.issue import Issued, IssuedRow, Stamp
from xlplan.model.item import ITEM_COLUMNS, Department, Item, Period
from xlplan.model.plan import Plan
from xlplan.model.record import Value

NAMED = 10
"""Changed items that the first sheet names; the others it counts."""

Rows = Mapping[str, tuple[IssuedRow, ...]]


def rows_of(plan: Plan, period: Period, department: Department) -> Rows:
    """The rows of each form: the office's values of this period and the answers of the one before."""
    items = plan.items_of(period, department.id)
    return {
        form.id: open_rows(form) if form.is_open else tuple(_row(plan, form, period, item) for item in items)
        for form in plan.forms
    }


def open_rows(form: Form, least: int = 0) -> tuple[IssuedRow, ...]:
    """The blank rows of an open form: as many as it has, and `least` at the least."""
    return tuple(IssuedRow(row_id(number), {}, {}) for number in range(1, max(form.open_rows, least) + 1))


def _row(plan: Plan, form: Form, period: Period, item: Item) -> IssuedRow:
    known = plan.known(form.id, period.id, item.id)
    before = plan.previous(period)
    old: Mapping[str, Value] = plan.known(form.id, before.id, item.id) if before else {}
    return IssuedRow(
        item.id,
        {
            one.id: known[one.id]
            for one in form.fields
            if one.filled_by is FilledBy.OFFICE and one.id in known
        },
        {one.id: old[one.id] for one in form.fields if one.previous and one.id in old},
        {name: shown for name in (*ITEM_COLUMNS, *item.extra) if (shown := item.shown(name))},
    )


class Change(StrEnum):
    """What became of an item: new, ended, taken over from another department, or handed to one."""

    NEW = "new"
    ENDED = "ended"
    TAKEN = "taken"
    HANDED = "handed"


_CHANGES = {
    Change.NEW: "artefacts.guide.change_new",
    Change.ENDED: "artefacts.guide.change_ended",
    Change.TAKEN: "artefacts.guide.change_taken",
    Change.HANDED: "artefacts.guide.change_handed",
}


@dataclass(frozen=True, slots=True)
class ItemChange:
    """An item that a department has or had in one of two periods only.

    `kind` says which, `department` is the other one, by name.
    """

    kind: Change
    item: str
    title: str
    department: str = ""


def changed_items(plan: Plan, period: Period, department: Department) -> tuple[Sequence[ItemChange], int]:
    """The items that a department has no more or has anew: those that the first sheet names, and how many others."""
    before = plan.previous(period)
    if before is None:
        return (), 0
    now = {one.id: one for one in plan.items_of(period, department.id)}
    then = {one.id: one for one in plan.items_of(before, department.id)}
    owned_now, owned_then = ({one.id: one for one in plan.items_of(each)} for each in (period, before))
    new = [
        _change(plan, one, Change.NEW, Change.TAKEN, owned_then) for one in now.values() if one.id not in then
    ]
    ended = [
        _change(plan, one, Change.ENDED, Change.HANDED, owned_now)
        for one in then.values()
        if one.id not in now
    ]
    named = ended[: max(NAMED - len(new), NAMED // 2)]
    named = [*new[: NAMED - len(named)], *named]
    return named, len(new) + len(ended) - len(named)


def _change(
    plan: Plan, item: Item, alone: Change, moved: Change, elsewhere: Mapping[str, Item]
) -> ItemChange:
    """An item that a department has or had in one of two periods only; `elsewhere` are those of the other one."""
    other = plan.department(elsewhere[item.id].department) if item.id in elsewhere else None
    return ItemChange(moved if other else alone, item.id, item.title, other.name if other else "")


def changes(plan: Plan, period: Period, department: Department) -> tuple[str, ...]:
    """What the department should know that is not as it was last time."""

    def said(key: str, **params: object) -> str:
        return text(key, plan.language, **params)

    if plan.previous(period) is None:
        return (said("artefacts.guide.change_first"),)
    named, left = changed_items(plan, period, department)
    words = [
        said(_CHANGES[change.kind], item=change.item, title=change.title, department=change.department)
        for change in named
    ]
    return (*words, said("artefacts.guide.change_more", count=left)) if left else tuple(words)


def words_shown(plan: Plan, period: Period, department: Department) -> tuple[str, ...]:
    """The plan's own words in a department's workbook, besides those of its rows and columns."""
    named, _ = changed_items(plan, period, department)
    of_items = (word for change in named for word in (change.item, change.title, change.department))
    titles = (form.title for form in plan.forms)
    of_plan = (plan.title, plan.organisation, plan.office, plan.contact)
    return (*of_plan, period.label, department.name, *titles, *of_items)


def prepare(
    plan: Plan, period: Period, department: Department, due: date | None, now: datetime
) -> tuple[Issued, Order]:
    """What is to go out to one department; `Issued.sha256` and `file` are still to be filled in."""
    rows = rows_of(plan, period, department)
    changed, _ = changed_items(plan, period, department)
    told = [(change.kind, change.item, change.title, change.department) for change in changed]
    content = issue_fingerprint(plan, period, department, due, rows, told)
    issue = _issue_id(content, now)
    version = form_fingerprint(plan, period)
    issued = Issued(issue, period.id, department.id, "", "", now, due, version, rows, content)
    return issued, order_of(plan, period, department, issued, created=now)


def order_of(
    plan: Plan,
    period: Period,
    department: Department,
    issued: Issued,
    *,
    created: datetime,
    sent_back: SentBack | None = None,
) -> Order:
    """The workbook of one department, as issued or sent back."""
    return Order(
        plan=plan,
        period=period,
        department=department,
        rows=issued.rows,
        stamp=Stamp(FORMAT, plan.id, period.id, department.id, issued.id, issued.form_version),
        created=created,
        due=issued.due,
        sent_back=sent_back,
        changes=changes(plan, period, department),
    )


def blank_order(plan: Plan, period: Period, created: datetime, rows: int = 6) -> Order:
    """The blank standard form: the plan's form with `rows` empty rows and no department."""
    empty = tuple(IssuedRow("", {}, {}) for _ in range(rows))
    version = form_fingerprint(plan, period)
    return Order(
        plan=plan,
        period=period,
        department=None,
        rows={form.id: open_rows(form) if form.is_open else empty for form in plan.forms},
        stamp=Stamp(FORMAT, plan.id, period.id, "-", "-", version),
        created=created,
    )


def _issue_id(content: str, now: datetime) -> str:
    """The id of an issue. It says nothing, but two issues of a department at different times differ."""
    return hashlib.sha256(f"{content}{now.isoformat()}".encode()).hexdigest()[:12]


def issue_file(period: Period, department: Department) -> str:
    """The file name of an issued workbook."""
    return safe_file_name(f"{period.id}_{department.id}_{department.name}", ".xlsx")


def sent_back_file(period: Period, department: Department, attempt: int, word: str) -> str:
    """The file name of a sent-back workbook; `word` says that it is one."""
    return safe_file_name(f"{period.id}_{department.id}_{department.name}", f"_{word}{attempt}.xlsx")
