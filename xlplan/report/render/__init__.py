"""Renderings of a document of tables: what a `report.tables.Document` says, as a file that people open.

`html` makes it one page, with neither script nor network: `html_tables` its tables, in the widths and on the papers of
`html_measures`; `html_charts` its charts. `markup` writes it, with the looks of `looks.css`;
`palette` has the colours of tones.
"""

__all__ = ["html", "html_charts", "html_measures", "html_tables", "markup", "palette"]
