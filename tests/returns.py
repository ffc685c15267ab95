"""A sample plan and its workbooks, for tests of what comes back.

The plan has a field of every type and every check, a second form, and rules that warn, err and cannot be decided.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from xlplan.definition.reading import read_definition
from xlplan.form.issuing import prepare, rows_of
from xlplan.form.layout.columns import ColumnKind
from xlplan.form.layout.entry import FIRST_ROW, EntryLayout
from xlplan.form.write.workbook import form_workbook
from xlplan.language.messages import text
from xlplan.model.finding import Finding
from xlplan.model.form import Form
from xlplan.model.issue import Issued, Stamp
from xlplan.model.item import Department, Period
from xlplan.model.plan import Plan
from xlplan.model.submission import ReturnedForm, ReturnedRow, Submission
from xlplan.store.files import sha256
from xlplan.validate.judging import Judged, judge

NOW = datetime(2025, 4, 10, 9, 0)
DUE = date(2025, 5, 30)

TABLES = {
    "plan": """
        key | value
        id | sample
        title | 見本計画
        organisation | 見本市
        language | ja
        fiscal_year_start | 4
        calendar | wareki
        office | 企画課
    """,
    "periods": """
        id | label | first_year | last_year
        R5 | 令和5年度 | 2023 | 2023
        R6 | 令和6年度 | 2024 | 2024
    """,
    "departments": """
        id | name
        D1 | 情報課
        D2 | 総務課
        D3 | 消防課
        D9 | 休眠課
    """,
    "items": """
        id | goal | group | title | department | from_period
        A-1 | 目標 | 一 | 電子申請 | D1 |
        A-2 | 目標 | 一 | 予約 | D1 |
        A-3 | 目標 | 二 | 端末 | D1 |
        B-1 | 目標 | 二 | 給与 | D2 |
        B-2 | 目標 | 二 | 文書 | D2 | R6
        C-1 | 目標 | 三 | 指令台 | D3 |
    """,
    "choices": """
        list | value | rank | aliases
        status | 検討 | 1 | 検討中
        status | 実施 | 2 | 実施済
        status | 拡充 | 3 |
        reason | 予算 | |
        reason | その他 | |
        judgement | 計画通り | |
        judgement | 遅れ | |
    """,
    "forms": """
        id | title | note
        report | 進捗報告 | 白い欄に記入してください。
        money | 経費 | 円で記入してください。
    """,
    "fields": """
        form|id|label|type|list|required|filled_by|formula|previous|min|max|max_length|pattern|unique
        report|planned|計画|choice|status|yes|office|||||||
        report|actual|進捗|choice|status|yes|department||yes|||||
        report|done|実施内容|text||yes|department||yes|||20||
        report|reason|遅れの理由|choice|reason|CHOICE_RANK([@進捗])<CHOICE_RANK([@計画])|department|||||||
        report|places|箇所数|whole||no|department|||1|50|||
        report|rate|割合|number||no|department|||0|100|||
        report|started|開始日|date||no|department|||2020-04-01|2030-03-31|||
        report|code|記号|text||no|department|||||5|[A-Z]{2}-[0-9]|yes
        report|number|整理番号|whole||no|department|||||||yes
        report|note|補足|text||no|department|||||30||
        report|judgement|判定|choice|judgement|no|formula|IF(CHOICE_RANK([@進捗])>=CHOICE_RANK([@計画]),"計画通り","遅れ")||||||
        report|share|一箇所当たり|number||no|formula|[@割合]/[@箇所数]||||||
        money|budget|予算額|whole||no|office|||||||
        money|cost|決算額|number||[@予算額]>0|department|||0||||
        money|paid|支払日|date||FILLED([@決算額])|department|||||||
    """,
    "rules": """
        id|form|check|target|severity|message|remedy|from_period
        other_needs_note|report|OR([@遅れの理由]<>"その他",FILLED([@補足]))|note|error|補足がありません。|補足に書いてください。|
        not_backwards|report|OR(BLANK(PREVIOUS([@進捗])),CHOICE_RANK([@進捗])>=CHOICE_RANK(PREVIOUS([@進捗])))|actual|warning|戻っています。|確かめてください。|
        in_the_year|report|OR(BLANK([@開始日]),IN_FISCAL_YEAR([@開始日]))|started|warning|年度の外です。|日付を確かめてください。|
        share_small|report|IF(BLANK([@割合]),TRUE,[@割合]/[@箇所数]<=10)|rate|error|割合が大きすぎます。|箇所数と比べてください。|
        on_time_note|report|OR([@判定]<>"遅れ",FILLED([@遅れの理由]),BLANK([@補足]))|reason|warning|理由がありません。|理由を選んでください。|
        within_budget|money|[@決算額]<=[@予算額]|cost|warning|予算を超えています。|確かめてください。|
        ratio|money|IF(BLANK([@決算額]),TRUE,[@決算額]/[@予算額]<2)|cost|warning|予算の2倍以上です。|桁を確かめてください。|
    """,
    "records": """
        form | period | item | planned | actual | done | budget
        report | R5 | A-1 | 実施 | 実施 | 窓口を開いた。 |
        report | R5 | A-2 | 実施 | 検討 | 調べた。 |
        report | R5 | A-3 | 検討 | | |
        report | R5 | B-1 | 実施 | 実施 | 始めた。 |
        report | R5 | C-1 | 検討 | 検討 | 比べた。 |
        report | R6 | A-1 | 実施 | | |
        report | R6 | A-2 | 実施 | | |
        report | R6 | A-3 | 検討 | | |
        report | R6 | B-1 | 拡充 | | |
        report | R6 | B-2 | 検討 | | |
        report | R6 | C-1 | 実施 | | |
        money | R6 | A-1 | | | | 1000
        money | R6 | A-2 | | | | 0
        money | R6 | B-1 | | | | 500
    """,
}
"""The tables of the sample plan, one line a row, cells between bars."""

Tables = Mapping[str, str]
Answers = Mapping[tuple[str, str], object]
"""What is typed, by item and field id."""


def changed(tables: Tables, table: str, old: str, new: str) -> dict[str, str]:
    """`tables` with `old`, which must be there, replaced by `new` in one table."""
    assert old in tables[table], old
    return {**tables, table: tables[table].replace(old, new)}


def with_units(tables: Tables, units: Mapping[str, str]) -> dict[str, str]:
    """`tables` with units for some fields, by field id."""
    head, *lines = (one.strip() for one in tables["fields"].strip().splitlines())
    told = [f"{one}|{units.get(one.split('|')[1].strip(), '')}" for one in lines]
    return {**tables, "fields": "\n".join([f"{head}|unit", *told])}


def plan_of(tables: Tables) -> Plan:
    """The plan that `tables` define."""
    with TemporaryDirectory() as folder:
        write_tables(tables, Path(folder))
        return read_definition(Path(folder)).usable()


def write_tables(tables: Tables, folder: Path) -> None:
    """`tables` as a folder of CSV files."""
    folder.mkdir(exist_ok=True)
    for name, table in tables.items():
        rows = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
        stream = io.StringIO()
        csv.writer(stream, lineterminator="\n").writerows(rows)
        (folder / f"{name}.csv").write_text(stream.getvalue(), encoding="utf-8")


@cache
def sample_plan() -> Plan:
    """The sample plan."""
    return plan_of(TABLES)


def period_of(plan: Plan) -> Period:
    """The plan's last period: the round of these tests."""
    return plan.periods[-1]


