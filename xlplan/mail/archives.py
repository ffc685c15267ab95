"""Zips as programs make them: names in CP932 or UTF-8, a password; what inflates to more than is allowed is refused."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import BinaryIO

from xlplan.mail.letter import MAX_INFLATED_BYTES, MOST_PARTS, NotOpenedError
from xlplan.mail.words import FIRST_YEAR, decoded
from xlplan.model.safety import SafetyCode
from xlplan.spreadsheet.container import END, LOCAL, MIN_RATIO, RATIO_FROM_BYTES, UTF8_FLAG, ZIP_MAGIC
from xlplan.spreadsheet.safety.limits import MIB

FIRST_PART = b"[Content_Types].xml"
"""What a workbook begins with, as Excel and most programs write it."""
EMPTY_ZIP = b"PK\x05\x06"
MAX_DIRECTORY_BYTES = 2 * MIB
"""The directory at the end: 4 KB for each file allowed."""
ENCRYPTED = 0x1
STRONG = 0x40
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
CHUNK_BYTES = 64 * 1024
_PACKAGES = {"[content_types].xml", "mimetype", "content.xml"}
"""What makes a zip a document of Office or OpenDocument."""

Files = Sequence[zipfile.ZipInfo]


def is_archive(name: str, file: BinaryIO) -> bool:
    """Whether a file is a zip that brings other files, and not a workbook or document, which are zips as well.

    Args:
        name: The file's name: of one that cannot be read it decides.
        file: The file, which is read at its end only.
    """
    file.seek(0)
    begin = file.read(LOCAL.size + len(FIRST_PART))
    if begin.startswith(ZIP_MAGIC) and begin[LOCAL.size :] == FIRST_PART:
        return False  # nearly all workbooks: nothing else of them need be read
    if not begin.startswith((ZIP_MAGIC, EMPTY_ZIP)):
        return False
    try:
        entries = files_in(file)
    except NotOpenedError:
        return name.lower().endswith(".zip")
    return not any(entry.filename.lower() in _PACKAGES for entry in entries)


def files_in(file: BinaryIO) -> Files:
    """What the directory of a zip names, folders apart.

    Args:
        file: The zip.

    Raises:
        NotOpenedError: it is none, or names more than is allowed.
    """
    _need_small_directory(file)
    try:
        with zipfile.ZipFile(file) as archive:
            found = [entry for entry in archive.infolist() if not entry.filename.endswith("/")]
    except (zipfile.BadZipFile, OSError, ValueError, struct.error, NotImplementedError, OverflowError):
        raise NotOpenedError(SafetyCode.LETTER_DAMAGED) from None
    return found


def _need_small_directory(file: BinaryIO) -> None:
    """Stop before the library reads a directory without end, or one that is not where it says.

    Raises:
        NotOpenedError: it is too long, or there is none.
    """
    length = file.seek(0, io.SEEK_END)
    file.seek(max(0, length - END.size - 0xFFFF))
    tail = file.read()
    at = tail.rfind(EMPTY_ZIP)
    if at < 0 or at + END.size > len(tail):
        raise NotOpenedError(SafetyCode.LETTER_DAMAGED)
    *_, size, start, comment = END.unpack_from(tail, at)
    place = length - len(tail) + at
    if (start + size, place + END.size + comment) != (place, length):  # something in front or behind
        raise NotOpenedError(SafetyCode.LETTER_DAMAGED)
    if size > MAX_DIRECTORY_BYTES:
        raise NotOpenedError(SafetyCode.LETTER_MANY, limit=MOST_PARTS)


def name_of(entry: zipfile.ZipInfo) -> str:
    """The name of a file in a zip, with its folders: where no flag says that it is UTF-8 it may be in CP932."""
    if entry.flag_bits & UTF8_FLAG:
        return entry.orig_filename
    return decoded(entry.orig_filename.encode("cp437", "replace"))


def changed_at(entry: zipfile.ZipInfo) -> datetime | None:
    """When a file in a zip was changed last; None where the zip does not say so."""
    try:
        moment = datetime(*entry.date_time)
    except ValueError:
        return None
    return moment if moment.year >= FIRST_YEAR else None


def need_small(entries: Files) -> None:
    """Stop before anything is inflated.

    Args:
        entries: What the zip names.

    Raises:
        NotOpenedError: it is more than is allowed, or grows as no file of an office does.
    """
    total = sum(entry.file_size for entry in entries)
    grown = any(
        entry.file_size > RATIO_FROM_BYTES and entry.compress_size < entry.file_size * MIN_RATIO
        for entry in entries
    )
    if total > MAX_INFLATED_BYTES or grown:
        raise NotOpenedError(SafetyCode.LETTER_INFLATES, limit=MAX_INFLATED_BYTES // MIB)


def unpacked(
    data: bytes, entries: Files, passwords: Sequence[str]
) -> Iterator[tuple[zipfile.ZipInfo, bytes]]:
    """The files of a zip with their bytes, one after the other.

    Args:
        data: The zip.
        entries: Which of its files.
        passwords: What may open it.

    Yields:
        Each file, whole and with the right checksum.

    Raises:
        NotOpenedError: one is damaged, is encrypted or packed in a way that is not known, or none of the passwords
            is the right one.
    """
    tried = [word for typed in passwords for word in dict.fromkeys(_as_bytes(typed))]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for entry in entries:
            if entry.compress_type not in METHODS or entry.flag_bits & STRONG:
                raise NotOpenedError(SafetyCode.LETTER_METHOD)
            if not entry.flag_bits & ENCRYPTED:
                content = _content(archive, entry, None)
                if content is None:
                    raise NotOpenedError(SafetyCode.LETTER_DAMAGED)
                yield entry, content
                continue
            opened = ((word, _content(archive, entry, word)) for word in tried)
            found = next((pair for pair in opened if pair[1] is not None), None)
            if found is None or found[1] is None:
                raise NotOpenedError(SafetyCode.LETTER_PASSWORD)
            tried = [found[0], *(word for word in tried if word != found[0])]
            yield entry, found[1]


def _as_bytes(password: str) -> Iterator[bytes]:
    """A password as programs take it."""
    for encoding in ("cp932", "utf-8"):
        yield password.encode(encoding, "replace")


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, password: bytes | None) -> bytes | None:
    """The bytes of a file; None where they cannot be had, or the password is another one."""
    try:
        with archive.open(
            entry, pwd=password
        ) as file:  # gives no more than the directory says, and the sum is checked
            return b"".join(iter(lambda: file.read(CHUNK_BYTES), b""))
    except (zipfile.BadZipFile, RuntimeError, zlib.error, EOFError, OSError, ValueError, struct.error):
        return None
