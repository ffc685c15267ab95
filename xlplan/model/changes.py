"""What differs between the plan as it stood for a round and as it stands now: items, departments, forms, measures."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from xlplan.formula.tree import Formula
from xlplan.language.codes import CatalogueEnum
from xlplan.model.form import Choice, Field, Form
from xlplan.model.item import Department, Item, Period
from xlplan.model.plan import Plan
from xlplan.model.then import Then


class PlanNoun(CatalogueEnum, section="cli.noun"):
    """What has changed: an item, a department, a period, a form, a field, a choice, a rule or a measure."""

    PERIOD = "period"
    DEPARTMENT = "department"
    ITEM = "item"
    FORM = "form"
    FIELD = "field"
    CHOICE = "choice"
    RULE = "rule"
    MEASURE = "measure"


class ChangeKind(CatalogueEnum, section="cli.change"):
    """What has become of it: it is new or gone, has another name, id, owner or goal, takes something else.

    An item continues another one, was split off it or merged of several, or went into others; so a department that
    another one takes over.
    """

    NEW = "new"
    GONE = "gone"
    RENAMED = "renamed"
    RENUMBERED = "renumbered"
    MOVED = "moved"
    REGROUPED = "regrouped"
    CONTINUES = "continues"
    SPLIT = "split"
    MERGED = "merged"
    WENT_INTO = "went_into"
    TYPE = "type"
    LIST = "list"
    REQUIRED = "required"
    FILLED_BY = "filled_by"
    FORMULA = "formula"
    SEVERITY = "severity"


@dataclass(frozen=True, slots=True)
class PlanChange:
    """One difference.

    Attributes:
        noun: What has changed.
        kind: What has become of it.
        id: Its id by now, of one that is gone its last; of a choice the word.
        label: What it is called.
        within: Id of the form of a field or rule, of the view of a measure; name of the list of a choice; else empty.
        before: What it was: a name, an id, the names of others, a formula.
        after: What it is by now.
    """

    noun: PlanNoun
    kind: ChangeKind
    id: str
    label: str
    within: str = ""
    before: str = ""
    after: str = ""


def changes_since(then: Then, plan: Plan, period: Period) -> Iterator[PlanChange]:
    """Everything that differs.

    Args:
        then: The round with which is compared, as the plan sees it.
        plan: The plan as it stands now.
        period: The period of it that is looked at.
    """
    known = {before.id for before in then.plan.periods}
    for new in plan.periods:
        if new.id not in known:
            yield PlanChange(PlanNoun.PERIOD, ChangeKind.NEW, new.id, new.label)
    yield from department_changes(then, plan, period)
    yield from item_changes(then, plan, period)
    yield from form_changes(then, plan, period)
    yield from _measures(then, plan)


def department_changes(then: Then, plan: Plan, period: Period) -> Iterator[PlanChange]:
    """Departments that are new, gone, renamed, renumbered or taken over.

    `then`, `plan` and `period` are as of `changes_since`.
    """
    old = {
        then.department_now(each.id): each
        for each in then.plan.departments
        if then.plan.in_force(each, then.period)
    }
    new = {each.id: each for each in plan.departments if plan.in_force(each, period)}
    for name, each in new.items():
        if name not in old:
            yield PlanChange(PlanNoun.DEPARTMENT, ChangeKind.NEW, name, each.name)
        else:
            yield from _called(PlanNoun.DEPARTMENT, name, (old[name].id, old[name].name), each.name)
    for name, each in old.items():
        if name not in new:
            heir = _successor(plan, name, new)
            kind = ChangeKind.WENT_INTO if heir else ChangeKind.GONE
            yield PlanChange(PlanNoun.DEPARTMENT, kind, name, each.name, after=heir)


def _successor(plan: Plan, name: str, new: Mapping[str, Department]) -> str:
    """The name of the department that takes over from one that is gone; empty where none does."""
    seen: set[str] = set()
    known = plan.department(name)
    while known and known.successor and known.successor not in seen:
        seen.add(known.successor)
        known = plan.department(known.successor)
        if known and known.id in new:
            return known.name
    return ""


def _called(
    noun: PlanNoun, name: str, old: tuple[str, str], label: str, within: str = ""
) -> Iterator[PlanChange]:
    """Another id or another name: `name` and `label` are those of now, `old` both of then."""
    if old[0] != name:
        yield PlanChange(noun, ChangeKind.RENUMBERED, name, label, within, old[0], name)
    if old[1] != label:
        yield PlanChange(noun, ChangeKind.RENAMED, name, label, within, old[1], label)


# --- items -----------------------------------------------------------------------------------------


def item_changes(then: Then, plan: Plan, period: Period) -> Iterator[PlanChange]:
    """Items that are new, gone, renamed, moved, regrouped, split or merged.

    `then`, `plan` and `period` are as of `changes_since`.
    """
    old = {item.id: item for item in then.items}
    new = {item.id: item for item in plan.items_of(period)}
    former = {then.item_now(item.id): item.id for item in then.plan.items}
    for item in new.values():
        if item.id in old:
            yield from _called(PlanNoun.ITEM, item.id, (former[item.id], old[item.id].title), item.title)
            yield from _placed(then, plan, old[item.id], item)
        yield from _descended(item, old, new)
    for item in old.values():
        if item.id not in new:
            heirs = [heir.name for heir in new.values() if item.id in heir.predecessors]
            kind = ChangeKind.WENT_INTO if heirs else ChangeKind.GONE
            yield PlanChange(PlanNoun.ITEM, kind, item.id, item.title, after=" / ".join(heirs))


def _placed(then: Then, plan: Plan, old: Item, item: Item) -> Iterator[PlanChange]:
    """Another department, another goal or group."""
    if old.department != item.department:
        known = then.department(old.department) or plan.department(old.department)
        owner = plan.department(item.department)
        names = (known.name if known else old.department, owner.name if owner else item.department)
        yield PlanChange(PlanNoun.ITEM, ChangeKind.MOVED, item.id, item.title, "", *names)
    if (old.goal, old.group) != (item.goal, item.group):
        places = (" / ".join(filter(None, (each.goal, each.group))) for each in (old, item))
        yield PlanChange(PlanNoun.ITEM, ChangeKind.REGROUPED, item.id, item.title, "", *places)


def _descended(item: Item, old: Mapping[str, Item], new: Mapping[str, Item]) -> Iterator[PlanChange]:
    """An item that is new, or into which others went."""
    sources = [name for name in item.predecessors if name in old and not (item.id in old and name in new)]
    if not sources:
        if item.id not in old:
            yield PlanChange(PlanNoun.ITEM, ChangeKind.NEW, item.id, item.title)
        return
    parts = [heir for heir in new.values() if sources[0] in heir.predecessors]
    kind = ChangeKind.CONTINUES
    if len(sources) > 1 or item.id in old:
        kind = ChangeKind.MERGED
    elif len(parts) > 1 or sources[0] in new:
        kind = ChangeKind.SPLIT
    yield PlanChange(
        PlanNoun.ITEM, kind, item.id, item.title, before=" / ".join(old[name].name for name in sources)
    )


# --- forms -----------------------------------------------------------------------------------------


def form_changes(then: Then, plan: Plan, period: Period) -> Iterator[PlanChange]:
    """Forms, fields, choices and rules that are new, gone, renamed or otherwise.

    `then`, `plan` and `period` are as of `changes_since`.
    """
    asked, before = plan.asked_in(period), then.plan.asked_in(then.period)
    old = {then.form_id_now(form): form for form in before.forms}
    for form in asked.forms:
        if form.id not in old:
            yield PlanChange(PlanNoun.FORM, ChangeKind.NEW, form.id, form.title)
            continue
        known = old[form.id]
        yield from _called(PlanNoun.FORM, form.id, (known.id, known.title), form.title)
        names = {name: field.id for name, field in then.fields_now(known).items()}
        yield from _fields(known, form, names)
        yield from _rules(known, form, names)
    for name, form in old.items():
        if asked.form(name) is None:
            yield PlanChange(PlanNoun.FORM, ChangeKind.GONE, name, form.title)
    yield from _choices(before, asked, old, then)


def _fields(old: Form, form: Form, names: Mapping[str, str]) -> Iterator[PlanChange]:
    """The fields of a form; `names` are their ids of now by those of then."""
    known = {names.get(field.id, field.id): field for field in old.fields}
    for field in form.fields:
        before = known.get(field.id)
        if before is None:
            yield PlanChange(PlanNoun.FIELD, ChangeKind.NEW, field.id, field.heading, form.id)
            continue
        yield from _called(PlanNoun.FIELD, field.id, (before.id, before.heading), field.heading, form.id)
        for kind, was, now in _settings(before, field, names):
            yield PlanChange(PlanNoun.FIELD, kind, field.id, field.heading, form.id, was, now)
    for name, field in known.items():
        if name not in form.by_id:
            yield PlanChange(PlanNoun.FIELD, ChangeKind.GONE, name, field.heading, form.id)


def _settings(old: Field, field: Field, names: Mapping[str, str]) -> Iterator[tuple[ChangeKind, str, str]]:
    """The settings of a field that are others than before: what each was, and is."""
    settings: tuple[tuple[ChangeKind, bool | str | Formula | None, bool | str | Formula | None], ...] = (
        (ChangeKind.TYPE, old.type.value, field.type.value),
        (ChangeKind.LIST, old.list, field.list),
        (ChangeKind.REQUIRED, old.required, field.required),
        (ChangeKind.FILLED_BY, old.filled_by.value, field.filled_by.value),
        (ChangeKind.FORMULA, old.formula, field.formula),
    )
    for kind, was, now in settings:
        if _over_ids(was, names) != _over_ids(now, {}):
            yield kind, _text(was), _text(now)


def _over_ids(setting: bool | str | Formula | None, names: Mapping[str, str]) -> object:
    """What a setting comes to: of a formula over the ids of now, however its columns are called in it."""
    return setting.renamed(names).tree if isinstance(setting, Formula) else setting


def _text(setting: bool | str | Formula | None) -> str:
    match setting:
        case Formula():
            return setting.text
        case bool():
            return "yes" if setting else "no"
        case _:
            return setting or ""


def _rules(old: Form, form: Form, names: Mapping[str, str]) -> Iterator[PlanChange]:
    known, now = ({rule.id: rule for rule in each.rules} for each in (old, form))
    for name, rule in now.items():
        if name not in known:
            yield PlanChange(PlanNoun.RULE, ChangeKind.NEW, name, rule.message, form.id)
            continue
        check = known[name].check
        if _over_ids(check, names) != _over_ids(rule.check, {}):
            yield PlanChange(
                PlanNoun.RULE, ChangeKind.FORMULA, name, rule.message, form.id, check.text, rule.check.text
            )
        if known[name].severity is not rule.severity:
            severities = known[name].severity.value, rule.severity.value
            yield PlanChange(PlanNoun.RULE, ChangeKind.SEVERITY, name, rule.message, form.id, *severities)
    for name, rule in known.items():
        if name not in now:
            yield PlanChange(PlanNoun.RULE, ChangeKind.GONE, name, rule.message, form.id)


def _choices(before: Plan, asked: Plan, old: Mapping[str, Form], then: Then) -> Iterator[PlanChange]:
    """The words of the lists that fields have by now; each list once."""
    seen: set[tuple[str, str]] = set()
    for form in asked.forms:
        fields = then.fields_now(old[form.id]).items() if form.id in old else ()
        lists = {now.id: old[form.id].by_id[name].list for name, now in fields}
        for field in form.fields:
            pair = lists.get(field.id, ""), field.list
            if all(pair) and pair not in seen and not field.names_item:
                seen.add(pair)
                yield from _words(field.list, before.lists.get(pair[0], ()), asked.lists.get(pair[1], ()))


def _words(name: str, old: Iterable[Choice], new: Iterable[Choice]) -> Iterator[PlanChange]:
    """The words of one list."""
    known, now = [choice.value for choice in old], list(new)
    gone = [word for word in known if word not in {choice.value for choice in now}]
    for choice in now:
        if choice.value in known:
            continue
        was = next((word for word in gone if word in choice.aliases), "")
        if was:
            gone.remove(was)
        kind = ChangeKind.RENAMED if was else ChangeKind.NEW
        yield PlanChange(
            PlanNoun.CHOICE, kind, choice.value, choice.value, name, was, choice.value if was else ""
        )
    for word in gone:
        yield PlanChange(PlanNoun.CHOICE, ChangeKind.GONE, word, word, name)


# --- measures --------------------------------------------------------------------------------------


def _measures(then: Then, plan: Plan) -> Iterator[PlanChange]:
    old, new = (
        {(view.id, measure.id): measure for view in each.views for measure in view.measures}
        for each in (then.plan, plan)
    )
    forms = {view.id: then.plan.form(view.form) for view in then.plan.views}
    for (view, name), measure in new.items():
        if (view, name) not in old:
            yield PlanChange(PlanNoun.MEASURE, ChangeKind.NEW, name, measure.label, view)
            continue
        before, form = old[view, name], forms.get(view)
        names = {field: now.id for field, now in then.fields_now(form).items()} if form else {}
        yield from _called(PlanNoun.MEASURE, name, (name, before.label), measure.label, view)
        if _over_ids(before.formula, names) != _over_ids(measure.formula, {}):
            texts = before.formula.text, measure.formula.text
            yield PlanChange(PlanNoun.MEASURE, ChangeKind.FORMULA, name, measure.label, view, *texts)
    for (view, name), measure in old.items():
        if (view, name) not in new:
            yield PlanChange(PlanNoun.MEASURE, ChangeKind.GONE, name, measure.label, view)
