"""A return against what was issued: whether it is ours, and what of ours was changed.

`stamp` says whether it is a return of this round, `rows` which row answers which item, `prefilled` and `formulas` what
the office had filled in and calculated, `unversioned` what issues of 0.1.0 ask. Findings come out; no file is opened.
"""

__all__ = ["formulas", "prefilled", "rows", "stamp", "unversioned"]
