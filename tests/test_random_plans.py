"""Random plans go the whole way without an exception, and each of their figures is worked out a second time.

`python -m tests.randomplans SEED` plays one of them; `make deep` plays a hundred. Their cells are compared with what
LibreOffice works out: `python -m tests.randomplans.cells`; `make deep` compares 50,000.
"""

import ast
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from libreoffice import CellError, LibreOffice, Recalculated
from randomplans import oracle
from randomplans.cells import compare, plans
from randomplans.generator import random_plan
from randomplans.run import KNOWN_WRONG, Played, again, left_out, play, summary_of
from summaries import differing

from xlplan.form.write import live
from xlplan.formula import emission
from xlplan.formula.emission import Place
from xlplan.formula.tree import Formula, Node
from xlplan.report import aggregates, figures, heads, working

DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "deep"
SEEDS = range(20) if DEEP else range(3)
CELLS = 50_000 if DEEP else 1_000
"""Cells of random plans that are compared with LibreOffice's."""


@pytest.fixture(scope="module")
def played() -> Iterator[list[Played]]:
    """The plans of some seeds, played."""
    with TemporaryDirectory() as folder:
        yield [play(seed, Path(folder) / str(seed)) for seed in SEEDS]


def test_random_plans_go_the_whole_way_and_every_figure_is_what_pandas_makes_of_the_answers(
    played: Sequence[Played],
) -> None:
    assert [one.told() for one in played if not one.fine or one.refused] == []
    assert sum(one.figures for one in played) > 100 * len(played)
    assert sum(one.warnings for one in played) > 0


