"""Each stage's result in lines and tables for people."""

from collections.abc import Sequence
from enum import StrEnum

from rich.text import Text

from xlplan.cli.printing import Printer
from xlplan.cli.words import FIGURES, GROUP, HINTS, ISSUED, LEFTOVERS, ORIGINS, STATUS
from xlplan.language.eras import date_label
from xlplan.language.messages import joined, text
from xlplan.model.finding import Finding
from xlplan.model.plan import Plan
from xlplan.report.reconcile.causes import Part, Term
from xlplan.report.reconcile.comparison import Comparison
from xlplan.stages.issue import IssueResult
from xlplan.stages.lines import FileState, ReceiveResult, ReturnLine
from xlplan.stages.mend import MendResult
from xlplan.stages.publish import ConsolidateResult, ReconcileResult
from xlplan.stages.standing import SummaryStanding
from xlplan.stages.status import StatusLine, StatusResult
from xlplan.stages.verify import FileKind, Misfit, VerifyResult
from xlplan.store.workspace import Workspace

RECEIVED = (FileState.ACCEPTED, FileState.SENT_BACK, FileState.REFUSED, FileState.KNOWN)
"""What is counted of files that were received."""
CHECKED = (FileState.FINE, FileState.FAULTY, FileState.REFUSED)
"""What is counted of files that were only looked at."""

MOST_RECORDS = 20
"""Records of one figure that are listed; the document of `--json` has them all."""


def counts_of(found: Sequence[StrEnum], counted: Sequence[StrEnum]) -> dict[str, int]:
    """How often each of `counted` is `found`, by its value."""
    return {one.value: found.count(one) for one in counted}


def show_issue(printer: Printer, result: IssueResult) -> None:
    """What went out."""
    headings = [printer.word(key) for key in ISSUED]
    rows = [(one.department.name, one.items, printer.state(one.done), one.path.name) for one in result.lines]
    printer.table(headings, rows, right=(1,))
    due = (
        date_label(result.due, result.plan.calendar, printer.language)
        if result.due
        else printer.said("cli.said.due_differs" if len(result.dates) > 1 else "cli.said.no_due")
    )
    for told in result.earlier:
        printer.finding(told)
    folder = result.lines[0].path.parent
    words = printer.said(
        "cli.said.issued", period=result.period.label, count=len(result.lines), due=due, folder=folder
    )
    printer.line(words, "bold")
    if result.passed:
        printer.line(printer.said("cli.said.due_passed", due=due), "yellow")
    if again := [one for one in result.lines if one.given]:
        names = joined((one.department.name for one in again), printer.language)
        printer.line(
            printer.said("cli.said.given_again", departments=names, count=sum(one.given for one in again))
        )
    for one in result.lines:
        for path in one.aside:
            printer.line(
                printer.said("cli.said.set_aside", department=one.department.name, path=path), "yellow"
            )
    if left := [one for one in result.lines if one.left]:
        names = joined((one.department.name for one in left), printer.language)
        printer.line(
            printer.said("cli.said.given_left", departments=names, count=sum(one.left for one in left))
        )


def show_received(printer: Printer, result: ReceiveResult, space: Workspace) -> None:
    """What came in, with everything that is wrong and where the sent-back workbooks are."""
    for one in result.lines:
        _return(printer, result, one)
    period = result.period
    if not result.lines and period:
        printer.line(printer.said("cli.said.nothing", folder=space.inbox(period.id)))
        return
    states = [one.state for one in result.lines]
    counts = counts_of(states, RECEIVED)
    if kept := states.count(FileState.KEPT):
        printer.line(printer.said("cli.said.received_kept", count=kept), "yellow")
    printer.line(printer.said("cli.said.received", period=period.label if period else "", **counts), "bold")


def show_mended(printer: Printer, result: MendResult) -> None:
    """What was poured into fresh forms, and what had no place in them."""
    for one in result.lines:
        if one.mended is None:
            for found in one.findings:
                printer.finding(found, "")
            continue
        owner = one.department.name if one.department else ""
        words = printer.said(
            "cli.said.mended", file=one.path.name, department=owner, answers=one.answers, path=one.mended
        )
        printer.line(words, "bold")
        if one.mended.parent.name == "inbox":
            printer.line(f"  {printer.said('cli.said.mended_inbox')}", "yellow")
        if one.leftovers:
            printer.line(printer.said("cli.said.mended_left", count=len(one.leftovers)))
            headings = [text(key, printer.language) for key in LEFTOVERS]
            rows = [(left.sheet, left.cell, left.heading, left.value) for left in one.told_leftovers]
            printer.table(headings, rows[:MOST_RECORDS])


