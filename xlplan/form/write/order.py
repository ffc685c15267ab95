"""What a workbook for a department is to hold: the argument of `xlplan.form.write.workbook.form_workbook`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from xlplan.form.layout.columns import Column, ColumnKind
from xlplan.form.layout.entry import EntryLayout, stamping
from xlplan.form.layout.stamps import Stamping
from xlplan.language.codes import Code, Severity
from xlplan.language.eras import date_label
from xlplan.language.messages import text
from xlplan.language.text import tidy
from xlplan.model.afterwards import OFFICE
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding
from xlplan.model.form import Choice
from xlplan.model.issue import AllowedCell, IssuedRow, Stamp
from xlplan.model.item import Department, Period
from xlplan.model.plan import Plan
from xlplan.model.progress import Compared
from xlplan.model.submission import Leftover

_WEEKDAYS = {"ja": "月火水木金土日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}

Values = Mapping[tuple[str, str, str], object]
"""Answers by form id, item and field id: the converted value, or what was typed where it cannot be read."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a department answered when it was asked before, to be filled in when it is asked again.

    `leftovers` is what has no place in the form any more. `done`: the answer was accepted and still counts. `own` is
    false where all of it was said by departments whose items these were.
    """

    values: Values
    respondent: str = ""
    approver: str = ""
    leftovers: Sequence[Leftover] = ()
    done: bool = False
    own: bool = True


@dataclass(frozen=True, slots=True)
class Again:
    """What is not as it was when the form was issued before in the same round: in words, and item by item."""

    changed: Sequence[str] = ()
    items: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class SentBack:
    """What a department answered and what is wrong with it.

    `leftovers` is what had no place in the form. `mended_from` names the file whose values these are, where the
    workbook is no return sent back but a damaged one mended. `words` are the office's own, where it has some.
    `compared` is what became of the findings of the return that was sent back before, where one was.
    """

    attempt: int
    values: Values
    findings: Sequence[Finding]
    respondent: str = ""
    approver: str = ""
    leftovers: Sequence[Leftover] = ()
    mended_from: str = ""
    words: str = ""
    compared: Compared | None = None

    @property
    def has_findings(self) -> bool:
        """Whether there is anything to list: not where the office alone sends a return back, with its own words."""
        resolved = self.compared.resolved if self.compared else ()
        return bool(self.findings or resolved or not self.words)

    @property
    def missing(self) -> int:
        """How many of the errors are cells without an answer."""
        return sum(finding.is_missing and not finding.allowed for finding in self.findings)

    def count(self, severity: Severity) -> int:
        """How many findings are of this severity."""
        return sum(finding.severity is severity for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Order:
    """One workbook to write. Without a department it is the blank standard form; `rows` are by form id.

    `sent_back` is a return that goes back, `given` what is already known of one that is issued again, `again` what
    has changed since it was issued before, where it was, `allowed` are the cells at which findings may stand. With
    `preview` it is only to be looked at, and says so.
    """

    plan: Plan
    period: Period
    department: Department | None
    rows: Mapping[str, tuple[IssuedRow, ...]]
    stamp: Stamp
    created: datetime
    due: date | None = None
    sent_back: SentBack | None = None
    changes: Sequence[str] = field(default=())
    given: Given | None = None
    again: Again | None = None
    allowed: tuple[AllowedCell, ...] = ()
    preview: bool = False

    @property
    def is_of_office(self) -> bool:
        """Whether it is the office's own workbook."""
        return self.department is not None and self.department.id == OFFICE

    @property
    def answers(self) -> Given:
        """What stands in the cells that the department fills."""
        sent = self.sent_back
        if sent:
            return Given(sent.values, sent.respondent, sent.approver, sent.leftovers)
        return self.given or Given({})

    @property
    def owner(self) -> str:
        """Who stands at the head of the sheets: the department, or the words in its place."""
        if self.department:
            return self.department.name
        return text("artefacts.blank.department", self.plan.language)

    def layout(self, form_id: str) -> EntryLayout:
        """The geometry of one of the order's sheets.

        Raises:
            KeyError: The plan has no form of this id.
        """
        form = self.plan.form(form_id)
        if form is None:
            raise KeyError(form_id)
        return EntryLayout(form, self.plan, self.period, len(self.rows[form_id]))

    def layouts(self) -> tuple[EntryLayout, ...]:
        """The geometry of every entry sheet, in the plan's order."""
        return tuple(self.layout(form.id) for form in self.plan.forms)

    def stamps(self) -> Stamping:
        """The geometry of the hidden sheet."""
        return stamping(self.plan.forms, self.lists, self.plan, self.period)

    @property
    def lists(self) -> Mapping[str, tuple[Choice, ...]]:
        """The lists of choices: the plan's, and where a form asks for items, those of the department."""
        own = self.department.id if self.department else ""
        return self.plan.lists_for(self.plan.items_of(self.period, own))


def locate(layout: EntryLayout, rows: Mapping[str, int], finding: Finding) -> tuple[int, Column] | None:
    """Where a finding stands in a fresh sheet.

    Args:
        layout: Where things stand on the sheet.
        rows: The row of each item or open row, by its id; 1-based.
        finding: What was found.

    Returns:
        The row of its item and the column of its field, the item's own where it has none. None where the finding is
        about another form, or about no row of the sheet.
    """
    if finding.form != layout.form.id or finding.item not in rows:
        return None
    field = layout.form.by_id.get(finding.field)
    column = layout.field_column(field) if field else layout.column(ColumnKind.ITEM, "item")
    return rows[finding.item], column


HERE: Mapping[Code, str] = {
    FindingCode.CELL_TOO_LONG: "artefacts.here.cell_too_long",
    FindingCode.SHEET_MISSING: "artefacts.here.sheet_missing",
    FindingCode.HEADER_MISSING: "artefacts.here.header_missing",
    FindingCode.COLUMN_MISSING: "artefacts.here.column_missing",
    FindingCode.ITEM_MISSING: "artefacts.here.item_missing",
    FindingCode.COLUMN_RENAMED: "artefacts.here.column_renamed",
}
"""What to do instead where the workbook that is sent back has put it right already."""


def kind_of(finding: Finding, language: str) -> str:
    """What kind of finding it is, by the words of the banner."""
    key = finding.kind_key
    if finding.is_missing and not finding.allowed:
        key = "artefacts.severity.missing"
    return text(key, language)


def allowed_because(reason: str, language: str) -> str:
    """That a finding is allowed, and the office's `reason`, on one line."""
    return text("artefacts.entry.note_allowed", language, reason=tidy(" ".join(reason.split())))


def remedy_here(finding: Finding, language: str) -> str:
    """What to do about a finding, for those who have the workbook before them into which it is written.

    Nothing where the office allows it: then why it does.
    """
    if finding.allowed:
        return allowed_because(finding.allowed.reason, language)
    key = HERE.get(finding.code)
    return text(key, language) if key else finding.remedy(language)


def due_words(plan: Plan, day: date | None) -> str:
    """How a workbook says by which `day` the answer is asked for, in the words of the `plan`."""
    if day is None:
        return text("artefacts.guide.due_none", plan.language)
    label = date_label(day, plan.calendar, plan.language)
    weekday = _WEEKDAYS[plan.language][day.weekday()]
    return text("artefacts.guide.due_day", plan.language, day=label, weekday=weekday)
