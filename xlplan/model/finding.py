"""A finding: one thing wrong in a return or a definition, at one cell, with what to do about it."""

import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeVar

from xlplan.language.codes import Code, Severity
from xlplan.language.messages import Spoken, has, joined, text
from xlplan.language.privacy import PersonalKind, masked, signs
from xlplan.model.codes import FindingCode, plain_code, written_code
from xlplan.model.decision import Decision

_ROW_ID = re.compile("#([1-9][0-9]*)")

__all__ = [
    "ALLOWED",
    "GIVEN_AWAY",
    "MOST",
    "NO_PARAMS",
    "Finding",
    "FindingKey",
    "Severity",
    "discreet",
    "given_away",
    "has_errors",
    "item_shown",
    "listed",
    "row_id",
    "told_of",
]


def row_id(number: int) -> str:
    """The id of an open row where other rows have their item. `number` counts from 1."""
    return f"#{number}"


def item_shown(item: str, language: str) -> str:
    """What a row is about as people read it: an item's id, or which of the open rows it is."""
    found = _ROW_ID.fullmatch(item)
    return text("artefacts.entry.row_id", language, number=int(found[1])) if found else item


FindingKey = tuple[str, str, str, str]
"""Check, form, item and field, by what a finding is known again whatever the value."""

ALLOWED = "artefacts.severity.allowed"
"""The key of the word for a finding that the office allowed."""
NO_PARAMS: Mapping[str, object] = {}
_OF_CODE: Any = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong, at one cell.

    `severity` is the code's own where none is given. A rule of the plan has `FindingCode.RULE`, its id in `rule`, its
    own words in `params` as `message` and `remedy`. `cell` is an A1 address on `sheet`; `value` is what stood there,
    as text. `item` is the id of an item, or of an open row (`row_id`).

    `basis` is the fingerprint of all values that its check looked at; empty where no check found it. `number` is by
    what people name it within its round, the same in each attempt that has it (`model.numbering`); 0 before it has one.
    `allowed` is the decision by which the office lets it stand: such a finding is a notice.
    """

    code: Code
    severity: Severity = _OF_CODE
    file: str = ""
    department: str = ""
    period: str = ""
    form: str = ""
    sheet: str = ""
    cell: str = ""
    item: str = ""
    field: str = ""
    value: str = ""
    params: Mapping[str, object] = dataclasses.field(default_factory=lambda: NO_PARAMS)
    rule: str = ""
    basis: str = ""
    number: int = 0
    allowed: Decision | None = None

    def __post_init__(self) -> None:
        if self.severity is _OF_CODE:
            object.__setattr__(self, "severity", self.code.severity)

    @property
    def written_code(self) -> str:
        """The code as it is stored and given out: of a rule of the plan `rule:` and the rule's id."""
        return written_code(self.code, self.rule)

    def told(self, name: str, language: str) -> str:
        """One of `params` in words. Several words are a tuple; a word with a note, such as its cell, is a pair."""
        value = self.params[name]
        if isinstance(value, Spoken):
            return value.said(language)
        if not isinstance(value, tuple):
            return str(value)
        return joined((_with_note(word, language) for word in value), language)

    def _sentence(self, key: str, language: str) -> str:
        several = {
            name: self.told(name, language) for name, value in self.params.items() if isinstance(value, tuple)
        }
        return text(key, language, **{**self.params, **several})

    @property
    def key(self) -> FindingKey:
        """Stable over two attempts of one department, so that they can be compared."""
        return (plain_code(self.written_code), self.form, self.item, self.field)

    @property
    def is_missing(self) -> bool:
        """Whether it is only that nothing was entered: on a form that is no mistake, and has a colour of its own."""
        return self.code in (FindingCode.REQUIRED_TEXT, FindingCode.REQUIRED_CHOICE)

    @property
    def kind_key(self) -> str:
        """The key of the word for its kind: how much it matters, or that the office allowed it."""
        return ALLOWED if self.allowed else self.severity.catalogue_key

    def message(self, language: str) -> str:
        """What is wrong, in `language`. A plan's own rule speaks the plan's language."""
        if self.code is FindingCode.RULE:
            return str(self.params["message"])
        return self._sentence(self.code.catalogue_key, language)

    def remedy(self, language: str) -> str:
        """What to do about it; empty when there is nothing to do."""
        if self.code is FindingCode.RULE:
            return str(self.params.get("remedy", ""))
        key = self.code.remedy_key
        return self._sentence(key, language) if has(key) else ""

    def as_dict(self, language: str) -> dict[str, str]:
        """The documented keys of `--json`: number, code, severity, file … remedy, allowed; all strings."""
        return {
            "number": str(self.number or ""),
            "code": self.written_code,
            "severity": self.severity.value,
            "file": self.file,
            "department": self.department,
            "period": self.period,
            "form": self.form,
            "sheet": self.sheet,
            "cell": self.cell,
            "item": item_shown(self.item, language),
            "field": self.field,
            "value": self.value,
            "message": self.message(language),
            "remedy": self.remedy(language),
            "allowed": self.allowed.reason if self.allowed else "",
        }


