"""Which rows of an open form are entries: a total is none, nor is a row that says there is nothing to report."""

from collections.abc import Iterator, Sequence
from itertools import count

from xlplan.fields.reading import convert
from xlplan.fields.table import type_of
from xlplan.form.layout.entry import EntryLayout
from xlplan.formula.addresses import row_of
from xlplan.language.codes import Severity
from xlplan.language.remarks import is_nothing, is_total
from xlplan.language.text import fold, is_blank, tidy
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding, row_id
from xlplan.model.form import Field, Form
from xlplan.model.issue import IssuedRow
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
        Every row that says anything, wherever it stands, and what is told of them. A row with nothing but the word of
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
