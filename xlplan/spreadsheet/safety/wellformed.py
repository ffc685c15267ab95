"""Whether a part of a workbook is XML at all: the fast reader takes what it understands of one that is not."""

import re
from collections.abc import Iterable
from xml.parsers import expat

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
