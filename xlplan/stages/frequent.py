"""The findings that are met most often in the returns of a round."""

from collections.abc import Iterable
from dataclasses import dataclass

from xlplan.language.codes import Severity
from xlplan.model.finding import Finding
from xlplan.model.submission import Receipt


@dataclass(frozen=True, slots=True)
class FrequentFinding:
    """One kind of finding in one column, as it stands in the latest returns.

    Attributes:
        departments: The ids of the departments in whose return it is, in the order in which they were met.
        findings: All of them.
    """

    departments: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding:
        """One of them, which stands for all."""
        return self.findings[0]


def frequent_findings(receipts: Iterable[Receipt]) -> tuple[FrequentFinding, ...]:
    """The errors and warnings of returns by code and field: those of most departments first.

    Args:
        receipts: The latest return of each department.
    """
    alike: dict[tuple[str, str, str], list[Finding]] = {}
    for receipt in receipts:
        for finding in receipt.findings:
            if finding.severity is not Severity.NOTICE:
                alike.setdefault((finding.written_code, finding.form, finding.field), []).append(finding)
    found = [
        FrequentFinding(tuple(dict.fromkeys(finding.department for finding in findings)), tuple(findings))
        for findings in alike.values()
    ]
    return tuple(sorted(found, key=lambda each: (-len(each.departments), -len(each.findings))))
