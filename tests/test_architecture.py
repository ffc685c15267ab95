"""The structure holds: imports point upwards only, each library is imported only where it is named."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "xlplan"

LAYERS = [
    # words
    ["messages"],
    ["errors", "language", "spreadsheet"],
    ["text", "numerals", "files", "container", "privacy"],
    ["wareki", "finding"],
    ["handling"],
    # nouns
    ["formula"],
    ["plan"],
    ["submission"],
    ["model"],
    # shared
    ["lint", "safety", "convert", "specs", "succession"],
    ["xmlcells"],
    ["checks", "tables"],
    ["definition"],
    ["layout", "styles", "worksheet"],
    ["results"],
    ["book"],
    ["lists"],
    # steps
    ["template", "definition_book", "consolidate", "earlier"],
    ["reader", "compare"],
    ["issuing", "validate", "summary"],
    ["reconcile"],
    # wiring
    ["ledger", "workspace"],
    ["cycle"],
    # edge
    ["printing", "documents", "reference"],
    ["show", "demo", "guard"],
    ["usage"],
    ["cli"],
    ["__main__"],
]
"""From the top down: a module may import those of the lines above it, and of its own line none but its package."""

LIBRARIES = {
    "formualizer": {"formula"},
    "japanera": {"wareki"},
    "rapidfuzz": {"text"},
    "python_calamine": {"tables", "reader", "reconcile"},
    "openpyxl": {"reader", "demo"},
    "msoffcrypto": {"reader"},
    "olefile": {"reader"},
    "defusedxml": {"xmlcells", "reader"},
    "xlsxwriter": {"formula", "worksheet", "book", "template", "summary", "definition_book"},
    "pandas": {"validate"},
    "pandera": {"validate"},
    "sqlite3": {"ledger"},
    "typer": {"cli", "usage"},
    "rich": {"printing", "show"},
}


def module_of(path: Path) -> str:
    """The module or package directly below xlplan that a file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports_of(path: Path) -> list[str]:
    """Every module that a file imports, wherever in it the import stands."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [one.name for one in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append(node.module)
            if node.module == "xlplan":
                found += [f"xlplan.{one.name}" for one in node.names]
    return found


FILES = sorted(PACKAGE.rglob("*.py"))
RANK = {name: rank for rank, layer in enumerate(LAYERS) for name in layer}


def test_every_module_has_its_place_in_the_list() -> None:
    modules = {module_of(path) for path in FILES} - {"__init__"}

    assert modules == set(RANK)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_upwards_only(path: Path) -> None:
    here = module_of(path)
    inner = [name.split(".")[1] for name in imports_of(path) if name.startswith("xlplan.")]

    wrong = [name for name in inner if name in RANK and name != here and RANK[name] >= RANK.get(here, -1)]

    assert wrong == [] or here == "__init__"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_libraries_are_imported_only_where_they_are_named(path: Path) -> None:
    here = module_of(path)
    roots = {name.split(".")[0] for name in imports_of(path)}

    wrong = [name for name in roots & LIBRARIES.keys() if here not in LIBRARIES[name]]

    assert wrong == []


def test_addresses_of_cells_are_made_in_one_place() -> None:
    asking = [path for path in FILES if "xlsxwriter.utility" in imports_of(path)]
    quoting = [path for path in FILES if """.replace("'", "''")""" in path.read_text(encoding="utf-8")]

    assert asking == quoting == [PACKAGE / "formula" / "addresses.py"]


EXCELS_OWN = re.compile(r"\b(?:1_?048_?576|16_?384|32[_,]?767|2_?958_?465|409)\b|XFD|datetime\(1899")


def test_what_excel_holds_stands_in_one_place() -> None:
    saying = [path for path in FILES if EXCELS_OWN.search(path.read_text(encoding="utf-8"))]

    assert saying == [PACKAGE / "spreadsheet" / "excel.py"]


def loaded_with(modules: str) -> set[str]:
    """Every module that is loaded with `modules`, in a process of its own."""
    code = f"import sys, {modules}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=PACKAGE.parent, capture_output=True, check=True)
    return set(done.stdout.decode().split())


def test_the_processes_that_open_returns_load_no_heavy_library() -> None:
    """Each of them has what it loads in memory for itself.

    XlsxWriter is not heavy: 2 MB and 0.02 s of 30 MB and 0.2 s, measured. It comes with `formula.addresses`.
    """
    heavy = {"pandas", "pandera", "numpy", "formualizer", "openpyxl", "sqlite3", "typer"}

    assert heavy & loaded_with("xlplan.reader.child") == set()


def test_pandas_is_loaded_only_where_returns_are_judged() -> None:
    """It takes half a second and 60 MB, and most commands judge nothing."""
    assert {"pandas", "pandera", "numpy"} & loaded_with(
        "xlplan.cycle, xlplan.show, xlplan.documents"
    ) == set()


def test_modules_stay_readable_in_length() -> None:
    long = {path.name: n for path in FILES if (n := len(path.read_text(encoding="utf-8").splitlines())) > 350}

    assert long == {}


def test_nothing_reads_the_folder_beside_the_checkout() -> None:
    root = PACKAGE.parent
    sources = [*FILES, *root.glob("tests/**/*.py"), root / "Makefile"]
    name = "/".join(["..", "shared"])

    assert [path.name for path in sources if name in path.read_text(encoding="utf-8")] == []
