"""The command line as people meet it: real processes, real folders."""

import gc
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from commands import COMMANDS, ROOT, documented, keys_of, run

from xlplan.cli.guard import rare_collections


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which the demonstration has been played."""
    folder = tmp_path_factory.mktemp("cli") / "city"
    done = run("demo", folder, cwd=folder.parent)
    assert (done.returncode, done.stderr) == (0, "")
    return folder


@pytest.fixture
def city(played: Path, tmp_path: Path) -> Path:
    """A copy of that workspace, to do with as a test likes."""
    shutil.copytree(played, tmp_path / "city")
    return tmp_path / "city"


JAPANESE = re.compile("[ぁ-んァ-ヶ一-龠]")


@pytest.mark.parametrize("below", ["workbooks", "workbooks/H26", "workbooks/H26/inbox"])
def test_a_command_in_a_folder_below_uses_the_plan_above_and_says_so(city: Path, below: str) -> None:
    here = run("status", cwd=city)

    there = run("status", cwd=city / below)

    assert (there.returncode, there.stdout) == (here.returncode, here.stdout)
    assert there.stderr == f"上のフォルダーにある計画を使います：{city.resolve()}\n"
    english = run("status", "--lang", "en", cwd=city / below)
    assert english.stderr.startswith("The plan is in a folder above: ")


BELOW = (
    *(("lint",), ("status",), ("receive",), ("consolidate", "--draft"), ("reconcile",), ("changes",)),
    *(("ledger", "verify"), ("ledger", "verify", "--deep"), ("issue", "--period", "H26"), ("close",)),
    *(("excuse", "D01", "--reason", "x"), ("rollover", "--to", "H26")),
    ("correct", "--item", "A-01", "--field", "done", "--value", "y", "--reason", "x"),
)


@pytest.mark.parametrize("words", BELOW, ids=" ".join)
def test_every_command_finds_the_plan_from_the_inbox_and_speaks_its_language(
    city: Path, words: tuple[str, ...]
) -> None:
    """Also where it is refused: the plan is Japanese, the system English."""
    inbox = city / "workbooks" / "H26" / "inbox"

    done = run(*words, cwd=inbox, LC_MESSAGES="en_GB.UTF-8")

    above, *rest = done.stderr.splitlines()
    assert above == f"上のフォルダーにある計画を使います：{city.resolve()}"
    assert "plan.xlsx" not in done.stderr
    assert all(JAPANESE.search(line) for line in (*rest, *done.stdout.splitlines()[:1]))


def test_files_that_are_named_there_are_those_of_the_folder_at_hand(city: Path) -> None:
    inbox = city / "workbooks" / "H26" / "inbox"
    name = min(path.name for path in inbox.glob("*.xlsx"))

    done = run("check", name, cwd=inbox)

    assert done.returncode in (0, 1)
    assert name in done.stdout


def test_a_folder_that_is_named_is_not_looked_for_above(city: Path) -> None:
    done = run("status", "--dir", "H26", cwd=city / "workbooks")

    assert done.returncode == 2
    assert "plan.xlsx" in done.stderr
    assert "上のフォルダー" not in done.stderr


MISTYPED = {
    ("issue", "--perod", "H26"): "--perod という指定はありません。--period のことでしょうか。",
    ("status", "--colour"): "--colour という指定はありません。使い方",
    ("isue",): "「isue」という命令はありません。issue のことでしょうか。使えるのは new,",
    ("zzz",): "「zzz」という命令はありません。使えるのは new,",
    ("ledger", "verfy"): "「verfy」という命令はありません。verify のことでしょうか。",
    (
        "issue",
        "--period",
    ): "--period の書き方が違います。後ろに値が要るのに無いか、要らないのに付いています。使い方は xlplan issue",
    ("check",): "ファイルを指定してください。使い方は xlplan check --help",
    ("receive", "--json=1"): "--json の書き方が違います。",
    ("new",): "DIR を指定してください。使い方は xlplan new --help",
    ("lint", "H26"): "「H26」は余分です。使い方は xlplan lint --help",
}


@pytest.mark.parametrize("words", MISTYPED, ids=" ".join)
def test_a_mistyped_line_is_answered_with_one_line_in_the_users_language(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    done = run(*words, cwd=tmp_path)

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith(f"xlplan: {MISTYPED[words]}")
    english = run(*words, "--lang", "en", cwd=tmp_path)
    assert english.returncode == 2
    assert english.stderr.isascii()


def test_help_answers_at_once_and_imports_no_heavy_library(tmp_path: Path) -> None:
    code = (
        "import sys; sys.argv = ['xlplan', '--help']\n"
        "from xlplan.cli.commands import app\n"
        "try: app()\n"
        "except SystemExit: pass\n"
        "print([m for m in ('pandas', 'pandera', 'openpyxl', 'xlsxwriter', 'formualizer') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        check=True,
    )

    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_in_both_languages(command: str, tmp_path: Path) -> None:
    japanese = run(command, "--help", cwd=tmp_path)
    english = run(command, "--help", cwd=tmp_path, XLPLAN_LANG="en")

    assert (japanese.returncode, english.returncode) == (0, 0)
    assert re.search("[ぁ-ん]", japanese.stdout)
    assert not re.search("[ぁ-ん]", english.stdout)


@pytest.mark.parametrize(
    "words", [["--help"], ["check", "--help"], ["ledger", "verify", "--help"]], ids=" ".join
)
def test_help_speaks_the_language_that_is_asked_for_on_the_line(words: list[str], tmp_path: Path) -> None:
    japanese = run(*words, cwd=tmp_path)
    for english in (
        run("--lang", "en", *words, cwd=tmp_path),
        run(*words[:-1], "--lang", "en", "--help", cwd=tmp_path),
    ):
        assert "Usage: xlplan" in english.stdout
        assert not re.search("[ぁ-ん]", english.stdout)
    assert re.search("[ぁ-ん]", japanese.stdout)


@pytest.mark.parametrize("command", ["status", "lint", "ledger verify"])
def test_the_language_may_stand_before_the_command(command: str, city: Path) -> None:
    after = run(*command.split(), "--lang", "en", cwd=city)
    before = run("--lang", "en", *command.split(), cwd=city)

    assert re.search("[a-z]{3}", after.stdout)
    assert (before.returncode, before.stdout, before.stderr) == (after.returncode, after.stdout, after.stderr)
    assert run("--lang", "en", *command.split(), "--lang", "ja", cwd=city).stdout != after.stdout


@pytest.mark.parametrize(
    "command", ["issue", "check", "receive", "letters", "status", "consolidate", "reconcile"]
)
def test_json_is_one_document_of_documented_keys_and_nothing_else(command: str, city: Path) -> None:
    inbox = sorted((city / "workbooks" / "H26" / "inbox").iterdir())
    arguments = {
        "issue": ["--period", "H26", "--due", "2015-06-30"],
        "check": [*inbox],
        "receive": [*inbox],
        "consolidate": ["--draft"],
    }.get(command, [])
    if command == "receive":
        (city / "workbooks" / "ledger.sqlite").unlink()
        (city / "workbooks" / "decisions.jsonl").unlink(missing_ok=True)
        for folder in ("H26/returned", "H26/issued", "backup"):
            shutil.rmtree(city / "workbooks" / folder)
        fresh = run("issue", "--period", "H26", "--dir", city, cwd=city)
        assert fresh.returncode == 0, fresh.stderr

    done = run(command, *arguments, "--json", "--dir", city, cwd=city)

    document = json.loads(done.stdout)
    assert done.stderr == ""
    assert document["command"] == command
    assert set(keys_of(document)) <= documented(command)


def test_documented_keys_are_all_there(city: Path) -> None:
    """Those that need more to be told are elsewhere: of reconcile in test_causes.py, of earlier rounds in
    test_earlier.py, of an accepted return that is replaced in test_displaced.py, of a page in test_standing.py,
    of a round that is closed in test_close.py, of what the office enters, and has to, in test_office_afterwards.py, of
    what is to be sent in test_status.py, of letters in test_mail.py.
    """
    inbox = sorted((city / "workbooks" / "H26" / "inbox").iterdir())
    min((city / "workbooks" / "H26" / "issued").iterdir()).write_bytes(b"typed")
    lock = city / "~$plan.xlsx"
    lock.touch()
    documents = {
        "status": run("status", "--json", "--since", "2015-01-01", "--dir", city, cwd=city),
        "check": run("check", *inbox, "--json", "--dir", city, cwd=city),
        "issue": run(*"issue --period H26 --due 2015-05-30 --json --dir".split(), city, cwd=city),
    }

    lock.unlink()
    for command, done in documents.items():
        told = (
            "earlier[]",
            "page[]",
            "closed[]",
            "office[]",
            "published[]",
            "returns[].changes[]",
            "letters[]",
            "to_send[]",
        )
        keys = {one for one in documented(command) if not one.startswith(told)}
        assert set(keys_of(json.loads(done.stdout))) == keys


def test_findings_are_japanese_by_default_and_english_on_request(city: Path) -> None:
    faulty = next((city / "workbooks" / "H26" / "inbox").glob("*D02*"))

    japanese = run("check", faulty, "--dir", city, cwd=city)
    english = run("check", faulty, "--dir", city, "--lang", "en", cwd=city)

    assert "進捗は選択肢から選んでください" in japanese.stdout
    assert "must be one of the choices" in english.stdout
    assert (japanese.returncode, english.returncode) == (1, 1)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["status"], "plan.xlsx"),
        (["lint", "--dir", "nowhere"], "nowhere"),
        (["new", "x", "--kit", "osaka"], "osaka"),
        (["issue", "--period", "H26"], "plan.xlsx"),
        (["check", "missing.xlsx"], "plan.xlsx"),
    ],
)
def test_without_a_plan_one_clear_line_and_status_2(arguments: list[str], said: str, tmp_path: Path) -> None:
    done = run(*arguments, cwd=tmp_path)

    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert said in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["issue"], "--period"),
        (["issue", "--period", "H99"], "H99"),
        (["issue", "--period", "H26", "--department", "環境課"], "環境課"),
        (["issue", "--period", "H26", "--due", "あした"], "あした"),
        (["check", "missing.xlsx"], "missing.xlsx"),
        (["receive", "--period", "H24"], "平成24年度"),
        (["status", "--lang", "fr"], "fr"),
        (["new", "."], "plan.xlsx"),
        (["demo", "."], "空ではありません"),
    ],
)
def test_wrong_arguments_give_one_clear_line_and_status_2(
    arguments: list[str], said: str, city: Path
) -> None:
    done = run(*arguments, cwd=city)

    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert said in done.stderr


def test_a_broken_plan_is_told_with_its_cell_and_stops_the_work(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "templates" / "asahikawa", tmp_path / "plan")
    items = tmp_path / "plan" / "items.csv"
    items.write_text(items.read_text(encoding="utf-8").replace("D01", "D99", 1), encoding="utf-8")

    lint = run("lint", cwd=tmp_path)
    issue = run("issue", "--period", "H26", cwd=tmp_path)

    assert lint.returncode == 1
    assert "D99" in lint.stdout
    assert issue.returncode == 2
    assert "items.csv" in issue.stderr
    assert not (tmp_path / "workbooks").exists()


def test_an_unreadable_plan_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "plan.xlsx").write_bytes(b"not a workbook")

    done = run("lint", cwd=tmp_path)

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


def test_a_file_open_in_excel_is_not_written_over(city: Path) -> None:
    summary = city / "workbooks" / "H26" / "summary.xlsx"
    before = summary.read_bytes()
    (summary.parent / "~$summary.xlsx").write_bytes(b"")

    done = run("consolidate", cwd=city)

    assert done.returncode == 2
    assert "summary.xlsx" in done.stderr
    assert summary.read_bytes() == before


def test_consolidate_refuses_while_returns_are_open_and_names_them(tmp_path: Path) -> None:
    run("new", "city", cwd=tmp_path)
    run("issue", "--period", "H26", "--dir", "city", cwd=tmp_path)

    refused = run("consolidate", "--dir", "city", cwd=tmp_path)
    draft = run("consolidate", "--draft", "--dir", "city", cwd=tmp_path)

    assert refused.returncode == 1
    assert "広報広聴課" in refused.stdout
    assert draft.returncode == 0
    assert (tmp_path / "city" / "workbooks" / "H26" / "summary-draft.xlsx").is_file()


def test_reconcile_finds_asahikawas_printed_figures(city: Path) -> None:
    done = run("reconcile", "--json", "--dir", city, cwd=city)

    figures = json.loads(done.stdout)["figures"]
    shown = {(one["measure"], one["group"]): (one["printed"], one["shown"], one["agrees"]) for one in figures}
    assert done.returncode == 0
    assert shown == {
        ("items", ""): ("30", "30", True),
        ("by_judgement", "計画通り"): ("18", "18", True),
        ("by_judgement", "遅れているが進んでいる"): ("7", "7", True),
        ("by_judgement", "現状費用対効果が低い"): ("4", "4", True),
        ("by_judgement", "その他"): ("1", "1", True),
        ("share_judgement", "計画通り"): ("60%", "60%", True),
        ("share_judgement", "遅れているが進んでいる"): ("23%", "23%", True),
        ("share_judgement", "現状費用対効果が低い"): ("13%", "13%", True),
        ("share_judgement", "その他"): ("3%", "3%", True),
    }


def test_the_readme_names_only_commands_that_exist() -> None:
    page = (ROOT / "README.md").read_text(encoding="utf-8")

    named = set(re.findall(r"^\s+xlplan (\w+)", page, re.MULTILINE))

    assert named <= set(COMMANDS)
    assert named >= {"new", "lint", "issue", "receive", "status", "consolidate", "reconcile"}


def test_cycles_are_looked_for_seldom_during_a_run_and_as_before_after_it() -> None:
    usual = gc.get_threshold()

    with rare_collections():
        during = gc.get_threshold()

    assert during[0] > 10 * usual[0]
    assert gc.get_threshold() == usual
