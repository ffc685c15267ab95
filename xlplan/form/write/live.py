"""The live checks of an entry sheet as formulas: the same checks, gate and order as the validator's.

Each hidden cell holds the number of the check that fails there, negative where the office lets that stand, or 0.
LibreOffice is the judge of both.
"""

from collections.abc import Iterator

from xlplan.fields.computed import shown_formula
from xlplan.fields.gate import gate
from xlplan.fields.row_checks import RequiredCheck, RuleCheck
from xlplan.fields.value_checks import ErrorValueCheck, LengthCheck, TypeCheck
from xlplan.form.allowed import NONE_ALLOWED, AllowedTests
from xlplan.form.layout.columns import Column, ColumnKind
from xlplan.form.layout.entry import EntryLayout
from xlplan.form.layout.stamps import Stamping
from xlplan.formula.emission import blank_test, emit, quote
from xlplan.formula.tree import Formula
from xlplan.language.messages import text
from xlplan.model.form import Field


def row_formulas(
    layout: EntryLayout, stamps: Stamping, row: int, *, guarded: bool, allowed: AllowedTests = NONE_ALLOWED
) -> Iterator[tuple[Column, str]]:
    """The formulas of one row: computed fields, the check column and the hidden cells.

    Args:
        layout: Where the columns of the entry sheet stand.
        stamps: Where lists and messages stand on the hidden sheet.
        row: The row, 1-based.
        guarded: Whether the row has no item yet: it stays quiet until a number is typed. So does every row of an open
            form until anything is typed into it.
        allowed: What the office lets stand in the row.

    Yields:
        Each column with its formula.
    """
    live = _Row(layout, stamps, row, allowed)
    quiet_while = ""
    if layout.form.is_open:
        quiet_while = f"{live.at(ColumnKind.USED, 'used')}=0"
    elif guarded:
        quiet_while = f'{live.at(ColumnKind.ITEM, "item")}=""'
    for column in layout.columns:
        found = live.formula(column)
        if found is None:
            continue
        if quiet_while and column.kind not in _NEVER_QUIET:
            quiet = '""' if column.kind in (ColumnKind.CHECK, ColumnKind.FORMULA) else "0"
            found = f"IF({quiet_while},{quiet},{found})"
        yield column, found


_NEVER_QUIET = (ColumnKind.USED, ColumnKind.COUNT, ColumnKind.FIRST, ColumnKind.AT)
"""The cells that count what the others say, and the one that says whether a row is used at all."""


def _some(block: str) -> str:
    """A condition that is TRUE where one of these hidden cells holds a number of a check."""
    return f'COUNTIF({block},">0")>0'


def _least(block: str) -> str:
    """The least number of a check in these hidden cells, where there is one; those that may stand are negative."""
    return f'SMALL({block},COUNTIF({block},"<=0")+1)'


