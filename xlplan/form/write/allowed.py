"""What the office lets stand, in a form: the allowed values on the hidden sheet, and what the checks ask of them.

A check that fails counts no more while the cells at which it looks hold just those values.
"""

from xlplan.fields.checks import CheckKind
from xlplan.form.allowed import allowed_check
from xlplan.form.layout.columns import ColumnKind
from xlplan.form.layout.entry import EntryLayout
from xlplan.form.layout.stamps import STAMP_SHEET, Stamping
from xlplan.form.write.live import Tests
from xlplan.form.write.order import Order
from xlplan.formula.addresses import cell_address
from xlplan.formula.emission import blank_test
from xlplan.model.issue import AllowedCell, IssuedRow
from xlplan.model.record import Value
from xlplan.spreadsheet.book import Book
from xlplan.spreadsheet.worksheet import Sheet

_ALWAYS = "TRUE"


def write_allowed(book: Book, sheet: Sheet, order: Order, stamps: Stamping) -> None:
    """Write the values that are allowed on the hidden sheet, one below the other."""
    for row, (_, _, value) in enumerate(_held(order), 1):
        book.put(sheet, row, stamps.free, value, book.style("hidden"))


def allowed_tests(order: Order, layout: EntryLayout, stamps: Stamping, row: int, issued: IssuedRow) -> Tests:
    """What the office lets stand in a row of an entry sheet.

    Args:
        order: What the workbook is to hold.
        layout: Where things stand on the sheet.
        stamps: Where things stand on the hidden sheet.
        row: The row, 1-based.
        issued: What was issued in it.
    """
    tests: dict[int, list[str]] = {}
    for cell in order.allowed:
        if (cell.form, cell.item) != (layout.form.id, issued.item):
            continue
        if check := allowed_check(layout.checks, cell, issued):
            number = check.number
            if check.kind is CheckKind.ORDER:  # on a sheet the first of them asks for all
                number = min(
                    other.number
                    for other in layout.checks
                    if other.kind is CheckKind.ORDER and other.field.id == cell.field
                )
            tests.setdefault(number, []).append(_test(order, layout, stamps, row, cell))
    return {number: _any_of(found) for number, found in tests.items()}


def _any_of(tests: list[str]) -> str:
    if _ALWAYS in tests:
        return _ALWAYS
    return tests[0] if len(tests) == 1 else f"OR({','.join(tests)})"


def _held(order: Order) -> tuple[tuple[AllowedCell, str, Value], ...]:
    """The values that are allowed, but for the blank ones: each with its cell and field."""
    return tuple(
        (cell, field, value)
        for cell in order.allowed
        for field, value in cell.values or ()
        if value is not None
    )


def _test(order: Order, layout: EntryLayout, stamps: Stamping, row: int, cell: AllowedCell) -> str:
    """A condition that is TRUE while the cells of a row hold what is allowed."""
    if cell.values is None:
        return _ALWAYS
    places = {(held, field): at for at, (held, field, _) in enumerate(_held(order), 1)}
    asked = []
    for field, value in cell.values:
        address = layout.address(layout.column(ColumnKind.ENTRY, field), row)
        if value is None:
            asked.append(blank_test(address))
            continue
        kept = f"{STAMP_SHEET}!{cell_address(places[cell, field], stamps.free, fixed=True)}"
        asked += _is_text(address, kept) if isinstance(value, str) else _is_number(address, kept)
    return f"IFERROR(AND({','.join(asked)}),FALSE)"


def _is_text(address: str, kept: str) -> tuple[str, str]:
    return f"ISTEXT({address})", f"EXACT({address},{kept})"


def _is_number(address: str, kept: str) -> tuple[str, str]:
    # an empty cell equals 0, and the text 1 is none
    return f"ISNUMBER({address})", f"{address}={kept}"
