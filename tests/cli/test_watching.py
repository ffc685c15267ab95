"""What a command is at, shown on a terminal only; and Ctrl+C, after which it is said what is done and what is not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from commands import ROOT, run
from marks import needs_terminals
from returns import TABLES, write_tables
from rounds import ISSUED, begin, desk, drop, files
from terminals import on_terminal

from xlplan import stages
from xlplan.cli.watching import Watch
from xlplan.store.progress import Activity, Progress, counted
from xlplan.store.workspace import Workspace

PROGRAM = """
import signal, sys
from xlplan.cli import watching

moment, watching.SECONDS, *sys.argv[1:] = sys.argv[1], float(sys.argv[2]), *sys.argv[3:]
heard = watching.Watch.heard

def hears(self, progress):
    heard(self, progress)
    if f"{progress.activity} {progress.done}" == moment:
        signal.raise_signal(signal.SIGINT)

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's job in the background is born deaf to it
watching.Watch.heard = hears
from xlplan.__main__ import main
main()
"""
"""The program, which gets the signal of Ctrl+C at a moment of its work: what it is at, and how many are done."""


def interrupted(moment: str, *words: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    """The program, to which the signal is sent at that moment."""
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, moment, "60", *map(str, words)],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def begun(tmp_path: Path) -> Workspace:
    """R6 issued; two returns have come, of which one has an error, and a memo."""
    space = begin(tmp_path)
    drop(space, "1.xlsx", desk(space, "D1").put("A-1", "done", None).saved())
    drop(space, "2.xlsx", desk(space, "D3").saved())
    drop(space, "memo.xlsx", b"memo")
    return space


RECEIVE, ISSUE, DRAFT = ("receive",), ("issue", "--period", "R6"), ("consolidate", "--draft")
NOTHING = "何も記録していません。同じ命令をもう一度実行すれば、はじめから行います"
MOMENTS = {
    "reading": (RECEIVE, "reading 1", f"中断しました（回答を読んでいます：3件中 1件まで）。{NOTHING}"),
    "judging": (RECEIVE, "judging 1", f"中断しました（回答を調べています：2件中 1件まで）。{NOTHING}"),
    "recorded": (RECEIVE, "recorded 1", "中断しました。記録は済んでいますが、"),
    "making": (DRAFT, "consolidating 2", f"中断しました（総括を作っています：4件中 2件まで）。{NOTHING}"),
    "made": (DRAFT, "recorded 1", "中断しました。記録は済んでいますが、"),
    "decided": (("excuse", "D2", "--reason", "x"), "recorded 1", "中断しました。記録は済んでいますが、"),
    "comparing": (
        ("ledger", "verify"),
        "comparing 1",
        "中断しました（控えを確かめています：3件中 1件まで）。",
    ),
}


@pytest.mark.parametrize("name", MOMENTS)
def test_a_command_that_is_broken_off_says_what_is_done_and_the_next_run_does_the_rest(
    name: str, begun: Workspace
) -> None:
    words, moment, line = MOMENTS[name]

    done = interrupted(moment, *words, cwd=begun.root)

    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (130, "", 1), done.stderr
    assert done.stderr.startswith(f"xlplan: {line}")
    again = run(*words, cwd=begun.root)
    assert again.returncode in (0, 1) or name == "decided", again.stderr
    assert stages.verify(begun).fine
    assert not [path for path in files(begun.root) if path.endswith(".tmp")]


@pytest.mark.parametrize(("moment", "recorded", "placed"), [("issuing 1", 0, 0), ("placing 1", 3, 1)])
def test_of_an_issue_that_is_broken_off_all_is_recorded_or_nothing(
    moment: str, recorded: int, placed: int, tmp_path: Path
) -> None:
    """And what was recorded and not put in its place yet comes out by the next run."""
    write_tables(TABLES, tmp_path / "plan")
    space = Workspace(tmp_path)

    done = interrupted(moment, *ISSUE, cwd=tmp_path)

    assert done.returncode == 130
    words = "記録は済んでいます" if recorded else "何も記録していません"
    assert words in done.stderr
    assert len(list(space.issued("R6").glob("*.xlsx"))) == placed
    assert run(*ISSUE, cwd=tmp_path).returncode == 0
    assert len(list(space.issued("R6").glob("*.xlsx"))) == 3
    assert stages.verify(space).fine


def test_of_forms_that_are_mended_it_is_said_how_many_are_written(begun: Workspace) -> None:
    inbox = begun.inbox("R6")

    done = interrupted(
        "mending 1", "mend", inbox / "2.xlsx", inbox / "1.xlsx", "--lang", "en", cwd=begun.root
    )

    assert (done.returncode, done.stderr) == (
        130,
        "xlplan: Stopped. 1 of 2 fresh forms are written; run it again with the files that are left\n",
    )
    assert len(list(inbox.glob("2_*.xlsx"))) == 1


def test_before_a_command_begins_nothing_is_done(tmp_path: Path) -> None:
    code = (
        "import signal, xlplan.cli.commands as commands;"
        "signal.signal(signal.SIGINT, signal.default_int_handler);"
        "commands.run = lambda app: signal.raise_signal(signal.SIGINT); commands.main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": str(ROOT), "XLPLAN_LANG": "en"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (130, "xlplan: Stopped before anything was done\n")


@needs_terminals
def test_on_a_terminal_it_is_shown_what_a_long_command_is_at_and_nothing_is_left_of_it(
    begun: Workspace,
) -> None:
    status, shown = on_terminal([sys.executable, "-c", PROGRAM, "", "0", "receive"], begun.root)

    assert status == 1
    before, _, result = shown.rpartition("\x1b[?25h")  # the cursor, which is hidden meanwhile, is back
    assert "回答を調べています" in before
    assert result.startswith("\r\x1b[1A\x1b[2K")  # one line up, where it stood, and that is erased
    assert "回答を" not in result
    assert "受理 1件、差戻し 1件" in result


def test_what_is_piped_holds_nothing_of_it(begun: Workspace) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, "", "0", "receive"],
        cwd=begun.root,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )

    assert (done.returncode, done.stderr) == (1, "")
    assert "\x1b" not in done.stdout


def test_the_public_api_tells_the_same(begun: Workspace) -> None:
    import xlplan

    heard: list[tuple[str, int, int]] = []
    city = xlplan.open(
        begun.root,
        on_progress=lambda progress: heard.append((progress.activity.value, progress.done, progress.total)),
    )

    city.receive(now=ISSUED)

    assert heard == [
        *(("reading", done, 3) for done in (1, 2, 3)),
        *(("judging", done, 2) for done in (0, 1, 2)),
        ("recorded", 1, 1),
    ]


def test_things_are_told_before_each_and_after_the_last() -> None:
    heard: list[Progress] = []

    assert list(counted(Activity.ISSUING, ["a", "b"], heard.append)) == ["a", "b"]
    assert [progress.done for progress in heard] == [0, 1, 2]
    assert list(counted(Activity.ISSUING, [], heard.append)) == []
    assert len(heard) == 3


def test_what_was_recorded_is_said_in_both_languages() -> None:
    watch = Watch(lambda: "en")
    assert watch.stopped("en").startswith("Stopped. Nothing was recorded")
    watch.heard(Progress(Activity.ISSUING, 2, 60))
    assert watch.stopped("en").startswith("Stopped (Writing workbooks: 2 of 60). Nothing was recorded")
    watch.heard(Progress(Activity.RECORDED, 1, 1))
    watch.heard(Progress(Activity.PLACING, 7, 60))
    assert watch.stopped("ja").startswith(
        "中断しました（ブックを置いています：60件中 7件まで）。記録は済んで"
    )
