"""Two departments' sheets in one workbook: each can be received in turn, and no other than is in it."""

import io
from pathlib import Path

import openpyxl
import pytest
from openforms import OPEN
from openpyxl.workbook import Workbook
from returns import Desk, plan_of
from rounds import RECEIVED, begin, desk, drop, only, receive, standing

from xlplan import stages
from xlplan.form.layout.stamps import STAMP_SHEET
from xlplan.language.codes import Severity
from xlplan.language.messages import text
from xlplan.stages.received import ReceivedFile
from xlplan.store.ledger import Ledger
from xlplan.store.workspace import Workspace

FORMS = ("report", "money")


@pytest.fixture
def begun(tmp_path: Path) -> Workspace:
    """A city with R6 issued."""
    return begin(tmp_path)


def pasted(book: Workbook, one: Desk, form: str, title: str) -> None:
    """The cells of an entry sheet, as values, on a new sheet."""
    sheet = book.create_sheet(title)
    for row in one.sheet(form).iter_rows():
        for cell in row:
            if cell.value is not None and not str(cell.value).startswith("="):
                sheet[cell.coordinate] = cell.value


def together(*desks: Desk) -> bytes:
    """What somebody has who copied the entry sheets of several departments into a new workbook."""
    book = openpyxl.Workbook()
    for number, one in enumerate(desks):
        for form in FORMS:
            title = one.sheet(form).title
            pasted(book, one, form, f"{title} ({number})" if number else title)
    del book[book.sheetnames[0]]
    return saved(book)


