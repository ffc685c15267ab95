"""The summary workbook of a round: every figure live over the records, every record with its source.

Its cover says whose plan it is, up to when, final or draft, what it rests on, what is inside, how to trace a figure.
"""

from collections.abc import Mapping, Sequence

from xlplan.form.layout.entry import stamping
from xlplan.form.layout.stamps import STAMP_SHEET, Stamping
from xlplan.form.lists import write_lists
from xlplan.formula.addresses import quoted_sheet
from xlplan.formula.emission import quote
from xlplan.language.codes import Severity
from xlplan.language.eras import date_label
from xlplan.language.messages import spaced, text
from xlplan.model.view import View, ViewKind
from xlplan.report.columns import sheet_of
from xlplan.report.layout import MEASURE
from xlplan.report.rows import Consolidation, ReturnState
from xlplan.report.summary import Summary
from xlplan.report.views.data import write_data, write_list
from xlplan.report.views.progress import write_progress
from xlplan.report.views.registers import (
    severities_range,
    severity_word,
    state_word,
    states_range,
    write_findings,
    write_returns,
)
from xlplan.report.views.schedule import write_schedule
from xlplan.report.views.statistics import write_statistics
from xlplan.report.views.status import write_status
from xlplan.report.working import Figures
from xlplan.spreadsheet.book import Book, Paper, row_height
from xlplan.spreadsheet.styles import FILLS, LINE, LINE_HEIGHT
from xlplan.spreadsheet.worksheet import Sheet

FORMAT = "xlplan-summary 1"
LABEL, VALUE = 2, 3
_LABEL_WIDTH, _VALUE_WIDTH = 22.0, 84.0
_DRAFT = ("summary.state.draft", "summary.state.draft_note")
_FINAL = ("summary.state.final", "summary.state.final_note")
_ABOUT = {
    ViewKind.PROGRESS: "summary.cover.about_progress",
    ViewKind.STATUS: "summary.cover.about_status",
    ViewKind.STATISTICS: "summary.cover.about_statistics",
    ViewKind.SCHEDULE: "summary.cover.about_schedule",
    ViewKind.LIST: "summary.cover.about_list",
}
_OPEN = {
    ReturnState.SENT_BACK: "summary.cover.open_sent_back",
    ReturnState.WAITING: "summary.cover.open_waiting",
    ReturnState.NOT_ISSUED: "summary.cover.open_not_issued",
}
_FOUND = {
    Severity.ERROR: "summary.cover.finding_error",
    Severity.WARNING: "summary.cover.finding_warning",
    Severity.NOTICE: "summary.cover.finding_notice",
}
_TRACING = (
    "summary.cover.trace_1",
    "summary.cover.trace_2",
    "summary.cover.trace_3",
    "summary.cover.trace_4",
)


def summary_workbook(made: Consolidation, figures: Figures | None = None) -> bytes:
    """The summary as the bytes of an .xlsx file, every formula with its value.

    Args:
        made: What the summary shows.
        figures: Its figures, where they are known; what is found is asked of `made` alone.
    """
    plan = made.plan
    book = Book(
        plan.language, f"{plan.title} {made.period.label}", plan.organisation, made.created, measure=MEASURE
    )
    summary = Summary(book, made, figures or Figures(made))
    stamps = stamping((), plan.lists, plan, made.period)
    _write_cover(summary)
    for view in plan.views:
        _write_view(summary, view)
    for table in summary.tables.values():
        write_data(summary, table, stamps)
    write_returns(summary)
    write_findings(summary)
    _write_hidden(summary, stamps)
    return book.finish()


def _write_view(summary: Summary, view: View) -> None:
    match view.kind:
        case ViewKind.PROGRESS:
            write_progress(summary, view)
        case ViewKind.STATISTICS:
            write_statistics(summary, view)
        case ViewKind.STATUS:
            write_status(summary, view)
        case ViewKind.SCHEDULE:
            write_schedule(summary, view)
        case ViewKind.LIST:
            write_list(summary, view)


