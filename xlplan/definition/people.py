"""The plan itself, its periods, departments and items."""

from typing import TypedDict

from xlplan.definition.lines import Faults, Line, by_id, lines, unique
from xlplan.finding import Finding, Severity
from xlplan.plan import Department, Item, Period
from xlplan.tables import Tables
from xlplan.text import nearest

_SETTINGS = ("id", "title", "organisation", "language", "fiscal_year_start", "calendar", "office", "contact")
_ALLOWED = {
    "language": ("ja", "en"),
    "calendar": ("wareki", "western"),
    "fiscal_year_start": tuple(str(month) for month in range(1, 13)),
}


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


def settings(tables: Tables, faults: Faults, file: str) -> Settings:
    """The table `plan`: key and value."""
    found = {"language": "ja", "fiscal_year_start": "4", "calendar": "wareki"}
    seen: dict[str, int] = {}
    for line in lines(tables, "plan", faults):
        key, value = line.need("key"), line.text("value")
        if key not in _SETTINGS:
            near = nearest(key, list(_SETTINGS)) or "、".join(_SETTINGS)
            line.fault("plan_unknown_setting", "key", name=key, near=near)
        elif unique(line, "key", key, seen) and value:
            if key in _ALLOWED and value not in _ALLOWED[key]:
                line.fault("plan_unknown_word", "value", value=value, allowed=" / ".join(_ALLOWED[key]))
            else:
                found[key] = value
    for key in ("id", "title", "organisation"):
        if not found.get(key):
            table = tables.tables["plan"]
            faults.findings.append(
                Finding(
                    "plan_setting_missing",
                    Severity.ERROR,
                    file=table.file or file,
                    sheet=table.sheet,
                    cell=table.cell(1, "key"),
                    params={"name": key},
                )
            )
    return Settings(
        id=found.get("id", ""),
        title=found.get("title", ""),
        organisation=found.get("organisation", ""),
        language=found["language"],
        fiscal_year_start=int(found["fiscal_year_start"]),
        calendar=found["calendar"],
        office=found.get("office", ""),
        contact=found.get("contact", ""),
    )


def periods(tables: Tables, faults: Faults) -> tuple[Period, ...]:
    """The table `periods`, oldest first."""
    found: list[Period] = []
    seen: dict[str, int] = {}
    for line in lines(tables, "periods", faults):
        name, label = line.need("id"), line.need("label")
        if not line.text("first_year") or not line.text("last_year"):
            line.need("first_year")
            line.need("last_year")
            continue
        first, last = line.whole("first_year"), line.whole("last_year")
        if not name or not unique(line, "id", name, seen) or first is None or last is None:
            continue
        if last < first:
            line.fault("plan_period_reversed", "last_year", first=first, last=last)
        elif found and (first, last) <= (found[-1].first_year, found[-1].last_year):
            line.fault("plan_period_order", "first_year", label=label, before=found[-1].label)
        found.append(Period(name, label, first, last))
    _not_empty(tables, "periods", found, faults)
    return tuple(found)


def departments(tables: Tables, faults: Faults, of: tuple[Period, ...]) -> tuple[Department, ...]:
    """The table `departments`."""
    found: list[Department] = []
    seen: dict[str, int] = {}
    for line in lines(tables, "departments", faults):
        name = line.need("id")
        if not unique(line, "id", name, seen):
            continue
        first, last = _span(line, of)
        found.append(
            Department(
                id=name,
                name=line.need("name"),
                contact=line.text("contact"),
                email=line.text("email"),
                from_period=first,
                to_period=last,
                successor=line.text("successor"),
            )
        )
    _not_empty(tables, "departments", found, faults)
    ids = by_id(found)
    for line in lines(tables, "departments", faults):
        line.known("successor", ids, "plan_unknown_department", needed=False)
    return tuple(found)


def items(
    tables: Tables, faults: Faults, of: tuple[Period, ...], owners: tuple[Department, ...]
) -> tuple[Item, ...]:
    """The table `items`; columns beyond the known ones become `extra`."""
    found: list[Item] = []
    seen: dict[str, int] = {}
    known = by_id(owners)
    for line in lines(tables, "items", faults):
        name = line.need("id")
        title = line.need("title")
        owner = line.known("department", known, "plan_unknown_department")
        first, last = _span(line, of)
        if not name or not unique(line, "id", name, seen):
            continue
        more = [column for column in line.table.headers if column not in line.table.spec.columns]
        found.append(
            Item(
                id=name,
                goal=line.text("goal"),
                group=line.text("group"),
                title=title,
                summary=line.text("summary"),
                department=owner.id if owner else "",
                from_period=first,
                to_period=last,
                predecessor=line.text("predecessor"),
                extra={column: line.text(column) for column in more},
            )
        )
    _not_empty(tables, "items", found, faults)
    ids = by_id(found)
    for line in lines(tables, "items", faults):
        line.known("predecessor", ids, "plan_unknown_item", needed=False)
    return tuple(found)


def _span(line: Line, of: tuple[Period, ...]) -> tuple[str, str]:
    """The first and last period of a department or item; empty where it is there from the first or to the last."""
    ids = by_id(of)
    first = line.known("from_period", ids, "plan_unknown_period", needed=False)
    last = line.known("to_period", ids, "plan_unknown_period", needed=False)
    if first and last and of.index(first) > of.index(last):
        line.fault("plan_span_reversed", "to_period", first=first.id, last=last.id)
    return (first.id if first else "", last.id if last else "")


def _not_empty(tables: Tables, name: str, found: object, faults: Faults) -> None:
    if not found and not any(True for _ in tables.rows(name)):
        table = tables.tables[name]
        faults.findings.append(
            table.finding("plan_empty", 2, table.spec.columns[0], table=name, label=table.spec.label("ja"))
        )
