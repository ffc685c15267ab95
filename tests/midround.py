"""A round in its middle, played by the city: what has come in, what was decided, who is late."""

from datetime import datetime
from pathlib import Path

from returns import TABLES, Tables, write_tables
from rounds import DAY, DUE, ISSUED, RECEIVED, desk, drop

import xlplan
from xlplan.model.decision import Decision, DecisionKind
from xlplan.store.history import record_decision
from xlplan.store.ledger import Ledger
from xlplan.store.workspace import Workspace

WEDNESDAY = datetime(2025, 6, 4, 9, 0)
"""Three working days after all was due on a Friday."""


def issued(root: Path, tables: Tables = TABLES) -> xlplan.City:
    """A city that has issued R6."""
    write_tables(tables, root / "plan")
    city = xlplan.open(root)
    city.issue("R6", due=DUE, now=ISSUED)
    return city


def mid_round(root: Path) -> xlplan.City:
    """D1 goes back with three errors of two kinds, D2 is accepted and corrected, D3 is let off and that taken back."""
    city, space = issued(root), Workspace(root)
    wrong = desk(space, "D1").put("A-1", "actual", "さっぱり").put("A-2", "actual", "さっぱり")
    drop(space, "D1.xlsx", wrong.put("A-3", "done", None).saved())
    drop(space, "D2.xlsx", desk(space, "D2").signed("山田 123456789018").saved())
    drop(space, "memo.txt", b"hello")
    city.receive(now=RECEIVED)
    later = {"by": "佐藤", "now": RECEIVED + DAY}
    city.correct("実施内容", "直した。", item="B-1", form="report", reason="書き間違い", **later)
    let_off = city.excuse("D3", reason="組織の見直し", **later)
    take_back(space, let_off.decision.number)
    return city


def take_back(space: Workspace, number: int) -> None:
    """A decision is taken back."""
    undone = Decision(
        "R6", RECEIVED + 2 * DAY, "鈴木", DecisionKind.UNDO, reason="答えられる", takes_back=number
    )
    with Ledger.open(space.ledger_path) as ledger:
        record_decision(ledger, undone)
