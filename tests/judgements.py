"""What is found in one row of the sample plan."""

from collections.abc import Mapping
from dataclasses import replace

from returns import (
    department_of,
    period_of,
    submission,
)

from xlplan.form.issuing import rows_of
from xlplan.model.finding import Finding
from xlplan.model.plan import Plan
from xlplan.validate.judging import judge

ITEM = "A-1"
"""Planned 実施 in R6, was 実施 in R5, has a budget of 1,000."""


Cells = Mapping[str, object]


def findings_of(plan: Plan, cells: Cells, *, form: str = "report", item: str = ITEM) -> list[Finding]:
    """What is found where one row has these cells and all else is well. The row alone is judged."""
    answers = {(item, field): value for field, value in cells.items()}
    one = submission(plan, "D1", answers, form=form)
    [returned] = one.forms
    alone = replace(one, forms=(replace(returned, rows=tuple(r for r in returned.rows if r.item == item)),))
    rows = rows_of(plan, period_of(plan), department_of(plan, "D1"))
    mine = {name: tuple(row for row in some if row.item == item) for name, some in rows.items()}
    [verdict] = judge(plan, period_of(plan), [(alone, mine)])
    return [one for one in verdict.findings if one.code != "rows_inserted"]
