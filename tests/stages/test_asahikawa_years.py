"""Asahikawa's plan played as three rounds, each rolled over to the next: what the city published for H26 comes out."""

import csv
import io
import shutil
from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest
from summaries import KIT, asahikawa
from test_earlier import data

from xlplan import stages
from xlplan.cli.demo.filling import DepartmentWorkbook, read_answers
from xlplan.definition.reading import read_definition
from xlplan.definition.write.workbook import definition_workbook
from xlplan.form.layout.entry import EntryLayout
from xlplan.model.item import Department, Period
from xlplan.model.record import Record
from xlplan.store.workspace import Workspace

YEARS = ("H24", "H25", "H26")
ISSUED = {name: datetime(2013 + at, 4, 10, 9, 0) for at, name in enumerate(YEARS)}
LATE = "CHOICE_RANK([@進捗])<CHOICE_RANK([@計画])"
"""When the reason must be given: of the years before H26 the city recorded none."""


def kit(table: str) -> list[dict[str, str]]:
    with (KIT / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def written(rows: list[dict[str, str]]) -> str:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


PLANNED = {(row["period"], row["item"]): row["planned"] for row in kit("records")}


def answers() -> Mapping[str, tuple[Record, ...]]:
    """What was answered in each year: of H26 the kit's answers, of the others what its records say."""
    known = {
        name: tuple(record for record in asahikawa().records if record.period == name) for name in YEARS[:2]
    }
    return {**known, "H26": read_answers(asahikawa(), KIT)[1]}


class Office:
    """The office, with its plan as CSV files or as a workbook."""

    def __init__(self, root: Path, *, book: bool) -> None:
        """The plan as it was before H24: one period, what is planned for it, no reason asked, nothing in print."""
        self.space = Workspace(root)
        folder = root / "plan"
        shutil.copytree(KIT, folder, ignore=shutil.ignore_patterns("answers", "form.xlsx", "published.csv"))
        (folder / "periods.csv").write_text(written(kit("periods")[:1]), encoding="utf-8")
        first = [dict.fromkeys(row, "") | {name: row[name] for name in ("form", "period", "item", "planned")}
                 for row in kit("records") if row["period"] == "H24"]  # fmt: skip
        (folder / "records.csv").write_text(written(first), encoding="utf-8")
        text = (folder / "fields.csv").read_text(encoding="utf-8")
        assert LATE in text
        (folder / "fields.csv").write_text(text.replace(LATE, "no"), encoding="utf-8")
        self.book = book
        if book:
            definition = read_definition(folder)
            (root / "plan.xlsx").write_bytes(definition_workbook(definition.tables, "ja", ISSUED["H24"]))
            shutil.rmtree(folder)

    def decide(self, period: str) -> None:
        """Look at every copied value, write what is planned where that is another, and remove the marks."""
        if self.book:
            self._decide_in_book(period)
            return
        path = self.space.root / "plan" / "records.csv"
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            if row["period"] == period:
                assert row["proposed"] == "planned"
                row |= {"planned": PLANNED[period, row["item"]], "proposed": ""}
        path.write_text(written(rows), encoding="utf-8")

    def _decide_in_book(self, period: str) -> None:
        path = self.space.root / "plan.xlsx"
        book = openpyxl.load_workbook(path)
        sheet = book["台帳"]
        at = {cell.value: cell.column for cell in sheet[3]}
        for row in range(4, sheet.max_row + 1):
            if sheet.cell(row, at["期間"]).value == period:
                assert sheet.cell(row, at["要確認の項目"]).value == "計画"
                sheet.cell(row, at["計画"]).value = PLANNED[period, sheet.cell(row, at["番号"]).value]
                sheet.cell(row, at["要確認の項目"]).value = None
        book.save(path)

    def ask_for_reasons(self) -> None:
        """From now on a reason must be given for what is late."""
        if self.book:
            path = self.space.root / "plan.xlsx"
            book = openpyxl.load_workbook(path)
            sheet = book["様式"]
            at = {cell.value: cell.column for cell in sheet[3]}
            [row] = [row for row in range(4, 20) if sheet.cell(row, at["ID"]).value == "reason"]
            sheet.cell(row, at["必須"]).value = LATE
            book.save(path)
            return
        path = self.space.root / "plan" / "fields.csv"
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("reason,遅れの理由,choice,reason,no", f"reason,遅れの理由,choice,reason,{LATE}"),
                        encoding="utf-8")  # fmt: skip

    def round(self, period: str) -> None:
        """Issue, every department answers, receive, consolidate, close."""
        made = stages.issue(self.space, period, now=ISSUED[period])
        known = next(each for each in made.plan.periods if each.id == period)
        for line in made.lines:
            workbook = self.opened(line.path, line.department, known)
            items = {item.id for item in made.plan.items_of(known, line.department.id)}
            workbook.answer(answers()[period], items)
            workbook.sign("ja")
            workbook.save(self.space.inbox(period) / line.path.name, ISSUED[period])
        received = stages.receive(self.space, (), period=period, now=ISSUED[period])
        assert {line.state for line in received.lines} == {"accepted"}
        assert stages.consolidate(self.space, period, now=ISSUED[period]).open == ()
        assert stages.close(self.space, period, by="情報政策課", now=ISSUED[period]).made is not None

    def opened(self, path: Path, department: Department, period: Period) -> DepartmentWorkbook:
        plan = stages.lint(self.space).usable().asked_in(period)
        count = len(plan.items_of(period, department.id))
        layouts = tuple(EntryLayout(form, plan, period, count) for form in plan.forms)
        return DepartmentWorkbook(path, layouts)


