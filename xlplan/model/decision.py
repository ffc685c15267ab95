"""A decision: what the office decided and why; append-only. And what a round fixed when it was closed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from xlplan.language.codes import CatalogueEnum
from xlplan.model.record import Value


class DecisionKind(CatalogueEnum, section="summary.decisions"):
    """What was decided.

    The round was closed; a department let off its answer; a value corrected; rows of the plan's tables corrected; the
    plan rolled over to the period after the round; a value entered that the office fills after the answers; a finding
    allowed to stand; an acceptance taken back; the attempt named that counts; a department given longer; something
    remarked; a return sent back by the office; the returns of a round judged anew; an earlier decision taken back.
    """

    CLOSE = "close"
    EXCUSE = "excuse"
    CORRECT = "correct"
    CORRECT_PLAN = "correct_plan"
    ROLL_OVER = "roll_over"
    ENTER = "enter"
    ALLOW = "allow"
    REOPEN = "reopen"
    COUNT = "count"
    EXTEND = "extend"
    REMARK = "remark"
    SEND_BACK = "send_back"
    REJUDGE = "rejudge"
    UNDO = "undo"


CORRECTING = (DecisionKind.CORRECT, DecisionKind.CORRECT_PLAN, DecisionKind.ENTER)
"""The decisions that change what a closed round has fixed, as its next version."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision.

    Attributes:
        period: Id of the round.
        made_at: When.
        made_by: Who: the system's user, or whoever the office named.
        kind: What was decided.
        target: What it is about, by name: ids and values.
        reason: Why, in the office's words.
        number: Its number in the ledger, from 1; 0 before it is recorded.
        takes_back: The number of the decision that it takes back; 0 for none.
    """

    period: str
    made_at: datetime
    made_by: str
    kind: DecisionKind
    target: Mapping[str, Value] = field(default_factory=dict)
    reason: str = ""
    number: int = 0
    takes_back: int = 0


@dataclass(frozen=True, slots=True)
class KeptFigure:
    """A figure as it was when its round was closed; ids and values.

    Attributes:
        view: Id of its view.
        measure: Id of its measure.
        group: The key of its group; empty where there is none, or that of the blank rows.
        period: Id of its period; empty for the whole plan.
        value: What it came to; None where it had no value.
        total: Whether it is of all groups.
    """

    view: str
    measure: str
    group: str | float
    period: str
    value: float | str | bool | None
    total: bool = False

    @property
    def name(self) -> tuple[str, str, str | float, str, bool]:
        """By which it is known again."""
        return self.view, self.measure, self.group, self.period, self.total


@dataclass(frozen=True, slots=True)
class Publication:
    """What was fixed when a round was closed, or after that by a correction. The latest version of a round counts.

    Attributes:
        period: Id of the round.
        version: From 1.
        made_at: When.
        made_by: Who.
        folder: Where its files are, relative to the workspace.
        files: Their hashes by name.
        edition: The hash of the edition on which it rests.
        returns: The hashes of the returns that counted, by department id.
        figures: Every figure of it.
        decision: The number of the decision that made it.
    """

    period: str
    version: int
    made_at: datetime
    made_by: str
    folder: str
    files: Mapping[str, str]
    edition: str
    returns: Mapping[str, str]
    figures: tuple[KeptFigure, ...]
    decision: int
