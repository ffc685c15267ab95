"""What the office decides about a round that is open, for one folder: the part of `city.City` that records it."""

from collections.abc import Iterable
from datetime import date, datetime

from xlplan.stages.allow import allow
from xlplan.stages.attempts import count, reopen, send_back
from xlplan.stages.deciding import DecideResult
from xlplan.stages.extend import excuse, extend, remark
from xlplan.stages.log import LogResult, log
from xlplan.stages.looking import Looking


class Decisions(Looking):
    """The office's decisions, each with who, when and why. They are taken back by `undo`."""

    def allow(
        self,
        numbers: int | Iterable[int],
        *,
        reason: str,
        until: str | None = None,
        period: str | None = None,
        by: str = "",
        now: datetime | None = None,
    ) -> DecideResult:
        """Let findings stand (許容). Where no error is left, the return is accepted by it.

        Args:
            numbers: The number of a finding, or several of one department.
            reason: Why, as the summary shows it.
            until: The last period in which it may be found so, whatever the value; where None it stands for the value
                at hand, in this round.
            period: The round.
            by: Who decides it.
            now: The moment.
        """
        wanted = [numbers] if isinstance(numbers, int) else numbers
        return allow(
            self._space,
            wanted,
            reason=reason,
            until=until,
            period=period,
            by=by,
            now=now,
            on_wait=self.on_wait,
        )

    def reopen(
        self,
        department: str,
        *,
        reason: str,
        period: str | None = None,
        by: str = "",
        now: datetime | None = None,
    ) -> DecideResult:
        """Take the acceptance of a `department` back: it is waited for again.

        `reason`, `period`, `by` and `now` as everywhere.
        """
        return reopen(
            self._space, department, reason=reason, period=period, by=by, now=now, on_wait=self.on_wait
        )

    def send_back(
        self,
        department: str,
        *,
        reason: str,
        period: str | None = None,
        by: str = "",
        now: datetime | None = None,
    ) -> DecideResult:
        """Send the return of a `department` back, whatever was found in it: `reason` stands in its workbook.

        `period`, `by` and `now` as everywhere.
        """
        return send_back(
            self._space, department, reason=reason, period=period, by=by, now=now, on_wait=self.on_wait
        )

    def count(
        self,
        department: str,
        attempt: int,
        *,
        reason: str,
        period: str | None = None,
        by: str = "",
        now: datetime | None = None,
    ) -> DecideResult:
        """Say which attempt of a department counts, until a later one comes in.

        Args:
            department: The department.
            attempt: The number of the attempt; what was kept aside has one as well.
            reason: Why.
            period: The round.
            by: Who decides it.
            now: The moment.
        """
        return count(
            self._space,
            department,
            attempt,
            reason=reason,
            period=period,
            by=by,
            now=now,
            on_wait=self.on_wait,
        )

    def extend(
        self,
        department: str,
        due: date | str,
        *,
        reason: str = "",
        period: str | None = None,
        by: str = "",
        now: datetime | None = None,
    ) -> DecideResult:
        """Give a `department` until the day `due`, as a date or as people write it.

        `reason`, `period`, `by` and `now` as everywhere.
        """
        return extend(
            self._space,
            department,
            due,
            reason=reason,
            period=period,
            by=by,
            now=now,
            on_wait=self.on_wait,
        )

    def excuse(
        self,
        department: str,
        *,
        reason: str,
        period: str | None = None,
        by: str = "",
        now: datetime | None = None,
    ) -> DecideResult:
        """Let a `department` off its answer, so that a round can be closed without it; its summary says so.

        `reason`, `period`, `by` and `now` as everywhere.
        """
        return excuse(
            self._space, department, reason=reason, period=period, by=by, now=now, on_wait=self.on_wait
        )

    def remark(
        self,
        words: str,
        *,
        department: str = "",
        finding: int = 0,
        item: str = "",
        period: str | None = None,
        by: str = "",
        now: datetime | None = None,
    ) -> DecideResult:
        """Keep something in mind.

        Args:
            words: What.
            department: The department that it is about; empty for none.
            finding: The number of the finding that it is about; 0 for none.
            item: The id of the item that it is about; empty for none.
            period: The round.
            by: Who remarks it.
            now: The moment.
        """
        return remark(
            self._space,
            words,
            department=department,
            finding=finding,
            item=item,
            period=period,
            by=by,
            now=now,
            on_wait=self.on_wait,
        )

    def log(
        self,
        period: str | None = None,
        *,
        departments: str | Iterable[str] = (),
        kinds: str | Iterable[str] = (),
        since: date | str | None = None,
    ) -> LogResult:
        """What happened in a round, with every decision.

        Args:
            period: The round.
            departments: One department or several; all where there are none.
            kinds: The events and kinds of decisions that are wanted; all where there are none.
            since: The first day.
        """
        owners = [departments] if isinstance(departments, str) else departments
        wanted = [kinds] if isinstance(kinds, str) else kinds
        return log(self._space, period, departments=owners, kinds=wanted, since=since)