def department_of(plan: Plan, name: str) -> Department:
    """A department by id."""
    found = plan.department(name)
    assert found is not None
    return found


def form_of(plan: Plan, name: str) -> Form:
    """A form by id."""
    found = plan.form(name)
    assert found is not None
    return found


# --- judged without a workbook ---------------------------------------------------------------------

GOOD: Mapping[str, Mapping[str, object]] = {
    "report": {"actual": "実施", "done": "進めた。"},
    "money": {"cost": 100, "paid": date(2024, 6, 1)},
}
"""An answer with which nothing is wrong, for items that are planned up to 実施 and have a budget."""


def submission(
    plan: Plan, department: str, answers: Answers, *, form: str = "report", file: str = ""
) -> Submission:
    """A return as read: `GOOD` in every row of one form, but for `answers`. Rows from 6 on, columns as issued."""
    owner, which = department_of(plan, department), form_of(plan, form)
    issued = rows_of(plan, period_of(plan), owner)[form]
    layout = EntryLayout(which, plan, period_of(plan), len(issued))
    columns = layout.of_kind(ColumnKind.OFFICE, ColumnKind.ENTRY)
    rows = []
    for at, row in enumerate(issued):
        typed = {**row.office, **GOOD[form]}
        typed |= {field: value for (item, field), value in answers.items() if item == row.item}
        values = tuple(typed.get(one.name) for one in columns)
        rows.append(ReturnedRow(row.item, FIRST_ROW + at, values))
    returned = ReturnedForm(form, which.title, {one.name: one.letters for one in columns}, tuple(rows))
    stamp = Stamp("1", plan.id, period_of(plan).id, department, "-", "-")
    return Submission(file or f"{department}.xlsx", "0" * 64, stamp, (returned,))


