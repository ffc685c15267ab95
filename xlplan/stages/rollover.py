"""Roll over: next period's plan out of this one's and the accepted answers; the plan as it was is kept beside it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from xlplan.definition.editing import TableEdit, edited_files
from xlplan.definition.naming import periods_meant
from xlplan.definition.reading import Definition
from xlplan.language.calendar import read_fiscal_year
from xlplan.language.errors import DefinitionError, ErrorKey, FileError, UsageError
from xlplan.language.messages import joined
from xlplan.language.text import fold
from xlplan.model.decision import Decision, DecisionKind
from xlplan.model.finding import Finding, listed
from xlplan.model.following import following
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.spreadsheet.editing import UneditableError
from xlplan.stages.define import existing_ledger, moment, who
from xlplan.stages.lint import lint
from xlplan.stages.rolling import EndedItem, Rolling
from xlplan.stages.years import Years
from xlplan.store.files import copy_files, files_in, seen, write_bytes
from xlplan.store.history import record_decision
from xlplan.store.opened import need_closed
from xlplan.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class RolloverResult:
    """What the plan has become.

    Attributes:
        plan: The plan as it was.
        before: The round after which it was rolled over.
        period: The period to which it was.
        closed: Whether that round is closed.
        kept: Where the plan as it was is kept.
        path: Where the plan lies.
        ended: The items that were ended.
        lines: How many lines were added to the records.
        proposed: How many values in them are copies that are to be looked at.
        findings: What is to be decided or looked at, at its cell: what the lint says of the plan now.
    """

    plan: Plan
    before: Period
    period: Period
    closed: bool
    kept: Path
    path: Path
    ended: tuple[EndedItem, ...] = ()
    lines: int = 0
    proposed: int = 0
    findings: tuple[Finding, ...] = ()


def rollover(
    space: Workspace,
    to: str,
    *,
    label: str = "",
    by: str = "",
    now: datetime | None = None,
    on_wait: Callable[[], object] = lambda: None,
) -> RolloverResult:
    """Write the plan of the next period: plan.xlsx, or the files of plan/, are changed where they must, and there only.

    Args:
        space: The folder of the plan.
        to: The period: its id, label or fiscal year.
        label: What it is called, where the pattern of the last periods' labels does not say so.
        by: Who decides it; the system's user where it is empty.
        now: The moment; the clock's where None.
        on_wait: Called once where another run is at work in the folder and this one waits for it.

    Raises:
        UsageError: the last round is neither closed nor complete, or the period is not the next one.
        FileError: somebody has the plan open.
    """
    path = _need_unlocked(space.find_definition())
    before, definition = seen(path), lint(space)
    plan, ledger = definition.usable(), existing_ledger(space, turn=True)
    if ledger is None:
        raise UsageError(ErrorKey.NO_ROUND)
    with ledger, ledger.writing(on_wait):
        years = Years(definition, ledger)
        last, rolling = _planned(years, to, label)
        files = _files(path, definition, rolling.edits())
        decided = Decision(last.id, moment(now), who(by), DecisionKind.ROLL_OVER, rolling.told)
        record_decision(ledger, decided)
        if seen(path) != before:
            raise FileError(ErrorKey.PLAN_BEING_SAVED, path=path)
        kept = space.kept_definition(last.id)
        _write(files, path, kept)
    done = (tuple(rolling.ended), rolling.lines, rolling.proposed, lint(space).findings)
    return RolloverResult(plan, last, rolling.period, last.id in years.closed, kept, path, *done)


def _planned(years: Years, to: str, label: str) -> tuple[Period, Rolling]:
    """The last round, and what changes in the plan's tables for the period after it.

    Raises:
        UsageError: that round is neither closed nor complete, or the period is not the next one.
    """
    last = years.begun_round(None)
    period = _next_period(years, last, to, label)
    _need_complete(years, last)
    return last, Rolling(years, last, period)


def _write(files: Mapping[Path, bytes], path: Path, kept: Path) -> None:
    """Keep the plan as it was, then write the files that change."""
    copy_files(path, kept)
    for file, data in files.items():
        write_bytes(file, data)


def _need_unlocked(path: Path) -> Path:
    """The plan, where nobody has it or one of its tables open.

    Raises:
        FileError: somebody has.
    """
    for file in files_in(path) if path.is_dir() else [path]:
        need_closed(file)
    return path


def _need_complete(years: Years, last: Period) -> None:
    """Stop where the last round is neither closed nor complete.

    Raises:
        UsageError: returns are open.
    """
    if last.id in years.closed:
        return
    if waited := years.known_round(last, records=False).open:
        plan = years.plan_in(last).plan
        owners = (plan.department(line.department) for line in waited)
        names = joined(listed([owner.name for owner in owners if owner]), plan.language)
        raise UsageError(ErrorKey.ROLLOVER_OPEN, period=last.label, names=names, id=last.id)


def _files(path: Path, definition: Definition, edits: Sequence[TableEdit]) -> Mapping[Path, bytes]:
    """The files of the plan with edits.

    Raises:
        DefinitionError: the workbook is not one that can be changed without losing anything.
    """
    try:
        return edited_files(path, definition.tables, edits, definition.usable().language)
    except UneditableError as error:
        raise DefinitionError(ErrorKey.PLAN_UNEDITABLE, path=path) from error


# --- the next period -------------------------------------------------------------------------------


def _next_period(years: Years, last: Period, to: str, label: str) -> Period:
    """The period that is meant: one of the plan's that has not begun, or the one that comes after its last.

    Raises:
        UsageError: it is not the one after the last round, has begun, or the plan was rolled over to it.
    """
    plan = years.plan
    if plan.period(last.id) is None:
        known = " / ".join(period.id for period in plan.periods)
        raise UsageError(ErrorKey.UNKNOWN_PERIOD, period=last.label, known=known)
    meant, later = periods_meant(to, plan.periods, plan.years), plan.periods[plan.position(last.id) + 1 :]
    if any(period.id in years.begun for period in meant):
        raise UsageError(ErrorKey.ROLLOVER_BEGUN, period=meant[-1].label)
    rolled = {
        decision.target.get("to") for decision in years.decided if decision.kind is DecisionKind.ROLL_OVER
    }
    if later and later[0].id in rolled and later[0] in meant:
        raise UsageError(ErrorKey.ROLLED_ALREADY, period=later[0].label)
    if later and later[0] in meant:
        return replace(later[0], label=label or later[0].label)
    if later or meant:
        wanted = later[0] if later else following(plan.periods, plan.years)
        raise UsageError(ErrorKey.ROLLOVER_NEXT, value=to, period=wanted.label, id=wanted.id)
    return _derived(plan, to, label)


def _derived(plan: Plan, to: str, label: str) -> Period:
    """The period after the plan's last, by the pattern of those before it.

    Raises:
        UsageError: it is not what is meant, or nobody knows what is.
    """
    found = following(plan.periods, plan.years)
    if not to.strip():
        raise UsageError(ErrorKey.ROLLOVER_TO, id=found.id or found.first_year)
    year = read_fiscal_year(to, replace(plan.years, last=found.last_year)).sure
    named = fold(to) in {fold(name) for name in (found.id, found.label) if name}
    if not found.id and to.strip() and year in (None, found.first_year):
        found = replace(found, id=to.strip())
    elif not named and year is None:
        raise UsageError(ErrorKey.ROLLOVER_UNCLEAR, value=to)
    elif not named and year != found.first_year:
        raise UsageError(ErrorKey.ROLLOVER_NEXT, value=to, period=found.label or found.id, id=found.id)
    return replace(found, label=label or found.label or to.strip())
