"""A form says the ids of its sheets, columns and heads; a return is read by its own words."""

import io

import openpyxl
import pytest
from returns import TABLES, Desk, changed, period_of, plan_of, sample_plan

from xlplan.form.layout.stamps import STAMP_SHEET
from xlplan.form.layout.words import WORDS_ROW, words_in
from xlplan.form.read.opening import Opener
from xlplan.model.finding import Finding
from xlplan.model.plan import Plan
from xlplan.model.submission import Submission


def lines(data: bytes) -> list[tuple[object, ...]]:
    """The words on the hidden sheet."""
    sheet = openpyxl.load_workbook(io.BytesIO(data))[STAMP_SHEET]
    return [line[:3] for line in sheet.iter_rows(min_row=WORDS_ROW, values_only=True) if line[0]]


def opened(plan: Plan, desk: Desk) -> Submission | Finding:
    return Opener.of(plan).open("D1.xlsx", desk.saved())


def test_the_hidden_sheet_tells_every_sheet_column_and_head_with_its_id() -> None:
    found = lines(Desk(sample_plan(), "D1").saved())

    assert ("sheet", "はじめに", "guide") in found
    assert ("label", "回答者", "respondent") in found
    assert ("label", "情報課", "owner") in found
    assert ("form", "進捗報告", "report") in found
    assert ("column", "進捗＊", "entry:actual") in found
    assert ("column", "令和5年度の進捗", "previous:actual") in found
    assert ("head", "計画", "band_office") in found


def test_the_words_are_read_back() -> None:
    book = openpyxl.load_workbook(io.BytesIO(Desk(sample_plan(), "D1").saved()))
    words = words_in(
        [[cell or "" for cell in line] for line in book[STAMP_SHEET].iter_rows(values_only=True)]
    )

    assert words is not None
    assert words.forms["money"].title == "経費"
    assert words.forms["report"].columns["entry:done"] == "実施内容＊"
    assert words.labels["approver"] == {"承認者"}


@pytest.mark.parametrize(
    ("table", "old", "new"),
    [
        ("forms", "report | 進捗報告", "report | 進捗の報告"),
        ("fields", "report|actual|進捗|", "report|actual|今の段階|"),
        ("departments", "D1 | 情報課", "D1 | 情報政策課"),
        ("periods", "R5 | 令和5年度", "R5 | 2023年度"),
        ("plan", "title | 見本計画", "title | 見本市の計画"),
    ],
)
def test_a_return_is_read_by_the_words_that_it_was_issued_with(table: str, old: str, new: str) -> None:
    """Whatever the plan calls things by now: nothing was renamed, added or written beside the form."""
    tables = changed(TABLES, table, old, new)
    if table == "fields":  # formulas name the column by its label
        tables = {name: text.replace("[@進捗]", "[@今の段階]") for name, text in tables.items()}
    found = opened(plan_of(tables), Desk(sample_plan(), "D1").fill())

    assert isinstance(found, Submission)
    assert [one.sheet for one in found.forms] == ["進捗報告", "経費"]
    assert "actual" in found.forms[0].columns
    codes = {one.code for form in found.forms for one in form.findings} | {one.code for one in found.findings}
    assert codes == set()


def test_a_workbook_whose_words_are_damaged_is_read_by_those_of_the_catalogue() -> None:
    desk = Desk(sample_plan(), "D1").fill()
    sheet = desk.book[STAMP_SHEET]
    for row in range(WORDS_ROW, sheet.max_row + 1):
        for column in (1, 2, 3):
            sheet.cell(row, column).value = None
    found = opened(sample_plan(), desk)

    assert isinstance(found, Submission)
    assert found.respondent == "山田"
    assert [form.sheet for form in found.forms] == ["進捗報告", "経費"]


def test_a_word_swapped_between_two_columns_of_the_plan_stays_where_it_was_issued() -> None:
    """The plan calls 補足 by now what the return calls 記号, and the other way round."""
    swapped = changed(TABLES, "fields", "report|code|記号|", "report|code|補足@|")
    swapped = changed(swapped, "fields", "report|note|補足|", "report|note|記号|")
    tables = {
        name: text.replace("[@補足]", "[@記号]").replace("補足@", "補足") for name, text in swapped.items()
    }
    plan = plan_of(tables)
    before = opened(sample_plan(), Desk(sample_plan(), "D1"))
    after = opened(plan, Desk(sample_plan(), "D1"))

    assert isinstance(before, Submission)
    assert isinstance(after, Submission)
    assert after.forms[0].columns == before.forms[0].columns
    assert period_of(plan).id == "R6"
