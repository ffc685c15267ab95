"""The checks on the sheet and those of the validator agree, with LibreOffice as judge.

Random rows of good, blank and junk answers are typed into issued workbooks. LibreOffice recalculates them; the
same bytes go through reader and validator. Row by row the failed checks, the message of the check column and the
computed fields must be the same, and so must the counts of the banner and the link.
"""

import io
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import Phase, given, settings
from libreoffice import CellError, LibreOffice, Recalculated
from openpyxl.utils.datetime import to_excel
from plans import plans
from returns import (
    DUE,
    NOW,
    TABLES,
    Desk,
    changed,
    department_of,
    period_of,
    plan_of,
    sample_plan,
    with_units,
)

from xlplan.definition.reading import read_definition
from xlplan.fields.checks import Check, CheckKind
from xlplan.fields.reading import convert
from xlplan.form.issuing import blank_order, prepare
from xlplan.form.layout.columns import ColumnKind
from xlplan.form.layout.entry import BANNER_ROW, FIRST_ROW, EntryLayout
from xlplan.form.read.intake import take_in
from xlplan.form.write.order import Order, SentBack
from xlplan.form.write.workbook import form_workbook
from xlplan.formula.tree import Formula
from xlplan.language.codes import Severity
from xlplan.language.messages import text
from xlplan.language.text import fold, is_blank
from xlplan.model.finding import Finding
from xlplan.model.form import ITEM_LIST, Field, FieldType, Form
from xlplan.model.plan import Plan
from xlplan.stages.new import kits
from xlplan.validate import batch, judging
from xlplan.validate.schema import rows_of

WORKBOOKS = 30
"""Workbooks of each kit that are filled in, or a few more."""

# the judge reads with openpyxl, which warns of numbers that no date has
pytestmark = pytest.mark.filterwarnings("ignore:Cell .* is marked as a date:UserWarning")

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


@cache
def kit_plan(kit: str) -> Plan:
    return read_definition(kits()[kit]).usable()


@cache
def long_plan() -> Plan:
    """The sample plan with 40 items in one department, planned and last year's values drawn by lot."""
    rng = random.Random(1)
    items, records = [TABLES["items"].rstrip()], [TABLES["records"].rstrip()]
    for number in range(40):
        name = f"X-{number}"
        items.append(f"{name} | 目標 | 四 | 施策{number} | D9 |")
        words = ["検討", "実施", "拡充"]
        before = rng.choice(["", *words])
        records.append(f"report | R5 | {name} | 検討 | {before} | {rng.choice(['', '調べた。'])} |")
        records.append(f"report | R6 | {name} | {rng.choice(words)} | | |")
        records.append(f"money | R6 | {name} | | | | {rng.choice(['', 0, 1, 100])}")
    # a requirement that cannot be decided where there is no budget
    tables = changed(TABLES, "fields", "[@予算額]>0", "1/[@予算額]>0")
    tables = changed(tables, "forms", "id | title | note", "id | title | note | open_rows")
    for table, more in (*CALENDAR_FIELDS.items(), *OPEN_FORM.items()):
        tables = {**tables, table: tables[table].rstrip() + more}
    tables = with_units(tables, {"cost": "千円", "places": "か所", "rate": "％"})
    return plan_of({**tables, "items": "\n".join(items), "records": "\n".join(records)})


CALENDAR_FIELDS = {
    "fields": """
        report|begun|着手年月|month||no|department|||2020-04|2030-03|||
        report|until|完了年度|year||FILLED([@着手年月])|department|||2020|2030|||
        report|opens|開始時刻|time||no|department|||8:30|17:15|||
        report|closes|終了時刻|time||FILLED([@開始時刻])|department|||||||
        report|hours|時間数|number||no|formula|([@終了時刻]-[@開始時刻])*24||||||
        report|noon|正午|time||no|formula|IF(FILLED([@開始時刻]),0.5,"")||||||
        report|years|年数|year||no|formula|YEAR([@着手年月])||||||
        report|half|半年後|month||no|formula|IF(FILLED([@着手年月]),EDATE([@着手年月],6),"")||||||
    """,
    "rules": """
        in_order|report|OR(BLANK([@着手年月]),[@完了年度]>=YEAR([@着手年月]))|until|error|逆です。|直してください。|
        after|report|OR(BLANK([@終了時刻]),[@終了時刻]>[@開始時刻])|closes|error|逆です。|直してください。|
        begun_in_year|report|OR(BLANK([@着手年月]),IN_FISCAL_YEAR([@着手年月]))|begun|warning|年度の外です。||
    """,
}

