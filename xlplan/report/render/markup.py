"""A small writer of markup that is HTML and well-formed XML at once. Text is always escaped."""

import re
from html import escape

from xlplan.language.messages import text
from xlplan.report.render.palette import AGAIN_MARK, paint_of
from xlplan.report.tables import Tone

_UNWRITABLE = re.compile("[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What neither HTML nor XML can hold: control characters, halves of a surrogate pair."""


class Markup(str):
    """Text that is markup already: `element` takes it as it is, and escapes any other."""

    __slots__ = ()


def element(name: str, /, *content: str, **attributes: object) -> Markup:
    """An element.

    Args:
        name: Its name.
        content: What it holds: markup, or text, which is escaped. An element of HTML that holds nothing by its nature
            (`meta`, `col`) is closed at once, every other one has its end.
        attributes: By name, `_` for `-`, one at the end left out (`class_`); those that are None or empty are left out.
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escaped(str(value))}"'
        for key, value in attributes.items()
        if value is not None and value != ""
    )
    if name in ("meta", "col"):
        return Markup(f"<{name}{written}/>")
    return Markup(f"<{name}{written}>{joined(*content)}</{name}>")


def joined(*content: str) -> Markup:
    """Pieces of markup and text, one behind the other."""
    return Markup("".join(one if isinstance(one, Markup) else escaped(one) for one in content))


def escaped(words: str) -> str:
    """Text as it stands in markup, with a sign of replacement for what no page can hold."""
    lines = words.replace("\r\n", "\n").replace("\r", "\n")
    return escape(_UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", lines))


def hidden(words: str) -> Markup:
    """Words that are read out and not seen."""
    return element("span", words, class_="unseen")


def chip(words: str, tone: Tone | None) -> Markup:
    """A word on its colour, as in a legend."""
    return element("span", *marked(tone, ""), words, class_=f"chip {tone_class(tone)}".strip())


def marked(tone: Tone | None, language: str) -> tuple[Markup, ...]:
    """The mark of what is to be looked at again, none of other tones; read out where a language is given."""
    if tone is None or not tone.again:
        return ()
    said = text("page.again", language) if language else None
    return (element("span", AGAIN_MARK, class_="mark", role="img" if said else None, aria_label=said),)


def tone_class(tone: Tone | None) -> str:
    """The classes of what has a tone; empty where there is none."""
    return f"tone {paint_of(tone).name}" if tone else ""
