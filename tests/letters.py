"""Letters made by hand: mails, zips and Outlook's messages, as programs save them."""

import base64
import io
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SENT = "Thu, 01 May 2025 17:00:00 +0900"
SENT_TICKS = int((datetime(2025, 5, 1, 8) - datetime(1601, 1, 1)).total_seconds()) * 10**7
Moment = tuple[int, int, int, int, int, int]
MOMENT: Moment = (2025, 5, 1, 16, 30, 0)


def mail(
    files: Mapping[str, bytes],
    *,
    sender: str = "山田　太郎 <yamada@city.example.jp>",
    subject: str = "照会の回答",
    date: str = SENT,
    body: str = "お世話になっております。\n回答を送ります。\n",
) -> bytes:
    """A mail as a program of today writes it."""
    made = EmailMessage()
    name, _, address = sender.rpartition(" <")
    made["From"] = f"{name} <{address}" if name else sender
    made["To"] = "kikaku@city.example.jp"
    made["Subject"] = subject
    if date:
        made["Date"] = date
    made.set_content(body)
    for name, data in files.items():
        made.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return made.as_bytes(policy=SMTP)


def old_mail(name: bytes, data: bytes, *, subject: bytes = b"", head: bytes = b"") -> bytes:
    """A mail whose attachment's head is written by hand.

    Args:
        name: the parameters of the attachment's disposition, as they stand there.
        data: what is attached.
        subject: the subject as it stands there.
        head: further lines.
    """
    lines = [
        b"From: =?ISO-2022-JP?B?GyRCOzNFRBsoQg==?= <yamada@city.example.jp>",
        b"Date: " + SENT.encode(),
        *([b"Subject: " + subject] if subject else []),
        *([head] if head else []),
        b"MIME-Version: 1.0",
        b'Content-Type: multipart/mixed; boundary="x"',
        b"",
        b"--x",
        b"Content-Type: text/plain; charset=ISO-2022-JP",
        b"",
        "回答です。".encode("iso2022_jp"),
        b"--x",
        b"Content-Type: application/octet-stream",
        b"Content-Disposition: attachment; " + name,
        b"Content-Transfer-Encoding: base64",
        b"",
        base64.encodebytes(data),
        b"--x--",
        b"",
    ]
    return b"\r\n".join(lines)


