"""The parts of a workbook: the XML of its sheets, made ready to be searched, and what else the fast reader leaves out.

Give only bytes that `xlplan.spreadsheet.safety.inspection` has cleared.
"""

import io
import re
import zipfile
from collections.abc import Collection, Mapping
from functools import cached_property, lru_cache
from types import MappingProxyType

from defusedxml.ElementTree import fromstring

from xlplan.formula.addresses import cell_address, column_number, split_address
from xlplan.spreadsheet.xmlcells import SheetPart, local_name

_PREFIXED = re.compile(rb":(?:sheetData|[cf])[\s/>]")
_PREFIX = re.compile(rb"<(/?)[\w.-]+:")
_ERROR_CELL = re.compile(
    rb"(<(?:\w+:)?c\s[^<>]*\bt=[\"']e[\"'][^<>]*>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>)([^<>]*)(?=<)",
    re.DOTALL,
)
_KNOWN_ERRORS = (b"#DIV/0!", b"#N/A", b"#NAME?", b"#NULL!", b"#NUM!", b"#REF!", b"#VALUE!")
_TAG = re.compile(rb"<((?:[\w.-]+:)?(row|c))(?=[\s/>])([^<>]*)>")
_REFERENCE = re.compile(rb"\sr\s*=\s*[\"']([^\"']*)[\"']")


class Parts:
    """The parts of a workbook that tell more than the fast reader."""

    def __init__(
        self,
        data: bytes,
        sound: Collection[str] = (),
        inflated: Mapping[str, bytes] = MappingProxyType({}),
    ) -> None:
        """The parts of the workbook `data`; the cells of those named in `sound` are known to hold no error value.

        `inflated` are those parts, by name, that need not be inflated again.
        """
        self._sound = sound
        self._data = data
        self._inflated = inflated
        self._paths: Mapping[str, str] = {}
        self._named: Mapping[str, str] = {}
        self.from_1904 = False
        self.listed = False
        """Whether the parts of the sheets are known: a workbook of another format than .xlsx has none."""
        try:
            workbook, relations = (
                self._read(f"xl/{name}") for name in ("workbook.xml", "_rels/workbook.xml.rels")
            )
        except (KeyError, zipfile.BadZipFile):
            return
        self._paths, self._named, self.from_1904 = _workbook(workbook, relations)
        self.listed = True

    @cached_property
    def _archive(self) -> zipfile.ZipFile:
        return zipfile.ZipFile(io.BytesIO(self._data))

    def _read(self, part: str) -> bytes:
        """The bytes of a part.

        Raises:
            KeyError: there is none.
        """
        return self._inflated[part] if part in self._inflated else self._archive.read(part)

    def other(self, part: str) -> bytes:
        """The bytes of a part that is no sheet; none where it is not there."""
        try:
            return self._read(part)
        except (KeyError, zipfile.BadZipFile):
            return b""

    @property
    def styles(self) -> bytes:
        """The styles of the cells; none where there is no such part."""
        return self.other(self._named.get("styles", ""))

    @property
    def texts(self) -> bytes:
        """The texts that cells share; none where there is no such part."""
        return self.other(self._named.get("sharedStrings", ""))

    def path(self, name: str) -> str:
        """The part of a sheet; empty where it is not found."""
        return self._paths.get(name, "")

    def names(self, words: bytes) -> bool:
        """Whether the name of any part has these words: it stands plainly in the file."""
        return self.listed and words in self._data

    def sheet(self, name: str, first: int = 1) -> SheetPart | None:
        """The XML of a sheet from row `first` on, its elements without a prefix; None where it is not found."""
        path = self._paths.get(name)
        if path is None:
            return None
        try:
            xml = self._read(path)
        except KeyError:
            return None
        # behind the cells Excel writes prefixes of its own
        prefixed = _PREFIXED.search(xml, 0, max(xml.rfind(b"sheetData>"), 0) + 10)
        plain = with_references(_PREFIX.sub(rb"<\1", xml) if prefixed else xml)
        return SheetPart(plain, first, path not in self._sound)

    def with_known_errors(self) -> bytes:
        """The workbook with every error value that the fast reader does not know (#SPILL!, #CALC!) as #N/A."""
        if not self.listed:
            return self._data
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as made:
            for name in self._archive.namelist():
                part = self._archive.read(name)
                if name in self._paths.values():
                    part = _ERROR_CELL.sub(_known_error, part)
                made.writestr(name, part)
        return stream.getvalue()


def _known_error(cell: re.Match[bytes]) -> bytes:
    return cell[1] + (cell[2] if cell[2] in _KNOWN_ERRORS else b"#N/A")


@lru_cache(maxsize=16)
def _workbook(workbook: bytes, relations: bytes) -> tuple[Mapping[str, str], Mapping[str, str], bool]:
    """The part of each sheet and of each kind, and whether days count from 1904.

    Remembered: a round's returns have the same parts.
    """
    found = list(fromstring(relations))
    targets = {relation.get("Id"): relation.get("Target", "") for relation in found}
    kinds = {
        relation.get("Type", "").rpartition("/")[2]: _path(relation.get("Target", "")) for relation in found
    }
    paths: dict[str, str] = {}
    from_1904 = False
    for element in fromstring(workbook).iter():
        if local_name(element.tag) == "workbookPr":
            from_1904 = element.get("date1904") in ("1", "true")
        if local_name(element.tag) == "sheet":
            key = next((value for name, value in element.items() if name.endswith("}id")), None)
            target = targets.get(key, "")
            if target:
                paths.setdefault(element.get("name", ""), _path(target))
    return paths, kinds, from_1904


def _path(target: str) -> str:
    """The name of a part that the workbook names."""
    return target.lstrip("/") if target.startswith(("/", "xl/")) else f"xl/{target}"


def with_references(xml: bytes) -> bytes:
    """The XML with an address at every cell, each behind the one before, where a program left them out.

    It is unchanged where the first cell has one, as good as always.
    """
    start = max(xml.find(b"sheetData"), 0)
    first = next((tag for tag in _TAG.finditer(xml, start) if tag[2] == b"c"), None)
    if first is None or _REFERENCE.search(first[3]):
        return xml
    row = column = 0

    def placed(tag: re.Match[bytes]) -> bytes:
        nonlocal row, column
        given = _REFERENCE.search(tag[3])
        if tag[2] == b"row":
            row, column = int(given[1]) if given and given[1].isdigit() else row + 1, 0
            return tag[0] if given else b'<%b r="%d"%b>' % (tag[1], row, tag[3])
        if given:
            column = column_number(split_address(given[1].decode())[0])
            return tag[0]
        column += 1
        return b'<%b r="%b"%b>' % (tag[1], cell_address(row, column).encode(), tag[3])

    return xml[:start] + _TAG.sub(placed, xml[start:])
