"""The styles of a workbook's cells, as far as they say what values mean: number formats, text that is struck out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from xlplan.spreadsheet.numberformats import GENERAL, number_format

STRIKE = b"strike"
BUILT_IN = {
    number: code
    for numbers, code in (
        ((1,), "0"),
        ((2,), "0.00"),
        ((3, 37, 38), "#,##0;-#,##0"),
        ((4, 39, 40), "#,##0.00;-#,##0.00"),
        ((5, 6), '"¥"#,##0;"¥"-#,##0'),
        ((7, 8), '"¥"#,##0.00;"¥"-#,##0.00'),
        ((9,), "0%"),
        ((10,), "0.00%"),
        ((11, 48), "0.00E+00"),
        ((12, 13), "# ?/?"),
        ((14,), "yyyy/m/d"),
        ((15,), "d-mmm-yy"),
        ((16,), "d-mmm"),
        ((17,), "mmm-yy"),
        ((18,), "h:mm AM/PM"),
        ((19,), "h:mm:ss AM/PM"),
        ((20,), "h:mm"),
        ((21,), "h:mm:ss"),
        ((22,), "yyyy/m/d h:mm"),
        ((27, 36, 50, 57), "ge.m.d"),
        ((28, 29, 51, 54, 58), 'ggge"年"m"月"d"日"'),
        ((30,), "m/d/yy"),
        ((31,), 'yyyy"年"m"月"d"日"'),
        ((32,), 'h"時"mm"分"'),
        ((33,), 'h"時"mm"分"ss"秒"'),
        ((34, 52, 55), 'yyyy"年"m"月"'),
        ((35, 53, 56), 'm"月"d"日"'),
        ((41,), '#,##0;-#,##0;"-"'),
        ((42,), '"¥"#,##0;-"¥"#,##0;"-"'),
        ((43,), '#,##0.00;-#,##0.00;"-"'),
        ((44,), '"¥"#,##0.00;-"¥"#,##0.00;"-"'),
        ((45,), "mm:ss"),
        ((46,), "[h]:mm:ss"),
        ((47,), "mm:ss.0"),
        ((49,), "@"),
    )
    for number in numbers
}
"""The formats that a file names by number only, as Excel has them in Japan (18.8.30); all others are General."""


@dataclass(frozen=True)
class CellStyles:
    """What a cell's style (the number in its `s`) says: the code of its number format, whether its text is struck."""

    codes: tuple[str, ...] = ()
    struck: frozenset[int] = frozenset()

    @cached_property
    def unusual(self) -> frozenset[int]:
        """The styles by which a number looks like another one, or has a unit."""
        return frozenset(at for at, code in enumerate(self.codes) if number_format(code).unusual)

    @cached_property
    def spelling(self) -> frozenset[int]:
        """The styles by which a whole number is not its digits alone: 001."""
        formats = enumerate(map(number_format, self.codes))
        return frozenset(
            at for at, one in formats if not one.sections[0].is_day and one.shown(1.0).text != "1"
        )

    def code(self, style: int) -> str:
        """The code of a style's number format."""
        return self.codes[style] if 0 <= style < len(self.codes) else GENERAL


@lru_cache(maxsize=32)
def cell_styles(xml: bytes) -> CellStyles:
    """The styles in a part of styles. Remembered: a round's returns have the same few.

    Raises ParseError where it is no XML.
    """
    if not xml:
        return CellStyles()
    root = fromstring(xml)
    codes = dict(BUILT_IN)
    for element in root.iter():
        if _tag(element) == "numFmt" and element.get("numFmtId", "").isdigit():
            codes[int(element.get("numFmtId", ""))] = element.get("formatCode", GENERAL)
    fonts = [is_struck(font) for font in _within(root, "fonts")]
    styles = [(_number(xf, "numFmtId"), _number(xf, "fontId")) for xf in _within(root, "cellXfs")]
    struck = {at for at, (_, font) in enumerate(styles) if font < len(fonts) and fonts[font]}
    return CellStyles(tuple(codes.get(code, GENERAL) for code, _ in styles), frozenset(struck))


class Text(NamedTuple):
    """A text in parts: what is struck out, and what is left."""

    struck: str
    left: str


@lru_cache(maxsize=8)
def struck_texts(xml: bytes) -> Mapping[int, Element]:
    """The shared texts with something struck out, by their number. Raises ParseError where it is no XML."""
    if STRIKE not in xml:
        return {}
    texts = [one for one in fromstring(xml) if _tag(one) == "si"]
    return {at: one for at, one in enumerate(texts) if text_of(one, struck=False).struck}


def text_of(element: Element, *, struck: bool) -> Text:
    """A text with its parts told apart; `struck` is whether the cell's own font strikes out.

    A part without properties has those of the cell. How it is pronounced is no part of it.
    """
    parts: dict[bool, list[str]] = {True: [], False: []}
    for child in element:
        if _tag(child) == "t":
            parts[struck].append(child.text or "")
        elif _tag(child) == "r":
            properties = next((one for one in child if _tag(one) == "rPr"), None)
            out = struck if properties is None else is_struck(properties)
            parts[out] += [one.text or "" for one in child if _tag(one) == "t"]
    return Text("".join(parts[True]), "".join(parts[False]))


def is_struck(font: Element) -> bool:
    """Whether a font strikes out."""
    return any(_tag(one) == "strike" and one.get("val", "1") not in ("0", "false") for one in font)


def _within(root: Element, name: str) -> Iterator[Element]:
    for element in root:
        if _tag(element) == name:
            yield from element


def _number(element: Element, name: str) -> int:
    written = element.get(name, "0")
    return int(written) if written.isdecimal() else 0


def _tag(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2]
