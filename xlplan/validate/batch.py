"""All rows of one form in a batch of returns: one frame, one validation, every failure mapped back to its cell."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any
from unicodedata import normalize

import pandas as pd

from xlplan.fields.amounts import PERCENT, unit_of
from xlplan.fields.cells import READ_AS_CODES, UNREAD, Converted, is_too_long
from xlplan.fields.checks import Check, CheckKind
from xlplan.fields.gate import looked_at
from xlplan.fields.reading import SeenValue, convert_column, read_seen, shown, typed_text
from xlplan.fields.table import holds_free_text, type_of
from xlplan.formula.excel import MAX_CELL_TEXT
from xlplan.language.privacy import signs
from xlplan.language.remarks import is_ditto, is_elsewhere
from xlplan.language.text import tidy, units
from xlplan.model.codes import FindingCode
from xlplan.model.finding import GIVEN_AWAY, Finding
from xlplan.model.fingerprint import values_fingerprint
from xlplan.model.form import Field, FilledBy, Form
from xlplan.model.item import ITEM_COLUMNS, Period
from xlplan.model.plan import Plan
from xlplan.model.record import Value
from xlplan.model.submission import RecordRow, ReturnedForm, ReturnedRow, ShownCell
from xlplan.validate.places import ReturnPlace, Taken
from xlplan.validate.schema import failures, schema_of
from xlplan.validate.verdicts import DEPARTMENT, PREVIOUS, AskedForm


def _column(
    field: Field, returned: ReturnedForm, rows: Sequence[ReturnedRow]
) -> tuple[Sequence[object], Sequence[bool]]:
    """What stands in the column of a field, and where the reader could give nothing."""
    letters = returned.columns.get(field.id)
    if letters is None:
        return [None] * len(rows), [True] * len(rows)
    at = list(returned.columns).index(field.id)
    formulas = returned.formulas
    lost = [bool(formulas) and formulas.get(f"{letters}{row.row}") is False for row in rows]
    return [row.values[at] for row in rows], lost


def _typed(value: object, field: Field) -> str:
    """A cell's value as people see it there: 12, not 12.0; text with the spaces around it."""
    if value is None or isinstance(value, str):
        return value or ""
    return typed_text(value, field)


def _how_read(before: str, after: str, field: Field) -> FindingCode:
    """The code of a reading: where both look the same, what it was that differed."""
    kind = type_of(field)
    if kind.is_words:
        return FindingCode.READ_AS
    if tidy(before) and not after:
        return FindingCode.READ_AS_BLANK
    if tidy(before) == after:
        return kind.same_look_code
    return FindingCode.READ_AS_WIDTH if normalize("NFKC", tidy(before)) == after else FindingCode.READ_AS


def _not_said(written: str) -> FindingCode | None:
    """What is told of an answer that only points elsewhere."""
    if is_ditto(written):
        return FindingCode.ANSWER_DITTO
    return FindingCode.ANSWER_ELSEWHERE if is_elsewhere(written) else None


