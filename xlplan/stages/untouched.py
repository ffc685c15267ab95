"""A form that came back as it was issued: nobody has answered in it, and nobody has signed it."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from xlplan.form.read.intake import read_our_own
from xlplan.language.privacy import masked
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding, has_errors
from xlplan.model.issue import Issued
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.model.submission import Receipt, Submission
from xlplan.stages.forms import kept_file
from xlplan.stages.returns import Identified, answers_of, anything, told
from xlplan.store.ledger import Ledger
from xlplan.store.workspace import Workspace
from xlplan.validate.judging import Judged, judge


@dataclass(frozen=True)
class Untouched:
    """By what a form is known that came back as it was issued: neither answered nor signed.

    Attributes:
        space: The folder, with the workbooks issued.
        plan: The plan.
        period: The round.
        ledger: The ledger.
    """

    space: Workspace
    plan: Plan
    period: Period
    ledger: Ledger

    @cached_property
    def answered_since(self) -> datetime | None:
        """When the first answer of the round came in: forms that were issued before have none filled in."""
        moments = (receipt.received_at for receipt in self.ledger.attempts(self.period.id, records=False))
        return min(moments, default=None)

    def finding(self, found: Identified, verdict: Judged, *, counting: bool) -> Finding | None:
        """The finding of a form into which its department has written nothing, and which nobody has signed.

        A blank form is sent back with what is missing, where nothing of the department counts. Who signs it answers
        that there is nothing to report, or that what was filled in stands.

        Args:
            found: The return.
            verdict: What was found in it.
            counting: Whether an accepted return of the department counts.
        """
        forms = found.submission.forms
        if len(forms) < len(self.plan.forms) or any(
            form.missing or form.twice or form.formulas for form in forms
        ):
            return None  # who knows what stood there
        blank = not anything(found, self.plan)
        if blank and has_errors(list(verdict.findings)) and not counting:
            return None
        if not blank and not self._as_issued(found, verdict):
            return None
        if not (blank and counting) and self._signed(found):
            return None
        code = FindingCode.BLANK_RETURN if counting else FindingCode.UNTOUCHED_RETURN
        return told(code, found, {})

    def _as_issued(self, found: Identified, verdict: Judged) -> bool:
        """Whether all answers are those that stood in the form when it was issued."""
        first = self.answered_since
        if found.issued is None or first is None or found.issued.issued_at < first:
            return False
        issued = self._issued(found)
        if issued is None:
            given = self._given_before(found.issued)
            return bool(given) and answers_of(self.plan, given[-1].records) == answers_of(
                self.plan, verdict.records
            )
        [before] = judge(self.plan, self.period, [(issued, found.rows)])
        return answers_of(self.plan, before.records) == answers_of(self.plan, verdict.records)

    def _signed(self, found: Identified) -> bool:
        """Whether it says otherwise than when it was issued who answered or who approved."""
        issued = self._issued(found)
        people = (found.submission.respondent, found.submission.approver)
        if issued:
            before = (issued.respondent, issued.approver)
        else:
            given = self._given_before(found.issued) if found.issued else []
            before = (given[-1].respondent, given[-1].approver) if given else ("", "")
        return any(name and masked(name) != masked(old) for name, old in zip(people, before, strict=True))

    def _issued(self, found: Identified) -> Submission | None:
        """What stood in the form when it was issued; None where its workbook is gone or no more what was written."""
        data = kept_file(self.space, found.issued)
        read = read_our_own(self.plan, found.incoming.path.name, data) if data else None
        return read if isinstance(read, Submission) else None

    def _given_before(self, issued: Issued) -> list[Receipt]:
        """The returns of a department that had come in when a form was issued to it."""
        receipts = self.ledger.attempts(issued.period, issued.department)
        return [receipt for receipt in receipts if receipt.received_at <= issued.issued_at]
