"""Is it ours: the stamp of a return against the plan, the round and what the ledger knows of the issue it names."""

from collections.abc import Iterator
from dataclasses import dataclass

from xlplan.form.layout.stamps import PREVIEW, STAMP_SHEET
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding
from xlplan.model.fingerprint import has_version
from xlplan.model.issue import Issued, Stamp
from xlplan.model.item import Department, Period
from xlplan.model.plan import Plan


@dataclass(frozen=True, slots=True)
class FormsNow:
    """What the forms of a round ask as the plan stands, and which issues ask the same.

    `version` is their fingerprint. Issues of 0.1.0 recorded a hash that nobody computes any more: `same` are those
    hashes whose workbook was judged to ask the same, `other` those judged to ask something else.
    """

    version: str
    same: frozenset[str] = frozenset()
    other: frozenset[str] = frozenset()

    def asked_in(self, issued: Issued) -> bool:
        """Whether an issue asks what the plan asks now.

        Two hashes of 0.1.0 that differ stand for different forms. Where none is known to ask the same, one whose
        workbook is gone may: its return is judged by its rows.
        """
        recorded = issued.form_version
        if has_version(recorded):
            return recorded == self.version
        return recorded in self.same or (not self.same and recorded not in self.other)


@dataclass(frozen=True, slots=True)
class Expected:
    """What a return is held against.

    `sent` is the issue that its stamp names, if the ledger knows it, `latest` the one that its department was
    issued last; `forms` is what is asked now, None where the round has not been issued at all. `period` and
    `department` are set where the caller knows which are meant.
    """

    plan: Plan
    period: Period | None
    sent: Issued | None
    forms: FormsNow | None
    department: Department | None = None
    latest: Issued | None = None


def identify(stamp: Stamp, expected: Expected) -> Finding | None:
    """One plain finding where a workbook is no return of this plan, round or department; None where it is."""
    plan = expected.plan
    if stamp.plan != plan.id:
        return _wrong(FindingCode.OTHER_PLAN, stamp.plan, plan.id)
    if stamp.issue == PREVIEW:
        return Finding(FindingCode.PREVIEW)
    period = plan.period(stamp.period)
    if period is None or (expected.period and period.id != expected.period.id):
        meant = expected.period.label if expected.period else plan.title
        return (
            other_period(period, meant) if period else _wrong(FindingCode.OTHER_PERIOD, stamp.period, meant)
        )
    department = plan.department(stamp.department)
    if department is None or department not in plan.answering(period):
        return _wrong(FindingCode.UNKNOWN_DEPARTMENT, department.name if department else stamp.department, "")
    if expected.department and department.id != expected.department.id:
        return _wrong(FindingCode.OTHER_DEPARTMENT, department.name, expected.department.name)
    return _other_issue(stamp, expected, department, period)


def other_period(period: Period, expected: str) -> Finding:
    """The finding of a return of another `period` than the `expected` one; it names the option that takes it."""
    found = ((period.label, f"--period {period.id}"),)
    return Finding(FindingCode.OTHER_PERIOD, params={"found": found, "expected": expected})


def _other_issue(stamp: Stamp, expected: Expected, department: Department, period: Period) -> Finding | None:
    """One finding where the issue that a stamp names is of another department or round, or asks what is past."""
    plan, sent = expected.plan, expected.sent
    if sent and (sent.department, sent.period) != (department.id, period.id):
        owner, round_of = plan.department(sent.department), plan.period(sent.period)
        stamped = f"{department.name} {period.label}"
        issued = f"{owner.name if owner else sent.department} {round_of.label if round_of else sent.period}"
        return _wrong(FindingCode.STAMP_ALTERED, stamped, issued)
    if expected.forms and (sent is None or not _still_asked(sent, expected.latest, expected.forms)):
        return _wrong(FindingCode.OTHER_ISSUE, stamp.issue, "")
    return None


def _still_asked(sent: Issued, latest: Issued | None, forms: FormsNow) -> bool:
    return forms.asked_in(sent) and (latest is None or sent.rows == latest.rows)


def stamp_findings(stamp: Stamp, sent: Issued | None, plan: Plan) -> Iterator[Finding]:
    """What the stamp says otherwise than the ledger does of the issue that it names.

    Args:
        stamp: The stamp of a return.
        sent: The issue that it names, if the ledger knows it.
        plan: The plan, which says how grave the finding is.
    """
    if sent and stamp.form_version != sent.form_version:
        params = {"found": stamp.form_version, "expected": sent.form_version}
        yield Finding(
            FindingCode.STAMP_VERSION,
            plan.severity_of(FindingCode.STAMP_VERSION),
            sheet=STAMP_SHEET,
            params=params,
        )


def outdated(sent: Issued, latest: Issued) -> bool:
    """Whether an issue asks other questions than the last one: another due date alone is no matter."""
    return not same_form(sent, latest) or sent.rows != latest.rows


def same_form(sent: Issued, latest: Issued) -> bool:
    """Whether the forms of an issue ask the same as those of a later one."""
    return sent.form_version in (latest.form_version, latest.same_form or latest.form_version)


def _wrong(code: FindingCode, found: str, expected: str) -> Finding:
    return Finding(code, params=code.picked({"found": found, "expected": expected}))
