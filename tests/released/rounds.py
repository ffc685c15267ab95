"""The year of each kit, played as far as a folder of a city is to show it."""

import io
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import xlsxwriter

from xlplan import stages
from xlplan.cli.demo.filling import DepartmentWorkbook, Mistake
from xlplan.definition.lines import Faults
from xlplan.definition.reading import read_definition
from xlplan.definition.records import records
from xlplan.definition.tables import read_tables
from xlplan.definition.write.workbook import definition_workbook
from xlplan.form.issuing import rows_of
from xlplan.form.layout.entry import EntryLayout
from xlplan.model.item import Department, Period
from xlplan.model.plan import Plan
from xlplan.model.record import Record
from xlplan.store.workspace import Workspace

from .kits import Cut, Tables, answers_of, tables_of, written

DAY = timedelta(days=1)
BEGUN = datetime(2026, 4, 10, 9, 0)


@dataclass
class City:
    """A city's folder that is being played: `now` goes on from stage to stage."""

    space: Workspace
    plan: Plan
    answers: Sequence[Record]
    now: datetime = BEGUN

    def period(self, name: str) -> Period:
        found = self.plan.period(name)
        assert found is not None
        return found

    def department(self, name: str) -> Department:
        found = self.plan.department(name)
        assert found is not None
        return found

    def issue(self, period: str, *names: str, due: date | None = None) -> None:
        self.now += DAY
        stages.issue(self.space, period, due=due, departments=names, now=self.now)

    def hands(self, period: str, department: str, path: Path | None = None) -> DepartmentWorkbook:
        """A department's workbook, every cell answered and signed: the issued one, or that of `path`."""
        here, owner = self.period(period), self.department(department)
        rows = rows_of(self.plan, here, owner)
        layouts = tuple(EntryLayout(form, self.plan, here, len(rows[form.id])) for form in self.plan.forms)
        [issued] = self.space.issued(period).glob(f"{period}_{department}_*.xlsx")
        hands = DepartmentWorkbook(path or issued, layouts)
        items = {item.id for item in self.plan.items_of(here, department)}
        hands.answer([record for record in self.answers if record.period == period], items)
        hands.sign(self.plan.language)
        return hands

    def send(
        self, period: str, department: str, *mistakes: str, path: Path | None = None, name: str = ""
    ) -> None:
        """A return of a department in the inbox."""
        self.now += DAY
        hands = self.hands(period, department, path)
        for mistake in mistakes:
            hands.plant(Mistake(mistake), self.plan.language)
        issued = next(self.space.issued(period).glob(f"{period}_{department}_*.xlsx"))
        target = self.space.inbox(period) / (name or (path or issued).name)
        hands.save(target, self.now)
        self.dated(target)

    def put(self, period: str, name: str, data: bytes) -> None:
        """Any file in the inbox."""
        self.now += DAY
        path = self.space.inbox(period) / name
        path.write_bytes(data)
        self.dated(path)

    def dated(self, path: Path) -> None:
        """Let a file have been changed now."""
        os.utime(path, (self.now.timestamp(), self.now.timestamp()))

    def receive(self, period: str) -> None:
        """Receive the inbox, which is empty afterwards."""
        self.now += DAY
        stages.receive(self.space, (), period=period, now=self.now)
        for path in self.space.inbox(period).iterdir():
            path.unlink()

    def consolidate(self, period: str, *, draft: bool = False) -> None:
        self.now += DAY
        stages.consolidate(self.space, period=period, draft=draft, now=self.now)

    def sent_back(self, period: str, department: str) -> Path:
        """The last workbook that was sent back to a department."""
        return sorted(self.space.outbox(period).glob(f"{period}_{department}_*"))[-1]


def begun(cut: Cut, folder: Path, *, book: bool) -> City:
    """A city's folder with its plan, as one workbook or as a folder of tables."""
    tables = tables_of(cut)
    write_plan(tables, folder, book=book)
    plan = read_definition(Workspace(folder).find_definition()).usable()
    answers = folder.parent / "answers"
    write_tables(answers_of(cut), answers)
    return City(Workspace(folder), plan, records(read_tables(answers), Faults(), plan))


