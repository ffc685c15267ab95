"""A small plan in which every column of every table holds something, and a natural change of each of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from returns import Tables

FULL: Tables = {
    "plan": """
        key | value
        id | full
        title | 見本計画
        organisation | 見本市
        language | ja
        locale | ja_JP
        fiscal_year_start | 4
        calendar | wareki
        office | 企画課
        contact | 内線 1
        holidays | 日本
    """,
    "periods": """
        id | label | first_year | last_year | first_month | last_month | reference_date
        R5 | 令和5年度 | 2023 | 2023 | | |
        R6 | 令和6年度 | 2024 | 2024 | | |
    """,
    "departments": """
        id | name | contact | email | from_period | to_period | successor | formerly
        D1 | 情報課 | 山田 | d1@example.jp | | | | D01
        D2 | 総務課 | 鈴木 | d2@example.jp | | | |
        D3 | 消防課 | 佐藤 | d3@example.jp | R5 | | |
        D0 | 庶務課 | | | | R5 | D2 |
    """,
    "items": """
        id | goal | group | title | summary | department | from_period | to_period | predecessor | formerly | 財源
        A-0 | 目標一 | 手続 | 申請の手引 | 手引を作る。 | D1 | | R5 | | | 一般
        A-1 | 目標一 | 手続 | 電子申請 | 申請を増やす。 | D1 | R5 | | A-0 | | 一般
        A-2 | 目標一 | 窓口 | 予約 | 予約を増やす。 | D1 | | | | A-02 | 一般
        B-1 | 目標二 | 庁内 | 給与 | 給与を直す。 | D2 | | | | | 特別
        B-2 | 目標二 | 庁内 | 文書 | 文書を直す。 | D2 | R6 | | | | 一般
        C-1 | 目標二 | 防災 | 指令台 | 入れ替える。 | D3 | | | | | 特別
    """,
    "forms": """
        id | title | note | open_rows | from_period | to_period | formerly
        report | 進捗報告 | 白い欄に記入してください。 | | R5 | | rep
        money | 経費 | 円で記入してください。 | | | |
        wishes | 要望 | 自由に。 | 2 | | |
    """,
    "fields": """
        form|id|label|type|list|required|filled_by|formula|previous|unit|format|min|max|max_length|pattern|unique|width|hint|from_period|to_period|formerly
        report|planned|計画|choice|status|yes|office|||||||||||||
        report|actual|進捗|choice|status|yes|department||yes|||||||||選ぶ|||state
        report|done|実施内容|text||yes|department||yes|||||30|||40|何をしたか|||
        report|places|箇所数|whole||no|department||yes|箇所|0|0|50||||||||
        report|rate|割合|number||no|department|||%|0.0|0|100||||||||
        report|started|開始日|date||no|department||yes||yyyy/mm/dd|2020-04-01|2030-03-31||||||||
        report|code|記号|text||no|department||yes||||||[A-Z]{2}-[0-9]|yes|||||
        report|judgement|判定|choice|judgement|no|formula|IF(CHOICE_RANK([@actual])>=CHOICE_RANK([@planned]),"計画通り","遅れ")||||||||||||
        report|spread|一箇所当たり|number||no|formula|IF(BLANK([@places]),0,[@rate]/[@places])||||||||||||
        money|budget|予算額|whole||no|office|||円||||||||||
        money|cost|決算額|number||no|department||yes|円|#,##0|0|||||||||
        wishes|about|対象|item||no|department|||||||||||||
        wishes|wish|要望|text||yes|department|||||||||||||
    """,
    "choices": """
        list | value | rank | symbol | aliases | after | meaning | ends | from_period | to_period
        status | 検討 | 1 | △ | 検討中 | | 調べている | no | |
        status | 実施 | 2 | ○ | 実施済 | | 行っている | no | |
        status | 拡充 | 3 | ◎ | | | 広げている | no | R5 |
        judgement | 計画通り | | | | | | | |
        judgement | 遅れ | | | | | | | |
    """,
    "rules": """
        id|form|check|target|severity|message|remedy|from_period|to_period
        rate_small|report|OR(BLANK([@rate]),[@rate]<=10)|rate|warning|割合が大きすぎます。|確かめてください。|R5|
        in_year|report|OR(BLANK([@started]),IN_FISCAL_YEAR([@started]))|started|warning|年度の外です。|日付を直してください。||
    """,
    "handling": """
        finding | severity
        office_changed | error
        sheet_renamed | warning
    """,
    "letters": """
        kind | subject | body
        督促 | 催促 | {宛名}へ
    """,
    "closed_days": """
        first_day | last_day | yearly | name
        12/29 | 1/3 | はい | 年末年始
    """,
    "views": """
        id | title | kind | form | options
        figures | 集計 | statistics | report |
        money | 経費の集計 | statistics | money |
        table | 総括表 | progress | report | text=done
        wishes | 要望一覧 | list | wishes |
    """,
    "measures": """
        view|id|label|formula|by|total|format
        figures|all|項目数|COUNTIFS([period],PERIOD())||yes|0
        figures|ahead|実施以上|COUNTIFS([period],PERIOD(),[actual],"実施")+COUNTIFS([period],PERIOD(),[actual],"拡充")|||0
        figures|share|実施の割合|MEASURE(ahead)/MEASURE(all)|||0.0%
        figures|spots|箇所数|SUMIFS([places],[period],PERIOD())||yes|0
        figures|wide|一箇所当たり|SUMIFS([spread],[period],PERIOD())|||0.0
        figures|owned|件数|COUNTIFS([department],GROUP(),[period],PERIOD())|department||0
        figures|goals|箇所数|SUMIFS([places],[goal],GROUP(),[period],PERIOD())|goal||0
        figures|titled|箇所数|SUMIFS([places],[title],GROUP(),[period],PERIOD())|title||0
        figures|sourced|件数|COUNTIFS([財源],GROUP(),[period],PERIOD())|財源||0
        figures|stood|件数|COUNTIFS([actual],GROUP(),[period],PERIOD())|actual||0
        figures|judged|件数|COUNTIFS([judgement],GROUP(),[period],PERIOD())|judgement||0
        money|spent|決算額|SUMIFS([cost],[period],PERIOD())||yes|#,##0
        money|left|残額|SUMIFS([budget],[period],PERIOD())-MEASURE(spent)|||#,##0
    """,
    "records": """
        form | period | item | department | proposed | planned | actual | done | places | rate | started | budget | cost
        report | R5 | A-0 | D0 | | 実施 | 実施 | 手引を作った。 | 2 | 5 | 2023-05-01 | |
        report | R5 | A-1 | D0 | | 実施 | 実施 | 窓口を開いた。 | 1 | 4 | 2023-06-01 | |
        report | R5 | A-2 | | | 実施 | 検討 | 調べた。 | | | | |
        report | R5 | B-1 | | | 検討 | 検討 | 始めた。 | 3 | 6 | | |
        report | R5 | C-1 | | | 検討 | 検討 | 比べた。 | 1 | 2 | | |
        money | R5 | A-1 | D0 | | | | | | | | 90 | 80
        report | R6 | A-1 | | | 実施 | | | | | | |
        report | R6 | A-2 | | | 実施 | | | | | | |
        report | R6 | B-1 | | | 拡充 | | | | | | |
        report | R6 | B-2 | | | 検討 | | | | | | |
        report | R6 | C-1 | | | 実施 | | | | | | |
        money | R6 | A-1 | | | | | | | | | 1000 |
        money | R6 | B-1 | | | | | | | | | 500 |
    """,
    "published": """
        view | measure | group | period | value
        figures | all | | R6 | 5
        figures | owned | 情報課 | R6 | 2
    """,
}
ANSWERS: Mapping[str, Mapping[str, object]] = {
    "A-1": {"actual": "拡充", "done": "広げた。", "places": 5, "rate": 20, "cost": 900},
    "A-2": {"actual": "検討", "done": "比べた。", "places": 2, "rate": 3, "code": "AB-1", "cost": 10.5},
    "B-1": {"actual": "実施", "done": "直した。", "places": 4, "rate": 8, "cost": 450},
    "B-2": {"actual": "検討", "done": "調べた。", "cost": 0},
    "C-1": {"actual": "実施", "done": "入れた。", "places": 1, "rate": 9},
}
"""What is typed in R6, by item."""
KEYS = {"fields": 2, "choices": 2, "measures": 2, "records": 3, "published": 4}
"""How many of its first columns tell a row of a table, where not the first alone."""


@dataclass(frozen=True)
class Cell:
    """A cell as it is to be: the row by its key, such as "report done". Without a column the row is dropped."""

    table: str
    row: str
    column: str = ""
    value: str = ""


@dataclass(frozen=True)
class Row:
    """A row that is added: its cells between bars."""

    table: str
    cells: str


@dataclass(frozen=True)
class Word:
    """A word that is another wherever it stands in a column, or within its cells; without a column in the headings."""

    table: str
    column: str
    old: str
    new: str
    within: bool = False


Step = Cell | Row | Word


def with_changes(tables: Tables, steps: Sequence[Step]) -> dict[str, str]:
    """`tables` with steps taken one after the other; each must change something."""
    made = {name: _lines(table) for name, table in tables.items()}
    for step in steps:
        before = [list(row) for row in made[step.table]]
        match step:
            case Row(table, cells):
                made[table].append([cell.strip() for cell in cells.split("|")])
            case Word(table, "", old, new):
                made[table][0] = [new if name == old else name for name in made[table][0]]
            case Word(table, column, old, new, within):
                at = made[table][0].index(column)
                for row in made[table][1:]:
                    row[at] = row[at].replace(old, new) if within or row[at] == old else row[at]
            case Cell(table, key, column, value):
                head, *rows = made[table]
                [row] = [row for row in rows if " ".join(row[: KEYS.get(table, 1)]).strip() == key]
                if column:
                    row[head.index(column)] = value
                else:
                    made[table].remove(row)
        assert made[step.table] != before, step
    return {name: "\n".join("|".join(row) for row in rows) for name, rows in made.items()}


def _lines(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


NEXT = with_changes(
    FULL,
    [
        Row("periods", "R7 | 令和7年度 | 2025 | 2025 | | |"),
        *(
            Row("records", f"report | R7 | {item} | | | 拡充 | | | | | | |")
            for item in ("A-1", "A-2", "B-1", "B-2", "C-1")
        ),
    ],
)
"""The plan in its next year."""
