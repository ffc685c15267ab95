"""The figures of a summary against those in print, in lines and tables for people."""

from rich.text import Text

from xlplan.cli.printing import Printer
from xlplan.cli.standing import show_standing
from xlplan.cli.words import FIGURES, GROUP, MOST_RECORDS
from xlplan.language.messages import joined
from xlplan.model.plan import Plan
from xlplan.report.reconcile.causes import Part, Term
from xlplan.report.reconcile.comparison import Comparison
from xlplan.stages.reconcile import ReconcileResult


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
