"""docs/years-*.md: what each case there tells the office to do is done, and what it says is then to be read is read."""

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from yearcases import Case, cases, played

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


@pytest.mark.parametrize("case", CASES, ids=[f"{case.language}-{case.picture}" for case in CASES])
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
