"""The pandera schema of a form: a column for each field, a check for each of its checks.

`schema` makes one for any plan and form, without a folder or a ledger. It validates any frame of this shape:

    <field id>             the converted values of a field that the department fills, None for blank. A text that could
                           not be read as a number, day … stands there as it was typed, and fails the check of its type
    previous:<field id>    the value of the previous period, where a rule or the order of a list asks for it
    <field id>, <column>   values of the office and of the row's item, where a formula names them
    @department            optional: whose row it is, by id; a field of type `item` then takes that department's alone

The checks are those of `xlplan.fields.checks`, named by the codes of their findings, with what they ask as
`statistics`. One that needs its own column alone is that column's, one that needs others is the frame's: what another
field decides, the order of choices, rules. A rule is worked out on the distinct tuples of the columns that it names.
In the order of the gate: a cell that has failed one check is not asked the next, nor any rule that names it.
"""

import datetime as dt
import weakref
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd
import pandera.pandas as pa

from xlplan.fields.checks import Check
from xlplan.fields.row_checks import RequiredCheck
from xlplan.fields.table import type_of
from xlplan.model.form import Form
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.validate.verdicts import DEPARTMENT, AskedForm, Verdicts

NOT_NULLABLE = "not_nullable"
"""What pandera calls the check of a column that holds no blank."""


def schema(
    plan: Plan,
    form: Form | str,
    period: Period | str | None = None,
    *,
    taken: Mapping[str, Collection[object]] | None = None,
) -> pa.DataFrameSchema:
    """The schema of one form of a plan, as its checks stand in one period.

    Validate with `lazy=True` for all failures at once: `failure_cases` of the `SchemaErrors` raised names each check by
    the code of its finding ("not_in_list", "rule:<id>"), a blank in a required column as "not_nullable".

    Args:
        plan: As `xlplan.definition.reading.read_definition(…).usable()` gives it.
        form: One of the plan's forms, or its id.
        period: One of the plan's periods, or its id; by default the last.
        taken: By field id, the values of fields without duplicates that rows outside the frame hold already.

    Returns:
        A schema that validates any frame of the shape told above.

    Raises:
        LookupError: the plan has no such period, or no such form in it.
    """
    when = plan.period(period) if isinstance(period, str) else period or plan.periods[-1]
    if when is None:
        raise LookupError(period)
    plan = plan.asked_in(when)
    which = plan.form(form if isinstance(form, str) else form.id)
    if which is None:
        raise LookupError(form)
    return schema_of(AskedForm(which, plan, when, taken))


def schema_of(asked: AskedForm) -> pa.DataFrameSchema:
    """The schema that asks what `asked` does."""
    judging = _Judging(asked)
    columns: dict[str, pa.Column] = {
        name: pa.Column(None, nullable=True, title=name) for name in asked.columns()
    }
    columns[DEPARTMENT] = pa.Column(None, nullable=True, required=False)
    across: list[Check] = []
    for field in asked.form.entered:
        alone = _alone(asked.of(field))
        across += [check for check in asked.checks if check.field.id == field.id and check not in alone]
        columns[field.id] = pa.Column(
            type_of(field).dtype,
            [_column_check(check, asked) for check in alone if not isinstance(check, RequiredCheck)],
            nullable=field.required is not True,
            coerce=True,
            title=field.heading,
            description=field.hint or None,
        )
    return pa.DataFrameSchema(
        columns,
        checks=[_frame_check(check, judging, begins=at == 0) for at, check in enumerate(across)],
        name=asked.form.id,
        title=asked.form.title,
    )


def _alone(checks: Sequence[Check]) -> list[Check]:
    """The checks of a field's gate that its own column decides: up to the first for which a value needs another."""
    found = []
    for check in checks:
        if check.across and not isinstance(check, RequiredCheck):
            break
        if not check.across:
            found.append(check)
    return found


def _column_check(check: Check, asked: AskedForm) -> pa.Check:
    """A check of one column, by itself."""
    before = [other for other in _alone(asked.of(check.field)) if other.number <= check.number]

    def passed(values: "pd.Series[Any]") -> "pd.Series[bool]":
        rows = Verdicts(asked, {check.field.id: plain(values)}, len(values))
        return _passed(rows.judged(check.field, before)[0][check.number], values.index)

    return _check(check, passed)


