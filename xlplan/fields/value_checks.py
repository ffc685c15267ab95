"""The checks that look at each value by itself."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from xlplan.fields.base import Bound, Span, ValueType
from xlplan.fields.cells import Converted, is_error_value
from xlplan.fields.checks import CheckKind, ValueCheck
from xlplan.fields.rows import SheetRow
from xlplan.formula.emission import blank_test
from xlplan.formula.excel import MAX_CELL_TEXT, SIGNIFICANT_DIGITS
from xlplan.model.codes import FindingCode


@dataclass(frozen=True)
class ErrorValueCheck(ValueCheck):
    """No #N/A or other error stands in the place of a value. The sheet asks it before all others, with ISERROR."""

    kind = CheckKind.ERROR_VALUE

    def fails(self, value: object) -> bool:
        """Whether the words of an error were read."""
        return is_error_value(value)


@dataclass(frozen=True)
class TypeCheck(ValueCheck):
    """The value is of the field's type."""

    kind = CheckKind.TYPE
    of: ValueType
    span: Span | None = None

    @property
    def statistics(self) -> Mapping[str, object]:
        """The type, and the days that can be meant."""
        return {"type": self.field.type.value} | ({"span": self.span} if self.span else {})

    def sheet_test(self, row: SheetRow) -> str:
        """What the type takes for another, and what cannot be meant."""
        cell = row.entry(self.field)
        test = self.of.sheet_fault(cell)
        if not self.span or not test:
            return test
        low, high = map(self.of.sheet_bound, self.span)
        # N gives 0 for text: Excel works out all parts of OR
        return f"OR({test},N({cell})<{low},N({cell})>{high})"

    def fails(self, value: object) -> bool:
        """Whether the value is of another type: what could not be read is the text as typed."""
        if not self.of.holds(value):
            return True
        return self.span is not None and any(
            is_less(one, other)
            for one, other in ((value, self.span[0]), (self.span[1], value))
            if isinstance(one, date) and isinstance(other, date)
        )

    def finding(self, found: Converted, raw: object) -> tuple[FindingCode, Mapping[str, object]]:
        """Why it could not be read, where that can be said; else what may have been meant."""
        code = FindingCode(found.fault)
        why = {"value": found.value, "unit": self.field.unit, "near": found.suggestion}
        if code.has_near:
            code = code.near if found.suggestion else code
        return code, {**self.params, **why}


@dataclass(frozen=True)
class RangeCheck(ValueCheck):
    """The value is not below the least nor above the most."""

    kind = CheckKind.RANGE
    of: ValueType

    @property
    def statistics(self) -> Mapping[str, object]:
        """Both bounds; None for none."""
        return {"min_value": self.field.minimum, "max_value": self.field.maximum}

    def sheet_test(self, row: SheetRow) -> str:
        """Below or above."""
        kind = self.of
        value = kind.sheet_value(row.entry(self.field))
        signs = (("<", self.field.minimum), (">", self.field.maximum))
        tests = [f"{value}{sign}{kind.sheet_bound(bound)}" for sign, bound in signs if bound is not None]
        return f"OR({','.join(tests)})"

    def fails(self, value: object) -> bool:
        """Whether it is below or above."""
        kind = self.of
        measured = kind.comparable(value) if kind.holds(value) else None
        if measured is None:
            return False
        low, high = self._bounds
        return is_less(measured, low) or is_less(high, measured)

    @cached_property
    def _bounds(self) -> tuple[float | date | None, float | date | None]:
        """Both bounds as values are compared with them."""
        kind, low, high = self.of, self.field.minimum, self.field.maximum
        return (
            None if low is None else kind.comparable_bound(low),
            None if high is None else kind.comparable_bound(high),
        )


def is_less(one: Bound | None, other: Bound | None) -> bool:
    """Whether one is less than the other; a day and a number have no order, nor has what is not there."""
    if one is None or other is None:
        return False
    if isinstance(one, date) or isinstance(other, date):
        return isinstance(one, date) and isinstance(other, date) and one < other
    return one < other


@dataclass(frozen=True)
class LengthCheck(ValueCheck):
    """The text is not too long."""

    kind = CheckKind.LENGTH

    @property
    def _most(self) -> int:
        return self.field.max_length or 0

    @property
    def statistics(self) -> Mapping[str, object]:
        """The most characters."""
        return {"max_value": self._most}

    def sheet_test(self, row: SheetRow) -> str:
        """Something stands behind the last character allowed: the office drops what is blank around a text."""
        return f"NOT({blank_test(f'MID({row.entry(self.field)},{self._most + 1},{MAX_CELL_TEXT})')})"

    def fails(self, value: object) -> bool:
        """Whether it has more characters."""
        return len(str(value)) > self._most

    def finding(self, found: Converted, raw: object) -> tuple[FindingCode, Mapping[str, object]]:
        """How long it is."""
        return self.code, {**self.params, "length": len(str(found.value))}


@dataclass(frozen=True)
class PatternCheck(ValueCheck):
    """The text has the shape that the plan asks for."""

    kind = CheckKind.PATTERN

    @property
    def statistics(self) -> Mapping[str, object]:
        """The regular expression, for the whole text."""
        return {"pattern": self.field.pattern}

    def fails(self, value: object) -> bool:
        """Whether it has another shape."""
        return re.fullmatch(self.field.pattern, str(value)) is None

    def finding(self, found: Converted, raw: object) -> tuple[FindingCode, Mapping[str, object]]:
        """With the zeros in front that the text has lost where the cell holds a number."""
        typed = str(found.value)
        if isinstance(raw, str) or not typed.isdecimal():
            return super().finding(found, raw)
        longer = (typed.zfill(width) for width in range(len(typed) + 1, SIGNIFICANT_DIGITS + 1))
        return self._near(self.code, next((one for one in longer if not self.fails(one)), ""))
