"""What people see in a cell is what is counted: number formats, struck-out text, numbers where words are asked.

Each test makes the cell in openpyxl, as a hand would, or in the XML, as another program would.
"""

import re
import zipfile
from collections.abc import Mapping
from datetime import date, time
from io import BytesIO

import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from returns import TABLES, Desk, department_of, period_of, plan_of, sample_plan, with_units

from xlplan.form.issuing import rows_of
from xlplan.form.layout.columns import ColumnKind
from xlplan.form.read.opening import Opener
from xlplan.formula.addresses import column_letters
from xlplan.model.finding import Finding
from xlplan.model.plan import Plan
from xlplan.model.submission import Submission
from xlplan.validate.judging import Judged, judge

UNITS = with_units(TABLES, {"places": "千円", "rate": "%"})


@pytest.fixture(scope="module")
def thousands() -> Plan:
    """The sample plan with a field of 千円 (places) and one of % (rate)."""
    return plan_of({**UNITS, "fields": UNITS["fields"].replace("|1|50|", "|||")})


def judged(data: bytes, plan: Plan) -> Judged:
    """The verdict on a return."""
    one = Opener.of(plan).open("回答.xlsx", data)
    assert isinstance(one, Submission), one
    owner = department_of(plan, one.stamp.department)
    [verdict] = judge(plan, period_of(plan), [(one, rows_of(plan, period_of(plan), owner))])
    return verdict


def value_of(verdict: Judged, field: str) -> object:
    """The value of a field of the item A-1."""
    [row] = [one for one in verdict.records if (one.form, one.item) == ("report", "A-1")]
    return row.values.get(field)


def told(verdict: Judged, field: str) -> list[Finding]:
    """What is told of a field of that item."""
    here = (one for one in verdict.findings if (one.item, one.field) == ("A-1", field))
    return [one for one in here if one.code not in ("mobile_number", "rule", "undecided")]


def codes(verdict: Judged, field: str) -> list[str]:
    return [one.code.value for one in told(verdict, field)]


def with_cell(plan: Plan, field: str, value: object, code: str = "", font: Font | None = None) -> bytes:
    """The return of D1 with one cell of the item A-1 as it is given here."""
    desk = Desk(plan, "D1").fill().put("A-1", field, value)
    cell = desk.sheet()[desk.address("A-1", field)]
    if code:
        cell.number_format = code
    if font:
        cell.font = font
    return desk.saved()


def rich(*parts: tuple[str, InlineFont]) -> CellRichText:
    return CellRichText(*(TextBlock(font, words) for words, font in parts))


OUT, BOLD = InlineFont(strike=True), InlineFont(b=True, i=True)


# --- 1: the number format carries the unit ---------------------------------------------------------


@pytest.mark.parametrize(
    ("held", "code", "value"),
    [
        (1_200_000, "#,##0,", 1200),
        (1_200_000, '#,##0"円"', 1200),
        (1_200_000, "#,##0\\円", 1200),
        (1_200_000, '"¥"#,##0', 1200),
        (1_200_000, "[$¥-411]#,##0", 1200),
        (1_200_000, '#,##0,"千円"', 1200),
        (1_200_000_000, '#,##0,,"百万円"', 1_200_000),
        (-1_200_000, '#,##0,;"△"#,##0,', -1200),
        (1_200_000, '[>=1000]#,##0,"千円";0"円"', 1200),
    ],
)
def test_a_format_that_scales_or_names_a_unit_is_read_like_the_unit_typed(
    thousands: Plan, held: int, code: str, value: int
) -> None:
    verdict = judged(with_cell(thousands, "places", held, code), thousands)
    assert value_of(verdict, "places") == value
    assert codes(verdict, "places") == ["read_as_shown"]
    [finding] = told(verdict, "places")
    assert f"{held}" in finding.message("ja")


@pytest.mark.parametrize(
    ("held", "code", "value", "told_as"),
    [
        (0.45, "0%", 45, ["read_as_shown"]),
        (0.4567, "0%", 45.67, ["read_as_shown"]),
        (0.45, "0.0%", 45, ["read_as_shown"]),
        (45, '0"%"', 45, []),
        (45, '0"パーセント"', 45, []),
        (0.45, "0.00", 0.45, ["small_share"]),
    ],
)
def test_a_share_is_what_its_format_shows(
    thousands: Plan, held: float, code: str, value: float, told_as: list[str]
) -> None:
    verdict = judged(with_cell(thousands, "rate", held, code), thousands)
    assert value_of(verdict, "rate") == value
    assert codes(verdict, "rate") == told_as


