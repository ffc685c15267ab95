"""What happened in a round since a day: what was issued, received, refused and decided."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from xlplan.language.messages import LANGUAGES, joined, text
from xlplan.language.text import fold
from xlplan.model.afterwards import OFFICE
from xlplan.model.decision import Decision
from xlplan.model.finding import listed
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.model.submission import Receipt, ReceiptState, RefusedFile
from xlplan.report.returns import ReturnState
from xlplan.report.shown import department_name
from xlplan.stages.define import day_meant
from xlplan.store.history import standing_decisions
from xlplan.store.ledger import Ledger


@dataclass(frozen=True, slots=True)
class News:
    """What happened in a round since a day.

    Attributes:
        since: The first day of which it is told.
        issued: The ids of the departments that were issued a workbook, each once.
        received: The returns that came in, in the order in which they did.
        refused: The files that came in and are no return.
        decided: What the office decided and did not take back.
    """

    since: date
    issued: tuple[str, ...] = ()
    received: tuple[Receipt, ...] = ()
    refused: tuple[RefusedFile, ...] = ()
    decided: tuple[Decision, ...] = ()

    @property
    def latest(self) -> tuple[Receipt, ...]:
        """The last of the returns of each department."""
        return tuple({receipt.department: receipt for receipt in self.received}.values())

    @property
    def any(self) -> bool:
        """Whether anything happened."""
        return bool(self.issued or self.received or self.refused or self.decided)


def day_since(written: date | str | None, plan: Plan, today: date) -> date:
    """The day from which on it is told what is new.

    Args:
        written: A day, or in any manner in which a cell for days may be typed; of 5/29 the last such day is meant.
            Yesterday where nothing is written, or that word.
        plan: The plan, by whose years and locale it is read.
        today: The day of today.

    Raises:
        UsageError: it is no day, or could be several.
    """
    word = fold(written) if isinstance(written, str) else ""
    yesterdays = {fold(text("status.yesterday", language)) for language in LANGUAGES}
    if not written or word in yesterdays:
        return today - timedelta(days=1)
    return day_meant(written, plan, _a_year_before(today + timedelta(days=1))) or today


def _a_year_before(day: date) -> date:
    leap = (day.month, day.day) == (2, 29)
    return date(day.year - 1, 3, 1) if leap else day.replace(year=day.year - 1)


def news_of(
    ledger: Ledger, period: Period, receipts: Iterable[Receipt], refusals: Iterable[RefusedFile], since: date
) -> News:
    """What happened in a round.

    Args:
        ledger: The ledger.
        period: The round.
        receipts: The returns that were received in it.
        refusals: The files that were refused in it.
        since: The first day of which it is told.
    """
    issued = [department for department, moment in ledger.issue_moments(period.id) if moment.date() >= since]
    return News(
        since,
        tuple(name for name in dict.fromkeys(issued) if name != OFFICE),
        tuple(receipt for receipt in receipts if receipt.received_at.date() >= since),
        tuple(refusal for refusal in refusals if refusal.received_at.date() >= since),
        tuple(
            decision for decision in standing_decisions(ledger, period.id) if decision.made_at.date() >= since
        ),
    )


def news_words(plan: Plan, news: News, language: str) -> Iterator[str]:
    """What happened in a round, a sentence for each kind of event; departments are counted, each once.

    Args:
        plan: The plan.
        news: What happened.
        language: The language, "ja" or "en".
    """

    def names(departments: Iterable[str]) -> str:
        return joined(listed([department_name(plan, department) for department in departments]), language)

    if news.issued:
        yield text("status.said.issued", language, count=len(news.issued), names=names(news.issued))
    for state in ReceiptState:
        those = [receipt.department for receipt in news.latest if receipt.state is state]
        if those:
            word = text(ReturnState(state.value).catalogue_key, language)
            yield text("status.said.received", language, state=word, count=len(those), names=names(those))
    if news.refused:
        yield text("status.said.refused", language, count=len(news.refused))
    if news.decided:
        kinds = Counter(text(decision.kind.catalogue_key, language) for decision in news.decided)
        words = joined((f"{kind} {count}" for kind, count in kinds.items()), language)
        yield text("status.said.decided", language, count=len(news.decided), kinds=words)
