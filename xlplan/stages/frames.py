"""The accepted answers, the findings and the figures of a round as pandas frames. Nothing is changed."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from xlplan.fields.table import type_of
from xlplan.language.errors import ErrorKey, UsageError
from xlplan.model.finding import Finding
from xlplan.model.form import Form
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.model.submission import Receipt, ReceiptState
from xlplan.report.figures import Figure
from xlplan.report.shown import worked_text
from xlplan.report.tracing import records_behind, rests_on
from xlplan.report.working import Figures
from xlplan.stages.define import existing_ledger, moment, usable
from xlplan.stages.rounds import KnownRound
from xlplan.stages.years import Years
from xlplan.store.workspace import Workspace

if TYPE_CHECKING:
    from pandas import DataFrame as DataFrame
    from pandas import Series

TEXT, WHOLE, MOMENT = "string", "Int64", "datetime64[s]"
"""The dtypes of columns that every frame of a kind has: pandas' own, which know a blank."""

RECORD_COLUMNS: Mapping[str, str] = {
    "form": TEXT,
    "period": TEXT,
    "item": TEXT,
    "department": TEXT,
    "attempt": WHOLE,
    "source_file": TEXT,
    "source_sheet": TEXT,
    "source_row": WHOLE,
}
"""The columns of every frame of records, before those of the fields."""

FINDING_COLUMNS: Mapping[str, str] = {
    "code": TEXT,
    "severity": TEXT,
    "file": TEXT,
    "department": TEXT,
    "period": TEXT,
    "form": TEXT,
    "sheet": TEXT,
    "cell": TEXT,
    "item": TEXT,
    "field": TEXT,
    "value": TEXT,
    "message": TEXT,
    "remedy": TEXT,
    "allowed": TEXT,
    "number": WHOLE,
    "attempt": WHOLE,
    "received_at": MOMENT,
}
"""The columns of every frame of findings."""

FIGURE_COLUMNS: Mapping[str, str] = {
    "view": TEXT,
    "measure": TEXT,
    "label": TEXT,
    "group": TEXT,
    "period": TEXT,
    "total": "boolean",
    "value": "Float64",
    "text": TEXT,
    "fixed": "boolean",
    "reason": TEXT,
    "format": TEXT,
    "formula": TEXT,
    "cell": TEXT,
    "records": "object",
    "rests_on": "object",
}
"""The columns of every frame of figures."""

LARGEST_WHOLE = 2**63 - 1
"""The largest number of a column `Int64`."""


def records(space: Workspace, period: str | None = None, *, form: str | None = None) -> "DataFrame":
    """The accepted answers of a round: one row for each row of a form.

    Args:
        space: The folder of the plan.
        period: The round: an id, a label, or a fiscal year. The latest that was issued where None.
        form: The id or title of the form whose answers are wanted; those of all forms where None.

    Returns:
        A frame with a RangeIndex. Its columns are those of `RECORD_COLUMNS`, then one for each field of the forms by
        the field's id, with the dtype of its type (`fields.ValueType.record_dtype`). It keeps them where nothing was
        accepted yet.

    Raises:
        UsageError: no such round has begun, or the plan has no such form.
    """
    plan, current, receipts = _round(space, period)
    forms = plan.forms if form is None else (_form_named(plan, form),)
    wanted = {wanted.id for wanted in forms}
    accepted = [receipt for receipt in receipts if receipt.state is ReceiptState.ACCEPTED]
    rows = [(record, receipt) for receipt in accepted for record in receipt.records if record.form in wanted]
    facts: dict[str, Sequence[object]] = {
        "form": [record.form for record, _ in rows],
        "period": [current.id] * len(rows),
        "item": [record.item for record, _ in rows],
        "department": [receipt.department for _, receipt in rows],
        "attempt": [receipt.attempt for _, receipt in rows],
        "source_file": [receipt.archive for _, receipt in rows],
        "source_sheet": [record.sheet for record, _ in rows],
        "source_row": [record.row for record, _ in rows],
    }
    columns = {name: _column(facts[name], dtype) for name, dtype in RECORD_COLUMNS.items()}
    for name, dtype in _fields(forms).items():
        column = f"{name}_" if name in RECORD_COLUMNS else name
        columns[column] = _column([record.values.get(name) for record, _ in rows], dtype)
    return _frame(columns)


