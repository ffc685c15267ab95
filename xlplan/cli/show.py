"""Each stage's result in lines and tables for people."""

from pathlib import Path

from rich.text import Text

from xlplan.cli.many import one_by_one, show_by_department, show_left_out, show_more, show_open, worth_listing
from xlplan.cli.printing import Printer
from xlplan.cli.standing import show_figures, show_published, show_standing
from xlplan.cli.words import (
    CHECKED,
    FIGURES,
    GROUP,
    ISSUED,
    LEFTOVERS,
    MOST_RECORDS,
    RECEIVED,
    STATES,
    counts_of,
    letter_words,
)
from xlplan.language.eras import date_label
from xlplan.language.messages import joined, text
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding, listed
from xlplan.model.plan import Plan
from xlplan.report.reconcile.causes import Part, Term
from xlplan.report.reconcile.comparison import Comparison
from xlplan.stages.consolidate import ConsolidateResult
from xlplan.stages.issue import IssueResult
from xlplan.stages.mend import MendResult
from xlplan.stages.new import NewResult
from xlplan.stages.received import FileState, ReceivedFile, ReceiveResult
from xlplan.stages.reconcile import ReconcileResult


def show_new(printer: Printer, made: NewResult, folder: Path) -> None:
    """Tell with `printer` what was `made` in `folder`, and what comes next."""
    if made.plan is None:
        printer.line(printer.said("cli.said.made_blank", path=made.path, dir=folder))
        return
    counts = {"items": len(made.plan.items), "departments": len(made.plan.departments)}
    last = made.plan.periods[-1].id
    printer.line(printer.said("cli.said.made", path=made.path, dir=folder, period=last, **counts))


def show_issue(printer: Printer, result: IssueResult, *, everything: bool = False) -> None:
    """Tell with `printer` what went out, the `result`; with `everything` each workbook, also of many."""
    headings = [printer.word(key) for key in ISSUED]
    rows = [
        (line.department.name, line.items, printer.state(*STATES[line.done]), line.path.name)
        for line in worth_listing(result.lines, everything=everything)
    ]
    if rows:
        printer.table(headings, rows, right=(1,))
    show_left_out(printer, len(result.lines) - len(rows))
    due = (
        date_label(result.due, result.plan.calendar, printer.language)
        if result.due
        else printer.said("cli.said.due_differs" if len(result.dates) > 1 else "cli.said.no_due")
    )
    for finding in (*result.earlier, *result.opened, *result.closed):
        printer.finding(finding)
    folder = result.lines[0].path.parent
    words = printer.said(
        "cli.said.issued", period=result.period.label, count=len(result.lines), due=due, folder=folder
    )
    printer.line(words, "bold")
    if result.passed:
        printer.line(printer.said("cli.said.due_passed", due=due), "yellow")
    if again := [line for line in result.lines if line.given]:
        names = joined(listed([line.department.name for line in again]), printer.language)
        printer.line(
            printer.said("cli.said.given_again", departments=names, count=sum(line.given for line in again))
        )
    for line in result.lines:
        for path in line.aside:
            printer.line(
                printer.said("cli.said.set_aside", department=line.department.name, path=path), "yellow"
            )
    if left := [line for line in result.lines if line.left]:
        names = joined(listed([line.department.name for line in left]), printer.language)
        printer.line(
            printer.said("cli.said.given_left", departments=names, count=sum(line.left for line in left))
        )


def show_received(printer: Printer, result: ReceiveResult, *, everything: bool = False) -> None:
    """Tell with `printer` what came in, the `result`, and what goes back; with `everything` of each of many files."""
    _returns(printer, result, everything=everything)
    period = result.period
    if not result.lines:
        printer.line(printer.said("cli.said.nothing", folder=result.inbox))
        return
    states = [file.state for file in result.lines]
    counts = counts_of(states, RECEIVED)
    if kept := states.count(FileState.KEPT):
        printer.line(printer.said("cli.said.received_kept", count=kept), "yellow")
    printer.line(printer.said("cli.said.received", period=period.label if period else "", **counts), "bold")
    _entered(printer, result)


def _entered(printer: Printer, result: ReceiveResult) -> None:
    """What the office entered, and what of closed rounds was published anew by that."""
    show_figures(printer, result.changed)
    show_published(printer, result.plan, result.published)
    if faulty := [file for file in result.lines if file.state is FileState.FAULTY]:
        printer.line(printer.said("cli.said.office_faulty", count=len(faulty)), "red")
    if result.entered and result.period and not result.published:
        words = {"count": result.entered, "id": result.period.id}
        printer.line(printer.said("cli.said.office_entered", **words), "bold")


