"""The plan through the years: as its tables have it now, and as it stood for each round.

The round at hand follows the plan's tables; whatever issues or judges keeps the edition that it used. A round's edition
is frozen when the round is closed or a later one is issued: from then on nothing of it is read from today's tables.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path

from xlplan.definition.edition import edition_definition, edition_tables, tables_text
from xlplan.definition.reading import Definition, define
from xlplan.definition.specs import Table, TableRow, Tables
from xlplan.language.errors import ErrorKey, LedgerError, UsageError
from xlplan.model.codes import FindingCode
from xlplan.model.decision import Publication
from xlplan.model.edition import Edition, EditionBasis
from xlplan.model.finding import Finding
from xlplan.model.issue import Issued
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.model.then import Then
from xlplan.stages.answers import answered, differing, records_now, still_counting
from xlplan.store.history import editions, latest_publications, record_edition
from xlplan.store.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Earlier:
    """The plan of a round with the answers of earlier rounds among its records, and what is told of them."""

    plan: Plan
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Years:
    """The plan through the years. `now` are its tables as they are; `ledger` is None where nothing was ever issued."""

    now: Definition
    ledger: Ledger | None
    _plans: dict[str, Earlier] = field(default_factory=dict)
    _then: dict[str, Earlier] = field(default_factory=dict)

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
                found = edition_definition(self.kept[name]).plan
                lost += [period for period in (found.periods if found else ()) if period.id == name]
        if not lost:
            return self.plan.periods
        return tuple(sorted((*self.plan.periods, *lost), key=lambda period: period.first_year))

    @cached_property
    def begun(self) -> tuple[str, ...]:
        """The ids of the periods of which anything was issued, in the order of their first issue."""
        return tuple(self.ledger.periods_issued()) if self.ledger else ()

    @cached_property
    def kept(self) -> Mapping[str, Edition]:
        """The edition of each round that has one, by period id."""
        return editions(self.ledger) if self.ledger else {}

    @cached_property
    def closed(self) -> Mapping[str, Publication]:
        """What was fixed of each round that is closed, by period id."""
        return latest_publications(self.ledger) if self.ledger else {}

    def is_frozen(self, period_id: str) -> bool:
        """Whether nothing of a round is read from today's tables any more."""
        if period_id not in self.begun:
            return False
        order = [period.id for period in self.periods]
        at = order.index(period_id) if period_id in order else -1
        return period_id in self.closed or any(later in self.begun for later in order[at + 1 :])

    def is_assumed(self, period_id: str) -> bool:
        """Whether how a round's plan stood was put together afterwards, or is yet to be."""
        kept = self.kept.get(period_id)
        return self.is_frozen(period_id) and (kept is None or kept.basis is EditionBasis.ASSUMED)

    def tables_of(self, period_id: str) -> Tables:
        """The plan's tables as they stood for a round; of one that is not frozen as they are.

        Raises:
            LedgerError: its edition was kept by a later xlplan, or is damaged.
        """
        if not self.is_frozen(period_id):
            return self.now.tables
        if period_id in self.kept:
            return edition_tables(self.kept[period_id])
        issued = self.ledger.issued(period_id) if self.ledger else {}
        return _as_issued(self.now.tables, issued)

    def plan_in(self, period: Period) -> Earlier:
        """The plan as it is known in a round: as it stood then, with the answers accepted in the rounds before it.

        Args:
            period: The round.

        Returns:
            The plan with how those rounds were, and what is to be told of them.

        Raises:
            LedgerError: an edition was kept by a later xlplan, or does not fit.
        """
        if period.id not in self._plans:
            self._plans[period.id] = self._planned(period)
        return self._plans[period.id]

    def base(self, period: Period) -> Plan:
        """The plan of a round as its tables had it, with the figures in print of today.

        Raises:
            LedgerError: its edition was kept by a later xlplan, or does not fit.
        """
        if not self.is_frozen(period.id):
            return self.plan
        definition = define(Path(period.id), self.tables_of(period.id))
        if definition.plan is None or definition.plan.period(period.id) is None:
            raise LedgerError(ErrorKey.EDITION_UNFIT, period=period.label)
        return definition.plan.with_published(self.plan.published)

    def _planned(self, period: Period) -> Earlier:
        if self.ledger is None:
            return Earlier(self.plan)
        base = self.base(period)
        before = [known for known in base.periods_until(period)[:-1] if known.id in self.begun]
        findings: list[Finding] = []
        plans = [self._answered(known).plan for known in before]
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
            findings += [*self._answered(known).findings, *told]
            if self.is_assumed(known.id):
                params = {"period": known.label}
                findings.append(Finding(FindingCode.EDITION_ASSUMED, period=known.id, params=params))
        return Earlier(replace(base, periods=periods, records=tuple(collected), past=past), tuple(findings))

    def _answered(self, period: Period) -> Earlier:
        """The plan of a round that is over, with what was answered in it."""
        if period.id not in self._then and self.ledger is not None:
            ledger = self.ledger
            receipts = still_counting(ledger, ledger.latest(period.id), ledger.issued(period.id))
            plan = self.plan_in(period).plan
            made = answered(plan, plan.period(period.id) or period, receipts, closed=period.id in self.closed)
            self._then[period.id] = Earlier(made.plan, made.findings)
        return self._then[period.id]

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
        order = [known.id for known in self.periods]
        at = order.index(period.id) if period.id in order else 0
        if period.id in self.begun or any(name in self.begun for name in order[at + 1 :]):
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


def _as_issued(tables: Tables, issued: Mapping[str, Issued]) -> Tables:
    """Today's tables with what the ledger knows of a round: which department was asked about which item."""
    owners = {
        row.item: department
        for department, sent in issued.items()
        for rows in sent.rows.values()
        for row in rows
    }
    table = tables.tables.get("items")
    departments = tables.tables.get("departments")
    if table is None or departments is None:
        return tables
    known = {str(row.cells.get("id", "")) for row in departments.rows}
    rows = tuple(_owned(table, row, owners, known) for row in table.rows)
    return Tables({**tables.tables, "items": replace(table, rows=rows)}, tables.findings)


def _owned(table: Table, row: TableRow, owners: Mapping[str, str], known: set[str]) -> TableRow:
    owner = owners.get(str(row.cells.get("id", "")), "")
    if owner not in known or "department" not in table.headers:
        return row
    return replace(row, cells={**row.cells, "department": owner})
