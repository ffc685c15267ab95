"""The definition of a plan: its tables read into the nouns of `xlplan.model`, every fault at its own cell."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from xlplan.definition.choices import choice_lists
from xlplan.definition.figures import published_figures, views
from xlplan.definition.forms import forms
from xlplan.definition.handling import handling
from xlplan.definition.lines import Faults, need_lines
from xlplan.definition.options import Known
from xlplan.definition.overall import look_over
from xlplan.definition.people import departments, items, periods, plan_language, settings
from xlplan.definition.records import records
from xlplan.definition.tables import Tables, read_tables
from xlplan.language.errors import DefinitionError, ErrorKey
from xlplan.language.messages import text
from xlplan.model.codes import PlanCode
from xlplan.model.finding import Finding, Severity, has_errors
from xlplan.model.plan import Plan


class PlanError(DefinitionError):
    """The tables hold errors; the one line names the first."""

    def __init__(self, first: Finding, **params: object) -> None:
        self.first = first
        super().__init__(ErrorKey.PLAN_HAS_ERRORS, **params)

    def message(self, language: str) -> str:
        """The line, with the first finding in the same language."""
        return text("errors.plan_has_errors", language, **self.params, first=self.first.message(language))


@dataclass(frozen=True, slots=True)
class Definition:
    """A definition as read. `plan` is None where an error stands in the way of building one.

    `language` is the plan's as far as its tables say it, empty where there is no table of settings.
    """

    path: Path
    tables: Tables
    plan: Plan | None
    findings: tuple[Finding, ...]
    language: str

    def usable(self) -> Plan:
        """The plan. Raises DefinitionError, naming the first fault, where there is none."""
        if self.plan is not None:
            return self.plan
        errors = [one for one in self.findings if one.severity is Severity.ERROR]
        first = errors[0]
        where = " ".join(part for part in (first.file, first.sheet, first.cell) if part)
        raise PlanError(first, count=len(errors), where=where)


def read_definition(path: Path) -> Definition:
    """Read and check the definition at `path`, a workbook or a folder of CSV files.

    Faults of the tables are findings. Raises FileError or DefinitionError where `path` cannot be read at all.
    """
    tables = read_tables(path)
    faults = Faults(list(tables.findings))
    if not tables.whole:
        return Definition(path, tables, None, tuple(faults.findings), plan_language(tables))
    for name in ("periods", "departments", "items", "forms", "fields"):
        need_lines(tables, name, faults)
    about = settings(tables, faults)
    the_periods = periods(tables, faults, about["calendar"])
    the_departments = departments(tables, faults, the_periods)
    the_items = items(tables, faults, the_periods, the_departments)
    lists = choice_lists(tables, faults)
    the_forms = forms(tables, faults, lists, the_periods, the_items)
    plan = Plan(
        **about,
        periods=the_periods,
        departments=the_departments,
        items=the_items,
        forms=the_forms,
        lists=lists,
        views=views(tables, faults, Known.of(the_forms, the_items, the_periods), lists),
        handling=handling(tables, faults),
    )
    plan = replace(plan, records=records(tables, faults, plan))
    plan = plan.with_published(published_figures(tables, faults, plan))
    look_over(tables, faults, plan)
    broken = has_errors(faults.findings)
    findings = _each_cell_once(tables, faults.findings)
    return Definition(path, tables, None if broken else plan, findings, plan.language)


_UNREAD = (PlanCode.ERROR_VALUE, PlanCode.FORMULA_CELL, PlanCode.FORMULA_UNSAVED, PlanCode.ID_DAY)
"""Faults of cells whose value is not known: whatever else is found at them follows from that."""

_NAMED = {
    PlanCode.UNKNOWN_ITEM: "items",
    PlanCode.UNKNOWN_DEPARTMENT: "departments",
    PlanCode.UNKNOWN_PERIOD: "periods",
    PlanCode.UNKNOWN_FORM: "forms",
}
"""Faults of a name that a table does not have, with the table: of one whose own ids are dates they say nothing."""


def _each_cell_once(tables: Tables, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    unread = {(one.file, one.sheet, one.cell) for one in tables.findings if one.code in _UNREAD}
    days = {
        (one.file, one.sheet)
        for one in tables.findings
        if one.code == PlanCode.ID_DAY and one.params["name"] == "id"
    }
    lost = {
        code
        for code, name in _NAMED.items()
        if (table := tables.tables.get(name)) and (table.file, table.sheet) in days
    }
    return tuple(
        one
        for one in findings
        if one.code in _UNREAD or (one.code not in lost and (one.file, one.sheet, one.cell) not in unread)
    )
