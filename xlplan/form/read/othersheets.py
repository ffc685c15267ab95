"""The sheets of a return that were not issued: copies of an entry sheet, and what the department added."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from python_calamine import CalamineError

from xlplan.form.read.headings import Headings
from xlplan.form.read.workbook import OpenReturn, added_sheets, read_sheet, titles_of
from xlplan.language.codes import Severity
from xlplan.language.text import is_blank
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding, listed
from xlplan.model.submission import ReturnedForm

Answers = Mapping[str, Mapping[str, object]]
"""By item, what the department wrote, by field id."""


def other_sheets(
    opened: OpenReturn, headings: Sequence[Headings], forms: Sequence[ReturnedForm], *, named: bool = False
) -> Iterator[Finding]:
    """What is told of the sheets that were not read as one of the plan's forms, but for those of other forms.

    `named`: the office has said whose return it takes out of the workbook, so that other departments' sheets in it
    are no fault.
    """
    read = {one.sheet for one in forms}
    plan = headings[0].layout.plan
    added = []
    shared = False
    passed = [title for title in titles_of(opened, plan) if title in opened.book.sheet_names]
    for name in (*passed, *added_sheets(opened, plan)):
        if name in read:
            continue
        found = _copy(opened, headings, forms, name)
        if name in passed and (found is None or found.code != FindingCode.SHEET_OF_OTHERS):
            continue
        if found and named and found.code == FindingCode.SHEET_OF_OTHERS:
            found = replace(found, severity=Severity.WARNING)
            shared = not opened.stamped
        if found is None:
            added.append(name)
        else:
            yield found
    if shared:
        yield from _whose(opened, headings, forms)
    if added:
        params = {"sheets": tuple(added)}
        yield Finding(
            FindingCode.SHEETS_ADDED,
            plan.severity_of(FindingCode.SHEETS_ADDED),
            sheet=added[0],
            params=params,
        )


def _whose(
    opened: OpenReturn, headings: Sequence[Headings], forms: Sequence[ReturnedForm]
) -> Iterator[Finding]:
    """The warnings of sheets of blank rows in a workbook of several departments: no item says whose they are."""
    is_open = {one.layout.form.id: one for one in headings if one.layout.form.is_open}
    owner = headings[0].layout.plan.department(opened.stamp.department)
    for one in forms:
        if one.form in is_open and any(_answers(one, is_open[one.form]).values()):
            params = {"sheet": one.sheet, "department": owner.name if owner else opened.stamp.department}
            yield Finding(FindingCode.SHEET_WHOSE, form=one.form, sheet=one.sheet, params=params)


def _copy(
    opened: OpenReturn, headings: Sequence[Headings], forms: Sequence[ReturnedForm], name: str
) -> Finding | None:
    """The finding of a sheet that is a copy of an entry sheet; None where it is something else."""
    by_form = {one.form: one for one in forms}
    for one in headings:
        taken = by_form.get(one.layout.form.id)
        if taken is None:
            continue
        try:
            copy = read_sheet(opened, one, name)
        except CalamineError:  # whatever it is, it is no answer
            return None
        if copy is None:
            continue
        answers, read = _answers(copy, one), _answers(taken, one)
        others = [item for item, said in answers.items() if said and item not in read]
        if others and not one.layout.form.is_open:
            params = {"sheet": taken.sheet, "copy": name, "items": listed(others)}
            return Finding(FindingCode.SHEET_OF_OTHERS, form=taken.form, sheet=name, params=params)
        same = not any(answers.values()) or answers == read
        code = FindingCode.SHEET_COPIED if same else FindingCode.SHEET_TWICE
        severity = one.layout.plan.severity_of(code)
        params = {"sheet": taken.sheet, "copy": name}
        return Finding(code, severity, form=taken.form, sheet=name, params=params)
    return None


def _answers(form: ReturnedForm, headings: Headings) -> Answers:
    entered = {one.id for one in headings.layout.form.entered}
    return {
        f"{row.item}/{row.row}" if headings.layout.form.is_open else row.item: {
            name: value
            for name, value in zip(form.columns, row.values, strict=True)
            if name in entered and not is_blank(value)
        }
        for row in form.rows
    }
