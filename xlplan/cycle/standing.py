"""Whether a summary is what was written, and rests on what counts now."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path

from xlplan.consolidate import forms_shown, periods_shown
from xlplan.cycle.verify import not_as_kept, written_there
from xlplan.files import modified
from xlplan.ledger import Ledger
from xlplan.plan import Period, Plan
from xlplan.submission import Issued, MadeSummary, Receipt
from xlplan.workspace import Workspace

NANOSECONDS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class SummaryStanding:
    """How summary.xlsx stands. `returns` are the departments (by id) whose return is another one by now.

    `outdated`: it rests on other returns or another plan than count now. `altered`: its bytes are not those that were
    written. Of a summary that the ledger does not know only its age is known: `made` is None, `altered` not told.
    """

    path: Path
    made: MadeSummary | None
    outdated: bool
    returns: tuple[str, ...]
    altered: bool

    @property
    def fine(self) -> bool:
        """Whether it can be relied on."""
        return not (self.outdated or self.altered)


def basis(plan: Plan, period: Period, receipts: Mapping[str, Receipt]) -> tuple[dict[str, str], str]:
    """What a summary made now would rest on: hashes of the returns by department, and one of the plan's part."""
    asked = {one.id for one in plan.answering(period)}
    returns = {name: one.sha256 for name, one in receipts.items() if name in asked}
    forms, periods = forms_shown(plan), periods_shown(plan, period)
    wanted = {one.id for one in forms}, {one.id for one in periods}
    records = [one for one in plan.records if one.form in wanted[0] and one.period in wanted[1]]
    head = (plan.id, plan.title, plan.organisation, plan.language, plan.fiscal_year_start, plan.calendar)
    names = [(one.id, one.name) for one in plan.departments]
    parts = (head, plan.office, plan.contact, periods, names, forms, plan.views, dict(plan.lists))
    shown = hashlib.sha256(repr(parts).encode())
    for one in chain(plan.items, records):  # one by one: a large plan would be in memory twice more as text
        shown.update(repr(one).encode())
    return returns, shown.hexdigest()


def standing(
    space: Workspace,
    plan: Plan,
    period: Period,
    ledger: Ledger,
    issued: Mapping[str, Issued],
    receipts: Mapping[str, Receipt],
) -> SummaryStanding | None:
    """How the final summary of `period` stands; None where there is none. `receipts` are those that count."""
    path = space.summary(period.id)
    if not path.is_file():
        return None
    made = written_there(ledger, path, space.relative(path))
    if made is None:
        moments = [one.received_at for one in receipts.values()]
        moments += [one.issued_at for one in issued.values()]
        newest = max(map(datetime.timestamp, moments), default=0)
        later = newest > modified(path) / NANOSECONDS
        return SummaryStanding(path, None, later, (), altered=False)
    returns, shown = basis(plan, period, receipts)
    names = [one.id for one in plan.departments if returns.get(one.id) != made.returns.get(one.id)]
    altered = not_as_kept(path, made.sha256) == "changed"
    outdated = returns != made.returns or shown != made.plan
    return SummaryStanding(path, made, outdated, tuple(names), altered)
