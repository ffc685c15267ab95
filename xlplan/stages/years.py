"""The plan through the years: as its tables have it now, and as it stood for each round.

The round at hand follows the plan's tables; whatever issues or judges keeps the edition that it used. A round's edition
is frozen when the round is closed or a later one is issued: from then on nothing of it is read from today's tables.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path

from xlplan.definition.edition import as_owned, edition_tables, tables_text
from xlplan.definition.reading import Definition, define
from xlplan.definition.specs import Tables
from xlplan.language.errors import ErrorKey, LedgerError, UsageError
from xlplan.model.codes import FindingCode
from xlplan.model.edition import Edition, EditionBasis
from xlplan.model.finding import Finding
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.model.submission import Receipt, ReceiptState
from xlplan.model.then import Then
from xlplan.stages.answers import answered, still_counting
from xlplan.stages.corrected import corrected_plan, corrected_receipts, corrections_known
from xlplan.stages.later import differing, kept_known, records_now
from xlplan.stages.rounds import Earlier, KnownRound, period_named
from xlplan.store.counting import Decided, counting
from xlplan.store.history import Kept, record_edition
from xlplan.store.ledger import Ledger


@dataclass(frozen=True)
class Years(Kept):
    """The plan through the years.

    Attributes:
        now: Its tables as they are.
        ledger: The ledger; None where nothing was ever issued.
        upto: The number of the last correction that counts; None where all do.
        settled: The number of the decision up to which all counts that the office entered, whatever `upto` is.
    """

    now: Definition
    ledger: Ledger | None
    upto: int | None = None
    settled: int = 0
    _plans: dict[tuple[str, bool], Earlier] = field(default_factory=dict)
    _then: dict[str, Earlier] = field(default_factory=dict)
    _stood: dict[str, Plan] = field(default_factory=dict)

    @property
    def plan(self) -> Plan:
        """The plan as its tables have it.

        Raises:
            DefinitionError: they hold errors.
        """
        return self.now.usable()

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        """The plan's periods, and those of rounds that its tables do not have any more."""
        known = {period.id for period in self.plan.periods}
        lost = []
        for name in self.begun:
            if name not in known and name in self.kept:
                found = define(Path(name), edition_tables(self.kept[name])).plan
                lost += [period for period in (found.periods if found else ()) if period.id == name]
        if not lost:
            return self.plan.periods
        return tuple(sorted((*self.plan.periods, *lost), key=lambda period: self.plan.days(period).order))

    def is_frozen(self, period_id: str) -> bool:
        """Whether nothing of a round is read from today's tables any more."""
        if period_id not in self.begun:
            return False
        at = self.order.index(period_id) if period_id in self.order else -1
        return period_id in self.closed or any(later in self.begun for later in self.order[at + 1 :])

    @property
    def order(self) -> tuple[str, ...]:
        """The ids of the periods, in their order."""
        return tuple(period.id for period in self.periods)

    def is_assumed(self, period_id: str) -> bool:
        """Whether how a round's plan stood was put together afterwards, or is yet to be."""
        return period_id not in self.kept or self.kept[period_id].basis is EditionBasis.ASSUMED

    def tables_of(self, period_id: str) -> Tables:
        """The plan's tables as they stood for a round, by what was kept of it, else by what the ledger knows."""
        if period_id in self.kept:
            return edition_tables(self.kept[period_id])
        issued = self.ledger.issued(period_id) if self.ledger else {}
        owners = {
            row.item: department
            for department, sent in issued.items()
            for rows in sent.rows.values()
            for row in rows
        }
        return as_owned(self.now.tables, owners)

    def plan_in(self, period: Period) -> Earlier:
        """The plan as it is known in a round: as it stood then, with the answers accepted in the rounds before it.

        Args:
            period: The round.

        Raises:
            LedgerError: an edition was kept by a later xlplan, or does not fit.
        """
        return self._planned(period, over=self.is_frozen(period.id))

    def base(self, period: Period, *, over: bool = False) -> Plan:
        """The plan of a round as its tables had it, with the figures in print of today.

        Args:
            period: The round.
            over: Whether it is looked at from a later one: then its edition counts in any case.

        Raises:
            LedgerError: its edition was kept by a later xlplan, or does not fit.
        """
        if not (over or self.is_frozen(period.id)):
            return corrected_plan(self.plan, period.id, self.written_of(period.id))
        if period.id not in self._stood:
            found = define(Path(period.id), self.tables_of(period.id)).plan
            if found is None or found.period(period.id) is None:
                raise LedgerError(ErrorKey.EDITION_UNFIT, period=period.label)
            plan = found.with_published(self.plan.published)
            self._stood[period.id] = corrected_plan(plan, period.id, self.written_of(period.id))
        return self._stood[period.id]

    def _as_stood(self, period: Period) -> Period:
        """The period as it was called, and as long as it was, for its round where that is frozen."""
        return self.base(period).period(period.id) or period

    def _planned(self, period: Period, *, over: bool) -> Earlier:
        """The plan of a round; `over` as in `base`."""
        key = (period.id, over)
        if key not in self._plans:
            self._plans[key] = self._made(period, over=over)
        return self._plans[key]

    def _made(self, period: Period, *, over: bool) -> Earlier:
        if self.ledger is None:
            return Earlier(self.plan)
        base = self.base(period, over=over)
        before = [known for known in base.periods_until(period)[:-1] if known.id in self.begun]
        findings: list[Finding] = []
        plans = [self.answered_in(known).plan for known in before]
        past = {
            known.id: Then(plan, plan.period(known.id) or known, (*plans[at + 1 :], base))
            for at, (known, plan) in enumerate(zip(before, plans, strict=True))
        }
        periods = tuple(past[known.id].period if known.id in past else known for known in base.periods)
        collected = [record for record in base.records if record.period not in past]
        for known in before:
            closed = known.id in self.closed
            records, told = differing(base, past[known.id], tuple(records_now(past[known.id])), closed=closed)
            collected += records
            findings += [*self.answered_in(known).findings, *told]
            if self.is_assumed(known.id):
                params = {"period": known.label}
                findings.append(Finding(FindingCode.EDITION_ASSUMED, period=known.id, params=params))
        return Earlier(replace(base, periods=periods, records=tuple(collected), past=past), tuple(findings))

    def answered_in(self, period: Period) -> Earlier:
        """The plan of a round as it stood then, with what was answered in it, and what is told of that."""
        if period.id not in self._then and self.ledger is not None:
            ledger = self.ledger
            receipts = still_counting(ledger, self.counting(period.id), ledger.issued(period.id))
            plan = self._planned(period, over=True).plan
            receipts = corrected_receipts(plan, period, receipts, self.corrections_of(period.id))
            made = answered(plan, plan.period(period.id) or period, receipts, closed=period.id in self.closed)
            self._then[period.id] = Earlier(made.plan, made.findings)
        return self._then[period.id]

    def period_named(self, name: str | None) -> Period:
        """The period meant by a name, also where the plan's tables have it no more but it was issued.

        Raises:
            UsageError: as the function `period_named`.
        """
        known = {period.id for period in self.plan.periods}
        lost = [period for period in self.periods if period.id not in known]
        found = next((period for period in lost if name in (period.id, period.label)), None)
        return self._as_stood(found or period_named(self.plan, name))

    def likely_round(self, name: str | None) -> Period:
        """The round that is meant where none need have begun.

        Args:
            name: The period as for `period_named`. Without one it is the one issued last, else the plan's last.

        Raises:
            UsageError: as `period_named`.
        """
        if name:
            return self.period_named(name)
        begun = (known for known in reversed(self.periods) if known.id in self.begun)
        return self._as_stood(next(begun, self.periods[-1]))

    def begun_round(self, name: str | None) -> Period:
        """The round that is meant, which has been issued.

        Args:
            name: The period as for `period_named`. Without one it is the latest of the plan's periods that was issued.

        Raises:
            UsageError: nothing was issued, or not in that period; further as `period_named`.
        """
        known = [period for period in self.periods if period.id in self.begun]
        if not name and not known:
            raise UsageError(ErrorKey.NO_ROUND)
        if not name:
            return self._as_stood(known[-1])
        period = self.period_named(name)
        if period.id not in self.begun:
            raise UsageError(ErrorKey.NOTHING_ISSUED, period=period.label, id=period.id)
        return period

    def meant(self, name: str | None, *, wanted: bool) -> tuple[Period | None, Plan]:
        """The round whose returns are looked at, and the plan by which they are read.

        Args:
            name: The period as for `likely_round`.
            wanted: Whether those of one round only are wanted; else it is None, and the plan that of today.

        Raises:
            UsageError: as `period_named`.
        """
        period = self.likely_round(name) if wanted else None
        return period, self.base(period).asked_in(period) if period else self.plan

    def judging(self, name: str | None, now: datetime) -> tuple[Period, Plan]:
        """The round whose returns are judged, and the plan by which they are, whose edition is kept.

        Args:
            name: The period as for `begun_round`.
            now: The moment.

        Raises:
            UsageError: as `begun_round`.
        """
        period = self.begun_round(name)
        self.keep(period, now)
        return period, self.base(period).asked_in(period)

    def need_open(self, period: Period) -> None:
        """Stop where a round is closed.

        Raises:
            UsageError: it is.
        """
        if made := self.closed.get(period.id):
            raise UsageError(ErrorKey.ROUND_CLOSED, period=period.label, id=period.id, version=made.version)

    def known_round(self, period: Period, *, records: bool = True) -> KnownRound:
        """What the ledger knows of a round.

        Args:
            period: The round.
            records: Whether the receipts' records are wanted, which take long.

        Raises:
            LedgerError: an edition was kept by a later xlplan, or is damaged.
        """
        known, ledger, decided = self.plan_in(period), self.need_ledger(), self.decided_in(period.id)
        issued = decided.extended(ledger.issued(period.id))
        receipts = still_counting(ledger, self.counting(period.id, records=records), issued)
        excused = self.excused.get(period.id, {})
        counting = {
            department: receipt
            for department, receipt in receipts.items()
            if department not in excused or receipt.state is ReceiptState.ACCEPTED
        }
        return KnownRound(
            known.plan,
            period,
            issued,
            corrected_receipts(known.plan, period, counting, self.corrections_of(period.id)),
            known.findings,
            excused,
            tuple(kept_known(known.plan, self.closed)),
            corrections_known(known.plan, period, self.told_of(period.id)),
            decided.told(counting.values()),
        )

    def decided_in(self, period_id: str) -> Decided:
        """The decisions of a round that say what counts in it."""
        return Decided.of(self.need_ledger(), period_id, self.order)

    def counting(self, period_id: str, *, records: bool = True) -> dict[str, Receipt]:
        """The attempt of each department that counts in a round by what was decided; `records` as `known_round`."""
        return counting(self.need_ledger(), period_id, self.order, records=records)

    def as_corrected(self, upto: int, settled: int = 0) -> "Years":
        """The same where what was decided up to a number counts; `settled` as in `Years`."""
        return Years(self.now, self.ledger, upto, settled)

    def need_ledger(self) -> Ledger:
        """The ledger.

        Raises:
            UsageError: nothing was ever issued.
        """
        if self.ledger is None:
            raise UsageError(ErrorKey.NO_ROUND)
        return self.ledger

    def freezing(self, period: Period) -> tuple[Finding, ...]:
        """What is told where a round is about to be issued for the first time: the one before it is frozen with that.

        Args:
            period: The round that is issued.
        """
        at = self.order.index(period.id) if period.id in self.order else 0
        if period.id in self.begun or any(name in self.begun for name in self.order[at + 1 :]):
            return ()
        return tuple(
            Finding(FindingCode.ROUND_FROZEN, period=known.id, params={"period": known.label, "id": known.id})
            for known in self.periods[:at]
            if known.id in self.begun and known.id not in self.closed
        )

    def keep(self, period: Period, now: datetime) -> None:
        """Keep the edition that a round uses, and those that earlier rounds of an older ledger lack.

        In a turn of the ledger's, by whatever issues or judges.

        Args:
            period: The round.
            now: The moment.

        Raises:
            LedgerError: the ledger cannot be written.
        """
        if self.ledger is None:
            return
        for known in self.begun:
            if known != period.id and self.is_frozen(known) and known not in self.kept:
                text = tables_text(self.tables_of(known))
                record_edition(self.ledger, Edition(known, now, EditionBasis.ASSUMED, text))
        if not self.is_frozen(period.id):
            text = tables_text(self.now.tables)
            record_edition(self.ledger, Edition(period.id, now, EditionBasis.PLAN, text))
        elif period.id not in self.kept:
            text = tables_text(self.tables_of(period.id))
            record_edition(self.ledger, Edition(period.id, now, EditionBasis.ASSUMED, text))
