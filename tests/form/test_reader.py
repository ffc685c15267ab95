"""Returns read by meaning: columns by heading, rows by item, and what is no return refused in one line."""

import io
import re
import zipfile
from collections.abc import Callable
from copy import copy
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from libreoffice import LibreOffice
from returns import GOOD, Desk, department_of, form_of, issue, period_of, sample_plan

from xlplan.form.issuing import rows_of
from xlplan.form.layout.stamps import STAMP_SHEET
from xlplan.form.read.intake import Incoming, take_in
from xlplan.formula.addresses import column_letters
from xlplan.language.codes import Severity
from xlplan.language.messages import text
from xlplan.model.finding import Finding
from xlplan.model.submission import ReturnedForm, Submission
from xlplan.validate.judging import judge


@pytest.fixture
def desk() -> Desk:
    """The workbook of D1, filled in with good answers."""
    return Desk(sample_plan(), "D1").fill()


Take = Callable[..., Incoming]


@pytest.fixture
def take(tmp_path: Path) -> Take:
    """Takes one workbook in."""

    def one(data: bytes, name: str = "回答.xlsx") -> Incoming:
        path = tmp_path / name
        path.write_bytes(data)
        [incoming] = take_in([path], sample_plan())
        return incoming

    return one


def submitted(incoming: Incoming) -> Submission:
    assert incoming.submission is not None, incoming.refusal
    return incoming.submission


def report(incoming: Incoming) -> ReturnedForm:
    return next(one for one in submitted(incoming).forms if one.form == "report")


def answers(incoming: Incoming, field: str = "done") -> dict[str, object]:
    """The raw values of one field, by item."""
    form = report(incoming)
    at = list(form.columns).index(field)
    return {row.item: row.values[at] for row in form.rows}


def found(incoming: Incoming) -> list[Finding]:
    """What the validator finds in the form of progress."""
    plan = sample_plan()
    one = submitted(incoming)
    owner = department_of(plan, one.stamp.department)
    [verdict] = judge(plan, period_of(plan), [(one, rows_of(plan, period_of(plan), owner))])
    return [finding for finding in verdict.findings if finding.form in ("", "report")]


def codes(incoming: Incoming) -> list[str]:
    return [one.code for one in found(incoming)]


def moved(desk: Desk, order: list[int], first: int = 6) -> None:
    """Put the rows of the sheet in another order, as sorting does: values only, formulas stay."""
    sheet = desk.sheet()
    values = [[cell.value for cell in sheet[first + at]] for at in range(len(order))]
    for at, source in enumerate(order):
        for cell, value in zip(sheet[first + at], values[source], strict=True):
            if cell.data_type != "f":
                cell.value = value


# --- as it was issued ------------------------------------------------------------------------------


def test_a_return_is_read_whole(desk: Desk, take: Take) -> None:
    guide = desk.book[text("artefacts.guide.sheet", "ja")]
    for row in guide.iter_rows():
        for cell in row:
            if cell.value in ("回答者", "承認者"):
                guide.cell(cell.row, cell.column + 1).value = f"{cell.value}の名"
    incoming = take(desk.put("A-2", "done", "二番目").saved())
    one = submitted(incoming)
    assert (one.stamp.plan, one.stamp.period, one.stamp.department) == ("sample", "R6", "D1")
    assert (one.respondent, one.approver) == ("回答者の名", "承認者の名")
    assert answers(incoming) == {"A-1": "進めた。", "A-2": "二番目", "A-3": "進めた。"}
    assert [row.row for row in report(incoming).rows] == [6, 7, 8]
    assert codes(incoming) == []


def test_a_workbook_as_issued_holds_every_row_and_no_answer(take: Take) -> None:
    incoming = take(issue(sample_plan(), "D1").data)
    assert answers(incoming) == {"A-1": "", "A-2": "", "A-3": ""}


