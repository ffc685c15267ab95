"""The command line: commands, what they print, JSON documents, the demonstration.

`commands` are those of a round, `years` those of closing it and of what comes after, `ledgers` those of the ledger;
`options` is what they share.
"""

__all__ = ["commands", "ledgers", "years"]
