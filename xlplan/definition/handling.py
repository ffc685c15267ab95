"""The table `handling`: how much it matters that a return is not as it was issued."""

from collections.abc import Mapping

from xlplan.definition.lines import Faults, lines, unique
from xlplan.definition.specs import word_meant
from xlplan.definition.tables import Tables
from xlplan.language.codes import Code
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Severity


def handling(tables: Tables, faults: Faults) -> Mapping[Code, Severity]:
    """The severity of each finding that the plan names."""
    found: dict[Code, Severity] = {}
    seen: dict[str, int] = {}
    for line in lines(tables, "handling", faults):
        line.need("finding")
        code = line.word("finding", "")
        line.need("severity")
        severity = line.word("severity", "")
        meant = word_meant("handling", severity)
        if unique(line, "finding", code, seen) and code and meant:
            found[FindingCode(code)] = Severity(meant)
    return found
