"""What makes up a figure that differs from print: records, other figures, and what follows from what."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from figured import compared as all_compared
from measured import MEASURED, measured_plan, measured_round, third
from plans import plan_of
from rich.console import Console

from xlplan.cli.documents import reconcile_document
from xlplan.cli.printing import Printer
from xlplan.cli.show import show_reconciled
from xlplan.cli.words import MOST_RECORDS
from xlplan.language.text import display_width
from xlplan.report.reconcile.causes import Register
from xlplan.report.reconcile.comparison import Comparison
from xlplan.report.working import Figures
from xlplan.stages.reconcile import ReconcileResult
from xlplan.stages.standing import SummaryStanding

At = tuple[str, str, str]


def compared() -> dict[At, Comparison]:
    """The figures in print by measure, group and period."""
    plan = measured_plan()
    found = all_compared(measured_round(), plan)
    return {(one.measure, one.group, one.period): one for one in found}


@pytest.fixture(scope="module")
def found() -> dict[At, Comparison]:
    """The figures in print, compared."""
    return compared()


def result() -> ReconcileResult:
    """The whole comparison, as the command line shows it."""
    plan = measured_plan()
    return ReconcileResult(plan, third(plan), Path("summary.xlsx"), tuple(compared().values()))


def records(one: Comparison) -> list[list[tuple[str, str, tuple[tuple[str, str], ...], float]]]:
    """Item, period, values and share of each record, by term."""
    return [[(it.item, it.period, it.values, it.adds) for it in term.records] for term in one.cause.terms]


def test_a_blank_period_is_the_whole_plan_where_the_measure_has_one(found: dict[At, Comparison]) -> None:
    assert {at: (one.printed, one.shown, one.agrees) for at, one in found.items()} == {
        ("new", "", "P1"): ("4", "4", True),
        ("new", "", "P3"): ("2", "2", True),
        ("new", "", ""): ("6", "6", True),
        ("done", "", "P1"): ("2", "2", True),
        ("cancelled", "", "P1"): ("2", "1", False),
        ("cancelled", "", ""): ("3", "2", False),
        ("projects", "", "P1"): ("5", "4", False),
        ("rate", "", "P1"): ("50%", "50%", True),
        ("progress", "", "P1"): ("100%", "67%", False),
        ("progress", "", "P2"): ("100%", "100%", True),
        ("g_left", "目標1", "P1"): ("1", "2", False),
        ("g_left", "目標1", ""): ("1", "1", True),
        ("p_cost", "", "P1"): ("17.5", "16.5", False),
        ("p_cost", "", ""): ("22", "23", False),
        ("p_share", "", "P3"): ("50%", "67%", False),
    }


def test_a_count_is_made_up_of_the_records_that_meet_it(found: dict[At, Comparison]) -> None:
    one = found["cancelled", "", "P1"]

    assert records(one) == [[("3", "P1", (("予定", "○/×"),), 1)]]
    assert (one.cause.formula, one.cause.parts, one.cause.follows_from) == ("1", (), ())
    assert (one.cause.terms[0].records[0].title, one.cause.terms[0].records[0].row) == ("職員手続の構築", 7)


def test_a_count_over_the_whole_plan_follows_from_those_of_its_periods(found: dict[At, Comparison]) -> None:
    one = found["cancelled", "", ""]

    assert records(one) == [[("3", "P1", (("予定", "○/×"),), 1), ("2", "P2", (("予定", "△/×"),), 1)]]
    assert [(root.measure, root.period) for root in one.cause.follows_from] == [("cancelled", "P1")]


def test_a_sum_is_made_up_of_what_each_record_adds(found: dict[At, Comparison]) -> None:
    assert records(found["p_cost", "", "P1"]) == [
        [
            ("1", "P1", (("費用", "10"),), 10),
            ("3", "P1", (("費用", "2.5"),), 2.5),
            ("4", "P1", (("費用", "4"),), 4),
        ]
    ]
    assert [(it.item, it.adds) for it in found["p_cost", "", ""].cause.terms[0].records] == [
        ("1", 10),
        ("3", 2.5),
        ("4", 4),
        ("1", 5.5),
        ("1", 1),
    ]


def test_a_share_in_one_formula_shows_both_of_its_counts(found: dict[At, Comparison]) -> None:
    one = found["p_share", "", "P3"]

    assert one.cause.formula == "2/3"
    assert [[it.item for it in term.records] for term in one.cause.terms] == [["5", "6"], ["1", "5", "6"]]
    assert one.cause.terms[1].records[0].values == ()


def test_a_share_over_the_whole_plan_does_not_follow_from_those_of_its_periods() -> None:
    """It is no sum of theirs, though one of them differs from print as well."""
    printed = MEASURED["published"] + "history,p_share,,,50%\n"
    plan = plan_of({**MEASURED, "published": printed})

    of_third, whole = all_compared(measured_round(plan=plan), plan)[-2:]

    assert [(one.measure, one.period, one.agrees) for one in (of_third, whole)] == [
        ("p_share", "P3", False),
        ("p_share", "", False),
    ]
    assert whole.cause.formula == "6/9"
    assert whole.cause.follows_from == ()


def test_a_figure_over_others_says_which_of_them_differ(found: dict[At, Comparison]) -> None:
    one = found["projects", "", "P1"]
    parts = [(part.measure, part.value, part.printed, part.agrees) for part in one.cause.parts]

    # the register bears out the one that is in print; the other is not in print
    assert (one.cause.formula, one.cause.terms) == ("4+0", ())
    assert parts == [("new", 4, "4", True), ("carried", 0, "", None)]
    assert one.cause.follows_from == ()


def test_what_is_compared_with_a_whole_column_is_not_told_record_by_record() -> None:
    """By itself every record has the highest cost of all."""
    further = 'history,highest,最高額の件数,"COUNTIFS([費用],MAX([費用]),[期間],PERIOD())",,,0\n'
    plan = plan_of(
        {
            **MEASURED,
            "measures": MEASURED["measures"] + further,
            "published": MEASURED["published"] + "history,highest,,P1,4\n",
        }
    )

    one = all_compared(measured_round(plan=plan), plan)[-1]

    assert (one.shown, one.agrees) == ("1", False)
    assert one.cause.formula == 'COUNTIFS([費用],MAX([費用]),[期間],"14・15年度")'
    assert one.cause.terms == ()


def test_a_sum_so_far_follows_from_the_periods_that_differ(found: dict[At, Comparison]) -> None:
    one = found["progress", "", "P1"]

    assert one.cause.formula == "2/(4-1)"
    assert [(part.measure, part.cumulative, part.agrees) for part in one.cause.parts] == [
        ("done", True, True),
        ("new", True, True),
        ("cancelled", True, False),
    ]
    assert [(root.measure, root.label, root.period) for root in one.cause.follows_from] == [
        ("cancelled", "③中止", "P1")
    ]


def test_a_sum_so_far_is_told_with_what_it_came_to() -> None:
    plan = plan_of({**MEASURED, "published": "view,measure,period,value\nhistory,progress,P3,9%\n"})

    (one,) = all_compared(measured_round(plan=plan), plan)

    assert one.cause.formula == "2/(6-2)"
    assert [(part.measure, part.value) for part in one.cause.parts] == [
        ("done", 2),
        ("new", 6),
        ("cancelled", 2),
    ]


def test_a_figure_of_one_period_does_not_follow_from_those_of_earlier_ones() -> None:
    published = """view,measure,group,period,value
