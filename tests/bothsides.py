"""A filled workbook as LibreOffice and as the validator see it, to be compared row by row.

Random answers, good, blank and junk, are typed into issued workbooks. LibreOffice recalculates them; the same bytes go
through reader and validator. `EXCUSED` says where the two differ by design.
"""

import io
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from libreoffice import LibreOffice, Recalculated
from openpyxl.utils.datetime import to_excel

from xlplan.fields.checks import Check, CheckKind
from xlplan.fields.reading import convert
from xlplan.form.layout.columns import ColumnKind
from xlplan.form.layout.entry import FIRST_ROW, EntryLayout
from xlplan.form.read.intake import take_in
from xlplan.form.write.order import Order
from xlplan.form.write.workbook import form_workbook
from xlplan.language.codes import Severity
from xlplan.language.messages import text
from xlplan.language.text import fold, is_blank
from xlplan.model.finding import Finding
from xlplan.model.form import ITEM_LIST, Field, FieldType, Form
from xlplan.model.submission import RecordRow
from xlplan.validate import batch, judging
from xlplan.validate.schema import rows_of

EXCUSED = {
    "read_as": "the validator reads the cell with a notice (読み替え) where the sheet asks for better typing",
    "pattern": "no sheet can ask for a pattern",
    "day": "a day or time typed where a number is asked is its serial number to the sheet",
    "no_text": "a number, day or time typed where text is asked is compared and measured as what it is",
    "truth": "TRUE in a cell with a number's format is a number to LibreOffice, though not to Excel",
    "error_word": "the words of an error value typed as text are text to the sheet, an error to the office",
    "around": "spaces around a text count on the sheet, and are dropped by the office",
    "spaces": "only spaces: blank to both, but a rule that compares the cell itself finds a text (gate compared)",
}
"""How the sheet and the validator may differ, by design. A row that holds such a cell is not compared."""

UNASKED = ("small_share",)
"""Warnings that the sheet does not give: it would doubt every small percentage while it is being typed."""

ERROR_VALUES = ("#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!")
BLANKS = (*[None] * 12, "　", " ", " 　 ", "\u00a0", "\u200b", "\ufeff ")
JUNK: Sequence[object] = (
    *ERROR_VALUES,
    *(
        "あいう",
        "検討中",
        "実*",
        "?",
        "*",
        "~",
        "=",
        "　実施",
        "12",
        "１２",
        *("3.5円", "1,200千円", "120万円", "12件", "45%", "約3", "10～20", "三十二", "1億2千万", "三田"),
        "令和6年5月1日",
        "令和6年5月",
        "平成36年度",
        "6.05",
        *("9:30", "0930", "午後2時"),
        "Err:502",
    ),
    *(0, 1, -1, 3.5, 6.1, 6.05, 49.5, 50, 51, 100.5, 2024, 2199, 2200, 2024.1, 1e6, 1e15, True, False),
    *(0.4, 930, time(8, 29), time(17, 15), time(17, 15, 1), time(23, 59, 59)),
    *(date(2024, 3, 31), date(2025, 4, 1), date(1999, 1, 1), datetime(2024, 5, 1, 13, 30)),
    *(
        "長い" * 10,
        "長い" * 10 + "文",
        "字" * 31,
        "ab-1",
        "AB-1",
        "AB-12",
        "改行\nのある文",
        "長い" * 10 + "\n\n　",
        "😀" * 11,
    ),
)


