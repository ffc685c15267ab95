"""What figures come to: each head counts itself, groups come from the data, totals are of what is shown."""

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache

import pytest
from figured import figure_cells, summary_workbook
from libreoffice import LibreOffice, Recalculated
from measured import measured_plan, measured_round
from plans import SAMPLE, plan_of
from summaries import CREATED, issued, receipts

from xlplan.formula.addresses import cell_address
from xlplan.language.text import fold
from xlplan.model.plan import Plan
from xlplan.model.record import Value
from xlplan.report.figures import Figure
from xlplan.report.keys import tame
from xlplan.report.rows import Consolidation, consolidate
from xlplan.report.tracing import behind, rests_on, told
from xlplan.report.worked import NoFigure, Worked
from xlplan.report.working import Figures

HEADS = (
    *(
        "*Online",
        "~x",
        "<On site>",
        "=Data",
        ">5 years",
        "1.1",
        "1.10",
        "01",
        "1",
        "1e2",
        "TRUE",
        "FALSE",
        "50%",
    ),
    *(
        "x?y",
        "xzy",
        "Online",
        "On site",
        "2-7",
        "4月1日",
        "令和6年4月1日",
        "H26.4.1",
        "May 5",
        "'quoted'",
    ),
    *('"said"', "[1]", "¥100", "1,200", "A*", "A", "é", "e", "長" * 300, "長" * 299 + "短"),
)


def table(rows: Sequence[Sequence[object]]) -> str:
    """A table as CSV."""
    stream = io.StringIO()
    csv.writer(stream).writerows(rows)
    return stream.getvalue()


FIELDS = """
form,id,label,type,list,required,filled_by,previous,formula
progress,word,言葉,text,,no,department,no,
progress,amount,金額,number,,no,department,no,
progress,number,個数,whole,,no,department,no,
progress,day,実施日,date,,no,department,no,
progress,month,実施月,month,,no,department,no,
progress,year,実施年度,year,,no,department,no,
progress,status,状況,choice,status,no,department,no,
progress,twice,倍,number,,no,formula,no,[@金額]*2
progress,about,関連,item,,no,department,no,
"""
MEASURES = [
    [f"by_{by}", f"{by}の件数", f"COUNTIFS([{by}],GROUP(),[period],PERIOD())", by, "no"]
    for by in ("word", "amount", "number", "day", "month", "year", "status", "twice", "about", "goal", "ward")
]


def plan_with(
    goals: Sequence[str],
    *,
    measures: Sequence[Sequence[str]] = MEASURES,
    records: str = "",
    wards: Sequence[str] = (),
) -> Plan:
    """A plan whose items have these goals, one after the other, and are asked every type of field."""
    items = [
        [f"A-{at}", goal, f"事業{at}", f"D{1 + at % 2}", wards[at - 1] if wards else "東"]
        for at, goal in enumerate(goals, 1)
    ]
    return plan_of(
        {
            **{name: SAMPLE[name] for name in ("plan", "periods", "departments", "choices")},
            "items": table([["id", "goal", "title", "department", "ward"], *items]),
            "forms": "id,title\nprogress,進捗報告\n",
            "fields": FIELDS,
            "rules": "id,form,check,target,severity,message\n",
            "records": records or "form,period,item\n",
            "views": "id,title,kind,form\nfigures,集計,statistics,progress\n",
            "measures": table(
                [
                    ["view", "id", "label", "formula", "by", "total"],
                    *(["figures", *measure] for measure in measures),
                ]
            ),
            "published": "view,measure,group,period,value\n",
        }
    )


def answered(plan: Plan, answers: Mapping[str, Mapping[str, Value]]) -> Consolidation:
    """The second period with every return accepted."""
    period = plan.periods[1]
    return consolidate(
        plan, period, issued(plan, period), receipts(plan, period, answers), CREATED, draft=False
    )


