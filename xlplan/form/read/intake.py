"""Taking files in: many at a time, in processes of their own, so that none harms the run or another. Judges nothing."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import Self

from xlplan.form.read.child import Child, DeferredWork, Work
from xlplan.language.errors import ErrorKey, FileError
from xlplan.model.finding import Finding
from xlplan.model.issue import Stamp
from xlplan.model.plan import Plan
from xlplan.model.safety import SafetyCode
from xlplan.model.submission import Submission
from xlplan.spreadsheet.safety.limits import MAX_FILE_BYTES, MIB
from xlplan.store.files import modified, read_bytes, sha256, size_of
from xlplan.store.progress import Activity, Listener, Progress, unheard

FILES_A_CHILD, MOST_CHILDREN = 32, 8
ATTEMPTS = 2
"""Processes that may die of a file before it is given up: the first may have been ended by somebody else."""

OPENER = "xlplan.form.read.opening:Opener"
"""What opens the files, by its name: it is loaded in the processes that do so, and not in this one."""

Keep = Callable[[bytes, str], bool]
"""Puts the bytes of a file, and their SHA-256, in safety; whether the file is to be read."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in a letter, to be read as if it lay beside that.

    Attributes:
        path: That of the letter, and behind it where in the letter the file lies: nothing is there on disk.
        data: Its bytes.
        changed: When it was changed last at the latest: nobody writes into a file that was sent.
        letter: The path of the letter.
    """

    path: Path
    data: bytes = field(repr=False)
    changed: datetime
    letter: Path


@dataclass(frozen=True, slots=True)
class Incoming:
    """One file as it came. Either `submission` or the one `refusal` that says why it is no return.

    Neither, where it was not to be read. A file that is too large has no `data` and no `sha256`. `attached` is what it
    came as where it came in a letter.
    """

    path: Path
    data: bytes
    sha256: str
    submission: Submission | None = None
    refusal: Finding | None = None
    attached: Attachment | None = None

    @property
    def source(self) -> "Source":
        """What is to be taken in to read it again."""
        return self.attached or self.path

    @property
    def name(self) -> str:
        """The name of the file; of one in a letter behind that of the letter."""
        if self.attached is None:
            return self.path.name
        return self.path.relative_to(self.attached.letter.parent).as_posix()

    @property
    def place(self) -> Path:
        """A path beside which files may be written: its own, or that which it would have beside its letter."""
        return self.attached.letter.with_name(self.path.name) if self.attached else self.path


Source = Path | Attachment
"""A file to be taken in: where it lies, or what a letter holds."""


def changed_at(source: Source) -> datetime:
    """When a file was changed last, by this computer's clock; of an attachment the latest moment that it can have been.

    Raises:
        FileError: the file is gone or cannot be looked at.
    """
    if isinstance(source, Attachment):
        return source.changed
    return datetime.fromtimestamp(modified(source) // 10**9)


def path_of(source: Source) -> Path:
    """Where a file lies; of an attachment the path of its letter and behind it where in that it lies."""
    return source.path if isinstance(source, Attachment) else source


def take_in(paths: Sequence[Source], plan: Plan, assumed: Stamp | None = None) -> list[Incoming]:
    """Read files.

    Args:
        paths: Where the files are, or what letters hold.
        plan: The plan whose returns they may be.
        assumed: The stamp of a workbook that has none: the caller knows whose it is.

    Returns:
        The files, in the order given.

    Raises:
        FileError: One of them is missing or cannot be opened at all.
    """
    return next(take_in_batches([paths], plan, assumed=assumed))


def read_our_own(plan: Plan, name: str, data: bytes) -> Submission | Finding:
    """Read a workbook that we wrote ourselves and know by its hash: in this process.

    Args:
        plan: The plan whose form it is.
        name: The name of its file.
        data: Its bytes.

    Returns:
        What stands in it, or the finding why it cannot be read.
    """
    light = replace(plan, records=(), published=())
    read: Submission | Finding = DeferredWork(f"{OPENER}.of", (light, None), "open").made()(name, data)
    return read


def take_in_batches(
    batches: Iterable[Sequence[Source]],
    plan: Plan,
    keep: Keep | None = None,
    assumed: Stamp | None = None,
    on_progress: Listener = unheard,
) -> Iterator[list[Incoming]]:
    """Read one batch of files after the other: while one is being judged, the next is read.

    Args:
        batches: Where the files of each batch are.
        plan: The plan whose returns they may be.
        keep: Gets each file, but for those that are too large, before anything looks into it; maybe in other threads.
        assumed: The stamp of a workbook that has none: the caller knows whose it is.
        on_progress: Is told how many files are read.

    Yields:
        The files of each batch, in the order given.

    Raises:
        FileError: A file is missing or cannot be opened at all.
    """
    waiting = list(batches)
    if not waiting:
        return
    # nothing that was known of past periods helps to open a file
    light = replace(plan, records=(), published=())
    total, done = sum(map(len, waiting)), 0
    with _Children(light, assumed, _children(total), keep) as children:
        ahead: list[Future[Incoming]] = children.read(waiting[0])
        for paths in [*waiting[1:], []]:
            ready, ahead = ahead, children.read(paths)
            taken = []
            for future in ready:
                taken.append(future.result())
                on_progress(Progress(Activity.READING, done + len(taken), total))
            done += len(taken)
            yield taken


def _children(files: int) -> int:
    """How many processes to read so many files: to start one takes as long as to read thirty."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(cores, MOST_CHILDREN, files // FILES_A_CHILD))


