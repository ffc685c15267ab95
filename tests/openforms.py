"""The sample plan with two forms to which departments add rows."""

from returns import TABLES, Tables, changed

_WITH_OPEN_ROWS = changed(TABLES, "forms", "id | title | note", "id | title | note | open_rows")

OPEN: Tables = {
    **_WITH_OPEN_ROWS,
    "forms": _WITH_OPEN_ROWS["forms"].rstrip()
    + """
        events | できごと | 行を書き足してください。 | 4
        wishes | 要望 | 自由に書いてください。 | 2
    """,
    "fields": TABLES["fields"].rstrip()
    + """
        events|about|施策|item||yes|department|||||||
        events|held|日付|date||yes|department|||2020-04-01||||
        events|what|内容|text||yes|department|||||20||
        wishes|wish|要望|text||yes|department|||||||
    """,
    "records": """
        form | period | item | planned | held | what | wish
        report | R6 | A-1 | 検討 | | |
        report | R6 | A-2 | 検討 | | |
        report | R6 | A-3 | 検討 | | |
        report | R6 | B-1 | 検討 | | |
        report | R6 | B-2 | 検討 | | |
        report | R6 | C-1 | 検討 | | |
        events | R5 | A-1 | | 2023-05-01 | 開始 |
        events | R5 | B-1 | | 2023-06-01 | 試行 |
        events | R5 | A-1 | | 2023-07-01 | 拡大 |
        wishes | R5 | | | | | 研修がほしい
    """,
    "views": """
        id | title | kind | form
        events | できごと一覧 | list | events
        wishes | 要望一覧 | list | wishes
    """,
}
"""The tables of the plan."""
