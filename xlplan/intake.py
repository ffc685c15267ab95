"""Taking files in: bytes looked at for safety, then opened and read, several at a time. Judges nothing."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from xlplan.errors import FileError
from xlplan.files import read_bytes, sha256
from xlplan.finding import Finding, Severity
from xlplan.layout import EntryLayout
from xlplan.plan import Plan
from xlplan.reader import Headings, open_return, read_form, read_people
from xlplan.safety import MAX_FILE_BYTES, Clearance, inspect
from xlplan.submission import ReturnedForm, Submission

READERS = 2
"""Threads: calamine lets go of the interpreter while it parses."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One file as it came. Either `submission` or the one `refusal` that says why it is no return."""

    path: Path
    data: bytes
    sha256: str
    submission: Submission | None = None
    refusal: Finding | None = None


def take_in(paths: Sequence[Path], plan: Plan) -> list[Incoming]:
    """Read files, in the order given. Raises FileError where one is missing or cannot be opened at all."""
    headings = {
        (period.id, form.id): Headings.of(EntryLayout(form, plan, period, 0))
        for period in plan.periods
        for form in plan.forms
    }

    def one(path: Path) -> Incoming:
        return _take(path, plan, headings)

    if len(paths) < 2 * READERS:
        return [one(path) for path in paths]
    with ThreadPoolExecutor(READERS) as pool:
        return list(pool.map(one, paths))


def _take(path: Path, plan: Plan, headings: dict[tuple[str, str], Headings]) -> Incoming:
    try:
        data = read_bytes(path, MAX_FILE_BYTES)
    except FileError as fault:
        if fault.key != "file_too_large":
            raise
        return Incoming(path, b"", "", refusal=_refused(path, "safety_too_large", **fault.params))
    digest = sha256(data)
    cleared = inspect(data)
    if not isinstance(cleared, Clearance):
        return Incoming(path, data, digest, refusal=_refused(path, cleared.code, **cleared.params))
    opened = open_return(data)
    if isinstance(opened, Finding):
        return Incoming(path, data, digest, refusal=replace(opened, file=path.name))
    findings = _disclosed(path, cleared)
    forms: list[ReturnedForm] = []
    if plan.period(opened.stamp.period) and opened.stamp.plan == plan.id:
        for form in plan.forms:
            found = read_form(opened, headings[opened.stamp.period, form.id])
            if isinstance(found, Finding):
                findings.append(found)
            else:
                forms.append(found)
    respondent, approver = read_people(opened, plan)
    submission = Submission(
        path.name, digest, opened.stamp, tuple(forms), respondent, approver, tuple(findings)
    )
    return Incoming(path, data, digest, submission)


def _refused(path: Path, code: str, **params: object) -> Finding:
    return Finding(code, Severity.ERROR, file=path.name, params=params)


def _disclosed(path: Path, cleared: Clearance) -> list[Finding]:
    """What is allowed but told: macros are never run, links never followed."""
    told = []
    if cleared.macros:
        told.append(Finding("safety_macros", Severity.NOTICE, file=path.name))
    if cleared.external_links:
        told.append(Finding("safety_external_links", Severity.NOTICE, file=path.name))
    return told