def _taken(source: Source, children: "_Children", keep: Keep | None) -> Incoming:
    path = path_of(source)
    attached = source if isinstance(source, Attachment) else None
    try:
        data = attached.data if attached else read_bytes(path, MAX_FILE_BYTES)
    except FileError as fault:
        if fault.key != ErrorKey.FILE_TOO_LARGE:
            raise
        params = {"size": -(-size_of(path) // MIB), "limit": MAX_FILE_BYTES // MIB}
        refusal = Finding(SafetyCode.TOO_LARGE, file=path.name, params=params)
        return Incoming(path, b"", "", refusal=refusal)
    came = Incoming(path, data, sha256(data), attached=attached)
    if keep and not keep(data, came.sha256):
        return came
    found = children.open(path.name, data)
    return replace(came, refusal=found) if isinstance(found, Finding) else replace(came, submission=found)


class _Children:
    """Processes that open files, and as many threads that ask them."""

    def __init__(self, plan: Plan, assumed: Stamp | None, count: int, keep: Keep | None) -> None:
        self._plan, self._assumed = plan, assumed
        self._keep = keep
        self._threads = ThreadPoolExecutor(count)
        self._idle: SimpleQueue[Child | None] = SimpleQueue()
        for _ in range(count):
            self._idle.put(None)
        self._count = count
        self._busy: set[Child] = set()
        self._leaving = False
        self._here: Work | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *fault: object) -> None:
        """End the processes, also in the middle of their work: after Ctrl+C, or a fault of another file."""
        self._leaving = True
        for child in list(self._busy):
            child.kill()
        self._threads.shutdown(cancel_futures=True)
        for _ in range(self._count):
            if idle := self._idle.get():
                idle.kill()

    def read(self, paths: Sequence[Source]) -> list[Future[Incoming]]:
        """Begin to read files."""
        return [self._threads.submit(partial(_taken, path, self, self._keep)) for path in paths]

    def open(self, name: str, data: bytes) -> Submission | Finding:
        """What a process says of a file; a finding where the file ends two of them.

        Raises:
            CancelledError: the processes were ended while one had the file.
        """
        for _ in range(ATTEMPTS):
            child = self._idle.get() or self._started()
            if child is None:
                return self._opened_here(name, data)
            self._busy.add(child)
            kept: Child | None = None
            try:
                found: Submission | Finding = child.ask(name, data)
                kept = child
                return found
            except (ChildProcessError, TimeoutError) as fault:
                if self._leaving:
                    raise CancelledError from None
                if isinstance(fault, TimeoutError):
                    return Finding(SafetyCode.SLOW, file=name)
            finally:
                self._busy.discard(child)
                if kept is None:
                    child.kill()
                self._idle.put(kept)
        return Finding(SafetyCode.STOPPED, file=name)

    def _started(self) -> Child | None:
        """A new process; None where the system allows no more."""
        try:
            return Child(self._work("open_alone"))
        except OSError:
            self._idle.put(None)
            return None

    def _work(self, method: str) -> DeferredWork:
        return DeferredWork(f"{OPENER}.of", (self._plan, self._assumed), method)

    def _opened_here(self, name: str, data: bytes) -> Submission | Finding:
        """The same as `open`, in this process, where the system allows no other."""
        if self._here is None:
            self._here = self._work("open").made()
        found: Submission | Finding = self._here(name, data)
        return found
