"""Formulas: read with their positions, emitted with their meaning, evaluated as LibreOffice does."""

import dataclasses
import io
from collections.abc import Sequence
from datetime import date

import pytest
import xlsxwriter
from formulas import COLUMNS, GROUND, PREVIOUS, SCOPE, STATUS, drawn, rows, texts_of, whole_formulas
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from libreoffice import CellError, LibreOffice
from openpyxl.utils.datetime import to_excel

from xlplan.formula.addresses import column_letters
from xlplan.formula.days import PeriodDays
from xlplan.formula.emission import Place as NoPlace
from xlplan.formula.emission import blank_test, emit, quote
from xlplan.formula.engine import Engine, parse
from xlplan.formula.evaluation import FormulaContext, Undecided, evaluate
from xlplan.formula.functions import Kind
from xlplan.formula.lint import lint
from xlplan.formula.shape import rows_named, shape_of
from xlplan.formula.tree import MACROS, Node
from xlplan.language.errors import FormulaError
from xlplan.language.text import is_blank


def shape(node: Node) -> object:
    """A tree without its positions: (kind, value, children)."""
    return (node.kind, node.value, *map(shape, node.children))


# --- reading ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("[@進捗]", "進捗"),
        ("[@ 進捗 ]", "進捗"),
        ("[@進捗（実績）]", "進捗（実績）"),
        ("[@予算(千円)]", "予算(千円)"),
        ("[@[予算 (千円)]]", "予算 (千円)"),
        ("[@[予算[千円]]]", "予算[千円]"),
        ("[@[予算'[千円']]]", "予算[千円]"),
        ("[@[決算#1]]", "決算#1"),
        ("[@ＩＣＴ　活用]", "ＩＣＴ　活用"),
        ("[@実施\n内容]", "実施\n内容"),
        ('[@"引用"]', '"引用"'),
        ("[@[it''s]]", "it's"),
        ("[@2014]", "2014"),
    ],
)
def test_a_column_is_read_by_its_name(written: str, name: str) -> None:
    assert parse(written).columns == {name}


def test_a_whole_column_is_told_from_this_rows_value() -> None:
    formula = parse("SUM([予算])+[@予算]")
    assert (formula.whole, formula.columns) == ({"予算"}, {"予算"})


def test_columns_inside_previous_are_named_apart() -> None:
    formula = parse("OR(BLANK(PREVIOUS([@進捗])),[@計画]<>[@補足])")
    assert formula.previous == {"進捗"}
    assert formula.columns == {"計画", "補足"}


def test_a_leading_equals_sign_changes_nothing() -> None:
    assert shape(parse('=[@a]="x"').tree) == shape(parse('[@a]="x"').tree)


def test_renaming_reaches_every_column_and_keeps_the_text() -> None:
    formula = parse("IF([@進捗]=PREVIOUS([@進捗]),SUM([予算]),[@他])").renamed(
        {"進捗": "actual", "予算": "budget"}
    )
    assert (formula.columns, formula.previous, formula.whole) == ({"actual", "他"}, {"actual"}, {"budget"})
    assert formula.text == "IF([@進捗]=PREVIOUS([@進捗]),SUM([予算]),[@他])"


@pytest.mark.parametrize(
    ("written", "position"),
    [
        ("[@z]", 0),
        ("=[@z]", 1),
        ("  = [@z]", 4),
        ('"あいう"&[@z]', 6),
        ('"𠮷野"&[@z]', 5),
        ("[@進捗（実績）]&[@z]", 10),
        ('IF([@進捗]="実施","可",[@z])', 18),
    ],
)
def test_positions_count_characters(written: str, position: int) -> None:
    assert [n.position for n in parse(written).tree.walk() if n.value == "z"] == [position]
    assert written[position:].startswith("[@z]")