def judged(plan: Plan, *batch: Submission) -> list[Judged]:
    """The verdicts on a batch, each return against the rows that its department was issued."""
    period = period_of(plan)
    some = [(one, rows_of(plan, period, department_of(plan, one.stamp.department))) for one in batch]
    return judge(plan, period, some)


def told(findings: Sequence[Finding], code: str) -> list[tuple[str, str]]:
    """The findings with this code: item and field."""
    return [(one.item, one.field) for one in findings if one.code == code]


# --- workbooks -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Out:
    """A workbook that went out."""

    issued: Issued
    data: bytes


def issue(plan: Plan, department: str, due: date | None = DUE, now: datetime = NOW) -> Out:
    """The issued workbook of a department."""
    issued, order = prepare(plan, period_of(plan), department_of(plan, department), due, now)
    data = form_workbook(order)
    return Out(replace(issued, sha256=sha256(data)), data)


@cache
def _issued_sample(department: str) -> bytes:
    return issue(sample_plan(), department).data


class Desk:
    """A workbook on somebody's desk, open in openpyxl."""

    def __init__(self, plan: Plan, department: str, data: bytes | None = None) -> None:
        self.plan = plan
        rows = rows_of(plan, period_of(plan), department_of(plan, department))
        self.layouts = {
            form.id: EntryLayout(form, plan, period_of(plan), len(rows[form.id])) for form in plan.forms
        }
        sample = plan is sample_plan()
        data = data or (_issued_sample(department) if sample else issue(plan, department).data)
        self.book = openpyxl.load_workbook(io.BytesIO(data))

    def sheet(self, form: str = "report") -> Worksheet:
        """The entry sheet of a form."""
        found = self.book[form_of(self.plan, form).title]
        assert isinstance(found, Worksheet)
        return found

    def address(self, item: str, field: str, form: str = "report") -> str:
        """Where a field of an item stands as issued."""
        layout = self.layouts[form]
        at = layout.column(ColumnKind.ITEM, "item").index
        rows = {self.sheet(form).cell(row, at).value: row for row in range(FIRST_ROW, layout.last_row + 1)}
        return f"{layout.field_column(layout.form.by_id[field]).letters}{rows[item]}"

    def fill(self, form: str = "report", **more: object) -> "Desk":
        """Type `GOOD` and `more` into every row."""
        layout = self.layouts[form]
        for row in range(FIRST_ROW, layout.last_row + 1):
            for field, value in {**GOOD[form], **more}.items():
                letters = layout.field_column(layout.form.by_id[field]).letters
                self.sheet(form)[f"{letters}{row}"] = value
        return self.signed()

    def signed(self, name: str = "山田") -> "Desk":
        """Write who answered and who approved."""
        if (title := text("artefacts.guide.sheet", self.plan.language)) in self.book.sheetnames:
            labels = [
                text(f"artefacts.guide.{key}", self.plan.language) for key in ("respondent", "approver")
            ]
            for row in self.book[title].iter_rows():
                for cell in row:
                    if cell.value in labels:
                        self.book[title].cell(cell.row, cell.column + 1).value = name
        return self

    def put(self, item: str, field: str, value: object, form: str = "report") -> "Desk":
        """Type one value."""
        self.sheet(form)[self.address(item, field, form)] = value
        return self

    def saved(self) -> bytes:
        """The workbook as a file."""
        stream = io.BytesIO()
        self.book.save(stream)
        return stream.getvalue()