history,g_cancelled,目標1,P1,9
history,g_left,目標1,P1,9
history,g_left,目標1,P3,7
"""
    plan = plan_of({**MEASURED, "published": published})

    _, first, last = all_compared(measured_round(plan=plan), plan)

    assert [(root.measure, root.period) for root in first.cause.follows_from] == [("g_cancelled", "P1")]
    assert (last.agrees, last.cause.follows_from) == (False, ())


def test_what_is_not_in_print_passes_on_what_it_rests_on() -> None:
    further = """history,rest,残り,CUMULATIVE(new)-CUMULATIVE(cancelled),,,0
history,twice,二倍,MEASURE(rest)*2,,,0
"""
    plan = plan_of(
        {
            **MEASURED,
            "measures": MEASURED["measures"] + further,
            "published": MEASURED["published"] + "history,twice,,P1,9\n",
        }
    )

    one = all_compared(measured_round(plan=plan), plan)[-1]

    assert one.cause.formula == "3*2"
    assert [(part.measure, part.agrees) for part in one.cause.parts] == [("rest", None)]
    assert [(root.measure, root.period) for root in one.cause.follows_from] == [("cancelled", "P1")]


def test_every_count_and_sum_is_the_sum_of_its_records() -> None:
    figures = Figures(measured_round())
    register = Register(figures, {})
    judged = 0
    for figure in figures.by_words.values():
        cause = register.cause(figure)
        if len(cause.terms) == 1 and not cause.parts:
            judged += 1
            assert cause.terms[0].value == figures.number(figure)
    assert judged == 2 * 2 * 4 + 3 * 4 + 3 + 2 * 4


def test_each_of_several_records_of_one_item_is_told() -> None:
    plan = measured_plan()
    again = measured_round().rows_of("progress")[2]

    found = all_compared(measured_round(again), plan)

    (one,) = (it for it in found if (it.measure, it.period) == ("cancelled", ""))
    assert (one.shown, one.agrees) == ("3", True)
    figures = [replace(plan.published[5], printed="9", value=9.0)]
    changed = replace(plan, published=tuple(figures))
    (one,) = all_compared(measured_round(again), changed)
    assert [(it.item, it.row) for it in one.cause.terms[0].records] == [("3", 7), ("2", 10), ("3", 14)]


def test_measures_over_an_open_form_count_and_tell_its_records() -> None:
    plan = plan_of(
        {
            **MEASURED,
            "forms": "id,title,open_rows\nprogress,進捗報告,\nevents,経過,5\n",
            "fields": MEASURED["fields"]
            + "events,about,事業,item,,no,department,no\nevents,what,内容,text,,no,department,no\n",
            "records": """