@pytest.mark.parametrize(
    "code",
    [
        *(
            "General",
            "0",
            "#,##0",
            "#,##0;[Red]-#,##0",
            "#,##0_ ;[Red]\\-#,##0\\ ",
            '#,##0;"△ "#,##0',
            "0.00",
        ),
        *('_ * #,##0_ ;_ * \\-#,##0_ ;_ * "-"_ ;_ @_ ', "#,##0_);(#,##0)", "0.00E+00", "# ?/?", "0000"),
        *('#,##0"千円"', '[Blue]#,##0;[Red]-#,##0;"-"', "@", "0;-0;;@"),
    ],
)
def test_an_ordinary_format_is_silent(thousands: Plan, code: str) -> None:
    for number in (1200, 0, -1200):
        verdict = judged(with_cell(thousands, "places", number, code), thousands)
        assert (value_of(verdict, "places"), codes(verdict, "places")) == (number, [])


def test_another_unit_in_the_format_is_another_unit(thousands: Plan) -> None:
    verdict = judged(with_cell(thousands, "places", 12, '0"件"'), thousands)
    assert codes(verdict, "places") == ["amount_unit"]
    assert told(verdict, "places")[0].value == "12件"


def test_what_a_format_rounds_is_told_where_it_counts(thousands: Plan) -> None:
    verdict = judged(with_cell(thousands, "places", 1_234_567, "#,##0,"), thousands)
    assert value_of(verdict, "places") == 1235
    assert codes(verdict, "places") == ["read_as_rounded"]


@pytest.mark.parametrize(
    ("held", "code", "value", "told_as"),
    [
        (12, '0"件"', 12, ["read_as_shown"]),
        (12, '"¥"#,##0', 12, ["read_as_shown"]),
        (12_000, "#,##0,", 12, ["read_as_shown"]),
        (12, ";;;", 12, ["not_shown"]),
        (0.12, "0%", "12%", ["type_whole"]),
        (12, '"US$"0', "US$12", ["type_whole"]),
    ],
)
def test_of_a_field_without_a_unit_the_unit_in_the_format_is_told(
    held: float, code: str, value: object, told_as: list[str]
) -> None:
    verdict = judged(with_cell(sample_plan(), "places", held, code), sample_plan())
    assert codes(verdict, "places") == told_as
    if not isinstance(value, str):
        assert value_of(verdict, "places") == value


def test_a_day_in_digits_is_read_as_its_format_shows_it() -> None:
    verdict = judged(with_cell(sample_plan(), "started", 20240501, '0000"年"00"月"00"日"'), sample_plan())
    assert value_of(verdict, "started") == date(2024, 5, 1)
    assert codes(verdict, "started") == ["read_as_shown"]


# --- 2: struck-out text is deleted text ------------------------------------------------------------


@pytest.mark.parametrize("field", ["places", "rate", "note"])
def test_text_that_is_struck_out_is_not_counted(field: str) -> None:
    verdict = judged(with_cell(sample_plan(), field, rich(("10", OUT), ("12", InlineFont()))), sample_plan())
    assert value_of(verdict, field) == ("12" if field == "note" else 12)
    assert codes(verdict, field) == ["struck_out"]
    [finding] = told(verdict, field)
    assert "10" in finding.message("ja")
    assert "12" in finding.message("ja")


@pytest.mark.parametrize(
    ("field", "old", "new", "value"),
    [
        ("actual", "検討", "実施", "実施"),
        ("started", "令和6年4月1日", "令和6年5月1日", date(2024, 5, 1)),
        ("done", "調べた。", "進めた。", "進めた。"),
    ],
)
def test_a_choice_and_a_day_are_what_is_left(field: str, old: str, new: str, value: object) -> None:
    for parts in (((old, OUT), (new, BOLD)), ((new, BOLD), (old, OUT))):
        verdict = judged(with_cell(sample_plan(), field, rich(*parts)), sample_plan())
        assert value_of(verdict, field) == value
        assert codes(verdict, field) == ["struck_out"]


@pytest.mark.parametrize(
    ("field", "held"),
    [("places", 10), ("note", "古い"), ("started", date(2024, 5, 1)), ("rate", 45.5), ("code", "AB-1")],
)
def test_a_cell_that_is_struck_out_is_blank(field: str, held: object) -> None:
    verdict = judged(with_cell(sample_plan(), field, held, font=Font(strike=True)), sample_plan())
    assert value_of(verdict, field) is None
    assert codes(verdict, field) == ["struck_out_whole"]


def test_an_answer_that_is_asked_for_and_struck_out_is_missing() -> None:
    verdict = judged(with_cell(sample_plan(), "done", "古い", font=Font(strike=True)), sample_plan())
    assert codes(verdict, "done") == ["required_text", "struck_out_whole"]


def test_every_part_that_is_struck_out_is_left_out() -> None:
    parts = (("古い", OUT), ("新しい", InlineFont()), ("とても古い", OUT), ("話", BOLD))
    verdict = judged(with_cell(sample_plan(), "note", rich(*parts)), sample_plan())
    assert value_of(verdict, "note") == "新しい話"


