"""Verify: every file issued, received or made of returns is held against the ledger, and the ledger against itself."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from xlplan.definition.edition import edition_tables
from xlplan.definition.reading import Definition, define
from xlplan.language.errors import ErrorKey, LedgerError, UsageError, XlplanError
from xlplan.model.afterwards import OFFICE
from xlplan.model.plan import Plan
from xlplan.report.worked import same_value
from xlplan.stages.define import existing_ledger, plan_of, read
from xlplan.stages.frames import figures_now
from xlplan.stages.reread import Rereading, read_again
from xlplan.stages.years import Years
from xlplan.store.archive import written_there
from xlplan.store.decision_log import DecisionMisfit
from xlplan.store.files import MisfitState, not_as_kept, sha256_of
from xlplan.store.history import editions, publications
from xlplan.store.ledger import Ledger
from xlplan.store.letters import latest_letters
from xlplan.store.progress import Activity, counted
from xlplan.store.sealing import Flaw
from xlplan.store.workspace import Workspace, beside


class FileKind(StrEnum):
    """What a file of the ledger is.

    A workbook issued, a return, a file that was refused, a letter (a mail or a zip) that brought returns, a summary or
    its page, or one of a version that was fixed.
    """

    ISSUED = "issued"
    RETURNED = "returned"
    REFUSED = "refused"
    LETTER = "letter"
    SUMMARY = "summary"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class KeptFile:
    """One file that the ledger knows.

    Attributes:
        kind: What it is.
        path: Where it should be.
        sha256: The hash of its bytes, in hexadecimal.
        moment: When it was issued, received or made.
        period: Its round.
        department: The id of its department; empty where it has none.
        attempt: Which return of the department it is, from 1; 0 where it is none.
        name: The name under which it came in.
    """

    kind: FileKind
    path: Path
    sha256: str
    moment: datetime
    period: str
    department: str = ""
    attempt: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class Misfit:
    """One file that is not as the ledger says.

    Attributes:
        state: In which way it is not.
        kind: What it is.
        path: Where it is or should be.
        kept: What the ledger says of it; None where it is unknown or spare.
    """

    state: MisfitState
    kind: FileKind
    path: Path
    kept: KeptFile | None = None


@dataclass(frozen=True, slots=True)
class OtherFigures:
    """Figures that were fixed when a round was closed and come out otherwise from what is kept.

    Attributes:
        period: Id of the round.
        version: The version that was fixed, from 1.
        count: How many figures differ, or are not there any more.
        first: The first of them, in words: what it is, what was fixed and what comes out now.
    """

    period: str
    version: int
    count: int
    first: str


@dataclass(frozen=True, slots=True)
class VerifyResult:
    """What was compared and what does not fit.

    Attributes:
        plan: The plan; None where it cannot be read: that keeps nobody from verifying.
        language: The language of its tables, also where they hold errors; empty where they do not say.
        files: Every file that the ledger knows.
        misfits: Those that are not as it says, and those that it does not know.
        flaws: What is wrong with the ledger itself. Where there are any, nothing was compared with it.
        figures: The rounds whose fixed figures come out otherwise from what is kept.
        decisions: The decisions that decisions.jsonl does not say as the ledger does.
        editions: The ids of the rounds for which it is not readable how the plan stood, or another plan was fixed.
        reread: What the kept returns say today, where that was asked for and there are no flaws.
    """

    plan: Plan | None
    language: str
    files: tuple[KeptFile, ...]
    misfits: tuple[Misfit, ...]
    flaws: tuple[Flaw, ...]
    figures: tuple[OtherFigures, ...] = ()
    decisions: tuple[DecisionMisfit, ...] = ()
    editions: tuple[str, ...] = ()
    reread: Rereading | None = None

    @property
    def fine(self) -> bool:
        """Whether everything fits."""
        return not self.faults

    @property
    def faults(self) -> int:
        """How many things do not fit."""
        told = (self.misfits, self.flaws, self.figures, self.decisions, self.editions)
        return sum(map(len, told)) + len(self.reread.differing if self.reread else ())


def verify(
    space: Workspace, *, deep: bool = False, on_wait: Callable[[], object] = lambda: None
) -> VerifyResult:
    """Hold the hash of every file against the ledger, and the ledger against its seals. Nothing is changed.

    Args:
        space: The folder of the plan.
        deep: Whether the kept returns are read again, and their answers held against those that the ledger has.
        on_wait: Called once where another run is at work in the folder and this one waits for it.

    Raises:
        UsageError: nothing was ever issued.
    """
    plan = plan_of(space) if deep else None
    ledger = existing_ledger(space, turn=True, sound=False)
    if ledger is None:
        raise UsageError(ErrorKey.NO_ROUND)
    definition = _definition(space)
    with ledger, ledger.undisturbed(on_wait):
        flaws = tuple(ledger.flaws())
        files, misfits = ((), ()) if flaws else _compared(space, ledger)
        decisions, unfit = ((), ()) if flaws else (_decisions(space, ledger), tuple(_unfit(ledger)))
        readable = definition is not None and definition.plan is not None and not (flaws or unfit)
        figures = tuple(_other_figures(Years(definition, ledger))) if definition and readable else ()
        reread = read_again(space, plan, ledger) if plan and not flaws else None
    known = (definition.plan, definition.language) if definition else (None, "")
    return VerifyResult(*known, files, misfits, flaws, figures, decisions, unfit, reread)


def _decisions(space: Workspace, ledger: Ledger) -> tuple[DecisionMisfit, ...]:
    """The decisions that decisions.jsonl does not say as the ledger does; none before that was ever written."""
    path = beside(space.ledger_path).decisions
    return ledger.misfits_of_decisions(path) if path.exists() or ledger.is_signed else ()


def _unfit(ledger: Ledger) -> Iterator[str]:
    """The rounds for which it is not readable how the plan stood, or of which another plan was fixed than is kept."""
    every = ledger.entries(lambda row: row, "SELECT period, sha256 FROM editions")
    for name, edition in editions(ledger).items():
        try:
            plan = define(Path(name), edition_tables(edition)).plan
        except LedgerError:
            plan = None
        if plan is None or plan.period(name) is None or (name, edition.sha256) not in every:
            yield name
    unknown = (made.period for made in publications(ledger) if (made.period, made.edition) not in every)
    yield from dict.fromkeys(unknown)


def _other_figures(years: Years) -> Iterator[OtherFigures]:
    """The rounds of whose latest version figures come out otherwise from the round's edition and answers."""
    for name, made in years.closed.items():
        known = years.known_round(years.period_named(name))
        now = figures_now(known)
        found = {figure.kept().name: figure for figure in now.all()}
        differing = [
            kept
            for kept in made.figures
            if kept.name not in found or not same_value(kept.value, now.worked(found[kept.name]).value)
        ]
        if differing:
            first = differing[0]
            value = now.worked(found[first.name]).value if first.name in found else None
            words = f"{first.measure} {first.group} {first.period}: {first.value} / {value}"
            yield OtherFigures(name, made.version, len(differing), words)


