"""What changes nothing, for one folder: the part of `city.City` that reads, judges and tells."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from os import PathLike
from pathlib import Path

from xlplan.definition.reading import Definition
from xlplan.model.plan import Plan
from xlplan.stages.changes import ChangesResult, changes
from xlplan.stages.check import check
from xlplan.stages.frames import Frames
from xlplan.stages.lint import lint
from xlplan.stages.mend import MendResult, mend
from xlplan.stages.received import ReceiveResult
from xlplan.stages.reconcile import ReconcileResult, reconcile
from xlplan.stages.status import StatusResult, status
from xlplan.stages.verify import VerifyResult, verify

Files = str | PathLike[str] | Iterable[str | PathLike[str]]
"""One file or several."""


def paths_of(files: Files) -> Sequence[Path]:
    """The paths of one file or several."""
    return [Path(files)] if isinstance(files, str | PathLike) else [Path(file) for file in files]


def words_of(passwords: str | Iterable[str]) -> Sequence[str]:
    """The passwords, one or several."""
    return [*filter(None, [passwords])] if isinstance(passwords, str) else list(passwords)


class Looking(Frames):
    """What is asked of a folder without changing what is recorded.

    Attributes:
        on_wait: Called once where another run is at work in the folder and a stage waits for it.
    """

    on_wait: Callable[[], object]

    @property
    def plan(self) -> Plan:
        """The plan as its tables have it now. Raises DefinitionError where they hold errors."""
        return self.lint().usable()

    def lint(self) -> Definition:
        """Read the plan's tables and tell everything that is wrong with them: `findings` of the result."""
        return lint(self._space)

    def check(
        self,
        files: Files,
        *,
        period: str | None = None,
        department: str | None = None,
        passwords: str | Iterable[str] = (),
    ) -> ReceiveResult:
        """Judge returns without recording anything.

        Args:
            files: The returns, or mails and zips with returns in them.
            period: The round of which they must be; each file's own where None.
            department: The department whose returns they are, also where a workbook no longer says so.
            passwords: What may open a zip that is locked: one or several.
        """
        words = words_of(passwords)
        return check(self._space, paths_of(files), period=period, department=department, passwords=words)

    def mend(
        self,
        files: Files,
        *,
        period: str | None = None,
        department: str | None = None,
        passwords: str | Iterable[str] = (),
        now: datetime | None = None,
    ) -> MendResult:
        """Write the values of damaged or rearranged returns into fresh forms beside them. Nothing is recorded.

        Args:
            files: The returns, or mails and zips with returns in them.
            period: The round of which they must be; each file's own where None.
            department: The department whose returns they are, also where a workbook no longer says so.
            passwords: What may open a zip that is locked: one or several.
            now: The moment that the fresh forms bear.
        """
        words = words_of(passwords)
        return mend(
            self._space, paths_of(files), period=period, department=department, passwords=words, now=now
        )

    def status(self, period: str | None = None, *, now: datetime | None = None) -> StatusResult:
        """How each department stands in a round, on the day of `now`. Nothing is changed."""
        return status(self._space, period, now=now)

    def changes(self, start: str | None = None) -> ChangesResult:
        """What differs between the plan as it stood for the round `start`, by default the last issued, and now."""
        return changes(self._space, start)

    def reconcile(self, period: str | None = None) -> ReconcileResult:
        """Compare the figures of summary.xlsx with those already in print (the table `published`)."""
        return reconcile(self._space, period)

    def verify(self, *, deep: bool = False) -> VerifyResult:
        """Hold every file that was issued, received or made against the ledger, and that against its seals.

        Nothing is changed.

        Args:
            deep: Whether the kept returns are read again, and their answers held against those that the ledger has.
        """
        return verify(self._space, deep=deep, on_wait=self.on_wait)