class _Row:
    """One row of an entry sheet: the formulas of its cells."""

    def __init__(self, layout: EntryLayout, stamps: Stamping, row: int, allowed: AllowedTests) -> None:
        self.layout = layout
        self.stamps = stamps
        self.row = row
        self.allowed = allowed
        self.place = layout.place(row, stamps)

    def at(self, kind: ColumnKind, name: str) -> str:
        return self.layout.address(self.layout.column(kind, name), self.row)

    def formula(self, column: Column) -> str | None:
        """The formula of one cell, or None where a person writes."""
        match column.kind:
            case ColumnKind.FORMULA:
                return self.computed(self.layout.form.by_id[column.name])
            case ColumnKind.USED:
                return self.used()
            case ColumnKind.CHECK:
                return self.message()
            case ColumnKind.COUNT:
                return f'COUNTIF({self.problems()},">0")'
            case ColumnKind.FIRST:
                return self.first()
            case ColumnKind.AT:
                return f'IF({self.at(ColumnKind.COUNT, "count")}>0,ROW(),"")'
            case ColumnKind.MISSING:
                return self.missing(column.name)
            case ColumnKind.WRONG:
                return self.wrong(column.name)
            case ColumnKind.BROKEN | ColumnKind.DOUBTED:
                return self.rule(column.name)
            case _:
                return None

    def used(self) -> str:
        """1 where anything is typed into the row, else 0."""
        cells = [self.entry(field) for field in self.layout.form.entered]
        blank = ",".join(f"IF(ISERROR({cell}),FALSE,{blank_test(cell)})" for cell in cells)
        return f"IF(AND({blank}),0,1)"

    def problems(self, *kinds: ColumnKind) -> str:
        """The hidden cells of this row that hold numbers of failed checks; those of some kinds only."""
        block = [column for column in self.layout.problem_columns if not kinds or column.kind in kinds]
        if not block:
            return ""
        return f"{self.layout.address(block[0], self.row)}:{self.layout.address(block[-1], self.row)}"

    def first(self) -> str:
        """The number to show: the first of what must be mended, and only then of what is to be looked at.

        A warning that cannot be decided must be mended.
        """
        found = "0"
        if block := self.problems(ColumnKind.DOUBTED):
            found = f"IF({_some(block)},{_least(block)},0)"
            for test, number in reversed(self.undecided()):
                found = f"IF({test},{number},{found})"
        if block := self.problems(ColumnKind.MISSING, ColumnKind.WRONG, ColumnKind.BROKEN):
            found = f"IF({_some(block)},{_least(block)},{found})"
        return found

    def undecided(self) -> list[tuple[str, int]]:
        """Of each warning a condition that is TRUE where it cannot be decided, and the number that stands there."""
        return [
            (f"{self.at(ColumnKind.DOUBTED, check.of.id)}={check.number}", check.number)
            for check in self.layout.undecided_warnings
        ]

    def message(self) -> str:
        count, first = self.at(ColumnKind.COUNT, "count"), self.at(ColumnKind.FIRST, "first")
        before, after = text("artefacts.entry.more", self.layout.language, count="|").split("|")
        ok = text("artefacts.entry.ok", self.layout.language)
        more = f'IF({count}>1,{quote(before)}&({count}-1)&{quote(after)},"")'
        shown = f"INDEX({self.stamps.message(self.layout.form.id)},{first}){self.length(first)}{self.as_text(first)}"
        return f"IF({count}=0,{quote(ok)},{shown}&{more})"

    def length(self, first: str) -> str:
        """What is added to the message of a text that is too long: how long it is."""
        before, after = text("artefacts.entry.length", self.layout.language, count="|").split("|")
        cells = [
            (check.number, self.entry(check.field))
            for check in self.layout.checks
            if isinstance(check, LengthCheck)
        ]
        return "".join(
            f'&IF({first}={number},{quote(before)}&LEN({cell})&{quote(after)},"")' for number, cell in cells
        )

    def as_text(self, first: str) -> str:
        """What is added to the message of a number, day or time that stands there as text.

        The office reads such a text where it can; a sheet reckons with numbers only, so that no rule could be asked.
        """
        numbers = [check.number for check in self.layout.checks if isinstance(check, TypeCheck)]
        if not numbers:
            return ""
        entered = self.layout.of_kind(ColumnKind.ENTRY)
        cells = f"A{self.row}:{self.layout.address(entered[-1], self.row)}"
        cell = f"INDEX({cells},INDEX({self.stamps.target(self.layout.form.id)},{first}))"
        asked = ",".join(f"{first}={number}" for number in numbers)
        told = quote(text("artefacts.entry.as_text", self.layout.language))
        return f'&IF(OR({asked}),IF(ISTEXT({cell}),{told},""),"")'

    # --- as the checks see the row (`xlplan.fields.rows.SheetRow`) ---

    def entry(self, field: Field) -> str:
        """The cell of an entered field."""
        return self.at(ColumnKind.ENTRY, field.id)

    def previous(self, field: Field) -> str:
        """The cell of its value in the previous period."""
        return self.at(ColumnKind.PREVIOUS, field.id)

    def every(self, field: Field) -> str:
        """Its cells in all rows."""
        return self.layout.down(self.layout.field_column(field))

    def choices(self, name: str) -> str:
        """The range of the values of a list."""
        return self.stamps.values(name)

    def order(self, name: str) -> tuple[str, str]:
        """The ranges of a list's order."""
        return self.stamps.order(name)

    def emitted(self, formula: Formula) -> str:
        """A formula over the cells of this row."""
        return emit(formula, self.place)

    def failing(self, number: int, shown: str = "") -> str:
        """What a hidden cell holds where a check fails: its number, negative while that may stand.

        Not 0: a rule that rests on the cell is not asked either way, as the validator does not ask it.
        """
        test, shown = self.allowed.get(number), shown or str(number)
        return f"IF({test},-1,1)*({shown})" if test else shown

    def open_gate(self, formula: Formula) -> str:
        """A condition that is TRUE where no entered field that the formula rests on has a finding."""
        cells = []
        for field in gate(formula, self.layout.form):
            if self.layout.find(ColumnKind.MISSING, field.id):
                cells.append(f"{self.at(ColumnKind.MISSING, field.id)}=0")
            cells.append(f"{self.at(ColumnKind.WRONG, field.id)}=0")
        return f"AND({','.join(cells)})" if cells else "TRUE"

    # --- the cells that a check fills ---

    def computed(self, field: Field) -> str | None:
        """A computed field, "" where what it rests on is not in order."""
        if field.formula is None:
            return None
        shown = self.emitted(shown_formula(field, field.formula, self.layout.form))
        return f'IF({self.open_gate(field.formula)},IFERROR({shown},""),"")'

    def missing(self, name: str) -> str:
        """The number of the check that a field is filled, where it is not."""
        return next(
            check.sheet_formula(self)
            for check in self.layout.checks
            if isinstance(check, RequiredCheck) and check.field.id == name
        )

    def wrong(self, name: str) -> str:
        """The number of the first check that a field's value fails."""
        mine = [check for check in self.layout.checks if check.field.id == name and not check.rule]
        value = self.at(ColumnKind.ENTRY, name)
        error = next(check.number for check in mine if isinstance(check, ErrorValueCheck))
        tests = [(check.sheet_test(self), check.sheet_number(self)) for check in mine]
        asked = [f"IF({test},{number}," for test, number in tests if test]
        return f"IF(ISERROR({value}),{error},IF({blank_test(value)},0,{''.join(asked)}0{')' * len(asked)}))"

    def rule(self, name: str) -> str:
        """The number of a rule's check where it is broken or cannot be decided."""
        return next(
            check.sheet_formula(self)
            for check in self.layout.checks
            if isinstance(check, RuleCheck) and check.of.id == name
        )