def show_mended(printer: Printer, result: MendResult) -> None:
    """The fresh forms that hold the values, and what had no place in them."""
    for line in result.lines:
        if line.mended is None:
            for found in line.findings:
                printer.finding(found, "")
            continue
        owner = line.department.name if line.department else ""
        words = printer.said(
            "cli.said.mended", file=line.path.name, department=owner, answers=line.answers, path=line.mended
        )
        printer.line(words, "bold")
        if line.mended.parent.name == "inbox":
            printer.line(f"  {printer.said('cli.said.mended_inbox')}", "yellow")
        if line.leftovers:
            printer.line(printer.said("cli.said.mended_left", count=len(line.leftovers)))
            headings = [text(key, printer.language) for key in LEFTOVERS]
            rows = [(left.sheet, left.cell, left.heading, left.value) for left in line.told_leftovers]
            printer.table(headings, rows[:MOST_RECORDS])


def show_checked(printer: Printer, result: ReceiveResult, *, everything: bool = False) -> None:
    """Tell with `printer` the `result` of looking at files only; with `everything` of each of many."""
    _returns(printer, result, everything=everything)
    states = [file.state for file in result.lines]
    counts = counts_of(states, CHECKED)
    printer.line(printer.said("cli.said.checked", count=len(states), **counts), "bold")


def _returns(printer: Printer, result: ReceiveResult, *, everything: bool) -> None:
    """Each file with what is wrong, those of a letter below what is told of that; of many what needs attention.

    Of a letter without a return its finding says it all.
    """
    shown, left_out = one_by_one(result.lines, everything=everything)
    before = None
    for file, more_findings in shown:
        told = any(finding.code is FindingCode.LETTER_NO_RETURN for finding in file.findings)
        if file.letter and file.letter != before and not told:
            for number, words in enumerate(letter_words(file.letter, printer.language)):
                printer.line(words, "dim" if number else "bold")
        before = file.letter
        _return(printer, result, file)
        show_more(printer, more_findings)
    if not everything:
        show_left_out(printer, left_out)
        show_by_department(printer, result.lines)


def _return(printer: Printer, result: ReceiveResult, file: ReceivedFile) -> None:
    owner = file.department.name if file.department else ""
    above = file.letter.path if file.letter and file.path != file.letter.path else result.inbox
    name = str(file.path.relative_to(above)) if above and above in file.path.parents else file.path.name
    if owner:
        name = text("signs.bracketed", printer.language, word=name, note=owner)
    printer.head(printer.state(*STATES[file.state]), name)

    def label(found: Finding) -> str:
        form = result.plan.form(found.form)
        field = form.by_id.get(found.field) if form else None
        return field.label if field else ""

    printer.findings(file.findings, label)
    if file.compared and file.compared.before:
        printer.line(f"  {printer.said('cli.said.compared', **file.compared.counts)}")
    if file.sent_back:
        printer.line(f"  {printer.said('cli.said.goes_back', path=file.sent_back)}", "dim")
    if file.letter and file.letter.archive and file.path == file.letter.path:
        printer.line(f"  {printer.said('cli.said.letter_kept', path=file.letter.archive)}", "dim")


def show_consolidated(printer: Printer, result: ConsolidateResult) -> None:
    """Where the summary is, or who stands in its way."""
    label = result.period.label
    if result.path is None:
        printer.line(printer.said("cli.said.refused_open", period=label), "red")
    show_open(printer, result.plan, result.open)
    if result.path is None:
        printer.line(printer.said("cli.said.try_draft"), "dim")
        return
    for finding in result.earlier:
        printer.finding(finding)
    key = "cli.said.draft_made" if result.draft else "cli.said.summary_made"
    printer.line(printer.said(key, period=label, path=result.path), "bold")
    if result.page:
        printer.line(printer.said("cli.said.page_made", path=result.page), "bold")
    for path in result.aside:
        name = result.path.with_suffix(path.suffix).name
        printer.line(printer.said("cli.said.summary_aside", file=name, path=path), "yellow")
    if result.unfit:
        departments = (result.plan.department(receipt.department) for receipt in result.unfit)
        names = joined((department.name for department in departments if department), printer.language)
        printer.line(printer.said("cli.said.unfit", names=names), "yellow")


# --- figures against those in print ---


