"""The plan itself, its departments and items."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypedDict

from xlplan.definition.blank import REQUIRED_SETTINGS
from xlplan.definition.identity import (
    check_former_ids,
    check_predecessors,
    department_meant,
    former_ids,
    look_over_predecessors,
    predecessor_ids,
)
from xlplan.definition.lines import Faults, Line, allowed_words, by_id, circle, lines, listed, unique
from xlplan.definition.office import holidays_meant
from xlplan.definition.specs import SETTING_WORDS, WORDS, Tables, word_meant, words
from xlplan.language.messages import LANGUAGES, Spoken
from xlplan.language.text import nearest, safe_file_name
from xlplan.language.workdays import Workdays, usual_holidays
from xlplan.model.item import Department, Item, Period
from xlplan.model.plan import Plan
from xlplan.model.plancodes import PlanCode


class Settings(TypedDict):
    """The plan's own settings, as the fields of `Plan`."""

    id: str
    title: str
    organisation: str
    language: str
    fiscal_year_start: int
    calendar: str
    office: str
    contact: str
    locale: str
    workdays: Workdays


def settings(tables: Tables, faults: Faults) -> Settings:
    """The table `plan`: key and value."""
    found = {"language": "ja", "fiscal_year_start": "4", "calendar": "wareki"}
    seen: dict[str, int] = {}
    for line in lines(tables, "plan", faults):
        written, value = line.need("key"), line.text("value")
        key = word_meant("setting", written)
        if key is None:
            if written:
                line.fault(PlanCode.UNKNOWN_SETTING, "key", name=written, near=_near_setting(written))
        elif unique(line, "key", key, seen) and value:
            found[key] = _setting(line, key, value)
    for key in REQUIRED_SETTINGS:
        if not found.get(key):
            table, label = (
                tables.tables["plan"],
                Spoken(*(words("setting", spoken)[key] for spoken in LANGUAGES)),
            )
            at, column = (seen[key], "value") if key in seen else (table.header_row, "key")
            faults.findings.append(table.finding(PlanCode.SETTING_MISSING, at, column, name=key, label=label))
    return Settings(
        id=found.get("id", ""),
        title=found.get("title", ""),
        organisation=found.get("organisation", ""),
        language=found["language"],
        fiscal_year_start=int(found["fiscal_year_start"]),
        calendar=found["calendar"],
        office=found.get("office", ""),
        contact=found.get("contact", ""),
        locale=found.get("locale", ""),
        workdays=Workdays(
            found.get("holidays") or usual_holidays(found.get("locale", ""), found["language"])
        ),
    )


def _near_setting(written: str) -> Spoken:
    """The setting that was probably meant, else all that there are."""
    in_japanese = words("setting", "ja")
    near = nearest(written, [*in_japanese, *in_japanese.values()])
    if near:
        return Spoken(near, word_meant("setting", near) or near)
    return Spoken(listed(in_japanese.values()), listed(in_japanese))


def plan_language(tables: Tables) -> str:
    """The language of the plan, also of one whose tables hold errors; empty where it has no table of settings."""
    return settings(tables, Faults([]))["language"] if "plan" in tables.tables else ""


def _setting(line: Line, key: str, value: str) -> str:
    """The value of a setting; of one that takes a few words, the word's id."""
    if key not in SETTING_WORDS:
        return value
    meant = holidays_meant(value) if key == "holidays" else word_meant(SETTING_WORDS[key], value)
    if meant is None:
        line.fault(PlanCode.UNKNOWN_WORD, "value", value=value, allowed=allowed_words(SETTING_WORDS[key]))
    return meant or WORDS[SETTING_WORDS[key]][0]


def departments(tables: Tables, faults: Faults, of: tuple[Period, ...]) -> tuple[Department, ...]:
    """The table `departments`.

    Args:
        tables: the tables as read.
        faults: where what is wrong with them is collected.
        of: the plan's periods, from and to which a department may be there.

    Returns:
        The departments in the order of the table.
    """
    found: list[Department] = []
    seen: dict[str, int] = {}
    files: dict[str, Line] = {}
    for line in lines(tables, "departments", faults):
        name = line.id()
        if not unique(line, "id", name, seen) or not name:
            continue
        first, last = line.span(of)
        _own_file(line, files)
        found.append(
            Department(
                id=name,
                name=line.need("name"),
                contact=line.text("contact"),
                email=line.text("email"),
                from_period=first,
                to_period=last,
                successor=line.text("successor"),
                formerly=former_ids(line),
            )
        )
    ids = by_id(found)
    for line in lines(tables, "departments", faults):
        line.known("successor", ids, PlanCode.UNKNOWN_DEPARTMENT, needed=False)
    check_former_ids(lines(tables, "departments", faults))
    return tuple(found)


