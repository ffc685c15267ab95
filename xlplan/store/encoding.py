"""How a tree of values becomes one JSON text of a ledger's row, and comes back exactly.

A date is `{"date": "2014-05-01"}`. Every JSON object is such a mark and everything else is a list, so that no field id
can be mistaken for a mark.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime
from sys import intern
from typing import Any


def mark(value: object) -> object:
    """`value` with a mark on each tuple and mapping in it, which JSON would turn into something else."""
    match value:
        case Mapping():
            return {"map": [(key, mark(one)) for key, one in value.items()]}
        case tuple():
            return {"tuple": [mark(one) for one in value]}
        case list():
            return [mark(one) for one in value]
        case _:
            return value


def _mark_moment(value: object) -> dict[str, str]:
    """Called by the encoder for what JSON has no word for. A type that nobody foresaw is a fault of ours."""
    if isinstance(value, datetime):  # before date: a datetime is one
        return {"datetime": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    raise TypeError(f"the ledger cannot keep a {type(value).__name__}: {value!r}")


def _unmark(mark: dict[str, Any]) -> object:
    match mark:
        case {"date": day}:
            return date.fromisoformat(day)
        case {"datetime": moment}:
            return datetime.fromisoformat(moment)
        case {"tuple": values}:
            return tuple(values)
        case _:
            return dict(mark["map"])


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_mark_moment)
_DECODER = json.JSONDecoder(object_hook=_unmark)


def to_json(tree: object) -> bytes:
    """A tree of lists, marks and plain values as the bytes of one JSON text."""
    return text_to_bytes(_ENCODER.encode(tree))


def from_json(text: str) -> Any:
    """The tree that a JSON text holds."""
    return _shared(_DECODER.decode(text))


def _shared(tree: Any) -> Any:
    """`tree` with each text in its lists once in memory: a round has the same few words in every row."""
    for at, one in enumerate(tree) if tree.__class__ is list else ():
        if one.__class__ is str:
            tree[at] = intern(one)
        elif one.__class__ is list:
            _shared(one)
    return tree


# A file name in a broken encoding holds halves of characters, which are no text to sqlite3. Text that may
# hold some is therefore bound as bytes, and `surrogatepass` brings the same halves back.


def text_to_bytes(text: str) -> bytes:
    """`text` as the bytes that a TEXT column takes by way of CAST."""
    return text.encode("utf-8", "surrogatepass")


def text_from_bytes(raw: bytes) -> str:
    """The text of a TEXT column."""
    return raw.decode("utf-8", "surrogatepass")
