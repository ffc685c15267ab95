"""The one catalogue of every sentence that people read, in Japanese and English.

Entries live in `catalogue/<topic>.toml`, both languages side by side::

    [required_text]
    ja = "{label}を入力してください"
    en = "Please enter {label}"
    remedy.ja = "…"
    remedy.en = "…"

A key is `topic.entry`, or `topic.entry.remedy` for the remedy.
"""

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any

LANGUAGES = ("ja", "en")


@cache
def _topic(name: str) -> dict[str, Any]:
    path = resources.files("xlplan") / "catalogue" / f"{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def text(key: str, language: str, /, **params: object) -> str:
    """The sentence `key` ("topic.entry" or "topic.entry.remedy") in `language`, with `params` filled in.

    Raises KeyError for an entry, language or parameter that does not exist: a fault of ours, found by tests.
    """
    return wording(key, language).format(**params)


def wording(key: str, language: str) -> str:
    """The sentence `key` as the catalogue has it, its gaps in braces. Raises KeyError as `text`."""
    topic, *path = key.split(".")
    node: Any = _topic(topic)
    for part in path:
        node = node[part]
    template: str = node[language]
    return template


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
    topic, *path = key.split(".")
    node: Any = _topic(topic)
    for part in path:
        if not isinstance(node, dict) or part not in node:
            return False
        node = node[part]
    return True
