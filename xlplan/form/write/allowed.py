"""What the office lets stand, in a form: the allowed values on the hidden sheet, and what the checks ask of them.

A check that fails counts no more while the cells at which it looks hold just those values.
"""

from collections.abc import Sequence

from xlplan.fields.checks import Check, CheckKind
from xlplan.form.allowed import AllowedTests, allowed_check
from xlplan.form.layout.columns import ColumnKind
from xlplan.form.layout.entry import EntryLayout
from xlplan.form.layout.stamps import STAMP_SHEET, Stamping
from xlplan.formula.addresses import cell_address
from xlplan.formula.emission import blank_test
from xlplan.model.issue import AllowedCell, IssuedRow
from xlplan.model.record import Value
from xlplan.spreadsheet.book import Book
from xlplan.spreadsheet.worksheet import Sheet

_ALWAYS = "TRUE"


def write_allowed(book: Book, sheet: Sheet, allowed: Sequence[AllowedCell], stamps: Stamping) -> None:
    """Write the values that are allowed, one below the other.

    Args:
        book: The workbook.
        sheet: Its hidden sheet.
        allowed: The cells of the workbook at which the office lets findings stand.
        stamps: Where things stand on the hidden sheet.
    """
    for row, (_, _, value) in enumerate(_held(allowed), 1):
        book.put(sheet, row, stamps.free, value, book.style("hidden"))


def allowed_tests(
    allowed: Sequence[AllowedCell], layout: EntryLayout, stamps: Stamping, row: int, issued: IssuedRow
) -> AllowedTests:
    """What the office lets stand in a row of an entry sheet.

    Args:
        allowed: The cells of the workbook at which it does.
        layout: Where things stand on the sheet.
        stamps: Where things stand on the hidden sheet.
        row: The row, 1-based.
        issued: What was issued in it.
    """
    tests: dict[int, list[str]] = {}
    for cell in allowed:
        here = (cell.form, cell.item) == (layout.form.id, issued.item)
        check = allowed_check(layout.checks, cell, issued) if here else None
        if check:
            found = tests.setdefault(_asked_by(layout, check), [])
            found.append(_test(allowed, layout, stamps, row, cell))
    return {number: _any_of(found) for number, found in tests.items()}


def _asked_by(layout: EntryLayout, check: Check) -> int:
    """The number of the check that asks it on a sheet: of those of an order the first asks for all."""
    if check.kind is not CheckKind.ORDER:
        return check.number
    return min(
        other.number for other in layout.checks if (other.kind, other.field) == (check.kind, check.field)
    )


def _any_of(tests: Sequence[str]) -> str:
    if _ALWAYS in tests:
        return _ALWAYS
    return tests[0] if len(tests) == 1 else f"OR({','.join(tests)})"


def _held(allowed: Sequence[AllowedCell]) -> tuple[tuple[AllowedCell, str, Value], ...]:
    """The values that are allowed, but for the blank ones: each with its cell and field."""
    return tuple(
        (cell, field, value) for cell in allowed for field, value in cell.values or () if value is not None
    )


def _test(
    allowed: Sequence[AllowedCell], layout: EntryLayout, stamps: Stamping, row: int, cell: AllowedCell
) -> str:
    """A condition that is TRUE while the cells of a row hold what is allowed."""
    if cell.values is None:
        return _ALWAYS
    places = {(held, field): at for at, (held, field, _) in enumerate(_held(allowed), 1)}
    asked: list[str] = []
    for field, value in cell.values:
        address = layout.address(layout.column(ColumnKind.ENTRY, field), row)
        if value is None:
            asked.append(blank_test(address))
            continue
        kept = f"{STAMP_SHEET}!{cell_address(places[cell, field], stamps.free, fixed=True)}"
        if isinstance(value, str):
            asked += f"ISTEXT({address})", f"EXACT({address},{kept})"
        else:  # an empty cell equals 0, and the text 1 is none
            asked += f"ISNUMBER({address})", f"{address}={kept}"
    return f"IFERROR(AND({','.join(asked)}),FALSE)"