def test_a_return_saved_by_libreoffice_reads_the_same(
    desk: Desk, take: Take, libreoffice: LibreOffice
) -> None:
    desk.put("A-1", "started", date(2024, 5, 1)).put("A-2", "places", 12).put("A-3", "done", "#N/A")
    desk.put("A-3", "note", "　間 ").put("A-2", "code", "AB-1")
    data = desk.saved()
    [saved] = libreoffice.converted([data], "xlsx")
    ours, theirs = take(data), take(saved, "libreoffice.xlsx")
    assert theirs.sha256 != ours.sha256
    for field in ("actual", "done", "started", "places", "code"):
        assert answers(theirs, field) == answers(ours, field)
    assert [one.key for one in found(theirs)] == [one.key for one in found(ours)]
    assert codes(theirs) == ["error_value"]


@pytest.mark.parametrize("name", ["回答.xlsm", "回答.xlsx", "回答.bin"])
def test_a_macro_workbook_is_read_whatever_its_name_and_its_macros_told(
    desk: Desk, take: Take, name: str
) -> None:
    incoming = take(with_macros(desk.saved()), name)
    assert answers(incoming)["A-1"] == "進めた。"
    assert codes(incoming) == ["safety_macros"]
    assert found(incoming)[0].severity is Severity.NOTICE


