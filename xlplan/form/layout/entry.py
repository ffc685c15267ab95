"""The geometry of an entry sheet: where every field, row and check stands. Rows and columns are 1-based."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from xlplan.definition.specs import spec
from xlplan.fields.checks import Check, CheckKind
from xlplan.fields.numbering import checks_of
from xlplan.fields.row_checks import UndecidedCheck
from xlplan.fields.succession import steps
from xlplan.fields.table import type_of
from xlplan.form.layout.columns import HIDDEN, Column, ColumnKind, narrowed
from xlplan.form.layout.stamps import Stamping
from xlplan.form.layout.words import word_of
from xlplan.formula.addresses import cell_address, column_area
from xlplan.formula.days import PeriodDays
from xlplan.formula.emission import Place
from xlplan.language.codes import Severity
from xlplan.language.messages import spaced, text
from xlplan.language.text import display_width
from xlplan.model.afterwards import OFFICE
from xlplan.model.form import Choice, Field, FilledBy, Form
from xlplan.model.item import ITEM_COLUMNS, Period
from xlplan.model.plan import Plan

GUIDE_COLUMNS = (2, 3)
"""The columns of the first sheet: labels, and what stands beside them."""

TITLE_ROW, NOTE_ROW, BANNER_ROW, BAND_ROW, HEADER_ROW, FIRST_ROW = 1, 2, 3, 4, 5, 6

BAND_LINE, BAND_ITEM, BAND_OFFICE, BAND_ANSWER = BANDS = (
    "artefacts.entry.band_row",
    "artefacts.entry.band_item",
    "artefacts.entry.band_office",
    "artefacts.entry.band_answer",
)
"""What stands over the columns of the number or the item, of the office and of the answer."""
PEOPLE = ("artefacts.guide.respondent", "artefacts.guide.approver")
"""The labels on the first sheet beside which stands who answered and who approved."""
STEPS = (
    "artefacts.guide.step_1",
    "artefacts.guide.step_2",
    "artefacts.guide.step_3",
    "artefacts.guide.step_4",
    "artefacts.guide.step_5",
    "artefacts.guide.step_6",
)
"""What the first sheet says of how to fill in."""


@dataclass(frozen=True)
class EntryLayout:
    """The entry sheet of one form with `rows` rows, in one period of one plan.

    A row is an item, or in an open form one of the blank rows: its number then stands in the column of items.
    """

    form: Form
    plan: Plan
    period: Period
    rows: int

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """The form's checks, numbered."""
        return checks_of(self.form, self.plan, self.period)

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """All columns from left to right, the hidden ones last."""
        made = [*self._item_columns(), *self._field_columns()]
        made.append((ColumnKind.CHECK, "check", text("artefacts.entry.check", self.language), 30))
        made += self._hidden_columns()
        widths = narrowed(made, self.form, self.plan)
        return tuple(
            Column(kind, name, index, heading, width)
            for index, ((kind, name, heading, _), width) in enumerate(zip(made, widths, strict=True), 1)
        )

    def _hidden_columns(self) -> list[tuple[ColumnKind, str, str, float]]:
        """The columns of the live checks. Nobody sees what stands for their headings."""
        kinds = [ColumnKind.COUNT, ColumnKind.FIRST, ColumnKind.AT]
        if self.form.is_open:
            kinds.insert(0, ColumnKind.USED)
        entered = [field.id for field in self.form.entered]
        required = [field.id for field in self.form.entered if field.required is not False]
        names = [
            *((kind, kind.value, kind.value) for kind in kinds),
            *((ColumnKind.MISSING, field, f"missing:{field}") for field in required),
            *((ColumnKind.WRONG, field, f"wrong:{field}") for field in entered),
            *((ColumnKind.BROKEN, rule, f"rule:{rule}") for rule in self._rules(Severity.ERROR)),
            *((ColumnKind.DOUBTED, rule, f"rule:{rule}") for rule in self._rules(Severity.WARNING)),
            *((ColumnKind.SENT_BACK, field, f"sent_back:{field}") for field in entered),
        ]
        return [(*name, 6.0) for name in names]

    def _rules(self, severity: Severity) -> list[str]:
        """The ids of the form's rules of one severity, in the order of the checks."""
        return [
            check.rule.id
            for check in self.checks
            if check.kind is CheckKind.RULE and check.rule and check.severity is severity
        ]

    @property
    def language(self) -> str:
        """The language of the sheet."""
        return self.plan.language

    @property
    def is_of_office(self) -> bool:
        """Whether the sheet is one of the office's own workbook."""
        return self.plan.department(OFFICE) is not None

    @property
    def title(self) -> str:
        """What the first row says: the round, the plan and the form."""
        words = {"period": self.period.label, "title": self.plan.title, "form": self.form.title}
        return text("artefacts.entry.title", self.language, **words)

    @property
    def note(self) -> str:
        """What the row below says: the form's own note, and what the colours mean."""
        return spaced((self.form.note, text("artefacts.entry.legend", self.language)), self.language)

    def band(self, key: str) -> str:
        """The words over some columns; `key` is one of `BANDS`."""
        return word_of(key, self.plan)

    def _item_columns(self) -> list[tuple[ColumnKind, str, str, float]]:
        items = spec("items")
        if self.form.is_open:
            return [(ColumnKind.ITEM, "item", text("artefacts.entry.number", self.language), 6)]
        made: list[tuple[ColumnKind, str, str, float]] = [
            (ColumnKind.NUMBER, "number", text("artefacts.entry.number", self.language), 5),
            (ColumnKind.ITEM, "item", items.heading("id", self.language), 8),
        ]
        widths = {"group": 15.0, "title": 20.0, "summary": 24.0}
        shown = [name for name in ITEM_COLUMNS if any(getattr(item, name) for item in self.plan.items)]
        extra = tuple(self.plan.items[0].extra) if self.plan.items else ()
        for name in (*shown, *extra):
            heading = items.heading(name, self.language)
            made.append((ColumnKind.ATTRIBUTE, name, heading, widths.get(name, 16.0)))
        return made

    def _field_columns(self) -> list[tuple[ColumnKind, str, str, float]]:
        before = self.plan.previous(self.period)
        made: list[tuple[ColumnKind, str, str, float]] = []
        # the office's fields stand first; a sort keeps the order of the others
        for field in sorted(self.form.fields, key=lambda field: field.filled_by is not FilledBy.OFFICE):
            width = self._width(field)
            if field.previous:
                label = before.label if before else text("artefacts.entry.before", self.language)
                heading = text("artefacts.entry.previous", self.language, period=label, label=field.heading)
                made.append((ColumnKind.PREVIOUS, field.id, heading, max(12.0, min(width, 26.0))))
            if not field.afterwards:  # of what is not asked yet, what stood there before alone
                made.append((_FIELD_KINDS[field.filled_by], field.id, self._heading(field), width))
        return made

    def _heading(self, field: Field) -> str:
        return field.heading + self._mark(field)

    def _mark(self, field: Field) -> str:
        """The sign that a required field's heading bears."""
        if not field.entered or field.required is False:
            return ""
        sign = "artefacts.entry.mark" if field.required is True else "artefacts.entry.mark_if"
        return text(sign, self.language)

    def names_of(self, field: Field) -> tuple[str, ...]:
        """The headings under which a field's column is found: with and without its unit and the sign of its duty."""
        names = (field.heading, field.label)
        return tuple(dict.fromkeys(name + sign for name in names for sign in (self._mark(field), "")))

    def _width(self, field: Field) -> float:
        if field.width is not None:
            return field.width
        label = display_width(self._heading(field)) + 2.0
        return type_of(field).width(field, label, self.plan)

    @cached_property
    def _index(self) -> Mapping[tuple[ColumnKind, str], Column]:
        return {(column.kind, column.name): column for column in self.columns}

    def column(self, kind: ColumnKind, name: str) -> Column:
        """The column of this kind and name.

        Raises:
            KeyError: The form has none.
        """
        return self._index[kind, name]

    def find(self, kind: ColumnKind, name: str) -> Column | None:
        """The column of this kind and name, or None."""
        return self._index.get((kind, name))

    def of_kind(self, *kinds: ColumnKind) -> tuple[Column, ...]:
        """The columns of these kinds, from left to right."""
        return tuple(column for column in self.columns if column.kind in kinds)

    def field_column(self, field: Field) -> Column:
        """Where the field's own value stands; of one that is not asked yet, that of the period before."""
        return self.column(_FIELD_KINDS.get(field.filled_by, ColumnKind.PREVIOUS), field.id)

    @property
    def last_row(self) -> int:
        """The last row of items; the header row where there are none."""
        return FIRST_ROW + self.rows - 1

    @property
    def shown(self) -> tuple[Column, ...]:
        """The columns that people see."""
        return tuple(column for column in self.columns if column.kind not in HIDDEN)

    @cached_property
    def check_columns(self) -> tuple[Column, ...]:
        """The hidden columns that have a formula in every row, side by side behind the check column."""
        return tuple(
            column
            for column in self.columns
            if column.kind in HIDDEN and column.kind is not ColumnKind.SENT_BACK
        )

    def check_column(self, check: Check) -> Column:
        """The hidden column in which a check of the form is asked."""
        if check.kind is CheckKind.REQUIRED:
            return self.column(ColumnKind.MISSING, check.field.id)
        if check.rule is None:
            return self.column(ColumnKind.WRONG, check.field.id)
        kind = ColumnKind.DOUBTED if check.rule.severity is Severity.WARNING else ColumnKind.BROKEN
        return self.column(kind, check.rule.id)

    @property
    def problem_columns(self) -> tuple[Column, ...]:
        """The hidden columns that hold the number of a failed check, side by side."""
        return self.of_kind(ColumnKind.MISSING, ColumnKind.WRONG, ColumnKind.BROKEN, ColumnKind.DOUBTED)

    @property
    def undecided_warnings(self) -> tuple[UndecidedCheck, ...]:
        """The checks that a warning can be decided: where it cannot, that is an error, told in the warning's cell."""
        return tuple(
            check
            for check in self.checks
            if isinstance(check, UndecidedCheck) and check.of.severity is Severity.WARNING
        )

    def address(self, column: Column, row: int, *, absolute: bool = False) -> str:
        """The A1 address of a cell.

        Args:
            column: The column.
            row: The row, 1-based.
            absolute: Whether it is to have dollar signs.
        """
        return cell_address(row, column.index, fixed=absolute)

    def down(self, column: Column) -> str:
        """Absolute range of a column over all items, in A1 notation without the sheet."""
        return column_area(column.index, FIRST_ROW, max(self.last_row, FIRST_ROW))

    def locate(self, row: int, index: int) -> tuple[int, Column] | None:
        """The item's place (from 0) and the column of a cell; None outside the table. `row` and `index` are 1-based."""
        if not (FIRST_ROW <= row <= self.last_row and 1 <= index <= len(self.columns)):
            return None
        return row - FIRST_ROW, self.columns[index - 1]

    def place(self, row: int, stamps: Stamping) -> "SheetPlace":
        """Where a formula of this row finds its names."""
        return SheetPlace(self, row, stamps)


