"""What each check of a form says of some rows, each check asked once, in the order of the gate."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from xlplan.fields.cells import UNREAD
from xlplan.fields.checks import Check
from xlplan.fields.computed import shown_formula
from xlplan.fields.gate import gate
from xlplan.fields.numbering import checks_of
from xlplan.fields.row_checks import OfRule
from xlplan.fields.table import ranked_lists
from xlplan.formula.evaluation import FormulaContext, Undecided, evaluate
from xlplan.formula.tree import Formula
from xlplan.model.form import Field, Form
from xlplan.model.item import Period
from xlplan.model.plan import Plan

PREVIOUS = "previous:"
"""What stands before a field's id in the name of the column with its values of the previous period."""

DEPARTMENT = "@department"
"""The column that says whose row it is, by the department's id."""

Columns = Mapping[str, Sequence[object]]
"""The rows by column: fields by id, `PREVIOUS` values, columns of the item. None for blank."""


class AskedForm:
    """What is asked of the rows of a form in one period: its checks, and what its formulas rest on."""

    def __init__(
        self, form: Form, plan: Plan, period: Period, taken: Mapping[str, Collection[object]] | None = None
    ) -> None:
        """`taken` are the values of unique fields, by id, that rows elsewhere hold already."""
        self.form = form
        self.checks = checks_of(form, plan, period)
        self.taken = taken or {}
        self.context = FormulaContext(ranked_lists(form, plan), plan.days(period))

    def of(self, field: Field) -> tuple[Check, ...]:
        """The checks of a field's gate, in order."""
        return tuple(check for check in self.checks if check.field.id == field.id and not check.rule)

    def columns(self) -> tuple[str, ...]:
        """Every column that the checks look at besides the entered fields."""
        asked = [check.of.check for check in self.checks if isinstance(check, OfRule)]
        asked += [field.required for field in self.form.entered if isinstance(field.required, Formula)]
        found = {f"{PREVIOUS}{check.field.id}": None for check in self.checks if check.step}
        known: set[str] = set()
        while asked:
            formula = asked.pop()
            found |= dict.fromkeys(f"{PREVIOUS}{name}" for name in sorted(formula.previous))
            for name in sorted(formula.columns - known):
                known.add(name)
                field = self.form.by_id.get(name)
                if field is not None and field.formula is not None:
                    asked.append(field.formula)
                elif field is None or not field.entered:
                    found[name] = None
        return tuple(found)


class Verdicts:
    """What the checks say of some rows (`xlplan.fields.rows.Rows`)."""

    def __init__(self, asked: AskedForm, columns: Columns, length: int) -> None:
        self.asked = asked
        self._columns = columns
        self._length = length
        self._failed: dict[int, Sequence[bool]] = {}
        self._closed: dict[str, Sequence[bool]] = {}
        self._computed: dict[str, list[object]] = {}
        self._answers: dict[tuple[str, tuple[bool, ...]], list[object]] = {}

    def failed(self, check: Check) -> Sequence[bool]:
        """TRUE for each row in which `check` finds something."""
        if check.number not in self._failed:
            if check.rule:
                self._failed[check.number] = check.failed(self)
            else:
                self._judge(check.field)
        return self._failed[check.number]

    def computed(self, field: Field) -> list[object]:
        """The values of a computed field: None where the gate is closed or the formula gives an error."""
        if field.id not in self._computed:
            found: list[object] = [None] * len(self)
            if field.formula is not None:
                asked = self.gate(field.formula)
                answers = iter(self.answers(shown_formula(field, field.formula, self.asked.form), asked))
                for at, may in enumerate(asked):
                    value = next(answers) if may else None
                    found[at] = None if isinstance(value, Undecided) or value == "" else value
            self._computed[field.id] = found
        return self._computed[field.id]

    def judged(
        self, field: Field, checks: Iterable[Check]
    ) -> tuple[dict[int, Sequence[bool]], Sequence[bool]]:
        """Where these checks of a field's gate fail, by number: each where none before it did. And where any fails."""
        found: dict[int, Sequence[bool]] = {}
        closed = [value is UNREAD for value in self.values(field.id)]
        for check in checks:
            failed = check.failed(self)
            if True in failed and True in closed:
                failed = [bad and not shut for bad, shut in zip(failed, closed, strict=True)]
            if True in failed:
                closed = [bad or shut for bad, shut in zip(failed, closed, strict=True)]
            found[check.number] = failed
        return found, closed

    def _judge(self, field: Field) -> None:
        """All checks of the gate of one field."""
        found, self._closed[field.id] = self.judged(field, self.asked.of(field))
        self._failed |= found

    # --- as the checks see the rows ---

    def __len__(self) -> int:
        return self._length

    def values(self, name: str) -> Sequence[object]:
        """The values of a field or of a column of the item."""
        return self._columns[name]

    def previous(self, name: str) -> Sequence[object]:
        """The values of a field in the previous period."""
        return self._columns[f"{PREVIOUS}{name}"]

    def departments(self) -> Sequence[object] | None:
        """Whose row each is; None where that is not known."""
        return self._columns.get(DEPARTMENT)

    def taken(self, name: str) -> Collection[object]:
        """The values of a unique field that rows elsewhere hold already."""
        return self.asked.taken.get(name, ())

    def gate(self, formula: Formula) -> Sequence[bool]:
        """TRUE where no entered field that the formula rests on has a finding."""
        shut = [self._shut(field) for field in gate(formula, self.asked.form)]
        return [not any(row) for row in zip(*shut, strict=True)] if shut else [True] * len(self)

    def _shut(self, field: Field) -> Sequence[bool]:
        if field.id not in self._closed:
            self._judge(field)
        return self._closed[field.id]

    def answers(self, formula: Formula, asked: Sequence[bool]) -> list[object]:
        """The formula's value in the rows that are asked, worked out once for each distinct tuple."""
        key = (formula.text, tuple(asked))
        if key not in self._answers:
            self._answers[key] = self._evaluated(formula, asked)
        return self._answers[key]

    def _evaluated(self, formula: Formula, asked: Sequence[bool]) -> list[object]:
        columns, previous = sorted(formula.columns), sorted(formula.previous)
        series = [self._column(name) for name in columns] + [self.previous(name) for name in previous]
        picked = [at for at, may in enumerate(asked) if may]
        series = [[values[at] for at in picked] for values in series]
        rows = list(zip(*series, strict=True)) if series else [()] * len(picked)
        # 1 and True, 1 and 1.0 are equal in Python but not in a sheet
        types = list(zip(*(map(type, values) for values in series), strict=True)) if series else rows
        keys = list(zip(types, rows, strict=True))
        distinct = dict(zip(keys, rows, strict=True))
        results = evaluate(formula, list(distinct.values()), columns, previous, self.asked.context)
        known = dict(zip(distinct, results, strict=True))
        return [known[key] for key in keys]

    def _column(self, name: str) -> Sequence[object]:
        field = self.asked.form.by_id.get(name)
        if field is not None and field.formula is not None:
            # a computed cell that shows nothing holds "", not a blank: "" < 5 is FALSE in a sheet
            return ["" if value is None else value for value in self.computed(field)]
        return self.values(name)
