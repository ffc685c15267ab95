"""The figures of a summary against those in print, and what makes up those that differ.

`comparison` compares each published figure with the value that the workbook shows; `causes` says what makes up a
figure, its records or the other figures that it rests on; `sheets` reads the values of the workbook.
"""

__all__ = ["causes", "comparison"]
