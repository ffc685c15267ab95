"""The checks on the sheet and those of the validator agree, with LibreOffice as judge.

Random rows of good, blank and junk answers are typed into issued workbooks. LibreOffice recalculates them; the
same bytes go through reader and validator. Row by row the failed checks, the message of the check column and the
computed fields must be the same, and so must the counts of the banner and the link.
"""

import io
import random
import re
from dataclasses import replace
from datetime import datetime, time
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from bothsides import Both, alike, answers, filled, rows_seen, seen_by_both
from hypothesis import Phase, given, settings
from libreoffice import CellError, LibreOffice
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
from xlplan.form.issuing import blank_order, order_of, prepare
from xlplan.form.layout.columns import ColumnKind
from xlplan.form.layout.entry import BANNER_ROW, FIRST_ROW
from xlplan.form.read.intake import take_in
from xlplan.form.write.order import Order, SentBack
from xlplan.form.write.workbook import form_workbook
from xlplan.formula.tree import Formula
from xlplan.language.codes import Severity
from xlplan.language.messages import text
from xlplan.model.afterwards import OFFICE, office_plan
from xlplan.model.issue import Issued
from xlplan.model.plan import Plan
from xlplan.stages.afterwards import rows_of_office
from xlplan.stages.new import kits
from xlplan.validate import judging

WORKBOOKS = 30
"""Workbooks of each kit that are filled in, or a few more."""

# the judge reads with openpyxl, which warns of numbers that no date has
pytestmark = pytest.mark.filterwarnings("ignore:Cell .* is marked as a date:UserWarning")


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


AFTERWARDS = {
    "fields": """
        report|grade|二次評価|choice|judgement|yes|事務局（回答後）||yes|||||
        report|opinion|委員会意見|text||[@二次評価]="遅れ"|事務局（回答後）||yes|||20||
        report|marks|評点|whole||no|事務局（回答後）||yes|1|50|||
        report|met|開催日|date||FILLED([@評点])|事務局（回答後）|||2024-04-01|2030-03-31|||
        report|gap|差|number||no|formula|[@評点]-[@箇所数]||||||
        report|reply|意見への対応|text||PREVIOUS([@委員会意見])<>""|department|||||||
    """,
    "rules": """
        as_answered|report|OR([@二次評価]<>"計画通り",[@判定]="計画通り")|grade|error|回答と合いません。|確かめてください。|
        no_less|report|OR(BLANK(PREVIOUS([@評点])),[@評点]>=PREVIOUS([@評点]))|marks|warning|下がっています。||
        far|report|OR(BLANK([@評点]),ABS([@差])<=30)|marks|warning|差が大きい。||
        replied|report|OR(PREVIOUS([@二次評価])<>"遅れ",FILLED([@意見への対応]))|reply|warning|対応は。||
    """,
}
"""Fields that the office fills after the answers, and what is asked of them and of a reply."""


@cache
def afterwards_plan() -> Plan:
    """The long plan with what the office fills afterwards; answers and last year's entries drawn by lot."""
    rng, tables = random.Random(2), dict(TABLES)
    for table, more in AFTERWARDS.items():
        tables[table] = tables[table].rstrip() + more
    items = [tables["items"].strip().splitlines()[0]]
    records = ["form|period|item|planned|actual|done|places|grade|opinion|marks"]
    for number in range(40):
        name, words = f"X-{number}", ["検討", "実施", "拡充"]
        items.append(f"{name} | 目標 | 四 | 施策{number} | D9 |")
        entered = (
            rng.choice(["", "遅れ", "計画通り"]),
            rng.choice(["", "急ぐこと。"]),
            rng.choice(["", 5, 40]),
        )
        for period, more in (("R5", entered), ("R6", ("", "", ""))):
            answer = (rng.choice(words), rng.choice(["", *words]), "調べた。", rng.choice(["", 1, 45]))
            records.append("|".join(map(str, ("report", period, name, *answer, *more))))
    return plan_of({**tables, "items": "\n".join(items), "records": "\n".join(records)})


def office_order() -> Order:
    """The office's own workbook of that plan."""
    period = period_of(afterwards_plan())
    plan = office_plan(afterwards_plan(), period)
    rows = rows_of_office(plan, period)
    issued = Issued("-", period.id, OFFICE, "", "", NOW, None, "-", rows)
    return order_of(plan, period, plan.departments[0], issued, created=NOW)


def order_for(plan: Plan, department: str) -> Order:
    return prepare(plan, period_of(plan), department_of(plan, department), DUE, NOW)[1]


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


@pytest.fixture(scope="module", params=["sample", "office", "reply", "any", *sorted(kits())])
def seen(
    request: pytest.FixtureRequest, libreoffice: LibreOffice, tmp_path_factory: pytest.TempPathFactory
) -> list[Both]:
    """A few hundred random rows: of the sample plan, of the kit, and of plans drawn by lot."""
    if request.param == "sample":
        orders, seeds = [order_for(long_plan(), "D9")], range(8)
    elif request.param == "office":
        orders, seeds = [office_order()], range(300, 304)
    elif request.param == "reply":
        asked = afterwards_plan().asked_in(period_of(afterwards_plan()))
        orders, seeds = [order_for(asked, "D9")], range(310, 314)
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


def test_the_check_column_shows_errors_before_warnings_and_how_many_there_are(seen: list[Both]) -> None:
    differing, shown = [], set()
    for both, layout, item, why in rows_seen(seen):
        if why:
            continue
        expected = both.message(layout, item)
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
        for field in layout.form.fields:
            if field.formula is None or why:
                continue
            found, expected = both.computed(layout, field, item)
            filled_in += expected != ""
            if not alike(found, expected):
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
