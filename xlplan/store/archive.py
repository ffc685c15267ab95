"""The archive: what must not be lost, kept under its hash.

Every received file is kept before anything looks into it, and then under its name; so is an issued workbook into which
somebody typed where it lies, before it is issued again in its place.
"""

from collections.abc import Container, Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from xlplan.language.text import safe_file_name
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding, told_of
from xlplan.model.issue import Issued
from xlplan.model.item import Period
from xlplan.model.submission import MadeSummary, Receipt, RefusedFile
from xlplan.store.files import (
    copy_file,
    move_file,
    not_as_kept,
    sha256,
    sha256_of,
    sweep,
    sync_folders,
    write_bytes,
)
from xlplan.store.ledger import Ledger
from xlplan.store.letters import letters
from xlplan.store.opened import need_closed
from xlplan.store.workspace import HASH_DIGITS, Workspace


class Refused(NamedTuple):
    """A file that is no return: where it is kept, the number under which it may count, what else there is to tell."""

    path: Path
    attempt: int = 0
    findings: tuple[Finding, ...] = ()


def attempts_of(ledger: Ledger, period: str) -> dict[str, int]:
    """The last number of an attempt of each department in a round, by its id: received, or kept aside."""
    query = "SELECT department, MAX(attempt) FROM receipts WHERE period = ? GROUP BY department"
    found: dict[str, int] = dict(ledger.entries(lambda row: (row[0], row[1]), query, period))
    for refusal in ledger.refusals(period):
        department = refusal.finding.department
        found[department] = max(refusal.attempt, found.get(department, 0))
    return found


class Archive:
    """Where the files that one run receives are kept. To be used in that run's turn with the ledger.

    With an `owner`, a department's id, only what was received as its return was received before: a workbook may hold
    the sheets of several.
    """

    def __init__(
        self, space: Workspace, period: Period, ledger: Ledger, now: datetime, owner: str = ""
    ) -> None:
        self.space, self.period, self.ledger, self.now, self.owner = space, period, ledger, now, owner
        self._folders = (space.returned(period.id), space.refused(period.id), space.letters(period.id))
        sweep(*self._folders, space.outbox(period.id))
        self._returned = ledger.archives(period.id, owner)
        self._refused = {
            (refusal.sha256, refusal.finding.code): refusal for refusal in ledger.refusals(period.id)
        }
        self._kept = {refusal.sha256: space.root / refusal.archive for refusal in self._refused.values()}
        self._letters = {letter.sha256: space.root / letter.archive for letter in letters(ledger, period.id)}
        self._kept |= self._letters
        self._new: list[RefusedFile] = []
        self._attempts = attempts_of(ledger, period.id)
        self._landed: set[str] = set()
        self._lock = Lock()

    def keep(self, data: bytes, digest: str) -> bool:
        """Keep the bytes of a file under their hash. May be called from several threads.

        Args:
            data: the whole of the file.
            digest: their SHA-256 in hexadecimal digits.

        Returns:
            False where they are a return that was received before, else True.

        Raises:
            FileError: they cannot be written.
        """
        if archive := self._returned.get(digest):
            # whoever puts a file into the inbox again, because its copy here was lost, gets the copy back
            if not (self.space.root / archive).exists():
                write_bytes(self.space.root / archive, data)
            return False
        with self._lock:
            landed = digest in self._landed
            self._landed.add(digest)
        if not landed and not self._has(digest):
            write_bytes(self.space.landing(self.period.id, digest), data)
        return True

    def take(self, receipts: Iterable[Receipt]) -> None:
        """Give returns the names under which they are recorded."""
        for receipt in receipts:
            landing, target = (
                self.space.landing(self.period.id, receipt.sha256),
                self.space.root / receipt.archive,
            )
            if landing.exists():
                move_file(landing, target)
            else:  # what was refused once may be right today
                copy_file(self._kept[receipt.sha256], target)

    def next_attempt(self, department: str) -> int:
        """The number of the next attempt of a department, from 1; those that were kept aside have one each."""
        self._attempts[department] = self._attempts.get(department, 0) + 1
        return self._attempts[department]

    def keep_letter(self, name: str, data: bytes, digest: str) -> Path:
        """Give a letter that was kept, a mail or a zip that could be opened, its name.

        Args:
            name: The name of its file.
            data: The whole of it.
            digest: Its SHA-256.

        Returns:
            Where it is kept.

        Raises:
            FileError: It cannot be written.
        """
        target = self._letters.setdefault(digest, self.space.letter(self.period.id, name, digest))
        landing = self.space.landing(self.period.id, digest)
        if landing.exists():
            move_file(landing, target)
        elif not target.exists():
            write_bytes(target, data)
        self._kept.setdefault(digest, target)
        return target

    def refuse(self, path: Path, digest: str, finding: Finding, attempt: int = 0, name: str = "") -> Refused:
        """Keep a file that is no return.

        Args:
            path: where it lies.
            digest: its SHA-256; empty where it is too large to hold in memory.
            finding: why it is none.
            attempt: its number where the office may have it count; given back where the file has one already.
            name: under which it is told; that of its path where empty.

        Returns:
            Where it is kept, its number, and what else there is to tell: whether the same file was refused before.

        Raises:
            FileError: it cannot be read or kept.
        """
        digest = digest or self._keep_large(path)
        place = self.space.refused(self.period.id) / self.space.refused_name(path.name, digest)
        target = self._kept.setdefault(digest, place)
        landing = self.space.landing(self.period.id, digest)
        if landing.exists():
            move_file(landing, target)
        before = self._refused.get((digest, finding.code))
        if before:
            if attempt:
                self._attempts[finding.department] = attempt - 1
            params = {"moment": f"{before.received_at:%Y-%m-%d %H:%M}"}
            told = told_of(Finding(FindingCode.REFUSED_BEFORE, params=params), path.name)
            return Refused(target, before.attempt, (told,))
        kept = self.space.relative(target)
        refusal = RefusedFile(self.period.id, name or path.name, digest, self.now, kept, finding, attempt)
        self._refused[digest, finding.code] = refusal
        self._new.append(refusal)
        return Refused(target, attempt)

    def settle(self) -> None:
        """Record what was refused, and let all names outlive a power cut: the last thing before the turn ends."""
        self.ledger.record_refusals(self._new)
        sync_folders(*self._folders)

    def _has(self, digest: str) -> bool:
        """Whether a file that was refused before is still kept."""
        return digest in self._kept and self._kept[digest].exists()

    def _keep_large(self, path: Path) -> str:
        """Keep a file of any length under its hash, and give that."""
        digest = sha256_of(path)
        if self._has(digest):
            return digest
        landing = self.space.landing(self.period.id, digest)
        copy_file(path, landing)
        kept = sha256_of(landing)  # the file may still have been growing: what is kept bears its own hash
        if kept != digest:
            move_file(landing, self.space.landing(self.period.id, kept))
        return kept


