"""What is printed of the office's decisions, of judging again and of the log; and their documents."""

from collections.abc import Iterator

from xlplan.cli.documents import Document, day_of, head_of, published
from xlplan.cli.printing import Printer
from xlplan.cli.standing import show_published
from xlplan.cli.words import LOG, label_in
from xlplan.language.messages import spaced
from xlplan.model.decision import Decision, DecisionKind
from xlplan.model.plan import Plan
from xlplan.report.decided import about_words
from xlplan.report.returns import ReturnState
from xlplan.stages.deciding import DecideResult, UndoResult
from xlplan.stages.judge_again import RejudgeResult
from xlplan.stages.log import LogEntry, LogResult
from xlplan.stages.outbox import OutboxChange


def _decision(decision: Decision) -> Document:
    """A decision in a document."""
    return {
        "number": decision.number,
        "kind": decision.kind.value,
        "made_at": day_of(decision.made_at),
        "made_by": decision.made_by,
        "reason": decision.reason,
        "takes_back": decision.takes_back or None,
        "about": {name: _plain(value) for name, value in decision.target.items()},
    }


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | float | None) else str(value)


def _outbox(outbox: OutboxChange) -> Document:
    return {
        "to_send": [{"file": str(path)} for path in outbox.written],
        "not_to_send": [{"file": str(path)} for path in outbox.taken],
    }


def _show_outbox(printer: Printer, outbox: OutboxChange) -> None:
    for path in outbox.written:
        printer.line(printer.said("cli.said.outbox_written", path=path), "yellow")
    for path in outbox.taken:
        printer.line(printer.said("cli.said.outbox_taken", path=path))


def _state(printer: Printer, state: ReturnState | None) -> str:
    return printer.word(state.catalogue_key) if state else "―"


# --- deciding ----------------------------------------------------------------------------------------


def decide_document(result: DecideResult, language: str) -> Document:
    """`xlplan allow --json`, and of the other decisions; findings are told in `language`."""
    return (
        head_of(result.decision.kind.value, result.period)
        | {
            "department": result.department.id if result.department else None,
            "before": result.before,
            "after": result.after,
            "decisions": [_decision(decision) for decision in result.decisions],
            "findings": [finding.as_dict(language) for finding in result.findings],
        }
        | _outbox(result.outbox)
    )


def show_decided(printer: Printer, result: DecideResult) -> None:
    """What was decided, and how things stand by it."""
    printer.findings(result.findings, label_in(result.plan))
    for decision in result.decisions:
        words = {"number": decision.number, "kind": printer.word(decision.kind.catalogue_key)}
        if result.department is None:
            printer.line(printer.said("cli.said.decided_nobody", **words), "bold")
            continue
        states = {"before": _state(printer, result.before), "after": _state(printer, result.after)}
        key = "cli.said.decided_same" if result.before is result.after else "cli.said.decided"
        printer.line(printer.said(key, department=result.department.name, **words, **states), "bold")
    if result.decision.kind is DecisionKind.EXTEND and result.department:
        words = {"department": result.department.name, "code": result.department.id}
        due = result.decision.target.get("due")
        printer.line(printer.said("cli.said.decided_due", due=due, id=result.period.id, **words))
    _show_outbox(printer, result.outbox)
    printer.line(printer.said("cli.said.decided_undo", number=result.decision.number), "dim")


# --- letting off -------------------------------------------------------------------------------------


def excuse_document(result: DecideResult) -> Document:
    """`xlplan excuse --json`."""
    decision = result.decision
    told = {
        "department": decision.target["department"],
        "reason": decision.reason,
        "made_at": day_of(decision.made_at),
        "made_by": decision.made_by,
        "decision": decision.number,
    }
    return head_of("excuse", result.period) | told | _outbox(result.outbox)


def show_excused(printer: Printer, result: DecideResult) -> None:
    """That a department was let off its answer."""
    name = result.department.name if result.department else ""
    names = {"department": name, "period": result.period.label}
    printer.line(printer.said("cli.said.excused", reason=result.decision.reason, **names), "bold")
    _show_outbox(printer, result.outbox)
    printer.line(printer.said("cli.said.decided_undo", number=result.decision.number), "dim")


# --- taking back -------------------------------------------------------------------------------------


def undo_document(result: UndoResult) -> Document:
    """`xlplan undo --json`."""
    return (
        head_of("undo", result.period)
        | {
            "decision": _decision(result.decision),
            "undone": _decision(result.undone),
            "changed": [
                {"department": department.id, "before": before, "after": after}
                for department, before, after in result.changed
            ],
            "sent": [{"file": file} for file in result.sent],
            "published": [published(made) for made in result.published],
        }
        | _outbox(result.outbox)
    )


