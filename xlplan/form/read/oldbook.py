"""One look at the records of an .xls, for what the fast reader passes over: of a damaged one it reads a part, silently.

Only for a process with limits of memory and time (`reader.child`). Figures are those of [MS-XLS] 2.1.4 and 2.4.
"""

import io
import struct
from collections.abc import Iterator

BEGIN, END, SHEET, STYLE, TEXTS = 0x809, 0x0A, 0x85, 0xE0, 0xFC
LABEL, FORMULA, NUMBERS = 0xFD, 0x06, 0xBD
SIZES = {LABEL: 10, 0x203: 14, 0x27E: 10, 0x201: 6, 0x205: 8, 0x208: 16}
"""Of the records of cells and rows that are always as long."""
STYLED = (LABEL, 0x203, 0x27E, 0x201, 0x205, FORMULA)
MOST = 8224
"""Bytes of one record."""


def is_unsound(data: bytes) -> bool:
    """Whether records do not follow each other, or a cell names a text or style that is not there.

    What is no workbook of Excel 97 or later is left to the reader.
    """
    import olefile  # few files need it

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as file:
            if not file.exists("Workbook"):
                return False
            with file.openstream("Workbook") as stream:
                content: bytes = stream.read()
        return not _holds_together(content)
    except MemoryError:  # ends the process, which is told as that
        raise
    except (
        Exception
    ):  # every kind comes out of olefile for bytes that were made to harm: nothing is known of them
        return True


def _holds_together(content: bytes) -> bool:
    depth = texts = styles = 0
    text = style = -1
    begun, sheets = set(), set()
    for number, at, size in _records(content):
        if depth < 1 and number != BEGIN:
            break  # behind the last sheet stands what once stood there
        if size > MOST or at + size > len(content) or SIZES.get(number, size) != size:
            return False
        if number == BEGIN:
            depth += 1
            begun.add(at - 4)
        elif number == END:
            depth -= 1
        elif number == SHEET:
            sheets |= {*struct.unpack_from("<L", content, at)}
        elif number == STYLE:
            styles += 1
        elif number == TEXTS:
            (texts,) = struct.unpack_from("<L", content, at + 4)
        elif number == NUMBERS:
            style = max(style, *struct.unpack_from(f"<{'H4x' * ((size - 6) // 6)}", content, at + 4))
        elif number in STYLED:
            style = max(style, *struct.unpack_from("<H", content, at + 4))
            if number == LABEL:
                text = max(text, *struct.unpack_from("<L", content, at + 6))
    return depth == 0 and sheets <= begun and text < texts and style < styles


def _records(content: bytes) -> Iterator[tuple[int, int, int]]:
    """Number of each record, where its content begins, and how long it is."""
    at = 4
    while at <= len(content):
        number, size = struct.unpack_from("<2H", content, at - 4)
        yield number, at, size
        at += size + 4