def shown(made: Consolidation, measure: str, period: str = "H26") -> dict[str, object]:
    """What a measure comes to in a period, by group; a dash where there is no figure."""
    figures = Figures(made)
    return {
        figure.group: "―" if (value := figures.worked(figure).value) is None else value
        for figure in figures.all()
        if figure.measure.id == measure and figure.period == period and not figure.of_all_groups
    }


def total(made: Consolidation, measure: str, period: str = "H26") -> Worked:
    """The total of a measure's groups in a period."""
    figures = Figures(made)
    (found,) = (
        figures.worked(figure)
        for figure in figures.all()
        if figure.measure.id == measure and figure.period == period and figure.of_all_groups
    )
    return found


def judged(book: Recalculated, figure: Figure) -> object:
    """What LibreOffice has at a figure's cell."""
    return book[figure.block.sheet, cell_address(figure.row, figure.column)]


def differing(made: Consolidation, book: Recalculated) -> list[tuple[str, object, object]]:
    """The figures for which LibreOffice has another value."""
    figures = Figures(made)
    found = []
    for figure in figures.all():
        value = figures.worked(figure).value
        expected = figures.nothing if value is None else value
        actual = judged(book, figure)
        same = actual == expected if isinstance(expected, str) else actual == pytest.approx(expected)
        if not same:
            found.append((f"{figure.cell} {figure.measure.id} {figure.group}", expected, actual))
    return found


# --- heads -----------------------------------------------------------------------------------------


@cache
def awkward() -> Consolidation:
    """A goal of each awkward kind, some twice, and the same as answers in the text field."""
    goals = [*HEADS, *HEADS[::3]]
    plan = plan_with(goals)
    return answered(plan, {item.id: {"word": item.goal} for item in plan.items})


@pytest.mark.parametrize("measure", ["by_goal", "by_word"])
def test_each_head_counts_itself_and_nothing_else(measure: str) -> None:
    assert shown(awkward(), measure) == dict(Counter([*HEADS, *HEADS[::3]]))


def test_libreoffice_counts_for_each_head_what_we_do(libreoffice: LibreOffice) -> None:
    assert differing(awkward(), libreoffice.recalculated(summary_workbook(awkward()))) == []


@pytest.mark.parametrize(
    "head", ["目標1", "計画通り", "Goal 1", "H26年度", "18～21年度", "○/△", "A-1", "その他", "7班"]
)
def test_an_ordinary_head_is_compared_as_it_stands(head: str) -> None:
    assert tame(head)


@pytest.mark.parametrize(
    "head", [*HEADS[:13], "2-7", "4月1日", "令和6年4月1日", "H26.4.1", "May 5", "", "１２", "長" * 300]
)
def test_what_a_criterion_takes_for_something_else_is_compared_by_its_key(head: str) -> None:
    assert not tame(head)


def test_a_plan_of_ordinary_words_has_no_columns_of_keys() -> None:
    assert dict(Figures(measured_round()).keys["progress"]) == {}


def test_what_is_the_same_but_for_its_spelling_is_one_head_in_its_first_spelling(
    libreoffice: LibreOffice,
) -> None:
    words = ["アプリ", "ｱﾌﾟﾘ", "App", "Ａｐｐ", "app", "Web", "ガ", "カ\u3099"]
    plan = plan_with(["目標1"] * len(words))
    made = answered(plan, {item.id: {"word": word} for item, word in zip(plan.items, words, strict=True)})

    assert shown(made, "by_word") == {"App": 3, "Web": 1, "アプリ": 2, "ガ": 2}
    assert differing(made, libreoffice.recalculated(summary_workbook(made))) == []
    (found,) = told(Figures(made))
    assert "アプリ / ｱﾌﾟﾘ" in found.message("ja")


# --- groups ----------------------------------------------------------------------------------------

ANSWERS: Mapping[str, Mapping[str, Value]] = {
    "A-1": {
        "word": "二",
        "amount": 10.5,
        "number": 10,
        "day": date(2014, 5, 1),
        "status": "実施",
        "year": 2014,
    },
    "A-2": {"word": "一", "amount": 0.1 + 0.2, "number": 9, "day": date(2014, 4, 1), "about": "A-1 事業1"},
    "A-3": {"word": "一", "amount": 0.3, "number": 10, "month": date(2014, 7, 1), "about": "A-3 事業3"},
    "A-4": {"amount": 2, "status": "検討", "year": 2013, "about": "A-1 事業1"},
    "A-5": {"word": "三", "number": -1, "status": "実施"},
}


