"""What the office lets stand counts no more in the forms that follow, while the values are those that it allowed.

The sheet, as LibreOffice works it out, and the validator must agree on it.
"""

import re
from datetime import date, datetime
from pathlib import Path

import pytest
from libreoffice import LibreOffice, Recalculated, saved_values
from returns import TABLES, Desk, changed, plan_of, write_tables
from rounds import DAY, RECEIVED, begin, drop, issue, only, receive

from xlplan import stages
from xlplan.form.layout.columns import ColumnKind
from xlplan.form.layout.entry import BANNER_ROW, FIRST_ROW
from xlplan.language.codes import Severity
from xlplan.language.messages import text
from xlplan.model.finding import Finding
from xlplan.model.plan import Plan
from xlplan.stages.define import usable
from xlplan.stages.received import FileState
from xlplan.stages.years import Years
from xlplan.store.ledger import Ledger
from xlplan.store.workspace import Workspace

# a status may only become the next one, or stay
TABLES_IN_ORDER = changed(
    TABLES, "choices", "list | value | rank | aliases", "list | value | rank | aliases | after"
)
TABLES_IN_ORDER = changed(TABLES_IN_ORDER, "choices", "検討 | 1 | 検討中", "検討 | 1 | 検討中 | -｜検討")
TABLES_IN_ORDER = changed(
    TABLES_IN_ORDER, "choices", "実施 | 2 | 実施済", "実施 | 2 | 実施済 | -｜検討｜実施"
)
TABLES_IN_ORDER = changed(TABLES_IN_ORDER, "choices", "拡充 | 3 |", "拡充 | 3 | | 実施｜拡充")
WHY = {"period": "R6", "reason": "議会で説明済み", "by": "企画課 山田", "now": RECEIVED + DAY}
WRONG = {
    ("A-1", "rate"): 90,  # more than ten a place: a rule over two columns
    ("A-1", "places"): 2,
    ("A-2", "done"): None,  # must be filled
    ("A-3", "places"): 60,  # more than 50
    ("A-2", "actual"): "拡充",  # not after 検討
    ("A-3", "started"): date(2026, 4, 1),  # a warning: not in the year
}


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    """A round in which one department's return has every kind of fault that may stand, and two more errors."""
    space = begin(tmp_path, TABLES_IN_ORDER)
    [path] = space.issued("R6").glob("R6_D1_*.xlsx")
    answered = Desk(plan(), "D1", path.read_bytes()).fill().fill("money", cost=None, paid=None)
    answered.put("A-1", "cost", 100, "money").put("A-1", "paid", date(2024, 6, 1), "money")
    for (item, field), value in {**WRONG, ("A-3", "note"): "長い" * 20}.items():
        answered.put(item, field, value)
    answered.put("A-1", "note", "長い" * 20)
    receive(space, drop(space, "1.xlsx", answered.saved()))
    return space


def plan() -> Plan:
    return plan_of(TABLES_IN_ORDER)


def findings_of(space: Workspace) -> dict[tuple[str, str, str], Finding]:
    """What stands at the return, but for what is only told: by code, item and field."""
    with Ledger.open(space.ledger_path) as ledger:
        years = Years(usable(space), ledger)
        receipt = years.counting("R6")["D1"]
    return {
        (finding.written_code, finding.item, finding.field): finding
        for finding in receipt.findings
        if finding.severity is not Severity.NOTICE
    }


def allow(space: Workspace, *codes: str, until: str | None = None) -> None:
    found = findings_of(space)
    numbers = [finding.number for (code, *_), finding in found.items() if code in codes]
    assert len(numbers) == len(codes)
    stages.allow(space, numbers, until=until, **WHY)


ALLOWED = ("rule:share_small", "required_text", "out_of_range", "order", "rule:in_the_year")
PLACES = {
    "rule:share_small": ("A-1", "rate"),
    "required_text": ("A-2", "done"),
    "out_of_range": ("A-3", "places"),
    "order": ("A-2", "actual"),
    "rule:in_the_year": ("A-3", "started"),
}


def sent_back(space: Workspace) -> bytes:
    [path] = space.outbox("R6").glob("R6_D1_*.xlsx")
    return path.read_bytes()


def counted(book: Recalculated, form: str = "report") -> set[tuple[str, str, str]]:
    """The problems that a sheet counts: the code of the check, item and field."""
    layout = Desk(plan(), "D1").layouts[form]
    found = set()
    for row in range(FIRST_ROW, layout.last_row + 1):
        item = str(book[layout.form.title, layout.address(layout.column(ColumnKind.ITEM, "item"), row)])
        for column in layout.problem_columns:
            number = book[layout.form.title, layout.address(column, row)]
            assert isinstance(number, float), (column.key, number)
            if number > 0:
                check = layout.checks[int(number) - 1]
                found.add((check.written_code, item, check.field.id))
    return found


