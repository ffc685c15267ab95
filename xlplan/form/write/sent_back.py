"""The sheet of findings in a sent-back workbook: each with a link to its cell and a state that follows it."""

from collections.abc import Mapping
from dataclasses import dataclass

from xlplan.form.layout.columns import Column, ColumnKind
from xlplan.form.layout.entry import FIRST_ROW, EntryLayout
from xlplan.form.write.entry import kind_of, locate, remedy_here
from xlplan.form.write.listing import FIRST, begin_listing, finish_listing
from xlplan.form.write.order import Order
from xlplan.formula.addresses import cell_address, quoted_sheet
from xlplan.formula.emission import quote
from xlplan.language.codes import Severity
from xlplan.language.messages import text
from xlplan.language.privacy import masked
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding, item_shown
from xlplan.spreadsheet.book import Book, row_height
from xlplan.spreadsheet.styles import FILLS, LINE_HEIGHT
from xlplan.spreadsheet.worksheet import Sheet

WIDTHS = {
    "artefacts.findings_sheet.number": 5.0,
    "artefacts.findings_sheet.place": 15.0,
    "artefacts.findings_sheet.item": 20.0,
    "artefacts.findings_sheet.field": 12.0,
    "artefacts.findings_sheet.severity": 8.0,
    "artefacts.findings_sheet.value": 23.0,
    "artefacts.findings_sheet.message": 30.0,
    "artefacts.findings_sheet.remedy": 33.0,
    "artefacts.findings_sheet.state": 10.0,
}
_TEXTS = (
    "artefacts.findings_sheet.sheet",
    "artefacts.findings_sheet.title",
    "artefacts.findings_sheet.intro",
)
_STATE = list(WIDTHS).index("artefacts.findings_sheet.state") + 1
_VALUE = list(WIDTHS).index("artefacts.findings_sheet.value") + 1
_UNMASKED = len(WIDTHS) + 2
"""The hidden column of values that are shown otherwise: what stands in the form is compared with them."""
_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTICE: 2}


@dataclass(frozen=True, slots=True)
class Listed:
    """One finding on the sheet: its row there, and where it stands in the fresh form, if anywhere."""

    finding: Finding
    row: int
    layout: EntryLayout | None
    place: tuple[int, Column] | None

    @property
    def to_do(self) -> bool:
        """Whether the department can and should change the cell: the office's own cells are locked."""
        field = self.layout.form.by_id.get(self.finding.field) if self.layout else None
        return self.finding.severity is not Severity.NOTICE and bool(field and field.entered)

    @property
    def address(self) -> str:
        """The address of its cell in the fresh form."""
        if self.layout is None or self.place is None:
            return ""
        return self.layout.address(self.place[1], self.place[0])


def listed(order: Order) -> tuple[Listed, ...]:
    """The findings in the order of the sheet: errors first, then as they stand in the form."""
    if order.sent_back is None:
        return ()
    layouts = {one.form.id: one for one in order.layouts()}
    found = []
    for finding in order.sent_back.findings:
        layout = layouts.get(finding.form)
        place = None
        if layout:
            rows = {row.item: FIRST_ROW + at for at, row in enumerate(order.rows[finding.form])}
            place = locate(layout, rows, finding)
        at = (place[0], place[1].index) if place else (0, 0)
        found.append((_ORDER[finding.severity], finding.form, at, finding, layout, place))
    found.sort(key=lambda one: one[:3])
    return tuple(Listed(one[3], FIRST + number, one[4], one[5]) for number, one in enumerate(found))


def marks(order: Order, form: str) -> Mapping[tuple[str, str], str]:
    """By item and field: a condition that is TRUE while a finding's cell still holds what was sent."""
    language = order.plan.language
    sheet = text("artefacts.findings_sheet.sheet", language)
    still_open = quote(text("artefacts.findings_sheet.open", language))
    return {
        (
            one.finding.item,
            one.finding.field,
        ): f"{quoted_sheet(sheet)}!{_state_cell(one)}={still_open}"
        for one in reversed(listed(order))
        if one.finding.form == form and one.place and one.to_do
    }


def _state_cell(one: Listed) -> str:
    return cell_address(one.row, _STATE, fixed=True)


