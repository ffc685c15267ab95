"""Words that a formula compares with a column must be such as can stand there."""

import pytest

from xlplan.formula.engine import parse
from xlplan.formula.functions import Kind
from xlplan.formula.scope import NamedColumn, Scope, word_problems

STATUS = NamedColumn(
    Kind.TEXT, words=("検討", "実施", "Complete"), aliases={"検討中": "検討", "finished": "Complete"}
)
COLUMNS = {
    "status": STATUS,
    "goal": NamedColumn(Kind.TEXT, words=("3 Green and clean city", "1 Services")),
    "note": NamedColumn(Kind.TEXT),
    "cost": NamedColumn(Kind.NUMBER),
}
ROW, MEASURE = Scope(COLUMNS), Scope(COLUMNS, measure=True)


def told(text: str, scope: Scope) -> list[tuple[str, int, object]]:
    """The code, the character and the suggestion of each problem."""
    found = word_problems(parse(text), scope)
    return [(problem.code.value, problem.position, problem.params.get("near") or None) for problem in found]


@pytest.mark.parametrize(
    ("text", "scope", "position", "near"),
    [
        ('[@status]="Compleet"', ROW, 10, "Complete"),
        ('"検討中"=[@status]', ROW, 0, "検討"),
        ('IF([@status]<>"finished",TRUE,FALSE)', ROW, 14, "Complete"),
        ('PREVIOUS([@status])="検討中"', ROW, 20, "検討"),
        ('COUNTIFS([goal],"3 Green and clean",[status],"実施")', MEASURE, 16, "3 Green and clean city"),
        ('COUNTIFS([status],"<>実施中")', MEASURE, 18, "実施"),
        ('SUMPRODUCT(([status]="完了")*[cost])', MEASURE, 21, None),
        ('COUNTIF([status],"完*")', MEASURE, 17, None),
    ],
)
def test_a_word_that_the_column_never_holds_is_told(
    text: str, scope: Scope, position: int, near: str | None
) -> None:
    code = "formula_unknown_word_near" if near else "formula_unknown_word"
    assert told(text, scope) == [(code, position, near)]


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ('[@status]="実施"', ROW),
        ('[@status]="complete"', ROW),
        ('[@status]=""', ROW),
        ('[@note]="何でも"', ROW),
        ('COUNTIFS([status],"検*",[note],"何でも",[goal],GROUP())', MEASURE),
        ('COUNTIFS([status],"<>",[cost],">=5")', MEASURE),
        ('COUNTIFS([status],"=実施")', MEASURE),
        ('SUMIFS([cost],[status],"実施")', MEASURE),
    ],
)
def test_words_of_the_list_and_words_of_no_list_are_silent(text: str, scope: Scope) -> None:
    assert told(text, scope) == []


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("SUMIFS([note],[status],GROUP())", 7),
        ("AVERAGEIF([status],GROUP(),[note])", 27),
        ("SUM([cost],[note])", 11),
    ],
)
def test_a_sum_over_texts_is_told(text: str, position: int) -> None:
    assert told(text, MEASURE) == [("formula_text_arithmetic", position, None)]
