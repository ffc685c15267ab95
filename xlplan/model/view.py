"""What the summary shows: its views, their measures, and the figures already in print."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from xlplan.formula.tree import Formula


class ViewKind(StrEnum):
    """The kinds of sheet that a summary can hold."""

    PROGRESS = "progress"
    STATUS = "status"
    STATISTICS = "statistics"
    SCHEDULE = "schedule"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure of the summary: `formula` over whole columns, once for each group of `by` and each period.

    With `total` also once over all periods.
    """

    view: str
    id: str
    label: str
    formula: Formula
    by: str = ""
    format: str = "0"
    total: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """One sheet of the summary. Its option `lines` names an open form whose rows stand beside their items."""

    id: str
    title: str
    kind: ViewKind
    form: str
    measures: tuple[Measure, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def forms(self) -> tuple[str, ...]:
        """The ids of the forms that the sheet shows."""
        return (self.form, *self.named("lines"))

    def named(self, option: str) -> tuple[str, ...]:
        """The ids that an option names; none where it is not given."""
        return tuple(name for name in self.options.get(option, "").split(",") if name)


@dataclass(frozen=True, slots=True)
class Published:
    """One figure already in print. `printed` is the text as printed, `value` its number."""

    view: str
    measure: str
    group: str
    period: str
    printed: str
    value: float
    decimals: int
    row: int
