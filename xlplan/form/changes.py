"""What became of a department's items since the round before: new, ended, moved, split and merged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from xlplan.model.descent import sources
from xlplan.model.item import Department, Item, Period
from xlplan.model.plan import Plan

NAMED = 10
"""Changed items that the first sheet names; the others it counts."""


class ItemMove(StrEnum):
    """What became of an item.

    It is new, has ended, was taken over from another department or handed to one; it continues another one, or was
    split off it or merged of several; or it has ended and others continue it.
    """

    NEW = "new"
    ENDED = "ended"
    TAKEN = "taken"
    HANDED = "handed"
    CONTINUES = "continues"
    SPLIT = "split"
    MERGED = "merged"
    WENT_INTO = "went_into"


WORDS_OF_MOVES = {
    ItemMove.NEW: "artefacts.guide.change_new",
    ItemMove.ENDED: "artefacts.guide.change_ended",
    ItemMove.TAKEN: "artefacts.guide.change_taken",
    ItemMove.HANDED: "artefacts.guide.change_handed",
    ItemMove.CONTINUES: "artefacts.guide.change_continues",
    ItemMove.SPLIT: "artefacts.guide.change_split",
    ItemMove.MERGED: "artefacts.guide.change_merged",
    ItemMove.WENT_INTO: "artefacts.guide.change_went_into",
}
"""The sentence of each in the catalogue."""


@dataclass(frozen=True, slots=True)
class ItemChange:
    """An item that a department has or had in one of two periods only, or into which another one went.

    `kind` says which, `department` is the other one, by name; `others` are the items that it continues, or that
    continue it, by id and title.
    """

    kind: ItemMove
    item: str
    title: str
    department: str = ""
    others: tuple[str, ...] = ()

    @property
    def told(self) -> tuple[str, ...]:
        """By which it is known again."""
        return (self.kind, self.item, self.title, self.department, *self.others)


def changed_items(plan: Plan, period: Period, department: Department) -> tuple[Sequence[ItemChange], int]:
    """The items that a department has no more or has anew.

    Args:
        plan: The plan.
        period: The period of the round, which is compared with the one before.
        department: Whose items.

    Returns:
        Those that the first sheet names, and how many others there are.
    """
    before = plan.previous(period)
    if before is None:
        return (), 0
    now = {item.id: item for item in plan.items_of(period, department.id)}
    then = {item.id: item for item in plan.items_of(before, department.id)}
    owned_now, owned_then = ({item.id: item for item in plan.items_of(when)} for when in (period, before))
    new = [
        _continuing(plan, item, period) or _change(plan, item, ItemMove.NEW, ItemMove.TAKEN, owned_then)
        for item in now.values()
        if item.id not in then or len(sources(plan, item, period)) > 1
    ]
    ended = [
        _gone_into(plan, item, period) or _change(plan, item, ItemMove.ENDED, ItemMove.HANDED, owned_now)
        for item in then.values()
        if item.id not in now
    ]
    named = ended[: max(NAMED - len(new), NAMED // 2)]
    named = [*new[: NAMED - len(named)], *named]
    return named, len(new) + len(ended) - len(named)


def _change(
    plan: Plan, item: Item, alone: ItemMove, moved: ItemMove, elsewhere: Mapping[str, Item]
) -> ItemChange:
    """An item that a department has or had in one of two periods only; `elsewhere` are those of the other one."""
    other = plan.department(elsewhere[item.id].department) if item.id in elsewhere else None
    return ItemChange(moved if other else alone, item.id, item.title, other.name if other else "")


def _continuing(plan: Plan, item: Item, period: Period) -> ItemChange | None:
    """How an item goes on with what others were; None where it does not."""
    others = [name for name in sources(plan, item, period) if name != item.id]
    if not others:
        return None
    kind = ItemMove.CONTINUES
    if len(others) > 1 or plan.runs(item, _before(plan, period)):
        kind = ItemMove.MERGED
    elif len(_heirs(plan, others[0], period)) > 1 or others[0] in {now.id for now in plan.items_of(period)}:
        kind = ItemMove.SPLIT
    return ItemChange(kind, item.id, item.title, others=_names(plan, others, _before(plan, period)))


def _gone_into(plan: Plan, item: Item, period: Period) -> ItemChange | None:
    """In what an item of the period before goes on that does not run any more; None where it does, or in nothing."""
    heirs = _heirs(plan, item.id, period)
    if not heirs or item.id in {now.id for now in plan.items_of(period)}:
        return None
    return ItemChange(ItemMove.WENT_INTO, item.id, item.title, others=_names(plan, heirs, period))


def _heirs(plan: Plan, item_id: str, period: Period) -> list[str]:
    """The items, by id, beside which the answers of another one of the period before stand."""
    return [
        heir.id
        for heir in plan.items_of(period)
        if item_id in heir.predecessors and item_id in sources(plan, heir, period)
    ]


def _before(plan: Plan, period: Period) -> Period:
    return plan.previous(period) or period


def _names(plan: Plan, items: Sequence[str], period: Period) -> tuple[str, ...]:
    """Items by id and title, as they were called in a period."""
    return tuple(item.name for name in items if (item := plan.item_in(period, name)))
