"""A kit's sample answers: the table `records` of its folder `answers`."""

from pathlib import Path

from xlplan.definition.lines import Faults
from xlplan.definition.records import records
from xlplan.definition.tables import read_tables
from xlplan.language.errors import DefinitionError, ErrorKey, UsageError
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.model.record import Record


def read_answers(plan: Plan, kit: Path) -> tuple[Period, tuple[Record, ...]]:
    """The period that the answers are of, and the answers.

    Raises UsageError where the kit has none, DefinitionError where they do not fit the plan.
    """
    path = kit / "answers"
    if not path.is_dir():
        raise UsageError(ErrorKey.NO_ANSWERS, kit=kit.name)
    faults = Faults()
    found = records(read_tables(path), faults, plan)
    if faults.findings or not found:
        where = faults.findings[0] if faults.findings else None
        reason = f"{where.cell} {where.message(plan.language)}" if where else ""
        raise DefinitionError(ErrorKey.ANSWERS_UNFIT, path=path, reason=reason)
    period = plan.period(found[0].period)
    if period is None:
        raise DefinitionError(ErrorKey.ANSWERS_UNFIT, path=path, reason=found[0].period)
    return period, found