def packed(
    files: Mapping[str, bytes], *, encoding: str = "utf-8", moment: Moment = MOMENT, method: int = 8
) -> bytes:
    """A zip whose names stand in an encoding; the flag of UTF-8 is set only where that is it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number, (name, data) in enumerate(files.items(), 0x11):
            stand_in = chr(number) * len(name.encode(encoding))
            archive.writestr(zipfile.ZipInfo(stand_in, moment), data, compress_type=method)
    made = stream.getvalue()
    for number, name in enumerate(files, 0x11):
        raw = name.encode(encoding)
        made = made.replace(bytes([number]) * len(raw), raw)
    return _flagged(made, 0x800) if encoding == "utf-8" else made


def _flagged(data: bytes, flag: int) -> bytes:
    """The zip with a flag set in each header."""
    made = bytearray(data)
    for mark, place in ((b"PK\1\2", 8), (b"PK\3\4", 6)):
        at = data.find(mark)
        while at >= 0:
            (old,) = struct.unpack_from("<H", data, at + place)
            struct.pack_into("<H", made, at + place, old | flag)
            at = data.find(mark, at + 1)
    return bytes(made)


# --- a zip locked as Windows and Lhaplus lock one (APPNOTE.TXT 6.1) ---------------------------------


class _Keys:
    def __init__(self, password: bytes) -> None:
        self.crcs = [self._entry(at) for at in range(256)]
        self.keys = [0x12345678, 0x23456789, 0x34567890]
        for byte in password:
            self.update(byte)

    @staticmethod
    def _entry(at: int) -> int:
        for _ in range(8):
            at = (at >> 1) ^ 0xEDB88320 if at & 1 else at >> 1
        return at

    def _crc(self, byte: int, crc: int) -> int:
        return (crc >> 8) ^ self.crcs[(crc ^ byte) & 0xFF]

    def update(self, byte: int) -> None:
        """Take a byte of the password, or of what is encrypted."""
        one, two, three = self.keys
        one = self._crc(byte, one)
        two = ((two + (one & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        self.keys = [one, two, self._crc(two >> 24, three)]

    def encrypted(self, data: bytes) -> bytes:
        """The bytes, encrypted."""
        made = bytearray()
        for byte in data:
            word = self.keys[2] | 2
            made.append(byte ^ (((word * (word ^ 1)) >> 8) & 0xFF))
            self.update(byte)
        return bytes(made)


def locked(name: str, data: bytes, password: bytes, *, encoding: str = "cp932") -> bytes:
    """A zip with one file, encrypted under a password."""
    raw, crc = name.encode(encoding), zlib.crc32(data)
    head = bytes(11) + bytes([crc >> 24])
    content = _Keys(password).encrypted(head + data)
    shared = struct.pack("<5H3L2H", 20, 1, 0, 0x8000, 0x5AA1, crc, len(content), len(data), len(raw), 0)
    local = b"PK\3\4" + shared + raw + content
    central = b"PK\1\2" + struct.pack("<H", 20) + shared + struct.pack("<3H2L", 0, 0, 0, 0, 0) + raw
    end = b"PK\5\6" + struct.pack("<4H2LH", 0, 0, 1, 1, len(central), len(local), 0)
    return local + central + end


# --- .msg: a compound file ([MS-CFB]) with a message in it ([MS-OXMSG]) -----------------------------

Tree = Mapping[str, "bytes | Tree"]
"""What a storage holds, by name: streams and further storages."""
SECTOR, MINI, CUTOFF = 512, 64, 4096
FREE, CHAIN_END, FAT_SECTOR, NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF


def _entries(tree: Tree) -> list[list[object]]:
    """The directory: name, kind, left, right, child, content; siblings are chained to the right."""
    found: list[list[object]] = [["Root Entry", 5, NONE, NONE, NONE, b""]]

    def add(parent: int, inner: Tree) -> None:
        before = None
        for name, content in sorted(inner.items(), key=lambda item: (len(item[0]), item[0].upper())):
            at = len(found)
            kind, data = (2, content) if isinstance(content, bytes) else (1, b"")
            found.append([name, kind, NONE, NONE, NONE, data])
            if before is None:
                found[parent][4] = at
            else:
                found[before][3] = at
            before = at
            if not isinstance(content, bytes):
                add(at, content)

    add(0, tree)
    return found


def compound(tree: Tree) -> bytes:
    """A compound file with these streams and storages."""
    entries = _entries(tree)
    sectors: list[bytes] = []
    fat: list[int] = []
    mini, mini_fat = b"", []

    def chain(data: bytes) -> int:
        if not data:
            return CHAIN_END
        start = len(sectors)
        pieces = [data[at : at + SECTOR].ljust(SECTOR, b"\0") for at in range(0, len(data), SECTOR)]
        sectors.extend(pieces)
        fat.extend([*range(start + 1, start + len(pieces)), CHAIN_END])
        return start

    places = []
    for _, kind, _, _, _, data in entries:
        assert isinstance(data, bytes)
        if kind == 2 and len(data) < CUTOFF:
            count = -(-len(data) // MINI)
            start = len(mini_fat) if count else CHAIN_END
            mini_fat += [*range(len(mini_fat) + 1, len(mini_fat) + count), CHAIN_END][: max(count, 0)]
            mini += data.ljust(count * MINI, b"\0")
        else:
            start = chain(data)
        places.append((start, len(data)))
    places[0] = (chain(mini), len(mini))
    mini_start = chain(
        struct.pack(f"<{len(mini_fat)}L", *mini_fat).ljust(-(-len(mini_fat) * 4 // SECTOR) * SECTOR, b"\xff")
    )
    listing = b""
    for (name, kind, left, right, child, _), (start, size) in zip(entries, places, strict=True):
        raw = str(name).encode("utf-16-le") + b"\0\0"
        listing += raw.ljust(64, b"\0") + struct.pack("<HBB3L", len(raw), kind, 1, left, right, child)
        listing += bytes(16 + 4 + 16) + struct.pack("<LQ", start, size)
    directory = chain(listing.ljust(-(-len(listing) // SECTOR) * SECTOR, b"\0"))
    count = 1
    while count * 128 < len(fat) + count:
        count += 1
    places_of_fat = list(range(len(sectors), len(sectors) + count))
    fat += [FAT_SECTOR] * count
    table = struct.pack(f"<{len(fat)}L", *fat).ljust(count * SECTOR, b"\xff")
    sectors += [table[at : at + SECTOR] for at in range(0, len(table), SECTOR)]
    head = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    )
    minis = -(-len(mini_fat) * 4 // SECTOR)
    head += struct.pack("<9L", 0, count, directory, 0, CUTOFF, mini_start, minis, CHAIN_END, 0)
    head += struct.pack("<109L", *[*places_of_fat, *[FREE] * (109 - count)])
    return head + b"".join(sectors)


def _properties(header: int, numbers: Sequence[tuple[int, int, bytes]]) -> bytes:
    """A stream of properties: each its type, number and value."""
    lines = b"".join(
        struct.pack("<2HL", kind, number, 6) + value.ljust(8, b"\0") for kind, number, value in numbers
    )
    return bytes(header) + lines


def message(
    files: Mapping[str, bytes],
    *,
    subject: str = "照会の回答",
    wide: bool = True,
    sent: int = SENT_TICKS,
    inner: Tree | None = None,
) -> Tree:
    """What an .msg holds.

    Args:
        files: the attachments by name.
        subject: its subject.
        wide: whether texts are in UTF-16, and not in CP932.
        sent: when it was sent, in 100 nanoseconds since 1601; by default 2025-05-01 08:00 UTC.
        inner: a message that is attached to it.
    """
    kind, encoding = ("001F", "utf-16-le") if wide else ("001E", "cp932")

    def written(number: int, words: str) -> tuple[str, bytes]:
        return f"__substg1.0_{number:04X}{kind}", words.encode(encoding)

    tree: dict[str, bytes | Tree] = dict(
        [written(0x0037, subject), written(0x0C1A, "山田 太郎"), written(0x5D01, "yamada@city.example.jp")]
    )
    tree["__properties_version1.0"] = _properties(32, [(0x40, 0x0039, struct.pack("<Q", sent))])
    for at, (name, data) in enumerate(files.items()):
        held = dict([written(0x3707, name)])
        held["__substg1.0_37010102"] = data
        held["__properties_version1.0"] = _properties(8, [(3, 0x3705, struct.pack("<L", 1))])
        tree[f"__attach_version1.0_#{at:08X}"] = held
    if inner is not None:
        held_inner: dict[str, bytes | Tree] = dict([written(0x3001, "転送")])
        held_inner["__properties_version1.0"] = _properties(8, [(3, 0x3705, struct.pack("<L", 5))])
        held_inner["__substg1.0_3701000D"] = inner
        tree[f"__attach_version1.0_#{len(files):08X}"] = held_inner
    return tree


def outlook(files: Mapping[str, bytes], *, subject: str = "照会の回答", wide: bool = True) -> bytes:
    """An .msg."""
    return compound(message(files, subject=subject, wide=wide))
