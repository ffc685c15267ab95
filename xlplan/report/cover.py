"""The cover: whose plan, up to when, final or draft, what it rests on, what is inside, how to trace a figure."""

from collections.abc import Sequence

from xlplan.formula.addresses import quoted_sheet
from xlplan.formula.emission import quote
from xlplan.language.calendar import date_label
from xlplan.language.messages import spaced, text
from xlplan.model.finding import Severity
from xlplan.model.parts import View, ViewKind
from xlplan.report.columns import sheet_of
from xlplan.report.frame import Frame
from xlplan.report.rows import ReturnState
from xlplan.report.views.data import what_rows_are
from xlplan.report.views.registers import severities_range, severity_word, state_word, states_range
from xlplan.spreadsheet.book import row_height
from xlplan.spreadsheet.styles import FILLS, LINE, LINE_HEIGHT
from xlplan.spreadsheet.worksheet import Sheet

LABEL, VALUE = 2, 3
_LABEL_WIDTH, _VALUE_WIDTH = 22.0, 84.0
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


def write_cover(frame: Frame) -> None:
    """Write the first sheet."""
    sheet = frame.book.sheet(frame.said("summary.cover.sheet"))
    for column, width in ((1, 2.0), (LABEL, _LABEL_WIDTH), (VALUE, _VALUE_WIDTH)):
        sheet.set_column(column - 1, column - 1, width)
    cover = _Cover(frame, sheet)
    cover.head()
    cover.basis()
    cover.contents()
    cover.tracing()
    sheet.print_area(0, 0, cover.row - 1, VALUE - 1)
    frame.book.print_on(sheet, frame.paper(landscape=False))
    sheet.activate()


def contents(frame: Frame) -> Sequence[tuple[str, str]]:
    """Name of each sheet that follows the cover, and what it is for."""
    plan = frame.made.plan
    data = next(iter(frame.tables.values())).name
    found = [
        (
            sheet_of(plan, view),
            _about(frame, view, data),
        )
        for view in plan.views
    ]
    found += [
        (one.name, frame.said("summary.cover.about_data", rows=what_rows_are(frame, one.form)))
        for one in frame.tables.values()
    ]
    found += [
        (frame.said("summary.returns.sheet"), frame.said("summary.cover.about_returns")),
        (frame.said("summary.findings.sheet"), frame.said("summary.cover.about_findings")),
    ]
    return found


def _about(frame: Frame, view: View, data: str) -> str:
    """What a view is for; a list of a form to which rows are added by what its rows are."""
    form = frame.made.plan.form(view.form)
    added = view.kind is ViewKind.LIST and form is not None and form.is_open
    key = "summary.cover.about_added" if added else _ABOUT[view.kind]
    return frame.said(key, data=data, period=frame.made.period.label, form=form.title if form else "")


