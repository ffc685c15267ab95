"""What each department is asked in a round: its rows, what changed since last time, the order of its workbook."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime

from xlplan.compare import form_version
from xlplan.layout import FORMAT, EntryLayout
from xlplan.messages import text
from xlplan.plan import ITEM_COLUMNS, Department, FilledBy, Form, Item, Period, Plan, Value
from xlplan.submission import Issued, IssuedRow, Stamp
from xlplan.template import Order, SentBack
from xlplan.text import safe_file_name

NAMED = 10
"""Changed items that the first sheet names; the others it counts."""

Rows = Mapping[str, tuple[IssuedRow, ...]]


def rows_of(plan: Plan, period: Period, department: Department) -> Rows:
    """The rows of each form: the office's values of this period and the answers of the one before."""
    items = plan.items_of(period, department.id)
    return {
        form.id: open_rows(plan, form, period)
        if form.is_open
        else tuple(_row(plan, form, period, item) for item in items)
        for form in plan.forms
    }


def open_rows(plan: Plan, form: Form, period: Period, least: int = 0) -> tuple[IssuedRow, ...]:
    """The blank rows of an open form: as many as it has, and `least` at the least."""
    layout = EntryLayout(form, plan, period, max(form.open_rows, least))
    return tuple(IssuedRow(layout.row_id(number), {}, {}) for number in range(1, layout.rows + 1))


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


def changes(plan: Plan, period: Period, department: Department) -> tuple[str, ...]:
    """What the department should know that is not as it was last time."""

    def said(key: str, **params: object) -> str:
        return text(f"artefacts.guide.{key}", plan.language, **params)

    before = plan.previous(period)
    if before is None:
        return (said("change_first"),)
    now = {one.id: one for one in plan.items_of(period, department.id)}
    then = {one.id: one for one in plan.items_of(before, department.id)}
    owned_now, owned_then = ({one.id: one for one in plan.items_of(each)} for each in (period, before))
    new = [_change(plan, one, "new", "taken", owned_then) for one in now.values() if one.id not in then]
    ended = [_change(plan, one, "ended", "handed", owned_now) for one in then.values() if one.id not in now]
    named = ended[: max(NAMED - len(new), NAMED // 2)]
    named = [*new[: NAMED - len(named)], *named]
    left = len(new) + len(ended) - len(named)
    return (*named, said("change_more", count=left)) if left else tuple(named)


def _change(plan: Plan, item: Item, alone: str, moved: str, elsewhere: Mapping[str, Item]) -> str:
    """An item that a department has or had in one of two periods only; `elsewhere` are those of the other one."""
    other = plan.department(elsewhere[item.id].department) if item.id in elsewhere else None
    key, params = (moved, {"department": other.name}) if other else (alone, {})
    return text(f"artefacts.guide.change_{key}", plan.language, item=item.id, title=item.title, **params)


def prepare(
    plan: Plan, period: Period, department: Department, due: date | None, now: datetime
) -> tuple[Issued, Order]:
    """What is to go out to one department; `Issued.sha256` and `file` are still to be filled in."""
    rows = rows_of(plan, period, department)
    version = form_version(plan, period)
    issue = _issue_id(plan, period, department, rows, due, now)
    issued = Issued(issue, period.id, department.id, "", "", now, due, version, rows)
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
    version = form_version(plan, period)
    return Order(
        plan=plan,
        period=period,
        department=None,
        rows={form.id: open_rows(plan, form, period) if form.is_open else empty for form in plan.forms},
        stamp=Stamp(FORMAT, plan.id, period.id, "-", "-", version),
        created=created,
    )


CONTENT_DIGITS = 8
"""The digits of an issue's id that stand for what the department is shown; the others for the moment."""


def _issue_id(
    plan: Plan, period: Period, department: Department, rows: Rows, due: date | None, now: datetime
) -> str:
    """The id of an issue: two issues at different times differ, and show whether their workbooks do."""
    shown = (
        (plan.id, plan.title, plan.organisation, plan.language, plan.fiscal_year_start, plan.calendar),
        (plan.office, plan.contact, plan.forms, plan.lists, plan.items_of(period, department.id)),
        (period, plan.previous(period), department.id, department.name, due, rows),
        changes(plan, period, department),
    )
    content = hashlib.sha256(repr(shown).encode()).hexdigest()
    moment = hashlib.sha256(f"{content}{now.isoformat()}".encode()).hexdigest()
    return content[:CONTENT_DIGITS] + moment[: 12 - CONTENT_DIGITS]


def same_content(one: Issued, other: Issued) -> bool:
    """Whether two issues of a department have the same workbook, the moment apart."""
    return one.id[:CONTENT_DIGITS] == other.id[:CONTENT_DIGITS]


def issue_file(period: Period, department: Department) -> str:
    """The file name of an issued workbook."""
    return safe_file_name(f"{period.id}_{department.id}_{department.name}", ".xlsx")


def sent_back_file(period: Period, department: Department, attempt: int, word: str) -> str:
    """The file name of a sent-back workbook; `word` says that it is one."""
    return safe_file_name(f"{period.id}_{department.id}_{department.name}", f"_{word}{attempt}.xlsx")
