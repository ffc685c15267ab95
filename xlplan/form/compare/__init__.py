"""Is it ours, and what of ours was changed: a return against what was issued."""

__all__ = ["formulas", "prefilled", "rows", "stamp", "unversioned"]
