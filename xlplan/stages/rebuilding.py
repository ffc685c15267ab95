"""A lost ledger made again of the files: what was issued, received and refused in each round, by today's rules.

What the ledger has already, as it was brought back from a copy, is left as it is.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from xlplan import __version__
from xlplan.definition.edition import tables_text
from xlplan.definition.reading import Definition, read_definition
from xlplan.fields.cells import as_text
from xlplan.fields.reading import convert
from xlplan.form.issuing import Rows, open_rows
from xlplan.form.layout.columns import ColumnKind
from xlplan.form.read.intake import Incoming, take_in
from xlplan.form.read.issuedbook import read_issued_book, texts_in
from xlplan.form.write.order import due_words
from xlplan.language.codes import CatalogueEnum
from xlplan.language.errors import XlplanError
from xlplan.language.text import is_blank, safe_file_name
from xlplan.model.afterwards import OFFICE
from xlplan.model.edition import Edition, EditionBasis
from xlplan.model.form import FilledBy, Form
from xlplan.model.issue import Issued, IssuedRow
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.model.record import Value
from xlplan.model.submission import Receipt, ReceiptState, ReturnedForm, Submission
from xlplan.stages.identify import FILES_AT_ONCE
from xlplan.stages.years import Years
from xlplan.store.files import modified
from xlplan.store.history import record_edition
from xlplan.store.ledger import Ledger
from xlplan.store.workspace import HASH_DIGITS, Workspace

ARCHIVED = re.compile(rf".*_(\d{{2,}})_[0-9a-f]{{{HASH_DIGITS}}}(?:\.\w+)?")


FURTHEST_DUE = 800
"""Days before and after its issue among which a workbook's day due is looked for."""


