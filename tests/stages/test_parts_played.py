"""Two rounds in one year, and four in another country: issued, answered, judged and consolidated, period by period."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from bothsides import answered
from libreoffice import LibreOffice
from openpyxl.worksheet.worksheet import Worksheet
from returns import Tables, plan_of, write_tables
from summaries import differing

from xlplan import stages
from xlplan.definition.reading import read_definition
from xlplan.form.issuing import prepare
from xlplan.form.layout.columns import ColumnKind
from xlplan.form.layout.entry import FIRST_ROW, EntryLayout
from xlplan.language.errors import UsageError
from xlplan.model.finding import Finding
from xlplan.stages.consolidate import ConsolidateResult
from xlplan.stages.define import existing_ledger
from xlplan.stages.years import Years
from xlplan.store.workspace import Workspace

JAPANESE: Tables = {
    "plan": """
        key | value
        id | half
        title | 半年ごとの計画
        organisation | 見本市
        language | ja
        fiscal_year_start | 4
        calendar | wareki
        office | 企画課
    """,
    "periods": """
        id | label | first_year | last_year | first_month | last_month | reference_date
        R6 | 令和6年度 | 2024 | 2024 | | |
        R7上 | 令和7年度上半期 | 2025 | 2025 | 4月 | 9月 | 2025-10-01
        R7下 | 令和7年度下半期 | 2025 | 2025 | 10 | 3 |
        R8上 | 令和8年度上半期 | 2026 | 2026 | 4 | 9 |
    """,
    "departments": """
        id | name
        D1 | 情報課
        D2 | 総務課
    """,
    "items": """
        id | goal | group | title | department | from_period | to_period
        A-1 | 目標 | 一 | 電子申請 | D1 | |
        A-2 | 目標 | 一 | 予約 | D1 | | R7上
        B-1 | 目標 | 二 | 給与 | D2 | R7下 |
        B-2 | 目標 | 二 | 文書 | D2 | |
    """,
    "choices": """
        list | value | rank
        status | 検討 | 1
        status | 実施 | 2
    """,
    "forms": """
        id | title
        report | 報告
    """,
    "fields": """
        form | id | label | type | list | required | filled_by | formula | previous
        report | actual | 進捗 | choice | status | yes | department | | yes
        report | day | 実施日 | date | | no | department | |
        report | cost | 費用 | whole | | no | department | | yes
        report | left | 残り日数 | number | | no | formula | IF(BLANK([@実施日]),0,REFERENCE_DATE()-[@実施日]) |
    """,
    "rules": """
        id | form | check | target | severity | message | remedy
        in_half|report|OR(BLANK([@実施日]),IN_PERIOD([@実施日]))|day|warning|この期の日ではありません。|確かめてください。
        in_year|report|OR(BLANK([@実施日]),IN_FISCAL_YEAR([@実施日]))|day|error|この年度の日ではありません。|直してください。
        not_ahead|report|OR(BLANK([@実施日]),[@実施日]<=REFERENCE_DATE())|day|error|基準日より後です。|直してください。
    """,
    "views": """
        id | title | kind | form | options
        list | 総括表 | progress | report | rows=actual
        states | 状況 | status | report | cells=actual
        figures | 集計 | statistics | report |
        bars | スケジュール | schedule | report | cells=actual
    """,
    "measures": """
        view | id | label | formula | by | total
        figures | done | 実施 | COUNTIFS([進捗],"実施",[period],PERIOD()) | | yes
        figures | cost | 費用 | SUMIFS([費用],[period],PERIOD()) | |
        figures | spent | 累計 | CUMULATIVE(cost) | |
    """,
    "records": """
        form | period | item | actual | cost
        report | R6 | A-1 | 検討 | 5
        report | R6 | A-2 | 検討 | 6
        report | R6 | B-2 | 検討 | 7
    """,
}

_WORDS = {
    "半年ごとの計画": "A plan in quarters",
    "見本市": "Sample Town",
    "企画課": "Planning",
    "情報課": "ICT",
    "総務課": "Affairs",
    "目標": "Goal",
    "電子申請": "Online forms",
    "予約": "Booking",
    "給与": "Payroll",
    "文書": "Papers",
    "報告": "Report",
    "進捗": "Status",
    "実施日": "Done on",
    "実施": "Done",
    "検討": "Planned",
    "残り日数": "Days left",
    "累計": "Spent",
    "費用": "Cost",
    "この期の日ではありません。": "No day of this quarter.",
    "この年度の日ではありません。": "No day of this year.",
    "基準日より後です。": "Later than the day as of which it is reported.",
    "確かめてください。": "Check it.",
    "直してください。": "Correct it.",
    "総括表": "Summary",
    "状況": "States",
    "集計": "Figures",
    "スケジュール": "Schedule",
    "一": "One",
    "二": "Two",
}
ENGLISH_PERIODS = """
    id | label | first_year | last_year | first_month | last_month | reference_date
    FY2024 | FY2024 | 2024 | 2024 | | |
    Q1 | FY2025 Q1 | 2025 | 2025 | July | September | 2025-10-01
    Q2 | FY2025 Q2 | 2025 | 2025 | October | December |
    Q3 | FY2025 Q3 | 2025 | 2025 | 1 | 3 |
    Q4 | FY2025 Q4 | 2025 | 2025 | 4 | 6 |
