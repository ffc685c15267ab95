"""Views with their measures, and figures already in print."""

import re
from collections.abc import Mapping
from dataclasses import replace
from math import log10

from xlplan.definition.lines import Faults, Line, by_id, circle, lines, listed, unique
from xlplan.definition.naming import check_sheet_name, periods_meant
from xlplan.definition.options import Known, options
from xlplan.definition.scopes import Lists, measure_names
from xlplan.definition.specs import Tables, said_column, word_meant
from xlplan.fields.amounts import read_amount
from xlplan.fields.formats import is_known
from xlplan.fields.table import type_of
from xlplan.formula.codes import FormulaCode
from xlplan.formula.scope import Scope, Shape
from xlplan.formula.tree import Node
from xlplan.language.messages import text
from xlplan.language.text import fold, nearest, plain
from xlplan.model.form import Form
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.model.plancodes import PlanCode
from xlplan.model.view import Measure, Published, View, ViewKind

_RANGE_LAST = ("SUMIF", "AVERAGEIF")
_OF_AMOUNTS = (
    "SUM",
    "SUMIFS",
    "AVERAGE",
    "AVERAGEIFS",
    "MIN",
    "MAX",
    "MINIFS",
    "MAXIFS",
    "MEDIAN",
    *_RANGE_LAST,
)
"""The functions whose result is an amount as their first range has it, or their last."""
_WITH_UNIT = re.compile(
    r"\s*(?P<number>[-+−△▲]?[0-9０-９][0-9０-９,，.．]*)\s*(?P<unit>[^\W\d_]\D{0,7})\s*", re.DOTALL
)

_MONEY = re.compile(r"[£$€]|\b(?:gbp|usd|eur|pounds?|dollars?|euros?)|[0-9](?:k|bn)\b", re.IGNORECASE)
_DIGITS = re.compile(r"[0-9][0-9,]*(?:\.(?P<decimals>[0-9]+))?")


def views(tables: Tables, faults: Faults, known: Known, lists: Lists) -> tuple[View, ...]:
    """The tables `views` and `measures`.

    Args:
        tables: the tables as read.
        faults: where what is wrong with them is collected.
        known: the forms, items and periods that a view may name.
        lists: the plan's lists of choices, by name.

    Returns:
        The views in the order of their table, each with its measures.
    """
    found: dict[str, tuple[Line, Form | None]] = {}
    seen: dict[str, int] = {}
    titles: dict[str, int] = {}
    for line in lines(tables, "views", faults):
        name, title = line.need("id"), line.need("title")
        form = line.known("form", known.forms, PlanCode.UNKNOWN_FORM, needed=False)
        check_sheet_name(line, "title", title)
        unique(line, "title", title, titles)
        if name and unique(line, "id", name, seen):
            found[name] = (line, form or next(iter(known.forms.values()), None))
    forms = {name: form for name, (_, form) in found.items()}
    names = {view: measure_names(form, lists, tuple(known.items.values())) for view, form in forms.items()}
    measures = _measures(tables, faults, names, forms)
    return tuple(
        View(
            id=name,
            title=line.text("title"),
            kind=ViewKind(line.word("kind", "list")),
            form=form.id if form else "",
            measures=measures[name],
            options=options(line, form, known),
        )
        for name, (line, form) in found.items()
    )


def _measures(
    tables: Tables,
    faults: Faults,
    known: Mapping[str, tuple[dict[str, str], Scope]],
    forms: Mapping[str, Form | None],
) -> Mapping[str, tuple[Measure, ...]]:
    """The table `measures`, by view; `known` are the names that each view's measures may use, `forms` its form."""
    shapes = {view: _shapes(tables, view, names) for view, (names, _) in known.items()}
    found: dict[str, dict[str, tuple[Line, Measure]]] = {view: {} for view in known}
    ids: dict[str, int] = {}
    for line in lines(tables, "measures", faults):
        if line.known("view", known, PlanCode.UNKNOWN_VIEW) is None:
            continue
        view = line.text("view")
        names, scope = known[view]
        measure = _measure(line, names, replace(scope, measures=shapes[view]), forms[view])
        if measure and unique(line, "id", f"{view}/{measure.id}", ids):
            found[view][measure.id] = line, measure
    for mine in found.values():
        _no_circles(mine)
    return {view: tuple(measure for _, measure in mine.values()) for view, mine in found.items()}


def _shapes(tables: Tables, view: str, names: Mapping[str, str]) -> Mapping[str, Shape]:
    """How each measure of a view is laid out; what is wrong with it is told when the measure itself is read."""
    return {
        line.text("id"): _shape(line, names)
        for line in lines(tables, "measures", Faults())
        if line.text("view") == view
    }


def _shape(line: Line, names: Mapping[str, str]) -> Shape:
    by, total = line.text("by"), line.text("total")
    meant = word_meant("yes_no", total) if total else "no"
    return Shape(names.get(by) if by else "", None if meant is None else meant == "yes")


def _no_circles(mine: Mapping[str, tuple[Line, Measure]]) -> None:
    """Measures must not refer to each other in a circle: a sheet could not work it out."""
    needs = {name: set(measure.formula.measures) for name, (_, measure) in mine.items()}
    reported: set[str] = set()
    for name, (line, _) in mine.items():
        path = circle(name, needs)
        if path and not reported.intersection(path):
            line.fault(FormulaCode.MEASURE_CIRCLE, "formula", names=" → ".join(path))
            reported.update(path)