class Batch:
    """All rows of one form in one batch."""

    def __init__(
        self,
        form: Form,
        plan: Plan,
        period: Period,
        places: Sequence[ReturnPlace],
        taken: Taken,
        owners: Sequence[str],
    ) -> None:
        self.form = form
        self.plan = plan
        self.period = period
        self.owners = owners
        self.places = places
        self.raw: dict[str, list[object]] = {}
        self.converted: dict[str, list[Converted]] = {}
        self.seen: dict[str, dict[int, tuple[ShownCell, SeenValue]]] = {}
        self.frame = self._frame()
        mine = {field: values for (owner, field), values in taken.items() if owner == form.id}
        self.asked = AskedForm(form, plan, period, mine)
        self.failed = failures(self.frame, schema_of(self.asked), self.asked)

    def _frame(self) -> pd.DataFrame:
        columns: dict[str, list[object]] = {}
        for field in self.form.fields:
            if field.filled_by is FilledBy.OFFICE:
                columns[field.id] = [place.issued.office.get(field.id) for place in self.places]
            elif field.entered:
                columns[field.id] = self._entered(field)
            if field.previous:
                old: list[object] = [place.issued.previous.get(field.id) for place in self.places]
                columns[f"{PREVIOUS}{field.id}"] = old
        columns[DEPARTMENT] = [self.owners[place.at] for place in self.places]
        columns["item"] = [place.issued.item for place in self.places]
        if not self.form.is_open:
            columns |= self._about_items()
        return pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in columns.items()})

    def _about_items(self) -> dict[str, list[object]]:
        """The columns of the items that the rows stand for."""
        columns: dict[str, list[object]] = {}
        items = [self.plan.item(place.issued.item) for place in self.places]
        for name in (*ITEM_COLUMNS, *(self.plan.items[0].extra if self.plan.items else ())):
            columns[name] = [
                (item.extra[name] if name in item.extra else getattr(item, name)) or None if item else None
                for item in items
            ]
        return columns

    def _entered(self, field: Field) -> list[object]:
        """The converted values of one field, and what could not be read."""
        raw: list[object] = []
        unread: list[bool] = []
        found: list[Converted] = []
        for at, same in groupby(self.places, key=lambda place: place.at):
            places = list(same)
            here, lost = _column(field, places[0].returned, [place.row for place in places])
            raw += here
            unread += lost
            if field.names_item:  # of a department's own items
                own = self.plan.items_of(self.period, self.owners[at])
                found += convert_column(here, field, self.plan.choices_of(field, own), self.plan.years)
        if not field.names_item:
            found = convert_column(raw, field, self.plan.choices_of(field), self.plan.years)
        self.raw[field.id] = raw
        self.converted[field.id] = found
        self._see(field)
        return [UNREAD if lost else read.value for read, lost in zip(found, unread, strict=True)]

    def _see(self, field: Field) -> None:
        """Read the cells of a field that show something else than they hold by what they show."""
        seen = self.seen[field.id] = {}
        for at, place in enumerate(self.places):
            cell = place.returned.seen.get(f"{place.returned.columns.get(field.id)}{place.row.row}")
            if cell is None:
                continue
            own = self.plan.items_of(self.period, self.owners[place.at]) if field.names_item else ()
            value = read_seen(cell, field, self.plan.choices_of(field, own), self.plan.years)
            self.converted[field.id][at] = value.read
            if value.as_held:
                self.raw[field.id][at] = cell.held
            if not (value.as_held and type_of(field).is_words):  # a choice or an item, by what the cell holds
                seen[at] = cell, value

    def findings(self) -> Iterator[tuple[int, Finding]]:
        """What is wrong or worth telling, with the return's place in the batch, in order of the form."""
        yield from self.of_checks()
        for field in self.form.entered:
            yield from self._readings(field)
            if holds_free_text(field):
                yield from self._in_free_text(field)
            if field.unit and unit_of(field.unit).of == PERCENT:
                yield from self._small_shares(field)
        for at, place in enumerate(self.places):
            for finding in self._formulas(place, at):
                yield place.at, finding

    def of_checks(self) -> Iterator[tuple[int, Finding]]:
        """What fails a check of the form, with the return's place in the batch, in the order of the checks."""
        for check in self.asked.checks:
            for at in self.failed.get(check.number, ()):
                yield self.places[at].at, self._finding(check, at)

    def _readings(self, field: Field) -> Iterator[tuple[int, Finding]]:
        """How the cells of a field were read, where that is worth telling; not that one is blank that must not be."""
        seen, required = self.seen[field.id], self._lacking(field)
        for at, one in enumerate(self.converted[field.id]):
            if at in seen:
                yield from self._seen_as(field, at, *seen[at])
            elif one.value is None and at in required:
                continue
            elif one.changed and (finding := self._read_as(field, at, one)):
                yield self.places[at].at, finding

    def _lacking(self, field: Field) -> set[int]:
        """The rows in which an answer must stand and does not."""
        return {
            at
            for check in self.asked.of(field)
            if check.kind is CheckKind.REQUIRED
            for at in self.failed.get(check.number, ())
        }

    def _small_shares(self, field: Field) -> Iterator[tuple[int, Finding]]:
        """Percentages up to 1: 45% typed into a cell arrives as 0.45, and the reader does not tell it from 0.45%."""
        for at, one in enumerate(self.converted[field.id]):
            if (
                not one.fault
                and isinstance(self.raw[field.id][at], float)
                and 0 < abs(float(str(one.value))) <= 1
            ):
                value = shown(one.value, field, self.plan.years)
                yield (
                    self.places[at].at,
                    self._at_cell(FindingCode.SMALL_SHARE, field, at, {"label": field.label, "value": value}),
                )

    def _in_free_text(self, field: Field) -> Iterator[tuple[int, Finding]]:
        """What should not go out with a text: numbers and addresses of persons, more than a cell holds."""
        for at, one in enumerate(self.converted[field.id]):
            if one.fault or not isinstance(one.value, str):
                continue
            for kind in dict.fromkeys(sign.kind for sign in signs(one.value)):
                params: dict[str, object] = {"label": field.label}
                yield self.places[at].at, self._at_cell(GIVEN_AWAY[kind], field, at, params)
            if said := _not_said(one.value):
                params = {"label": field.label, "value": one.value}
                yield self.places[at].at, self._at_cell(said, field, at, params)
            if field.max_length is None and (length := units(one.value)) > MAX_CELL_TEXT:
                params = {"label": field.label, "length": length, "limit": MAX_CELL_TEXT}
                yield self.places[at].at, self._at_cell(FindingCode.CELL_TOO_LONG, field, at, params)

    def _finding(self, check: Check, at: int) -> Finding:
        code, params = check.finding(self.converted[check.field.id][at], self.raw[check.field.id][at])
        return replace(self._at_cell(code, check.field, at, params, check), basis=self._basis(check, at))

    def _basis(self, check: Check, at: int) -> str:
        """The fingerprint of the values that a check looks at in a row; of those that cannot be read none counts."""
        names = looked_at(check.field, check.formula, self.form)
        values: dict[str, Any] = {name: self.frame[name].iat[at] for name in names if name in self.frame}
        return values_fingerprint({name: value for name, value in values.items() if value is not UNREAD})

    def _at_cell(
        self,
        code: FindingCode,
        field: Field,
        at: int,
        params: Mapping[str, object],
        check: Check | None = None,
    ) -> Finding:
        place = self.places[at]
        # a rule may point at a column that is gone
        letters = place.returned.columns.get(field.id)
        return Finding(
            code,
            check.severity if check else code.severity,
            form=self.form.id,
            sheet=place.returned.sheet,
            cell=f"{letters}{place.row.row}" if letters else "",
            item=place.issued.item,
            field=field.id,
            value=self._quoted(field, at),
            params=code.picked(params),
            rule=check.rule_id if check else "",
        )

    def _quoted(self, field: Field, at: int) -> str:
        """What stands in a cell, as the form shows it: 12,500.50, 令和7年7月1日. What was typed otherwise as typed."""
        raw, one, kind = self.raw[field.id][at], self.converted[field.id][at], type_of(field)
        if (
            isinstance(raw, str)
            or one.fault
            or one.changed
            or not (kind.counts_days or kind.own_format(field))
        ):
            return _typed(raw, field)
        return shown(one.value, field, self.plan.years)

    def _read_as(self, field: Field, at: int, one: Converted) -> Finding | None:
        before = _typed(self.raw[field.id][at], field)
        after = shown(one.value, field, self.plan.years)
        if before == after and type_of(field).is_text:  # a number kept as the text that it looks like
            if not is_too_long(self.raw[field.id][at]):
                return None
            params = {"label": field.heading, "before": before, "shown": before, "after": after}
            return self._at_cell(FindingCode.READ_AS_ROUNDED, field, at, params)
        params = {"label": field.heading, "before": before, "after": after}
        code = READ_AS_CODES.get(one.manner) or _how_read(before, after, field)
        return self._at_cell(code, field, at, params)

    def _seen_as(
        self, field: Field, at: int, cell: ShownCell, value: SeenValue
    ) -> Iterator[tuple[int, Finding]]:
        """What is told of a cell that shows something else than it holds."""
        read, place = value.read, self.places[at].at
        after = cell.shown if read.fault else shown(read.value, field, self.plan.years)
        if cell.struck:
            params = {"label": field.heading, "struck": tidy(cell.struck), "after": after}
            code = FindingCode.STRUCK_OUT if after else FindingCode.STRUCK_OUT_WHOLE
            yield place, self._at_cell(code, field, at, params)
        elif read.changed and not read.fault:
            held = _typed(cell.held, field)
            params = {"label": field.heading, "before": held, "shown": cell.shown, "after": after}
            code = FindingCode.READ_AS_ROUNDED if value.lossy else FindingCode.READ_AS_SHOWN
            code = code if cell.shown else FindingCode.NOT_SHOWN
            yield place, self._at_cell(code, field, at, params)

    def _formulas(self, place: ReturnPlace, at: int) -> Iterator[Finding]:
        if not place.returned.formulas:
            return
        for field in self.form.entered:
            letters = place.returned.columns.get(field.id)
            saved = place.returned.formulas.get(f"{letters}{place.row.row}")
            if saved is None or self.converted[field.id][at].fault == FindingCode.ERROR_VALUE:
                continue
            params = {"label": field.label, "after": self._quoted(field, at)}
            code = FindingCode.ENTRY_FORMULA if saved else FindingCode.ENTRY_FORMULA_EMPTY
            yield self._at_cell(code, field, at, params)

    def records(self) -> Iterator[tuple[int, RecordRow]]:
        """The values of each row: the office's as issued, the department's as read."""
        entered = [(field.id, self.converted[field.id]) for field in self.form.entered]
        filled = {name for name, _ in entered}
        for at, place in enumerate(self.places):
            values: dict[str, Value] = {
                name: value for name, value in place.issued.office.items() if name not in filled
            }
            values |= {name: found[at].value for name, found in entered if found[at].value is not None}
            yield (
                place.at,
                RecordRow(self.form.id, place.issued.item, values, place.returned.sheet, place.row.row),
            )
