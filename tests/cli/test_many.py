"""Of many files and departments what needs attention is told one by one and the rest counted; --all tells all."""

import json
from pathlib import Path

import pytest
from commands import run
from returns import TABLES, write_tables
from rounds import begin, desk, drop

from xlplan.cli import many
from xlplan.cli.many import one_by_one, show_open
from xlplan.cli.printing import Printer
from xlplan.cli.show import show_checked, show_issue, show_received
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding
from xlplan.model.issue import IssueState
from xlplan.model.item import Department
from xlplan.report.returns import ReturnStanding, ReturnState
from xlplan.stages.issue import IssueLine, IssueResult
from xlplan.stages.received import FileState, ReceivedFile, ReceiveResult
from xlplan.store.workspace import Workspace


def came(name: str, state: FileState, *codes: FindingCode) -> ReceivedFile:
    """A file of a department of that name."""
    findings = tuple(Finding(code, params=dict.fromkeys(code.params, "x")) for code in codes)
    return ReceivedFile(Path(f"{name}.xlsx"), state, Department(name, f"{name}課"), 1, findings)


def round_of(*lines: ReceivedFile, space: Workspace) -> ReceiveResult:
    """What came in of the sample plan's round."""
    import xlplan

    plan = xlplan.open(space.root).plan
    return ReceiveResult(plan, plan.period("R6"), lines)


ERRORS = (FindingCode.SHEET_MISSING,) * 7
LINES = (
    *(came(f"A{number}", FileState.ACCEPTED) for number in range(40)),
    came("W", FileState.ACCEPTED, FindingCode.GREY_CHANGED),
    *(came(f"B{number}", FileState.SENT_BACK, *ERRORS) for number in range(14)),
    ReceivedFile(Path("memo.xlsx"), FileState.REFUSED, findings=(Finding(FindingCode.NOT_A_RETURN),)),
)


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    write_tables(TABLES, tmp_path / "plan")
    return Workspace(tmp_path)


def printed(result: ReceiveResult, *, everything: bool = False) -> list[str]:
    printer = Printer("ja")
    with printer.console.capture() as captured:
        show_received(printer, result, everything=everything)
    return captured.get().splitlines()


def test_of_many_files_those_that_need_attention_are_told_and_departments_are_counted(
    space: Workspace,
) -> None:
    lines = printed(round_of(*LINES, space=space))

    assert [line.split()[0] for line in lines if ".xlsx（" in line and line[0] != " "][:12] == [
        "差戻し中"
    ] * 12
    assert lines.count("  ほか 2件の指摘") == 12
    back = "、".join(f"B{number}課" for number in range(14))
    assert lines[-6:-1] == [
        "ほか 3件（--all か --json ですべて見られます）",
        "受理：41部署",
        f"差戻し中：14部署（{back}）",
        "受け付けたうち、要確認の指摘がある：1部署（W課）",
        "対象外：1件。このファイルは照会の回答ではありません（memo.xlsx）",
    ]
    assert lines[-1].startswith("令和6年度：受理 41件、差戻し 14件、対象外 1件")
    assert len(lines) < 110


def test_all_tells_of_each_with_all_of_its_findings_and_sums_nothing_up(space: Workspace) -> None:
    lines = printed(round_of(*LINES, space=space), everything=True)

    assert sum(".xlsx" in line and line[0] != " " for line in lines) == len(LINES)
    assert not any("ほか" in line for line in lines)


def test_of_a_few_files_each_is_told(space: Workspace) -> None:
    few = round_of(*LINES[-many.MANY :], space=space)

    assert printed(few) == printed(few, everything=True)


def test_a_department_with_two_files_of_one_state_is_counted_once(space: Workspace) -> None:
    printer = Printer("en")
    lines = [came("A", FileState.FINE)] * 20 + [came("B", FileState.FAULTY, FindingCode.SHEET_MISSING)] * 2
    with printer.console.capture() as captured:
        show_checked(printer, round_of(*lines, space=space))

    assert "1 department(s)\n" in captured.get()
    assert "1 department(s) (B課)\n" in captured.get()


def test_the_gravest_findings_come_first() -> None:
    file = came("A", FileState.SENT_BACK, *(FindingCode.GREY_CHANGED,) * 6, FindingCode.SHEET_MISSING)

    [(short, more), *_], left = one_by_one([file] * 20, everything=False)

    assert short.findings[0].code is FindingCode.SHEET_MISSING
    assert (len(short.findings), more, left) == (many.MOST_FINDINGS, 2, 8)


def test_the_command_takes_all_and_the_document_has_every_file_anyway(tmp_path: Path) -> None:
    space = begin(tmp_path)
    drop(space, "1.xlsx", desk(space, "D3").saved())
    for number in range(14):
        drop(space, f"memo{number:02d}.xlsx", b"memo%d" % number)

    short = run("receive", cwd=tmp_path)
    whole = run("receive", "--all", cwd=tmp_path)
    document = json.loads(run("receive", "--json", cwd=tmp_path).stdout)

    assert short.stdout.count("\n対象外  memo") + short.stdout.startswith("対象外  memo") == many.MANY
    assert "受理：1部署" in short.stdout
    assert "対象外：14件。" in short.stdout
    assert whole.stdout.count("対象外  memo") == 14
    assert len(document["returns"]) == 15


def sent(number: int, done: IssueState) -> IssueLine:
    """The workbook of a department."""
    return IssueLine(Department(f"A{number}", f"部署{number}"), 1, Path(f"issued/{number}.xlsx"), "x", done)


def test_an_issue_to_many_lists_the_first_of_those_that_are_new(space: Workspace) -> None:
    lines = [sent(number, IssueState.UNCHANGED) for number in range(40)]
    lines += [sent(number, IssueState.REISSUED) for number in range(40, 60)]
    found = round_of(space=space)
    assert found.period
    result = IssueResult(found.plan, found.period, tuple(lines), frozenset({None}))
    printer = Printer("ja")
    told = []
    for everything in (False, True):
        with printer.console.capture() as captured:
            show_issue(printer, result, everything=everything)
        told.append([line for line in captured.get().splitlines() if line.startswith(("部署", "ほか"))])

    short, whole = (lines[1:] for lines in told)  # the first line is that of the headings
    assert [line.split()[0] for line in short[:-1]] == [f"部署{number}" for number in range(40, 52)]
    assert short[-1].startswith("ほか 48件")
    assert len(whole) == 60


def test_many_open_returns_stand_on_a_line_for_each_state(space: Workspace) -> None:
    plan = round_of(space=space).plan
    returns = [ReturnStanding(f"X{number}", ReturnState.WAITING) for number in range(13)]
    returns += [ReturnStanding("D1", ReturnState.SENT_BACK)]
    printer = Printer("ja")
    with printer.console.capture() as captured:
        show_open(printer, plan, returns)

    waiting = "、".join(f"X{number}" for number in range(13))
    assert captured.get().splitlines() == [f"回答待ち：13部署（{waiting}）", "差戻し中：1部署（情報課）"]
