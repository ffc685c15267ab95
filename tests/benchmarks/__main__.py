"""Generate rounds, run every stage in a process of its own, print the table."""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.returns import make_round
from tests.benchmarks.table import Figures, Measured, printed

ROOT = Path(__file__).parents[2]
STAGES = ("floor", "judge", "whole", "plan", "receive", "consolidate")
"""In this order: `consolidate` runs on the ledger that `receive` leaves."""


def measured(stage: str, folder: Path) -> Measured:
    """One run of one stage."""
    command = [sys.executable, "-m", "tests.benchmarks.stages", stage, str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{stage} failed:\n{done.stderr}")
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def figures(folder: Path, repeats: int, *, send_back: bool) -> Figures:
    """The best run of each stage: the stages take turns, so that a busy minute spoils none of them alone."""
    found: Figures = {}
    once = ("plain", "send_back") if send_back else ("plain",)
    for turn in range(repeats):
        for stage in (*STAGES, *(once if turn == 0 else ())):
            one = measured(stage, folder)
            if stage not in found or one.cpu < found[stage].cpu:
                found[stage] = one
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the benchmarks that the arguments ask for."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--returns", default="100,1000", help="how many returns, such as 100,1000")
    parser.add_argument("--repeats", type=int, default=3, help="runs of each stage, of which the best counts")
    parser.add_argument(
        "--send-back", action="store_true", help="also with the workbooks that go back (slow)"
    )
    asked = parser.parse_args(arguments)
    found: dict[int, Figures] = {}
    with tempfile.TemporaryDirectory() as folder:
        for returns in (int(one) for one in asked.returns.split(",")):
            print(f"{returns} returns: being written …", file=sys.stderr, flush=True)
            root = Path(folder) / str(returns)
            make_round(root, returns)
            print(f"{returns} returns: being measured …", file=sys.stderr, flush=True)
            found[returns] = figures(root, asked.repeats, send_back=asked.send_back)
    print(printed(found))


if __name__ == "__main__":
    main()
