"""What the ledger keeps of the years: editions of the plan, decisions of the office, what was fixed at each close.

Entries are only ever added. Of a round the latest edition and the latest publication count; a decision that a later
one takes back counts no more (`standing_decisions`).
"""

import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

from xlplan.language.errors import ErrorKey, LedgerError
from xlplan.model.correction import Correction, correction_of, plan_corrections_of
from xlplan.model.decision import Decision, DecisionKind, KeptFigure, Publication
from xlplan.model.edition import EDITION_FORMAT, Edition, EditionBasis
from xlplan.store.decision_log import COLUMNS, Line, row_of_line
from xlplan.store.encoding import from_json, mark, masked_bytes, to_json
from xlplan.store.ledger import Ledger
from xlplan.store.texts import text_to_bytes

EDITION_COLUMNS = "period, kept_at, basis, format, tables"
DECISION_COLUMNS = "number, period, made_at, made_by, kind, target, reason, takes_back"
PUBLICATION_COLUMNS = "period, version, made_at, made_by, folder, files, edition, returns, figures, decision"
_ADD_EDITION = (
    "INSERT INTO editions (period, kept_at, basis, format, sha256, tables)"
    " VALUES (?, ?, ?, ?, ?, CAST(? AS TEXT))"
)
_ADD_DECISION = (
    "INSERT INTO decisions (period, made_at, made_by, kind, target, reason, takes_back)"
    " VALUES (?, ?, CAST(? AS TEXT), ?, CAST(? AS TEXT), CAST(? AS TEXT), ?)"
)
_ADD_PUBLICATION = (
    f"INSERT INTO publications ({PUBLICATION_COLUMNS})"
    " VALUES (?, ?, ?, CAST(? AS TEXT), ?, CAST(? AS TEXT), ?, CAST(? AS TEXT), CAST(? AS TEXT), ?)"
)
_LATEST = "SELECT MAX(number) FROM {} GROUP BY period"


def record_edition(ledger: Ledger, edition: Edition) -> bool:
    """Keep an edition where the round's latest is another.

    Returns:
        Whether it was another.

    Raises:
        LedgerError: the ledger cannot be read or written.
    """
    query = f"SELECT sha256 FROM editions WHERE number IN ({_LATEST.format('editions')}) AND period = ?"
    if ledger.entries(lambda row: row[0], query, edition.period) == [edition.sha256]:
        return False
    moment = edition.kept_at.isoformat()
    shape = (edition.basis.value, edition.format, edition.sha256)
    ledger.add(_ADD_EDITION, [(edition.period, moment, *shape, text_to_bytes(edition.tables))])
    return True


def editions(ledger: Ledger, counts: Callable[[Edition], bool] | None = None) -> dict[str, Edition]:
    """The edition that counts of each round that has one, by period id.

    Args:
        ledger: The ledger.
        counts: Whether an edition that was corrected counts; all do where None.

    Raises:
        LedgerError: the ledger cannot be read, or an edition was kept by a later xlplan.
    """
    latest = f"WHERE number IN ({_LATEST.format('editions')})" if counts is None else "ORDER BY number"
    every = ledger.entries(_edition_of, f"SELECT {EDITION_COLUMNS} FROM editions {latest}")
    found = {
        edition.period: edition
        for edition in every
        if counts is None or edition.basis is not EditionBasis.CORRECTED or counts(edition)
    }
    late = [edition.period for edition in found.values() if edition.format > EDITION_FORMAT]
    if late:
        raise LedgerError(ErrorKey.EDITION_NEWER, period=", ".join(sorted(late)))
    return found


def record_decision(ledger: Ledger, decision: Decision) -> Decision:
    """Keep a decision; what comes back bears its number.

    Raises:
        LedgerError: the ledger cannot be written, or what it takes back was taken back before.
    """
    record_decisions(ledger, [decision])
    return decisions(ledger)[-1]


def record_decisions(ledger: Ledger, made: Iterable[Decision]) -> None:
    """Keep decisions, all or none.

    Raises:
        LedgerError: as `record_decision`.
    """
    ledger.add(_ADD_DECISION, [_row_of_decision(decision) for decision in made])