_FIELD_KINDS = {
    FilledBy.OFFICE: ColumnKind.OFFICE,
    FilledBy.DEPARTMENT: ColumnKind.ENTRY,
    FilledBy.FORMULA: ColumnKind.FORMULA,
}


@dataclass(frozen=True, slots=True)
class SheetPlace(Place):
    """The place of a formula in one row of an entry sheet."""

    layout: EntryLayout
    row: int
    stamps: Stamping

    def value(self, name: str) -> str:
        """Address of this row's value of a field or of a column of the item."""
        field = self.layout.form.by_id.get(name)
        if field is not None:
            return self.layout.address(self.layout.field_column(field), self.row)
        kind = ColumnKind.ITEM if name == "item" else ColumnKind.ATTRIBUTE
        return self.layout.address(self.layout.column(kind, name), self.row)

    def previous(self, name: str) -> str:
        """Address of the previous period's value."""
        return self.layout.address(self.layout.column(ColumnKind.PREVIOUS, name), self.row)

    def choices(self, name: str) -> tuple[str, str]:
        """Ranges of the values and ranks of the field's list."""
        which = self.layout.form.by_id[name].list
        return self.stamps.values(which), self.stamps.ranks(which)

    def days(self) -> PeriodDays:
        """The days of the row's period."""
        return self.layout.plan.days(self.layout.period)


def stamping(
    forms: Sequence[Form], lists: Mapping[str, tuple[Choice, ...]], plan: Plan, period: Period
) -> Stamping:
    """Where things stand on the hidden sheet.

    Columns A and B hold the stamp. Then a list, the messages of a form, and an order that is asked for have two each.

    Args:
        forms: The forms that are asked.
        lists: Their lists of choices by name.
        plan: The plan that they are of.
        period: The period of the round.

    Returns:
        The columns of each, 1-based, with how many rows they have.
    """
    column = 4
    at_lists, offered = {}, {}
    for name, choices in lists.items():
        known = len(choices) + len(plan.retired.get(name, ()))
        at_lists[name] = (column, max(1, known))
        offered[name] = max(1, len(choices))
        column += 2
    at_messages = {}
    for form in forms:
        at_messages[form.id] = (column, max(1, len(checks_of(form, plan, period))))
        column += 2
    asked = {
        field.list: steps(lists[field.list], plan.retired.get(field.list, ()))
        for form in forms
        for field in form.entered
        if field.previous and field.list
    }
    at_orders = {name: (column + 2 * at, found) for at, (name, found) in enumerate(asked.items()) if found}
    return Stamping(at_lists, at_messages, at_orders, offered)
