"""A department's answers poured into a fresh form, with what has no place in it listed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from xlplan.cycle.identify import Identified
from xlplan.finding import Finding
from xlplan.issuing import Rows, open_rows, order_of
from xlplan.leftovers import leftovers
from xlplan.plan import Plan
from xlplan.submission import Issued, RecordRow
from xlplan.template import Order, SentBack, form_workbook


def values_of(
    records: Sequence[RecordRow], findings: Sequence[Finding]
) -> Mapping[tuple[str, str, str], object]:
    """What goes back into the cells of a fresh form, by form, item and field."""
    # an error value written back would be an ordinary text to the sheet's own checks
    errors = {(found.form, found.item, found.field) for found in findings if found.code == "error_value"}
    return {
        key: value
        for record in records
        for name, value in record.values.items()
        if (key := (record.form, record.item, name)) not in errors
    }


def rows_again(plan: Plan, one: Identified, records: Sequence[RecordRow]) -> Rows:
    """The rows that were issued; of an open form more, where the department added more."""
    rows = dict(one.rows)
    for form in (form for form in plan.forms if form.is_open):
        issued = {row.item for row in rows.get(form.id, ())}
        used = {record.item for record in records if record.form == form.id}
        if used - issued:
            rows[form.id] = open_rows(plan, form, one.period, least=len(issued | used))
    return rows


def poured(
    plan: Plan,
    one: Identified,
    issued: Issued,
    sent: SentBack,
    records: Sequence[RecordRow],
    created: datetime,
) -> Order:
    """The fresh form with the answers of `sent`, and what else stood in the return."""
    blank = order_of(plan, one.period, one.department, issued, created=created)
    left = leftovers(one.incoming.data, form_workbook(blank), one.submission, records, blank.layouts())
    return replace(blank, sent_back=replace(sent, leftovers=left))
