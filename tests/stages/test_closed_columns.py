"""After a round is closed each column of each table of the plan is changed in turn: nothing of the round changes."""

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from closedchanges import CHANGES, FIGURES, GONE, PREVIOUS, ROWS, THEN
from closedplan import ANSWERS, FULL, NEXT, with_changes
from returns import Desk, write_tables

from xlplan import stages
from xlplan.cli.documents import consolidate_document, verify_document
from xlplan.cli.status import status_document
from xlplan.definition.reading import read_definition
from xlplan.definition.specs import TABLES, WORDS
from xlplan.form.issuing import rows_of
from xlplan.report.document import document_of
from xlplan.report.render.xlsx.workbook import workbook_of
from xlplan.stages.define import existing_ledger
from xlplan.stages.frames import figures_now
from xlplan.stages.years import Years
from xlplan.store.workspace import Workspace

ISSUED, RECEIVED, CLOSED, LATER = (datetime(2025, month, 10, 9, 0) for month in (4, 5, 6, 7))


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which R6 was issued, answered and closed."""
    space = Workspace(tmp_path_factory.mktemp("closed") / "city")
    space.root.mkdir()
    write_tables(FULL, space.root / "plan")
    for line in stages.issue(space, "R6", now=ISSUED).lines:
        plan = read_definition(space.find_definition()).usable()
        desk = Desk(plan, line.department.id, line.path.read_bytes()).signed()
        for item in plan.items_of(plan.periods[-1], line.department.id):
            for field, value in ANSWERS[item.id].items():
                desk.put(item.id, field, value, "money" if field == "cost" else "report")
        if line.department.id == "D1":
            desk.sheet("wishes")["B6"], desk.sheet("wishes")["C6"] = "A-1 電子申請", "端末がほしい"
        (space.inbox("R6") / f"{line.department.id}.xlsx").write_bytes(desk.saved())
    received = stages.receive(space, period="R6", now=RECEIVED)
    assert {line.state for line in received.lines} == {"accepted"}, received
    stages.consolidate(space, "R6", now=CLOSED)
    assert stages.close(space, "R6", by="課長", now=CLOSED).made
    return space.root


def changed_after(closed: Path, folder: Path, tables: Mapping[str, str]) -> Workspace:
    """The folder as it is with other tables since."""
    shutil.copytree(closed, folder / "city")
    write_tables(tables, folder / "city" / "plan")
    return Workspace(folder / "city")


@dataclass(frozen=True)
class Seen:
    """All that is told of the closed round."""

    frames: Mapping[str, str]
    documents: Mapping[str, object]
    summary: bytes


def seen(space: Workspace) -> Seen:
    made = {"figures": stages.figures, "records": stages.records, "findings": stages.findings}
    frames = {name: frame(space, "R6").to_csv() for name, frame in made.items()}
    documents = {
        "status": status_document(stages.status(space, "R6", now=LATER), "ja"),
        "consolidate": consolidate_document(stages.consolidate(space, "R6", now=LATER), "ja"),
        "verify": verify_document(stages.verify(space), "ja"),
    }
    told = json.dumps(documents, ensure_ascii=False, default=str).replace(str(space.root), "")
    return Seen(frames, json.loads(told), space.summary("R6").read_bytes())


@pytest.fixture(scope="module")
def before(closed: Path, tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """What is told of the round with the tables as they were."""
    return seen(changed_after(closed, tmp_path_factory.mktemp("before"), FULL))


def test_every_column_of_every_table_is_changed() -> None:
    columns = {
        f"{table.id}.{column}" for table in TABLES if table.id != "published" for column in table.columns
    }
    settings = {f"plan.value {setting}" for setting in WORDS["setting"]}
    assert columns - {"plan.value"} | settings <= CHANGES.keys()


@pytest.mark.deep
@pytest.mark.parametrize("change", CHANGES)
def test_nothing_that_is_told_of_a_closed_round_changes(
    change: str, closed: Path, before: Seen, tmp_path: Path
) -> None:
    space = changed_after(closed, tmp_path, with_changes(NEXT, CHANGES[change]))
    now = seen(space)
    assert now.frames == before.frames
    assert now.documents == before.documents
    assert now.summary == before.summary


# --- as the next round has it -----------------------------------------------------------------------------


@dataclass(frozen=True)
class SeenLater:
    """What the next round has of the closed one, each value by ids and words of then."""

    previous: Mapping[tuple[str, str, str], object]
    figures: Mapping[tuple[str, object, bool], object]
    rows: Mapping[tuple[str, str, str], object]


SHOWN = ("department", "goal", "group", "title", "財源")


def seen_later(space: Workspace, then: Callable[[object], object] = lambda value: value) -> SeenLater:
    """What R7, whose summary can be made, has of R6; `then` gives of an id or a word of now the one of then."""
    ledger = existing_ledger(space)
    assert ledger is not None
    with ledger:
        definition = read_definition(space.find_definition())
        assert [found for found in definition.findings if found.severity == "error"] == []
        known = Years(definition, ledger).known_round(definition.usable().periods[-1])
    plan, made = known.plan, figures_now(known)
    previous = {
        (then(form), then(row.item), then(field)): then(value)
        for department in plan.answering(known.period)
        for form, rows in rows_of(plan, known.period, department).items()
        for row in rows
        for field, value in row.previous.items()
    }
    figures = {
        (then(figure.measure.id), then(figure.kept().group), figure.of_all_groups): made.worked(figure).value
        for figure in made.all()
        if figure.period == "R6"
    }
    rows = {
        (then(form), then(row.item.id), then(name)): then(records.column(name)[at])
        for form, records in made.records.items()
        for at, row in enumerate(records.rows)
        if row.period.id == "R6"
        for name in (*SHOWN, *records.form.by_id)
    }
    assert workbook_of(document_of(made.made, made), made)
    return SeenLater(previous, figures, rows)


@pytest.fixture(scope="module")
def later(closed: Path, tmp_path_factory: pytest.TempPathFactory) -> SeenLater:
    """What the next round has of it where nothing else was changed."""
    return seen_later(changed_after(closed, tmp_path_factory.mktemp("later"), NEXT))


@pytest.mark.deep
@pytest.mark.parametrize("change", CHANGES)
def test_the_next_round_has_of_a_closed_one_what_it_was(
    change: str, closed: Path, later: SeenLater, tmp_path: Path
) -> None:
    space = changed_after(closed, tmp_path, with_changes(NEXT, CHANGES[change]))
    now = seen_later(space, lambda value: THEN.get(change, {}).get(value, value))
    for part in (PREVIOUS, FIGURES, ROWS):
        before, after = getattr(later, part), getattr(now, part)
        gone = {key for key in before if set(key) & set(GONE.get(change, {}).get(part, ()))}
        left = {key: value for key, value in before.items() if key not in gone}
        assert {key: value for key, value in after.items() if key in before} == left, part