def record_lines(ledger: Ledger, lines: Iterable[Line]) -> None:
    """Keep decisions as decisions.jsonl says them, under their numbers.

    Raises:
        LedgerError: the ledger has one of these numbers, or the decision that one takes back was taken back before.
    """
    texts = ", ".join("CAST(? AS TEXT)" for _ in COLUMNS[1:-1])
    statement = f"INSERT INTO decisions ({', '.join(COLUMNS)}) VALUES (?, {texts}, ?)"
    ledger.add(statement, [row_of_line(line) for line in lines])


def _row_of_decision(decision: Decision) -> tuple[object, ...]:
    moment = decision.made_at.isoformat()
    words = (to_json(mark(decision.target)), masked_bytes(decision.reason))
    row = (decision.period, moment, text_to_bytes(decision.made_by), decision.kind.value, *words)
    return (*row, decision.takes_back or None)


def decisions(ledger: Ledger, period: str = "") -> list[Decision]:
    """Every decision of a period, or of all, in the order in which they were made."""
    query = f"SELECT {DECISION_COLUMNS} FROM decisions WHERE ? IN ('', period) ORDER BY number"
    return ledger.entries(_decision_of, query, period)


def standing_decisions(ledger: Ledger, period: str = "") -> list[Decision]:
    """The decisions that count: neither those that were taken back, nor those that take one back."""
    every = decisions(ledger, period)
    gone = {decision.takes_back for decision in every}
    return [
        decision
        for decision in every
        if decision.number not in gone and decision.kind is not DecisionKind.UNDO
    ]


def taken_back(ledger: Ledger, kinds: Collection[DecisionKind]) -> list[Decision]:
    """The decisions by which others of some kinds were taken back, in the order in which they were made."""
    every = {decision.number: decision for decision in decisions(ledger)}
    undone = (decision for decision in every.values() if decision.takes_back)
    return [decision for decision in undone if every[decision.takes_back].kind in kinds]


def record_publication(ledger: Ledger, made: Publication) -> None:
    """Keep what was fixed.

    Raises:
        LedgerError: the ledger cannot be written, or has that version of the round.
    """
    figures = [
        [kept.view, kept.measure, kept.group, kept.period, kept.value, kept.total] for kept in made.figures
    ]
    row = (
        made.period,
        made.version,
        made.made_at.isoformat(),
        text_to_bytes(made.made_by),
        made.folder,
        to_json(list(made.files.items())),
        made.edition,
        to_json(list(made.returns.items())),
        to_json(figures),
        made.decision,
    )
    ledger.add(_ADD_PUBLICATION, [row])


def publications(ledger: Ledger, period: str = "") -> list[Publication]:
    """What was fixed of a period, or of all, in the order of the versions."""
    query = f"SELECT {PUBLICATION_COLUMNS} FROM publications WHERE ? IN ('', period) ORDER BY number"
    return ledger.entries(_publication_of, query, period)


def latest_publications(ledger: Ledger) -> Mapping[str, Publication]:
    """The version that counts of each round that was closed, by period id."""
    return {made.period: made for made in publications(ledger)}


def _edition_of(row: tuple[Any, ...]) -> Edition:
    period, moment, basis, shape, tables = row
    return Edition(period, datetime.fromisoformat(moment), EditionBasis(basis), tables, shape)


def _decision_of(row: tuple[Any, ...]) -> Decision:
    number, period, moment, who, kind, target, reason, takes_back = row
    return Decision(
        period,
        datetime.fromisoformat(moment),
        who,
        DecisionKind(kind),
        from_json(target),
        reason,
        number,
        takes_back or 0,
    )


def _publication_of(row: tuple[Any, ...]) -> Publication:
    period, version, moment, who, folder, files, edition, returns, figures, decision = row
    return Publication(
        period,
        version,
        datetime.fromisoformat(moment),
        who,
        folder,
        dict(from_json(files)),
        edition,
        dict(from_json(returns)),
        tuple(KeptFigure(*kept) for kept in from_json(figures)),
        decision,
    )


