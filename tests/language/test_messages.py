"""The catalogue: every entry in both languages, with the same parameters and no trace of the other language."""

import re

import pytest
from catalogue import TOPICS, entries, literals, of_members, of_the_definition, parameters

from xlplan.language.messages import LANGUAGES, has, text

JAPANESE = re.compile("[ぁ-んァ-ヶ一-龠]")
KEY = re.compile(rf"(?:{'|'.join(TOPICS)})(?:\.[A-Za-z0-9_]+)+")
"""What a key of the catalogue looks like."""


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
        # an English heading is the id that the sentence names, a Japanese one stands beside it
        spared = ja & {"label", "heading"} if ja & {"name", "table"} and topic == "plan" else set()
        assert ja - spared <= en <= ja, path
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


def test_no_sentence_is_dead() -> None:
    """Each key stands whole in the code, is given by an enum, or is made of an id of the definition."""
    used = literals() | of_members() | of_the_definition()
    assert [
        key for topic in TOPICS for path, _ in entries(topic) if (key := f"{topic}.{path}") not in used
    ] == []


def test_every_key_in_the_code_is_in_the_catalogue() -> None:
    files = (".csv", ".xlsx")
    written = {one for one in literals() if KEY.fullmatch(one) and not one.endswith(files)}
    assert len(written) > 300
    assert sorted(key for key in written if not has(key)) == []
    assert sorted(key for key in of_the_definition() if not has(key)) == []
