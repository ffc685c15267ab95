"""Files are opened in processes of their own: one that ends or stops its process harms no other."""

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest
from marks import needs_alarm, needs_groups, needs_limits
from returns import Desk, sample_plan

from xlplan.form.read import child, intake
from xlplan.form.read.child import Child
from xlplan.form.read.intake import take_in, take_in_batches
from xlplan.form.read.opening import Opener
from xlplan.language.errors import FileError
from xlplan.model.finding import Finding
from xlplan.model.submission import Submission

FILES = 12


class Panic(BaseException):
    """What a library in Rust raises when it gives up: no `except Exception` catches it."""


class Fragile(Opener):
    """An opener that a file can end or stop, as it might a parser."""

    def open(self, name: str, data: bytes, *, limited: bool = False) -> Submission | Finding:
        """Read it, unless the file wants otherwise."""
        word, _, mark = data.partition(b":")
        if word == b"abort":
            os.abort()
        if word == b"hang":
            time.sleep(600)
        if word == b"stuck":
            sum(range(10**12))  # one instruction, which no signal handler of Python's can come between
        if word == b"panic":
            raise Panic
        if word == b"memory":
            bytearray(3 * child.MEMORY_BYTES // 2)
        if word == b"once" and not os.path.exists(mark):
            Path(os.fsdecode(mark)).touch()
            os.abort()
        return super().open(name, data, limited=limited)


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
    monkeypatch.setattr(intake, "OPENER", f"{__name__}:{Fragile.__name__}")


def test_what_another_process_reads_is_what_is_read_here(
    inbox: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox[3].write_bytes(b"memo")
    there = take_in(inbox, sample_plan())
    monkeypatch.setattr("sys.executable", str(inbox[0].parent / "missing"))

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
    monkeypatch.setattr(child, "SECONDS", 5.0)
    inbox[4].write_bytes(b"hang:")

    taken = take_in(inbox, sample_plan())

    assert [(at, one.refusal.code) for at, one in enumerate(taken) if one.refusal] == [(4, "safety_slow")]


@pytest.mark.usefixtures("fragile")
@pytest.mark.parametrize("word", ["abort", "panic", pytest.param("memory", marks=needs_limits)])
def test_one_file_that_ends_the_parser_does_not_end_the_run(inbox: list[Path], word: str) -> None:
    inbox[0].write_bytes(f"{word}:".encode())

    [refused, read] = take_in(inbox[:2], sample_plan())

    assert refused.refusal
    assert refused.refusal.code == "safety_stopped"
    assert refused.data == inbox[0].read_bytes()
    assert read.submission


@needs_alarm
def test_the_system_ends_a_process_that_hangs_when_nobody_is_left_to_do_so() -> None:
    started = Child(partial(hurried, Fragile.of(sample_plan())))
    begun = time.monotonic()

    with pytest.raises(TimeoutError):
        started.ask("stuck.xlsx", b"stuck:")

    assert started._process.returncode == -signal.SIGALRM
    assert time.monotonic() - begun < child.SECONDS / 2


def hurried(opener: Fragile, name: str, data: bytes) -> Submission | Finding:
    """Open a file, in half a second at most."""
    child.limit_time(0.5)
    return opener.open(name, data)


@needs_groups
def test_a_process_that_was_ended_took_its_own_children_with_it(tmp_path: Path) -> None:
    lifeline = tmp_path / "lifeline"
    os.mkfifo(lifeline)
    read_end = os.open(lifeline, os.O_RDONLY | os.O_NONBLOCK)
    os.set_blocking(read_end, True)

    with pytest.raises(ChildProcessError):
        Child(with_a_child).ask("any", os.fsencode(lifeline))

    assert os.read(read_end, 100) == b"begun"
    assert os.read(read_end, 100) == b""  # the other end is closed: whoever held it is gone
    os.close(read_end)


GRANDCHILD = """
import sys, time
with open(sys.argv[1], "w") as lifeline:
    print("begun", end="", file=lifeline, flush=True)
    print(flush=True)
    time.sleep(60)
    print("alive", file=lifeline)
"""


def with_a_child(_: str, lifeline: bytes) -> None:
    """Start a process, and when it runs end this one."""
    command = [sys.executable, "-c", GRANDCHILD, os.fsdecode(lifeline)]
    started = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert started.stdout
    started.stdout.readline()
    os.abort()


@pytest.mark.usefixtures("fragile")
def test_a_process_that_ends_for_another_reason_costs_no_file(inbox: list[Path], tmp_path: Path) -> None:
    inbox[2].write_bytes(b"once:" + os.fsencode(tmp_path / "mark"))

    taken = take_in(inbox, sample_plan())

    assert [one.refusal.code for one in taken if one.refusal] == ["safety_not_workbook"]


def test_a_module_that_lies_beside_the_files_is_not_taken_for_ours(
    inbox: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("struct.py", "pickle.py", "xlplan.py"):
        (inbox[0].parent / name).write_text("raise SystemExit", encoding="utf-8")
    monkeypatch.chdir(inbox[0].parent)

    assert take_in(inbox[:1], sample_plan())[0].submission


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
