"""What may follow what: the order in which the choices of a list come, from one period to the next.

A list has an order as soon as one of its choices says what it may follow (`Choice.after`).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from xlplan.language.text import nearest
from xlplan.model.form import Choice

NOTHING = ""
"""The value of a previous period that has none: among what a choice may follow, it lets an item begin with it."""


@dataclass(frozen=True, slots=True)
class Step:
    """The choices that may stand where the previous period's value is `before`; none where it was the end."""

    before: str
    followers: tuple[str, ...]

    def nearest(self, value: str) -> str:
        """The follower that was probably meant by `value`, another choice of the list; "" where none is near.

        The only one that `value` is part of is near too: ◎ where only △/◎ may follow.
        """
        around = [follower for follower in self.followers if value in follower]
        return around[0] if len(around) == 1 else nearest(value, self.followers)


def has_order(choices: Iterable[Choice]) -> bool:
    """Whether a list says of any of its choices what it may follow; else nothing is restricted."""
    return any(choice.after for choice in choices)


def steps(choices: tuple[Choice, ...], retired: tuple[Choice, ...] = ()) -> tuple[Step, ...]:
    """The steps of a list: one from nothing, then one from each choice, in the list's order.

    Args:
        choices: Those that may be chosen.
        retired: Those that may only have been chosen before: they are followed, and follow nothing.

    Returns:
        The steps; none for a list without an order.
    """
    if not has_order((*choices, *retired)):
        return ()
    befores = (NOTHING, *(choice.value for choice in (*choices, *retired)))
    return tuple(
        Step(before, tuple(choice.value for choice in choices if before in choice.after))
        for before in befores
    )


def reached(choices: tuple[Choice, ...]) -> frozenset[str]:
    """The choices at which an item can arrive, from its beginning on."""
    followers = {step.before: step.followers for step in steps(choices)}
    found: set[str] = set()
    left = [NOTHING]
    while left:
        new = set(followers.get(left.pop(), ())) - found
        found |= new
        left += new
    return frozenset(found)
