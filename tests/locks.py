"""Encrypted workbooks: of Excel 2010 and later (agile), and old ones with RC4 from the system's library."""

import io
import struct
from collections.abc import Iterator
from hashlib import sha1
from random import Random
from unittest.mock import patch

import olefile
from msoffcrypto.method import ecma376_agile
from msoffcrypto.method.container import ecma376_encrypted
from msoffcrypto.method.ecma376_agile import ECMA376Agile
from msoffcrypto.method.rc4_cryptoapi import DocumentRC4CryptoAPI

from xlplan.form.read.otherformats import DEFAULT_PASSWORD

BOF, FILE_PASS, WRITE_ACCESS, SHEET, INTERFACE = 0x809, 0x2F, 0x5C, 0x85, 0xE1
SMALLEST = 4096
CLEAR = {BOF, FILE_PASS, INTERFACE}


def locked(data: bytes, password: str = DEFAULT_PASSWORD, spins: int = 100_000) -> bytes:
    """Anything as the content of an encrypted workbook, the same bytes on every day.

    No less than SMALLEST: shorter streams stand elsewhere in a compound file, where the encryptor does not put them.
    """
    assert len(data) >= SMALLEST, len(data)
    with (
        patch.object(ecma376_agile.secrets, "token_bytes", Random(0).randbytes),
        patch.object(ecma376_encrypted, "datetime2filetime", lambda _: 0),
    ):
        made: bytes = ECMA376Agile.encrypt(password, io.BytesIO(data), spin_count=spins)
    return made


def described(data: bytes, **changes: tuple[str, str]) -> bytes:
    """A locked workbook that says something else of its encryption, by name; as long as what was said before."""
    for name, (old, new) in changes.items():
        before, after = f'{name}="{old}"'.encode(), f'{name}="{new}"'.encode()
        assert len(before) == len(after), (before, after)
        assert before in data, before
        data = data.replace(before, after)
    return data


def stream_of(data: bytes, name: str) -> bytes:
    """A stream of a compound file."""
    with olefile.OleFileIO(io.BytesIO(data)) as file, file.openstream(name) as stream:
        found: bytes = stream.read()
    return found


def with_stream(data: bytes, name: str, content: bytes) -> bytes:
    """A compound file with another content, of the same length, in one stream."""
    whole = io.BytesIO(data)
    with olefile.OleFileIO(whole, write_mode=True) as file:
        file.write_stream(name, content)
        return whole.getvalue()


def records(stream: bytes) -> Iterator[tuple[int, int, int]]:
    """The records of an old workbook: number, and where the content begins and ends."""
    at = 0
    while at + 4 <= len(stream):
        number, size = struct.unpack_from("<2H", stream, at)
        yield number, at + 4, at + 4 + size
        at += 4 + size


def locked_old(data: bytes, password: str = DEFAULT_PASSWORD) -> bytes:
    """An old workbook encrypted in place ([MS-XLS] 2.2.10, [MS-OFFCRYPTO] 2.3.5).

    What says how stands where the name of who wrote it stood, so that nothing moves.
    """
    stream = stream_of(data, "Workbook")
    [(begin, end)] = [(at, to) for number, at, to in records(stream) if number == WRITE_ACCESS]
    first = next(to for _, _, to in records(stream))
    rng = Random(0)
    salt, verifier = rng.randbytes(16), rng.randbytes(16)
    sealed = _crypt(password, salt, verifier + sha1(verifier).digest())
    header = struct.pack("<8L", 4, 0, 0x6801, 0x8004, 128, 1, 0, 0)
    room = end - begin - 2 - 4 - 8 - len(header) - 4 - 16 - 16 - 4 - 20
    header += bytes(room)
    said = struct.pack("<3H2L", 1, 4, 2, 4, len(header)) + header
    said += struct.pack("<L", 16) + salt + sealed[:16] + struct.pack("<L", 20) + sealed[16:]
    head = struct.pack("<2H", FILE_PASS, len(said))
    stream = stream[:first] + head + said + stream[first : begin - 4] + stream[end:]
    hidden = bytearray(_crypt(password, salt, stream))
    for number, at, to in records(stream):
        clear = to if number in CLEAR else at + 4 if number == SHEET else at
        hidden[at - 4 : clear] = stream[at - 4 : clear]
    return with_stream(data, "Workbook", bytes(hidden))


def _crypt(password: str, salt: bytes, content: bytes) -> bytes:
    made: bytes = DocumentRC4CryptoAPI.decrypt(password, salt, 128, io.BytesIO(content), 1024).read()
    return made


def circles(data: bytes) -> Iterator[bytes]:
    """A compound file whose sectors, or entries of its directory, lead back to themselves ([MS-CFB] 2.2 to 2.6)."""
    directory, fat = (struct.unpack_from("<L", data, at)[0] for at in (48, 76))
    for sector in (0, 1, fat, directory):
        yield _patched(data, 512 * (fat + 1), *[sector] * 128)
    for at in (48, 60, 68):  # where the directory, the small sectors and further tables begin
        yield from (_patched(data, at, sector, 0xFFFFFF) for sector in (0, fat, directory))
    entries = range(512 * (directory + 1), len(data) - 127, 128)
    for number, at in enumerate(entries[:12]):
        for target in {0, number, max(number - 1, 0)}:
            yield _patched(data, at + 68, target, target, target)


def _patched(data: bytes, at: int, *numbers: int) -> bytes:
    changed = bytearray(data)
    struct.pack_into(f"<{len(numbers)}L", changed, at, *numbers)
    return bytes(changed)
