"""The outbox: the sent-back workbooks that are to be sent now, and no others.

A workbook whose return is accepted by now, or is no more the one that counts, goes to the folder of those of before:
nothing is deleted.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from xlplan.model.item import Department, Period
from xlplan.model.submission import Receipt, ReceiptState
from xlplan.stages.define import open_ledger
from xlplan.stages.identify import KeptReturn, RoundContext, read_kept
from xlplan.stages.refill import SendingBack, sent_back_path
from xlplan.stages.returns import Identified
from xlplan.stages.years import Years
from xlplan.store.archive import attempts_of, set_aside
from xlplan.store.files import make_folder, move_file, read_bytes, write_bytes
from xlplan.store.judgings import numbering_of
from xlplan.store.opened import lock_file
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
    let_off = years.excused.get(period.id, {})
    counting = {name: receipt for name, receipt in years.counting(period.id).items() if name not in let_off}
    owners = tuple(departments)
    taken = list(clear_outbox(space, context, period, owners, counting))
    written: list[Path] = []
    for department in owners:
        receipt = _going_back(context, period, department, counting)
        if receipt is None:
            continue
        path = sent_back_path(space, plan, period, department, receipt.attempt)
        data = _book(sending, context, period, department, receipt)
        if data and not (path.is_file() and read_bytes(path) == data):
            taken += _moved(space, period, [path])
            write_bytes(path, data)
            written.append(path)
    return OutboxChange(tuple(written), tuple(taken))


def clear_outbox(
    space: Workspace,
    context: RoundContext,
    period: Period,
    departments: Iterable[Department],
    counting: Mapping[str, Receipt],
) -> tuple[Path, ...]:
    """Take the workbooks out of the outbox that are not to be sent any more. In a turn of the ledger's.

    Args:
        space: The folder of the plan.
        context: What is known of the round.
        period: The round.
        departments: Whose workbooks are looked at.
        counting: The attempt of each department that counts, as it stands, by its id.

    Returns:
        Where they are now.

    Raises:
        FileError: a program has one open.
    """
    if context.ledger is None or not space.outbox(period.id).is_dir():
        return ()
    last = attempts_of(context.ledger, period.id)
    paths = []
    for department in departments:
        receipt = _going_back(context, period, department, counting)
        wanted = receipt.attempt if receipt else 0
        numbers = (number for number in range(1, last.get(department.id, 0) + 1) if number != wanted)
        paths += [sent_back_path(space, context.plan, period, department, number) for number in numbers]
    return _moved(space, period, paths)


def clear_after(
    space: Workspace, context: RoundContext, period: Period, on_wait: Callable[[], object]
) -> None:
    """Take out of the outbox what is not to be sent any more: once the returns count, whose run may have been killed.

    Args:
        space: The folder of the plan.
        context: What was known of the round before.
        period: The round.
        on_wait: Called once where another run is at work.

    Raises:
        FileError: a workbook there cannot be moved.
    """
    with open_ledger(space) as ledger, ledger.undisturbed(on_wait):
        now = replace(context, ledger=ledger)
        clear_outbox(space, now, period, context.plan.departments, now.latest(period))


def _going_back(
    context: RoundContext, period: Period, department: Department, counting: Mapping[str, Receipt]
) -> Receipt | None:
    """The return of a department that goes back; None where none does."""
    mine = {name: receipt for name, receipt in counting.items() if name == department.id}
    receipt = context.counting(period, mine).get(department.id)
    return receipt if receipt and receipt.state is ReceiptState.SENT_BACK else None


def _moved(space: Workspace, period: Period, paths: Iterable[Path]) -> tuple[Path, ...]:
    """Where workbooks are now that are not to be sent any more: under their names, another of that name beside them."""
    folder = space.sent_back(period.id)
    moved = []
    for path in paths:
        target = folder / path.name
        if path.is_file() and not target.exists() and not lock_file(path):
            make_folder(folder)
            move_file(path, target)
            moved.append(target)
        else:
            moved += set_aside(folder, [path], frozenset())
    return tuple(moved)


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