@cache
def grouped() -> Consolidation:
    """Five items with answers of every type, and some without."""
    plan = plan_with(["目標2", "目標1", "目標2", "", "目標1"], wards=["西", "東", "", "西", "西"])
    return answered(plan, ANSWERS)


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        ("by_word", {"一": 2, "三": 1, "二": 1, "（空白）": 1}),
        ("by_amount", {"0.3": 2, "2": 1, "10.5": 1, "（空白）": 1}),
        ("by_number", {"-1": 1, "9": 1, "10": 2, "（空白）": 1}),
        ("by_day", {"平成26年4月1日": 1, "平成26年5月1日": 1, "（空白）": 3}),
        ("by_month", {"平成26年7月": 1, "（空白）": 4}),
        ("by_year", {"2013年度（平成25年度）": 1, "2014年度（平成26年度）": 1, "（空白）": 3}),
        ("by_status", {"検討": 1, "一部実施": 0, "実施": 2, "（空白）": 2}),
        ("by_twice", {"0": 1, "0.6": 2, "4": 1, "21": 1}),
        ("by_about", {"A-1 事業1": 2, "A-3 事業3": 1, "（空白）": 2}),
        ("by_goal", {"目標2": 2, "目標1": 2, "（空白）": 1}),
        ("by_ward", {"西": 3, "東": 1, "（空白）": 1}),
    ],
)
def test_groups_are_what_the_data_hold_in_a_stable_order(measure: str, expected: dict[str, int]) -> None:
    found = shown(grouped(), measure)

    assert list(found.items()) == list(expected.items())
    assert total(grouped(), measure) == Worked(5.0)


def test_libreoffice_counts_each_group_as_we_do(libreoffice: LibreOffice) -> None:
    assert differing(grouped(), libreoffice.recalculated(summary_workbook(grouped()))) == []


def test_where_nothing_is_blank_there_is_no_row_for_it() -> None:
    plan = plan_with(["目標1", "目標1"])
    made = answered(plan, {"A-1": {"word": "一"}, "A-2": {"word": "二"}})

    assert shown(made, "by_word") == {"一": 1, "二": 1}


# --- totals ----------------------------------------------------------------------------------------

RATES = [
    ["amount_of", "金額", "SUMIFS([amount],[word],GROUP(),[period],PERIOD())", "word", "yes"],
    ["mean_of", "平均", "AVERAGEIFS([amount],[word],GROUP(),[period],PERIOD())", "word", "no"],
    [
        "done_of",
        "実施の割合",
        'COUNTIFS([status],"実施",[word],GROUP(),[period],PERIOD())/COUNTIFS([word],GROUP(),[period],PERIOD())',
        "word",
        "no",
    ],
    ["by_number", "個数別", "SUMIFS([amount],[number],GROUP(),[period],PERIOD())", "number", "no"],
    ["mean_by", "平均", "AVERAGEIFS([amount],[number],GROUP(),[period],PERIOD())", "number", "no"],
]


def test_rates_have_a_total_of_their_own_over_what_is_shown(libreoffice: LibreOffice) -> None:
    plan = plan_with(["目標1"] * 5, measures=RATES)
    made = answered(plan, ANSWERS)

    assert total(made, "amount_of").value == pytest.approx(13.1)
    assert total(made, "mean_of").value == pytest.approx(13.1 / 4)
    assert total(made, "done_of").value == pytest.approx(2 / 5)
    assert total(made, "mean_by").value == pytest.approx(13.1 / 4)
    assert shown(made, "mean_of")["三"] == "―"
    assert differing(made, libreoffice.recalculated(summary_workbook(made))) == []


