"""The one writer of forms: the blank standard form, the issued workbook and the sent-back workbook.

Its first sheet says what is asked, until when, whom to ask, what changed, how much is left, who answered; its hidden
sheet by what the workbook is known again. The entry sheets and the lists of what is wrong are modules beside this.
"""

from collections.abc import Sequence

from xlplan.form.layout.columns import ColumnKind
from xlplan.form.layout.entry import BANDS, GUIDE_COLUMNS, PEOPLE, STEPS, EntryLayout
from xlplan.form.layout.stamps import FORMULAS_KEY, STAMP_KEYS, STAMP_SHEET, Stamping
from xlplan.form.layout.words import WORDS_ROW, FormWords, lines_of, word_of
from xlplan.form.lists import write_lists, write_orders
from xlplan.form.write import counts
from xlplan.form.write.allowed import write_allowed
from xlplan.form.write.entry import write_entry
from xlplan.form.write.order import Again, Given, Order, SentBack, due_words
from xlplan.form.write.sent_back import marks, write_findings, write_leftovers
from xlplan.form.write.shapes import form_shapes, formulas_version
from xlplan.formula.addresses import quoted_sheet
from xlplan.language.codes import Severity
from xlplan.language.eras import date_label
from xlplan.language.messages import joined, run_on, spaced, text
from xlplan.model.form import reference_date_asked
from xlplan.model.submission import Leftover
from xlplan.spreadsheet.book import Book, Paper, row_height
from xlplan.spreadsheet.styles import FILLS, LINE_HEIGHT
from xlplan.spreadsheet.worksheet import Sheet

LABEL, VALUE = GUIDE_COLUMNS
WIDTH = 92
LINES_OF_A_PAGE = 36
"""What can still be read where it is made to fit on one page; some 24 lines fit by themselves."""


def form_workbook(order: Order) -> bytes:
    """The workbook that `order` asks for, as the bytes of an .xlsx file, every formula with its value."""
    plan = order.plan
    book = Book(plan.language, f"{plan.title} {order.period.label}", plan.organisation, order.created)
    stamps = order.stamps()
    _write_guide(book, order)
    if order.sent_back and order.sent_back.has_findings:
        write_findings(book, order)
    write_leftovers(book, order)
    for layout in order.layouts():
        write_entry(book, order, layout, stamps, marks(order, layout.form.id))
    _write_hidden(book, order, stamps)
    return book.finish()


def _write_guide(book: Book, order: Order) -> None:
    """Write the first sheet."""
    language = order.plan.language
    sheet = book.sheet(text("artefacts.guide.sheet", language))
    sheet.set_column(0, 0, 2)
    sheet.set_column(LABEL - 1, LABEL - 1, 18)
    sheet.set_column(VALUE - 1, VALUE - 1, WIDTH)
    guide = _Guide(book, sheet, order)
    guide.head()
    if order.preview:
        guide.box(guide.word("artefacts.guide.preview"), guide.word("artefacts.guide.preview_text"), "wrong")
    if order.sent_back:
        guide.sent_back(order.sent_back)
    elif order.given or order.again:
        guide.again(order.again, order.given)
    guide.facts()
    guide.left()
    guide.people()
    guide.steps()
    guide.changes()
    sheet.print_area(0, 0, guide.row - 1, VALUE - 1)
    pages = 1 if guide.row <= LINES_OF_A_PAGE else 0
    book.print_on(sheet, Paper(size=9, footer=text("artefacts.entry.page", language), pages=pages))
    sheet.protect("", {"format_columns": True, "format_rows": True})
    sheet.activate()


