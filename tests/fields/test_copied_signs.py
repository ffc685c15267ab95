"""Signs that nobody sees, moments and numbers of days as text, spans of time, words that only point elsewhere."""

import io
import re
import zipfile
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from returns import Desk, judged, sample_plan, submission

from xlplan.fields.reading import convert
from xlplan.form.read.intake import take_in
from xlplan.language.calendar import Years
from xlplan.language.text import fold, tidy
from xlplan.model.form import Choice, Field, FieldType
from xlplan.spreadsheet.parts import with_references

YEARS = Years(2020, 2028)
UNSEEN = (
    *"\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c",  # marks of the direction
    *"\u3164\u115f\u1160\uffa0\u2800",  # fillers
    *"\u034f\ufffc\u2061\u2064\u206a\u180e\u180b\u17b4\ufff9\U000e0041\U0001d173",
    *"\u200b\u200d\u2060\ufeff\u00ad",
)


def field(kind: FieldType) -> Field:
    return Field("f", "form", "項目", kind)


@pytest.mark.parametrize("sign", UNSEEN, ids=lambda sign: f"U+{ord(sign):04X}")
def test_a_sign_that_nobody_sees_makes_no_difference(sign: str) -> None:
    choices = (Choice("実施"), Choice("検討"))

    assert convert(f"{sign}実{sign}施{sign}", field(FieldType.CHOICE), choices).value == "実施"
    assert convert(f"{sign}1{sign}2{sign}", field(FieldType.WHOLE)).value == 12
    assert convert(f"{sign}2025/4/{sign}1{sign}", field(FieldType.DATE), (), YEARS).value == date(2025, 4, 1)
    assert fold(f"A{sign}-1{sign}") == fold("A-1")


@pytest.mark.parametrize(
    "sign", [sign for sign in UNSEEN if sign != "\u00ad"], ids=lambda sign: f"U+{ord(sign):04X}"
)
@pytest.mark.parametrize("kind", FieldType)
def test_a_cell_of_nothing_but_such_signs_is_blank(sign: str, kind: FieldType) -> None:
    found = convert(sign * 2, field(kind))

    assert (found.value, found.fault) == (None, "")
    assert tidy(f"{sign}文{sign}") == "文"


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "2025-04-01T00:00:00",
            "2025-04-01T00:00:00.000",
            "2025-04-01 00:00:00",
            "2025/4/1 0:00",
            "2025/4/1　0:00:00",
            "2025-04-01T00:00",
            "20250401T000000",
            "2025/4/1 午前0:00",
            "2025年4月1日0時0分",
            "2025/4/1 0:00:00 AM",
            "2025/4/1 12:00:00 AM",
            "2025/4/1(火) 0:00",
            "2025/4/1 0:00（火）",
            "1 April 2025 00:00",
            "45748.0",
        ),
        *(
            "45748",
            "４５７４８",
            "令7.4.1",
            "令７．４．１",
            "令7年4月1日",
            "令和7年4月1日0:00",
            "㋿7.4.1",
            "R7.4.1",
        ),
    ],
)
def test_a_day_as_a_program_wrote_it_is_read_and_told(typed: str) -> None:
    found = convert(typed, field(FieldType.DATE), (), YEARS)

    assert (found.value, found.changed, found.fault) == (date(2025, 4, 1), True, "")


@pytest.mark.parametrize("typed", ["2025-04-01T00:00:00", "2025/4/1 0:00", "45748", "令7.4.1", "令7.4"])
def test_a_month_is_read_out_of_such_a_day_and_a_year_is_named(typed: str) -> None:
    month, year = (convert(typed, field(kind), (), YEARS) for kind in (FieldType.MONTH, FieldType.YEAR))

    assert (month.value, month.changed, month.fault) == (date(2025, 4, 1), True, "")
    assert (year.fault, year.suggestion) == ("type_year", "2025")


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("平26.5.1", date(2014, 5, 1)),
        ("昭64.1.7", date(1989, 1, 7)),
        ("平26年度", None),
        ("大15.12.1", date(1926, 12, 1)),
    ],
)
def test_an_era_may_be_written_with_one_sign(typed: str, day: date | None) -> None:
    assert convert(typed, field(FieldType.DATE), (), Years(1985, 2015)).value == (day or typed)
    assert convert("平26年度", field(FieldType.YEAR), (), YEARS).value == 2014
    assert convert("令7.4", field(FieldType.MONTH), (), YEARS).value == date(2025, 4, 1)


