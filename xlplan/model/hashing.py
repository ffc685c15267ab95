"""How fingerprints are worked out: a version, a colon and a SHA-256 over canonical JSON."""

import hashlib
import json
from collections.abc import Iterable
from datetime import date

VERSION = "2"
"""The version of the functions below; 0.1.0 had none."""
DIGITS = 32
"""Hexadecimal digits of the hash that are kept."""


def hashed(parts: Iterable[object]) -> str:
    """The fingerprint over some parts, each a tree of named values: version, colon, hash."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(_ENCODER.encode(part).encode("utf-8", "surrogatepass") + b"\n")
    return f"{VERSION}:{digest.hexdigest()[:DIGITS]}"


def _unknown(value: object) -> object:
    if isinstance(value, date):
        return {"date": value.isoformat()}
    raise TypeError(f"no part of a fingerprint: {value!r}")


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_unknown)
