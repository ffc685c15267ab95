"""docs/python.md is true: its examples run in their order, and print what the page shows."""

import re
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from xlplan.stages import frames

PAGE = Path(__file__).parents[1] / "docs" / "python.md"


def blocks(page: str) -> list[tuple[str, str | None]]:
    """Each example with the output that is shown below it, None where none is."""
    found = re.findall(r"^```(python|text)\n(.*?)^```$", page, flags=re.MULTILINE | re.DOTALL)
    examples: list[tuple[str, str | None]] = []
    for language, block in found:
        if language == "python":
            examples.append((block, None))
        else:
            examples[-1] = (examples[-1][0], block)
    return examples


def test_the_examples_run_and_print_what_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    shown, printed = [], []
    for code, output in blocks(PAGE.read_text(encoding="utf-8")):
        stream = StringIO()
        with redirect_stdout(stream):
            exec(compile(code, "python.md", "exec"), names)
        shown.append(output or "")
        printed.append("".join(f"{line.rstrip()}\n" for line in stream.getvalue().splitlines()))

    assert printed == shown


@pytest.mark.parametrize(
    "columns", [frames.RECORD_COLUMNS, frames.FINDING_COLUMNS], ids=["records", "findings"]
)
def test_the_columns_of_frames_are_those_of_the_page(columns: dict[str, str]) -> None:
    page = PAGE.read_text(encoding="utf-8")
    tables = [
        dict(re.findall(r"^\| `(\w+)` \| ([\w\[\]]+) \|", table, flags=re.MULTILINE))
        for table in page.split("| column | dtype | meaning |")[1:]
    ]

    assert dict(columns) in tables
