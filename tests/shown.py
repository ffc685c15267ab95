"""A small plan to show: three periods of years, one to come and two that share a year; milestones beside projects.

shown_round()                  its second period, every return accepted
shown_round(draft=True)        the same with a department that has not answered
shown_round(language="en")     the same in English, with western years
long_round(items, lines)       many projects, the first with many lines, to be cut into pages
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from plans import SAMPLE, plan_of
from summaries import CREATED, issued, receipts

from xlplan.model.finding import row_id
from xlplan.model.form import Choice
from xlplan.model.plan import Plan
from xlplan.model.record import Value
from xlplan.model.submission import Receipt, RecordRow
from xlplan.model.view import View
from xlplan.report.rows import Consolidation, consolidate

SHOWN = {
    "plan": SAMPLE["plan"],
    "departments": SAMPLE["departments"],
    "periods": """
id,label,first_year,last_year
P24,24・25年度,2012,2013
P25,25・26年度,2013,2014
P27,27年度,2015,2015
""",
    "items": """
id,goal,group,title,department,from_period,to_period
1,第1章,窓口,電子申請,D1,,
2,第1章,庁内,文書管理,D1,,
3,第1章,窓口,住民票の交付を市民用の端末と郵便局の窓口で受けられるようにする事業,D2,,
4,,,会議室の予約,D2,,P24
5,第2章,,地図の公開,D2,P25,
6,第1章,窓口,電子納付,D1,,P24
7,第2章,,用途地域の照会,D1,P27,
8,,,庁内放送,D2,,
""",
    "choices": """
list,value,rank
cell,○,1
cell,○/◎,2
cell,◎,3
cell,△,0
cell,他,
""",
    "forms": """
id,title,note,open_rows
progress,進捗,,
news,実施内容,,9
""",
    "fields": """
form,id,label,type,list,required,filled_by
progress,cell,区分,choice,cell,yes,department
progress,remark,備考,text,,no,department
progress,cost,費用,number,,no,department
news,about,事業,item,,no,department
news,when,時期,month,,no,department
news,what,内容,text,,yes,department
""",
    "records": """
form,period,item,cell,remark,cost,about,when,what
progress,P24,1,○/◎,前の備考,10,,,
progress,P24,2,△,,,,,
progress,P24,3,○,,,,,
progress,P24,4,他,,,,,
progress,P24,6,◎,,,,,
news,P24,1,,,,1 電子申請,2012-05,試行
news,P24,1,,,,1 電子申請,2013-02,本稼働（市民課と各支所の窓口で受け付けたものを含み、職員による代理の申請を除く）
""",
    "views": """
id,title,kind,form,options
states,別表,status,progress,cells=区分|lines=news|line=when、内容|breaks=5|heading=当初計画スケジュール
plan,スケジュール,schedule,progress,"cells=cell|periods=P24,P25|text=remark"
""",
}

ANSWERS: Mapping[str, Mapping[str, Value]] = {
    "1": {"cell": "◎", "remark": "継続検討"},
    "2": {"cell": "△"},
    "3": {"cell": "○/◎", "remark": "=拡大"},
    "5": {"cell": "○"},
    "8": {"cell": "他"},
}

NEWS: Mapping[str, tuple[Mapping[str, Value], ...]] = {
    "D1": (
        {"about": "1 電子申請", "when": date(2014, 4, 1), "what": "=1+1 窓口を増やした"},
        {"when": date(2014, 5, 1), "what": "研修"},
    ),
    "D2": ({"what": "要望"}, {"about": "8 庁内放送", "when": None, "what": "始めた"}),
}
"""What each department added; the second of D1 and the first of D2 are about no project."""


def shown_round(
    *,
    draft: bool = False,
    language: str = "ja",
    views: tuple[View, ...] = (),
    lists: Mapping[str, tuple[Choice, ...]] | None = None,
) -> Consolidation:
    """The second period of the small plan, which may have other views or lists."""
    plan = plan_of(SHOWN)
    calendar = "wareki" if language == "ja" else "western"
    plan = replace(plan, language=language, calendar=calendar)
    return round_of(replace(plan, views=views or plan.views, lists=lists or plan.lists), draft=draft)


def round_of(plan: Plan, *, draft: bool = False) -> Consolidation:
    """The second period of `plan`, answered; a draft lacks the second department."""
    period = plan.periods[1]
    given: dict[str, Receipt] = receipts(plan, period, ANSWERS)
    for department, rows in NEWS.items():
        added = tuple(
            RecordRow("news", row_id(row), values, "実施内容", 5 + row) for row, values in enumerate(rows, 1)
        )
        given[department] = replace(given[department], records=(*given[department].records, *added))
    if draft:
        del given["D2"]
    return consolidate(plan, period, issued(plan, period), given, CREATED, draft=draft)


def long_round(items: int, lines: int) -> Consolidation:
    """Many projects in one group; the first has many lines beside it. Nobody has answered."""
    projects = [f"{number},章,節,施策{number},D1,," for number in range(1, items + 1)]
    known = [f"progress,P24,{number},○,,,,," for number in range(1, items + 1)]
    told = [f"news,P24,1,,,,1 施策1,2012-05,できごと{number}" for number in range(1, lines + 1)]
    tables = {
        **SHOWN,
        "departments": "id,name\nD1,企画課\n",
        "items": "\n".join(["id,goal,group,title,department,from_period,to_period", *projects]),
        "records": "\n".join(["form,period,item,cell,remark,cost,about,when,what", *known, *told]),
    }
    plan = plan_of(tables)
    period = plan.periods[1]
    return consolidate(plan, period, issued(plan, period), {}, CREATED, draft=True)