@pytest.mark.parametrize(
    ("written", "code", "position"),
    [
        ("", "formula_empty", 0),
        (" = ", "formula_empty", 0),
        ('"あ"&"いう', "formula_open_text", 7),
        ('IF("あいう",', "formula_open_bracket", 9),
        ("[@進捗", "formula_open_bracket", 4),
        ('"𠮷"&[@z', "formula_open_bracket", 7),
        ('"あ")', "formula_unreadable", 3),
        ('"あ"&[@か]=1+', "formula_unreadable", 11),
        ('"あ"+*2', "formula_unreadable", 4),
        ("[@進捗] = 1 2", "formula_unreadable", 10),
        ("IF([@進捗]＝1,2)", "formula_unreadable", 8),
        ("  [@進捗]＝1", "formula_unreadable", 7),
    ],
)
def test_what_cannot_be_read_is_told_with_its_character(written: str, code: str, position: int) -> None:
    with pytest.raises(FormulaError) as caught:
        parse(written)
    assert (caught.value.key, caught.value.position) == (code, position)
    assert caught.value.message("ja")


# --- emission --------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Place:
    """One row of the test sheet: `COLUMNS`, then what was in `PREVIOUS`."""

    row: int = 1

    def value(self, name: str) -> str:
        return f"{column_letters(COLUMNS.index(name) + 1)}{self.row}"

    def previous(self, name: str) -> str:
        return f"{column_letters(len(COLUMNS) + PREVIOUS.index(name) + 1)}{self.row}"

    def column(self, name: str) -> str:
        return f"データ[{name}]"

    def choices(self, name: str) -> tuple[str, str]:
        return f"lists!$A$1:$A${len(STATUS)}", f"lists!$B$1:$B${len(STATUS)}"

    def days(self) -> PeriodDays:
        return GROUND.days

    def group(self) -> str:
        return "$A5"

    def period(self) -> str:
        return "B$3"


@pytest.mark.parametrize(
    ("written", "emitted"),
    [
        ("([@n]+1)*2", "((D1+1)*2)"),
        ("[@n]+1*2", "(D1+(1*2))"),
        ("[@n]-([@m]-1)", "(D1-(E1-1))"),
        ("-([@n]+1)", "(-(D1+1))"),
        ("50%*[@n]", "((50%)*D1)"),
        ('[@a]&"x"="y"', '((A1&"x")="y")'),
        ('[@a]="say ""hi"""', '(A1="say ""hi""")'),
        ('[@a]="#1 案"', '(A1="#1 案")'),
        ('[@a]="1"', '(A1="1")'),
        ("[@n]=1.50", "(D1=1.5)"),
        ("[@n]=100000000000000000000", "(D1=1E+20)"),
        ("AND(TRUE,[@n]=1)", "AND(TRUE,(D1=1))"),
        *((f"{name}([@d])", f"{name}(MAX(61,F1))") for name in ("YEAR", "MONTH", "DAY", "WEEKDAY")),
        ("WEEKDAY([@d],2)", "WEEKDAY(MAX(61,F1),2)"),
        *(
            (f"{name}([@d],2)", f"MAX(61,{name}(MAX(61,F1)+146097,2)-146097)")
            for name in ("EDATE", "EOMONTH")
        ),
        ("DATE(2024,4,31)", "DATE(2024,4,31)"),
        ("DATE(2024,0,1)", "MAX(61,DATE(MAX(1900,2024)+400,0,1)-146097)"),
        ("DATE([@n],4,1)", "MAX(61,DATE(MAX(1900,D1)+400,4,1)-146097)"),
        ('ISNUMBER(FIND("a",[@a]))', 'ISNUMBER(IFERROR(FIND("a",A1),NA()))'),
        ("ISNUMBER([@n])", "ISNUMBER(D1)"),
        ("SUM([n])", "SUM(データ[n])"),
        ("COUNTIFS([c],GROUP(),[d],PERIOD())", "COUNTIFS(データ[c],$A5,データ[d],B$3)"),
        ("PREVIOUS([@c])", "I1"),
        ("CHOICE_RANK([@c])", "SUMPRODUCT((lists!$A$1:$A$4=C1)*lists!$B$1:$B$4)"),
        ("CHOICE_RANK(PREVIOUS([@c]))", "SUMPRODUCT((lists!$A$1:$A$4=I1)*lists!$B$1:$B$4)"),
        ("BLANK([@a])", f"({blank_test('A1')})"),
        ("FILLED([@a])", f"(NOT({blank_test('A1')}))"),
        ("IN_FISCAL_YEAR([@d])", "AND(F1>=DATE(2014,4,1),F1<DATE(2015,3,31)+1)"),
        ("IN_PERIOD([@d])", "AND(F1>=DATE(2014,4,1),F1<DATE(2014,9,30)+1)"),
        ("[@d]<=REFERENCE_DATE()", "(F1<=DATE(2014,10,10))"),
        ("YEAR(REFERENCE_DATE())", "YEAR(MAX(61,DATE(2014,10,10)))"),
    ],
)
def test_names_and_macros_become_addresses(written: str, emitted: str) -> None:
    assert emit(parse(written), Place()) == emitted


