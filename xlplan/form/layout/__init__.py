"""Where things stand in a form: one geometry for writer, reader and validator. Rows and columns are 1-based.

`entry` is an entry sheet with its `columns`, `stamps` the hidden sheet, `words` by what sheets and headings are known.
What is changed here changes the forms that go out: it raises `stamps.FORMAT`.
"""

__all__ = ["columns", "entry", "stamps", "words"]
