"""The next step of a round, in one sentence, with the command that does it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from xlplan.language.codes import CatalogueEnum
from xlplan.language.messages import text
from xlplan.model.item import Period


class StepKind(CatalogueEnum, section="status.next"):
    """What is to be done next.

    The round is issued for the first time, or again; what came in is received; those never issued are issued;
    workbooks and reminders are sent; answers are waited for; the office enters its own part; the summary is made; the
    round is closed; the plan is rolled over to the next period; nothing, as a later round has begun.
    """

    ISSUE = "issue", "period"
    ISSUE_AGAIN = "issue_again", "count"
    RECEIVE = "receive", "count"
    ISSUE_REST = "issue_rest", "count"
    SEND = "send", "count"
    WAIT = "wait", "count"
    ENTER = "enter", "count"
    CONSOLIDATE = "consolidate", "period"
    CLOSE = "close", "period"
    ROLL_OVER = "roll_over", "period"
    NOTHING = "nothing", "period"


_COMMANDS: Mapping[StepKind, str] = {
    StepKind.ISSUE: "xlplan issue --period {id}",
    StepKind.ISSUE_AGAIN: "xlplan issue --period {id}",
    StepKind.RECEIVE: "xlplan receive --period {id}",
    StepKind.ISSUE_REST: "xlplan issue --period {id}",
    StepKind.SEND: "xlplan receive --period {id}",
    StepKind.WAIT: "xlplan receive --period {id}",
    StepKind.ENTER: "xlplan issue --office --period {id}",
    StepKind.CONSOLIDATE: "xlplan consolidate --period {id}",
    StepKind.CLOSE: "xlplan close --period {id}",
    StepKind.ROLL_OVER: "xlplan rollover --to {id}",
    StepKind.NOTHING: "xlplan status",
}
"""What is typed; where answers are waited for, once they have come."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """The next step.

    Attributes:
        kind: What is to be done.
        command: The command that does it.
        params: What its sentence takes.
    """

    kind: StepKind
    command: str
    params: Mapping[str, object] = field(default_factory=dict)

    def sentence(self, language: str) -> str:
        """It in words, in `language`."""
        return text(self.kind.catalogue_key, language, **self.kind.picked(self.params))


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """What the next step of a round follows from.

    Attributes:
        period: The round.
        begun: Whether it was issued.
        changed: How many departments the changed plan asks something else.
        inbox: How many files lie in the inbox that were not received.
        never_issued: How many departments that are asked were not issued a workbook.
        sending: To how many departments something is to be sent.
        waiting: Of how many an answer is waited for.
        entering: How many values the office has yet to enter.
        summarised: Whether the summary rests on what counts now.
        closed: Whether the round is closed.
        following: The period after it.
        rolled_over: Whether the plan was rolled over to that.
        over: Whether a later round has begun.
    """

    period: Period
    begun: bool = True
    changed: int = 0
    inbox: int = 0
    never_issued: int = 0
    sending: int = 0
    waiting: int = 0
    entering: int = 0
    summarised: bool = False
    closed: bool = False
    following: Period | None = None
    rolled_over: bool = False
    over: bool = False


def next_step(facts: RoundFacts) -> NextStep:
    """The next step of a round: the first of these that is open."""
    if not facts.begun:
        return _step(StepKind.ISSUE, facts.period)
    if facts.closed:
        if facts.over or facts.following is None:
            return _step(StepKind.NOTHING, facts.period)
        return _step(StepKind.ISSUE if facts.rolled_over else StepKind.ROLL_OVER, facts.following)
    counted = (
        (StepKind.ISSUE_AGAIN, facts.changed),
        (StepKind.RECEIVE, facts.inbox),
        (StepKind.ISSUE_REST, facts.never_issued),
        (StepKind.SEND, facts.sending),
        (StepKind.WAIT, facts.waiting),
        (StepKind.ENTER, facts.entering),
    )
    for kind, count in counted:
        if count:
            return _step(kind, facts.period, count)
    return _step(StepKind.CLOSE if facts.summarised else StepKind.CONSOLIDATE, facts.period)


def _step(kind: StepKind, period: Period, count: int = 0) -> NextStep:
    return NextStep(
        kind,
        _COMMANDS[kind].format(id=period.id),
        {"period": period.label or period.id, "count": count},
    )
