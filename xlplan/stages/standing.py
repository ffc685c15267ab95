"""Whether a summary is what was written, and rests on what counts now.

Of a summary of 0.1.0 the ledger holds no fingerprint of the plan but a hash that nobody computes any more. It rests on
another plan where the forms of its round ask something else by now, or where a word of the plan that every summary
shows does not stand in the one that was made. A formula of a measure that was changed, or an item that was taken out,
is not seen in it: the next `consolidate` writes it anew anyway, and a summary is not called outdated for what nobody
can know.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from xlplan.form.read.issuedbook import read_issued_book, texts_in
from xlplan.language.privacy import masked
from xlplan.model.fingerprint import has_version, plan_fingerprint
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.model.submission import MadeSummary
from xlplan.stages.forms import forms_now
from xlplan.stages.rounds import KnownRound
from xlplan.store.archive import written_there
from xlplan.store.files import MisfitState, modified, not_as_kept, read_bytes
from xlplan.store.ledger import Ledger
from xlplan.store.workspace import Workspace

NANOSECONDS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class SummaryStanding:
    """How summary.xlsx or summary.html stands. Of one that the ledger does not know only its age is known.

    Attributes:
        path: The summary.
        made: When and of what it was made; None where the ledger does not know.
        outdated: Whether it rests on other returns or another plan than count now.
        returns: The departments (by id) whose return is another one by now.
        altered: Whether its bytes are not those that were written.
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


def basis(known: KnownRound) -> tuple[dict[str, str], str]:
    """What a summary of a round made now would rest on.

    Returns:
        The hashes of the returns by department id, of one in which values were corrected with the numbers of those
        decisions behind it, and the fingerprint of what the summary shows of the plan.
    """
    plan, period = known.plan, known.period
    asked = {department.id for department in plan.answering(period)}
    corrected = _corrections_by_department(known)
    returns = {
        name: "+".join((receipt.sha256, *corrected.get(name, ())))
        for name, receipt in known.receipts.items()
        if name in asked
    }
    return returns, plan_fingerprint(plan, plan.forms_shown, plan.periods_until(period))


def _corrections_by_department(known: KnownRound) -> dict[str, list[str]]:
    """The numbers of the decisions by which answers of each department were corrected in the round."""
    owners = {item.id: item.department for item in known.plan.items_of(known.period)}
    found: dict[str, list[str]] = {}
    for correction in known.corrections:
        if correction.decision.period == known.period.id and not correction.is_entry:
            department = correction.department or owners.get(correction.item, "")
            found.setdefault(department, []).append(str(correction.decision.number))
    return found


def standing(space: Workspace, ledger: Ledger, known: KnownRound, path: Path) -> SummaryStanding | None:
    """How a final summary of a round stands.

    Args:
        space: The folder of the plan.
        ledger: The ledger.
        known: The round.
        path: The summary: the workbook, or the page.

    Returns:
        None where there is no summary.
    """
    if not path.is_file():
        return None
    made = written_there(ledger, path, space.relative(path))
    if made is None:
        moments = [receipt.received_at for receipt in known.receipts.values()]
        moments += [sent.issued_at for sent in known.issued.values()]
        newest = max(map(datetime.timestamp, moments), default=0)
        later = newest > modified(path) / NANOSECONDS
        return SummaryStanding(path, None, later, (), altered=False)
    returns, shown = basis(known)
    names = [
        department.id
        for department in known.plan.departments
        if returns.get(department.id) != made.returns.get(department.id)
    ]
    altered = not_as_kept(path, made.sha256) is MisfitState.CHANGED
    if has_version(made.plan):
        other_plan = shown != made.plan
    else:
        other_plan = _unversioned_differs(space, known, path, altered=altered)
    return SummaryStanding(path, made, returns != made.returns or other_plan, tuple(names), altered)


def _unversioned_differs(space: Workspace, known: KnownRound, path: Path, *, altered: bool) -> bool:
    """Whether a summary of 0.1.0 rests on another plan than the one known now."""
    forms = forms_now(space, known.plan, known.period, known.issued)
    if not all(map(forms.asked_in, known.issued.values())):
        return True
    return not altered and not _shows(path, known.plan, known.period)


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
    yield from (shown.label for shown in periods)
    yield from (department.name for department in plan.answering(period))
    yield from (view.title for view in plan.views)
    yield from (measure.label for view in plan.views for measure in view.measures)
    yield from (
        field.label if field.heading == field.label else "" for form in forms for field in form.fields
    )
    for name in dict.fromkeys(item.id for shown in periods for item in plan.items_of(shown)):
        item = plan.item(name)
        if item:
            yield from (item.id, item.goal, item.group, item.title, item.summary, *item.extra.values())
    for form in forms:
        for shown in periods:
            for record in plan.records_of(form.id, shown.id):
                yield from (value for value in record.values.values() if isinstance(value, str))
