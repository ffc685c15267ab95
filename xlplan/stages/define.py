"""Define: the plan's tables, read and checked; and what the other stages ask of them."""

from collections.abc import Sequence

from xlplan.definition.people import periods_meant
from xlplan.definition.reading import Definition, read_definition
from xlplan.language.errors import ErrorKey, LedgerError, UsageError, XlplanError
from xlplan.model.item import Department, Period
from xlplan.model.plan import Plan
from xlplan.store.ledger import Ledger
from xlplan.store.workspace import Workspace


def lint(space: Workspace) -> Definition:
    """Read the plan's tables and tell everything that is wrong with them."""
    return read_definition(space.definition)


def language_of(space: Workspace) -> str:
    """The language of the workspace's plan; empty where there is none or it cannot be read."""
    try:
        return lint(space).language
    except XlplanError:
        return ""


def plan_of(space: Workspace) -> Plan:
    """The workspace's plan. Raises DefinitionError where its tables hold errors."""
    return lint(space).usable()


def period_named(plan: Plan, name: str) -> Period:
    """The period of that id or label, or the only one in which that fiscal year lies (H26, 2014, 26年度)."""
    if not name:
        raise UsageError(ErrorKey.NO_PERIOD, known=" / ".join(one.id for one in plan.periods))
    found = periods_meant(name, plan.periods, plan.years)
    if len(found) == 1:
        return found[0]
    if found:
        known = " / ".join(f"{one.id} {one.label}" for one in found)
        raise UsageError(ErrorKey.UNCLEAR_PERIOD, period=name, known=known)
    raise UsageError(ErrorKey.UNKNOWN_PERIOD, period=name, known=" / ".join(one.id for one in plan.periods))


def asked(plan: Plan, period: Period, names: Sequence[str]) -> tuple[Department, ...]:
    """The departments meant by these ids or names, all that answer in `period` where none is named."""
    every = plan.answering(period)
    if not every:
        raise UsageError(ErrorKey.NO_ITEMS, period=period.label)
    for name in names:
        if not any(name in (one.id, one.name) for one in every):
            known = " / ".join(f"{one.id} {one.name}" for one in every)
            raise UsageError(
                ErrorKey.UNKNOWN_DEPARTMENT_ID, department=name, period=period.label, known=known
            )
    return tuple(one for one in every if not names or one.id in names or one.name in names)


def open_ledger(space: Workspace) -> Ledger:
    """The ledger, made where there is none yet. Raises LedgerError where it is gone while its files are there."""
    _not_lost(space)
    return Ledger.open(space.ledger_path)


def existing_ledger(space: Workspace, *, turn: bool = False) -> Ledger | None:
    """The ledger to read from, or None where nothing has been issued. Raises LedgerError as `open_ledger`.

    With `turn` it can be read in a turn of one's own, while no other run changes it or the files.
    """
    _not_lost(space)
    return Ledger.open_existing(space.ledger_path, turn=turn)


def _not_lost(space: Workspace) -> None:
    path = space.ledger_path
    # an empty file is what a making that was broken off leaves, or a copy
    if not (path.exists() and path.stat().st_size) and space.has_returns():
        raise LedgerError(ErrorKey.LEDGER_LOST, path=space.ledger_path)


def likely_round(plan: Plan, ledger: Ledger | None, name: str) -> Period:
    """The round that is meant: by name, else the one that was issued last, else the plan's last."""
    if name:
        return period_named(plan, name)
    begun = ledger.periods_issued() if ledger else []
    return next((one for one in reversed(plan.periods) if one.id in begun), plan.periods[-1])


def begun_round(plan: Plan, ledger: Ledger, name: str) -> Period:
    """The round that is meant: by name, else the latest of the plan's periods that was issued."""
    begun = ledger.periods_issued()
    if not name:
        known = [one for one in plan.periods if one.id in begun]
        if not known:
            raise UsageError(ErrorKey.NO_ROUND)
        return known[-1]
    period = period_named(plan, name)
    if period.id not in begun:
        raise UsageError(ErrorKey.NOTHING_ISSUED, period=period.label, id=period.id)
    return period