"""


def english() -> Tables:
    """The same plan in English, its year from July, in quarters."""
    names = {"R6": "FY2024", "R7上": "Q1", "R7下": "Q2", **_WORDS}
    found = {}
    for table, content in JAPANESE.items():
        for word, meant in names.items():
            content = content.replace(word, meant)
        found[table] = content
    settings = found["plan"].replace("| ja", "| en").replace("start | 4", "start | 7")
    return {**found, "plan": settings.replace("wareki", "western"), "periods": ENGLISH_PERIODS}


@dataclass(frozen=True)
class City:
    """A folder in which rounds are played."""

    space: Workspace
    words: Tables
    done: str

    def issue(self, period: str, now: date) -> None:
        stages.issue(self.space, period, due=None, departments=(), now=datetime(now.year, now.month, now.day))

    def workbook(self, period: str, department: str) -> tuple[openpyxl.Workbook, EntryLayout]:
        """A department's workbook as issued, and where things stand in it."""
        [path] = self.space.issued(period).glob(f"{period}_{department}_*.xlsx")
        plan = read_definition(self.space.find_definition()).usable()
        form, at = plan.forms[0], plan.period(period)
        assert at is not None
        return openpyxl.load_workbook(path), EntryLayout(form, plan, at, len(plan.items_of(at, department)))

    def answer(self, period: str, department: str, **answers: tuple[object, ...]) -> list[Finding]:
        """Answers by field, row after row, received; what was found."""
        book, layout = self.workbook(period, department)
        sheet = book[layout.form.title]
        assert isinstance(sheet, Worksheet)
        for field, values in answers.items():
            letters = layout.field_column(layout.form.by_id[field]).letters
            for row, value in enumerate(values, FIRST_ROW):
                sheet[f"{letters}{row}"] = value
        book.save(self.space.inbox(period) / f"{department}-{len(answers)}.xlsx")
        result = stages.receive(self.space, (), period=period, now=datetime(2026, 8, 1))
        return [
            finding
            for line in result.lines
            if line.department and line.department.id == department
            for finding in line.findings
            if finding.rule
        ]

    def before(self, period: str, department: str, field: str) -> list[object]:
        """What stands beside the answers."""
        book, layout = self.workbook(period, department)
        letters = layout.column(ColumnKind.PREVIOUS, field).letters
        rows = range(FIRST_ROW, layout.last_row + 1)
        return [book[layout.form.title][f"{letters}{row}"].value for row in rows]

    def guide(self, period: str, department: str) -> dict[object, object]:
        """The first sheet: what stands beside each label."""
        book, _ = self.workbook(period, department)
        lines = book.worksheets[0].iter_rows(values_only=True)
        return {line[1]: line[2] for line in lines if line[1]}

    def summary(self, period: str, *, draft: bool = False) -> ConsolidateResult:
        return stages.consolidate(self.space, period=period, draft=draft, now=datetime(2026, 9, 1))


def city(folder: Path, language: str) -> City:
    tables = JAPANESE if language == "ja" else english()
    write_tables(tables, folder / "plan")
    assert {finding.code for finding in read_definition(folder / "plan").findings} <= {"plan_cell_read"}
    return City(Workspace(folder), tables, "実施" if language == "ja" else "Done")


ROUNDS = {
    "ja": (("R7上", "R7下"), (date(2025, 9, 1), date(2026, 2, 1)), "令和7年度上半期"),
    "en": (("Q1", "Q2"), (date(2025, 8, 1), date(2025, 11, 20)), "FY2025 Q1"),
}


