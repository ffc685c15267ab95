"""Compound files, encrypted workbooks and old ones (.xls): the good return, locked or converted, but for one thing."""

import struct
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random

from tests.libreoffice import LibreOffice, find_libreoffice
from tests.locks import SMALLEST, circles, described, locked, locked_old, records, stream_of, with_stream
from tests.robustness.good import ENTRY, good, packed, parts
from tests.robustness.mutants import changed, flip, of_a_part, swap, zero

Made = Iterator[bytes]

SPINS = 1_000
"""Rounds of hashing: Excel's hundred times as many would try nothing else."""
BOOK = "Workbook"
CELLS = {0x06, 0x7E, 0xBD, 0xBE, 0xD6, 0xFC, 0xFD, 0x203, 0x204, 0x205, 0x207, 0x27E}
"""Records of cells and texts ([MS-XLS] 2.3): half of what is changed in an old workbook."""


@cache
def sealed() -> bytes:
    """The good return as Excel encrypts it by itself."""
    return locked(good(), spins=SPINS)


def oddly_encrypted() -> Made:
    """What is said of the encryption, of its size and of the sectors is not so; or the password is a real one."""
    data = sealed()
    yield from (data[: len(data) * part // 40] for part in range(1, 40))
    yield from circles(data)
    for name, old, values in (
        ("spinCount", str(SPINS), ("9999", "0000", "-100", "many", "1e99")),
        ("keyBits", "256", ("128", "000", "999", "-10", "abc")),
        ("hashAlgorithm", "SHA512", ("SHA384", "SHA999", "MD5MD5")),
        ("blockSize", "16", ("00", "99", "-1")),
        ("saltSize", "16", ("00", "99", "-1")),
        ("hashSize", "64", ("00", "99", "-1")),
        ("cipherAlgorithm", "AES", ("RC4", "XYZ")),
    ):
        yield from (described(data, **{name: (old, value)}) for value in values)
    most = locked(good(), spins=1_000_000)
    yield most
    yield from (described(most, spinCount=("1000000", many)) for many in ("1000001", "9999999"))
    package = stream_of(data, "EncryptedPackage")
    for size in (0, 8, len(package) // 2, 2**31, 2**63):
        yield with_stream(data, "EncryptedPackage", struct.pack("<Q", size) + package[8:])
    info = stream_of(data, "EncryptionInfo")
    for version in ((3, 2), (4, 2), (4, 3), (1, 1), (9, 9)):
        yield with_stream(data, "EncryptionInfo", struct.pack("<2H", *version) + info[4:])
    nested = "".join(f'<!ENTITY e{at} "{f"&e{at - 1};" * 9}">' for at in range(1, 12))
    bomb = f'<!DOCTYPE x [<!ENTITY e0 "{"0" * 50}">{nested}]><x>&e11;</x>'.encode()
    yield with_stream(data, "EncryptionInfo", info[:8] + bomb.ljust(len(info) - 8))
    yield from (locked(good(), password, SPINS) for password in ("ひみつ", "velvetsweatshop"))


def oddly_filled() -> Made:
    """Inside the encryption is something else than a sound return."""
    yield from (locked(inside, spins=SPINS) for inside in (b"text" * SMALLEST, b"PK\3\4" + bytes(SMALLEST)))
    yield from (locked(inside, spins=SPINS) for inside in (sealed(), good() + b"\0", b"\0" + good()))
    yield locked(packed({**parts(), "xl/media/a.bin": bytes(300 * 2**20)}), spins=SPINS)
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    for new in (far, b'<row r="9"><c r="A9" t="s"><v>1e400</v></c></row></sheetData>'):
        content = parts()[ENTRY].replace(b"</sheetData>", new, 1)
        yield locked(packed({**parts(), ENTRY: content}), spins=SPINS)
    yield locked(packed({**parts(), "xl/vbaProject.bin": bytes(60)}), spins=SPINS)
    yield locked(packed({**parts(), ENTRY: b"<!DOCTYPE x>" + parts()[ENTRY]}), spins=SPINS)


def encrypted_mutants() -> Made:
    """Bytes changed anywhere in an encrypted return, and in a part of it before it was encrypted."""
    yield sealed()
    yield from (changed(sealed(), Random(seed)) for seed in range(60))
    yield from (locked(of_a_part(Random(seed))[1], spins=SPINS) for seed in range(60, 100))


@cache
def old() -> bytes:
    """The good return as LibreOffice saves it in the format of Excel 97."""
    program = find_libreoffice()
    assert program
    with tempfile.TemporaryDirectory() as folder:
        [made] = LibreOffice.prepared(program, Path(folder)).converted([good()], "xls")
    return made


def old_mutants() -> Made:
    """Bytes changed anywhere in an old workbook, and in one of its records."""
    yield old()
    yield from (changed(old(), Random(seed)) for seed in range(40))
    yield from (_of_a_record(old(), Random(seed)) for seed in range(40, 100))


def old_encrypted_mutants() -> Made:
    """The same of an old workbook that was encrypted in place."""
    whole = locked_old(old())
    yield whole
    yield from (changed(whole, Random(seed)) for seed in range(20))
    yield from (_of_a_record(whole, Random(seed)) for seed in range(20, 50))


def _of_a_record(data: bytes, rng: Random) -> bytes:
    stream = bytearray(stream_of(data, BOOK))
    found = list(records(bytes(stream)))
    wanted = [one for one in found if one[0] in CELLS and one[2] > one[1]]
    _, begin, end = rng.choice(wanted if wanted and rng.random() < 0.5 else found)
    if rng.random() < 0.2 or end - begin < 8:
        begin, end = begin - 4, begin  # what the record is, and how long
        stream[begin + rng.randrange(4)] = rng.randrange(256)
    else:
        piece = stream[begin:end]
        for _ in range(rng.choice([1, 1, 2])):
            rng.choice((flip, flip, swap, zero))(piece, rng)
        stream[begin:end] = piece
    return with_stream(data, BOOK, bytes(stream))