def test_an_address_or_an_error_is_never_emitted() -> None:
    for written in ("A1+1", "#N/A", "名前", "[[a]]"):
        with pytest.raises(FormulaError):
            emit(parse(written), Place())


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("GROUP()", "GROUP は集計値の数式でだけ使えます"),
        ("PERIOD()", "PERIOD は集計値の数式でだけ使えます"),
        ("MEASURE(n)", "MEASURE は集計値の数式でだけ使えます"),
        ("CUMULATIVE(n)", "CUMULATIVE は集計値の数式でだけ使えます"),
        ("SUM([n])", "[n] は列全体を指します。行の検査では使えません"),
        ("A1+1", "「A1」は列名ではありません"),
    ],
)
def test_what_a_place_has_not_is_refused_by_its_name(written: str, told: str) -> None:
    with pytest.raises(FormulaError) as refused:
        emit(parse(written), NoPlace())

    assert refused.value.message("ja") == f"1文字目：{told}"


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("[@n]", "n"),
        ("PREVIOUS([@n])", "n"),
        ("CHOICE_RANK(1)", "1.0"),
        ("IN_FISCAL_YEAR(1)", "days"),
        ("REFERENCE_DATE()", "days"),
    ],
)
def test_a_place_without_rows_names_what_it_was_asked_for(written: str, name: str) -> None:
    with pytest.raises(KeyError, match=f"^'{name}'$"):
        emit(parse(written), NoPlace())


class Names(Place):
    """A place where a column's address is its name: what is emitted there can be read again."""

    def value(self, name: str) -> str:
        return f"[@{name}]"

    def previous(self, name: str) -> str:
        return f"PREVIOUS([@{name}])"


REWRITTEN = MACROS - {"PREVIOUS"} | set(
    "ISNUMBER ISTEXT ISERROR YEAR MONTH DAY WEEKDAY EDATE EOMONTH DATE".split()
)
"""What emission writes in other words."""


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(whole_formulas)
def test_what_is_emitted_reads_as_the_same_tree(text: str) -> None:
    tree = parse(text).tree
    assume(not REWRITTEN & {one.value for one in tree.walk() if one.kind == "function"})
    assert shape(parse(emit(parse(text), Names())).tree) == shape(tree)


# --- evaluation ------------------------------------------------------------------------------------