def write_findings(book: Book, order: Order) -> None:
    """Write the sheet of findings."""
    language = order.plan.language
    sheet = begin_listing(
        book,
        "artefacts.findings_sheet.sheet",
        "artefacts.findings_sheet.title",
        "artefacts.findings_sheet.intro",
        WIDTHS,
    )
    found = listed(order)
    for one in found:
        _line(book, sheet, order, one)
    last = FIRST + max(len(found), 1) - 1
    done = text("artefacts.findings_sheet.changed", language)
    sheet.conditional_format(
        FIRST - 1,
        _STATE - 1,
        last - 1,
        _STATE - 1,
        {"type": "formula", "criteria": f'=$I{FIRST}="{done}"', "format": book.fill(FILLS["ok"])},
    )
    finish_listing(book, sheet, len(WIDTHS), len(found))


def _line(book: Book, sheet: Sheet, order: Order, one: Listed) -> None:
    finding, row, language = one.finding, one.row, order.plan.language
    field = one.layout.form.by_id.get(finding.field) if one.layout else None
    item = order.plan.item(finding.item)
    fill = {Severity.ERROR: FILLS["wrong"], Severity.WARNING: FILLS["doubted"]}.get(finding.severity, {})
    fill = FILLS["missing"] if finding.is_missing else fill
    sent = _sent(order, one)
    shown = masked(sent) if isinstance(sent, str) else sent
    if finding.code == FindingCode.ERROR_VALUE:  # not written back into the form, but seen here
        shown = finding.value
    if shown != sent:
        sheet.set_column(_UNMASKED - 1, _UNMASKED - 1, None, None, {"hidden": True})
        book.put(sheet, row, _UNMASKED, sent, book.style("hidden"))
    cells: list[tuple[object, str, dict[str, object]]] = [
        (row - FIRST + 1, "value_centre", {}),
        ("", "value", {}),
        (f"{item.id} {item.title}" if item else item_shown(finding.item, language), "value", {}),
        (field.label if field else "", "value", {}),
        (kind_of(finding, language), "value_centre", dict(fill)),
        (shown, "value", {}),
        (finding.message(language), "value", {}),
        (remedy_here(finding, language), "value", {}),
        ("", "value_centre", {}),
    ]
    for at, (value, style, more) in enumerate(cells, 1):
        book.put(sheet, row, at, value, book.style(style, **more))
    heights = [(value, width) for (value, _, _), width in zip(cells, WIDTHS.values(), strict=True)]
    sheet.set_row(row - 1, row_height(heights, LINE_HEIGHT))
    if one.layout is None or one.place is None:
        return
    name = one.layout.form.title
    quoted = quoted_sheet(name)
    link = f"internal:{quoted}!{one.address}"
    sheet.write_url(row - 1, 1, link, book.style("link_box"), f"{name} {one.address}")
    state = _state(one.layout, one, quoted, language, _VALUE if shown == sent else _UNMASKED)
    if state:
        book.formula(sheet, row, _STATE, state, book.style("value_centre"))
    else:
        told = text("artefacts.findings_sheet.told", language)
        book.put(sheet, row, _STATE, told, book.style("value_centre"))


def _state(layout: EntryLayout, one: Listed, quoted: str, language: str, value: int) -> str:
    """A formula that says whether a finding is still open; empty where the department has nothing to do.

    A cell is open while it holds what was sent, which stands in the column `value`; a row that was gone while any
    problem is left in it.
    """
    if one.to_do:
        still = (
            f'IFERROR(EXACT({quoted}!{one.address}&"",{cell_address(one.row, value, fixed=True)}&""),FALSE)'
        )
    elif one.finding.severity is Severity.ERROR and one.place:
        count = layout.address(layout.column(ColumnKind.COUNT, "count"), one.place[0])
        still = f"{quoted}!{count}>0"
    else:
        return ""
    words = (
        text(key, language) for key in ("artefacts.findings_sheet.open", "artefacts.findings_sheet.changed")
    )
    return f"IF({still},{','.join(map(quote, words))})"


def _sent(order: Order, one: Listed) -> object:
    """What stands in the cell of the fresh form, to be compared with it; else the value found."""
    if one.place and one.to_do and order.sent_back:
        return order.sent_back.values.get((one.finding.form, one.finding.item, one.finding.field), "")
    return one.finding.value
