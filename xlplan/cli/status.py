"""What `xlplan status` prints, and its JSON document."""

from collections.abc import Iterable, Iterator

from xlplan.cli.documents import Document, day_of, head_of, published, standing_of
from xlplan.cli.printing import Printer
from xlplan.cli.standing import fixed, show_progress, show_standing
from xlplan.cli.words import STATES, STATUS
from xlplan.language.eras import date_label
from xlplan.language.messages import joined, text
from xlplan.model.finding import listed
from xlplan.model.item import Department
from xlplan.model.plan import Plan
from xlplan.report.returns import ReturnState
from xlplan.stages.frequent import FrequentFinding
from xlplan.stages.news import News, news_words
from xlplan.stages.nextstep import NextStep
from xlplan.stages.status import StatusLine, StatusResult

MOST_FREQUENT = 5
"""Kinds of findings that are printed."""
FREQUENT = ("status.word.departments", "status.word.findings", "status.word.field", "status.word.message")
TO_SEND = ("status.word.department", "status.word.file", "status.word.why")


def show_status(printer: Printer, result: StatusResult) -> None:
    """How the round stands."""
    rows = [
        (
            line.department.name,
            printer.state(*STATES[line.state]),
            line.attempts or "",
            line.errors or "",
            line.warnings or "",
            line.respondent,
            _days(printer, line),
        )
        for line in result.lines
    ]
    printer.table([printer.word(key) for key in STATUS], rows, right=(2, 3, 4, 6))
    show_progress(printer, result.open)
    _counts(printer, result)
    if made := result.closed:
        day = f"{made.made_at:%Y-%m-%d}"
        printer.line(printer.said("cli.said.closed_round", day=day, **fixed(printer, result.period, made)))
    if result.news:
        _news(printer, result.plan, result.news)
    _frequent(printer, result)
    _to_send(printer, result)
    _plan(printer, result)
    for summary in (result.summary, result.page):
        show_standing(printer, result.plan, summary)
    if result.refused:
        printer.line(printer.said("cli.said.status_refused", count=len(result.refused)), "yellow")
    for refusal in result.refused:
        message = refusal.finding.message(printer.language)
        printer.line(f"  {refusal.received_at:%Y-%m-%d %H:%M}  {refusal.file_name}  {message}")
    _next(printer, result.step)


def _next(printer: Printer, step: NextStep) -> None:
    """What is to be done next, and the command that does it."""
    printer.line(printer.said("status.said.next", sentence=step.sentence(printer.language)), "bold")
    printer.line(f"  {step.command}")


def _days(printer: Printer, line: StatusLine) -> str:
    """The days left, or by how many working days a department is late; of one late by a weekend alone all days."""
    if line.days is None:
        return ""
    if line.days_late:
        return printer.word("cli.word.working_days_late", days=line.days_late)
    return (
        printer.word("cli.word.days", days=line.days)
        if line.days >= 0
        else printer.word("cli.word.overdue", days=-line.days)
    )


def _names(departments: Iterable[Department], language: str) -> str:
    return joined((department.name for department in departments), language)


def _counts(printer: Printer, result: StatusResult) -> None:
    """How many departments stand in which way, and who is late."""
    language = printer.language
    printer.line(result.accepted_words(language), "bold")
    if result.open:
        counts = [
            printer.said("status.said.count", state=text(state.catalogue_key, language), count=count)
            for state in ReturnState
            if (count := result.counts.get(state))
        ]
        printer.line(printer.said("status.said.counts", counts=joined(counts, language)))
    if result.late:
        late = (
            text(
                "signs.bracketed",
                language,
                word=line.department.name,
                note=printer.said("status.said.days_late", days=line.days_late),
            )
            for line in result.late
        )
        printer.line(printer.said("status.said.late", names=joined(late, language)), "red")


def _news(printer: Printer, plan: Plan, news: News) -> None:
    """What happened since a day; departments are counted."""
    day = date_label(news.since, plan.calendar, printer.language)
    if not news.any:
        printer.line(printer.said("status.said.no_news", day=day), "dim")
        return
    printer.line(printer.said("status.said.news", day=day), "bold")
    for words in news_words(plan, news, printer.language):
        printer.line(f"  {words}")


def _frequent(printer: Printer, result: StatusResult) -> None:
    """What is found most often."""
    if not result.frequent:
        return
    printer.line(printer.said("status.said.frequent"), "bold")
    rows = [
        (
            len(frequent.departments),
            len(frequent.findings),
            _label(result.plan, frequent),
            frequent.first.message(printer.language),
        )
        for frequent in result.frequent[:MOST_FREQUENT]
    ]
    printer.table([printer.word(key) for key in FREQUENT], rows, right=(0, 1))
    if (more := len(result.frequent) - MOST_FREQUENT) > 0:
        printer.line(printer.said("status.said.more", count=more), "dim")