def findings(space: Workspace, period: str | None = None) -> "DataFrame":
    """What was found in the returns of a round: one row for each finding in the latest return of each department.

    Args:
        space: The folder of the plan.
        period: The round: an id, a label, or a fiscal year. The latest that was issued where None.

    Returns:
        A frame with a RangeIndex and the columns of `FINDING_COLUMNS`; messages are in the plan's language. It keeps
        them where nothing was found.

    Raises:
        UsageError: no such round has begun.
    """
    plan, current, receipts = _round(space, period)
    rows = [
        _described(finding, receipt, plan, current) for receipt in receipts for finding in receipt.findings
    ]
    return _frame(
        {name: _column([row[name] for row in rows], dtype) for name, dtype in FINDING_COLUMNS.items()}
    )


def figures(space: Workspace, period: str | None = None) -> "DataFrame":
    """The figures of a round as it stands: one row for each measure, group and period of its statistics.

    Args:
        space: The folder of the plan.
        period: The round: an id, a label, or a fiscal year. The latest that was issued where None.

    Returns:
        A frame with a RangeIndex and the columns of `FIGURE_COLUMNS`: those of a draft while a return is open.
        `records` holds the `FigureRecord`s that make a figure up, `rests_on` the cells of the figures that it names.

    Raises:
        UsageError: no such round has begun.
    """
    definition = usable(space)
    ledger = existing_ledger(space)
    if ledger is None:
        raise UsageError(ErrorKey.NO_ROUND)
    with ledger:
        years = Years(definition, ledger)
        known = years.known_round(years.begun_round(period))
    made = figures_now(known)
    rows = [_figured(made, figure) for figure in made.all()]
    return _frame(
        {name: _column([row[name] for row in rows], dtype) for name, dtype in FIGURE_COLUMNS.items()}
    )


class Frames:
    """The frames of one city's folder."""

    folder: Path

    def records(self, period: str | None = None, *, form: str | None = None) -> "DataFrame":
        """The accepted answers of a round as a pandas frame: one row for each row of a form.

        Columns: form, period, item, department (string: ids), attempt (Int64: from 1), source_file, source_sheet
        (string), source_row (Int64: 1-based, as in Excel), then one for each field by its id: string, Int64, Float64 or
        datetime64[s], a blank as NA. docs/python.md lists them. The frame has its columns also without rows.

        Args:
            period: The round.
            form: The id or title of a form; the answers to all forms, with the fields of all, where None.
        """
        return records(self._space, period, form=form)

    def findings(self, period: str | None = None) -> "DataFrame":
        """What was found in the latest return of each department, as a pandas frame: one row for each finding.

        Columns, all string but the last three: code, severity (error, warning, notice), file, department, period, form,
        sheet, cell (A1), item, field, value (what stood there), message, remedy (in the plan's language), allowed (why
        the office lets it stand), number (Int64: of the finding), attempt (Int64: from 1), received_at (datetime64[s]).
        The frame has its columns also without rows.
        """
        return findings(self._space, period)

    def figures(self, period: str | None = None) -> "DataFrame":
        """The figures of a round as it stands, as a pandas frame: one row for each measure, group and period.

        Columns: view, measure (ids), label, group (its words), period (id; empty for the whole plan), total (boolean:
        of all groups), value (Float64; NA where there is none), text (as it is shown), reason (why there is none:
        not_asked, nothing_to_divide, undecided, at_close), fixed (boolean: shown as it was when its round was closed,
        where it comes to something else by now), format, formula (as the plan has it), cell (where it stands in
        summary.xlsx), records (a tuple of what makes it up, each with item, title, period, department, file, sheet,
        row, cell, attempt, sha256), rests_on (the cells of the figures that it names).
        """
        return figures(self._space, period)

    @property
    def _space(self) -> Workspace:
        return Workspace(self.folder)


