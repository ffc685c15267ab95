"""What a measure is meant to be: written as a formula by the generator, worked out by the oracle.

A figure is a count, a sum, a mean … over the rows that meet its conditions, or made of other figures.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

Reference = Callable[[str], str]
"""How a formula writes a column, by its id."""
Literal = str | float | date


def quoted(words: str) -> str:
    """Words as a string of a formula."""
    return '"' + words.replace('"', '""') + '"'


def number(value: float) -> str:
    """A number as people write it."""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


# --- conditions ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class InGroup:
    """The row is of the group."""

    column: str

    def criterion(self) -> str:
        """What a formula writes."""
        return "GROUP()"


@dataclass(frozen=True)
class InPeriod:
    """The row is of the period."""

    column: str = "period"

    def criterion(self) -> str:
        """What a formula writes."""
        return "PERIOD()"


@dataclass(frozen=True)
class Is:
    """The column holds this word or number. `how` is one of the ways to write it."""

    column: str
    value: Literal
    how: int = 0

    def criterion(self) -> str:
        """What a formula writes."""
        if isinstance(self.value, str):
            return quoted(self.value if self.how % 2 == 0 else f"={self.value}")
        written = number(float(self.value))  # type: ignore[arg-type]
        return [written, quoted(written), quoted(f"={written}")][self.how % 3]


@dataclass(frozen=True)
class IsNot:
    """The column holds anything else, nothing included."""

    column: str
    value: Literal

    def criterion(self) -> str:
        """What a formula writes."""
        written = self.value if isinstance(self.value, str) else number(float(self.value))  # type: ignore[arg-type]
        return quoted(f"<>{written}")


@dataclass(frozen=True)
class Like:
    """The column's text begins with, ends with or holds some letters, as `pattern` has it with `*`; or does not."""

    column: str
    pattern: str
    negated: bool = False

    def criterion(self) -> str:
        """What a formula writes."""
        return quoted(f"<>{self.pattern}" if self.negated else self.pattern)


@dataclass(frozen=True)
class Compared:
    """The number or day stands in this order to another; a blank does not."""

    column: str
    operator: str
    value: Literal

    def criterion(self) -> str:
        """What a formula writes."""
        if isinstance(self.value, date):
            day = f"DATE({self.value.year},{self.value.month},{self.value.day})"
            return f"{quoted(self.operator)}&{day}"
        return quoted(f"{self.operator}{number(float(self.value))}")


@dataclass(frozen=True)
class Filled:
    """The column holds something; or nothing."""

    column: str
    negated: bool = False

    def criterion(self) -> str:
        """What a formula writes."""
        return '""' if self.negated else '"<>"'


Condition = InGroup | InPeriod | Is | IsNot | Like | Compared | Filled


# --- figures ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Count:
    """How many rows meet all conditions. A `single` one is written as COUNTIF."""

    conditions: tuple[Condition, ...]
    single: bool = False

    def formula(self, ref: Reference) -> str:
        """As a formula writes it."""
        name = "COUNTIF" if self.single else "COUNTIFS"
        return f"{name}({_pairs(self.conditions, ref)})"


@dataclass(frozen=True)
class Sum:
    """The sum of a column over the rows that meet all conditions; of all rows where there are none."""

    column: str
    conditions: tuple[Condition, ...]
    single: bool = False

    def formula(self, ref: Reference) -> str:
        """As a formula writes it."""
        return _over("SUMIF", "SUM", self, ref)


@dataclass(frozen=True)
class Mean:
    """The mean of a column over the rows that meet all conditions."""

    column: str
    conditions: tuple[Condition, ...]
    single: bool = False

    def formula(self, ref: Reference) -> str:
        """As a formula writes it."""
        return _over("AVERAGEIF", "AVERAGE", self, ref)


@dataclass(frozen=True)
class CountFilled:
    """How many rows hold anything in a column."""

    column: str

    def formula(self, ref: Reference) -> str:
        """As a formula writes it."""
        return f"COUNTA({ref(self.column)})"


@dataclass(frozen=True)
class Product:
    """SUMPRODUCT: rows that meet all conditions (`Is`, `Compared`, of group or period), or the sum of a column."""

    conditions: tuple[Condition, ...]
    column: str = ""

    def formula(self, ref: Reference) -> str:
        """As a formula writes it."""
        factors = [_factor(one, ref) for one in self.conditions]
        factors += [ref(self.column)] if self.column else []
        return f"SUMPRODUCT({'*'.join(factors if len(factors) > 1 else [*factors, '1'])})"


@dataclass(frozen=True)
class Ratio:
    """One figure divided by another."""

    upper: "Spec"
    lower: "Spec"

    def formula(self, ref: Reference) -> str:
        """As a formula writes it."""
        return f"{_inner(self.upper, ref)}/{_inner(self.lower, ref)}"


