"""Which row answers which item, and which rows of an open form are entries: no total, no word for nothing to report."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import count

from xlplan.fields.cells import as_text
from xlplan.fields.days import ids_typed_as
from xlplan.fields.reading import convert
from xlplan.fields.table import type_of
from xlplan.form.layout.entry import HEADER_ROW, EntryLayout
from xlplan.formula.addresses import row_of
from xlplan.language.codes import Severity
from xlplan.language.remarks import is_nothing, is_total
from xlplan.language.text import fold, is_blank, tidy
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding, listed, row_id
from xlplan.model.form import Field, Form
from xlplan.model.issue import IssuedRow
from xlplan.model.item import Department, Period
from xlplan.model.plan import Plan
from xlplan.model.submission import ReturnedForm, ReturnedRow

Numbered = tuple[tuple[IssuedRow, ReturnedRow], ...]
"""Rows that count, each as the row of that number."""


def open_rows(
    returned: ReturnedForm, issued: int, layout: EntryLayout
) -> tuple[Numbered, tuple[Finding, ...]]:
    """The rows of an open form that are entries.

    Args:
        returned: The sheet as it came back.
        issued: How many rows were issued.
        layout: Where things stand on the sheet.

    Returns:
        Every row that says anything, and what is told of them. A row with nothing but the word of
        a total counts only where the plan's `handling` makes of it a notice; one that says there is nothing, never.
    """
    with_formula = {row_of(cell) for cell in returned.formulas}
    used, findings = [], list[Finding]()
    for row in returned.rows:
        if row.row not in with_formula and all(is_blank(value) for value in row.values):
            continue
        code, words = _no_entry(returned, row, layout)
        if code:
            findings.append(at_row(code, layout.plan, returned, row, "", words=words))
        if code in (None, FindingCode.ROW_TOTAL_COUNTED):
            used.append(row)
    findings += _labelled(returned, used, layout.plan)
    findings += _equal(returned, used, layout)
    return tuple(_numbered(used, issued)), tuple(findings)


def _numbered(used: Sequence[ReturnedRow], issued: int) -> Iterator[tuple[IssuedRow, ReturnedRow]]:
    """Each row by its number, or by the next that is free."""
    most = max(issued, len(used))
    numbers = {row.row: _row_number(row.item, most) for row in used}
    free = (number for number in count(1) if number not in numbers.values())
    taken: set[int] = set()
    for row in used:
        number = numbers[row.row]
        if not number or number in taken:
            number = next(free)
        taken.add(number)
        yield IssuedRow(row_id(number), {}, {}), row


def _row_number(written: str, most: int) -> int:
    """The number of an open row, from 1; 0 where none is written, or one that no row can have."""
    number = int(written) if written.isdecimal() and len(written) < len(str(most)) + 1 else 0
    return number if number <= most else 0


# --- rows that are no entries ----------------------------------------------------------------------


def _no_entry(
    returned: ReturnedForm, row: ReturnedRow, layout: EntryLayout
) -> tuple[FindingCode | None, tuple[str, ...]]:
    """Why a row is no entry, and its words; None for one that is."""
    texts = [value for value in (row.item, *row.values) if isinstance(value, str)]
    if not any(is_total(one) or is_nothing(one) for one in texts):  # as good as always
        return None, ()
    words, amounts = [], list[float]()
    for name, value in zip(returned.columns, row.values, strict=True):
        if is_blank(value):
            continue
        word, amount = _said(value, layout.form.by_id[name], layout.plan)
        if word:
            words.append(word)
        elif amount is None:
            return None, ()
        else:
            amounts.append(amount)
    if row.item and not fold(row.item).isdecimal():
        words.append(row.item)
    if words and all(map(is_nothing, words)) and not any(amounts):
        return FindingCode.ROW_NOTHING, tuple(words)
    if words and any(map(is_total, words)) and all(is_total(word) or is_nothing(word) for word in words):
        counted = layout.plan.severity_of(FindingCode.ROW_TOTAL) is Severity.NOTICE
        return FindingCode.ROW_TOTAL_COUNTED if counted else FindingCode.ROW_TOTAL, tuple(words)
    return None, ()


def _said(value: object, field: Field, plan: Plan) -> tuple[str, float | None]:
    """The word that stands in a cell in the place of a value; else the amount, None where the cell says more."""
    kind = type_of(field)
    typed = tidy(value) if isinstance(value, str) else ""
    if typed and not kind.list_code and (is_total(typed) or is_nothing(typed)):
        return typed, None
    read = convert(value, field, plan.choices_of(field), plan.years)
    if read.fault and (is_total(typed) or is_nothing(typed)):
        return typed, None
    amount = _amount(value) if kind.is_text else read.value
    return "", float(amount) if isinstance(amount, int | float) and not read.fault else None


def _amount(value: object) -> float | None:
    """What stands in a column of words where it is a number."""
    if isinstance(value, str):
        digits = fold(value).replace(",", "")
        return float(digits) if digits.isdecimal() else None
    return float(value) if isinstance(value, int | float) else None


def _labelled(returned: ReturnedForm, rows: Sequence[ReturnedRow], plan: Plan) -> Iterator[Finding]:
    """The open rows with words for a number: a heading counted as an entry would be one too many."""
    for row in rows:
        if row.item and not fold(row.item).isdecimal():
            yield at_row(FindingCode.ROW_LABELLED, plan, returned, row, "", label=row.item)


def _equal(returned: ReturnedForm, rows: Sequence[ReturnedRow], layout: EntryLayout) -> Iterator[Finding]:
    """The rows in which the same stands as in one before: each counts."""
    first: dict[tuple[tuple[type, object], ...], int] = {}
    for row in rows:
        said = answers(returned, row, layout.form)
        key = tuple((type(one), tidy(one) if isinstance(one, str) else one) for one in said)
        if key in first:
            places = {"first": first[key], "second": row.row}
            yield at_row(FindingCode.ROWS_EQUAL, layout.plan, returned, row, "", **places)
        else:
            first[key] = row.row


# --- of any row -------------------------------------------------------------------------------------


def answers(returned: ReturnedForm, row: ReturnedRow, form: Form) -> list[object]:
    """What the department wrote into a row; every blank cell is the same, and so is no formula but its own.

    Args:
        returned: The sheet as it came back.
        row: One of its rows.
        form: The form.
    """
    written: list[object] = []
    for name, letters, value in zip(returned.columns, returned.columns.values(), row.values, strict=True):
        if form.by_id[name].entered:
            unread = returned.formulas.get(f"{letters}{row.row}") is False
            written.append(row.row if unread else None if is_blank(value) else value)
    return written


def at_row(
    code: FindingCode, plan: Plan, returned: ReturnedForm, row: ReturnedRow, item: str, **more: object
) -> Finding:
    """A finding about a whole row, at the cell of its number.

    Args:
        code: What is found.
        plan: The plan, which says how much it matters.
        returned: The sheet as it came back.
        row: The row.
        item: The id of its item, where it is known.
        more: Further parameters of the finding.
    """
    return Finding(
        code,
        plan.severity_of(code),
        form=returned.form,
        sheet=returned.sheet,
        cell=f"{returned.item_column}{row.row}",
        item=item,
        value=row.item,
        params=code.picked({"item": item, **more}),
    )


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
