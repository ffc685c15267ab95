"""What is printed of closing, correcting, rolling over, the office's workbook; and their documents."""

from xlplan.cli.documents import Document, head_of, published
from xlplan.cli.many import show_open
from xlplan.cli.printing import Printer
from xlplan.cli.standing import fixed, show_figures, show_published
from xlplan.cli.words import CORRECTED, DIFFERING, ENDED, label_in
from xlplan.fields.reading import shown
from xlplan.language.messages import joined
from xlplan.model.correction import Correction
from xlplan.model.finding import listed
from xlplan.model.issue import IssueState
from xlplan.model.plan import Plan
from xlplan.model.plancodes import PlanCode
from xlplan.model.record import Value
from xlplan.report.shown import corrected_cell
from xlplan.stages.afterwards import OfficeIssueResult
from xlplan.stages.changes import ChangesResult
from xlplan.stages.close import CloseResult
from xlplan.stages.correcting import CorrectResult
from xlplan.stages.judged_anew import JudgedAnew
from xlplan.stages.rollover import RolloverResult

# --- the office's own workbook -----------------------------------------------------------------------


def issue_office_document(result: OfficeIssueResult) -> Document:
    """`xlplan issue --office --json`."""
    return head_of("issue", result.period) | {
        "file": str(result.path),
        "state": result.done,
        "issue": result.issue,
        "items": result.items,
        "given": result.given,
        "answers_changed": [{"item": item} for item in result.answered],
        "open": [{"department": line.department, "state": line.state} for line in result.open],
        "set_aside": [{"file": str(path)} for path in result.aside],
    }


def show_issue_office(printer: Printer, result: OfficeIssueResult) -> None:
    """What was written for the office, and what is not in it yet."""
    plan, done = result.plan, result.done
    key = "cli.said.office_unchanged" if done is IssueState.UNCHANGED else "cli.said.office_issued"
    words = {"period": result.period.label, "items": result.items, "path": result.path}
    printer.line(printer.said(key, **words), "bold")
    if done is IssueState.UNCHANGED:
        return
    if result.given:
        printer.line(printer.said("cli.said.office_given", count=result.given))
    if result.answered:
        items = joined(listed(result.answered), printer.language)
        printer.line(printer.said("cli.said.office_answers", items=items), "yellow")
    if result.open:
        departments = (plan.department_in(result.period, line.department) for line in result.open)
        names = joined((department.name for department in departments if department), printer.language)
        printer.line(printer.said("cli.said.office_open", names=names), "yellow")
    for path in result.aside:
        printer.line(printer.said("cli.said.office_aside", path=path), "yellow")


# --- closing -----------------------------------------------------------------------------------------


def close_document(result: CloseResult) -> Document:
    """`xlplan close --json`."""
    return head_of("close", result.period) | {
        "open": [{"department": line.department, "state": line.state} for line in result.open],
        "published": [published(made) for made in [result.made] if made],
    }


def show_closed(printer: Printer, result: CloseResult) -> None:
    """What was fixed, or who stands in the way."""
    if result.made is None:
        printer.line(printer.said("cli.said.close_open", period=result.period.label), "red")
        show_open(printer, result.plan, result.open)
        printer.line(printer.said("cli.said.close_excuse", id=result.period.id), "dim")
        return
    printer.line(printer.said("cli.said.closed", **fixed(printer, result.period, result.made)), "bold")
    printer.line(printer.said("cli.said.closed_next"), "dim")


# --- correcting --------------------------------------------------------------------------------------


def correct_document(result: CorrectResult) -> Document:
    """`xlplan correct --json`."""
    return head_of("correct", result.period) | {
        "done": result.done,
        "corrections": [
            {
                "decision": correction.decision.number,
                "form": correction.form,
                "item": correction.item,
                "department": correction.department,
                "row": correction.row,
                "field": correction.field,
                "old": _said(result.plan, correction, correction.old),
                "new": _said(result.plan, correction, correction.new),
            }
            for correction in result.corrections
        ],
        "changed": [
            {
                "label": changed.label,
                "group": changed.group,
                "period": changed.period,
                "before": changed.before,
                "after": changed.after,
                "decisions": [{"decision": number} for number in changed.numbers],
            }
            for changed in result.changed
        ],
        "judged": [
            {
                "period": judged.period.id,
                "department": judged.department.id,
                "accepted": judged.accepted,
                "appeared": [finding.as_dict(result.plan.language) for finding in judged.appeared],
                "resolved": [finding.as_dict(result.plan.language) for finding in judged.resolved],
            }
            for judged in result.judged
        ],
        "published": [published(made) for made in result.published],
    }


