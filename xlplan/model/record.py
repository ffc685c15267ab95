"""A record: what is known of one item in one period."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

Value = str | int | float | date | None
"""What a cell of a record holds once converted: text, whole number, number, date, or None for blank.

A month is the date of its first day, a fiscal year the western year in which it starts.
"""


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of one item in one period before the round; `source` is its file, sheet and 1-based row.

    An open form may have several records of one item in one period, and records of no item; `department` is then whose
    it is. `attempt` and `sha256` are those of the return that it comes from, 0 and empty for the definition.
    """

    form: str
    period: str
    item: str
    values: Mapping[str, Value]
    source: tuple[str, str, int]
    attempt: int = 0
    sha256: str = ""
    department: str = ""
