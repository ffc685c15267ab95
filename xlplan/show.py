"""Each stage's result in lines and tables for people."""

from xlplan.cycle.issue import IssueResult
from xlplan.cycle.publish import ConsolidateResult, ReconcileResult
from xlplan.cycle.receive import ReceiveResult, ReturnLine
from xlplan.cycle.status import StatusLine, StatusResult
from xlplan.printing import Printer
from xlplan.wareki import date_label
from xlplan.workspace import Workspace


def show_issue(printer: Printer, result: IssueResult) -> None:
    """What went out."""
    headings = [printer.word(key) for key in ("department", "items", "state", "file")]
    rows = [(one.department.name, one.items, printer.state(one.done), one.path.name) for one in result.lines]
    printer.table(headings, rows, right=(1,))
    due = (
        date_label(result.due, result.plan.calendar, printer.language)
        if result.due
        else printer.said("no_due")
    )
    folder = result.lines[0].path.parent
    words = printer.said(
        "issued", period=result.period.label, count=len(result.lines), due=due, folder=folder
    )
    printer.line(words, "bold")


def show_received(printer: Printer, result: ReceiveResult, space: Workspace) -> None:
    """What came in, with everything that is wrong and where the sent-back workbooks are."""
    for one in result.lines:
        _return(printer, result, one)
    period = result.period
    if not result.lines and period:
        printer.line(printer.said("nothing", folder=space.inbox(period.id)))
        return
    states = [one.state for one in result.lines]
    counts = {name: states.count(name) for name in ("accepted", "sent_back", "refused", "known")}
    printer.line(printer.said("received", period=period.label if period else "", **counts), "bold")


def show_checked(printer: Printer, result: ReceiveResult) -> None:
    """What was found in files that were only looked at."""
    for one in result.lines:
        _return(printer, result, one)
    states = [one.state for one in result.lines]
    counts = {name: states.count(name) for name in ("fine", "faulty", "refused")}
    printer.line(printer.said("checked", count=len(states), **counts), "bold")


def _return(printer: Printer, result: ReceiveResult, one: ReturnLine) -> None:
    owner = f"（{one.department.name}）" if one.department else ""
    head = printer.state(one.state)
    head.append(f"  {one.path.name}{owner}", style="bold")
    printer.console.print(head)
    for found in one.findings:
        form = result.plan.form(found.form)
        field = form.by_id.get(found.field) if form else None
        printer.finding(found, field.label if field else "")
    if one.sent_back:
        printer.line(f"  {printer.said('goes_back', path=one.sent_back)}", "dim")


def show_status(printer: Printer, result: StatusResult) -> None:
    """How the round stands."""
    keys = ("department", "state", "attempts", "errors", "warnings", "respondent", "due")
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
    printer.table([printer.word(key) for key in keys], rows, right=(2, 3, 4, 6))
    total = len(result.lines)
    accepted = total - len(result.open)
    words = printer.said("status_line", period=result.period.label, accepted=accepted, total=total)
    printer.line(words, "bold")
    if result.changed:
        names = "、".join(one.name for one in result.changed)
        printer.line(printer.said("status_changed", names=names), "red")


def _days(printer: Printer, one: StatusLine) -> str:
    if one.days is None:
        return ""
    return printer.word("days", days=one.days) if one.days >= 0 else printer.word("overdue", days=-one.days)


def show_consolidated(printer: Printer, result: ConsolidateResult) -> None:
    """Where the summary is, or who stands in its way."""
    label = result.period.label
    if result.path is None:
        printer.line(printer.said("refused_open", period=label), "red")
    for one in result.open:
        department = result.plan.department(one.department)
        line = printer.state(one.state)
        line.append(f"  {department.name if department else one.department}")
        printer.console.print(line)
    if result.path is None:
        printer.line(printer.said("try_draft"), "dim")
        return
    key = "draft_made" if result.draft else "summary_made"
    printer.line(printer.said(key, period=label, path=result.path), "bold")


def show_reconciled(printer: Printer, result: ReconcileResult) -> None:
    """Each published figure beside the summary's."""
    keys = ("measure", "group", "period", "printed", "computed", "state", "cell")
    rows = []
    for one in result.comparisons:
        state = printer.state("fine" if one.agrees else "faulty")
        state.plain = printer.word("agrees" if one.agrees else "differs")
        rows.append((one.label, one.group, one.period, one.printed, one.shown, state, one.cell))
    printer.table([printer.word(key) for key in keys], rows, right=(3, 4))
    differ = len(result.differing)
    total = len(result.comparisons)
    words = printer.said("reconciled", total=total, agree=total - differ, differ=differ)
    printer.line(words, "red" if differ else "green")