def _write_hidden(summary: Summary, stamps: Stamping) -> None:
    """The hidden sheet: what this file is, and the lists that computed fields rank by."""
    made = summary.made
    sheet = summary.book.sheet(STAMP_SHEET)
    style = summary.book.style("hidden")
    stamp: Mapping[str, str] = {
        "format": FORMAT,
        "plan": made.plan.id,
        "period": made.period.id,
        "state": "draft" if made.draft else "final",
    }
    for row, (key, value) in enumerate(stamp.items(), 1):
        summary.book.put(sheet, row, 1, key, style)
        summary.book.put(sheet, row, 2, value, style)
    write_lists(summary.book, made.plan.lists, stamps)
    sheet.hide()


def _write_cover(summary: Summary) -> None:
    """Write the first sheet."""
    sheet = summary.book.sheet(summary.text("summary.cover.sheet"))
    for column, width in ((1, 2.0), (LABEL, _LABEL_WIDTH), (VALUE, _VALUE_WIDTH)):
        sheet.set_column(column - 1, column - 1, width)
    cover = _Cover(summary, sheet)
    cover.head()
    cover.basis()
    cover.contents()
    cover.tracing()
    sheet.print_area(0, 0, cover.row - 1, VALUE - 1)
    summary.print_on(sheet, Paper(landscape=False))
    sheet.activate()


def _contents(summary: Summary) -> Sequence[tuple[str, str]]:
    """Name of each sheet that follows the cover, and what it is for."""
    plan = summary.made.plan
    data = next(iter(summary.tables.values())).name
    views = [(sheet_of(plan, view), _about(summary, view, data)) for view in plan.views]
    tables = [
        (table.name, summary.text("summary.cover.about_data", rows=summary.what_rows_are(table.form)))
        for table in summary.tables.values()
    ]
    registers = [
        (summary.text("summary.returns.sheet"), summary.text("summary.cover.about_returns")),
        (summary.text("summary.findings.sheet"), summary.text("summary.cover.about_findings")),
    ]
    return [*views, *tables, *registers]


def _about(summary: Summary, view: View, data: str) -> str:
    """What a view is for; a list of a form to which rows are added by what its rows are."""
    form = summary.made.plan.form(view.form)
    added = view.kind is ViewKind.LIST and form is not None and form.is_open
    key = "summary.cover.about_added" if added else _ABOUT[view.kind]
    return summary.text(key, data=data, period=summary.made.period.label, form=form.title if form else "")


