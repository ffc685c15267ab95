"""One line of a table, asked for its cells by column; what is wrong with them is collected."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from math import isfinite
from typing import Protocol, TypeVar

from xlplan.definition.specs import Table, TableRow, Tables, cell_text, said_column, word_meant, words
from xlplan.fields.base import Bound, ValueType
from xlplan.fields.cells import whole_in
from xlplan.formula.codes import FormulaCode
from xlplan.formula.engine import parse
from xlplan.formula.lint import lint
from xlplan.formula.scope import Scope, word_problems
from xlplan.formula.tree import Formula
from xlplan.language.calendar import Years, read_fiscal_year
from xlplan.language.codes import Code, Severity
from xlplan.language.errors import FormulaError
from xlplan.language.messages import LANGUAGES, Spoken
from xlplan.language.text import fold, nearest, safe_file_name
from xlplan.model.finding import Finding
from xlplan.model.plancodes import PlanCode

T = TypeVar("T")


class Named(Protocol):
    """Any noun of a plan that has an id."""

    @property
    def id(self) -> str:
        """The id."""


N = TypeVar("N", bound=Named)

_SIGNS = re.compile(r"[*?~|]|^[-=+@]")
"""MATCH reads the first three as patterns; | parts the keys of the data sheet; the last begin a formula."""

LISTED = 12
"""Names listed in a remedy."""


@dataclass
class Faults:
    """The findings collected while a definition is read."""

    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table with a place for its faults."""

    table: Table
    row: TableRow
    faults: Faults

    def text(self, column: str) -> str:
        """The cell as text; empty where nothing stands. A number keeps no needless `.0`."""
        return cell_text(self.row.cells.get(column))

    def need(self, column: str) -> str:
        """The cell as text; a fault where it is blank."""
        found = self.text(column)
        if not found:
            heading = self.table.spec.said_heading(column)
            self.fault(PlanCode.BLANK, column, name=column, heading=heading)
        return found

    def fault(self, code: Code, column: str, **params: object) -> None:
        """Collect the finding `code` at the cell of `column` in this line; `params` are those of its sentence."""
        found = self.table.finding(code, self.row.number, column, self.text(column), **params)
        self.faults.findings.append(found)

    def id(self, column: str = "id") -> str:
        """The cell as an id; a fault where it is blank or has a sign that file names or formulas do not take."""
        found = self.need(column)
        if found and (_SIGNS.search(found) or safe_file_name(found) != found):
            self.fault(PlanCode.ID_SIGN, column, value=found)
        return found

    def number(self, column: str) -> float | None:
        """The cell as a number; a fault where it is none."""
        found = self.text(column)
        if not found:
            return None
        try:
            read = float(found.replace(",", ""))
        except ValueError:
            read = float("nan")
        if isfinite(read):
            return read
        self.fault(PlanCode.NOT_NUMBER, column, value=found)
        return None

    def whole(self, column: str) -> int | None:
        """The cell as a whole number; a fault where it is none."""
        found = self.number(column)
        whole = None if found is None else whole_in(found)
        if found is not None and whole is None:
            self.fault(PlanCode.NOT_NUMBER, column, value=self.text(column))
        return whole

    def bound(self, column: str, kind: ValueType) -> Bound | None:
        """The cell as a bound of a field of this type; a fault where it is none."""
        written = self.text(column)
        if not written:
            return None
        found = kind.read_bound(self.row.cells.get(column), written)
        if found is None:
            self.fault(kind.bound_code, column, value=written)
        elif told := kind.bound_told(found, written):
            self.read_as(column, told)
        return found

    def bounds(self, kind: ValueType) -> tuple[Bound | None, Bound | None]:
        """Smallest and largest value of a field of this type; a fault where one is none, or they are reversed."""
        low, high = self.bound("min", kind), self.bound("max", kind)
        reversed_dates = isinstance(low, date) and isinstance(high, date) and low > high
        if reversed_dates or (isinstance(low, float) and isinstance(high, float) and low > high):
            self.fault(PlanCode.BOUNDS, "max", low=kind.kept(low), high=kind.kept(high))
        return low, high

    def year(self, column: str, years: Years | None = None) -> int | None:
        """The cell as a fiscal year, read by `years` where it has no era and told where it is not four digits."""
        written = self.text(column)
        if not written:
            return None
        found = read_fiscal_year(written, years).sure
        if found is None:
            self.fault(PlanCode.NOT_YEAR, column, value=written)
        elif written != str(found):
            self.read_as(column, found)
        return found

    def read_as(self, column: str, after: object) -> None:
        """Tell that a cell of a column of our own was read as something else."""
        heading = self.table.spec.said_heading(column)
        self.fault(
            PlanCode.CELL_READ, column, name=column, heading=heading, before=self.text(column), after=after
        )

    def span(self, of: Sequence[Named]) -> tuple[str, str]:
        """The ids of the first and last of the plan's periods `of` in which what the line defines is there.

        Empty where it is there from the plan's first period, or to its last. A fault at each that cannot be.
        """
        ids = by_id(of)
        first = self.known("from_period", ids, PlanCode.UNKNOWN_PERIOD, needed=False)
        last = self.known("to_period", ids, PlanCode.UNKNOWN_PERIOD, needed=False)
        if first and last and of.index(first) > of.index(last):
            self.fault(PlanCode.SPAN_REVERSED, "to_period", first=first.id, last=last.id)
        return (first.id if first else "", last.id if last else "")

    def word(self, column: str, default: str) -> str:
        """The id of one of the few words that this column takes, in either language."""
        found = self.text(column)
        if not found:
            return default
        which = self.table.spec.choices[column]
        meant = word_meant(which, found)
        if meant is None:
            self.fault(PlanCode.UNKNOWN_WORD, column, value=found, allowed=allowed_words(which))
        return meant or default

    def formula(self, column: str, names: Mapping[str, str], scope: Scope, condition: bool) -> Formula | None:
        """The cell as a formula with its names resolved to ids; each of its faults at the cell.

        Args:
            column: the id of the table's column.
            names: the id of the column that each name in a formula means.
            scope: the columns that it may name, and for what it is used.
            condition: whether it has to give TRUE or FALSE.

        Returns:
            The formula; None where the cell is blank or holds one with a fault.
        """
        written = self.need(column)
        if not written:
            return None
        try:
            found = parse(written).renamed(names)
        except FormulaError as fault:
            self.fault(fault.code, column, **fault.code.picked(fault.params))
            return None
        problems = lint(found, scope, condition=condition) or word_problems(found, scope)
        for problem in problems:
            code, params = problem.code, dict(problem.params)
            if code is FormulaCode.UNKNOWN_COLUMN and (near := nearest(str(params["name"]), list(names))):
                code, params = FormulaCode.UNKNOWN_COLUMN_NEAR, params | {"near": said_column(near, names)}
            self.fault(code, column, **code.picked(params | {"position": problem.position + 1}))
        return None if any(problem.code.severity is Severity.ERROR for problem in problems) else found

    def known(
        self,
        column: str,
        things: Mapping[str, T],
        code: PlanCode,
        *,
        needed: bool = True,
        gone: PlanCode | None = None,
    ) -> T | None:
        """The thing whose id stands in the cell; a fault with the nearest id where there is none.

        Args:
            column: the id of the table's column.
            things: what may be named, by id.
            code: the fault where the cell names nothing of these.
            needed: whether a blank cell is a fault as well.
            gone: the fault instead where no id is near: what was meant may have been there once.

        Returns:
            The thing; None where the cell is blank or names none.
        """
        wanted = self.need(column) if needed else self.text(column)
        if not wanted:
            return None
        if wanted not in things:
            near = nearest_id(wanted, list(things))
            if gone and not near:
                self.fault(gone, column, value=wanted)
            else:
                self.fault(code, column, value=wanted, near=near or listed(things))
            return None
        return things[wanted]


