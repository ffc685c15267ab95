"""The year, one function per stage, in the order of the year. Read this first.

    new          a kit's tables, or an empty plan's, become DIR/plan.xlsx        `new`
    lint         everything wrong with the plan's tables                        `lint`
    issue        one workbook per department, recorded                          `issue`
                 the office's own, to be filled in after the answers            `afterwards`
    check        returns judged, nothing recorded                               `check`
    receive      returns judged, archived, recorded; what is wrong goes back    `receive`
                 what the office fills in, recorded value by value              `enter`
    mend         the values of a damaged return in a fresh form                 `mend`
    status       how each department stands, what is new, what is next          `status`
    consolidate  the accepted returns become summary.xlsx and summary.html      `consolidate`
    reconcile    the summary's figures against those in print                   `reconcile`
    rollover     the plan of the next period out of this one's                  `rollover`, `rolling`
    changes      what differs between a round's plan and today's                `changes`
    verify       files and answers held against the ledger, and that itself     `verify`, `reread`
    records, findings, figures    answers, what was found, figures, as pandas frames    `frames`

Each takes a workspace, does its stage whole, and gives its result, a frozen dataclass that stands beside it.
`city.City` offers them for one folder; the command line calls that. Every stage raises UsageError, DefinitionError,
FileError and LedgerError (`xlplan.language.errors`); everything wrong with a return is a finding.

One return's way from the inbox to the summary, each step a function to read:

1. `receive.receive` opens the ledger, in a turn of its own, and asks `identify.RoundContext` what was issued.
2. `form.read.intake.take_in_batches` looks at each file (`spreadsheet.safety`) and reads it, in a process with limits.
   `store.archive.Archive.keep` has kept its bytes before.
3. `identify.RoundContext.identify` says whose return it is (`returns.Identified`), or the one finding why it is none.
4. `identify.by_attempt` says which returns are judged together; `validate.judging.judge` holds each against what was
   issued (`form.compare`), makes one frame of the batch, converts it (`fields`) and asks pandera.
5. `returns.older` and `returns.unanswered` say whether it may take the place of an accepted return, `returns.changes`
   which answers change with it.
6. `refill.send_back` writes the form again with the findings where there are errors; the ledger records the receipt.
7. `consolidate.consolidate` takes the accepted returns that count (`answers.still_counting`) together
   (`report.rows`) and writes the summary (`report.render`); `standing` says whether that still holds.
8. `afterwards.issue_office` writes the office's own workbook, with the answers in grey; `enter.Entering` takes it in.
9. `close.close` fixes the summary as a version of its own; `close.excuse` lets a department off before that,
   `correct.correct` puts a value right before or after that; so do `correct_from` and `correct_plan`.

`define` finds the plan, departments and ledger that are meant; `years` how the plan stood for each round, and what the
rounds before it found out (`answers`).
The types of results stand in the module of their stage; `received.ReceivedFile` is one file that came in,
`standing.SummaryStanding` how the summary stands. `xlplan` exports them.
"""

from xlplan.stages.afterwards import issue_office
from xlplan.stages.changes import changes
from xlplan.stages.check import check
from xlplan.stages.close import close, excuse
from xlplan.stages.consolidate import consolidate
from xlplan.stages.correct import correct
from xlplan.stages.correct_from import correct_from
from xlplan.stages.correct_plan import correct_plan
from xlplan.stages.frames import figures, findings, records
from xlplan.stages.issue import issue
from xlplan.stages.lint import lint
from xlplan.stages.mend import mend
from xlplan.stages.new import new
from xlplan.stages.receive import receive
from xlplan.stages.reconcile import reconcile
from xlplan.stages.rollover import rollover
from xlplan.stages.status import status
from xlplan.stages.verify import verify

__all__ = [
    "afterwards",
    "changes",
    "check",
    "city",
    "close",
    "consolidate",
    "correct",
    "correct_from",
    "correct_plan",
    "correcting",
    "define",
    "excuse",
    "figures",
    "findings",
    "frames",
    "frequent",
    "issue",
    "issue_office",
    "lint",
    "looking",
    "mend",
    "new",
    "news",
    "nextstep",
    "receive",
    "received",
    "reconcile",
    "records",
    "rejudge",
    "reread",
    "returns",
    "rolling",
    "rollover",
    "sending",
    "standing",
    "status",
    "verify",
]
