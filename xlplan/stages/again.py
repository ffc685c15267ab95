"""What departments have answered already, and what has changed since, in the form that is issued anew in a round."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from xlplan.fields import as_text
from xlplan.form.compare.stamp import outdated, same_form
from xlplan.form.issuing import issue_file
from xlplan.form.write.order import Again, Given, Order
from xlplan.language.messages import text
from xlplan.language.privacy import MASK
from xlplan.model.finding import item_shown
from xlplan.model.issue import Issued, IssuedRow
from xlplan.model.plan import Plan
from xlplan.model.submission import Leftover, Receipt, ReceiptState, RecordRow
from xlplan.stages.refill import rows_again, values_of
from xlplan.store.ledger import Ledger


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
        given = Given(values, leftovers=tuple(self._left(order, records, asked)), own=False)
        if own:
            people = (_unmasked(own.respondent), _unmasked(own.approver))
            given = replace(
                given, own=True, respondent=people[0], approver=people[1], done=self._counts(own, issued)
            )
        return replace(order, rows=rows, given=given)

    def _counts(self, receipt: Receipt, issued: Issued) -> bool:
        """Whether the answer was accepted, and still is one to what is asked now."""
        sent = self.ledger.issue(receipt.issue)
        accepted = receipt.state is ReceiptState.ACCEPTED
        return accepted and sent is not None and not outdated(sent, issued)

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
            row = item_shown(record.item, plan.language)
            for name, value in record.values.items():
                field = form.by_id.get(name) if form else None
                if value is None or (field and (placed or not field.entered)):
                    continue
                yield Leftover(record.sheet, "", field.label if field else name, row, as_text(value))


def since_issued(order: Order, issued: Issued, before: Mapping[str, Issued]) -> Again | None:
    """What has changed since the forms of `before`, the last issue of each department of this round.

    None where the department has had no form yet and no item that is now its own was another's.
    """
    old = before.get(issued.department)
    now, then = _rows(order.plan, issued), _rows(order.plan, old) if old else {}
    items = tuple(_moves(order, {one for _, one in now}, {one for _, one in then}, before))
    if old is None:
        taken = [one for name, one in items if name == "taken"]
        return Again(items=tuple(taken)) if taken else None
    return Again(tuple(_changed(order, issued, old)), tuple(one for _, one in items))


def _rows(plan: Plan, issued: Issued) -> dict[tuple[str, str], IssuedRow]:
    """The rows that stand for items, by form and item."""
    fixed = {form.id for form in plan.forms if not form.is_open}
    return {(form, row.item): row for form, rows in issued.rows.items() if form in fixed for row in rows}


def _changed(order: Order, issued: Issued, old: Issued) -> Iterator[str]:
    """In words, what the form says otherwise."""
    plan = order.plan
    now, then = _rows(plan, issued), _rows(plan, old)
    both = [(now[key], then[key]) for key in now.keys() & then.keys()]
    named = order.department and PurePosixPath(old.file).name != issue_file(order.period, order.department)
    differs = {
        "artefacts.guide.again_due": issued.due != old.due,
        "artefacts.guide.again_name": bool(named),
        "artefacts.guide.again_items": {item for _, item in now} != {item for _, item in then},
        "artefacts.guide.again_form": not same_form(old, issued),
        "artefacts.guide.again_office": any(one.office != other.office for one, other in both),
        "artefacts.guide.again_previous": any(one.previous != other.previous for one, other in both),
        "artefacts.guide.again_about": any(one.about != other.about for one, other in both),
    }
    for key, differs_here in differs.items():
        if differs_here:
            yield text(key, plan.language)


_HANDED, _GONE = "artefacts.guide.again_handed", "artefacts.guide.again_gone"


def _moves(
    order: Order, now: set[str], then: set[str], before: Mapping[str, Issued]
) -> Iterator[tuple[str, str]]:
    """The items that came or went, each with what is said of it."""
    plan, own = order.plan, order.department.id if order.department else ""
    had = {item: name for name, one in before.items() if name != own for _, item in _rows(plan, one)}
    has = {one.id: one.department for one in plan.items_of(order.period)}
    said = {item for _, item, _ in order.given.values} if order.given else set()
    for name in sorted(now - then):
        key = "artefacts.guide.again_new"
        if name in had:
            key = "artefacts.guide.again_taken_said" if name in said else "artefacts.guide.again_taken"
        yield "taken" if name in had else "new", _said(plan, key, name, had.get(name, ""))
    old = before.get(own)
    titles = {item: row.about.get("title", "") for (_, item), row in _rows(plan, old).items()} if old else {}
    for name in sorted(then - now):
        yield "gone", _said(plan, _HANDED if name in has else _GONE, name, has.get(name, ""), titles[name])


def _said(plan: Plan, key: str, name: str, department: str, title: str = "") -> str:
    item, other = plan.item(name), plan.department(department)
    params = {"item": name, "title": item.title if item else title}
    owner = {"department": other.name if other else department} if department else {}
    return text(key, plan.language, **params, **owner)


def _unmasked(name: str) -> str:
    """A name as it was written; nothing where the ledger keeps it masked only."""
    return "" if MASK in name else name
