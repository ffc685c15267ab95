"""The catalogue of sentences as tests see it, and the keys that the code uses."""

import ast
import pkgutil
import string
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import xlplan
from xlplan.definition.options import OPTIONS
from xlplan.definition.specs import TABLES, WORDS
from xlplan.formula.tree import MACROS
from xlplan.language.codes import CatalogueEnum, Code
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding

PACKAGE = Path(xlplan.__file__).parent
CATALOGUE = PACKAGE / "language" / "catalogue"
TOPICS = sorted(path.stem for path in CATALOGUE.glob("*.toml"))


def entries(topic: str) -> Iterator[tuple[str, dict[str, object]]]:
    """Every entry of a topic by its path: a table that holds a sentence."""

    def below(path: str, node: dict[str, object]) -> Iterator[tuple[str, dict[str, object]]]:
        if any(isinstance(child, str) for child in node.values()):
            yield path, node
        for name, child in node.items():
            if isinstance(child, dict):
                yield from below(f"{path}.{name}" if path else name, child)

    yield from below("", tomllib.loads((CATALOGUE / f"{topic}.toml").read_text(encoding="utf-8")))


def parameters(sentence: str) -> set[str]:
    """The names between braces."""
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def literals() -> set[str]:
    """Every text that stands whole in the code, that of the tools beside it included."""
    root = PACKAGE.parent
    return {
        node.value
        for path in (*PACKAGE.rglob("*.py"), *(root / "tools").rglob("*.py"), root / "make.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


@cache
def members() -> tuple[CatalogueEnum, ...]:
    """Every member of every enum whose members stand in the catalogue."""
    for module in pkgutil.walk_packages(xlplan.__path__, "xlplan."):
        if not module.name.endswith("__main__"):
            import_module(module.name)

    def below(enum: type[CatalogueEnum]) -> Iterator[CatalogueEnum]:
        yield from enum
        for child in enum.__subclasses__():
            yield from below(child)

    return tuple(below(CatalogueEnum))


def of_members() -> set[str]:
    """The keys that enums give."""
    codes = {member for member in members() if isinstance(member, Code)}
    return {member.catalogue_key for member in members()} | {code.remedy_key for code in codes}


def of_the_definition() -> set[str]:
    """The keys that are made of ids of the definition: its tables, columns, words, options, settings and macros.

    Those and the keys of a finding, which have no place in the code but where they are declared.
    """
    tables = {f"tables.{spec.id}.table.{kind}" for spec in TABLES for kind in ("label", "note")}
    tables |= {f"tables.{spec.id}.table.example" for spec in TABLES if spec.example("ja")}
    columns = {
        f"tables.{spec.id}.{column}.{kind}"
        for spec in TABLES
        for column in spec.columns
        for kind in ("label", "note")
    }
    # the months are written as figures
    words = {f"tables.values.{which}.{word}" for which in WORDS if which != "month" for word in WORDS[which]}
    options = {f"tables.options.{kind}.{name}" for kind in OPTIONS for name in OPTIONS[kind]}
    settings = {f"definition_book.setting.{name}" for name in WORDS["setting"]}
    macros = {f"reference.macro.{macro}{part}" for macro in MACROS for part in ("", ".use")}
    empty = Finding(FindingCode.RULE, rule="rule", params={"message": "", "remedy": ""})
    keys = {f"reference.finding.{key}" for key in empty.as_dict("en")}
    return tables | columns | words | options | settings | macros | keys
