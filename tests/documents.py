"""Documents of tables made by hand: what a view would build, small enough to be looked at whole."""

from dataclasses import replace
from datetime import datetime

from xlplan.report.tables import (
    Cell,
    Chart,
    Column,
    Document,
    Fact,
    LegendLine,
    Role,
    Section,
    Series,
    Table,
    TableBand,
    TableGroup,
    TableItem,
    Tone,
)

STATES = ("未着手", "検討", "一部実施", "実施")
LONG = "窓口のオンライン申請を12手続に広げ、職員向けの手引を改めた。利用は前年の約2倍（1,830件）となった。"


def cell(role: Role, words: str = "", **more: object) -> Cell:
    """A cell whose value is its text."""
    return replace(Cell(role, words or None, words), **more)  # type: ignore[arg-type]


def head(*words: str) -> tuple[Cell, ...]:
    """A row of heads."""
    return tuple(cell(Role.HEAD, word) for word in words)


def simple(rows: int = 2, *, words: str = "答え", **more: object) -> Table:
    """A table of two columns: the name of an item, and a text about it."""
    items = tuple(
        TableItem(((cell(Role.NAME, f"施策{number}"), cell(Role.TEXT, words)),)) for number in range(rows)
    )
    columns = (Column("name", 12, Role.NAME), Column("text", 30, Role.TEXT))
    made = Table("plain", "list", columns, (head("施策", "内容"),), (TableBand((TableGroup(items),)),))
    return replace(made, **more)  # type: ignore[arg-type]


def document(*sections: Section, language: str = "ja", draft: bool = False, **more: object) -> Document:
    """A document with these sections."""
    made = Document(
        title="ICT推進計画",
        organisation="あさひ市",
        language=language,
        period="H26",
        created=datetime(2015, 6, 1, 9, 30),
        draft=draft,
        state="未確定（下書き）　受理していない回答があります。" if draft else "確定　すべて受理しました。",
        sections=sections,
    )
    return replace(made, **more)  # type: ignore[arg-type]


def section(*blocks: Table | Chart, name: str = "one", title: str = "総括表") -> Section:
    """A section of these blocks."""
    return Section(name, title, blocks, about="何のための表か。")


def progress(groups: int = 3, items: int = 3) -> Table:
    """A 総括表: goals as bands, groups merged over items, two rows an item."""
    columns = (
        Column("item", 7, Role.NUMBER),
        Column("group", 16, Role.NAME),
        Column("title", 18, Role.NAME),
        *(Column(f"text{year}", 40, Role.TEXT) for year in (25, 26)),
        Column("label", 10, Role.LABEL),
        *(Column(f"year{year}", 11, Role.ANSWER) for year in (25, 26)),
    )
    heads = (
        (
            *(
                cell(Role.HEAD, word, rows=2)
                for word in ("番号", "計画項目", "施策", "H25実施内容", "H26実施内容")
            ),
            cell(Role.HEAD_OVER, "年次計画／進捗", columns=3),
        ),
        (cell(Role.HEAD), *head("H25", "H26")),
    )
    bands = []
    for goal in (1, 2):
        made = []
        for group in range(1, groups + 1):
            name = cell(Role.NAME, f"計画項目{goal}-{group}の推進", strong=True)
            made.append(
                TableGroup(tuple(_item(f"{goal}-{group}-{at}") for at in range(1, items + 1)), name, 1)
            )
        bands.append(TableBand(tuple(made), f"目標{goal}　市民に身近な電子行政を実現する"))
    return Table("progress", "progress", columns, heads, tuple(bands), fixed=3)


def _item(number: str) -> TableItem:
    over = (
        cell(Role.NUMBER, number, rows=2),
        cell(Role.NAME, "公共施設予約のオンライン化", rows=2, strong=True),
        cell(Role.TEXT, LONG, rows=2),
        cell(Role.TEXT, LONG * 2, rows=2),
    )
    plan = (cell(Role.LABEL, "計画"), cell(Role.ANSWER, "検討"), cell(Role.ANSWER, "実施"))
    done = (
        cell(Role.LABEL, "進捗"),
        cell(Role.ANSWER, "検討", strong=True),
        cell(Role.ANSWER, "一部実施", strong=True, tone=Tone(again=True)),
    )
    return TableItem(((*over, *plan), done))


