"""What every check of a form is asked: its formula for the sheet, its verdict over rows, its finding.

There is one class a kind, in `value_checks` and `row_checks`. A check's verdict says nothing of blank cells (but for
`RequiredCheck`), and counts only where no check before it in the gate has failed: `xlplan.fields.numbering` says in
which order they come.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import ClassVar

from xlplan.fields.cells import Converted
from xlplan.fields.rows import Rows, SheetRow
from xlplan.fields.succession import Step
from xlplan.formula.tree import Formula
from xlplan.language.codes import Severity
from xlplan.language.messages import spaced
from xlplan.model.codes import FindingCode, written_code
from xlplan.model.finding import Finding
from xlplan.model.form import Field, Rule

REMEMBERED = 100_000
"""Values of which a check remembers what it said."""


class CheckKind(StrEnum):
    """What a check asks. `PATTERN` is the only one that a sheet cannot ask by itself."""

    REQUIRED = "required"
    ERROR_VALUE = "error_value"
    TYPE = "type"
    LIST = "list"
    ORDER = "order"
    RANGE = "range"
    LENGTH = "length"
    PATTERN = "pattern"
    UNIQUE = "unique"
    RULE = "rule"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Check(ABC):
    """One check of one field. `number` counts from 1 over the form; `code` and `params` make its finding."""

    kind: ClassVar[CheckKind]
    number: int
    field: Field
    severity: Severity
    code: FindingCode
    params: Mapping[str, object]

    @property
    def rule(self) -> Rule | None:
        """The rule of the plan behind it, if any."""
        return None

    @property
    def step(self) -> Step | None:
        """What a check of the order asks: it passes wherever the previous period had another value."""
        return None

    @property
    def across(self) -> bool:
        """Whether its verdict needs more than the field's own column."""
        return True

    @property
    def formula(self) -> Formula | None:
        """What it asks of other columns; None where it looks at its own field alone."""
        return None

    @property
    def statistics(self) -> Mapping[str, object]:
        """What it asks, as plain values."""
        return {}

    @property
    def rule_id(self) -> str:
        """The id of the rule of the plan that it asks; empty where it asks none."""
        return ""

    @property
    def written_code(self) -> str:
        """The code of its findings as it is stored and given out."""
        return written_code(self.code, self.rule_id)

    @property
    def _finding(self) -> Finding:
        return Finding(self.code, self.severity, params=self.params, rule=self.rule_id)

    def message(self, language: str) -> str:
        """What is wrong."""
        return self._finding.message(language)

    def remedy(self, language: str) -> str:
        """What to do about it; empty where there is nothing to say."""
        return self._finding.remedy(language)

    def shown(self, language: str) -> str:
        """What the check column shows: the message, and of a warning also what to do, for it may be left as it is."""
        if self.severity is not Severity.WARNING:
            return self.message(language)
        return spaced((self.message(language), self.remedy(language)), language)

    def sheet_test(self, row: SheetRow) -> str:
        """A condition that is TRUE where the cell, neither an error nor blank, fails; empty where a sheet asks not."""
        return ""

    def sheet_number(self, row: SheetRow) -> str:
        """What the hidden cell holds where the check fails."""
        return row.failing(self.number)

    @abstractmethod
    def failed(self, rows: Rows) -> Sequence[bool]:
        """TRUE for each row that fails."""

    def finding(self, found: Converted, raw: object) -> tuple[FindingCode, Mapping[str, object]]:
        """The code and parameters of the finding at a cell that holds `raw`, which was read as `found`."""
        return self.code, self.params

    def _near(self, code: FindingCode, near: str) -> tuple[FindingCode, Mapping[str, object]]:
        """The finding with what was probably meant, where that is known."""
        return (code.near, {**self.params, "near": near}) if near else (code, self.params)


class ValueCheck(Check):
    """A check that looks at each value by itself."""

    @property
    def across(self) -> bool:
        """No."""
        return False

    @abstractmethod
    def fails(self, value: object) -> bool:
        """Whether a value, not blank, fails."""

    @cached_property
    def _fails(self) -> Callable[[object], bool]:
        """`fails`, remembered: a column is asked by itself, and again where a formula rests on it."""
        return lru_cache(maxsize=REMEMBERED, typed=True)(self.fails)

    def failed(self, rows: Rows) -> Sequence[bool]:
        """Each value by itself, each distinct one once."""
        values = rows.values(self.field.id)
        if bool in set(map(type, values)):  # 1 and True are equal in Python but not in a sheet
            return [value is not None and self.fails(value) for value in values]
        wrong = {value for value in set(values) if value is not None and self._fails(value)}
        return [value in wrong for value in values] if wrong else [False] * len(values)
