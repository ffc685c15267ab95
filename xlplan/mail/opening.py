"""A letter and everything in it, opened within limits. What it brings is sorted; nothing of it is judged or written."""

import io
import struct
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from xlplan.mail.archives import changed_at, files_in, is_archive, name_of, need_small, unpacked
from xlplan.mail.letter import (
    MAX_INFLATED_BYTES,
    MOST_NAMES,
    MOST_NESTED,
    MOST_PARTS,
    Enclosure,
    Fault,
    LetterKind,
    NotOpenedError,
    OpenedLetter,
)
from xlplan.mail.messages import HEAD_BYTES, Mail, is_mail, is_outlook, mail_in, outlook_mail_in
from xlplan.mail.words import folders
from xlplan.model.safety import SafetyCode
from xlplan.spreadsheet.container import ZIP_MAGIC
from xlplan.spreadsheet.safety.inspection import OLE_MAGIC
from xlplan.spreadsheet.safety.limits import MAX_FILE_BYTES, MIB
from xlplan.store.workspace import SPREADSHEETS, is_litter

TNEF_MAGIC = struct.pack("<L", 0x223E9F78)  # [MS-OXTNEF] 2.1.3.1
_OLE_WORKBOOKS = ("Workbook", "Book", "EncryptedPackage")
_LITTER_FOLDER = "__MACOSX"


@dataclass(frozen=True, slots=True)
class LetterOpener:
    """What is needed to open letters, light enough to be sent to another process: what may open a locked zip."""

    passwords: tuple[str, ...] = ()

    def open(self, name: str, data: bytes) -> OpenedLetter | None:
        """Open a letter.

        Args:
            name: Its file's name.
            data: Its bytes.

        Returns:
            What it brings; None where it is no letter after all.
        """
        try:
            if is_archive(name, io.BytesIO(data)):
                return self._walked(OpenedLetter(LetterKind.ARCHIVE), [Enclosure((name,), data)])
            mail = _mail(name, data)
        except NotOpenedError as fault:
            return OpenedLetter(LetterKind.MAIL, faults=(Fault(fault.code, params=fault.params),))
        if mail is None:
            return None
        opened = OpenedLetter(LetterKind.MAIL, mail.sender, mail.address, mail.subject, mail.sent_at)
        return self._walked(opened, mail.parts)

    def _walked(self, opened: OpenedLetter, parts: Sequence[Enclosure]) -> OpenedLetter:
        """The letter with what is in it, where that is not more than is allowed."""
        walk = _Walk(self.passwords, whole=opened.kind is LetterKind.ARCHIVE)
        try:
            for part in parts:
                walk.take(part)
        except NotOpenedError as fault:
            return replace(opened, faults=(Fault(fault.code, params=fault.params),))
        found = (tuple(walk.workbooks), tuple(walk.others), tuple(walk.faults))
        return replace(opened, workbooks=found[0], others=found[1], faults=found[2])