class _Guide:
    def __init__(self, book: Book, sheet: Sheet, order: Order) -> None:
        self.book, self.sheet, self.order = book, sheet, order
        self.row = 1

    def word(self, key: str, **params: object) -> str:
        return word_of(key, self.order.plan, **params)

    def head(self) -> None:
        order = self.order
        title = self.word("artefacts.guide.title", title=order.plan.title, period=order.period.label)
        self.book.put(self.sheet, 1, LABEL, title, self.book.style("title"))
        self.sheet.set_row(0, 30)
        style = self.book.style("base", font_size=12, bold=True)
        self.book.put(self.sheet, 2, LABEL, self.word("artefacts.guide.to", department=order.owner), style)
        self.sheet.set_row(1, 22)
        self.row = 4

    def pair(self, label: str, value: object, style: str = "value") -> None:
        """A label and its value, on one line of its own."""
        self.book.put(self.sheet, self.row, LABEL, label, self.book.style("label"))
        self.book.put(self.sheet, self.row, VALUE, value, self.book.style(style))
        self.sheet.set_row(self.row - 1, row_height([(value, WIDTH), (label, 18)], LINE_HEIGHT) + 4)
        self.row += 1

    def again(self, again: Again | None, given: Given | None) -> None:
        """What has changed since the form was issued before, and why cells are filled in already."""
        words = []
        if again:
            named = joined(again.changed, self.order.plan.language)
            words.append(
                self.word("artefacts.guide.again_of", what=named)
                if named
                else self.word("artefacts.guide.again")
            )
        if given:
            key = "artefacts.guide.given_moved"
            if given.done:
                key = "artefacts.guide.given_done"
            elif given.own:
                key = "artefacts.guide.given_own"
            words += [self.word(key), self.left_over(given.leftovers)]
        label = self.word("artefacts.guide.again_label" if again else "artefacts.guide.given_label")
        self.box(label, run_on(words, self.order.plan.language), "doubted")

    def sent_back(self, sent: SentBack) -> None:
        """What became of the answer, what the office says of it, and what is to be done now."""
        label, key = self.word("artefacts.guide.sent_back", attempt=sent.attempt), _told_by(sent)
        if sent.mended_from:
            label = self.word("artefacts.guide.mended")
        words = self.word(
            key,
            file=sent.mended_from,
            missing=sent.missing,
            errors=sent.count(Severity.ERROR) - sent.missing,
            warnings=sent.count(Severity.WARNING),
            sheet=text("artefacts.findings_sheet.sheet", self.order.plan.language),
        )
        lines = [(label, words + self.left_over(sent.leftovers))]
        if sent.words:
            lines.append((self.word("artefacts.guide.office_words"), sent.words))
        if sent.compared and sent.compared.before:
            told = self.word("artefacts.guide.compared_text", **sent.compared.counts)
            lines.append((self.word("artefacts.guide.compared"), told))
        self.boxes(lines, "wrong")

    def left_over(self, leftovers: Sequence[Leftover]) -> str:
        """Where to find what has no place in the form."""
        listed = text("artefacts.leftovers.sheet", self.order.plan.language)
        return (
            self.word("artefacts.guide.leftovers_text", count=len(leftovers), sheet=listed)
            if leftovers
            else ""
        )

    def box(self, label: str, words: str, fill: str) -> None:
        """A line that nobody overlooks."""
        self.boxes([(label, words)], fill)

    def boxes(self, lines: Sequence[tuple[str, str]], fill: str) -> None:
        """Lines that nobody overlooks, one below the other."""
        style = self.book.style("value", **FILLS[fill], bold=True)
        for label, words in lines:
            self.book.put(self.sheet, self.row, LABEL, label, style)
            self.book.put(self.sheet, self.row, VALUE, words, style)
            self.sheet.set_row(self.row - 1, row_height([(words, WIDTH), (label, 18)], LINE_HEIGHT) + 6)
            self.row += 1
        self.row += 1

    def facts(self) -> None:
        order = self.order
        forms = [form.id for form in order.plan.forms if not form.is_open]
        items = {row.item for form in forms for row in order.rows[form] if row.item}
        count = len(items) if order.department else text("signs.gap", order.plan.language)
        self.pair(
            self.word("artefacts.guide.what"),
            self.word("artefacts.guide.what_text", period=order.period.label, count=count),
        )
        self.days()
        if order.is_of_office:
            return
        again = order.sent_back and order.due and not order.sent_back.mended_from
        self.pair(
            self.word("artefacts.guide.due_first" if again else "artefacts.guide.due"),
            due_words(order.plan, order.due),
        )
        plan = order.plan
        self.pair(
            self.word("artefacts.guide.ask"),
            spaced((plan.organisation, plan.office, plan.contact), plan.language),
        )

    def days(self) -> None:
        """Of a part of a year, which months it is; and the day as of which it is reported, where that is asked."""
        plan, period = self.order.plan, self.order.period
        days = plan.days(period)
        first, last, reference = (
            date_label(day, plan.calendar, plan.language) for day in (days.first, days.last, days.reference)
        )
        if period.is_part:
            words = self.word("artefacts.guide.days_text", first=first, last=last)
            self.pair(self.word("artefacts.guide.days"), words)
        if reference_date_asked(plan.asked_in(period).forms):
            words = self.word("artefacts.guide.reference_text", day=reference)
            self.pair(self.word("artefacts.guide.reference"), words)

    def left(self) -> None:
        """One line for each entry sheet, counted live, with a link to it."""
        for layout in self.order.layouts():
            name = layout.form.title
            label = (
                self.word("artefacts.guide.left_of", form=name)
                if len(self.order.plan.forms) > 1
                else self.word("artefacts.guide.left")
            )
            self.book.put(self.sheet, self.row, LABEL, label, self.book.style("label"))
            style = self.book.style("value", bold=True, font_size=11)
            self.book.formula(self.sheet, self.row, VALUE, counts.banner(layout, sheet=name), style)
            at = (self.row - 1, VALUE - 1, self.row - 1, VALUE - 1)
            for criteria, fill in counts.banner_states(layout, f"$C${self.row}"):
                options = {"type": "formula", "criteria": criteria, "format": self.book.fill(FILLS[fill])}
                self.sheet.conditional_format(*at, options)
            self.sheet.set_row(self.row - 1, max(22, row_height([(label, 18)], LINE_HEIGHT)))
            link = f"internal:{quoted_sheet(name)}!A1"
            words = self.word("artefacts.guide.open_form", sheet=name)
            self.sheet.write_url(self.row, VALUE - 1, link, self.book.style("link"), words)
            self.row += 2

    def people(self) -> None:
        if self.order.is_of_office:  # who receives it says who filled it in
            return
        self.row += 1
        answers = self.order.answers
        for key, value in zip(PEOPLE, (answers.respondent, answers.approver), strict=True):
            self.pair(self.word(key), value, "entry")
            hint = self.word("artefacts.guide.person_hint")
            rule = {"validate": "any", "input_title": self.word(key), "input_message": hint}
            self.sheet.data_validation(self.row - 2, VALUE - 1, self.row - 2, VALUE - 1, rule)

    def heading(self, words: str) -> None:
        self.row += 1
        for column in (LABEL, VALUE):
            self.book.put(
                self.sheet, self.row, column, words if column == LABEL else "", self.book.style("heading")
            )
        self.sheet.set_row(self.row - 1, 20)
        self.row += 1

    def line(self, words: str) -> None:
        style = self.book.style("text", valign="vcenter")
        self.sheet.merge_range(self.row - 1, LABEL - 1, self.row - 1, VALUE - 1, "", style)
        self.book.put(self.sheet, self.row, LABEL, words, style)
        self.sheet.set_row(self.row - 1, row_height([(words, WIDTH + 16)], LINE_HEIGHT) + 2)
        self.row += 1

    def steps(self) -> None:
        self.heading(self.word("artefacts.guide.steps"))
        for step in STEPS:
            self.line(self.word(step))
        for form in (form for form in self.order.plan.forms if form.is_open):
            self.line(self.word("artefacts.guide.step_open", sheet=form.title))

    def changes(self) -> None:
        if self.order.is_of_office and not self.order.changes:
            return
        key = "artefacts.office.waiting" if self.order.is_of_office else "artefacts.guide.changes"
        self.heading(self.word(key))
        moved = self.order.again.items if self.order.again else ()
        for words in (*moved, *self.order.changes) or (self.word("artefacts.guide.change_none"),):
            self.line(words)


