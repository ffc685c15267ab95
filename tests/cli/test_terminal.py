"""What comes from a file never steers the terminal: signs that would are escapes, for people and for programs."""

import json
import os
from pathlib import Path

import pytest
from commands import run
from returns import TABLES, changed, write_tables
from rounds import begin, desk, drop

from xlplan.cli.printing import Printer
from xlplan.language.text import visible, visible_in_json
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding

ROOT = Path(__file__).parents[2] / "xlplan"

RAW = {
    "escape": "\x1b[2J",
    "bell": "\a",
    "backspace": "\b",
    "carriage return": "\r",
    "line": "\n",
    "tab": "\t",
    "delete": "\x7f",
    "control of eight bits": "\x9b31m",
    "right to left": "\u202e",
    "isolate": "\u2066",
    "mark of direction": "\u200f",
    "Arabic mark": "\u061c",
    "no width": "\u200b",
    "byte order": "\ufeff",
    "line separator": "\u2028",
    "tag": "\U000e0041",
    "hyphen that is not seen": "\xad",
    "half a character": "\udc83",
}


@pytest.mark.parametrize("name", RAW)
def test_21_no_sign_that_steers_reaches_the_terminal(name: str) -> None:
    shown = visible(f"回{RAW[name]}答")
    assert shown.startswith("回\\")
    assert shown.endswith("答")
    assert RAW[name][0] not in shown


@pytest.mark.parametrize("words", ["髙橋󠄀", "👩‍👩‍👧", "①　ｶﾞ", "Café", "\ue000", "e\u0301", "葛󠄀城市", "✔️"])
def test_21_what_people_write_stands_as_they_wrote_it(words: str) -> None:
    assert visible(words) == words


@pytest.mark.parametrize("name", RAW)
def test_21_a_document_says_the_same_and_holds_none_either(name: str) -> None:
    value = {f"k{RAW[name]}": f"回{RAW[name]}答\\{RAW[name]}"}
    written = visible_in_json(json.dumps(value, ensure_ascii=False, indent=2))
    assert json.loads(written) == value
    assert RAW[name][0] not in written.replace("\n", "")


@pytest.mark.parametrize("name", [name for name in RAW if name != "half a character"])
def test_21_every_way_through_the_printer_is_guarded(name: str) -> None:
    bad = f"A{RAW[name]}B"
    finding = Finding(
        FindingCode.READ_AS,
        sheet=bad,
        cell="A1",
        item=bad,
        value=bad,
        params={"label": bad, "before": bad, "after": bad},
    )
    printer = Printer("ja")
    with printer.console.capture() as captured:
        printer.line(bad)
        printer.head(printer.state("cli.state.fine", ""), bad, bad)
        printer.table(["a"], [[bad]])
        printer.finding(finding, bad, [bad])
    lines = captured.get()
    assert RAW[name][0] not in lines.replace("\n", "")
    assert len(lines.splitlines()) == 5  # the table has a heading


def test_21_only_the_printer_prints() -> None:
    printing = [
        path.name for path in ROOT.rglob("*.py") if "console.print(" in path.read_text(encoding="utf-8")
    ]
    assert printing == ["printing.py"]


HOSTILE = "回\x1b[31m答\u202e.xlsx"


@pytest.mark.skipif(os.name == "nt", reason="Windows takes no such names")
def test_21_a_hostile_name_of_a_file_and_of_a_sheet_goes_the_whole_way(tmp_path: Path) -> None:
    space = begin(tmp_path)
    answered = desk(space, "D1").put("A-1", "done", "\u202e済\u2066")
    answered.book.create_sheet("追\u202e加")["A1"] = "x\u202ey"
    drop(space, HOSTILE, answered.saved())
    drop(space, f"memo{HOSTILE}", b"memo")
    for command in (["check", f"workbooks/R6/inbox/{HOSTILE}"], ["receive"], ["receive"], ["status"]):
        for more in ([], ["--json"], ["--lang", "en"]):
            found = run(*command, *more, cwd=tmp_path)
            told = found.stdout + found.stderr
            assert found.returncode in (0, 1), told
            assert not set(told) & {"\x1b", "\u202e", "\u2066"}
            if "--json" in more and command[0] != "status":
                names = [Path(one["file"]).name for one in json.loads(found.stdout)["returns"]]
                assert HOSTILE in names


@pytest.mark.skipif(os.name == "nt", reason="Windows takes no such names")
def test_21_faults_and_findings_of_the_plan_are_guarded_too(tmp_path: Path) -> None:
    missing = run("check", f"none{HOSTILE}", cwd=begin(tmp_path).root)
    assert missing.returncode == 2
    assert "\\x1b[31m" in missing.stderr
    write_tables(changed(TABLES, "items", "電子申請", "電\u202e子\u2067申請"), tmp_path / "plan")
    (tmp_path / "plan" / "records.csv").write_text(
        "form,period,item\nreport,R5,A\u202e-9\n", encoding="utf-8"
    )
    found = run("lint", cwd=tmp_path)
    assert found.returncode == 1
    for one in (missing, found):
        assert not set(one.stdout + one.stderr) & {"\x1b", "\u202e", "\u2067"}