def show_checked(printer: Printer, result: ReceiveResult) -> None:
    """What was found in files that were only looked at."""
    for one in result.lines:
        _return(printer, result, one)
    states = [one.state for one in result.lines]
    counts = counts_of(states, CHECKED)
    printer.line(printer.said("cli.said.checked", count=len(states), **counts), "bold")


def _return(printer: Printer, result: ReceiveResult, one: ReturnLine) -> None:
    owner = one.department.name if one.department else ""
    head = printer.state(one.state)
    name = one.path.name
    if owner:
        name = text("signs.bracketed", printer.language, word=name, note=owner)
    head.append(f"  {name}", style="bold")
    printer.console.print(head)

    def label(found: Finding) -> str:
        form = result.plan.form(found.form)
        field = form.by_id.get(found.field) if form else None
        return field.label if field else ""

    printer.findings(one.findings, label)
    if one.sent_back:
        printer.line(f"  {printer.said('cli.said.goes_back', path=one.sent_back)}", "dim")


def show_status(printer: Printer, result: StatusResult) -> None:
    """How the round stands."""
    rows = [
        (
            one.department.name,
            printer.state(one.state),
            one.attempts or "",
            one.errors or "",
            one.warnings or "",
            one.respondent,
            _days(printer, one),
        )
        for one in result.lines
    ]
    printer.table([printer.word(key) for key in STATUS], rows, right=(2, 3, 4, 6))
    total = len(result.lines)
    accepted = total - len(result.open)
    words = printer.said("cli.said.status_line", period=result.period.label, accepted=accepted, total=total)
    printer.line(words, "bold")
    if result.changed:
        names = joined((one.name for one in result.changed), printer.language)
        printer.line(printer.said("cli.said.status_changed", names=names), "red")
    _summary(printer, result.plan, result.summary)
    if result.refused:
        printer.line(printer.said("cli.said.status_refused", count=len(result.refused)), "yellow")
    for one in result.refused:
        said = one.finding.message(printer.language)
        printer.line(f"  {one.received_at:%Y-%m-%d %H:%M}  {one.file_name}  {said}")


def _summary(printer: Printer, plan: Plan, found: SummaryStanding | None) -> None:
    """A summary that is older than what counts now, or is not as it was written."""
    if found is None:
        return
    name = found.path.name
    if found.outdated:
        departments = (plan.department(one) for one in found.returns)
        names = joined((one.name for one in departments if one), printer.language)
        key = "cli.said.summary_older_returns" if names else "cli.said.summary_older"
        printer.line(printer.said(key, file=name, names=names), "yellow")
    if found.altered:
        printer.line(printer.said("cli.said.summary_altered", file=name), "yellow")


def _days(printer: Printer, one: StatusLine) -> str:
    if one.days is None:
        return ""
    return (
        printer.word("cli.word.days", days=one.days)
        if one.days >= 0
        else printer.word("cli.word.overdue", days=-one.days)
    )


def show_consolidated(printer: Printer, result: ConsolidateResult) -> None:
    """Where the summary is, or who stands in its way."""
    label = result.period.label
    if result.path is None:
        printer.line(printer.said("cli.said.refused_open", period=label), "red")
    for one in result.open:
        department = result.plan.department(one.department)
        line = printer.state(one.state)
        line.append(f"  {department.name if department else one.department}")
        printer.console.print(line)
    if result.path is None:
        printer.line(printer.said("cli.said.try_draft"), "dim")
        return
    for told in result.earlier:
        printer.finding(told)
    key = "cli.said.draft_made" if result.draft else "cli.said.summary_made"
    printer.line(printer.said(key, period=label, path=result.path), "bold")
    for path in result.aside:
        printer.line(printer.said("cli.said.summary_aside", file=result.path.name, path=path), "yellow")
    if result.unfit:
        named = (result.plan.department(one.department) for one in result.unfit)
        names = joined((one.name for one in named if one), printer.language)
        printer.line(printer.said("cli.said.unfit", names=names), "yellow")


