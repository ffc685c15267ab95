"""Plans to test with: a small one made by hand, and hypothesis strategies for any other.

    plan = sample_plan()                     every type of field, rules of both severities, two periods
    plan_of({**SAMPLE, "rules": "…"})        the same with one table changed
    @given(plans())                          any plan that a definition could hold
    @given(st.data()) … draw(values(field, plan))   what may stand in a cell once converted, right or wrong

Tables are written as in a plan's CSV files.
"""

import dataclasses
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import strategies as st

from xlplan.definition.naming import unmarked
from xlplan.definition.reading import read_definition
from xlplan.formula.engine import parse
from xlplan.language.codes import Severity
from xlplan.model.form import ITEM_LIST, Choice, Field, FieldType, FilledBy, Form, Rule
from xlplan.model.item import Department, Item, Period
from xlplan.model.plan import Plan
from xlplan.model.record import Record, Value

SAMPLE: Mapping[str, str] = {
    "plan": """
key,value
id,sample
title,見本計画
organisation,見本市
language,ja
fiscal_year_start,4
calendar,wareki
office,企画課
contact,内線 100
""",
    "periods": """
id,label,first_year,last_year
H25,平成25年度,2013,2013
H26,平成26年度,2014,2014
""",
    "departments": """
id,name
D1,企画課
D2,建設課
""",
    "items": """
id,goal,group,title,summary,department
A-1,目標1,手続,電子申請の拡充,手続を増やす。,D1
A-2,目標1,手続,施設予約の拡大,施設を増やす。,D1
A-3,目標2,道路,道路台帳の電子化,台帳を電子化する。,D2
A-4,目標2,道路,地図の公開,地図を公開する。,D2
""",
    "choices": """
list,value,rank,aliases
status,検討,1,検討中
status,一部実施,2,
status,実施,3,実施済
reason,予算の不足,,
reason,その他,,
""",
    "forms": """
id,title,note
progress,進捗報告,白い欄に記入してください。
""",
    "fields": """
form,id,label,type,list,required,filled_by,formula,previous,min,max,max_length,pattern,unique
progress,planned,計画,choice,status,yes,office,,no,,,,,
progress,budget,予算額,number,,no,office,,no,,,,,
progress,actual,進捗,choice,status,yes,department,,yes,,,,,
progress,spent,決算額,number,,yes,department,,no,0,1000000,,,
progress,count,実施回数,whole,,no,department,,no,0,99,,,
progress,held,実施日,date,,"AND(FILLED([@実施回数]),[@実施回数]>0)",department,,no,2010-04-01,,,,
progress,done,実施内容,text,,yes,department,,yes,,,40,,
progress,code,整理番号,text,,no,department,,no,,,,[A-Z]-[0-9]{2},yes
progress,reason,遅れの理由,choice,reason,CHOICE_RANK([@進捗])<CHOICE_RANK([@計画]),department,,no,,,,,
progress,note,補足,text,,no,department,,no,,,20,,
progress,rate,執行率,number,,no,formula,"IF([@予算額]>0,[@決算額]/[@予算額],0)",no,,,,,
progress,judgement,判定,text,,no,formula,"IF(CHOICE_RANK([@進捗])>=CHOICE_RANK([@計画]),""計画通り"",[@遅れの理由])",no,,,,,
""",
    "rules": """
id,form,check,target,severity,message,remedy,from_period
in_year,progress,"OR(BLANK([@実施日]),IN_FISCAL_YEAR([@実施日]))",held,error,実施日がこの年度の日付ではありません。,日付を確かめてください。,
within,progress,[@決算額]<=[@予算額]*1.1,spent,warning,決算額が予算額を1割より多く超えています。,桁を確かめてください。,
not_backwards,progress,"OR(BLANK(PREVIOUS([@進捗])),CHOICE_RANK([@進捗])>=CHOICE_RANK(PREVIOUS([@進捗])))",actual,warning,進捗が前年度より前の段階です。,進捗を確かめてください。,
not_copied,progress,"OR(BLANK(PREVIOUS([@実施内容])),[@実施内容]<>PREVIOUS([@実施内容]))",done,warning,実施内容が前年度と同じです。,今年度のことを書いてください。,
other_needs_note,progress,"OR([@遅れの理由]<>""その他"",FILLED([@補足]))",note,error,「その他」の理由が書かれていません。,補足に書いてください。,
low_rate,progress,"OR([@執行率]>=0.5,FILLED([@補足]))",note,warning,執行率が5割に届きません。,事情を補足に書いてください。,H26
""",
    "records": """
form,period,item,planned,budget,actual,done
progress,H25,A-1,検討,100,一部実施,申請の手引を作った。
progress,H25,A-2,検討,200,検討,
progress,H25,A-3,検討,,,
progress,H25,A-4,検討,50,実施,地図を公開した。
progress,H26,A-1,実施,100,,
progress,H26,A-2,一部実施,200.5,,
progress,H26,A-3,検討,0.3,,
progress,H26,A-4,実施,,,
""",
}


