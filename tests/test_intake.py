"""Files are opened in processes of their own: one that ends or stops its process harms no other."""

import os
import time
from pathlib import Path

import pytest
from returns import Desk, sample_plan

from xlplan import child, intake
from xlplan.child import Child
from xlplan.errors import FileError
from xlplan.finding import Finding
from xlplan.intake import take_in, take_in_batches
from xlplan.opening import Opener
from xlplan.submission import Submission

FILES = 12


class Fragile(Opener):
    """An opener that a file can end or stop, as it might a parser."""

    def open(self, name: str, data: bytes) -> Submission | Finding:
        """Read it, unless the file wants otherwise."""
        word, _, mark = data.partition(b":")
        if word == b"abort":
            os.abort()
        if word == b"hang":
            time.sleep(600)
        if word == b"once" and not os.path.exists(mark):
            Path(os.fsdecode(mark)).touch()
            os.abort()
        return super().open(name, data)


@pytest.fixture
def inbox(tmp_path: Path) -> list[Path]:
    """Good returns, each with an answer of its own."""
    paths = []
    for number in range(FILES):
        paths.append(tmp_path / f"{number:02}.xlsx")
        paths[-1].write_bytes(Desk(sample_plan(), "D3").fill().put("C-1", "done", f"{number}番").saved())
    return paths


@pytest.fixture
def fragile(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files can end or stop the process that opens them."""
    monkeypatch.setattr(intake, "Opener", Fragile)


def test_what_another_process_reads_is_what_is_read_here(
    inbox: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox[3].write_bytes(b"memo")
    there = take_in(inbox, sample_plan())
    monkeypatch.setattr(intake, "CHILDREN_FROM", FILES + 1)

    assert there == take_in(inbox, sample_plan())
    assert [one.path for one in there] == inbox
    assert [one.refusal is None for one in there] == [at != 3 for at in range(FILES)]


@pytest.mark.usefixtures("fragile")
@pytest.mark.parametrize("children", [1, 2])
def test_a_file_that_aborts_the_parser_is_refused_and_all_others_are_read(
    inbox: list[Path], children: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "_children", lambda _: children)
    for at in (0, 5, FILES - 1):
        inbox[at].write_bytes(b"abort:")

    taken = take_in(inbox, sample_plan())

    codes = [one.refusal.code if one.refusal else "" for one in taken]
    assert codes == ["safety_stopped" if at in (0, 5, FILES - 1) else "" for at in range(FILES)]
    assert [one.data for one in taken] == [path.read_bytes() for path in inbox]


@pytest.mark.usefixtures("fragile")
def test_a_file_on_which_the_parser_hangs_is_given_up(
    inbox: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "SECONDS", 1.5)
    monkeypatch.setattr(intake, "ATTEMPTS", 1)
    inbox[4].write_bytes(b"hang:")

    taken = take_in(inbox, sample_plan())

    assert [at for at, one in enumerate(taken) if one.submission is None] == [4]


@pytest.mark.usefixtures("fragile")
def test_a_process_that_ends_for_another_reason_costs_no_file(inbox: list[Path], tmp_path: Path) -> None:
    inbox[2].write_bytes(b"once:" + os.fsencode(tmp_path / "mark"))

    taken = take_in(inbox, sample_plan())

    assert [one.refusal.code for one in taken if one.refusal] == ["safety_not_workbook"]


def test_where_no_process_can_be_started_files_are_read_here(
    inbox: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", str(inbox[0].parent / "missing"))

    assert all(one.submission for one in take_in(inbox, sample_plan()))


def test_no_process_is_left_when_the_reader_stops_early(
    inbox: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Child] = []
    make = Child.__init__

    def noted(one: Child, work: child.Work) -> None:
        make(one, work)
        started.append(one)

    monkeypatch.setattr(Child, "__init__", noted)
    read = take_in_batches([inbox[:6], inbox[6:]], sample_plan())
    next(read)
    read.close()

    assert started
    assert all(one._process.returncode is not None for one in started)


def test_a_missing_file_among_many_is_a_fault(inbox: list[Path]) -> None:
    inbox[7].unlink()

    with pytest.raises(FileError, match=r"07\.xlsx"):
        take_in(inbox, sample_plan())
