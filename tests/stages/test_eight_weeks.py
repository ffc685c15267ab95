"""Eight weeks of a round: nothing that the office receives or decides is lost, whatever happens meanwhile."""

import shutil
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import eightweeks as weeks
import openpyxl
import pytest
from apart import begun, ended, killed
from eightweeks import PERIOD, WEEKS, Office, Step

from xlplan import stages
from xlplan.report.returns import ReturnState
from xlplan.stages.city import City
from xlplan.store.ledger import Ledger
from xlplan.store.letters import letters
from xlplan.store.workspace import Workspace

LANGUAGES = ("ja", "en")
LOST = {weeks.issued_again: False, weeks.answered_to_words: True}
"""The steps after which the ledger is lost: whether with its copies."""


def play(root: Path, language: str, *, lost: bool = False, without: Iterable[Step] = ()) -> Path:
    """Every step in its order; with `lost` the ledger is lost on the way."""
    weeks.begin(root, language)
    left_out = set(without)
    for day, step in WEEKS:
        if step not in left_out:
            step(root, weeks.moment_of(day))
        if lost and step in LOST:
            weeks.lose_ledger(root, copies=LOST[step])
    return root


def standing(root: Path) -> dict[str, tuple[object, ...]]:
    """How each department stands."""
    lines = City(root).status(PERIOD, now=weeks.moment_of(52)).lines
    return {line.department.id: (line.state, line.attempts, line.errors, line.due) for line in lines}


def figures(root: Path) -> dict[str, object]:
    found = City(root).figures(PERIOD)
    return {f"{row.measure} {row.period}": row.value for row in found.itertuples()}


@pytest.fixture(scope="module", params=LANGUAGES)
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The eight weeks, the ledger lost twice on the way."""
    return play(tmp_path_factory.mktemp("weeks") / request.param, request.param, lost=True)


def test_the_round_ends_as_it_was_decided(played: Path) -> None:
    assert {name: line[:2] for name, line in standing(played).items()} == {
        "D1": (ReturnState.ACCEPTED, 1),
        "D2": (ReturnState.ACCEPTED, 3),
        "D3": (ReturnState.ACCEPTED, 1),
        "D4": (ReturnState.ACCEPTED, 1),
        "D5": (ReturnState.EXCUSED, 0),
        "D6": (ReturnState.ACCEPTED, 1),
        "D7": (ReturnState.ACCEPTED, 2),
    }
    spent = City(played).records(PERIOD).set_index("item")["spent"]
    assert dict(spent) == {"P1": 55, "P2": 150, "P3": 30, "P4": 50, "P6": 50, "P7": 50}
    assert City(played).verify().fine


def test_the_letter_in_which_an_answer_came_is_kept_with_its_sender(played: Path) -> None:
    with Ledger.open(Workspace(played).ledger_path) as ledger:
        [letter] = letters(ledger, PERIOD)
    assert (played / letter.archive).is_file()
    assert "example.jp" in letter.sender
    assert weeks.WORDS[Office(played, weeks.BEGUN).language]["first"] in letter.sender


def test_every_decision_stands_in_log_summary_and_page(played: Path) -> None:
    entries = City(played).log(PERIOD).entries
    decided = [(entry.decision.kind.value, entry.department) for entry in entries if entry.decision]
    for kind, department in weeks.DECISIONS.values():
        assert any(found == kind and department in ("", owner) for found, owner in decided), kind

    language = Office(played, weeks.BEGUN).language
    name = {"ja": "お読みください.html", "en": "README.html"}[language]
    page = (played / name).read_text("utf-8")
    book = openpyxl.load_workbook(Workspace(played).summary(PERIOD))
    cells = {str(cell.value) for sheet in book.worksheets for row in sheet for cell in row}
    for reason in ("補正予算 / supplementary budget", "flood", "invoice"):
        assert reason in cells
    for reason in ("補正予算 / supplementary budget", "flood", "invoice", "telephoned", "sick", "wrong file"):
        assert reason in page


def test_all_decisions_taken_back_leave_the_state_without_them(tmp_path: Path) -> None:
    """In a copy taken before the close, against a round in which none of them was made."""
    closing = (weeks.consolidated, weeks.closed)
    decided = play(tmp_path / "decided", "ja", without=closing)
    entries = City(decided).log(PERIOD).entries
    made = [entry.decision for entry in entries if entry.decision and not entry.decision.takes_back]
    undone = {entry.decision.takes_back for entry in entries if entry.decision}
    for decision in reversed(made):
        if decision.number not in undone:
            City(decided).undo(decision.number, now=weeks.moment_of(51))

    plain = tmp_path / "plain"
    weeks.begin(plain, "ja")
    (plain / "plan" / "rules.csv").write_text((plain / "plan" / "rules.csv").read_text("utf-8"), "utf-8")
    never = {*weeks.DECISIONS, weeks.taken_back, weeks.put_back, weeks.answered_to_words, *closing}
    for day, step in WEEKS:
        if step is weeks.good_but_sent_back:
            office = Office(plain, weeks.moment_of(day))
            office.arrive("d7.xlsx", office.book("D7"))
        elif step is weeks.answered_to_words:
            office = Office(plain, weeks.moment_of(day))
            office.arrive("d7.xlsx", office.book("D7", text="2"))
        elif step not in never:
            step(plain, weeks.moment_of(day))
    assert standing(decided) == standing(plain)


@pytest.mark.deep
@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_process_killed_at_each_kind_of_write_leaves_what_an_undisturbed_one_leaves(
    share: float, tmp_path: Path
) -> None:
    undisturbed = play(tmp_path / "undisturbed", "ja")
    root = tmp_path / "killed"
    weeks.begin(root, "ja")
    for day, step in WEEKS:
        now = weeks.moment_of(day)
        writes = _writes_of(step, root, now, tmp_path / "trial")
        process = begun(step, root, now, last=max(1, int(writes * share)))
        if killed(process):
            step(root, now)
    assert standing(root) == standing(undisturbed)
    assert figures(root) == figures(undisturbed)
    assert weeks.entries(root) == weeks.entries(undisturbed)
    assert stages.verify(Workspace(root)).fine


def _writes_of(step: Step, root: Path, now: datetime, trial: Path) -> int:
    """How many writes a step makes: a copy of the folder is killed at ever later ones until it is done."""
    low, high = 1, 2
    while True:
        shutil.rmtree(trial, ignore_errors=True)
        shutil.copytree(root, trial)
        process = begun(step, trial, now, last=high)
        if not killed(process):
            assert ended(process) == 0
            return low
        low, high = high, high * 2
