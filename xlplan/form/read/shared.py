"""A workbook that several departments share: which of its sheets are those of the department that is wanted."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from xlplan.form.read.headings import Headings
from xlplan.form.read.workbook import OpenReturn, missing_form, read_form
from xlplan.language.text import fold
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding
from xlplan.model.issue import Stamp
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.model.submission import ReturnedForm


def wanted_items(plan: Plan, stamp: Stamp | None) -> frozenset[str]:
    """The folded ids of the items of the department in a stamp; none without a stamp."""
    period: Period | None = plan.period(stamp.period) if stamp else None
    if stamp is None or period is None:
        return frozenset()
    return frozenset(fold(one.id) for one in plan.items_of(period, stamp.department))


def lent(
    opened: OpenReturn,
    headings: Sequence[Headings],
    assumed: Stamp | None,
    items: Collection[str],
    asked: Collection[str],
) -> OpenReturn | None:
    """The form of another department, as the return of the wanted one, where a sheet in it holds its items only.

    Any of its items will do where the other department is not among those that are `asked` any more.
    """
    stamp = opened.stamp
    if assumed is None or not opened.stamped or stamp.department == assumed.department:
        return None
    if (stamp.plan, stamp.period) != (assumed.plan, assumed.period):
        return None
    own = replace(opened, stamp=assumed, stamped=False)
    for one in headings:
        found = None if one.layout.form.is_open else read_form(own, one, items)
        least = len(found.rows) if isinstance(found, ReturnedForm) and stamp.department in asked else 1
        if isinstance(found, ReturnedForm) and 0 < least <= _own_rows(found, items):
            return own
    return None


def own_forms(
    opened: OpenReturn, headings: Sequence[Headings], items: Collection[str], *, is_lent: bool
) -> list[ReturnedForm | Finding]:
    """Each form, from the sheet that holds most of these items; a sheet of nothing but others' items is not read.

    In the form of another department a sheet of blank rows is that department's. Where no sheet holds any of the
    items, all are as they stand: who named the department may be wrong.
    """
    found = [read_form(opened, one, items) for one in headings]
    is_open = {one.layout.form.id: one.layout.form.is_open for one in headings}
    if not any(isinstance(one, ReturnedForm) and _own_rows(one, items) for one in found):
        return found
    return [
        missing_form(heading)
        if isinstance(one, ReturnedForm) and not _is_own(one, items, is_open, is_lent=is_lent)
        else one
        for heading, one in zip(headings, found, strict=True)
    ]


def told_of_lent(found: Stamp, assumed: Stamp, plan: Plan) -> Finding:
    """The warning at a return that was taken out of another department's form."""
    owners = (plan.department(one.department) for one in (found, assumed))
    names = [one.name if one else "" for one in owners]
    params = {"found": names[0] or found.department, "department": names[1] or assumed.department}
    return Finding(FindingCode.STAMP_OF_OTHER, params=params)


def _is_own(
    form: ReturnedForm, items: Collection[str], is_open: Mapping[str, bool], *, is_lent: bool
) -> bool:
    if is_open[form.form]:
        return not is_lent
    return not form.rows or _own_rows(form, items) > 0


def _own_rows(form: ReturnedForm, items: Collection[str]) -> int:
    return sum(fold(row.item) in items for row in form.rows)
