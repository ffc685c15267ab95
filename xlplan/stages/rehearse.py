"""Rehearse: the rules as they stand, tried on the answers of an earlier round. Nothing is recorded.

Whatever is asked in the round or in a later period is asked here: a rule that is to apply from next year on is tried on
this year's answers.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

from xlplan.form.issuing import rows_of
from xlplan.language.errors import ErrorKey, UsageError
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding
from xlplan.model.form import Choice, Field, Form, Rule
from xlplan.model.issue import IssuedRow
from xlplan.model.item import Department, Period
from xlplan.model.plan import Plan
from xlplan.model.record import Record
from xlplan.model.submission import RecordRow
from xlplan.model.then import Then
from xlplan.stages.define import existing_ledger, usable
from xlplan.stages.later import records_now
from xlplan.stages.years import Years
from xlplan.store.workspace import Workspace
from xlplan.validate.recorded import Answers, Row, judge_records
from xlplan.validate.trial import Trial, tried


@dataclass(frozen=True, slots=True)
class RehearsedRule:
    """What a rule says.

    Attributes:
        rule: The rule.
        form: Its form.
        answers: How many answers it was asked of.
        fired: The findings that it would give, each at its cell in the return.
        trial: A row on which it fires and one on which it does not, if there are such.
    """

    rule: Rule
    form: Form
    answers: int
    fired: tuple[Finding, ...]
    trial: Trial

    @property
    def never_fires(self) -> bool:
        """Whether no row was found on which it fires."""
        return self.trial.broken is None

    @property
    def always_fires(self) -> bool:
        """Whether no row was found on which it is asked and does not fire."""
        return self.trial.good is None


@dataclass(frozen=True, slots=True)
class RehearseResult:
    """What the rules say of a round's answers.

    Attributes:
        plan: The plan as its tables have it, with those answers.
        period: The round.
        departments: Of how many departments answers were accepted in it.
        rules: What each rule says, in the order of the plan.
        left_out: The rules that look at what the office fills in after the answers, which were not tried.
    """

    plan: Plan
    period: Period
    departments: int
    rules: tuple[RehearsedRule, ...]
    left_out: tuple[Rule, ...] = ()

    @property
    def fine(self) -> bool:
        """Whether each rule fires on some row and on some does not."""
        return not any(found.never_fires or found.always_fires for found in self.rules)


def rehearse(space: Workspace, period: str | None = None, *, rules: Iterable[str] = ()) -> RehearseResult:
    """Judge the accepted answers of a round by the rules as the plan's tables have them now.

    Args:
        space: The folder of the plan.
        period: The round: an id, a label, or a fiscal year. The last with an accepted answer where None; where there is
            none the last that was issued, else the plan's last.
        rules: The ids of the rules that are wanted; all where there are none.

    Raises:
        UsageError: no such period or rule.
    """
    definition = usable(space)
    with existing_ledger(space) or nullcontext() as ledger:
        years = Years(definition, ledger)
        current = years.likely_round(period) if period else _last_answered(years)
        known = _Rehearsing(years, current)
        wanted = _rules_named(known.plan, rules)
        return known.result(wanted)


def _last_answered(years: Years) -> Period:
    """The last round of which an answer was accepted; where there is none, the one that is likely meant."""
    for known in reversed(years.periods):
        if known.id in years.begun and any(_accepted(years, known)):
            return years.likely_round(known.id)
    return years.likely_round(None)


def _accepted(years: Years, period: Period) -> Sequence[Record]:
    """The records of a round that came of accepted answers."""
    if period.id not in years.begun:
        return ()
    return [
        record
        for record in years.answered_in(period).plan.records
        if record.period == period.id and record.attempt
    ]


def _rules_named(plan: Plan, names: Iterable[str]) -> frozenset[str]:
    """The ids of the rules that are wanted; none where all are.

    Raises:
        UsageError: there is no such rule.
    """
    known = [rule.id for form in plan.forms for rule in form.rules]
    wanted = frozenset(names)
    for name in sorted(wanted - set(known)):
        raise UsageError(ErrorKey.UNKNOWN_RULE, rule=name, known=" / ".join(known))
    return wanted


_Spanned = TypeVar("_Spanned", Form, Field, Choice, Rule)


class _Rehearsing:
    """One run: the plan as it stands, with the answers of earlier rounds among its records."""

    def __init__(self, years: Years, period: Period) -> None:
        self.years, self.period = years, period
        self.plan = self._with_answers(_from(years.plan, period))

    def _with_answers(self, plan: Plan) -> Plan:
        """The plan with the records of all rounds up to this one, under its own ids.

        Raises:
            UsageError: its tables have the round no more.
        """
        if plan.period(self.period.id) is None:
            raise UsageError(
                ErrorKey.UNKNOWN_PERIOD, period=self.period.id, known=" / ".join(self.years.order)
            )
        records = list(plan.records)
        for known in plan.periods_until(self.period):
            if known.id in self.years.begun:
                then = Then(self.years.answered_in(known).plan, known, (plan,))
                records = [record for record in records if record.period != known.id] + list(
                    records_now(then)
                )
        return replace(plan, records=tuple(records))

    @cached_property
    def asked(self) -> Plan:
        """The plan as departments are asked it."""
        return self.plan.asked_in(self.period)

    @cached_property
    def batch(self) -> tuple[Answers, ...]:
        """The accepted answers of each department."""
        found = []
        for department in self.plan.answering(self.period):
            rows = rows_of(self.plan, self.period, department)
            own = {row.item for asked in rows.values() for row in asked}
            records = tuple(
                RecordRow(
                    record.form, record.item if record.item in own else "", record.values, *record.source[1:]
                )
                for record in self._records(department, own)
            )
            if records:
                found.append(Answers(department.id, records, rows))
        return tuple(found)

    def _records(self, department: Department, own: set[str]) -> Iterable[Record]:
        """The answers about a department's items, and the rows that it added."""
        for record in self.plan.records:
            if record.period == self.period.id and record.attempt:
                form = self.asked.form(record.form)
                if form and (record.department == department.id if form.is_open else record.item in own):
                    yield record

    def result(self, wanted: frozenset[str]) -> RehearseResult:
        """What the rules say; `wanted` are the ids of those that are asked, all where there are none."""
        judged = judge_records(self.plan, self.period, self.batch)
        fired: dict[tuple[str, str], list[Finding]] = {}
        for finding in (finding for found in judged for finding in found):
            if finding.code in (FindingCode.RULE, FindingCode.UNDECIDED):
                fired.setdefault((finding.form, finding.rule), []).append(finding)
        found, known = [], set[tuple[str, str]]()
        for form in self.asked.forms:
            rows = self._rows(form)
            for rule in form.rules:
                known.add((form.id, rule.id))
                if not wanted or rule.id in wanted:
                    trial = tried(self.asked, form, self.period, rule, rows or self._blank(form))
                    found.append(
                        RehearsedRule(rule, form, len(rows), tuple(fired.get((form.id, rule.id), ())), trial)
                    )
        left = tuple(
            rule
            for form in self.plan.forms
            for rule in form.rules
            if (form.id, rule.id) not in known and (not wanted or rule.id in wanted)
        )
        return RehearseResult(self.plan, self.period, len(self.batch), tuple(found), left)

    def _rows(self, form: Form) -> list[Row]:
        """The answers to a form, each with what was asked."""
        found = []
        for answers in self.batch:
            asked: Mapping[str, IssuedRow] = {row.item: row for row in answers.rows.get(form.id, ())}
            for record in answers.records:
                row = IssuedRow(record.item, {}, {}) if form.is_open else asked.get(record.item)
                if record.form == form.id and row is not None:
                    found.append(Row(answers.department, row, record.values))
        return found

    def _blank(self, form: Form) -> list[Row]:
        """A row of each department without an answer, where there is none of anybody."""
        return [
            Row(department.id, row, {})
            for department in self.plan.answering(self.period)
            for row in rows_of(self.plan, self.period, department).get(form.id, ())[:1]
        ]


def _from(plan: Plan, period: Period) -> Plan:
    """The plan with all that it asks in a period or in any later one."""
    later = plan.periods[plan.position(period.id) :] if plan.period(period.id) else plan.periods

    def running(nouns: Iterable[_Spanned]) -> tuple[_Spanned, ...]:
        return tuple(
            replace(noun, from_period="", to_period="")
            for noun in nouns
            if any(plan.in_force(noun, known) for known in later)
        )

    forms = tuple(
        replace(form, fields=running(form.fields), rules=running(form.rules)) for form in running(plan.forms)
    )
    lists = {name: running(choices) for name, choices in plan.lists.items()}
    return replace(plan, forms=forms, lists=lists)
