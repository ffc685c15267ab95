"""How what has parts of its own becomes one JSON text of a ledger's row, and comes back exactly.

A date is `{"date": "2014-05-01"}`. Every JSON object is such a mark and everything else is a list, so that no field id
can be mistaken for a mark.

Issued rows, findings and records are such a text each. The field ids of a form stand once in it, not in every row.
Such a text begins with the number of its format. What 0.1.0 wrote has none; it named open rows by a word, which is
read as their id.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from itertools import chain
from sys import intern
from types import MappingProxyType
from typing import Any

from xlplan.formula.codes import FormulaCode
from xlplan.language.codes import Code, Severity
from xlplan.language.messages import LANGUAGES, released_everywhere
from xlplan.language.privacy import masked
from xlplan.model.codes import RULE_SIGN, FindingCode
from xlplan.model.finding import NO_PARAMS, Finding, row_id
from xlplan.model.issue import IssuedRow
from xlplan.model.plancodes import PlanCode
from xlplan.model.record import Value
from xlplan.model.safety import SafetyCode
from xlplan.model.submission import RecordRow
from xlplan.store.texts import text_to_bytes


def mark(value: object) -> object:
    """`value` with a mark on each tuple and mapping in it, which JSON would turn into something else."""
    match value:
        case Mapping():
            return {"map": [(key, mark(inner)) for key, inner in value.items()]}
        case tuple():
            return {"tuple": [mark(inner) for inner in value]}
        case list():
            return [mark(inner) for inner in value]
        case _:
            return value


def _mark_moment(value: object) -> dict[str, str]:
    """Called by the encoder for what JSON has no word for.

    Raises:
        TypeError: a type that nobody foresaw: a fault of ours.
    """
    if isinstance(value, datetime):  # before date: a datetime is one
        return {"datetime": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    raise TypeError(f"the ledger cannot keep a {type(value).__name__}: {value!r}")


def _unmark(mark: dict[str, Any]) -> object:
    match mark:
        case {"date": day}:
            return date.fromisoformat(day)
        case {"datetime": moment}:
            return datetime.fromisoformat(moment)
        case {"tuple": values}:
            return tuple(values)
        case _:
            return dict(mark["map"])


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_mark_moment)
_DECODER = json.JSONDecoder(object_hook=_unmark)


def to_json(tree: object) -> bytes:
    """A tree of lists, marks and plain values as the bytes of one JSON text."""
    return text_to_bytes(_ENCODER.encode(tree))


def from_json(text: str) -> Any:
    """The tree that a JSON text holds."""
    return _shared(_DECODER.decode(text))


def _shared(tree: Any) -> Any:
    """`tree` with each text in its lists once in memory: a round has the same few words in every row."""
    for at, value in enumerate(tree) if tree.__class__ is list else ():
        if value.__class__ is str:
            tree[at] = intern(value)
        elif value.__class__ is list:
            _shared(value)
    return tree


# A file name in a broken encoding holds halves of characters, which are no text to sqlite3. Text that may
# hold some is therefore bound as bytes, and `surrogatepass` brings the same halves back.


# --- what has parts of its own ---------------------------------------------------------------------

FORMAT = 2
"""The number with which what has parts of its own begins."""

FINDING_COLUMNS = (
    "code",
    "severity",
    "file",
    "department",
    "period",
    "form",
    "sheet",
    "cell",
    "item",
    "field",
    "value",
    "params",
    "basis",
    "number",
)
"""What is kept of a finding, by name: ids and values. The names stand in each text, so that one more can be added; one
that a later version added is passed over."""

IssuedRows = Mapping[str, tuple[IssuedRow, ...]]


class _FieldSets:
    """The sets of field ids that occur, numbered from 0 in the order met."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, ...], int] = {}

    def split(self, values: Mapping[str, Value]) -> tuple[int, list[Value]]:
        """The number of the field ids of `values`, and the values in that order."""
        number = self._numbers.setdefault(tuple(values), len(self._numbers))
        return number, list(values.values())

    def listed(self) -> list[tuple[str, ...]]:
        """The sets in the order of their numbers."""
        return list(self._numbers)


def issued_to_json(forms: IssuedRows) -> bytes:
    """`[format, field sets, [[form, [[item, set, office values, set, previous values, set, about], …]], …]]`."""
    sets = _FieldSets()
    body = [
        (form, [(row.item, *chain(*map(sets.split, (row.office, row.previous, row.about)))) for row in rows])
        for form, rows in forms.items()
    ]
    return to_json((FORMAT, sets.listed(), body))


def issued_from_json(text: str) -> IssuedRows:
    """The rows by form id, as they were issued. What was kept before `about` was has none."""
    numbered, (sets, body) = _parts(text)
    rows = {
        form: tuple(
            IssuedRow(
                item, *(dict(zip(sets[number], values, strict=True)) for number, values in _pairs(parts))
            )
            for item, *parts in kept
        )
        for form, kept in body
    }
    return rows if numbered else {form: _with_row_ids(issued) for form, issued in rows.items()}


