"""Who is who through the years: ids that something had before, and the items that an item continues."""

from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter

from xlplan.definition.lines import Faults, Line, circle, lines, listed, nearest_id, split
from xlplan.definition.specs import Tables
from xlplan.language.text import fold, nearest
from xlplan.model.codes import PlanCode
from xlplan.model.item import Department, Item
from xlplan.model.plan import Plan


def former_ids(line: Line) -> tuple[str, ...]:
    """The ids in the cell `formerly` of a line, each once."""
    return tuple(dict.fromkeys(split(line.text("formerly"))))


def check_former_ids(all_lines: Iterable[Line]) -> None:
    """Faults of former ids: one that is the line's own or still another's, and one that two lines claim.

    Args:
        all_lines: the lines among which ids are told apart: those of a table, of the fields those of one form.
    """
    known = list(all_lines)
    owners: dict[str, Line] = {}
    for line in known:
        if line.text("id"):
            owners.setdefault(fold(line.text("id")), line)
    claimed: dict[str, Line] = {}
    for line in known:
        for former in former_ids(line):
            key = fold(former)
            if key == fold(line.text("id")):
                line.fault(PlanCode.FORMERLY_OWN, "formerly", value=former)
            elif key in owners:
                row = owners[key].row.number
                line.fault(PlanCode.FORMERLY_IN_USE, "formerly", value=former, row=row)
            elif key in claimed:
                line.fault(PlanCode.FORMERLY_TWICE, "formerly", value=former, row=claimed[key].row.number)
            claimed.setdefault(key, line)


def predecessor_ids(line: Line) -> tuple[str, ...]:
    """The ids in the cell `predecessor` of a line of the items, each once."""
    return tuple(dict.fromkeys(split(line.text("predecessor"))))


def check_predecessors(line: Line, known: Mapping[str, Item]) -> None:
    """Faults of predecessors that are no items.

    Args:
        line: a line of the items.
        known: the items by id.
    """
    for wanted in predecessor_ids(line):
        if wanted not in known:
            near = nearest_id(wanted, list(known)) or listed(known)
            line.fault(PlanCode.UNKNOWN_ITEM, "predecessor", value=wanted, near=near)


def look_over_predecessors(tables: Tables, faults: Faults, plan: Plan) -> None:
    """Collect what only the whole plan shows of predecessors: circles, and those that go on beside their heir.

    Args:
        tables: the tables as read.
        faults: where what is found is collected.
        plan: what was made of the tables, as far as it could be.
    """
    needs = {item.id: set(item.predecessors) for item in plan.items if item.predecessors}
    if not needs:
        return
    reported: set[str] = set()
    for line in lines(tables, "items", faults):
        item = plan.item(line.text("id"))
        if item is None or not item.predecessors:
            continue
        path = circle(item.id, needs)
        if path and not reported.intersection(path):
            line.fault(PlanCode.PREDECESSOR_CIRCLE, "predecessor", names=" → ".join(path))
        elif not path:
            _still_running(line, item, plan)
        reported.update(path)


def _still_running(line: Line, item: Item, plan: Plan) -> None:
    begins = plan.period(item.from_period) if item.from_period else None
    if begins is None:
        return
    running: Sequence[str] = [
        name for name in item.predecessors if (before := plan.item(name)) and plan.runs(before, begins)
    ]
    if running:
        params = {"items": listed(running), "period": begins.label, "item": item.id}
        line.fault(PlanCode.PREDECESSOR_RUNS, "predecessor", **params)


def department_meant(
    line: Line, known: Mapping[str, Department], *, needed: bool = True
) -> Department | None:
    """The department in the cell of a line, by its id; told where it is written in another width, or by name.

    Args:
        line: A line with the column `department`.
        known: The departments by id.
        needed: Whether a blank cell is a fault.

    Returns:
        The department; None where the cell is blank or means none, with a fault at it.
    """
    wanted = line.need("department") if needed else line.text("department")
    if not wanted or wanted in known:
        return known.get(wanted)
    for name_of in (attrgetter("id"), attrgetter("name")):
        alike = [department for department in known.values() if fold(name_of(department)) == fold(wanted)]
        if len(alike) == 1:
            line.read_as("department", alike[0].id)
            return alike[0]
        if alike:
            break
    near = nearest(wanted, [department.name for department in known.values()])
    meant = alike or [department for department in known.values() if near in ("", department.name)]
    either = listed(f"{department.id}={department.name}" for department in meant)
    line.fault(PlanCode.UNKNOWN_DEPARTMENT, "department", value=wanted, near=either)
    return None
