"""The year, one function per stage, in the order of the year. Read this first.

    new          a kit's tables become DIR/plan.xlsx                            `cycle.new`
    lint         everything wrong with the plan's tables                        `cycle.define`
    issue        one workbook per department, recorded                          `cycle.issue`
    check        returns judged, nothing recorded                               `cycle.receive`
    receive      returns judged, archived, recorded; what is wrong goes back    `cycle.receive`
    mend         the values of a damaged return in a fresh form                 `cycle.mend`
    status       how each department stands                                     `cycle.status`
    consolidate  the accepted returns become summary.xlsx                       `cycle.publish`
    reconcile    the summary's figures against those in print                   `cycle.publish`
    verify       what was issued and received, held against the ledger          `cycle.verify`

Each takes a workspace, does its stage whole, and gives a small result for the command line to print. Faults of
files, arguments and definitions are raised (`xlplan.errors`); everything wrong with a return is a finding.

What a round knows of the years before is the plan's records and what `cycle.known` adds from the ledger.

One return's way: `archive` keeps its bytes → `reader` looks at them (`safety`) and reads them → `compare`
asks whether it is ours and what of ours was changed → `validate` makes one frame of the batch, converts it (`convert`)
and asks pandera → `receive` writes what goes back (`template`) and records it (`ledger`) → `consolidate`
and `summary` make the table → `reconcile` compares it.
"""

from xlplan.cycle.define import lint
from xlplan.cycle.issue import issue
from xlplan.cycle.mend import mend
from xlplan.cycle.new import new
from xlplan.cycle.publish import make_summary as consolidate
from xlplan.cycle.publish import reconcile
from xlplan.cycle.receive import check, receive
from xlplan.cycle.status import status
from xlplan.cycle.verify import verify

__all__ = ["check", "consolidate", "issue", "lint", "mend", "new", "receive", "reconcile", "status", "verify"]