@pytest.fixture(scope="module", params=[False, True], ids=["csv", "xlsx"])
def office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Three years, each rolled over to the next."""
    found = Office(tmp_path_factory.mktemp("asahikawa") / "city", book=request.param)
    found.round("H24")
    for before, period in pairwise(YEARS):
        rolled = stages.rollover(found.space, period, now=ISSUED[before])
        assert (rolled.before.id, rolled.closed, rolled.lines, rolled.proposed) == (before, True, 30, 30)
        found.decide(period)
        if period == "H26":
            found.ask_for_reasons()
        found.round(period)
    return found


def test_the_ninety_pairs_of_statuses_are_as_published(office: Office) -> None:
    """What was planned, and what came out, of thirty projects in three years: from the last summary alone."""
    labels = {period.id: period.label for period in asahikawa().periods}
    rows = data(office.space.summary("H26"))
    actual = {
        (name, record.item): record.values["actual"] for name, given in answers().items() for record in given
    }
    found = {
        (name, item): (rows[labels[name], item]["計画"], rows[labels[name], item]["進捗"])
        for name, item in PLANNED
    }

    assert len(found) == 90
    assert found == {place: (PLANNED[place], actual[place]) for place in PLANNED}


def test_the_published_figures_of_h26_come_out(office: Office) -> None:
    frame = stages.figures(office.space, "H26")
    rows = frame[(frame["period"] == "H26") & ~frame["total"]]
    found = {(row.measure, row.group): row.text for row in rows.itertuples()}

    assert {(row["measure"], row["group"]): row["value"] for row in kit("published")}.items() <= found.items()


def test_reconciling_agrees_with_what_is_in_print(office: Office, tmp_path: Path) -> None:
    """The figures in print are added once they are printed: a closed round follows today's table of them."""
    copy = Workspace(tmp_path / "city")
    shutil.copytree(office.space.root, copy.root)
    if office.book:
        path = copy.root / "plan.xlsx"
        book = openpyxl.load_workbook(path)
        for at, row in enumerate(kit("published"), 4):
            for column, value in enumerate(row.values(), 1):
                book["公表値"].cell(at, column).value = value
        book.save(path)
    else:
        shutil.copy(KIT / "published.csv", copy.root / "plan" / "published.csv")
    found = stages.reconcile(copy, "H26")

    assert (len(found.comparisons), found.differing) == (9, ())


def test_each_year_is_closed_and_every_file_is_as_it_was_kept(office: Office) -> None:
    assert stages.verify(office.space).fine
    assert [office.space.published(period, 1).is_dir() for period in YEARS] == [True] * 3
    kept = [path.name.partition(".")[0] for path in office.space.root.glob("plan-*")]
    assert sorted(kept) == ["plan-H24", "plan-H25"]


def test_departments_are_told_that_a_reason_must_be_given_now(office: Office) -> None:
    [path] = office.space.issued("H26").glob("H26_D01_*.xlsx")
    rows = openpyxl.load_workbook(path)["はじめに"].iter_rows(values_only=True)
    said = [str(cell) for row in rows for cell in row if cell]

    assert "記入が要る場合が変わった項目：進捗報告「遅れの理由」" in said
    [change] = [change for change in stages.changes(office.space, "H25").changes if change.noun == "field"]
    assert (change.kind, change.id, change.before, change.after) == ("required", "reason", "no", LATE)