def _measure(line: Line, names: Mapping[str, str], scope: Scope, form: Form | None) -> Measure | None:
    """A measure over `form`, its names resolved; `scope` knows its columns and the other measures of its view."""
    name, label = line.need("id"), line.need("label")
    shape = _shape(line, names)
    total = line.word("total", "no") == "yes"
    formula = line.formula("formula", names, replace(scope, shape=shape), condition=False)
    if shape.by is None:
        near = nearest(line.text("by"), list(names))
        said = said_column(near, names) if near else listed(sorted(scope.columns))
        line.fault(PlanCode.UNKNOWN_FIELD, "by", value=line.text("by"), near=said)
        return None
    if not name or formula is None:
        return None
    code = line.text("format")
    if code and not is_known(code):
        line.fault(PlanCode.FORMAT_UNKNOWN, "format", value=code)
    return Measure(
        line.text("view"), name, label, formula, shape.by, code or _summed(formula.tree, form) or "0", total
    )


def _summed(node: Node, form: Form | None) -> str:
    """The format of the field that a formula sums, averages or picks from; empty where it has none of its own."""
    if node.kind == "binary" and node.value in ("+", "-"):
        formats = {_summed(part, form) for part in node.children}
        return formats.pop() if len(formats) == 1 else ""
    if node.kind != "function" or node.value not in _OF_AMOUNTS or not node.children:
        return ""
    part = node.children[2 if node.value in _RANGE_LAST and len(node.children) > 2 else 0]
    field = form.by_id.get(str(part.value)) if form and part.kind == "whole" else None
    return type_of(field).own_format(field) if field else ""


def published_figures(tables: Tables, faults: Faults, plan: Plan) -> tuple[Published, ...]:
    """The table `published`: each figure as printed, and its number with the decimals that were printed.

    Args:
        tables: the tables as read.
        faults: where what is wrong with them is collected.
        plan: everything but the figures in print.

    Returns:
        The figures that could be read, in the order of the table.
    """
    known_views = by_id(plan.views)
    written = {(line.text("view"), line.text("id")) for line in lines(tables, "measures", faults)}
    found = []
    for line in lines(tables, "published", faults):
        view = line.known("view", known_views, PlanCode.UNKNOWN_VIEW)
        period = _period(line, plan)
        measures = by_id(view.measures) if view else {}
        unread = line.text("measure") not in measures and (line.text("view"), line.text("measure")) in written
        measure = line.known("measure", measures, PlanCode.UNKNOWN_MEASURE) if view and not unread else None
        printed = line.need("value")
        if view is None or measure is None or not printed:
            continue
        read = _printed(printed, measure.format, typed=not isinstance(line.row.cells["value"], str))
        if read is None and (read := _money_printed(printed)):
            line.read_as("value", f"{read[0]:,}")
        if read is None:
            _not_a_number(line, printed)
            continue
        group = line.text("group")
        if group:
            _known_group(line, plan, view, measure)
        of = period.id if period else ""
        found.append(Published(view.id, measure.id, group, of, printed, *read, line.row.number))
    return tuple(found)


def _not_a_number(line: Line, printed: str) -> None:
    """A fault of a figure that is none; where only a unit keeps it from being one, that is said."""
    found = _WITH_UNIT.fullmatch(printed)
    if found:
        number, unit = found["number"], found["unit"]
        line.fault(PlanCode.NUMBER_UNIT, "value", value=printed, number=number, unit=unit)
    else:
        line.fault(PlanCode.NOT_NUMBER, "value", value=printed)


def _known_group(line: Line, plan: Plan, view: View, measure: Measure) -> None:
    """A fault of a figure whose measure has no such group. What only answers will bring is let pass."""
    if not measure.by:
        line.fault(PlanCode.PUBLISHED_NO_GROUP, "group", value=line.text("group"), label=measure.label)
        return
    groups = _groups(plan, view, measure.by)
    if fold(line.text("group")) == fold(text("summary.statistics.blank", plan.language)):
        return
    if groups and fold(line.text("group")) not in map(fold, groups):
        near = nearest(line.text("group"), groups) or listed(groups)
        line.fault(
            PlanCode.PUBLISHED_GROUP, "group", value=line.text("group"), label=measure.label, near=near
        )


def _groups(plan: Plan, view: View, by: str) -> list[str]:
    """Every group that a measure can have, empty where the plan cannot know."""
    form = plan.form(view.form)
    field = form.by_id.get(by) if form else None
    if field is not None:
        return [choice.value for choice in plan.lists.get(field.list, ())]
    if by == "period":
        return [name for period in plan.periods for name in (period.label, period.id)]
    if by == "department":
        return [department.name for department in plan.departments]
    found = (item.id if by == "item" else item.shown(by) for item in plan.items)
    return list(dict.fromkeys(filter(None, found)))


def _period(line: Line, plan: Plan) -> Period | None:
    """The period of a printed figure: by id or label, or a year that lies in one period only, which is told."""
    written = line.text("period")
    meant = periods_meant(written, plan.periods, plan.years) if written else ()
    if len(meant) > 1:
        line.fault(
            PlanCode.PERIOD_UNCLEAR, "period", value=written, near=listed(period.id for period in meant)
        )
    elif not meant:
        return line.known("period", by_id(plan.periods), PlanCode.UNKNOWN_PERIOD, needed=False)
    elif written != meant[0].id:
        line.read_as("period", meant[0].id)
    return None if len(meant) > 1 else meant[0]


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


def _money_printed(text: str) -> tuple[float, int] | None:
    """The number of an amount of money and its decimals, below 0 where it is rounded: £4.3m has -5."""
    spoken = plain(text)
    found = _DIGITS.search(spoken) if _MONEY.search(spoken) else None
    value = read_amount(text, text, "", whole=False).value if found else None
    if found is None or not isinstance(value, int | float):
        return None
    digits = float(found[0].replace(",", ""))
    zeros = round(log10(abs(value) / digits)) if value else 0
    return value, len(found["decimals"] or "") - zeros
