"""The lint: every fault that it names is found at its character, and a good formula has none."""

import tomllib
from dataclasses import replace
from importlib import resources
from pathlib import Path

import pytest
from formulas import SCOPE, texts_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plans import SAMPLE, sample_plan

from xlplan.definition.reading import read_definition
from xlplan.formula.engine import parse
from xlplan.formula.functions import DISAGREED, FUNCTIONS, VOLATILE, Kind
from xlplan.formula.lint import kind_of, lint
from xlplan.formula.scope import NamedColumn, Scope, Shape
from xlplan.language.codes import Severity
from xlplan.language.errors import FormulaError
from xlplan.model.finding import Finding

OTHERS = {
    "new": Shape(total=True),
    "done": Shape(total=True),
    "late": Shape(),
    "by_c": Shape(by="c"),
    "10": Shape(total=True),
}
MEASURE = Scope(SCOPE.columns, measure=True, measures=OTHERS)
TOTAL = replace(MEASURE, shape=Shape(total=True))
BY_PERIOD = replace(MEASURE, shape=Shape(by="period", total=True))

ROWS = """
formula_reference          | [@n]=A1                        | 5  | [@n]=[@m]
formula_reference          | SUM([@n]:[@m])                 | 8  | SUM([@n],[@m])
formula_reference          | [@a]=#N/A                      | 5  | [@a]="#N/A"
formula_array              | [@n]={1,2}                     | 5  | OR([@n]=1,[@n]=2)
formula_whole_column       | SUM([n])                       | 4  | SUM([@n])
formula_unknown_column     | [@あいう]=1                     | 0  | [@n]=1
formula_unknown_function   | ZZQQX([@n])                    | 0  | ABS([@n])
formula_unknown_function_near | "あ"=CONCATENTE([@a])        | 4  | "あ"=CONCATENATE([@a])
formula_volatile           | [@d]<TODAY()                   | 5  | IN_FISCAL_YEAR([@d])
formula_disagreed          | "あ"=UPPER([@a])                | 4  | "あ"=[@a]
formula_disagreed_instead  | [@a]=TRIM([@b])                | 5  | [@a]=[@b]
formula_disagreed_instead  | [@n]^2>1                       | 4  | [@n]*[@n]>1
formula_text_order         | [@a]<"あ"                       | 4  | CHOICE_RANK([@c])<2
formula_text_order         | ([@n]=1)>2                     | 8  | [@n]>2
formula_text_arithmetic    | "1"+1=2                        | 3  | 1+1=2
formula_text_arithmetic    | -[@a]=1                        | 0  | -[@n]=1
formula_text_arithmetic    | SUM([@n],[@a])                 | 9  | SUM([@n],[@m])
formula_mixed_comparison   | [@a]=1                         | 4  | [@a]="1"
formula_mixed_comparison   | IF([@n]=1,"",[@n])=""          | 18 | IF([@n]=1,"",[@a])=""
formula_mixed_comparison   | IF([@n]=1,"",[@n])=IF([@m]=1,"",[@m]) | 18 | IF([@n]=1,0,[@n])=IF([@m]=1,0,[@m])
formula_number_as_text     | "計"&[@n]                       | 4  | "計"&TEXT([@n],"0")
formula_number_as_text     | LEN([@d])                      | 4  | LEN([@a])
formula_text_format        | TEXT([@d],"ggge")              | 10 | TEXT([@n],"#,##0.0")
formula_needs_text         | FIND("",[@a])                  | 5  | FIND("あ",[@a])
formula_needs_text         | FIND([@b],[@a])                | 5  | FIND("*",[@a])
formula_bare_condition     | IF([@n],1,2)                   | 3  | IF([@n]<>0,1,2)
formula_bare_condition     | AND([@n]=1,[@a])               | 11 | AND([@n]=1,FILLED([@a]))
formula_arguments          | [@n]=ROUND([@m])               | 5  | [@n]=ROUND([@m],0)
formula_arguments          | IF([@n]=1,2)                   | 0  | IF([@n]=1,2,3)
formula_arguments          | IF([@n]=1,,3)                  | 0  | IF([@n]=1,2,3)
formula_arguments          | BLANK([@a],[@b])               | 0  | BLANK([@a])
formula_only_in_measures   | [@a]=GROUP()                   | 5  | [@a]="x"
formula_only_in_measures   | COUNTIF([@a],"x")=0            | 0  | [@a]<>"x"
formula_needs_column       | CHOICE_RANK("検討")             | 0  | CHOICE_RANK([@c])
formula_needs_column       | PREVIOUS([@n]+1)               | 0  | PREVIOUS([@n])+1
formula_no_previous        | [@b]=PREVIOUS([@b])            | 5  | [@a]=PREVIOUS([@a])
formula_no_rank            | CHOICE_RANK([@a])              | 0  | CHOICE_RANK([@c])
formula_not_date           | IN_FISCAL_YEAR([@n])           | 0  | IN_FISCAL_YEAR([@d])
formula_not_date           | IN_PERIOD([@a])                | 0  | IN_PERIOD([@d])
formula_volatile           | [@d]<=TODAY()                  | 6  | [@d]<=REFERENCE_DATE()
formula_arguments          | [@d]<REFERENCE_DATE([@e])      | 5  | [@d]<REFERENCE_DATE()
formula_mixed_comparison   | [@a]=REFERENCE_DATE()          | 4  | [@d]=REFERENCE_DATE()
"""
"""code | a formula that has this fault and no other | its character, from 0 | the formula mended"""

