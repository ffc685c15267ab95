"""What is written in the heads of mails and the names of files, whatever mail program wrote it in whichever way.

RFC 2047 and 2231 say how; much of what Japanese programs write follows neither: bytes of CP932 or ISO-2022-JP as they
are, encoded words within quotation marks. What cannot be known is shown as well as can be.
"""

import re
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from typing import Any

FIRST_YEAR = 1990
"""Before it nobody sent a form by mail: a clock that was never set."""
MAX_NAME = 200
"""Characters of a name or subject."""

_GUESSES = ("ascii", "utf-8", "cp932")
_JIS = ("iso2022_jp", "iso2022_jp_ext", "iso2022_jp_2004")
_WIDER = {"shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "ms_kanji": "cp932"}
"""Names of an encoding under which programs write signs that only a wider one has."""
_ENCODED = re.compile(r"=\?[^?\s]+\?[bBqQ]\?[^?]*\?=")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


def decoded(raw: bytes, charset: str = "") -> str:
    """Bytes as text, in the encoding that is named or in that which fits.

    Args:
        raw: The bytes.
        charset: The name of their encoding; empty where none is told.
    """
    named = charset.strip().lower().replace("unknown-8bit", "")
    jis = _JIS if b"\x1b$" in raw or b"\x1b(" in raw or named.startswith("iso-2022-jp") else ()
    for encoding in (*jis, *([_WIDER.get(named, named)] if named and not jis else []), *_GUESSES):
        try:
            return raw.decode(encoding)
        except (UnicodeError, LookupError):
            continue
    return raw.decode("cp932", "replace")


def in_one_line(text: str) -> str:
    """Text without line ends and controls, cut where it is longer than anybody reads."""
    line = " ".join(_CONTROLS.sub(" ", text).split())
    return line if len(line) <= MAX_NAME else f"{line[: MAX_NAME - 1]}…"


def words_of(written: str) -> str:
    """A piece of a mail's head with its encoded words read."""
    if not _ENCODED.search(written):
        return written
    try:
        pieces: list[tuple[Any, str | None]] = decode_header(written)
    except (HeaderParseError, ValueError):
        return written
    words = [piece if isinstance(piece, str) else decoded(piece, charset or "") for piece, charset in pieces]
    return "".join(words) or written


def raw_head(message: Message, name: str) -> str:
    """A line of a mail's head, its bytes read as text, its encoded words not yet; empty where there is none."""
    for key, value in message.raw_items():
        if key.lower() == name:
            return decoded(str(value).encode("utf-8", "surrogateescape"))
    return ""


def head(message: Message, name: str) -> str:
    """A line of a mail's head in words."""
    return in_one_line(words_of(raw_head(message, name)))


def address_in(written: str) -> tuple[str, str]:
    """The name and the address of a sender, as a line of a mail's head has them."""
    name, address = parseaddr(" ".join(written.split()))
    return in_one_line(words_of(name)), in_one_line(address)


def moment_in(written: str) -> datetime | None:
    """The moment in a line of a mail's head, by this computer's clock; None where there is none to be had."""
    try:
        moment = parsedate_to_datetime(written)
        if written.rstrip().endswith("-0000"):  # UTC, by a clock that does not know its zone (RFC 5322, 3.3)
            moment = moment.replace(tzinfo=UTC)
        return as_local(moment)
    except (TypeError, ValueError, OverflowError, IndexError):
        return None


def as_local(moment: datetime) -> datetime | None:
    """A moment by this computer's clock, in whole seconds; None where no clock can have said so."""
    if not FIRST_YEAR <= moment.year < datetime.max.year:
        return None
    return moment.astimezone().replace(tzinfo=None, microsecond=0)


def file_name(part: Message) -> str:
    """The name under which a part of a mail was attached; empty where it has none."""
    for header, param in (("content-disposition", "filename"), ("content-type", "name")):
        written = raw_head(part, header)
        if not written:
            continue
        again = Message()
        again[header] = written.replace("\r", "").replace("\n", "")
        found = again.get_param(param, header=header)
        if isinstance(found, tuple):  # RFC 2231: encoding, language, bytes
            return in_one_line(decoded(found[2].encode("latin-1", "replace"), found[0] or ""))
        if found:
            return in_one_line(words_of(str(found)))
    return ""


def folders(name: str) -> tuple[str, ...]:
    """The folders and the name in a path, whichever system wrote it: nothing in it leads anywhere."""
    parts = (in_one_line(part).replace(":", "_") for part in re.split(r"[/\\]", name))
    return tuple(part for part in parts if part.strip(". "))
