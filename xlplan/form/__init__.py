"""The workbook that a department gets and sends back.

`layout` is its geometry, asked by writer and reader alike; `issuing` what each department is asked, `allowed` what the
office lets stand in its form; `write` makes the blank, the issued, the sent-back and the mended workbook; `read` takes
a return in, each file in a process of its own; `compare` holds it against what was issued.
"""

__all__ = ["allowed", "compare", "issuing", "layout", "lists", "read", "write"]
