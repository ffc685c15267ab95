"""What became of the findings of a return that went back, in the next one: resolved, left, or new."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from xlplan.language.codes import Severity
from xlplan.model.finding import Finding, FindingKey


@dataclass(frozen=True, slots=True)
class Compared:
    """The findings of a return, held against those of the one before it. What is only told counts in neither.

    Attributes:
        resolved: What was found before and is no more.
        new: What is found now and was not.
        left: What is found now as before, be it in another value.
    """

    resolved: tuple[Finding, ...]
    new: tuple[Finding, ...]
    left: tuple[Finding, ...]

    @property
    def before(self) -> int:
        """How much was found before."""
        return len(self.resolved) + len(self.left)

    @property
    def counts(self) -> dict[str, int]:
        """How many there were before, are resolved, new and left."""
        return {
            "before": self.before,
            "resolved": len(self.resolved),
            "new": len(self.new),
            "left": len(self.left),
        }


def compared(before: Iterable[Finding], after: Iterable[Finding]) -> Compared:
    """What became of findings: the same have the same number, or are of the same check at the same place.

    Args:
        before: The findings of the earlier return, as they stand.
        after: Those of the later one.

    Returns:
        Each in the order in which it was given.
    """
    waiting, now = _open(before), _open(after)
    numbers = {finding.number for finding in now if finding.number}
    known = {finding.number for finding in waiting} & numbers
    others = [finding for finding in waiting if finding.number not in known]
    places = Counter(finding.key for finding in others)
    left: list[Finding] = []
    new: list[Finding] = []
    for finding in now:
        if finding.number in known:
            left.append(finding)
        elif places[finding.key]:
            places[finding.key] -= 1
            left.append(finding)
        else:
            new.append(finding)
    return Compared(tuple(_resolved(others, places)), tuple(new), tuple(left))


def _resolved(others: Iterable[Finding], places: Counter[FindingKey]) -> Iterator[Finding]:
    """Those of `others` for which nothing came in their place; `places` says for how many of each place nothing did."""
    gone = places.copy()
    for finding in others:
        if gone[finding.key]:
            gone[finding.key] -= 1
            yield finding


def _open(findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity is not Severity.NOTICE]
