"""A return compared with what was issued: is it ours, for this round, and what of ours was changed in it."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from string import ascii_uppercase

from xlplan.checks import checks_of
from xlplan.convert import convert, shown
from xlplan.finding import Finding, Severity
from xlplan.layout import FIRST_ROW, ColumnKind, EntryLayout
from xlplan.plan import Department, FilledBy, Form, Period, Plan
from xlplan.submission import Issued, IssuedRow, ReturnedForm, ReturnedRow, Stamp
from xlplan.text import fold, is_blank


def form_version(plan: Plan, period: Period) -> str:
    """A hash of what a return's answers mean: fields, lists and checks. It changes when the form does."""
    parts = []
    for form in plan.forms:
        for field in form.fields:
            parts.append(
                f"{form.id}|{field.id}|{field.label}|{field.type}|{field.filled_by}|{field.required}"
            )
            parts += [one.value for one in plan.lists.get(field.list, ())]  # not of items: they come and go
        parts += [f"{one.code}|{sorted(one.params.items())}" for one in checks_of(form, plan, period)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Expected:
    """What a return is held against.

    `sent` is the issue that its stamp names, if the ledger knows it, `latest` the one that its department was
    issued last; `begun` says that the round has been issued at all. `period` and `department` are set where the
    caller knows which are meant.
    """

    plan: Plan
    period: Period | None
    sent: Issued | None
    begun: bool
    department: Department | None = None
    latest: Issued | None = None


def identify(stamp: Stamp, expected: Expected) -> Finding | None:
    """One plain finding where a workbook is no return of this plan, round or department; None where it is."""
    plan, sent = expected.plan, expected.sent
    if stamp.plan != plan.id:
        return _wrong("other_plan", stamp.plan, plan.id)
    period = plan.period(stamp.period)
    if period is None or (expected.period and period.id != expected.period.id):
        found = period.label if period else stamp.period
        return _wrong("other_period", found, expected.period.label if expected.period else plan.title)
    department = plan.department(stamp.department)
    if department is None or department not in plan.answering(period):
        return _wrong("unknown_department", department.name if department else stamp.department, "")
    if expected.department and department.id != expected.department.id:
        return _wrong("other_department", department.name, expected.department.name)
    if sent and (sent.department, sent.period) != (department.id, period.id):
        owner = plan.department(sent.department)
        return _wrong("other_department", department.name, owner.name if owner else sent.department)
    if expected.begun and (sent is None or outdated(sent, expected.latest, form_version(plan, period))):
        return _wrong("other_issue", stamp.issue, "")
    return None


def outdated(sent: Issued, latest: Issued | None, version: str) -> bool:
    """Whether an issue asks other questions than the last one: another due date alone is no matter."""
    return sent.form_version != version or (latest is not None and sent.rows != latest.rows)


def _wrong(code: str, found: str, expected: str) -> Finding:
    return Finding(code, Severity.ERROR, params={"found": found, "expected": expected})


@dataclass(frozen=True, slots=True)
class Matched:
    """A returned sheet matched with the rows that were issued: which row answers which item."""

    rows: tuple[tuple[IssuedRow, ReturnedRow | None], ...]
    findings: tuple[Finding, ...]


def foreign_rows(returned: ReturnedForm, issued: tuple[IssuedRow, ...], plan: Plan) -> Department | None:
    """The other department whose items all the rows are; None where any row is of those that were issued."""
    exactly = {one.item for one in issued}
    if any(row.item in exactly for row in returned.rows):  # as good as always: nothing need be folded
        return None
    known = {fold(one.item) for one in issued}
    rows = {fold(row.item) for row in returned.rows}
    if rows & known:
        return None
    owners = {one.department for one in plan.items if fold(one.id) in rows}
    if len(owners) != 1:
        return None
    return plan.department(owners.pop())


def match_rows(returned: ReturnedForm, issued: tuple[IssuedRow, ...], layout: EntryLayout) -> Matched:
    """Match rows by item; what is missing, unknown, twice or in another order is a finding."""
    findings: list[Finding] = []
    if layout.form.is_open:
        return _open_rows(returned, len(issued), layout)
    exactly = {one.item for one in issued}
    known = {fold(one.item): one.item for one in issued}
    found: dict[str, ReturnedRow] = {}
    for row in returned.rows:
        item = row.item if row.item in exactly else known.get(fold(row.item))
        if item is None:
            code = "item_unknown" if row.item else "item_without_id"
            findings.append(_at_row(code, returned, row, row.item))
        elif item in found:
            findings.append(_at_row("item_twice", returned, row, item))
        else:
            found[item] = row
    findings += [_gone(returned, one.item) for one in issued if one.item not in found]
    order = [one.item for one in issued if one.item in found]
    places = [row.row for row in found.values()]
    if list(found) != order or (not findings and places != list(range(FIRST_ROW, FIRST_ROW + len(places)))):
        findings.append(_told("rows_moved", returned))
    findings += _columns_moved(returned, layout)
    return Matched(tuple((one, found.get(one.item)) for one in issued), tuple(findings))


def _open_rows(returned: ReturnedForm, issued: int, layout: EntryLayout) -> Matched:
    """Every row that says anything counts, wherever it stands: by its number, or the next that is free."""
    with_formula = {int(cell.lstrip(ascii_uppercase)) for cell in returned.formulas}
    used = [
        row
        for row in returned.rows
        if row.row in with_formula or not all(is_blank(value) for value in row.values)
    ]
    most = max(issued, len(used))
    numbers = {row.row: _row_number(row.item, most) for row in used}
    free = (number for number in count(1) if number not in numbers.values())
    taken: set[int] = set()
    rows = []
    for row in used:
        number = numbers[row.row]
        if not number or number in taken:
            number = next(free)
        taken.add(number)
        rows.append((IssuedRow(layout.row_id(number), {}, {}), row))
    return Matched(tuple(rows), tuple(_columns_moved(returned, layout)))


def _row_number(written: str, most: int) -> int:
    """The number of an open row, from 1; 0 where none is written, or one that no row can have."""
    number = int(written) if written.isdecimal() and len(written) < len(str(most)) + 1 else 0
    return number if number <= most else 0


def _columns_moved(returned: ReturnedForm, layout: EntryLayout) -> Iterator[Finding]:
    expected = {one.name: one.letters for one in layout.of_kind(ColumnKind.OFFICE, ColumnKind.ENTRY)}
    if any(expected[name] != letters for name, letters in returned.columns.items()):
        yield _told("columns_moved", returned)


def _gone(returned: ReturnedForm, item: str) -> Finding:
    return Finding(
        "item_missing",
        Severity.ERROR,
        form=returned.form,
        sheet=returned.sheet,
        item=item,
        params={"item": item},
    )


def _at_row(code: str, returned: ReturnedForm, row: ReturnedRow, item: str) -> Finding:
    return Finding(
        code,
        Severity.ERROR,
        form=returned.form,
        sheet=returned.sheet,
        cell=f"{returned.item_column}{row.row}",
        item=item,
        value=row.item,
        params={"item": item},
    )


def _told(code: str, returned: ReturnedForm) -> Finding:
    return Finding(code, Severity.NOTICE, form=returned.form, sheet=returned.sheet)


def office_changes(returned: ReturnedForm, matched: Matched, form: Form, plan: Plan) -> Iterator[Finding]:
    """The office's cells that are not as issued: a warning at each, with the issued and the returned value."""
    offices = [one for one in form.fields if one.filled_by is FilledBy.OFFICE and one.id in returned.columns]
    at = {name: index for index, name in enumerate(returned.columns)}
    for issued, row in matched.rows:
        if row is None:
            continue
        for field in offices:
            before, raw = issued.office.get(field.id), row.values[at[field.id]]
            if raw == before and not isinstance(raw, bool):  # conversion leaves alone what it has made
                continue
            choices = plan.lists.get(field.list, ())
            after = convert(raw, field, choices, plan.years).value
            if after in (before, convert(before, field, choices, plan.years).value):
                continue
            said = shown(after, field, plan.years)
            params = {"label": field.label, "before": shown(before, field, plan.years), "after": said}
            yield Finding(
                "office_changed",
                Severity.WARNING,
                form=form.id,
                sheet=returned.sheet,
                cell=f"{returned.columns[field.id]}{row.row}",
                item=issued.item,
                field=field.id,
                value=said,
                params=params,
            )
