"""A document as one page: for a screen, a telephone and paper, with neither script nor network.

What the office alone needs of a summary stays in the workbook: who returned what, and what was found in it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from itertools import count

from xlplan.language.messages import spaced, text
from xlplan.report.render.html_charts import ChartMarkup
from xlplan.report.render.html_measures import paper_of
from xlplan.report.render.html_tables import TableMarkup
from xlplan.report.render.markup import Markup, element, joined, marked
from xlplan.report.render.palette import paints
from xlplan.report.tables import Document, Fact, Section, Table, Tone

OF_THE_OFFICE = ("returns", "findings")
"""The kinds of tables that a page does not show: names of files, and who answered and approved."""
_CONTENTS = "contents"
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""What the browser is asked to refuse, should anything on the page ever want it."""


def page(document: Document) -> bytes:
    """The page of a document, as the bytes of an .html file."""
    written = _Page(document)
    markup = element("html", written.head(), written.body(), lang=document.language)
    return f"<!DOCTYPE html>\n{markup}\n".encode()


@dataclass(frozen=True)
class _Page:
    """The page being written."""

    document: Document

    def text(self, key: str, **params: object) -> str:
        """A sentence of the catalogue in the document's language, with `params` in their places."""
        return text(key, self.document.language, **params)

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections that are shown: of the office's own what else stands in them, as a section by itself."""
        return tuple(filter(None, map(_shown, self.document.sections)))

    @property
    def mark(self) -> str:
        """The mark of a draft; empty where it is none."""
        return self.text("summary.state.draft") if self.document.draft else ""

    def head(self) -> Markup:
        """What a page says of itself, and its looks."""
        document = self.document
        title = spaced((self.mark, document.title, document.period), document.language)
        return element(
            "head",
            element("meta", charset="utf-8"),
            element("meta", http_equiv="Content-Security-Policy", content=_POLICY),
            element("meta", name="viewport", content="width=device-width, initial-scale=1"),
            element("meta", name="color-scheme", content="light dark"),
            *([element("meta", name="robots", content="noindex")] if document.draft else []),
            element("title", title),
            element("style", Markup(_looks() + self._margins())),
        )

    def _margins(self) -> str:
        """What stands in the margins of each printed page."""
        boxes = {
            "@bottom-center": 'counter(page) " / " counter(pages)',
            "@bottom-left": _quoted(self.document.title),
            "@top-center": _quoted(self.mark),
        }
        written = (f"{box} {{ content: {words}; font-size: 8pt; }}" for box, words in boxes.items())
        return f"@page {{ {' '.join(written)} }}\n@page {{ @top-center {{ font-weight: bold; color: #9b1c1c; }} }}\n"

    def body(self) -> Markup:
        """Cover, contents, the sections, and how a figure is traced."""
        anchors = _anchors(self.sections)
        blocks = count(1)
        pairs = zip(self.sections, anchors, strict=True)
        shown = [self._section(section, anchor, blocks) for section, anchor in pairs]
        watermark = [element("div", self.mark, class_="watermark", aria_hidden="true")] if self.mark else []
        main = element("main", *shown)
        parts = (*watermark, self._cover(), self._contents(anchors), main, self._tracing())
        return element("body", *parts, class_="running" if self.document.running else None)

    def _cover(self) -> Markup:
        document = self.document
        heading = document.heading or self.text("summary.cover.title", title=document.title)
        look = "banner draft" if self.mark else "banner running" if document.running else "banner"
        return element(
            "header",
            element("p", document.organisation, class_="of"),
            element("h1", heading),
            element("p", *self._state(), class_=look, role="note"),
            *(part for title, facts in document.facts.items() for part in self._facts(title, facts)),
        )

    def _state(self) -> list[str]:
        """How the document stands, the word of a summary in bold."""
        word, state = self.mark or self.text("summary.state.final"), self.document.state
        if self.document.running or not state.startswith(word):
            return [state]
        return [element("strong", word), f" {state.removeprefix(word).strip()}"]

    def _facts(self, title: str, facts: Sequence[Fact]) -> Iterator[Markup]:
        """A part of the cover."""
        if title:
            yield element("h2", title, class_="part")
        lines = []
        for fact in facts:
            look, mark = (
                ("again", marked(Tone(again=True), self.document.language)) if fact.again else ("", ())
            )
            command = [" ", element("code", fact.command)] if fact.command else []
            lines += [element("dt", fact.label), element("dd", *mark, fact.text, *command, class_=look)]
        yield element("dl", *lines, class_="facts")

    def _contents(self, anchors: Sequence[str]) -> Markup:
        lines = [
            element(
                "li",
                element("a", section.title, href=f"#{anchor}"),
                *([element("span", section.about)] if section.about else []),
            )
            for section, anchor in zip(self.sections, anchors, strict=True)
        ]
        heading = element("h2", self.text("summary.cover.contents"), class_="part", id=f"{_CONTENTS}-title")
        return element(
            "nav", heading, element("ul", *lines), id=_CONTENTS, aria_labelledby=f"{_CONTENTS}-title"
        )

    def _section(self, section: Section, anchor: str, blocks: Iterator[int]) -> Markup:
        paper = paper_of(_tables(section))
        language, shown = self.document.language, []
        for block in section.blocks:
            place = f"t{next(blocks)}"
            if isinstance(block, Table):
                shown.append(TableMarkup(block, section.title, place, language, paper).whole())
            else:
                shown.append(ChartMarkup(block, place, language).whole())
        draft = [element("span", self.mark, class_="banner draft")] if self.mark else []
        return element(
            "section",
            element("h2", element("span", section.title, id=f"{anchor}-title"), *draft),
            *([element("p", section.note, class_="note")] if section.note else []),
            *shown,
            element("p", element("a", self.text("page.back"), href=f"#{_CONTENTS}"), class_="back"),
            id=anchor,
            class_=paper.name,
            aria_labelledby=f"{anchor}-title",
        )

    def _tracing(self) -> Markup:
        if not self.document.tracing:
            return joined()
        heading = element("h2", self.text("summary.cover.trace"), class_="part")
        lines = [element("p", line) for line in self.document.tracing]
        last = [
            paper_of(_tables(section)).name for section in self.sections[-1:]
        ]  # it goes on below on its paper
        paper = element("p", self.text("page.paper"))
        return element("footer", heading, paper, *lines, class_=" ".join(["tracing", *last]))