def worth(text: str, *row: object, columns: Sequence[str] = COLUMNS, previous: Sequence[str] = ()) -> object:
    """The value of a formula in one row."""
    return evaluate(parse(text), [row], columns, previous, GROUND)[0]


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("[@x]=0", None, True),
        ('[@x]=""', None, True),
        ('[@x]=""', "", True),
        ("[@x]=0", "", False),
        ('[@x]="abc"', "ABC", True),
        ('[@x]="ａ"', "Ａ", True),
        ('[@x]="a"', "ａ", False),
        ('EXACT([@x],"ａ")', "Ａ", False),
        ('[@x]="*"', "何でも", False),
        ("[@x]=1", "1", False),
        ("[@x]+0.2=0.3", 0.1, True),
        ("[@x]*0.1=0.3", 3, True),
        ('[@x]="Ａ"', "ａ", True),
        ("INT([@x]*100)", 0.29, 29.0),
        ("INT([@x]/100*100)", 29, 29.0),
        ("INT([@x]%*100)", 29, 29.0),
        ("INT(AVERAGE([@x],0,0,0,0,0,0,0,0,0,0)*11)", 15, 15.0),
        ("TRUNC([@x]*100)", 0.29, 29.0),
        ("ROUNDDOWN([@x]*100,0)", 0.29, 29.0),
        ("ROUNDUP([@x]*100,0)", 0.07, 7.0),
        ("SQRT([@x])*SQRT([@x])=2", 2, True),
        ("1/[@x]", 0, Undecided("Div")),
        ("1/[@x]", None, Undecided("Div")),
        ("IFERROR(1/[@x],9)", None, 9.0),
        ("IN_FISCAL_YEAR([@x])", date(2014, 4, 1), True),
        ("IN_FISCAL_YEAR([@x])", date(2015, 3, 31), True),
        ("IN_FISCAL_YEAR([@x])", date(2015, 4, 1), False),
        ("IN_FISCAL_YEAR([@x])", None, False),
        ("IN_PERIOD([@x])", date(2014, 3, 31), False),
        ("IN_PERIOD([@x])", date(2014, 9, 30), True),
        ("IN_PERIOD([@x])", date(2014, 10, 1), False),
        ("IN_PERIOD([@x])", None, False),
        ("[@x]<=REFERENCE_DATE()", date(2014, 10, 10), True),
        ("[@x]<=REFERENCE_DATE()", date(2014, 10, 11), False),
        ("REFERENCE_DATE()-[@x]", date(2014, 10, 1), 9.0),
        ("[@x]+1", date(2014, 3, 31), date(2014, 4, 1)),
        ("YEAR([@x])", None, 1900.0),
        ("CHOICE_RANK([@c])", "一部実施", 2.0),
        ("CHOICE_RANK([@c])", "*", 0.0),
        ("CHOICE_RANK([@c])", None, 0.0),
        ("IF(TRUE,[@x],1)", "Ａ棟", "Ａ棟"),
        ("IF(TRUE,[@x],1)", "", ""),
        ("[@x]", None, 0.0),
        ("IF(TRUE,[@x],1)", None, 0.0),
        ('LEFT([@x],1)&"!"', "あい", "あ!"),
    ],
)
def test_the_value_of_a_formula(text: str, value: object, expected: object) -> None:
    columns = ["c"] if "[@c]" in text else ["x"]
    found = worth(text, value, columns=columns)
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(
    "value", [None, "", " ", "　", " 　 ", "\n", "\u00a0", "\u200b", "a", " a", "0", 0, 1.5, date(2014, 4, 1)]
)
def test_blank_and_filled_are_the_readers_notion(value: object) -> None:
    assert worth("BLANK([@x])", value, columns=["x"]) is is_blank(value)
    assert worth("FILLED([@x])", value, columns=["x"]) is not is_blank(value)


def test_previous_values_follow_those_of_the_row() -> None:
    text = "[@n]>PREVIOUS([@n])"
    found = evaluate(parse(text), [(2, 1), (1, 2), (1, None)], ["n"], ["n"], GROUND)
    assert found == [True, False, True]


def test_each_row_has_its_own_value() -> None:
    assert evaluate(parse('[@x]&"!"'), [("あ",), ("い",), (None,)], ["x"], [], GROUND) == ["あ!", "い!", "!"]


def test_no_rows_no_values() -> None:
    assert evaluate(parse("[@x]=1"), [], ["x"], [], GROUND) == []


def test_a_choice_without_rank_counts_as_zero() -> None:
    context = FormulaContext({"c": [("甲", None), ("乙", 3.0)]}, GROUND.days)
    assert evaluate(parse("CHOICE_RANK([@c])"), [("甲",), ("乙",)], ["c"], [], context) == [0.0, 3.0]


def test_groups_and_whole_columns_have_no_value_in_a_row() -> None:
    for text in ("GROUP()", "PERIOD()", "SUM([n])"):
        with pytest.raises(FormulaError):
            worth(text, 1, columns=["n"])


# --- the judge -------------------------------------------------------------------------------------

FIRST = len(COLUMNS) + len(PREVIOUS) + 2
"""The first column of formulas on the test sheet."""


