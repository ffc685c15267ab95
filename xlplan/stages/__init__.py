"""The year, one function per stage, in the order of the year. Read this first.

    new          a kit's tables become DIR/plan.xlsx                            `stages.new`
    lint         everything wrong with the plan's tables                        `stages.define`
    issue        one workbook per department, recorded                          `stages.issue`
    check        returns judged, nothing recorded                               `stages.receive`
    receive      returns judged, archived, recorded; what is wrong goes back    `stages.receive`
    mend         the values of a damaged return in a fresh form                 `stages.mend`
    status       how each department stands                                     `stages.status`
    consolidate  the accepted returns become summary.xlsx                       `stages.publish`
    reconcile    the summary's figures against those in print                   `stages.publish`
    verify       what was issued and received, held against the ledger          `stages.verify`

Each takes a workspace, does its stage whole, and gives a small result for the command line to print. Faults of
files, arguments and definitions are raised (`xlplan.language.errors`); everything wrong with a return is a finding.

What a round knows of the years before is the plan's records and what `stages.known` adds from the ledger.

One return's way: `archive` keeps its bytes → `reader` looks at them (`safety`) and reads them → `compare`
asks whether it is ours and what of ours was changed → `validate` makes one frame of the batch, converts it (`fields`)
and asks pandera → `receive` writes what goes back (`template`) and records it (`ledger`) → `consolidate`
and `summary` make the table → `reconcile` compares it.
"""

from xlplan.stages.define import lint
from xlplan.stages.issue import issue
from xlplan.stages.mend import mend
from xlplan.stages.new import new
from xlplan.stages.publish import make_summary as consolidate
from xlplan.stages.publish import reconcile
from xlplan.stages.receive import check, receive
from xlplan.stages.status import status
from xlplan.stages.verify import verify

__all__ = [
    "check",
    "consolidate",
    "define",
    "issue",
    "lines",
    "lint",
    "mend",
    "new",
    "publish",
    "receive",
    "reconcile",
    "standing",
    "status",
    "verify",
]
