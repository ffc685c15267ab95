"""A round of the sample plan on real files: issued, received, and what is left behind."""

from datetime import date, datetime, timedelta
from pathlib import Path

from returns import TABLES, Desk, Tables, sample_plan, write_tables

from xlplan import stages
from xlplan.form.layout.stamps import STAMP_SHEET
from xlplan.stages.issue import IssueResult
from xlplan.stages.received import ReceivedFile, ReceiveResult
from xlplan.stages.status import StatusLine
from xlplan.store.workspace import Workspace

ISSUED = datetime(2025, 4, 10, 9, 0)
DUE = date(2025, 5, 30)
DUE_MOMENT = datetime(2025, 5, 30, 12, 0)
RECEIVED = datetime(2025, 5, 1, 17, 0)
DAY = timedelta(days=1)


def begin(root: Path, tables: Tables = TABLES) -> Workspace:
    """A city with the sample plan, R6 issued."""
    write_tables(tables, root / "plan")
    issue(Workspace(root))
    return Workspace(root)


def issue(space: Workspace, *names: str, due: date | None = DUE, now: datetime = ISSUED) -> IssueResult:
    return stages.issue(space, "R6", due=due, departments=names, now=now)


def receive(space: Workspace, *paths: Path, department: str = "", now: datetime = RECEIVED) -> ReceiveResult:
    return stages.receive(space, paths, period="R6", department=department, now=now)


def desk(space: Workspace, department: str) -> Desk:
    """What was issued to a department, every answer good: D2 must give a reason, D1 two costs."""
    [path] = space.issued("R6").glob(f"R6_{department}_*.xlsx")
    found = Desk(sample_plan(), department, path.read_bytes()).fill().fill("money", cost=None, paid=None)
    if department == "D1":
        found.put("A-1", "cost", 100, "money").put("A-1", "paid", date(2024, 6, 1), "money")
    if department == "D2":
        found.put("B-1", "reason", "予算")
        found.put("B-1", "cost", 100, "money").put("B-1", "paid", date(2024, 6, 1), "money")
    return found


def drop(space: Workspace, name: str, data: bytes) -> Path:
    """A file in the round's inbox."""
    path = space.inbox("R6") / name
    path.write_bytes(data)
    return path


def files(folder: Path, *, ledger: bool = False) -> dict[str, bytes]:
    """Every file of a folder; the ledger with its copies apart, unless they are wanted."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and (ledger or not path.match("*ledger*.sqlite"))
    }


def states(result: ReceiveResult) -> list[tuple[str, str, int]]:
    return [(line.path.name, line.state, line.attempt) for line in result.lines]


def standing(space: Workspace, today: date = DUE) -> dict[str, StatusLine]:
    found = stages.status(space, period="R6", now=datetime.combine(today, DUE_MOMENT.time()))
    return {line.department.id: line for line in found.lines}


def only(result: ReceiveResult) -> ReceivedFile:
    [line] = result.lines
    return line


def stamped(space: Workspace, owner: str, /, **changes: str) -> bytes:
    """A department's answered workbook with other values in its stamp."""
    answered = desk(space, owner)
    for row in answered.book[STAMP_SHEET].iter_rows(max_row=6, max_col=2):
        if row[0].value in changes:
            row[1].value = changes[str(row[0].value)]
    return answered.saved()
