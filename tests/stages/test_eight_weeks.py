"""Eight weeks of a round: nothing that the office receives or decides is lost, whatever happens meanwhile."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import eightweeks as weeks
import openpyxl
import pytest
from apart import before_each_write, begun, killed
from eightweeks import PERIOD, WEEKS, Office, Step

from xlplan import stages
from xlplan.language.errors import UsageError
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


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[int]]:
    """The eight weeks as they are, and how many writes each step makes."""
    root, writes = tmp_path_factory.mktemp("undisturbed") / "city", [0]
    weeks.begin(root, "ja")

    def one_more() -> None:
        writes[-1] += 1

    with pytest.MonkeyPatch.context() as patch:
        before_each_write(one_more, patch.setattr)
        for day, step in WEEKS:
            step(root, weeks.moment_of(day))
            writes.append(0)
    return root, writes


def _once_more(step: Step, root: Path, now: datetime) -> None:
    """Do what was to be done; it is refused only where it was recorded before the process was killed."""
    try:
        step(root, now)
    except (UsageError, LookupError):
        decided = [entry.decision.made_at for entry in City(root).log(PERIOD).entries if entry.decision]
        assert decided[-1] == now


@pytest.mark.deep
@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_process_killed_at_each_kind_of_write_leaves_what_an_undisturbed_one_leaves(
    share: float, undisturbed: tuple[Path, list[int]], tmp_path: Path
) -> None:
    """In every step of the eight weeks, early, in the middle and late; what was to be done is done once more."""
    (wanted, writes), root = undisturbed, tmp_path / "city"
    weeks.begin(root, "ja")
    was_killed = 0
    for (day, step), count in zip(WEEKS, writes, strict=False):
        now = weeks.moment_of(day)
        if killed(begun(step, root, now, last=max(1, int(count * share)))):
            was_killed += 1
            _once_more(step, root, now)
    assert was_killed == len(WEEKS)
    assert standing(root) == standing(wanted)
    assert figures(root) == figures(wanted)
    assert weeks.entries(root) == weeks.entries(wanted)
    assert stages.verify(Workspace(root)).fine
