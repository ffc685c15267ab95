"""What a cell shows of its number, with LibreOffice as judge."""

import io

import pytest
import xlsxwriter
from libreoffice import LibreOffice

from xlplan.formula.numberformats import number_format
from xlplan.spreadsheet.cellstyles import BUILT_IN, cell_styles

NUMBERS = (0, 1, 12, 1234, 1_234_567, -5, -1_234_567, 0.5, 0.455, 2.5, -0.25, 1234.5678, 312_345_678, 1e9)
CODES = (
    *("0", "00000", "#,##0", "#,##0.00", "0.0", "#,##0;[Red]-#,##0", '#,##0;"△"#,##0', '0;-0;"zero"'),
    *(
        "0%",
        "0.00%",
        "#,##0,",
        "#,##0.0,",
        "#,##0,,",
        '#,##0"円"',
        '#,##0,"千円"',
        '"¥"#,##0',
        "[$¥-411]#,##0",
    ),
    *(
        "00-0000-0000",
        '000"-"0000',
        "0\\.0",
        '[<0]"below ";[=0]"nought";0',
        "#",
        "#.#0",
    ),
    *("(0)", "0_);(0)", '"No. "0', "0000-00-00", "#,##0_ ;[Red]\\-#,##0\\ "),
)
DAYS = (61.5, 36_526.0, 45_721.5625, 45_721.999, 43_585.0, 43_586.25)
DAY_CODES = (
    *(
        "yyyy/m/d",
        "yyyy-mm-dd",
        "m/d/yy",
        'yyyy"年"m"月"d"日"',
        'm"月"d"日"',
        "h:mm",
        "hh:mm:ss",
        "yyyy/m/d h:mm",
    ),
    *("h:mm AM/PM", "mm:ss", "[h]:mm", "[mm]", "d-mmm-yy", "mmmm d, yyyy", "ddd", "dddd", "mm/dd", "h"),
    *('[$-411]ggge"年"m"月"d"日"', "[$-411]ge.m.d", "[$-411]gge", "[$-411]aaa", "[$-411]aaaa"),
)


def judged(libreoffice: LibreOffice, asked: list[tuple[float, str]]) -> list[str]:
    """What LibreOffice shows of numbers by formats."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Sheet1")
        for row, (number, code) in enumerate(asked):
            sheet.write_number(row, 0, number)
            sheet.write_formula(row, 1, '=TEXT(A{},"{}")'.format(row + 1, code.replace('"', '""')))
    found = libreoffice.recalculated(stream.getvalue())
    return [str(found["Sheet1", f"B{row}"]) for row in range(1, len(asked) + 1)]


def differing(asked: list[tuple[float, str]], shown: list[str]) -> list[tuple[float, str, str, str]]:
    """Where we show something else; spaces around do not count."""
    ours = [number_format(code).shown(number).text for number, code in asked]
    return [
        (*one, own, theirs)
        for one, own, theirs in zip(asked, ours, shown, strict=True)
        if own.strip() != theirs.strip()
    ]


def test_numbers_are_shown_as_a_spreadsheet_shows_them(libreoffice: LibreOffice) -> None:
    asked = [(float(number), code) for code in CODES for number in NUMBERS]
    wrong = differing(asked, judged(libreoffice, asked))
    assert wrong == []


def test_days_and_times_are_shown_as_a_spreadsheet_shows_them(libreoffice: LibreOffice) -> None:
    asked = [(day, code) for code in DAY_CODES for day in DAYS]
    wrong = differing(asked, judged(libreoffice, asked))
    assert wrong == []


@pytest.mark.parametrize(
    ("code", "number", "text", "exact"),
    [
        ("General", 1234567890123456.0, "1234567890123456", "1234567890123456"),
        ("General", 1e-7, "0.0000001", "0.0000001"),
        ("0.00E+00", 12345.0, "12345", "12345"),
        ("#,##0,", 1_234_567.0, "1,235", "1,234.567"),
        ('#,##0,"千円"', 1_234_567.0, "1,235千円", "1,234.567千円"),
        ("0%", 0.4567, "46%", "45.67%"),
        ("#.#", 3.0, "3", "3"),
        ('[>=1000]#,##0,"K";0', 5000.0, "5K", "5K"),
        ('[>=20090][$-411]ggge"年"m"月";;General', 45_721.0, "令和7年3月", "令和7年3月"),
        ('[>=20090][$-411]ggge"年"m"月";;General', 12.0, "12", "12"),
        (";;;", 3.0, "", ""),
        ("#,##0.00", 1e300, "1" + ",000" * 100 + ".00", "1" + ",000" * 100 + ".00"),
        ("#,##0,", 1e30, "1" + ",000" * 9, "1" + ",000" * 9),
        ('"済";', 3.0, "済", "済"),
        ("[赤]0", 3.0, "3", "3"),
        ('[>=1000]#,##0,"K";0', -5.0, "-5", "-5"),
        ("yyyy/m/d", -1.0, "", ""),
        ("h:mm", 1 / 3 + 1 / 18, "9:20", "9:20"),
        ("yyyy/m/d", 1.0, "1900/1/1", "1900/1/1"),
    ],
)
def test_what_is_shown_has_no_exponent_and_is_known_without_rounding(
    code: str, number: float, text: str, exact: str
) -> None:
    shown = number_format(code).shown(number)
    assert (shown.text, shown.exact) == (text, exact)


@pytest.mark.parametrize(
    "code",
    [
        *("#,##0,", "0%", '0"円"', "¥0", "$0", '0;0"円"', ";;;", '"済"', '[>9]0"K";0', "0!.0", '#,##0.0,"M"'),
    ],
)
def test_a_format_that_shows_another_number_or_a_unit_is_unusual(code: str) -> None:
    assert number_format(code).unusual


@pytest.mark.parametrize(
    "code",
    [
        *("General", "@", "0", "000", "#,##0.###;[Red]-#,##0.###", "0.00E+00", "# ?/?", "yyyy/m/d", "h:mm"),
        *('0"-"0', "(0)", '#,##0;"△"#,##0;"-"', "0;-0;", "[Red]0", '[$-411]ggge"年"m"月"', "0;-0;;@"),
    ],
)
def test_an_ordinary_format_is_not(code: str) -> None:
    assert not number_format(code).unusual


def test_every_format_that_a_file_names_by_number_is_known() -> None:
    assert set(BUILT_IN) == {*range(1, 23), *range(27, 59)}


def test_styles_are_read_whatever_their_prefix() -> None:
    xml = """<{0}styleSheet xmlns{1}="urn:a"><{0}numFmts><{0}numFmt numFmtId="164" formatCode="0,"/></{0}numFmts>
        <{0}fonts><{0}font/><{0}font><{0}strike/></{0}font><{0}font><{0}strike val="0"/></{0}font></{0}fonts>
        <{0}cellStyleXfs><{0}xf numFmtId="9" fontId="1"/></{0}cellStyleXfs>
        <{0}cellXfs><{0}xf/><{0}xf numFmtId="164" fontId="1"/><{0}xf numFmtId="9" fontId="2"/></{0}cellXfs>
        </{0}styleSheet>"""
    for prefix, space in (("", ""), ("x:", ":x")):
        styles = cell_styles(xml.format(prefix, space).encode())
        assert styles.codes == ("General", "0,", "0%")
        assert styles.struck == {1}
        assert styles.unusual == {1, 2}
        assert styles.code(99) == "General"