class _Cover:
    def __init__(self, frame: Frame, sheet: Sheet) -> None:
        self.frame, self.book, self.sheet = frame, frame.book, sheet
        self.row = 1

    def head(self) -> None:
        """Title, organisation, and the state that nobody can overlook."""
        frame, made = self.frame, self.frame.made
        plan, said = made.plan, frame.said
        self.book.put(self.sheet, 1, LABEL, plan.organisation, self.book.style("base", font_size=12))
        title = self.book.style("title", font_size=20)
        self.book.put(self.sheet, 2, LABEL, said("summary.cover.title", title=plan.title), title)
        self.sheet.set_row(0, 24)
        self.sheet.set_row(1, 36)
        self.row = 4
        state = "draft" if made.draft else "final"
        keys = ("summary.state.draft", "summary.state.draft_note") if made.draft else _FINAL
        words = spaced(map(said, keys), self.frame.language)
        box = self.book.style(state, font_size=11, border=1, border_color=LINE, indent=1, text_wrap=True)
        self.book.put(self.sheet, self.row, LABEL, said("summary.cover.state"), self.book.style("label"))
        self.book.put(self.sheet, self.row, VALUE, words, box)
        self.sheet.set_row(self.row - 1, row_height([(words, _VALUE_WIDTH * 0.75)], 18) + 8)
        self.row += 1
        self.pair(said("summary.cover.period"), made.period.label)
        day = date_label(made.created.date(), plan.calendar, frame.language)
        self.pair(
            said("summary.cover.created"),
            said("summary.cover.created_at", day=day, time=f"{made.created:%H:%M}"),
        )
        office = spaced((plan.organisation, plan.office, plan.contact), plan.language)
        self.pair(said("summary.cover.office"), office)

    def pair(self, label: str, value: str, *, formula: str = "", fill: str = "") -> None:
        """A label and a value, or a formula, on one line."""
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
        frame, made, said = self.frame, self.frame.made, self.frame.said
        self.heading(said("summary.cover.basis"))
        states = states_range(frame)

        def count(state: ReturnState) -> str:
            return f"COUNTIF({states},{quote(state_word(frame, state))})"

        asked = f"COUNTA({states})"
        accepted = count(ReturnState.ACCEPTED)
        parts = [
            asked,
            quote(said("summary.cover.returns_of")),
            accepted,
            quote(said("summary.cover.returns_in")),
        ]
        fill = "wrong" if made.open_returns else ""
        self.pair(said("summary.cover.returns"), "", formula="&".join(parts), fill=fill)
        if made.open_returns:
            parts = [part for state in _OPEN for part in (quote(said(_OPEN[state])), count(state))]
            self.pair(
                said("summary.cover.open"),
                "",
                formula="&".join([*parts, quote(said("summary.cover.open_end"))]),
                fill=fill,
            )
        for table in frame.tables.values():
            words = quote(said("summary.cover.items_end", period=made.period.label))
            counted = f"COUNTIF({table.reference('period')},{quote(made.period.label)})"
            label = said("summary.cover.rows" if table.form.is_open else "summary.cover.items")
            self.pair(
                label
                if len(frame.tables) == 1
                else text("signs.bracketed", frame.language, word=label, note=table.form.title),
                "",
                formula=f"{counted}&{words}",
            )
        severities = severities_range(frame)
        parts = []
        for one in Severity:
            counted = f"COUNTIF({severities},{quote(severity_word(frame, one))})"
            parts += [quote(said(_FOUND[one])), counted]
        self.pair(
            said("summary.cover.findings"),
            "",
            formula="&".join([*parts, quote(said("summary.cover.finding_end"))]),
        )

    def contents(self) -> None:
        """A link to every sheet, and what it is for."""
        self.heading(self.frame.said("summary.cover.contents"))
        for name, about in contents(self.frame):
            link = f"internal:{quoted_sheet(name)}!A1"
            self.sheet.write_url(self.row - 1, LABEL - 1, link, self.book.style("link_box", indent=1), name)
            self.book.put(self.sheet, self.row, VALUE, about, self.book.style("value"))
            self.sheet.set_row(self.row - 1, row_height([(about, _VALUE_WIDTH)], LINE_HEIGHT) + 5)
            self.row += 1

    def tracing(self) -> None:
        """From a figure to the file in which it was answered."""
        self.heading(self.frame.said("summary.cover.trace"))
        table = next(iter(self.frame.tables.values()))
        column = table.column("period").heading
        for key in _TRACING:
            words = self.frame.said(key, data=table.name, column=column)
            area = (self.row - 1, LABEL - 1, self.row - 1, VALUE - 1)
            self.sheet.merge_range(*area, "", self.book.style("text", valign="vcenter"))
            self.book.put(self.sheet, self.row, LABEL, words, self.book.style("text", valign="vcenter"))
            width = _LABEL_WIDTH + _VALUE_WIDTH
            self.sheet.set_row(self.row - 1, row_height([(words, width)], LINE_HEIGHT) + 4)
            self.row += 1
