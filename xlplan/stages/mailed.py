"""What came by mail: letters among the files of a run, opened; what is in them, judged as if it lay beside them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from xlplan.form.read.child import Child, DeferredWork
from xlplan.form.read.intake import ATTEMPTS, Attachment, Keep, Source, changed_at
from xlplan.language.errors import FileError
from xlplan.language.privacy import masked
from xlplan.language.text import fold
from xlplan.mail.archives import is_archive
from xlplan.mail.letter import Fault, LetterKind, OpenedLetter
from xlplan.mail.messages import HEAD_BYTES, is_mail, is_outlook
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding, listed, told_of
from xlplan.model.plan import Plan
from xlplan.model.safety import SafetyCode
from xlplan.model.submission import LetterPart, PartKind, ReceivedLetter
from xlplan.spreadsheet.safety.inspection import OLE_MAGIC
from xlplan.spreadsheet.safety.limits import MAX_FILE_BYTES
from xlplan.stages.received import FileState, LetterLine, ReceivedFile
from xlplan.store.archive import Archive
from xlplan.store.files import modified, opened, read_bytes, sha256, size_of
from xlplan.store.letters import record_letter
from xlplan.store.workspace import INBOX_DEPTH, Workspace

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


NOTHING = "―"
"""Stands for what a letter does not say."""


@dataclass(frozen=True, slots=True)
class OpenedFiles:
    """The files of one run, the letters among them opened.

    Attributes:
        plan: The plan.
        files: Each file in the order given: a letter with what is in it, of all others the path.
        archive: Where letters are kept and recorded; None where nothing is.
    """

    plan: Plan
    files: tuple[Path | LetterFile, ...]
    archive: Archive | None = None

    @classmethod
    def opened(
        cls, plan: Plan, paths: Sequence[Path], passwords: Sequence[str] = (), archive: Archive | None = None
    ) -> "OpenedFiles":
        """Open the letters among files.

        Args:
            plan: The plan.
            paths: Where the files are.
            passwords: What may open a zip that is locked.
            archive: Where letters are kept and recorded; None where nothing is.

        Raises:
            FileError: A file is missing or cannot be opened at all.
        """
        keep = archive.keep if archive else None
        return cls(plan, tuple(with_letters_opened(paths, passwords, keep)), archive)

    def sources(self) -> list[Source]:
        """Everything that is to be judged: the files, and those in letters, in the order given."""
        found: list[Source] = []
        for file in self.files:
            found += attachments(file) if isinstance(file, LetterFile) else [file]
        return found

    def told(self) -> Iterator[tuple[Path, tuple[Finding, ...]]]:
        """The letters of which something is told, with that."""
        for file in self.files:
            if isinstance(file, LetterFile) and (findings := findings_of(file, self.plan)):
                yield file.path, tuple(told_of(finding, file.path.name) for finding in findings)

    def lines(self, judged: Sequence[ReceivedFile]) -> list[ReceivedFile]:
        """What became of everything: of each letter what became of what is in it, and what is told of itself.

        Args:
            judged: What became of each of the `sources`, in their order.
        """
        return list(self._lines(iter(judged)))

    def _lines(self, judged: Iterator[ReceivedFile]) -> Iterator[ReceivedFile]:
        for file in self.files:
            if not isinstance(file, LetterFile):
                yield next(judged)
                continue
            letter, own = self._received(file)
            if own:
                yield own
            for _ in file.letter.workbooks:
                yield replace(next(judged), letter=letter)

    def _received(self, file: LetterFile) -> tuple[LetterLine, ReceivedFile | None]:
        """A letter, kept and recorded where there is an archive; with a line of its own where it has faults."""
        archive, letter = self.archive, file.letter
        unopened = any(not fault.name for fault in letter.faults)
        kept = None
        if archive and not unopened:
            kept = archive.keep_letter(file.path.name, file.data, file.sha256)
            at = archive.space.relative(kept)
            made = recorded_letter(self.plan, file, archive.period.id, archive.now, at)
            record_letter(archive.ledger, made)
        line = LetterLine(
            file.path,
            letter.kind is LetterKind.MAIL,
            sender_of(letter, self.plan),
            masked(letter.subject),
            letter.sent_at,
            tuple(map(masked, letter.others)),
            kept,
        )
        findings = [told_of(finding, file.path.name) for finding in findings_of(file, self.plan)]
        if not findings:
            return line, None
        told, place = list(findings), kept
        refused = [archive.refuse(file.path, file.sha256, finding) for finding in findings] if archive else []
        if refused:
            place, told = refused[-1].path, [*findings, *refused[0].findings]
        own = ReceivedFile(file.path, FileState.REFUSED, findings=tuple(told), archive=place, letter=line)
        return line, own


def recorded_letter(
    plan: Plan, file: LetterFile, period: str, received_at: datetime, archive: str
) -> ReceivedLetter:
    """A letter as the ledger keeps it.

    Args:
        plan: The plan, whose departments' addresses are known.
        file: The letter.
        period: The id of the round for which it was received.
        received_at: When.
        archive: Where it is kept, relative to the workspace.
    """
    letter = file.letter
    workbooks = [
        LetterPart("/".join(part.names), sha256(part.data), PartKind.WORKBOOK) for part in letter.workbooks
    ]
    others = [LetterPart(name, "", PartKind.OTHER) for name in letter.others]
    who, parts = sender_of(letter, plan), (*workbooks, *others)
    name, digest = file.path.name, file.sha256
    return ReceivedLetter(
        period, name, digest, received_at, archive, who, letter.subject, letter.sent_at, parts
    )


def waiting_in(space: Workspace, inbox: Path) -> tuple[list[ReceivedFile], list[Path]]:
    """What is told of links and deep folders in an inbox, into which nobody looks, and the files in it and its folders.

    Args:
        space: The folder of the plan.
        inbox: The inbox.
    """
    folders, deep = space.folders_below(inbox)
    links = [path for folder in folders for path in space.links_in(folder)]
    closed = [(path, Finding(FindingCode.INBOX_FOLDER, params={"limit": INBOX_DEPTH})) for path in deep]
    closed += [(path, Finding(FindingCode.INBOX_LINK)) for path in links]
    told = [
        ReceivedFile(path, FileState.REFUSED, findings=(told_of(finding, path.name),))
        for path, finding in closed
    ]
    return told, [path for folder in folders for path in space.returns_in(folder)]


def attachments(file: LetterFile) -> list[Attachment]:
    """The workbooks in a letter, each as if it lay beside that.

    Each was changed last when the letter was sent, when the zip says so, or when the letter's file was changed, as its
    folder says: nobody writes into a file after any of them, so that the earliest says most.
    """
    moments = [moment for moment in (file.letter.sent_at, changed_at(file.path)) if moment]
    return [
        Attachment(
            file.path.joinpath(*part.names),
            part.data,
            min(moments + ([part.changed] if part.changed else [])),
            file.path,
        )
        for part in file.letter.workbooks
    ]


def findings_of(file: LetterFile, plan: Plan) -> list[Finding]:
    """What is wrong with a letter: what in it was not opened, one finding a kind; or that it brings no return.

    Args:
        file: The letter.
        plan: The plan, whose departments may have sent it.
    """
    letter, found = file.letter, []
    for code in dict.fromkeys(fault.code for fault in letter.faults):
        faults = [fault for fault in letter.faults if fault.code is code]
        names = listed([fault.name or file.path.name for fault in faults])
        found.append(Finding(code, params=code.picked({"names": names, **faults[0].params})))
    if not found and not letter.workbooks:
        sender = sender_of(letter, plan) or NOTHING
        names = listed(letter.others) or (NOTHING,)
        params = {"sender": sender, "subject": letter.subject or NOTHING, "names": names}
        found.append(Finding(FindingCode.LETTER_NO_RETURN, params=params))
    return found


def sender_of(letter: OpenedLetter, plan: Plan) -> str:
    """Who sent a letter, numbers and addresses of persons masked: the department whose address it is, else as it says.

    Args:
        letter: The letter.
        plan: The plan.
    """
    owners = (department for department in plan.departments if department.email)
    address = fold(letter.address)
    owner = next((department.name for department in owners if fold(department.email) == address), "")
    name = owner or letter.sender
    if not letter.address:
        return masked(name)
    return masked(f"{name} <{letter.address}>" if name and name != letter.address else letter.address)


def moment_of(source: Source) -> tuple[int, str]:
    """By which files are put in the order in which they were worked at: when each was changed, then its name."""
    if isinstance(source, Attachment):
        return int(source.changed.timestamp()) * 10**9, source.path.name
    return modified(source), source.name


# --- opening ---


def with_letters_opened(
    paths: Iterable[Path], passwords: Sequence[str] = (), keep: Keep | None = None
) -> Iterator[Path | LetterFile]:
    """Open the letters among files; the others are looked at by whoever reads them.

    Args:
        paths: Where the files are.
        passwords: What may open a zip that is locked.
        keep: Gets each letter before anything looks into it.

    Yields:
        Each file, in the order given: a letter with what is in it, of all others the path.

    Raises:
        FileError: A file is missing or cannot be opened at all.
    """
    work = DeferredWork(OPENER, (tuple(passwords),), "open")
    process = _Process(work)
    try:
        for path in paths:
            yield (_opened_letter(path, process, keep) if may_be_letter(path) else None) or path
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
            return is_outlook(path.name, begin + file.read(MAX_FILE_BYTES))
        return is_archive(path.name, file) if begin.startswith(b"PK") else is_mail(path.name, begin)


def _opened_letter(path: Path, process: "_Process", keep: Keep | None) -> LetterFile | None:
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
    digest = sha256(data)
    if keep:
        keep(data, digest)
    letter = process.open(path.name, data)
    return LetterFile(path, data, digest, letter) if letter else None


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
