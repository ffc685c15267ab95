"""The play of three years: what the office and the departments do, and what holds after each step."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import openpyxl
import pandas as pd
from randomplans.oracle import group_of
from randomplans.run import same
from randomplans.shown import BLANK_HEADS, TOTAL, figures_in
from returns import Desk, Tables, write_tables

from xlplan import stages
from xlplan.definition.reading import read_definition
from xlplan.form.layout.columns import ColumnKind
from xlplan.form.layout.entry import FIRST_ROW, HEADER_ROW
from xlplan.model.plan import Plan
from xlplan.stages.correcting import CorrectResult
from xlplan.stages.wanted import Wanted
from xlplan.store.files import sha256
from xlplan.store.workspace import Workspace

from .answers import COMMITTEE, PERIODS, R5, R6, R7, R8, given, lines_of, records_of, text_of
from .oracle import Expected, Values, word
from .plan import TABLES
from .words import in_language

MONTHS = {"issue": 4, "reissue": 5, "receive": 6, "close": 7, "correct": 8, "late": 9}
FINE = ("plan_department_idle", "plan_read_as")
"""What the lint tells of a department without items, and of a choice by the word that it had."""
ENTRIES = ("status", "cost", "users", "visits", "savings")


class Published(NamedTuple):
    """A version of a summary that was fixed, and the figures that it must show."""

    name: str
    year: str
    workbook: bytes
    figures: Values


@dataclass
class Play:
    """The play as far as it is.

    Attributes:
        root: The folder of the plan.
        language: Its language.
        year: The round at hand.
        tables: The plan's tables as they stand, in English.
        typed: What counts by now, by period and item.
        closed: The rounds that are closed.
        published: Every version that was fixed.
        earlier: What is told of earlier rounds in the summary that was closed last: codes and rounds.
        desks: How often a department has sat down to its form.
    """

    root: Path
    language: str
    year: str = ""
    tables: Tables = field(default_factory=dict)
    typed: dict[str, dict[str, dict[str, str | float | None]]] = field(default_factory=dict)
    closed: list[str] = field(default_factory=list)
    published: list[Published] = field(default_factory=list)
    earlier: set[tuple[str, str]] = field(default_factory=set)
    desks: int = 0

    @property
    def space(self) -> Workspace:
        """The folder."""
        return Workspace(self.root)

    def say(self, words: str) -> str:
        """Words in the language of the plan."""
        return in_language(self.language, words)

    def when(self, what: str, year: str = "") -> datetime:
        """The moment of a step of a year."""
        return datetime(2020 + PERIODS.index(year or self.year) + 4, MONTHS[what], 10, 9, 0)

    # --- the office ---

    def begin(self, year: str) -> None:
        """The plan's tables of a year, and its forms."""
        self.year = year
        self.replan(TABLES[year])
        self.typed[R5] = given(R5)
        self.typed[year] = {
            item: {name: said[name] if name in ("planned", "budget") else None for name in said}
            for item, said in given(year).items()
        }
        self.issue("issue")

    def replan(self, tables: Tables) -> None:
        """Write the plan's tables, in English, in its language; nothing may be wrong with them."""
        self.tables = tables
        every = {**tables, "records": records_of(self.year)}
        said = {
            name: "\n".join(
                "|".join(self.say(cell.strip()) for cell in line.split("|"))
                for line in table.strip().splitlines()
            )
            for name, table in every.items()
        }
        write_tables(said, self.root / "plan")
        self.__dict__.pop("plan", None)
        wrong = [found for found in stages.lint(self.space).findings if found.code not in FINE]
        assert not wrong, [(found.code, found.cell, found.message("en")) for found in wrong]

    def issue(self, moment: str) -> dict[str, str]:
        """Issue the round; what was done for each department."""
        result = stages.issue(self.space, self.year, now=self.when(moment))
        return {line.department.id: line.done for line in result.lines}

    @cached_property
    def plan(self) -> Plan:
        """What is asked in the round at hand."""
        plan = read_definition(self.space.find_definition()).usable()
        return plan.asked_in(plan.periods[-1])

    def departments(self) -> dict[str, list[str]]:
        """The departments that have a form in the round, with their items."""
        plan = self.plan
        return {
            department.id: [item.id for item in plan.items_of(plan.periods[-1], department.id)]
            for department in plan.answering(plan.periods[-1])
        }

    def excuse(self, department: str) -> None:
        """A department is let off its answer."""
        reason = self.say("fire in the building")
        stages.excuse(
            self.space, department, reason=reason, period=self.year, by="office", now=self.when("close")
        )

    def close(self) -> None:
        """The summary is made and fixed."""
        made = stages.consolidate(self.space, self.year, now=self.when("close"))
        assert made.draft is False
        self.earlier = {(str(finding.code), finding.period) for finding in made.earlier}
        assert stages.close(self.space, self.year, by="office", now=self.when("close")).made is not None
        self.closed.append(self.year)

    def correct(self, period: str, item: str, **values: str | float) -> CorrectResult:
        """Values of one item are put right."""
        self.typed[period][item] |= values
        wanted = [
            Wanted(column(name, period), self.say(value) if isinstance(value, str) else value, item)
            for name, value in values.items()
        ]
        reason = self.say("copied wrongly")
        return stages.correct(
            self.space, wanted, reason=reason, period=period, by="office", now=self.when("correct")
        )

    def enter(self, moment: str) -> None:
        """What the committee says of the round's items is entered in the office's workbook."""
        made = stages.issue_office(self.space, self.year, now=self.when(moment))
        book = openpyxl.load_workbook(made.path)
        sheet = book[self.say("Report")]
        heads = {str(cell.value).rstrip("＊*"): cell.column for cell in sheet[HEADER_ROW]}
        lines = {sheet.cell(row, 2).value: row for row in range(FIRST_ROW, sheet.max_row + 1)}
        for said in lines_of(COMMITTEE[self.year]):
            for name, label in (("grade", "Grade"), ("opinion", "Opinion")):
                sheet.cell(lines[said["item"]], heads[self.say(label)]).value = self.say(said[name]) or None
                self.typed[self.year][said["item"]][name] = said[name] or None
        path = self.root / "office.xlsx"
        book.save(path)
        [line] = stages.receive(
            self.space, [path], period=self.year, by="office", now=self.when(moment)
        ).lines
        assert line.state == "entered", [finding.message("en") for finding in line.findings]

    def opinion(self, item: str) -> str | float | None:
        """What the committee said of an item in the year before."""
        before = PERIODS[PERIODS.index(self.year) - 1]
        return self.typed[before].get(item, {}).get("opinion")

    # --- the departments ---

    def desk(self, department: str) -> Desk:
        """The form that lies with a department, signed: whoever is given one again confirms by another name."""
        [path] = self.space.issued(self.year).glob(f"{self.year}_{department}_*.xlsx")
        self.desks += 1
        return Desk(self.plan, department, path.read_bytes()).signed(f"山田 {self.desks}")

    def answered(self, department: str, **otherwise: Mapping[str, str | float]) -> bytes:
        """A department's form with what it types; `otherwise` by item, with _ for the hyphen."""
        desk, other = (
            self.desk(department),
            {name.replace("_", "-"): said for name, said in otherwise.items()},
        )
        for item in self.departments()[department]:
            said = {**given(self.year)[item], **other.get(item, {})}
            desk.put(item, "done", f"{self.say('Work went on:')}{text_of(item, self.year)}")
            if self.opinion(item):
                desk.put(item, "reply", self.say("We did."))
            for name in ENTRIES:
                if (value := said.get(name)) is not None:
                    desk.put(
                        item, column(name, self.year), self.say(value) if isinstance(value, str) else value
                    )
        return desk.saved()

    def answer(self, *but: str) -> None:
        """All departments but some answer, and are accepted."""
        inbox = self.space.inbox(self.year)
        for department, items in self.departments().items():
            if department not in but:
                (inbox / f"{department}.xlsx").write_bytes(self.answered(department))
                self.count(items, given(self.year))
        lines = stages.receive(self.space, period=self.year, now=self.when("receive")).lines
        told = {line.path.name: [finding.message("en") for finding in line.findings] for line in lines}
        assert {line.state for line in lines} <= {"accepted", "known"}, told

    def count(self, items: list[str], said: Mapping[str, Mapping[str, str | float | None]]) -> None:
        """From now on counts what was said about items of the round."""
        for item in items:
            self.typed[self.year][item] |= {name: said[item].get(name) for name in ENTRIES}

    # --- what holds ---

    def expected(self, year: str) -> Expected:
        """The figures of a year's summary as of now."""
        fixed: dict[str, Values] = {}
        for before in PERIODS[1 : PERIODS.index(year)]:
            if before in self.closed:
                fixed[before] = self.expected(before).own(year)
        return Expected(year, self.language, self.typed, fixed)

    def hold(self) -> None:
        """Every figure of every closed round is as it should be, and what was published before is as it was.

        So are the figures of earlier periods in the round at hand.
        """
        earlier = PERIODS[: PERIODS.index(self.year)]
        found = figures_in_frame(stages.figures(self.space, self.year))
        wanted = self.expected(self.year).values()
        assert differing(of_periods(found, earlier), of_periods(wanted, earlier)) == {}, self.year
        for year in self.closed:
            expected = self.expected(year)
            frame = stages.figures(self.space, year)
            assert differing(figures_in_frame(frame), expected.values()) == {}, year
            assert figures_in_frame(frame[frame["fixed"]]).keys() == expected.kept().keys(), year
            self.note_versions(year, expected.values())

    def note_versions(self, year: str, figures: Values) -> None:
        """What was published before is as it was, the last of it is the summary; what is new must show the figures."""
        known = {version.name: version for version in self.published}
        versions = sorted(self.space.published(year, 1).parent.iterdir(), key=lambda folder: int(folder.name))
        for folder in versions:
            name, workbook = f"{year} {folder.name}", (folder / "summary.xlsx").read_bytes()
            if name in known:
                assert sha256(known[name].workbook) == sha256(workbook), name
            else:
                self.published.append(Published(name, year, workbook, figures))
        assert self.published
        assert workbook == self.space.summary(year).read_bytes()

    def told(self, department: str) -> str:
        """All that the first sheet of a department's form says."""
        rows = self.desk(department).book.worksheets[0].iter_rows(values_only=True)
        return "\n".join(str(cell) for row in rows for cell in row if cell)

    def hold_forms(self) -> None:
        """What stands beside the answers in each form is what counts of the year before."""
        found, wanted = {}, {}
        before = PERIODS[PERIODS.index(self.year) - 1]
        for department in self.departments():
            desk = self.desk(department)
            for item in self.departments()[department]:
                for name in ("status", "users", "done"):
                    found[item, name] = before_of(desk, item, column(name, self.year))
                    wanted[item, name] = self.meant_before(item, name, before)
                if before in COMMITTEE:
                    found[item, "opinion"] = before_of(desk, item, "opinion")
                    wanted[item, "opinion"] = self.say(str(self.opinion(item) or "")) or None
        assert found == wanted

    def meant_before(self, item: str, name: str, before: str) -> str | float | None:
        """What stands beside an answer: the one of the year before, of several items where they agree."""
        sources = {"A-6": ["A-4"], "A-7": ["A-4"], "B-4": ["B-1", "B-2"]} if self.year == R7 else {}
        names = sources.get(item, [{"E-20": "E-2"}.get(item, item) if self.year == R8 else item])
        said = {each: self.typed[before][each] for each in names if each in self.typed[before]}
        if name == "done":
            texts = {
                each: f"{self.say('Work went on:')}{text_of(each, before)}"
                for each, values in said.items()
                if before != R5 and values["status"]
            }
            only = len(texts) == 1
            return "\n".join(said if only else f"{each} {said}" for each, said in texts.items()) or None
        values = {values[name] for values in said.values()}
        [value] = values if len(values) == 1 else [None]
        return self.say(word(value, self.year) or "") if isinstance(value, str) else value


