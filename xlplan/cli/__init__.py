"""The command line: commands, what they print, JSON documents, the demonstration."""

__all__ = ["commands"]
