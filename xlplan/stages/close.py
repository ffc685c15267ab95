"""Close: the summary of a round is fixed, and its answers with it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from xlplan.language.errors import ErrorKey, UsageError
from xlplan.model.decision import CORRECTING, Decision, DecisionKind, Publication
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.report.returns import ReturnStanding
from xlplan.report.working import Figures
from xlplan.stages.afterwards import need_entered
from xlplan.stages.corrected import corrections_known
from xlplan.stages.define import moment, taking_turn, who
from xlplan.stages.rounds import KnownRound
from xlplan.stages.standing import basis, standing
from xlplan.stages.years import Years
from xlplan.store.files import make_folder, read_bytes, sha256, write_bytes
from xlplan.store.history import record_decision, record_publication, taken_back
from xlplan.store.ledger import Ledger
from xlplan.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class CloseResult:
    """What was fixed, or who stands in the way.

    Attributes:
        plan: The plan as it is known in the round.
        period: The round.
        open: The departments whose return is waited for: with any, nothing was fixed.
        made: What was fixed; None where nothing was.
    """

    plan: Plan
    period: Period
    open: tuple[ReturnStanding, ...]
    made: Publication | None


def close(
    space: Workspace,
    period: str | None = None,
    *,
    by: str = "",
    now: datetime | None = None,
    on_wait: Callable[[], object] = lambda: None,
) -> CloseResult:
    """Fix the summary of a round: it is kept under published/, and the round takes no more returns.

    A round that is closed is fixed anew, as its next version, where something was corrected since.

    Args:
        space: The folder of the plan.
        period: The round: an id, a label, or a fiscal year. The latest that was issued where None.
        by: Who decides it; the system's user where it is empty.
        now: The moment; the clock's where None.
        on_wait: Called once where another run is at work in the folder and this one waits for it.

    Raises:
        UsageError: no such round has begun, it is closed already, the office has not entered what it must, or its
            summary is missing, is not as it was written, or rests on other returns or another plan than count now.
    """
    made_at = moment(now)
    definition, ledger = taking_turn(space)
    with ledger, ledger.writing(on_wait):
        current = Years(definition, ledger).begun_round(period)
        corrected = _corrected_since(Years(definition, ledger), current)
        if not corrected:
            Years(definition, ledger).need_open(current)
        Years(definition, ledger).keep(current, made_at)
        years = Years(definition, ledger)
        known = years.known_round(current)
        if known.open:
            return CloseResult(known.plan, current, known.open, None)
        _need_fit(space, ledger, known, corrected=bool(corrected))
        decided = Decision(current.id, made_at, who(by), DecisionKind.CLOSE)
        made = publish(space, years, known, corrected or record_decision(ledger, decided))
    return CloseResult(known.plan, current, (), made)


def _need_fit(space: Workspace, ledger: Ledger, known: KnownRound, *, corrected: bool) -> None:
    """Stop where the summary or its page is not what consolidating would make now, or the office's part is missing.

    Raises:
        UsageError: it is so; of a round that was `corrected` since it was closed, the office's part was asked then.
    """
    if not corrected:
        need_entered(known)
    period = known.period
    for path in (space.summary(period.id), space.page(period.id)):
        found = standing(space, ledger, known, path)
        if found is None and path == space.summary(period.id):
            raise UsageError(ErrorKey.NO_SUMMARY, path=path, id=period.id)
        if found and (found.made is None or found.altered):
            raise UsageError(ErrorKey.SUMMARY_ALTERED, path=path, id=period.id)
        if found and found.outdated:
            raise UsageError(ErrorKey.SUMMARY_OUTDATED, path=path, id=period.id)


def publish(space: Workspace, years: Years, known: KnownRound, decision: Decision) -> Publication:
    """Keep the summary as the next version of what a round fixed. In a turn of the ledger's.

    Args:
        space: The folder of the plan.
        years: The plan through the years.
        known: The round; its summary lies where it is made.
        decision: The decision by which it is fixed, as it is recorded.

    Raises:
        FileError: the summary cannot be read, or the version cannot be written.
    """
    period = known.period
    before = years.closed.get(period.id)
    version = before.version + 1 if before else 1
    folder = space.published(period.id, version)
    make_folder(folder)
    files = {}
    for path in (space.summary(period.id), space.page(period.id)):
        if path.is_file():
            data = read_bytes(path)
            write_bytes(folder / path.name, data)
            files[path.name] = sha256(data)
    figures = Figures(known.consolidation(decision.made_at, draft=False))
    made = Publication(
        period=period.id,
        version=version,
        made_at=decision.made_at,
        made_by=decision.made_by,
        folder=space.relative(folder),
        files=files,
        edition=years.kept[period.id].sha256,
        returns=basis(known)[0],
        figures=tuple(figure.kept(figures.worked(figure).value) for figure in figures.all()),
        decision=decision.number,
    )
    record_publication(years.need_ledger(), made)
    return made


def _corrected_since(years: Years, period: Period) -> Decision | None:
    """The last correction that the latest version of a closed round does not have; None where it has all."""
    made = years.closed.get(period.id)
    if made is None:
        return None
    known = corrections_known(years.plan_in(period).plan, period, years.told_of(period.id))
    numbered = [correction.decision for correction in known] + taken_back(years.need_ledger(), CORRECTING)
    later = [decision for decision in numbered if decision.number > made.decision]
    return max(later, key=lambda decision: decision.number, default=None)