def plan_of(tables: Mapping[str, str]) -> Plan:
    """The plan of these tables (CSV by table id). Raises DefinitionError where they hold an error."""
    with TemporaryDirectory() as folder:
        for name, table in tables.items():
            (Path(folder) / f"{name}.csv").write_text(table.lstrip(), encoding="utf-8")
        return read_definition(Path(folder)).usable()


@cache
def sample_plan() -> Plan:
    """A city of two departments and four items, read from `SAMPLE`."""
    return plan_of(SAMPLE)


# --- any plan --------------------------------------------------------------------------------------

_LETTERS = "進捗実施計画年度ABCxyz（）０1 ・◎"
labels = st.text(_LETTERS, min_size=1, max_size=12).map(str.strip).filter(bool)
"""Names of fields and forms, as offices give them."""

_WORDS = ("検討", "一部実施", "実施", "運用", "拡充", "○", "◎", "△", "その他", "done", "N/A")
_DAY = date(2014, 4, 1)


@st.composite
def fields(draw: st.DrawFn, field_id: str, label: str, filled_by: FilledBy) -> Field:
    """One field of any type, without formulas. Choices come from the list `words`."""
    kinds = list(FieldType)
    if filled_by is not FilledBy.DEPARTMENT:
        kinds.remove(FieldType.ITEM)
    kind = draw(st.sampled_from(kinds))
    low = high = None
    if draw(st.booleans()) and kind in (FieldType.WHOLE, FieldType.NUMBER):
        low, high = 0.0, float(draw(st.integers(1, 1000)))
    if draw(st.booleans()) and kind is FieldType.DATE:
        low, high = _DAY, draw(st.sampled_from([None, _DAY + timedelta(days=365)]))
    if draw(st.booleans()) and kind is FieldType.MONTH:
        low, high = _DAY, draw(st.sampled_from([None, _DAY.replace(year=2015)]))
    if draw(st.booleans()) and kind is FieldType.YEAR:
        low, high = 2010.0, draw(st.sampled_from([None, 2020.0]))
    if draw(st.booleans()) and kind is FieldType.TIME:
        low, high = 9 / 24, draw(st.sampled_from([None, 17.25 / 24]))
    entered = filled_by is FilledBy.DEPARTMENT
    text = kind is FieldType.TEXT
    return Field(
        field_id,
        "form",
        label,
        kind,
        list={FieldType.CHOICE: "words", FieldType.ITEM: ITEM_LIST}.get(kind, ""),
        required=entered and draw(st.booleans()),
        filled_by=filled_by,
        previous=filled_by is not FilledBy.FORMULA and draw(st.booleans()),
        minimum=low,
        maximum=high,
        max_length=draw(st.none() | st.integers(1, 400)) if text else None,
        pattern=draw(st.sampled_from(["", "[A-Z]-[0-9]+"])) if text else "",
        unique=entered and draw(st.booleans()),
        width=draw(st.none() | st.floats(5, 60)),
        unit=draw(st.sampled_from(["", "千円", "％"])) if kind in (FieldType.WHOLE, FieldType.NUMBER) else "",
    )


