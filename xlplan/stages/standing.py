"""Whether a summary is what was written, and rests on what counts now.

Of a summary of 0.1.0 the ledger holds no fingerprint of the plan but a hash that nobody computes any more. It rests on
another plan where the forms of its round ask something else by now, or where a word of the plan that every summary
shows does not stand in the one that was made. A formula of a measure that was changed, or an item that was taken out,
is not seen in it: the next `consolidate` writes it anew anyway, and a summary is not called outdated for what nobody
can know.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from xlplan.form.read.issuedbook import read_issued_book, texts_in
from xlplan.language.privacy import masked
from xlplan.model.fingerprint import has_version, plan_fingerprint
from xlplan.model.issue import Issued
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.model.submission import MadeSummary, Receipt
from xlplan.stages.forms import forms_now
from xlplan.stages.verify import MisfitState, not_as_kept, written_there
from xlplan.store.files import modified, read_bytes
from xlplan.store.ledger import Ledger
from xlplan.store.workspace import Workspace

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
    """What a summary made now would rest on: hashes of the returns by department, and the plan's fingerprint."""
    asked = {one.id for one in plan.answering(period)}
    returns = {name: one.sha256 for name, one in receipts.items() if name in asked}
    return returns, plan_fingerprint(plan, plan.forms_shown, plan.periods_until(period))


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
    altered = not_as_kept(path, made.sha256) is MisfitState.CHANGED
    if has_version(made.plan):
        other_plan = shown != made.plan
    else:
        forms = forms_now(space, plan, period, issued)
        asked = all(map(forms.asked_in, issued.values()))
        other_plan = not asked or (not altered and not _shows(path, plan, period))
    return SummaryStanding(path, made, returns != made.returns or other_plan, tuple(names), altered)


def _shows(path: Path, plan: Plan, period: Period) -> bool:
    """Whether every word of the plan that summaries of 0.1.0 show stands in this one."""
    book = read_issued_book(read_bytes(path))
    if book is None:
        return True
    cells = {*book.sheets, *texts_in(book)}
    written = "\n".join(cells)
    if not all(word in written for word in (plan.title, plan.organisation, plan.office, plan.contact)):
        return False
    return all(not word or not cells.isdisjoint((word, masked(word))) for word in _words(plan, period))


def _words(plan: Plan, period: Period) -> Iterator[str]:
    """The words of the plan that fill a cell of a summary each."""
    forms, periods = plan.forms_shown, plan.periods_until(period)
    yield from (each.label for each in periods)
    yield from (department.name for department in plan.answering(period))
    yield from (view.title for view in plan.views)
    yield from (measure.label for view in plan.views for measure in view.measures)
    yield from (
        field.label if field.heading == field.label else "" for form in forms for field in form.fields
    )
    for item in dict.fromkeys(item.id for each in periods for item in plan.items_of(each)):
        found = plan.item(item)
        if found:
            yield from (found.id, found.goal, found.group, found.title, found.summary, *found.extra.values())
    for form in forms:
        for each in periods:
            for record in plan.records_of(form.id, each.id):
                yield from (value for value in record.values.values() if isinstance(value, str))