def judged(space: Workspace, data: bytes) -> set[tuple[str, str, str]]:
    """What the validator finds in a workbook, but for what the office allows and what is only told."""
    path = space.root / "again.xlsx"
    path.write_bytes(data)
    [line] = stages.check(space, [path], period="R6").lines
    return {
        (finding.written_code, finding.item, finding.field)
        for finding in line.findings
        if finding.severity is not Severity.NOTICE
    }


def test_sheet_and_validator_agree_on_what_is_allowed_and_on_every_other_value(
    libreoffice: LibreOffice, space: Workspace
) -> None:
    allow(space, *ALLOWED)
    back, left = sent_back(space), {("too_long", "A-1", "note"), ("too_long", "A-3", "note")}
    others = {
        "as it went out": {},
        "the value of the rule": {("A-1", "rate"): 95},
        "another column of the rule": {("A-1", "places"): 3},
        "the cell that was empty filled": {("A-2", "done"): "進めた。"},
        "the number out of range": {("A-3", "places"): 61},
        "a text": {("A-3", "places"): "六十か所"},
        "the order": {("A-2", "actual"): "実施"},
        "a day": {("A-3", "started"): date(2026, 4, 2)},
        "nothing in the place of a number": {("A-1", "rate"): None},
    }
    books = []
    for cells in others.values():
        desk = Desk(plan(), "D1", back)
        for (item, field), value in cells.items():
            desk.put(item, field, value)
        books.append(desk.saved())
    seen = dict(zip(others, libreoffice.all_recalculated(books), strict=True))

    for name, book, data in zip(others, seen.values(), books, strict=True):
        sheet = {(code.replace("type_whole", "type"), *place) for code, *place in counted(book)}
        found = {(re.sub("^(amount|type)_.*", "type", code), *place) for code, *place in judged(space, data)}
        assert sheet == found, name
    assert counted(seen["as it went out"]) == left
    assert counted(seen["the value of the rule"]) == {*left, ("rule:share_small", "A-1", "rate")}
    assert counted(seen["another column of the rule"]) == {*left, ("rule:share_small", "A-1", "rate")}
    assert counted(seen["the number out of range"]) == {*left, ("out_of_range", "A-3", "places")}


def test_banner_and_check_column_count_only_what_is_left(libreoffice: LibreOffice, space: Workspace) -> None:
    allow(space, *ALLOWED)

    desk, book = Desk(plan(), "D1", sent_back(space)), libreoffice.recalculated(sent_back(space))
    saved = saved_values(sent_back(space))

    assert {sheet: cells for sheet, cells in book.cells.items() if cells != saved.cells[sheet]} == {}

    layout = desk.layouts["report"]
    check = layout.column(ColumnKind.CHECK, "check")
    said = {
        item: book["進捗報告", f"{check.letters}{row}"]
        for row, item in enumerate(("A-1", "A-2", "A-3"), FIRST_ROW)
    }
    assert book["進捗報告", f"A{BANNER_ROW}"] == "未入力 0件・誤り 2件・要確認 0件"
    assert said["A-2"] == text("artefacts.entry.ok", "ja")
    assert "字" in str(said["A-1"])
    assert "他" not in str(said["A-1"])
    assert "未入力 0件・誤り 2件・要確認 0件" in book.cells["はじめに"].values()
    assert any(
        str(words).startswith("未入力0件・誤り2件・要確認0件") for words in book.cells["はじめに"].values()
    )


def test_every_allowed_cell_bears_the_reason_as_a_note_and_no_other(space: Workspace) -> None:
    allow(space, *ALLOWED)

    desk = Desk(plan(), "D1", sent_back(space))

    notes = {cell.coordinate: cell.comment.text for row in desk.sheet() for cell in row if cell.comment}
    told = {address: words for address, words in notes.items() if "議会" in words}
    assert told == {desk.address(*place): "許容：議会で説明済み" for place in PLACES.values()}
    assert len(notes) == len(told) + 2


