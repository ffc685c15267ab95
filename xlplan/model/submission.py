"""What comes back: what a return holds, what was received, what was made of it.

Nouns only. The reader makes `Submission`; the ledger keeps `Receipt`, `RefusedFile`, `ReceivedLetter`, `MadeSummary`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from xlplan.model.decision import Decision
from xlplan.model.finding import Finding
from xlplan.model.issue import Stamp
from xlplan.model.record import Value


class ReturnedRow(NamedTuple):
    """One row read from a return, before conversion.

    `row` is 1-based; `values` stand as the form's `columns`, `shown` as its `shown`.
    """

    item: str
    row: int
    values: tuple[object, ...]
    shown: tuple[object, ...] = ()


class ShownCell(NamedTuple):
    """An answer's cell that shows something else than it holds, by its number format or by what is struck out.

    `held` is its value, `shown` what people read there, `exact` the same without rounding. `struck` is what is struck
    out: `shown` is what is left.
    """

    held: object
    shown: str
    exact: str = ""
    struck: str = ""


class FormulaColumn(NamedTuple):
    """A column of formulas as it came back: the heading that it counts for, its letters, the shapes of its formulas.

    `shapes` are the rows of each shape (`xlplan.formula.shape.shape_of`); no rows named where all have one. Cells
    without a formula have none.
    """

    heading: str
    letters: str
    shapes: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class ReturnedForm:
    """One entry sheet as it came back.

    `item_column` are the letters of the column of item numbers; `columns` those of each column that was found, by
    field id: those that the office and the department fill. `missing` are the fields whose column is gone.
    `formulas` are the cells (A1) of entry columns that hold a formula: TRUE where its saved value was read, FALSE
    where none is saved. `twice` are the fields whose heading stands over two columns or more, with their letters:
    which of them holds the answer is not for us to guess, so their values are not read.

    `header_row` is where the headings stand, 0 for where they were issued. `shown` are the letters of the columns
    that only show something: `attribute:…` of the item, `previous:…` of the period before. `bare` are the rows in
    which a column of formulas (by its heading) has none, `unbound` those in which a field has lost its dropdown or
    bounds. `computed` are the columns of formulas by kind and name (`missing:done`), `head` the shapes of the formulas
    above the headings by cell; both empty where the format does not tell. `findings` is what the sheet itself tells.
    `seen` are the cells (A1) of entry columns whose value in `rows` is what they show, and not what they hold.
    """

    form: str
    sheet: str
    columns: Mapping[str, str]
    rows: tuple[ReturnedRow, ...]
    missing: tuple[str, ...] = ()
    formulas: Mapping[str, bool] = field(default_factory=dict)
    item_column: str = ""
    twice: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    header_row: int = 0
    shown: Mapping[str, str] = field(default_factory=dict)
    bare: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    unbound: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    computed: Mapping[str, FormulaColumn] = field(default_factory=dict)
    head: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    seen: Mapping[str, ShownCell] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Submission:
    """A return as read: raw values with their cells. `findings` are what the reader itself had to tell.

    `unmeasured` is a file that only a process with limits of memory and time may parse, also the next time;
    `locked` one that is encrypted, and read through `form.read.otherformats`. `sha256` is of the bytes as they came.
    `guide` are the shapes of the first sheet's formulas by cell, None where that sheet or its XML is not there.
    `stamped`: the stamp is the workbook's own, and not what the office said of it. `saved_at` is when it was saved, by
    its own properties, in whole seconds of this computer's clock. `lender` is the department to which the form was
    issued, where a sheet in it was read as another's, whose `stamp` this is.
    """

    file: str
    sha256: str
    stamp: Stamp
    forms: tuple[ReturnedForm, ...]
    respondent: str = ""
    approver: str = ""
    findings: tuple[Finding, ...] = ()
    unmeasured: bool = False
    locked: bool = False
    guide: Mapping[str, str] | None = None
    stamped: bool = True
    saved_at: datetime | None = None
    lender: str = ""


@dataclass(frozen=True, slots=True)
class Leftover:
    """Something that a department wrote where the form has no place for it: where, under which heading, what."""

    sheet: str
    cell: str
    heading: str
    row: str
    value: str


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One accepted or judged row: converted values by field id, and where in the return they stood."""

    form: str
    item: str
    values: Mapping[str, Value]
    sheet: str
    row: int


