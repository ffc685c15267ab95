"""What is printed of a form that was written to be looked at, and of rules that were tried; and their documents."""

from xlplan.cli.documents import Document, head_of
from xlplan.cli.printing import Printer
from xlplan.fields.reading import shown
from xlplan.language.messages import joined
from xlplan.model.finding import Finding, item_shown, listed
from xlplan.model.plan import Plan
from xlplan.model.record import Value
from xlplan.stages.preview import PreviewResult
from xlplan.stages.rehearse import RehearsedRule, RehearseResult
from xlplan.validate.trial import Column, TriedRow

MOST_EXAMPLES = 3
"""Answers on which a rule fires that are listed; the document of `--json` has them all."""


def preview_document(result: PreviewResult, language: str) -> Document:
    """`xlplan preview --json`; what is told is told in `language`."""
    return head_of("preview", result.period) | {
        "department": result.department.id,
        "name": result.department.name,
        "file": str(result.path),
        "refused": result.refused.message(language) if result.refused else None,
        "earlier": [
            {"code": finding.written_code, "message": finding.message(language)} for finding in result.earlier
        ],
        "plan_open": [{"message": finding.message(language)} for finding in result.opened],
    }


def show_preview(printer: Printer, result: PreviewResult) -> None:
    """Where the form lies, and why it could not be issued as it is."""
    printer.findings((*result.opened, *result.earlier), lambda _: "")
    if result.refused:
        reason = result.refused.message(printer.language)
        printer.line(printer.said("cli.said.preview_refused", reason=reason), "yellow")
    names = {"department": result.department.name, "period": result.period.label}
    printer.line(printer.said("cli.said.preview", path=result.path, **names), "bold")
    printer.line(printer.said("cli.said.preview_next"), "dim")


# --- rules that were tried ---------------------------------------------------------------------------


def rehearse_document(result: RehearseResult, language: str) -> Document:
    """`xlplan rehearse --json`; what would be found is told in `language`."""
    return head_of("rehearse", result.period) | {
        "departments": result.departments,
        "fine": result.fine,
        "rules": [_rule(result.plan, found, language) for found in result.rules],
        "left_out": [{"rule": rule.id, "form": rule.form} for rule in result.left_out],
    }


def _rule(plan: Plan, found: RehearsedRule, language: str) -> Document:
    trial = found.trial
    return {
        "rule": found.rule.id,
        "form": found.form.id,
        "severity": found.rule.severity.value,
        "check": found.rule.check.text,
        "answers": found.answers,
        "fires": len(found.fired),
        "never_fires": found.never_fires,
        "always_fires": found.always_fires,
        "tried": trial.tried,
        "undecided": trial.undecided,
        "findings": [finding.as_dict(language) for finding in found.fired],
        "broken": _row(plan, trial.columns, trial.broken),
        "good": _row(plan, trial.columns, trial.good),
    }


def _row(plan: Plan, columns: tuple[Column, ...], tried: TriedRow | None) -> list[Document]:
    """The cells of a row on which a rule was tried; none where there is no such row."""
    if tried is None:
        return []
    return [
        {
            "field": column.field.id,
            "previous": column.previous,
            "value": _said(plan, column, column.of(tried.row)),
            "answered": tried.answered,
        }
        for column in columns
    ]


def _said(plan: Plan, column: Column, value: Value) -> str:
    return "" if value is None else shown(value, column.field, plan.years)


def show_rehearsed(printer: Printer, result: RehearseResult) -> None:
    """What each rule says of the answers, and a row on which it fires and one on which it does not."""
    for found in result.rules:
        _show_rule(printer, result.plan, found)
    if result.left_out:
        names = joined(listed([rule.id for rule in result.left_out]), printer.language)
        printer.line(printer.said("cli.said.rehearse_left_out", rules=names), "yellow")
    silent = sum(found.never_fires for found in result.rules)
    always = sum(found.always_fires for found in result.rules)
    counts = {"count": len(result.rules), "silent": silent, "always": always}
    key = "cli.said.rehearsed" if result.departments else "cli.said.rehearsed_nothing"
    of_round = {"period": result.period.label, "departments": result.departments}
    printer.line(printer.said(key, **counts, **of_round), "bold")


def _show_rule(printer: Printer, plan: Plan, found: RehearsedRule) -> None:
    rule, trial = found.rule, found.trial
    fired = len(found.fired)
    words = {"rule": rule.id, "form": found.form.title, "answers": found.answers, "fires": fired}
    printer.line(printer.said("cli.said.rehearse_rule", **words), "bold")
    printer.line(f"  {rule.check.text}", "dim")
    for finding in found.fired[:MOST_EXAMPLES]:
        printer.line(f"  {_example(printer, plan, finding)}")
    if fired > MOST_EXAMPLES:
        printer.line(f"  {printer.said('cli.said.rehearse_more', count=fired - MOST_EXAMPLES)}", "dim")
    if trial.undecided:
        printer.line(f"  {printer.said('cli.said.rehearse_undecided', count=trial.undecided)}", "yellow")
    for tried, good, none in (
        (trial.broken, "cli.said.rehearse_broken", "cli.said.rehearse_never"),
        (trial.good, "cli.said.rehearse_good", "cli.said.rehearse_always"),
    ):
        if tried is None:
            printer.line(f"  {printer.said(none, count=trial.tried)}", "red")
            continue
        cells = joined((_cell(printer, plan, column, tried) for column in trial.columns), printer.language)
        whose = "cli.said.rehearse_answered" if tried.answered else "cli.said.rehearse_made_up"
        printer.line(f"  {printer.said(good, cells=cells, whose=printer.said(whose))}")


def _example(printer: Printer, plan: Plan, finding: Finding) -> str:
    """An answer on which a rule fires: whose, about what, and what stands there."""
    department, form = plan.department(finding.department), plan.form(finding.form)
    field = form.by_id.get(finding.field) if form else None
    return printer.said(
        "cli.said.rehearse_example",
        department=department.name if department else finding.department,
        item=item_shown(finding.item, printer.language),
        label=field.label if field else finding.field,
        value=finding.value or printer.word("summary.statistics.blank"),
        message=finding.message(printer.language),
    )


def _cell(printer: Printer, plan: Plan, column: Column, tried: TriedRow) -> str:
    key = "cli.said.rehearse_previous" if column.previous else "cli.said.rehearse_cell"
    value = _said(plan, column, column.of(tried.row)) or printer.word("summary.statistics.blank")
    return printer.said(key, label=column.field.label, value=value)