def good(field: Field, order: Order, rng: random.Random) -> object:
    """An answer that the field takes."""
    match field.type:
        case FieldType.CHOICE:
            return rng.choice(order.lists[field.list]).value
        case FieldType.ITEM:
            return rng.choice(order.lists[ITEM_LIST]).value
        case FieldType.WHOLE:
            return rng.randint(1, 50)
        case FieldType.NUMBER:
            return rng.choice([0, 1, 2.5, 20, 99.9, 100])
        case FieldType.DATE:
            return date(2024, 4, 1) + timedelta(days=rng.randint(-400, 700))
        case FieldType.MONTH:
            return date(2024 + rng.randint(-6, 8), rng.randint(1, 12), 1)
        case FieldType.YEAR:
            return rng.randint(2018, 2032)
        case FieldType.TIME:
            return time(rng.randint(7, 19), rng.randrange(0, 60, 15))
        case FieldType.TEXT if field.pattern:
            return f"{rng.choice('ABCDE')}{rng.choice('ABCDE')}-{rng.randint(0, 9)}"
    return rng.choice(["進めた。", "窓口を開いた。", "調べた。", "ICT", "ict"])


def typed(field: Field, order: Order, rng: random.Random) -> object:
    """Good, blank or junk."""
    chance = rng.random()
    if chance < 0.78:
        return good(field, order, rng)
    return rng.choice(BLANKS) if chance < 0.9 else rng.choice(JUNK)


Typed = Mapping[tuple[str, str, str], object]
"""What was typed, by form, item and field."""


def answers(order: Order, seed: int) -> Typed:
    """Random answers to a workbook."""
    rng = random.Random(seed)
    return {
        (layout.form.id, row.item, column.name): typed(layout.form.by_id[column.name], order, rng)
        for layout in order.layouts()
        for row in order.rows[layout.form.id]
        if not layout.form.is_open or rng.random() < 0.7
        for column in layout.of_kind(ColumnKind.ENTRY)
    }


def filled(order: Order, values: Typed) -> bytes:
    """The issued workbook with answers typed into it."""
    book = openpyxl.load_workbook(io.BytesIO(form_workbook(order)))
    for layout in order.layouts():
        rows = {row.item: FIRST_ROW + at for at, row in enumerate(order.rows[layout.form.id])}
        for (form, item, name), value in values.items():
            if form == layout.form.id:
                column = layout.column(ColumnKind.ENTRY, name)
                cell = book[layout.form.title].cell(rows[item], column.index)
                cell.value = value
                if value == "=":
                    cell.data_type = "s"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def not_comparable(value: object, field: Field) -> str:
    """Why what was typed into a field is another thing to a sheet than to the office; empty where it is the same."""
    if isinstance(value, date | time) and field.type in (FieldType.WHOLE, FieldType.NUMBER):
        return "day"
    if isinstance(value, bool):
        return "truth"
    if isinstance(value, int | float | date | time):
        return "no_text" if field.type is FieldType.TEXT else ""
    if not isinstance(value, str):
        return ""
    if value.startswith("Err:"):
        return "error_word"
    if is_blank(value):
        return "spaces"
    return "around" if value != value.strip() else ""


