"""A small plan whose measures rest on other measures, are summed up, and stand for the whole plan as well.

measured_plan()                the plan, with figures in print that its register does not bear out
measured_round(*more)          its third period consolidated, every return accepted; `more` rows added
"""

from dataclasses import replace
from functools import cache

from plans import SAMPLE, plan_of
from summaries import CREATED, issued, receipts

from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.report.rows import Consolidation, DataRow, consolidate

MEASURED = {
    "plan": SAMPLE["plan"],
    "departments": SAMPLE["departments"],
    "periods": """
id,label,first_year,last_year
P1,14・15年度,2002,2003
P2,16・17年度,2004,2005
P3,18～21年度,2006,2009
""",
    "items": """
id,goal,group,title,summary,department,from_period,to_period
1,目標1,,行政情報の提供,,D1,P1,P3
2,目標1,,電子会議の構築,,D1,P1,P2
3,目標1,,職員手続の構築,,D1,P1,P1
4,目標2,,市民用端末の設置,,D2,P1,P1
5,目標2,,用途地域の照会,,D2,P3,P3
6,目標2,,無線LANの整備,,D2,P3,P3
""",
    "choices": """
list,value
cell,○
cell,○/◎
cell,○/△
cell,○/×
cell,◎
cell,△/×
""",
    "forms": """
id,title
progress,進捗報告
""",
    "fields": """
form,id,label,type,list,required,filled_by,previous
progress,cell,予定,choice,cell,yes,department,yes
progress,cost,費用,number,,no,department,no
""",
    "records": """
form,period,item,cell,cost
progress,P1,1,○/◎,10
progress,P1,2,○/△,
progress,P1,3,○/×,2.5
progress,P1,4,○/◎,4
progress,P2,1,◎,5.5
progress,P2,2,△/×,
""",
    "views": """
id,title,kind,form
history,これまでの計画事業一覧,statistics,progress
""",
    "measures": """
view,id,label,formula,by,total,format
history,new,①新規,"COUNTIFS([予定],""○*"",[期間],PERIOD())",,yes,0
history,done,②完了,"COUNTIFS([予定],""*/◎"",[期間],PERIOD())",,はい,0
history,cancelled,③中止,"COUNTIFS([予定],""*×*"",[期間],PERIOD())",,yes,0
history,carried,④継続,"COUNTIFS([予定],""△*"",[期間],PERIOD())+COUNTIFS([予定],""◎*"",[期間],PERIOD())",,,0
history,projects,⑤総数（①＋④）,MEASURE(new)+MEASURE(carried),,no,0
history,rate,達成率（②÷①）,MEASURE(done)/MEASURE(new),,no,0%
history,progress,進捗率,CUMULATIVE(done)/(CUMULATIVE(new)-CUMULATIVE(cancelled)),,no,0%
history,g_new,新規,"COUNTIFS([予定],""○*"",[goal],GROUP(),[期間],PERIOD())",goal,yes,0
history,g_cancelled,中止,"COUNTIFS([予定],""*×*"",[goal],GROUP(),[期間],PERIOD())",goal,yes,0
history,g_left,残り,MEASURE(g_new)-MEASURE(g_cancelled),goal,yes,0
history,g_share,中止の割合,CUMULATIVE(g_cancelled)/CUMULATIVE(g_new),goal,no,0%
history,p_items,件数,"COUNTIFS([期間],GROUP())",period,yes,0
history,p_cost,費用,"SUMIFS([費用],[期間],PERIOD())",period,yes,0.0
history,p_mean,1件あたり,MEASURE(p_cost)/MEASURE(p_items),period,yes,0.00
history,p_spent,費用の累計,CUMULATIVE(p_cost),period,no,0.0
history,p_share,新規の割合,"COUNTIFS([予定],""○*"",[期間],PERIOD())/COUNTIFS([期間],PERIOD())",period,yes,0%
""",
    "published": """
view,measure,group,period,value
history,new,,P1,4
history,new,,P3,2
history,new,,,6
history,done,,P1,2
history,cancelled,,P1,2
history,cancelled,,,3
history,projects,,P1,5
history,rate,,P1,50%
history,progress,,P1,100%
history,progress,,P2,100%
history,g_left,目標1,P1,1
history,g_left,目標1,,1
history,p_cost,,P1,17.5
history,p_cost,,,22
history,p_share,,P3,50%
""",
}

ANSWERS = {"1": {"cell": "◎", "cost": 1}, "5": {"cell": "○"}, "6": {"cell": "○"}}


@cache
def measured_plan() -> Plan:
    """The plan."""
    return plan_of(MEASURED)


def third(plan: Plan) -> Period:
    """The period of the round."""
    return plan.periods[2]


def measured_round(*more: DataRow, plan: Plan | None = None) -> Consolidation:
    """The third period of the plan, or of one like it, consolidated, with `more` rows behind the others."""
    plan = plan or measured_plan()
    period = third(plan)
    given = receipts(plan, period, ANSWERS)
    made = consolidate(plan, period, issued(plan, period), given, CREATED, draft=False)
    return replace(made, rows=(*made.rows, *more))