MEASURES = """
formula_row_in_measure     | COUNTIFS([c],[@c])             | 13 | COUNTIFS([c],GROUP())
formula_only_in_rows       | SUM(CHOICE_RANK([c]))          | 4  | SUM([n])
formula_only_in_rows       | COUNTIFS([d],REFERENCE_DATE()) | 13 | COUNTIFS([d],"<>")
formula_arguments          | COUNTIFS()                     | 0  | COUNTIFS([c],"x")
formula_unknown_function   | ZZQQX([n])                     | 0  | SUM([n])
formula_unknown_measure    | MEASURE(zzz)                   | 8  | MEASURE(new)
formula_unknown_measure_near | MEASURE(doen)/MEASURE(new)   | 8  | MEASURE(done)/MEASURE(new)
formula_needs_measure      | SUM([n])+MEASURE([n])          | 9  | SUM([n])+MEASURE(new)
formula_needs_measure      | MEASURE(1.5)                   | 0  | MEASURE(10)
formula_measure_by         | CUMULATIVE(by_c)               | 11 | CUMULATIVE("late")
formula_arguments          | MEASURE(new,done)              | 0  | MEASURE(new)+MEASURE(done)
formula_question_mark      | COUNTIFS([c],"??")             | 13 | COUNTIFS([c],"?*")
formula_question_mark      | COUNTIFS([c],GROUP(),[a],"?あ*") | 25 | COUNTIFS([c],GROUP(),[a],"あ?*")
formula_question_mark      | SUMIFS([n],[c],"a?"&GROUP())   | 15 | SUMIFS([n],[c],"a~?"&GROUP())
formula_wildcard_number    | COUNTIFS([n],"1*")             | 13 | COUNTIFS([n],">=1")
formula_wildcard_number    | COUNTIFS([c],"a",[n],"*")      | 21 | COUNTIFS([c],"a",[n],"<>")
formula_text_order         | COUNTIFS([c],">あ")            | 13 | COUNTIFS([c],"あ*")
"""

TOTALS = """
formula_measure_total      | MEASURE(late)                  | 8  | MEASURE(done)
formula_cumulative_total   | CUMULATIVE(done)/MEASURE(new)  | 0  | MEASURE(done)/MEASURE(new)
formula_total_head         | COUNTIFS([c],"<>"&PERIOD())    | 18 | COUNTIFS([c],PERIOD())
formula_total_head         | COUNTIFS([n],PERIOD())         | 13 | SUMIFS([n],[c],PERIOD())
formula_total_head         | IF(PERIOD()="x",1,2)           | 3  | COUNTIF([c],PERIOD())
"""

BY_PERIODS = """
formula_total_head         | COUNTIFS([c],"<>"&GROUP())     | 18 | COUNTIFS([c],GROUP())
"""

UNREADABLE = """
formula_open_text          | "あ"&"いう                       | 7
formula_open_bracket       | IF([@n]=1,                     | 10
formula_unreadable         | [@n]＝1                        | 4
"""


def table(text: str) -> list[list[str]]:
    """The cells of a table."""
    return [[cell.strip() for cell in line.split(" | ")] for line in text.strip().splitlines()]


SCOPES = ((ROWS, SCOPE), (MEASURES, MEASURE), (TOTALS, TOTAL), (BY_PERIODS, BY_PERIOD))


@pytest.mark.parametrize(
    ("scope", "code", "bad", "position", "good"),
    [(scope, *row) for text, scope in SCOPES for row in table(text)],
)
def test_a_fault_of_a_formula_is_found_at_its_character(
    scope: Scope, code: str, bad: str, position: str, good: str
) -> None:
    assert [(one.code, one.position) for one in lint(parse(bad), scope)] == [(code, int(position))]
    assert lint(parse(good), scope) == []


def test_a_measure_without_a_total_takes_heads_and_other_measures_as_it_likes() -> None:
    for text in ('COUNTIFS([c],"<>"&PERIOD())', "MEASURE(late)", "CUMULATIVE(done)", 'MEASURE("new")'):
        assert lint(parse(text), MEASURE) == []