@dataclass(slots=True)
class _Walk:
    """One way through a letter: what was found so far. `whole` says that the first part is the letter itself."""

    passwords: tuple[str, ...]
    whole: bool = False
    workbooks: list[Enclosure] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    count: int = 0
    inflated: int = 0
    names: Counter[tuple[str, ...]] = field(default_factory=Counter)

    def take(self, part: Enclosure) -> None:
        """Sort a part, and what is in it.

        Raises:
            NotOpenedError: there is more than is allowed, or the letter itself cannot be opened.
        """
        is_letter, self.whole = self.whole, False
        named = _named(part, is_letter=is_letter)
        self.count += 1
        self.inflated += len(part.data)
        if self.count > MOST_PARTS:
            raise NotOpenedError(SafetyCode.LETTER_MANY, limit=MOST_PARTS)
        if self.inflated > MAX_INFLATED_BYTES:
            raise NotOpenedError(SafetyCode.LETTER_INFLATES, limit=MAX_INFLATED_BYTES // MIB)
        try:
            self._sort(part, named)
        except NotOpenedError as fault:
            if is_letter or fault.code in (SafetyCode.LETTER_MANY, SafetyCode.LETTER_INFLATES):
                raise
            self.faults.append(Fault(fault.code, "/".join(named), fault.params))

    def _sort(self, part: Enclosure, named: tuple[str, ...]) -> None:
        """Take a part for what it is: a letter, a workbook or something else.

        Raises:
            NotOpenedError: it is not opened.
        """
        name, data = part.names[-1] if part.names else "", part.data
        if part.depth > MOST_NESTED:
            raise NotOpenedError(SafetyCode.LETTER_DEEP, limit=MOST_NESTED)
        if part.decoration or _is_litter(named):
            self._other(part, named)
        elif data.startswith(TNEF_MAGIC):
            raise NotOpenedError(SafetyCode.LETTER_TNEF)
        elif is_archive(name, io.BytesIO(data)):
            for inner in self._of_archive(part, named):
                self.take(inner)
        elif mail := _mail(name, data):
            for inner in mail.parts:
                self.take(_within(inner, named, part.depth + 1))
        elif _is_workbook(name, data):
            self._workbook(part, named)
        else:
            self._other(part, named)

    def _of_archive(self, part: Enclosure, named: tuple[str, ...]) -> Iterator[Enclosure]:
        """The files in a zip.

        Raises:
            NotOpenedError: it cannot be opened, or holds more than is allowed.
        """
        entries = files_in(io.BytesIO(part.data))
        if self.count + len(entries) > MOST_PARTS:
            raise NotOpenedError(SafetyCode.LETTER_MANY, limit=MOST_PARTS)
        need_small(entries)
        for entry, data in unpacked(part.data, entries, self.passwords):
            inside = Enclosure(folders(name_of(entry)), data, changed_at(entry))
            yield _within(inside, named, part.depth + bool(named))

    def _workbook(self, part: Enclosure, named: tuple[str, ...]) -> None:
        """Keep a workbook, under a name that no other has.

        Raises:
            NotOpenedError: it is too large.
        """
        if len(part.data) > MAX_FILE_BYTES:
            raise NotOpenedError(SafetyCode.LETTER_LARGE, limit=MAX_FILE_BYTES // MIB)
        *above, name = named
        self.names[named] += 1
        if (number := self.names[named]) > 1:
            stem, dot, ending = name.rpartition(".")
            name = f"{stem}_{number}{dot}{ending}" if stem else f"{name}_{number}"
        self.workbooks.append(Enclosure((*above, name), part.data, part.changed))

    def _other(self, part: Enclosure, named: tuple[str, ...]) -> None:
        """Name what is no return; what systems put into folders is nobody's."""
        if not _is_litter(named):
            self.others.append("/".join(named))


def _within(part: Enclosure, named: tuple[str, ...], depth: int) -> Enclosure:
    """A part of what lies in a letter, as one of the letter."""
    return Enclosure((*named, *part.names), part.data, part.changed, part.decoration, depth + part.depth)


def _named(part: Enclosure, *, is_letter: bool) -> tuple[str, ...]:
    """The name of a part, behind those in which it lies; none for the letter itself."""
    if is_letter:
        return ()
    found = tuple(name for given in part.names for name in folders(given))
    return found[-MOST_NAMES:] or ("attachment",)


def _mail(name: str, data: bytes) -> Mail | None:
    """A mail, read; None where the file is none.

    Raises:
        NotOpenedError: it cannot be read.
        MemoryError: there is too little memory: that ends the process, which is told as that.
    """
    read: Callable[[bytes], Mail | None]
    if is_outlook(name, data):
        read = outlook_mail_in
    elif is_mail(name, data[:HEAD_BYTES]):
        read = mail_in
    else:
        return None
    try:
        return read(data)
    except MemoryError:
        raise
    except RecursionError:
        raise NotOpenedError(SafetyCode.LETTER_DEEP, limit=MOST_NESTED) from None
    except Exception:  # every kind comes out of the libraries for bytes that were made to harm
        raise NotOpenedError(SafetyCode.LETTER_DAMAGED) from None


def _is_workbook(name: str, data: bytes) -> bool:
    """Whether a file is to be judged: by its name or by what it is."""
    if name.lower().endswith(SPREADSHEETS):
        return True
    if data.startswith(OLE_MAGIC):
        return any(f"{stream}\0".encode("utf-16-le") in data for stream in _OLE_WORKBOOKS)
    if not data.startswith(ZIP_MAGIC):
        return False
    try:
        entries = files_in(io.BytesIO(data))
    except NotOpenedError:
        return False
    return any(entry.filename.lower().startswith("xl/") for entry in entries) or _is_ods(data)


def _is_ods(data: bytes) -> bool:
    return b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet" in data[:256]


def _is_litter(named: tuple[str, ...]) -> bool:
    """Whether a file is what programs and systems leave in folders."""
    return bool(named) and (_LITTER_FOLDER in named or is_litter(named[-1]))
