"""Rounds to test the summary with: the Asahikawa kit with its answers, and a small plan with every type of field."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from functools import cache
from math import isclose
from pathlib import Path

import openpyxl
from libreoffice import CellError, Recalculated, saved_values
from openpyxl.cell import Cell
from openpyxl.formula.translate import Translator
from openpyxl.utils.datetime import to_excel
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from plans import SAMPLE, plan_of

from xlplan.cli.demo.filling import read_answers
from xlplan.definition.reading import read_definition
from xlplan.model.finding import Finding
from xlplan.model.issue import Issued
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.model.record import Value
from xlplan.model.submission import Receipt, ReceiptState, RecordRow
from xlplan.report.rows import Consolidation, consolidate

KIT = Path(__file__).parent.parent / "templates" / "asahikawa"
CREATED = datetime(2015, 4, 20, 9, 30)
RECEIVED = datetime(2015, 4, 10, 13, 5)

Answers = Mapping[str, Mapping[str, Value]]
"""By item and field."""


@cache
def asahikawa() -> Plan:
    """The plan of the kit."""
    return read_definition(KIT).usable()


@cache
def h26() -> Period:
    """The round of the kit."""
    return asahikawa().periods[2]


@cache
def kit_answers() -> Answers:
    """The kit's answers for H26."""
    return {one.item: one.values for one in read_answers(asahikawa(), KIT)[1]}


def issued(plan: Plan, period: Period) -> dict[str, Issued]:
    """Every department's workbook as issued."""
    return {
        one.id: Issued(f"i-{one.id}", period.id, one.id, "", "", CREATED, None, "", {})
        for one in plan.answering(period)
    }


def receipts(plan: Plan, period: Period, answers: Answers) -> dict[str, Receipt]:
    """Every department's return, accepted: the first at once, the second at the second attempt, and so on.

    Its rows stand from row 6 of the sheet that bears the form's title.
    """
    form = plan.forms[0]
    found = {}
    for number, department in enumerate(plan.answering(period), 1):
        items = plan.items_of(period, department.id)
        found[department.id] = Receipt(
            period=period.id,
            department=department.id,
            attempt=2 - number % 2,
            issue=f"i-{department.id}",
            file_name=f"{department.name}.xlsx",
            sha256=f"{number:064x}",
            received_at=RECEIVED,
            state=ReceiptState.ACCEPTED,
            archive=f"returned/{department.id}.xlsx",
            respondent="主査　山田",
            approver="課長　鈴木",
            records=tuple(
                RecordRow(form.id, one.id, answers.get(one.id, {}), form.title, row)
                for row, one in enumerate(items, 6)
            ),
        )
    return found


def asahikawa_round(
    changes: Mapping[str, Receipt | None] | None = None, *, plan: Plan | None = None
) -> Consolidation:
    """The kit's round of H26; `changes` puts another receipt, or None, in the place of a department's."""
    plan = plan or asahikawa()
    given: dict[str, Receipt | None] = {**receipts(plan, h26(), kit_answers()), **(changes or {})}
    kept = {name: one for name, one in given.items() if one is not None}
    return consolidate(plan, h26(), issued(plan, h26()), kept, CREATED, draft=bool(changes))


def sent_back(department: str, *findings: Finding) -> Receipt:
    """A department's return of the kit's round, sent back with `findings`."""
    one = receipts(asahikawa(), h26(), kit_answers())[department]
    return replace(one, state=ReceiptState.SENT_BACK, findings=findings)


FIELDS = (
    SAMPLE["fields"].rstrip()
    + """
progress,"more","増減, [千円]",number,,no,formula,"IF(BLANK(PREVIOUS([@spent])),0,[@spent]-PREVIOUS([@spent]))",no,,,,,
progress,copied,補足の写し,text,,no,formula,[@note],no,,,,,
progress,in_time,年度内,text,,no,formula,"IF(IN_FISCAL_YEAR([@実施日]),""年度内"",""年度外"")",no,,,,,
"""
).replace(
    "progress,spent,決算額,number,,yes,department,,no", "progress,spent,決算額,number,,yes,department,,yes"
)

