"""How far a stage is: told to whoever asked for it, step by step."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from xlplan.language.codes import CatalogueEnum

T = TypeVar("T")


class Activity(CatalogueEnum, section="progress.activity"):
    """What a stage is at.

    `RECORDED` is none but the moment from which what was done counts, whatever comes after it.
    """

    READING = "reading"
    JUDGING = "judging"
    ISSUING = "issuing"
    PLACING = "placing"
    MENDING = "mending"
    CONSOLIDATING = "consolidating"
    COMPARING = "comparing"
    RECORDED = "recorded"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a stage is with one kind of its work.

    Attributes:
        activity: What it is at.
        done: How many are done.
        total: Of how many.
    """

    activity: Activity
    done: int
    total: int


Listener = Callable[[Progress], object]
"""Is told how far a stage is, in the thread that runs it."""


def unheard(progress: Progress) -> None:
    """Hears of progress and does nothing."""


def counted(activity: Activity, things: Sequence[T], listener: Listener) -> Iterator[T]:
    """Things one after the other; how many are done is told before each and after the last.

    Args:
        activity: What is done with each.
        things: What it is done with.
        listener: Is told.
    """
    for done, thing in enumerate(things):
        listener(Progress(activity, done, len(things)))
        yield thing
    if things:
        listener(Progress(activity, len(things), len(things)))
