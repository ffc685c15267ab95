"""The good return that every hostile or damaged file is made of, the same bytes on every day."""

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import date
from functools import cache

from tests.returns import Desk, sample_plan

Parts = Mapping[str, bytes]
"""The parts of a workbook by name, in their order."""

CORE = "docProps/core.xml"
ENTRY, STRINGS = "xl/worksheets/sheet2.xml", "xl/sharedStrings.xml"
"""The sheet of answers, and the table of texts."""
TYPES, RELATIONS = "[Content_Types].xml", "xl/_rels/workbook.xml.rels"
INLINE = re.compile(rb't="inlineStr"><is>(.*?)</is></c>', re.DOTALL)
MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRINGS_KIND = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
STRINGS_LINK = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
MOMENT = (2025, 5, 1, 9, 0, 0)


@cache
def parts() -> Parts:
    """The parts of a return with an answer of every type and nothing wrong in it."""
    desk = Desk(sample_plan(), "D1").fill(started=date(2024, 5, 1))
    desk.put("A-1", "places", 3).put("A-1", "rate", 12.5).put("A-2", "done", "二つ目を始めた。")
    desk.put("A-3", "actual", "拡充").put("A-3", "note", "補足の文。")
    desk.put("A-1", "cost", 250, "money").put("A-1", "paid", date(2024, 7, 1), "money")
    with zipfile.ZipFile(io.BytesIO(desk.saved())) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    properties = b"http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
    found = _with_shared_texts(found)
    found[CORE] = b'<cp:coreProperties xmlns:cp="' + properties + b'"/>'  # the other one has the time of day
    return found


def _with_shared_texts(found: dict[str, bytes]) -> dict[str, bytes]:
    """The same with all texts in one table, as Excel writes them."""
    texts: dict[bytes, int] = {}

    def index(cell: re.Match[bytes]) -> bytes:
        return b't="s"><v>%d</v></c>' % texts.setdefault(cell[1], len(texts))

    made = {name: INLINE.sub(index, content) for name, content in found.items()}
    table = b"".join(b"<si>" + one + b"</si>" for one in texts)
    made[STRINGS] = b'<?xml version="1.0"?>\n<sst xmlns="' + MAIN + b'">' + table + b"</sst>"
    kind = b'<Override PartName="/xl/sharedStrings.xml" ContentType="%s"/></Types>' % STRINGS_KIND
    made[TYPES] = made[TYPES].replace(b"</Types>", kind)
    link = b'<Relationship Id="rId90" Type="%s" Target="sharedStrings.xml"/></Relationships>' % STRINGS_LINK
    made[RELATIONS] = made[RELATIONS].replace(b"</Relationships>", link)
    return made


def packed(some: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A workbook of these parts; sizes and checksums are right."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in some.items():
            info = zipfile.ZipInfo(name, MOMENT)
            info.compress_type = method
            archive.writestr(info, content)
    return stream.getvalue()


@cache
def good() -> bytes:
    """The return itself."""
    return packed(parts())