def test_a_part_in_its_own_font_stands_in_a_cell_that_is_struck_out() -> None:
    value = CellRichText("10", TextBlock(BOLD, "12"))
    verdict = judged(with_cell(sample_plan(), "places", value, font=Font(strike=True)), sample_plan())
    assert (value_of(verdict, "places"), codes(verdict, "places")) == (12, ["struck_out"])


def test_bold_and_colour_are_silent() -> None:
    value = rich(("進め", BOLD), ("た。", InlineFont(i=True, u="single")))
    verdict = judged(
        with_cell(sample_plan(), "done", value, font=Font(b=True, color="FFFF0000", strike=False)),
        sample_plan(),
    )
    assert (value_of(verdict, "done"), codes(verdict, "done")) == ("進めた。", [])


RUNS = "<r><rPr><strike/></rPr><t>10</t></r><r><rPr><strike val='0'/></rPr><t>12</t></r>"


@pytest.mark.parametrize("prefix", ["", "x:"])
def test_texts_that_cells_share_are_read_like_those_within_cells(prefix: str) -> None:
    data = with_cell(sample_plan(), "note", "何か")
    with zipfile.ZipFile(BytesIO(data)) as parts:
        name = next(one for one in parts.namelist() if "何か" in parts.read(one).decode())
    found = re.search(r"<c [^>]*><is><t>何か</t></is></c>", _part(data, name))
    assert found is not None
    inline = found[0].replace("<t>何か</t>", RUNS)
    shared = found[0].replace("inlineStr", "s").replace("<is><t>何か</t></is>", "<v>1</v>")
    runs = re.sub(r"<(/?)(\w)", rf"<\1{prefix}\2", f"<sst><si><t>0</t></si><si>{RUNS}</si></sst>")
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    texts = runs.replace("sst>", f'sst xmlns{":x" if prefix else ""}="{space}">', 1)
    for cell in (inline, shared):
        made = _replaced(data, {name: _part(data, name).replace(found[0], cell)}, texts)
        verdict = judged(made, sample_plan())
        assert (value_of(verdict, "note"), codes(verdict, "note")) == ("12", ["struck_out"])


def _part(data: bytes, name: str) -> str:
    with zipfile.ZipFile(BytesIO(data)) as parts:
        return parts.read(name).decode()


def _replaced(data: bytes, new: Mapping[str, str], texts: str) -> bytes:
    """The workbook with other parts, and with a part of shared texts."""
    office = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    type_ = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    added = {
        "[Content_Types].xml": (
            "</Types>",
            f'<Override PartName="/xl/sharedStrings.xml" ContentType="{office}"/>',
        ),
        "xl/_rels/workbook.xml.rels": (
            "</Relationships>",
            f'<Relationship Id="rId99" Type="{type_}" Target="sharedStrings.xml"/>',
        ),
    }
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as parts, zipfile.ZipFile(stream, "w") as made:
        for name in parts.namelist():
            end, more = added.get(name, ("", ""))
            part = new[name] if name in new else _part(data, name)
            made.writestr(name, part.replace(end, more + end) if end else part)
        made.writestr("xl/sharedStrings.xml", texts)
    return stream.getvalue()


# --- 7: a text field keeps what was shown ----------------------------------------------------------


@pytest.mark.parametrize(
    ("held", "code", "kept", "told_as"),
    [
        (1234567890123456, "General", "1234567890123456", ["read_as_rounded"]),
        (1234567890123456, "0", "1234567890123456", ["read_as_rounded"]),
        (312345678, "00\\-0000\\-0000", "03-1234-5678", ["read_as_shown"]),
        (9012345678, "[<=9999999999]000\\-0000\\-0000;0", "090-1234-5678", ["read_as_shown"]),
        (0.45, "0%", "45%", ["read_as_shown"]),
        (time(13, 30), "h:mm", "13:30", ["read_as_shown"]),
        (time(13, 30), 'h"時"mm"分"', "13時30分", ["read_as_shown"]),
        (date(2025, 3, 5), 'm"月"d"日"', "3月5日", ["read_as_shown"]),
        (date(2025, 3, 5), '[$-411]ggge"年"m"月"d"日"', "令和7年3月5日", ["read_as_shown"]),
        (1200000, "#,##0", "1,200,000", ["read_as_shown"]),
        (12345, "000000", "012345", ["read_as_shown"]),
        (1 / 3, "0.00", "0.33", ["read_as_rounded"]),
        (0.0000001, "General", "0.0000001", ["read_as_shown"]),
        (12, "General", "12", []),
        (2.5, "General", "2.5", []),
        (12, "0.00E+00", "12", []),
    ],
)
def test_a_text_field_keeps_what_is_shown(held: object, code: str, kept: str, told_as: list[str]) -> None:
    verdict = judged(with_cell(sample_plan(), "note", held, code), sample_plan())
    assert (value_of(verdict, "note"), codes(verdict, "note")) == (kept, told_as)
    for finding in told(verdict, "note"):
        assert not re.search("[0-9]e[-+]", finding.message("ja") + finding.value, re.IGNORECASE)


