"""The lists of choices on a workbook's hidden sheet, under defined names: dropdowns and CHOICE_RANK refer to them."""

import zlib
from collections.abc import Mapping, Sequence

from xlplan.book import Book
from xlplan.layout import STAMP_SHEET, Stamping
from xlplan.plan import Choice


def list_name(name: str) -> str:
    """The defined name of a list of choices: dropdowns refer to it."""
    safe = "".join(one if one.isalnum() or one == "_" else "_" for one in name)
    # two names must not fall together once their signs are gone
    return f"list_{safe}" if safe == name else f"list_{safe}_{zlib.crc32(name.encode()):08x}"


def write_lists(book: Book, lists: Mapping[str, Sequence[Choice]], stamps: Stamping) -> None:
    """Write each list of choices with its ranks on the hidden sheet, and give it its name."""
    sheet = book.writer.get_worksheet_by_name(STAMP_SHEET)
    style = book.style("hidden")
    for name, choices in lists.items():
        column = stamps.lists[name][0]
        for row, choice in enumerate(choices, 1):
            book.put(sheet, row, column, choice.value, style)
            book.put(sheet, row, column + 1, choice.rank or 0, style)
        book.writer.define_name(list_name(name), f"={stamps.values(name)}")