def _told_by(sent: SentBack) -> str:
    """The key of the sentence that says why a workbook goes back."""
    if sent.mended_from:
        return "artefacts.guide.mended_text"
    if not sent.words or sent.count(Severity.ERROR):
        return "artefacts.guide.sent_back_text"
    warned = sent.count(Severity.WARNING)
    return "artefacts.guide.sent_back_look" if warned else "artefacts.guide.sent_back_words"


def _write_hidden(book: Book, order: Order, stamps: Stamping) -> None:
    """The hidden sheet: the stamp, the words, the lists of choices with their order, the messages of the checks."""
    sheet = book.sheet(STAMP_SHEET)
    style = book.style("hidden")
    for row, key in enumerate(STAMP_KEYS, 1):
        book.put(sheet, row, 1, key, style)
        book.put(sheet, row, 2, getattr(order.stamp, key), style)
    layouts = order.layouts()
    formulas = formulas_version(form_shapes(layout, stamps) for layout in layouts)
    for column, value in enumerate((FORMULAS_KEY, formulas), 1):
        book.put(sheet, len(STAMP_KEYS) + 1, column, value, style)
    words = {layout.form.id: _words_of(layout) for layout in layouts}
    for row, line in enumerate(lines_of(words, order.owner, order.plan.language), WORDS_ROW):
        for column, word in enumerate(line, 1):
            book.put(sheet, row, column, word, style)
    write_lists(book, order.lists, stamps, order.plan.retired)
    write_orders(book, stamps)
    write_allowed(book, sheet, order.allowed, stamps)
    for layout in layouts:
        column = stamps.messages[layout.form.id][0]
        for check in layout.checks:
            target = layout.column(ColumnKind.ENTRY, check.field.id)
            book.put(sheet, check.number, column, check.shown(layout.language), style)
            book.put(sheet, check.number, column + 1, target.index, style)
    sheet.protect("", {"select_locked_cells": False})
    sheet.hide()


def _words_of(layout: EntryLayout) -> FormWords:
    """The words of an entry sheet by which it is known again."""
    columns = {column.key: column.heading for column in layout.shown}
    bands = {entry.rpartition(".")[2]: layout.band(entry) for entry in BANDS}
    heads = {"title": layout.title, "note": layout.note} | bands
    return FormWords(layout.form.title, columns, heads)
