"""The groups of measures: what stands at the head of each row of their figures.

They come from the data. What is the same is judged by one key (`key_of_value`), shown in its first spelling.
"""

from collections.abc import Iterable, Iterator

from xlplan.definition.specs import spec
from xlplan.fields.reading import shown
from xlplan.fields.table import type_of
from xlplan.language.messages import text
from xlplan.model.form import Field
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.model.view import View
from xlplan.report.heads import Group, Key, key_of_value
from xlplan.report.records import Records
from xlplan.report.rows import NOT_COUNTED, in_order


def groups_of(records: Records, view: View, by: str) -> tuple[Group, ...]:
    """The row heads of a block.

    First what the plan lists, in its order: the choices of a list, the items and what stands in their columns, the
    departments, the periods. Then what else the data hold, numbers and days by size, texts by their letters; last the
    rows in which nothing stands, where there are any.

    Args:
        records: The records of the view's form.
        view: A view of statistics.
        by: What its measures are grouped by: a field, a column of the items, `period`, or nothing.

    Returns:
        The heads, each once; none where `by` is empty.
    """
    plan, period = records.made.plan, records.made.period
    if not by:
        return ()
    if by == "period":
        return _distinct(within.label for within in plan.periods_until(period))
    field = records.form.by_id.get(by)
    found = {group.key: group for group in _listed(records, by, field)}
    blank = found.pop("", None)
    others: dict[Key, Group] = {}
    for at, value in _distinct_cells(records, by):
        key = key_of_value(value)
        if key in found or key in others or (key == "" and blank):
            continue
        group = _group(records, at, by, key)
        if key == "":
            blank = group
        else:
            others[key] = group
    ordered = sorted(others.values(), key=lambda group: (isinstance(group.key, str), group.key))
    return (*found.values(), *ordered, *([blank] if blank else []))


def _distinct_cells(records: Records, name: str) -> Iterator[tuple[int, object]]:
    """The first row that counts of each cell of a column, and the cell; 1 and 1.0 are the same, 1 and "1" are not."""
    seen: set[tuple[bool, object]] = set()
    for at, cell in enumerate(records.column(name)):
        mark = (isinstance(cell, str), cell)
        if mark not in seen and counted(records, at, name):
            seen.add(mark)
            yield at, cell


def spelled_otherwise(records: Records, by: str) -> list[str]:
    """The texts of a column that are spelled in several ways and counted as one.

    Args:
        records: The records of a form.
        by: Id of the column.

    Returns:
        The spellings of each such text, as a person reads them.
    """
    found: dict[Key, dict[str, None]] = {}
    for _, cell in _distinct_cells(records, by):
        if isinstance(cell, str) and cell:
            found.setdefault(key_of_value(cell), {})[cell] = None
    return [" / ".join(spellings) for spellings in found.values() if len(spellings) > 1]


def counted(records: Records, at: int, name: str) -> bool:
    """Whether a row counts as one in which a column was asked for.

    Args:
        records: The records of a form.
        at: The row, from 0.
        name: Id of the column.

    Returns:
        Whether the column was asked for in the row's period; of a draft, whether the answer stands as well.
    """
    row = records.rows[at]
    stands = not records.made.draft or row.state not in NOT_COUNTED
    return stands and records.asked(name, row.period)


def _listed(records: Records, by: str, field: Field | None) -> Iterator[Group]:
    """What the plan lists, whether it occurs or not; of the items only those that are named."""
    plan = records.made.plan
    if field is None:
        yield from _distinct(_of_items(plan, by, plan.periods_until(records.made.period)))
        return
    choices = plan.choices_of(field)
    if type_of(field).from_items:
        named = set(map(key_of_value, records.column(by)))
        choices = tuple(choice for choice in choices if key_of_value(choice.value) in named)
    if type_of(field).from_list or type_of(field).from_items:
        yield from _distinct(choice.value for choice in choices)


def _of_items(plan: Plan, by: str, periods: tuple[Period, ...]) -> Iterator[str]:
    """What the items that run in `periods` have in one of their columns, in the order of goals."""
    running = (item for item in plan.items if any(plan.runs(item, period) for period in periods))
    listed = tuple(in_order(plan, running))
    then = [item for period in periods if period.id in plan.past for item in plan.items_of(period)]
    if by == "department":
        owners = {item.department for period in periods for item in plan.items_of(period)}
        yield from (department.name for department in plan.departments if department.id in owners)
        for period in periods:  # by the names of then
            yield from (department.name for department in plan.answering(period))
        return
    yield from (item.id if by == "item" else item.shown(by) for item in (*listed, *then))


def _distinct(values: Iterable[str]) -> tuple[Group, ...]:
    """A group for each text, in its first spelling; blank ones left out."""
    found: dict[Key, Group] = {}
    for value in values:
        key = key_of_value(value)
        if key != "":
            found.setdefault(key, Group(key, value, value))
    return tuple(found.values())


def _group(records: Records, at: int, name: str, key: Key) -> Group:
    """The group of a value that the data hold and no list has: the first of its kind stands in row `at`."""
    plan, field = records.made.plan, records.form.by_id.get(name)
    if key == "":
        words = text("summary.statistics.blank", plan.language)
        return Group(key, words, words)
    value = records.column(name)[at]
    if field is None or isinstance(value, str):
        return Group(key, str(value), str(value))
    words = shown(records.value(at, field), field, plan.years)
    # with all its digits: LibreOffice counts no cell that differs in the fifteenth
    return Group(key, float(str(value)), words, type_of(field).summary_format(field, plan))


def heading_of(plan: Plan, view: View, by: str) -> str:
    """What a block's groups are.

    Args:
        plan: The plan.
        view: A view of statistics.
        by: What its measures are grouped by: a field, a column of the items, or `period`.

    Returns:
        The heading of the field or of the column.
    """
    form = plan.form(view.form)
    field = form.by_id.get(by) if form else None
    if field is not None:
        return field.heading
    if by == "period":
        return spec("records").heading("period", plan.language)
    return spec("items").heading("id" if by == "item" else by, plan.language)
