"""What the office had filled in, and what came back in its place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xlplan.fields.cells import as_text
from xlplan.fields.reading import convert, shown
from xlplan.form.compare.rows import Matched
from xlplan.form.layout.columns import ColumnKind
from xlplan.form.layout.entry import EntryLayout
from xlplan.language.text import is_blank, tidy
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding
from xlplan.model.form import Field, FilledBy
from xlplan.model.issue import IssuedRow
from xlplan.model.plan import Plan
from xlplan.model.record import Value
from xlplan.model.submission import ReturnedForm, ReturnedRow


@dataclass(frozen=True, slots=True)
class _PrefilledColumn:
    """A column that the office fills: where it stands in a return, and what was issued in it.

    `at` is its place in the row's `values` or, for what only shows something, `shown`. Without a `field` it is a
    column of the item, kept as text.
    """

    code: FindingCode
    name: str
    heading: str
    letters: str
    at: int
    field: Field | None

    def differing(self, rows: Sequence[tuple[IssuedRow, ReturnedRow]]) -> list[tuple[IssuedRow, ReturnedRow]]:
        """The rows in which something else stands than was issued; a blank cell is as good as nothing."""
        at, name = self.at, self.name
        pairs: list[tuple[object, object]]
        match self.code:
            case FindingCode.OFFICE_CHANGED:
                pairs = [(row.values[at], issued.office.get(name)) for issued, row in rows]
            case FindingCode.PREVIOUS_CHANGED:
                pairs = [(row.shown[at], issued.previous.get(name)) for issued, row in rows]
            case _:  # nothing was kept of what was issued before the ledger kept it
                pairs = [
                    (row.shown[at], issued.about.get(name, "") if issued.about else row.shown[at])
                    for issued, row in rows
                ]
        return [
            row
            for row, (raw, before) in zip(rows, pairs, strict=True)
            if (raw != before and (raw or before)) or raw.__class__ is bool
        ]

    def issued(self, row: IssuedRow) -> Value:
        """What was issued in a row."""
        if self.field is None:
            return row.about.get(self.name)
        return (row.office if self.code == FindingCode.OFFICE_CHANGED else row.previous).get(self.name)

    def returned(self, row: ReturnedRow) -> object:
        """What came back in it."""
        return (row.values if self.code == FindingCode.OFFICE_CHANGED else row.shown)[self.at]


def prefilled_changes(returned: ReturnedForm, matched: Matched, layout: EntryLayout) -> Iterator[Finding]:
    """The office's cells that are not as issued.

    Args:
        returned: The entry sheet as it came back.
        matched: Which of its rows answer which item.
        layout: Where things stand on the sheet.

    Yields:
        One finding a cell, with the issued and the returned value.
    """
    rows = [(issued, row) for issued, row in matched.rows if row is not None]
    for column in _columns(returned, layout):
        for issued, row in column.differing(rows):
            before, raw = column.issued(issued), column.returned(row)
            if values := _changed(before, raw, column.field, layout.plan):
                yield _finding(column, returned, issued, row, values, layout.plan)


def _columns(returned: ReturnedForm, layout: EntryLayout) -> Iterator[_PrefilledColumn]:
    form = layout.form
    for at, (name, letters) in enumerate(returned.columns.items()):
        if form.by_id[name].filled_by is FilledBy.OFFICE:
            yield _PrefilledColumn(
                FindingCode.OFFICE_CHANGED, name, form.by_id[name].label, letters, at, form.by_id[name]
            )
    for at, (key, letters) in enumerate(returned.shown.items()):
        kind, _, name = key.partition(":")
        heading = layout.column(ColumnKind(kind), name).heading
        if kind == ColumnKind.PREVIOUS:
            yield _PrefilledColumn(FindingCode.PREVIOUS_CHANGED, name, heading, letters, at, form.by_id[name])
        else:
            yield _PrefilledColumn(FindingCode.ABOUT_CHANGED, name, heading, letters, at, None)


def _changed(before: Value, raw: object, field: Field | None, plan: Plan) -> tuple[str, str] | None:
    """What stood there and what does now, as people write it; None where both mean the same."""
    if field is None:
        written = tidy(raw) if isinstance(raw, str) else as_text(raw)
        values = (tidy(str(before or "")), "" if is_blank(raw) else written)
        return values if values[0] != values[1] else None
    choices = plan.choices_of(field)
    after = convert(raw, field, choices, plan.years).value
    if after in (before, convert(before, field, choices, plan.years).value):
        return None
    return shown(before, field, plan.years), shown(after, field, plan.years)


def _finding(
    column: _PrefilledColumn,
    returned: ReturnedForm,
    issued: IssuedRow,
    row: ReturnedRow,
    values: tuple[str, str],
    plan: Plan,
) -> Finding:
    before, after = values
    return Finding(
        column.code,
        plan.severity_of(column.code),
        form=returned.form,
        sheet=returned.sheet,
        cell=f"{column.letters}{row.row}",
        item=issued.item,
        field=column.name if column.field else "",
        value=after,
        params={"label": column.heading, "before": before, "after": after},
    )
