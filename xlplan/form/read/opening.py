"""One file from its bytes: looked at for safety, then opened and read. Judges nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from xlplan.form.layout.entry import PEOPLE, EntryLayout
from xlplan.form.layout.words import BookWords
from xlplan.form.read.age import saved_at
from xlplan.form.read.beside import beside_guide
from xlplan.form.read.child import confined, hurry
from xlplan.form.read.headings import Headings
from xlplan.form.read.locked import unlocked
from xlplan.form.read.oldbook import is_unsound
from xlplan.form.read.othersheets import other_sheets
from xlplan.form.read.shared import lent, own_forms, told_of_lent, wanted_items
from xlplan.form.read.workbook import Guide, OpenReturn, open_return, read_guide, read_others
from xlplan.language.messages import text
from xlplan.language.text import fold
from xlplan.model.codes import FindingCode, SafetyCode
from xlplan.model.finding import Finding, given_away
from xlplan.model.issue import Stamp
from xlplan.model.item import ITEM_COLUMNS, Item, Period
from xlplan.model.plan import Plan
from xlplan.model.submission import ReturnedForm, Submission
from xlplan.spreadsheet.safety.inspection import Clearance, FileKind, inspect
from xlplan.spreadsheet.safety.limits import RefusedError
from xlplan.store.files import sha256

UNMEASURED_SECONDS = 30.0
"""How long a file may take whose sizes could not be seen beforehand."""
MAYBE_LOCKED = (SafetyCode.PASSWORD, SafetyCode.DAMAGED)
"""What is said of an encrypted .xlsx, and of an .xls, in which the fast reader does not see that it is encrypted."""


@dataclass(frozen=True, slots=True)
class Opener:
    """What is needed to read the returns of a plan: light enough to be sent to another process."""

    plan: Plan
    headings: Mapping[tuple[str, str], Headings]
    assumed: Stamp | None = None
    items: frozenset[str] = frozenset()
    """The items of the department in the stamp that is assumed: that of two sheets which holds them is its own."""

    asked: frozenset[str] = frozenset()
    """The departments that answer in the period of that stamp."""

    @classmethod
    def of(cls, plan: Plan, assumed: Stamp | None = None) -> "Opener":
        """The opener of a plan: its forms' columns hang on its items only by which of their columns are shown.

        A workbook without a stamp is read as if it had the one that is `assumed`, if its sheets are the plan's; so is
        another department's form with a sheet of the items of the department that is assumed.
        """
        light = replace(plan, items=_samples(plan), records=(), published=())
        headings = {
            (period.id, form.id): Headings.of(EntryLayout(form, light, period, 0))
            for period in light.periods
            for form in light.forms
        }
        period = plan.period(assumed.period) if assumed else None
        asked = frozenset(one.id for one in plan.answering(period)) if period else frozenset()
        return cls(light, headings, assumed, wanted_items(plan, assumed), asked)

    def open_alone(self, name: str, data: bytes) -> Submission | Finding:
        """The same as `open`, for a process that does nothing else.

        Within limits it takes .xls and .xlsb as well, and what is encrypted under Excel's own password.
        """
        return self.open(name, data, limited=confined())

    def open(self, name: str, data: bytes, *, limited: bool = False) -> Submission | Finding:
        """A return as read, or the one finding that says why it is none. `name` is the file's.

        `limited`: this process has a limit of memory, and the system may end it when the file takes too long.
        """
        found = self._open(name, data, limited=limited)
        if not limited or not isinstance(found, Finding) or found.code not in MAYBE_LOCKED:
            return found
        hurry(UNMEASURED_SECONDS)
        try:
            inside = unlocked(data)
        except RefusedError as refused:
            return Finding(refused.refusal.code, file=name)
        if inside is None:
            return found
        found = self._open(name, inside, limited=limited)
        if isinstance(found, Submission):
            told = Finding(SafetyCode.WRITE_PROTECTED, file=name)
            told_too = (told, *found.findings)
            found = replace(found, sha256=sha256(data), findings=told_too, unmeasured=True, locked=True)
        return found

    def _open(self, name: str, data: bytes, *, limited: bool) -> Submission | Finding:
        """The same for bytes as they stand."""
        cleared = inspect(data, confined=limited)
        if not isinstance(cleared, Clearance):
            return Finding(cleared.code, file=name, params=cleared.params)
        if cleared.kind.unmeasured:
            hurry(UNMEASURED_SECONDS)
        if cleared.kind is FileKind.XLS and is_unsound(data):
            return Finding(SafetyCode.DAMAGED, file=name)
        sound = [part for part, traits in cleared.sheets.items() if not traits.error_cells]
        opened = open_return(data, sound, cleared.inflated, self.assumed)
        if isinstance(opened, Finding):
            return replace(opened, file=name)
        findings = _disclosed(name, cleared)
        guide = read_guide(opened)
        forms: list[ReturnedForm] = []
        lender = ""
        if self.plan.period(opened.stamp.period) and opened.stamp.plan == self.plan.id:
            words = opened.words.forms
            headings = [
                self.headings[opened.stamp.period, form.id].called(words.get(form.id))
                for form in self.plan.forms
            ]
            borrowed = lent(opened, headings, self.assumed, self.items, self.asked)
            for found in own_forms(borrowed or opened, headings, self.items, is_lent=borrowed is not None):
                if isinstance(found, Finding):
                    findings.append(found)
                else:
                    forms.append(found)
            if borrowed:
                # who signed the first sheet answered for the other department
                findings.append(told_of_lent(opened.stamp, borrowed.stamp, self.plan))
                opened, guide, lender = borrowed, None, opened.stamp.department
            elif not opened.stamped:
                if not forms:
                    return Finding(FindingCode.NO_FORM_FOUND, file=name)
                if other := self._other_period(opened, forms):
                    return replace(other, file=name)
                findings.append(_unstamped(opened.stamp, self.plan))
            findings += other_sheets(opened, headings, forms, named=bool(self.items))
            findings += () if borrowed else _guide_findings(guide, opened.words, self.plan)
        read_others(opened, {guide.name if guide else "", *(one.sheet for one in forms)})
        return Submission(
            name,
            sha256(data),
            opened.stamp,
            tuple(forms),
            guide.respondent if guide else "",
            guide.approver if guide else "",
            tuple(findings),
            unmeasured=cleared.kind.unmeasured,
            guide=guide.formulas if guide else None,
            stamped=opened.stamped,
            saved_at=saved_at(opened.parts),
            lender=lender,
        )

    def _other_period(self, opened: OpenReturn, forms: Sequence[ReturnedForm]) -> Finding | None:
        """What a sheet without a stamp says of its round: its title and its headings name the periods."""
        for form in forms:
            top = opened.grid(form.sheet)[: form.header_row]
            words = {fold(cell) for line in top for cell in line if isinstance(cell, str) and cell}
            likely = {
                period.id: sum(fold(one) in words for one in self._words(period, form.form))
                for period in self.plan.periods
            }
            best = max(likely, key=likely.__getitem__)
            if likely[best] > likely[opened.stamp.period]:
                labels = [one.label for one in map(self.plan.period, (best, opened.stamp.period)) if one]
                return Finding(
                    FindingCode.OTHER_PERIOD,
                    params=dict(zip(("found", "expected"), labels, strict=True)),
                )
        return None

    def _words(self, period: Period, form: str) -> Iterator[str]:
        """The title and the headings of a form in a period."""
        headings = self.headings[period.id, form]
        yield headings.layout.title
        yield from (one.heading for one in headings.shown)


def _unstamped(stamp: Stamp, plan: Plan) -> Finding:
    department, period = plan.department(stamp.department), plan.period(stamp.period)
    params = {
        "department": department.name if department else stamp.department,
        "period": period.label if period else stamp.period,
    }
    return Finding(FindingCode.STAMP_MISSING, params=params)


def _samples(plan: Plan) -> tuple[Item, ...]:
    """As few of the items as fill the same columns."""
    filled = (next((item for item in plan.items if getattr(item, name)), None) for name in ITEM_COLUMNS)
    found = {item.id: item for item in filled if item}
    return (*plan.items[:1], *found.values())


def _guide_findings(guide: Guide | None, words: BookWords, plan: Plan) -> Iterator[Finding]:
    """What is told where the first sheet is gone, does not say who answered and who approved, or says more."""
    if guide is None:
        sheet = text("artefacts.guide.sheet", plan.language)
        yield Finding(
            FindingCode.GUIDE_MISSING, plan.severity_of(FindingCode.GUIDE_MISSING), params={"sheet": sheet}
        )
        return
    sheet = guide.name
    labels = [text(key, plan.language) for key in PEOPLE]
    people = (guide.respondent, guide.approver)
    blank = [label for label, name in zip(labels, people, strict=True) if not name]
    if blank:
        params = {"labels": tuple(blank)}
        yield Finding(
            FindingCode.PEOPLE_MISSING,
            plan.severity_of(FindingCode.PEOPLE_MISSING),
            sheet=sheet,
            params=params,
        )
    for label, name, cell in zip(labels, people, guide.cells, strict=True):
        yield from given_away(name, label, sheet, cell)
    yield from beside_guide(plan, sheet, guide.grid, words.labels["changes"])


def _disclosed(name: str, cleared: Clearance) -> list[Finding]:
    """What is allowed but told: macros are never run, links never followed."""
    told = []
    if cleared.kind is not FileKind.XLSX:
        told.append(Finding(SafetyCode.OTHER_FORMAT, file=name, params={"kind": cleared.kind.value}))
    if cleared.macros:
        told.append(Finding(SafetyCode.MACROS, file=name))
    if cleared.external_links:
        told.append(Finding(SafetyCode.EXTERNAL_LINKS, file=name))
    if cleared.embedded_objects:
        told.append(Finding(SafetyCode.EMBEDDED_OBJECTS, file=name))
    return told
