"""Play the plans of some seeds on all cores, and tell what is wrong."""

import os
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from .plans import Kind
from .run import KNOWN_WRONG, play


def one(seed: int, known: frozenset[Kind], keep: Path | None) -> tuple[str, str, int, float]:
    """What became of the plan of a seed: in a word, in lines, how many figures it has, seconds of this process."""
    begun = time.process_time()
    with TemporaryDirectory() as folder:
        played = play(seed, Path(folder) if keep is None else keep / str(seed), known)
    fate = (
        "refused" if played.refused else "crashed" if played.crashed else "wrong" if played.wrong else "fine"
    )
    return fate, played.told(), played.figures, time.process_time() - begun


def main() -> None:
    """python -m tests.randomplans SEED [COUNT] [--all] [--jobs N] [--keep FOLDER]

    Exit with 1 where something is wrong, or fewer than seven of ten plans pass the lint. --all leaves nothing out that
    is known to be wrong.
    """
    words, jobs, keep = sys.argv[1:], os.cpu_count() or 1, None
    if "--keep" in words:
        at = words.index("--keep")
        keep = Path(words[at + 1])
        del words[at : at + 2]
    if "--jobs" in words:
        at = words.index("--jobs")
        jobs = int(words[at + 1])
        del words[at : at + 2]
    numbers = [int(word) for word in words if word.isdigit()]
    seed, count = numbers[0] if numbers else 0, numbers[1] if len(numbers) > 1 else 1
    known: frozenset[Kind] = frozenset() if "--all" in words else KNOWN_WRONG
    fates, figures, seconds = Counter[str](), 0, 0.0
    with ProcessPoolExecutor(min(jobs, count)) as pool:
        for fate, told, number, spent in pool.map(
            partial(one, known=known, keep=keep), range(seed, seed + count)
        ):
            fates[fate] += 1
            figures, seconds = figures + number, seconds + spent
            if fate != "fine":
                print(told, flush=True)
    print(
        f"{dict(fates)}; {figures} figures; {seconds / count:.2f} s for each plan, the readers of returns apart"
    )
    sys.exit(bool(fates["crashed"] or fates["wrong"] or (count > 9 and fates["refused"] > 0.3 * count)))


if __name__ == "__main__":
    main()
