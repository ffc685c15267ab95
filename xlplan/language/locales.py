"""What a plan's locale says of how people write: the order of day and month, and the money that needs no name."""

from collections.abc import Mapping
from typing import NamedTuple


class Locale(NamedTuple):
    """How people of a country write.

    Attributes:
        day_first: Whether 01-09-2024 is 1 September: the day, the month, the year. Else the year stands first.
        money: The sign of its money.
    """

    day_first: bool
    money: str


LOCALES: Mapping[str, Locale] = {"en_GB": Locale(True, "£"), "ja_JP": Locale(False, "円")}
"""By the word that the table `plan` has for it. A plan without one says nothing of either."""

UNSAID = Locale(False, "")
"""That of a plan without a locale: only what is plain by itself is read."""