class Kept:
    """What the ledger keeps of rounds.

    Attributes:
        ledger: The ledger; None where nothing was ever issued.
        upto: The number of the last correction that counts; None where all do.
        settled: The number of the decision up to which all counts that the office entered, whatever `upto` is.
    """

    ledger: Ledger | None
    upto: int | None
    settled: int

    @cached_property
    def begun(self) -> tuple[str, ...]:
        """The ids of the periods of which anything was issued, in the order of their first issue."""
        return tuple(self.ledger.periods_issued()) if self.ledger else ()

    @cached_property
    def kept(self) -> Mapping[str, Edition]:
        """The edition of each round that has one, by period id: with the corrections of the plan that count."""
        if self.ledger is None:
            return {}
        if self.upto is None and not taken_back(self.ledger, (DecisionKind.CORRECT_PLAN,)):
            return editions(self.ledger)
        last = sys.maxsize if self.upto is None else self.upto
        counting = {decision.made_at for decision in self.decided if decision.number <= last}
        return editions(self.ledger, lambda edition: edition.kept_at in counting)

    @cached_property
    def closed(self) -> Mapping[str, Publication]:
        """What was fixed of each round that is closed, by period id: the latest version that counts."""
        found: dict[str, Publication] = {}
        for made in self.published:
            if made.period not in found or self.upto is None or made.decision <= self.upto:
                found[made.period] = made
        return found

    @cached_property
    def decided(self) -> tuple[Decision, ...]:
        """What the office decided and did not take back."""
        return tuple(standing_decisions(self.ledger)) if self.ledger else ()

    @cached_property
    def excused(self) -> Mapping[str, Mapping[str, str]]:
        """Why departments were let off their answers: by period id, then by department id."""
        found: dict[str, dict[str, str]] = {}
        for decision in self.decided:
            if decision.kind is DecisionKind.EXCUSE:
                department = str(decision.target.get("department", ""))
                found.setdefault(decision.period, {})[department] = decision.reason
        return found

    @cached_property
    def corrections(self) -> tuple[Correction, ...]:
        """What was corrected of answers and of the plan's tables, in the order in which that was decided."""
        return tuple(self._corrections())

    def _corrections(self) -> Iterator[Correction]:
        for decision in self.decided:
            if self.upto is not None and decision.number > self.upto:
                continue
            if decision.kind is DecisionKind.CORRECT:
                yield correction_of(decision)
            elif decision.kind is DecisionKind.CORRECT_PLAN:
                yield from plan_corrections_of(decision)

    def corrections_of(self, period_id: str) -> tuple[Correction, ...]:
        """The values that were corrected in a round."""
        return tuple(correction for correction in self.corrections if correction.decision.period == period_id)

    @cached_property
    def entries(self) -> tuple[Correction, ...]:
        """What the office entered after the answers, each with what stood there, in the order in which it did."""
        last = None if self.upto is None else max(self.upto, self.settled)
        return tuple(
            correction_of(decision)
            for decision in self.decided
            if decision.kind is DecisionKind.ENTER and (last is None or decision.number <= last)
        )

    def written_of(self, period_id: str) -> tuple[Correction, ...]:
        """The values that were entered or corrected in a round, in the order in which that was done."""
        entered = [entry for entry in self.entries if entry.decision.period == period_id]
        return _in_order((*entered, *self.corrections_of(period_id)))

    def told_of(self, period_id: str) -> tuple[Correction, ...]:
        """What the summary of a round tells: what was corrected, and what was entered after it was closed.

        Of whatever round that was: whoever looks at a round leaves out what is of later ones.
        """
        since = self.first_close(period_id)
        late = [entry for entry in self.entries if since and entry.decision.number > since]
        return _in_order((*self.corrections, *late))

    def settled_in(self, period_id: str) -> int:
        """The number of the decision up to which what the office entered was there when a round was closed."""
        return self.first_close(period_id) or sys.maxsize

    def first_close(self, period_id: str) -> int:
        """The number of the decision by which a round was closed; 0 where it is not."""
        found = (made.decision for made in self.published if made.period == period_id)
        return next(found, 0)

    @cached_property
    def published(self) -> tuple[Publication, ...]:
        """Every version of every round, in the order in which they were made."""
        return tuple(publications(self.ledger)) if self.ledger else ()


def _in_order(corrections: Iterable[Correction]) -> tuple[Correction, ...]:
    return tuple(sorted(corrections, key=lambda correction: correction.decision.number))
