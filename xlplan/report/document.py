"""The document of a summary: its cover's facts, its views and its registers, from what was consolidated."""

from collections import Counter
from collections.abc import Iterator, Sequence

from xlplan.language.codes import Severity
from xlplan.language.eras import date_label
from xlplan.language.messages import spaced, text
from xlplan.model.finding import ALLOWED
from xlplan.model.plan import Plan
from xlplan.model.view import View, ViewKind
from xlplan.report.columns import data_tables, sheet_of
from xlplan.report.returns import ReturnState
from xlplan.report.rows import Consolidation
from xlplan.report.tables import Chart, Document, Fact, Section, Table, Tally
from xlplan.report.views.lists import list_table
from xlplan.report.views.progress import progress_table
from xlplan.report.views.registers import corrections_section, findings_section, returns_section
from xlplan.report.views.schedule import schedule_table
from xlplan.report.views.statistics import statistics_blocks
from xlplan.report.views.status import status_table
from xlplan.report.working import Figures

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
_OPEN = {
    ReturnState.SENT_BACK: "summary.cover.open_sent_back",
    ReturnState.REOPENED: "summary.cover.open_reopened",
    ReturnState.WAITING: "summary.cover.open_waiting",
    ReturnState.NOT_ISSUED: "summary.cover.open_not_issued",
}
"""What stands before the number of returns in each state but the accepted."""
_FOUND = {
    Severity.ERROR: "summary.cover.finding_error",
    Severity.WARNING: "summary.cover.finding_warning",
    None: "summary.cover.finding_allowed",
    Severity.NOTICE: "summary.cover.finding_notice",
}
"""What stands before the number of findings of each severity; None stands for those that are allowed."""


def document_of(made: Consolidation, figures: Figures) -> Document:
    """The document of what was consolidated.

    Args:
        made: What was consolidated.
        figures: Its figures.

    Returns:
        The document.
    """
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
            *(_section(figures, view) for view in plan.views),
            *([corrections_section(made)] if made.corrections else []),
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


def _section(figures: Figures, view: View) -> Section:
    made, plan, language = figures.made, figures.made.plan, figures.made.plan.language
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
        tuple(_blocks(figures, view)),
        sheet=sheet_of(plan, view),
        note=note,
        about=_about(made, view),
    )


def _blocks(figures: Figures, view: View) -> Sequence[Table | Chart]:
    """The tables and charts of a view."""
    match view.kind:
        case ViewKind.PROGRESS:
            return (progress_table(figures, view),)
        case ViewKind.STATISTICS:
            return statistics_blocks(figures, view)
        case ViewKind.STATUS:
            return (status_table(figures, view),)
        case ViewKind.SCHEDULE:
            return (schedule_table(figures, view),)
        case ViewKind.LIST:
            return (list_table(figures, view),)


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
    language, parts = made.plan.language, list[str | Tally]()
    kinds = Counter(None if finding.allowed else finding.severity for finding in made.findings)
    for severity, key in _FOUND.items():
        number = kinds[severity]
        if not severity and not number:
            continue
        word = text(severity.catalogue_key if severity else ALLOWED, language)
        parts += [text(key, language), Tally(number, "severity", word, register="findings")]
    end = text("summary.cover.finding_end", language)
    yield _counted("findings", text("summary.cover.findings", language), (*parts, end))


def _counted(name: str, label: str, parts: Sequence[str | Tally], *, again: bool = False) -> Fact:
    """A fact whose text is made of words and numbers."""
    said = "".join(str(part.number) if isinstance(part, Tally) else part for part in parts)
    return Fact(name, label, said, again, tuple(parts))


def _returns(made: Consolidation) -> Iterator[Fact]:
    """How many returns are in, and how those stand that are not."""
    language, again = made.plan.language, bool(made.open_returns)

    def standing(state: ReturnState) -> Tally:
        number = sum(line.state is state for line in made.returns)
        return Tally(number, "state", text(state.catalogue_key, language), register="returns")

    parts: tuple[str | Tally, ...] = (
        Tally(len(made.returns), "state", register="returns"),
        text("summary.cover.returns_of", language),
        standing(ReturnState.ACCEPTED),
        text("summary.cover.returns_in", language),
    )
    if any(line.state is ReturnState.EXCUSED for line in made.returns):
        let_off = standing(ReturnState.EXCUSED), text("summary.cover.open_end", language)
        parts = (*parts, text("summary.cover.returns_excused", language), *let_off)
    yield _counted("returns", text("summary.cover.returns", language), parts, again=again)
    if again:
        reopened = any(line.state is ReturnState.REOPENED for line in made.returns)
        told = {state: key for state, key in _OPEN.items() if reopened or state is not ReturnState.REOPENED}
        states = [part for state, key in told.items() for part in (text(key, language), standing(state))]
        end = text("summary.cover.open_end", language)
        yield _counted("open", text("summary.cover.open", language), (*states, end), again=again)


def _rows(made: Consolidation) -> Iterator[Fact]:
    """How many rows each form has in the round's period."""
    language, forms, period = made.plan.language, made.plan.forms_shown, made.period
    for form in forms:
        count = sum(row.period == period for row in made.rows_of(form.id))
        label = text("summary.cover.rows" if form.is_open else "summary.cover.items", language)
        if len(forms) > 1:
            label = text("signs.bracketed", language, word=label, note=form.title)
        end = text("summary.cover.items_end", language, period=period.label)
        yield _counted(f"rows:{form.id}", label, (Tally(count, "period", period.label, form=form.id), end))
