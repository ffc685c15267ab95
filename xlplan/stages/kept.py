"""What the ledger keeps of rounds beside their returns: editions, what was fixed, what the office decided."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from xlplan.model.correction import Correction, correction_of, plan_corrections_of
from xlplan.model.decision import Decision, DecisionKind, Publication
from xlplan.model.edition import Edition
from xlplan.store.history import editions, publications, standing_decisions
from xlplan.store.ledger import Ledger


class Kept:
    """What the ledger keeps of rounds.

    Attributes:
        ledger: The ledger; None where nothing was ever issued.
        upto: The number of the last correction that counts; None where all do.
        settled: The number of the decision up to which all counts that the office entered, whatever `upto` is.
    """

    ledger: Ledger | None
    upto: int | None
    settled: int

    @cached_property
    def begun(self) -> tuple[str, ...]:
        """The ids of the periods of which anything was issued, in the order of their first issue."""
        return tuple(self.ledger.periods_issued()) if self.ledger else ()

    @cached_property
    def kept(self) -> Mapping[str, Edition]:
        """The edition of each round that has one, by period id: with the corrections of the plan that count."""
        if self.ledger is None or self.upto is None:
            return editions(self.ledger) if self.ledger else {}
        counting = {decision.made_at for decision in self.decided if decision.number <= self.upto}
        return editions(self.ledger, lambda edition: edition.kept_at in counting)

    @cached_property
    def closed(self) -> Mapping[str, Publication]:
        """What was fixed of each round that is closed, by period id: the latest version that counts."""
        found: dict[str, Publication] = {}
        for made in self.published:
            if made.period not in found or self.upto is None or made.decision <= self.upto:
                found[made.period] = made
        return found

    @cached_property
    def decided(self) -> tuple[Decision, ...]:
        """What the office decided and did not take back."""
        return tuple(standing_decisions(self.ledger)) if self.ledger else ()

    @cached_property
    def excused(self) -> Mapping[str, Mapping[str, str]]:
        """Why departments were let off their answers: by period id, then by department id."""
        found: dict[str, dict[str, str]] = {}
        for decision in self.decided:
            if decision.kind is DecisionKind.EXCUSE:
                department = str(decision.target.get("department", ""))
                found.setdefault(decision.period, {})[department] = decision.reason
        return found

    @cached_property
    def corrections(self) -> tuple[Correction, ...]:
        """What was corrected of answers and of the plan's tables, in the order in which that was decided."""
        return tuple(self._corrections())

    def _corrections(self) -> Iterator[Correction]:
        for decision in self.decided:
            if self.upto is not None and decision.number > self.upto:
                continue
            if decision.kind is DecisionKind.CORRECT:
                yield correction_of(decision)
            elif decision.kind is DecisionKind.CORRECT_PLAN:
                yield from plan_corrections_of(decision)

    def corrections_of(self, period_id: str) -> tuple[Correction, ...]:
        """The values that were corrected in a round."""
        return tuple(correction for correction in self.corrections if correction.decision.period == period_id)

    @cached_property
    def entries(self) -> tuple[Correction, ...]:
        """What the office entered after the answers, each with what stood there, in the order in which it did."""
        last = None if self.upto is None else max(self.upto, self.settled)
        return tuple(
            correction_of(decision)
            for decision in self.decided
            if decision.kind is DecisionKind.ENTER and (last is None or decision.number <= last)
        )

    def written_of(self, period_id: str) -> tuple[Correction, ...]:
        """The values that were entered or corrected in a round, in the order in which that was done."""
        entered = [entry for entry in self.entries if entry.decision.period == period_id]
        return _in_order((*entered, *self.corrections_of(period_id)))

    def told_of(self, period_id: str) -> tuple[Correction, ...]:
        """What the summary of a round tells: what was corrected, and what was entered after it was closed.

        Of whatever round that was: whoever looks at a round leaves out what is of later ones.
        """
        since = self.first_close(period_id)
        late = [entry for entry in self.entries if since and entry.decision.number > since]
        return _in_order((*self.corrections, *late))

    def first_close(self, period_id: str) -> int:
        """The number of the decision by which a round was closed; 0 where it is not."""
        found = (made.decision for made in self.published if made.period == period_id)
        return next(found, 0)

    @cached_property
    def published(self) -> tuple[Publication, ...]:
        """Every version of every round, in the order in which they were made."""
        return tuple(publications(self.ledger)) if self.ledger else ()


def _in_order(corrections: Iterable[Correction]) -> tuple[Correction, ...]:
    return tuple(sorted(corrections, key=lambda correction: correction.decision.number))