@cache
def _looks() -> str:
    """The style sheet, with the colours of the palette."""
    sheet = resources.files("xlplan.report.render") / "looks.css"
    paint = "".join(f".{one.name} {{ --fill: {one.fill}; --letters: {one.ink}; }}\n" for one in paints())
    return sheet.read_text(encoding="utf-8") + paint


def _tables(section: Section) -> list[Table]:
    return [block for block in section.blocks if isinstance(block, Table)]


def _shown(section: Section) -> Section | None:
    """A section without the tables that are the office's own; None where it has no others."""
    tables = _tables(section)
    kept = [table for table in tables if table.kind not in OF_THE_OFFICE]
    if len(kept) == len(tables):
        return section
    if not kept:
        return None
    first, *others = kept
    plain = replace(first, caption="", note="")
    return replace(section, title=first.caption, blocks=(plain, *others), note=first.note, about="")


def _anchors(sections: Sequence[Section]) -> list[str]:
    """The id of each section on the page: its own where an address can hold it, else its number."""
    found: list[str] = []
    for number, section in enumerate(sections, 1):
        own = f"s-{section.id}"
        plain = re.fullmatch("s-[A-Za-z0-9_]+", own) and own not in found
        found.append(own if plain else f"s--{number}")
    return found


def _quoted(words: str) -> str:
    """Words as a string of a style sheet: signs that could end it are written by their numbers."""
    return (
        '"' + "".join(sign if sign.isalnum() or sign == " " else f"\\{ord(sign):x} " for sign in words) + '"'
    )
