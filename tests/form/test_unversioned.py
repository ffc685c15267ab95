"""What 0.1.0 issued is judged by the workbooks that it wrote and by recorded rows, never by its hashes."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from released.kits import CUTS, Tables, tables_of
from released.rounds import write_tables
from released.verdicts import AS_LEFT, LATER, city_of

from xlplan import stages
from xlplan.definition.reading import read_definition
from xlplan.form.compare.unversioned import asks_the_same
from xlplan.form.read.issuedbook import read_issued_book
from xlplan.model.plan import Plan
from xlplan.store.ledger import Ledger
from xlplan.store.workspace import Workspace

FOLDER = Path(__file__).parents[1] / "released" / "0.1.0"
ROUNDS = {"asahikawa": "H26", "tomakomai": "P26", "example-en": "FY2025"}

Edit = Callable[[Tables], None]


def set_in(table: str, column: str, new: str, **where: str) -> Edit:
    """Write something else into one cell of a table."""

    def edit(tables: Tables) -> None:
        [row] = [row for row in tables[table] if where.items() <= row.items()]
        assert row[column] != new
        row[column] = new

    return edit


def without(table: str, **where: str) -> Edit:
    """Take a line out of a table."""

    def edit(tables: Tables) -> None:
        left = [row for row in tables[table] if not where.items() <= row.items()]
        assert len(left) == len(tables[table]) - 1
        tables[table] = left

    return edit


def without_field(name: str) -> Edit:
    """Take a field out of its form, and what is known of it out of the records."""

    def edit(tables: Tables) -> None:
        without("fields", id=name)(tables)
        for row in tables["records"]:
            del row[name]

    return edit


def more_of_the_office(tables: Tables) -> None:
    """A further field that the office fills."""
    more("fields", 0, id="more", label="ほか", required="no")(tables)
    for row in tables["records"]:
        row["more"] = ""


def more(table: str, like: int, **new: str) -> Edit:
    """A further line, as another one of the table, but for some cells."""
    return lambda tables: tables[table].append({**tables[table][like], **new})


def plan_with(kit: str, folder: Path, *edits: Edit) -> Plan:
    [cut] = [cut for cut in CUTS if cut.kit == kit]
    tables = tables_of(cut)
    for edit in edits:
        edit(tables)
    write_tables(tables, folder)
    return read_definition(folder).usable()


def is_the_same(kit: str, folder: Path, *edits: Edit) -> bool:
    """Whether the first workbook that 0.1.0 issued asks what the edited plan asks."""
    plan = plan_with(kit, folder / "plan", *edits)
    period = plan.period(ROUNDS[kit])
    assert period is not None
    space = city_of(FOLDER / kit, AS_LEFT, folder / "city")
    with Ledger.open(space.ledger_path) as ledger:
        issued = next(iter(ledger.issued(period.id).values()))
    book = read_issued_book((space.root / issued.file).read_bytes())
    assert book is not None
    return asks_the_same(book, issued.rows, plan, period)


@pytest.mark.parametrize("kit", ROUNDS)
def test_the_plan_as_it_was_asks_the_same(kit: str, tmp_path: Path) -> None:
    assert is_the_same(kit, tmp_path)


@pytest.mark.parametrize(
    ("kit", "edit"),
    [
        ("tomakomai", set_in("fields", "label", "備考欄", id="remark")),
        ("tomakomai", set_in("fields", "required", "no", id="state")),
        ("tomakomai", set_in("fields", "max_length", "300", id="state")),
        ("tomakomai", without_field("next")),
        ("tomakomai", more("fields", 3, id="more", label="ほか", required="no")),
        ("tomakomai", set_in("choices", "after", "○/◎|△/◎|◎", value="◎")),
        ("tomakomai", set_in("rules", "message", "短すぎます。", id="begun_has_state")),
        ("tomakomai", without("rules", id="one_of_two")),
        ("example-en", set_in("fields", "max", "2031", id="first_year")),
        ("example-en", set_in("fields", "min", "1", id="staff")),
        ("example-en", set_in("fields", "unit", "EUR", id="spent")),
        ("example-en", set_in("fields", "unique", "no", id="name")),
        ("example-en", without("fields", id="why")),
        ("asahikawa", more_of_the_office),
        ("asahikawa", set_in("choices", "value", "ほか", list="reason", value="その他")),
    ],
)
def test_what_a_form_asks_otherwise_is_seen(kit: str, edit: Edit, tmp_path: Path) -> None:
    assert not is_the_same(kit, tmp_path, edit)


@pytest.mark.parametrize(
    ("kit", "edit"),
    [
        ("tomakomai", set_in("items", "title", "別の名", id="18")),
        ("tomakomai", set_in("plan", "value", "内線 9999", key="contact")),
        ("tomakomai", set_in("choices", "meaning", "続けている", value="◎")),
        ("tomakomai", set_in("forms", "title", "状況", id="progress")),
        ("tomakomai", set_in("fields", "hint", "短く書きます。", id="remark")),
        ("tomakomai", set_in("periods", "label", "21年度から25年度", id="P21")),
    ],
)
def test_what_asks_nothing_makes_no_other_form(kit: str, edit: Edit, tmp_path: Path) -> None:
    assert is_the_same(kit, tmp_path, edit)


def states(space: Workspace, period: str) -> list[str]:
    found = stages.status(space, period=period, now=LATER)
    return [line.state for line in found.lines]


def test_an_answer_counts_on_after_its_form_was_issued_again_for_another_day(tmp_path: Path) -> None:
    """The new issue says which of the old hashes stands for the same form."""
    space = city_of(FOLDER / "tomakomai", AS_LEFT, tmp_path / "city")
    for day in (date(2028, 5, 1), date(2028, 6, 1)):
        issued = stages.issue(space, "P26", due=day, departments=(), now=LATER)
        assert {line.done for line in issued.lines} == {"reissued"}

    assert states(space, "P26") == ["accepted", "accepted", "accepted"]


def test_an_answer_counts_no_more_after_another_form_was_issued(tmp_path: Path) -> None:
    space = city_of(FOLDER / "tomakomai", "form", tmp_path / "city")
    assert states(space, "P26") == ["accepted", "accepted", "accepted"]
    stages.issue(space, "P26", due=None, departments=(), now=LATER)

    assert states(space, "P26") == ["waiting", "waiting", "waiting"]


def test_where_the_workbook_is_gone_nobody_is_accused(tmp_path: Path) -> None:
    """The rows alone are left to judge by."""
    space = city_of(FOLDER / "asahikawa", "form", tmp_path / "city")
    for path in space.issued("H26").iterdir():
        path.unlink()

    assert stages.status(space, period="H26", now=LATER).changed == ()
    found = stages.check(space, space.returns_in(space.inbox("H26")), period="H26")
    assert [line.state for line in found.lines] == ["fine"]
