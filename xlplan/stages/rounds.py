"""A round as it is known, and which one is meant by a name."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from xlplan.definition.naming import periods_meant
from xlplan.language.errors import ErrorKey, UsageError
from xlplan.language.text import fold
from xlplan.model.correction import Correction
from xlplan.model.decision import Decision, KeptFigure
from xlplan.model.finding import Finding
from xlplan.model.following import following
from xlplan.model.issue import Issued
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.model.submission import Receipt
from xlplan.report.returns import ReturnStanding, open_returns
from xlplan.report.rows import Consolidation, consolidate


@dataclass(frozen=True, slots=True)
class Earlier:
    """The plan of a round with the answers of earlier rounds among its records, and what is told of them."""

    plan: Plan
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownRound:
    """How a round stands.

    Attributes:
        plan: The plan as it is known in the round (`Years.plan_in`).
        period: The round.
        issued: The latest issue of each department, by its id.
        receipts: The latest return of each department that answers what was issued last, by its id.
        findings: What is to be told of the answers of earlier rounds.
        excused: Why a department was let off its answer, by its id.
        kept: The figures of earlier rounds as they were fixed when those were closed.
        corrections: What was corrected in the round and in those before it, in the order in which that was decided.
        decisions: By which the returns of the round stand as they do (`store.counting.Decided.told`).
    """

    plan: Plan
    period: Period
    issued: Mapping[str, Issued]
    receipts: Mapping[str, Receipt]
    findings: tuple[Finding, ...]
    excused: Mapping[str, str]
    kept: tuple[KeptFigure, ...]
    corrections: tuple[Correction, ...] = ()
    decisions: tuple[Decision, ...] = ()

    @property
    def open(self) -> tuple[ReturnStanding, ...]:
        """How those returns stand that are waited for."""
        return open_returns(self.plan, self.period, self.issued, self.receipts, self.excused)

    def consolidation(self, created: datetime, *, draft: bool) -> Consolidation:
        """All that a summary of the round shows.

        Args:
            created: The moment that it bears.
            draft: Whether it is to say of itself that it is a draft.
        """
        known = (self.plan, self.period, self.issued, self.receipts)
        made = consolidate(*known, created, draft=draft, excused=self.excused, kept=self.kept)
        return replace(made, corrections=self.corrections, decisions=self.decisions)


def period_named(plan: Plan, name: str | None) -> Period:
    """The period of that id or label, or the only one in which that fiscal year lies (H26, 2014, 26年度).

    Raises:
        UsageError: no name is given, or it means no period of the plan, or several.
    """
    if not name:
        raise UsageError(ErrorKey.NO_PERIOD, known=" / ".join(period.id for period in plan.periods))
    found = periods_meant(name, plan.periods, plan.years)
    if len(found) == 1:
        return found[0]
    if found:
        known = " / ".join(f"{period.id} {period.label}" for period in found)
        raise UsageError(ErrorKey.UNCLEAR_PERIOD, period=name, known=known)
    to_come = following(plan.periods, plan.years)
    if fold(name) in {fold(known) for known in (to_come.id, to_come.label) if known}:
        raise UsageError(ErrorKey.PERIOD_TO_COME, period=name, id=to_come.id)
    raise UsageError(
        ErrorKey.UNKNOWN_PERIOD, period=name, known=" / ".join(period.id for period in plan.periods)
    )
