"""The structure holds: imports point upwards only, a room is entered by its face, each library stays where it is named.

The one list of rooms is the table in CONTRIBUTING.md, which these tests read.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "xlplan"
FILES = sorted(PACKAGE.rglob("*.py"))


@cache
def rooms() -> dict[str, frozenset[str]]:
    """The rooms from the top down, as CONTRIBUTING lists them, with the libraries that each may import."""
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    lines = re.findall(r"^\| `(\w+)/` \|.*\|([^|]*)\|$", page, flags=re.MULTILINE)
    return {room: frozenset(re.findall(r"`(\w+)`", libraries)) for room, libraries in lines}


LIBRARIES = frozenset().union(*rooms().values())


def parts_of(path: Path) -> tuple[str, ...]:
    """The names of a module below xlplan: `("form", "read", "child")`."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" else parts


MODULES = frozenset(map(parts_of, FILES))


def imports_of(path: Path) -> list[str]:
    """Every module that a file imports, wherever in it the import stands."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            inner = [name for name in names if tuple(name.split(".")[1:]) in MODULES]
            found += inner if len(inner) == len(names) else [node.module, *inner]
    return found


def inner_imports_of(path: Path) -> list[tuple[str, ...]]:
    """The modules of xlplan that a file imports, by their names below xlplan."""
    return [tuple(name.split(".")[1:]) for name in imports_of(path) if name.startswith("xlplan.")]


EXCELS_OWN = re.compile(r"\b(?:1_?048_?576|16_?384|32[_,]?767|2_?958_?465|409)\b|XFD|datetime\(1899")


def longest_chain() -> list[str]:
    """The longest way from a module to one that imports none of ours; a cycle fails."""
    below = {parts_of(path): set(inner_imports_of(path)) - {parts_of(path)} for path in FILES}
    longest: dict[tuple[str, ...], list[str]] = {}

    def chain(module: tuple[str, ...], above: tuple[tuple[str, ...], ...] = ()) -> list[str]:
        assert module not in above, f"a cycle: {above}"
        if module not in longest:
            ways = [chain(imported, (*above, module)) for imported in below.get(module, ())]
            longest[module] = [".".join(module), *max(ways, key=len, default=[])]
        return longest[module]

    return max(map(chain, below), key=len)


def with_one_importer() -> list[str]:
    """The modules that exactly one other imports."""
    importers: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    for path in FILES:
        for imported in inner_imports_of(path):
            if imported in MODULES and imported != parts_of(path):
                importers.setdefault(imported, set()).add(parts_of(path))
    return sorted(".".join(module) for module, others in importers.items() if len(others) == 1)


def test_every_folder_is_a_room_of_the_list() -> None:
    folders = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()}

    assert folders == set(rooms())
    assert {path.name for path in PACKAGE.glob("*.py")} == {"__init__.py", "__main__.py"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_upwards_only(path: Path) -> None:
    """A room uses those above it; `xlplan/__init__.py` and `__main__.py` stand below all."""
    order = list(rooms())
    here = parts_of(path)[:1]
    above = set(order[: order.index(here[0])]) | set(here) if here and here[0] in order else set(order)

    assert [name for name in inner_imports_of(path) if name and name[0] not in above] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_room_is_entered_by_its_face(path: Path) -> None:
    """What another room may import is what a room's `__all__` names."""
    here = parts_of(path)
    strangers = []
    for name in inner_imports_of(path):
        for depth in range(1, len(name)):
            inside = here[:depth] == name[:depth]
            face = import_module(".".join(["xlplan", *name[:depth]])).__all__
            if not inside and name[depth] not in face:
                strangers.append(".".join(name))

    assert strangers == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_libraries_are_imported_only_in_the_rooms_that_name_them(path: Path) -> None:
    roots = {name.split(".")[0] for name in imports_of(path)} & LIBRARIES
    here = parts_of(path)[:1]

    assert roots <= (rooms()[here[0]] if here and here[0] in rooms() else set())


def kind_of(name: str) -> int:
    """Where a name stands in a face: constants first, then classes, then functions and modules."""
    return 0 if name.isupper() else 2 if name.islower() else 1


@pytest.mark.parametrize("room", sorted({path.parent for path in FILES}), ids=lambda path: path.name)
def test_every_room_says_what_lives_there_and_which_names_are_its_face(room: Path) -> None:
    package = import_module(".".join(["xlplan", *parts_of(room / "__init__.py")]))

    assert package.__doc__
    assert list(package.__all__) == sorted(package.__all__, key=lambda name: (kind_of(name), name))
    for name in package.__all__:
        assert hasattr(package, name) or import_module(f"{package.__name__}.{name}")


def test_the_way_through_the_code_is_short() -> None:
    """The longest chain of imports, and the modules that only one other uses: measured by this test alone.

    A type of field, a view and a part of a renderer are a module each: 22 that only their table asks for.
    """
    assert len(longest_chain()) <= 18, longest_chain()
    assert len(with_one_importer()) <= 50, with_one_importer()


def test_addresses_of_cells_are_made_in_one_place() -> None:
    asking = [path for path in FILES if "xlsxwriter.utility" in imports_of(path)]
    quoting = [path for path in FILES if """.replace("'", "''")""" in path.read_text(encoding="utf-8")]

    assert asking == quoting == [PACKAGE / "formula" / "addresses.py"]


def test_what_excel_holds_stands_in_one_place() -> None:
    saying = [path for path in FILES if EXCELS_OWN.search(path.read_text(encoding="utf-8"))]

    assert saying == [PACKAGE / "formula" / "excel.py"]


