"""What is kept on disk: the files of one plan, the archive of what came in, the ledger.

All reading and writing of files goes through `files` (whole or not at all); `workspace` knows where each lies; `ledger`
is the SQLite file of what was issued, received and made, `history` what it keeps of the years; `sealing` says whether
it is what was recorded. `progress` tells how far a stage is with all that.
"""

__all__ = ["archive", "files", "history", "ledger", "progress", "sealing", "workspace"]