def _compared(space: Workspace, ledger: Ledger) -> tuple[tuple[KeptFile, ...], tuple[Misfit, ...]]:
    """Every file that the ledger knows, and what does not fit."""
    files = tuple(_files(space, ledger))
    outdated = {name for period in ledger.periods_issued() for name in ledger.files_issued(period)}
    misfits = [
        Misfit(state, kept.kind, kept.path, kept)
        for kept in counted(Activity.COMPARING, files, space.on_progress)
        if (state := not_as_kept(kept.path, kept.sha256))
        and not (_may_go(space, kept, state) or _was_received(ledger, kept, state))
    ]
    recorded = outdated | {space.relative(kept.path) for kept in files}
    hashes = {kept.sha256 for kept in files}
    misfits += [_stranger(path, hashes) for path in space.kept() if space.relative(path) not in recorded]
    return files, tuple(misfits)


def _files(space: Workspace, ledger: Ledger) -> Iterator[KeptFile]:
    """The files that should be there: of a department's issues the last, as each replaces the one before."""
    for period in ledger.periods_issued():
        office = ledger.office_issue(period)
        for issued in (*ledger.issued(period).values(), *filter(None, [office])):
            path = space.root / issued.file
            yield KeptFile(FileKind.ISSUED, path, issued.sha256, issued.issued_at, period, issued.department)
        for receipt in (
            *ledger.attempts(period, records=False),
            *ledger.attempts(period, OFFICE, records=False),
        ):
            yield KeptFile(
                FileKind.RETURNED,
                space.root / receipt.archive,
                receipt.sha256,
                receipt.received_at,
                period,
                receipt.department,
                receipt.attempt,
                receipt.file_name,
            )
        refused = {refusal.archive: refusal for refusal in ledger.refusals(period)}
        for name, refusal in refused.items():
            path = space.root / name
            moment, came_as = refusal.received_at, refusal.file_name
            yield KeptFile(FileKind.REFUSED, path, refusal.sha256, moment, period, name=came_as)
        for digest, letter in latest_letters(ledger, period).items():
            path, moment = space.root / letter.archive, letter.received_at
            yield KeptFile(FileKind.LETTER, path, digest, moment, period, name=letter.file_name)
    for name in dict.fromkeys(made.file for made in ledger.summaries()):
        path = space.root / name
        if summary := written_there(ledger, path, name):
            moment = summary.made_at
            yield KeptFile(FileKind.SUMMARY, path, summary.sha256, moment, summary.period, name=path.name)
    yield from _published(space, ledger)


def _published(space: Workspace, ledger: Ledger) -> Iterator[KeptFile]:
    """The files of every version that was fixed."""
    for made in publications(ledger):
        for name, digest in made.files.items():
            path = space.root / made.folder / name
            yield KeptFile(FileKind.PUBLISHED, path, digest, made.made_at, made.period, name=name)


def _may_go(space: Workspace, kept: KeptFile, state: MisfitState) -> bool:
    """A draft of a summary that is gone: nobody needs it."""
    gone = kept.kind is FileKind.SUMMARY and state is MisfitState.MISSING
    return gone and kept.path in (make(kept.period, draft=True) for make in (space.summary, space.page))


def _was_received(ledger: Ledger, kept: KeptFile, state: MisfitState) -> bool:
    """The office's own workbook, filled in where it lies and received as it is."""
    changed = kept.kind is FileKind.ISSUED and kept.department == OFFICE and state is MisfitState.CHANGED
    return changed and ledger.receipt_of(sha256_of(kept.path), kept.period, OFFICE) is not None


def _stranger(path: Path, hashes: set[str]) -> Misfit:
    """A file that the ledger does not know."""
    if path.parent.parent.name == "published":
        return Misfit(MisfitState.UNKNOWN, FileKind.PUBLISHED, path)
    kind = FileKind.ISSUED if path.parent.name == "issued" else FileKind.RETURNED
    spare = kind is FileKind.RETURNED and sha256_of(path) in hashes
    return Misfit(MisfitState.SPARE if spare else MisfitState.UNKNOWN, kind, path)


def _definition(space: Workspace) -> Definition | None:
    """The plan's tables, as far as they can be read."""
    try:
        return read(space)
    except XlplanError:
        return None