def loaded_with(modules: str) -> set[str]:
    """Every module that is loaded with `modules`, in a process of its own."""
    code = f"import sys, {modules}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    return set(done.stdout.decode().split())


def test_the_processes_that_open_returns_load_no_heavy_library() -> None:
    """Each of them has what it loads in memory for itself.

    XlsxWriter is not heavy: 2 MB and 0.02 s of 30 MB and 0.2 s, measured. It comes with `formula.addresses`.
    """
    heavy = {"pandas", "pandera", "numpy", "formualizer", "openpyxl", "sqlite3", "typer"}

    assert heavy & loaded_with("xlplan.form.read.child, xlplan.form.read.opening") == set()


def test_pandas_is_loaded_only_where_returns_are_judged() -> None:
    """It takes half a second and 60 MB, and most commands judge nothing."""
    loaded = loaded_with("xlplan, xlplan.stages, xlplan.cli.show, xlplan.cli.documents")

    assert {"pandas", "pandera", "numpy"} & loaded == set()


def test_a_command_loads_no_stage_before_it_is_understood() -> None:
    """Each stage loads what it needs: `--help`, and every other command, would wait for all of them."""
    loaded = loaded_with("xlplan.__main__")

    assert [
        name for name in loaded if name.startswith(("xlplan.stages", "xlplan.form", "xlplan.report"))
    ] == []


def test_modules_and_functions_stay_readable_in_length() -> None:
    long = {path.name: n for path in FILES if (n := len(path.read_text(encoding="utf-8").splitlines())) > 350}
    functions = {
        f"{path.name}: {node.name}": n
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and (n := (node.end_lineno or 0) - node.lineno + 1) > 40
    }

    assert long == {}
    assert functions == {}


def parameters_of(function: ast.FunctionDef, *, of_class: bool) -> list[str]:
    """The parameters that a caller gives: without the first of a method that is not static."""
    asked = function.args
    given = [*asked.posonlyargs, *asked.args, asked.vararg, *asked.kwonlyargs, asked.kwarg]
    names = [parameter.arg for parameter in given if parameter]
    static = any(ast.unparse(decorator) == "staticmethod" for decorator in function.decorator_list)
    return names[1:] if of_class and not static else names


def unnamed_in(function: ast.FunctionDef, *, of_class: bool) -> list[str]:
    """The parameters of a function of three or more that its docstring names neither in `…` nor under `Args:`."""
    names = parameters_of(function, of_class=of_class)
    page = ast.get_docstring(function) or ""
    named = set(re.findall(r"`(\w+)`", page)) | set(re.findall(r"^ +(\w+): ", page, flags=re.MULTILINE))
    return [name for name in names if name not in named] if len(names) >= 3 else []


@cache
def classes() -> dict[str, list[ast.ClassDef]]:
    """Every class of xlplan by its name."""
    found: dict[str, list[ast.ClassDef]] = {}
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                found.setdefault(node.name, []).append(node)
    return found


def inherited(owner: ast.ClassDef) -> set[str]:
    """The methods of the classes of xlplan that a class derives from: their docstrings hold for its own as well."""
    above = [base for name in owner.bases for base in classes().get(ast.unparse(name), [])]
    own = {node.name for base in above for node in base.body if isinstance(node, ast.FunctionDef)}
    return own.union(*map(inherited, above))


def public_functions(body: ast.Module | ast.ClassDef) -> Iterator[tuple[ast.FunctionDef, bool]]:
    """The functions and methods that anybody may call, overrides apart; and whether each is of a class."""
    of_class = isinstance(body, ast.ClassDef)
    known = inherited(body) if isinstance(body, ast.ClassDef) else set()
    for node in body.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and node.name not in known:
            yield node, of_class
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from public_functions(node)


@pytest.mark.parametrize(
    ("source", "unnamed"),
    [
        ('def f(a, b, c):\n    """Of `a` and `b`."""', ["c"]),
        ('def f(a, *, b, **c):\n    """F.\n\n    Args:\n        a: One.\n        b: Two.\n    """', ["c"]),
        ('def f(a, b):\n    """Two speak for themselves."""', []),
        ("def f(a, b, c): ...", ["a", "b", "c"]),
    ],
)
def test_a_parameter_without_a_word_is_seen(source: str, unnamed: list[str]) -> None:
    (function,) = ast.parse(source).body
    assert isinstance(function, ast.FunctionDef)

    assert unnamed_in(function, of_class=False) == unnamed


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_the_docstring_of_a_public_function_names_its_parameters(path: Path) -> None:
    """Of three or more each, between backticks or under `Args:`; an override is told by what it overrides."""
    functions = public_functions(ast.parse(path.read_text(encoding="utf-8")))
    found = {function.name: unnamed_in(function, of_class=of_class) for function, of_class in functions}

    assert {name: unnamed for name, unnamed in found.items() if unnamed} == {}


def test_nothing_reads_the_folder_beside_the_checkout() -> None:
    sources = [*FILES, *ROOT.glob("tests/**/*.py"), ROOT / "Makefile"]
    name = "/".join(["..", "shared"])

    assert [path.name for path in sources if name in path.read_text(encoding="utf-8")] == []


def test_only_the_types_of_field_themselves_know_which_type_is_which() -> None:
    """A new type is a module, a member of the enum and a line of the table: no other place must be found."""
    asking = {
        str(path.relative_to(PACKAGE))
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "FieldType"
    }

    assert {path for path in asking if not path.startswith("fields/")} == set()
