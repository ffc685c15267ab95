"""Items may be appended anywhere: the summary is in the order of goals and groups, not of rows."""

from datetime import datetime

from plans import SAMPLE, plan_of

from xlplan.report.rows import consolidate
from xlplan.report.tables import Table
from xlplan.report.views.lists import list_table
from xlplan.report.views.progress import progress_table
from xlplan.report.views.statistics import statistics_blocks
from xlplan.report.views.status import status_table
from xlplan.report.working import Figures

APPENDED = """
id,goal,group,title,summary,department
A-1,目標1,手続,電子申請の拡充,手続を増やす。,D1
A-3,目標2,道路,道路台帳の電子化,台帳を電子化する。,D2
A-4,目標3,道路,地図の公開,地図を公開する。,D2
A-2,目標１,手続,施設予約の拡大,施設を増やす。,D1
A-5,目標2,橋,橋の台帳,台帳を作る。,D2
A-6,目標2,道路,道路の写真,写真を撮る。,D2
A-7,目標1,納付,納付の拡大,払い方を増やす。,D1
"""
IN_ORDER = ["A-1", "A-2", "A-7", "A-3", "A-6", "A-5", "A-4"]
VIEWS = """
id,title,kind,form,options
table,総括表,progress,progress,rows=actual
all,別表,status,progress,cells=actual
list,一覧,list,progress,
figures,集計,statistics,progress,
"""
MEASURES = """
view,id,label,formula,by,format
figures,goals,件数,"COUNTIFS([goal],GROUP(),[period],PERIOD())",goal,0
figures,items,件数,"COUNTIFS([item],GROUP(),[period],PERIOD())",item,0
"""


def figures(items: str = APPENDED) -> Figures:
    """The figures of a summary of the items as they stand in their table."""
    records = "form,period,item,planned\n" + "\n".join(
        f"progress,{period},{item},検討" for period in ("H25", "H26") for item in IN_ORDER
    )
    tables = {**SAMPLE, "items": items, "views": VIEWS, "measures": MEASURES, "records": records}
    plan = plan_of(tables)
    return Figures(consolidate(plan, plan.periods[-1], {}, {}, datetime(2015, 4, 1), draft=False))


def firsts(table: Table) -> list[object]:
    """The number of each item of a table, from the top down."""
    return [item.rows[0][0].value for band in table.bands for group in band.groups for item in group.items]


def test_bands_follow_the_goals_however_the_rows_of_the_items_stand() -> None:
    """Rows 1-2-3-1-2-2-1 make the bands 1-2-3, and a group that comes again stands once."""
    made = figures()
    table = progress_table(made, made.made.plan.views[0])

    assert [band.words for band in table.bands] == ["目標1", "目標2", "目標3"]
    assert [[group.name and group.name.value for group in band.groups] for band in table.bands] == [
        ["手続", "納付"],
        ["道路", "橋"],
        ["道路"],
    ]
    assert firsts(table) == IN_ORDER


def test_other_views_and_the_data_are_in_the_same_order() -> None:
    made = figures()
    _, status, listed, statistics = made.made.plan.views
    blocks = (block for block in statistics_blocks(made, statistics) if isinstance(block, Table))
    heads = [head for block in blocks for head in firsts(block)]

    assert firsts(status_table(made, status)) == IN_ORDER
    assert firsts(list_table(made, listed)) == IN_ORDER
    assert [row.item.id for row in made.made.rows] == IN_ORDER * 2
    assert heads == ["目標1", "目標2", "目標3", *IN_ORDER]


def test_items_without_a_goal_stay_where_they_stand() -> None:
    """A register by number, of which some items are in no goal on purpose, keeps its order; the bands have theirs."""
    made = figures(APPENDED.replace("A-3,目標2", "A-3,").replace("A-6,目標2", "A-6,"))
    table, status, *_ = made.made.plan.views

    assert firsts(status_table(made, status)) == ["A-1", "A-3", "A-4", "A-2", "A-5", "A-6", "A-7"]
    assert [band.words for band in progress_table(made, table).bands] == [
        "目標1",
        "（目標なし）",
        "目標3",
        "目標2",
    ]
