"""What a formula may name, and what is found wrong with it: what the lint knows and what it gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from xlplan.formula.codes import FormulaCode
from xlplan.formula.functions import Kind


@dataclass(frozen=True, slots=True)
class NamedColumn:
    """What a formula may know of a column: its kind, whether its choices have ranks, whether PREVIOUS has it.

    `words` are all that can stand there, None where that is not known; `aliases` what else one of them is called.
    """

    kind: Kind
    ranked: bool = False
    previous: bool = False
    words: tuple[str, ...] | None = None
    aliases: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shape:
    """How the figures of a measure are laid out: the column that groups them, whether there is one for all periods.

    Either is None where the definition says what cannot be read.
    """

    by: str | None = ""
    total: bool | None = False


@dataclass(frozen=True, slots=True)
class Scope:
    """The columns by id, and the use: a row formula (rule, required, computed field) or a measure.

    Of a measure also its `shape`, and the shapes of all `measures` of its view by id.
    """

    columns: Mapping[str, NamedColumn]
    measure: bool = False
    shape: Shape = Shape()
    measures: Mapping[str, Shape] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a formula. `code` is an entry of `catalogue/formula.toml`, `position` a 0-based offset."""

    code: FormulaCode
    position: int
    params: Mapping[str, object]
