"""What every correction does: its turn of the ledger, what follows in figures and checks, and the next version."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from xlplan.language.errors import ErrorKey, UsageError
from xlplan.model.correction import ChangedFigure, Correction
from xlplan.model.decision import Decision, DecisionKind, Publication
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.stages.close import close
from xlplan.stages.consolidate import consolidate
from xlplan.stages.define import moment, taking_turn, who
from xlplan.stages.errata import changed_figures
from xlplan.stages.judged_anew import JudgedAnew, judged_anew
from xlplan.stages.years import Years
from xlplan.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class CorrectResult:
    """What was corrected, or would be.

    Attributes:
        plan: The plan as it is known in the round.
        period: The round.
        corrections: The values with what stood there.
        changed: The figures of the round's summary that all corrections so far have changed; none where nothing was
            recorded.
        judged: The answers whose checks end otherwise by it, of the round and of later ones; none where nothing was
            recorded.
        published: The versions that were fixed anew: of the round, and of later ones, that are closed.
        done: Whether it was recorded.
    """

    plan: Plan
    period: Period
    corrections: tuple[Correction, ...]
    changed: tuple[ChangedFigure, ...] = ()
    judged: tuple[JudgedAnew, ...] = ()
    published: tuple[Publication, ...] = ()
    done: bool = True


@dataclass(frozen=True, slots=True)
class Correcting:
    """Who corrects, in which round, why and when, and whether it is only shown.

    Attributes:
        reason: Why, as the summary shows it.
        period: The round: an id, a label, or a fiscal year. The latest that was issued where None.
        by: Who decides it; the system's user where it is empty.
        only_show: Whether it is only shown what would be corrected.
        now: The moment; the clock's where None.
        on_wait: Called once where another run is at work in the folder.
    """

    reason: str
    period: str | None
    by: str
    only_show: bool
    now: datetime | None
    on_wait: Callable[[], object]

    def done(
        self,
        space: Workspace,
        kind: DecisionKind,
        decide: Callable[[Years, Period, Decision], tuple[Plan, tuple[Correction, ...]]],
    ) -> CorrectResult:
        """Decide in a turn of the ledger's; then publish anew what is closed.

        Args:
            space: The folder.
            kind: What is decided.
            decide: Gives the plan as it is known in the round and the values with what stood there, and records them
                unless they are only shown. It is given the plan through the years, the round, and the decision, which
                has no target yet.

        Raises:
            UsageError: no reason, no such round; and as `decide`.
        """
        if not (self.reason.strip() or self.only_show):
            raise UsageError(ErrorKey.NO_REASON)
        made_at, (definition, ledger) = moment(self.now), taking_turn(space)
        with ledger, ledger.writing(self.on_wait):
            years = Years(definition, ledger)
            current = years.begun_round(self.period)
            years.keep(current, made_at)
            decision = Decision(current.id, made_at, who(self.by), kind, reason=self.reason.strip())
            plan, corrections = decide(Years(definition, ledger), current, decision)
            made = CorrectResult(plan, current, corrections, done=not self.only_show)
            if self.only_show:
                return made
            years = Years(definition, ledger)
            changed = changed_figures(years, current, made_at, draft=bool(years.known_round(current).open))
            first = min(correction.decision.number for correction in corrections)
            judged = judged_anew(years.as_corrected(first - 1), years, current)
            closed = closed_since(years, current)
        published = published_anew(space, closed, self.by, made_at, self.on_wait)
        return replace(made, changed=changed, judged=judged, published=published)


def closed_since(years: Years, period: Period) -> tuple[str, ...]:
    """The ids of the rounds from this one on that are closed."""
    names = [known.id for known in years.periods]
    return tuple(name for name in names[names.index(period.id) :] if name in years.closed)


def published_anew(
    space: Workspace, closed: Sequence[str], by: str, now: datetime, on_wait: Callable[[], object]
) -> tuple[Publication, ...]:
    """Make the summaries of closed rounds again and fix them as the next version, the earliest first.

    Args:
        space: The folder of the plan.
        closed: The ids of the rounds.
        by: Who decides it.
        now: The moment.
        on_wait: Called once where another run is at work in the folder and this one waits for it.
    """
    found = []
    for name in closed:
        page = space.page(name).is_file()
        consolidate(space, name, html=page, now=now, on_wait=on_wait)
        found.append(close(space, name, by=by, now=now, on_wait=on_wait).made)
    return tuple(made for made in found if made)
