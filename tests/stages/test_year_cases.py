"""docs/years-*.md: what each case there tells the office to do is done, and what it says is then to be read is read."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from yearcases import DOCS, Case, cases, example, played, write

from xlplan import stages
from xlplan.model.descent import sources
from xlplan.store.workspace import Workspace

CASES = [case for language in ("ja", "en") for case in cases(language)]


def read(root: Path) -> Iterator[str]:
    """Every text of every workbook that was made."""
    for path in sorted(root.rglob("*.xlsx")):
        if "returned" not in path.parts and "inbox" not in path.parts:
            for sheet in openpyxl.load_workbook(path):
                for row in sheet.iter_rows():
                    for cell in row:
                        if isinstance(cell.value, str):
                            yield cell.value


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(
            case, id=f"{case.language}-{case.picture}", marks=[pytest.mark.deep] * (case.language == "en")
        )
        for case in CASES
    ],
)
def test_a_case_of_the_page_is_as_it_says(case: Case, tmp_path: Path) -> None:
    space, printed = played(case, tmp_path)
    texts = set(read(space.root))
    lines = {line.strip() for text in texts for line in text.splitlines()}

    for sentence in case.quoted:
        assert sentence in lines or sentence in printed, sentence


def test_both_pages_have_the_same_cases() -> None:
    shown = [
        [(case.picture, len(case.quoted), len(case.steps)) for case in cases(language)]
        for language in ("ja", "en")
    ]

    assert shown[0] == shown[1]


def test_the_examples_of_the_reference_page_are_split_and_merged(tmp_path: Path) -> None:
    page = (DOCS / "reference.md").read_text(encoding="utf-8")
    found = {}
    for shown in re.findall(r"```csv\n(id,goal.*?)```", page, re.DOTALL):
        write({**example("ja"), "items": list(csv.DictReader(io.StringIO(shown)))}, tmp_path / "plan")
        plan = stages.lint(Workspace(tmp_path)).usable()
        found |= {item.id: sources(plan, item, plan.periods[-1]) for item in plan.items_of(plan.periods[-1])}

    assert found == {"2-3": ("2-1",), "2-4": ("2-1",), "3-3": ("3-1", "3-2")}
