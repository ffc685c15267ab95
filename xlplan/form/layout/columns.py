"""The columns of an entry sheet: what each is for, and how wide it is made for the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from xlplan.fields.table import type_of
from xlplan.formula.addresses import column_letters
from xlplan.model.form import Form
from xlplan.model.plan import Plan

PAGE_WIDTH, GAP = 250.0, 0.7
"""Characters that a page of A3 holds with text of 9 points printed at nearly 8; a column has some room of its own."""

CHECK_MORE = 20.0
"""Characters by which the check column is wider where there is room."""


class ColumnKind(StrEnum):
    """What a column of an entry sheet is for. Those in `HIDDEN` carry the live checks."""

    NUMBER = "number"
    ITEM = "item"
    ATTRIBUTE = "attribute"
    OFFICE = "office"
    PREVIOUS = "previous"
    ENTRY = "entry"
    FORMULA = "formula"
    CHECK = "check"
    USED = "used"
    COUNT = "count"
    FIRST = "first"
    AT = "at"
    MISSING = "missing"
    WRONG = "wrong"
    BROKEN = "broken"
    DOUBTED = "doubted"
    SENT_BACK = "sent_back"


HIDDEN = (
    ColumnKind.USED,
    ColumnKind.COUNT,
    ColumnKind.FIRST,
    ColumnKind.AT,
    ColumnKind.MISSING,
    ColumnKind.WRONG,
    ColumnKind.BROKEN,
    ColumnKind.DOUBTED,
    ColumnKind.SENT_BACK,
)
GREY = (ColumnKind.NUMBER, ColumnKind.ITEM, ColumnKind.ATTRIBUTE)
"""The columns that say which item a row is about; the office's, and grey."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `name` is a field id, an item's column or a rule id, as its kind has it. Width in characters."""

    kind: ColumnKind
    name: str
    index: int
    heading: str
    width: float

    @property
    def letters(self) -> str:
        """The column's letters."""
        return column_letters(self.index)

    @property
    def key(self) -> str:
        """Kind and name in one word."""
        return f"{self.kind}:{self.name}"


def narrowed(made: Sequence[tuple[ColumnKind, str, str, float]], form: Form, plan: Plan) -> list[float]:
    """The widths of columns, made less where the page is too narrow for all of them.

    Widths that the plan gives stay. Where there is room, the check column has more of it.

    Args:
        made: The columns: kind, name, heading, and the width in characters that each would have by itself.
        form: The form that they are of.
        plan: The plan that the form is of.

    Returns:
        The width of each in characters.
    """
    widths = [width for *_, width in made]
    shown = [at for at, (kind, *_) in enumerate(made) if kind not in HIDDEN]
    excess = sum(widths[at] + GAP for at in shown) - PAGE_WIDTH
    for at in shown:
        if made[at][0] is ColumnKind.CHECK:
            widths[at] += min(CHECK_MORE, max(0.0, -excess))
    spare = {at: widths[at] - _least(*made[at][:2], widths[at], form, plan) for at in shown}
    if excess > 0 and sum(spare.values()) > 0:
        share = min(1.0, excess / sum(spare.values()))
        for at, more in spare.items():
            widths[at] = round(widths[at] - more * share, 1)
    return widths


def _least(kind: ColumnKind, name: str, width: float, form: Form, plan: Plan) -> float:
    """The least width at which a column is still read with ease; never more than it has."""
    field = form.by_id.get(name)
    if kind is ColumnKind.CHECK:
        return min(width, 26.0)
    if kind is ColumnKind.ATTRIBUTE:
        return width * 2 / 3
    if field is None or kind in HIDDEN or (field.width is not None and kind is not ColumnKind.PREVIOUS):
        return width
    previous = kind is ColumnKind.PREVIOUS
    return min(width, type_of(field).least_width(field, plan, previous=previous))