def _condition(draw: st.DrawFn, of: tuple[Field, ...]) -> str:
    """A formula that is true or false, over some of these fields."""
    some = draw(st.lists(st.sampled_from(of), min_size=1, max_size=3, unique_by=lambda one: one.id))
    tests = {
        FieldType.TEXT: "LEN([@{0}])<=10",
        FieldType.CHOICE: "CHOICE_RANK([@{0}])>=2",
        FieldType.ITEM: "LEN([@{0}])<=8",
        FieldType.WHOLE: "[@{0}]<=100",
        FieldType.NUMBER: "[@{0}]*2<>1",
        FieldType.DATE: "IN_FISCAL_YEAR([@{0}])",
        FieldType.MONTH: "IN_FISCAL_YEAR([@{0}])",
        FieldType.YEAR: "[@{0}]<=2014",
        FieldType.TIME: "[@{0}]<=0.6",
    }
    asked = [f"OR(BLANK([@{one.id}]),{tests[one.type].format(one.id)})" for one in some]
    asked += [f"FILLED(PREVIOUS([@{one.id}]))" for one in some if one.previous]
    return f"AND({','.join(asked)})"


@st.composite
def forms(draw: st.DrawFn) -> Form:
    """One form: fields of all types, filled by all three, required by yes, no or formula; rules of both severities."""
    names = draw(st.lists(labels, min_size=2, max_size=8, unique_by=unmarked))
    filled = [draw(st.sampled_from([FilledBy.OFFICE, FilledBy.DEPARTMENT])) for _ in names]
    filled[0] = FilledBy.DEPARTMENT
    made = [draw(fields(f"f{n}", name, by)) for n, (name, by) in enumerate(zip(names, filled, strict=True))]
    # requirements rest on fields before them, so that none goes in a circle
    for at, field in enumerate(made):
        if at and field.entered and draw(st.booleans()):
            made[at] = field.with_formulas(parse(_condition(draw, tuple(made[:at]))), None)
    if draw(st.booleans()):
        text = f'IF({_condition(draw, tuple(made))},"可","否")'
        made.append(
            Field("judged", "form", "判定", FieldType.TEXT, filled_by=FilledBy.FORMULA, formula=parse(text))
        )
    entered = [one.id for one in made if one.entered]
    rules = tuple(
        Rule(
            f"r{n}",
            "form",
            parse(_condition(draw, tuple(made))),
            draw(st.sampled_from(entered)),
            draw(st.sampled_from([Severity.ERROR, Severity.WARNING])),
            f"検査{n}に合いません。",
            "確かめてください。",
            draw(st.sampled_from(["", "P1", "P2"])),
        )
        for n in range(draw(st.integers(0, 4)))
    )
    return Form("form", "報告", "", tuple(made), rules)


