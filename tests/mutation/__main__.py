"""Let mutmut change the rooms that judge and count, and tell what no test noticed.

python make.py mutants                                  the four rooms, whole (hours)
python make.py mutants fields report/reconcile          rooms, folders or modules: fields/time
python make.py mutants report --sample 300 --seed 7     so many of them, drawn by a seed
python make.py mutants 'xlplan.fields.time.x_moment*'   what mutmut calls its mutants, with * and ?

What was found out before stands until --again; all of it lies in build/mutation. tests/mutants.md argues those that
no test can notice. Needs a system that can fork: not Windows.
"""

import argparse
import ast
import difflib
import fnmatch
import json
import os
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
SHOP = ROOT / "build" / "mutation"
MUTANTS = SHOP / "mutants"
ROOMS = ("formula", "fields", "validate", "report")
BESIDES = (
    "templates",
    "docs",
    "workbooks",
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Makefile",
    "make.py",
)
"""What the tests read besides the package."""
SETTINGS = f"""
[tool.mutmut]
source_paths = ["xlplan"]
only_mutate = {json.dumps([f"xlplan/{room}/*" for room in ROOMS])}
also_copy = {json.dumps(BESIDES)}
"""
WRITE = (
    "import os; from mutmut.__main__ import *; os.makedirs('mutants', exist_ok=True)\n"
    "copy_src_dir(); copy_also_copy_files(); create_mutants(1)"
)
"""mutmut's own command writes the mutants and tries them in one; here they are only written."""
OF_THE_SHEET = re.compile(r"xlplan\.fields\..*x\w*_*(sheet_\w+?|shown_formula)__mutmut_")
"""Functions that write a formula of a form: LibreOffice judges those, in tests/fields/test_live_checks.py."""
KINDS = ("killed", "hung", "survived", "no tests", "not tried")
LIVED = ("survived", "no tests")


def prepare() -> None:
    """Lay out what mutmut is to work on, and have it write the mutants."""
    SHOP.mkdir(parents=True, exist_ok=True)
    for name in ("xlplan", "tests", *BESIDES):
        link = SHOP / name
        if not link.is_symlink():
            link.symlink_to(ROOT / name)
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (SHOP / "pyproject.toml").write_text(project + SETTINGS, encoding="utf-8")
    subprocess.run([sys.executable, "-c", WRITE], cwd=SHOP, check=True, stdout=subprocess.DEVNULL)


def module_of(mutant: str) -> str:
    """The module of a mutant: xlplan.fields.time.x_moment__mutmut_3 is of fields/time."""
    return mutant.rpartition(".x")[0].removeprefix("xlplan.").replace(".", "/")


def differences(module: str) -> dict[str, str]:
    """Every mutant of a module, and in which lines it differs from the code."""
    source = (MUTANTS / "xlplan" / f"{module}.py").read_text(encoding="utf-8")
    lines = source.splitlines()
    functions = {
        node.name: lines[node.lineno : node.end_lineno]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef) and "__mutmut_" in node.name
    }
    first = {
        node.name: lines[node.lineno - 1]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef) and "__mutmut_" in node.name
    }
    found = {}
    for name, text in functions.items():
        whose, _, number = name.partition("__mutmut_")
        if number != "orig":
            was = [first[f"{whose}__mutmut_orig"].partition("(")[2], *functions[f"{whose}__mutmut_orig"]]
            compared = difflib.unified_diff(was, [first[name].partition("(")[2], *text], n=0, lineterm="")
            changed = [line for line in compared if not line.startswith(("---", "+++", "@@"))]
            found[f"xlplan.{module.replace('/', '.')}.{name}"] = "\n".join(changed)
    return found


def idle(difference: str) -> bool:
    """True of what changes nothing but a check of our own: `strict` of zip, the first word of `cast`."""
    kept = [
        re.sub(r",? *strict=\w+|, *(?=\))|cast\((\"[^\"]*\"|None|\w+)(, )?|\s", "", line[1:])
        for line in difference.splitlines()
    ]
    return len(kept) == 2 and kept[0] == kept[1]


