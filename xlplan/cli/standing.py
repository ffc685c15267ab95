"""How a summary, the files and the ledger stand, in lines for people."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from xlplan.cli.printing import Printer
from xlplan.cli.words import CHANGED, MOST_RECORDS, STATES, counts_of, flaw_words
from xlplan.language.messages import joined
from xlplan.model.afterwards import OFFICE
from xlplan.model.correction import ChangedFigure
from xlplan.model.decision import Publication
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.stages.reread import Reread, RereadState
from xlplan.stages.standing import SummaryStanding
from xlplan.stages.status import StatusLine
from xlplan.stages.verify import FileKind, Misfit, VerifyResult
from xlplan.store.decision_log import LineState
from xlplan.store.files import MisfitState
from xlplan.store.workspace import PAGE

HINTS: Mapping[tuple[FileKind, MisfitState], str] = {
    (FileKind.ISSUED, MisfitState.MISSING): "cli.said.verify_issued_missing",
    (FileKind.ISSUED, MisfitState.CHANGED): "cli.said.verify_issued_changed",
    (FileKind.ISSUED, MisfitState.UNKNOWN): "cli.said.verify_issued_unknown",
    (FileKind.RETURNED, MisfitState.MISSING): "cli.said.verify_returned_missing",
    (FileKind.RETURNED, MisfitState.CHANGED): "cli.said.verify_returned_changed",
    (FileKind.RETURNED, MisfitState.UNKNOWN): "cli.said.verify_returned_unknown",
    (FileKind.RETURNED, MisfitState.SPARE): "cli.said.verify_spare",
    (FileKind.REFUSED, MisfitState.MISSING): "cli.said.verify_refused_missing",
    (FileKind.REFUSED, MisfitState.CHANGED): "cli.said.verify_refused_changed",
    (FileKind.LETTER, MisfitState.MISSING): "cli.said.verify_returned_missing",
    (FileKind.LETTER, MisfitState.CHANGED): "cli.said.verify_returned_changed",
    (FileKind.SUMMARY, MisfitState.MISSING): "cli.said.verify_summary_missing",
    (FileKind.SUMMARY, MisfitState.CHANGED): "cli.said.verify_summary_changed",
    (FileKind.PUBLISHED, MisfitState.MISSING): "cli.said.verify_published_missing",
    (FileKind.PUBLISHED, MisfitState.CHANGED): "cli.said.verify_published_changed",
    (FileKind.PUBLISHED, MisfitState.UNKNOWN): "cli.said.verify_published_unknown",
    **{(kind, MisfitState.UNREADABLE): "cli.said.verify_unreadable" for kind in FileKind},
}
"""What to do about a file that is not as the ledger says."""

OFFICE_HINTS: Mapping[tuple[FileKind, MisfitState], str] = {
    (FileKind.ISSUED, MisfitState.MISSING): "cli.said.verify_office_missing",
    (FileKind.ISSUED, MisfitState.CHANGED): "cli.said.verify_office_changed",
}
"""The same of the office's own workbook, where it is something else."""

ORIGINS: Mapping[FileKind, str] = {
    FileKind.ISSUED: "cli.said.verify_origin_issued",
    FileKind.RETURNED: "cli.said.verify_origin_returned",
    FileKind.REFUSED: "cli.said.verify_origin_refused",
    FileKind.LETTER: "cli.said.verify_origin_letter",
    FileKind.SUMMARY: "cli.said.verify_origin_summary",
    FileKind.PUBLISHED: "cli.said.verify_origin_published",
}
"""Whose file it is, by what it is."""

DECISIONS: Mapping[LineState, str] = {
    LineState.MISSING: "cli.said.verify_decision_missing",
    LineState.CHANGED: "cli.said.verify_decision_changed",
    LineState.UNKNOWN: "cli.said.verify_decision_unknown",
    LineState.UNREADABLE: "cli.said.verify_decision_unreadable",
}
"""What to do about a decision that decisions.jsonl does not say as the ledger does."""

REREAD: Mapping[RereadState, str] = {
    RereadState.DIFFERS: "cli.said.reread_differs",
    RereadState.OTHER_READER: "cli.said.reread_other_reader",
    RereadState.OTHER_PLAN: "cli.said.reread_other_plan",
    RereadState.NOT_READ: "cli.said.reread_not_read",
}
"""What may be the reason where a kept return says something else than the ledger has, and what to do."""


def show_progress(printer: Printer, lines: Iterable[StatusLine]) -> None:
    """What became of the findings of departments whose return went back before."""
    for line in lines:
        if line.compared and line.compared.before:
            words = {"department": line.department.name, **line.compared.counts}
            printer.line(f"  {printer.said('cli.said.compared_of', **words)}")


def show_standing(printer: Printer, plan: Plan, found: SummaryStanding | None) -> None:
    """Tell of a summary that is older than what counts now, or is not as it was written.

    Args:
        printer: Where it is told.
        plan: The plan.
        found: How the summary stands, None where there is none.
    """
    if found is None:
        return
    name = found.path.name
    if found.outdated:
        departments = (plan.department(department) for department in found.returns)
        names = joined((department.name for department in departments if department), printer.language)
        key = "cli.said.summary_older_returns" if names else "cli.said.summary_older"
        printer.line(printer.said(key, file=name, names=names, html=html_option(found.path)), "yellow")
    if found.altered:
        printer.line(
            printer.said("cli.said.summary_altered", file=name, html=html_option(found.path)), "yellow"
        )


