"""A return against what was issued: whether it is ours, and what of ours was changed.

`stamp` says whether it is a return of this round, `rows` which row answers which item, `alterations` what of the
office's cells and of the formulas is otherwise now, `unversioned` what issues of 0.1.0 ask. Findings come out; no file
is opened.
"""

__all__ = ["alterations", "rows", "stamp", "unversioned"]