def test_a_form_with_allowed_cells_that_comes_back_is_told_nothing_of_formulas_or_notes(
    space: Workspace,
) -> None:
    before = judged(space, sent_back(space))
    allow(space, *ALLOWED)
    desk = Desk(plan(), "D1", sent_back(space))
    for item in ("A-1", "A-3"):
        desk.put(item, "note", "短い")

    made = only(receive(space, drop(space, "2.xlsx", desk.saved()), now=RECEIVED + 2 * DAY))

    assert before
    assert made.state is FileState.ACCEPTED
    assert {finding.code for finding in made.findings if not finding.allowed} <= {"reason", "respondent"}


def test_the_same_where_libreoffice_saved_it_and_where_the_decision_was_taken_back_since(
    libreoffice: LibreOffice, space: Workspace
) -> None:
    allow(space, *ALLOWED)
    [saved] = libreoffice.converted([sent_back(space)], "xlsx")
    path = space.root / "again.xlsx"
    path.write_bytes(saved)

    [line] = stages.check(space, [path], period="R6").lines
    stages.undo(space, 1, reason="誤り", now=RECEIVED + 2 * DAY)
    [after] = stages.check(space, [path], period="R6").lines

    for told in (line, after):
        codes = {str(finding.code) for finding in told.findings}
        assert not codes & {"formulas_replaced", "formulas_lost", "remarks", "validations_lost"}
    assert len({finding.number for finding in after.findings if finding.severity is Severity.ERROR}) == 3


def test_formulas_that_were_replaced_elsewhere_are_told_all_the_same(space: Workspace) -> None:
    allow(space, *ALLOWED)
    desk = Desk(plan(), "D1", sent_back(space))
    layout = desk.layouts["report"]
    wrong = layout.column(ColumnKind.WRONG, "places").letters
    desk.sheet()[f"{wrong}{FIRST_ROW}"] = "=0"
    path = space.root / "again.xlsx"
    path.write_bytes(desk.saved())

    [line] = stages.check(space, [path], period="R6").lines

    assert [str(finding.code) for finding in line.findings if "formulas" in finding.code] == [
        "formulas_replaced"
    ]


def test_a_form_issued_again_in_the_round_shows_what_is_allowed(
    libreoffice: LibreOffice, space: Workspace
) -> None:
    allow(space, *ALLOWED)
    issue(space, "D1", due=date(2025, 6, 20), now=datetime(2025, 5, 10, 9, 0))
    [path] = space.issued("R6").glob("R6_D1_*.xlsx")

    book = libreoffice.recalculated(path.read_bytes())

    assert counted(book) == {("too_long", "A-1", "note"), ("too_long", "A-3", "note")}
    note = Desk(plan(), "D1", path.read_bytes()).sheet()[Desk(plan(), "D1").address("A-1", "rate")].comment
    assert note is not None
    assert note.text == "許容：議会で説明済み"


def test_what_is_allowed_up_to_a_period_is_allowed_in_any_value_and_in_the_next_round(
    libreoffice: LibreOffice, tmp_path: Path
) -> None:
    """A cell that may be out of range up to R6 is not counted in its form, and accepted; another row's is."""
    write_tables(TABLES_IN_ORDER, tmp_path / "plan")
    space = Workspace(tmp_path)
    stages.issue(space, "R5", due=date(2024, 5, 30), now=datetime(2024, 4, 10, 9, 0))
    [path] = space.issued("R5").glob("R5_D1_*.xlsx")
    first = Desk(plan(), "D1", path.read_bytes()).fill().put("A-3", "places", 60).saved()
    (space.inbox("R5") / "1.xlsx").write_bytes(first)
    stages.receive(space, [space.inbox("R5") / "1.xlsx"], period="R5", now=datetime(2024, 5, 1, 9, 0))
    with Ledger.open(space.ledger_path) as ledger:
        [receipt] = ledger.attempts("R5")
    [number] = [finding.number for finding in receipt.findings if finding.code == "out_of_range"]
    stages.allow(space, [number], until="R6", **{**WHY, "period": "R5", "now": datetime(2024, 5, 2, 9, 0)})
    issue(space)
    [path] = space.issued("R6").glob("R6_D1_*.xlsx")
    desk = Desk(plan(), "D1", path.read_bytes()).fill().fill("money", cost=None, paid=None)
    desk.put("A-3", "places", 70).put("A-2", "places", 70)

    seen = counted(libreoffice.recalculated(desk.saved()))

    assert {key for key in seen if key[0] == "out_of_range"} == {("out_of_range", "A-2", "places")}
    assert {key for key in judged(space, desk.saved()) if key[0] == "out_of_range"} == {
        ("out_of_range", "A-2", "places")
    }
    note = desk.sheet()[desk.address("A-3", "places")].comment
    assert note is not None
    assert note.text == "許容：議会で説明済み"
