"""A return compared with what was issued: is it ours, for this round, and what of ours was changed in it."""

from xlplan.compare.formulas import Formulas, guide_findings, lost_findings
from xlplan.compare.prefilled import prefilled_changes
from xlplan.compare.rows import Matched, foreign_rows, match_rows
from xlplan.compare.stamp import Expected, form_version, identify, outdated, stamp_findings

__all__ = [
    "Expected",
    "Formulas",
    "Matched",
    "foreign_rows",
    "form_version",
    "guide_findings",
    "identify",
    "lost_findings",
    "match_rows",
    "outdated",
    "prefilled_changes",
    "stamp_findings",
]
