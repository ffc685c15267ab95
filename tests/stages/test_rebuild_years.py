"""A ledger lost in the second year is made again of the files: the office's entries, the closed round, the next one."""

import shutil
from pathlib import Path

import pytest
from test_office_afterwards import DAY, EN, GRADES, JA, T0, Tables, answer, begin, close, enter, known

from xlplan import stages
from xlplan.store.history import decisions, publications
from xlplan.store.ledger import Ledger
from xlplan.store.workspace import Workspace, beside


@pytest.fixture(scope="module", params=[JA, EN], ids=["ja", "en"])
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """R6 answered, graded by the office and closed; R7 issued and answered by one department."""
    tables: Tables = request.param
    space = begin(tmp_path_factory.mktemp("played"), tables)
    answer(space, "D1", "D2")
    enter(space, GRADES)
    close(space)
    stages.issue(space, "R7", now=T0 + 6 * DAY)
    answer(space, "D1", period="R7", now=T0 + 7 * DAY)
    return space.root


def state(space: Workspace) -> dict[str, object]:
    with Ledger.open(space.ledger_path) as ledger:
        return {
            "answers": {field: known(space, field, "R6") for field in ("actual", "done", "second")},
            "attempts": [
                (found.period, found.department, found.attempt, found.state, found.records)
                for period in ("R6", "R7")
                for found in ledger.attempts(period)
            ],
            "published": [(made.version, made.decision, made.figures) for made in publications(ledger)],
            "issued": {name: found.rows for name, found in ledger.issued("R7").items()},
        }


@pytest.mark.parametrize("log", [True, False], ids=["decisions.jsonl", "neither"])
def test_the_years_come_back_of_the_files_alone(log: bool, played: Path, tmp_path: Path) -> None:
    shutil.copytree(played, tmp_path, dirs_exist_ok=True)
    space = Workspace(tmp_path)
    before = state(space)
    with Ledger.open(space.ledger_path) as ledger:
        decided = decisions(ledger)
    space.ledger_path.unlink()
    shutil.rmtree(beside(space.ledger_path).backup)
    if not log:
        beside(space.ledger_path).decisions.unlink()

    found = stages.rebuild(space, now=T0 + 8 * DAY)

    assert ("entries" in {note.key for note in found.notes}) is not log
    assert state(space) == before
    with Ledger.open(space.ledger_path) as ledger:
        again = decisions(ledger)
    assert [(made.kind, made.target) for made in again] == [(made.kind, made.target) for made in decided]
    assert (again == decided) is log
    assert stages.verify(space, deep=True).fine
