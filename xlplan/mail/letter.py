"""A letter as it was opened: who sent it, the workbooks in it, what else there is, and what could not be opened.

A letter is a mail or a zip: what brings files. How much it may hold stands here as well.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from xlplan.model.safety import SafetyCode
from xlplan.spreadsheet.safety.limits import MIB

MOST_NESTED = 3
"""How deep letters may lie in each other: a zip in a mail in a mail."""
MOST_PARTS = 500
"""Files of one letter, in all that lies in it."""
MAX_INFLATED_BYTES = 256 * MIB
"""What one letter may inflate to, in all that lies in it."""
MOST_NAMES = 6
"""Folders and names that say where in a letter a file lies; of more the last."""


class LetterKind(StrEnum):
    """What brought the files."""

    MAIL = "mail"
    ARCHIVE = "archive"


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file in a letter.

    Attributes:
        names: Its name, behind those of the letters and folders in which it lies.
        data: Its bytes.
        changed: When it was changed last, as the letter says, by this computer's clock; None where it does not.
        decoration: Whether it belongs to the look of the text: a picture in it, a signature.
        depth: In how many letters within the letter it lies.
    """

    names: tuple[str, ...]
    data: bytes = field(repr=False)
    changed: datetime | None = None
    decoration: bool = False
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Fault:
    """Why something in a letter, or the whole of it, is not opened.

    Attributes:
        code: Why.
        name: What is not opened, by its name in the letter; empty for the letter itself.
        params: Further parameters of the sentence.
    """

    code: SafetyCode
    name: str = ""
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OpenedLetter:
    """What a letter brought.

    Attributes:
        kind: What it is.
        sender: The name of who sent it, as the letter says; empty where it does not.
        address: The address of who sent it; empty as above.
        subject: What it is about; empty as above.
        sent_at: When it was sent, by this computer's clock; None as above.
        workbooks: The files in it that may be returns.
        others: The names of the files that are none.
        faults: What was not opened.
    """

    kind: LetterKind
    sender: str = ""
    address: str = ""
    subject: str = ""
    sent_at: datetime | None = None
    workbooks: tuple[Enclosure, ...] = ()
    others: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()


class NotOpenedError(Exception):
    """Carries a fault out of the depth; `opening` turns it back into a value."""

    def __init__(self, code: SafetyCode, **params: object) -> None:
        self.code, self.params = code, params
