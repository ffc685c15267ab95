"""What the command line shows of each stage's result: lines and tables for people, documents for programs.

The documents' keys are those of docs/json.md, and stable.
"""

import io
import json
import sys
from collections.abc import Callable, Iterable, Sequence

from rich.console import Console, JustifyMethod, OverflowMethod
from rich.containers import Lines
from rich.table import Table
from rich.text import Text

from xlplan.language.codes import Severity
from xlplan.language.messages import joined, text
from xlplan.language.text import visible, visible_in_json
from xlplan.language.wrapping import hanging, line_breaks
from xlplan.model.finding import Finding, item_shown, listed

Document = dict[str, object]

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTICE: "cyan"}
UNBROKEN = 100_000
"""The width of a line that nobody breaks."""


class _Cell(Text):
    """The words of a cell of a table, broken where a line of a terminal may be."""

    def wrap(
        self,
        console: Console,
        width: int,
        *,
        justify: JustifyMethod | None = None,
        overflow: OverflowMethod | None = None,
        tab_size: int = 8,
        no_wrap: bool | None = None,
    ) -> Lines:
        lines = Lines(line for part in self.split("\n") for line in _divided(part, width))
        if justify:
            lines.justify(console, width, justify=justify, overflow=overflow or "fold")
        return lines


def _divided(line: Text, width: int, indent: int = 0) -> list[Text]:
    """A line of text as lines no wider than `width`; all but the first stand in by `indent`."""
    first, *rest = line.divide(line_breaks(line.plain, width, indent))
    for part in (first, *rest):
        part.rstrip()
    return [first, *(Text(" " * indent).append_text(part) for part in rest)]


class Printer:
    """Standard output in one language, for people or for programs."""

    def __init__(self, language: str, *, as_json: bool = False) -> None:
        self.language = language
        self.as_json = as_json
        if isinstance(sys.stdout, io.TextIOWrapper):
            # a file's name may hold what no encoding has: shown as \udcff, which JSON takes as well
            sys.stdout.reconfigure(errors="backslashreplace")
        # what goes into a file or another program is never broken within a value
        wide = None if sys.stdout.isatty() else UNBROKEN
        self.console = Console(width=wide, highlight=False, soft_wrap=False)

    def _print(self, line: Text) -> None:
        """Print one line; on a terminal as many as it takes."""
        for part in _divided(line, self.console.width, hanging(line.plain)):
            self.console.print(part, no_wrap=True, overflow="ignore", crop=False)

    def said(self, key: str, **params: object) -> str:
        """A sentence of the command line."""
        return text(key, self.language, **params)

    def word(self, key: str, **params: object) -> str:
        """A heading of the command line."""
        return text(key, self.language, **params)

    def state(self, key: str, style: str) -> Text:
        """A state in words and colour: its entry in the catalogue, and rich's style."""
        return Text(text(key, self.language), style=style)

    def line(self, words: str, style: str = "") -> None:
        """One line, whatever stands in it."""
        self._print(Text(visible(words), style=style))

    def head(self, state: Text, name: object, more: str = "") -> None:
        """The first line of what is told of a file: its `state`, its `name`, and `more`."""
        state.append(f"  {visible(str(name))}", style="bold")
        state.append(visible(more))
        self._print(state)

    def table(
        self, headings: Sequence[str], rows: Iterable[Sequence[object]], *, right: Sequence[int] = ()
    ) -> None:
        """A table of `rows` under `headings`; `right` are the columns of figures, 0-based."""
        table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
        for at, heading in enumerate(headings):
            table.add_column(heading, justify="right" if at in right else "left", overflow="fold")
        for row in rows:
            cells = (cell if isinstance(cell, Text) else Text(visible(str(cell))) for cell in row)
            table.add_row(*(_Cell().append_text(cell) for cell in cells))
        self.console.print(table)

    def findings(self, found: Sequence[Finding], labels: Callable[[Finding], str]) -> None:
        """All findings of a file: errors, warnings, notices; of equal notices on one column the first and how many."""
        order = list(Severity)
        alike: dict[tuple[object, ...], list[Finding]] = {}
        for number, finding in enumerate(sorted(found, key=lambda finding: order.index(finding.severity))):
            single = finding.severity is not Severity.NOTICE or not (finding.field and finding.cell)
            key = (number,) if single else (finding.code, finding.form, finding.sheet, finding.field)
            alike.setdefault(key, []).append(finding)
        for first, *others in alike.values():
            self.finding(first, labels(first), [finding.cell for finding in others])

    def finding(self, finding: Finding, label: str = "", others: Sequence[str] = ()) -> None:
        """One `finding`: where, what stands there, what is wrong, what to do.

        `label` is the heading of its column or the file it is in; `others` are cells with the like.
        """
        place = (
            f"{finding.sheet}!{finding.cell}"
            if finding.sheet and finding.cell
            else finding.cell or finding.sheet
        )
        line = Text("  ")
        line.append(f"{text(finding.kind_key, self.language)} ", style=_COLOURS[finding.severity])
        if finding.number:
            line.append(f"[{finding.number}] ", style="bold")
        shown = " ".join(finding.value.split())
        shown = shown if len(shown) <= 30 else shown[:29] + "…"
        where = "  ".join(
            part
            for part in (
                place,
                item_shown(finding.item, self.language),
                label,
                text("signs.quoted", self.language, word=shown) if shown else "",
            )
            if part
        )
        line.append(visible(f"{where}  " if where else ""), style="dim")
        line.append(visible(finding.message(self.language)))
        if others:
            cells = joined(listed(others), self.language)
            line.append(visible(self.said("cli.said.more_alike", count=len(others), cells=cells)))
        remedy = finding.remedy(self.language)
        if finding.allowed:
            line.append(
                f" → {visible(self.said('cli.said.allowed_for', reason=finding.allowed.reason))}", style="dim"
            )
        elif remedy:
            line.append(f" → {visible(remedy)}", style="dim")
        self._print(line)

    def document(self, document: Document) -> None:
        """The one JSON document on standard output."""
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
        written = json.dumps(document, ensure_ascii=False, indent=2, default=str)
        sys.stdout.write(visible_in_json(written) + "\n")