def column(name: str, year: str) -> str:
    """The id of a field in a year."""
    return "people" if name == "users" and year != R6 else name


def before_of(desk: Desk, item: str, field: str) -> object:
    """What stands beside an item's answer."""
    layout = desk.layouts["report"]
    items, before = layout.column(ColumnKind.ITEM, "item"), layout.column(ColumnKind.PREVIOUS, field)
    rows = range(FIRST_ROW, layout.last_row + 1)
    [row] = [row for row in rows if desk.sheet().cell(row, items.index).value == item]
    return desk.sheet().cell(row, before.index).value


def figures_in_frame(frame: pd.DataFrame) -> Values:
    """The figures of a frame, as the oracle names them."""
    found: Values = {}
    for row in frame.to_dict("records"):
        group = None if row["group"] in ("", *BLANK_HEADS) else group_of(row["group"])
        key = row["measure"], TOTAL if row["total"] else group, row["period"]
        assert key not in found
        found[key] = None if pd.isna(row["value"]) else float(row["value"])
    return found


def figures_in_workbook(workbook: bytes, year: str, language: str) -> Values:
    """The figures that the summary of a year shows, found by the words that stand around them."""
    tables, say = TABLES[year], partial(in_language, language)
    labels = {row["id"]: say(row["label"]) for row in lines_of(tables["periods"])}
    plan = SimpleNamespace(
        views=[SimpleNamespace(id="figures", title=say("Figures"), kind="statistics")],
        measures=[
            SimpleNamespace(**{**row, "label": say(row["label"]), "total": row["total"] == "yes"})
            for row in lines_of(tables["measures"])
        ],
        periods=list(labels.items()),
        label_of=labels.__getitem__,
    )
    shown = figures_in(plan, workbook, year)
    assert shown.twice == []
    return {(measure, group, period): value for (_, measure, group, period), value in shown.figures.items()}


def of_periods(figures: Values, periods: Sequence[str]) -> Values:
    """The figures of some periods."""
    return {key: value for key, value in figures.items() if key[2] in periods}


def differing(found: Values, wanted: Values) -> dict[object, tuple[object, object]]:
    """Where figures are otherwise than they should be: what is there and what should be."""
    return {
        key: (found.get(key, "missing"), wanted.get(key, "missing"))
        for key in found.keys() | wanted.keys()
        if not (key in found and key in wanted and same(found[key], wanted[key]))
    }


def marked(workbook: Path, sheet: str) -> Iterator[object]:
    """The values of the cells of a sheet that bear the mark of what was fixed."""
    for row in openpyxl.load_workbook(workbook)[sheet].iter_rows():
        yield from (cell.value for cell in row if "※" in str(cell.number_format))
