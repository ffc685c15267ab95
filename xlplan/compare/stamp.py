"""Is it ours: the stamp of a return against the plan, the round and what the ledger knows of the issue it names."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from xlplan.checks import Check, CheckKind, checks_of
from xlplan.finding import Finding, Severity
from xlplan.layout import STAMP_SHEET
from xlplan.plan import Department, FieldType, Period, Plan
from xlplan.submission import Issued, Stamp


def form_version(plan: Plan, period: Period) -> str:
    """A hash of what a return's answers mean: fields, lists and checks. It changes when the form does."""
    parts = []
    for form in plan.forms:
        for field in form.fields:
            parts.append(
                f"{form.id}|{field.id}|{field.heading}|{field.type}|{field.filled_by}|{field.required}"
            )
            parts += [one.value for one in plan.lists.get(field.list, ())]  # not of items: they come and go
        parts += [f"{one.code}|{sorted(_asked(one).items())}" for one in checks_of(form, plan, period)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def _asked(check: Check) -> Mapping[str, object]:
    """What a check asks, without how that is said: an example, or the calendar in which a day is written."""
    params = {name: one for name, one in check.params.items() if name != "example"}
    if check.kind is CheckKind.RANGE and check.field.type is FieldType.DATE:
        params |= {"low": str(check.field.minimum or ""), "high": str(check.field.maximum or "")}
    return params


@dataclass(frozen=True, slots=True)
class Expected:
    """What a return is held against.

    `sent` is the issue that its stamp names, if the ledger knows it, `latest` the one that its department was
    issued last; `begun` says that the round has been issued at all. `period` and `department` are set where the
    caller knows which are meant.
    """

    plan: Plan
    period: Period | None
    sent: Issued | None
    begun: bool
    department: Department | None = None
    latest: Issued | None = None


def identify(stamp: Stamp, expected: Expected) -> Finding | None:
    """One plain finding where a workbook is no return of this plan, round or department; None where it is."""
    plan, sent = expected.plan, expected.sent
    if stamp.plan != plan.id:
        return _wrong("other_plan", stamp.plan, plan.id)
    period = plan.period(stamp.period)
    if period is None or (expected.period and period.id != expected.period.id):
        found = period.label if period else stamp.period
        return _wrong("other_period", found, expected.period.label if expected.period else plan.title)
    department = plan.department(stamp.department)
    if department is None or department not in plan.answering(period):
        return _wrong("unknown_department", department.name if department else stamp.department, "")
    if expected.department and department.id != expected.department.id:
        return _wrong("other_department", department.name, expected.department.name)
    if sent and (sent.department, sent.period) != (department.id, period.id):
        owner, round_of = plan.department(sent.department), plan.period(sent.period)
        said = f"{department.name} {period.label}"
        issued = f"{owner.name if owner else sent.department} {round_of.label if round_of else sent.period}"
        return _wrong("stamp_altered", said, issued)
    if expected.begun and (sent is None or outdated(sent, expected.latest, form_version(plan, period))):
        return _wrong("other_issue", stamp.issue, "")
    return None


def stamp_findings(stamp: Stamp, sent: Issued | None, plan: Plan) -> Iterator[Finding]:
    """What the stamp says otherwise than the ledger does of the issue that it names."""
    if sent and stamp.form_version != sent.form_version:
        params = {"found": stamp.form_version, "expected": sent.form_version}
        yield Finding("stamp_version", plan.severity_of("stamp_version"), sheet=STAMP_SHEET, params=params)


def outdated(sent: Issued, latest: Issued | None, version: str) -> bool:
    """Whether an issue asks other questions than the last one: another due date alone is no matter."""
    return sent.form_version != version or (latest is not None and sent.rows != latest.rows)


def _wrong(code: str, found: str, expected: str) -> Finding:
    return Finding(code, Severity.ERROR, params={"found": found, "expected": expected})
