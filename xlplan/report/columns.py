"""The geometry of the data sheets: one Excel table for each form, its columns, and what formulas call them.

A row of `データ` is one item in one period. Formulas of other sheets name whole columns (`データ[判定]`), those of
the table itself cells of their own row, so that it may be sorted. Rows and columns are 1-based.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from xlplan.definition.specs import spec
from xlplan.fields.table import type_of
from xlplan.form.layout.stamps import STAMP_SHEET, Stamping
from xlplan.formula.addresses import column_letters
from xlplan.formula.days import PeriodDays
from xlplan.formula.emission import Place, quote
from xlplan.formula.excel import MAX_SHEET_TITLE, MAX_TABLE_HEADING
from xlplan.language.messages import text
from xlplan.language.text import fold, shortened, units
from xlplan.model.form import Field, Form
from xlplan.model.item import ITEM_COLUMNS, Period
from xlplan.model.plan import Plan
from xlplan.model.view import View
from xlplan.report.rows import KEY, STATE
from xlplan.spreadsheet.worksheet import OWN_ROW

HEADER_ROW, FIRST_ROW = 4, 5
TRACE = {
    "key": "summary.data.key",
    "file": "summary.data.file",
    "source_sheet": "summary.data.source_sheet",
    "row": "summary.data.row",
    "attempt": "summary.data.attempt",
    "sha256": "summary.data.sha256",
}
NOTHING = f"{STAMP_SHEET}!$C$1"
"""A cell that is always empty: the previous answer of an item that had none. Between the stamp and the lists."""


class DataKind(StrEnum):
    """What a column of a data sheet holds."""

    PERIOD = "period"
    ITEM = "item"
    STATE = "state"
    FIELD = "field"
    TRACE = "trace"
    KEY = "key"


@dataclass(frozen=True, slots=True)
class DataColumn:
    """One column.

    `name` is what a measure calls it: a field id, an item's column, `period`, STATE, one of TRACE; KEY is
    put before what it holds the keys of.
    """

    kind: DataKind
    name: str
    index: int
    heading: str

    @property
    def letters(self) -> str:
        """The column's letters."""
        return column_letters(self.index)


@dataclass(frozen=True)
class DataTable:
    """The data sheet of one form. `name` is the name of both the sheet and the Excel table.

    `keys` names the columns that have a column of keys.
    """

    plan: Plan
    form: Form
    name: str
    draft: bool = False
    keys: tuple[str, ...] = ()

    @cached_property
    def columns(self) -> tuple[DataColumn, ...]:
        """All columns from left to right. Headings are unique, whatever the case."""
        taken: set[str] = set()
        found = []
        for index, (kind, name, wanted) in enumerate(self._wanted(), 1):
            heading, number = wanted, 1
            while heading.casefold() in taken:
                number += 1
                heading = text("summary.data.again", self.plan.language, heading=wanted, number=number)
            taken.add(heading.casefold())
            found.append(DataColumn(kind, name, index, heading))
        return tuple(found)

    def _wanted(self) -> Iterator[tuple[DataKind, str, str]]:
        language, items = self.plan.language, spec("items")
        extra = tuple(self.plan.items[0].extra) if self.plan.items else ()
        yield DataKind.PERIOD, "period", _one_line(spec("records").heading("period", language))
        yield DataKind.ITEM, "item", items.heading("id", language)
        for name in ("goal", *ITEM_COLUMNS, "department", *extra):
            yield DataKind.ITEM, name, _one_line(items.heading(name, language))
        if self.draft:
            yield DataKind.STATE, STATE, text("summary.answered.heading", language)
        for field in self.form.fields:
            yield DataKind.FIELD, field.id, _one_line(field.heading)
        for name, key in TRACE.items():
            yield DataKind.TRACE, name, text(key, language)
        for name in self.keys:
            yield (
                DataKind.KEY,
                f"{KEY}{name}",
                text("summary.data.same", language, heading=self._heading(name)),
            )

    def _heading(self, name: str) -> str:
        """The heading of a column that has one of keys."""
        if name == "period":
            return spec("records").heading("period", self.plan.language)
        field = self.form.by_id.get(name)
        wanted = (
            field.heading
            if field
            else spec("items").heading("id" if name == "item" else name, self.plan.language)
        )
        return _one_line(wanted)

    @cached_property
    def _by_name(self) -> Mapping[str, DataColumn]:
        # a form's fields come later than the item's columns and hide none: their ids are reserved
        return {column.name: column for column in self.columns}

    def column(self, name: str) -> DataColumn:
        """The column of this name."""
        return self._by_name[name]

    def reference(self, name: str) -> str:
        """The whole column, as a formula on any sheet writes it."""
        return f"{self.name}{bracketed(self.column(name).heading)}"

    def lookup(self, name: str, key: str) -> str:
        """The cell of column `name` in the row with this key (a formula); #N/A where there is none."""
        return f"INDEX({self.reference(name)},MATCH({key},{self.reference('key')},0))"


