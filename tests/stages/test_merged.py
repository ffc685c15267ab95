"""A department that was merged into others in mid-round, and the form that it sends all the same."""

from pathlib import Path

import pytest
from returns import TABLES, Desk, Tables, changed, plan_of, write_tables
from rounds import DAY, ISSUED, RECEIVED, begin, desk, drop, issue, only, receive, standing

from xlplan import stages
from xlplan.stages.mend import MendLine
from xlplan.store.workspace import Workspace


def merged(*owners: tuple[str, str]) -> Tables:
    """The plan in which items that were D2's have other owners, and D2 is gone."""
    tables = changed(TABLES, "departments", "        D2 | 総務課\n", "")
    for item, owner in owners:
        [line] = [one for one in tables["items"].splitlines() if one.strip().startswith(f"{item} ")]
        tables = changed(tables, "items", line, line.replace("| D2 |", f"| {owner} |"))
    return tables


@pytest.fixture
def begun(tmp_path: Path) -> Workspace:
    """A city with R6 issued."""
    return begin(tmp_path)


@pytest.fixture
def late(begun: Workspace) -> Path:
    """The return of D2, still to be received; D1 has answered."""
    drop(begun, "1.xlsx", desk(begun, "D1").put("A-1", "note", "情報課の答え").saved())
    receive(begun)
    return drop(begun, "遅れ.xlsx", desk(begun, "D2").put("B-1", "note", "総務課の答え").saved())


def mended(space: Workspace, path: Path, department: str) -> MendLine:
    [line] = stages.mend(space, [path], department=department, now=RECEIVED).lines
    return line


def test_it_is_told_by_the_name_it_had_and_who_has_its_items_now(begun: Workspace, late: Path) -> None:
    write_tables(merged(("B-1", "D1"), ("B-2", "D3")), begun.root / "plan")
    issue(begun, now=ISSUED + DAY)

    for line in (only(receive(begun, late)), only(receive(begun, late, department="D1"))):
        told = line.findings[0]
        assert (line.state, told.code) == ("refused", "department_moved")
        assert all(one in told.message("ja") for one in ("総務課", "情報課", "消防課"))
        assert "D2" not in told.message("ja")
        assert "xlplan mend" in told.remedy("ja")
    assert standing(begun)["D1"].state == "waiting"


def test_where_its_items_have_gone_as_well_the_office_is_told_what_to_look_at(
    begun: Workspace, late: Path
) -> None:
    tables = merged()
    rows = [one for one in tables["items"].splitlines() if "| D2 |" not in one]
    records = [one for one in tables["records"].splitlines() if "| B-" not in one]
    write_tables({**tables, "items": "\n".join(rows), "records": "\n".join(records)}, begun.root / "plan")

    told = only(receive(begun, late)).findings[0]

    assert (told.code, told.params["found"]) == ("unknown_department", "総務課")
    assert "plan.xlsx" in told.remedy("ja")


def test_its_answers_are_moved_into_the_heirs_form_beside_what_that_has_answered(
    begun: Workspace, late: Path
) -> None:
    tables = merged(("B-1", "D1"), ("B-2", "D1"))
    write_tables(tables, begun.root / "plan")
    issue(begun, now=ISSUED + DAY)

    line = mended(begun, late, "D1")

    assert line.mended is not None
    assert (line.department and line.department.id) == "D1"
    form = Desk(plan_of(tables), "D1", line.mended.read_bytes())
    assert form.sheet()[form.address("B-1", "note")].value == "総務課の答え"
    assert form.sheet()[form.address("A-1", "note")].value == "情報課の答え"
    assert "item_missing" not in {one.code for one in line.findings}
    form.signed()
    drop(begun, "1.xlsx", form.saved())
    assert only(receive(begun, begun.inbox("R6") / "1.xlsx", now=RECEIVED + DAY)).state == "accepted"


def test_of_items_that_went_to_two_departments_each_gets_its_own(begun: Workspace, late: Path) -> None:
    tables = merged(("B-1", "D1"), ("B-2", "D3"))
    write_tables(tables, begun.root / "plan")
    issue(begun, now=ISSUED + DAY)

    for owner, item in (("D1", "B-1"), ("D3", "B-2")):
        line = mended(begun, late, owner)
        assert line.mended is not None
        form = Desk(plan_of(tables), owner, line.mended.read_bytes())
        assert form.sheet()[form.address(item, "done")].value
        assert line.leftovers


def test_where_the_heirs_form_does_not_have_the_items_yet_it_is_to_be_issued_first(
    begun: Workspace, late: Path
) -> None:
    write_tables(merged(("B-1", "D1"), ("B-2", "D1")), begun.root / "plan")

    line = mended(begun, late, "D1")

    assert (line.mended, [one.code for one in line.findings]) == (None, ["moved_not_issued"])
    assert "xlplan issue --period R6" in line.findings[0].remedy("ja")


def test_a_department_that_has_none_of_the_items_gets_nothing(begun: Workspace, late: Path) -> None:
    write_tables(merged(("B-1", "D1"), ("B-2", "D1")), begun.root / "plan")
    issue(begun, now=ISSUED + DAY)

    line = mended(begun, late, "D3")

    assert (line.mended, [one.code for one in line.findings]) == (None, ["department_moved"])