form,period,item,cell,cost,事業,内容
events,P1,1,,,,公開
events,P1,1,,,,公開
events,P2,,,,,説明会
events,P2,4,,,,公開
""",
            "views": "id,title,kind,form\nevents,経過一覧,statistics,events\n",
            "measures": """
view,id,label,formula,by,total,format
events,opened,公開,"COUNTIFS([内容],""公*"",[期間],PERIOD())",,yes,0
events,all,件数,"COUNTIFS([期間],PERIOD())",,yes,0
""",
            "published": "view,measure,period,value\nevents,opened,P1,1\nevents,opened,,3\nevents,all,,5\n",
        }
    )
    found = all_compared(measured_round(plan=plan), plan)

    assert [(one.shown, one.agrees) for one in found] == [("2", False), ("3", True), ("4", False)]
    told = [(it.item, it.title, it.period, it.row) for it in found[0].cause.terms[0].records]
    assert told == [("1", "行政情報の提供", "P1", 5), ("1", "行政情報の提供", "P1", 6)]
    assert [it.item for it in found[2].cause.terms[0].records] == ["1", "1", "", "4"]
    printer = Printer("ja")
    with printer.console.capture() as captured:
        show_reconciled(printer, ReconcileResult(plan, third(plan), Path("summary.xlsx"), found))
    assert "    データ!7（16・17年度）\n" in captured.get()


def test_a_figure_that_agrees_has_no_cause_to_tell(found: dict[At, Comparison]) -> None:
    for one in found.values():
        told = (one.cause.formula, one.cause.terms, one.cause.parts, one.cause.follows_from)
        assert (told == ("", (), (), ())) == one.agrees


# --- shown -----------------------------------------------------------------------------------------


def shown(language: str, width: int = 100) -> str:
    """What a terminal of `width` columns shows."""
    printer = Printer(language)
    printer.console = Console(width=width, highlight=False, soft_wrap=False)
    with printer.console.capture() as captured:
        show_reconciled(printer, result())
    return captured.get()


def test_the_terminal_shows_what_differs_and_why() -> None:
    japanese = shown("ja")

    assert re.search(r"③中止 +14・15年度 +2 +1 +不一致 +B9", japanese)
    assert re.search(r"①新規 +全期間 +6 +6 +一致 +E7", japanese)
    assert "③中止  14・15年度：公表値 2、再計算 1  B9\n    3 職員手続の構築（○/×）\n" in japanese
    assert (
        "    2 電子会議の構築（16・17年度　△/×）\n  「③中止」の14・15年度が公表値と違うためです" in japanese
    )
    assert "  = 2/(4-1)\n       2  ②完了の累積  一致\n" in japanese
    assert "       1  ③中止の累積  不一致\n" in japanese
    assert "       0  ④継続  公表値なし\n" in japanese
    assert "  = 2/3\n  2 のもと（2件）\n    5 用途地域の照会（○）\n    6 " in japanese
    assert "残り  目標1  14・15年度：公表値 1、再計算 2" in japanese
    assert japanese.endswith("公表値 15件のうち 7件が一致、8件が不一致です\n")


def test_the_terminal_is_in_english_on_request_and_no_line_is_wider() -> None:
    english = shown("en")

    assert "③中止  14・15年度: printed 2, computed 1  B9\n    3 職員手続の構築 (○/×)\n" in english
    assert "It rests on what differs from print: ③中止 (14・15年度)" in english
    assert "whole plan" in english
    assert max(map(display_width, english.splitlines())) <= 100


def test_many_records_are_cut_on_the_terminal_but_not_in_the_document() -> None:
    one = result().differing[0]
    term = one.cause.terms[0]
    many = replace(one, cause=replace(one.cause, terms=(replace(term, records=term.records * 50),)))
    printer = Printer("ja")
    with printer.console.capture() as captured:
        show_reconciled(printer, replace(result(), comparisons=(many,)))

    assert captured.get().count("職員手続の構築") == MOST_RECORDS
    assert f"ほか {50 - MOST_RECORDS}件" in captured.get()


def test_the_document_has_every_documented_key() -> None:
    page = (Path(__file__).parents[2] / "docs" / "json.md").read_text(encoding="utf-8")
    documented = set(
        re.findall(r"^\| `(\S+)` ", page.partition("## reconcile")[2].partition("\n## ")[0], re.MULTILINE)
    )

    standing = SummaryStanding(Path("summary.xlsx"), None, outdated=True, returns=(), altered=False)
    document = reconcile_document(replace(result(), standing=standing))

    assert set(keys_of(document)) == documented
    assert json.loads(json.dumps(document)) == document


def keys_of(value: object, path: str = "") -> Iterator[str]:
    """The keys of a document, in the notation of docs/json.md."""
    if isinstance(value, list):
        for one in value:
            yield from keys_of(one, f"{path}[]")
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from keys_of(inner, f"{path}.{key}".removeprefix("."))
    else:
        yield path