def _label(plan: Plan, frequent: FrequentFinding) -> str:
    """The label of the column in which a kind of finding is met."""
    form = plan.form(frequent.first.form)
    field = form.field_named(frequent.first.field) if form else None
    return field.label if field else frequent.first.field


def _to_send(printer: Printer, result: StatusResult) -> None:
    """What is to be sent, and why."""
    if not result.sending:
        return
    printer.line(printer.said("status.said.to_send"), "bold")
    rows = [
        (
            sending.department.name,
            sending.file.name if sending.file else "―",
            text(sending.reason.catalogue_key, printer.language, days=sending.days),
        )
        for sending in result.sending
    ]
    printer.table([printer.word(key) for key in TO_SEND], rows)


def _plan(printer: Printer, result: StatusResult) -> None:
    """Whose form the changed plan touches, and what the office has yet to enter."""
    language = printer.language
    if result.changed:
        printer.line(printer.said("cli.said.status_changed", names=_names(result.changed, language)), "red")
    if result.worded:
        printer.line(printer.said("status.said.worded", names=_names(result.worded, language)), "yellow")
    for asked, items in result.office.items() if not result.open else ():
        named = {"label": asked.label, "items": joined(listed(items), language)}
        printer.line(printer.said("cli.said.status_office", count=len(items), **named), "yellow")


# --- the document ------------------------------------------------------------------------------------


def status_document(result: StatusResult, language: str) -> Document:
    """`xlplan status --json`, sentences told in `language`."""
    return head_of("status", result.period) | {
        "departments": [_department(result, line) for line in result.lines],
        "counts": [{"state": state, "departments": count} for state, count in result.counts.items()],
        "refused": [
            {
                "file": refusal.file_name,
                "received_at": day_of(refusal.received_at),
                "archive": refusal.archive,
                "code": refusal.finding.written_code,
                "message": refusal.finding.message(language),
            }
            for refusal in result.refused
        ],
        "summary": standing_of(result.summary),
        "page": standing_of(result.page),
        "closed": [published(made) for made in [result.closed] if made],
        "office": [
            {"form": asked.form, "field": asked.id, "item": item}
            for asked, items in result.office.items()
            for item in items
        ],
        "since": day_of(result.news.since) if result.news else None,
        "news": list(_events(result.news)) if result.news else [],
        "frequent": [_kind(result.plan, frequent, language) for frequent in result.frequent],
        "to_send": [
            {
                "department": sending.department.id,
                "reason": sending.reason,
                "file": str(sending.file) if sending.file else "",
                "message": text(sending.reason.catalogue_key, language, days=sending.days),
            }
            for sending in result.sending
        ],
        "inbox": result.inbox,
        "next": result.step.kind,
        "next_message": result.step.sentence(language),
        "next_command": result.step.command,
    }


def _department(result: StatusResult, line: StatusLine) -> Document:
    """How one department stands."""
    return {
        "department": line.department.id,
        "name": line.department.name,
        "state": line.state,
        "attempts": line.attempts,
        "errors": line.errors,
        "warnings": line.warnings,
        "received_at": day_of(line.received_at),
        "respondent": line.respondent,
        "due": day_of(line.due),
        "days_left": line.days,
        "days_late": line.days_late,
        "compared": line.compared.counts if line.compared else None,
        "plan_changed": line.department in result.changed,
        "words_changed": line.department in result.worded,
        "summary_outdated": bool(result.summary and line.department.id in result.summary.returns),
    }


def _kind(plan: Plan, frequent: FrequentFinding, language: str) -> Document:
    """A kind of finding in one column."""
    return {
        "code": frequent.first.written_code,
        "form": frequent.first.form,
        "field": frequent.first.field,
        "label": _label(plan, frequent),
        "departments": len(frequent.departments),
        "count": len(frequent.findings),
        "message": frequent.first.message(language),
    }


def _events(news: News) -> Iterator[Document]:
    """What happened, one entry each."""
    for department in news.issued:
        yield _event("issued", department=department)
    for receipt in news.received:
        yield _event(
            "received",
            at=day_of(receipt.received_at),
            department=receipt.department,
            what=receipt.state,
            attempt=receipt.attempt,
            file=receipt.file_name,
        )
    for refusal in news.refused:
        yield _event(
            "refused",
            at=day_of(refusal.received_at),
            department=refusal.finding.department,
            what=refusal.finding.written_code,
            file=refusal.file_name,
        )
    for decision in news.decided:
        yield _event(
            "decided",
            at=day_of(decision.made_at),
            department=str(decision.target.get("department") or ""),
            what=decision.kind,
            decision=decision.number,
            by=decision.made_by,
            reason=decision.reason,
        )


def _event(kind: str, **known: object) -> Document:
    """One entry, with every key."""
    nothing: Document = {"at": None, "department": "", "what": "", "attempt": 0, "file": "", "decision": 0}
    return {"kind": kind, **nothing, "by": "", "reason": "", **known}