def mutants() -> dict[str, str]:
    """Every mutant that is worth trying, and what it changes."""
    found: dict[str, str] = {}
    for path in sorted((MUTANTS / "xlplan").rglob("*.meta")):
        if json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]:
            found |= differences(str(path.relative_to(MUTANTS / "xlplan")).removesuffix(".py.meta"))
    return {
        mutant: difference
        for mutant, difference in found.items()
        if not (idle(difference) or OF_THE_SHEET.search(mutant))
    }


def results() -> dict[str, str]:
    """How each mutant ended that was tried, the last time that it was."""
    path = SHOP / "ended.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return {mutant: how for mutant, how, *_ in map(json.loads, lines)}


def asked_for(names: Iterable[str], places: Sequence[str]) -> list[str]:
    """The mutants of the given rooms, folders and modules, or of these names, in this order."""
    patterns: list[str] = []
    for place in places or ROOMS:
        if place.startswith("xlplan."):
            patterns.append(place)
        else:
            module = "xlplan." + place.removeprefix("xlplan/").removesuffix(".py").strip("/").replace(
                "/", "."
            )
            patterns += [f"{module}.x*", f"{module}.*.x*"]
    found = {name: None for pattern in patterns for name in names if fnmatch.fnmatchcase(name, pattern)}
    return list(found)


def tell(ended: dict[str, str], changes: dict[str, str]) -> None:
    """Print what became of the mutants, module by module, and write down those that lived."""
    counts: dict[str, Counter[str]] = {}
    for name, how in ended.items():
        counts.setdefault(module_of(name), Counter())[how] += 1
    counts["together"] = sum(counts.values(), Counter[str]())
    print(f"{'':32}" + "".join(f"{kind:>11}" for kind in KINDS))
    for module, count in counts.items():
        print(f"{module:32}" + "".join(f"{count[kind]:>11}" for kind in KINDS))
    lived = [f"{name}: {how}\n{changes[name]}\n" for name, how in ended.items() if how in LIVED]
    (SHOP / "lived.txt").write_text("\n".join(lived), encoding="utf-8")
    if lived:
        print("\nThose that no test noticed are in build/mutation/lived.txt")


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the mutants that are asked for, try them, tell."""
    parser = argparse.ArgumentParser(
        prog="python make.py mutants",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("place", nargs="*", help="room, folder, module, or name of mutants")
    parser.add_argument("--sample", type=int, help="so many of them")
    parser.add_argument("--seed", type=int, default=1, help="what the sample is drawn by")
    parser.add_argument("--again", action="store_true", help="also those whose end is known")
    parser.add_argument("--seconds", type=float, default=5, help="that the tests of one mutant may take")
    asked = parser.parse_args(arguments)
    prepare()
    changes = mutants()
    chosen = asked_for(changes, asked.place)
    if asked.sample is not None and asked.sample < len(chosen):
        chosen = sorted(random.Random(asked.seed).sample(chosen, asked.sample))
    if not chosen:
        parser.error("no mutant is called so")
    before = {} if asked.again else results()
    waiting = [name for name in chosen if name not in before]
    if waiting:
        (SHOP / "wanted.json").write_text(json.dumps(waiting), encoding="utf-8")
        command = ["-m", "pytest", "-q", "-m", "not libreoffice", "-p", "no:cacheprovider", "-p", "no:xdist"]
        environment = os.environ | {
            "HYPOTHESIS_PROFILE": "mutants",
            "MUTANT_UNDER_TEST": "",
            "PYTHONPATH": str(MUTANTS),
            "XLPLAN_MUTATION": str(SHOP),
            "XLPLAN_MUTATION_SECONDS": str(asked.seconds),
        }
        tests = [f"tests/{room}" for room in ROOMS]
        subprocess.run(
            [sys.executable, *command, "-p", "tests.mutation.trying", *tests],
            cwd=MUTANTS,
            env=environment,
            check=False,
        )
    after = results()
    tell({name: after.get(name, "not tried") for name in chosen}, changes)


if __name__ == "__main__":
    main()
