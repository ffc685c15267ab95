"""Set everything up in .venv and run one job. Needs nothing but Python 3.11 or later.

python make.py demo     play a whole year in ./demo
python make.py test     pass the tests            (further arguments go to pytest)
python make.py deep     what takes longer: property tests with many examples, random plans, the tests of XML with lxml
python make.py check    ruff, ruff format, mypy --strict
python make.py bench    measure speed, as ratios
python make.py mutants  small errors put into the code: which does no test notice?   (--help tells what may follow)
python make.py bundle   one zip to install from without internet   (--platform win_amd64 --python 3.13; see --help)
python make.py clean    remove what this file made
"""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

from tools.network import reachable

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
READY = VENV / ".ready"
# a file to a process, as what its tests share is made once; in their order, or the longest files come last of all
SIDE_BY_SIDE = ("-n", "auto", "--maxprocesses", "8", "--dist", "loadfile", "--no-loadscope-reorder")
LXML = "lxml>=5.3,<7"
MUTMUT = "mutmut>=3.8,<3.9"  # tests/mutation uses functions that it does not promise to keep
MADE = (".venv", "demo", "build", "dist", ".pytest_cache", ".hypothesis", ".mypy_cache", ".ruff_cache")


# what depends on how XML is written: openpyxl writes it otherwise where lxml is installed
OF_XML = (
    "tests/form/test_reader.py",
    "tests/form/test_damage.py",
    "tests/test_golden.py",
    "tests/test_robustness.py",
)
# what has property tests over a wide space, and what is marked to run here alone
WIDE = (
    "tests/language",
    "tests/formula",
    "tests/fields/test_convert.py",
    "tests/fields/test_numbers.py",
    "tests/test_bundle.py",
    "tests/test_random_plans.py",
    "tests/stages/test_closed_columns.py",
    "tests/stages/test_eight_weeks.py",
    "tests/stages/test_three_years.py",
    "tests/stages/test_year_cases.py",
)
PLANS = ("100", "100")
"""The first seed of the random plans that are played, and how many."""


def run(program: str, *arguments: str, **environment: str) -> None:
    """Run a program of the virtual environment here; its failure is ours.

    Python keeps what it compiled, whatever the system is set to: the tests start some thousand processes.
    """
    settings = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", **environment}
    done = subprocess.run([str(BIN / program), *arguments], cwd=ROOT, env=settings, check=False)
    if done.returncode:
        sys.exit(done.returncode)


def said(key: str, **places: str) -> str:
    """A sentence of the catalogue in the language of whoever sits here."""
    from xlplan.language.choice import chosen_language  # not above: an older Python cannot read it
    from xlplan.language.messages import text

    return text(key, chosen_language(), **places)


def without_network() -> str:
    """What is said where nothing can be fetched: a bundle made elsewhere, for this computer, needs no network."""
    machine = platform.machine().lower()
    wheels = {"win32": f"win_{machine}", "darwin": f"macosx_14_0_{machine}"}.get(sys.platform, "manylinux")
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    return said("setup.no_network", platform=wheels, python=python)


def set_up() -> None:
    """Make .venv and install the package with its tools, unless that was done for this pyproject.toml."""
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever runs this file may have an older one
        sys.exit(f"xlplan needs Python 3.11 or later; this is {sys.version.split()[0]}")
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    if READY.is_file() and READY.read_text() == wanted:
        return
    print(said("setup.setting_up"), flush=True)
    try:
        venv.create(VENV, with_pip=True, clear=True)
    except subprocess.CalledProcessError:
        sys.exit(said("setup.no_venv"))
    if not reachable(str(BIN / "python")):
        sys.exit(without_network())
    run("python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-e", ".[dev]")
    READY.write_text(wanted)


def go_deep(rest: Sequence[str]) -> None:
    """Run what takes longer than the tests: many examples, many plans, and the tests of XML with lxml installed."""
    run("python", "-m", "pytest", *SIDE_BY_SIDE, *WIDE, *rest, HYPOTHESIS_PROFILE="deep")
    run("python", "-m", "tests.randomplans", *PLANS)
    folder = ROOT / "build" / "lxml"
    if not (folder / "lxml").is_dir():
        run(
            "python",
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--target",
            str(folder),
            LXML,
        )
    run("python", "-m", "pytest", *SIDE_BY_SIDE, *OF_XML, *rest, PYTHONPATH=str(folder))


def try_mutants(rest: Sequence[str]) -> None:
    """Have mutmut change the code and see what the tests notice of it; it is installed beside the other tools."""
    run("python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", MUTMUT)
    run("python", "-m", "tests.mutation", *rest)


def main(words: Sequence[str]) -> None:
    """Do the job that is asked for."""
    job, *rest = words or [""]
    if job not in ("demo", "test", "deep", "check", "bench", "mutants", "bundle", "clean"):
        sys.exit(__doc__)
    if job == "clean":
        for name in MADE:
            shutil.rmtree(ROOT / name, ignore_errors=True)
        return
    set_up()
    if job == "demo":
        shutil.rmtree(ROOT / "demo", ignore_errors=True)
        run("python", "-m", "xlplan", "demo", "demo", *rest)
    elif job == "test":
        run("python", "-m", "pytest", *SIDE_BY_SIDE, *rest)
    elif job == "deep":
        go_deep(rest)
    elif job == "mutants":
        try_mutants(rest)
    elif job == "bundle":
        run("python", "-m", "tools.bundle", *rest)
    elif job == "bench":
        run("python", "-m", "tests.benchmarks", *rest)
    else:
        run("python", "-m", "ruff", "check", ".")
        run("python", "-m", "ruff", "format", "--check", ".")
        run("python", "-m", "mypy", "--strict", "xlplan")


if __name__ == "__main__":
    main(sys.argv[1:])
