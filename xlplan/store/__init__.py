"""What is kept on disk: the files of one plan, the archive of what came in, the ledger.

All reading and writing of files goes through `files` (whole or not at all); `workspace` knows where each lies; `ledger`
is the SQLite file of what was issued, received and made, `history` what it keeps of the years, `letters` of the mails
that brought returns, `judgings` of returns judged anew; `counting` says what counts by what was decided, `sealing`
whether all is what was recorded. A run writes in its turn (`turns`), behind a lock file (`lock`); after it a copy is
kept (`backup`), and what was decided stands in a file of its own (`decision_log`). `drafts` are those of letters.
`progress` tells how far a stage is with all that.
"""

__all__ = [
    "archive",
    "backup",
    "counting",
    "decision_log",
    "drafts",
    "files",
    "history",
    "judgings",
    "ledger",
    "letters",
    "lock",
    "opened",
    "progress",
    "sealing",
    "turns",
    "workspace",
]
