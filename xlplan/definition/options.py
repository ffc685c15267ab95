"""The options of a view, `name=value|name=value`: each held against what its kind of view takes."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from xlplan.definition.lines import Line, by_id, listed, split
from xlplan.definition.specs import word_meant
from xlplan.language.text import nearest
from xlplan.model.form import Form
from xlplan.model.item import Item, Period
from xlplan.model.plancodes import PlanCode
from xlplan.model.view import ViewKind

OPTIONS: Mapping[str, Mapping[str, str]] = {
    "progress": {"text": "fields", "rows": "fields"},
    "status": {
        "cells": "field",
        "lines": "open_form",
        "line": "line_fields",
        "breaks": "items",
        "heading": "words",
    },
    "statistics": {},
    "schedule": {"cells": "field", "periods": "periods", "text": "fields"},
    "list": {},
}
"""The options of each kind of view, with what each takes: ids, separated by commas, or words."""

_ONE_ROW_AN_ITEM = (ViewKind.PROGRESS, ViewKind.STATUS, ViewKind.SCHEDULE)
"""The kinds of view that look up each item's row of a period."""
_EQUALS, _COMMAS = re.compile("[=＝]"), re.compile("[,，、]")


@dataclass(frozen=True, slots=True)
class Known:
    """What options may name, by id."""

    forms: Mapping[str, Form]
    items: Mapping[str, Item]
    periods: Mapping[str, Period]

    @classmethod
    def of(cls, forms: Iterable[Form], items: Iterable[Item], periods: Iterable[Period]) -> "Known":
        """These nouns, by id.

        Args:
            forms: the plan's forms.
            items: its items.
            periods: its periods.

        Returns:
            What options of this plan may name.
        """
        return cls(by_id(forms), by_id(items), by_id(periods))


def options(line: Line, form: Form | None, known: Known) -> Mapping[str, str]:
    """The options of one view.

    Nothing is said of them where the kind of view is not known, nor of its fields where the form is not.

    Args:
        line: the view's line of the table `views`.
        form: the view's form; None where it has none that is known.
        known: what the options may name.

    Returns:
        The value of each option by its name, lists of ids as `id,id`.
    """
    kind = word_meant("kind", line.text("kind"))
    if kind is None:
        return {}
    if line.text("form") and line.text("form") not in known.forms:
        form = None
    if form and form.is_open and ViewKind(kind) in _ONE_ROW_AN_ITEM:
        line.fault(PlanCode.VIEW_OPEN, "form", value=form.id, kind=line.text("kind"))
        return {}
    given = _given(line, kind)
    lines_form = _open_form(line, given["lines"], known) if "lines" in given else None
    if "line" in given and "lines" not in given:
        line.fault(PlanCode.OPTION_ALONE, "options", value="line", other="lines")
    return {
        name: _meant(line, (kind, name), value, (form, lines_form), known) for name, value in given.items()
    }


def _meant(
    line: Line, option: tuple[str, str], value: str, forms: tuple[Form | None, Form | None], known: Known
) -> str:
    """The value of one option (of this kind of view, by name), ids for what it names in the view's or lines' form."""
    kind, name = option
    form, lines_form = forms
    match OPTIONS[kind][name]:
        case "field":
            found = _fields(line, value, form)
            if "," in found:
                line.fault(PlanCode.OPTION_ONE, "options", value=value, name=name)
            return found
        case "fields":
            return _fields(line, value, form)
        case "line_fields":
            return _fields(line, value, lines_form)
        case "items":
            return _ids(line, value, dict(zip(known.items, known.items, strict=True)), PlanCode.UNKNOWN_ITEM)
        case "periods":
            return _ids(
                line, value, dict(zip(known.periods, known.periods, strict=True)), PlanCode.UNKNOWN_PERIOD
            )
        case _:
            return value


def _given(line: Line, kind: str) -> Mapping[str, str]:
    """The options that are written as they should be and that this kind of view has."""
    taken = OPTIONS[kind]
    found: dict[str, str] = {}
    for part in split(line.text("options")):
        name, *rest = (side.strip() for side in _EQUALS.split(part, maxsplit=1))
        if not rest or not rest[0]:
            line.fault(PlanCode.OPTION, "options", value=part)
        elif not taken:
            line.fault(PlanCode.OPTION_NONE, "options", value=name, kind=line.text("kind"))
        elif name not in taken:
            near = nearest(name, list(taken)) or listed(taken)
            line.fault(PlanCode.OPTION_UNKNOWN, "options", value=name, kind=line.text("kind"), near=near)
        elif name in found:
            line.fault(PlanCode.OPTION_AGAIN, "options", value=name)
        else:
            found[name] = rest[0]
    return found


def _open_form(line: Line, value: str, known: Known) -> Form | None:
    """The form of the option `lines`: one to which departments add rows about an item."""
    may = {name: form for name, form in known.forms.items() if form.item_field}
    if value in may:
        return may[value]
    if value in known.forms:
        line.fault(PlanCode.OPTION_FORM, "options", value=value, near=listed(may) or "–")
    else:
        near = nearest(value, list(may)) or listed(may or known.forms)
        line.fault(PlanCode.UNKNOWN_FORM, "options", value=value, near=near)
    return None


def _fields(line: Line, value: str, form: Form | None) -> str:
    """Fields of a form, by id or label, as ids. Nothing is said where the form itself is at fault."""
    if form is None:
        return ""
    names = {field.label: field.id for field in form.fields} | {field.id: field.id for field in form.fields}
    return _ids(line, value, names, PlanCode.UNKNOWN_FIELD)


def _ids(line: Line, value: str, names: Mapping[str, str], code: PlanCode) -> str:
    """The ids that `value` lists by their names."""
    found = []
    for wanted in filter(None, map(str.strip, _COMMAS.split(value))):
        if wanted in names:
            found.append(names[wanted])
        else:
            near = nearest(wanted, list(names)) or listed(dict.fromkeys(names.values()))
            line.fault(code, "options", value=wanted, near=near)
    return ",".join(found)
