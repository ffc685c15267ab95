"""The page at the root of the folder: which plan it is, where the round stands, what is next, how to go on.

Somebody who finds nothing but the folder knows from it what to do. Its bytes depend on the folder and the moment alone.
It is rewritten by every stage that records anything; what stands in its way never stops one.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar

from xlplan import __version__
from xlplan.language.errors import XlplanError
from xlplan.language.messages import joined, spaced
from xlplan.report.render.html import page
from xlplan.report.returns import ReturnState
from xlplan.report.tables import Document, Fact, Role, Section
from xlplan.stages.define import existing_ledger, moment, usable
from xlplan.stages.news import day_since, news_words
from xlplan.stages.readmetables import Columns, Known, ReadmeTables, Row, words_cell
from xlplan.stages.standing import SummaryStanding
from xlplan.stages.status import standing_on
from xlplan.stages.years import Years
from xlplan.store.counting import with_standing
from xlplan.store.files import write_bytes
from xlplan.store.history import decisions
from xlplan.store.sealing import change_counter
from xlplan.store.workspace import Workspace

MOST_TRIES = 3
"""How often the page is made anew where other runs record something meanwhile."""

_START: Columns = (
    ("status.column.command", 44.0, Role.COMMAND),
    ("status.column.does", 60.0, Role.TEXT),
)
_FOLDERS: Columns = (
    ("status.column.place_of", 44.0, Role.COMMAND),
    ("status.column.meaning", 60.0, Role.TEXT),
)

T = TypeVar("T")


@dataclass(frozen=True)
class _Readme(ReadmeTables):
    """The page being made."""

    def document(self) -> Document:
        """The page."""
        plan, result = self.plan, self.known.result
        return Document(
            title=plan.title,
            organisation=plan.organisation,
            language=plan.language,
            period=result.period.label,
            created=self.known.now,
            draft=False,
            state=result.accepted_words(plan.language),
            sections=tuple(self.sections()),
            facts={
                "": tuple(self.about()),
                self.text("status.page.standing"): tuple(self.standing()),
            },
            heading=self.text("status.page.heading", title=plan.title),
            running=True,
        )

    # --- the cover ---

    def about(self) -> Iterator[Fact]:
        """Which plan and round, what is next, whom to ask."""
        plan, result = self.plan, self.known.result
        yield Fact("plan", self.text("status.page.plan"), plan.title)
        yield Fact("round", self.text("status.page.round"), result.period.label)
        sentence, command = result.step.sentence(plan.language), result.step.command
        yield Fact("next", self.text("status.page.next"), sentence, command=command)
        yield Fact("as_of", self.text("status.page.as_of"), self.moment(self.known.now))
        office = spaced((plan.organisation, plan.office, plan.contact), plan.language)
        yield Fact("ask", self.text("status.page.ask"), office)

    def standing(self) -> Iterator[Fact]:
        """Where the round stands."""
        result, language = self.known.result, self.plan.language
        counts = [
            self.text("status.said.count", state=self.text(state.catalogue_key), count=count)
            for state in ReturnState
            if (count := result.counts.get(state))
        ]
        yield Fact("returns", self.text("status.page.state"), joined(counts, language))
        yield Fact("due", self.text("status.page.due"), self.due())
        late = [
            self.text(
                "signs.bracketed",
                word=line.department.name,
                note=self.text("status.said.days_late", days=line.days_late),
            )
            for line in result.late
        ]
        words = joined(late, language) or self.text("status.page.nobody")
        yield Fact("late", self.text("status.page.late"), words, bool(late))
        yield from self.news()
        yield from self.to_look_at()
        yield Fact("summary", self.text("status.page.summary"), self.summary(result.summary))
        if made := result.closed:
            day = self.day(made.made_at.date())
            words = self.text("status.page.closed_as", day=day, version=made.version, who=made.made_by)
            yield Fact("closed", self.text("status.page.closed"), words)

    def news(self) -> Iterator[Fact]:
        """What happened since the day before."""
        if news := self.known.result.news:
            said = list(news_words(self.plan, news, self.plan.language))
            words = self.text("status.page.between").join(said) or self.text("status.page.no_news")
            yield Fact("news", self.text("status.page.news", day=self.day(news.since)), words)

    def to_look_at(self) -> Iterator[Fact]:
        """What somebody has to look at: files, and whose form the changed plan touches."""
        result, language = self.known.result, self.plan.language
        if result.inbox:
            words = self.text("status.page.inbox_count", count=result.inbox)
            yield Fact("inbox", self.text("status.page.inbox"), words, again=True)
        for departments, key in (
            (result.changed, "cli.said.status_changed"),
            (result.worded, "status.said.worded"),
        ):
            if departments:
                names = joined((department.name for department in departments), language)
                label = self.text("status.page.changed")
                yield Fact(key, label, self.text(key, names=names), departments is result.changed)
        if result.refused:
            words = joined((refusal.file_name for refusal in result.refused), language)
            yield Fact("refused", self.text("status.page.refused"), words, again=True)

    def due(self) -> str:
        """The day on which the answers are due."""
        days = {line.due for line in self.known.result.lines}
        if len(days) > 1:
            return self.text("cli.said.due_differs")
        day = next(iter(days), None)
        return self.day(day) if day else self.text("status.page.no_due")

    def summary(self, found: SummaryStanding | None) -> str:
        """How the summary stands."""
        if found is None:
            return self.text("status.page.summary_none")
        return self.text("status.page.summary_fine" if found.fine else "status.page.summary_old")

    # --- how to go on ---

    def sections(self) -> Iterator[Section]:
        """How the round stands, then how to start xlplan and what the folders are."""
        yield from super().sections()
        title, about = self.text("status.page.start"), self.text("status.page.start_about")
        note = self.text("status.page.start_note", version=__version__)
        yield self.section("start", title, about, _START, self.commands(), note=note)
        title, about = self.text("status.page.folders"), self.text("status.page.folders_about")
        note = self.text("status.page.folders_note")
        yield self.section("folders", title, about, _FOLDERS, self.folders(), note=note)

    def commands(self) -> Iterator[Row]:
        """The commands of a year."""
        name = self.known.result.period.id
        for command, key in (
            ("xlplan status", "status.command.status"),
            (f"xlplan issue --period {name}", "status.command.issue"),
            ("xlplan letters", "status.command.letters"),
            ("xlplan receive", "status.command.receive"),
            ("xlplan log", "status.command.log"),
            ("xlplan consolidate", "status.command.consolidate"),
            ("xlplan close", "status.command.close"),
            ("xlplan rollover --help", "status.command.rollover"),
            ("xlplan lint", "status.command.lint"),
            ("xlplan --help", "status.command.help"),
        ):
            yield words_cell(Role.COMMAND, command), words_cell(Role.TEXT, self.text(key))

    def folders(self) -> Iterator[Row]:
        """What the folders and files of the round are; those that are there lead to themselves."""
        space, period = self.space, self.known.result.period.id
        for path, key in (
            (space.find_definition(), "status.folder.plan"),
            (space.issued(period), "status.folder.issued"),
            (space.inbox(period), "status.folder.inbox"),
            (space.returned(period), "status.folder.returned"),
            (space.outbox(period), "status.folder.outbox"),
            (space.sent_back(period), "status.folder.sent_back"),
            (space.set_aside(period), "status.folder.set_aside"),
            (space.summary(period), "status.folder.summary"),
            (space.published(period, 1).parent, "status.folder.published"),
            (space.ledger_path, "status.folder.ledger"),
        ):
            yield self.place(path), words_cell(Role.TEXT, self.text(key))


# --- writing it --------------------------------------------------------------------------------------


def write_readme(space: Workspace, now: datetime | None = None) -> None:
    """Write the page of a folder in which something was recorded.

    Args:
        space: The folder of the plan.
        now: The moment as of which it tells; the clock's where None.

    Raises:
        UsageError: nothing was ever issued.
        DefinitionError: the plan's tables hold errors.
        FileError: it cannot be written.
        LedgerError: the ledger cannot be read.
    """
    told_at = moment(now)
    for _ in range(MOST_TRIES):
        before = change_counter(space.ledger_path)
        document = _Readme(space, _known(space, told_at)).document()
        write_bytes(space.readme(document.language), page(document))
        # a run that records something meanwhile may have written its page first
        if change_counter(space.ledger_path) == before:
            return


def _known(space: Workspace, now: datetime) -> Known:
    """What a page tells of."""
    definition = usable(space)
    # whoever records has looked whether the ledger is sound
    ledger = existing_ledger(space, sound=False)
    years = Years(definition, ledger)
    with years.need_ledger() as known:
        current = years.begun_round(None)
        result = standing_on(space, years, current, now.date(), day_since(None, years.plan, now.date()))
        counting = years.known_round(current, records=False).receipts
        attempts = with_standing(known.attempts(current.id, records=False), counting)
        return Known(result, attempts, tuple(decisions(known)), tuple(years.closed.values()), now)


def rewriting(kind: type[T]) -> type[T]:
    """A class of stages, of which each that records anything rewrites the page of its folder when it is done.

    What stands in the way of that is told to the `on_readme` of the object; the stage is done all the same.
    """
    for name in dir(kind):
        stage = getattr(kind, name)
        if not name.startswith("_") and callable(stage):
            setattr(kind, name, _rewriting(stage))
    return kind


def _rewriting(stage: Callable[..., Any]) -> Callable[..., Any]:
    """A stage of an object with a `folder`, that rewrites its page where it has recorded anything."""

    @wraps(stage)
    def rewritten(self: Any, *args: Any, **named: Any) -> Any:
        space = Workspace(self.folder)
        before = change_counter(space.ledger_path)
        result = stage(self, *args, **named)
        if change_counter(space.ledger_path) != before:
            try:
                write_readme(space, named.get("now"))
            except XlplanError as fault:
                self.on_readme(fault)
        return result

    return rewritten
