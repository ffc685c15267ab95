"""What a department is told of changes since the round before: its own name, its items, and the forms.

Items are new, ended, moved, split or merged; forms have other fields, headings and choices.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from xlplan.language.messages import joined
from xlplan.model.changes import ChangeKind, PlanChange, PlanNoun, form_changes
from xlplan.model.descent import sources
from xlplan.model.item import Department, Item, Period
from xlplan.model.plan import Plan
from xlplan.model.then import Then

NAMED = 10
"""Changed items, and changes of forms, that the first sheet names; the others it counts."""


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
        _continuing(plan, item, period)
        or _change(plan, item, (ItemMove.NEW, ItemMove.TAKEN), owned_then, before)
        for item in now.values()
        if item.id not in then or len(sources(plan, item, period)) > 1
    ]
    ended = [
        _gone_into(plan, item, period)
        or _change(plan, item, (ItemMove.ENDED, ItemMove.HANDED), owned_now, period)
        for item in then.values()
        if item.id not in now
    ]
    named = ended[: max(NAMED - len(new), NAMED // 2)]
    named = [*new[: NAMED - len(named)], *named]
    return named, len(new) + len(ended) - len(named)


def _change(
    plan: Plan, item: Item, kinds: tuple[ItemMove, ItemMove], elsewhere: Mapping[str, Item], period: Period
) -> ItemChange:
    """An item that a department has or had in one of two periods only.

    Args:
        plan: The plan.
        item: The item.
        kinds: What has become of it where the other period does not have it, and where it does.
        elsewhere: The items of the other period.
        period: That period.
    """
    alone, moved = kinds
    if item.id not in elsewhere:
        return ItemChange(alone, item.id, item.title)
    return ItemChange(moved, item.id, item.title, _owner(plan, elsewhere[item.id], period))


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


def _owner(plan: Plan, item: Item, period: Period) -> str:
    """The name of an item's department, as it was called in a period."""
    found = plan.department_in(period, item.department)
    return found.name if found else item.department


# --- the department itself, and the forms ----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of the first sheet: its key in the catalogue, and its parameters."""

    key: str
    params: Mapping[str, str | int]

    @property
    def told(self) -> tuple[str, ...]:
        """By which it is known again."""
        return (self.key, *map(str, self.params.values()))


def department_said(plan: Plan, period: Period, department: Department) -> Sequence[Said]:
    """What is said of the department itself: that it is called otherwise, or from whom all its items came.

    Args:
        plan: The plan.
        period: The period of the round, which is compared with the one before.
        department: Which.

    Returns:
        The sentences.
    """
    before = plan.previous(period)
    if before is None or before.id not in plan.past:
        return ()
    known = plan.past[before.id].department(department.id)
    if known and known.name != department.name:
        return (Said("artefacts.guide.change_renamed", {"before": known.name, "after": department.name}),)
    then, own = {item.id: item for item in plan.items_of(before)}, plan.items_of(period, department.id)
    owners = [_owner(plan, then[item.id], before) for item in own if item.id in then]
    if department.name in owners or not owners:
        return ()
    names = joined(dict.fromkeys(owners), plan.language)
    return (Said("artefacts.guide.change_from", {"departments": names, "count": len(owners)}),)


_FORM_WORDS = {
    (PlanNoun.FORM, ChangeKind.NEW): "artefacts.guide.form_new",
    (PlanNoun.FORM, ChangeKind.GONE): "artefacts.guide.form_gone",
    (PlanNoun.FORM, ChangeKind.RENAMED): "artefacts.guide.form_renamed",
    (PlanNoun.FIELD, ChangeKind.NEW): "artefacts.guide.field_new",
    (PlanNoun.FIELD, ChangeKind.GONE): "artefacts.guide.field_gone",
    (PlanNoun.FIELD, ChangeKind.RENAMED): "artefacts.guide.field_renamed",
    (PlanNoun.FIELD, ChangeKind.TYPE): "artefacts.guide.field_type",
    (PlanNoun.FIELD, ChangeKind.FILLED_BY): "artefacts.guide.field_filled_by",
    (PlanNoun.CHOICE, ChangeKind.NEW): "artefacts.guide.choice_new",
    (PlanNoun.CHOICE, ChangeKind.GONE): "artefacts.guide.choice_gone",
    (PlanNoun.CHOICE, ChangeKind.RENAMED): "artefacts.guide.choice_renamed",
}
_REQUIRED_WORDS = {"yes": "artefacts.guide.field_required", "no": "artefacts.guide.field_optional"}
_REQUIRED_IF = "artefacts.guide.field_required_if"


def forms_said(plan: Plan, period: Period) -> Sequence[Said]:
    """What the forms ask otherwise than in the round before, as far as its edition says how they were.

    Args:
        plan: The plan.
        period: The period of the round, which is compared with the one before.

    Returns:
        The sentences; of many the first, and how many others there are.
    """
    before = plan.previous(period)
    then = plan.past.get(before.id) if before else None
    if not isinstance(then, Then):
        return ()
    said = [said for change in form_changes(then, plan, period) if (said := _form_said(plan, change, period))]
    left = len(said) - NAMED
    return said if left <= 0 else (*said[:NAMED], Said("artefacts.guide.form_more", {"count": left}))


def _form_said(plan: Plan, change: PlanChange, period: Period) -> Said | None:
    """The sentence of one change; None where it is nothing that a department sees."""
    key = _FORM_WORDS.get((change.noun, change.kind))
    if (change.noun, change.kind) == (PlanNoun.FIELD, ChangeKind.REQUIRED):
        key = _REQUIRED_WORDS.get(change.after, _REQUIRED_IF)
    form = plan.form(change.within)
    params = {"label": change.label, "form": form.title if form else ""}
    if change.noun is PlanNoun.CHOICE:
        asked = plan.asked_in(period).forms
        fields = [field for each in asked for field in each.entered if field.list == change.within]
        params["form"] = joined(dict.fromkeys(field.label for field in fields), plan.language)
        key = key if fields else None
    if change.kind is ChangeKind.RENAMED:
        params |= {"before": change.before, "after": change.after}
    return Said(key, params) if key else None
