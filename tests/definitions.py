"""A small definition to break: every table as CSV text, and helpers that write and read it.

definition(tmp_path)                                        as it is: nothing is wrong with it
definition(tmp_path, items=GOOD["items"].replace("D1", "D9"))   with one table changed; None leaves it out
"""

import re
from pathlib import Path

from xlplan.definition.reading import Definition, read_definition
from xlplan.language.messages import LANGUAGES
from xlplan.model.finding import Finding

GOOD: dict[str, str] = {
    "plan": """\
key,value
id,hama
title,浜市ICT計画
organisation,浜市
language,ja
fiscal_year_start,4
calendar,wareki
office,情報課
contact,内線 1
""",
    "periods": """\
id,label,first_year,last_year
H25,平成25年度,2013,2013
H26,平成26年度,2014,2014
""",
    "departments": """\
id,name,contact,email,from_period,to_period,successor
D1,情報課,,,,,
D2,税務課,,,,H25,D1
""",
    "items": """\
id,goal,group,title,summary,department,from_period,to_period,predecessor,予算科目
001,目標1,窓口,電子申請,手続を増やす。,D1,,,,総務費
1-2,目標1,窓口,納付,払い方を増やす。,D2,,H25,,税務費
003,目標2,窓口,納付,新しい払い方。,D1,H26,,1-2,税務費
""",
    "forms": """\
id,title,note,open_rows
progress,進捗報告,白い欄に記入,
news,できごと,行を書き足す,5
""",
    "fields": '''\
form,id,label,type,list,required,filled_by,formula,previous,min,max,max_length,pattern,unique,width,hint
progress,planned,計画,choice,status,yes,office,,no,,,,,,,
progress,actual,進捗,choice,status,yes,department,,yes,,,,,,,
progress,done,実施内容,text,,FILLED([@進捗]),department,,no,,,400,,no,40,例：増やした
progress,cost,決算額,number,,no,department,,no,0,1000000.5,,,,,
progress,day,実施日,date,,no,department,,no,2013-04-01,2015-03-31,,,,,
progress,count,件数,whole,,no,department,,no,0,99,,,,,
progress,code,記号,text,,no,department,,no,,,,[A-Z]{2},yes,,
progress,late,遅れ,text,,no,formula,"IF(CHOICE_RANK([@進捗])<CHOICE_RANK([@計画]),""遅れ"","""")",no,,,,,,,
news,about,対象,item,,yes,department,,no,,,,,,,
news,what,内容,text,,yes,department,,,,,100,,,,
''',
    "choices": """\
list,value,rank,symbol,aliases,after
status,検討,1,△,検討中,-|検討
status,実施,2,○,実施済|実施済み,検討|実施
status,運用,3.5,◎,,検討|実施|運用
""",
    "rules": """\
id,form,check,target,severity,message,remedy,from_period
cost_known,progress,"OR(BLANK([@実施内容]),[@決算額]>=0)",決算額,warning,決算額を確かめてください。,,H26
no_return,progress,"OR(BLANK(PREVIOUS([@進捗])),CHOICE_RANK([@進捗])>=CHOICE_RANK(PREVIOUS([@進捗])))",actual,error,戻っています。,直してください。,
""",
    "views": """\
id,title,kind,form,options
table,総括表,progress,progress,text=done|rows=planned
figures,集計,statistics,progress,
""",
    "measures": """\
view,id,label,formula,by,format
figures,items,項目数,"COUNTIFS([period],PERIOD())",,0
figures,by_status,件数,"COUNTIFS([進捗],GROUP(),[period],PERIOD())",進捗,0
figures,share,割合,"COUNTIFS([進捗],GROUP(),[period],PERIOD())/COUNTIFS([period],PERIOD())",actual,0%
""",
    "records": """\
form,period,item,planned,actual,done,cost,day,count,code
progress,H25,001,実施,実施,"=窓口を
増やした。",1200.5,2013-05-01,12,AB
progress,H25,1-2,検討,検討,+調べた。,,,,
progress,H26,001,運用,,,,,,
progress,H26,003,実施,,,,,,
""",
    "published": """\
view,measure,group,period,value
figures,items,,H25,2
figures,share,実施,H25,50.0%
figures,by_status,実施,H25,1.0
figures,share,検討,H25,1
""",
}


def folder(root: Path, **changed: str | None) -> Path:
    """The definition as a folder of CSV files below `root`."""
    made = root / "plan"
    made.mkdir(exist_ok=True)
    for table, content in {**GOOD, **changed}.items():
        if content is not None:
            (made / f"{table}.csv").write_text(content, encoding="utf-8", newline="")
    return made


def definition(root: Path, **changed: str | None) -> Definition:
    """The definition as read, with some tables changed."""
    return read_definition(folder(root, **changed))


JAPANESE = re.compile("[ぁ-ゖァ-ヺー一-龠々〆「」、。]+")


def latin(written: str) -> str:
    """The same with every Japanese letter as its code: the words of another language, as different as before."""
    return "".join(f"x{ord(letter):x}" if JAPANESE.match(letter) else letter for letter in written)


def ours_in_english(found: Definition, one: Finding) -> list[str]:
    """The Japanese words of a finding's English sentence that stand nowhere in the plan; there must be none."""
    written = [
        cell for table in found.tables.tables.values() for row in table.rows for cell in row.cells.values()
    ]
    headings = [heading for table in found.tables.tables.values() for heading in table.headers]
    # a heading or a sheet that no table has stands in the finding alone, as what was written there
    theirs = "\n".join(
        map(str, [*written, *headings, one.file, one.sheet, one.value, one.params.get("name", "")])
    )
    return [words for words in JAPANESE.findall(sentence_of(one, "en")) if words not in theirs]


def places(found: Definition) -> list[tuple[str, str, str]]:
    """(code, file without its ending, cell) of every finding, after asking each for its sentences."""
    for one in found.findings:
        for language in LANGUAGES:
            assert sentence_of(one, language)
        assert ours_in_english(found, one) == [], sentence_of(one, "en")
    return [(one.code, one.file.removesuffix(".csv"), one.cell) for one in found.findings]


def sentence_of(one: Finding, language: str) -> str:
    """What a finding says, whole; fails where a parameter was left unfilled."""
    said = f"{one.message(language)} {one.remedy(language)}"
    unfilled = said.replace("{2}", "").replace("[0-9]{3}-[0-9]{4}", "")
    assert "{" not in unfilled, said
    assert "}" not in unfilled, said
    assert "None" not in said, said
    return said
