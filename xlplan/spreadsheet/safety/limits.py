"""How much of everything a workbook may hold, so that no parser runs out of memory or time; and the refusal of more.

Each limit is well above what 4,479 real workbooks had when they were measured (in brackets the most that one of them
had) and below what 173 files made to do harm needed. Those of the zip container stand in
`xlplan.spreadsheet.container`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from xlplan.formula.excel import MAX_COLUMNS, MAX_ROWS
from xlplan.model.safety import SafetyCode

ENCODING = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)")
UTF8 = (b"utf-8", b"utf8")
MOST_HELD = 8
"""Windows of a part, of some MAX_STRING_BYTES each, that are held until it is known what it is."""


class Proof:
    """The proof that a part is well-formed XML, by a parser that does so; of no use for any other part.

    Of a part that breaks off, or in which one tag is lost, the fast reader takes what it understands and says nothing.
    What a part is may show late: until then its windows are held, of any part but few.
    """

    def __init__(self) -> None:
        """Nothing of the part is known yet."""
        self._held: list[bytes] = []
        self._parser: expat.XMLParserType | None = None
        self._broken = False

    def add(self, window: bytes, *, wanted: bool) -> None:
        """The next window; `wanted`: the part is known by now to be one that must be well-formed."""
        if self._broken:
            return
        self._held.append(window)
        if wanted or self._parser or len(self._held) > MOST_HELD:
            self._parse(self._held)
            self._held = []

    def holds(self) -> bool:
        """Whether the whole part, now that it has ended, is well-formed."""
        self._parse(self._held, last=True)
        return not self._broken

    def _parse(self, windows: Iterable[bytes], *, last: bool = False) -> None:
        try:
            for window in windows:
                if self._parser is None:
                    declared = ENCODING.match(window)
                    utf8 = declared is None or declared[1].lower() in UTF8
                    self._parser = expat.ParserCreate("utf-8" if utf8 else None)
                self._parser.Parse(window, False)
            if last and self._parser:
                self._parser.Parse(b"", True)
        except (
            expat.ExpatError,
            ValueError,
            LookupError,
        ):  # the others: an encoding that the parser does not know
            self._broken = True


MIB = 1024 * 1024
MAX_FILE_BYTES = 50 * MIB  # (3.5 MiB)
MAX_CELLS = 5_000_000  # whole workbook (1.1 M)
MAX_SPARSE_BOX = 20_000_000  # cells of a sheet's bounding box, when over SPARSENESS times the filled (0.37 M)
SPARSENESS = 50
MAX_BOX = 50_000_000  # the fast reader takes 32 bytes a cell: SPARSENESS times MAX_CELLS would be 8 GB
MAX_MERGES = 100_000  # (50,000)
MAX_MERGED_CELLS = 1_000_000
MAX_CONDITIONAL_FORMATS = 100_000  # (1,087)
MAX_STRING_BYTES = MIB  # one shared string, with its markup (47 KB)
MAX_EXPANSION_BYTES = 512 * MIB  # shared strings as often as cells refer to them
MAX_SHEETS = 1_000  # (53)
MAX_TYPES_BYTES = 8 * MIB  # [Content_Types].xml: 4 KB for each entry allowed


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a file is not opened. `code` is an entry of `catalogue/safety.toml`, `params` its parameters."""

    code: SafetyCode
    params: Mapping[str, object] = field(default_factory=dict)


class RefusedError(Exception):
    """Carries a refusal out of the depth; `inspection.inspect` turns it back into a value."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal


def refuse(code: SafetyCode, **params: object) -> NoReturn:
    """Leave off looking at a file.

    Raises:
        RefusedError: always, with this code and these parameters of its sentence.
    """
    raise RefusedError(Refusal(code, params))


def limit(code: SafetyCode, count: int, most: int) -> None:
    """Refuse more than a limit allows.

    Args:
        code: why the file is refused then.
        count: how many there are.
        most: how many there may be.

    Raises:
        RefusedError: there are more.
    """
    if count > most:
        refuse(code, count=count, limit=most)


def refuse_extent(rows: int, columns: int, filled: int) -> None:
    """Refuse a sheet for which no reader has room: it makes a dense range from A1 to the last row and column.

    Args:
        rows: the last row, 1-based; 0 for none.
        columns: the last column, 1-based.
        filled: how many cells hold anything.

    Raises:
        RefusedError: the range is too large, or larger than a sheet.
    """
    box = rows * columns
    sparse = box > MAX_SPARSE_BOX and box > SPARSENESS * filled
    if rows > MAX_ROWS or columns > MAX_COLUMNS or sparse or box > MAX_BOX:
        refuse(SafetyCode.FAR_CELL, rows=rows, columns=columns)