def play(found: City, language: str) -> None:
    """Both rounds: D1 has two items, of which one ends with the first; D2 gets one more with the second."""
    (first, second), (early, late), _ = ROUNDS[language]
    found.issue(first, date(2025, 10, 2))
    assert found.answer(first, "D1", actual=(found.done,) * 2, day=(early, None), cost=(10, 20)) == []
    assert found.answer(first, "D2", actual=(found.done,), cost=(40,)) == []
    found.issue(second, date(2026, 4, 2))
    assert found.answer(second, "D1", actual=(found.done,), day=(late,), cost=(100,)) == []
    assert found.answer(second, "D2", actual=(found.done,) * 2, cost=(200, 400)) == []


@pytest.fixture(scope="module", params=ROUNDS)
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[City, str]:
    """Both rounds, played once in each language."""
    found = city(tmp_path_factory.mktemp("parts"), request.param)
    play(found, request.param)
    return found, request.param


def test_the_second_round_of_a_year_has_the_first_for_its_previous(played: tuple[City, str]) -> None:
    found, language = played
    (first, second), _, label = ROUNDS[language]
    assert found.before(first, "D1", "cost") == [5, 6]
    assert found.before(second, "D1", "cost") == [10]
    assert found.before(second, "D2", "cost") == [None, 40]
    book, layout = found.workbook(second, "D1")
    heads = {str(cell.value) for line in book[layout.form.title].iter_rows(max_row=5) for cell in line}
    assert any(label in head for head in heads)


def test_figures_are_by_period_and_agree_with_libreoffice(
    played: tuple[City, str], libreoffice: LibreOffice
) -> None:
    found, language = played
    (first, second), _, _ = ROUNDS[language]
    begun = "R6" if language == "ja" else "FY2024"
    frame = stages.figures(found.space, second)
    figures = {
        (measure, period): value
        for measure, period, value in zip(frame["measure"], frame["period"], frame["value"], strict=True)
    }
    assert figures == {
        ("done", begun): 0,
        ("done", first): 3,
        ("done", second): 3,
        ("done", ""): 6,
        ("cost", begun): 18,
        ("cost", first): 70,
        ("cost", second): 700,
        ("spent", begun): 18,
        ("spent", first): 88,
        ("spent", second): 788,
    }
    result = found.summary(second)
    assert result.path is not None
    data = result.path.read_bytes()
    assert differing(data, libreoffice.recalculated(data)) == {}


def test_a_figure_in_print_goes_by_the_name_of_a_part(played: tuple[City, str]) -> None:
    found, language = played
    (first, second), _, label = ROUNDS[language]
    printed = (
        f"view | measure | period | value\nfigures | cost | {label} | 70\nfigures | cost | {second} | 699"
    )
    write_tables({**found.words, "published": printed}, found.space.root / "plan")
    found.summary(second)
    result = stages.reconcile(found.space, period=second)
    write_tables(found.words, found.space.root / "plan")
    (found.space.root / "plan" / "published.csv").unlink()
    assert [(line.period, line.agrees) for line in result.comparisons] == [(first, True), (second, False)]


def test_the_first_sheet_says_which_months_and_as_of_which_day(played: tuple[City, str]) -> None:
    found, language = played
    (first, second), _, _ = ROUNDS[language]
    guides = found.guide(first, "D1"), found.guide(second, "D1")
    if language == "ja":
        assert guides[0]["対象の期間"] == "令和7年4月1日から令和7年9月30日まで"
        assert [guide["基準日"] for guide in guides] == [
            "令和7年10月1日現在で答えてください。",
            "令和8年3月31日現在で答えてください。",
        ]
    else:
        assert guides[1]["Period covered"] == "2025-10-01 to 2025-12-31"
        assert [guide["As of"] for guide in guides] == [
            "Please answer as things stand on 2025-10-01.",
            "Please answer as things stand on 2025-12-31.",
        ]


def test_a_round_is_meant_by_the_name_of_its_part(tmp_path: Path) -> None:
    found = city(tmp_path, "ja")
    found.issue("R7上半期", date(2025, 10, 2))
    assert stages.status(found.space, period="2025上").period.id == "R7上"
    with pytest.raises(UsageError, match="R7下"):
        stages.status(found.space, period="R7")