def _frame_check(check: Check, judging: "_Judging", *, begins: bool) -> pa.Check:
    """A check that looks at several columns. The first of a schema begins the judging of a frame."""

    def passed(frame: pd.DataFrame) -> "pd.Series[bool]":
        rows = judging.begun(frame) if begins else judging.of(frame)
        return _passed(rows.failed(check), frame.index)

    return _check(check, passed)


def _check(check: Check, passed: Callable[..., "pd.Series[bool]"]) -> pa.Check:
    return pa.Check(
        passed,
        name=check.written_code,
        error=check.written_code,
        title=check.kind.value,
        description=check.rule.check.text if check.rule else None,
        statistics={"number": check.number, **check.statistics},
        ignore_na=False,
    )


def _passed(failed: Sequence[bool], index: pd.Index) -> "pd.Series[bool]":
    return ~pd.Series(failed, index=index, dtype=bool)


class _Judging:
    """The frame at hand and what was found of it: pandera asks one check after another of the same frame.

    What was found is kept for the very object that the last check was given, and each validation begins anew: a frame
    that was changed in place is another one.
    """

    def __init__(self, asked: AskedForm) -> None:
        self.asked = asked
        self._frame: weakref.ref[pd.DataFrame] | None = None
        self._rows: Verdicts | None = None

    def begun(self, frame: pd.DataFrame) -> Verdicts:
        """The verdicts on a frame, with nothing found yet."""
        self._frame, self._rows = weakref.ref(frame), rows_of(frame, self.asked)
        return self._rows

    def of(self, frame: pd.DataFrame) -> Verdicts:
        """The verdicts on a frame, those found already among them."""
        if self._rows is None or self._frame is None or self._frame() is not frame:
            return self.begun(frame)
        return self._rows


def rows_of(frame: pd.DataFrame, asked: AskedForm) -> Verdicts:
    """The rows of a frame, to be asked the checks of a form."""
    return Verdicts(asked, _Columns(frame), len(frame))


class _Columns(Mapping[str, Sequence[object]]):
    """The columns of a frame as Python's own values, each made when it is first asked for."""

    def __init__(self, frame: pd.DataFrame) -> None:
        # pandera keeps a schema as long as the frame that it was last asked of: neither must keep the other
        self._held = weakref.ref(frame)
        self._made: dict[str, list[object]] = {}

    @property
    def _frame(self) -> pd.DataFrame:
        frame = self._held()
        if frame is None:
            raise ReferenceError
        return frame

    def __getitem__(self, name: str) -> list[object]:
        if name not in self._made:
            self._made[name] = plain(self._frame[name])
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(map(str, self._frame.columns))

    def __len__(self) -> int:
        return len(self._frame.columns)


def plain(values: "pd.Series[Any]") -> list[object]:
    """A column as Python's own values: None for blank, a day without a time as a date."""
    found: list[object] = values.tolist()
    blank = values.isna().to_numpy()
    for at in blank.nonzero()[0]:
        found[at] = None
    if any(issubclass(kind, dt.datetime) for kind in set(map(type, found))):
        found = [_day(value) if isinstance(value, dt.datetime) else value for value in found]
    return found


def _day(moment: dt.datetime) -> dt.date:
    """The day that a moment is, where it is a day's first."""
    return moment.date() if moment.time() == dt.time() else moment


def failures(frame: pd.DataFrame, schema: pa.DataFrameSchema, asked: AskedForm) -> dict[int, list[int]]:
    """The rows (by index) that fail each check (by number), from one lazy validation of the whole frame.

    Args:
        frame: The answers, in the shape told above.
        schema: The schema of `asked`.
        asked: The form and its checks.

    Returns:
        By the number of a check its rows; a check that all pass has none.

    Raises:
        SchemaErrors: the frame has not that shape: a fault of ours.
    """
    required = {check.field.id: check.number for check in asked.checks if isinstance(check, RequiredCheck)}
    found: dict[int, list[int]] = {}
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as fault:
        for error in fault.schema_errors:
            if error.check == NOT_NULLABLE:
                found[required[error.schema.name]] = sorted(error.failure_cases["index"].tolist())
                continue
            output = error.check_output
            if not isinstance(error.check, pa.Check) or not error.check.statistics or output is None:
                raise
            found[error.check.statistics["number"]] = output.index[~output.astype(bool)].tolist()
    return found