@dataclass(frozen=True, slots=True)
class Both:
    """One filled workbook, as LibreOffice and as the validator see it."""

    order: Order
    sheet: Recalculated
    findings: tuple[Finding, ...]
    batches: Mapping[str, batch.Batch]
    typed: Typed
    records: tuple[RecordRow, ...] = ()

    def excused(self, layout: EntryLayout) -> Mapping[str, set[str]]:
        """Why rows (by item) are not compared; `spaces` alone leaves the gate to be compared."""
        why: dict[tuple[str, str], str] = {}
        for finding in self.findings:
            pattern = finding.code == "wrong_pattern"
            if finding.form == layout.form.id and (finding.code.startswith("read_as") or pattern):
                why[finding.item, finding.field] = "pattern" if pattern else "read_as"
        for (form, item, name), value in self.typed.items():
            field = layout.form.by_id.get(name) if form == layout.form.id else None
            if field and (reason := not_comparable(value, field)):
                why[item, name] = reason
            elif field and field.unique and self._spelled_otherwise(form, name, value):
                why[item, name] = "spelling"
        found: dict[str, set[str]] = {}
        for (item, name), reason in why.items():
            found.setdefault(item, set()).add(reason)
            for twin in self._twins(layout, item, name):
                found.setdefault(twin, set()).add(reason)
        return found

    def _spelled_otherwise(self, form: str, name: str, value: object) -> bool:
        """Whether another cell has the same text in another width: no formula sees that it is the same."""
        texts = {
            str(other).casefold()
            for (of, _, at), other in self.typed.items()
            if (of, at) == (form, name) and isinstance(other, str) and fold(other) == fold(str(value))
        }
        return len(texts) > 1

    def _twins(self, layout: EntryLayout, item: str, name: str) -> set[str]:
        """Rows with the same value of a unique field: what one side takes for a duplicate, the other may not."""
        field = layout.form.by_id[name]
        mine = self.typed[layout.form.id, item, name]
        return {
            other
            for (form, other, at), value in self.typed.items()
            if (form, at) == (layout.form.id, name)
            and field.unique
            and (
                value == mine
                or fold(str(value)) == fold(str(mine))
                or convert(value, field).value == convert(mine, field).value
            )
        }

    def row(self, layout: EntryLayout, item: str) -> int:
        """The row of an item."""
        return FIRST_ROW + [row.item for row in self.order.rows[layout.form.id]].index(item)

    def at(self, layout: EntryLayout, kind: ColumnKind, name: str, item: str) -> object:
        """What LibreOffice finds in a cell."""
        return self.sheet[layout.form.title, f"{layout.column(kind, name).letters}{self.row(layout, item)}"]

    def items(self, layout: EntryLayout) -> list[object]:
        """The items of the rows that the validator judged, in their order; none of an open form without entries."""
        judged = self.batches.get(layout.form.id)
        return [] if judged is None else list(judged.frame["item"])

    def used(self, layout: EntryLayout, item: str) -> bool:
        """Whether a row is judged at all: a blank one of an open form is not."""
        return not layout.form.is_open or item in self.items(layout)

    def answer(self, layout: EntryLayout, item: str) -> dict[str, object]:
        """What was typed into one row."""
        return {at[2]: value for at, value in self.typed.items() if at[:2] == (layout.form.id, item)}

    def on_sheet(self, layout: EntryLayout, item: str) -> list[int]:
        """The failed checks of one row as the sheet has them, by number."""
        cells = [self.at(layout, one.kind, one.name, item) for one in layout.problem_columns]
        assert all(isinstance(one, float) for one in cells), (item, cells)
        return sorted(int(str(one).partition(".")[0]) for one in cells if one)

    def numbers(self, layout: EntryLayout, item: str) -> list[int]:
        """The validator's failed checks of one row, by number."""
        checks = {
            (
                one.field.id,
                one.written_code,
                _which(one.params, one.step.before if one.step else ""),
            ): one.number
            for one in layout.checks
        }
        types = {one.field.id: one.written_code for one in layout.checks if one.kind is CheckKind.TYPE}
        lists = {one.field.id: one.written_code for one in layout.checks if one.kind is CheckKind.LIST}

        def asked(one: Finding) -> str:
            """The check's own code, where the finding says why it fails."""
            if one.code.startswith(("amount_", "type_")):
                return types[one.field]
            code = one.written_code.removesuffix("_near")
            return lists[one.field] if code == "choice_is_day" else code

        return sorted(
            checks[one.field, asked(one), _which(one.params, str(one.params.get("before", "")))]
            for one in self.findings
            if one.form == layout.form.id
            and one.item == item
            and one.severity is not Severity.NOTICE
            and one.code not in UNASKED
        )

    def message(self, layout: EntryLayout, item: str) -> str:
        """What the check column has to say of one row, by the validator's findings."""
        numbers = sorted(self.numbers(layout, item), key=lambda one: (gravity(layout.checks[one - 1]), one))
        if not numbers:
            return text("artefacts.entry.ok", layout.language) if self.used(layout, item) else ""
        check = layout.checks[numbers[0] - 1]
        told = check.shown(layout.language)
        if check.kind is CheckKind.LENGTH:
            length = len(str(self.typed[layout.form.id, item, check.field.id]))
            told += text("artefacts.entry.length", layout.language, count=length)
        typed = self.typed.get((layout.form.id, item, check.field.id))
        if check.kind is CheckKind.TYPE and isinstance(typed, str):
            told += text("artefacts.entry.as_text", layout.language)
        if len(numbers) > 1:
            told += text("artefacts.entry.more", layout.language, count=len(numbers) - 1)
        return told

    def computed(self, layout: EntryLayout, field: Field, item: str) -> tuple[object, object]:
        """A computed field of one row as LibreOffice has it, and as the validator does."""
        judged = self.batches[layout.form.id]
        value = rows_of(judged.frame, judged.asked).computed(field)[self.items(layout).index(item)]
        return self.at(layout, ColumnKind.FORMULA, field.id, item), as_cell(value)