class _Cover:
    """The first sheet, written from top to bottom; `row` is the 1-based row that comes next."""

    def __init__(self, summary: Summary, sheet: Sheet) -> None:
        self.summary, self.book, self.sheet = summary, summary.book, sheet
        self.row = 1

    def head(self) -> None:
        """Title, organisation, and the state that nobody can overlook."""
        summary, made = self.summary, self.summary.made
        plan = made.plan
        self.book.put(self.sheet, 1, LABEL, plan.organisation, self.book.style("base", font_size=12))
        title = self.book.style("title", font_size=20)
        self.book.put(self.sheet, 2, LABEL, summary.text("summary.cover.title", title=plan.title), title)
        self.sheet.set_row(0, 24)
        self.sheet.set_row(1, 36)
        self.row = 4
        state = "draft" if made.draft else "final"
        words = spaced(map(summary.text, _DRAFT if made.draft else _FINAL), summary.language)
        box = self.book.style(state, font_size=11, border=1, border_color=LINE, indent=1, text_wrap=True)
        self.book.put(
            self.sheet, self.row, LABEL, summary.text("summary.cover.state"), self.book.style("label")
        )
        self.book.put(self.sheet, self.row, VALUE, words, box)
        self.sheet.set_row(self.row - 1, row_height([(words, _VALUE_WIDTH * 0.75)], 18) + 8)
        self.row += 1
        self.pair(summary.text("summary.cover.period"), made.period.label)
        day = date_label(made.created.date(), plan.calendar, summary.language)
        self.pair(
            summary.text("summary.cover.created"),
            summary.text("summary.cover.created_at", day=day, time=f"{made.created:%H:%M}"),
        )
        office = spaced((plan.organisation, plan.office, plan.contact), plan.language)
        self.pair(summary.text("summary.cover.office"), office)

    def pair(self, label: str, value: str, *, formula: str = "", fill: str = "") -> None:
        """A label and a value on one line.

        Args:
            label: The label.
            value: The value, where there is no formula.
            formula: A formula, without its leading `=`.
            fill: The name of the value's fill; empty for none.
        """
        self.book.put(self.sheet, self.row, LABEL, label, self.book.style("label"))
        style = self.book.style("value", **FILLS.get(fill, {}))
        if formula:
            self.book.formula(self.sheet, self.row, VALUE, formula, style)
        else:
            self.book.put(self.sheet, self.row, VALUE, value, style)
        self.sheet.set_row(self.row - 1, row_height([(value, _VALUE_WIDTH)], LINE_HEIGHT) + 5)
        self.row += 1

    def heading(self, words: str) -> None:
        """The title of a part of the cover."""
        self.row += 1
        for column in (LABEL, VALUE):
            style = self.book.style("heading")
            self.book.put(self.sheet, self.row, column, words if column == LABEL else None, style)
        self.sheet.set_row(self.row - 1, 22)
        self.row += 1

    def basis(self) -> None:
        """Returns, projects and findings, counted live over the registers and the data."""
        self.heading(self.summary.text("summary.cover.basis"))
        self.returns()
        self.rows()
        self.findings()

    def returns(self) -> None:
        """How many returns are in, and how those stand that are not."""
        summary, states = self.summary, states_range(self.summary)

        def count(state: ReturnState) -> str:
            return f"COUNTIF({states},{quote(state_word(summary, state))})"

        fill = "wrong" if summary.made.open_returns else ""
        asked, accepted = f"COUNTA({states})", count(ReturnState.ACCEPTED)
        between = quote(summary.text("summary.cover.returns_of"))
        behind = quote(summary.text("summary.cover.returns_in"))
        formula = "&".join([asked, between, accepted, behind])
        self.pair(summary.text("summary.cover.returns"), "", formula=formula, fill=fill)
        if summary.made.open_returns:
            parts = [
                part for state, key in _OPEN.items() for part in (quote(summary.text(key)), count(state))
            ]
            formula = "&".join([*parts, quote(summary.text("summary.cover.open_end"))])
            self.pair(summary.text("summary.cover.open"), "", formula=formula, fill=fill)

    def rows(self) -> None:
        """How many rows each data sheet has of the round's period."""
        summary, period = self.summary, self.summary.made.period
        for table in summary.tables.values():
            words = quote(summary.text("summary.cover.items_end", period=period.label))
            counted = f"COUNTIF({table.reference('period')},{quote(period.label)})"
            label = summary.text("summary.cover.rows" if table.form.is_open else "summary.cover.items")
            if len(summary.tables) > 1:
                label = text("signs.bracketed", summary.language, word=label, note=table.form.title)
            self.pair(label, "", formula=f"{counted}&{words}")

    def findings(self) -> None:
        """How many findings there are of each severity."""
        summary, severities = self.summary, severities_range(self.summary)
        parts = []
        for severity in Severity:
            counted = f"COUNTIF({severities},{quote(severity_word(summary, severity))})"
            parts += [quote(summary.text(_FOUND[severity])), counted]
        formula = "&".join([*parts, quote(summary.text("summary.cover.finding_end"))])
        self.pair(summary.text("summary.cover.findings"), "", formula=formula)

    def contents(self) -> None:
        """A link to every sheet, and what it is for."""
        self.heading(self.summary.text("summary.cover.contents"))
        for name, about in _contents(self.summary):
            link = f"internal:{quoted_sheet(name)}!A1"
            self.sheet.write_url(self.row - 1, LABEL - 1, link, self.book.style("link_box", indent=1), name)
            self.book.put(self.sheet, self.row, VALUE, about, self.book.style("value"))
            self.sheet.set_row(self.row - 1, row_height([(about, _VALUE_WIDTH)], LINE_HEIGHT) + 5)
            self.row += 1

    def tracing(self) -> None:
        """From a figure to the file in which it was answered."""
        self.heading(self.summary.text("summary.cover.trace"))
        table = next(iter(self.summary.tables.values()))
        column = table.column("period").heading
        for key in _TRACING:
            words = self.summary.text(key, data=table.name, column=column)
            area = (self.row - 1, LABEL - 1, self.row - 1, VALUE - 1)
            self.sheet.merge_range(*area, "", self.book.style("text", valign="vcenter"))
            self.book.put(self.sheet, self.row, LABEL, words, self.book.style("text", valign="vcenter"))
            width = _LABEL_WIDTH + _VALUE_WIDTH
            self.sheet.set_row(self.row - 1, row_height([(words, width)], LINE_HEIGHT) + 4)
            self.row += 1
