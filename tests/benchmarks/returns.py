"""The returns of a generated round: real forms of xlplan, filled in, with faults in one row of twenty."""

import json
import shutil
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from random import Random

from tests.benchmarks.plan_tables import PERIOD, Answers, answers_of, write_plan
from xlplan.definition.reading import read_definition
from xlplan.form.issuing import issue_file, prepare
from xlplan.form.write.order import SentBack
from xlplan.form.write.workbook import form_workbook
from xlplan.model.issue import Issued
from xlplan.model.plan import Plan
from xlplan.store.files import sha256
from xlplan.store.ledger import Ledger
from xlplan.store.workspace import Workspace

FAULTY = 0.05
WRITERS = 2
NOW = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)


def _late(said: Answers) -> bool:
    return said["reason"] is not None


FAULTS: dict[str, tuple[str, Callable[[Answers], object], Callable[[Answers], bool]]] = {
    "missing text": ("done", lambda _: None, lambda _: True),
    "not in list": ("effect", lambda _: "ふつう", lambda _: True),
    "missing choice": ("method", lambda _: None, lambda said: said["vendor"] is None),
    "no number": ("rate", lambda _: "半分くらい", lambda _: True),
    "too high": ("rate", lambda _: 450, lambda _: True),
    "not whole": ("staff", lambda _: 2.5, lambda _: True),
    "too long": ("following", lambda _: "予定を詰める。" * 30, lambda _: True),
    "no date": ("started", lambda _: "年度のはじめ", lambda said: said["finished"] is None),
    "sum": ("own", lambda said: int(str(said["own"])) + 1, lambda _: True),
    "missing reason": ("reason", lambda _: None, _late),
    "needless reason": ("reason", lambda _: "その他", lambda said: not _late(said)),
    "wrong order": ("finished", lambda _: "2025-03-31", lambda said: said["finished"] is not None),
}
"""By kind: the field, its wrong value, and where the kind makes exactly one fault."""

Planted = tuple[str, str]
"""The item and the field of one fault."""


def filled_in(number: int) -> tuple[dict[str, Answers], list[Planted]]:
    """The answers of department `number` with its faults in them, and where those are."""
    luck = Random(-number)
    answers, planted = answers_of(number), []
    for item, said in answers.items():
        if luck.random() < FAULTY:
            fitting = [one for one in FAULTS.values() if one[2](said)]
            field, wrong, _ = luck.choice(fitting)
            value = wrong(said)
            said[field] = datetime.fromisoformat(value).date() if field == "finished" else value
            planted.append((item, field))
    return answers, planted


def make_round(root: Path, returns: int) -> None:
    """Make a workspace whose round is issued and whose inbox is full; `planted.json` tells the faults."""
    write_plan(root / "plan", returns)
    space = Workspace(root)
    space.inbox(PERIOD).mkdir(parents=True)
    with ProcessPoolExecutor(WRITERS) as pool:
        made = list(pool.map(_written, [root] * returns, range(1, returns + 1), chunksize=8))
    with Ledger.open(space.ledger_path) as ledger:
        ledger.record_issues([issued for issued, _ in made])
    shutil.copy(space.ledger_path, root / "ledger-issued.sqlite")
    (root / "planted.json").write_text(json.dumps([one for _, some in made for one in some]))


@cache
def _plan(folder: Path) -> Plan:
    return read_definition(folder).usable()


def _written(root: Path, number: int) -> tuple[Issued, list[Planted]]:
    """Write one return: the form as xlplan issues it, with the department's values in it; the blank one is gone."""
    plan, space = _plan(root / "plan"), Workspace(root)
    period, department = plan.periods[-1], plan.departments[number - 1]
    issued, order = prepare(plan, period, department, None, NOW)
    answers, planted = filled_in(number)
    values = {
        ("report", item, field): value
        for item, said in answers.items()
        for field, value in said.items()
        if value is not None
    }
    data = form_workbook(replace(order, sent_back=SentBack(0, values, (), "担当者", "課長")))
    path = space.inbox(PERIOD) / issue_file(period, department)
    path.write_bytes(data)
    blank = space.issued(PERIOD) / path.name
    return replace(issued, file=space.relative(blank), sha256=sha256(path.name.encode())), planted
