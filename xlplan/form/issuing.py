"""What each department is asked in a round: its rows, what changed since last time, the order of its workbook."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from xlplan.fields.descent import known_before
from xlplan.form.changes import WORDS_OF_MOVES, Said, changed_items, department_said, forms_said
from xlplan.form.layout.stamps import FORMAT
from xlplan.form.write.order import Order, SentBack
from xlplan.language.errors import ErrorKey, UsageError
from xlplan.language.messages import joined, text
from xlplan.language.text import safe_file_name
from xlplan.model.finding import Finding, listed, row_id
from xlplan.model.fingerprint import form_fingerprint, issue_fingerprint
from xlplan.model.form import Field, FilledBy, Form
from xlplan.model.issue import Issued, IssuedRow, Stamp
from xlplan.model.item import ITEM_COLUMNS, Department, Item, Period
from xlplan.model.plan import Plan
from xlplan.model.plancodes import PlanCode

Rows = Mapping[str, tuple[IssuedRow, ...]]


def rows_of(plan: Plan, period: Period, department: Department) -> Rows:
    """The rows that a department is asked about: the office's values of this period and the answers of the one before.

    Args:
        plan: The plan, with what is known of each period.
        period: The period of the round.
        department: Who is asked.

    Returns:
        The rows by form id, in the order of the plan; of an open form the blank ones.
    """
    plan, items = plan.asked_in(period), plan.items_of(period, department.id)
    return {
        form.id: open_rows(form) if form.is_open else tuple(_row(plan, form, period, item) for item in items)
        for form in plan.forms
    }


def open_rows(form: Form, least: int = 0) -> tuple[IssuedRow, ...]:
    """The blank rows of an open form: as many as it has, and `least` at the least. They are numbered from 1."""
    return tuple(IssuedRow(row_id(number), {}, {}) for number in range(1, max(form.open_rows, least) + 1))


def _row(plan: Plan, form: Form, period: Period, item: Item) -> IssuedRow:
    known = plan.known(form.id, period.id, item.id)
    old = known_before(plan, form, item, period)
    return IssuedRow(
        item.id,
        {
            field.id: known[field.id]
            for field in form.fields
            if field.filled_by is FilledBy.OFFICE and field.id in known
        },
        {field.id: old[field.id] for field in form.fields if field.previous and field.id in old},
        {name: shown for name in (*ITEM_COLUMNS, *item.extra) if (shown := item.shown(name))},
    )


def changes(plan: Plan, period: Period, department: Department) -> tuple[str, ...]:
    """What the department should know that is not as it was last time.

    Args:
        plan: The plan.
        period: The period of the round, which is compared with the one before.
        department: Who is asked.

    Returns:
        One sentence each, in the language of the plan.
    """

    def sentence(key: str, **params: object) -> str:
        return text(key, plan.language, **params)

    if plan.previous(period) is None:
        return (sentence("artefacts.guide.change_first"),)
    named, left = changed_items(plan, period, department)
    words = [
        sentence(
            WORDS_OF_MOVES[change.kind],
            item=change.item,
            title=change.title,
            department=change.department,
            others=joined(change.others, plan.language),
        )
        for change in named
    ]
    if left:
        words.append(sentence("artefacts.guide.change_more", count=left))
    own, forms = (
        [sentence(each.key, **each.params) for each in said]
        for said in (department_said(plan, period, department), forms_said(plan, period))
    )
    return (*own, *words, *forms)


def _also_said(plan: Plan, period: Period, department: Department) -> tuple[Said, ...]:
    """What is said besides of its items: of the department itself, and of the forms."""
    return (*department_said(plan, period, department), *forms_said(plan, period))


def words_shown(plan: Plan, period: Period, department: Department) -> tuple[str, ...]:
    """The plan's own words in a department's workbook, besides those of its rows and columns.

    Args:
        plan: The plan.
        period: The period of the round.
        department: Who is asked.

    Returns:
        The words, in no particular order; some may be empty.
    """
    named, _ = changed_items(plan, period, department)
    of_items = (word for change in named for word in change.told[1:])
    titles = (form.title for form in plan.asked_in(period).forms)
    of_plan = (plan.title, plan.organisation, plan.office, plan.contact)
    said = (word for each in _also_said(plan, period, department) for word in each.told[1:])
    return (*of_plan, period.label, department.name, *titles, *of_items, *said)


def prepare(
    plan: Plan, period: Period, department: Department, due: date | None, now: datetime
) -> tuple[Issued, Order]:
    """What is to go out to one department.

    Args:
        plan: The plan.
        period: The period of the round.
        department: Who is asked.
        due: The day by which the answer is asked for, if any.
        now: When the workbook is issued.

    Returns:
        What is recorded of the issue (`issue_of`), and the workbook to write.
    """
    plan = plan.asked_in(period)
    issued = issue_of(plan, period, department, due, now, rows_of(plan, period, department))
    return issued, order_of(plan, period, department, issued, created=now)


def issue_of(
    plan: Plan, period: Period, department: Department, due: date | None, now: datetime, rows: Rows
) -> Issued:
    """What is recorded of an issue, of which `sha256` and `file` are still to be filled in.

    Args:
        plan: The plan.
        period: The period of the round.
        department: Who is asked.
        due: The day by which the answer is asked for, if any.
        now: When the workbook is issued.
        rows: What it is asked about (`rows_of`).
    """
    plan = plan.asked_in(period)
    changed, _ = changed_items(plan, period, department)
    also = _also_said(plan, period, department)
    said = [*(change.told for change in changed), *(each.told for each in also)]
    content = issue_fingerprint(plan, period, department, due, rows, said)
    issue = _issue_id(content, now)
    version = form_fingerprint(plan, period)
    return Issued(issue, period.id, department.id, "", "", now, due, version, rows, content)


def order_of(
    plan: Plan,
    period: Period,
    department: Department,
    issued: Issued,
    *,
    created: datetime,
    sent_back: SentBack | None = None,
) -> Order:
    """The workbook of one department, as issued or sent back.

    Args:
        plan: The plan.
        period: The period of the round.
        department: Who is asked.
        issued: What was recorded of the issue: its rows, its id and when it is due.
        created: When the workbook is written.
        sent_back: The answer and what is wrong with it, where the workbook goes back.

    Returns:
        What the workbook is to hold.
    """
    return Order(
        plan=plan.asked_in(period),
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
    """The blank standard form: that of no department.

    Args:
        plan: The plan.
        period: The period whose fields the form has.
        created: When the workbook is written.
        rows: How many empty rows it has.

    Returns:
        What the workbook is to hold.
    """
    empty = tuple(IssuedRow("", {}, {}) for _ in range(rows))
    plan = plan.asked_in(period)
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


def preview_file(period: Period, department: Department, language: str) -> str:
    """The file name of a form that is only to be looked at.

    Args:
        period: The period of the round.
        department: Whose form it is.
        language: Of the word in the name that says what it is.

    Returns:
        The name, safe on every system, with its ending.
    """
    word = text("artefacts.preview_file", language)
    return safe_file_name(f"{period.id}_{department.id}_{department.name}", f"_{word}.xlsx")


def sent_back_file(period: Period, department: Department, attempt: int, word: str) -> str:
    """The file name of a sent-back workbook.

    Args:
        period: The period of the round.
        department: Whose answer goes back.
        attempt: Which answer of the department it is, from 1.
        word: What in the name says that the workbook goes back.

    Returns:
        The name, safe on every system, with its ending.
    """
    return safe_file_name(f"{period.id}_{department.id}_{department.name}", f"_{word}{attempt}.xlsx")


def need_office_values(plan: Plan, period: Period) -> None:
    """Stop where the office has left blank what it must say of this period's items before issuing.

    Raises:
        UsageError: it has; the items and columns are named.
    """
    blanks = [
        (field, item)
        for form in plan.asked_in(period).forms
        if not form.is_open
        for field in form.fields
        if field.filled_by is FilledBy.OFFICE and field.required is True
        for item in plan.items_of(period)
        if field.id not in plan.known(form.id, period.id, item.id)
    ]
    if blanks:
        raise UsageError(ErrorKey.OFFICE_BLANK, **_named(plan, period, blanks))


def need_ready(plan: Plan, period: Period, findings: Iterable[Finding]) -> None:
    """Stop where a period cannot be issued as the plan stands.

    Args:
        plan: The plan.
        period: The period.
        findings: What is told of the plan's tables.

    Raises:
        UsageError: the office left values blank, or nobody has looked at those copied from the period before.
    """
    need_office_values(plan, period)
    left = [found for found in findings if found.code is PlanCode.PROPOSED and found.period == period.id]
    if left:
        items = joined(listed(list(dict.fromkeys(found.item for found in left))), plan.language)
        raise UsageError(ErrorKey.PROPOSED_LEFT, period=period.label, count=len(left), items=items)


def _named(plan: Plan, period: Period, blanks: list[tuple[Field, Item]]) -> dict[str, object]:
    labels = dict.fromkeys(field.label for field, _ in blanks)
    items = list(dict.fromkeys(item.id for _, item in blanks))
    return {
        "period": period.label,
        "id": period.id,
        "labels": joined(labels, plan.language),
        "count": len(items),
        "items": joined(listed(items), plan.language),
    }
