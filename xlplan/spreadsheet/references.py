"""The addresses of cells in the XML of a sheet whose program left them out: each cell stands behind the one before."""

import re

from xlplan.formula.addresses import cell_address, split_address
from xlplan.formula.addresses import column_number as number_of

_TAG = re.compile(rb"<((?:[\w.-]+:)?(row|c))(?=[\s/>])([^<>]*)>")
_REFERENCE = re.compile(rb"\sr\s*=\s*[\"']([^\"']*)[\"']")


def with_references(xml: bytes) -> bytes:
    """The XML with an address at every cell; unchanged where the first cell has one, as good as always."""
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
            column = number_of(split_address(given[1].decode())[0])
            return tag[0]
        column += 1
        return b'<%b r="%b"%b>' % (tag[1], cell_address(row, column).encode(), tag[3])

    return xml[:start] + _TAG.sub(placed, xml[start:])
