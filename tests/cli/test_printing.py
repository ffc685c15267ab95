"""What stands in the terminal: what must be mended first, equal readings once, and no line broken in a file."""

from datetime import date

import pytest
from judgements import findings_of
from returns import sample_plan

from xlplan.cli.printing import Printer
from xlplan.language.codes import Severity
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding


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