def figures_now(known: KnownRound) -> Figures:
    """The figures of a round as it stands; those of a draft while a return is open."""
    return Figures(known.consolidation(moment(None), draft=bool(known.open)))


def _figured(made: Figures, figure: Figure) -> dict[str, object]:
    """A figure as a row."""
    worked, measure = made.worked(figure), figure.measure
    shape = measure.format
    return {
        "view": measure.view,
        "measure": measure.id,
        "label": measure.label,
        "group": figure.group,
        "period": figure.period,
        "total": figure.of_all_groups,
        "value": made.number(figure),
        "text": worked_text(worked, shape, made.nothing),
        "fixed": made.by_formula(figure) is not None,
        "reason": worked.reason.value if worked.reason else "",
        "format": shape,
        "formula": measure.formula.text,
        "cell": figure.cell,
        "records": records_behind(made, figure),
        "rests_on": tuple(other.cell for other in rests_on(figure)),
    }


def _round(space: Workspace, period: str | None) -> tuple[Plan, Period, list[Receipt]]:
    """The plan as it is known in the round, the round, and the latest returns that count, in the plan's order.

    Raises:
        UsageError: nothing was issued yet, or not in that period.
    """
    definition = usable(space)
    ledger = existing_ledger(space)
    if ledger is None:
        raise UsageError(ErrorKey.NO_ROUND)
    with ledger:
        years = Years(definition, ledger)
        current = years.begun_round(period)
        known = years.known_round(current)
    order = [department.id for department in known.plan.answering(current)]
    return known.plan, current, [known.receipts[name] for name in order if name in known.receipts]


def _form_named(plan: Plan, name: str) -> Form:
    """The form of that id or title.

    Raises:
        UsageError: the plan has no such form.
    """
    found = plan.form(name) or next((form for form in plan.forms if form.title == name), None)
    if found is None:
        known = " / ".join(f"{form.id} {form.title}" for form in plan.forms)
        raise UsageError(ErrorKey.UNKNOWN_FORM, form=name, known=known)
    return found


def _fields(forms: Sequence[Form]) -> dict[str, str]:
    """The dtype of each field by its id; `object` where forms have fields of one id and of several types."""
    dtypes: dict[str, str] = {}
    for form in forms:
        for field in form.fields:
            dtype = type_of(field).record_dtype
            dtypes[field.id] = dtype if dtypes.get(field.id, dtype) == dtype else "object"
    return dtypes


def _described(finding: Finding, receipt: Receipt, plan: Plan, period: Period) -> dict[str, object]:
    """A finding as a row, with the return in which it was found."""
    place = {
        "file": finding.file or receipt.file_name,
        "department": receipt.department,
        "period": period.id,
        "item": finding.item,
    }
    return {
        **finding.as_dict(plan.language),
        **place,
        "number": finding.number or None,
        "attempt": receipt.attempt,
        "received_at": receipt.received_at,
    }


def _column(values: Sequence[object], dtype: str) -> "Series":
    import pandas as pd

    if dtype == WHOLE and any(isinstance(value, int) and abs(value) > LARGEST_WHOLE for value in values):
        dtype = "object"
    if dtype == MOMENT:
        return pd.Series(
            pd.DatetimeIndex([pd.NaT if value is None else value for value in values]).as_unit("s")
        )
    return pd.Series(list(values), dtype=dtype)


def _frame(columns: Mapping[str, "Series"]) -> "DataFrame":
    import pandas as pd

    return pd.DataFrame(dict(columns))
