"""Letters among the files that came in: each opened in a process with limits, so that none harms the run."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from xlplan.form.read.child import Child, DeferredWork
from xlplan.form.read.intake import ATTEMPTS
from xlplan.language.errors import FileError
from xlplan.mail.archives import is_archive
from xlplan.mail.letter import Fault, LetterKind, OpenedLetter
from xlplan.mail.messages import HEAD_BYTES, is_mail, is_outlook
from xlplan.model.safety import SafetyCode
from xlplan.spreadsheet.safety.inspection import OLE_MAGIC
from xlplan.spreadsheet.safety.limits import MAX_FILE_BYTES
from xlplan.store.files import opened, read_bytes, sha256, size_of

OPENER = "xlplan.mail.opening:LetterOpener"
"""What opens letters, by its name: it is loaded in the process that does so, and not in this one."""


@dataclass(frozen=True, slots=True)
class LetterFile:
    """One letter as it came.

    Attributes:
        path: Where its file lies.
        data: Its bytes.
        sha256: Their hash, in hexadecimal.
        letter: What is in it.
    """

    path: Path
    data: bytes = field(repr=False)
    sha256: str
    letter: OpenedLetter


def with_letters_opened(paths: Iterable[Path], passwords: Sequence[str] = ()) -> Iterator[Path | LetterFile]:
    """Open the letters among files; the others are looked at by whoever reads them.

    Args:
        paths: Where the files are.
        passwords: What may open a zip that is locked.

    Yields:
        Each file, in the order given: a letter with what is in it, of all others the path.

    Raises:
        FileError: A file is missing or cannot be opened at all.
    """
    work = DeferredWork(OPENER, (tuple(passwords),), "open")
    process = _Process(work)
    try:
        for path in paths:
            yield (_opened_letter(path, process) if may_be_letter(path) else None) or path
    finally:
        process.end()


def may_be_letter(path: Path) -> bool:
    """Whether a file may be a mail or a zip that brings others, by how it begins and what a zip's directory names.

    Args:
        path: The file. Of one that is too large to be opened nothing is said.

    Raises:
        FileError: It is missing or cannot be opened at all.
    """
    if size_of(path) > MAX_FILE_BYTES:
        return False
    with opened(path) as file:
        begin = file.read(HEAD_BYTES)
        if begin.startswith(OLE_MAGIC):
            return is_outlook(begin + file.read(MAX_FILE_BYTES))
        return is_archive(path.name, file) if begin.startswith(b"PK") else is_mail(path.name, begin)


def _opened_letter(path: Path, process: "_Process") -> LetterFile | None:
    """A letter with what is in it; None where it is none after all.

    Raises:
        FileError: its file cannot be read.
    """
    try:
        data = read_bytes(path, MAX_FILE_BYTES)
    except FileError:
        if size_of(path) > MAX_FILE_BYTES:
            return None  # it has grown since: whoever reads it says so
        raise
    letter = process.open(path.name, data)
    return LetterFile(path, data, sha256(data), letter) if letter else None


@dataclass(slots=True)
class _Process:
    """The process that opens letters, begun with the first of them and again where it died of one."""

    work: DeferredWork
    child: Child | None = None

    def open(self, name: str, data: bytes) -> OpenedLetter | None:
        """What is in a letter; None where it is none."""
        kind = LetterKind.ARCHIVE if data.startswith(b"PK") else LetterKind.MAIL
        for _ in range(ATTEMPTS):
            try:
                self.child = self.child or Child(self.work)
                found: OpenedLetter | None = self.child.ask(name, data)
                return found
            except TimeoutError:
                self.end()
                return OpenedLetter(kind, faults=(Fault(SafetyCode.SLOW),))
            except ChildProcessError:
                self.end()
            except OSError:  # the system allows no other process
                here: OpenedLetter | None = self.work.made()(name, data)
                return here
        return OpenedLetter(kind, faults=(Fault(SafetyCode.STOPPED),))

    def end(self) -> None:
        """End the process, if there is one."""
        if self.child:
            self.child.kill()
        self.child = None
