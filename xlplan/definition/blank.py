"""A plan that nobody has begun: no line of any table, and the settings with what is usual in its language."""

from xlplan.definition.specs import WORDS, Table, TableRow, Tables, spec
from xlplan.language.messages import LANGUAGES

_USUAL = {
    "ja": {"language": "ja", "calendar": "wareki", "fiscal_year_start": "4"},
    "en": {"language": "en", "calendar": "western", "fiscal_year_start": "4"},
}
"""The settings that need not be thought about to begin with, by language."""

REQUIRED_SETTINGS = ("id", "title", "organisation")
"""The settings without which there is no plan."""


def blank_tables(language: str) -> Tables:
    """The tables of a plan in `language`, one of `LANGUAGES`: its settings, and of the other tables nothing.

    Raises:
        ValueError: there is no such language.
    """
    if language not in LANGUAGES:
        raise ValueError(language)
    usual = _USUAL[language]
    rows = (
        TableRow(number, {"key": key} | ({"value": usual[key]} if key in usual else {}))
        for number, key in enumerate(WORDS["setting"], 2)
    )
    return Tables({"plan": Table(spec("plan"), "", "", {"key": 1, "value": 2}, tuple(rows))})
