"""The command line: commands, what they print, JSON documents, the demonstration.

`commands` are those of a round, `deciding` those by which the office decides, `years` those of closing it, of what
comes after, and of trying the next; `options` is what they share.
"""

__all__ = ["commands", "deciding", "years"]
