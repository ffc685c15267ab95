"""The command line: commands, what they print, JSON documents, the demonstration.

`commands` are those within a round, `years` those of a round as a whole: how it stands, closing it, what comes after;
`options` is what they share.
"""

__all__ = ["commands", "years"]
