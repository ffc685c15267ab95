"""Mails as programs save them: .eml (RFC 5322, MIME) and Outlook's .msg ([MS-OXMSG])."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import Message
from typing import TYPE_CHECKING

from xlplan.mail.letter import MOST_NESTED, Enclosure
from xlplan.mail.words import (
    address_in,
    as_local,
    decoded,
    file_name,
    head,
    in_one_line,
    moment_in,
    raw_head,
    words_of,
)
from xlplan.spreadsheet.safety.inspection import OLE_MAGIC

if TYPE_CHECKING:
    from oxmsg.storage import Storage

HEAD_BYTES = 64 * 1024
"""How far into a file is looked for the head of a mail."""
MOST_MULTIPARTS = 30
"""How deep the parts of one mail may lie in each other: a mail program makes four."""
_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:|[ \t]|From ")
_OF_MAILS = {b"from", b"to", b"date", b"subject", b"received", b"return-path", b"message-id", b"mime-version"}
_LEAST_FIELDS = 2
_SIGNATURES = ("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature")
_PICTURE = (".png", ".gif", ".jpg", ".jpeg", ".bmp", ".emz", ".wmz")


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail, and the files that are attached to it or to mails within it."""

    sender: str
    address: str
    subject: str
    sent_at: datetime | None
    parts: tuple[Enclosure, ...]


def is_mail(name: str, begin: bytes) -> bool:
    """Whether a file is an .eml, by how it begins: whatever its name says, but .eml is taken at its word.

    Args:
        name: The file's name.
        begin: Its first HEAD_BYTES.
    """
    if name.lower().endswith(".eml"):
        return not begin.startswith((b"PK", OLE_MAGIC))
    fields = set()
    for line in begin.removeprefix(b"\xef\xbb\xbf").splitlines():
        found = _FIELD.match(line)
        if not found:
            break
        fields.add((found[1] or b"").lower())
    return len(fields & _OF_MAILS) >= _LEAST_FIELDS


def is_outlook(name: str, data: bytes) -> bool:
    """Whether a file may be an .msg: a compound file of that name, or with the properties of a message in it.

    Args:
        name: The file's name.
        data: Its bytes.
    """
    named = name.lower().endswith(".msg")
    return data.startswith(OLE_MAGIC) and (named or _PROPERTIES.encode("utf-16-le") in data)


# --- .eml ------------------------------------------------------------------------------------------


def mail_in(data: bytes) -> Mail:
    """An .eml, read. What is broken in it is read as far as can be.

    Args:
        data: Its bytes.

    Raises:
        RecursionError: its parts lie in each other too deep.
    """
    message = message_from_bytes(data, policy=policy.compat32)
    sender, address = address_in(raw_head(message, "from"))
    moment = moment_in(raw_head(message, "date"))
    return Mail(sender, address, head(message, "subject"), moment, tuple(_attached(message, (), 0, 0)))


def _attached(message: Message, names: tuple[str, ...], depth: int, level: int) -> Iterator[Enclosure]:
    """The files attached to a mail; `names` are the mails in which it lies, `level` counts parts within parts.

    Raises:
        RecursionError: they lie in each other too deep.
    """
    if level > MOST_MULTIPARTS:
        raise RecursionError(level)
    kind = message.get_content_type()
    payload = message.get_payload()
    inner = [part for part in payload if isinstance(part, Message)] if isinstance(payload, list) else []
    name = file_name(message)
    if kind == "message/rfc822" and inner:
        mail = inner[0]
        called = (*names, name or head(mail, "subject") or kind)
        if depth < MOST_NESTED:
            yield from _attached(mail, called, depth + 1, level + 1)
        else:
            yield Enclosure(called, b"", depth=depth + 1)
    elif isinstance(payload, list):
        for part in inner:
            yield from _attached(part, names, depth, level + 1)
    elif name or message.get_content_maintype() not in ("text", "multipart"):
        content = message.get_payload(decode=True)
        called = (*names, name or kind)
        yield Enclosure(
            called, content if isinstance(content, bytes) else b"", None, _decorates(message), depth
        )