class ReceiptState(StrEnum):
    """What became of a return. One that is reopened was accepted: nothing goes back, and another is waited for."""

    ACCEPTED = "accepted"
    SENT_BACK = "sent_back"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True)
class Receipt:
    """One return that was received and judged. `attempt` counts from 1; `archive` is relative to the workspace.

    `saved_at` is when the answers were last worked at (`stages.returns.age`); None where that was not kept. `reader` is
    the version of xlplan that read them; empty where that was not kept. `decision` is the office's by which it stands
    as it does, where it is one; `judged_by` is the number of the decision by which it was judged anew, 0 for none.
    """

    period: str
    department: str
    attempt: int
    issue: str
    file_name: str
    sha256: str
    received_at: datetime
    state: ReceiptState
    archive: str
    respondent: str = ""
    approver: str = ""
    findings: tuple[Finding, ...] = ()
    records: tuple[RecordRow, ...] = field(default=())
    saved_at: datetime | None = None
    reader: str = ""
    decision: Decision | None = None
    judged_by: int = 0


@dataclass(frozen=True, slots=True)
class Judging:
    """A return that was judged anew by a later decision, with what was made of it then.

    Attributes:
        period: Id of the round.
        department: Id of the department.
        attempt: Which of its returns it is.
        judged_at: When.
        state: What became of it.
        findings: What was found.
        records: The values as they were read.
        reader: The version of xlplan that read them.
        decision: The number of the decision.
    """

    period: str
    department: str
    attempt: int
    judged_at: datetime
    state: ReceiptState
    findings: tuple[Finding, ...]
    records: tuple[RecordRow, ...]
    reader: str
    decision: int


@dataclass(frozen=True, slots=True)
class MadeSummary:
    """A summary that was written: its hash, and what it rests on. `file` is relative to the workspace.

    `returns` are the hashes of the returns that counted, by department id; `plan` is the fingerprint of what the
    summary shows of the plan, or what 0.1.0 kept in its place.
    """

    period: str
    file: str
    sha256: str
    made_at: datetime
    returns: Mapping[str, str]
    plan: str


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """One file that was received and is no return of its round. `archive` is relative to the workspace.

    `finding` says why. The same file may be refused for one reason today and for another tomorrow. `attempt` is the
    number under which the office may have it count, of a return that was kept aside; 0 for any other.
    """

    period: str
    file_name: str
    sha256: str
    received_at: datetime
    archive: str
    finding: Finding
    attempt: int = 0


class PartKind(StrEnum):
    """What a file in a letter is: a workbook, which is judged, or something else, which is named."""

    WORKBOOK = "workbook"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class LetterPart:
    """A file in a letter: its name there, the SHA-256 of its bytes (empty of what is no workbook), what it is."""

    name: str
    sha256: str
    kind: PartKind


@dataclass(frozen=True, slots=True)
class ReceivedLetter:
    """One letter (a mail or a zip) as it is kept. The same may be received again, when more of it can be opened.

    Attributes:
        period: The round for which it was received.
        file_name: The name of its file.
        sha256: The hash of its bytes, in hexadecimal.
        received_at: When it was received.
        archive: Where it is kept, relative to the workspace.
        sender: Who sent it, numbers and addresses of persons masked; empty where it does not say.
        subject: What it is about, masked as well.
        sent_at: When it was sent, by this computer's clock; None where it does not say.
        parts: The files in it.
    """

    period: str
    file_name: str
    sha256: str
    received_at: datetime
    archive: str
    sender: str = ""
    subject: str = ""
    sent_at: datetime | None = None
    parts: tuple[LetterPart, ...] = ()
