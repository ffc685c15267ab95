"""Try every file, and write what became of them into README.md."""

import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.robustness.good import good
from tests.robustness.hostile import hostile
from tests.robustness.judging import Outcome, tried
from tests.robustness.mutants import mutants
from xlplan.spreadsheet.safety.inspection import inspect

FOLDER = Path(__file__).parent
README = FOLDER / "README.md"
BEGIN = "<!-- figures, written by python -m tests.robustness -->\n"
FATES = ("refused", "stopped", "slow", "same", "told", "wrong")
MEND = FOLDER.parent / "form" / "test_mend.py"


def figures(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """The table, and under it the figures that must be 0."""
    count = Counter((one.kind, one.fate) for one in outcomes)
    yield "| kind | files | refused | process ended, refused | given up | read as sent | read, and told | wrong |\n"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|\n"
    for kind in dict.fromkeys(one.kind for one in outcomes):
        fates = [count[kind, fate] for fate in FATES]
        yield f"| {kind} | {sum(fates)} | {' | '.join(map(str, fates))} |\n"
    totals = [sum(number for (_, one), number in count.items() if one == fate) for fate in FATES]
    yield f"| **all** | {sum(totals)} | {' | '.join(map(str, totals))} |\n\n"
    fates_of = dict(zip(FATES, totals, strict=True))
    yield f"Kinds: {len({one.kind for one in outcomes})}. Files: {len(outcomes)}. "
    yield f"Crashes: 0. Hangs: {fates_of['slow']}. Wrong answers: {fates_of['wrong']}.\n\n"
    yield damages()


def damages() -> str:
    """What the tests of mending try besides."""
    source = MEND.read_text(encoding="utf-8")
    [listed] = re.findall(r"^DAMAGES.*?= \((.*?)^\)", source, re.DOTALL | re.MULTILINE)
    [times] = re.findall(r"max_examples=([0-9]+)", source)
    kinds = len([one for one in listed.split(",") if one.strip()])
    return (
        f"Besides, `tests/form/test_mend.py` does up to five of {kinds} kinds of damage at a time to a filled\n"
        f"workbook (rows, columns and sheets deleted, inserted, sorted, copied, renamed), {times} times: no typed\n"
        "value is lost.\n"
    )


def speed() -> str:
    """What the look for safety costs an ordinary return."""
    best = min(_seconds() for _ in range(20))
    size = len(good()) / 1024
    return (
        f"The look for safety at the undamaged return ({size:.0f} KB): {best * 1000:.1f} ms, at best of 20.\n"
    )


def _seconds() -> float:
    begun = time.perf_counter()
    inspect(good())
    return time.perf_counter() - begun


def main() -> None:
    """Run all; exit with 1 where a figure is not what it must be."""
    outcomes = [one for files in (hostile(), mutants()) for one in tried(files)]
    made = "".join(figures(outcomes))
    bad = [one for one in outcomes if one.fate in ("wrong", "slow")]
    if "--print" in sys.argv:
        print(made, end="")
    else:
        text = README.read_text(encoding="utf-8").partition(BEGIN)[0]
        README.write_text(f"{text}{BEGIN}\n{made}\n{speed()}", encoding="utf-8")
    for one in bad:
        print(one, file=sys.stderr)
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
