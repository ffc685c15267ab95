"""The views and registers of the summary, a module each: what they show, as tables of cells.

`progress` (総括表), `status` (別表), `statistics` (集計), `schedule` (スケジュール) and `lists` (一覧) are views of the
plan, `registers` the returns and what was found in them; `answers` is what they share. A builder knows neither library
nor page: it says what belongs together, and `xlplan.report.render` decides where a page ends and what is kept live.
"""

__all__ = ["answers", "lists", "progress", "registers", "schedule", "statistics", "status"]
