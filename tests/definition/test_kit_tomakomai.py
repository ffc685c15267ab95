"""The kit `tomakomai` against the published plan: symbols, what they add up to, and where the print disagrees."""

import csv
import json
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

from xlplan import stages
from xlplan.cli.commands import app
from xlplan.cli.demo.play import Played, play
from xlplan.cli.printing import Printer
from xlplan.definition.reading import read_definition
from xlplan.model.plan import Plan

KIT = Path(__file__).parents[2] / "templates" / "tomakomai"

PUBLISHED = """
P14 ○/◎: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17
P14 ○/△: 21 23
P14 ○/×: 22
P16 ○/◎: 18 20 24
P16 ◎: 1 5 12
P16 ○/△: 19
P16 △: 21 23
P18 ○/◎: 28 30
P18 ◎: 1 5 12 18
P18 ○/△: 25 26 29 31
P18 ○/×: 27
P18 △: 19 23
P18 △/×: 21
P21 ○/◎: 32 33 34 35 36
P21 ◎: 1 5 12 18
P21 △/◎: 25
P21 △: 23 26 29
P21 △/×: 19 31
P26 ◎: 1 5 12 18 25 33 34 35 36
P26 ○: 37 38 39 40 41 42
P26 △: 23 26 29
"""
"""The 別表 read column by column: which projects have which symbol."""

DIFFERING = {
    ("cancelled", "P18"): ("1", "2", ["21", "27"]),
    ("cancelled", ""): ("4", "5", ["22", "21", "27", "19", "31"]),
    ("carried_over", "P16"): ("4", "5", ["1", "5", "12", "21", "23"]),
    ("projects", "P16"): ("8", "9", []),
    ("rate", "P16"): ("38%", "33%", []),
    ("progress", "P18"): ("76%", "79%", []),
    ("progress", "P21"): ("88%", "90%", []),
}
"""By measure and period: what is printed, what the register says, and the projects that make it up."""


def rows(table: str) -> list[dict[str, str]]:
    with open(KIT / f"{table}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def plan() -> Plan:
    return read_definition(KIT).usable()


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    folder = tmp_path_factory.mktemp("tomakomai") / "round"
    return play(folder, "tomakomai", lambda language: Printer(language), datetime(2020, 4, 10, 9, 0))


def test_there_are_42_projects_with_the_published_symbol_in_each_period() -> None:
    expected = {
        (line.split()[0], item): line.split()[1].rstrip(":")
        for line in PUBLISHED.strip().splitlines()
        for item in line.partition(":")[2].split()
    }
    register = [one for one in (*rows("records"), *rows("answers/records")) if one["form"] == "progress"]
    assert len(rows("items")) == 42
    assert {(one["period"], one["item"]): one["cell"] for one in register} == expected
    assert len(register) == len(expected) == 76


def test_a_project_is_asked_from_its_first_symbol_to_its_last() -> None:
    asked = {(period.id, item.id) for period in plan().periods for item in plan().items_of(period)}
    register = [one for one in (*rows("records"), *rows("answers/records")) if one["form"] == "progress"]
    assert asked == {(one["period"], one["item"]) for one in register}


def test_no_symbol_of_the_register_breaks_the_order_of_the_symbols() -> None:
    assert read_definition(KIT).findings == ()


def test_every_project_of_the_plan_in_force_has_its_chapter_and_number() -> None:
    numbered = {item.id: item.extra["計画書の番号"] for item in plan().items if item.goal}
    assert set(numbered) == {item.id for item in plan().items_of(plan().periods[-1])} | {"31"}
    assert len(set(numbered.values())) == 19
    assert [numbered[one] for one in ("12", "41", "23", "42", "35", "31")] == [
        "3-1-1",
        "3-1-12",
        "3-2-1",
        "3-2-4",
        "3-3-2",
        "4-1",
    ]


def test_the_round_ends_with_every_department_accepted(played: Played) -> None:
    status = stages.status(played.space, period="P26", now=datetime(2020, 6, 1))
    assert {one.state for one in status.lines} == {"accepted"}
    assert played.space.summary("P26").is_file()


def test_reconcile_shows_the_figures_that_contradict_the_register_and_the_projects_behind_them(
    played: Played,
) -> None:
    done = CliRunner().invoke(
        app, ["reconcile", "--dir", str(played.space.root), "--period", "P26", "--json"]
    )
    figures = json.loads(done.stdout)["figures"]
    found = {
        (one["measure"], one["period"]): (
            one["printed"],
            one["shown"],
            [record["item"] for term in one["terms"] for record in term["records"]]
            if not one["parts"]
            else [],
        )
        for one in figures
        if not one["agrees"]
    }
    assert done.exit_code == 1
    assert found == DIFFERING
    assert len(figures) == len(rows("published")) == 36


def test_what_follows_from_another_figure_is_told_with_the_figure_it_follows_from(played: Played) -> None:
    done = CliRunner().invoke(
        app, ["reconcile", "--dir", str(played.space.root), "--period", "P26", "--json"]
    )
    found = {
        (one["measure"], one["period"]): {
            (cause["measure"], cause["period"]) for cause in one["follows_from"]
        }
        for one in json.loads(done.stdout)["figures"]
        if not one["agrees"]
    }
    assert found["projects", "P16"] == {("carried_over", "P16")}
    assert found["rate", "P16"] == {("projects", "P16")}
    assert found["progress", "P18"] == found["progress", "P21"] == {("cancelled", "P18")}
