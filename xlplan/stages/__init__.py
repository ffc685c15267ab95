"""The year, one function per stage, in the order of the year. Read this first.

    new          a kit's tables, or an empty plan's, become DIR/plan.xlsx        `new`
    lint         everything wrong with the plan's tables                        `lint`
    issue        one workbook per department, recorded                          `issue`
                 the office's own, to be filled in after the answers            `afterwards`
    check        returns judged, nothing recorded                               `check`
    receive      returns judged, archived, recorded; what is wrong goes back    `receive`
                 what the office fills in, recorded value by value              `enter`
    preview      a department's form as it would be issued now                  `preview`
    rehearse     the rules as they stand, tried on an earlier round's answers   `rehearse`
    mend         the values of a damaged return in a fresh form                 `mend`
    status       how each department stands, what is new, what is next          `status`
    letters      drafts to the departments to which something is to be written  `letters`, `drafts`
    consolidate  the accepted returns become summary.xlsx and summary.html      `consolidate`
    allow        a finding stands, with a reason                                `allow`
    reopen       an acceptance taken back; a return sent back, another counts   `attempts`
    extend       a department is given longer; a remark                         `extend`
    rejudge      the returns judged again by the plan as it stands              `judge_again`
    undo         a decision taken back                                          `undo`
    log          what happened, with every decision                             `log`
    reconcile    the summary's figures against those in print                   `reconcile`
    rollover     the plan of the next period out of this one's                  `rollover`, `rolling`
    changes      what differs between a round's plan and today's                `changes`
    verify       files and answers held against the ledger, and that itself     `verify`, `reread`
    rebuild      a ledger that is gone, made again of copies and files          `rebuild`, `rebuilding`
    unlock       the lock of a run that is no more, taken away                  `unlock`
    records, findings, figures    answers, what was found, figures, as pandas frames    `frames`

Each takes a workspace, does its stage whole, and gives its result, a frozen dataclass that stands beside it.
`city.City` offers them for one folder; the command line calls that. Every stage raises UsageError, DefinitionError,
FileError and LedgerError (`xlplan.language.errors`); everything wrong with a return is a finding.

One return's way from the inbox to the summary, each step a function to read:

1. `receive.receive` opens the ledger, in a turn of its own, and asks `identify.RoundContext` what was issued.
2. `mailed.OpenedFiles` opens the mails and zips among the files (`xlplan.mail`): what is in them goes the same way.
   `form.read.intake.take_in_batches` looks at each file (`spreadsheet.safety`) and reads it, in a process with limits.
   `store.archive.Archive.keep` has kept its bytes before.
3. `identify.RoundContext.identify` says whose return it is (`returns.Identified`), or the one finding why it is none.
4. `identify.by_attempt` says which returns are judged together; `validate.judging.judge` holds each against what was
   issued (`form.compare`), makes one frame of the batch, converts it (`fields`) and asks pandera.
5. `untouched.Untouched` says whether it is an answer at all, `returns.older` whether it may take the place of an
   accepted one, `returns.changes` which answers change with it.
6. `refill.send_back` writes the form again with the findings where there are errors; the ledger records the receipt.
7. `consolidate.consolidate` takes the accepted returns that count (`answers.still_counting`) together
   (`report.rows`) and writes the summary (`report.render`); `standing` says whether that still holds.
8. `afterwards.issue_office` writes the office's own workbook, with the answers in grey; `enter.Entering` takes it in.
9. `close.close` fixes the summary as a version of its own; `close.excuse` lets a department off before that,
   `correct.correct` puts a value right before or after that; so do `correct_from` and `correct_plan`.

10. `deciding.Deciding` records what the office decides; `store.counting` says what counts by that; `outbox` holds what
    is to be sent now.

`define` finds the plan, departments and ledger that are meant; `years` how the plan stood for each round, and what the
rounds before it found out (`answers`).
The types of results stand in the module of their stage; `received.ReceivedFile` is one file that came in,
`standing.SummaryStanding` how the summary stands. `xlplan` exports them.
"""

from xlplan.stages.afterwards import issue_office
from xlplan.stages.allow import allow
from xlplan.stages.attempts import count, reopen, send_back
from xlplan.stages.changes import changes
from xlplan.stages.check import check
from xlplan.stages.close import close
from xlplan.stages.consolidate import consolidate
from xlplan.stages.correct import correct
from xlplan.stages.correct_from import correct_from
from xlplan.stages.correct_plan import correct_plan
from xlplan.stages.extend import excuse, extend, remark
from xlplan.stages.frames import figures, findings, records
from xlplan.stages.issue import issue
from xlplan.stages.judge_again import rejudge
from xlplan.stages.letters import letters
from xlplan.stages.lint import lint
from xlplan.stages.log import log
from xlplan.stages.mend import mend
from xlplan.stages.new import new
from xlplan.stages.preview import preview
from xlplan.stages.readme import write_readme
from xlplan.stages.rebuild import rebuild
from xlplan.stages.receive import receive
from xlplan.stages.reconcile import reconcile
from xlplan.stages.rehearse import rehearse
from xlplan.stages.rollover import rollover
from xlplan.stages.status import status
from xlplan.stages.undo import undo
from xlplan.stages.unlock import unlock
from xlplan.stages.verify import verify

__all__ = [
    "afterwards",
    "allow",
    "attempts",
    "changes",
    "check",
    "city",
    "close",
    "consolidate",
    "correct",
    "correct_from",
    "correct_plan",
    "correcting",
    "count",
    "deciding",
    "define",
    "drafts",
    "excuse",
    "extend",
    "figures",
    "findings",
    "frames",
    "frequent",
    "issue",
    "issue_office",
    "judge_again",
    "judged_anew",
    "letters",
    "lint",
    "log",
    "looking",
    "mailed",
    "mend",
    "new",
    "news",
    "nextstep",
    "outbox",
    "preview",
    "rebuild",
    "rebuilding",
    "receive",
    "received",
    "reconcile",
    "records",
    "rehearse",
    "rejudge",
    "remark",
    "reopen",
    "reread",
    "returns",
    "rolling",
    "rollover",
    "send_back",
    "sending",
    "standing",
    "status",
    "undo",
    "unlock",
    "untouched",
    "verify",
    "write_readme",
]
