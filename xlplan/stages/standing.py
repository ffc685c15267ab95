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
from xlplan.model.decision import Decision, DecisionKind
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
        The hashes of the returns by department id, each with the numbers of the decisions by which values were
        corrected, findings allowed, it was judged anew or counts; of a department that was let off no hash. And the
        fingerprint of what the summary shows of the plan.
    """
    plan, period = known.plan, known.period
    asked = {department.id for department in plan.answering(period)}
    hashes = {name: receipt.sha256 for name, receipt in known.receipts.items()}
    numbers = _decisions_by_department(known)
    returns = {
        name: "+".join((hashes.get(name, ""), *map(str, sorted(numbers.get(name, ())))))
        for name in {**hashes, **numbers}
        if name in asked
    }
    return returns, plan_fingerprint(plan, plan.forms_shown, plan.periods_until(period))


def _decisions_by_department(known: KnownRound) -> dict[str, set[int]]:
    """The numbers of the decisions by which the answers of each department are as the summary shows them."""
    owners = {item.id: item.department for item in known.plan.items_of(known.period)}
    found: dict[str, set[int]] = {}
    for correction in known.corrections:
        if correction.decision.period == known.period.id and not correction.is_entry:
            department = correction.department or owners.get(correction.item, "")
            found.setdefault(department, set()).add(correction.decision.number)
    for name, receipt in known.receipts.items():
        decided = {finding.allowed.number for finding in receipt.findings if finding.allowed}
        decided |= {receipt.judged_by} - {0}
        decided |= {receipt.decision.number} if receipt.decision else set()
        if decided:
            found.setdefault(name, set()).update(decided)
    for decision in _let_off(known):
        found.setdefault(str(decision.target.get("department")), set()).add(decision.number)
    return found


def _let_off(known: KnownRound) -> Iterator[Decision]:
    return (decision for decision in known.decisions if decision.kind is DecisionKind.EXCUSE)


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
    of_summary = _returns_of(made, known, returns)
    names = [
        department.id
        for department in known.plan.departments
        if returns.get(department.id) != of_summary.get(department.id)
    ]
    altered = not_as_kept(path, made.sha256) is MisfitState.CHANGED
    if has_version(made.plan):
        other_plan = shown != made.plan
    else:
        other_plan = _unversioned_differs(space, known, path, altered=altered)
    return SummaryStanding(path, made, returns != of_summary or other_plan, tuple(names), altered)


def _returns_of(made: MadeSummary, known: KnownRound, returns: Mapping[str, str]) -> Mapping[str, str]:
    """The returns on which a summary rests, with the departments that were let off when it was made.

    Until 0.4.0 those were not kept with it; none of them could be taken back then.
    """
    names = (
        str(decision.target.get("department"))
        for decision in _let_off(known)
        if decision.made_at <= made.made_at
    )
    return {name: returns[name] for name in names if name in returns} | dict(made.returns)


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
