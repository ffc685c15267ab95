"""The checks that need more than a value by itself: other columns, other rows, a rule of the plan."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from xlplan.fields.cells import UNREAD, Converted
from xlplan.fields.checks import Check, CheckKind, ValueCheck
from xlplan.fields.rows import Rows, SheetRow
from xlplan.fields.succession import NOTHING, Step
from xlplan.formula.criteria import number_of
from xlplan.formula.emission import blank_test
from xlplan.formula.tree import Formula
from xlplan.language.remarks import is_nothing
from xlplan.language.text import fold, tidy
from xlplan.model.codes import FindingCode
from xlplan.model.form import Choice, Rule
from xlplan.model.item import Period
from xlplan.model.plan import Plan


@dataclass(frozen=True)
class RequiredCheck(Check):
    """Something must be entered: always, or where a formula says so.

    Attributes:
        nothing: The finding where a word for nothing was typed, such as n/a or a dash.
    """

    nothing: FindingCode

    kind = CheckKind.REQUIRED

    @property
    def across(self) -> bool:
        """Whether other columns say that it is required."""
        return isinstance(self.field.required, Formula)

    @property
    def formula(self) -> Formula | None:
        """What says that it is required, where that is not always so."""
        return self.field.required if isinstance(self.field.required, Formula) else None

    def sheet_formula(self, row: SheetRow) -> str:
        """The hidden cell: the number where nothing is entered though something must be."""
        value = row.entry(self.field)
        asked = row.failing(self.number)
        if isinstance(self.field.required, Formula):
            wanted = f"IFERROR({row.emitted(self.field.required)},TRUE)"
            asked = f"IF({row.open_gate(self.field.required)},IF({wanted},{asked},0),0)"
        return f"IF(ISERROR({value}),0,IF({blank_test(value)},{asked},0))"

    def failed(self, rows: Rows) -> Sequence[bool]:
        """Blank where something is asked; a requirement that cannot be decided is one."""
        blank = [value is None for value in rows.values(self.field.id)]
        required = self.field.required
        if not isinstance(required, Formula):
            return blank
        asked = [nothing and may for nothing, may in zip(blank, rows.gate(required), strict=True)]
        answers = iter(rows.answers(required, asked))
        return [may and next(answers) is not False for may in asked]

    def finding(self, found: Converted, raw: object) -> tuple[FindingCode, Mapping[str, object]]:
        """That something is missing; where n/a or a dash was typed for it, what to type."""
        if isinstance(raw, str) and is_nothing(raw) and self.nothing is not self.code:
            return self.nothing, {**self.params, "value": tidy(raw)}
        return self.code, self.params


@dataclass(frozen=True)
class ListCheck(ValueCheck):
    """The value is one of a list."""

    kind = CheckKind.LIST
    choices: tuple[Choice, ...]

    @cached_property
    def allowed(self) -> frozenset[str]:
        """The words of the list."""
        return frozenset(choice.value for choice in self.choices)

    @property
    def statistics(self) -> Mapping[str, object]:
        """The words allowed."""
        return {"allowed_values": sorted(self.allowed)}

    def sheet_test(self, row: SheetRow) -> str:
        """In no cell of the list."""
        return f"SUMPRODUCT(--({row.choices(self.field.list)}={row.entry(self.field)}))=0"

    def fails(self, value: object) -> bool:
        """Whether it is another word."""
        return value not in self.allowed

    def finding(self, found: Converted, raw: object) -> tuple[FindingCode, Mapping[str, object]]:
        """What may have been meant; of a word that the spreadsheet has turned into a day, that it has."""
        return self._near(FindingCode.CHOICE_IS_DAY if isinstance(raw, date) else self.code, found.suggestion)


@dataclass(frozen=True)
class OwnItemCheck(ListCheck):
    """The value is an item; where it is known whose row it is, one of that department's in `period`."""

    plan: Plan
    period: Period

    @property
    def across(self) -> bool:
        """Yes: it matters whose row it is."""
        return True

    def failed(self, rows: Rows) -> Sequence[bool]:
        """Each value against the items of its row's department."""
        departments = rows.departments()
        if departments is None:
            return super().failed(rows)
        own = {
            department: frozenset(item.name for item in self.plan.items_of(self.period, str(department)))
            for department in dict.fromkeys(departments)
        }
        values = rows.values(self.field.id)
        return [
            value is not None and value not in own[department]
            for value, department in zip(values, departments, strict=True)
        ]