def set_aside(folder: Path, paths: Iterable[Path], known: Container[str]) -> tuple[Path, ...]:
    """Move files that were changed since they were recorded out of the way.

    Each bears its hash in its name there, so that none takes another's place. One that is missing is left out.

    Args:
        folder: where they are kept.
        paths: the files.
        known: the SHA-256 of those that stay where they are.

    Returns:
        Where those that were moved are now.

    Raises:
        FileError: a file cannot be moved; `file_open` where Excel or LibreOffice holds it.
    """
    return tuple(
        _moved(path, folder, digest)
        for path in dict.fromkeys(paths)
        if path.is_file() and (digest := sha256_of(path)) not in known
    )


def stage(space: Workspace, issued: Issued, data: bytes) -> Issued:
    """Put a workbook beside its place, where `put_in_place` finds it once the ledger knows of it.

    Args:
        space: The folder of the plan.
        issued: The issue, with its file.
        data: The workbook.

    Returns:
        The issue with the workbook's hash.

    Raises:
        FileError: it cannot be written, or its place cannot be taken as a program has the file there open.
    """
    target = space.root / issued.file
    need_closed(target)
    digest = sha256(data)
    write_bytes(_staged(target, digest), data)
    return replace(issued, sha256=digest)


def put_in_place(space: Workspace, ledger: Ledger, issues: Iterable[Issued]) -> dict[str, tuple[Path, ...]]:
    """Put recorded workbooks that lie beside their places into them: also those of a run that was killed.

    What lies there, or under the department's earlier names, and is not what went out is moved aside.

    Args:
        space: The folder of the plan.
        ledger: The ledger, in a turn, with these issues.
        issues: The issues, of one round; those of which nothing lies beside the place are done.

    Returns:
        The departments whose workbook was put in its place, with where others that lay there are now.

    Raises:
        FileError: a program has a file open, or it cannot be moved.
    """
    placed: dict[str, tuple[Path, ...]] = {}
    folders: set[Path] = set()
    known: set[str] = set()
    for issued in issues:
        target = space.root / issued.file
        staged = _staged(target, issued.sha256)
        if not_as_kept(staged, issued.sha256):
            continue
        files = sorted(ledger.files_issued(issued.period, issued.department))
        known = known or ledger.hashes_issued(issued.period)
        paths = [target, *(space.root / file for file in files)]
        aside = set_aside(space.set_aside(issued.period), paths, known)
        need_closed(target)
        move_file(staged, target)
        placed[issued.department] = aside
        folders.add(target.parent)
    sync_folders(*folders)
    return placed


def _staged(target: Path, digest: str) -> Path:
    """Where a workbook lies until it is in its place: a temporary file, of no more use once it is swept away."""
    return target.with_name(f".xlplan-{digest[:16]}.tmp")


def _moved(path: Path, folder: Path, digest: str) -> Path:
    need_closed(path)
    number = 0
    while True:
        ending = f"_{digest[:HASH_DIGITS]}{f'_{number}' if number else ''}{path.suffix}"
        target = folder / safe_file_name(path.stem, ending)
        if not target.exists() or sha256_of(target) == digest:
            move_file(path, target)
            return target
        number += 1


def written_there(ledger: Ledger, path: Path, name: str) -> MadeSummary | None:
    """The summary that a file is, of those that were made in its place.

    Args:
        ledger: The ledger.
        path: The file.
        name: Its name in the ledger.

    Returns:
        The last where it is none of them: a run that was broken off may have recorded one that it did not write. None
        where none was made.
    """
    made = [summary for summary in ledger.summaries() if summary.file == name]
    if not made:
        return None
    there = (summary for summary in reversed(made) if not not_as_kept(path, summary.sha256))
    return next(there, made[-1])
