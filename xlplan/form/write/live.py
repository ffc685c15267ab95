"""The live checks of an entry sheet as formulas: the same checks, gate and order as the validator's.

Each hidden cell holds the number of the check that fails there, or 0. LibreOffice is the judge of both.
"""

from collections.abc import Iterator

from xlplan.fields import type_of
from xlplan.fields.checks import Check, CheckKind, gate
from xlplan.fields.succession import NOTHING
from xlplan.form.layout.columns import Column, ColumnKind
from xlplan.form.layout.entry import EntryLayout
from xlplan.form.layout.stamps import Stamping
from xlplan.formula.emission import blank_test, emit, quote
from xlplan.formula.excel import MAX_CELL_TEXT
from xlplan.formula.tree import Formula
from xlplan.language.messages import text
from xlplan.model.form import Field


def row_formulas(
    layout: EntryLayout, stamps: Stamping, row: int, *, guarded: bool
) -> Iterator[tuple[Column, str]]:
    """The formulas of one row: computed fields, the check column and the hidden cells.

    `guarded` rows have no item yet: they stay quiet until a number is typed. So do those of an open form until
    anything is typed into them.
    """
    live = _Row(layout, stamps, row)
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


class _Row:
    def __init__(self, layout: EntryLayout, stamps: Stamping, row: int) -> None:
        self.layout = layout
        self.stamps = stamps
        self.row = row
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
                return self.missing(self.layout.form.by_id[column.name])
            case ColumnKind.WRONG:
                return self.wrong(self.layout.form.by_id[column.name])
            case ColumnKind.BROKEN | ColumnKind.DOUBTED:
                return self.rule(column.name)
            case _:
                return None

    def used(self) -> str:
        """1 where anything is typed into the row, else 0."""
        cells = [self.at(ColumnKind.ENTRY, one.id) for one in self.layout.form.entered]
        blank = ",".join(f"IF(ISERROR({one}),FALSE,{blank_test(one)})" for one in cells)
        return f"IF(AND({blank}),0,1)"

    def problems(self, *kinds: ColumnKind) -> str:
        """The hidden cells of this row that hold numbers of failed checks; those of some kinds only."""
        block = [one for one in self.layout.problem_columns if not kinds or one.kind in kinds]
        if not block:
            return ""
        return f"{self.layout.address(block[0], self.row)}:{self.layout.address(block[-1], self.row)}"

    def first(self) -> str:
        """The number to show: the first of what must be mended, and only then of what is to be looked at."""
        found = "0"
        grave = (ColumnKind.MISSING, ColumnKind.WRONG, ColumnKind.BROKEN)
        for kinds in ((ColumnKind.DOUBTED,), grave):
            if block := self.problems(*kinds):
                found = f'IF(COUNTIF({block},">0")>0,SMALL({block},COUNTIF({block},0)+1),{found})'
        return found

    def message(self) -> str:
        count, first = self.at(ColumnKind.COUNT, "count"), self.at(ColumnKind.FIRST, "first")
        before, after = text("artefacts.entry.more", self.layout.language, count="|").split("|")
        ok = text("artefacts.entry.ok", self.layout.language)
        more = f'IF({count}>1,{quote(before)}&({count}-1)&{quote(after)},"")'
        said = f"INDEX({self.stamps.message(self.layout.form.id)},{first}){self.length(first)}"
        return f"IF({count}=0,{quote(ok)},{said}&{more})"

    def length(self, first: str) -> str:
        """What is added to the message of a text that is too long: how long it is."""
        before, after = text("artefacts.entry.length", self.layout.language, count="|").split("|")
        too_long = [one for one in self.layout.checks if one.kind is CheckKind.LENGTH]
        cells = [(one.number, self.at(ColumnKind.ENTRY, one.field.id)) for one in too_long]
        return "".join(
            f'&IF({first}={number},{quote(before)}&LEN({cell})&{quote(after)},"")' for number, cell in cells
        )

    def open_gate(self, formula: Formula) -> str:
        """A condition that is TRUE where no entered field that the formula rests on has a finding."""
        cells = []
        for field in gate(formula, self.layout.form):
            if self.layout.find(ColumnKind.MISSING, field.id):
                cells.append(f"{self.at(ColumnKind.MISSING, field.id)}=0")
            cells.append(f"{self.at(ColumnKind.WRONG, field.id)}=0")
        return f"AND({','.join(cells)})" if cells else "TRUE"

    def computed(self, field: Field) -> str | None:
        if field.formula is None:
            return None
        return f'IF({self.open_gate(field.formula)},IFERROR({emit(field.formula, self.place)},""),"")'

    def checks(self, field: Field) -> Iterator[Check]:
        return (check for check in self.layout.checks if check.field.id == field.id)

    def missing(self, field: Field) -> str:
        number = next(check.number for check in self.checks(field) if check.kind is CheckKind.REQUIRED)
        value = self.at(ColumnKind.ENTRY, field.id)
        asked = str(number)
        if isinstance(field.required, Formula):
            wanted = f"IFERROR({emit(field.required, self.place)},TRUE)"
            asked = f"IF({self.open_gate(field.required)},IF({wanted},{number},0),0)"
        return f"IF(ISERROR({value}),0,IF({blank_test(value)},{asked},0))"

    def wrong(self, field: Field) -> str:
        value = self.at(ColumnKind.ENTRY, field.id)
        tests = ""
        closing = ""
        error = 0
        for check in self.checks(field):
            if check.kind is CheckKind.ERROR_VALUE:
                error = check.number
            elif (test := self.broken(check, value)) is not None:
                tests += f"IF({test},{self.number(check)},"
                closing += ")"
        return f"IF(ISERROR({value}),{error},IF({blank_test(value)},0,{tests}0{closing}))"

    def number(self, check: Check) -> str:
        """The number of a check that fails; of those of the order the one for the previous value."""
        if check.kind is not CheckKind.ORDER:
            return str(check.number)
        values, previous = self.stamps.values(check.field.list), self.at(ColumnKind.PREVIOUS, check.field.id)
        # the first is for no value, then they stand as the list; no choice holds a wildcard
        return f"{check.number}+IFERROR(MATCH({previous},{values},0),0)"

    def broken(self, check: Check, value: str) -> str | None:
        """A condition that is TRUE where `value`, neither an error nor blank, fails the check."""
        field = check.field
        match check.kind:
            case CheckKind.TYPE:
                return type_of(field).sheet_fault(value)
            case CheckKind.LIST:
                return f"SUMPRODUCT(--({self.stamps.values(field.list)}={value}))=0"
            case CheckKind.ORDER if check.step and check.step.before == NOTHING:
                befores, followers = self.stamps.order(field.list)
                previous = self.at(ColumnKind.PREVIOUS, field.id)
                # where there is no value before, both cells are empty, and so equal
                return f"SUMPRODUCT(({befores}={previous})*({followers}={value}))=0"
            case CheckKind.RANGE:
                return _outside(field, value)
            case CheckKind.LENGTH:
                # the office drops what is blank around a text
                return f"NOT({blank_test(f'MID({value},{(field.max_length or 0) + 1},{MAX_CELL_TEXT})')})"
            case CheckKind.UNIQUE:
                every = self.layout.down(self.layout.field_column(field))
                # a blank equals 0, hence <>""; 1/0 is not counted, and so an error value spoils no other row
                return f'SUMPRODUCT(COUNT(1/(({every}={value})*({every}<>""))))>1'
            case _:
                return None

    def rule(self, name: str) -> str:
        check = next(one for one in self.layout.checks if one.rule and one.rule.id == name)
        rule = check.rule
        if rule is None:
            raise KeyError(name)
        test = emit(rule.check, self.place)
        number = check.number
        return f"IF({self.open_gate(rule.check)},IFERROR(IF({test},0,{number}),{number + 1}),0)"


def _outside(field: Field, cell: str) -> str:
    kind = type_of(field)
    value = kind.sheet_value(cell)
    low = [f"{value}<{kind.sheet_bound(field.minimum)}"] if field.minimum is not None else []
    high = [f"{value}>{kind.sheet_bound(field.maximum)}"] if field.maximum is not None else []
    return f"OR({','.join(low + high)})"