def show_corrected(printer: Printer, result: CorrectResult) -> None:
    """What was corrected, or would be, and which figures changed by that."""
    plan = result.plan
    cells = [corrected_cell(plan, correction) for correction in result.corrections]
    rows = [(cell.what, cell.heading, cell.old or "―", cell.new or "―") for cell in cells]
    printer.table([printer.word(key) for key in CORRECTED], rows)
    if not result.done:
        printer.line(printer.said("cli.said.correct_shown"), "yellow")
        return
    numbers = {each.decision.number for each in result.corrections}
    show_figures(printer, [changed for changed in result.changed if numbers & set(changed.numbers)])
    for judged in result.judged:
        _show_judged(printer, plan, judged)
    printer.line(printer.said("cli.said.corrected", count=len(rows), period=result.period.label), "bold")
    show_published(printer, plan, result.published)
    if not result.published:
        printer.line(printer.said("cli.said.correct_next", id=result.period.id), "dim")


def _show_judged(printer: Printer, plan: Plan, judged: JudgedAnew) -> None:
    """The checks of a department's answers that end otherwise."""
    names = {"department": judged.department.name, "period": judged.period.label}
    for found, accepted, sent_back in (
        (judged.appeared, "cli.said.correct_appeared", "cli.said.correct_appeared_back"),
        (judged.resolved, "cli.said.correct_resolved", "cli.said.correct_resolved_back"),
    ):
        if found:
            printer.line(printer.said(accepted if judged.accepted else sent_back, **names), "yellow")
            printer.findings(found, label_in(plan))


def _said(plan: Plan, correction: Correction, value: Value) -> str:
    form = plan.form(correction.form)
    field = form.by_id.get(correction.field) if form else None
    if value is None:
        return ""
    return shown(value, field, plan.years) if field else str(value)


# --- rolling over ------------------------------------------------------------------------------------


def rollover_document(result: RolloverResult, language: str) -> Document:
    """`xlplan rollover --json`; findings are told in `language`."""
    return head_of("rollover", result.period) | {
        "label": result.period.label,
        "before": result.before.id,
        "closed": result.closed,
        "file": str(result.path),
        "kept": str(result.kept),
        "ended": [
            {
                "item": ended.item.id,
                "title": ended.item.title,
                "field": ended.label,
                "answer": ended.answer,
                "planned": ended.planned,
            }
            for ended in result.ended
        ],
        "lines": result.lines,
        "proposed": result.proposed,
        "findings": [finding.as_dict(language) for finding in result.findings],
    }


def show_rolled(printer: Printer, result: RolloverResult) -> None:
    """What the plan has become, and what is to be decided in it."""
    before, period = result.before, result.period
    if result.ended:
        printer.line(printer.said("cli.said.rolled_ended", before=before.label, id=before.id), "bold")
        rows = [
            (ended.item.id, ended.item.title, ended.label, ended.answer, ended.planned or "―")
            for ended in result.ended
        ]
        printer.table([printer.word(key) for key in ENDED], rows)
    others = [finding for finding in result.findings if finding.code is not PlanCode.PROPOSED]
    printer.findings(others, lambda finding: "" if finding.sheet else finding.file)
    if result.lines:
        counts = {"lines": result.lines, "proposed": result.proposed}
        printer.line(printer.said("cli.said.rolled_lines", period=period.label, **counts))
    if not result.closed:
        printer.line(printer.said("cli.said.rolled_open", before=before.label), "yellow")
    printer.line(printer.said("cli.said.rolled", period=period.label, path=result.path), "bold")
    printer.line(printer.said("cli.said.rolled_kept", path=result.kept))
    printer.line(printer.said("cli.said.rolled_next", id=period.id), "dim")


# --- what differs ------------------------------------------------------------------------------------


def changes_document(result: ChangesResult) -> Document:
    """`xlplan changes --json`."""
    return head_of("changes", result.period) | {
        "from": result.before.id,
        "assumed": result.assumed,
        "changes": [
            {
                "noun": change.noun.value,
                "change": change.kind.value,
                "id": change.id,
                "label": change.label,
                "within": change.within,
                "before": change.before,
                "after": change.after,
            }
            for change in result.changes
        ],
    }


def show_changes(printer: Printer, result: ChangesResult) -> None:
    """What differs, as a table."""
    rows = [
        (
            printer.word(change.noun.catalogue_key),
            f"{change.within} {change.id}" if change.within else change.id,
            change.label,
            printer.word(change.kind.catalogue_key),
            change.before,
            change.after,
        )
        for change in result.changes
    ]
    if rows:
        printer.table([printer.word(key) for key in DIFFERING], rows)
    names = {"before": result.before.label, "period": result.period.label}
    if result.assumed:
        printer.line(printer.said("cli.said.changes_assumed", before=result.before.label), "yellow")
    key = "cli.said.changes_count" if rows else "cli.said.changes_none"
    printer.line(printer.said(key, count=len(rows), **names), "bold")
