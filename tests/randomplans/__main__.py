"""Play the plans of some seeds and tell what is wrong."""

import sys
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from .run import KNOWN_WRONG, play


def main() -> None:
    """python -m tests.randomplans SEED [COUNT] [--all] [--keep FOLDER]; exit with 1 where something is wrong.

    --all leaves nothing out that is known to be wrong.
    """
    words = sys.argv[1:]
    known = frozenset() if "--all" in words else KNOWN_WRONG
    keep = Path(words[words.index("--keep") + 1]) if "--keep" in words else None
    numbers = [int(word) for word in words if word.isdigit()]
    seed, count = numbers[0] if numbers else 0, numbers[1] if len(numbers) > 1 else 1
    begun, fates, figures = time.process_time(), Counter[str](), 0
    for at in range(seed, seed + count):
        with TemporaryDirectory() as folder:
            place = Path(folder) if keep is None else keep / str(at)
            played = play(at, place, known)
        fate = "refused" if played.refused else "crashed" if played.crashed else "wrong" if played.wrong else "fine"
        fates[fate] += 1
        figures += played.figures
        if fate != "fine":
            print(played.told(), flush=True)
    seconds = (time.process_time() - begun) / count
    print(f"{dict(fates)}; {figures} figures; {seconds:.2f} s of this process for each plan")
    sys.exit(bool(fates["crashed"] or fates["wrong"]))


if __name__ == "__main__":
    main()
