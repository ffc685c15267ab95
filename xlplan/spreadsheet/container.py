"""The zip container of a workbook, read strictly: what two readers could take differently is refused.

Not `zipfile`: it accepts what other readers understand otherwise, and builds every entry of the directory
before they can be counted.
"""

import struct
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from xlplan.model.safety import SafetyCode
from xlplan.spreadsheet.safety.limits import MIB, refuse

# Well above what 4,479 real workbooks had when they were measured; in brackets the most that one of them had.
MAX_ENTRIES = 2_000  # (340)
MAX_TOTAL_BYTES = 1024 * MIB  # inflated, all parts
MAX_PART_BYTES = 512 * MIB  # inflated, one part (60 MB)
MIN_RATIO = 0.004  # deflated / inflated, of a part above RATIO_FROM_BYTES (0.0083)
RATIO_FROM_BYTES = MIB
MAX_EXTRA_BYTES = 1024  # extra field of one directory entry; ordinary ones have under 50

SLICE_BYTES = 64 * 1024  # deflated bytes fed at once: a longer input would be copied at every step
CHUNK_BYTES = MIB  # inflated bytes held at once

ZIP_MAGIC = b"PK\x03\x04"
CENTRAL = struct.Struct("<4s4x2H4x3L3H8xL")  # APPNOTE.TXT 4.3.12
LOCAL = struct.Struct("<4s2x2H16x2H")  # 4.3.7
END = struct.Struct("<4s4H2LH")  # 4.3.16
ENCRYPTED_FLAGS = 0x2041  # bits 0, 6, 13
UTF8_FLAG = 0x800
UNICODE_NAME_EXTRA = 0x7075  # gives the entry another name, which some readers take and others ignore


class Entry(NamedTuple):
    """One entry of the zip. `packed` and `size` are bytes; its header starts at `start`, its data at `data_start`."""

    name: str
    method: int
    crc: int
    packed: int
    size: int
    start: int
    data_start: int


def directory(data: bytes) -> list[Entry]:
    """The zip directory, in order of place. Anything that two readers could understand differently is refused."""
    at = data.rfind(b"PK\x05\x06", max(0, len(data) - END.size - 0xFFFF))
    if at < 0:
        refuse(SafetyCode.DAMAGED)
    _, disk, first_disk, here, count, size, start, comment = END.unpack_from(data, at)
    if at + END.size + comment != len(data):
        refuse(SafetyCode.DAMAGED)
    zip64 = data[max(0, at - 20) : at].startswith(b"PK\x06\x07")  # a second directory, which readers prefer
    if zip64 or (disk, first_disk, here, start + size) != (0, 0, count, at):
        refuse(SafetyCode.SUSPICIOUS)
    if count > MAX_ENTRIES:
        refuse(SafetyCode.TOO_MANY_PARTS, count=count, limit=MAX_ENTRIES)
    entries, place = [], start
    for _ in range(count):
        entry, place = _entry(data, place)
        entries.append(entry)
    entries.sort(key=lambda entry: entry.start)
    ends = [0, *(entry.data_start + entry.packed for entry in entries)]
    starts = [*(entry.start for entry in entries), start]
    in_order = all(end <= begin for end, begin in zip(ends, starts, strict=True))
    distinct = len({entry.name.casefold() for entry in entries}) == count
    if place != at or starts[0] != 0 or not in_order or not distinct:
        refuse(SafetyCode.SUSPICIOUS)
    if sum(entry.size for entry in entries) > MAX_TOTAL_BYTES:
        refuse(SafetyCode.INFLATES, limit=MAX_TOTAL_BYTES // MIB)
    return entries


def _entry(data: bytes, at: int) -> tuple[Entry, int]:
    """The directory entry at `at`, agreed with its local header; and where the next one stands."""
    fields = CENTRAL.unpack_from(data, at)
    mark, flags, method, crc, packed, size, name_size, extra_size, comment_size, start = fields
    name_at = at + CENTRAL.size
    raw = data[name_at : name_at + name_size]
    extra = data[name_at + name_size : name_at + name_size + extra_size]
    local_mark, local_flags, local_method, local_name, local_extra = LOCAL.unpack_from(data, start)
    if (mark, local_mark) != (b"PK\x01\x02", ZIP_MAGIC):
        refuse(SafetyCode.DAMAGED)
    data_start = start + LOCAL.size + local_name + local_extra
    local_raw = data[start + LOCAL.size : data_start - local_extra]
    if (
        (flags | local_flags) & ENCRYPTED_FLAGS
        or method not in (0, 8)
        or (local_method, local_raw) != (method, raw)
    ):
        refuse(SafetyCode.SUSPICIOUS)
    name = raw.decode("utf-8" if flags & UTF8_FLAG else "cp437", errors="replace")
    if not _plain_name(name) or _renamed(extra):
        refuse(SafetyCode.SUSPICIOUS)
    if size > MAX_PART_BYTES or (size > RATIO_FROM_BYTES and packed < size * MIN_RATIO):
        refuse(SafetyCode.INFLATES, limit=MAX_PART_BYTES // MIB)
    after = name_at + name_size + extra_size + comment_size
    return Entry(name, method, crc, packed, size, start, data_start), after


def _plain_name(name: str) -> bool:
    """A relative name that means the same file to everybody."""
    folders = name.split("/")
    strange = any(sign < " " or sign in "\\:\ufffd\x7f" for sign in name)
    return bool(name) and not strange and ".." not in folders and "." not in folders and folders[0] != ""


def _renamed(extra: bytes) -> bool:
    """Whether the extra field gives the entry another name, or is too long to be anything ordinary."""
    at = 0
    while at + 4 <= len(extra) <= MAX_EXTRA_BYTES:
        kind, size = struct.unpack_from("<2H", extra, at)
        if kind == UNICODE_NAME_EXTRA:
            return True
        at += 4 + size
    return len(extra) > MAX_EXTRA_BYTES


def inflate(data: bytes, entry: Entry) -> Iterator[bytes]:
    """The part in chunks of at most CHUNK_BYTES; its true size and CRC must be those of the directory."""
    crc = size = 0
    for chunk in _chunks(data, entry):
        crc = zlib.crc32(chunk, crc)
        size += len(chunk)
        if size > entry.size:
            refuse(SafetyCode.DAMAGED)
        yield chunk
    if (size, crc) != (entry.size, entry.crc):
        refuse(SafetyCode.DAMAGED)


def _chunks(data: bytes, entry: Entry) -> Iterator[bytes]:
    end = entry.data_start + entry.packed
    slices = (data[at : min(at + SLICE_BYTES, end)] for at in range(entry.data_start, end, SLICE_BYTES))
    if entry.method == 0:
        yield from slices
        return
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    for fed in slices:
        while fed:
            yield stream.decompress(fed, CHUNK_BYTES)
            fed = stream.unconsumed_tail
            if stream.unused_data:
                refuse(SafetyCode.DAMAGED)
    while not stream.eof:  # what zlib still holds when all input is taken
        held = stream.decompress(b"", CHUNK_BYTES)
        if not held:
            refuse(SafetyCode.DAMAGED)
        yield held
