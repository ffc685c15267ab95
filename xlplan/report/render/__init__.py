"""How a summary's document becomes a file.

A renderer takes a `xlplan.report.tables.Document`. Where a page ends, how high a row is and which colour a tone has
is its own matter.

`xlsx` makes it a workbook. `html` makes it one page, with neither script nor network: `html_tables` its tables, in the
widths and on the papers of `html_measures`; `html_charts` its charts. `markup` writes it, `looks.css` has its looks,
`palette` the colours of tones.
"""

__all__ = ["html", "html_charts", "html_measures", "html_tables", "markup", "palette", "xlsx"]