def sheet(texts: Sequence[str], tried: Sequence[Sequence[object]]) -> bytes:
    """A workbook with a row for each of `tried` and a column for each formula, nothing worked out."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        cells, lists = book.add_worksheet("rows"), book.add_worksheet("lists")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for at, (word, rank) in enumerate(GROUND.choices["c"]):
            lists.write_string(at, 0, word)
            lists.write_number(at, 1, rank)
        for at, row in enumerate(tried):
            for column, value in enumerate(row):
                match value:
                    case None:
                        pass
                    case "":
                        cells.write_formula(at, column, '=""', None, "")
                    case str():
                        cells.write_string(at, column, value)
                    case date():
                        cells.write_datetime(at, column, value, day)
                    case _:
                        cells.write_number(at, column, value)
            for number, text in enumerate(texts):
                cells.write_formula(at, FIRST - 1 + number, "=" + emit(parse(text), Place(at + 1)), None, "")
    return stream.getvalue()


def same(judged: object, found: object) -> bool:
    """Whether LibreOffice's value and ours are one: an error of any kind is an error."""
    if isinstance(found, Undecided) or isinstance(judged, CellError):
        return isinstance(found, Undecided) and isinstance(judged, CellError)
    if isinstance(found, date):
        found = float(to_excel(found))
    if isinstance(judged, float) and isinstance(found, float):
        return judged == pytest.approx(found, rel=1e-9, abs=1e-9)
    return type(judged) is type(found) and judged == found


def differences(
    libreoffice: LibreOffice, texts: Sequence[str], tried: Sequence[Sequence[object]]
) -> list[str]:
    """Formulas that LibreOffice works out otherwise, with the first row where it does."""
    judged = libreoffice.recalculated(sheet(texts, tried))
    found = []
    for number, text in enumerate(texts):
        ours = evaluate(parse(text), tried, COLUMNS, PREVIOUS, GROUND)
        theirs = [judged["rows", f"{column_letters(FIRST + number)}{at}"] for at in range(1, len(tried) + 1)]
        wrong = [one for one in zip(theirs, ours, tried, strict=True) if not same(one[0], one[1])]
        if wrong:
            found.append(f"{text}: LibreOffice {wrong[0][0]!r}, we {wrong[0][1]!r} for {wrong[0][2]}")
    return found


def test_libreoffice_agrees_with_every_value_of_random_formulas(libreoffice: LibreOffice) -> None:
    """Some 300 formulas that pass the lint over some 50 rows: texts that look like patterns, blanks, fractions."""
    texts = [one for one in drawn(whole_formulas, 300) if not lint(parse(one), SCOPE)]
    tried = drawn(rows, 50)
    assert len(texts) >= 200
    assert len(tried) >= 40
    assert differences(libreoffice, texts, tried) == []


def test_libreoffice_agrees_where_engines_are_known_to_differ(libreoffice: LibreOffice) -> None:
    """Each of these once gave another value in one of the engines."""
    texts = [
        "[@n]+[@m]=0.3",
        "[@n]+0.2-0.3=0",
        "1-0.9=[@n]",
        "INT([@n]*100)",
        '[@a]="Ａ"',
        '[@a]="É"',
        "[@a]=[@b]",
        "BLANK([@a])",
        "YEAR([@d])+MONTH([@d])*100+DAY([@d])*10000",
        "EOMONTH([@d],1)",
        "[@n]/3=[@m]/3",
        'ISNUMBER(FIND("a*",MID([@a],2,3)))',
        "ISERROR(FIND(\"a\",MID([@a],0,1)))",
        '[@a]="#1"',
        "CHOICE_RANK([@c])>CHOICE_RANK(PREVIOUS([@c]))",
        "AVERAGE([@n],[@m])",
        'TEXT([@n],"#,##0.00")',
        "-[@n]%*3",
    ]  # fmt: skip
    rows_tried = [*drawn(rows, 120, start=7)]
    rows_tried += [
        (one, None, None, None, None, None, None, None, None, None)
        for one in ("\u00a0", "\t", "　 ", "ａ", "é")
    ]
    assert [one for text in texts for one in lint(parse(text), SCOPE)] == []
    assert differences(libreoffice, texts, rows_tried) == []


def test_libreoffice_agrees_that_the_last_bit_of_a_fraction_makes_no_step(libreoffice: LibreOffice) -> None:
    texts = [
        *(f"{name}([@n]*100)" for name in ("INT", "TRUNC")),
        *(f"{name}([@n]*100,0)" for name in ("ROUND", "ROUNDUP", "ROUNDDOWN")),
        'TEXT([@n]*100,"0")',
        "SQRT([@n])*SQRT([@n])=[@n]",
    ]
    numbers = (0.29, 0.07, 0.57, 2, 3)
    tried = [(None, None, None, one, None, None, None, None, None, None) for one in numbers]
    assert differences(libreoffice, texts, tried) == []


