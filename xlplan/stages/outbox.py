"""The outbox: the sent-back workbooks that are to be sent now, and no others.

A workbook whose return is accepted by now, or is no more the one that counts, goes to the folder of those of before:
nothing is deleted.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from xlplan.model.item import Department, Period
from xlplan.model.submission import Receipt, ReceiptState
from xlplan.stages.identify import KeptReturn, RoundContext, read_kept
from xlplan.stages.refill import SendingBack, sent_back_path
from xlplan.stages.returns import Identified
from xlplan.stages.years import Years
from xlplan.store.archive import attempts_of, set_aside
from xlplan.store.files import read_bytes, write_bytes
from xlplan.store.judgings import numbering_of
from xlplan.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class OutboxChange:
    """What changed in the outbox.

    Attributes:
        written: The workbooks that are to be sent now, and were not there or said something else.
        taken: Those that are not to be sent any more, where they are now.
    """

    written: tuple[Path, ...] = ()
    taken: tuple[Path, ...] = ()


UNCHANGED = OutboxChange()


def settle_outbox(
    space: Workspace, years: Years, period: Period, departments: Iterable[Department]
) -> OutboxChange:
    """Bring the outbox in line with how the returns of departments stand. In a turn of the ledger's.

    Args:
        space: The folder of the plan.
        years: The plan through the years.
        period: The round.
        departments: Whose workbooks are looked at.

    Raises:
        FileError: a kept return is gone, or a program has a workbook open.
    """
    plan, ledger = years.base(period).asked_in(period), years.need_ledger()
    context = RoundContext.of(space, plan, period, None, ledger)
    sending = SendingBack(space, plan, ledger, years.decided_in(period.id), numbering_of(ledger, period.id))
    counting = context.counting(period, years.counting(period.id))
    last = attempts_of(ledger, period.id)
    written: list[Path] = []
    taken: list[Path] = []
    for department in departments:
        receipt = counting.get(department.id)
        goes_back = receipt if receipt and receipt.state is ReceiptState.SENT_BACK else None
        numbers = range(1, last.get(department.id, 0) + 1)
        paths = [sent_back_path(space, plan, period, department, number) for number in numbers]
        wanted = paths[goes_back.attempt - 1] if goes_back else None
        taken += _moved(space, period, [path for path in paths if path != wanted])
        data = _book(sending, context, period, department, goes_back) if goes_back else None
        if wanted and data and not (wanted.is_file() and read_bytes(wanted) == data):
            taken += _moved(space, period, [wanted])
            write_bytes(wanted, data)
            written.append(wanted)
    return OutboxChange(tuple(written), tuple(taken))


def _moved(space: Workspace, period: Period, paths: Iterable[Path]) -> tuple[Path, ...]:
    """Where workbooks are now that are not to be sent any more."""
    return set_aside(space.sent_back(period.id), paths, frozenset())


def _book(
    sending: SendingBack, context: RoundContext, period: Period, department: Department, receipt: Receipt
) -> bytes | None:
    """The workbook that goes back for a return; None where that cannot be read any more."""
    kept = KeptReturn(department, sending.space.root / receipt.archive, receipt.file_name)
    [found] = read_kept(context, period, [kept])
    if not isinstance(found, Identified) or found.issued is None:
        return None
    data, _ = sending.book(found, receipt)
    return data
