"""Renderings of a document of tables: what a `report.tables.Document` says, as a file that people open.

`html` makes it one page, with neither script nor network: `html_tables` its tables, `html_charts` its charts, written
by `markup`, with the looks of `page.css`. `palette` has the colours of tones.
"""

__all__ = ["html", "html_charts", "html_tables", "markup", "palette"]
