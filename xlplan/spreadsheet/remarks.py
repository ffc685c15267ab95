"""What is written on a sheet beside the values of its cells: notes, comments, shapes, pictures, controls.

Most sheets have none: the names of the parts decide, before any of them is parsed. Microsoft's names for the parts are
those of their relations (ECMA-376 part 1, 12.3; [MS-XLSX] 2.1 for comments in threads).
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from html import unescape
from posixpath import dirname, join, normpath
from typing import NamedTuple
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from xlplan.formula.addresses import cell_address
from xlplan.spreadsheet.parts import Parts
from xlplan.spreadsheet.xmlcells import SheetPart

_IN_CELL = (b"cellimages", b"richData")
_PICTURE_CELL = re.compile(
    rb"<c\s(?=[^<>]*\br=[\"']([A-Z]+[0-9]+)[\"'])"
    rb"(?:[^<>]*\svm=[\"'][^<>]*>(?:<f[^<>]*>[^<>]*</f>)?<v>#VALUE!|[^<>]*>\s*<f[^<>]*>[^<>]*\bDISPIMG\()"
)
_VALUE_PICTURES = (b"_localImage", b"_webimage")
_SHAPE = re.compile(rb"<(?:v:)?shape\b.*?</(?:v:)?shape>", re.DOTALL)
_CONTROL = re.compile(rb"<x:ClientData\s+ObjectType=[\"'](\w+)[\"']")
_PLACED = re.compile(rb"<x:Anchor>\s*(\d+)\s*,\s*\d+\s*,\s*(\d+)")
_CAPTION = re.compile(rb"<(?:v:)?textbox\b[^<>]*>(.*?)</(?:v:)?textbox>", re.DOTALL)
_CHECKED = re.compile(rb"<x:Checked>\s*[12]")
_TAG = re.compile(rb"<[^<>]*>")
_THREAD = "tc="


class RemarkKind(StrEnum):
    """What it is that was written or put on a sheet."""

    NOTE = "note"
    COMMENT = "comment"
    SHAPE = "shape"
    PICTURE = "picture"
    CONTROL = "control"
    CHECKED = "checked"
    CELL_PICTURE = "cell_picture"


class Remark(NamedTuple):
    """One of them: the cell that it belongs to or begins at, what it is, and its words, if any."""

    cell: str
    kind: RemarkKind
    words: str = ""


def remarks_on(parts: Parts, name: str, part: SheetPart | None) -> tuple[Remark, ...]:
    """What is written on a sheet beside its values.

    Args:
        parts: The parts of the workbook.
        name: The name of the sheet.
        part: Its XML; None where it is not there.

    Returns:
        The remarks, by kind. Raises ParseError where a part of them is no XML.
    """
    found = list(pictures_in(parts, part)) if part else []
    path = parts.path(name)
    if path and parts.names(f"/_rels/{path.rpartition('/')[2]}.rels".encode()):
        found += _related(parts, path)
    return tuple(found)


def pictures_in(parts: Parts, part: SheetPart) -> Iterator[Remark]:
    """The cells of a sheet that hold a picture in the place of a value: Excel's own, and WPS's DISPIMG."""
    if not any(map(parts.names, _IN_CELL)):
        return
    structures = parts.other("xl/richData/rdrichvaluestructure.xml")
    pictures = any(sign in structures for sign in _VALUE_PICTURES)
    for found in _PICTURE_CELL.finditer(part.xml):
        if pictures or found[0].endswith(b"DISPIMG("):
            yield Remark(found[1].decode(), RemarkKind.CELL_PICTURE)


def _related(parts: Parts, path: str) -> Iterator[Remark]:
    """What stands in the parts that belong to a sheet."""
    kinds: dict[str, list[bytes]] = {}
    for kind, target in _relations(parts, path):
        kinds.setdefault(kind, []).append(parts.other(target))
    threads = [one for xml in kinds.get("threadedComment", ()) if xml for one in _threads(fromstring(xml))]
    yield from threads
    for xml in kinds.get("comments", ()):
        if xml:
            yield from _notes(fromstring(xml), {one.cell for one in threads})
    for xml in kinds.get("drawing", ()):
        if xml:
            yield from _drawn(fromstring(xml))
    for xml in kinds.get("vmlDrawing", ()):
        yield from _controls(xml)


def _relations(parts: Parts, path: str) -> Iterator[tuple[str, str]]:
    """The parts that belong to another one: of which kind, and the part's name."""
    folder, name = dirname(path), path.rpartition("/")[2]
    xml = parts.other(f"{folder}/_rels/{name}.rels") if path else b""
    for relation in fromstring(xml) if xml else ():
        target = relation.get("Target", "")
        if relation.get("TargetMode") != "External" and target:
            full = target.lstrip("/") if target.startswith("/") else normpath(join(folder, target))
            yield relation.get("Type", "").rpartition("/")[2], full