T = TypeVar("T")

MOST = 12
"""Names that one message lists."""


def listed(names: Sequence[T]) -> tuple[T | str, ...]:
    """As many of these as one message names, and a sign that there are more."""
    return (*names[:MOST], "…") if len(names) > MOST else tuple(names)


def _with_note(word: object, language: str) -> str:
    if not isinstance(word, tuple):
        return str(word)
    return text("signs.bracketed", language, word=word[0], note=word[1])


_OF_THE_PLAN = ("item", "hint", "message", "remedy")
"""Parameters that are the plan's own words, which nobody typed into a return."""
_OF_NO_PLAN = ("item_unknown",)
"""Findings whose item is what was typed for one."""


def told_of(finding: Finding, file: str, department: str = "", period: str = "") -> Finding:
    """The finding as it is told of a return: where it belongs, and discreet. Every one goes through here.

    Args:
        finding: as it was found.
        file: the name of the file, as it came.
        department: its id; empty where the finding already names it or it is not known.
        period: its id; empty as above.

    Returns:
        The same finding with its place, all numbers and addresses of persons masked.
    """
    department, period = department or finding.department, period or finding.period
    return discreet(dataclasses.replace(finding, file=file, department=department, period=period))


def discreet(finding: Finding) -> Finding:
    """The same finding with every number and address of a person masked, whatever was typed and wherever it stood.

    What is told goes to terminals, the ledger and the summary. Its `item` is that of the plan, but for one that no
    plan has.
    """
    typed = finding.code in _OF_NO_PLAN
    names = ("file", "sheet", "value", *(("item",) if typed else ()))
    texts = {name: getattr(finding, name) for name in names}
    changes: dict[str, Any] = {name: masked(old) for name, old in texts.items() if masked(old) != old}
    theirs = {name: old for name, old in finding.params.items() if typed or name not in _OF_THE_PLAN}
    params = {name: new for name, old in theirs.items() if (new := _masked(old)) != old}
    if params:
        changes["params"] = {**finding.params, **params}
    return dataclasses.replace(finding, **changes) if changes else finding


def _masked(value: object) -> object:
    """A parameter with its words masked, those of a tuple each by itself."""
    if isinstance(value, tuple):
        return tuple(map(_masked, value))
    return masked(value) if isinstance(value, str) else value


GIVEN_AWAY: Mapping[PersonalKind, FindingCode] = MappingProxyType(
    {
        PersonalKind.PERSONAL_NUMBER: FindingCode.PERSONAL_NUMBER,
        PersonalKind.CARD_NUMBER: FindingCode.CARD_NUMBER,
        PersonalKind.MAIL_ADDRESS: FindingCode.MAIL_ADDRESS,
        PersonalKind.MOBILE_NUMBER: FindingCode.MOBILE_NUMBER,
    }
)
"""The code that tells of a number or an address of a person in a return."""


def given_away(written: str, label: str, sheet: str, cell: str) -> Iterator[Finding]:
    """A warning for each kind of number or address of a person in what stands in a cell that is no answer's.

    Args:
        written: what stands there. It is the findings' value, still to be masked.
        label: under which it stands.
        sheet: the title of its sheet.
        cell: its address.

    Returns:
        The findings, one a kind.
    """
    for kind in dict.fromkeys(sign.kind for sign in signs(written)):
        params = {"label": label}
        yield Finding(GIVEN_AWAY[kind], sheet=sheet, cell=cell, value=written, params=params)


def has_errors(findings: list[Finding]) -> bool:
    """Whether any finding must be fixed before the work can go on."""
    return any(finding.severity is Severity.ERROR for finding in findings)
