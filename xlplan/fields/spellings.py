"""How a word of a list may be typed: an alias, a symbol, what looks like either."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple

from xlplan.fields.cells import Converted
from xlplan.language.text import could_be, fold, is_blank, look_alike, nearest
from xlplan.model.form import Choice


def read_listed(raw: object, typed: str, choices: tuple[Choice, ...]) -> Converted:
    """A cell as one of a list.

    Args:
        raw: What the cell holds.
        typed: What a person typed for it.
        choices: The list.

    Returns:
        The value of the choice that is meant, or the finding that none is.
    """
    found = choice_meant(typed, choices)
    exact = found.value == typed and not found.fault
    return Converted(typed, changed=isinstance(raw, str) and raw != typed) if exact else found


def choice_meant(typed: str, choices: tuple[Choice, ...]) -> Converted:
    """The choice that `typed`, tidy and not blank, means: its value, an alias or a symbol, or what looks like one.

    What could be meant as two choices is a fault that names both; so is any sign that stands for more than one
    other (● for ○ and ◎), though only one of them be in the list.
    """
    spellings = _spellings(choices)
    if typed in spellings.values:
        return Converted(typed)
    for known, key in (
        (spellings.exact, typed),
        (spellings.folded, fold(typed)),
        (spellings.alike, look_alike(typed)),
    ):
        meant = known.get(key, ())
        if len(meant) == 1:
            return Converted(meant[0], changed=True)
        if meant:
            return Converted(typed, "list", suggestion=" / ".join(meant))
    could = dict.fromkeys(
        value for one, values in spellings.exact.items() if could_be(typed, one) for value in values
    )
    near = tuple(could) or spellings.exact.get(nearest(typed, list(spellings.exact)), ())
    return Converted(typed, "list", suggestion=" / ".join(near))


class _Spellings(NamedTuple):
    """What may be typed in a list: the values meant, by spelling, by `fold` and by `look_alike`."""

    values: frozenset[str]
    exact: dict[str, tuple[str, ...]]
    folded: dict[str, tuple[str, ...]]
    alike: dict[str, tuple[str, ...]]


@lru_cache(maxsize=64)
def _spellings(choices: tuple[Choice, ...]) -> _Spellings:
    pairs = [
        (spelling, choice.value)
        for choice in choices
        for spelling in (choice.value, choice.symbol, *choice.aliases)
        if not is_blank(spelling)
    ]
    return _Spellings(
        frozenset(choice.value for choice in choices),
        *(_values_by(key, pairs) for key in (str, fold, look_alike)),
    )


def _values_by(key: Callable[[str], str], pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """The values of `pairs` (spelling, value) under each key of their spellings, each once, in order."""
    meant: dict[str, dict[str, None]] = {}
    for spelling, value in pairs:
        meant.setdefault(key(spelling), {})[value] = None
    return {spelling: tuple(values) for spelling, values in meant.items()}
