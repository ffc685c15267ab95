"""The cases of docs/years-*.md, played: the tables shown are put into the example plan, the commands run."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import openpyxl
from commands import run

from xlplan import stages
from xlplan.definition.reading import read_definition
from xlplan.definition.specs import table_named
from xlplan.form.layout.columns import ColumnKind
from xlplan.form.layout.entry import FIRST_ROW, HEADER_ROW, EntryLayout
from xlplan.store.workspace import Workspace

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
NOW = datetime(2025, 6, 2, 9, 0)
LATER = datetime(2026, 4, 10, 9, 0)
Rows = list[dict[str, str]]

_PLAN = {
    "plan": """
        key | value
        id | {id}
        title | {title}
        organisation | {city}
        language | {language}
        fiscal_year_start | 4
        calendar | {calendar}
        office | {office}
    """,
    "periods": """
        id | label | first_year | last_year
        {R6} | {year6} | 2024 | 2024
        {R7} | {year7} | 2025 | 2025
    """,
    "departments": """
        id | name
        D1 | {D1}
        D2 | {D2}
        D3 | {D3}
        D4 | {D4}
    """,
    "items": """
        id | goal | group | title | department
        1-1 | {goal1} | {group1} | {i11} | D1
        1-2 | {goal1} | {group1} | {i12} | D1
        4-1 | {goal1} | {group1} | {i41} | D4
        3-1 | {goal1} | {group3} | {i31} | D3
        3-2 | {goal1} | {group3} | {i32} | D3
        1-3 | {goal2} | {group2} | {i13} | D1
        2-1 | {goal2} | {group2} | {i21} | D2
        2-2 | {goal2} | {group2} | {i22} | D2
    """,
    "forms": """
        id | title | note
        report | {report} | {note}
    """,
    "fields": """
        form | id | label | type | list | required | filled_by | previous | unit
        report | actual | {actual} | choice | status | yes | department | yes |
        report | done | {done} | text | | yes | department | yes |
        report | cost | {cost} | whole | | no | department | no | {unit}
    """,
    "choices": """
        list | value | rank
        status | {study} | 1
        status | {doing} | 2
        status | {finished} | 3
    """,
    "views": """
        id | title | kind | form | options
        progress | {progress} | progress | report | text=done
        statistics | {statistics} | statistics | report |
    """,
    "measures": """
        view | id | label | formula | by
        statistics | all | {all} | COUNTIFS([period],PERIOD(),[department],GROUP()) | department
        statistics | at | {at} | COUNTIFS([period],PERIOD(),[actual],GROUP()) | actual
    """,
}
"""The plan that the pages begin with."""

WORDS: Mapping[str, Mapping[str, str]] = {
    "ja": {
        "id": "rei",
        "title": "見本市デジタル計画",
        "city": "見本市",
        "language": "ja",
        "calendar": "wareki",
        "office": "企画課",
        "R6": "R6",
        "R7": "R7",
        "year6": "令和6年度",
        "year7": "令和7年度",
        "D1": "情報課",
        "D2": "総務課",
        "D3": "市民課",
        "D4": "消防課",
        "goal1": "窓口を変える",
        "goal2": "庁内を変える",
        "group1": "手続",
        "group2": "内部事務",
        "group3": "窓口",
        "i11": "電子申請",
        "i12": "施設予約",
        "i13": "端末の更新",
        "i21": "給与計算",
        "i22": "文書管理",
        "i31": "窓口の案内",
        "i32": "住民票の写し",
        "i41": "救急の案内",
        "report": "進捗報告",
        "note": "白い欄に記入してください。",
        "actual": "進捗",
        "done": "実施内容",
        "cost": "決算額",
        "unit": "千円",
        "study": "検討",
        "doing": "実施",
        "finished": "完了",
        "progress": "総括表",
        "statistics": "集計",
        "all": "課ごとの施策数",
        "at": "進捗ごとの施策数",
        "said": "{item} を進めた。",
        "who": "主査　山田",
    },
    "en": {
        "id": "sample",
        "title": "Digital plan",
        "city": "Sample City",
        "language": "en",
        "calendar": "western",
        "office": "Planning Office",
        "R6": "FY2024",
        "R7": "FY2025",
        "year6": "FY2024",
        "year7": "FY2025",
        "D1": "Digital",
        "D2": "Personnel",
        "D3": "Citizens",
        "D4": "Fire",
        "goal1": "Better counters",
        "goal2": "Better offices",
        "group1": "Requests",
        "group2": "Inside",
        "group3": "Counters",
        "i11": "Online requests",
        "i12": "Booking",
        "i13": "New computers",
        "i21": "Payroll",
        "i22": "Filing",
        "i31": "Guide",
        "i32": "Certificates",
        "i41": "Emergency guide",
        "report": "Progress",
        "note": "Fill in the white cells.",
        "actual": "Status",
        "done": "What was done",
        "cost": "Cost",
        "unit": "thousand pounds",
        "study": "Studied",
        "doing": "Under way",
        "finished": "Done",
        "progress": "Overview",
        "statistics": "Figures",
        "all": "Projects by department",
        "at": "Projects by status",
        "said": "Went on with {item}.",
        "who": "J. Smith",
    },
}
"""What stands in its places, by language."""

_STATUS = {"1-3": "study", "2-2": "finished", "3-1": "study"}
"""The answers of the first year that are not `doing`."""


def example(language: str) -> dict[str, Rows]:
    """The tables of the plan that a page begins with, each a list of rows by column."""
    found: dict[str, Rows] = {}
    for name, table in _PLAN.items():
        lines = table.strip().splitlines()
        written = [line.format_map(WORDS[language]) for line in lines]
        head, *rows = [[cell.strip() for cell in line.split("|")] for line in written]
        found[name] = [dict(zip(head, row, strict=True)) for row in rows]
    return found


# --- the page -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """One section of a page.

    Attributes:
        language: The page's.
        title: Its heading.
        tables: The rows that it shows, by table and column.
        steps: What is done then, in order: a command as words, or what the office types in its own workbook.
        quoted: What people read then, each somewhere.
        picture: The name of its picture.
    """

    language: str
    title: str
    tables: Mapping[str, Rows]
    steps: tuple["tuple[str, ...] | Rows", ...]
    quoted: tuple[str, ...]
    picture: str


def cases(language: str) -> Iterator[Case]:
    """The cases of a page, in its order."""
    page = (DOCS / f"years-{language}.md").read_text(encoding="utf-8")
    for section in page.split("\n## ")[1:]:
        title, _, body = section.partition("\n")
        yield Case(
            language,
            title,
            dict(_tables(body)),
            tuple(_steps(body)),
            tuple(re.findall(r"^> (.+)$", body, re.MULTILINE)),
            re.findall(r"!\[[^\]]+\]\(images/years/([\w-]+)-\w\w\.png\)", body)[0],
        )


_TABLE = re.compile(r"^\*\*(.+)\*\*\n\n((?:\|.*\n)+)", re.MULTILINE)
_TYPED = ("事務局のブック", "the office's workbook")
"""What stands for a table of the plan over what the office types."""


def _rows(table: str) -> Rows:
    """The rows of a table of a page by its headings."""
    lines = [re.split(r"(?<!\\)\|", line.strip()[1:-1]) for line in table.splitlines()]
    head, _, *rows = [[cell.strip().replace("\\|", "|") for cell in line] for line in lines]
    return [dict(zip(head, row, strict=True)) for row in rows]


def _tables(body: str) -> Iterator[tuple[str, Rows]]:
    """The tables of the plan in a section, under their names in bold."""
    for name, table in _TABLE.findall(body):
        if name in _TYPED:
            continue
        spec = table_named(name)
        assert spec, name
        rows = _rows(table)
        assert all(spec.column_named(heading) for heading in rows[0]), rows[0]
        yield spec.id, [{str(spec.column_named(head)): cell for head, cell in row.items()} for row in rows]


_STEP = re.compile(rf"```\n((?s:.*?))```|({_TABLE.pattern})", re.MULTILINE)


def _steps(body: str) -> Iterator["tuple[str, ...] | Rows"]:
    """The commands of a section, and what the office types, in their order."""
    for block, _, name, table in _STEP.findall(body):
        if name in _TYPED:
            yield _rows(table)
        yield from (tuple(line.split()[1:]) for line in block.strip().splitlines())


# --- playing ------------------------------------------------------------------------------------------

_KEYS = {"fields": ("form", "id"), "choices": ("list", "value")}
_FORMER = {"choices": "aliases"}


def put(tables: dict[str, Rows], shown: Mapping[str, Rows]) -> dict[str, Rows]:
    """The tables with the rows that a page shows: filled cells replace those of the row that is known by its id."""
    found = {name: [dict(row) for row in rows] for name, rows in tables.items()}
    for name, rows in shown.items():
        keys = _KEYS.get(name, ("id",))
        for row in rows:
            former = row.get(_FORMER.get(name, "formerly"), "")
            wanted = [*(row[key] for key in keys[:-1]), former or row[keys[-1]]]
            known = next((line for line in found[name] if [line[key] for key in keys] == wanted), None)
            if known is None:
                known = {}
                found[name].append(known)
            known.update({column: cell for column, cell in row.items() if cell})
    return found


def write(tables: Mapping[str, Rows], folder: Path) -> None:
    """Tables as a folder of CSV files."""
    import csv

    folder.mkdir(exist_ok=True, parents=True)
    for name, rows in tables.items():
        columns = dict.fromkeys(column for row in rows for column in row)
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            made = csv.DictWriter(stream, [*columns], restval="")
            made.writeheader()
            made.writerows(rows)


def begun(root: Path, language: str) -> Workspace:
    """The example plan with its first round, all of it accepted."""
    words = WORDS[language]
    write(example(language), root / "plan")
    space = Workspace(root)
    stages.issue(space, words["R6"], now=NOW)
    plan = read_definition(space.find_definition()).usable()
    period, form = plan.periods[0], plan.forms[0]
    for path in sorted(space.issued(words["R6"]).glob("*.xlsx")):
        book = openpyxl.load_workbook(path)
        layout, sheet = EntryLayout(form, plan, period, 0), book[form.title]
        number = layout.column(ColumnKind.ITEM, "item").letters
        letters = {field.id: layout.field_column(field).letters for field in form.entered}
        row = FIRST_ROW
        while item := sheet[f"{number}{row}"].value:
            sheet[f"{letters['actual']}{row}"] = words[_STATUS.get(item, "doing")]
            sheet[f"{letters['done']}{row}"] = words["said"].format(item=item)
            sheet[f"{letters['cost']}{row}"] = 1000
            row += 1
        book.save(space.inbox(words["R6"]) / path.name)
    assert {line.state for line in stages.receive(space, period=words["R6"], now=NOW).lines} == {"accepted"}
    return space


def played(case: Case, root: Path) -> tuple[Workspace, str]:
    """The folder after a case, and all that was printed."""
    words = WORDS[case.language]
    space, printed = begun(root, case.language), ""
    if case.tables:
        write(put(example(case.language), case.tables), root / "plan")
        assert not [finding for finding in stages.lint(space).findings if finding.severity == "error"]
    if not case.steps:
        stages.issue(space, words["R7"], now=LATER)
        stages.consolidate(space, words["R7"], draft=True, now=LATER)
        stages.consolidate(space, words["R6"], now=LATER)
    for step in case.steps:
        if isinstance(step, list):
            type_in(space, case.language, step)
            continue
        made = run(*step, cwd=root)
        assert (made.returncode, made.stderr) == (0, ""), made.stdout + made.stderr
        printed += made.stdout
    return space, printed


def type_in(space: Workspace, language: str, rows: Rows) -> None:
    """What the office types in its own workbook, saved in the inbox: cells by the number of the item and by heading."""
    words = WORDS[language]
    [path] = [path for path in space.issued(words["R6"]).glob("*.xlsx") if "_D" not in path.name]
    book = openpyxl.load_workbook(path)
    sheet = book[words["report"]]
    heads = {str(cell.value).rstrip("＊*"): cell.column for cell in sheet[HEADER_ROW]}
    lines = {str(sheet.cell(row, 2).value): row for row in range(FIRST_ROW, sheet.max_row + 1)}
    for row in rows:
        [(_, item), *cells] = row.items()
        for heading, value in cells:
            sheet.cell(lines[item], heads[heading]).value = value
    book.save(space.inbox(words["R6"]) / path.name)
