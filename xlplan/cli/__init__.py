"""The command line: commands, what they print, JSON documents, the demonstration.

`commands` are those of a round, `letters` that of the drafts to
departments, `years` those of closing it and of what comes after; `options` is what they share.
"""

__all__ = ["commands", "letters", "years"]
