"""What pages and docstrings name exists: modules and files. The office's two guides say the same."""

import ast
import re
from pathlib import Path
from pkgutil import resolve_name

import pytest
from commands import COMMANDS

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "xlplan"
GUIDES = [ROOT / "docs" / "office-ja.md", ROOT / "docs" / "office-en.md"]
PAGES = [
    *(
        ROOT / name
        for name in ("README.md", "CONTRIBUTING.md", "docs/python.md", "docs/json.md", "docs/privacy.md")
    ),
    *GUIDES,
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


def sections(guide: Path) -> list[dict[str, object]]:
    """What each section of a guide holds: commands and options in order, pages, files, and how many things it lists."""
    found = []
    for section in guide.read_text(encoding="utf-8").split("\n## "):
        lines = section.splitlines()
        found.append(
            {
                "commands": re.findall(r"xlplan ((?:ledger )?[a-z]+(?:-[a-z]+)?|--help)", section),
                "options": re.findall(r"(?<=[`\s])--[a-z]+", section),
                "kits": re.findall("blank|asahikawa|tomakomai|example-en", section),
                "pages": sorted(set(re.findall(r"\]\(([\w-]+\.md)\)", section))),
                "folders": sorted(
                    set(
                        re.findall(
                            r"[`\\](issued|inbox|returned|refused|outbox|preview|sent-back|set-aside)",
                            section,
                        )
                    )
                ),
                "files": sorted(
                    set(re.findall(r"[\w-]+\.(?:xlsx|html|sqlite|py)", section))
                    - {"answer.xlsx", "回答.xlsx"}
                ),
                "steps": [line[:2] for line in lines if re.match(r"[0-9]\. |- ", line)],
                "rows": sum(line.startswith("|") for line in lines),
                "paragraphs": section.count("\n\n"),
            }
        )
    return found


def test_the_two_guides_of_the_office_say_the_same() -> None:
    """Section by section: the same commands and options in their order, the same files, as many steps and remarks."""
    japanese, english = map(sections, GUIDES)

    assert len(japanese) == len(english) == 7
    for one, other in zip(japanese, english, strict=True):
        assert one | {"pages": []} == other | {"pages": []}
    named = [{page for section in guide for page in section["pages"]} for guide in (japanese, english)]  # type: ignore[attr-defined]
    of_one_language = re.compile(r"-(?:ja|en)\.md")
    assert {of_one_language.sub(".md", page) for page in named[0]} == {
        of_one_language.sub(".md", page) for page in named[1]
    }
    assert "years-ja.md" in named[0]
    assert "years-en.md" in named[1]


def test_the_guides_know_every_command_and_the_readme_knows_the_guides() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for guide in GUIDES:
        told = {command.split()[0] for section in sections(guide) for command in section["commands"]}  # type: ignore[attr-defined]
        assert set(COMMANDS) - told == set()
        assert told - {"--help"} <= set(COMMANDS)
        assert f"(docs/{guide.name})" in readme


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_and_pages_that_docstrings_name_exist(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    strings = [node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)]
    text = "\n".join(str(node.value) for node in strings if isinstance(node, ast.Constant))

    for name in _MODULE.findall(text):
        assert resolve_name(name) is not None
    assert [name for name in re.findall(r"\b[A-Z]{4,}\.md\b", text) if not (ROOT / name).is_file()] == []
