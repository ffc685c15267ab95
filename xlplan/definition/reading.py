"""The definition of a plan: its tables read into the nouns of `xlplan.model`, every fault at its own cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from xlplan.definition.choices import choice_lists
from xlplan.definition.figures import published_figures, views
from xlplan.definition.forms import forms
from xlplan.definition.identity import look_over_force
from xlplan.definition.lines import Faults, Line, lines, need_lines, unique
from xlplan.definition.naming import record_column
from xlplan.definition.office import with_office
from xlplan.definition.options import Known
from xlplan.definition.people import departments, items, look_over_people, plan_language, settings
from xlplan.definition.periods import look_over_periods, periods
from xlplan.definition.proposals import look_over_proposals
from xlplan.definition.records import look_over_records, records
from xlplan.definition.specs import Tables, cell_text, word_meant
from xlplan.definition.tables import read_tables
from xlplan.fields.table import holds_free_text
from xlplan.formula.excel import MAX_CELL_TEXT
from xlplan.language.codes import Code, Severity
from xlplan.language.errors import DefinitionError, ErrorKey
from xlplan.language.messages import text
from xlplan.language.privacy import PersonalKind, signs
from xlplan.language.remarks import is_ditto, is_elsewhere
from xlplan.language.text import fold, is_writable, units
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding, discreet, has_errors
from xlplan.model.plan import Plan
from xlplan.model.plancodes import PlanCode


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
        """The plan.

        Raises:
            PlanError: there is none; it names the first fault.
        """
        if self.plan is not None:
            return self.plan
        errors = [finding for finding in self.findings if finding.severity is Severity.ERROR]
        first = errors[0]
        where = " ".join(part for part in (first.file, first.sheet, first.cell) if part)
        raise PlanError(first, count=len(errors), where=where)


def read_definition(path: Path) -> Definition:
    """Read and check a definition. Faults of its tables are findings.

    Args:
        path: a workbook, or a folder of CSV files.

    Raises:
        FileError: `path` cannot be read.
        DefinitionError: it is no definition at all.
    """
    return define(path, read_tables(path))


def define(path: Path, tables: Tables) -> Definition:
    """The definition that tables make, wherever they come from; `path` is what it is called by."""
    faults = Faults(list(tables.findings))
    if not tables.whole:
        return Definition(path, tables, None, tuple(faults.findings), plan_language(tables))
    about = settings(tables, faults)
    for name in ("periods", "departments", "items", "forms", "fields"):
        need_lines(tables, name, faults)
    the_periods = periods(tables, faults, about["calendar"], about["fiscal_year_start"])
    the_departments = departments(tables, faults, the_periods)
    the_items = items(tables, faults, the_periods, the_departments)
    the_lists = choice_lists(tables, faults, the_periods)
    the_forms = forms(tables, faults, the_lists, the_periods, the_items)
    plan = Plan(
        **about,
        periods=the_periods,
        departments=the_departments,
        items=the_items,
        forms=the_forms,
        lists=the_lists,
        views=views(tables, faults, Known.of(the_forms, the_items, the_periods), the_lists),
        handling=_handling(tables, faults),
    )
    plan = replace(plan, records=records(tables, faults, plan))
    plan = plan.with_published(published_figures(tables, faults, plan))
    plan = with_office(tables, faults, plan)
    _look_over(tables, faults, plan)
    broken = has_errors(faults.findings)
    findings = _each_cell_once(tables, faults.findings)
    return Definition(path, tables, None if broken else plan, findings, plan.language)


def _handling(tables: Tables, faults: Faults) -> Mapping[Code, Severity]:
    """The severity of each finding that the plan names."""
    found: dict[Code, Severity] = {}
    seen: dict[str, int] = {}
    for line in lines(tables, "handling", faults):
        line.need("finding")
        code = line.word("finding", "")
        line.need("severity")
        severity = line.word("severity", "")
        meant = word_meant("handling", severity)
        if unique(line, "finding", code, seen) and code and meant:
            found[FindingCode(code)] = Severity(meant)
    return found


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
    unread = {
        (finding.file, finding.sheet, finding.cell) for finding in tables.findings if finding.code in _UNREAD
    }
    days = {
        (finding.file, finding.sheet)
        for finding in tables.findings
        if finding.code == PlanCode.ID_DAY and finding.params["name"] == "id"
    }
    lost = {
        code
        for code, name in _NAMED.items()
        if (table := tables.tables.get(name)) and (table.file, table.sheet) in days
    }
    return tuple(
        finding
        for finding in findings
        if finding.code in _UNREAD
        or (finding.code not in lost and (finding.file, finding.sheet, finding.cell) not in unread)
    )


# --- the plan's own texts --------------------------------------------------------------------------

_ITEM_TEXTS = ("title", "summary")
_PERSONAL_CODES = {
    PersonalKind.PERSONAL_NUMBER: PlanCode.PERSONAL_NUMBER,
    PersonalKind.CARD_NUMBER: PlanCode.CARD_NUMBER,
    PersonalKind.MAIL_ADDRESS: PlanCode.MAIL_ADDRESS,
    PersonalKind.MOBILE_NUMBER: PlanCode.MOBILE_NUMBER,
}


def _look_over_texts(tables: Tables, faults: Faults, plan: Plan) -> None:
    """Collect what is wrong with the texts of all tables."""
    for name in tables.tables:
        for line in lines(tables, name, faults):
            _check_cells(line)
    for line in lines(tables, "items", faults):
        for column in (*_ITEM_TEXTS, *(plan.items[0].extra if plan.items else ())):
            _check_personal(line, column)
    columns = _free_text_columns(tables, plan)
    for line in lines(tables, "records", faults):
        for column in columns.get(line.text("form"), ()):
            _check_personal(line, column)


def _free_text_columns(tables: Tables, plan: Plan) -> Mapping[str, tuple[str, ...]]:
    """By form, the columns of `records` in which sentences stand."""
    table = tables.tables.get("records")
    if table is None:
        return {}
    return {
        form.id: tuple(
            filter(None, (record_column(table, field) for field in form.fields if holds_free_text(field)))
        )
        for form in plan.forms
    }


def _check_cells(line: Line) -> None:
    """Faults of cells that hold what no sheet can show."""
    for column, raw in line.row.cells.items():
        if not isinstance(raw, str):
            continue
        if not is_writable(raw):
            line.fault(PlanCode.UNWRITABLE, column)
        if (length := units(cell_text(raw))) > MAX_CELL_TEXT:
            line.fault(PlanCode.TEXT_TOO_LONG, column, length=length, limit=MAX_CELL_TEXT)


def _check_personal(line: Line, column: str) -> None:
    """A warning for each kind of number or address that belongs to a person, shown masked."""
    written = line.text(column)
    for kind in dict.fromkeys(sign.kind for sign in signs(written)):
        found = line.table.finding(_PERSONAL_CODES[kind], line.row.number, column, written)
        line.faults.findings.append(discreet(found))


def _look_over(tables: Tables, faults: Faults, plan: Plan) -> None:
    """What only the whole plan shows."""
    _same_titles(tables, faults)
    _spelled_otherwise(tables, faults)
    look_over_people(tables, faults, plan)
    look_over_periods(tables, faults, plan)
    look_over_force(tables, faults, plan)
    _look_over_texts(tables, faults, plan)
    look_over_records(tables, faults, plan)
    look_over_proposals(tables, faults, plan)


def _same_titles(tables: Tables, faults: Faults) -> None:
    """Findings where nobody can tell two items apart in the summary, or what one repeats or points at."""
    seen: dict[str, Line] = {}
    for line in lines(tables, "items", faults):
        title = line.text("title")
        for column in ("goal", "group", "title"):
            if is_ditto(value := line.text(column)):
                line.fault(PlanCode.DITTO, column, value=value)
            elif is_elsewhere(value):
                line.fault(PlanCode.ELSEWHERE, column, value=value)
        key = "\n".join(fold(name) for name in (line.text("goal"), line.text("group"), title))
        if title and key in seen:
            line.fault(PlanCode.SAME_TITLE, "title", value=title, row=seen[key].row.number)
        seen.setdefault(key, line)


def _spelled_otherwise(tables: Tables, faults: Faults) -> None:
    """Findings where a goal, a group or a word of a further column is spelled in two ways."""
    seen: dict[tuple[str, str], tuple[str, int]] = {}
    for line in lines(tables, "items", faults):
        further = [column for column in line.table.headers if column not in line.table.spec.columns]
        for column in ("goal", "group", *further):
            value = line.text(column)
            other, row = seen.setdefault((column, fold(value)), (value, line.row.number))
            if value != other:
                line.fault(PlanCode.SPELLED_OTHERWISE, column, value=value, other=other, row=row)