def test_what_adds_up_to_nothing_is_nothing_to_the_last_bit(libreoffice: LibreOffice) -> None:
    measures = [
        ["sum", "計", "SUMIFS([amount],[word],GROUP(),[period],PERIOD())", "word", "no"],
        ["none", "割合", "0/MEASURE(sum)", "word", "no"],
        ["less", "負", "-MEASURE(sum)", "word", "no"],
    ]
    amounts = {"一": (-97.25, -2.9, 100.15), "二": (0.1, 0.2, -0.3), "三": (1e15, 1.0, -1e15)}
    pairs = [(word, amount) for word, numbers in amounts.items() for amount in numbers]
    plan = plan_with(["目標1"] * len(pairs), measures=measures)
    answers = {item.id: {"word": w, "amount": a} for item, (w, a) in zip(plan.items, pairs, strict=True)}
    made = answered(plan, answers)

    assert shown(made, "sum") == {"一": 0, "三": 1, "二": 0}
    assert shown(made, "none") == {"一": "―", "三": 0, "二": "―"}
    assert [str(value) for value in shown(made, "less").values()] == ["0.0", "-1.0", "0.0"]
    assert differing(made, libreoffice.recalculated(summary_workbook(made))) == []


def test_a_figure_that_is_none_says_why() -> None:
    plan = plan_with(["目標1"] * 5, measures=RATES)
    figures = Figures(answered(plan, ANSWERS))
    found = {
        (figure.measure.id, figure.group, figure.period): figures.worked(figure) for figure in figures.all()
    }

    assert found["mean_of", "三", "H26"] == Worked(None, NoFigure.UNDECIDED)
    assert found["amount_of", "一", "H25"] == Worked(None, NoFigure.NOT_ASKED)
    assert found["amount_of", "三", "H26"] == Worked(0.0)


def test_a_period_of_which_something_is_known_is_counted() -> None:
    records = "form,period,item,word,amount\nprogress,H25,A-1,一,5\nprogress,H25,A-2,四,\n"
    made = answered(plan_with(["目標1"] * 5, measures=RATES, records=records), ANSWERS)

    assert shown(made, "amount_of", "H25") == {"一": 5, "三": 0, "二": 0, "四": 0, "（空白）": 0}
    assert shown(made, "done_of", "H25") == dict.fromkeys(["一", "三", "二", "四", "（空白）"], "―")


# --- what makes them up ----------------------------------------------------------------------------


def test_a_figure_knows_its_records_and_the_figures_that_it_rests_on() -> None:
    figures = Figures(measured_round())
    cells = {(f.measure.id, f.group, f.period): f for f in figures.all()}

    def items(figure: Figure) -> list[tuple[str, str]]:
        rows = figures.records["progress"].rows
        return [(rows[at].period.id, rows[at].item.id) for at in behind(figures, figure)]

    assert items(cells["new", "", "P1"]) == [("P1", "1"), ("P1", "2"), ("P1", "3"), ("P1", "4")]
    assert items(cells["cancelled", "", ""]) == [("P1", "3"), ("P2", "2")]
    assert items(cells["g_new", "目標2", ""]) == [("P1", "4"), ("P3", "5"), ("P3", "6")]
    assert items(cells["rate", "", "P1"]) == []
    assert [f.measure.id for f in rests_on(cells["rate", "", "P1"])] == ["done", "new"]
    assert [(f.measure.id, f.period) for f in rests_on(cells["progress", "", "P2"])] == [
        ("done", "P1"),
        ("done", "P2"),
        ("new", "P1"),
        ("new", "P2"),
        ("cancelled", "P1"),
        ("cancelled", "P2"),
    ]


def test_every_figure_of_the_small_plan_is_that_of_libreoffice(libreoffice: LibreOffice) -> None:
    assert differing(measured_round(), libreoffice.recalculated(summary_workbook(measured_round()))) == []


def test_figures_are_found_by_their_words() -> None:
    cells = figure_cells(measured_round())

    assert {view for view, *_ in cells} == {measured_plan().views[0].id}
    assert fold("目標1") in {fold(group) for _, _, group, _ in cells}
