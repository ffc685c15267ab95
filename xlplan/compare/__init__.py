"""A return compared with what was issued: is it ours, for this round, and what of ours was changed in it."""

from xlplan.compare.formulas import Formulas, guide_findings, lost_findings
from xlplan.compare.prefilled import prefilled_changes
from xlplan.compare.rows import Matched, foreign_rows, match_rows
from xlplan.compare.stamp import Expected, FormsNow, identify, outdated, same_form, stamp_findings
from xlplan.compare.unversioned import asks_the_same, shows_the_same

__all__ = [
    "Expected",
    "FormsNow",
    "Formulas",
    "Matched",
    "asks_the_same",
    "foreign_rows",
    "guide_findings",
    "identify",
    "lost_findings",
    "match_rows",
    "outdated",
    "prefilled_changes",
    "same_form",
    "shows_the_same",
    "stamp_findings",
]
