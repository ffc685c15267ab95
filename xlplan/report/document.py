"""The document of a summary: its cover's facts, its views and its registers, from what was consolidated."""

from collections import Counter
from collections.abc import Iterator, Sequence

from xlplan.language.codes import Severity
from xlplan.language.eras import date_label
from xlplan.language.messages import spaced, text
from xlplan.model.plan import Plan
from xlplan.model.view import View, ViewKind
from xlplan.report.columns import data_tables, sheet_of
from xlplan.report.rows import Consolidation, ReturnState
from xlplan.report.tables import Chart, Document, Fact, Section, Table
from xlplan.report.views.lists import list_table
from xlplan.report.views.progress import progress_table
from xlplan.report.views.registers import findings_section, returns_section
from xlplan.report.views.schedule import schedule_table
from xlplan.report.views.statistics import statistics_blocks
from xlplan.report.views.status import status_table

_ABOUT = {
    ViewKind.PROGRESS: "summary.cover.about_progress",
    ViewKind.STATUS: "summary.cover.about_status",
    ViewKind.STATISTICS: "summary.cover.about_statistics",
    ViewKind.SCHEDULE: "summary.cover.about_schedule",
    ViewKind.LIST: "summary.cover.about_list",
}
_DRAFT = ("summary.state.draft", "summary.state.draft_note")
_FINAL = ("summary.state.final", "summary.state.final_note")
_TRACING = (
    "summary.cover.trace_1",
    "summary.cover.trace_2",
    "summary.cover.trace_3",
    "summary.cover.trace_4",
)
OPEN = {
    ReturnState.SENT_BACK: "summary.cover.open_sent_back",
    ReturnState.WAITING: "summary.cover.open_waiting",
    ReturnState.NOT_ISSUED: "summary.cover.open_not_issued",
}
"""What stands before the number of returns in each state but the accepted."""
FOUND = {
    Severity.ERROR: "summary.cover.finding_error",
    Severity.WARNING: "summary.cover.finding_warning",
    Severity.NOTICE: "summary.cover.finding_notice",
}
"""What stands before the number of findings of each severity."""
RETURNS_FACT, OPEN_FACT, FINDINGS_FACT, ROWS_FACT = "returns", "open", "findings", "rows:"
"""The ids of the facts that are counted: returns, open ones, findings, and with its id the rows of each form."""


def document_of(made: Consolidation) -> Document:
    """The document of what was consolidated."""
    plan, language = made.plan, made.plan.language
    table = next(iter(data_tables(plan).values()))
    column = table.column("period").heading
    return Document(
        title=plan.title,
        organisation=plan.organisation,
        language=language,
        period=made.period.label,
        created=made.created,
        draft=made.draft,
        state=spaced((text(key, language) for key in (_DRAFT if made.draft else _FINAL)), language),
        sections=(
            *(_section(made, view) for view in plan.views),
            returns_section(made),
            findings_section(made),
        ),
        facts={
            "": (_period(made), _created(made), _office(plan)),
            text("summary.cover.basis", language): tuple(_basis(made)),
        },
        tracing=tuple(text(key, language, data=table.name, column=column) for key in _TRACING),
        rows=made.rows,
    )


def _section(made: Consolidation, view: View) -> Section:
    plan, language = made.plan, made.plan.language
    note = text(
        "summary.state.note",
        language,
        organisation=plan.organisation,
        title=plan.title,
        period=made.period.label,
    )
    return Section(
        view.id,
        view.title,
        tuple(_blocks(made, view)),
        sheet=sheet_of(plan, view),
        note=note,
        about=_about(made, view),
    )


def _blocks(made: Consolidation, view: View) -> Sequence[Table | Chart]:
    """The tables and charts of a view."""
    match view.kind:
        case ViewKind.PROGRESS:
            return (progress_table(made, view),)
        case ViewKind.STATISTICS:
            return statistics_blocks(made, view)
        case ViewKind.STATUS:
            return (status_table(made, view),)
        case ViewKind.SCHEDULE:
            return (schedule_table(made, view),)
        case ViewKind.LIST:
            return (list_table(made, view),)


def _about(made: Consolidation, view: View) -> str:
    """What a view is for; a list of a form to which rows are added by what its rows are."""
    plan, form = made.plan, made.plan.form(view.form)
    added = view.kind is ViewKind.LIST and form is not None and form.is_open
    key = "summary.cover.about_added" if added else _ABOUT[view.kind]
    data = next(iter(data_tables(plan).values())).name
    return text(key, plan.language, data=data, period=made.period.label, form=form.title if form else "")


# --- facts -----------------------------------------------------------------------------------------


def _period(made: Consolidation) -> Fact:
    return Fact("period", text("summary.cover.period", made.plan.language), made.period.label)


def _created(made: Consolidation) -> Fact:
    """When the summary was made, by the plan's calendar."""
    plan, language = made.plan, made.plan.language
    day = date_label(made.created.date(), plan.calendar, language)
    said = text("summary.cover.created_at", language, day=day, time=f"{made.created:%H:%M}")
    return Fact("created", text("summary.cover.created", language), said)


def _office(plan: Plan) -> Fact:
    said = spaced((plan.organisation, plan.office, plan.contact), plan.language)
    return Fact("office", text("summary.cover.office", plan.language), said)


def _basis(made: Consolidation) -> Iterator[Fact]:
    """What the summary rests on: returns, rows, findings."""
    yield from _returns(made)
    yield from _rows(made)
    language = made.plan.language
    counted = Counter(finding.severity for finding in made.findings)
    said = "".join(f"{text(key, language)}{counted[severity]}" for severity, key in FOUND.items())
    said += text("summary.cover.finding_end", language)
    yield Fact(FINDINGS_FACT, text("summary.cover.findings", language), said)


def _returns(made: Consolidation) -> Iterator[Fact]:
    """How many returns are in, and how those stand that are not."""
    language, again = made.plan.language, bool(made.open_returns)
    accepted = len(made.returns) - len(made.open_returns)
    between = text("summary.cover.returns_of", language)
    said = f"{len(made.returns)}{between}{accepted}{text('summary.cover.returns_in', language)}"
    yield Fact(RETURNS_FACT, text("summary.cover.returns", language), said, again)
    if again:
        counted = Counter(standing.state for standing in made.returns)
        said = "".join(f"{text(key, language)}{counted[state]}" for state, key in OPEN.items())
        said += text("summary.cover.open_end", language)
        yield Fact(OPEN_FACT, text("summary.cover.open", language), said, again)


def _rows(made: Consolidation) -> Iterator[Fact]:
    """How many rows each form has in the round's period."""
    language, forms = made.plan.language, made.plan.forms_shown
    for form in forms:
        count = sum(row.period == made.period for row in made.rows_of(form.id))
        label = text("summary.cover.rows" if form.is_open else "summary.cover.items", language)
        if len(forms) > 1:
            label = text("signs.bracketed", language, word=label, note=form.title)
        said = f"{count}{text('summary.cover.items_end', language, period=made.period.label)}"
        yield Fact(f"{ROWS_FACT}{form.id}", label, said)
