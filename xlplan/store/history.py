"""What the ledger keeps of the years: editions of the plan, decisions of the office, what was fixed at each close.

Entries are only ever added. Of a round the latest edition and the latest publication count; a decision that a later
one takes back counts no more (`standing_decisions`).
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from xlplan.language.errors import ErrorKey, LedgerError
from xlplan.model.decision import Decision, DecisionKind, KeptFigure, Publication
from xlplan.model.edition import EDITION_FORMAT, Edition, EditionBasis
from xlplan.store.encoding import from_json, mark, masked_bytes, text_to_bytes, to_json
from xlplan.store.ledger import Ledger

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