@dataclass(frozen=True)
class OrderCheck(Check):
    """The choice is one that may follow the previous period's, where that was the one which this check asks after."""

    kind = CheckKind.ORDER
    after: Step

    @property
    def step(self) -> Step:
        """The previous value and what may follow it."""
        return self.after

    @property
    def statistics(self) -> Mapping[str, object]:
        """The previous value and what may follow it."""
        return {"before": self.after.before, "followers": list(self.after.followers)}

    def sheet_test(self, row: SheetRow) -> str:
        """No pair of the order. The first of a field's checks asks for them all: `sheet_number` tells which it was."""
        if self.after.before != NOTHING:
            return ""
        befores, followers = row.order(self.field.list)
        # where there is no value before, both cells are empty, and so equal
        return f"SUMPRODUCT(({befores}={row.previous(self.field)})*({followers}={row.entry(self.field)}))=0"

    def sheet_number(self, row: SheetRow) -> str:
        """The number of the check for the previous value."""
        # the first is for no value, then they stand as the list; no choice holds a wildcard
        place = f"MATCH({row.previous(self.field)},{row.choices(self.field.list)},0)"
        return row.failing(self.number, f"{self.number}+IFERROR({place},0)")

    def failed(self, rows: Rows) -> Sequence[bool]:
        """The previous value is the one asked after, and this one may not follow it."""
        before, followers = self.after.before, frozenset(self.after.followers)
        return [
            value is not None and (NOTHING if old is None else old) == before and value not in followers
            for value, old in zip(rows.values(self.field.id), rows.previous(self.field.id), strict=True)
        ]

    def finding(self, found: Converted, raw: object) -> tuple[FindingCode, Mapping[str, object]]:
        """What may have been meant among what may follow."""
        return self._near(self.code, self.after.nearest(str(found.value)))


@dataclass(frozen=True)
class UniqueCheck(Check):
    """No other row has the value."""

    kind = CheckKind.UNIQUE

    @property
    def across(self) -> bool:
        """No: the other rows are in its own column."""
        return False

    def sheet_test(self, row: SheetRow) -> str:
        """Two cells or more hold it."""
        every, value = row.every(self.field), row.entry(self.field)
        # as texts, so that 1 and the text 1 are the same; 1/0 is not counted, and so an error value spoils no other row
        return f'SUMPRODUCT(COUNT(1/({every}&""={value}&"")))>1'

    def failed(self, rows: Rows) -> Sequence[bool]:
        """Two rows or more have it, or one elsewhere."""
        alike = [_alike(value) for value in rows.values(self.field.id)]
        counts = Counter(alike)
        counts.update(map(_alike, rows.taken(self.field.id)))
        return [value is not None and value is not UNREAD and counts[value] > 1 for value in alike]


def _alike(value: object) -> object:
    """What is the same: neither case, width nor spelling of kana count, nor what a number has beyond 15 digits.

    The sheet's own `=` sees through case alone.
    """
    if isinstance(value, str):
        return fold(value)
    number = number_of(value)
    return value if number is None else number


@dataclass(frozen=True)
class OfRule(Check):
    """A check that asks a rule of the plan."""

    of: Rule

    @property
    def rule(self) -> Rule:
        """The rule."""
        return self.of

    @property
    def formula(self) -> Formula:
        """What the rule asks."""
        return self.of.check

    @property
    def statistics(self) -> Mapping[str, object]:
        """The rule's formula."""
        return {"formula": self.of.check.text}

    def answers(self, rows: Rows) -> list[object]:
        """What the formula says of each row; TRUE where it is not asked."""
        asked = rows.gate(self.of.check)
        answers = iter(rows.answers(self.of.check, asked))
        return [next(answers) if may else True for may in asked]


@dataclass(frozen=True)
class RuleCheck(OfRule):
    """A rule of the plan holds."""

    kind = CheckKind.RULE

    @property
    def rule_id(self) -> str:
        """The rule's id: its findings have its own words."""
        return self.of.id

    def sheet_formula(self, row: SheetRow) -> str:
        """The hidden cell: the number where the rule is broken, the next where it cannot be decided."""
        number, undecided = row.failing(self.number), row.failing(self.number + 1)
        broken = f"IFERROR(IF({row.emitted(self.of.check)},0,{number}),{undecided})"
        return f"IF({row.open_gate(self.of.check)},{broken},0)"

    def failed(self, rows: Rows) -> Sequence[bool]:
        """The formula is FALSE."""
        return [answer is False for answer in self.answers(rows)]


@dataclass(frozen=True)
class UndecidedCheck(OfRule):
    """A rule of the plan can be decided: its formula gives TRUE or FALSE, and no error."""

    kind = CheckKind.UNDECIDED

    def failed(self, rows: Rows) -> Sequence[bool]:
        """The formula is neither TRUE nor FALSE."""
        return [not isinstance(answer, bool) for answer in self.answers(rows)]