def write_plan(tables: Tables, folder: Path, *, book: bool) -> None:
    """The plan's tables as plan.xlsx or as the folder plan/."""
    source = folder.parent / "tables" if book else folder / "plan"
    write_tables(tables, source)
    if book:
        definition = read_definition(source)
        data = definition_workbook(definition.tables, definition.usable().language, BEGUN)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "plan.xlsx").write_bytes(data)


def write_tables(tables: Tables, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        if rows:
            (folder / f"{name}.csv").write_text(written(rows), encoding="utf-8")


def stranger() -> bytes:
    """A workbook of somebody else's."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"created": BEGUN})
    book.add_worksheet("memo").write(0, 0, "memo")
    book.close()
    return stream.getvalue()


def asahikawa(city: City) -> None:
    """A round closed, to which a correction came after its summary; the next one open.

    In the open round one department was accepted, one sent back, one has not answered; two files were refused, and one
    lies in the inbox.
    """
    city.issue("H25", due=date(2026, 5, 29))
    for name in ("D01", "D02", "D08"):
        city.send("H25", name)
    city.receive("H25")
    city.consolidate("H25")
    old = city.space.issued("H25") / "H25_D01_情報政策課.xlsx"
    city.send("H25", "D02", "spaced", "sorted")
    city.receive("H25")
    city.issue("H26", due=date(2027, 5, 28))
    city.send("H26", "D01", "office")
    city.send("H26", "D02", "word", "blank", "long")
    city.put("H26", "memo.txt", "メモ".encode())
    city.put("H26", "去年.xlsx", old.read_bytes())
    city.receive("H26")
    city.consolidate("H26", draft=True)
    city.send("H26", "D02", path=city.sent_back("H26", "D02"))


def tomakomai(city: City) -> None:
    """A round that is answered whole, one return after it was sent back; its summary stands."""
    city.issue("P26", due=date(2026, 5, 29))
    city.send("P26", "D01")
    city.send("P26", "D02", "blank")
    city.send("P26", "D03", "row")
    city.receive("P26")
    for name in ("D02", "D03"):
        city.send("P26", name, path=city.sent_back("P26", name))
    city.receive("P26")
    city.consolidate("P26")


def example_en(city: City) -> None:
    """A round in which one department was issued its form twice, the first answered and the second typed into.

    The other one's return was sent back; what lies in the inbox has another sheet's name, heading and rows.
    """
    city.issue("FY2025", due=date(2026, 5, 29))
    city.send("FY2025", "DIG", "spaced")
    city.send("FY2025", "LIB", "word", "blank")
    city.put("FY2025", "memo.xlsx", stranger())
    city.receive("FY2025")
    issued = next(city.space.issued("FY2025").glob("FY2025_DIG_*"))
    city.hands("FY2025", "DIG").save(issued, city.now)
    city.issue("FY2025", "DIG", due=date(2026, 6, 30))
    hands = city.hands("FY2025", "LIB", city.sent_back("FY2025", "LIB"))
    sheet = hands.sheet(hands.layouts[0])
    column = hands.layouts[0].field_column(hands.layouts[0].form.by_id["done"])
    sheet.cell(5, column.index).value = "What was done?"
    sheet.title = "Progress of ours"
    sheet.insert_rows(1)
    sheet.cell(20, 3).value = "see the annex"
    city.now += DAY
    path = city.space.inbox("FY2025") / "answer.xlsx"
    hands.save(path, city.now)
    city.dated(path)


YEARS: dict[str, Callable[[City], None]] = {
    "asahikawa": asahikawa,
    "tomakomai": tomakomai,
    "example-en": example_en,
}
BOOKS = ("asahikawa",)
"""The kits whose plan is one workbook; that of the others is a folder of tables."""


def changed_plans(cut: Cut) -> dict[str, Tables]:
    """The plan after somebody changed it: an item's title, the office's telephone, what a check of a form asks.

    The telephone only where the plan is a folder of tables: a whole workbook for it would take too much room.
    """
    title, office, form = tables_of(cut), tables_of(cut), tables_of(cut)
    title["items"][0]["title"] += " II"
    for row in office["plan"]:
        if row["key"] == "contact":
            row["value"] = "9999"
    long = next(row for row in form["fields"] if row["type"] == "text" and row["max_length"])
    long["max_length"] = str(int(long["max_length"]) - 100)
    found = {"title": title, "office": office, "form": form}
    return {case: tables for case, tables in found.items() if case != "office" or cut.kit not in BOOKS}
