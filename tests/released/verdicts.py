"""What the code says of a city's folder, in ids and values: no sentence is part of it."""

import os
import shutil
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from xlplan import stages
from xlplan.language.errors import XlplanError
from xlplan.model.finding import Finding
from xlplan.model.plan import Plan
from xlplan.stages.standing import SummaryStanding
from xlplan.store.workspace import Workspace

LATER = datetime(2028, 4, 1, 9, 0)
"""When the folder is looked at: after everything in it, so that each file's own properties say how old it is."""
AS_LEFT = "as_left"
"""The name of the case in which nothing was changed."""

Verdict = dict[str, Any]


def cases(kit: Path) -> list[str]:
    """As the folder was left, and with each of the changed plans."""
    return [AS_LEFT, *sorted(path.name for path in (kit / "plans").iterdir())]


def city_of(kit: Path, case: str, folder: Path) -> Workspace:
    """A copy of the city's folder of a kit, every file changed last at the same moment."""
    shutil.copytree(kit / "city", folder)
    if case != AS_LEFT:
        shutil.copytree(kit / "plans" / case, folder, dirs_exist_ok=True)
    for path in folder.rglob("*"):
        if path.is_file():
            os.utime(path, (LATER.timestamp(), LATER.timestamp()))
    return Workspace(folder)


def verdicts(kit: Path, case: str, folder: Path) -> Verdict:
    """Everything that the code says of the copy of a kit's folder; what it does is done to further copies."""
    space = city_of(kit, case, folder / "asked")
    folders = (path for path in (space.root / "workbooks").iterdir() if path.is_dir())
    rounds = sorted(path.name for path in folders if path.name != "backup")
    found: Verdict = {"verify": _verified(space), "rounds": {}}
    for period in rounds:
        found["rounds"][period] = {
            "status": _status(space, period),
            "check": _checked(space, period),
            "issue": _issued(city_of(kit, case, folder / f"issued-{period}"), period),
            "receive": _received(city_of(kit, case, folder / f"received-{period}"), period),
            "consolidate": _consolidated(city_of(kit, case, folder / f"consolidated-{period}"), period),
            "mend": _mended(city_of(kit, case, folder / f"mended-{period}"), period),
        }
    return found


def _verified(space: Workspace) -> Verdict:
    result = stages.verify(space)
    misfits = [[one.state, one.kind, space.relative(one.path)] for one in result.misfits]
    return {
        "files": len(result.files),
        "misfits": misfits,
        "flaws": [[flaw.kind, flaw.table, flaw.entry] for flaw in result.flaws],
    }


def _status(space: Workspace, period: str) -> Verdict:
    result = stages.status(space, period=period, now=LATER)
    return {
        "departments": [
            [line.department.id, line.state, line.attempts, line.errors, line.warnings, str(line.due)]
            for line in result.lines
        ],
        "changed": [department.id for department in result.changed],
        "refused": [[refusal.finding.written_code, refusal.file_name] for refusal in result.refused],
        "summary": _standing(result.summary),
    }


def _standing(summary: SummaryStanding | None) -> Verdict | None:
    if summary is None:
        return None
    return {"outdated": summary.outdated, "altered": summary.altered, "returns": list(summary.returns)}


def files_of(space: Workspace, period: str) -> list[Path]:
    """Every file that came in in a round, and every one that still lies in the inbox."""
    folders = (space.returned(period), space.refused(period), space.inbox(period))
    return [
        path for folder in folders if folder.is_dir() for path in sorted(folder.iterdir()) if path.is_file()
    ]


def _checked(space: Workspace, period: str) -> Verdict:
    files = files_of(space, period)
    result = stages.check(space, files, period=period)
    return {
        space.relative(line.path).partition(f"{period}/")[2]: {
            "state": line.state,
            "department": line.department.id if line.department else "",
            "findings": findings_of(line.findings, result.plan),
        }
        for line in result.lines
    }


KEPT = ("code", "severity", "form", "item", "field", "cell")
"""What is compared of a finding, as `--json` gives it; its item as the plan's language calls it."""


def findings_of(findings: Iterable[Finding], plan: Plan) -> list[list[str]]:
    """Findings as lists of what is compared, in a settled order."""
    told = (one.as_dict(plan.language) for one in findings)
    return sorted([one[key] for key in KEPT] for one in told)


def _tried(stage: Callable[[], Verdict]) -> Verdict:
    """What a stage gives, or the fault for which it does not run."""
    try:
        return stage()
    except XlplanError as fault:
        return {"fault": fault.key}


def _issued(space: Workspace, period: str) -> Verdict:
    def stage() -> Verdict:
        result = stages.issue(space, period, due=None, departments=(), now=LATER)
        return {line.department.id: [line.done, line.given, line.left] for line in result.lines}

    return _tried(stage)


def _received(space: Workspace, period: str) -> Verdict:
    def stage() -> Verdict:
        result = stages.receive(space, (), period=period, now=LATER)
        return {
            line.path.name: [line.state, line.attempt, findings_of(line.findings, result.plan)]
            for line in result.lines
        }

    return _tried(stage)


def _consolidated(space: Workspace, period: str) -> Verdict:
    def stage() -> Verdict:
        made = stages.consolidate(space, period=period, draft=False, now=LATER)
        if made.path is None:
            return {"open": [[line.department, line.state] for line in made.open]}
        return {
            "earlier": findings_of(made.earlier, made.plan),
            "figures": _tried(lambda: _figures(space, period)),
        }

    return _tried(stage)


def _figures(space: Workspace, period: str) -> Verdict:
    result = stages.reconcile(space, period=period)
    return {
        f"{one.view}/{one.measure}/{one.group}/{one.period}": [one.computed, one.agrees]
        for one in result.comparisons
    } | {"standing": _standing(result.standing)}


def _mended(space: Workspace, period: str) -> Verdict:
    files = [path for path in files_of(space, period) if path.suffix == ".xlsx"]
    result = stages.mend(space, files, period=period, now=LATER)
    return {
        space.relative(line.path).partition(f"{period}/")[2]: {
            "answers": line.answers,
            "leftovers": [[one.sheet, one.cell, one.value] for one in line.leftovers],
            "findings": findings_of(line.findings, result.plan),
        }
        for line in result.lines
    }


def with_issued_files(expected: Verdict, found: Verdict) -> Verdict:
    """What is expected, with what the office issued as no answer: before 0.5.0 it was one of another round."""
    for period, told in found["rounds"].items():
        for name, line in told["check"].items():
            codes = [finding[0] for finding in line["findings"]]
            before = expected["rounds"][period]["check"][name]
            if codes == ["issued_file"] and [finding[0] for finding in before["findings"]] == [
                "other_period"
            ]:
                before["findings"] = line["findings"]
    return expected
