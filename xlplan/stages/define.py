"""Define: the plan's tables, read and checked; and what the other stages ask of them."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from xlplan.definition.reading import Definition, read_definition
from xlplan.fields.days import day_without_year, read_day_cell
from xlplan.language.calendar import Years
from xlplan.language.errors import (
    DefinitionError,
    ErrorKey,
    FileError,
    LedgerError,
    UsageError,
    XlplanError,
)
from xlplan.language.text import tidy
from xlplan.model.finding import Finding, listed, told_of
from xlplan.model.item import Department, Period
from xlplan.model.plan import Plan
from xlplan.model.plancodes import PlanCode
from xlplan.model.safety import SafetyCode
from xlplan.store.backup import copies_in
from xlplan.store.files import modified, seen
from xlplan.store.ledger import Ledger
from xlplan.store.lock import user_here
from xlplan.store.opened import lock_file, owner_of
from xlplan.store.workspace import Workspace, beside

HEAD_OF_DATABASE = 100
"""Bytes of the head of SQLite's files (https://www.sqlite.org/fileformat.html): a shorter one is none."""
SAVING_SECONDS = 10.0
"""How long after its last change a workbook that is not whole is taken for one that is being saved."""
OPEN = (PlanCode.PLAN_OPEN, PlanCode.PLAN_OPEN_BY)
"""What is told where somebody has the plan open, whose changes may not be saved."""


def read(space: Workspace) -> Definition:
    """Read the plan's tables, with what is wrong with them by themselves, and who has them open.

    Raises:
        UsageError: there is no plan in the folder, or two.
        FileError: they cannot be read; `plan_being_saved` where that is because they are being saved just now.
        DefinitionError: the tables cannot be read at all.
    """
    path = space.find_definition()
    before = seen(path)
    try:
        found = read_definition(path)
    except (DefinitionError, FileError) as fault:
        if seen(path) != before or _half_saved(path, fault):
            raise FileError(ErrorKey.PLAN_BEING_SAVED, path=path) from fault
        raise
    if seen(path) != before:
        raise FileError(ErrorKey.PLAN_BEING_SAVED, path=path)
    return replace(found, findings=(*found.findings, *_opened(path)))


def opened_of(definition: Definition) -> tuple[Finding, ...]:
    """What is told where somebody has the plan open."""
    return tuple(finding for finding in definition.findings if finding.code in OPEN)


def _half_saved(path: Path, fault: XlplanError) -> bool:
    """Whether a workbook that is not whole, as the fault says, was changed only now."""
    refusal = getattr(fault, "refusal", None)
    if refusal is None or refusal.code not in (SafetyCode.EMPTY, SafetyCode.DAMAGED):
        return False
    return abs(time.time() - modified(path) / 1e9) < SAVING_SECONDS


def _opened(path: Path) -> Iterator[Finding]:
    """A notice for the plan, or each of its tables, that a program has open: of its changes we see what is saved."""
    for file in sorted(path.glob("*.csv")) if path.is_dir() else [path]:
        if lock := lock_file(file):
            user = owner_of(lock)
            params = {"file": file.name, "user": user} if user else {"file": file.name}
            yield told_of(Finding(OPEN[bool(user)], params=params), file.name)


def language_of(space: Workspace) -> str:
    """The language of the workspace's plan; empty where there is none or it cannot be read."""
    try:
        return read(space).language
    except XlplanError:
        return ""


def usable(space: Workspace) -> Definition:
    """The workspace's definition, of which there is a plan.

    Raises:
        DefinitionError: its tables hold errors. Further as `read`.
    """
    definition = read(space)
    definition.usable()
    return definition


def plan_of(space: Workspace) -> Plan:
    """The workspace's plan.

    Raises:
        DefinitionError: its tables hold errors. Further as `read`.
    """
    return read(space).usable()


def moment(now: datetime | None) -> datetime:
    """`now`, or where it is None the clock's time in whole seconds."""
    return now or datetime.now().replace(microsecond=0)


def who(named: str) -> str:
    """By whom something is decided: the name given, else the system's user; empty where the system does not say."""
    return named.strip() or user_here()