# --- 8: identifiers that are numbers with a format -------------------------------------------------


def test_a_choice_is_known_by_what_is_shown_or_by_what_is_held() -> None:
    tables = {
        **TABLES,
        "choices": TABLES["choices"] + "reason | 001 | |\n reason | 2 | |\n reason | 3月 | |\n",
    }
    plan = plan_of(tables)
    for held, code, value in ((1, "000", "001"), (2, "000", "2"), (45721, 'm"月"', "3月")):
        verdict = judged(with_cell(plan, "reason", held, code), plan)
        assert value_of(verdict, "reason") == value


@pytest.fixture(scope="module")
def numbered() -> Plan:
    """The sample plan with the items 001, 02 and 3 in the place of A-1, A-2 and A-3."""
    ids = {"A-1": "001", "A-2": "02", "A-3": "3"}
    tables = dict(TABLES)
    for old, new in ids.items():
        tables = {name: table.replace(old, new) for name, table in tables.items()}
    return plan_of(tables)


@pytest.mark.parametrize(
    ("item", "held", "code", "told_as"),
    [
        ("001", 1, "General", ["item_is_number"]),
        ("001", 1, "0", ["item_is_number"]),
        ("001", 1, "000", []),
        ("001", 1, '0"番"', ["item_is_number"]),
        ("02", 2, "00", []),
        ("02", 2, "000", ["item_is_number"]),
        ("3", 3, "General", []),
        ("3", 3, "000", []),
        ("3", "003", "@", ["item_is_number"]),
        ("3", 3.0000000000000004, "General", []),
    ],
)
def test_an_item_whose_number_has_lost_or_got_zeros_is_the_same_item(
    numbered: Plan, item: str, held: object, code: str, told_as: list[str]
) -> None:
    desk = Desk(numbered, "D1").fill()
    row = re.sub("[A-Z]+", "", desk.address(item, "done"))
    column = column_letters(desk.layouts["report"].column(ColumnKind.ITEM, "item").index)
    cell = desk.sheet()[f"{column}{row}"]
    cell.value, cell.number_format = held, code
    verdict = judged(desk.saved(), numbered)
    assert [one.code.value for one in verdict.findings if one.cell == f"{column}{row}"] == told_as
    assert not [one for one in verdict.findings if one.code.value in ("item_missing", "item_unknown")]
    assert sorted(one.item for one in verdict.records if one.form == "report") == ["001", "02", "3"]


def test_an_item_that_could_be_two_is_none_of_them() -> None:
    tables = {name: table.replace("A-1", "01").replace("A-2", "001") for name, table in TABLES.items()}
    plan = plan_of(tables)
    for code, known in (("General", False), ("000", True)):
        desk = Desk(plan, "D1").fill()
        column = column_letters(desk.layouts["report"].column(ColumnKind.ITEM, "item").index)
        row = re.sub("[A-Z]+", "", desk.address("001", "done"))
        desk.sheet()[f"{column}{row}"].value = 1
        desk.sheet()[f"{column}{row}"].number_format = code
        found = [one.code.value for one in judged(desk.saved(), plan).findings]
        assert ("item_unknown" not in found) is known


def test_a_code_that_has_lost_its_zeros_is_named_with_them() -> None:
    plan = plan_of({**TABLES, "fields": TABLES["fields"].replace("[A-Z]{2}-[0-9]", "[0-9]{5}")})
    verdict = judged(with_cell(plan, "code", 1234), plan)
    [finding] = told(verdict, "code")
    assert finding.code.value == "wrong_pattern_near"
    assert "01234" in finding.remedy("ja")
    verdict = judged(with_cell(plan, "code", 1234, "00000"), plan)
    assert (value_of(verdict, "code"), codes(verdict, "code")) == ("01234", ["read_as_shown"])
    assert codes(judged(with_cell(plan, "code", "1234"), plan), "code") == ["wrong_pattern"]


# --- 9: float noise --------------------------------------------------------------------------------


@pytest.mark.parametrize("held", [3.0000000000000004, 2.9999999999999996, 3.0])
def test_what_is_whole_in_fifteen_digits_is_whole(held: float) -> None:
    verdict = judged(with_cell(sample_plan(), "places", held), sample_plan())
    assert (value_of(verdict, "places"), codes(verdict, "places")) == (3, [])


def test_what_has_decimals_is_not_whole() -> None:
    verdict = judged(with_cell(sample_plan(), "places", 3.00000000001), sample_plan())
    assert codes(verdict, "places") == ["type_whole_decimal"]