def html_option(path: Path) -> str:
    """What makes a summary anew beside its command: the option of a page, nothing for the workbook."""
    return " --html" if path.suffix == PAGE else ""


def show_verified(printer: Printer, result: VerifyResult) -> None:
    """What does not fit the ledger, and what to do about each of it."""
    for flaw in result.flaws:
        printer.line(printer.said("cli.said.verify_flaw", reason=flaw_words(flaw, printer.language)), "red")
    for misfit in result.misfits:
        _misfit(printer, result, misfit)
    _show_kept(printer, result)
    for reread in result.reread.differing if result.reread else ():
        _reread(printer, result, reread)
    if not result.flaws:
        counts = counts_of([kept.kind for kept in result.files], tuple(FileKind))
        printer.line(printer.said("cli.said.verified", **counts), "bold")
        if count := counts[FileKind.PUBLISHED.value]:
            printer.line(printer.said("cli.said.verified_published", count=count), "bold")
    if result.reread:
        printer.line(printer.said("cli.said.reread", count=result.reread.count), "bold")
    if result.fine:
        printer.line(printer.said("cli.said.verified_fine"), "green")
    else:
        printer.line(printer.said("cli.said.verified_faults", count=result.faults), "red")


def _show_kept(printer: Printer, result: VerifyResult) -> None:
    """What does not fit of decisions, editions and fixed figures."""
    for decision in result.decisions:
        printer.line(printer.said(DECISIONS[decision.state], number=decision.number), "red")
    for period in result.editions:
        label = _period_label(result, period)
        printer.line(printer.said("cli.said.verify_edition", period=label), "red")
    for figures in result.figures:
        label = _period_label(result, figures.period)
        words = printer.said(
            "cli.said.figure_differs",
            period=label,
            version=figures.version,
            count=figures.count,
            first=figures.first,
        )
        printer.line(words, "red")


def _period_label(result: VerifyResult, period: str) -> str:
    found = result.plan.period(period) if result.plan else None
    return found.label if found else period


def _misfit(printer: Printer, result: VerifyResult, misfit: Misfit) -> None:
    printer.head(printer.state(*STATES[misfit.state]), misfit.path, _origin(printer, result, misfit))
    period = misfit.kept.period if misfit.kept else ""
    hint = printer.said(_hint(misfit), path=misfit.path, period=period, html=html_option(misfit.path))
    printer.line(f"  → {hint}", "dim")


def _hint(misfit: Misfit) -> str:
    """The key of what to do about a file."""
    of_office = misfit.kept is not None and misfit.kept.department == OFFICE
    if of_office and (misfit.kind, misfit.state) in OFFICE_HINTS:
        return OFFICE_HINTS[misfit.kind, misfit.state]
    return HINTS[misfit.kind, misfit.state]


def _origin(printer: Printer, result: VerifyResult, misfit: Misfit) -> str:
    """Whose file it is and since when the ledger knows it."""
    if misfit.kept is None:
        return ""
    found = result.plan.department(misfit.kept.department) if result.plan else None
    who = found.name if found else misfit.kept.department or misfit.kept.name
    if result.plan and misfit.kept.department == OFFICE:
        who = result.plan.office
    moment = f"{misfit.kept.moment:%Y-%m-%d %H:%M}"
    return printer.said(ORIGINS[misfit.kind], who=who, attempt=misfit.kept.attempt, moment=moment)


def _reread(printer: Printer, result: VerifyResult, reread: Reread) -> None:
    """A return that says something else than the ledger has: which answers, and what may be the reason."""
    receipt = reread.receipt
    found = result.plan.department(receipt.department) if result.plan else None
    moment = f"{receipt.received_at:%Y-%m-%d %H:%M}"
    who = found.name if found else receipt.department
    origin = printer.said(ORIGINS[FileKind.RETURNED], who=who, attempt=receipt.attempt, moment=moment)
    printer.head(printer.state(*STATES[reread.state]), reread.path, origin)
    for change in reread.changes[:MOST_RECORDS]:
        printer.line(f"    {change}")
    if (more := len(reread.changes) - MOST_RECORDS) > 0:
        printer.line(f"    {printer.said('cli.said.more_records', count=more)}", "dim")
    if reread.finding:
        printer.finding(reread.finding)
    hint = printer.said(
        REREAD[reread.state], reader=receipt.reader or printer.said("cli.said.reader_earlier")
    )
    printer.line(f"  → {hint}", "dim")


def fixed(printer: Printer, period: Period, made: Publication) -> dict[str, object]:
    """The words, as a `printer` says them, of what was fixed (`made`) of a `period`."""
    who = made.made_by or printer.said("cli.said.nobody_said")
    return {"period": period.label, "version": made.version, "who": who, "folder": made.folder}


def show_figures(printer: Printer, figures: Sequence[ChangedFigure]) -> None:
    """Tell with `printer` which `figures` of a summary changed; nothing where there are none."""
    rows = [
        (
            changed.label,
            changed.group,
            changed.period or printer.word("cli.word.whole_plan"),
            changed.before,
            changed.after,
        )
        for changed in figures
    ]
    if rows:
        printer.line(printer.said("cli.said.correct_figures"), "bold")
        printer.table([printer.word(key) for key in CHANGED], rows, right=(3, 4))


def show_published(printer: Printer, plan: Plan, versions: Sequence[Publication]) -> None:
    """Tell with `printer` which `versions` of rounds of a `plan` were fixed anew."""
    for made in versions:
        period = plan.period(made.period) or Period(made.period, made.period, 0, 0)
        printer.line(printer.said("cli.said.published", **fixed(printer, period, made)), "bold")
