"""What was ours in the workbook and came back otherwise.

The office's cells in which something else stands; the formulas, dropdowns and bounds that are gone; and the cells in
which another formula stands than was issued.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from xlplan.fields.cells import as_text
from xlplan.fields.reading import convert, shown
from xlplan.form.compare.rows import Matched
from xlplan.form.layout.columns import ColumnKind
from xlplan.form.layout.entry import BANNER_ROW, HEADER_ROW, EntryLayout, stamping
from xlplan.form.write.shapes import FormShapes, form_shapes, formulas_version
from xlplan.formula.addresses import row_of
from xlplan.language.messages import text
from xlplan.language.text import is_blank, tidy
from xlplan.model.codes import FindingCode, plain_code
from xlplan.model.finding import Finding, FindingKey
from xlplan.model.form import Field, FilledBy
from xlplan.model.issue import IssuedRow
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.model.record import Value
from xlplan.model.submission import ReturnedForm, ReturnedRow, Submission


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
    for column in _prefilled(returned, layout):
        for issued, row in column.differing(rows):
            before, raw = column.issued(issued), column.returned(row)
            if values := _changed(before, raw, column.field, layout.plan):
                yield _of_cell(column, returned, issued, row, values, layout.plan)


def _prefilled(returned: ReturnedForm, layout: EntryLayout) -> Iterator[_PrefilledColumn]:
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


def _of_cell(
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


@dataclass(frozen=True, slots=True)
class Formulas:
    """The formulas that the forms of a round are issued with: the shapes of each form, and the hash of all."""

    forms: Mapping[str, FormShapes]
    version: str

    @classmethod
    def of(cls, plan: Plan, period: Period) -> "Formulas":
        """Those of a plan as it stands."""
        stamps = stamping(plan.forms, plan.lists_for(()), plan, period)
        forms = {form.id: form_shapes(EntryLayout(form, plan, period, 0), stamps) for form in plan.forms}
        return cls(forms, formulas_version(forms.values()))

    def issued(self, submission: Submission) -> Mapping[str, FormShapes]:
        """What a return went out with, by form; nothing where it has other formulas than the plan makes today.

        That is so where a rule was mended, or xlplan renewed, after it was issued.
        """
        return self.forms if submission.stamp.formulas == self.version else {}


def lost_findings(
    returned: ReturnedForm,
    matched: Matched,
    layout: EntryLayout,
    issued: FormShapes | None = None,
    allowed: Collection[FindingKey] = (),
) -> Iterator[Finding]:
    """The formulas, dropdowns and bounds that were issued in these rows and are there no more, or were replaced.

    Args:
        returned: The entry sheet as it came back.
        matched: Which of its rows answer which item.
        layout: Where things stand on the sheet.
        issued: The formulas that the return went out with, if that is known. If not, a formula is taken for replaced
            where it is not as those of most rows of its column are.
        allowed: The findings that the office ever let stand: the checks of their cells were written otherwise.

    Yields:
        At most one finding each for formulas that are gone, for those that were replaced, and for validations.
    """
    rows = _issued_rows(returned, matched, layout)
    gone = _in_rows(returned.bare, rows)
    otherwise = _allowed_rows(matched, layout, allowed)
    replaced, cells = _replaced_in_rows(returned, rows, issued, otherwise)
    if issued and returned.computed:  # a format that does not tell of formulas has none
        banner = text("artefacts.entry.banner", layout.language)
        lost, others = _held(issued.head.values(), returned.head)
        if others:
            replaced[banner] = [row_of(cell) for cell in others]
            cells += others
        elif lost:
            gone[banner] = [(returned.header_row or HEADER_ROW) - HEADER_ROW + BANNER_ROW]
    if gone:
        yield _of_rows(FindingCode.FORMULAS_LOST, returned, gone, layout)
    if cells:
        yield _of_rows(FindingCode.FORMULAS_REPLACED, returned, replaced, layout, cells[0])
    if unbound := _in_rows(returned.unbound, rows):
        labels = {layout.form.by_id[field].label: where for field, where in unbound.items()}
        yield _of_rows(FindingCode.VALIDATIONS_LOST, returned, labels, layout)


def _issued_rows(returned: ReturnedForm, matched: Matched, layout: EntryLayout) -> set[int]:
    """The rows that were issued: below the numbered rows of an open form nothing was, and so nothing is lost."""
    rows = (row for _, row in matched.rows if row is not None)
    if not layout.form.is_open:
        return {row.row for row in rows}
    last = max((row.row for row in returned.rows if row.item), default=0)
    return {row.row for row in rows if row.item or not last or row.row < last}


def _in_rows(lost: Mapping[str, tuple[int, ...]], rows: set[int]) -> dict[str, list[int]]:
    found = {name: [row for row in where if row in rows] for name, where in lost.items()}
    return {name: where for name, where in found.items() if where}


def _allowed_rows(
    matched: Matched, layout: EntryLayout, allowed: Collection[FindingKey]
) -> Mapping[str, set[int]]:
    """By column of checks (`missing:done`), the rows in which the office let a finding stand."""
    found: dict[str, set[int]] = {}
    for issued, row in matched.rows if allowed else ():
        for code, form, item, field in allowed:
            if row is None or (form, item) != (layout.form.id, issued.item):
                continue
            for check in layout.checks:
                if check.field.id == field and plain_code(check.written_code) == code:
                    found.setdefault(layout.check_column(check).key, set()).add(row.row)
    return found


def _replaced_in_rows(
    returned: ReturnedForm, rows: set[int], issued: FormShapes | None, allowed: Mapping[str, set[int]]
) -> tuple[dict[str, list[int]], list[str]]:
    """Where another formula stands than was issued: by heading, the rows; then the first such cell of each column.

    Not in the rows that are `allowed`, by column.
    """
    found: dict[str, list[int]] = {}
    cells = []
    for key, column in returned.computed.items():
        wanted = issued.columns.get(key) if issued else _usual(column.shapes)
        if wanted is None or (len(column.shapes) == 1 and wanted in column.shapes):
            continue
        others = (where for shape, where in column.shapes.items() if shape != wanted)
        here = sorted(({row for where in others for row in where or rows} & rows) - allowed.get(key, set()))
        if here:
            found.setdefault(column.heading, []).extend(here)
            cells.append(f"{column.letters}{here[0]}")
    return found, cells


def _usual(shapes: Mapping[str, tuple[int, ...]]) -> str | None:
    """The shape that more than half of all rows have."""
    if len(shapes) < 2:
        return None
    counts = Counter({shape: len(rows) for shape, rows in shapes.items()})
    [(shape, most)] = counts.most_common(1)
    return shape if 2 * most > counts.total() else None


def _held(issued: Iterable[str], returned: Mapping[str, str]) -> tuple[bool, list[str]]:
    """Whether any of the issued shapes is gone, wherever it stood; then the cells that hold another formula."""
    wanted = Counter(issued)
    if wanted <= Counter(returned.values()):
        return False, []
    return True, [cell for cell, shape in returned.items() if shape not in wanted]


def guide_findings(submission: Submission, issued: Mapping[str, FormShapes], plan: Plan) -> Iterator[Finding]:
    """The counts of the first sheet that are formulas no more, or other ones.

    Args:
        submission: The return as read.
        issued: The formulas that it went out with, by form; none where that is not known.
        plan: The plan, which says how grave each finding is.
    """
    if submission.guide is None or not issued:
        return
    gone, instead = _held((shapes.guide for shapes in issued.values()), submission.guide)
    if not gone:
        return
    code, sheet = (
        FindingCode.FORMULAS_REPLACED if instead else FindingCode.FORMULAS_LOST,
        text("artefacts.guide.sheet", plan.language),
    )
    rows = tuple(row_of(cell) for cell in instead) or ("―",)
    params = {"labels": text("artefacts.guide.left", plan.language), "rows": rows}
    yield Finding(code, plan.severity_of(code), sheet=sheet, cell=(*instead, "")[0], params=params)


def _of_rows(
    code: FindingCode,
    returned: ReturnedForm,
    found: Mapping[str, Sequence[int]],
    layout: EntryLayout,
    cell: str = "",
) -> Finding:
    rows = sorted({row for where in found.values() for row in where})
    params = {"labels": tuple(found), "rows": tuple(rows)}
    severity = layout.plan.severity_of(code)
    return Finding(code, severity, form=returned.form, sheet=returned.sheet, cell=cell, params=params)
