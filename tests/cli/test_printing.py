"""What stands in the terminal: what must be mended first, equal readings once, and no line broken in a file."""

import re
import sys
from datetime import date
from pathlib import Path

import pytest
from commands import run
from judgements import findings_of
from marks import needs_terminals
from returns import sample_plan
from rounds import begin, desk, drop
from terminals import COLUMNS, on_terminal

from xlplan.cli.printing import Printer
from xlplan.language.codes import Severity
from xlplan.language.text import display_width
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding
from xlplan.store.workspace import Workspace


def printed(*found: Finding) -> list[str]:
    printer = Printer("ja")
    with printer.console.capture() as captured:
        printer.findings(found, lambda one: one.field)
    return captured.get().splitlines()


def reading(
    cell: str, field: str = "started", form: str = "report", code: FindingCode = FindingCode.READ_AS
) -> Finding:
    params = {"label": "開始日", "before": "R7.1.1", "after": "令和7年1月1日"}
    return Finding(
        code,
        form=form,
        sheet="進捗報告",
        cell=cell,
        field=field,
        value="R7.1.1",
        params=params,
    )


WARNING = Finding(FindingCode.PERSONAL_NUMBER, sheet="進捗報告", cell="K7", params={"label": "内容"})
ERROR = Finding(FindingCode.REQUIRED_TEXT, sheet="進捗報告", cell="K8", params={"label": "内容"})


def test_errors_stand_before_warnings_and_these_before_notices() -> None:
    lines = printed(reading("L6"), WARNING, ERROR)
    assert [line.split()[0] for line in lines] == ["誤り", "要確認", "お知らせ"]


def test_equal_readings_of_one_column_are_one_line_with_a_count_and_an_example() -> None:
    [line] = printed(*(reading(f"L{row}") for row in range(6, 18)))
    assert "進捗報告!L6" in line
    assert "開始日の「R7.1.1」を「令和7年1月1日」と読み替えました（この列にほか 11件：L7、L8、" in line


def test_readings_of_another_kind_column_or_form_and_all_errors_have_their_own_line() -> None:
    other = (
        reading("M6", field="paid"),
        reading("L7", code=FindingCode.READ_AS_NO_ERA),
        reading("L6", form="money"),
    )
    assert len(printed(reading("L6"), *other, ERROR, ERROR)) == 6


def test_a_long_line_is_not_broken_where_the_output_is_no_terminal() -> None:
    long = Finding(FindingCode.REQUIRED_TEXT, value="値" * 20, params={"label": "長い見出し" * 60})
    assert len(printed(long)) == 1


@pytest.mark.parametrize(
    ("cells", "form", "said"),
    [
        ({"places": "5"}, "report", "箇所数の「5」は文字列として入っていたため、数値として読み取りました"),
        ({"places": "５"}, "report", "箇所数の全角の「５」を半角にして「5」と読み替えました"),
        ({"started": "R6.5.1"}, "report", "開始日の「R6.5.1」を「令和6年5月1日」と読み替えました"),
        (
            {"started": "令和6年5月1日"},
            "report",
            "開始日の「令和6年5月1日」は文字列として入っていたため、日付や年月として読み取りました",
        ),
    ],
)
def test_a_reading_says_what_differed_and_writes_days_by_the_calendar(
    cells: dict[str, object], form: str, said: str
) -> None:
    [found] = findings_of(sample_plan(), cells, form=form)
    assert (found.severity, found.message("ja")) == (Severity.NOTICE, said)


def test_bounds_of_a_day_are_written_by_the_plan_s_calendar() -> None:
    [found] = [
        one for one in findings_of(sample_plan(), {"started": date(2019, 5, 1)}) if one.code == "out_of_range"
    ]
    assert found.message("ja") == "開始日は令和2年4月1日から令和12年3月31日までで入力してください"


# --- on a terminal of 80 columns ---------------------------------------------------------------------

XLPLAN = [sys.executable, "-m", "xlplan"]
NOT_FIRST = "、。）」ー"
UP = "\x1b[1A"
"""The way back to the line of what a command is at, which is erased then."""
ESCAPES = re.compile("\x1b\\[[0-9;?]*[A-Za-z]")


def lines_of(shown: str) -> list[str]:
    """What stood on the terminal in the end, line by line: without what was erased again."""
    lines: list[str] = []
    for line in shown.removesuffix("\n").split("\n"):
        if UP in line:
            lines.pop()
        lines.append(ESCAPES.sub("", line.rpartition("\x1b[2K")[2]))
    return lines


@pytest.fixture
def answered(tmp_path: Path) -> Workspace:
    """R6 issued; a return has come whose text is too long, and a file of a long name that is none."""
    space = begin(tmp_path)
    drop(space, "回答.xlsx", desk(space, "D1").put("A-1", "done", "長い文、" * 60).saved())
    drop(
        space,
        "電子申請の拡充についての問い合わせと回答案（情報政策課、総務課、消防課との協議用）.xlsx",
        b"memo",
    )
    return space


@needs_terminals
@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize(
    "words",
    [
        ("check", "workbooks/R6/inbox/回答.xlsx"),
        ("receive",),
        ("status",),
        ("status", "--period", "R99"),
        ("receive", "--help"),
        ("--help",),
    ],
    ids=" ".join,
)
def test_on_a_terminal_lines_end_at_words_and_none_is_too_wide(
    words: tuple[str, ...], language: str, answered: Workspace
) -> None:
    """Results, faults and pages of help."""
    spoken = ["--lang", language] if "--help" not in words else []
    status, shown = on_terminal([*XLPLAN, *words, *spoken], answered.root, XLPLAN_LANG=language)

    lines = lines_of(shown)
    assert status in (0, 1, 2)
    assert [line for line in lines if display_width(line.rstrip()) > COLUMNS] == []
    assert [line for line in lines if line.strip()[:1] and line.strip()[0] in NOT_FIRST] == []


@needs_terminals
def test_the_same_piped_is_whole_lines_of_the_same_words(answered: Workspace) -> None:
    _, shown = on_terminal([*XLPLAN, "check", "workbooks/R6/inbox/回答.xlsx"], answered.root)
    piped = run("check", "workbooks/R6/inbox/回答.xlsx", cwd=answered.root).stdout

    lines = lines_of(shown)
    assert "".join("".join(lines).split()) == "".join(piped.split())
    assert max(map(display_width, piped.splitlines())) > COLUMNS
    assert len(lines) > len(piped.splitlines())


@needs_terminals
def test_a_fault_is_wrapped_on_a_terminal_and_one_line_in_a_file(answered: Workspace) -> None:
    words = ["excuse", "X", "--reason", "理由のとても長い説明。" * 12]
    _, shown = on_terminal([*XLPLAN, *words], answered.root)
    piped = run(*words, cwd=answered.root).stderr

    assert piped.startswith("xlplan: 部署「X」は")
    assert len(piped.splitlines()) == 1
    first, *rest = lines_of(shown)
    assert first.startswith("xlplan: 部署「X」は")
    assert all(line.startswith("  ") for line in rest)
