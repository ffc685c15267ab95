"""The one catalogue of every sentence that people read, in Japanese and English.

Entries live in `catalogue/<topic>.toml`, both languages side by side::

    [required_text]
    ja = "{label}を入力してください"
    en = "Please enter {label}"
    remedy.ja = "…"
    remedy.en = "…"

A key is `topic.entry`, or `topic.entry.remedy` for the remedy.

`catalogue/released/<version>.toml` keeps, under the same keys, the sentences of released versions by which what they
wrote is known again. They are read, and never said.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

LANGUAGES = ("ja", "en")

RELEASED = ("0.1.0",)
"""The versions whose words stand in stored workbooks that do not say themselves what each of them is."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A word of ours that goes into a sentence, as each language has it: the sentence takes that of its own."""

    ja: str
    en: str

    def said(self, language: str) -> str:
        """The word in `language`, "ja" or "en"."""
        return self.ja if language == "ja" else self.en


@cache
def _topic(name: str) -> dict[str, Any]:
    path = resources.files("xlplan.language") / "catalogue" / f"{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def text(key: str, language: str, /, **params: object) -> str:
    """A sentence of the catalogue with its gaps filled in.

    Args:
        key: "topic.entry" or "topic.entry.remedy".
        language: "ja" or "en".
        params: what goes into the gaps, by name; more than it has do no harm. A `Spoken` goes in in `language`.

    Returns:
        The sentence.

    Raises:
        KeyError: there is no such entry or language, or a gap without its parameter: a fault of ours, found by tests.
    """
    said = {
        name: param.said(language) if isinstance(param, Spoken) else param for name, param in params.items()
    }
    return wording(key, language).format(**said)


def wording(key: str, language: str) -> str:
    """The sentence `key` as the catalogue has it, its gaps in braces.

    Raises:
        KeyError: there is no such entry or language.
    """
    topic, *path = key.split(".")
    node: Any = _topic(topic)
    for part in path:
        node = node[part]
    template: str = node[language]
    return template


@cache
def _released(version: str) -> dict[str, Any]:
    path = resources.files("xlplan.language") / "catalogue" / "released" / f"{version}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def has_released(version: str, key: str) -> bool:
    """Whether the words of a released version that are kept hold `key`."""
    return _found(_released(version), key) is not None


def released(version: str, key: str, language: str) -> str:
    """The sentence of a key as a released version had it.

    Args:
        version: one of `RELEASED`.
        key: the key that it had then.
        language: "ja" or "en".

    Returns:
        The sentence, its gaps in braces.

    Raises:
        KeyError: it was not kept.
    """
    node = _found(_released(version), key)
    if node is None:
        raise KeyError(key)
    sentence: str = node[language]
    return sentence


def wordings(key: str, *languages: str) -> frozenset[str]:
    """Everything that `key` has ever been in a workbook: in these languages, today and in released versions."""
    now = (wording(key, language) for language in languages)
    return released_everywhere(key, *languages).union(now)


def released_everywhere(key: str, *languages: str) -> frozenset[str]:
    """Everything that `key` was in a workbook of a released version, in these languages; nothing where none had it."""
    before = [version for version in RELEASED if has_released(version, key)]
    return frozenset(released(version, key, language) for version in before for language in languages)


def _found(tree: Any, key: str) -> Any:
    """What stands in a tree of tables under a key with points; None where it has none."""
    for part in key.split("."):
        tree = tree.get(part) if isinstance(tree, dict) else None
    return tree


def joined(words: Iterable[str], language: str) -> str:
    """Words one after the other: 検討、実施, or Done, Open."""
    return text("signs.between", language).join(words)


def spaced(words: Iterable[str], language: str) -> str:
    """Words set apart by a gap; those that are empty leave none."""
    return text("signs.gap", language).join(filter(None, words))


def run_on(sentences: Iterable[str], language: str) -> str:
    """Sentences one after the other, those that are empty left out."""
    return ("" if language == "ja" else " ").join(filter(None, sentences))


def has(key: str) -> bool:
    """Whether the catalogue holds `key`."""
    topic, _, path = key.partition(".")
    return _found(_topic(topic), path) is not None
