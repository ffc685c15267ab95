"""The formulas, dropdowns and bounds that were issued: which are gone, and in which cells another formula stands."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from xlplan.form.compare.rows import Matched
from xlplan.form.layout.entry import BANNER_ROW, HEADER_ROW, EntryLayout
from xlplan.form.layout.stamps import stamping
from xlplan.form.write.shapes import FormShapes, form_shapes, formulas_version
from xlplan.formula.addresses import row_of
from xlplan.language.messages import text
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.model.submission import FormulaColumn, ReturnedForm, Submission


@dataclass(frozen=True, slots=True)
class Formulas:
    """The formulas that the forms of a round are issued with: the shapes of each form, and the hash of all."""

    forms: Mapping[str, FormShapes]
    version: str

    @classmethod
    def of(cls, plan: Plan, period: Period) -> "Formulas":
        """Those of a plan as it stands."""
        stamps = stamping(plan.forms, plan.lists_for(()), plan, period)
        forms = {one.id: form_shapes(EntryLayout(one, plan, period, 0), stamps) for one in plan.forms}
        return cls(forms, formulas_version(forms.values()))

    def issued(self, submission: Submission) -> Mapping[str, FormShapes]:
        """What a return went out with, by form; nothing where it has other formulas than the plan makes today.

        That is so where a rule was mended, or xlplan renewed, after it was issued.
        """
        return self.forms if submission.stamp.formulas == self.version else {}


def lost_findings(
    returned: ReturnedForm, matched: Matched, layout: EntryLayout, issued: FormShapes | None = None
) -> Iterator[Finding]:
    """The formulas, dropdowns and bounds that were issued in these rows and are there no more, or were replaced.

    `issued` are the formulas that the return went out with, if that is known. If not, a formula is taken for
    replaced where it is not as those of most rows of its column are.
    """
    # below the numbered rows of an open form nothing was issued, and so nothing is lost
    last = max((row.row for row in returned.rows if row.item), default=0) if layout.form.is_open else 0
    rows = {
        row.row for _, row in matched.rows if row is not None and (row.item or not last or row.row < last)
    }
    bare = _in_rows(returned.bare, rows)
    others = _replaced(returned, rows, issued)
    found: dict[str, list[int]] = {}
    for column, some in others:
        found.setdefault(column.heading, []).extend(some)
    cells = [f"{column.letters}{some[0]}" for column, some in others]
    if issued and returned.computed:  # a format that does not tell of formulas has none
        banner = text("artefacts.entry.banner", layout.language)
        row = (returned.header_row or HEADER_ROW) - HEADER_ROW + BANNER_ROW
        gone, instead = _held(issued.head.values(), returned.head)
        if instead:
            found[banner] = [row_of(one) for one in instead]
            cells += instead
        elif gone:
            bare[banner] = [row]
    if bare:
        yield _told(FindingCode.FORMULAS_LOST, returned, bare, layout)
    if cells:
        yield _told(FindingCode.FORMULAS_REPLACED, returned, found, layout, cells[0])
    if unbound := _in_rows(returned.unbound, rows):
        labels = {layout.form.by_id[one].label: where for one, where in unbound.items()}
        yield _told(FindingCode.VALIDATIONS_LOST, returned, labels, layout)


def _in_rows(lost: Mapping[str, tuple[int, ...]], rows: set[int]) -> dict[str, list[int]]:
    found = {name: [row for row in where if row in rows] for name, where in lost.items()}
    return {name: where for name, where in found.items() if where}


def _replaced(
    returned: ReturnedForm, rows: set[int], issued: FormShapes | None
) -> list[tuple[FormulaColumn, list[int]]]:
    """The columns in which another formula stands than was issued, each with those of `rows`."""
    found = []
    for key, column in returned.computed.items():
        wanted = issued.columns.get(key) if issued else _usual(column.shapes)
        if wanted is None or (len(column.shapes) == 1 and wanted in column.shapes):
            continue
        others = (shape for shape in column.shapes if shape != wanted)
        here = sorted({row for one in others for row in column.shapes[one] or rows} & rows)
        if here:
            found.append((column, here))
    return found


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
    """The counts of the first sheet that are formulas no more, or other ones."""
    if submission.guide is None or not issued:
        return
    gone, instead = _held((shapes.guide for shapes in issued.values()), submission.guide)
    if not gone:
        return
    code, sheet = (
        FindingCode.FORMULAS_REPLACED if instead else FindingCode.FORMULAS_LOST,
        text("artefacts.guide.sheet", plan.language),
    )
    rows = tuple(row_of(one) for one in instead) or ("―",)
    params = {"labels": text("artefacts.guide.left", plan.language), "rows": rows}
    yield Finding(code, plan.severity_of(code), sheet=sheet, cell=(*instead, "")[0], params=params)


def _told(
    code: FindingCode,
    returned: ReturnedForm,
    found: Mapping[str, Sequence[int]],
    layout: EntryLayout,
    cell: str = "",
) -> Finding:
    rows = sorted({row for some in found.values() for row in some})
    params = {"labels": tuple(found), "rows": tuple(rows)}
    severity = layout.plan.severity_of(code)
    return Finding(code, severity, form=returned.form, sheet=returned.sheet, cell=cell, params=params)
