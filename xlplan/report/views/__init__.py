"""The tables of the summary, a module each: what is shown where, and how it is written into the workbook.

`progress` (総括表), `status` (別表), `statistics` (集計) and `schedule` (スケジュール) are views of the plan; `data`
has the rows that all of them look up, and lists (一覧) of the round's; `registers` has the returns and what was
found in them.
Each has a `write_…` that adds its sheet to a `summary.Summary`.
"""

__all__ = ["answers", "lists", "progress", "registers", "schedule", "statistics", "status"]