def _with_row_ids(rows: tuple[IssuedRow, ...]) -> tuple[IssuedRow, ...]:
    """The rows of 0.1.0: those of an open form, which are numbered words and nothing else, with their ids."""
    ids = [row_id(number) for number in range(1, len(rows) + 1)]
    blank = not any(row.office or row.previous or row.about for row in rows)
    if not blank or [_as_row_id(row.item) for row in rows] != ids:
        return rows
    return tuple(replace(row, item=name) for row, name in zip(rows, ids, strict=True))


@cache
def _row_words() -> re.Pattern[str]:
    """How 0.1.0 called the open row of a number."""
    words = released_everywhere("artefacts.entry.row_id", *LANGUAGES)
    return re.compile(
        "|".join(re.escape(word).replace(r"\{number\}", "([1-9][0-9]*)") for word in sorted(words))
    )


def _as_row_id(item: str) -> str:
    """The id of what 0.1.0 called an open row; anything else as it is."""
    found = _row_words().fullmatch(item)
    return row_id(int(next(filter(None, found.groups())))) if found else item


def _parts(text: str) -> tuple[bool, list[Any]]:
    """Whether a text begins with the number of its format, and what stands behind it."""
    tree = from_json(text)
    numbered = isinstance(tree[0], int)
    return numbered, tree[1:] if numbered else tree


def _pairs(parts: Sequence[Any]) -> Iterator[tuple[int, list[Value]]]:
    return zip(parts[::2], parts[1::2], strict=True)


def records_to_json(records: Iterable[RecordRow]) -> bytes:
    """`[format, field sets, [[form, item, sheet, row, set, values], …]]`: answers as typed, names of sheets masked."""
    sets = _FieldSets()
    kept = list(records)
    sheets = {name: masked(name) for name in {record.sheet for record in kept}}
    body = [
        (record.form, record.item, sheets[record.sheet], record.row, *sets.split(record.values))
        for record in kept
    ]
    return to_json((FORMAT, sets.listed(), body))


def records_from_json(text: str) -> tuple[RecordRow, ...]:
    """The records, as they were received."""
    numbered, (sets, body) = _parts(text)
    return tuple(
        RecordRow(
            form,
            item if numbered else _as_row_id(item),
            dict(zip(sets[number], values, strict=True)),
            sheet,
            row,
        )
        for form, item, sheet, row, number, values in body
    )


def findings_to_json(findings: Iterable[Finding]) -> bytes:
    """`[format, names of what is kept, [[the values], …]]`."""
    return to_json((FORMAT, FINDING_COLUMNS, [_finding_row(finding) for finding in findings]))


def _finding_row(finding: Finding) -> tuple[object, ...]:
    """The values of `FINDING_COLUMNS`."""
    params = mark(dict(finding.params))
    where = (finding.file, finding.department, finding.period, finding.form, finding.sheet, finding.cell)
    return (
        finding.written_code,
        finding.severity.value,
        *where,
        finding.item,
        finding.field,
        finding.value,
        params,
        finding.basis,
        finding.number,
    )


def findings_from_json(text: str) -> tuple[Finding, ...]:
    """The findings, as they were made."""
    numbered, (names, body) = _parts(text)
    kept = (dict(zip(names, row, strict=True)) for row in body)
    return tuple(_finding(values, numbered=numbered) for values in kept)


def _finding(values: Mapping[str, Any], *, numbered: bool) -> Finding:
    """What is kept under the known names; what a later version kept besides is passed over."""
    item = values.get("item", "")
    code, rule = read_code(values["code"])
    return Finding(
        code=code,
        severity=Severity(values["severity"]),
        file=values.get("file", ""),
        department=values.get("department", ""),
        period=values.get("period", ""),
        form=values.get("form", ""),
        sheet=values.get("sheet", ""),
        cell=values.get("cell", ""),
        item=item if numbered else _as_row_id(item),
        field=values.get("field", ""),
        value=values.get("value", ""),
        params=values.get("params") or NO_PARAMS,
        rule=rule,
        basis=values.get("basis", ""),
        number=values.get("number", 0),
    )


def masked_bytes(typed: str) -> bytes:
    """A name that somebody typed, numbers and addresses of persons in it masked: the ledger never holds them."""
    return text_to_bytes(masked(typed))


_CODES: Mapping[str, Code] = MappingProxyType(
    {code.value: code for codes in (FindingCode, SafetyCode, FormulaCode, PlanCode) for code in codes}
)


def read_code(written: str) -> tuple[Code, str]:
    """The code that is written so and, of a rule of the plan, the rule's id.

    Raises:
        ValueError: no code is written so.
    """
    name, sign, rule = written.partition(RULE_SIGN)
    code = _CODES.get(name)
    if code is None or (code is FindingCode.RULE) != bool(sign):
        raise ValueError(written)
    return code, rule
