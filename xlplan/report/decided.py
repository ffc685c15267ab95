"""What the office decided, in words: which kind of decision, and what it is about."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from xlplan.language.messages import spaced, text
from xlplan.language.privacy import masked
from xlplan.model.correction import Correction, correction_of, plan_corrections_of
from xlplan.model.decision import Decision, DecisionKind
from xlplan.model.plan import Plan
from xlplan.report.shown import corrected_cell, department_name

_TOLD: Mapping[str, str] = {
    "attempt": "status.decision.attempt",
    "number": "status.decision.finding",
    "item": "status.decision.item",
    "due": "status.decision.due",
}
"""What is told of a decision's target by its name, with the key of how."""
_AT_ONCE = (DecisionKind.ENTER, DecisionKind.CORRECT, DecisionKind.CORRECT_PLAN)
"""What one run may decide value by value."""


@dataclass(frozen=True, slots=True)
class Decided:
    """Decisions that one run made for one reason, which are told together.

    Attributes:
        decisions: The decisions, in the order of their numbers; at least one.
        taken_back: Whether they hold no more.
    """

    decisions: tuple[Decision, ...]
    taken_back: bool = False

    @property
    def first(self) -> Decision:
        """The first of them: its moment, person and reason are those of all."""
        return self.decisions[0]


def told_together(decisions: Sequence[Decision]) -> tuple[Decided, ...]:
    """The decisions of a ledger as they are told: values that one run entered or corrected together.

    Args:
        decisions: All of them, in the order of their numbers, those that were taken back included.
    """
    gone = {decision.takes_back for decision in decisions}
    found: dict[tuple[object, ...], list[Decision]] = {}
    for decision in decisions:
        taken_back = decision.number in gone
        run = (
            decision.period,
            decision.made_at,
            decision.made_by,
            decision.kind,
            decision.reason,
            taken_back,
        )
        alone = () if decision.kind in _AT_ONCE else (decision.number,)
        found.setdefault((*run, *alone), []).append(decision)
    return tuple(Decided(tuple(made), made[0].number in gone) for made in found.values())


def what_words(plan: Plan, decided: Decided) -> str:
    """What decisions are about, in the plan's language; of several the first, and how many others there are."""
    said = [words for decision in decided.decisions for words in _what(plan, decision)]
    if len(said) <= 1:
        return "".join(said)
    return text("status.decision.more", plan.language, what=said[0], count=len(said) - 1)


def _what(plan: Plan, decision: Decision) -> Iterator[str]:
    """What one decision is about: each value, or the department, its attempt, the decision that it takes back."""
    if decision.kind in (DecisionKind.CORRECT, DecisionKind.ENTER):
        yield _changed(plan, correction_of(decision))
        return
    if decision.kind is DecisionKind.CORRECT_PLAN:
        for correction in plan_corrections_of(decision):
            yield _changed(plan, correction)
        return
    name = department_name(plan, str(decision.target.get("department") or ""))
    yield spaced((name, *about_words(plan, decision, plan.language)), plan.language)


def about_words(plan: Plan, decision: Decision, language: str) -> Iterator[str]:
    """What a `decision` of a `plan` is about beside its department, in a `language`: attempt, finding, item, day."""
    target = decision.target
    for name, key in _TOLD.items():
        if value := target.get(name):
            yield text(key, language, value=value)
    if until := target.get("to"):
        last = plan.period(str(until))
        yield text("status.decision.until", language, value=last.label if last else until)
    if decision.takes_back:
        yield text("status.decision.of_number", language, value=decision.takes_back)


def _changed(plan: Plan, correction: Correction) -> str:
    """A value that was corrected or entered: where, what stood there, what does now; numbers of persons are masked."""
    cell, language = corrected_cell(plan, correction), plan.language
    blank = text("status.decision.blank", language)
    words = {"old": masked(cell.old) or blank, "new": masked(cell.new) or blank}
    return text("status.decision.changed", language, what=cell.what, heading=cell.heading, **words)
