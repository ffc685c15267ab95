"""Where things stand in a form: one geometry for writer, reader and validator. Rows and columns are 1-based."""

__all__ = ["columns", "entry", "stamps", "words"]
