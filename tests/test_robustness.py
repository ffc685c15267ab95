"""Whatever comes in: no crash, no hang, no wrong answer; the figures that the README tells are those of the tests."""

import re
import subprocess
import sys
from pathlib import Path

from libreoffice import find_libreoffice

from xlplan.form.read import child, otherformats
from xlplan.formula import excel
from xlplan.mail import letter
from xlplan.spreadsheet import container
from xlplan.spreadsheet.safety import limits

ROOT = Path(__file__).parents[1]
README = ROOT / "tests" / "robustness" / "README.md"
TRIED = 2
"""Columns of the table that hang on the tests alone; the others also on the versions of the libraries."""


def rows(table: str) -> list[list[str]]:
    """The kinds, each with the number of its files."""
    _, _, figures = table.rpartition("| kind |")
    figures, _, _ = figures.partition("\n\n")
    lines = [line.strip("|").split("|") for line in figures.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line[:TRIED]] for line in lines]


def test_no_file_crashes_hangs_or_is_read_wrongly_and_the_readme_says_how_many_were_tried() -> None:
    command = [sys.executable, "-m", "tests.robustness", "--print"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=600)
    written = README.read_text(encoding="utf-8")

    assert done.returncode == 0, done.stderr
    made, told = rows(done.stdout), rows(written)
    if find_libreoffice():
        assert made == told
        assert done.stdout.partition("Kinds:")[2] in written
    else:
        assert made[:-1] == [one for one in told[:-1] if not one[0].startswith(".xls")]
    for text in (done.stdout, written):
        assert "Crashes: 0. Hangs: 0. Wrong answers: 0." in text


def test_every_test_and_limit_that_the_readme_names_is_there() -> None:
    written = README.read_text(encoding="utf-8")
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    tests = set(re.findall(r"`(test_\w+)`", written))
    constants = set(re.findall(r"`([A-Z]+_[A-Z_]+|SPARSENESS)`", written))

    assert [one for one in sorted(tests) if f"def {one}(" not in sources] == []
    assert [
        one
        for one in sorted(constants)
        if not any(hasattr(m, one) for m in (child, otherformats, container, limits, excel, letter))
    ] == []
    of_limits = {name for name in vars(limits) if name.startswith("MAX_")}
    assert of_limits - constants == {"MAX_TYPES_BYTES"}