def data_tables(
    plan: Plan, *, draft: bool = False, keys: Mapping[str, Iterable[str]] | None = None
) -> Mapping[str, DataTable]:
    """The data sheet of each form that the views rest on.

    Args:
        plan: The plan.
        draft: Whether the sheets say how each answer stands.
        keys: By form id, the columns that have a column of keys.

    Returns:
        The sheets by form id.
    """
    name = text("summary.data.sheet", plan.language)
    found: dict[str, DataTable] = {}
    for number, form in enumerate(plan.forms_shown, 1):
        wanted = name if number == 1 else _table_name(name, form.title)
        taken = {fold(table.name) for table in found.values()}
        if fold(wanted) in taken or not wanted:
            wanted = f"{name}_{number}"
        found[form.id] = DataTable(plan, form, wanted, draft, tuple((keys or {}).get(form.id, ())))
    return found


def _table_name(name: str, title: str) -> str:
    """A name for the sheet and the Excel table of a form, with what of its title such a name may hold; "" for none.

    The name of a table has letters, digits and `_` only; that of a sheet is the shorter one. Letters with marks are
    composed, and marks that stay by themselves left out: not every reader of formulas takes them for parts of a name.

    Returns:
        The name, of MAX_SHEET_TITLE UTF-16 units at most.
    """
    composed = unicodedata.normalize("NFC", title)
    signs = ((sign, unicodedata.category(sign)[0]) for sign in composed)
    kept = (sign if kind == "L" or sign.isdecimal() else " " for sign, kind in signs if kind != "M")
    words = "_".join("".join(kept).split())
    cut = "" if not words else f"{name}_{words}"
    while units(cut) > MAX_SHEET_TITLE:
        cut = cut[:-1]
    return cut.rstrip("_")


OWN_SHEETS = ("summary.cover.sheet", "summary.returns.sheet", "summary.findings.sheet")
"""The names of the sheets that every summary has."""


def sheet_of(plan: Plan, view: View) -> str:
    """The name of a view's sheet: its title, unless one of the summary's own sheets bears that name."""
    own = [text(key, plan.language) for key in OWN_SHEETS]
    own += [STAMP_SHEET, *(table.name for table in data_tables(plan).values())]
    if fold(view.title) not in map(fold, own):
        return view.title
    return f"{view.title[:27]}_{view.id[:3]}"


def main_field(view: View, form: Form) -> Field:
    """The field that a status or schedule view shows of each period: the option `cells`, or the first choice."""
    named = [form.by_id[field_id] for field_id in view.named("cells")]
    choices = [field for field in form.fields if type_of(field).from_list]
    return next(iter([*named, *choices, *form.fields]))


def key_of(period_id: str, item_id: str) -> str:
    """What the column キー holds for one item in one period."""
    return f"{period_id}|{item_id}"


def key_text(period_id: str, item_cell: str) -> str:
    """A formula that makes the key of the item named in `item_cell`."""
    return f"{quote(key_of(period_id, ''))}&{item_cell}"


def line_text(item_cell: str, line: int) -> str:
    """A formula that makes the key of a line (from 1) about the item named in `item_cell`, in an open form."""
    return f"{item_cell}&{quote(key_of('', str(line)))}"


def bracketed(heading: str) -> str:
    """A heading as the column of a structured reference: `[判定]`, or `[[a,b]]` where signs stand in it.

    In brackets `[ ] # '` and `@` have a quotation mark before them (ECMA-376 part 1, 18.17.6.8).

    Returns:
        The heading with its brackets.
    """
    if all(sign.isalnum() or sign in "_ " for sign in heading):
        return f"[{heading}]"
    escaped = "".join(f"'{sign}" if sign in "[]#'@" else sign for sign in heading)
    return f"[[{escaped}]]"


MAX_HEADING = MAX_TABLE_HEADING - 15
"""UTF-16 units of a table's heading, behind which a number may follow."""


def _one_line(label: str) -> str:
    """A label as the heading of a table, where Excel would take `_x0041_` for A."""
    plain = re.sub("_(?=x[0-9a-fA-F]{4}_)", "＿", " ".join(label.split()))
    return shortened(plain, MAX_HEADING)


@dataclass(frozen=True, slots=True)
class RowPlace(Place):
    """The place of a computed field in a data sheet, for any row of the period `within`.

    The row's number is OWN_ROW. `before` is the period before, or None where the item had no row in it. `source` is the
    id of the item that this one continues, of which the row of that period is; empty for its own.
    """

    table: DataTable
    within: Period
    before: Period | None
    stamps: Stamping
    source: str = ""

    def value(self, name: str) -> str:
        """Address of this row's value."""
        return f"{self.table.column(name).letters}{OWN_ROW}"

    def previous(self, name: str) -> str:
        """The previous period's value of the same item or its predecessor, wherever its row has been sorted to."""
        if self.before is None:
            return NOTHING
        item = quote(self.source) if self.source else self.value("item")
        return self.table.lookup(name, key_text(self.before.id, item))

    def choices(self, name: str) -> tuple[str, str]:
        """Ranges of the values and ranks of the field's list."""
        which = self.table.form.by_id[name].list
        return self.stamps.values(which), self.stamps.ranks(which)

    def days(self) -> PeriodDays:
        """The days of the row's period."""
        return self.table.plan.days(self.within)
