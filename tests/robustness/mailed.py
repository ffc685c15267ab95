"""Letters that were made to harm, or are odd: the good return in mails, zips and messages of Outlook."""

from collections.abc import Iterator
from functools import cache
from random import Random

from tests.letters import compound, locked, mail, message, old_mail, outlook, packed
from tests.robustness.good import good
from tests.robustness.mutants import changed
from xlplan.mail.letter import MOST_NESTED, MOST_PARTS
from xlplan.mail.opening import TNEF_MAGIC

Made = Iterator[bytes]
MIB = 1024 * 1024
RETURN = "回答.xlsx"


@cache
def whole_mail() -> bytes:
    """A mail with nothing wrong in it."""
    return mail({RETURN: good(), "案内.pdf": b"%PDF-1.7"})


@cache
def whole_zip() -> bytes:
    """A zip with nothing wrong in it."""
    return packed({RETURN: good()}, encoding="cp932")


@cache
def whole_message() -> bytes:
    """A message of Outlook with nothing wrong in it."""
    return outlook({RETURN: good()})


def names() -> Made:
    """Files whose names lead elsewhere, are devices of Windows, or none at all."""
    odd = [
        "../../x.xlsx",
        "/etc/x.xlsx",
        "C:\\x.xlsx",
        "\\\\server\\x.xlsx",
        "..",
        "CON.xlsx",
        "NUL",
        "a/./b.xlsx",
    ]
    odd += ["x" * 300 + ".xlsx", "\u202ex.xlsx", " .xlsx", "x.xlsx."]
    yield from (packed({name: good()}, encoding="utf-8") for name in odd)
    yield from (mail({name: good()}) for name in odd)
    yield from (outlook({name: good()}) for name in odd)
    for raw in (b"\xff\xfe.xlsx", b"\x1b$B\x1b$B", b"=?x?B?\xff?=", b"''", b"a\0b.xlsx"):
        yield old_mail(b'filename="' + raw + b'"', good())
        yield old_mail(b"filename*=" + raw, good())


def bombs() -> Made:
    """Small letters that grow, in one step or in many."""
    yield packed({RETURN: bytes(64 * MIB)})
    yield mail({"a.zip": packed({RETURN: bytes(64 * MIB)})})
    nested = packed({RETURN: good()})
    for at in range(12):
        nested = packed({f"{at}.zip": nested})
        yield nested
        yield mail({"a.zip": nested})
    wide = packed({f"{at}.txt": b"x" for at in range(200)})
    yield packed({f"{at}.zip": wide for at in range(200)})
    yield mail({f"{at}.txt": b"x" for at in range(1000)})
    yield mail({f"{at}.xlsx": b"x" for at in range(MOST_PARTS + 1)})
    yield outlook({f"{at}.txt": b"x" for at in range(MOST_PARTS + 1)})
    forwarded = whole_mail()
    for _ in range(MOST_NESTED + 3):
        forwarded = mail({"a.eml": forwarded})
        yield forwarded


def broken() -> Made:
    """Mails cut short, with bytes changed, and parts within parts without end."""
    data = whole_mail()
    yield from (data[: len(data) * part // 25] for part in range(1, 25))
    yield from (changed(data, Random(seed)) for seed in range(60))
    head = data.index(b"\r\n\r\n")
    yield from (changed(data[:head], Random(seed)) + data[head:] for seed in range(60))
    for depth in (10, 100, 1000, 5000):
        lines = [b"From: a@b.example", b"To: c@d.example"]
        for at in range(depth):
            lines += [b'Content-Type: multipart/mixed; boundary="%d"' % at, b"", b"--%d" % at]
        yield b"\r\n".join(lines)
    yield data.replace(b"base64", b"quoted-printable")
    yield data.replace(b"base64", b"x-uuencode")
    yield data.replace(b"base64", b"7bit")
    yield data.replace(b"boundary=", b"border=")


def other_types() -> Made:
    """Attachments that say they are something else, or are."""
    for kind in (
        b"image/png",
        b"text/plain",
        b"message/rfc822",
        b"multipart/mixed",
        b"application/pdf",
        b"x",
        b"",
    ):
        yield old_mail(b'filename="a.xlsx"', good()).replace(b"application/octet-stream", kind)
    for name in (b"a.png", b"a.eml", b"a.zip", b"a.msg", b"winmail.dat", b"a"):
        yield old_mail(b'filename="' + name + b'"', good())
    for content in (b"", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\3\4", b"PK\5\6" + bytes(18), b"From: \n"):
        yield mail({RETURN: content})
        yield packed({RETURN: content, "b.zip": content, "c.eml": content})
    yield mail({"winmail.dat": TNEF_MAGIC + bytes(100)})
    yield mail({RETURN: good(), "winmail.dat": TNEF_MAGIC + bytes(100)})


def zips() -> Made:
    """Zips cut short, with bytes changed, locked."""
    data = whole_zip()
    yield from (data[: len(data) * part // 25] for part in range(1, 25))
    yield from (changed(data, Random(seed)) for seed in range(60))
    locked_up = locked(RETURN, good(), b"abc")
    yield locked_up
    yield from (changed(locked_up, Random(seed)) for seed in range(20))
    yield from (packed({RETURN: good()}, method=method) for method in (0, 12, 14))


def messages() -> Made:
    """Messages of Outlook cut short, with bytes changed, within each other."""
    data = whole_message()
    yield data
    yield from (data[: len(data) * part // 25] for part in range(1, 25))
    yield from (changed(data, Random(seed)) for seed in range(60))
    yield from (changed(data[:1024], Random(seed)) + data[1024:] for seed in range(40))
    inner = message({RETURN: good()})
    for _ in range(MOST_NESTED + 3):
        inner = message({}, inner=inner)
        yield compound(inner)


LETTERS = {
    "letters: names that lead elsewhere": names,
    "letters: bombs, letters within letters, a thousand files": bombs,
    "letters: broken MIME": broken,
    "letters: attachments of another kind": other_types,
    "letters: zips cut short, locked, mutants": zips,
    "letters: .msg cut short, mutants": messages,
}
