"""What the command line shows of each stage's result: lines and tables for people, documents for programs.

The documents' keys are those of docs/json.md, and stable.
"""

import io
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from xlplan.cli.words import STATES
from xlplan.language.codes import Severity
from xlplan.language.messages import joined, text
from xlplan.model.finding import Finding, item_shown, listed

Document = dict[str, object]

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTICE: "cyan"}
UNBROKEN = 100_000
"""The width of a line that nobody breaks."""


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

    def said(self, key: str, **params: object) -> str:
        """A sentence of the command line."""
        return text(key, self.language, **params)

    def word(self, key: str, **params: object) -> str:
        """A heading of the command line."""
        return text(key, self.language, **params)

    def state(self, state: StrEnum) -> Text:
        """A state in words and colour."""
        key, style = STATES[state]
        return Text(text(key, self.language), style=style)

    def line(self, words: str, style: str = "") -> None:
        """One line."""
        self.console.print(Text(words, style=style))

    def table(
        self, headings: Sequence[str], rows: Iterable[Sequence[object]], *, right: Sequence[int] = ()
    ) -> None:
        """A table; `right` are the columns of figures."""
        table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
        for at, heading in enumerate(headings):
            table.add_column(heading, justify="right" if at in right else "left", overflow="fold")
        for row in rows:
            table.add_row(*(one if isinstance(one, Text) else escape(str(one)) for one in row))
        self.console.print(table)

    def findings(self, found: Sequence[Finding], labels: Callable[[Finding], str]) -> None:
        """All findings of a file: errors, warnings, notices; of equal notices on one column the first and how many."""
        order = list(Severity)
        alike: dict[tuple[object, ...], list[Finding]] = {}
        for number, one in enumerate(sorted(found, key=lambda one: order.index(one.severity))):
            single = one.severity is not Severity.NOTICE or not (one.field and one.cell)
            key = (number,) if single else (one.code, one.form, one.sheet, one.field)
            alike.setdefault(key, []).append(one)
        for first, *others in alike.values():
            self.finding(first, labels(first), [one.cell for one in others])

    def finding(self, one: Finding, label: str = "", others: Sequence[str] = ()) -> None:
        """One finding: where, what stands there, what is wrong, what to do; `others` are cells with the like."""
        place = f"{one.sheet}!{one.cell}" if one.sheet and one.cell else one.cell or one.sheet
        severity = text(one.severity.catalogue_key, self.language)
        said = Text("  ")
        said.append(f"{severity} ", style=_COLOURS[one.severity])
        shown = " ".join(one.value.split())
        shown = shown if len(shown) <= 30 else shown[:29] + "…"
        where = "  ".join(
            part
            for part in (
                place,
                item_shown(one.item, self.language),
                label,
                text("signs.quoted", self.language, word=shown) if shown else "",
            )
            if part
        )
        said.append(f"{where}  " if where else "", style="dim")
        said.append(one.message(self.language))
        if others:
            cells = joined(listed(others), self.language)
            said.append(self.said("cli.said.more_alike", count=len(others), cells=cells))
        remedy = one.remedy(self.language)
        if remedy:
            said.append(f" → {remedy}", style="dim")
        self.console.print(said)

    def document(self, document: Document) -> None:
        """The one JSON document on standard output."""
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
        json.dump(document, sys.stdout, ensure_ascii=False, indent=2, default=str)
        sys.stdout.write("\n")
