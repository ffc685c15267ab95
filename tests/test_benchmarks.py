"""The benchmarks run, and measure what they say: xlplan and the plain script find the planted faults."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_table_is_printed_and_both_ways_find_the_same_faults() -> None:
    """`python -m tests.benchmarks` for 3 returns: a line for each stage, the targets, no fault missed or made up."""
    command = [sys.executable, "-m", "tests.benchmarks", "--returns", "3", "--repeats", "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "3 returns, 90 rows of 20 columns"
    found = {line[:36].strip(): line.endswith("all, no other") for line in lines[2:10]}
    assert found["safety + reading + validating"]
    assert found["files to summary, in memory"]
    assert found["plain script: files to one table"]
    assert found["receive: + plan, archive, ledger"]
    assert any(line.startswith("  files to summary: ") for line in lines)
    assert "NOT THE SAME" not in done.stdout
