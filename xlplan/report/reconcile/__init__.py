"""The figures of a summary against those in print, and what makes up those that differ."""

__all__ = ["causes", "comparison"]
