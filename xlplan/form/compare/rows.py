"""Which row answers which item: the rows of a return matched with those that were issued."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from xlplan.fields.cells import as_text
from xlplan.fields.days import ids_typed_as
from xlplan.form.compare.open_rows import answers, at_row, open_rows
from xlplan.form.layout.entry import HEADER_ROW, EntryLayout
from xlplan.language.text import fold
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding, listed
from xlplan.model.issue import IssuedRow
from xlplan.model.item import Department, Period
from xlplan.model.plan import Plan
from xlplan.model.submission import ReturnedForm, ReturnedRow

_DAY = re.compile(r"([0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01]))(?: 00:00:00)?")


@dataclass(frozen=True, slots=True)
class Matched:
    """A returned sheet matched with the rows that were issued: which row answers which item."""

    rows: tuple[tuple[IssuedRow, ReturnedRow | None], ...]
    findings: tuple[Finding, ...]


def foreign_rows(
    returned: ReturnedForm, issued: tuple[IssuedRow, ...], plan: Plan, period: Period
) -> Department | None:
    """The other department whose items all the rows are.

    Args:
        returned: The entry sheet as it came back.
        issued: The rows that were issued.
        plan: The plan, which knows who owns which item.
        period: The period of the round.

    Returns:
        The department; None where any row is of those that were issued, or they are of several departments.
    """
    exactly = {row.item for row in issued}
    if any(row.item in exactly for row in returned.rows):  # as good as always: nothing need be folded
        return None
    known = {fold(row.item) for row in issued}
    rows = {fold(row.item) for row in returned.rows}
    if rows & known:
        return None
    owners = {plan.owned(item, period).department for item in plan.items if fold(item.id) in rows}
    if len(owners) != 1:
        return None
    return plan.department(owners.pop())


def match_rows(returned: ReturnedForm, issued: tuple[IssuedRow, ...], layout: EntryLayout) -> Matched:
    """Match rows by item.

    Args:
        returned: The entry sheet as it came back.
        issued: The rows that were issued.
        layout: Where things stand on the sheet.

    Returns:
        Which row answers which item; what is missing, unknown, twice, inserted or in another order is a finding.
    """
    if layout.form.is_open:
        return Matched(*open_rows(returned, len(issued), layout))
    found, findings = _rows_by_item(returned, issued, layout)
    missing = [row.item for row in issued if row.item not in found]
    findings += [_finding(FindingCode.ITEM_MISSING, layout.plan, returned, item=item) for item in missing]
    order = [row.item for row in issued if row.item in found]
    findings += _places(returned, found, order, len(missing), layout.plan)
    return Matched(tuple((row, found.get(row.item)) for row in issued), tuple(findings))


def _rows_by_item(
    returned: ReturnedForm, issued: tuple[IssuedRow, ...], layout: EntryLayout
) -> tuple[dict[str, ReturnedRow], list[Finding]]:
    """The row of each item, in the order in which they stand, and what is told of those that are no item's."""
    exactly = {row.item for row in issued}
    known = {fold(row.item): row.item for row in issued}
    found: dict[str, ReturnedRow] = {}
    findings: list[Finding] = []
    for row in returned.rows:
        item = row.item if row.item in exactly else known.get(fold(row.item))
        held = _held(returned, row)
        item = item or known.get(held)
        number = _number(held or row.item) if item is None else None
        if number is not None and len(alike := [one for one in exactly if _number(one) == number]) == 1:
            item = alike[0]
            findings.append(
                at_row(FindingCode.ITEM_IS_NUMBER, layout.plan, returned, row, item, number=row.item)
            )
        day = _day(row.item) if item is None else None
        if day and len(meant := ids_typed_as(day, exactly)) == 1:
            item = meant[0]
            findings.append(at_row(FindingCode.ITEM_IS_DAY, layout.plan, returned, row, item, day=f"{day}"))
        if item is None:
            findings.append(_not_ours(returned, row, layout.plan, layout.period))
        elif item in found:
            findings.append(_repeated(returned, found[item], row, item, layout))
        else:
            found[item] = row
    return found, findings


def _held(returned: ReturnedForm, row: ReturnedRow) -> str:
    """The number, folded, that an item's cell holds which shows something else; empty where it shows what it holds."""
    cell = returned.seen.get(f"{returned.item_column}{row.row}")
    return fold(as_text(cell.held)) if cell else ""


def _number(written: str) -> int | None:
    """The number that an item's id is, whatever zeros stand in front; None where it is none."""
    folded = fold(written)
    return int(folded) if folded.isascii() and folded.isdecimal() else None


def _day(written: str) -> date | None:
    """The day that stands in an item's cell, as the reader gives it."""
    found = _DAY.fullmatch(written)
    return date.fromisoformat(found[1]) if found else None


def _places(
    returned: ReturnedForm, found: Mapping[str, ReturnedRow], order: list[str], missing: int, plan: Plan
) -> Iterator[Finding]:
    """What is told of where the rows stand: blank rows between or above them, and another order."""
    header = returned.header_row or HEADER_ROW
    taken = {row.row for row in returned.rows}
    last = max((row.row for row in found.values()), default=header)
    gaps = [row for row in range(header + 1, last) if row not in taken]
    inserted = [*range(HEADER_ROW, header), *(gaps if len(gaps) > missing else ())]
    if inserted:
        yield _finding(FindingCode.ROWS_INSERTED, plan, returned, rows=tuple(inserted))
    if list(found) != order:
        yield _finding(FindingCode.ROWS_MOVED, plan, returned, order=listed(list(found)))


def _not_ours(returned: ReturnedForm, row: ReturnedRow, plan: Plan, period: Period) -> Finding:
    """A row that was not issued to this department: of another one, of nobody, or without a number."""
    if not row.item:
        return at_row(FindingCode.ITEM_WITHOUT_ID, plan, returned, row, "")
    other = next((item for item in plan.items if fold(item.id) == fold(row.item)), None)
    owner = plan.department(plan.owned(other, period).department) if other else None
    if other is None and (day := _day(row.item)):
        unread = at_row(FindingCode.ITEM_IS_DAY_UNREAD, plan, returned, row, "", day=f"{day}")
        return replace(unread, severity=plan.severity_of(FindingCode.ITEM_UNKNOWN))
    if other is None or owner is None:
        return at_row(FindingCode.ITEM_UNKNOWN, plan, returned, row, row.item)
    return at_row(FindingCode.ITEM_FOREIGN, plan, returned, row, row.item, owner=owner.name)


def _repeated(
    returned: ReturnedForm, first: ReturnedRow, again: ReturnedRow, item: str, layout: EntryLayout
) -> Finding:
    """A second row of an item: read once where both say the same, else an error that names both."""
    places = {"first": first.row, "second": again.row}
    if answers(returned, first, layout.form) == answers(returned, again, layout.form):
        return at_row(FindingCode.ROW_REPEATED, layout.plan, returned, again, item, **places)
    return at_row(FindingCode.ITEM_TWICE, layout.plan, returned, again, item, **places)


def _finding(
    code: FindingCode, plan: Plan, returned: ReturnedForm, *, item: str = "", **params: object
) -> Finding:
    params |= {"item": item} if item else {}
    return Finding(
        code, plan.severity_of(code), form=returned.form, sheet=returned.sheet, item=item, params=params
    )