class Unknown(CatalogueEnum, section="cli.rebuilt"):
    """What nobody can know any more of what was made again of files: `names` says of what, `count` of how many."""

    ISSUED = "issued", "period", "count"
    TYPED_INTO = "typed_into", "period", "names"
    RECEIVED = "received", "period", "count"
    ISSUE_BEFORE = "issue_before", "period", "names"
    NOT_READ = "not_read", "period", "names"
    OTHERWISE = "otherwise", "period", "names"
    REFUSED = "refused", "period", "count"
    EDITION = "edition", "period"
    ENTRIES = "entries", "period", "names"
    PUBLISHED = "published", "period", "count"
    CLOSED_BY = "closed_by", "period"
    SUMMARY = "summary", "period"
    NO_PERIOD = "no_period", "names"
    DECISIONS = "decisions", "names"
    LINES = "lines", "names"


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that nobody can know any more.

    Attributes:
        key: What.
        period: The label of the round; empty where it is of none.
        names: Of whom or what.
        count: Of how many.
    """

    key: Unknown
    period: str = ""
    names: tuple[str, ...] = ()
    count: int = 0


def moment_of(path: Path) -> datetime:
    """When a file was changed, in whole seconds of this computer's clock."""
    return datetime.fromtimestamp(modified(path) // 10**9)


@dataclass
class Rebuilding:
    """One run: the ledger that is made, in a turn of it, and what nobody can know any more."""

    space: Workspace
    definition: Definition
    ledger: Ledger
    now: datetime
    notes: list[Note] = field(default_factory=list)

    @property
    def years(self) -> Years:
        """The plan through the years, with all that was recorded so far."""
        return Years(self.definition, self.ledger)

    def note(
        self, key: Unknown, period: Period | None = None, names: Iterable[str] = (), count: int = 0
    ) -> None:
        """Say what nobody can know: nothing where it is of nobody.

        Args:
            key: What.
            period: The round.
            names: Of whom or what.
            count: Of how many; that of the names where it is 0.
        """
        named = tuple(dict.fromkeys(names))
        if named or count:
            self.notes.append(Note(key, period.label if period else "", named, count or len(named)))

    def issues(self) -> None:
        """Record the workbooks that lie where they were issued, and how the plan stood for each round."""
        plan = self.definition.usable()
        folders = {safe_file_name(period.id) for period in plan.periods}
        strange = {path.parents[1].name for path in self.space.kept() if path.parent.name == "issued"}
        self.note(Unknown.NO_PERIOD, names=sorted(strange - folders))
        before = {period.id: self._kept_plan(period) for period in plan.periods}
        for period in plan.periods:
            then = before[period.id]
            self._issues(period, (then.usable() if then else plan).asked_in(period))
        years = self.years
        for period in plan.periods:
            over = years.is_frozen(period.id) or self.space.published(period.id, 1).is_dir()
            if period.id in years.begun and period.id not in years.kept and over:
                then = before[period.id]
                text = tables_text(then.tables if then else years.tables_of(period.id))
                record_edition(self.ledger, Edition(period.id, self.now, EditionBasis.ASSUMED, text))
                self.note(Unknown.EDITION, period, count=1)
        if years.begun:
            self.years.keep(self.years.begun_round(None), self.now)

    def _kept_plan(self, period: Period) -> Definition | None:
        """The plan as it was kept when it was rolled over from a round; None where that is not there or not whole."""
        path = self.space.find_definition()
        stem = safe_file_name(f"{path.stem}-{period.id}")
        kept = [found for found in path.parent.glob(f"{path.stem}-*{path.suffix}") if found.stem == stem]
        kept += sorted(path.parent.glob(f"{stem}-[0-9]*{path.suffix}"))
        for found in reversed(kept):
            try:
                definition = read_definition(found)
            except XlplanError:
                continue
            if definition.plan and definition.plan.period(period.id):
                return definition
        return None

    def _issues(self, period: Period, plan: Plan) -> None:
        """Record the departments' workbooks of a round."""
        folder = self.space.issued(period.id)
        paths = self.space.returns_in(folder) if folder.is_dir() else []
        known = self.ledger.files_issued(period.id)
        paths = [path for path in paths if self.space.relative(path) not in known]
        made = []
        for file in read_many(paths, plan):
            stamp = file.submission.stamp if file.submission else None
            ours = stamp is not None and (stamp.plan, stamp.period) == (plan.id, period.id)
            if stamp is None or not ours or stamp.department == OFFICE or self.ledger.issue(stamp.issue):
                continue
            made.append(self.issued(file, plan, period))
        self.ledger.record_issues(made)
        self.note(Unknown.ISSUED, period, count=len(made))

    def issued(self, file: Incoming, plan: Plan, period: Period, *, entered: bool = False) -> Issued:
        """The issue of a workbook that lies where it was issued.

        Args:
            file: The workbook, as it was read.
            plan: The plan as it was asked in the round.
            period: The round.
            entered: Whether it is the office's own.

        Raises:
            ValueError: nobody has read the file.
        """
        if file.submission is None:
            raise ValueError(file)
        stamp, moment = file.submission.stamp, _issued_at(file.data) or moment_of(file.path)
        owner = plan.department(stamp.department)
        if file.submission.saved_at and not entered and file.submission.saved_at > moment:
            self.note(Unknown.TYPED_INTO, period, [owner.name if owner else stamp.department])
        return Issued(
            id=stamp.issue,
            period=period.id,
            department=stamp.department,
            file=self.space.relative(file.path),
            sha256=file.sha256,
            issued_at=moment,
            due=None if entered else _due_in(file.data, plan, moment),
            form_version=stamp.form_version,
            rows=_rows_in(file.submission, plan, entered=entered),
        )

    def receipt(self, file: Incoming, period: Period, department: str, state: ReceiptState) -> Receipt:
        """The receipt of a kept file, as far as its name and time say it.

        Args:
            file: The file.
            period: The round.
            department: Id of the department.
            state: What became of it.
        """
        return Receipt(
            period=period.id,
            department=department,
            attempt=attempt_of(file.path),
            issue="",
            file_name=file.path.name,
            sha256=file.sha256,
            received_at=moment_of(file.path),
            state=state,
            archive=self.space.relative(file.path),
            reader=__version__,
        )

    def record(self, receipts: Sequence[Receipt]) -> None:
        """Record receipts; one whose attempt or bytes the ledger has already is left for `verify` to tell of."""
        made: list[Receipt] = []
        for receipt in receipts:
            period, department = receipt.period, receipt.department
            before = self.ledger.attempts(period, department, records=False)
            if not any(
                receipt.attempt == known.attempt or receipt.sha256 == known.sha256 for known in before
            ):
                made.append(receipt)
        self.ledger.record_receipts(made)


def attempt_of(path: Path) -> int:
    """Which return of its department a kept file is, from 1, as its name says; 0 where it does not."""
    found = ARCHIVED.fullmatch(path.name)
    return int(found[1]) if found else 0


def read_many(paths: Sequence[Path], plan: Plan) -> Iterator[Incoming]:
    """Files read as returns, many at a time."""
    for start in range(0, len(paths), FILES_AT_ONCE):
        yield from take_in(paths[start : start + FILES_AT_ONCE], plan)


def _issued_at(data: bytes) -> datetime | None:
    """When a workbook of ours was issued, as its properties say; None where they do not."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            found = re.search(rb"<dcterms:created[^>]*>([^<]*)<", file.read("docProps/core.xml"))
        # XlsxWriter calls this computer's time one of Greenwich
        return datetime.fromisoformat(found[1].decode().removesuffix("Z")) if found else None
    except (zipfile.BadZipFile, KeyError, ValueError):
        return None


def _due_in(data: bytes, plan: Plan, issued: datetime) -> date | None:
    """The day by which a workbook of ours asks for an answer; None where it names none.

    Args:
        data: The workbook.
        plan: The plan, in whose words it is said.
        issued: When it was issued.
    """
    book = read_issued_book(data)
    said = frozenset(texts_in(book)) if book else frozenset()
    days = (issued.date() + timedelta(days) for days in range(-FURTHEST_DUE, FURTHEST_DUE))
    return next((day for day in days if due_words(plan, day) in said), None)


def _rows_in(submission: Submission, plan: Plan, *, entered: bool = False) -> Rows:
    """The rows that stand in a workbook of ours as it went out, by form id.

    Args:
        submission: The workbook, read as if it were a return.
        plan: The plan as it was asked in the round.
        entered: Whether what stands in the white cells belongs to them, as in the office's own workbook.
    """
    sheets = {sheet.form: sheet for sheet in submission.forms}
    return {form.id: tuple(_rows(form, sheets.get(form.id), plan, entered=entered)) for form in plan.forms}


def _rows(form: Form, sheet: ReturnedForm | None, plan: Plan, *, entered: bool) -> Iterator[IssuedRow]:
    if form.is_open:
        yield from open_rows(form)
        return
    for row in sheet.rows if sheet else ():
        raws = dict(zip(sheet.columns if sheet else (), row.values, strict=False))
        office = {
            name: raw
            for name, raw in raws.items()
            if entered or form.by_id[name].filled_by is FilledBy.OFFICE
        }
        shown: dict[str, dict[str, object]] = {kind.value: {} for kind in ColumnKind}
        for key, raw in zip(sheet.shown if sheet else (), row.shown, strict=False):
            kind, _, name = key.partition(":")
            shown[kind][name] = raw
        about = {name: as_text(raw) for name, raw in shown[ColumnKind.ATTRIBUTE].items() if not is_blank(raw)}
        previous = _values(form, shown[ColumnKind.PREVIOUS], plan)
        yield IssuedRow(row.item, _values(form, office, plan), previous, about)


def _values(form: Form, raws: Mapping[str, object], plan: Plan) -> dict[str, Value]:
    found = {
        name: convert(raw, form.by_id[name], plan.choices_of(form.by_id[name]), plan.years).value
        for name, raw in raws.items()
        if not is_blank(raw)
    }
    return {name: value for name, value in found.items() if value is not None}
