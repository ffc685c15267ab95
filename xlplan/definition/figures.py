"""Views with their measures, and figures already in print."""

from collections.abc import Mapping

from xlplan.definition.choices import Lists
from xlplan.definition.forms import ITEM_COLUMNS, scope_of
from xlplan.definition.lines import Faults, Line, by_id, lines, listed, split, unique
from xlplan.definition.names import check_sheet_name
from xlplan.lint import Column, Kind, Scope
from xlplan.plan import Form, Measure, Plan, Published, View, ViewKind
from xlplan.specs import spec
from xlplan.tables import Tables
from xlplan.text import nearest


def views(tables: Tables, faults: Faults, forms: tuple[Form, ...], lists: Lists) -> tuple[View, ...]:
    """The tables `views` and `measures`."""
    found: dict[str, tuple[Line, Form | None]] = {}
    seen: dict[str, int] = {}
    titles: dict[str, int] = {}
    for line in lines(tables, "views", faults):
        name, title = line.need("id"), line.need("title")
        form = line.known("form", by_id(forms), "plan_unknown_form", needed=False)
        check_sheet_name(line, "title", title)
        unique(line, "title", title, titles)
        if name and unique(line, "id", name, seen):
            found[name] = (line, form or (forms[0] if forms else None))
    measures: dict[str, list[Measure]] = {name: [] for name in found}
    ids: dict[str, int] = {}
    for line in lines(tables, "measures", faults):
        if line.known("view", found, "plan_unknown_view") is None:
            continue
        view = line.text("view")
        measure = _measure(line, view, found[view][1], lists)
        if measure and unique(line, "id", f"{view}/{measure.id}", ids):
            measures[view].append(measure)
    return tuple(
        View(
            id=name,
            title=line.text("title"),
            kind=ViewKind(line.word("kind", "list")),
            form=form.id if form else "",
            measures=tuple(measures[name]),
            options=_options(line, form),
        )
        for name, (line, form) in found.items()
    )


def _options(line: Line, form: Form | None) -> Mapping[str, str]:
    """`name=value` pairs; the options of a progress table name fields of its form."""
    found = {}
    for part in split(line.text("options")):
        name, sign, value = part.partition("=")
        if not sign:
            line.fault("plan_option", "options", value=part)
            continue
        found[name.strip()] = value.strip()
    for name in ("text", "rows"):
        for wanted in filter(None, (one.strip() for one in found.get(name, "").split(","))):
            if form and wanted not in form.by_id:
                near = nearest(wanted, list(form.by_id)) or listed(form.by_id)
                line.fault("plan_unknown_field", "options", value=wanted, near=near)
    return found


def measure_names(form: Form | None, lists: Lists) -> tuple[dict[str, str], Scope]:
    """What a measure may name: the columns of the data sheet, by id and by label."""
    names, scope = scope_of(form.fields if form else (), lists, ("item", *ITEM_COLUMNS))
    columns = dict(scope.columns) | {one: Column(Kind.TEXT) for one in ("goal", "department", "period")}
    for one in ("goal", "department"):
        names |= {one: one, spec("items").heading(one, "ja"): one}
    names |= {"period": "period", spec("records").heading("period", "ja"): "period"}
    return names, Scope(columns, measure=True)


def _measure(line: Line, view: str, form: Form | None, lists: Lists) -> Measure | None:
    names, scope = measure_names(form, lists)
    name, label = line.need("id"), line.need("label")
    formula = line.formula("formula", names, scope, condition=False)
    by = line.text("by")
    if by and names.get(by, "") not in scope.columns:
        near = nearest(by, list(names)) or listed(sorted(scope.columns))
        line.fault("plan_unknown_field", "by", value=by, near=near)
        return None
    if not name or formula is None:
        return None
    return Measure(view, name, label, formula, names.get(by, ""), line.text("format") or "0")


def published_figures(tables: Tables, faults: Faults, plan: Plan) -> tuple[Published, ...]:
    """The table `published`: the figure as printed, and its number with the decimals that were printed."""
    known_views, known_periods = by_id(plan.views), by_id(plan.periods)
    written = {(one.text("view"), one.text("id")) for one in lines(tables, "measures", faults)}
    found = []
    for line in lines(tables, "published", faults):
        view = line.known("view", known_views, "plan_unknown_view")
        period = line.known("period", known_periods, "plan_unknown_period", needed=False)
        measures = by_id(view.measures) if view else {}
        unread = line.text("measure") not in measures and (line.text("view"), line.text("measure")) in written
        measure = line.known("measure", measures, "plan_unknown_measure") if view and not unread else None
        printed = line.need("value")
        if view is None or measure is None or not printed:
            continue
        read = _printed(printed, measure.format, typed=not isinstance(line.row.cells["value"], str))
        if read is None:
            line.fault("plan_not_number", "value", value=printed)
            continue
        value, decimals = read
        group = line.text("group")
        found.append(
            Published(
                view.id,
                measure.id,
                group,
                period.id if period else "",
                printed,
                value,
                decimals,
                line.row.number,
            )
        )
    return tuple(found)


def _printed(text: str, shape: str, *, typed: bool) -> tuple[float, int] | None:
    """The number and its decimals: `60%` is 0.6 with two. A cell typed as a number has its measure's decimals."""
    sign = text.strip().replace("％", "%").replace(",", "")
    percent = sign.endswith("%")
    digits = sign.rstrip("%").strip()
    try:
        value = float(digits)
    except ValueError:
        return None
    if typed and shape.endswith("%"):
        return value, 2 + len(shape.rstrip("%").partition(".")[2])
    decimals = len(digits.partition(".")[2])
    return (value / 100, decimals + 2) if percent else (value, decimals)
