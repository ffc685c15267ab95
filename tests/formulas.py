"""Random formulas of the plan's language, and rows to try them on.

`texts_of(kind)` draws formulas as a person would write them, over the columns of `SCOPE`. They are correct by
their grammar; whether the lint lets one pass is the lint's to say.
"""

from datetime import date
from typing import TypeVar

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from xlplan.formula.days import PeriodDays
from xlplan.formula.emission import quote
from xlplan.formula.evaluation import FormulaContext
from xlplan.formula.functions import Kind
from xlplan.formula.scope import NamedColumn, Scope

STATUS = ("検討", "一部実施", "実施", "done")
COLUMNS = ("a", "b", "c", "n", "m", "d", "e")
PREVIOUS = ("a", "c", "n")
SCOPE = Scope(
    {
        "a": NamedColumn(Kind.TEXT, previous=True),
        "b": NamedColumn(Kind.TEXT),
        "c": NamedColumn(Kind.TEXT, ranked=True, previous=True),
        "n": NamedColumn(Kind.NUMBER, previous=True),
        "m": NamedColumn(Kind.NUMBER),
        "d": NamedColumn(Kind.DATE),
        "e": NamedColumn(Kind.DATE),
    }
)
GROUND = FormulaContext(
    {"c": [(word, float(rank)) for rank, word in enumerate(STATUS, 1)]},
    PeriodDays(
        date(2014, 4, 1), date(2014, 9, 30), date(2014, 4, 1), date(2015, 3, 31), reference=date(2014, 10, 10)
    ),
)
"""The first half of a fiscal year, reported some days after its end."""

WORDS = [
    "",
    "a",
    "A",
    "ａ",
    "Ａ",
    "é",
    "É",
    "あ",
    "ア",
    "*",
    "?",
    "~",
    "a*",
    "1",
    "=",
    "#1",
    'x"y',
    "実施",
    "　",
    " a",
    "あ　い",
]
NUMBERS = [
    None,
    0,
    1,
    -1,
    2,
    10,
    99,
    100,
    1000000,
    0.1,
    0.2,
    0.3,
    0.5,
    1.5,
    2.5,
    -2.5,
    0.29,
    100.1,
    1234567.25,
]
DATES = [
    None,
    date(2014, 3, 31),
    date(2014, 4, 1),
    date(2015, 3, 31),
    date(2015, 4, 1),
    date(2016, 2, 29),
    date(1990, 1, 1),
]

rows = st.tuples(
    st.sampled_from([None, *WORDS]),
    st.sampled_from([None, *WORDS]),
    st.sampled_from([None, *STATUS]),
    st.sampled_from(NUMBERS),
    st.sampled_from(NUMBERS),
    st.sampled_from(DATES),
    st.sampled_from(DATES),
    st.sampled_from([None, *WORDS]),
    st.sampled_from([None, *STATUS]),
    st.sampled_from(NUMBERS),
)
"""One row: the values of `COLUMNS`, then the previous values of `PREVIOUS`."""

_NAMES = {
    Kind.TEXT: ["[@a]", "[@b]", "[@c]", "PREVIOUS([@a])", "PREVIOUS([@c])"],
    Kind.NUMBER: ["[@n]", "[@m]", "PREVIOUS([@n])", "CHOICE_RANK([@c])", "CHOICE_RANK(PREVIOUS([@c]))"],
    Kind.DATE: ["[@d]", "[@e]"],
}


def texts_of(kind: Kind, depth: int = 3) -> st.SearchStrategy[str]:
    """Formulas that give `kind`, nested up to `depth`."""
    if depth == 0:
        return _leaves(kind)
    inner = {one: texts_of(one, depth - 1) for one in (Kind.TEXT, Kind.NUMBER, Kind.DATE, Kind.TRUTH)}
    t, n, d, c = inner[Kind.TEXT], inner[Kind.NUMBER], inner[Kind.DATE], inner[Kind.TRUTH]
    found = {Kind.TEXT: _text, Kind.NUMBER: _number, Kind.DATE: _date, Kind.TRUTH: _truth}[kind](t, n, d, c)
    same = inner[kind]
    both = [
        call("IF({},{},{})", c, same, same),
        call("IFERROR({},{})", same, same),
        call("CHOOSE({},{},{})", small, same, same),
    ]
    return st.one_of(_leaves(kind), *found, *found, *both)


