"""Where the files of one city's plan lie: every folder and file name is made here and nowhere else.

my-city/
  plan.xlsx                     or plan/ with CSV files
  お読みください.html            or README.html: where things stand, and how to go on
  plan-<period>.xlsx            as it was before it was rolled over (plan-<period>/ with CSV files)
  workbooks/<period>/issued/    one workbook per department
  workbooks/<period>/preview/   forms that are only to be looked at
  workbooks/<period>/set-aside/ issued workbooks that somebody has typed into, before they were issued again
  workbooks/<period>/inbox/     what came by mail or shared folder
  workbooks/<period>/returned/  every received file, untouched
  workbooks/<period>/returned/refused/  those that are no return
  workbooks/<period>/returned/letters/  the mails and zips that brought them
  workbooks/<period>/outbox/    what is to be sent now: the same form with its findings, drafts of letters
  workbooks/<period>/sent-back/ such forms that are not to be sent any more
  workbooks/<period>/published/<version>/  what was fixed when the round was closed, and corrected since
  workbooks/<period>/summary.xlsx, and summary.html where a page was asked for
  workbooks/ledger.sqlite
  workbooks/ledger.lock         while a run writes
  workbooks/backup/             copies of the ledger
  workbooks/decisions.jsonl     what the office decided, once more
"""

import os.path
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from xlplan.language.errors import ErrorKey, UsageError
from xlplan.language.messages import text
from xlplan.language.privacy import masked
from xlplan.language.text import fold, safe_file_name
from xlplan.store.files import files_in
from xlplan.store.progress import Activity, Listener, Progress, unheard

HASH_DIGITS = 12
"""Digits of the SHA-256 in an archive's name: enough to find the file by its receipt."""
MAX_PART = 24
"""Characters of a department's id or name in an archive's name, so that the rest of it is never cut."""
MAX_SUFFIX = 5
"""Characters of a file's ending after its point, such as .xlsx; a longer one is not an ending."""

PAGE = ".html"
"""The ending of a summary that is a page."""

SPREADSHEETS = (".xlsx", ".xlsm", ".xltx", ".xls", ".xlsb", ".ods")
"""The endings of files in which a plan may have been saved."""

LETTERS = (".eml", ".msg", ".zip")
"""The endings of mails and zips."""
INBOX_DEPTH = 3
"""How deep folders in the inbox are looked into."""

NOT_RETURNS = ("~$", ".~lock.", "._")
"""How the names of lock files (Excel, LibreOffice) and of macOS's companions of files begin."""
NOT_YET_RETURNS = (".tmp", ".temp", ".part", ".partial", ".crdownload", ".download", ".swp")
"""How the names of files end that are still being saved, copied or downloaded."""
NOT_RETURNS_NAMED = {"thumbs.db", "desktop.ini", ".ds_store"}


@dataclass(frozen=True, slots=True)
class BesideLedger:
    """What lies beside a ledger: its lock file, the folder of its copies, the decisions once more."""

    lock: Path
    backup: Path
    decisions: Path


def beside(ledger: Path) -> BesideLedger:
    """What lies beside a ledger."""
    folder = ledger.parent
    return BesideLedger(ledger.with_suffix(".lock"), folder / "backup", folder / "decisions.jsonl")


def holds_plan(folder: Path) -> bool:
    """Whether a plan is kept in a folder: as plan.xlsx, or as CSV files in plan/."""
    return os.path.isfile(folder / "plan.xlsx") or any((folder / "plan").glob("*.csv"))


def folder_above(folder: Path) -> Path | None:
    """The nearest folder above one without a plan that holds a plan, as a way from there (..); None where none does."""
    with suppress(OSError):  # a folder above that may not be looked into, or one that is gone
        if not holds_plan(folder):
            start = folder.resolve()
            found = next((above for above in start.parents if holds_plan(above)), None)
            return Path(os.path.relpath(found, start)) if found else None
    return None


