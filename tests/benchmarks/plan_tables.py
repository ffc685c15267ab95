"""The plan of a generated round: a form of 20 columns, and as many departments as returns are asked for.

The answers are generated first, so that the plan's own record of the year before can be a part of them.
"""

import csv
import shutil
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from random import Random

TABLES = Path(__file__).parent / "plan"
ITEMS = 30
PERIOD, BEFORE = "R7", "R6"
FIRST_DAY, LAST_DAY = date(2025, 4, 1), date(2026, 3, 31)
STATUS = ("検討", "一部実施", "実施", "運用", "拡充")
REASONS = ("予算の都合", "関係者との調整", "技術的な課題", "その他")
METHODS = ("直営", "委託", "共同利用", "クラウド")
EFFECTS = ("◎", "○", "△", "×")
DEEDS = (
    "窓口の受付を{n}か所で試行し、利用者の声を集めた。",
    "仕様書の案を作り、{n}社から説明を受けた。",
    "職員向けの研修を{n}回開き、手引を改めた。",
    "機器を{n}台入れ替え、障害時の手順を確かめた。",
    "申請できる手続を{n}件増やし、案内のページを直した。",
)

Answers = dict[str, object]
"""The values of one item by field id, those of the office and `previous` (last year's status) among them."""


def department_id(number: int) -> str:
    """The id of a department, from 1."""
    return f"D{number:04}"


def answers_of(number: int) -> dict[str, Answers]:
    """What department `number` has to say of its items, without a fault; the same at every call."""
    luck = Random(number)
    return {f"{department_id(number)}-{at + 1:02}": _answers(luck, _ran_before(at)) for at in range(ITEMS)}


def _ran_before(at: int) -> bool:
    """Whether an item of this place in its department is not new: every third."""
    return at % 3 == 0


def _answers(luck: Random, ran_before: bool) -> Answers:
    planned, actual = luck.randrange(5), luck.choices(range(5), (1, 2, 4, 4, 3))[0]
    before = luck.randint(0, 4) if ran_before else None
    budget = luck.randrange(100, 90_000)
    spent = luck.randint(50, budget)
    own = luck.randint(0, spent)
    started = date.fromordinal(luck.randint(FIRST_DAY.toordinal(), LAST_DAY.toordinal() - 30))
    method = luck.choice(METHODS)
    backwards = before is not None and actual < before
    return {
        "planned": STATUS[planned],
        "budget": budget,
        "previous": None if before is None else STATUS[before],
        "actual": STATUS[actual],
        "done": luck.choice(DEEDS).format(n=luck.randint(1, 40)),
        "reason": luck.choice(REASONS) if actual < planned else None,
        "note": "国の制度の見直しを待っている。" if backwards or luck.random() < 0.2 else None,
        "spent": spent,
        "own": own,
        "subsidy": spent - own or None,
        "started": started,
        "finished": date.fromordinal(started.toordinal() + luck.randint(1, 30)) if actual == 4 else None,
        "rate": luck.randint(0, 200) / 2,
        "hours": luck.choice([None, luck.randint(0, 4000) / 4]),
        "staff": luck.randint(1, 12),
        "method": method,
        "vendor": f"第{luck.randint(1, 60)}システム株式会社" if method == "委託" else None,
        "effect": luck.choice(EFFECTS),
        "following": luck.choice(DEEDS).format(n=luck.randint(1, 40)),
    }


def write_plan(folder: Path, departments: int) -> None:
    """Write the tables of the plan as CSV files into `folder`: those of `plan/` here, and the long ones."""
    shutil.copytree(TABLES, folder)
    numbers = range(1, departments + 1)
    owners = [[department_id(one), f"第{one}課"] for one in numbers]
    _write(folder, "departments", "id,name", owners)
    _write(folder, "items", "id,goal,group,title,summary,department,from_period", _items(numbers))
    _write(folder, "records", "form,period,item,planned,budget,actual", _records(numbers))


def _items(numbers: Iterable[int]) -> Iterable[Sequence[object]]:
    for number in numbers:
        for at, item in enumerate(answers_of(number)):
            goal, group = f"目標{at % 4 + 1}", f"施策群{at % 10 + 1}"
            title, summary = f"第{number}課の事業{at + 1}", "手続と情報を使いやすくする。"
            since = "" if _ran_before(at) else PERIOD
            yield item, goal, group, title, summary, department_id(number), since


def _records(numbers: Iterable[int]) -> Iterable[Sequence[object]]:
    """What the office knows: last year's status, and this year's plan and budget."""
    for number in numbers:
        for at, (item, said) in enumerate(answers_of(number).items()):
            if _ran_before(at):
                yield "report", BEFORE, item, said["previous"], said["budget"], said["previous"]
            yield "report", PERIOD, item, said["planned"], said["budget"], ""


def _write(folder: Path, table: str, heads: str, rows: Iterable[Sequence[object]]) -> None:
    with open(folder / f"{table}.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(heads.split(","))
        writer.writerows(rows)
