"""The registers: how each return stands (受付状況), and what was found in the latest ones (検証結果).

Their facts come from the ledger. The cover counts over their columns, so it asks here where they stand.
"""

from collections.abc import Sequence

from xlplan.formula.addresses import column_area, quoted_sheet
from xlplan.language.codes import Severity
from xlplan.model.finding import Finding, item_shown
from xlplan.report.columns import FIRST_ROW, HEADER_ROW
from xlplan.report.render.xlsx.sheet import Summary, SummarySheet
from xlplan.report.rows import ReturnStanding, ReturnState
from xlplan.spreadsheet.book import Paper, row_height
from xlplan.spreadsheet.styles import FILLS, LINE_HEIGHT, moment_format

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


def states_range(summary: Summary) -> str:
    """Absolute range of the states of the returns, for a formula on another sheet."""
    return _range(summary, RETURNS_NAME, RETURNS, "summary.returns.state", len(summary.made.returns))


def severities_range(summary: Summary) -> str:
    """Absolute range of the severities of the findings, for a formula on another sheet."""
    return _range(summary, FINDINGS_NAME, FINDINGS, "summary.findings.severity", len(summary.made.findings))


def _range(summary: Summary, name: str, columns: Sequence[tuple[str, float]], column: str, count: int) -> str:
    """Absolute range of one column of a register of `count` rows; `name` and `column` are keys of the catalogue."""
    at = [key for key, _ in columns].index(column) + 1
    area = column_area(at, FIRST_ROW, FIRST_ROW + max(count, 1) - 1)
    return f"{quoted_sheet(summary.text(name))}!{area}"


def state_word(summary: Summary, state: ReturnState) -> str:
    """What the register calls a state."""
    return summary.text(state.catalogue_key)


def severity_word(summary: Summary, severity: Severity) -> str:
    """What the register calls a severity."""
    return summary.text(severity.catalogue_key)


def write_returns(summary: Summary) -> None:
    """Write the register of returns."""
    sheet = _register(summary, RETURNS_NAME, "summary.returns.intro", RETURNS)
    for row, line in enumerate(summary.made.returns, FIRST_ROW):
        _return(sheet, row, line)
    _finish(sheet, len(summary.made.returns))


def _return(sheet: SummarySheet, row: int, line: ReturnStanding) -> None:
    book, summary = sheet.book, sheet.summary
    fill = FILLS.get(_STATES.get(line.state, ""), {})
    received = line.received_at.replace(tzinfo=None) if line.received_at else None
    counted = (line.errors, line.warnings, line.notices) if line.received_at else (None, None, None)
    values = (
        summary.department(line.department),
        state_word(summary, line.state),
        line.attempts or None,
        received,
        line.file_name,
        line.respondent,
        line.approver,
        *counted,
    )
    for column, value in enumerate(values, 1):
        style = book.style("value" if column in (1, 5, 6, 7) else "value_centre")
        if column == 2:
            style = book.style("value_centre", **fill)
        if column == 4:
            style = book.style("value_centre", num_format=moment_format(sheet.made.plan))
        book.put(sheet.sheet, row, column, value, style)
    sheet.heights(row, [row_height([(values[0], 20), (line.file_name, 44)], LINE_HEIGHT) + 3])


def write_findings(summary: Summary) -> None:
    """Write the register of findings: errors first, then as the departments stand."""
    found = sorted(summary.made.findings, key=lambda finding: _ORDER.index(finding.severity))
    sheet = _register(summary, FINDINGS_NAME, "summary.findings.intro", FINDINGS)
    for number, finding in enumerate(found, 1):
        _finding(sheet, number, finding)
    if not found:
        for column in range(1, len(FINDINGS) + 1):
            words = summary.text("summary.findings.none") if column == 1 else None
            sheet.book.put(sheet.sheet, FIRST_ROW, column, words, sheet.book.style("quiet"))
    _finish(sheet, len(found), size=8)


def _finding(sheet: SummarySheet, number: int, finding: Finding) -> None:
    """One finding; `number` counts from 1."""
    summary, book, plan, row = sheet.summary, sheet.book, sheet.made.plan, FIRST_ROW + number - 1
    form = plan.form(finding.form)
    field = form.field_named(finding.field) if form else None
    item = plan.item(finding.item)
    values = (
        number,
        summary.department(finding.department),
        severity_word(summary, finding.severity),
        f"{item.id} {item.title}" if item else item_shown(finding.item, summary.language),
        field.label if field else finding.field,
        " ".join(part for part in (finding.sheet, finding.cell) if part),
        finding.value,
        finding.message(summary.language),
        finding.remedy(summary.language),
        finding.file,
    )
    fill = FILLS.get(_SEVERITIES.get(finding.severity, ""), {})
    for column, value in enumerate(values, 1):
        style = book.style("value_centre", **fill) if column == 3 else book.style("value")
        book.put(sheet.sheet, row, column, value, style)
    widths = [width for _, width in FINDINGS]
    sheet.heights(row, [row_height(list(zip(values, widths, strict=True)), LINE_HEIGHT)])


def _register(summary: Summary, name: str, intro: str, columns: Sequence[tuple[str, float]]) -> SummarySheet:
    """Begin the sheet of a register; `name`, `intro` and the heads of the `columns` are keys of the catalogue."""
    title = summary.text(name)
    sheet = SummarySheet(summary, title, title, summary.text(intro), [width for _, width in columns])
    for column, (key, _) in enumerate(columns, 1):
        sheet.head(column, summary.text(key))
    sheet.heights(HEADER_ROW, [22])
    return sheet


def _finish(sheet: SummarySheet, count: int, size: int = 9) -> None:
    """`count` are the rows of the register, `size` is that of the paper."""
    last = FIRST_ROW + max(count, 1) - 1
    if count:
        sheet.sheet.autofilter(HEADER_ROW - 1, 0, last - 1, sheet.last_column - 1)
    sheet.finish(last, Paper(size))