OPEN_FORM = {
    "forms": """
        events | できごと | できごとを書き足してください。 | 15
    """,
    "fields": """
        events|held|日付|date||yes|department|||2024-04-01||||
        events|about|対象|item||no|department|||||||yes
        events|what|内容|text||yes|department|||||30||
        events|cost|費用|number||FILLED([@対象])|department|||0||||
        events|half|半額|number||no|formula|[@費用]/2||||||
    """,
    "rules": """
        cheap|events|OR(BLANK([@費用]),[@半額]<=40)|cost|warning|高額です。|確かめてください。|
    """,
}
"""A form to which the department adds rows."""


def order_for(plan: Plan, department: str) -> Order:
    return prepare(plan, period_of(plan), department_of(plan, department), DUE, NOW)[1]


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
        """The items of the rows that the validator judged, in their order."""
        return list(self.batches[layout.form.id].frame["item"])

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
            (one.field.id, one.written_code, one.step.before if one.step else ""): one.number
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
            checks[one.field, asked(one), str(one.params.get("before", ""))]
            for one in self.findings
            if one.form == layout.form.id
            and one.item == item
            and one.severity is not Severity.NOTICE
            and one.code not in UNASKED
        )


def rows_seen(seen: Sequence[Both]) -> Iterator[tuple[Both, EntryLayout, str, set[str]]]:
    """Every row: workbook, layout, item, and why it is excused."""
    for both in seen:
        for layout in both.order.layouts():
            excused = both.excused(layout)
            for row in both.order.rows[layout.form.id]:
                yield both, layout, row.item, excused.get(row.item, set())


def seen_by_both(orders: Sequence[Order], seeds: range, judge: LibreOffice, folder: Path) -> list[Both]:
    """Some workbooks filled with answers of some seeds, seen by both."""
    kept: dict[str, batch.Batch] = {}

    class Keeping(batch.Batch):
        def __init__(self, form: Form, *arguments: Any) -> None:
            super().__init__(form, *arguments)
            kept[form.id] = self

    all_filled = [(order, answers(order, seed)) for order in orders for seed in seeds]
    books = [filled(order, values) for order, values in all_filled]
    paths = [folder / f"{number}.xlsx" for number in range(len(books))]
    for path, data in zip(paths, books, strict=True):
        path.write_bytes(data)
    found = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batch, "Batch", Keeping)
        for (order, values), sheet, path in zip(
            all_filled, judge.all_recalculated(books), paths, strict=True
        ):
            [incoming] = take_in([path], order.plan)
            assert incoming.submission is not None
            kept.clear()
            [judged] = judging.judge(order.plan, order.period, [(incoming.submission, order.rows)])
            found.append(Both(order, sheet, judged.findings, dict(kept), values))
    return found


def any_plans() -> list[Plan]:
    """Plans drawn by hypothesis: those with enough rows to be worth a workbook. Which they are, differs."""
    found: list[Plan] = []

    @settings(max_examples=150, derandomize=True, database=None, phases=[Phase.generate], deadline=None)
    @given(plans())
    def collect(plan: Plan) -> None:
        if len(plan.items) > 2 and plan.forms not in [one.forms for one in found]:
            found.append(plan)

    collect()
    return found