@pytest.mark.parametrize(
    "typed",
    [
        "2025-04-01T09:30:00",
        "2025/4/1 9:30",
        "2025-04-01T00:00:00Z",
        "2025/4/1 0:00:01",
        "2025/4/1 10:00",
        "45748.5",
        "99999",
        "1234",
    ],
)
def test_another_moment_or_number_is_no_day(typed: str) -> None:
    assert convert(typed, field(FieldType.DATE), (), YEARS).fault.startswith("type_date")


def test_a_number_that_is_a_day_in_two_ways_is_an_error_that_names_both() -> None:
    found = convert("50401", field(FieldType.DATE), (), YEARS)

    assert (found.fault, found.suggestion) == ("type_date", "2023/4/1 / 2037/12/27")


@pytest.mark.parametrize(
    ("span", "shown"),
    [
        (timedelta(days=1), "24:00"),
        (timedelta(hours=36, minutes=5), "36:05"),
        (timedelta(minutes=-90), "-1:30"),
        (timedelta(hours=25, seconds=7), "25:00:07"),
    ],
)
@pytest.mark.parametrize("kind", [FieldType.TEXT, FieldType.TIME, FieldType.WHOLE, FieldType.DATE])
def test_a_span_of_time_is_quoted_as_the_cell_shows_it(span: timedelta, shown: str, kind: FieldType) -> None:
    assert convert(span, field(kind)).value == shown
    assert convert(time(9, 30), field(FieldType.WHOLE)).value == "09:30:00"


def test_a_finding_of_a_span_of_time_has_no_word_of_python() -> None:
    [result] = judged(sample_plan(), submission(sample_plan(), "D1", {("A-1", "started"): timedelta(days=2)}))
    [found] = [one for one in result.findings if one.field == "started"]

    assert found.value == "48:00"
    assert "day" not in found.message("ja")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        *((word, "answer_ditto") for word in ("同上", "〃", "々", "ditto")),
        *((word, "answer_elsewhere") for word in ("別紙のとおり", "See attached")),
    ],
)
def test_a_text_that_only_points_elsewhere_is_told(typed: str, code: str) -> None:
    [result] = judged(sample_plan(), submission(sample_plan(), "D1", {("A-1", "done"): typed}))
    found = [one for one in result.findings if one.field == "done"]

    assert [one.written_code for one in found] == [code]
    assert typed in found[0].message("ja")
    assert typed in found[0].message("en")
    assert next(one for one in result.records if one.item == "A-1").values["done"] == typed


@pytest.mark.parametrize("typed", ["同上の窓口を開いた", "別紙様式を改めた", "進めた。"])
def test_a_text_that_says_more_is_not(typed: str) -> None:
    [result] = judged(sample_plan(), submission(sample_plan(), "D1", {("A-1", "done"): typed}))

    assert [one for one in result.findings if one.field == "done"] == []


def without_references(book: bytes) -> bytes:
    """The workbook as programs save it that leave out where a cell stands: every cell is written, in order."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                data = re.sub(rb"(<row [^>]*>)(.*?)(</row>)", _dense, data, flags=re.DOTALL)
            new.writestr(name, data)
    return stream.getvalue()


def _dense(row: re.Match[bytes]) -> bytes:
    cells, column = b"", 0
    for cell in re.finditer(rb'<c r="([A-Z]+)[0-9]+"([^>]*?)(/>|>.*?</c>)', row[2], re.DOTALL):
        at = 0
        for letter in cell[1]:
            at = at * 26 + letter - 64
        cells += b"<c/>" * (at - column - 1) + b"<c" + cell[2] + cell[3]
        column = at
    return row[1] + cells + row[3]


def test_a_sheet_without_references_of_cells_has_not_lost_its_formulas(tmp_path: Path) -> None:
    path = tmp_path / "D1.xlsx"
    whole = Desk(sample_plan(), "D1").fill().fill("money").saved()
    codes = []
    for data in (whole, without_references(whole)):
        path.write_bytes(data)
        [incoming] = take_in([path], sample_plan())
        assert incoming.submission is not None
        codes.append([one.written_code for one in judged(sample_plan(), incoming.submission)[0].findings])

    assert without_references(whole) != whole
    assert codes[1] == codes[0]
    assert "formulas_lost" not in codes[1]


def test_references_are_counted_from_the_cell_before() -> None:
    xml = b'<sheetData><row><c><v>1</v></c><c/></row><row r="5"><c r="C5"/><c t="s"><v>0</v></c></row></sheetData>'

    assert with_references(xml) == (
        b'<sheetData><row r="1"><c r="A1"><v>1</v></c><c r="B1"/></row>'
        b'<row r="5"><c r="C5"/><c r="D5" t="s"><v>0</v></c></row></sheetData>'
    )
    assert with_references(with_references(xml)) == with_references(xml)