@dataclass(frozen=True)
class Plus:
    """Two figures added, or with `sign` -1 the second taken away."""

    left: "Spec"
    right: "Spec"
    sign: int = 1

    def formula(self, ref: Reference) -> str:
        """As a formula writes it."""
        sign = "+" if self.sign > 0 else "-"
        return f"{self.left.formula(ref)}{sign}{_inner(self.right, ref)}"


@dataclass(frozen=True)
class Times:
    """A figure times a number."""

    of: "Spec"
    factor: float

    def formula(self, ref: Reference) -> str:
        """As a formula writes it."""
        return f"{number(self.factor)}*{_inner(self.of, ref)}"


@dataclass(frozen=True)
class Rounded:
    """A figure rounded."""

    of: "Spec"
    digits: int

    def formula(self, ref: Reference) -> str:
        """As a formula writes it."""
        return f"ROUND({self.of.formula(ref)},{self.digits})"


@dataclass(frozen=True)
class Unless:
    """A figure where a count is not zero, else a number."""

    count: "Spec"
    of: "Spec"
    otherwise: float

    def formula(self, ref: Reference) -> str:
        """As a formula writes it."""
        return f"IF({self.count.formula(ref)}>0,{self.of.formula(ref)},{number(self.otherwise)})"


@dataclass(frozen=True)
class Largest:
    """The larger of two figures."""

    left: "Spec"
    right: "Spec"

    def formula(self, ref: Reference) -> str:
        """As a formula writes it."""
        return f"MAX({self.left.formula(ref)},{self.right.formula(ref)})"


@dataclass(frozen=True)
class Other:
    """Another measure's figure of the same group and period."""

    measure: str
    quoted: bool = False

    def formula(self, ref: Reference) -> str:
        """As a formula writes it."""
        return f"MEASURE({quoted(self.measure) if self.quoted else self.measure})"


@dataclass(frozen=True)
class Cumulative:
    """The sum of another measure's figures from the first period on."""

    measure: str

    def formula(self, ref: Reference) -> str:
        """As a formula writes it."""
        return f"CUMULATIVE({self.measure})"


Spec = (
    Count
    | Sum
    | Mean
    | CountFilled
    | Product
    | Ratio
    | Plus
    | Times
    | Rounded
    | Unless
    | Largest
    | Other
    | Cumulative
)


def parts_of(spec: Spec) -> list[Spec]:
    """What a figure is made of."""
    match spec:
        case Ratio(one, two) | Plus(one, two) | Largest(one, two) | Unless(one, two):
            return [one, two]
        case Times(inner) | Rounded(inner):
            return [inner]
        case _:
            return []


def parts(spec: Spec) -> list[Spec]:
    """A figure and all that it is made of."""
    return [spec, *(deeper for part in parts_of(spec) for deeper in parts(part))]


def conditions_of(spec: Spec) -> list[Condition]:
    """Every condition in a figure."""
    return [
        one
        for part in parts(spec)
        if isinstance(part, Count | Sum | Mean | Product)
        for one in part.conditions
    ]


def columns_of(spec: Spec) -> set[str]:
    """Every column that a figure looks at."""
    found = {one.column for one in conditions_of(spec)}
    return found | {
        part.column
        for part in parts(spec)
        if isinstance(part, Sum | Mean | CountFilled | Product) and part.column
    }


# --- parts of formulas -----------------------------------------------------------------------------


def _pairs(conditions: tuple[Condition, ...], ref: Reference) -> str:
    return ",".join(f"{ref(one.column)},{one.criterion()}" for one in conditions)


def _over(name: str, whole: str, spec: Sum | Mean, ref: Reference) -> str:
    """A sum or a mean of a column: of all rows, by one condition or by several."""
    if not spec.conditions:
        return f"{whole}({ref(spec.column)})"
    pairs = _pairs(spec.conditions, ref)
    return f"{name}({pairs},{ref(spec.column)})" if spec.single else f"{name}S({ref(spec.column)},{pairs})"


def _factor(condition: Condition, ref: Reference) -> str:
    match condition:
        case InGroup() | InPeriod():
            return f"({ref(condition.column)}={condition.criterion()})"
        case Is(column, str(word)):
            return f"({ref(column)}={quoted(word)})"
        case Is(column, value):
            return f"({ref(column)}={number(float(value))})"  # type: ignore[arg-type]
        case Compared(column, operator, value):
            return f"({ref(column)}{operator}{number(float(value))})"  # type: ignore[arg-type]
        case _:
            raise TypeError(condition)


def _inner(spec: Spec, ref: Reference) -> str:
    found = spec.formula(ref)
    return f"({found})" if isinstance(spec, Ratio | Plus | Times) else found
