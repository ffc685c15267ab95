"""An issued workbook with answers, and what mending makes of it."""

from datetime import date

from returns import NOW, Desk

from xlplan import stages
from xlplan.language.messages import text
from xlplan.model.plan import Plan
from xlplan.stages.mend import MendLine
from xlplan.store.workspace import Workspace

REPORT, MONEY, GUIDE = "進捗報告", "経費", text("artefacts.guide.sheet", "ja")


def desk_of(space: Workspace, plan: Plan) -> Desk:
    """D1's issued workbook, open, with unlike answers in all of its rows."""
    [path] = space.issued("R6").glob("*D1*.xlsx")
    desk = Desk(plan, "D1", path.read_bytes())
    for at, item in enumerate(("A-1", "A-2", "A-3"), 1):
        desk.put(item, "actual", "拡充").put(item, "done", f"行ったこと{at}").put(item, "note", f"補足{at}")
        desk.put(item, "places", 10 + at).put(item, "rate", 20.5 + at)
    return desk.put("A-1", "cost", 100, "money").put("A-1", "paid", date(2024, 6, 1), "money")


def mended(space: Workspace, desk: Desk) -> MendLine:
    """What mending makes of the workbook as it was saved."""
    path = space.root / "return.xlsx"
    path.write_bytes(desk.saved())
    [line] = stages.mend(space, [path], now=NOW).lines
    assert line.mended is not None, [finding.message("ja") for finding in line.findings]
    return line
