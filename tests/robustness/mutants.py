"""Mutants of a good return: seeded, so that every run has the same.

Those of the file have bytes changed anywhere in it, as a bad disk or mail gateway does; nearly all break the zip
container. Those of a part are packed again with the right sizes and checksums, so that only their content is wrong.
"""

import re
from collections.abc import Callable, Iterator
from random import Random

from tests.robustness.good import ENTRY, STRINGS, good, packed, parts

SEEDS = 500
OF_THE_FILE = 120
"""Of the seeds, those that change bytes of the file; the others change a part."""

TAG = re.compile(rb"<[^<>]*>")
ELEMENT = re.compile(rb"<(c|row|si|t|v|f|sheet|Relationship|Override)\b[^<>]*?(?:/>|>.*?</\1>)", re.DOTALL)
NUMBER = re.compile(rb"[0-9]+")
ATTRIBUTE = re.compile(rb'\s[\w:]+="[^"]*"')
ANSWER = re.compile(rb'<c r="[A-P][5-8]"[^<>]*>(?:<v>[^<>]*</v></c>)?')
"""A cell of a heading, of what the office filled in, or of an answer."""
LEAST = 8
"""Bytes that there must be for every change to be possible."""
NAUGHTY = (
    b"-1",
    b"0",
    b"99999999999",
    b"1e400",
    b"NaN",
    b"",
    b"1.5",
    b"\xef\xbc\x91",
    b"0x10",
    b"4294967295",
)

Change = Callable[[bytearray, Random], None]


def flip(data: bytearray, rng: Random) -> None:
    """One bit."""
    data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def delete(data: bytearray, rng: Random) -> None:
    """Some bytes fewer."""
    at = rng.randrange(len(data))
    del data[at : at + rng.randrange(1, 40)]


def insert(data: bytearray, rng: Random) -> None:
    """Some bytes more."""
    at = rng.randrange(len(data) + 1)
    data[at:at] = rng.randbytes(rng.randrange(1, 20))


def swap(data: bytearray, rng: Random) -> None:
    """Two pieces change places."""
    length = rng.randrange(1, 1 + len(data) // 4)
    one = rng.randrange(1 + len(data) - 2 * length)
    other = rng.randrange(one + length, 1 + len(data) - length)
    data[one : one + length], data[other : other + length] = (
        data[other : other + length],
        data[one : one + length],
    )


def cut(data: bytearray, rng: Random) -> None:
    """The end is missing."""
    del data[rng.randrange(1, len(data)) :]


def zero(data: bytearray, rng: Random) -> None:
    """A block of zeros, as of a disk that lost it."""
    at = rng.randrange(len(data))
    size = min(rng.choice([16, 512, 4096]), len(data) - at)
    data[at : at + size] = bytes(size)


def _some(pattern: re.Pattern[bytes], data: bytearray, rng: Random) -> slice:
    found = [one.span() for one in pattern.finditer(data)]
    return slice(*rng.choice(found)) if found else slice(0, 0)


def drop_element(data: bytearray, rng: Random) -> None:
    """A cell, row, text or formula is gone."""
    del data[_some(ELEMENT, data, rng)]


def double_element(data: bytearray, rng: Random) -> None:
    """A cell, row, text or formula stands there twice."""
    place = _some(ELEMENT, data, rng)
    data[place.stop : place.stop] = data[place]


def move_element(data: bytearray, rng: Random) -> None:
    """A cell, row, text or formula stands somewhere else."""
    place = _some(ELEMENT, data, rng)
    moved = bytes(data[place])
    del data[place]
    at = _some(ELEMENT, data, rng).start
    data[at:at] = moved


def drop_tag(data: bytearray, rng: Random) -> None:
    """A tag without its other half."""
    del data[_some(TAG, data, rng)]


def drop_attribute(data: bytearray, rng: Random) -> None:
    """An attribute is gone."""
    del data[_some(ATTRIBUTE, data, rng)]


def other_number(data: bytearray, rng: Random) -> None:
    """Another number, or none, where a number stood: in a value, a place, an index."""
    data[_some(NUMBER, data, rng)] = rng.choice((*NAUGHTY, str(rng.randrange(40)).encode()))


OF_BYTES: tuple[Change, ...] = (flip, delete, insert, swap, cut, zero)
OF_XML: tuple[Change, ...] = (
    drop_element,
    double_element,
    move_element,
    drop_tag,
    drop_attribute,
    other_number,
    other_number,
)


def mutants() -> Iterator[tuple[str, bytes]]:
    """Each mutant with what was done to it."""
    for seed in range(SEEDS):
        rng = Random(seed)
        yield _of_the_file(rng) if seed < OF_THE_FILE else of_a_part(rng)


def _of_the_file(rng: Random) -> tuple[str, bytes]:
    return "bytes of the file changed", changed(good(), rng)


def changed(data: bytes, rng: Random) -> bytes:
    """Bytes changed anywhere."""
    mutant = bytearray(data)
    for _ in range(rng.choice([1, 1, 2, 8])):
        rng.choice(OF_BYTES)(mutant, rng)
    return bytes(mutant)


def of_a_part(rng: Random) -> tuple[str, bytes]:
    """One part changed, with what was done to it."""
    made = dict(parts())
    names = [name for name in made if made[name]]
    name = rng.choice([*8 * [ENTRY], STRINGS, STRINGS, *names])
    if rng.random() < 0.05:
        other = rng.choice(names)
        made[name], made[other] = made[other], made[name]
        return "two parts changed places", packed(made)
    kind, changes = rng.choice(
        [("bytes of a part changed", OF_BYTES), *2 * [("the XML of a part changed", OF_XML)]]
    )
    content = made[name]
    place = slice(0, len(content))
    if name == ENTRY and rng.random() < 0.7:
        place = slice(*rng.choice([one.span() for one in ANSWER.finditer(content)]))
        kind = "a cell of an answer changed"
    piece = bytearray(content[place])
    for _ in range(rng.choice([1, 1, 2, 5])):
        if len(piece) > LEAST:
            rng.choice(changes)(piece, rng)
    made[name] = content[: place.start] + bytes(piece) + content[place.stop :]
    return kind, packed(made)
