"""The command line: commands, what they print, JSON documents, the demonstration.

`commands` are those within a round, `letters` that of the drafts to departments, `deciding` those by which the office
decides and tries, `years` those of closing it, of what comes after and of the ledger; `options` is what they share.
"""

__all__ = ["commands", "deciding", "letters", "years"]