def lines(tables: Tables, table: str, faults: Faults) -> Iterator[Line]:
    """The lines of one table.

    Args:
        tables: the tables as read.
        table: the id of the one wanted.
        faults: where what is wrong with its cells is collected.

    Returns:
        Its lines from the first below the headings; none where the plan has no such table.
    """
    for found, row in tables.rows(table):
        yield Line(found, row, faults)


def need_lines(tables: Tables, name: str, faults: Faults) -> None:
    """A fault below the headings of a table that has no line.

    Args:
        tables: the tables as read, this one among them.
        name: the id of the table.
        faults: where the fault is collected.
    """
    table = tables.tables[name]
    if not table.rows:
        params = {"table": name, "label": table.spec.said(), "about": table.spec.said_about()}
        empty = table.finding(PlanCode.EMPTY, table.header_row + 1, table.spec.columns[0], **params)
        faults.findings.append(empty)


def unique(line: Line, column: str, value: str, seen: dict[str, int], *, known_as: str = "") -> bool:
    """Whether a value is new in its column; a fault naming the earlier line where it is not.

    Width and case make no difference: returns are matched without them. Blanks are no repetition.

    Args:
        line: the line that is read.
        column: the id of the table's column.
        value: what stands there.
        seen: the row (1-based) of each value so far, by what counts of it; the new one is added.
        known_as: what counts, where that is not the value itself.

    Returns:
        Whether it is new, or blank.
    """
    key = fold(known_as or value)
    if key and key in seen:
        line.fault(PlanCode.DUPLICATE, column, value=value, row=seen[key])
        return False
    seen[key] = line.row.number
    return True


def split(text: str) -> tuple[str, ...]:
    """The parts of a cell that holds several words, separated by `|`."""
    return tuple(part.strip() for part in text.replace("｜", "|").split("|") if part.strip())


def nearest_id(wanted: str, ids: Sequence[str]) -> str:
    """The id that was probably meant, "" where none is: 1-6 is another number than 1-1, not a slip for it."""
    key = _without_zeros(wanted)
    alike = [name for name in ids if _without_zeros(name) == key]  # 3 for 003, of which a spreadsheet makes 3
    found = alike[0] if len(alike) == 1 else nearest(wanted, ids)
    return found if re.findall("[0-9]+", key) == re.findall("[0-9]+", _without_zeros(found)) else ""


def _without_zeros(name: str) -> str:
    return re.sub("0*([0-9]+)", r"\1", fold(name))


def listed(names: Iterable[str]) -> str:
    """Names for a remedy that can suggest none: the first dozen."""
    first = list(islice(names, LISTED + 1))
    return " / ".join(first[:LISTED]) + (" …" if len(first) > LISTED else "")


def allowed_words(which: str) -> Spoken:
    """The words of a set, each once: in an English sentence the English ones, in a Japanese one both."""
    both = dict.fromkeys(word for language in LANGUAGES for word in words(which, language).values())
    return Spoken(" / ".join(both), " / ".join(words(which, "en").values()))


def by_id(things: Iterable[N]) -> dict[str, N]:
    """Things by their id."""
    return {thing.id: thing for thing in things}


def circle(start: str, needs: Mapping[str, set[str]]) -> list[str]:
    """A way from `start` back to itself, or nothing."""
    trail = [[start]]
    seen: set[str] = set()
    while trail:
        path = trail.pop()
        for name in sorted(needs.get(path[-1], ())):
            if name == start:
                return [*path, start]
            if name not in seen:
                seen.add(name)
                trail.append([*path, name])
    return []
