"""The short numbers of findings: by what people name one in a command, the same in every attempt that has it."""

from collections.abc import Iterable
from dataclasses import replace

from xlplan.model.finding import Finding

Same = tuple[str, ...]
"""What says that a finding is the same: whose, which check, in which form, item and field, of which values."""


def same_of(finding: Finding) -> Same:
    """Whose finding it is, of which check, at which item and field, and of which values: what its number stands for.

    The values as they were read: 120 is the same however it was typed.
    """
    place = finding.item or f"{finding.sheet} {finding.cell}"
    what = (finding.department, finding.written_code, finding.form, place, finding.field)
    return (*what, "" if finding.basis else finding.value, finding.basis)


class Numbering:
    """The numbers of a round's findings, from 1 in the order in which each was found first. None is given twice."""

    def __init__(self) -> None:
        self._numbers: dict[Same, int] = {}
        self._last = 0

    @property
    def last(self) -> int:
        """The last number that was given; 0 where none was."""
        return self._last

    def numbered(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """The findings with their numbers: those they have, those of the same found before, or the next."""
        return tuple(self._numbered(finding) for finding in findings)

    def _numbered(self, finding: Finding) -> Finding:
        same = same_of(finding)
        number = finding.number or self._numbers.get(same) or self._last + 1
        self._numbers.setdefault(same, number)
        self._last = max(self._last, number)
        return finding if finding.number else replace(finding, number=number)
