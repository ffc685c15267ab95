"""Returns read by meaning: columns by heading, rows by item, in processes that may abort.

`intake` takes files in and starts the processes (`child`). What runs in those is `opening`: safety first, then
`workbook` (stamp and first sheet), `sheets` (the entry sheets, by `headings`), and what is told besides the answers
(`sheetstate`, `formulacells`). It loads no heavy library. `leftovers` lists what has no place in the form,
`otherformats` looks at .xls, .ods and encrypted files, `issuedbook` reads what xlplan itself wrote.
"""

__all__ = ["child", "intake", "issuedbook", "leftovers", "otherformats"]