def show_reconciled(printer: Printer, result: ReconcileResult) -> None:
    """Each published figure beside the summary's, and what makes up those that differ."""
    plan, found = result.plan, result.comparisons
    grouped = any(comparison.group for comparison in found)
    rows = []
    for comparison in found:
        word = printer.word("cli.word.agrees" if comparison.agrees else "cli.word.differs")
        state = Text(word, "green" if comparison.agrees else "red")
        figure = (
            comparison.label,
            *([comparison.group] if grouped else []),
            _period(printer, plan, comparison.period),
        )
        rows.append((*figure, comparison.printed, comparison.shown, state, _cell(result, comparison)))
    keys = [key for key in FIGURES if grouped or key != GROUP]
    if rows:
        printer.table([printer.word(key) for key in keys], rows, right=(2 + grouped, 3 + grouped))
    for comparison in result.differing:
        _difference(printer, result, comparison)
    if result.differing:
        printer.line("")
    differ = len(result.differing)
    total = len(found)
    words = printer.said("cli.said.reconciled", total=total, agree=total - differ, differ=differ)
    printer.line(words, "red" if differ else "green")
    if result.later:
        label = result.period.label
        printer.line(printer.said("cli.said.reconciled_later", count=result.later, period=label), "dim")
    show_standing(printer, plan, result.standing)


def _cell(result: ReconcileResult, comparison: Comparison) -> str:
    """Where a figure stands; without its sheet where that is the same for all."""
    sheets = {other.cell.rpartition("!")[0] for other in result.comparisons if other.cell}
    return comparison.cell if len(sheets) > 1 else comparison.cell.rpartition("!")[2]


def _period(printer: Printer, plan: Plan, period_id: str) -> str:
    """A period's label; what the summary says over the figures of the whole plan."""
    found = plan.period(period_id)
    return found.label if found else printer.word("cli.word.whole_plan")


def _difference(printer: Printer, result: ReconcileResult, comparison: Comparison) -> None:
    """A figure that differs: where it stands, its formula with the numbers put in, what these are made of."""
    cause, plan = comparison.cause, result.plan
    figure = "  ".join(
        part
        for part in (comparison.label, comparison.group, _period(printer, plan, comparison.period))
        if part
    )
    head = printer.said(
        "cli.said.differing", figure=figure, printed=comparison.printed, shown=comparison.shown or "―"
    )
    cell = _cell(result, comparison)
    printer.line("")
    printer.line(f"{head}  {cell}".rstrip(), "bold")
    if cause.formula not in ("", *(f"{term.value:.10g}" for term in cause.terms)):
        printer.line(f"  = {cause.formula}")
    for part in cause.parts:
        _part(printer, part)
    for term in cause.terms:
        if len(cause.terms) > 1:
            count, value = len(term.records), f"{term.value:.10g}"
            printer.line(f"  {printer.said('cli.said.made_of_records', value=value, count=count)}")
        _term(printer, plan, comparison, term)
    if cause.follows_from:
        roots = [
            printer.said("cli.said.root", label=root.label, period=_period(printer, plan, root.period))
            for root in cause.follows_from
        ]
        printer.line(
            f"  {printer.said('cli.said.follows_from', names=joined(roots, printer.language))}", "yellow"
        )


def _part(printer: Printer, part: Part) -> None:
    label = printer.said("cli.said.so_far", label=part.label) if part.cumulative else part.label
    value = "―" if part.value is None else f"{part.value:.10g}"
    words = {True: "cli.word.agrees", False: "cli.word.differs", None: "cli.word.not_printed"}
    state = printer.word(words[part.agrees])
    printed = (
        f"{printer.word('cli.word.printed')} {part.printed}" if part.printed and part.agrees is False else ""
    )
    printer.line("  ".join(words for words in (f"  {value:>6}  {label}", state, printed) if words))


def _term(printer: Printer, plan: Plan, comparison: Comparison, term: Term) -> None:
    """The records of a term, each on a line; the first of them where there are many."""
    for record in term.records[:MOST_RECORDS]:
        period = "" if record.period == comparison.period else _period(printer, plan, record.period)
        values = [value for _, value in record.values]
        if record.adds != 1 and f"{record.adds:.10g}" not in values:
            values.append(f"{record.adds:+.10g}")
        facts = printer.said("cli.said.between").join(part for part in (period, *values) if part)
        name = (
            " ".join(part for part in (record.item, record.title) if part) or f"{record.sheet}!{record.row}"
        )
        printer.line(f"    {printer.said('cli.said.made_of', name=name, values=facts) if facts else name}")
    more = len(term.records) - MOST_RECORDS
    if more > 0:
        printer.line(f"    {printer.said('cli.said.more_records', count=more)}", "dim")
