"""Lint: everything wrong with the plan's tables, by themselves and beside what the ledger knows of the last round."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, partial

from xlplan.definition.edition import tables_text
from xlplan.definition.identity import look_over_spelling
from xlplan.definition.lines import Faults, nearest_id
from xlplan.definition.reading import Definition
from xlplan.definition.specs import cell_text
from xlplan.fields.spellings import choice_meant
from xlplan.language.errors import ErrorKey, LedgerError
from xlplan.language.messages import LANGUAGES, Spoken, text
from xlplan.language.text import fold, nearest
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding, has_errors
from xlplan.model.form import Field, FilledBy, Form
from xlplan.model.item import Department, Item, Period
from xlplan.model.past import Spanned
from xlplan.model.plan import Plan
from xlplan.model.plancodes import PlanCode
from xlplan.model.record import Record
from xlplan.model.then import Then
from xlplan.stages.define import existing_ledger, read
from xlplan.stages.years import Years
from xlplan.store.workspace import Workspace

_ITEM, _OWNER, _FORM = PlanCode.ITEM_VANISHED, PlanCode.DEPARTMENT_VANISHED, PlanCode.FORM_VANISHED
_FIELD, _CHOICE = PlanCode.FIELD_VANISHED, PlanCode.CHOICE_VANISHED


def lint(space: Workspace) -> Definition:
    """Read the plan's tables and tell everything that is wrong with them, and who has them open.

    Where anything was issued, also what of the last round is in them no more although answers stand under its id.

    Raises:
        UsageError: there is no plan in the folder, or two.
        FileError: they cannot be read; `plan_being_saved` where that is because they are being saved just now.
        DefinitionError: the tables cannot be read at all.
        LedgerError: another run holds the ledger for long.
    """
    found = read(space)
    if found.plan is None:
        return found
    faults = Faults([])
    try:
        _look_beside(space, found, faults)
    except LedgerError as fault:  # what is wrong with it is told by whatever works on it
        if fault.key is ErrorKey.LEDGER_LOCKED:
            raise
    plan = None if has_errors(faults.findings) else found.plan
    return replace(found, plan=plan, findings=(*found.findings, *faults.findings))


def closed_dues(plan: Plan, period: Period, dues: Iterable[date]) -> tuple[Finding, ...]:
    """What is told of days due on which the office is closed.

    Args:
        plan: The plan, which knows the working days.
        period: The round.
        dues: The days due.
    """
    return tuple(
        Finding(FindingCode.DUE_CLOSED, period=period.id, params=_of_closed(plan, due))
        for due in sorted(dues)
        if not plan.workdays.is_open(due)
    )


def _of_closed(plan: Plan, due: date) -> dict[str, object]:
    later = plan.workdays.next_open(due)
    reasons = (plan.workdays.closed_for(due, language) for language in LANGUAGES)
    usual = (text("signs.weekend", language) for language in LANGUAGES)
    reason = Spoken(*(said or weekend for said, weekend in zip(reasons, usual, strict=True)))
    return {"due": due.isoformat(), "reason": reason, "next": later.isoformat()}


def _look_beside(space: Workspace, found: Definition, faults: Faults) -> None:
    """Collect what is wrong with the tables beside what the ledger knows; of a plan never issued, by themselves.

    Raises:
        LedgerError: it is locked or damaged.
    """
    ledger = existing_ledger(space)
    if ledger is None:
        look_over_spelling(found.tables, faults, ())
        return
    with ledger:
        _beside_last_round(Years(found, ledger), faults)


def _beside_last_round(years: Years, faults: Faults) -> None:
    """Collect what is wrong with the tables beside those of the last round."""
    known = [period for period in years.periods if period.id in years.begun and period.id in years.kept]
    if not known:
        look_over_spelling(years.now.tables, faults, ())
        return
    last = known[-1]
    if last.id not in years.closed:
        dues = {issued.due for issued in years.need_ledger().issued(last.id).values() if issued.due}
        faults.findings += closed_dues(years.plan, last, dues)
    if years.kept[last.id].tables == tables_text(years.now.tables):
        return
    then = Then(years.base(last, over=True), last, (years.plan,))
    faults.findings += _Vanished(years, then).findings()
    names = {fold(name) for item in then.plan.items for name in (item.goal, item.group) if name}
    look_over_spelling(years.now.tables, faults, names)


@dataclass(frozen=True, slots=True)
class _Lost:
    """What the last round had and the plan has no more.

    Attributes:
        code: What is told of it.
        table: The table in which it stood.
        id: Its id, of a choice the word.
        title: What it is called, or what else says where it stood: the parameters of the sentence.
        counts: Whether a record hangs on it.
        likely: What it may be now: what the table has, by id with what that is called.
        known: The ids that the last round had: those are others.
        within: The column and the cell that say in which form or list it stands now; none for the others.
    """

    code: PlanCode
    table: str
    id: str
    title: Mapping[str, str]
    counts: Callable[[Record], bool]
    likely: Mapping[str, str]
    known: Collection[str]
    within: tuple[str, str] = ("", "")

    @property
    def near(self) -> str:
        """The likeliest id that it has now; empty where there is none."""
        fresh = {name: title for name, title in self.likely.items() if name not in self.known}
        titles, title = {title: name for name, title in fresh.items()}, self.title.get("title", self.id)
        found = titles.get(nearest(title, list(titles))) or nearest_id(self.id, list(fresh))
        return found or (next(iter(fresh)) if len(fresh) == 1 else "")


@dataclass(frozen=True)
class _Vanished:
    """What the last round had, and the plan has no more."""

    years: Years
    then: Then

    def findings(self) -> Iterator[Finding]:
        """One for each id on which answers hang, and that the plan neither has nor ends nor names as a former one."""
        for lost in (*self._nouns(), *self._fields()):
            if count := sum(lost.counts(record) for record in self._answers):
                yield self._told(lost, count)

    @cached_property
    def _answers(self) -> Sequence[Record]:
        """What was answered up to the last round, under its ids."""
        return [record for record in self._answered.records if record.attempt]

    @cached_property
    def _answered(self) -> Plan:
        return self.years.answered_in(self.then.period).plan

    def _nouns(self) -> Iterator[_Lost]:
        plan, then, now = self.then.plan, self.then, self.years.plan
        of_now = {
            "items": {item.id: item.title for item in now.items},
            "departments": {department.id: department.name for department in now.departments},
            "forms": {form.id: form.title for form in now.forms},
        }
        nouns: Sequence[tuple[PlanCode, str, Item | Department | Form, str, str]] = (
            *((_ITEM, "items", item, item.title, then.item_now(item.id)) for item in plan.items),
            *(
                (_OWNER, "departments", each, each.name, then.department_now(each.id))
                for each in plan.departments
            ),
            *((_FORM, "forms", form, form.title, then.form_id_now(form)) for form in plan.forms),
        )
        known = {table: {noun.id for _, where, noun, *_ in nouns if where == table} for table in of_now}
        for code, table, noun, title, name in nouns:
            if name not in of_now[table] and not self._ended(noun):
                counts = partial(self._hangs, table, noun.id)
                yield _Lost(code, table, noun.id, {"title": title}, counts, of_now[table], known[table])

    def _hangs(self, table: str, name: str, record: Record) -> bool:
        """Whether a record is about an item, of a department's or in a form, by the table and the id."""
        match table:
            case "items":
                return record.item == name
            case "forms":
                return record.form == name
        plan = self._answered
        period = plan.period(record.period)
        item = plan.item_in(period, record.item) if period else None
        return name == (record.department or (item.department if item else ""))

    def _fields(self) -> Iterator[_Lost]:
        """Fields of forms that go on, and words of their choices: those that somebody filled."""
        seen: set[tuple[str, str]] = set()
        for form in self.then.plan.forms:
            now = self.then.form_now(form)
            for field in form.fields if now else ():
                if field.filled_by is FilledBy.FORMULA:
                    continue
                kept = self.then.field_now(form, field)
                if now and kept is None and not self._ended(field):
                    likely = {each.id: each.label for each in now.fields}
                    title = {"title": field.label, "form": form.id}
                    counts = partial(_holds, form.id, field.id, None)
                    within = ("form", now.id)
                    yield _Lost(_FIELD, "fields", field.id, title, counts, likely, form.by_id, within)
                elif kept and field.list and kept.list and not field.names_item and not kept.names_item:
                    yield from self._choices(form, field, kept, seen)

    def _choices(self, form: Form, field: Field, kept: Field, seen: set[tuple[str, str]]) -> Iterator[_Lost]:
        """The words that a field had and no choice of the list is read as any more; each word of a list once."""
        choices, before = self.years.plan.lists.get(kept.list, ()), self.then.plan.lists.get(field.list, ())
        words = {choice.value for choice in before}
        for choice in before:
            lost = choice_meant(choice.value, choices).fault and not self._ended(choice)
            counts = partial(_holds, form.id, field.id, choice.value)
            if lost and (kept.list, choice.value) not in seen and any(map(counts, self._answers)):
                seen.add((kept.list, choice.value))
                likely = {each.value: each.value for each in choices}
                title, within = {"name": kept.list}, ("list", kept.list)
                yield _Lost(_CHOICE, "choices", choice.value, title, counts, likely, words, within)

    def _ended(self, noun: Spanned) -> bool:
        """Whether it had ended by the last round, or with that, if the round is over."""
        if not noun.to_period:
            return False
        plan, last = self.then.plan, self.then.period
        at, end = plan.position(last.id), plan.position(noun.to_period)
        return end < at or (end == at and self.years.is_frozen(last.id))

    def _told(self, lost: _Lost, count: int) -> Finding:
        """The finding, at the cell in which the former id, or the other word, is to be written."""
        table = self.years.now.tables.tables[lost.table]
        near = lost.near
        column = "value" if lost.table == "choices" else "id"
        where, wanted = lost.within
        rows = (row for row in table.rows if cell_text(row.cells.get(where)) == wanted)
        row = next((row for row in rows if near and cell_text(row.cells.get(column)) == near), None)
        target = {"choices": "aliases"}.get(lost.table, "formerly") if row else column
        title = f"{near} {lost.likely[near]}" if near and lost.likely[near] != near else near
        params = {**lost.title, "value": lost.id, "count": count, "period": self.then.period.label}
        perhaps = (text("signs.perhaps", language, near=title) for language in LANGUAGES)
        params["near"] = Spoken(*perhaps) if title else ""
        return table.finding(lost.code, row.number if row else table.header_row, target, lost.id, **params)


def _holds(form: str, field: str, value: str | None, record: Record) -> bool:
    """Whether a record of a form has a value in a field: that one, or any where it is None."""
    held = record.values.get(field) if record.form == form else None
    return held is not None and value in (None, held)
