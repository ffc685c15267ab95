"""The registers: how each return stands (受付状況), and what was found in the latest ones (検証結果).

Their facts come from the ledger. The cover counts over their columns, so it asks here where they stand.
"""

from collections.abc import Sequence

from xlplan.formula.addresses import column_area, quoted_sheet
from xlplan.language.messages import text
from xlplan.model.finding import Finding, Severity, item_shown
from xlplan.report.frame import Frame
from xlplan.report.rows import ReturnLine, ReturnState
from xlplan.spreadsheet.book import row_height
from xlplan.spreadsheet.styles import FILLS, LINE_HEIGHT, moment_format
from xlplan.spreadsheet.worksheet import Sheet

HEADER_ROW, FIRST_ROW = 4, 5
RETURNS_NAME, FINDINGS_NAME = "summary.returns.sheet", "summary.findings.sheet"
RETURNS = (
    ("summary.returns.department", 20.0),
    ("summary.returns.state", 11.0),
    ("summary.returns.attempts", 7.0),
    ("summary.returns.received_at", 23.0),
    ("summary.returns.file_name", 44.0),
    ("summary.returns.respondent", 18.0),
    ("summary.returns.approver", 18.0),
    ("summary.returns.errors", 8.0),
    ("summary.returns.warnings", 8.0),
    ("summary.returns.notices", 9.0),
)
FINDINGS = (
    ("summary.findings.number", 5.0),
    ("summary.findings.department", 16.0),
    ("summary.findings.severity", 10.0),
    ("summary.findings.item", 24.0),
    ("summary.findings.field", 12.0),
    ("summary.findings.place", 16.0),
    ("summary.findings.value", 22.0),
    ("summary.findings.message", 40.0),
    ("summary.findings.remedy", 40.0),
    ("summary.findings.file", 30.0),
)
_STATES = {ReturnState.ACCEPTED: "ok", ReturnState.SENT_BACK: "doubted", ReturnState.WAITING: "missing"}
_SEVERITIES = {Severity.ERROR: "wrong", Severity.WARNING: "doubted"}
_ORDER = tuple(Severity)


def states_range(frame: Frame) -> str:
    """Absolute range of the states of the returns, for a formula on another sheet."""
    return _range(frame, RETURNS_NAME, RETURNS, "summary.returns.state", len(frame.made.returns))


def severities_range(frame: Frame) -> str:
    """Absolute range of the severities of the findings, for a formula on another sheet."""
    return _range(frame, FINDINGS_NAME, FINDINGS, "summary.findings.severity", len(frame.made.findings))


def _range(frame: Frame, sheet: str, columns: Sequence[tuple[str, float]], column: str, count: int) -> str:
    at = [key for key, _ in columns].index(column) + 1
    return f"{quoted_sheet(frame.said(sheet))}!{column_area(at, FIRST_ROW, FIRST_ROW + max(count, 1) - 1)}"


def state_word(frame: Frame, state: ReturnState) -> str:
    """What the register calls a state."""
    return text(state.catalogue_key, frame.language)


def severity_word(frame: Frame, severity: Severity) -> str:
    """What the register calls a severity."""
    return text(severity.catalogue_key, frame.language)


def write_returns(frame: Frame) -> None:
    """Write the register of returns."""
    sheet = _register(frame, RETURNS_NAME, RETURNS, frame.said("summary.returns.intro"))
    for row, one in enumerate(frame.made.returns, FIRST_ROW):
        _return(frame, sheet, row, one)
    _finish(frame, sheet, RETURNS, len(frame.made.returns))


def _return(frame: Frame, sheet: Sheet, row: int, one: ReturnLine) -> None:
    book = frame.book
    fill = FILLS.get(_STATES.get(one.state, ""), {})
    received = one.received_at.replace(tzinfo=None) if one.received_at else None
    counted = (one.errors, one.warnings, one.notices) if one.received_at else (None, None, None)
    values = (
        frame.department(one.department),
        state_word(frame, one.state),
        one.attempts or None,
        received,
        one.file_name,
        one.respondent,
        one.approver,
        *counted,
    )
    for column, value in enumerate(values, 1):
        style = book.style("value" if column in (1, 5, 6, 7) else "value_centre")
        if column == 2:
            style = book.style("value_centre", **fill)
        if column == 4:
            style = book.style("value_centre", num_format=moment_format(frame.made.plan))
        book.put(sheet, row, column, value, style)
    sheet.set_row(row - 1, row_height([(values[0], 20), (one.file_name, 44)], LINE_HEIGHT) + 3)


def write_findings(frame: Frame) -> None:
    """Write the register of findings: errors first, then as the departments stand."""
    found = sorted(frame.made.findings, key=lambda one: _ORDER.index(one.severity))
    sheet = _register(frame, FINDINGS_NAME, FINDINGS, frame.said("summary.findings.intro"))
    for number, one in enumerate(found, 1):
        _finding(frame, sheet, number, one)
    if not found:
        for column in range(1, len(FINDINGS) + 1):
            words = frame.said("summary.findings.none") if column == 1 else None
            frame.book.put(sheet, FIRST_ROW, column, words, frame.book.style("quiet"))
    _finish(frame, sheet, FINDINGS, len(found), size=8)


def _finding(frame: Frame, sheet: Sheet, number: int, one: Finding) -> None:
    made, row = frame.made, FIRST_ROW + number - 1
    form = made.plan.form(one.form)
    field = form.field_named(one.field) if form else None
    item = made.plan.item(one.item)
    values = (
        number,
        frame.department(one.department),
        severity_word(frame, one.severity),
        f"{item.id} {item.title}" if item else item_shown(one.item, frame.language),
        field.label if field else one.field,
        " ".join(part for part in (one.sheet, one.cell) if part),
        one.value,
        one.message(frame.language),
        one.remedy(frame.language),
        one.file,
    )
    fill = FILLS.get(_SEVERITIES.get(one.severity, ""), {})
    for column, value in enumerate(values, 1):
        style = frame.book.style("value_centre", **fill) if column == 3 else frame.book.style("value")
        frame.book.put(sheet, row, column, value, style)
    widths = [width for _, width in FINDINGS]
    sheet.set_row(row - 1, row_height(list(zip(values, widths, strict=True)), LINE_HEIGHT))


def _register(frame: Frame, register: str, columns: Sequence[tuple[str, float]], intro: str) -> Sheet:
    name = frame.said(register)
    sheet = frame.sheet(name, name, intro, len(columns))
    for column, (key, width) in enumerate(columns, 1):
        sheet.set_column(column - 1, column - 1, width)
        style = frame.book.style("head")
        frame.book.put(sheet, HEADER_ROW, column, frame.said(key), style)
    sheet.set_row(HEADER_ROW - 1, 22)
    return sheet


def _finish(
    frame: Frame, sheet: Sheet, columns: Sequence[tuple[str, float]], count: int, size: int = 9
) -> None:
    last = FIRST_ROW + max(count, 1) - 1
    if count:
        sheet.autofilter(HEADER_ROW - 1, 0, last - 1, len(columns) - 1)
    sheet.freeze_panes(HEADER_ROW, 0)
    sheet.print_area(0, 0, last - 1, len(columns) - 1)
    frame.book.print_on(sheet, frame.paper(size=size, repeat=(HEADER_ROW, HEADER_ROW)))
