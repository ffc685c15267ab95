"""Addresses of mail as people type them: several in one cell, of any width, with or without a name."""

import re
import unicodedata
from typing import NamedTuple

_PART = re.compile(r"[,;、\n]|\s/\s")
_LIKELY = re.compile(r"[^\s<>()\[\]\"',;:、@]+@[^\s<>()\[\]\"',;:、]+")
_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&*+/=?^_{|}~-]+(?:\.[A-Za-z0-9!#$%&*+/=?^_{|}~-]+)*"
    r"@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*"
)
"""An address that every mail program takes (RFC 5322, 3.4.1, without quotes), also one of a closed network: a@mail."""
LONGEST = 254
"""Characters of an address (RFC 5321, 4.5.3.1.3)."""


class Addresses(NamedTuple):
    """What was read: the addresses, each once, and the parts in which there is none."""

    good: tuple[str, ...]
    bad: tuple[str, ...]


def addresses_in(written: str) -> Addresses:
    """The addresses in a cell, separated by commas, semicolons, 、 or line ends; `Roads <roads@example.jp>` is one.

    Full-width letters and signs count as half-width ones.
    """
    good: dict[str, None] = {}
    bad: list[str] = []
    for part in _PART.split(unicodedata.normalize("NFKC", written)):
        found = _LIKELY.findall(part)
        known = [address for address in found if _ADDRESS.fullmatch(address) and len(address) <= LONGEST]
        good.update(dict.fromkeys(known))
        if part.strip() and (not found or len(known) < len(found)):
            bad.append(part.strip())
    return Addresses(tuple(good), tuple(bad))


def address_in(written: str) -> str:
    """The first address in a text about whom to ask, whatever else it says; empty where there is none."""
    found = addresses_in(written.replace(" ", "\n").replace("\u3000", "\n")).good
    return found[0] if found else ""
