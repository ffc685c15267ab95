"""What pages and docstrings name exists: modules and files."""

import ast
import re
from pathlib import Path
from pkgutil import resolve_name

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "xlplan"
PAGES = [
    ROOT / name
    for name in ("README.md", "CONTRIBUTING.md", "docs/python.md", "docs/json.md", "docs/privacy.md")
]
SOURCES = sorted([*PACKAGE.rglob("*.py"), *ROOT.glob("tests/**/*.py"), ROOT / "make.py"])
_PATH = re.compile(r"`((?:[\w.-]+/)+[\w.-]*)`")
_MODULE = re.compile(r"`(xlplan(?:\.\w+)+)`")
_MADE = (
    "my-city/",
    "workbooks/",
    "returned/",
    "inbox/",
    "issued/",
    "plan/",
    "set-aside/",
    "answers/",
    "refused/",
)
"""Folders of a city, or of a kit, that are no part of this project."""


def named_paths(text: str) -> list[str]:
    """The files and folders that a text names in backquotes."""
    return [name for name in _PATH.findall(text) if not name.startswith(_MADE) and "<" not in name]


def exists(name: str) -> bool:
    """Whether a file or folder is there: from the root, from the package, or as a catalogue's page."""
    places = (ROOT, PACKAGE, PACKAGE / "language", ROOT / "tests")
    return any((place / name).exists() or any(place.glob(f"{name.rstrip('/')}.*")) for place in places)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_files_and_modules_that_a_page_names_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")

    assert [name for name in named_paths(text) if not exists(name)] == []
    for name in _MODULE.findall(text):
        assert resolve_name(name) is not None


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_and_pages_that_docstrings_name_exist(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    strings = [node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)]
    text = "\n".join(str(node.value) for node in strings if isinstance(node, ast.Constant))

    for name in _MODULE.findall(text):
        assert resolve_name(name) is not None
    assert [name for name in re.findall(r"\b[A-Z]{4,}\.md\b", text) if not (ROOT / name).is_file()] == []