def show_verified(printer: Printer, result: VerifyResult) -> None:
    """What does not fit the ledger, and what to do about each of it."""
    for flaw in result.flaws:
        printer.line(printer.said("cli.said.verify_flaw", reason=flaw), "red")
    for one in result.misfits:
        head = printer.state(one.state)
        head.append(f"  {one.path}", style="bold")
        head.append(_origin(printer, result, one))
        printer.console.print(head)
        period = one.kept.period if one.kept else ""
        printer.line(f"  → {printer.said(HINTS[one.kind, one.state], path=one.path, period=period)}", "dim")
    kinds = [one.kind for one in result.files]
    counts = counts_of(kinds, tuple(FileKind))
    printer.line(printer.said("cli.said.verified", **counts), "bold")
    if result.fine:
        printer.line(printer.said("cli.said.verified_fine"), "green")
    else:
        count = len(result.misfits) + len(result.flaws)
        printer.line(printer.said("cli.said.verified_faults", count=count), "red")


def _origin(printer: Printer, result: VerifyResult, one: Misfit) -> str:
    """Whose file it is and since when the ledger knows it."""
    if one.kept is None:
        return ""
    found = result.plan.department(one.kept.department) if result.plan else None
    who = found.name if found else one.kept.department or one.kept.name
    moment = f"{one.kept.moment:%Y-%m-%d %H:%M}"
    return printer.said(ORIGINS[one.kind], who=who, attempt=one.kept.attempt, moment=moment)


def show_reconciled(printer: Printer, result: ReconcileResult) -> None:
    """Each published figure beside the summary's, and what makes up those that differ."""
    plan, found = result.plan, result.comparisons
    grouped = any(one.group for one in found)
    rows = []
    for one in found:
        state = Text(
            printer.word("cli.word.agrees" if one.agrees else "cli.word.differs"),
            "green" if one.agrees else "red",
        )
        figure = (one.label, *([one.group] if grouped else []), _period(printer, plan, one.period))
        rows.append((*figure, one.printed, one.shown, state, _cell(result, one)))
    keys = [key for key in FIGURES if grouped or key != GROUP]
    printer.table([printer.word(key) for key in keys], rows, right=(2 + grouped, 3 + grouped))
    for one in result.differing:
        _difference(printer, result, one)
    if result.differing:
        printer.line("")
    differ = len(result.differing)
    total = len(found)
    words = printer.said("cli.said.reconciled", total=total, agree=total - differ, differ=differ)
    printer.line(words, "red" if differ else "green")
    _summary(printer, plan, result.standing)


def _cell(result: ReconcileResult, one: Comparison) -> str:
    """Where a figure stands; without its sheet where that is the same for all."""
    sheets = {other.cell.rpartition("!")[0] for other in result.comparisons if other.cell}
    return one.cell if len(sheets) > 1 else one.cell.rpartition("!")[2]


def _period(printer: Printer, plan: Plan, period_id: str) -> str:
    """A period's label; what the summary says over the figures of the whole plan."""
    found = plan.period(period_id)
    return found.label if found else printer.word("cli.word.whole_plan")


def _difference(printer: Printer, result: ReconcileResult, one: Comparison) -> None:
    """A figure that differs: where it stands, its formula with the numbers put in, what these are made of."""
    cause, plan = one.cause, result.plan
    figure = "  ".join(part for part in (one.label, one.group, _period(printer, plan, one.period)) if part)
    head = printer.said("cli.said.differing", figure=figure, printed=one.printed, shown=one.shown or "―")
    cell = _cell(result, one)
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
        _term(printer, plan, one, term)
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
    printer.line("  ".join(one for one in (f"  {value:>6}  {label}", state, printed) if one))


def _term(printer: Printer, plan: Plan, one: Comparison, term: Term) -> None:
    """The records of a term, each on a line; the first of them where there are many."""
    for record in term.records[:MOST_RECORDS]:
        period = "" if record.period == one.period else _period(printer, plan, record.period)
        values = [value for _, value in record.values]
        if record.adds != 1 and f"{record.adds:.10g}" not in values:
            values.append(f"{record.adds:+.10g}")
        said = printer.said("cli.said.between").join(part for part in (period, *values) if part)
        name = (
            " ".join(part for part in (record.item, record.title) if part) or f"{record.sheet}!{record.row}"
        )
        printer.line(f"    {printer.said('cli.said.made_of', name=name, values=said) if said else name}")
    more = len(term.records) - MOST_RECORDS
    if more > 0:
        printer.line(f"    {printer.said('cli.said.more_records', count=more)}", "dim")
