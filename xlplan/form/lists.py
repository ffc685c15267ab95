"""The lists of choices on a workbook's hidden sheet, under defined names: dropdowns and CHOICE_RANK refer to them.

Of a list with an order, beside it, what may follow what: a pair of values in each row, those of one step together.
"""

import re
import unicodedata
import zlib
from collections.abc import Mapping, Sequence

from xlplan.form.layout.stamps import STAMP_SHEET, Stamping
from xlplan.language.text import fold
from xlplan.model.form import Choice
from xlplan.spreadsheet.book import Book

MAX_NAME = 100
"""Characters of a list's name that go into a defined name, which has more (`excel.MAX_DEFINED_NAME`)."""
_ESCAPE = re.compile("x(?=[0-9a-fA-F]{4}_)")
"""The x of what Excel would take for another character: _x0041_ is A."""


def list_name(name: str) -> str:
    """The defined name of a list of choices: dropdowns refer to it."""
    return f"list_{_safe(name)}"


def followers_name(name: str, at: int) -> str:
    """The defined name of what may follow in one step of list `name`: the first is that from nothing, 0."""
    return f"after_{at}_{_safe(name)}"


def _safe(name: str) -> str:
    """`name` as a part of a defined name: letters and digits, short, and told from all others whatever the case."""
    safe = "".join(
        character if _is_letter(character) else "_" for character in _ESCAPE.sub("_", name[:MAX_NAME])
    )
    # two names must not fall together once their signs, case and width are gone
    return safe if fold(safe) == name else f"{safe}_{zlib.crc32(name.encode()):08x}"


def _is_letter(character: str) -> bool:
    return character == "_" or unicodedata.category(character) in ("Lu", "Ll", "Lo", "Lm", "Nd")


def write_lists(
    book: Book,
    lists: Mapping[str, Sequence[Choice]],
    stamps: Stamping,
    retired: Mapping[str, Sequence[Choice]] | None = None,
) -> None:
    """Write each list of choices with its ranks on the hidden sheet, and give what may be chosen of it its name.

    Args:
        book: The workbook, which has its hidden sheet already.
        lists: The choices of each list, by its name.
        stamps: Where things stand on the hidden sheet.
        retired: By list, the choices below them that earlier answers may hold.
    """
    sheet = book.sheets[STAMP_SHEET]
    style = book.style("hidden")
    for name, offered in lists.items():
        choices = (*offered, *(retired or {}).get(name, ()))
        column = stamps.lists[name][0]
        for row, choice in enumerate(choices, 1):
            book.put(sheet, row, column, choice.value, style)
            book.put(sheet, row, column + 1, choice.rank or 0, style)
        book.writer.define_name(list_name(name), f"={stamps.choices(name)}")


def write_orders(book: Book, stamps: Stamping) -> None:
    """Write what may follow what on the hidden sheet, and give the followers in each step their name."""
    sheet = book.sheets[STAMP_SHEET]
    style = book.style("hidden")
    for name, (column, found) in stamps.orders.items():
        pairs = [(step.before, follower) for step in found for follower in step.followers]
        for row, (before, follower) in enumerate(pairs, 1):
            book.put(sheet, row, column, before, style)
            book.put(sheet, row, column + 1, follower, style)
        for at, step in enumerate(found):
            if step.followers:
                book.writer.define_name(followers_name(name, at), f"={stamps.followers(name, step)}")