def call(shape: str, *parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """`shape` with each {} filled by one of `parts`."""
    return st.tuples(*parts).map(lambda drawn: shape.format(*drawn))


small = st.sampled_from(["0", "1", "2", "3"])
_sign = st.sampled_from(["+", "-", "*", "/"])
_order = st.sampled_from(["=", "<>", "<", ">", "<=", ">="])
_equal = st.sampled_from(["=", "<>"])
_sought = st.sampled_from([quote(word) for word in WORDS if word])


def _leaves(kind: Kind) -> st.SearchStrategy[str]:
    match kind:
        case Kind.TEXT:
            return st.sampled_from(_NAMES[kind]) | st.sampled_from([*WORDS, *STATUS]).map(quote)
        case Kind.NUMBER:
            literals = [f"{one!r}" for one in NUMBERS if one is not None and one >= 0]
            return st.sampled_from(_NAMES[kind]) | st.sampled_from(literals) | st.just("50%")
        case Kind.DATE:
            return st.sampled_from(_NAMES[kind]) | st.sampled_from(["DATE(2014,4,1)", "REFERENCE_DATE()"])
        case _:
            names = st.sampled_from([one for names in _NAMES.values() for one in names])
            return st.one_of(
                call("BLANK({})", names),
                call("FILLED({})", names),
                call("IN_FISCAL_YEAR({})", st.sampled_from(_NAMES[Kind.DATE])),
                call("IN_PERIOD({})", st.sampled_from(_NAMES[Kind.DATE])),
                call("ISNUMBER({})", names),
                call("ISTEXT({})", names),
                call("({}={})", st.sampled_from(_NAMES[Kind.TEXT]), st.sampled_from(WORDS).map(quote)),
                call(
                    "({}{}{})",
                    st.sampled_from(_NAMES[Kind.NUMBER]),
                    _order,
                    st.sampled_from(["0", "1", "0.3"]),
                ),
            )


Parts = st.SearchStrategy[str]


def _text(t: Parts, n: Parts, d: Parts, c: Parts) -> list[Parts]:
    return [
        call("{}&{}", t, t),
        call("({}&{})", t, t),
        call("LEFT({},{})", t, small),
        call("RIGHT({},{})", t, small),
        call("MID({},{},{})", t, small, small),
        call("CLEAN({})", t),
        call("SUBSTITUTE({},{},{})", t, t, t),
        call("CONCATENATE({},{},{})", t, t, t),
        call("REPT({},{})", t, small),
        call('TEXT({},"{}")', n, st.sampled_from(["0", "00", "0.0", "#,##0", "0%", "#,##0.00"])),
    ]


def _number(t: Parts, n: Parts, d: Parts, c: Parts) -> list[Parts]:
    return [
        call("{}{}{}", n, _sign, n),
        call("({}{}{})", n, _sign, n),
        call("-{}", n),
        call("(-{})", n),
        call("{}%", st.sampled_from(_NAMES[Kind.NUMBER])),
        call("{}-{}", d, d),
        call("{}({},{})", st.sampled_from("SUM MIN MAX AVERAGE MEDIAN MOD".split()), n, n),
        call("{}({},{})", st.sampled_from("ROUND ROUNDUP ROUNDDOWN TRUNC".split()), n, small),
        call("{}({})", st.sampled_from("INT ABS SIGN SQRT TRUNC SUM".split()), n),
        call("LEN({})", t),
        call("FIND({},{})", _sought, t),
        call("{}({})", st.sampled_from(["YEAR", "MONTH", "DAY", "WEEKDAY"]), d),
        call("WEEKDAY({},2)", d),
    ]


def _date(t: Parts, n: Parts, d: Parts, c: Parts) -> list[Parts]:
    return [
        call("{}+{}", d, small),
        call("EDATE({},{})", d, small),
        call("EOMONTH({},{})", d, small),
        call("DATE({},{},{})", st.sampled_from(["1999", "2014"]), small, small),
    ]


def _truth(t: Parts, n: Parts, d: Parts, c: Parts) -> list[Parts]:
    return [
        call("({}{}{})", t, _equal, t),
        call("({}{}{})", n, _order, n),
        call("({}{}{})", d, _order, d),
        call("({}{}{})", c, _equal, c),
        call("AND({},{})", c, c),
        call("OR({},{},{})", c, c, c),
        call("NOT({})", c),
        call("EXACT({},{})", t, t),
        call("ISERROR({})", n),
        call("ISNUMBER(FIND({},{}))", _sought, t),
        call("BLANK({})", t),
        call("FILLED({})", t),
        call("IN_FISCAL_YEAR({})", d),
        call("IN_PERIOD({})", d),
    ]


whole_formulas = st.one_of(
    *(texts_of(kind) for kind in (Kind.TRUTH, Kind.TRUTH, Kind.NUMBER, Kind.TEXT, Kind.DATE))
)
"""Any formula of the language."""


T = TypeVar("T")


def drawn(strategy: st.SearchStrategy[T], count: int, start: int = 2014) -> list[T]:
    """About `count` different examples, the same in each run: many share one start of LibreOffice."""
    found: list[T] = []

    @seed(start)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(one: T) -> None:
        found.append(one)

    collect()
    return list(dict.fromkeys(found))