SAMPLE_TABLES = {
    **SAMPLE,
    "items": """
id,goal,group,title,summary,department,from_period
A-1,目標1,手続,電子申請の拡充,手続を増やす。,D1,
A-2,目標1,手続,施設予約の拡大,施設を増やす。,D1,
A-3,目標2,道路,道路台帳の電子化,台帳を電子化する。,D2,
A-4,目標2,道路,地図の公開,地図を公開する。,D2,
A-5,目標2,道路,道路の通報,通報を受ける。,D2,H26
""",
    "fields": FIELDS,
    "records": """
form,period,item,planned,budget,actual,done,spent
progress,H25,A-1,検討,100,一部実施,申請の手引を作った。,90
progress,H25,A-2,検討,200,検討,,
progress,H25,A-3,検討,,,,
progress,H25,A-4,検討,50,実施,地図を公開した。,50.5
progress,H26,A-1,実施,100,,,
progress,H26,A-2,一部実施,200.5,,,
progress,H26,A-3,検討,0.3,,,
progress,H26,A-4,実施,,,,
progress,H26,A-5,検討,10,,,
""",
    "views": """
id,title,kind,form,options
table,総括表,progress,progress,"text=done,note|rows=planned,actual,spent,more,judgement"
figures,集計,statistics,progress,
answers,一覧,list,progress,
states,別表,status,progress,
""",
    "measures": """
view,id,label,formula,by,format
figures,items,項目数,"COUNTIFS([期間],PERIOD())",,0
figures,spent,決算額,"SUMIFS([決算額],[所管課],GROUP(),[期間],PERIOD())",department,"#,##0.0"
figures,mean,1件あたり,"SUMIFS([決算額],[所管課],GROUP(),[期間],PERIOD())/COUNTIFS([所管課],GROUP(),[期間],PERIOD())",department,"#,##0.0"
figures,by_item,増減,"SUMIFS([増減, [千円]],[item],GROUP(),[期間],PERIOD())",item,0.0
figures,by_status,件数,"COUNTIFS([進捗],GROUP(),[期間],PERIOD())",actual,0
figures,by_year,項目数,"COUNTIFS([期間],GROUP())",period,0
figures,spent_by_year,決算額,"SUMIFS([決算額],[期間],PERIOD())",period,"#,##0.0"
""".replace("[増減, [千円]]", "[more]"),
}

SAMPLE_ANSWERS: Answers = {
    "A-1": {
        "actual": "実施",
        "spent": 95.25,
        "count": 3,
        "held": date(2014, 5, 1),
        "done": "全部の手続を\n電子化した。",
        "note": "=1+1",
    },
    "A-2": {"actual": "検討", "spent": 0, "held": date(2015, 4, 1), "done": "+A1", "reason": "予算の不足"},
    "A-3": {"actual": "実施", "spent": -1.5, "done": "@道路"},
    "A-4": {"actual": "検討", "spent": 12, "done": "-"},
    "A-5": {"actual": "検討", "spent": 7, "done": "始めた。"},
}
"""A-4 is late without a reason: what rests on it stays blank."""


@cache
def sample_round(draft: bool = False) -> Consolidation:
    """The second period of the small plan, every return accepted."""
    plan = plan_of(SAMPLE_TABLES)
    period = plan.periods[1]
    given = receipts(plan, period, SAMPLE_ANSWERS)
    return consolidate(plan, period, issued(plan, period), given, CREATED, draft=draft)


def opened(workbook: bytes, *, values: bool = False) -> Workbook:
    """A workbook read by openpyxl: its formulas, or with `values` what is cached."""
    return openpyxl.load_workbook(io.BytesIO(workbook), data_only=values)


def formulas(book: Workbook) -> Iterator[tuple[Worksheet, Cell]]:
    """Every formula cell."""
    for sheet in book.worksheets:
        for line in sheet.iter_rows():
            for cell in line:
                if cell.data_type == "f":
                    yield sheet, cell


def shown(value: object) -> object:
    """A value as LibreOffice's are given: dates and times as numbers, nothing as ""."""
    if isinstance(value, datetime | time):
        return float(to_excel(value))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    return "" if value is None else value


def differing(workbook: bytes, judged: Recalculated) -> dict[str, tuple[object, object]]:
    """The formula cells whose cached value is not LibreOffice's, with both."""
    return compared(workbook, judged)[1]


def compared(workbook: bytes, judged: Recalculated) -> tuple[int, dict[str, tuple[object, object]]]:
    """How many formula cells there are, and those whose cached value is not LibreOffice's, with both."""
    saved, found, number = saved_values(workbook), dict[str, tuple[object, object]](), 0
    for sheet, cell in formulas(opened(workbook)):
        number += 1
        ours, its = saved[sheet.title, cell.coordinate], judged[sheet.title, cell.coordinate]
        same = ours == its
        if isinstance(ours, float) and isinstance(its, float):
            same = isclose(ours, its, rel_tol=1e-12, abs_tol=1e-9)
        if not same or isinstance(its, CellError):
            found[f"{sheet.title}!{cell.coordinate}"] = (ours, its)
    return number, found


def upside_down(workbook: bytes, *sheets: str) -> tuple[bytes, dict[str, list[int]]]:
    """The workbook with the rows of these data sheets turned over, as a person sorts a table.

    With it, by sheet, where each row stood before.
    """
    book = opened(workbook)
    orders = {}
    for name in sheets:
        orders[name] = _turned_over(book[name])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue(), orders


def _turned_over(sheet: Worksheet) -> list[int]:
    rows = list(range(5, sheet.max_row + 1))
    held = {row: [(cell.value, cell.data_type) for cell in sheet[row]] for row in rows}
    for row, old in zip(rows, reversed(rows), strict=True):
        for at, (value, kind) in enumerate(held[old], 1):
            target = sheet.cell(row, at)
            if kind == "f":
                value = Translator(value, f"{target.column_letter}{old}").translate_formula(target.coordinate)
            target.value = value
            target.data_type = kind
    return list(reversed(rows))