def test_a_part_that_the_table_has_no_more_stays_in_its_place(tmp_path: Path) -> None:
    found = city(tmp_path, "ja")
    play(found, "ja")
    lines = found.words["periods"].splitlines()
    kept = "\n".join(line for line in lines if "R7上" not in line)
    items = found.words["items"].replace("R7上", "R6")
    write_tables({**found.words, "periods": kept, "items": items}, tmp_path / "plan")
    ledger = existing_ledger(found.space)
    assert ledger is not None
    with ledger:
        years = Years(read_definition(tmp_path / "plan"), ledger)
        assert [period.id for period in years.periods] == ["R6", "R7上", "R7下", "R8上"]
        assert years.is_frozen("R7上")


# --- both sides -------------------------------------------------------------------------------------

DAYS = (
    *(date(2024, 12, 31), date(2025, 3, 31), date(2025, 4, 1), date(2025, 6, 30), date(2025, 7, 1)),
    *(date(2025, 9, 30), date(2025, 10, 1), date(2025, 10, 2), date(2025, 12, 31), date(2026, 1, 1)),
    *(date(2026, 3, 31), date(2026, 4, 1), date(2026, 6, 30), date(2026, 7, 1)),
)


@pytest.mark.parametrize("language", ROUNDS)
def test_the_sheet_and_the_validator_agree_on_days_of_a_part(
    tmp_path: Path, language: str, libreoffice: LibreOffice
) -> None:
    items = "id | goal | title | department\n" + "\n".join(
        f"{at} | G | T{at} | D1" for at in range(len(DAYS))
    )
    tables = JAPANESE if language == "ja" else english()
    plan = plan_of({**tables, "items": items, "records": "form | period | item\n"})
    for name in ROUNDS[language][0]:
        period, department = plan.period(name), plan.department("D1")
        assert period is not None
        assert department is not None
        _, order = prepare(plan, period, department, None, datetime(2025, 10, 2))
        typed: dict[tuple[str, str, str], object] = {
            ("report", str(at), "day"): day for at, day in enumerate(DAYS)
        }
        typed |= {("report", str(at), "actual"): plan.lists["status"][0].value for at in range(len(DAYS))}
        both = answered(order, typed, libreoffice, tmp_path)
        [layout] = order.layouts()
        days = plan.days(period)
        left = layout.form.by_id["left"]
        for at, day in enumerate(DAYS):
            failed = both.numbers(layout, str(at))
            assert both.on_sheet(layout, str(at)) == failed
            ours, theirs = both.computed(layout, left, str(at))
            assert ours == theirs == (days.reference - day).days
            rules = {check.rule.id for check in layout.checks if check.rule and check.number in failed}
            assert rules == {
                *(() if days.first <= day <= days.last else ("in_half",)),
                *(() if days.year_first <= day <= days.year_last else ("in_year",)),
                *(() if day <= days.reference else ("not_ahead",)),
            }


# --- what is known again ----------------------------------------------------------------------------


def fingerprint(tables: Tables, old: str = "", new: str = "") -> str:
    """That of what D2 is issued in the second half, with the table of periods changed."""
    plan = plan_of({**tables, "periods": tables["periods"].replace(old, new)})
    period, department = plan.period("R7下"), plan.department("D2")
    assert period is not None
    assert department is not None
    return prepare(plan, period, department, None, datetime(2025, 10, 2))[0].content


def test_a_reference_date_changes_what_is_issued_only_where_it_is_asked() -> None:
    silent = {
        **JAPANESE,
        "rules": JAPANESE["rules"].replace("REFERENCE_DATE()", "DATE(2026,4,1)"),
        "fields": JAPANESE["fields"].replace("REFERENCE_DATE()-", ""),
    }
    own = ("| 10 | 3 |", "| 10 | 3 | 2026-04-10")
    assert fingerprint(JAPANESE) != fingerprint(JAPANESE, *own)
    assert fingerprint(silent) == fingerprint(silent, *own)
    assert fingerprint(silent) == fingerprint(silent, "2025-10-01", "2025-10-02")
    assert fingerprint(JAPANESE) == fingerprint(JAPANESE, "2025-10-01", "2025-10-02")


def test_months_change_what_is_issued() -> None:
    assert fingerprint(JAPANESE) != fingerprint(JAPANESE, "| 10 | 3 |", "| 10 | 2 |")