@dataclass(frozen=True, slots=True)
class Workspace:
    """The folder of one plan. Nothing is made or read by asking for a path, `definition` apart.

    Attributes:
        root: The folder.
        on_progress: Is told how far a stage that is at work in it is.
    """

    root: Path
    on_progress: Listener = field(default=unheard, compare=False, repr=False)

    def recorded(self) -> None:
        """Tell that what was done counts from now on."""
        self.on_progress(Progress(Activity.RECORDED, 1, 1))

    def find_definition(self) -> Path:
        """plan.xlsx, or the folder plan/, whichever is there.

        Raises:
            UsageError: there are both, or neither: then it names the file that may have been meant.
        """
        book, folder = self.root / "plan.xlsx", self.root / "plan"
        match os.path.isfile(book), os.path.isdir(folder):
            case True, False:
                return book
            case False, True:
                return folder
            case True, True:
                raise UsageError(ErrorKey.TWO_PLANS, path=self.root)
        raise self._no_plan()

    def _no_plan(self) -> UsageError:
        if os.path.isfile(self.root):
            return UsageError(ErrorKey.DIR_IS_FILE, path=self.root, folder=self.root.parent)
        books = [
            path
            for path in (self.returns_in(self.root) if os.path.isdir(self.root) else ())
            if path.suffix.lower() in SPREADSHEETS
        ]
        called = [path for path in books if fold(path.stem).startswith(("plan", "計画"))]
        meant = called or books[: 1 if len(books) == 1 else 0]
        named = [path for path in meant if path.suffix.lower() == ".xlsx"]
        if named:
            return UsageError(
                ErrorKey.PLAN_OTHER_NAME, path=self.root, found=" / ".join(path.name for path in named)
            )
        if meant:
            return UsageError(
                ErrorKey.PLAN_OTHER_KIND, path=self.root, found=" / ".join(path.name for path in meant)
            )
        return UsageError(ErrorKey.NO_PLAN, path=self.root)

    def kept_definition(self, period: str) -> Path:
        """Where the plan as it was before a rollover is kept; a name that nothing bears yet.

        Args:
            period: Id of the round after which the plan was rolled over.

        Returns:
            plan-R7.xlsx, or the folder plan-R7; then plan-R7-2 and so on.
        """
        definition = self.find_definition()
        stem = f"{definition.stem}-{period}"
        names = (safe_file_name(stem if number == 1 else f"{stem}-{number}") for number in count(1))
        paths = (definition.with_name(name + definition.suffix) for name in names)
        return next(path for path in paths if not os.path.lexists(path))

    def readme(self, language: str) -> Path:
        """The page about the folder, in the `language` of its plan."""
        return self.root / text("status.page.file", language)

    @property
    def ledger_path(self) -> Path:
        """The ledger, of all periods."""
        return self.root / "workbooks" / "ledger.sqlite"

    def issued(self, period: str) -> Path:
        """The folder of the workbooks that go out, one per department."""
        return self._of(period) / "issued"

    def preview(self, period: str) -> Path:
        """The folder of the forms that are only to be looked at."""
        return self._of(period) / "preview"

    def set_aside(self, period: str) -> Path:
        """The folder that keeps issued workbooks that were no longer as issued when they were issued again."""
        return self._of(period) / "set-aside"

    def inbox(self, period: str) -> Path:
        """The folder where returns are put to be received."""
        return self._of(period) / "inbox"

    def returned(self, period: str) -> Path:
        """The folder that keeps every received file, untouched."""
        return self._of(period) / "returned"

    def refused(self, period: str) -> Path:
        """The folder that keeps the received files that are no return."""
        return self.returned(period) / "refused"

    def letters(self, period: str) -> Path:
        """The folder that keeps the mails and zips that brought returns."""
        return self.returned(period) / "letters"

    def letter(self, period: str, file_name: str, sha256: str) -> Path:
        """Where a letter is kept, a mail or a zip that brought returns: `照会の回答_9f86d081884c.eml`.

        Args:
            period: The id of its round.
            file_name: The name of its file; numbers and addresses of persons in it are masked.
            sha256: Of its bytes, in hexadecimal digits.
        """
        stem, dot, ending = file_name.rpartition(".")
        tail = f"_{sha256[:HASH_DIGITS]}"
        if dot and f".{ending.lower()}" in LETTERS:
            return self.letters(period) / safe_file_name(masked(stem), f"{tail}.{ending.lower()}")
        return self.letters(period) / safe_file_name(masked(file_name), tail)

    @staticmethod
    def refused_name(file_name: str, sha256: str) -> str:
        """The name under which one of them is kept: `回答一式_zip_9f86d081884c`.

        Without an ending: a double click opens none of them, and some may have been sent to do harm. Numbers and
        addresses of persons in it are masked.
        """
        return safe_file_name(masked(file_name).replace(".", "_"), f"_{sha256[:HASH_DIGITS]}")

    def landing(self, period: str, sha256: str) -> Path:
        """Where a received file is kept while nobody knows yet what it is."""
        return self.returned(period) / sha256

    def outbox(self, period: str) -> Path:
        """What is to be sent now: the same form with its findings, drafts of letters."""
        return self._of(period) / "outbox"

    def sent_back(self, period: str) -> Path:
        """Such forms that are not to be sent any more."""
        return self._of(period) / "sent-back"

    def summary(self, period: str, *, draft: bool = False) -> Path:
        """The summary workbook."""
        # a draft never takes the place of a summary that is final
        return self._of(period) / ("summary-draft.xlsx" if draft else "summary.xlsx")

    def page(self, period: str, *, draft: bool = False) -> Path:
        """The summary as a page."""
        return self.summary(period, draft=draft).with_suffix(PAGE)

    def published(self, period: str, version: int) -> Path:
        """The folder of a version of what was fixed when the round was closed."""
        return self._of(period) / "published" / str(version)

    def kept(self) -> list[Path]:
        """Every file in the folders of issued, received and published files, of all periods, sorted by name."""
        found = (
            *self.ledger_path.parent.glob("*/issued/*"),
            *self.ledger_path.parent.glob("*/returned/**/*"),
            *self.ledger_path.parent.glob("*/published/*/*"),
        )
        return sorted(path for path in found if path.is_file() and not is_litter(path.name))

    def relative(self, path: Path) -> str:
        """`path` from the root, with `/` on every system, as the ledger keeps it; an outside path whole."""
        absolute, root = (Path(os.path.abspath(place)) for place in (path, self.root))
        return (absolute.relative_to(root) if absolute.is_relative_to(root) else absolute).as_posix()

    @staticmethod
    def archive_name(
        department_id: str, department_name: str, attempt: int, sha256: str, original_suffix: str
    ) -> str:
        """The name under which a received file is kept: `it_情報政策課_02_9f86d081884c.xlsx`.

        Args:
            department_id: whose return it is.
            department_name: its name.
            attempt: which of its returns, from 1.
            sha256: of its bytes, in hexadecimal digits.
            original_suffix: the ending of the file as it came, with its point; left out of the name unless plain.

        Returns:
            A name that every system takes.
        """
        who = "_".join(part[:MAX_PART] for part in (department_id, department_name) if part)
        ending = original_suffix.lower().removeprefix(".")
        plain = ending.isascii() and ending.isalnum() and len(ending) <= MAX_SUFFIX
        stem = f"{who}_{attempt:02d}_{sha256[:HASH_DIGITS]}"
        return safe_file_name(f"{stem}.{ending}" if plain else stem)

    @staticmethod
    def returns_in(folder: Path) -> list[Path]:
        """The files in `folder` that may be returns, sorted by name.

        Left out: lock files, temporary files, what the system itself puts into folders, sub-folders and links.
        Everything else is a candidate, whatever its ending.

        Raises:
            FileError: the folder cannot be read.
        """
        return [path for path in files_in(folder) if not is_litter(path.name)]

    @staticmethod
    def folders_below(folder: Path, depth: int = INBOX_DEPTH) -> tuple[list[Path], list[Path]]:
        """The folders in `folder`, itself among them, that are looked into, and those that lie too deep.

        Args:
            folder: The folder.
            depth: How many levels below it are looked into.

        Returns:
            Those that are looked into, and of the others those with any file in them; links are not followed.
        """
        found, level = [folder], [folder]
        for _ in range(depth):
            level = sorted(inner for outer in level for inner in _folders_in(outer))
            found += level
        deeper = sorted(inner for outer in level for inner in _folders_in(outer))
        return found, [path for path in deeper if any(inner.is_file() for inner in path.rglob("*"))]

    @staticmethod
    def links_in(folder: Path) -> list[Path]:
        """The links in `folder` to files and folders elsewhere, which nobody follows, sorted by name.

        Left out: what `returns_in` leaves out by its name, and the lock files of Emacs, which are links.
        """
        found = [path for path in folder.iterdir() if _is_link(path)] if folder.is_dir() else []
        return sorted(path for path in found if not is_litter(path.name) and not path.name.startswith(".#"))

    def _of(self, period: str) -> Path:
        return self.root / "workbooks" / safe_file_name(period)


def _folders_in(folder: Path) -> list[Path]:
    """The folders in a folder, links apart; none in one that is not there."""
    if not folder.is_dir():
        return []
    return [path for path in folder.iterdir() if path.is_dir() and not _is_link(path)]


def _is_link(path: Path) -> bool:
    """Whether it is a symbolic link, or a junction of Windows."""
    return path.is_symlink() or bool(getattr(path, "is_junction", bool)())


def is_litter(name: str) -> bool:
    """Whether a file of this name is what programs and systems leave lying about."""
    plain = name.lower()
    return plain.startswith(NOT_RETURNS) or plain.endswith(NOT_YET_RETURNS) or plain in NOT_RETURNS_NAMED