def with_macros(data: bytes) -> bytes:
    """The same workbook as a macro-enabled one."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "[Content_Types].xml":
                part = part.replace(
                    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                    b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
                ).replace(
                    b"</Types>",
                    b'<Override PartName="/xl/vbaProject.bin"'
                    b' ContentType="application/vnd.ms-office.vbaProject"/></Types>',
                )
            new.writestr(name, part)
        new.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1macros")
    return stream.getvalue()


# --- columns ---------------------------------------------------------------------------------------


def swap(desk: Desk, one: str, other: str) -> None:
    """Exchange two columns, heading and all."""
    layout = desk.layouts["report"]
    left, right = (layout.field_column(layout.form.by_id[name]).index for name in (one, other))
    for row in range(5, layout.last_row + 1):
        a, b = desk.sheet().cell(row, left), desk.sheet().cell(row, right)
        a.value, b.value = b.value, a.value


def test_columns_are_read_by_their_heading_wherever_they_stand(desk: Desk, take: Take) -> None:
    desk.put("A-1", "note", "補う").put("A-2", "done", None)
    swap(desk, "done", "note")
    incoming = take(desk.saved())
    assert answers(incoming, "note")["A-1"] == "補う"
    assert answers(incoming)["A-1"] == "進めた。"
    assert codes(incoming) == ["columns_moved", "required_text"]
    layout = desk.layouts["report"]
    letters = layout.field_column(layout.form.by_id["note"]).letters
    assert found(incoming)[1].cell == f"{letters}7"


def test_an_inserted_column_is_understood_and_told(desk: Desk, take: Take) -> None:
    for one in [one for one in desk.sheet().merged_cells.ranges if one.min_row == 3]:
        desk.sheet().unmerge_cells(one.coord)
    desk.sheet().insert_cols(2)
    incoming = take(desk.saved())
    assert answers(incoming)["A-1"] == "進めた。"
    assert [one.told("columns", "ja") for one in found(incoming) if one.code == "columns_inserted"] == ["B"]
    assert "columns_moved" not in codes(incoming)


def test_a_heading_is_known_by_its_label_whatever_its_width_and_mark(desk: Desk, take: Take) -> None:
    layout = desk.layouts["report"]
    for field, heading in (("done", "実施 内容"), ("reason", "遅れの理由(*)"), ("actual", "進捗\n＊")):
        desk.sheet().cell(5, layout.field_column(layout.form.by_id[field]).index).value = heading
    assert codes(take(desk.saved())) == []


def test_two_columns_of_one_heading_are_one_finding_and_neither_is_taken(desk: Desk, take: Take) -> None:
    layout = desk.layouts["report"]
    done = layout.field_column(layout.form.by_id["done"])
    free = len(layout.columns) + 1
    desk.sheet().cell(5, free).value = done.heading
    desk.sheet().cell(6, free).value = "古い下書き"
    incoming = take(desk.saved())
    assert "done" not in report(incoming).columns
    assert [(one.code, one.field, one.told("columns", "en")) for one in found(incoming)] == [
        ("column_twice", "done", f"{done.letters}, {column_letters(free)}")
    ]


def test_a_deleted_column_is_one_finding(desk: Desk, take: Take) -> None:
    layout = desk.layouts["report"]
    desk.sheet().cell(5, layout.field_column(layout.form.by_id["done"]).index).value = None
    incoming = take(desk.saved())
    assert report(incoming).missing == ("done",)
    assert [(one.code, one.field, one.item) for one in found(incoming)] == [("column_missing", "done", "")]


def test_without_its_headings_a_sheet_is_one_finding(desk: Desk, take: Take) -> None:
    for cell in desk.sheet()[5]:
        cell.value = None
    assert codes(take(desk.saved())) == ["header_missing"]


def test_a_deleted_sheet_is_one_finding(desk: Desk, take: Take) -> None:
    del desk.book["進捗報告"]
    incoming = take(desk.saved())
    assert [(one.code, one.sheet) for one in found(incoming)] == [("sheet_missing", "進捗報告")]


def test_a_renamed_sheet_is_found_by_its_headings(desk: Desk, take: Take) -> None:
    desk.put("A-2", "done", None).sheet().title = "R6提出（最終）"
    incoming = take(desk.saved())
    assert [(one.code, one.sheet) for one in found(incoming)] == [
        ("sheet_renamed", "R6提出（最終）"),
        ("required_text", "R6提出（最終）"),
    ]


# --- rows ------------------------------------------------------------------------------------------


def test_sorted_rows_are_read_by_item_and_told(desk: Desk, take: Take) -> None:
    desk.put("A-1", "done", "一").put("A-3", "done", None)
    moved(desk, [2, 0, 1])
    incoming = take(desk.saved())
    assert answers(incoming) == {"A-3": "", "A-1": "一", "A-2": "進めた。"}
    assert codes(incoming) == ["rows_moved", "required_text"]
    assert (found(incoming)[1].item, found(incoming)[1].cell[-1]) == ("A-3", "6")


def test_an_inserted_blank_row_is_understood_and_told(desk: Desk, take: Take) -> None:
    desk.sheet().insert_rows(7)
    incoming = take(desk.saved())
    assert [row.row for row in report(incoming).rows] == [6, 8, 9]
    assert codes(incoming) == ["rows_inserted", "validations_lost"]  # openpyxl leaves these where they were
    assert [one.told("rows", "ja") for one in found(incoming) if one.code == "rows_inserted"] == ["7"]


@pytest.mark.parametrize("number", [None, "　"])
def test_an_answer_without_a_number_is_one_finding_at_the_column_of_numbers(
    desk: Desk, take: Take, number: object
) -> None:
    desk.sheet().insert_rows(9)
    layout = desk.layouts["report"]
    desk.sheet().cell(9, 2).value = number
    desk.sheet().cell(9, layout.field_column(layout.form.by_id["done"]).index).value = "新しい施策"
    incoming = take(desk.saved())
    assert [(one.code, one.cell) for one in found(incoming)] == [("item_without_id", "B9")]


def test_a_row_of_spaces_is_no_row(desk: Desk, take: Take) -> None:
    desk.sheet().cell(9, 2).value = "　"
    assert codes(take(desk.saved())) == []


def test_a_deleted_row_is_one_finding_and_the_others_are_read(desk: Desk, take: Take) -> None:
    desk.sheet().delete_rows(7)
    incoming = take(desk.saved())
    assert [(one.code, one.item) for one in found(incoming)] == [("item_missing", "A-2")]
    assert set(answers(incoming)) == {"A-1", "A-3"}


def twice(desk: Desk, row: int, to: int) -> None:
    """Copy a row of the sheet, as people do."""
    for cell in list(desk.sheet()[row]):
        copied = desk.sheet().cell(to, cell.column)
        copied.value, copied.number_format = copy(cell.value), cell.number_format


def test_a_row_copied_exactly_is_read_once_and_told(desk: Desk, take: Take) -> None:
    twice(desk, 6, 9)
    [one] = found(take(desk.saved()))
    assert (one.code, one.severity, one.item, one.cell) == ("row_repeated", Severity.NOTICE, "A-1", "B9")
    assert (one.params["first"], one.params["second"]) == (6, 9)


def test_a_row_copied_and_changed_is_one_error_that_names_both(desk: Desk, take: Take) -> None:
    twice(desk, 6, 9)
    layout = desk.layouts["report"]
    desk.sheet().cell(9, layout.field_column(layout.form.by_id["done"]).index).value = "別の答え"
    [one] = found(take(desk.saved()))
    assert (one.code, one.severity, one.item, one.cell) == ("item_twice", Severity.ERROR, "A-1", "B9")
    assert "6行目と9行目" in one.message("ja")


def test_an_item_that_was_not_issued_is_one_finding(desk: Desk, take: Take) -> None:
    desk.sheet().cell(9, 2).value = "Z-9"
    [one] = found(take(desk.saved()))
    assert (one.code, one.cell, one.value) == ("item_unknown", "B9", "Z-9")


@pytest.mark.parametrize("typed", ["Ａ－１", "a-1", " A-1 "])
def test_an_item_is_known_however_its_number_is_typed(desk: Desk, take: Take, typed: str) -> None:
    desk.sheet()["B6"] = typed
    assert codes(take(desk.saved())) == []


# --- cells -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!"])
def test_an_error_value_is_one_finding_also_alone_in_the_last_row(desk: Desk, take: Take, error: str) -> None:
    incoming = take(desk.put("A-3", "note", error).put("A-1", "places", error).saved())
    assert [(one.code, one.field, one.value) for one in found(incoming)] == [
        ("error_value", "places", error),
        ("error_value", "note", error),
    ]


def with_cached(data: bytes, formula: str, cached: str, kind: str = "") -> bytes:
    """The same workbook with a value saved for one formula of an entry cell."""
    stream = io.BytesIO()
    done = 0
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                pattern = rb"<c ([^<>]*)><f>" + re.escape(formula.encode()) + rb"</f>(?:<v ?/>|<v></v>)</c>"
                attribute = f' t="{kind}"'.encode() if kind else b""
                value = f"<v>{cached}</v>".encode()
                part, count = re.subn(
                    pattern,
                    lambda hit, value=value, attribute=attribute: (
                        b"<c " + hit[1] + attribute + b"><f>1</f>" + value + b"</c>"
                    ),
                    part,
                )
                done += count
            new.writestr(name, part)
    assert done == 1
    return stream.getvalue()


def test_a_formula_without_a_saved_value_is_one_finding(desk: Desk, take: Take) -> None:
    incoming = take(desk.put("A-1", "done", '="a"&"b"').saved())
    assert [(one.code, one.severity, one.item) for one in found(incoming)] == [
        ("entry_formula_empty", Severity.ERROR, "A-1")
    ]


@pytest.mark.parametrize(
    ("field", "cached", "kind", "value"), [("places", "12", "", 12.0), ("done", "ab", "str", "ab")]
)
def test_the_saved_value_of_a_formula_is_used_and_told(
    desk: Desk, take: Take, field: str, cached: str, kind: str, value: object
) -> None:
    data = with_cached(desk.put("A-1", field, "=6*2").saved(), "6*2", cached, kind)
    incoming = take(data)
    assert answers(incoming, field)["A-1"] == value
    [one] = found(incoming)
    assert (one.code, one.severity) == ("entry_formula", Severity.NOTICE)
    assert f"「{cached}」" in one.message("ja")


def test_a_formula_that_gave_an_empty_text_is_a_blank_answer(desk: Desk, take: Take) -> None:
    data = with_cached(desk.put("A-1", "done", "=T(2)").saved(), "T(2)", "", "str")
    assert codes(take(data)) == ["required_text", "entry_formula"]


def test_a_formula_that_gave_an_error_is_told_once(desk: Desk, take: Take) -> None:
    data = with_cached(desk.put("A-1", "places", "=1/0").saved(), "1/0", "#DIV/0!", "e")
    assert codes(take(data)) == ["error_value"]


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        ("places", "１２", "12"),
        ("rate", "1,000", "1000"),
        ("started", "令和6年5月1日", "令和6年5月1日"),
        ("started", "2024.5.1", "令和6年5月1日"),
        ("actual", "実施済", "実施"),
        ("started", datetime(2024, 5, 1, 9, 30), "令和6年5月1日"),
    ],
)
def test_what_people_type_is_read_and_told(
    desk: Desk, take: Take, field: str, typed: object, value: str
) -> None:
    incoming = take(desk.put("A-1", "places", 30).put("A-1", field, typed).saved())
    [one] = [one for one in found(incoming) if one.code.startswith("read_as")]
    assert (one.item, one.field) == ("A-1", field)
    assert f"「{value}」" in one.message("ja")


def test_office_cells_that_were_changed_are_warned_of_with_both_values(desk: Desk, take: Take) -> None:
    [one] = found(take(desk.put("A-1", "planned", "検討").saved()))
    assert (one.code, one.severity, one.field, one.item) == (
        *("office_changed", Severity.WARNING),
        *("planned", "A-1"),
    )
    assert (one.params["before"], one.params["after"]) == ("実施", "検討")


def test_the_spaces_around_an_office_value_are_no_change(desk: Desk, take: Take) -> None:
    assert codes(take(desk.put("A-1", "planned", "　実施 ").saved())) == []


# --- no return -------------------------------------------------------------------------------------


def stamped(**changes: str | None) -> bytes:
    """A return whose hidden stamp was changed."""
    desk = Desk(sample_plan(), "D1").fill()
    sheet = desk.book[STAMP_SHEET]
    for row in sheet.iter_rows(max_row=6, max_col=2):
        if row[0].value in changes:
            row[1].value = changes[str(row[0].value)]
    return desk.saved()


def any_workbook() -> bytes:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "メモ"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "safety_empty"),
        (b"memo", "safety_not_workbook"),
        (any_workbook(), "not_a_return"),
        (stamped(issue=None), "stamp_damaged"),
        (stamped(department=None), "stamp_damaged"),
        (stamped(format="3"), "newer_format"),
        (stamped(format=None), "not_a_return"),
    ],
)
def test_what_is_no_return_is_refused_with_one_finding(take: Take, data: bytes, code: str) -> None:
    incoming = take(data)
    assert incoming.submission is None
    assert incoming.refusal is not None
    assert (incoming.refusal.code, incoming.refusal.file) == (code, "回答.xlsx")
    for language in ("ja", "en"):
        assert incoming.refusal.message(language)
        assert incoming.refusal.remedy(language)


def test_of_another_plan_only_the_stamp_is_read(take: Take) -> None:
    assert submitted(take(stamped(plan="other"))).forms == ()
    assert submitted(take(stamped(period="R9"))).forms == ()


def test_many_files_come_back_in_the_order_given(tmp_path: Path) -> None:
    paths = []
    for number in range(9):
        path = tmp_path / f"{9 - number}.xlsx"
        desk = Desk(sample_plan(), "D3").fill().put("C-1", "done", f"{number}番")
        path.write_bytes(desk.saved() if number != 4 else b"memo")
        paths.append(path)
    taken = take_in(paths, sample_plan())
    assert [one.path for one in taken] == paths
    assert [answers(one)["C-1"] if one.submission else "-" for one in taken] == [
        "-" if number == 4 else f"{number}番" for number in range(9)
    ]


def test_the_good_answers_of_these_tests_are_good() -> None:
    assert set(GOOD["report"]) <= set(form_of(sample_plan(), "report").by_id)
