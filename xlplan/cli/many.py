"""What is printed of many files or departments: what needs attention one by one, the rest counted."""

import dataclasses
from collections.abc import Sequence
from enum import StrEnum

from xlplan.cli.printing import Printer
from xlplan.cli.words import STATES
from xlplan.language.codes import Severity
from xlplan.language.messages import joined, text
from xlplan.model.issue import IssueState
from xlplan.model.plan import Plan
from xlplan.report.returns import ReturnStanding, ReturnState
from xlplan.stages.issue import IssueLine
from xlplan.stages.received import FileState, ReceivedFile

MANY = 12
"""More files or departments than these are not told one by one."""
MOST_FINDINGS = 5
"""Findings of a file that are told where there are many files."""
_NAMED = (FileState.SENT_BACK, FileState.FAULTY, FileState.KEPT)
_COUNTED = (FileState.ACCEPTED, FileState.FINE, FileState.ENTERED, FileState.KNOWN)


def one_by_one(
    lines: Sequence[ReceivedFile], *, everything: bool
) -> tuple[list[tuple[ReceivedFile, int]], int]:
    """The files that are told one by one: all of a few; of many the first of those that something is to be done about.

    Args:
        lines: The files that came in.
        everything: Whether each of many is told, with all of its findings.

    Returns:
        The files, of many with the gravest of their findings only, each with how many more it has; and how many more
        files there are that something is to be done about.
    """
    if everything or len(lines) <= MANY:
        return [(file, 0) for file in lines], 0
    worth = [file for file in lines if file.open or file.state in (*_NAMED, FileState.REFUSED)]
    return [(_in_short(file), len(file.findings[MOST_FINDINGS:])) for file in worth[:MANY]], len(worth[MANY:])


def _in_short(file: ReceivedFile) -> ReceivedFile:
    order = list(Severity)
    gravest = sorted(file.findings, key=lambda finding: order.index(finding.severity))
    return dataclasses.replace(file, findings=tuple(gravest[:MOST_FINDINGS]))


def show_more(printer: Printer, count: int) -> None:
    """How many more findings a file has."""
    if count:
        printer.line(f"  {printer.said('cli.many.more_findings', count=count)}", "dim")


def show_left_out(printer: Printer, count: int) -> None:
    """How many more there are, and how to see them."""
    if count > 0:
        printer.line(printer.said("cli.many.more", count=count), "dim")


def show_by_department(printer: Printer, lines: Sequence[ReceivedFile]) -> None:
    """How many departments stand how, by their names where something is to be done; what is no return by its reason."""
    if len(lines) <= MANY:
        return
    for state in (*_COUNTED, *_NAMED):
        names = _departments(lines, state)
        if names and state in _COUNTED:
            _tell(printer, "cli.many.counted", state, count=len(names))
        elif names:
            _named(printer, state, names)
    warned = [
        file for file in lines if any(finding.severity is Severity.WARNING for finding in file.findings)
    ]
    if names := list(dict.fromkeys(name for state in _COUNTED for name in _departments(warned, state))):
        words = {"count": len(names), "names": joined(names, printer.language)}
        printer.line(printer.said("cli.many.warned", **words), "yellow")
    for reason, files in _refused(printer, lines).items():
        words = {"count": len(files), "names": joined(files, printer.language), "reason": reason}
        _tell(printer, "cli.many.refused", FileState.REFUSED, **words)


def _named(printer: Printer, state: StrEnum, names: Sequence[str]) -> None:
    """Tell with `printer` how many departments stand in this `state`, by their `names`."""
    _tell(printer, "cli.many.named", state, count=len(names), names=joined(names, printer.language))


def _tell(printer: Printer, key: str, state: StrEnum, **words: object) -> None:
    name, style = STATES[state]
    printer.line(printer.said(key, state=text(name, printer.language), **words), style)


def _departments(lines: Sequence[ReceivedFile], state: FileState) -> list[str]:
    """The names of departments with a file in that state, each once."""
    found = (file.department.name for file in lines if file.state is state and file.department)
    return list(dict.fromkeys(found))


def _refused(printer: Printer, lines: Sequence[ReceivedFile]) -> dict[str, list[str]]:
    """The names of files that are no return of the round, by what is wrong with them."""
    found: dict[str, list[str]] = {}
    for file in lines:
        if file.state is FileState.REFUSED and file.findings:
            found.setdefault(file.findings[0].message(printer.language), []).append(file.path.name)
    return found


def worth_listing(lines: Sequence[IssueLine], *, everything: bool) -> Sequence[IssueLine]:
    """The workbooks that are listed: all of a few, of many the first that are new."""
    if everything or len(lines) <= MANY:
        return lines
    return [line for line in lines if line.done is not IssueState.UNCHANGED][:MANY]


def show_open(printer: Printer, plan: Plan, returns: Sequence[ReturnStanding]) -> None:
    """Tell with `printer` the departments of a `plan` whose `returns` are waited for; many of one state on a line."""
    names: dict[ReturnState, list[str]] = {}
    for open_return in returns:
        department = plan.department(open_return.department)
        name = department.name if department else open_return.department
        names.setdefault(open_return.state, []).append(name)
        if len(returns) <= MANY:
            printer.head(printer.state(*STATES[open_return.state]), name)
    for state, departments in names.items() if len(returns) > MANY else ():
        _named(printer, state, departments)