def test_the_values_of_random_summaries_are_those_that_libreoffice_works_out(
    played: Sequence[Played], libreoffice: LibreOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A criterion that the formulas lack, and the figures do not, is seen here."""
    workbooks = [summary_of(one) for one in played]
    with monkeypatch.context() as patch:
        patch.setattr(working, "emit", _with_a_criterion_less(working.emit))
        assert again(played[0]) == []
        workbooks.append(summary_of(played[0]))
    assert again(played[0]) == []

    *judged, faulty = libreoffice.all_recalculated(workbooks)

    found = [
        figures_differing(one, book, it) for one, book, it in zip(played, workbooks, judged, strict=False)
    ]
    assert found == [{} for _ in played]
    assert figures_differing(played[0], workbooks[-1], faulty) != {}


def figures_differing(
    one: Played, workbook: bytes, judged: Recalculated
) -> Mapping[str, tuple[object, object | CellError]]:
    """The cells whose cached value is not LibreOffice's, on any sheet."""
    return {f"{one.seed} {cell}": both for cell, both in differing(workbook, judged).items()}


def test_the_plans_differ_and_a_seed_makes_the_same_one() -> None:
    tables = [random_plan(seed).tables() for seed in range(30)]

    assert tables[7] == random_plan(7).tables()
    types = {row["type"] for one in tables for row in one["fields"]}
    kinds = {row["kind"] for one in tables for row in one["views"]}
    assert types == {"text", "choice", "item", "whole", "number", "date", "month", "year", "time"}
    assert kinds == {"progress", "status", "statistics", "schedule", "list"}
    every = {kind for seed in range(60) for one in random_plan(seed).measures for kind in one.kinds}
    assert len(every) > 16
    assert len(random_plan(7, left_out(KNOWN_WRONG)).measures) > 0


def test_the_oracle_knows_nothing_of_formulas_and_reports() -> None:
    folder = Path(oracle.__file__).parent
    named = set[str]()
    for name in ("oracle", "specs", "plans", "words"):
        for node in ast.walk(ast.parse((folder / f"{name}.py").read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and not node.level:
                named.add(str(node.module))
            elif isinstance(node, ast.Import):
                named |= {alias.name for alias in node.names}

    assert {name for name in named if name.startswith("xlplan")} == {"xlplan.language.text"}


# --- planted faults --------------------------------------------------------------------------------


def _with_a_criterion_less(emit: Callable[..., str]) -> Callable[..., str]:
    """The formulas that a workbook shows, the last criterion of each COUNTIFS left out."""

    def shorter(node: Node) -> Node:
        children = tuple(map(shorter, node.children))
        if node.value == "COUNTIFS" and len(children) > 2:
            children = children[:-2]
        return replace(node, children=children)

    def emitted(formula: Formula, place: Place, *, bare: bool = False) -> str:
        if type(place) is figures.FigurePlace:
            formula = Formula(formula.text, shorter(formula.tree))
        return emit(formula, place, bare=bare)

    return emitted


def _without_the_last_row(patch: pytest.MonkeyPatch) -> None:
    meeting = aggregates.Aggregate._meeting
    patch.setattr(
        aggregates.Aggregate,
        "_meeting",
        lambda self: (at for at in meeting(self) if at < len(self.records.rows) - 1),
    )


def _without_the_last_condition(patch: pytest.MonkeyPatch) -> None:
    meeting = aggregates.Aggregate._meeting
    patch.setattr(
        aggregates.Aggregate, "_meeting", lambda self: meeting(replace(self, tests=self.tests[:-1]))
    )


def _without_the_last_group(patch: pytest.MonkeyPatch) -> None:
    groups_of = working.groups_of
    patch.setattr(working, "groups_of", lambda *of: groups_of(*of)[:-1])


def _with_the_period_before(patch: pytest.MonkeyPatch) -> None:
    heads = figures.Figure.heads.fget
    assert heads
    patch.setattr(
        figures.Figure,
        "heads",
        property(lambda self: heads(replace(self, period_at=max(0, self.period_at - 1)))),
    )


def _with_a_group_twice_in_totals(patch: pytest.MonkeyPatch) -> None:
    area = figures.Figure.area_of_total.fget
    assert area
    patch.setattr(
        figures.Figure, "area_of_total", property(lambda self: f"{area(self)},{area(self).split(':')[0]}")
    )


def _with_spellings_apart(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(heads, "fold", lambda word: word)


FAULTS = (
    _without_the_last_row,
    _without_the_last_condition,
    _without_the_last_group,
    _with_the_period_before,
    _with_a_group_twice_in_totals,
    _with_spellings_apart,
)


@pytest.mark.parametrize("plant", FAULTS, ids=lambda plant: plant.__name__.strip("_"))
def test_a_planted_fault_is_seen_in_one_of_the_plans(
    plant: Callable[[pytest.MonkeyPatch], None], played: Sequence[Played], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        plant(patch)
        assert any(again(one) for one in played)


# --- the cells of workbooks ------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore:Cell .* is marked as a date:UserWarning")
def test_17_the_cells_of_random_plans_are_those_that_libreoffice_works_out(libreoffice: LibreOffice) -> None:
    """Of issued, filled and sent-back workbooks and of summaries: every formula, failed check and message."""
    assert libreoffice.program  # those that compare prepare one each
    jobs = (os.cpu_count() or 1) if DEEP else 1
    found = list(plans(0, CELLS, jobs, workbooks=3 if DEEP else 1))

    assert [line for one in found for line in one.differing] == []
    cells = sum((one.cells for one in found), Counter[str]())
    assert cells.total() >= CELLS
    assert set(cells) == {"sent back", "saved", "checks", "messages", "computed"}
    assert sum(bool(one.refused) for one in found) <= 0.3 * len(found)


def _blanks_passed_on(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(live, "shown_formula", lambda field, formula, form: formula)


def _days_of_blanks_as_each_has_them(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(emission, "_SHIFTING", frozenset())


def _texts_called_wrong_alone(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(live._Row, "as_text", lambda self, first: "")


CELL_FAULTS = (_days_of_blanks_as_each_has_them, _blanks_passed_on, _texts_called_wrong_alone)


@pytest.mark.filterwarnings("ignore:Cell .* is marked as a date:UserWarning")
@pytest.mark.parametrize(
    "plant", CELL_FAULTS if DEEP else CELL_FAULTS[:1], ids=lambda plant: plant.__name__.strip("_")
)
def test_17_a_planted_fault_is_seen_in_a_cell_of_a_random_plan(
    plant: Callable[[pytest.MonkeyPatch], None], libreoffice: LibreOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        plant(patch)
        found = compare(0, libreoffice, 1)
    assert found.cells.total() > 0
    assert found.differing != []
