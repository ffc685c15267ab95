"""The stages of the year for one folder: what `xlplan.open` gives, and the command line calls."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from os import PathLike, fspath
from pathlib import Path

from xlplan.language.errors import XlplanError
from xlplan.stages.afterwards import OfficeIssueResult, issue_office
from xlplan.stages.close import CloseResult, close
from xlplan.stages.consolidate import ConsolidateResult, consolidate
from xlplan.stages.correct import correct
from xlplan.stages.correct_from import correct_from
from xlplan.stages.correct_plan import correct_plan
from xlplan.stages.correcting import CorrectResult
from xlplan.stages.deciding import UndoResult
from xlplan.stages.decisions import Decisions
from xlplan.stages.issue import IssueResult, issue
from xlplan.stages.judge_again import RejudgeResult, rejudge
from xlplan.stages.letters import LettersResult, letters
from xlplan.stages.looking import Files, paths_of, words_of
from xlplan.stages.readme import rewriting
from xlplan.stages.rebuild import RebuildResult, rebuild
from xlplan.stages.receive import receive
from xlplan.stages.received import ReceiveResult
from xlplan.stages.rollover import RolloverResult, rollover
from xlplan.stages.undo import undo
from xlplan.stages.unlock import UnlockResult, unlock
from xlplan.stages.wanted import Wanted
from xlplan.store.progress import Listener, unheard


@rewriting
class City(Decisions):
    """One city's folder, and the stages of its year. `open` makes it; by itself it looks at nothing.

    The plan is read anew by each stage, so that it may be edited between them. Everywhere:

    - `period` is the round, by the period's id or label or by a fiscal year (H26, 平成26年度, 2014). Where it is None
      it is the round at hand: the latest that was issued.
    - `department` and `departments` are ids or names.
    - `files` is one path or several.
    - `now` is the moment of the stage; where it is None the clock's.
    - `by` is who decides; where it is empty the system's user. `reason` is why, as the summary shows it.
    - With `only_show` it is only shown what would be done.

    Every stage raises UsageError for an argument that cannot be meant, DefinitionError where the plan's tables cannot
    be used, FileError for a file that cannot be read or written, LedgerError where the ledger is locked or damaged.
    All of them are XlplanErrors. What is wrong with a return is no error but a Finding in the result.

    A stage that records anything rewrites README.html, お読みください.html, in the folder: where things stand.

    Attributes:
        folder: The folder.
        on_wait: Called once where another run is at work in the folder and a stage waits for it.
        on_readme: Called with what stands in the way where that page cannot be written; the stage is done all the same.
        on_progress: Is told how far a stage is, step by step, in the thread that runs it.
    """

    def __init__(
        self,
        folder: str | PathLike[str] = ".",
        *,
        on_wait: Callable[[], object] = lambda: None,
        on_readme: Callable[[XlplanError], object] = lambda fault: None,
        on_progress: Listener = unheard,
    ) -> None:
        self.folder = Path(folder)
        self.on_wait, self.on_readme, self.on_progress = on_wait, on_readme, on_progress

    def __repr__(self) -> str:
        return f"City({fspath(self.folder)!r})"

    def issue(
        self,
        period: str | None = None,
        *,
        departments: str | Iterable[str] = (),
        due: date | str | None = None,
        now: datetime | None = None,
    ) -> IssueResult:
        """Write each department's workbook into workbooks/<period>/issued and record it.

        Args:
            period: The round to issue, which must be named: UsageError where it is None.
            departments: One department or several; all that answer where there are none.
            due: The day on which the returns are due, as a date or as people write it (2015-05-29, 平成27年5月29日).
                Without one, a department that was issued before keeps the day it was given.
            now: The moment of the issue.
        """
        names = [departments] if isinstance(departments, str) else departments
        return issue(self._space, period, departments=names, due=due, now=now, on_wait=self.on_wait)

    def issue_office(self, period: str | None = None, *, now: datetime | None = None) -> OfficeIssueResult:
        """Write the office's own workbook, for what it fills in after the answers, beside those of the departments."""
        return issue_office(self._space, period, now=now, on_wait=self.on_wait)

    def receive(
        self,
        files: Files = (),
        *,
        period: str | None = None,
        department: str | None = None,
        passwords: str | Iterable[str] = (),
        replace: bool = False,
        by: str = "",
        now: datetime | None = None,
    ) -> ReceiveResult:
        """Keep, judge and record returns; one with errors gets a workbook that goes back, in the outbox.

        Args:
            files: The returns, or mails and zips with returns in them; without any, everything in
                workbooks/<period>/inbox and in folders within it.
            period: The round.
            department: The department whose returns they are, also where a workbook no longer says so.
            passwords: What may open a zip that is locked: one or several.
            replace: Whether the files count also where they are older than the accepted return, or not answered.
            by: Who entered what stands in the office's own workbook; the system's user where it is empty.
            now: The moment at which they are received.
        """
        return receive(
            self._space,
            paths_of(files),
            period=period,
            department=department,
            passwords=words_of(passwords),
            replace=replace,
            by=by,
            now=now,
            on_wait=self.on_wait,
        )

    def consolidate(
        self,
        period: str | None = None,
        *,
        draft: bool = False,
        html: bool = False,
        now: datetime | None = None,
    ) -> ConsolidateResult:
        """Make the accepted returns summary.xlsx. While a return is open its `path` is None and nothing is written.

        With `draft` one is made, marked as such, while returns are open; with `html` summary.html, a page of it for any
        browser, as well. `period` and `now` as everywhere.
        """
        return consolidate(self._space, period, draft=draft, html=html, now=now, on_wait=self.on_wait)

    def letters(
        self,
        period: str | None = None,
        *,
        kinds: str | Iterable[str] = (),
        departments: str | Iterable[str] = (),
        due_in: int | None = None,
        again: bool = False,
        now: datetime | None = None,
    ) -> LettersResult:
        """Write drafts of the letters that are to be sent now into the outbox. Nothing is sent.

        Args:
            period: The round.
            kinds: Kinds of letter, each wherever it applies: distribution, reminder, overdue, sent_back, thanks.
                Without any, each department gets the one that is due and was not written yet.
            departments: One department or several; all where there are none.
            due_in: Reminders go to those whose return is due within so many working days; None for no reminders.
            again: Whether what was written before is written again.
            now: The moment.
        """
        wanted, names = ([named] if isinstance(named, str) else named for named in (kinds, departments))
        more = {"kinds": wanted, "departments": names}
        return letters(self._space, period, due_in=due_in, again=again, now=now, on_wait=self.on_wait, **more)

    def close(self, period: str | None = None, *, by: str = "", now: datetime | None = None) -> CloseResult:
        """Fix the summary of a round as a version of its own. While a return is open its `made` is None.

        From then on the round takes no more returns, and nothing of it follows the plan's tables. `period`, `by` and
        `now` as everywhere.
        """
        return close(self._space, period, by=by, now=now, on_wait=self.on_wait)

    def correct(
        self,
        field: str,
        value: object,
        *,
        reason: str,
        item: str = "",
        form: str = "",
        department: str = "",
        row: int = 0,
        period: str | None = None,
        by: str = "",
        now: datetime | None = None,
    ) -> CorrectResult:
        """Correct a value that was accepted, before or after its round was closed.

        A closed round, and later ones that are closed, are published anew.

        Args:
            field: The id or label of the field.
            value: The value as it is typed into its cell, or as Python has it; blank for none.
            reason: Why.
            item: The item's id.
            form: The form's id or title, where several have a field of that name.
            department: The department that added the row, where it is none of an item.
            row: The row in its return, as in Excel, where it is none of an item.
            period: The round.
            by: Who decides it.
            now: The moment.
        """
        wanted = [Wanted(field, value, item, form, department, row)]
        return correct(
            self._space, wanted, reason=reason, period=period, by=by, now=now, on_wait=self.on_wait
        )

    def correct_plan(
        self,
        rows: str | Iterable[str],
        *,
        reason: str = "",
        period: str | None = None,
        by: str = "",
        only_show: bool = False,
        now: datetime | None = None,
    ) -> CorrectResult:
        """Take `rows` of the plan's tables (measures:done, items:A-1) into a round that follows them no more.

        `reason`, `period`, `by`, `only_show` and `now` as everywhere.
        """
        names = [rows] if isinstance(rows, str) else list(rows)
        return correct_plan(
            self._space,
            names,
            reason=reason,
            period=period,
            by=by,
            only_show=only_show,
            now=now,
            on_wait=self.on_wait,
        )

    def correct_from(
        self,
        file: str | PathLike[str],
        *,
        reason: str = "",
        period: str | None = None,
        department: str | None = None,
        by: str = "",
        only_show: bool = False,
        now: datetime | None = None,
    ) -> CorrectResult:
        """Take from a `file` that came after its round was closed what it says otherwise.

        `department` as of `receive`; `reason`, `period`, `by`, `only_show` and `now` as everywhere.
        """
        return correct_from(
            self._space,
            Path(file),
            reason=reason,
            period=period,
            by=by,
            department=department,
            only_show=only_show,
            now=now,
            on_wait=self.on_wait,
        )

    def undo(self, number: int, *, reason: str = "", by: str = "", now: datetime | None = None) -> UndoResult:
        """Take the decision of a `number` back; of a closed round only a correction, by which its next version is made.

        `reason`, `by` and `now` as everywhere.
        """
        return undo(self._space, number, reason=reason, by=by, now=now, on_wait=self.on_wait)

    def rejudge(
        self,
        period: str | None = None,
        *,
        do: bool = False,
        reason: str = "",
        by: str = "",
        now: datetime | None = None,
    ) -> RejudgeResult:
        """Judge the returns of the round at hand once more, by the plan as it stands; with `do` it counts.

        `period`, `reason`, `by` and `now` as everywhere.
        """
        return rejudge(self._space, period, do=do, reason=reason, by=by, now=now, on_wait=self.on_wait)

    def rollover(
        self, to: str, *, label: str = "", by: str = "", now: datetime | None = None
    ) -> RolloverResult:
        """Write the plan of the next period; the plan as it was is kept beside it, as plan-<period>.

        Args:
            to: The period: its id, label or fiscal year.
            label: What it is called, where the labels of the last periods do not say so.
            by: Who decides it; the system's user where it is empty.
            now: The moment.
        """
        return rollover(self._space, to, label=label, by=by, now=now, on_wait=self.on_wait)

    def rebuild(self, *, now: datetime | None = None) -> RebuildResult:
        """Make the ledger again where it is gone, damaged, or behind decisions.jsonl: of its copies, then of the files.

        A sound one is left: UsageError. What nobody can know any more is said in `notes` of the result.
        """
        return rebuild(self._space, now=now, on_wait=self.on_wait)

    def unlock(self) -> UnlockResult:
        """Take away the lock file of a run on another computer that is no more."""
        return unlock(self._space)
