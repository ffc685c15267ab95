"""The catalogue: every entry in both languages, with the same parameters and no trace of the other language."""

import re
import string
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from xlplan.language.messages import LANGUAGES, has, text

CATALOGUE = Path(__file__).parents[2] / "xlplan" / "language" / "catalogue"
TOPICS = sorted(path.stem for path in CATALOGUE.glob("*.toml"))
JAPANESE = re.compile("[ぁ-んァ-ヶ一-龠]")


def entries(topic: str) -> Iterator[tuple[str, dict[str, object]]]:
    """Every entry of a topic by its path: a table that holds a sentence."""

    def below(path: str, node: dict[str, object]) -> Iterator[tuple[str, dict[str, object]]]:
        if any(isinstance(one, str) for one in node.values()):
            yield path, node
        for name, child in node.items():
            if isinstance(child, dict):
                yield from below(f"{path}.{name}" if path else name, child)

    yield from below("", tomllib.loads((CATALOGUE / f"{topic}.toml").read_text(encoding="utf-8")))


def parameters(sentence: str) -> set[str]:
    """The names between braces."""
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


@pytest.mark.parametrize("topic", TOPICS)
def test_every_entry_is_there_in_both_languages(topic: str) -> None:
    found = dict(entries(topic))
    assert found
    lacking = [
        path
        for path, node in found.items()
        if {name for name, one in node.items() if isinstance(one, str)} != set(LANGUAGES)
    ]
    assert lacking == []


@pytest.mark.parametrize("topic", TOPICS)
def test_both_languages_have_the_same_parameters_and_all_have_names(topic: str) -> None:
    for path, node in entries(topic):
        ja, en = (parameters(str(node[language])) for language in LANGUAGES)
        assert ja == en, path
        assert "" not in ja, path


@pytest.mark.parametrize("topic", TOPICS)
def test_english_sentences_hold_no_japanese(topic: str) -> None:
    assert [path for path, node in entries(topic) if JAPANESE.search(str(node["en"]))] == []


def test_parameters_are_filled_in() -> None:
    assert text("errors.file_missing", "en", path="a.xlsx").startswith("a.xlsx does not exist")
    with pytest.raises(KeyError):
        text("errors.file_missing", "en")


def test_an_entry_is_there_or_not() -> None:
    assert has("plan.plan_blank.remedy")
    assert not has("plan.plan_read_as.remedy")
    assert not has("plan.plan_blank.ja.more")