def schedule(items: int = 8) -> Table:
    """A スケジュール: bands of two levels, bars over the years."""
    years = range(21, 31)
    columns = (
        Column("item", 5, Role.NUMBER),
        Column("title", 38, Role.NAME),
        *(Column(f"y{year}", 6, Role.BAR) for year in years),
    )
    heads = (
        (
            *(cell(Role.HEAD, word, rows=2) for word in ("番号", "施策")),
            cell(Role.HEAD_OVER, "第1期", columns=5),
            cell(Role.HEAD_OVER, "第2期", columns=5),
        ),
        head(*(f"H{year}" for year in years)),
    )

    def bars(step: int) -> list[Cell]:
        word, tone = STATES[step], Tone(step, len(STATES))
        return [Cell(Role.BAR, word, "" if at else word, tone=tone) for at in range(5)]

    def rows(first: int) -> tuple[TableItem, ...]:
        return tuple(
            TableItem(
                (
                    (
                        cell(Role.NUMBER, str(first + at)),
                        cell(Role.NAME, "地域包括支援センターと学校をつなぐ情報基盤の整備"),
                        *bars(at % 4),
                        *bars((at + 1) % 4),
                    ),
                )
            )
            for at in range(items)
        )

    bands = (
        TableBand((), "目標1　市民に身近な電子行政", 1),
        TableBand((TableGroup(rows(1)),), "(1) 窓口", 2),
        TableBand((TableGroup(rows(items + 1)),), "(2) 情報公開", 2),
    )
    legend = tuple(LegendLine(word, f"{word}の段階", Tone(at, 4)) for at, word in enumerate(STATES))
    return Table(
        "schedule",
        "schedule",
        columns,
        heads,
        bands,
        fixed=2,
        legend=legend,
        legend_note="濃いほど進んでいます。",
    )


def figures() -> tuple[Table, Chart, Chart]:
    """A 集計: a table of figures with totals, and its two kinds of charts."""
    columns = (
        Column("label", 36, Role.LABEL),
        *(Column(f"c{at}", 11.5, Role.FIGURE) for at in range(4)),
    )
    heads = (
        (
            cell(Role.HEAD, "判定", rows=2),
            cell(Role.HEAD_OVER, "件数", columns=2),
            cell(Role.HEAD_OVER, "割合", columns=2),
        ),
        head("H25", "H26", "H25", "H26"),
    )
    counts = {"計画通り": (18, 20), "遅れ": (9, 7), "中止": (3, 2), "判定なし": (0, 1)}

    def row(label: str, *values: int) -> tuple[Cell, ...]:
        shares = (Cell(Role.FIGURE, value / 30, f"{value / 30:.1%}") for value in values)
        return (cell(Role.LABEL, label), *(Cell(Role.FIGURE, value, str(value)) for value in values), *shares)

    items = tuple(TableItem((row(label, *values),)) for label, values in counts.items())
    nothing = Cell(Role.FIGURE, None, "―", note="その期間には施策がありません。")
    odd = TableItem(((cell(Role.LABEL, "新規"), Cell(Role.FIGURE, 4, "4"), nothing, nothing, nothing),))
    table = Table(
        "by_judgement",
        "statistics",
        columns,
        heads,
        (TableBand((TableGroup((*items, odd)),)),),
        caption="判定別",
        totals=(row("計", 30, 30),),
        note="割合は四捨五入しています。",
        notes=("下の数値と割合は、「含む」とした回答だけを数えたものです。",),
    )
    series = [
        Series(label, tuple(map(float, values)), Tone(3 - at, 4) if at < 3 else None)
        for at, (label, values) in enumerate(counts.items())
    ]
    stacked = Chart("c1", "判定別　件数", ("H25", "H26"), tuple(series), "0", stacked=True)
    departments = ("情報政策課", "市民課", "健康福祉部地域包括ケア推進課")
    sides = (Series("H25", (0.5, 0.25, None)), Series("H26", (0.6, 1.0, 0.0)))
    side = Chart("c2", "所管課別　計画通りの割合", departments, sides, "0.0%", share=True, of_rows=False)
    return table, stacked, side


def whole(*, language: str = "ja", draft: bool = False) -> Document:
    """A document with a section of each kind, and a cover."""
    facts = {
        "": [Fact("period", "対象", "H26"), Fact("created", "作成", "平成27年6月1日 09:30")],
        "何にもとづくか": [
            Fact("returns", "回答", "8課のうち7課の回答を受理", again=draft),
            Fact("items", "施策", "30件（H26）"),
        ],
    }
    return document(
        section(progress(), name="progress"),
        section(*figures(), name="statistics", title="集計"),
        section(schedule(), name="schedule", title="スケジュール"),
        section(simple(40), name="答え 一覧", title="一覧"),
        language=language,
        draft=draft,
        facts=facts,
        tracing=(
            "1. 数値のセルを選ぶと、数式バーに計算式が出ます。",
            "2. 絞り込むと、もとになった行が残ります。",
        ),
    )
