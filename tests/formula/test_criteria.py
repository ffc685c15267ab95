"""What a criterion of COUNTIFS is met by: LibreOffice is the judge."""

import io
from collections.abc import Iterator
from datetime import date

import pytest
import xlsxwriter
from libreoffice import LibreOffice

from xlplan.formula.addresses import cell_address
from xlplan.formula.criteria import criterion, is_number, literal, serial
from xlplan.formula.emission import quote

TEXTS = (
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
        "A",
        "a",
        "Ａ",
        "ア",
    ),
    *(
        "ｱ",
        "é",
        "É",
        "",
        "○◎",
        "○",
        "△/◎",
        "計画通り",
        "x",
        "x?y",
        "a*b",
        "ab",
        "2-7",
        "2024-04-01",
        "50%",
        "b",
    ),
    *("1,200", "H26", "2024", "›*Online", "›", "›a", "1 ", "1/2", "4月1日", "令和6年4月1日", "two\nlines"),
)
NUMBERS = (1, 1.1, 0, -3, 100, 5, 6, 0.1 + 0.2, 0.3, 45383, 0.5, 1200)
VALUES: tuple[object, ...] = (*TEXTS, *NUMBERS, None)
PLAIN = tuple(text for text in TEXTS if text[:1] not in ("<", ">"))
"""Texts before which no operator stands."""
OF_TEXTS = (
    "*",
    "?*",
    "<>*",
    "○*",
    "*/◎",
    "*△*",
    "a*",
    "*Online",
    "~*Online",
    "›~*Online",
    "x~?y",
    "=x",
    "<>x",
    "<>○*",
)
OF_NUMBERS = (1, 1.1, 0.3, ">5", "<=1", ">=0.3", "<>1", "=1", ">=2024-04-01", "50%", "<>01", "<1,200")
OF_ANY = ("", "=", "<>")


def asked() -> Iterator[tuple[str | float, object]]:
    """Each criterion with the values for which all programs agree: patterns over texts, orders over numbers."""
    for wanted in (*OF_ANY, *PLAIN, *OF_NUMBERS):
        yield from ((wanted, value) for value in VALUES)
    for wanted in OF_TEXTS:
        yield from ((wanted, value) for value in (*TEXTS, None))


def test_a_criterion_is_met_by_what_meets_it_in_a_sheet(libreoffice: LibreOffice) -> None:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet, pairs = book.add_worksheet("t"), list(asked())
    for row, (wanted, value) in enumerate(pairs):
        match value:
            case "":
                sheet.write_formula(row, 0, '=""', None, "")
            case str():
                sheet.write_string(row, 0, value)
            case int() | float():
                sheet.write_number(row, 0, value)
        shown = quote(wanted) if isinstance(wanted, str) else repr(wanted)
        sheet.write_formula(row, 1, f"=COUNTIFS(A{row + 1},{shown})")
    book.close()

    judged = libreoffice.recalculated(stream.getvalue())

    differing = [
        (wanted, value, judged["t", cell_address(row, 2)])
        for row, (wanted, value) in enumerate(pairs, 1)
        if judged["t", cell_address(row, 2)] != float(criterion(wanted)(serial(value)))
    ]
    assert differing == []


@pytest.mark.parametrize("text", [text for text in TEXTS if text])
def test_a_text_without_its_signs_is_met_by_itself_alone(text: str) -> None:
    """Behind a sign that is no operator, each text counts itself: what differs in case only apart."""
    test = criterion(f"›{literal(text)}")

    met = [other for other in TEXTS if test(f"›{other}")]

    assert [other for other in met if other.casefold() != text.casefold()] == []
    assert text in met


def test_a_day_is_compared_by_its_number() -> None:
    assert criterion("2024-04-01")(serial(date(2024, 4, 1)))
    assert not criterion(">=2024-04-02")(serial(date(2024, 4, 1)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("5", True), ("-1,200.5", True), ("5 years", False), ("2024-02-30", False), ("", True), ("m", False)],
)
def test_what_reads_as_a_number_is_compared_with_numbers(text: str, expected: bool) -> None:
    assert is_number(text) is expected