@pytest.fixture(scope="module", params=["sample", "any", *sorted(kits())])
def seen(
    request: pytest.FixtureRequest, libreoffice: LibreOffice, tmp_path_factory: pytest.TempPathFactory
) -> list[Both]:
    """A few hundred random rows: of the sample plan, of the kit, and of plans drawn by lot."""
    if request.param == "sample":
        orders, seeds = [order_for(long_plan(), "D9")], range(8)
    elif request.param == "any":
        orders, seeds = [order_for(plan, "D1") for plan in any_plans()], range(200, 202)
    else:
        plan = kit_plan(request.param)
        orders = [order_for(plan, one.id) for one in plan.answering(period_of(plan))]
        seeds = range(100, 101 + WORKBOOKS // len(orders))
    return seen_by_both(orders, seeds, libreoffice, tmp_path_factory.mktemp("seen"))


def asks_a_formula(check: Check) -> bool:
    """Whether a formula of the plan decides the check: one that compares a cell of spaces finds a text there."""
    return check.rule is not None or (
        check.kind is CheckKind.REQUIRED and isinstance(check.field.required, Formula)
    )


def test_every_row_fails_the_same_checks_on_the_sheet_and_in_the_validator(seen: list[Both]) -> None:
    differing, compared, every = [], 0, 0
    for both, layout, item, why in rows_seen(seen):
        every += 1
        if why - {"spaces"}:
            continue
        compared += 1
        rules = {one.number for one in layout.checks if asks_a_formula(one)} if why else set()
        sheet = [one for one in both.on_sheet(layout, item) if one not in rules]
        validator = [one for one in both.numbers(layout, item) if one not in rules]
        if sheet != validator:
            differing.append((item, sheet, validator, both.answer(layout, item)))
    assert differing == []
    assert compared > every / 4
    assert compared > 20


def is_warning(check: Check) -> bool:
    """Whether a check's hidden cell is one of those that are only to be looked at."""
    return check.rule is not None and check.rule.severity is Severity.WARNING


def test_the_check_column_shows_errors_before_warnings_and_how_many_there_are(seen: list[Both]) -> None:
    differing, shown = [], set()
    for both, layout, item, why in rows_seen(seen):
        if why:
            continue
        numbers = both.numbers(layout, item)
        expected = text("artefacts.entry.ok", layout.language) if both.used(layout, item) else ""
        if numbers:
            numbers = sorted(numbers, key=lambda one: (is_warning(layout.checks[one - 1]), one))
            check = layout.checks[numbers[0] - 1]
            expected = check.shown(layout.language)
            if check.kind is CheckKind.LENGTH:
                length = len(str(both.typed[layout.form.id, item, check.field.id]))
                expected += text("artefacts.entry.length", layout.language, count=length)
        if len(numbers) > 1:
            expected += text("artefacts.entry.more", layout.language, count=len(numbers) - 1)
        found = both.at(layout, ColumnKind.CHECK, "check", item)
        shown.add(found)
        if found != expected:
            differing.append((item, found, expected))
    assert differing == []
    assert len(shown) > 3


def test_computed_fields_have_the_value_that_the_validator_works_with(seen: list[Both]) -> None:
    differing, filled_in = [], 0
    for both, layout, item, why in rows_seen(seen):
        if not both.used(layout, item):
            continue
        judged = both.batches[layout.form.id]
        verdicts = rows_of(judged.frame, judged.asked)
        at = both.items(layout).index(item)
        for field in layout.form.fields:
            if field.formula is None or why:
                continue
            found, expected = (
                both.at(layout, ColumnKind.FORMULA, field.id, item),
                verdicts.computed(field)[at],
            )
            filled_in += expected is not None
            if found != (pytest.approx(expected) if isinstance(expected, float) else expected or ""):
                differing.append((item, field.id, found, expected, both.answer(layout, item)))
    assert differing == []
    computed = any(one.formula for both in seen for form in both.order.plan.forms for one in form.fields)
    assert filled_in > 0 or not computed


def test_the_banner_and_the_counts_are_those_of_the_rows(seen: list[Both]) -> None:
    for both in seen:
        for layout in both.order.layouts():
            rows = [row.item for row in both.order.rows[layout.form.id]]
            kinds = [layout.checks[one - 1] for item in rows for one in both.on_sheet(layout, item)]
            missing = sum(one.kind is CheckKind.REQUIRED for one in kinds)
            doubted = sum(one.severity is Severity.WARNING for one in kinds)
            told = banner_text(missing, len(kinds) - missing - doubted, doubted, layout.language)
            entered = [value for at, value in both.typed.items() if at[0] == layout.form.id]
            asked = any(one.required is True for one in layout.form.entered) or layout.form.is_open
            if not kinds and not asked and not any(one is not None for one in entered):
                told = text("artefacts.entry.banner_untouched", layout.language)
            assert both.sheet[layout.form.title, f"A{BANNER_ROW}"] == told
            assert told in both.sheet.cells[text("artefacts.guide.sheet", layout.language)].values()


def test_nothing_typed_makes_a_formula_fail(seen: list[Both]) -> None:
    failed = []
    for both in seen:
        entered = {
            (layout.form.title, f"{column.letters}{row}")
            for layout in both.order.layouts()
            for column in layout.of_kind(ColumnKind.ENTRY)
            for row in range(FIRST_ROW, layout.last_row + 1)
        }
        failed += [
            (sheet, address, value)
            for sheet, cells in both.sheet.cells.items()
            for address, value in cells.items()
            if isinstance(value, CellError) and (sheet, address) not in entered
        ]
    assert failed == []


def banner_text(missing: int, wrong: int, doubted: int, language: str = "ja") -> str:
    """What the banner says of so many problems."""
    if not missing + wrong + doubted:
        return text("artefacts.entry.banner_ok", language)
    counts = (("banner_missing", missing), ("banner_errors", wrong), ("banner_warnings", doubted))
    told = "".join(f"{text(f'artefacts.entry.{key}', language)}{count}" for key, count in counts)
    return told + text("artefacts.entry.banner_end", language)


# --- as written ------------------------------------------------------------------------------------


def sent_back_order(plan: Plan, department: str, folder: Path) -> Order:
    """The sent-back workbook of random answers."""
    order = order_for(plan, department)
    path = folder / "returned.xlsx"
    path.write_bytes(filled(order, answers(order, 3)))
    [incoming] = take_in([path], plan)
    assert incoming.submission is not None
    [judged] = judging.judge(plan, order.period, [(incoming.submission, order.rows)])
    values = {
        (record.form, record.item, name): value
        for record in judged.records
        for name, value in record.values.items()
    }
    assert judged.findings
    return replace(order, sent_back=SentBack(2, values, judged.findings, "山田", "鈴木"))


def test_every_formula_is_saved_with_the_value_that_libreoffice_finds(
    libreoffice: LibreOffice, tmp_path: Path
) -> None:
    orders = [order_for(sample_plan(), "D1"), sent_back_order(long_plan(), "D9", tmp_path)]
    for plan in (sample_plan(), *map(kit_plan, sorted(kits()))):
        last = plan.answering(period_of(plan))[-1].id
        orders += [order_for(plan, last), blank_order(plan, period_of(plan), NOW)]
        orders.append(sent_back_order(plan, last, tmp_path))
    books = [form_workbook(order) for order in orders]
    for data, judged in zip(books, libreoffice.all_recalculated(books), strict=True):
        saved = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
        written = openpyxl.load_workbook(io.BytesIO(data))
        formulas = [
            (sheet.title, cell.coordinate)
            for sheet in written
            for row in sheet.iter_rows()
            for cell in row
            if cell.data_type == "f"
        ]
        assert len(formulas) > 30
        differing = {}
        for sheet, address in formulas:
            cached, found = saved[sheet][address].value, judged[sheet, address]
            cached = to_excel(cached) if isinstance(cached, datetime | time) else cached
            expected = pytest.approx(cached, rel=1e-12) if isinstance(cached, float) else cached
            if found != ("" if cached is None else expected):
                differing[sheet, address] = (cached, found)
        assert differing == {}
        errors = [
            at for at, cells in judged.cells.items() for one in cells.values() if isinstance(one, CellError)
        ]
        assert errors == []


@pytest.mark.parametrize(
    ("item", "field", "target"),
    [("A-1", "done", "'進捗報告'!{done}6"), ("A-3", "actual", "'進捗報告'!{actual}8")],
)
def test_the_link_leads_to_the_first_problem(
    libreoffice: LibreOffice, item: str, field: str, target: str
) -> None:
    desk = Desk(sample_plan(), "D1").fill().put(item, field, None)
    layout = desk.layouts["report"]
    link = next(cell for cell in desk.sheet()[BANNER_ROW] if "HYPERLINK(" in str(cell.value))
    found = re.search(r'HYPERLINK\((.*),"[^"]*"\)\)$', str(link.value))
    assert found is not None
    place, shown = desk.sheet().cell(1, 60), link.coordinate
    place.value = f"={found[1]}"
    book = libreoffice.recalculated(desk.saved())
    letters = {one.name: one.letters for one in layout.of_kind(ColumnKind.ENTRY)}
    assert book["進捗報告", place.coordinate] == f"#{target.format(**letters)}"
    assert book["進捗報告", shown] == text("artefacts.entry.goto", "ja")


def test_without_a_problem_there_is_nothing_to_link_to(libreoffice: LibreOffice) -> None:
    desk = Desk(sample_plan(), "D3").fill().fill("money", cost=None, paid=None)
    book = libreoffice.recalculated(desk.saved())
    assert text("artefacts.entry.goto_none", "ja") in book.cells["進捗報告"].values()
    assert book["進捗報告", f"A{BANNER_ROW}"] == banner_text(0, 0, 0)
    assert text("artefacts.entry.done", "ja") + " 1 / 1" in book.cells["進捗報告"].values()