def _threads(root: Element) -> Iterator[Remark]:
    """Comments in threads, each with its answers."""
    for element in root:
        words = "".join(one.text or "" for one in element.iter() if _tag(one) == "text")
        yield Remark(element.get("ref", ""), RemarkKind.COMMENT, words.strip())


def _notes(root: Element, told: set[str]) -> Iterator[Remark]:
    """Notes; of a comment in a thread Excel leaves a note that says what older versions cannot show."""
    authors = [one.text or "" for one in root.iter() if _tag(one) == "author"]
    for element in root.iter():
        if _tag(element) != "comment":
            continue
        number = element.get("authorId", "")
        author = authors[int(number)] if number.isdecimal() and int(number) < len(authors) else ""
        if not (author.startswith(_THREAD) and element.get("ref") in told):
            words = "".join(one.text or "" for one in _spoken(element))
            yield Remark(element.get("ref", ""), RemarkKind.NOTE, words.strip())


def _spoken(element: Element) -> Iterator[Element]:
    """The texts within a text, but for how it is pronounced."""
    for child in element:
        if _tag(child) == "t":
            yield child
        elif _tag(child) != "rPh":
            yield from _spoken(child)


def _drawn(root: Element) -> Iterator[Remark]:
    """The shapes and pictures of a drawing."""
    for anchor in root:
        start = next((one for one in anchor if _tag(one) == "from"), None)
        place = {_tag(one): one.text or "" for one in start} if start is not None else {}
        cell = _cell(place.get("row", "0"), place.get("col", "0"))
        names = [_tag(one) for one in anchor.iter()]
        if any(_tag(one) == "cNvPr" and one.get("hidden") == "1" for one in anchor.iter()):
            continue  # a control, which the older drawing tells of
        lines = (one for one in anchor.iter() if _tag(one) == "p")
        words = "\n".join(
            "".join(one.text or "" for one in line.iter() if _tag(one) == "t") for line in lines
        )
        is_picture = "pic" in names or "graphicFrame" in names
        if is_picture or "sp" in names or "cxnSp" in names:
            yield Remark(cell, RemarkKind.PICTURE if is_picture else RemarkKind.SHAPE, words.strip())


def _controls(xml: bytes) -> Iterator[Remark]:
    """Check boxes and other controls of an older drawing, which need not be XML; its notes stand elsewhere too."""
    for shape in _SHAPE.findall(xml):
        kind, place = _CONTROL.search(shape), _PLACED.search(shape)
        if not kind or kind[1] == b"Note":
            continue
        caption = _CAPTION.search(shape)
        words = unescape(_TAG.sub(b"", caption[1]).decode("utf-8", "replace")).strip() if caption else ""
        cell = _cell(place[2].decode(), place[1].decode()) if place else "A1"
        yield Remark(cell, RemarkKind.CHECKED if _CHECKED.search(shape) else RemarkKind.CONTROL, words)


def _cell(row: str, column: str) -> str:
    """The address of a cell that a drawing counts from 0."""
    inside = row.strip().isdecimal() and column.strip().isdecimal()
    return cell_address(int(row) + 1, int(column) + 1) if inside else "A1"


def _tag(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2]
