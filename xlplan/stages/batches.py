"""Which returns are judged together, and against which others."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from xlplan.model.codes import FindingCode
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.model.submission import Receipt
from xlplan.stages.returns import FileState, Identified, ReceivedFile
from xlplan.store.ledger import Ledger
from xlplan.validate.judging import Judged, judge
from xlplan.validate.places import Taken

FILES_AT_ONCE = 100
"""Returns read and judged together: enough to judge quickly, few enough to hold in memory whatever comes in."""

Batch = Sequence[tuple[int, Identified]]
"""Returns of one round, each with its number among the files."""


def batches(plan: Plan, paths: Sequence[Path]) -> Iterator[Sequence[Path]]:
    """The files in batches to be judged together. All are one batch where values must differ between them."""
    size = len(paths) if _has_unique(plan) else FILES_AT_ONCE
    return (paths[start : start + size] for start in range(0, len(paths), max(size, 1)))


def by_attempt(found: Batch) -> list[Batch]:
    """Batches in which no department stands twice: a second file of one department is a second attempt."""
    attempts: list[list[tuple[int, Identified]]] = []
    counts: dict[str, int] = {}
    for number, identified in found:
        attempt = counts.get(identified.department.id, 0)
        counts[identified.department.id] = attempt + 1
        if attempt == len(attempts):
            attempts.append([])
        attempts[attempt].append((number, identified))
    return list(attempts)


def judged(plan: Plan, period: Period, batch: Batch, others: Mapping[str, Receipt]) -> list[Judged]:
    """The verdicts on a batch, in its order.

    Args:
        plan: The plan.
        period: The round.
        batch: The returns, no department twice.
        others: The latest return of each department (`latest_receipts`), whose values they must not repeat.
    """
    returns = [(identified.submission, identified.rows) for _, identified in batch]
    return judge(plan, period, returns, _taken(plan, batch, others))


def foreign(identified: Identified, verdict: Judged) -> ReceivedFile | None:
    """What becomes of a return that holds another department's rows; None where it does not."""
    rows = tuple(finding for finding in verdict.findings if finding.code == FindingCode.OTHER_DEPARTMENT)
    return ReceivedFile(identified.incoming.path, FileState.REFUSED, findings=rows) if rows else None


def latest_receipts(plan: Plan, period: Period, ledger: Ledger | None) -> Mapping[str, Receipt]:
    """The latest return of each department in the `period` of `plan`, by id; none where there is no `ledger`.

    Its records are read only where they are needed, as they take long.
    """
    return ledger.latest(period.id, records=_has_unique(plan)) if ledger else {}


def _taken(plan: Plan, batch: Batch, others: Mapping[str, Receipt]) -> Taken:
    """Values of unique fields in the latest returns of departments outside this batch."""
    inside = {identified.department.id for _, identified in batch}
    unique = [(form.id, field.id) for form in plan.forms for field in form.entered if field.unique]
    return {
        (form, field): frozenset(
            record.values[field]
            for department, receipt in others.items()
            if department not in inside
            for record in receipt.records
            if record.form == form and field in record.values
        )
        for form, field in unique
    }


def _has_unique(plan: Plan) -> bool:
    return any(field.unique for form in plan.forms for field in form.fields)
