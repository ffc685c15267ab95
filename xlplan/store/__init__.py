"""What is kept on disk: the files of one plan, the archive of what came in, the ledger.

All reading and writing of files goes through `files` (whole or not at all); `workspace` knows where each lies; `ledger`
is the SQLite file of what was issued, received and made. sqlite3 is imported in `ledger` alone.
"""

__all__ = ["archive", "files", "ledger", "workspace"]
