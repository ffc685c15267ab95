"""Letters to departments: their kinds, their texts with named places, and the drafts that were written of them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class LetterKind(StrEnum):
    """What a letter is about: distribution, a reminder before the due day or after it, sent back, thanks."""

    DISTRIBUTION = "distribution"
    REMINDER = "reminder"
    OVERDUE = "overdue"
    SENT_BACK = "sent_back"
    THANKS = "thanks"


_OF_ALL = (
    *("department", "contact", "addressee", "title", "organisation", "office", "office_contact"),
    *("period", "due", "today"),
)
PLACES: Mapping[LetterKind, tuple[str, ...]] = {
    LetterKind.DISTRIBUTION: (*_OF_ALL, "items", "file"),
    LetterKind.REMINDER: (*_OF_ALL, "days"),
    LetterKind.OVERDUE: (*_OF_ALL, "days"),
    LetterKind.SENT_BACK: (*_OF_ALL, "attempt", "errors", "findings", "file"),
    LetterKind.THANKS: (*_OF_ALL, "attempt", "received"),
}
"""The places that a text may name, by the kind of its letter."""
EVERY_PLACE = tuple(dict.fromkeys(place for places in PLACES.values() for place in places))

_SIGN = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_HALF_WIDTH = str.maketrans("｛｝", "{}")


@dataclass(frozen=True, slots=True)
class LetterText:
    """The text of letters of one kind, as the plan has it: `{due}` is a place, `{{` and `}}` are braces.

    Attributes:
        kind: The kind.
        subject: The subject; empty for the usual one.
        body: The body; empty for the usual one.
    """

    kind: LetterKind
    subject: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True)
class DraftRecord:
    """One draft that was written. Its files may have been sent, moved or removed since: nobody knows.

    Attributes:
        period: Id of the round.
        department: Id of the department.
        kind: The kind of letter.
        basis: What it rests on: ids of the issue or the attempt, and the day. Another basis is another letter.
        written_at: When.
        files: The hash of each file, by its path relative to the workspace.
    """

    period: str
    department: str
    kind: LetterKind
    basis: str
    written_at: datetime
    files: Mapping[str, str]


def written_places(template: str) -> Iterator[tuple[str, bool]]:
    """What stands in braces in a text, each as it is written, and whether it is a place.

    A brace without its other half is none. Full-width braces count as half-width ones.
    """
    for found in _SIGN.finditer(template.translate(_HALF_WIDTH)):
        if found[1] is not None:
            yield found[1].strip(), True
        elif found[0] in "{}":
            yield found[0], False


def with_places(template: str, names: Mapping[str, str]) -> str:
    """The text with each place by its id.

    Args:
        template: The text as it is written.
        names: The id of each place by what is written for it.
    """

    def named(found: re.Match[str]) -> str:
        return found[0] if found[1] is None else f"{{{names.get(found[1].strip(), found[1])}}}"

    return _SIGN.sub(named, template.translate(_HALF_WIDTH))


def filled(template: str, values: Mapping[str, str]) -> str:
    """The text with what stands in each place, which itself is not looked at again.

    Args:
        template: The text, its places by their ids.
        values: What stands in each place, by its id.
    """

    def put(found: re.Match[str]) -> str:
        return found[0][:1] if found[1] is None else values[found[1]]

    return _SIGN.sub(put, template)
