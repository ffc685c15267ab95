"""What goes out: the stamp of a workbook, and what was issued.

Nouns only. The ledger keeps `Issued`; the reader finds a `Stamp`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from xlplan.model.record import Value


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a workbook says of itself on its hidden sheet.

    `form_version` is the fingerprint of what its answers mean, `formulas` a hash of the formulas that were written into
    the sheets: empty in a workbook of a version that did not say so.
    """

    format: str
    plan: str
    period: str
    department: str
    issue: str
    form_version: str
    formulas: str = ""


@dataclass(frozen=True, slots=True)
class IssuedRow:
    """One row of an issued form: the office's values and last period's answers, by field id.

    `about` is what the sheet shows of the item, by column of table `items`: empty where that was not kept. It asks
    nothing, so that two rows which differ in it alone are equal, and a changed title makes no return outdated.
    """

    item: str
    office: Mapping[str, Value]
    previous: Mapping[str, Value]
    about: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Issued:
    """One workbook that went out. `rows` are by form id; `file` is relative to the workspace.

    `form_version` is the fingerprint of what its answers mean, `content` that of what it shows. 0.1.0 kept a hash
    without a version for the first, and nothing for the second. `same_form` is such a hash of an earlier issue that was
    judged to ask the same as this one.
    """

    id: str
    period: str
    department: str
    file: str
    sha256: str
    issued_at: datetime
    due: date | None
    form_version: str
    rows: Mapping[str, tuple[IssuedRow, ...]]
    content: str = ""
    same_form: str = ""


@dataclass(frozen=True, slots=True)
class AllowedCell:
    """A cell of a form at which the office lets a finding stand: not stored, but laid over the rows of a form.

    Attributes:
        form: Id of the form.
        item: Id of the item, or of the open row.
        field: Id of the field.
        code: The code of the finding as it is stored.
        values: The id of each entered field that its check looks at, with the value that is allowed there, None for
            blank. None where the finding is allowed whatever the values.
        reason: Why, in the office's words.
    """

    form: str
    item: str
    field: str
    code: str
    values: tuple[tuple[str, Value], ...] | None
    reason: str


class IssueState(StrEnum):
    """What was done about a workbook that goes out: unchanged is one that lies there already as it should be."""

    ISSUED = "issued"
    REISSUED = "reissued"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class IssuedBook:
    """The cells of a workbook as it was issued: by sheet, in order, the rows from A1 on."""

    sheets: Mapping[str, Sequence[Sequence[object]]]