def test_precedence_survives_emission(libreoffice: LibreOffice) -> None:
    """Written as people do, with few brackets: the emitted formula has the value of the written one."""
    written = drawn(texts_of(Kind.NUMBER, 3), 150, start=5)
    numbers = [one for one in written if not set("[@") & set(one) and "REFERENCE_DATE" not in one]
    numbers += [
        "1-2-3",
        "2*3+4",
        "2+3*4",
        "(2+3)*4",
        "-2+3",
        "-(2+3)",
        "8/4/2",
        "8/(4/2)",
        "10%*5",
        "1+50%",
        "2-(3-4)*5",
    ]
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        cells = book.add_worksheet("s")
        for row, text in enumerate(numbers):
            cells.write_formula(row, 0, f"={text}", None, 0)
            cells.write_formula(row, 1, f"={emit(parse(text), Place())}", None, 0)
    judged = libreoffice.recalculated(stream.getvalue())
    for row, text in enumerate(numbers, 1):
        assert (text, judged["s", f"B{row}"]) == (text, judged["s", f"A{row}"])


# --- the shape of a formula in a sheet --------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "row", "same"),
    [
        ("=B7+C7", 7, True),  # moved with its row
        ("=C6+D6", 6, True),  # its columns moved
        ("= $B6 + c6", 6, True),  # written otherwise
        ("=B7+C7", 6, False),  # of another row
        ("=B6+C7", 6, False),
        ("=B6+C$6", 6, False),  # a place that is held fixed
        ("=B6+C6:C7", 6, False),
        ("=B6+s!C6", 6, False),
        ("=B6-C6", 6, False),
        ("=B6+C6+0", 6, False),
    ],
)
def test_a_formula_has_the_same_shape_wherever_its_own_row_is(written: str, row: int, same: bool) -> None:
    assert (shape_of(written, row) == shape_of("=B6+C6", 6)) is same


def test_the_rows_that_a_formula_names_are_those_of_single_cells_on_its_own_sheet() -> None:
    found = rows_named('B6+$C7+D$8+$E$9+F10:G11+s!H12+IF(I13="J14",LOG10(2),1)')

    assert found == {6, 7, 13}


# --- the engine ------------------------------------------------------------------------------------


def test_the_engine_finds_the_columns_of_tables_by_their_headings() -> None:
    tables = {"表": {"数": "'表'!$B$2:$B$4", "増減, [千円]": "'表'!$C$2:$C$4", "it's": "'表'!$D$2:$D$4"}}
    engine = Engine(["表", "他"], tables)
    engine.put("表", {(row, column): row * column for row in (2, 3, 4) for column in (2, 3, 4)})
    texts = [
        "SUM(表[数])",
        "INDEX(表[[増減, '[千円']]],MATCH(6,表[数],0))",
        "SUM(表[[it''s]])",
        '"表[数]"&"""表[数]"',
        "[無い表]",
    ]
    explicit = [engine.explicit(one) for one in texts]
    engine.put_formulas("他", {(at, 1): one for at, one in enumerate(explicit[:4], 1)})
    engine.work_out()

    assert explicit[3:] == texts[3:]
    assert [engine.value("他", row, 1) for row in (1, 2, 3, 4)] == [18, 9, 36, '表[数]"表[数]']


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("A1*2", 40),
        ('IF(A1>1,"可","否")', "可"),
        ("A1>1", True),
        ("1/0", "#DIV/0!"),
        ("DATE(2000,1,1)", 36526),
        ('""', ""),
        ("B9", 0),
        ("A2", "=A1"),
        ("ISTEXT(A3)", True),
    ],
)
def test_the_engine_gives_the_values_that_a_file_holds(formula: str, value: object) -> None:
    engine = Engine(["表"], {})
    engine.put("表", {(1, 1): 20, (2, 1): "=A1", (3, 1): "12"})
    engine.put_formulas("表", {(1, 2): formula})
    engine.work_out()

    found = engine.value("表", 1, 2)

    assert (found, isinstance(found, bool)) == (value, isinstance(value, bool))


@given(st.text(max_size=20))
def test_any_text_can_be_quoted(text: str) -> None:
    read = parse(f"={quote(text)}").tree
    assert (read.kind, read.value) == ("literal", text)