@st.composite
def _ordered(draw: st.DrawFn, choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """The choices with what each may follow; the first may begin."""
    befores = st.lists(
        st.sampled_from(["", *(one.value for one in choices)]), min_size=1, max_size=3, unique=True
    )
    afters = [tuple(draw(befores)) for _ in choices]
    afters[0] = ("",)
    return tuple(dataclasses.replace(one, after=after) for one, after in zip(choices, afters, strict=True))


def _showing_previous(form: Form) -> Form:
    """The form with the previous value beside every choice, as a list with an order needs it."""
    shown = tuple(
        dataclasses.replace(one, previous=True) if one.entered and one.list else one for one in form.fields
    )
    return dataclasses.replace(form, fields=shown)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """A plan of two periods with one form and up to six items; office's values and last year's answers are known."""
    form = draw(forms())
    words = draw(st.lists(st.sampled_from(_WORDS), min_size=1, max_size=5, unique=True))
    choices = tuple(Choice(word, float(rank)) for rank, word in enumerate(words, 1))
    if draw(st.booleans()):
        form, choices = _showing_previous(form), draw(_ordered(choices))
    lists = {"words": choices}
    shown = draw(st.booleans())
    extra = draw(st.sampled_from([{}, {"予算科目": "総務費"}]))
    items = tuple(
        Item(f"A-{n}", "目標", "群" if shown else "", f"施策{n}", "", "D1", extra=extra)
        for n in range(draw(st.integers(0, 6)))
    )
    bare = Plan(
        "any",
        "計画",
        "市",
        draw(st.sampled_from(["ja", "en"])),
        draw(st.sampled_from([1, 4, 10])),
        "wareki",
        "企画課",
        "",
        (Period("P1", "平成25年度", 2013, 2013), Period("P2", "平成26年度", 2014, 2014)),
        (Department("D1", "企画課"),),
        items,
        (form,),
        lists,
    )
    records = tuple(
        Record(
            "form",
            period,
            item.id,
            {one.id: draw(right_values(one, bare)) for one in wanted},
            ("records", "records", row),
        )
        for row, item in enumerate(items, 2)
        for period, wanted in (
            ("P1", tuple(one for one in form.fields if one.previous)),
            ("P2", tuple(one for one in form.fields if one.filled_by is FilledBy.OFFICE)),
        )
    )
    return dataclasses.replace(bare, records=records)


# --- what stands in a cell -------------------------------------------------------------------------

texts = st.sampled_from(
    [
        "",
        "あ",
        "実施した。",
        "*",
        "?",
        "~",
        "a*",
        "1",
        "001",
        "=1+1",
        "#1 案",
        'a"b',
        "Ａ",
        "ａ",
        "a",
        "A",
        "　あ",
        "a b",
        "𠮷野",
    ]
) | st.text("あア亜Aaａ1 　*?~\"'", max_size=8)
"""Texts, among them those that a sheet takes for something else."""


def right_values(field: Field, plan: Plan) -> st.SearchStrategy[Value]:
    """What may stand in a cell of this field with no check of its type, list or range against it; or None."""
    low = field.minimum if isinstance(field.minimum, float) else -1000.0
    high = field.maximum if isinstance(field.maximum, float) else 1000.0
    match field.type:
        case FieldType.CHOICE:
            found: st.SearchStrategy[Value] = st.sampled_from([one.value for one in plan.lists[field.list]])
        case FieldType.ITEM:
            found = st.sampled_from([one.name for one in plan.items]) if plan.items else st.none()
        case FieldType.WHOLE:
            found = st.integers(int(low), int(high))
        case FieldType.NUMBER:
            found = st.integers(int(low), int(high)).map(float) | st.sampled_from([0.1, 0.2, 0.3, 0.5])
        case FieldType.DATE:
            first = field.minimum if isinstance(field.minimum, date) else _DAY - timedelta(days=400)
            last = field.maximum if isinstance(field.maximum, date) else _DAY + timedelta(days=800)
            found = st.dates(first, last)
        case FieldType.MONTH:
            first = field.minimum if isinstance(field.minimum, date) else _DAY - timedelta(days=400)
            last = field.maximum if isinstance(field.maximum, date) else _DAY + timedelta(days=800)
            found = st.dates(first, last).map(lambda day: day.replace(day=1)).filter(lambda day: day >= first)
        case FieldType.YEAR:
            found = st.integers(2010, 2020)
        case FieldType.TIME:
            minutes = st.integers(round(max(low, 0) * 1440), round(min(high, 1439 / 1440) * 1440))
            found = minutes.map(lambda minute: minute / 1440)
        case _:
            found = texts.filter(lambda one: bool(one.strip()))
    return st.none() | found


def values(field: Field, plan: Plan) -> st.SearchStrategy[Value]:
    """What a person may leave in a cell of this field: right, wrong, of another type, or nothing."""
    wrong = (
        texts
        | st.integers(-5, 2000)
        | st.sampled_from([0.5, -1.5, 1e9])
        | st.dates(_DAY, _DAY.replace(year=2030))
    )
    return right_values(field, plan) | wrong
