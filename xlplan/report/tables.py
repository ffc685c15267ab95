"""Tables of cells: what a summary shows, apart from how it is rendered.

A document has sections; a section has tables and charts. A table has heads, and below them bands → groups → items →
rows of cells. The structure alone says what belongs together: where a page ends, how high a row is and which colour a
tone has is each renderer's matter. Neither a library nor a page break occurs here.

A cell has its value, the text that a person reads, and its source, by which a renderer that can keep it live does so
(a workbook looks an answer up in its data, and works a figure out) and another tells where it comes from.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from xlplan.model.item import Period
from xlplan.model.record import Value
from xlplan.model.view import Measure
from xlplan.report.rows import DataRow, RowState

UNSEEN = ";;;"
"""The number format of a cell that shows nothing but its colour."""


class Role(StrEnum):
    """What a cell is in its table."""

    HEAD = "head"
    """The head of a column."""
    HEAD_OVER = "head_over"
    """A head over several others."""
    BAND = "band"
    """What stands below it, across the whole table."""
    NUMBER = "number"
    """The number of an item: the answers of its rows are found by it."""
    NAME = "name"
    """What an item or a group is called."""
    TEXT = "text"
    """Words to be read, from the left."""
    LABEL = "label"
    """Which field, group or figure a row shows."""
    ANSWER = "answer"
    """A short answer, in the middle."""
    QUANTITY = "quantity"
    """A number among texts, at the right."""
    SIGN = "sign"
    """A choice that is a symbol such as ○, set large."""
    BAR = "bar"
    """A year of a schedule: a colour, with its word where the bar begins."""
    FIGURE = "figure"
    """A figure of a measure, or a count, at the right."""
    STATE = "state"
    """How an answer stands."""
    COMMAND = "command"
    """What is typed as it stands: a command, or the name of a file or folder."""
    ABSENT = "absent"
    """A dash in the place of an answer that was not asked for."""


@dataclass(frozen=True, slots=True)
class Tone:
    """How strong a cell's colour is: the step of a rank among `of` ranks, from 0 (the least) up.

    `step` is None for what has no rank. `again` marks what a person should look at again.
    """

    step: int | None = None
    of: int = 0
    again: bool = False


STATE_TONES = {
    RowState.OPEN: Tone(1, 4, again=True),
    RowState.REOPENED: Tone(2, 4, again=True),
    RowState.SENT_BACK: Tone(2, 4, again=True),
    RowState.FAULTY: Tone(3, 4, again=True),
}
"""How much a state of an answer asks to be looked at, on a scale from 0 (well) to 3 (wrong); the others do not."""
STATES = "states"
"""The kind of the table that counts the answers of a draft by their state."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The source of a cell that shows one column of a record: a field by its id, or STATE."""

    row: DataRow
    name: str


@dataclass(frozen=True, slots=True)
class Count:
    """The source of a cell that counts the rows of one form and period whose answers have a state."""

    form: str
    period: Period
    state: RowState


class MeasureFigure(Protocol):
    """The source of a cell with a figure: a `xlplan.report.figures.Figure`, of which this is asked."""

    @property
    def measure(self) -> Measure:
        """Its measure."""

    @property
    def period(self) -> str:
        """Id of its period; empty for the whole plan."""


Source = Answer | Count | MeasureFigure


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell, or several that it covers, which then are absent from the rows.

    Attributes:
        role: What it is in its table.
        value: What it holds: text, number, day, or None where it is blank.
        text: What a person reads; empty where it is blank or, as in a bar, nothing is to be read.
        format: The number format of the value, as a workbook has it; empty for none of its own.
        rows: Over how many rows it stands.
        columns: Over how many columns it stands.
        strong: Whether it is in bold.
        tone: How its colour is, None for none.
        source: Where it comes from, None for what the plan itself says.
        note: Why there is no value, or what else should be known of it.
        struck: Whether it is struck out, as what holds no more: on a page.
        link: The file or folder that its words name, from the page's own folder; empty for none. No workbook has it.
    """

    role: Role
    value: Value | datetime = None
    text: str = ""
    format: str = ""
    rows: int = 1
    columns: int = 1
    strong: bool = False
    tone: Tone | None = None
    source: Source | None = None
    note: str = ""
    struck: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its id, its width in half-width characters, and what most of its cells are."""

    id: str
    width: float
    role: Role


@dataclass(frozen=True, slots=True)
class TableItem:
    """What is read together: the rows of one item, or one row.

    A cell that stands over all rows occurs in the first row only. `cut` says whether a page may end between two of
    the rows, the cells over all of them standing again on the next; `begins`, whether the plan wants a page to begin
    with it.
    """

    rows: tuple[tuple[Cell, ...], ...]
    cut: bool = False
    begins: bool = False