def saved(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def notes(space: Workspace, department: str) -> dict[str, object]:
    """What was recorded of a department's items."""
    with Ledger.open(space.ledger_path) as ledger:
        [receipt] = ledger.attempts("R6", department)
    return {one.item: one.values.get("note") for one in receipt.records if one.form == "report"}


def codes(line: ReceivedFile) -> dict[str, Severity]:
    return {one.code: one.severity for one in line.findings}


@pytest.mark.parametrize("order", [("D1", "D3"), ("D3", "D1")], ids=["first sheet first", "last sheet first"])
def test_each_department_is_received_from_the_same_file_in_turn(
    begun: Workspace, order: tuple[str, str]
) -> None:
    first = desk(begun, "D1").put("A-1", "note", "情報課の答え")
    path = drop(begun, "二課.xlsx", together(first, desk(begun, "D3").put("C-1", "note", "消防課の答え")))

    lines = [only(receive(begun, path, department=name)) for name in order]

    assert [(one.state, one.department and one.department.id) for one in lines] == [
        ("accepted", name) for name in order
    ]
    assert notes(begun, "D3") == {"C-1": "消防課の答え"}
    assert notes(begun, "D1")["A-1"] == "情報課の答え"
    assert all(codes(one)["sheet_of_others"] is Severity.WARNING for one in lines)
    assert stages.verify(begun).fine
    again = only(receive(begun, path, department="D1"))
    assert (again.state, again.department and again.department.id) == ("known", "D1")


def test_a_department_whose_items_are_not_in_it_is_refused_also_after_another_was_received(
    begun: Workspace,
) -> None:
    path = drop(begun, "二課.xlsx", together(desk(begun, "D1"), desk(begun, "D3")))
    receive(begun, path, department="D1")

    line = only(receive(begun, path, department="D2"))

    assert (line.state, list(codes(line))) == ("refused", ["other_department"])
    assert standing(begun)["D2"].state == "waiting"


def test_a_return_that_was_received_is_not_taken_for_that_of_another_department(begun: Workspace) -> None:
    path = drop(begun, "1.xlsx", desk(begun, "D1").saved())
    receive(begun, path)

    line = only(receive(begun, path, department="D3"))

    assert (line.state, list(codes(line)), line.open) == ("refused", ["other_department"], True)
    assert stages.verify(begun).fine


def with_a_sheet_of_another(space: Workspace) -> Path:
    """The form of D1, in which the sheets of D3 stand as well."""
    own, other = desk(space, "D1"), desk(space, "D3").put("C-1", "note", "消防課の答え")
    for form in FORMS:
        pasted(own.book, other, form, f"{other.sheet(form).title} 消防")
    return drop(space, "情報課.xlsx", own.saved())


def test_a_sheet_in_another_departments_form_is_read_alone_with_a_warning(begun: Workspace) -> None:
    path = with_a_sheet_of_another(begun)

    line = only(receive(begun, path, department="消防課"))

    assert (line.state, line.department and line.department.id) == ("accepted", "D3")
    assert codes(line)["stamp_of_other"] is Severity.WARNING
    assert notes(begun, "D3") == {"C-1": "消防課の答え"}
    with Ledger.open(begun.ledger_path) as ledger:
        [kept] = ledger.attempts("R6", "D3")
    assert (kept.respondent, kept.approver) == ("", "")
    assert only(receive(begun, path, department="D1")).state == "accepted"


def test_without_a_department_the_form_goes_back_to_its_own(begun: Workspace) -> None:
    line = only(receive(begun, with_a_sheet_of_another(begun)))

    assert (line.state, line.department and line.department.id) == ("sent_back", "D1")
    assert codes(line)["sheet_of_others"] is Severity.ERROR


def test_where_another_departments_rows_stand_under_the_forms_own_title_the_right_sheet_is_read(
    begun: Workspace,
) -> None:
    own, other = desk(begun, "D1").put("A-1", "note", "情報課の答え"), desk(begun, "D3")
    for form in FORMS:
        title = own.sheet(form).title
        own.sheet(form).title = f"情報 {form}"
        pasted(own.book, other, form, title)
    path = drop(begun, "情報課.xlsx", own.saved())

    line = only(receive(begun, path, department="D1"))

    assert (line.state, line.department and line.department.id) == ("accepted", "D1")
    assert notes(begun, "D1")["A-1"] == "情報課の答え"
    assert {one.sheet for one in line.findings if one.code == "sheet_of_others"} == {"進捗報告"}


def test_a_form_of_which_only_others_rows_are_there_is_missing(begun: Workspace) -> None:
    book = openpyxl.load_workbook(io.BytesIO(together(desk(begun, "D1"), desk(begun, "D3"))))
    del book[f"{desk(begun, 'D3').sheet('money').title} (1)"]
    path = drop(begun, "二課.xlsx", saved(book))

    line = only(receive(begun, path, department="D3"))

    assert line.state == "sent_back"
    assert [one.form for one in line.findings if one.code == "sheet_missing"] == ["money"]


def test_it_can_be_checked_and_mended_in_turn(begun: Workspace) -> None:
    path = drop(begun, "二課.xlsx", together(desk(begun, "D1"), desk(begun, "D3")))

    checked = only(stages.check(begun, [path], period="R6", department="D3"))
    [mended] = stages.mend(begun, [path], department="D3", now=RECEIVED).lines

    assert (checked.state, checked.department and checked.department.id) == ("fine", "D3")
    assert mended.mended is not None
    assert mended.answers > 0
    book = openpyxl.load_workbook(mended.mended)
    assert STAMP_SHEET in book.sheetnames
    assert text("artefacts.guide.sheet", "ja") in book.sheetnames


def open_rows(space: Workspace, *, stamped: bool) -> Path:
    """Sheets of D1 and D3 and one of wishes, of which nobody can say whose it is where no stamp does."""
    plan = plan_of(OPEN)
    desks = [
        Desk(plan, name, next(space.issued("R6").glob(f"*_{name}_*")).read_bytes()) for name in ("D1", "D3")
    ]
    for one in desks:
        one.fill().fill("money", cost=None, paid=None)
    own, other = desks
    own.sheet("wishes")["B6"] = "研修がほしい"
    if not stamped:
        del own.book[STAMP_SHEET]
    for form in FORMS:
        pasted(own.book, other, form, f"{other.sheet(form).title} 消防")
    return drop(space, "二課.xlsx", own.saved())


def test_blank_rows_in_a_workbook_of_several_are_read_with_a_warning(tmp_path: Path) -> None:
    space = begin(tmp_path, OPEN)
    line = only(receive(space, open_rows(space, stamped=False), department="D3"))
    [told] = [one for one in line.findings if one.code == "sheet_whose"]
    assert (told.severity, told.form) == (Severity.WARNING, "wishes")
    assert "消防課" in told.message("ja")


def test_blank_rows_in_the_form_of_another_department_are_that_departments(tmp_path: Path) -> None:
    space = begin(tmp_path, OPEN)
    line = only(receive(space, open_rows(space, stamped=True), department="D3"))
    missing = {one.form for one in line.findings if one.code == "sheet_missing"}
    assert (missing, "sheet_whose" in codes(line)) == ({"events", "wishes"}, False)
    with Ledger.open(space.ledger_path) as ledger:
        [kept] = ledger.attempts("R6", "D3")
    assert {one.form for one in kept.records} == set(FORMS)