def _own_file(line: Line, files: dict[str, Line]) -> None:
    """A fault where the workbooks of two departments would have one file name (ア_イ + ウ and ア + イ_ウ)."""
    name = safe_file_name(f"{line.text('id')}_{line.text('name')}").casefold()
    if name in files:
        other = files[name]
        line.fault(
            PlanCode.SAME_FILE, "name", value=line.text("name"), other=other.text("id"), row=other.row.number
        )
    files.setdefault(name, line)


def items(
    tables: Tables, faults: Faults, of: tuple[Period, ...], owners: tuple[Department, ...]
) -> tuple[Item, ...]:
    """The table `items`; columns beyond the known ones become `Item.extra`.

    Args:
        tables: the tables as read.
        faults: where what is wrong with them is collected.
        of: the plan's periods, from and to which an item may run.
        owners: the plan's departments.

    Returns:
        The items in the order of the table.
    """
    found: list[Item] = []
    seen: dict[str, int] = {}
    known = by_id(owners)
    for line in lines(tables, "items", faults):
        item = _item(line, known, of)
        if unique(line, "id", item.id, seen) and item.id:
            found.append(item)
    ids = by_id(found)
    for line in lines(tables, "items", faults):
        check_predecessors(line, ids)
    check_former_ids(lines(tables, "items", faults))
    return tuple(found)


_NOTHING: Mapping[str, str] = {}
"""The further columns of every item where there are none: once in memory."""


def _item(line: Line, owners: Mapping[str, Department], of: tuple[Period, ...]) -> Item:
    """The item of one line, each of its faults at the cell."""
    name, title = line.id(), line.need("title")
    owner = department_meant(line, owners)
    first, last = line.span(of)
    more = [column for column in line.table.headers if column not in line.table.spec.columns]
    return Item(
        id=name,
        goal=line.text("goal"),
        group=line.text("group"),
        title=title,
        summary=line.text("summary"),
        department=owner.id if owner else "",
        from_period=first,
        to_period=last,
        predecessors=predecessor_ids(line),
        extra={column: line.text(column) for column in more} if more else _NOTHING,
        formerly=former_ids(line),
    )


def look_over_people(tables: Tables, faults: Faults, plan: Plan) -> None:
    """Collect what is wrong with items and departments that have been read one by one.

    Args:
        tables: the tables as read.
        faults: where what is found is collected.
        plan: what was made of the tables, as far as it could be.
    """
    _idle_departments(tables, faults, plan)
    _successors(tables, faults, plan)
    look_over_predecessors(tables, faults, plan)


def _idle_departments(tables: Tables, faults: Faults, plan: Plan) -> None:
    """Departments that would never be asked; said only where every item has found its department."""
    asked = {item.department for item in plan.items}
    asked |= {item.department for period in plan.periods for item in plan.items_of(period)}
    if "" in asked:
        return
    for line in lines(tables, "departments", faults):
        if line.text("id") and line.text("id") not in asked:
            line.fault(PlanCode.DEPARTMENT_IDLE, "id", name=line.text("name") or line.text("id"))


def _successors(tables: Tables, faults: Faults, plan: Plan) -> None:
    """Departments that end while their items go on: each needs one that takes over, and no circle of them."""
    heirs = {
        department.id: {department.successor}
        for department in plan.departments
        if department.to_period and department.successor
    }
    left: dict[str, dict[str, Item]] = {}
    for period in plan.periods:
        for item in plan.items_of(period):
            owner = plan.department(item.department)
            if owner and not plan.runs(replace(owner, from_period=""), period):
                left.setdefault(owner.id, {})[item.id] = item
    reported: set[str] = set()
    for line in lines(tables, "departments", faults):
        department = plan.department(line.text("id"))
        if department is None:
            continue
        if department.successor and not line.text("to_period"):
            line.fault(PlanCode.SUCCESSOR_UNUSED, "successor", name=department.name)
        path = circle(department.id, heirs)
        if path and not reported.intersection(path):
            line.fault(PlanCode.SUCCESSOR_CIRCLE, "successor", names=" → ".join(path))
        elif not path and department.id in left and not department.successor:
            last, items = plan.period(department.to_period), listed(left[department.id])
            params = {"name": department.name, "period": last.label if last else "", "items": items}
            line.fault(PlanCode.NO_SUCCESSOR, "successor", **params)
        reported.update(path)
