"""Correct the plan of a round that is frozen: named rows of today's tables are taken into its edition."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

from xlplan.definition.edition import CorrectedRow, tables_text, with_row
from xlplan.definition.reading import define
from xlplan.definition.specs import TABLES, Tables
from xlplan.language.errors import ErrorKey, UsageError
from xlplan.model.correction import Correction, plan_corrections_of
from xlplan.model.decision import Decision, DecisionKind
from xlplan.model.edition import Edition, EditionBasis
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.model.record import Value
from xlplan.stages.correcting import Correcting, CorrectResult
from xlplan.stages.years import Years
from xlplan.store.history import record_decision, record_edition
from xlplan.store.workspace import Workspace


def correct_plan(
    space: Workspace,
    rows: Sequence[str],
    *,
    reason: str,
    period: str | None = None,
    by: str = "",
    only_show: bool = False,
    now: datetime | None = None,
    on_wait: Callable[[], object] = lambda: None,
) -> CorrectResult:
    """Take rows of the plan's tables, as they stand today, into the edition of a round that follows them no more.

    Args:
        space: The folder.
        rows: Which, as table and id: measures:done, items:A-1.
        reason: Why, as the summary shows it.
        period: The round: an id, a label, or a fiscal year. The latest that was issued where None.
        by: Who decides it; the system's user where it is empty.
        only_show: Whether it is only shown what would be corrected.
        now: The moment; the clock's where None.
        on_wait: Called once where another run is at work in the folder.

    Raises:
        UsageError: no reason; the round follows the tables; no such row, or no other; the plan of then would break.
    """
    how = Correcting(reason, period, by, only_show, now, on_wait)
    decide = partial(_decided, rows=rows, only_show=only_show)
    return how.done(space, DecisionKind.CORRECT_PLAN, decide)


def _decided(
    years: Years, period: Period, decided: Decision, *, rows: Sequence[str], only_show: bool
) -> tuple[Plan, tuple[Correction, ...]]:
    """The cells with what stood there, recorded unless they are only shown.

    Args:
        years: The plan through the years.
        period: The round.
        decided: The decision, which has no target yet.
        rows: Which rows, as table and id.
        only_show: Whether nothing is recorded.

    Returns:
        The plan as it is known in the round, and they.

    Raises:
        UsageError: as `correct_plan`.
    """
    if not years.is_frozen(period.id):
        raise UsageError(ErrorKey.PLAN_FOLLOWS, period=period.label)
    tables, ledger = years.tables_of(period.id), years.need_ledger()
    found: list[Correction] = []
    for row in rows:
        tables, cells = _taken(tables, years.now.tables, row)
        decision = replace(decided, target=_target(row, cells))
        found += plan_corrections_of(decision if only_show else record_decision(ledger, decision))
    plan = define(Path(period.id), tables)
    if plan.plan is None or plan.plan.period(period.id) is None:
        first = next((each.message(plan.language or "ja") for each in plan.findings), "")
        raise UsageError(ErrorKey.PLAN_BREAKS, period=period.label, first=first)
    if not only_show:
        kept = Edition(period.id, decided.made_at, EditionBasis.CORRECTED, tables_text(tables))
        record_edition(ledger, kept)
    return years.plan_in(period).plan, tuple(found)


def _taken(kept: Tables, now: Tables, row: str) -> tuple[Tables, tuple[CorrectedRow, ...]]:
    """The tables of an edition with one row as today's tables have it, and the cells that changed.

    Raises:
        UsageError: there is no such table or row, or the row stands there as it is.
    """
    table, _, row_id = row.partition(":")
    if table not in {spec.id for spec in TABLES} or not row_id:
        raise UsageError(ErrorKey.UNKNOWN_ROW, row=row)
    tables, cells = with_row(kept, now, table, row_id)
    if not cells:
        raise UsageError(ErrorKey.ROW_SAME, row=row)
    return tables, cells


def _target(row: str, cells: Sequence[CorrectedRow]) -> Mapping[str, Value]:
    """What a decision is about: the row, and each cell that changed."""
    table, _, row_id = row.partition(":")
    target: dict[str, Value] = {"table": table, "row": row_id}
    for cell in cells:
        target |= {f"old:{cell.column}": cell.old, f"new:{cell.column}": cell.new}
    return target