def show_undone(printer: Printer, result: UndoResult) -> None:
    """What was taken back, how things stand by that, and what went out meanwhile."""
    kind = printer.word(result.undone.kind.catalogue_key)
    words = {"number": result.undone.number, "kind": kind, "by": result.decision.number}
    printer.line(printer.said("cli.said.undone", **words), "bold")
    for department, before, after in result.changed:
        states = {"before": _state(printer, before), "after": _state(printer, after)}
        printer.line(printer.said("cli.said.undone_changed", department=department.name, **states))
    _show_outbox(printer, result.outbox)
    for path in result.sent:
        printer.line(printer.said("cli.said.undone_sent", path=path), "yellow")
    show_published(printer, result.plan, result.published)


# --- judging again -----------------------------------------------------------------------------------


def rejudge_document(result: RejudgeResult, language: str) -> Document:
    """`xlplan rejudge --json`; findings are told in `language`."""
    return (
        head_of("rejudge", result.period)
        | {
            "done": result.decision is not None,
            "decision": result.decision.number if result.decision else None,
            "judged": result.judged,
            "changed": [
                {
                    "department": line.department.id,
                    "before": line.before,
                    "after": line.after,
                    "appeared": [finding.as_dict(language) for finding in line.appeared],
                    "resolved": [finding.as_dict(language) for finding in line.resolved],
                }
                for line in result.changed
            ],
            "unread": [
                {"department": department.id, **finding.as_dict(language)}
                for department, finding in result.unread
            ],
        }
        | _outbox(result.outbox)
    )


def show_rejudged(printer: Printer, result: RejudgeResult) -> None:
    """Whose return stands otherwise, and by which findings."""
    for line in result.changed:
        states = {"before": _state(printer, line.before), "after": _state(printer, line.after)}
        printer.line(
            printer.said("cli.said.undone_changed", department=line.department.name, **states), "bold"
        )
        for found, key in (
            (line.appeared, "cli.said.rejudged_new"),
            (line.resolved, "cli.said.rejudged_gone"),
        ):
            if found:
                printer.line(printer.said(key, count=len(found)))
                printer.findings(found, label_in(result.plan))
    for department, finding in result.unread:
        words = {"department": department.name, "message": finding.message(printer.language)}
        printer.line(printer.said("cli.said.rejudged_unread", **words), "yellow")
    if not result.changed:
        printer.line(printer.said("cli.said.rejudged_none", count=result.judged), "bold")
    elif result.decision is None:
        printer.line(printer.said("cli.said.rejudged_shown", changed=len(result.changed)), "yellow")
    else:
        number, changed = result.decision.number, len(result.changed)
        printer.line(printer.said("cli.said.rejudged_done", number=number, changed=changed), "bold")
    _show_outbox(printer, result.outbox)


# --- the log -----------------------------------------------------------------------------------------


def log_document(result: LogResult, language: str) -> Document:
    """`xlplan log --json`; findings are told in `language`."""
    return head_of("log", result.period) | {
        "entries": [
            {
                "moment": day_of(entry.moment),
                "event": entry.event.value,
                "department": entry.department or None,
                "file": entry.file or None,
                "attempt": entry.attempt or None,
                "state": entry.state or None,
                "due": day_of(entry.due),
                "version": entry.version or None,
                "message": entry.finding.message(language) if entry.finding else None,
                "decision": _decision(entry.decision) if entry.decision else None,
                "undone_by": entry.undone_by or None,
            }
            for entry in result.entries
        ]
    }


def show_log(printer: Printer, result: LogResult) -> None:
    """What happened, a line each."""
    rows = [_log_row(printer, result.plan, entry) for entry in result.entries]
    if rows:
        printer.table([printer.word(key) for key in LOG], rows)
    else:
        printer.line(printer.said("cli.said.log_none", period=result.period.label))


def _log_row(printer: Printer, plan: Plan, entry: LogEntry) -> tuple[str, ...]:
    department = plan.department(entry.department)
    decision = entry.decision
    kind = decision.kind if decision else entry.event
    return (
        f"{entry.moment:%Y-%m-%d %H:%M}",
        str(decision.number) if decision else "",
        printer.word(kind.catalogue_key),
        department.name if department else entry.department,
        spaced(filter(None, _details(printer, plan, entry)), printer.language),
        decision.made_by if decision else "",
    )


def _details(printer: Printer, plan: Plan, entry: LogEntry) -> Iterator[str]:
    """What is to be said of an entry."""
    if entry.attempt and not entry.decision:
        yield printer.said("cli.said.log_attempt", attempt=entry.attempt)
    if entry.state:
        yield printer.word(f"cli.state.{entry.state}")
    if entry.version:
        yield printer.said("cli.said.log_version", version=entry.version)
    if entry.due:
        yield printer.said("cli.said.log_due", due=entry.due)
    if entry.decision:
        yield from about_words(plan, entry.decision, printer.language)
        yield entry.decision.reason
    yield entry.file.rpartition("/")[2]
    if entry.finding:
        yield entry.finding.message(printer.language)
    if entry.undone_by:
        yield printer.said("cli.said.log_undone", by=entry.undone_by)
