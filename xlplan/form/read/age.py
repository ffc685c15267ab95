"""When a workbook was saved, as the program that saved it wrote into its properties."""

import re
from datetime import datetime

from xlplan.spreadsheet.xmlcells import Parts

PLACES = (
    ("docProps/core.xml", re.compile(rb"modified\b[^>]*>\s*([^<\s]+)\s*<")),
    ("meta.xml", re.compile(rb"<dc:date>([^<\s]+)<")),
)
"""The part, and the element in it: ECMA-376 part 2, clause 11 (.xlsx), ODF 1.3 part 3, clause 4.3.2.9 (.ods)."""
FIRST_YEAR = 1990
"""Earlier moments stand in files whose writer knew none."""


def saved_at(parts: Parts) -> datetime | None:
    """The moment, in whole seconds of this computer's clock; None where the file does not tell one."""
    for name, element in PLACES:
        found = element.search(parts.other(name))
        if found:
            return _moment(found[1].decode("ascii", "replace"))
    return None


def _moment(written: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    if not FIRST_YEAR <= moment.year < datetime.max.year:
        return None
    # without a zone it is the clock of whoever saved it, which is that of the same city
    return moment.astimezone().replace(tzinfo=None, microsecond=0)
