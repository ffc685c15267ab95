"""What departments have answered already, in the form that is issued anew in the same round."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from xlplan.compare import outdated
from xlplan.convert import as_text
from xlplan.cycle.pour import rows_again, values_of
from xlplan.ledger import Ledger
from xlplan.privacy import MASK
from xlplan.submission import Issued, Leftover, Receipt, ReceiptState, RecordRow
from xlplan.template import Given, Order


@dataclass(frozen=True, slots=True)
class Answered:
    """The latest returns of a round by department, and what each answered, as the ledger knows them."""

    ledger: Ledger
    latest: Mapping[str, Receipt]

    @classmethod
    def of(cls, ledger: Ledger, period: str) -> "Answered":
        """The answers of a round."""
        return cls(ledger, ledger.latest(period))

    def filled_in(self, order: Order, issued: Issued) -> Order:
        """The form with what its department said of its rows, or with what another said whose items they were."""
        own = self.latest.get(issued.department)
        records = own.records if own else ()
        rows = rows_again(order.plan, order.period, order.rows, records)
        asked = {(form, row.item) for form, some in rows.items() for row in some}
        fixed = {form.id for form in order.plan.forms if not form.is_open}
        moved = [
            record
            for name, receipt in self.latest.items()
            if name != issued.department
            for record in receipt.records
            if record.form in fixed and (record.form, record.item) in asked
        ]
        if not records and not moved:
            return order
        found = {**values_of(moved, ()), **values_of(records, own.findings if own else ())}
        entered = {(form.id, field.id) for form in order.plan.forms for field in form.entered}
        values = {
            key: value for key, value in found.items() if key[:2] in asked and (key[0], key[2]) in entered
        }
        given = Given(values, leftovers=tuple(self._left(order, records, asked)))
        if own:
            people = (_unmasked(own.respondent), _unmasked(own.approver))
            given = replace(given, respondent=people[0], approver=people[1], done=self._counts(own, issued))
        return replace(order, rows=rows, given=given)

    def _counts(self, receipt: Receipt, issued: Issued) -> bool:
        """Whether the answer was accepted, and still is one to what is asked now."""
        sent = self.ledger.issue(receipt.issue)
        accepted = receipt.state is ReceiptState.ACCEPTED
        return accepted and sent is not None and not outdated(sent, issued, issued.form_version)

    def _left(
        self, order: Order, records: tuple[RecordRow, ...], asked: set[tuple[str, str]]
    ) -> Iterator[Leftover]:
        """Answers that have no place any more. Those to an item that another department has now go there."""
        plan = order.plan
        elsewhere = {item.id for item in plan.items_of(order.period)}
        for record in records:
            form = plan.form(record.form)
            placed = (record.form, record.item) in asked
            if not placed and record.item in elsewhere:
                continue
            for name, value in record.values.items():
                field = form.by_id.get(name) if form else None
                if value is None or (field and (placed or not field.entered)):
                    continue
                yield Leftover(record.sheet, "", field.label if field else name, record.item, as_text(value))


def _unmasked(name: str) -> str:
    """A name as it was written; nothing where the ledger keeps it masked only."""
    return "" if MASK in name else name