def day_meant(written: date | str | None, plan: Plan, today: date) -> date | None:
    """A day as a date, or in any manner in which a cell for days may be typed; None where nothing is written.

    Args:
        written: 2015-05-29, 平成27年5月29日, 28 May 2027; of 5/29, 12月20日 and 28 May the next such day is meant.
        plan: The plan, by whose years and locale it is read.
        today: The day from which on a day without a year is looked for.

    Raises:
        UsageError: it is no day, or could be several.
    """
    if not isinstance(written, str):
        return written
    typed = tidy(written)
    if not typed:
        return None
    read = read_day_cell(typed, typed, plan.years)
    if isinstance(read.value, date):
        return read.value
    day = _next_such_day(typed, today, plan.years)
    if day is None and read.suggestion:
        raise UsageError(ErrorKey.UNCLEAR_DATE, value=written, near=read.suggestion)
    if day is None:
        raise UsageError(ErrorKey.BAD_DATE, value=written)
    return day


def _next_such_day(typed: str, today: date, years: Years) -> date | None:
    """The next day, not before `today`, that 5/29, 12月20日 or 28 May means; 29/5 where the day stands first."""
    days = (day_without_year(year, typed, years) for year in range(today.year, today.year + 9))  # 2/29
    return next((day for day in days if day and day >= today), None)


def departments_named(plan: Plan, period: Period, names: Iterable[str]) -> tuple[Department, ...]:
    """The departments meant.

    Args:
        plan: The plan.
        period: The round: only departments that answer in it can be meant.
        names: Ids or names. Where there are none, all that answer are meant.

    Returns:
        The departments in the plan's order.

    Raises:
        UsageError: nobody answers in the period, or a name is no department's that does.
    """
    answering, wanted = plan.answering(period), tuple(names)
    if not answering:
        raise UsageError(ErrorKey.NO_ITEMS, period=period.label)
    for name in wanted:
        if not any(name in (department.id, department.name) for department in answering):
            known = " / ".join(listed([f"{department.id} {department.name}" for department in answering]))
            raise UsageError(
                ErrorKey.UNKNOWN_DEPARTMENT_ID, department=name, period=period.label, known=known
            )
    return tuple(
        department
        for department in answering
        if not wanted or department.id in wanted or department.name in wanted
    )


def owner_named(plan: Plan, period: Period | None, name: str | None) -> Department | None:
    """The one department that is meant by `name`, its id or name; None where no name or no `period` is given.

    Raises:
        UsageError: the period has no such department in `plan`.
    """
    return departments_named(plan, period, [name])[0] if name and period else None


def open_ledger(space: Workspace) -> Ledger:
    """The ledger, made where there is none yet.

    Raises:
        LedgerError: it is gone while the files that it tells of are there, cannot be opened, or is not as it was
            written: nothing is recorded on top of damage.
    """
    _not_lost(space)
    ledger = Ledger.open(space.ledger_path, sound=True)
    ledger.on_recorded = space.recorded
    return ledger


def existing_ledger(space: Workspace, *, turn: bool = False, sound: bool = True) -> Ledger | None:
    """The ledger to read from, or None where nothing has been issued.

    Args:
        space: The folder of the plan.
        turn: Whether it is to be read in a turn of one's own, while no other run changes it or the files.
        sound: Whether it must be as it was written.

    Raises:
        LedgerError: as `open_ledger`.
    """
    _not_lost(space)
    ledger = Ledger.open_existing(space.ledger_path, turn=turn, sound=sound)
    if ledger and turn and sound:  # whoever takes one that may be damaged records nothing
        ledger.on_recorded = space.recorded
    return ledger


def taking_turn(space: Workspace) -> tuple[Definition, Ledger]:
    """The plan's tables, and the ledger to be written on in a turn of one's own.

    Raises:
        UsageError: nothing was ever issued.
    """
    definition = usable(space)
    ledger = existing_ledger(space, turn=True)
    if ledger is None:
        raise UsageError(ErrorKey.NO_ROUND)
    return definition, ledger


def _not_lost(space: Workspace) -> None:
    path = space.ledger_path
    # an empty file, or one without a whole head, is what a making that was broken off leaves, or a copy
    if not (path.exists() and path.stat().st_size >= HEAD_OF_DATABASE) and (space.kept() or is_begun(path)):
        raise LedgerError(ErrorKey.LEDGER_LOST, path=space.ledger_path)


def is_begun(ledger: Path) -> bool:
    """Whether what lies beside a ledger says that there is or was one: copies of it, or decisions."""
    return bool(copies_in(beside(ledger).backup)) or beside(ledger).decisions.exists()