def test_a_measure_whose_grouping_cannot_be_read_is_not_told_a_second_time() -> None:
    unread = replace(MEASURE, measures={"x": Shape(by=None)})
    assert lint(parse("MEASURE(x)"), replace(unread, shape=Shape(by="c"))) == []
    assert lint(parse("MEASURE(by_c)"), replace(MEASURE, shape=Shape(by=None))) == []


@pytest.mark.parametrize(("code", "bad", "position"), table(UNREADABLE))
def test_what_cannot_be_read_is_told_before_the_lint(code: str, bad: str, position: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse(bad)
    assert (caught.value.key, caught.value.position) == (code, int(position))


def test_a_near_column_is_suggested() -> None:
    scope = Scope({"進捗状況": NamedColumn(Kind.TEXT)})
    problem = lint(parse('"あ"=[@進捗状態]'), scope)[0]
    assert (problem.code, problem.position) == ("formula_unknown_column_near", 4)
    assert problem.params["near"] == "進捗状況"


@pytest.mark.parametrize("text", ["[@n]", "[@n]+1", '"あ"', "IF([@n]=1,2,3)", "IF([@n]=1,TRUE,0)"])
def test_a_condition_must_give_true_or_false(text: str) -> None:
    assert [one.code for one in lint(parse(text), SCOPE, condition=True)] == ["formula_not_condition"]
    assert lint(parse(text), SCOPE) == []


@pytest.mark.parametrize("text", ["[@n]=1", "FILLED([@a])", "NOT(BLANK([@a]))", "IF([@n]=1,TRUE,[@m]>2)"])
def test_a_question_is_a_condition(text: str) -> None:
    assert lint(parse(text), SCOPE, condition=True) == []


def test_a_circle_is_a_finding_of_the_definition(tmp_path: Path) -> None:
    for name, csv in SAMPLE.items():
        changed = csv.replace('"AND(FILLED([@実施回数]),[@実施回数]>0)"', "FILLED([@整理番号])")
        changed = changed.replace("整理番号,text,,no", "整理番号,text,,FILLED([@実施日])")
        (tmp_path / f"{name}.csv").write_text(changed.lstrip(), encoding="utf-8")
    found = [one for one in read_definition(tmp_path).findings if one.severity is Severity.ERROR]
    assert [one.code for one in found] == ["formula_circle"]
    assert "実施日 → 整理番号 → 実施日" in found[0].message("ja")


def test_every_fault_of_the_catalogue_is_raised_by_some_formula() -> None:
    catalogue = tomllib.loads(
        (resources.files("xlplan.language") / "catalogue" / "formula.toml").read_text("utf-8")
    )
    raised = {row[0] for text in (*(one for one, _ in SCOPES), UNREADABLE) for row in table(text)}
    elsewhere = {"formula_empty", "formula_unknown_column_near", "formula_not_condition"}
    elsewhere |= {"formula_circle", "formula_measure_circle"}
    elsewhere |= {"formula_unknown_word", "formula_unknown_word_near"}  # in test_vocabulary.py
    assert raised | elsewhere == set(catalogue)


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize(("text", "scope"), SCOPES)
def test_every_fault_can_be_said(language: str, text: str, scope: Scope) -> None:
    for _, bad, position, _ in table(text):
        for one in lint(parse(bad), scope):
            params = one.code.picked({"position": one.position + 1, **one.params})
            finding = Finding(one.code, params=params)
            assert str(int(position) + 1) in finding.message(language)
            assert "{" not in finding.remedy(language)


def test_all_faults_are_told_at_once_in_order() -> None:
    problems = lint(parse('TRIM([@い])=1+"あ"'), SCOPE)
    assert [(one.code, one.position) for one in problems] == [
        ("formula_disagreed_instead", 0),
        ("formula_unknown_column", 5),
        ("formula_text_arithmetic", 12),
    ]


def test_no_function_is_both_allowed_and_refused() -> None:
    assert not FUNCTIONS.keys() & (DISAGREED.keys() | VOLATILE)


def test_the_formulas_of_the_sample_have_no_fault() -> None:
    form = sample_plan().forms[0]
    assert len(form.rules) == 6
    assert form.by_id["reason"].required not in (True, False)


OF_KIND = {kind: texts_of(kind) for kind in (Kind.TEXT, Kind.NUMBER, Kind.DATE, Kind.TRUTH)}


@pytest.mark.parametrize("kind", OF_KIND)
@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_formula_correct_by_its_grammar_passes_and_has_its_kind(kind: Kind, data: st.DataObject) -> None:
    formula = parse(data.draw(OF_KIND[kind]))
    assert lint(formula, SCOPE) == []
    found = kind_of(formula.tree, SCOPE)
    assert found is kind or {found, kind} == {Kind.DATE, Kind.NUMBER}