def _decorates(message: Message) -> bool:
    """Whether a part belongs to the look of the text, or signs it."""
    if message.get_content_type() in _SIGNATURES:
        return True
    inline = raw_head(message, "content-disposition").lower().startswith("inline")
    return message.get_content_maintype() == "image" and (inline or "content-id" in message)


# --- .msg: numbers of properties are those of [MS-OXPROPS] -----------------------------------------

_SUBJECT, _HEAD, _SENDER, _SMTP, _ADDRESS = 0x0037, 0x007D, 0x0C1A, 0x5D01, 0x0C1F
_SUBMITTED, _DELIVERED = 0x0039, 0x0E06
_LONG_NAME, _SHORT_NAME, _SHOWN_NAME, _CONTENT_ID = 0x3707, 0x3704, 0x3001, 0x3712
_DATA = "__substg1.0_37010102"
_EMBEDDED = "__substg1.0_3701000D"
_PROPERTIES = "__properties_version1.0"


def outlook_mail_in(data: bytes) -> Mail | None:
    """An .msg, read; None where the compound file is something else.

    Args:
        data: Its bytes.

    Raises:
        Exception: whatever the library raises for bytes that were made to harm.
    """
    import io  # with the library: few files need it

    import olefile
    from oxmsg.storage import Storage

    with olefile.OleFileIO(io.BytesIO(data)) as file:
        if not file.exists(_PROPERTIES):
            return None
        root = Storage.from_ole(file)
    written = message_from_bytes(_text(root, _HEAD).encode("utf-8", "replace"), policy=policy.compat32)
    sender, address = address_in(raw_head(written, "from"))
    address = address or _text(root, _SMTP) or _text(root, _ADDRESS)
    moment = _sent(root) or moment_in(raw_head(written, "date"))
    parts = tuple(_attached_in(root, (), 0))
    return Mail(
        in_one_line(sender or words_of(_text(root, _SENDER))),
        in_one_line(address) if "@" in address else "",
        in_one_line(_text(root, _SUBJECT)),
        moment,
        parts,
    )


def _attached_in(storage: "Storage", names: tuple[str, ...], depth: int) -> Iterator[Enclosure]:
    """The files attached to a message, and to those within it."""
    for attached in storage.iter_attachment_storages():
        named = (_text(attached, number) for number in (_LONG_NAME, _SHORT_NAME, _SHOWN_NAME))
        called = (*names, in_one_line(next(filter(None, named), "")) or "attachment")
        message = next((inner for inner in attached.storages if inner.name == _EMBEDDED), None)
        streams = _streams(attached)
        if message is not None and _PROPERTIES in _streams(message) and depth < MOST_NESTED:
            yield from _attached_in(message, called, depth + 1)
        elif message is not None:
            yield Enclosure(called, b"", depth=depth + (_PROPERTIES in _streams(message)))
        else:
            decoration = bool(_text(attached, _CONTENT_ID)) and called[-1].lower().endswith(_PICTURE)
            yield Enclosure(called, streams.get(_DATA, b""), None, decoration, depth)


def _streams(storage: "Storage") -> Mapping[str, bytes]:
    return {stream.name: stream.bytes_ for stream in storage.streams}


def _text(storage: "Storage", number: int) -> str:
    """A property that is a text: in UTF-16, or in the code page of whoever wrote it, which is not always told."""
    streams = _streams(storage)
    wide = streams.get(f"__substg1.0_{number:04X}001F")
    if wide is not None:
        return wide.decode("utf-16-le", "replace").rstrip("\0")
    return decoded(streams.get(f"__substg1.0_{number:04X}001E", b"")).rstrip("\0")


def _sent(root: "Storage") -> datetime | None:
    """When the message was sent, by this computer's clock; None where it does not say so."""
    from oxmsg.domain.model import MSG_HDR_OFFSET
    from oxmsg.properties import Properties

    properties = Properties(root, properties_header_offset=MSG_HDR_OFFSET)
    for number in (_SUBMITTED, _DELIVERED):
        try:
            found = properties.date_prop_value(number)
        except Exception:  # every kind comes out of the library: the letter says no moment then
            continue
        if isinstance(found, datetime):
            return as_local(found)
    return None
