"""The command line: commands, what they print, JSON documents, the demonstration.

`commands` are those of a round, `rounds` tells how one stands, `years` are those of closing it and of what comes after;
`options` is what they share.
"""

__all__ = ["commands", "rounds", "years"]
