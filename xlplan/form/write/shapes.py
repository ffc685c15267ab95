"""What formulas a form is issued with, by shape: a return's are held against them, whoever saved it."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from xlplan.form.layout.columns import ColumnKind
from xlplan.form.layout.entry import BANNER_ROW, FIRST_ROW, EntryLayout
from xlplan.form.layout.stamps import Stamping
from xlplan.form.write import counts, live
from xlplan.formula.shape import shape_of


@dataclass(frozen=True, slots=True)
class FormShapes:
    """The formulas of one form: `columns` by kind and name (`missing:done`), `head` by cell (A3).

    `guide` is what the first sheet counts of the form.
    """

    columns: Mapping[str, str]
    head: Mapping[str, str]
    guide: str


def form_shapes(layout: EntryLayout, stamps: Stamping) -> FormShapes:
    """The shapes of a form's formulas. They are the same however many rows, items and choices a department has."""
    columns = {
        column.key: shape_of(formula, FIRST_ROW)
        for column, formula in live.row_formulas(layout, stamps, FIRST_ROW, guarded=False)
    }
    link = counts.banner_end(layout) + 1
    shown = {1: counts.banner(layout), link: counts.link_to_first(layout, stamps)}
    shown.setdefault(layout.column(ColumnKind.CHECK, "check").index, counts.done(layout))
    letters = {column.index: column.letters for column in layout.shown}
    head = {f"{letters[at]}{BANNER_ROW}": shape_of(formula, BANNER_ROW) for at, formula in shown.items()}
    return FormShapes(columns, head, shape_of(counts.banner(layout, sheet=layout.form.title), BANNER_ROW))


def formulas_version(forms: Iterable[FormShapes]) -> str:
    """A hash of the formulas of a plan's forms: it changes where other formulas are written."""
    lines = (
        f"{name} {shape}"
        for form in forms
        for shapes in (form.columns, form.head)
        for name, shape in shapes.items()
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]