def _which(params: Mapping[str, object], before: str) -> str:
    """Which of the checks of one kind of a field it is: the rule that cannot be decided, or the step."""
    return str(params.get("rule", before))


def gravity(check: Check) -> int:
    """Where a check stands among what a row is told: errors, warnings that cannot be decided, warnings."""
    if check.rule is None or check.rule.severity is not Severity.WARNING:
        return 0
    return 1 if check.kind is CheckKind.UNDECIDED else 2


def as_cell(value: object) -> object:
    """A value as LibreOffice's are given: numbers and days as floats, nothing as ""."""
    if isinstance(value, date):
        return float(to_excel(value))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    return "" if value is None else value


def alike(one: object, other: object) -> bool:
    """Whether two values of cells are one, as far as their digits go."""
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= 1e-9 * max(1.0, abs(one), abs(other))
    return type(one) is type(other) and one == other


def rows_seen(seen: Sequence[Both]) -> Iterator[tuple[Both, EntryLayout, str, set[str]]]:
    """Every row: workbook, layout, item, and why it is excused."""
    for both in seen:
        for layout in both.order.layouts():
            excused = both.excused(layout)
            for row in both.order.rows[layout.form.id]:
                yield both, layout, row.item, excused.get(row.item, set())


def seen_by_both(orders: Sequence[Order], seeds: range, judge: LibreOffice, folder: Path) -> list[Both]:
    """Some workbooks filled with answers of some seeds, seen by both."""
    books, validated = seen_by_validator(orders, seeds, folder)
    return [
        replace(both, sheet=sheet)
        for both, sheet in zip(validated, judge.all_recalculated(books), strict=True)
    ]


def seen_by_validator(orders: Sequence[Order], seeds: range, folder: Path) -> tuple[list[bytes], list[Both]]:
    """Some workbooks filled with answers of some seeds, and what the validator sees in each; no sheet so far."""
    return validated([(order, answers(order, seed)) for order in orders for seed in seeds], folder)


def answered(order: Order, values: Typed, judge: LibreOffice, folder: Path) -> Both:
    """A workbook with these answers, seen by both."""
    [book], [both] = validated([(order, values)], folder)
    return replace(both, sheet=judge.recalculated(book))


def validated(all_filled: Sequence[tuple[Order, Typed]], folder: Path) -> tuple[list[bytes], list[Both]]:
    """Workbooks with answers, and what the validator sees in each; no sheet so far."""
    kept: dict[str, batch.Batch] = {}

    class Keeping(batch.Batch):
        def __init__(self, form: Form, *arguments: Any) -> None:
            super().__init__(form, *arguments)
            kept[form.id] = self

    books = [filled(order, values) for order, values in all_filled]
    paths = [folder / f"{number}.xlsx" for number in range(len(books))]
    for path, data in zip(paths, books, strict=True):
        path.write_bytes(data)
    found = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batch, "Batch", Keeping)
        for (order, values), path in zip(all_filled, paths, strict=True):
            [incoming] = take_in([path], order.plan)
            assert incoming.submission is not None
            kept.clear()
            [judged] = judging.judge(order.plan, order.period, [(incoming.submission, order.rows)])
            found.append(Both(order, Recalculated({}), judged.findings, dict(kept), values, judged.records))
    return books, found
