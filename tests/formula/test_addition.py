"""Whether a measure adds up: where we say so, the figure of the whole is the sum of the figures of its parts.

LibreOffice works out both.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from libreoffice import LibreOffice

from xlplan.formula.addition import adds_up_over_groups, adds_up_over_records
from xlplan.formula.addresses import column_area
from xlplan.formula.emission import Place, emit, quote
from xlplan.formula.engine import parse
from xlplan.formula.evaluation import evaluate_alone

COLUMNS = ("g", "p", "n", "s")
RECORDS = [
    ("甲", "x", 3, "済"),
    ("甲", "x", 4.5, "未"),
    ("甲", "y", -2, "済"),
    ("乙", "x", 10, "済"),
    ("乙", "y", None, "未"),
    ("丙", "x", 7, "済"),
    ("丙", "y", 0.25, "未"),
]
"""Group, period, number and state of each record: every group has records of the period x."""
GROUPS = ("甲", "乙", "丙")
ANY, PERIOD = "*", "x"

OF_GROUP = (
    "COUNTIFS([g],GROUP())",
    "COUNTIFS([g],GROUP(),[p],PERIOD())",
    "COUNTIF([g],GROUP())",
    'SUMIFS([n],[g],GROUP(),[s],"済")',
    "SUMIF([g],GROUP(),[n])",
)
SAME = ("2", "-0.5", "(1/4)", "50%", "COUNTIFS([p],PERIOD())", "SUM([n])", 'IF(PERIOD()="x",3,1)')
OTHER = (
    "AVERAGEIFS([n],[g],GROUP())",
    'COUNTIFS([g],"<>"&GROUP())',
    'COUNTIFS([g],GROUP()&"*",[p],PERIOD())+1',
    "MAX(COUNTIFS([g],GROUP()),2)",
    "ABS(SUMIFS([n],[g],GROUP())-4)",
    "5",
)


def made(rng: Random, depth: int) -> str:
    """A formula that is made at random of what adds up, what is the same for all groups, and what is neither."""
    if depth == 0 or rng.random() < 0.25:
        return rng.choice([*OF_GROUP * 6, *SAME, *OTHER])
    one, other = made(rng, depth - 1), made(rng, depth - 1)
    shape = rng.choice(
        ["({}+{})", "({}-{})", "({}*{})", "({}/{})", "SUM({},{})", "-{}", "({}*{})", "MAX({},{})"]
    )
    return shape.format(one, other)


def formulas(count: int) -> Iterator[str]:
    rng = Random(10)
    return (made(rng, rng.randint(0, 3)) for _ in range(count))


@dataclass(frozen=True)
class Sheet(Place):
    """The place of a measure beside the records, for one group or all."""

    head: str

    def column(self, name: str) -> str:
        return column_area(COLUMNS.index(name) + 1, 1, len(RECORDS))

    def group(self) -> str:
        return quote(self.head)

    def period(self) -> str:
        return quote(PERIOD)


def worked_out(libreoffice: LibreOffice, written: list[str]) -> list[dict[str, object]]:
    """What LibreOffice makes of each formula, by the head of its group."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("s")
        for row, record in enumerate(RECORDS):
            sheet.write_row(row, 0, record)
        for row, formula in enumerate(written):
            for at, head in enumerate((*GROUPS, ANY)):
                sheet.write_formula(row, 10 + at, f"={emit(parse(formula), Sheet(head))}")
    found = libreoffice.recalculated(stream.getvalue())
    return [
        {head: found["s", f"{letter}{row}"] for head, letter in zip((*GROUPS, ANY), "KLMN", strict=True)}
        for row in range(1, len(written) + 1)
    ]


def test_where_groups_add_up_their_figures_sum_to_the_figure_of_all(libreoffice: LibreOffice) -> None:
    written = list(dict.fromkeys(formulas(900)))
    summed = [formula for formula in written if adds_up_over_groups(parse(formula).tree)]
    others = [formula for formula in written if formula not in summed]

    for formula, figures in zip(summed, worked_out(libreoffice, summed), strict=True):
        assert figures[ANY] == pytest.approx(sum(figures[group] for group in GROUPS)), formula
    wrong = [
        formula
        for formula, figures in zip(others, worked_out(libreoffice, others), strict=True)
        if all(isinstance(one, float) for one in figures.values())
        and figures[ANY] != pytest.approx(sum(figures[group] for group in GROUPS))
    ]
    assert len(summed) > 80
    assert len(wrong) > len(others) / 2


def test_where_records_add_up_they_sum_to_the_whole(libreoffice: LibreOffice) -> None:
    written = [one for one in dict.fromkeys(formulas(900)) if adds_up_over_records(parse(one).tree)]
    assert len(written) > 50

    for formula, figures in zip(written, worked_out(libreoffice, written), strict=True):
        alone = evaluate_alone(parse(formula), RECORDS, COLUMNS, ("甲", PERIOD))
        assert figures["甲"] == pytest.approx(sum(map(float, map(str, alone)))), formula


# --- what is said ----------------------------------------------------------------------------------

SPENT = "SUMIFS([n],[g],GROUP())"


@pytest.mark.parametrize(
    "formula",
    [
        f"{SPENT}*1000",
        f"1000*{SPENT}",
        f"{SPENT}/1000",
        f"-{SPENT}",
        f"-{SPENT}*-1",
        f"-({SPENT}*2)",
        f"({SPENT}+COUNTIFS([g],GROUP()))/2-{SPENT}%",
        f"SUM({SPENT},2*{SPENT})",
        "2*(3*COUNTIFS([g],GROUP()))",
    ],
)
def test_what_is_scaled_negated_and_summed_adds_up_over_groups_and_over_records(formula: str) -> None:
    tree = parse(formula).tree

    assert (adds_up_over_groups(tree), adds_up_over_records(tree)) == (True, True)


@pytest.mark.parametrize(
    "formula",
    [
        f"{SPENT}/{SPENT}",
        f"1000/{SPENT}",
        f"{SPENT}*{SPENT}",
        f"{SPENT}+1",
        f"{SPENT}^2",
        f"MAX({SPENT},0)",
        f"MAX({SPENT},{SPENT})",
        f"SUM({SPENT},1)",
        f'{SPENT}&"円"',
        f"{SPENT}>3",
        "AVERAGEIFS([n],[g],GROUP())",
        'COUNTIFS([g],"<>"&GROUP())',
        "1000",
        "-1000",
    ],
)
def test_ratios_means_and_the_greatest_do_not_add_up_over_groups(formula: str) -> None:
    assert adds_up_over_groups(parse(formula).tree) is False


def test_what_all_records_share_adds_up_over_groups_and_not_over_records() -> None:
    for formula in (f"{SPENT}/SUM([n])", f"SUM([n])*{SPENT}", f"COUNTIFS([p],PERIOD())*{SPENT}"):
        tree = parse(formula).tree
        assert (adds_up_over_groups(tree), adds_up_over_records(tree)) == (True, False)


@given(st.randoms(use_true_random=False), st.randoms(use_true_random=False))
def test_the_order_of_factors_and_of_what_is_added_makes_no_difference(first: Random, second: Random) -> None:
    one, other = made(first, 2), made(second, 2)

    for sign in "*+-":
        both = [parse(f"({one}){sign}({other})").tree, parse(f"({other}){sign}({one})").tree]
        assert len({adds_up_over_groups(tree) for tree in both}) == 1
        assert len({adds_up_over_records(tree) for tree in both}) == 1
