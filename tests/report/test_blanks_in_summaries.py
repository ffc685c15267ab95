"""Blanks in a summary: what its lists pass on and its figures count is what LibreOffice shows and counts."""

from collections.abc import Sequence
from datetime import date

import pytest
from figured import summary_workbook
from libreoffice import LibreOffice, Recalculated
from plans import SAMPLE, plan_of
from summaries import CREATED, Answers, compared, formulas, issued, opened, receipts

from xlplan.model.record import Value
from xlplan.report.rows import Consolidation, consolidate

ITEMS = ("A-1", "A-2", "A-3", "A-4")
LIST, FIGURES = "一覧", "集計"
FIELDS = '''form,id,label,type,list,required,filled_by,formula
progress,spent,決算額,number,,no,department,
progress,held,開催日,date,,no,department,
progress,begun,開始年月,month,,no,department,
progress,since,開始年,year,,no,department,
progress,opens,開始時刻,time,,no,department,
progress,note,補足,text,,no,department,
progress,y_spent,金額の写し,number,,no,formula,[@決算額]
progress,y_held,開催日の写し,date,,no,formula,[@開催日]
progress,y_begun,年月の写し,month,,no,formula,"IF(TRUE,[@開始年月],"""")"
progress,y_since,年の写し,year,,no,formula,"IFERROR([@開始年],"""")"
progress,y_opens,時刻の写し,time,,no,formula,[@開始時刻]
progress,y_note,補足の写し,text,,no,formula,[@補足]
progress,y_summary,概要の写し,text,,no,formula,"CHOOSE(1,[@summary],[@補足])"
'''
COPIED = ("spent", "held", "begun", "since", "opens", "note")
CRITERIA = {
    "unlike": '[補足],"<>済"',
    "unlike_copy": '[補足の写し],"<>済"',
    "unlike_any": '[補足],"<>済*"',
    "other_than": '[決算額],"<>5"',
    "blank": '[補足],""',
    "equal_blank": '[補足],"="',
    "filled": '[補足],"<>"',
    "unlike_twice": '[補足],"<>済",[決算額],"<>5"',
    "unlike_in_period": '[補足],"<>済",[期間],PERIOD()',
}
"""Criteria that a blank meets, and one that it does not."""


def round_of(answers: Answers) -> Consolidation:
    """The first period of a plan whose list shows each answer and its copy, with a measure for each criterion."""
    measures = [
        f'figures,{name},{name},"COUNTIFS({criterion})",'.replace(criterion, criterion.replace('"', '""'))
        for name, criterion in CRITERIA.items()
    ]
    plan = plan_of(
        {
            **{name: SAMPLE[name] for name in ("plan", "departments", "choices", "forms")},
            "periods": "id,label,first_year,last_year\nH25,平成25年度,2013,2013\n",
            "items": "id,goal,group,title,summary,department\n"
            + "".join(
                f"{item},目標,手続,事業{item},{'概要' if item == 'A-2' else ''},D1\n" for item in ITEMS
            ),
            "fields": FIELDS,
            "rules": "id,form,check,target,severity,message,remedy\n",
            "records": "form,period,item\n",
            "views": f"id,title,kind,form\nfigures,{FIGURES},statistics,progress\nlist,{LIST},list,progress\n",
            "measures": "\n".join(["view,id,label,formula,by", *measures]),
        }
    )
    period = plan.periods[0]
    return consolidate(
        plan, period, issued(plan, period), receipts(plan, period, answers), CREATED, draft=False
    )


def of_row(sheet: Recalculated, workbook: bytes, item: str) -> dict[str, object]:
    """What LibreOffice shows of an item in the list, by heading."""
    page = opened(workbook)[LIST]
    heads = next(row for row in page.iter_rows() if row[-1].value == "概要の写し")
    at = next(row for row in page.iter_rows() if item in (row[0].value, sheet[LIST, row[0].coordinate]))
    return {str(head.value): sheet[LIST, cell.coordinate] for head, cell in zip(heads, at, strict=True)}


def test_17_lists_show_nothing_where_a_formula_passes_on_a_blank(libreoffice: LibreOffice) -> None:
    full: dict[str, Value] = {
        "spent": 5.0,
        "held": date(2013, 5, 1),
        "begun": date(2013, 5, 1),
        "since": 2013,
        "opens": 0.5,
        "note": "済",
    }
    workbook = summary_workbook(round_of({"A-2": full, "A-3": {"spent": 0.0}}))
    judged = libreoffice.recalculated(workbook)

    number, differing = compared(workbook, judged)
    assert number > 50
    assert differing == {}
    shown = [of_row(judged, workbook, item) for item in ITEMS]
    copies = [field.split(",")[2] for field in FIELDS.splitlines() if ",formula," in field and ",y_" in field]
    assert [[row[copy] for copy in copies] for row in shown] == [
        [0.0, "", "", "", "", "", ""],
        [5.0, 41395.0, 41395.0, "平成25年度", 0.5, "済", "概要"],
        [0.0, "", "", "", "", "", ""],
        [0.0, "", "", "", "", "", ""],
    ]


@pytest.mark.parametrize(
    "notes",
    [
        ("", "済", "済み", "x"),
        ("x", "済", "済み", ""),
        ("", "", "済", ""),
        ("", "済", "", ""),
        ("", "", "", "済"),
        ("済", "", "", ""),
        ("", "", "", ""),
        ("済", "済", "済", "済"),
    ],
    ids=lambda notes: "-".join(note or "blank" for note in notes),
)
def test_17_countifs_of_what_is_unlike_a_word_counts_blanks_in_the_first_and_last_rows(
    notes: Sequence[str], libreoffice: LibreOffice
) -> None:
    answers = {
        item: {"note": note, "spent": 5.0} if note else {} for item, note in zip(ITEMS, notes, strict=True)
    }
    workbook = summary_workbook(round_of(answers))
    judged = libreoffice.recalculated(workbook)

    assert compared(workbook, judged)[1] == {}
    unlike, blank = sum(note != "済" for note in notes), sum(not note for note in notes)
    assert figures(judged, workbook) == {
        "unlike": unlike,
        "unlike_copy": unlike,
        "unlike_any": sum(not note.startswith("済") for note in notes),
        "other_than": blank,
        "blank": blank,
        "equal_blank": blank,
        "filled": 4 - blank,
        "unlike_twice": blank,
        "unlike_in_period": unlike,
    }


def figures(judged: Recalculated, workbook: bytes) -> dict[str, object]:
    """What LibreOffice counts of each measure in the one period."""
    found = {}
    for sheet, cell in formulas(opened(workbook)):
        if sheet.title == FIGURES and (name := str(sheet.cell(cell.row, 1).value)) in CRITERIA:
            found[name] = judged[FIGURES, cell.coordinate]
    return found
