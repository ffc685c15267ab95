"""What is stored hangs neither on the shape of the code nor on the wording of a sentence: nothing changes with them.

Each test changes the code as a later version may, and asks about a folder that was written before.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import make_dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from released.verdicts import AS_LEFT, Verdict, verdicts, with_issued_files
from rounds import begin, desk, drop, receive

from xlplan.fields import numbering
from xlplan.form.read import intake, leftovers
from xlplan.language import messages

RELEASED = sorted(path.parent for path in (Path(__file__).parent / "released").glob("*/*/expected.json"))

Change = Callable[[pytest.MonkeyPatch], None]


def sentences(topic: str, *entries: str) -> Iterator[dict[str, Any]]:
    """The entries of a topic of the catalogue, or all below one of them."""

    def below(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
        if isinstance(node.get("ja"), str):
            yield node
        for child in node.values():
            if isinstance(child, dict):
                yield from below(child)

    tree = messages._topic(topic)
    for entry in entries or tree:
        yield from below(tree[entry])


def more_attributes(patch: pytest.MonkeyPatch) -> None:
    """One more optional attribute on the nouns of the plan."""
    for where, name in (
        ("forms", "Field"),
        ("forms", "Form"),
        ("forms", "Rule"),
        ("people", "Item"),
        ("people", "Period"),
        ("people", "Department"),
        ("figures", "View"),
        ("figures", "Measure"),
    ):
        module = import_module(f"xlplan.definition.{where}")
        kind = getattr(module, name)
        patch.setattr(module, name, make_dataclass(name, [("further", str, "")], bases=(kind,), frozen=True))


def more_parameters(patch: pytest.MonkeyPatch) -> None:
    """One more key among the parameters of every check."""
    made = numbering._checks

    def more(*args: Any) -> Iterator[Any]:
        for numbered in made(*args):
            params = {**numbered.keywords["params"], "further": "一"}
            yield partial(numbered, params=params)

    patch.setattr(numbering, "_checks", more)


def other_sentences(patch: pytest.MonkeyPatch) -> None:
    """Everything that a workbook says is said otherwise, the names of its sheets and its headings among it."""
    for node in (*sentences("artefacts"), *sentences("findings")):
        for language in messages.LANGUAGES:
            patch.setitem(node, language, f"＋{node[language]}")
    leftovers._guide_texts.cache_clear()


def other_heads(patch: pytest.MonkeyPatch) -> None:
    """Only what stands in and above the headings is called otherwise, and the first sheet."""
    for node in (*sentences("artefacts", "entry", "guide"),):
        for language in messages.LANGUAGES:
            patch.setitem(node, language, f"{node[language]}＋")
    leftovers._guide_texts.cache_clear()


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Returns are read in this process: another one would not have the changes."""

    def none_to_be_had(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(intake, "Child", none_to_be_had)
    yield monkeypatch
    leftovers._guide_texts.cache_clear()


CHANGES = [more_attributes, more_parameters, other_sentences, other_heads]


@pytest.mark.parametrize("kit", RELEASED, ids=lambda one: f"{one.parent.name}-{one.name}")
@pytest.mark.parametrize("change", CHANGES, ids=lambda one: one.__name__)
def test_a_folder_of_a_released_version_is_judged_as_ever(
    kit: Path, change: Change, here: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    expected = json.loads((kit / "expected.json").read_text(encoding="utf-8"))[AS_LEFT]
    change(here)
    found = json.loads(json.dumps(verdicts(kit, AS_LEFT, tmp_path)))

    for told in (expected, found):  # of its first issue no workbook is left to compare the first sheet with
        for line in told["rounds"].get("FY2025", {}).get("mend", {}).values():
            line["leftovers"] = [one for one in line["leftovers"] if one[0] != "Start here"]
    assert found == with_issued_files(expected, found)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A round of the sample plan as today's code leaves it: one accepted, one sent back, one still in the inbox."""
    kit = tmp_path_factory.mktemp("kit")
    (kit / "plans").mkdir()
    (kit / "city").mkdir()
    space = begin(kit / "city")
    drop(space, "D1.xlsx", desk(space, "D1").saved())
    drop(space, "D2.xlsx", desk(space, "D2").put("B-1", "done", None).saved())
    receive(space)
    left = desk(space, "D3").put("C-1", "note", "x")
    left.sheet()["A30"] = "控え"
    drop(space, "D3.xlsx", left.saved())
    return kit


@pytest.fixture(scope="module")
def expected(city: Path, tmp_path_factory: pytest.TempPathFactory) -> Verdict:
    """What today's code says of it."""
    return verdicts(city, AS_LEFT, tmp_path_factory.mktemp("asked"))


@pytest.mark.parametrize("change", CHANGES, ids=lambda one: one.__name__)
def test_a_folder_of_today_is_judged_as_ever(
    city: Path, expected: Verdict, change: Change, here: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    change(here)

    found = verdicts(city, AS_LEFT, tmp_path)["rounds"]["R6"]

    assert [line[1] for line in found["status"]["departments"]] == ["accepted", "sent_back", "waiting"]
    assert {done for done, *_ in found["issue"].values()} == {"unchanged"}
    assert found == expected["rounds"]["R6"]
