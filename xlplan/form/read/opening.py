"""One file from its bytes: looked at for safety, then opened and read. Judges nothing."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from xlplan.form.compare.stamp import other_period
from xlplan.form.layout.entry import EntryLayout
from xlplan.form.read.child import confined, limit_time
from xlplan.form.read.headings import Headings
from xlplan.form.read.otherformats import is_unsound, unlocked
from xlplan.form.read.remarks import people_remarks, remarks_finding
from xlplan.form.read.sheets import missing_form, other_sheets, read_form
from xlplan.form.read.sheetstate import guide_findings
from xlplan.form.read.workbook import OpenReturn, open_return, read_guide, read_others, saved_at
from xlplan.language.text import fold
from xlplan.model.afterwards import OFFICE
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding
from xlplan.model.issue import Stamp
from xlplan.model.item import ITEM_COLUMNS, Item, Period
from xlplan.model.plan import Plan
from xlplan.model.safety import SafetyCode
from xlplan.model.submission import ReturnedForm, Submission
from xlplan.spreadsheet.safety.inspection import Clearance, WorkbookKind, inspect
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
            for form in light.asked_in(period).forms
        }
        period = plan.period(assumed.period) if assumed else None
        asked = frozenset(department.id for department in plan.answering(period)) if period else frozenset()
        return cls(light, headings, assumed, _wanted_items(plan, assumed), asked)

    def open_alone(self, name: str, data: bytes) -> Submission | Finding:
        """The same as `open`, for a process that does nothing else.

        Within limits it takes .xls and .xlsb as well, and what is encrypted under Excel's own password.
        """
        return self.open(name, data, limited=confined())

    def open(self, name: str, data: bytes, *, limited: bool = False) -> Submission | Finding:
        """Look at a file and read it.

        Args:
            name: The name of the file.
            data: Its bytes.
            limited: Whether this process has a limit of memory, and the system may end it when the file takes too
                long.

        Returns:
            The return as read, or the one finding that says why it is none.
        """
        found = self._open(name, data, limited=limited)
        if not limited or not isinstance(found, Finding) or found.code not in MAYBE_LOCKED:
            return found
        limit_time(UNMEASURED_SECONDS)
        try:
            inside = unlocked(data)
        except RefusedError as refused:
            return Finding(refused.refusal.code, file=name)
        if inside is None:
            return found
        found = self._open(name, inside, limited=limited)
        if isinstance(found, Submission):
            protected = Finding(SafetyCode.WRITE_PROTECTED, file=name)
            findings = (protected, *found.findings)
            found = replace(found, sha256=sha256(data), findings=findings, unmeasured=True, locked=True)
        return found

    def _open(self, name: str, data: bytes, *, limited: bool) -> Submission | Finding:
        """The same for bytes as they stand."""
        cleared = inspect(data, confined=limited)
        if not isinstance(cleared, Clearance):
            return Finding(cleared.code, file=name, params=cleared.params)
        if cleared.kind.unmeasured:
            limit_time(UNMEASURED_SECONDS)
        if cleared.kind is WorkbookKind.XLS and is_unsound(data):
            return Finding(SafetyCode.DAMAGED, file=name)
        sound = [part for part, traits in cleared.sheets.items() if not traits.error_cells]
        opened = open_return(data, sound, cleared.inflated, self.assumed)
        found = opened if isinstance(opened, Finding) else self._read(opened)
        if isinstance(found, Finding):
            return replace(found, file=name)
        return replace(
            found,
            file=name,
            sha256=sha256(data),
            findings=(*_disclosed(name, cleared), *found.findings),
            unmeasured=cleared.kind.unmeasured,
        )

    def _read(self, opened: OpenReturn) -> Submission | Finding:
        """A return as read, still without its file's name and hash; one finding where its sheets are not the plan's."""
        guide = read_guide(opened)
        sheets = _ReadSheets(opened)
        if self.plan.period(opened.stamp.period) and opened.stamp.plan == self.plan.id:
            read = self._sheets(opened)
            if isinstance(read, Finding):
                return read
            sheets = read
            if not sheets.lender:
                of_guide = guide_findings(guide, opened.words, self.plan)
                others = _remarks_elsewhere(opened, self.plan, sheets.forms)
                sheets = replace(sheets, findings=(*sheets.findings, *of_guide, *others))
        if sheets.lender:
            guide = None  # who signed the first sheet answered for the other department
        read_others(opened, {guide.name if guide else "", *(form.sheet for form in sheets.forms)})
        return Submission(
            "",
            "",
            sheets.opened.stamp,
            sheets.forms,
            guide.respondent if guide else "",
            guide.approver if guide else "",
            sheets.findings,
            guide=guide.formulas if guide else None,
            stamped=sheets.opened.stamped,
            saved_at=saved_at(opened.parts),
            lender=sheets.lender,
        )

    def _sheets(self, opened: OpenReturn) -> "_ReadSheets | Finding":
        """The entry sheets of the department that is wanted; one finding where they cannot be those of the round."""
        words, period = opened.words.forms, opened.stamp.period
        headings = [
            known.called(words.get(form)) for (when, form), known in self.headings.items() if when == period
        ]
        of_other = self._as_assumed(opened, headings)
        found = self._own_forms(of_other or opened, headings, is_of_other=of_other is not None)
        forms = tuple(form for form in found if isinstance(form, ReturnedForm))
        findings = [form for form in found if isinstance(form, Finding)]
        if of_other:
            findings.append(_stamp_of_other(opened.stamp, of_other.stamp, self.plan))
        elif not opened.stamped:
            if not forms:
                return Finding(FindingCode.NO_FORM_FOUND)
            if other := self._other_period(opened, forms):
                return other
            findings.append(_unstamped(opened.stamp, self.plan))
        as_read = of_other or opened
        findings += other_sheets(as_read, headings, forms, named=bool(self.items))
        return _ReadSheets(as_read, forms, tuple(findings), opened.stamp.department if of_other else "")

    def _as_assumed(self, opened: OpenReturn, headings: Sequence[Headings]) -> OpenReturn | None:
        """The form of another department, as the return of the wanted one, where a sheet in it holds its items only.

        Any of its items will do where the other department is not among those that are asked any more.
        """
        stamp, assumed = opened.stamp, self.assumed
        if assumed is None or not opened.stamped or stamp.department in (assumed.department, OFFICE):
            return None
        if (stamp.plan, stamp.period) != (assumed.plan, assumed.period):
            return None
        own = replace(opened, stamp=assumed, stamped=False)
        for heading in headings:
            form = None if heading.layout.form.is_open else read_form(own, heading, self.items)
            if isinstance(form, ReturnedForm):
                least = len(form.rows) if stamp.department in self.asked else 1
                if 0 < least <= _own_rows(form, self.items):
                    return own
        return None

    def _own_forms(
        self, opened: OpenReturn, headings: Sequence[Headings], *, is_of_other: bool
    ) -> Sequence[ReturnedForm | Finding]:
        """Each form, from the sheet that holds most of the wanted items; a sheet of others' items only is not read.

        In the form of another department a sheet of blank rows is that department's. Where no sheet holds any of the
        items, all are as they stand: who named the department may be wrong.
        """
        found = [read_form(opened, heading, self.items) for heading in headings]
        if not any(isinstance(form, ReturnedForm) and _own_rows(form, self.items) for form in found):
            return found
        return [
            missing_form(heading)
            if isinstance(form, ReturnedForm) and not self._is_own(form, heading, is_of_other=is_of_other)
            else form
            for heading, form in zip(headings, found, strict=True)
        ]

    def _is_own(self, form: ReturnedForm, headings: Headings, *, is_of_other: bool) -> bool:
        if headings.layout.form.is_open:
            return not is_of_other
        return not form.rows or _own_rows(form, self.items) > 0

    def _other_period(self, opened: OpenReturn, forms: Sequence[ReturnedForm]) -> Finding | None:
        """What a sheet without a stamp says of its round: its title and its headings name the periods."""
        for form in forms:
            top = opened.grid(form.sheet)[: form.header_row]
            words = {fold(cell) for line in top for cell in line if isinstance(cell, str) and cell}
            likely = {
                period.id: sum(fold(word) in words for word in self._words(period, form.form))
                for period in self.plan.periods
            }
            best = max(likely, key=likely.__getitem__)
            if likely[best] > likely[opened.stamp.period]:
                found, asked = self.plan.period(best), self.plan.period(opened.stamp.period)
                return other_period(found, asked.label) if found and asked else None
        return None

    def _words(self, period: Period, form: str) -> Iterator[str]:
        """The title and the headings of a form in a period."""
        headings = self.headings[period.id, form]
        yield headings.layout.title
        yield from (column.heading for column in headings.shown)


@dataclass(frozen=True, slots=True)
class _ReadSheets:
    """The entry sheets as they were read, and what is told of them.

    `opened` is the return as which they were read: with the stamp of the department that is wanted. `lender` is the
    other department to which the form was issued, if it was.
    """

    opened: OpenReturn
    forms: tuple[ReturnedForm, ...] = ()
    findings: tuple[Finding, ...] = ()
    lender: str = ""


def _remarks_elsewhere(opened: OpenReturn, plan: Plan, forms: Sequence[ReturnedForm]) -> Iterator[Finding]:
    """What is told of remarks on the sheets that are no entry sheets which were read."""
    read = {form.sheet for form in forms}
    for name in opened.book.sheet_names:
        if name not in read:
            remarks = people_remarks(opened.parts, name, None, plan)
            yield from remarks_finding(plan, name, remarks)


def _wanted_items(plan: Plan, stamp: Stamp | None) -> frozenset[str]:
    """The folded ids of the items of the department in a stamp; none without a stamp."""
    period = plan.period(stamp.period) if stamp else None
    if stamp is None or period is None:
        return frozenset()
    return frozenset(fold(item.id) for item in plan.items_of(period, stamp.department))


def _own_rows(form: ReturnedForm, items: Collection[str]) -> int:
    return sum(fold(row.item) in items for row in form.rows)


def _stamp_of_other(found: Stamp, assumed: Stamp, plan: Plan) -> Finding:
    """The warning at a return that was taken out of another department's form."""
    owners = (plan.department(stamp.department) for stamp in (found, assumed))
    names = [department.name if department else "" for department in owners]
    params = {"found": names[0] or found.department, "department": names[1] or assumed.department}
    return Finding(FindingCode.STAMP_OF_OTHER, params=params)


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


def _disclosed(name: str, cleared: Clearance) -> list[Finding]:
    """What is allowed but told: macros are never run, links never followed."""
    findings = []
    if cleared.kind is not WorkbookKind.XLSX:
        findings.append(Finding(SafetyCode.OTHER_FORMAT, file=name, params={"kind": cleared.kind.value}))
    if cleared.macros:
        findings.append(Finding(SafetyCode.MACROS, file=name))
    if cleared.external_links:
        findings.append(Finding(SafetyCode.EXTERNAL_LINKS, file=name))
    if cleared.embedded_objects:
        findings.append(Finding(SafetyCode.EMBEDDED_OBJECTS, file=name))
    return findings
