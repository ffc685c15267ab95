"""Returns judged anew: what the ledger keeps of them, and the numbers of all findings of a round."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from xlplan.model.numbering import Numbering
from xlplan.model.submission import Judging, ReceiptState
from xlplan.store.encoding import findings_from_json, findings_to_json, records_from_json, records_to_json
from xlplan.store.ledger import Ledger

COLUMNS = "period, department, attempt, judged_at, state, findings, reader, decision"
# CAST: what people wrote is bound as bytes, see `encoding`.
_ADD = (
    f"INSERT INTO judgings ({COLUMNS}, records)"
    " VALUES (?, ?, ?, ?, ?, CAST(? AS TEXT), ?, ?, CAST(? AS TEXT))"
)


def record_judgings(ledger: Ledger, made: Iterable[Judging]) -> None:
    """Keep what returns were judged to be, all or none.

    Raises:
        LedgerError: the ledger cannot be written.
    """
    ledger.add(_ADD, [_row_of(judging) for judging in made])


def judgings(ledger: Ledger, period: str, *, records: bool = True) -> list[Judging]:
    """Every judging anew of a round, in the order in which they were made.

    Args:
        ledger: The ledger.
        period: The id of the round.
        records: Whether the values are wanted, which take long.
    """
    values = "records" if records else "NULL"
    query = f"SELECT {COLUMNS}, {values} FROM judgings WHERE period = ? ORDER BY number"
    return ledger.entries(_judging_of, query, period)


def numbering_of(ledger: Ledger, period: str) -> Numbering:
    """The numbers that findings of a round have: also those of before there were any, in the order recorded."""
    numbering = Numbering()
    for receipt in ledger.attempts(period, records=False):
        numbering.numbered(receipt.findings)
    for judging in judgings(ledger, period, records=False):
        numbering.numbered(judging.findings)
    return numbering


def number_known(ledger: Ledger, period: str, number: int) -> bool:
    """Whether a finding of a round (by id) in the `ledger` ever had this `number`; `period` is the round's id."""
    return 0 < number <= numbering_of(ledger, period).last


def _row_of(judging: Judging) -> tuple[object, ...]:
    """The columns of table `judgings`, without its number."""
    return (
        judging.period,
        judging.department,
        judging.attempt,
        judging.judged_at.isoformat(),
        judging.state.value,
        findings_to_json(judging.findings),
        judging.reader,
        judging.decision,
        records_to_json(judging.records),
    )


def _judging_of(row: tuple[Any, ...]) -> Judging:
    period, department, attempt, moment, state, found, reader, decision, kept = row
    return Judging(
        period,
        department,
        attempt,
        datetime.fromisoformat(moment),
        ReceiptState(state),
        findings_from_json(found),
        records_from_json(kept) if kept is not None else (),
        reader,
        decision,
    )