@dataclass(frozen=True, slots=True)
class TableGroup:
    """Items under one name, which stands merged over them in column `column` (from 0); None where they have none."""

    items: tuple[TableItem, ...]
    name: Cell | None = None
    column: int = 0


@dataclass(frozen=True, slots=True)
class TableBand:
    """Groups below a row that names them. `level` 1 is the outer, 2 one within it; `words` empty: no such row."""

    groups: tuple[TableGroup, ...]
    words: str = ""
    level: int = 1


@dataclass(frozen=True, slots=True)
class LegendLine:
    """A word that occurs in the table, what it means, and its tone."""

    word: str
    meaning: str = ""
    tone: Tone | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """One table.

    Attributes:
        id: What it is called in links and tests.
        kind: What kind of table it is: that of its view, or `statistics`, `returns`, `findings`. Renderers choose paper
            and heights by it.
        caption: Its title; empty where the section's title says it.
        columns: Its columns.
        heads: Its rows of heads, from top to bottom.
        bands: What stands below the heads.
        totals: Rows below all others.
        fixed: How many columns, from the left, stay in sight.
        note: What is said beside its caption.
        notes: What is said below it.
        legend: The words that its colours stand for.
        legend_note: What is said of the colours as a whole.
    """

    id: str
    kind: str
    columns: tuple[Column, ...]
    heads: tuple[tuple[Cell, ...], ...]
    bands: tuple[TableBand, ...]
    caption: str = ""
    totals: tuple[tuple[Cell, ...], ...] = ()
    fixed: int = 0
    note: str = ""
    notes: tuple[str, ...] = ()
    legend: tuple[LegendLine, ...] = ()
    legend_note: str = ""

    def items(self) -> Iterator[TableItem]:
        """Every item from top to bottom."""
        for band in self.bands:
            for group in band.groups:
                yield from group.items

    def rows(self) -> Iterator[tuple[Cell, ...]]:
        """Every row below the heads, totals included."""
        for item in self.items():
            yield from item.rows
        yield from self.totals


@dataclass(frozen=True, slots=True)
class Series:
    """One series of a chart: its name, a value for each category (None where there is none), its tone."""

    name: str
    values: tuple[float | None, ...]
    tone: Tone | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of the table that stands above it.

    `stacked`: the series are parts of one whole in each category; else bars side by side. `share`: no value is above 1.
    `of_rows`: each series is a row of the table; else each is a column. `column`: in which of the table's columns
    (from 0) what it shows begins.
    """

    id: str
    title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    format: str
    stacked: bool = False
    share: bool = False
    of_rows: bool = True
    column: int = 1


@dataclass(frozen=True, slots=True)
class Section:
    """One view or register: a sheet of a workbook, a chapter of a page."""

    id: str
    title: str
    blocks: tuple[Table | Chart, ...]
    sheet: str = ""
    """The name of its sheet in a workbook."""
    note: str = ""
    about: str = ""
    """What it is for, in the contents."""


@dataclass(frozen=True, slots=True)
class Tally:
    """A number in a fact: how many rows say `word` in a column, every row where it is empty.

    They are those of a register (the kind of its table), else of the data of a form.
    """

    number: int
    column: str
    word: str = ""
    register: str = ""
    form: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the cover: its id, a label, what is said, whether look again.

    `parts` are words and numbers of which the text is made, for a renderer that keeps it live; none where it has no
    number. `command` is what may be typed, shown behind what is said; empty for none.
    """

    id: str
    label: str
    text: str
    again: bool = False
    parts: tuple[str | Tally, ...] = ()
    command: str = ""


@dataclass(frozen=True)
class Document:
    """A summary, or a page about a round, ready to be rendered.

    `facts` are the cover's lines by the title of their part, `tracing` says how a figure leads to its source, `draft`
    whether it is one, `state` in words how it stands. `rows` are all records that it rests on. `heading` stands above
    it, the words of a summary where it is empty. Its sections begin a sheet of paper each, unless `running`.
    """

    title: str
    organisation: str
    language: str
    period: str
    created: datetime
    draft: bool
    state: str
    sections: tuple[Section, ...]
    facts: Mapping[str, Sequence[Fact]] = field(default_factory=dict)
    tracing: tuple[str, ...] = ()
    rows: tuple[DataRow, ...] = ()
    heading: str = ""
    running: bool = False

    def section(self, name: str) -> Section:
        """The section of this id.

        Raises:
            KeyError: there is none.
        """
        for section in self.sections:
            if section.id == name:
                return section
        raise KeyError(name)
