"""How the ledger's entries become rows of its tables, and come back exactly.

What has parts of its own (issued rows, findings, records) is one compact JSON text in its row (`store.encoding`). The
field ids of a form stand once, not in every row.

Each such text begins with the number of its format. What 0.1.0 wrote has none; it named open rows by a word, which is
read as their id.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from itertools import chain
from typing import Any

from xlplan.language.messages import LANGUAGES, released_everywhere
from xlplan.language.privacy import masked
from xlplan.model.codes import read_code
from xlplan.model.finding import NO_PARAMS, Finding, Severity, row_id
from xlplan.model.record import Value
from xlplan.model.submission import Issued, IssuedRow, MadeSummary, Receipt, ReceiptState, RecordRow, Refusal
from xlplan.store.encoding import from_json, mark, text_to_bytes, to_json

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
)
"""What is kept of a finding, by name: ids and values. The names stand in each text, so that one more can be added; one
that a later version added is passed over."""

IssuedRows = Mapping[str, tuple[IssuedRow, ...]]


def row_of_issue(one: Issued) -> tuple[object, ...]:
    """The columns of table `issues`, without its number."""
    due = one.due.isoformat() if one.due else None
    rows = _issued_to_json(one.rows)
    moment = one.issued_at.isoformat()
    forms = (one.form_version, one.content, one.same_form)
    return (one.id, one.period, one.department, one.file, one.sha256, moment, due, *forms, rows)


def issue_of(row: tuple[Any, ...]) -> Issued:
    """The issue kept in this row of table `issues`."""
    issue_id, period, department, file, digest, moment, due, form_version, content, same_form, rows = row
    return Issued(
        id=issue_id,
        period=period,
        department=department,
        file=file,
        sha256=digest,
        issued_at=datetime.fromisoformat(moment),
        due=date.fromisoformat(due) if due else None,
        form_version=form_version,
        rows=_issued_from_json(rows),
        content=content,
        same_form=same_form,
    )


def row_of_receipt(one: Receipt) -> tuple[object, ...]:
    """The columns of table `receipts`, without its number."""
    return (
        one.period,
        one.department,
        one.attempt,
        one.issue or None,
        _as_told(one.file_name),
        one.sha256,
        one.received_at.isoformat(),
        one.state.value,
        one.archive,
        _as_told(one.respondent),
        _as_told(one.approver),
        _findings_to_json(one.findings),
        one.saved_at.isoformat() if one.saved_at else None,
        _records_to_json(one.records),
    )


def receipt_of(row: tuple[Any, ...]) -> Receipt:
    """The receipt kept in this row of table `receipts`; its records are None where they were left unread."""
    (
        period,
        department,
        attempt,
        issue,
        file_name,
        digest,
        moment,
        state,
        archive,
        *people,
        found,
        saved,
        kept,
    ) = row
    respondent, approver = people
    return Receipt(
        period=period,
        department=department,
        attempt=attempt,
        issue=issue or "",
        file_name=file_name,
        sha256=digest,
        received_at=datetime.fromisoformat(moment),
        state=ReceiptState(state),
        archive=archive,
        respondent=respondent,
        approver=approver,
        findings=_findings_from_json(found),
        records=_records_from_json(kept) if kept is not None else (),
        saved_at=datetime.fromisoformat(saved) if saved else None,
    )


def row_of_refusal(one: Refusal) -> tuple[object, ...]:
    """The columns of table `refusals`, without its number."""
    name, found = _as_told(one.file_name), _findings_to_json((one.finding,))
    return (
        one.period,
        name,
        one.sha256,
        one.received_at.isoformat(),
        one.archive,
        one.finding.written_code,
        found,
    )


def refusal_of(row: tuple[Any, ...]) -> Refusal:
    """The refusal kept in this row of table `refusals`."""
    period, file_name, digest, moment, archive, _, found = row
    (finding,) = _findings_from_json(found)
    return Refusal(period, file_name, digest, datetime.fromisoformat(moment), archive, finding)


def row_of_summary(one: MadeSummary) -> tuple[object, ...]:
    """The columns of table `summaries`, without its number."""
    returns = to_json(list(one.returns.items()))
    return (one.period, one.file, one.sha256, one.made_at.isoformat(), returns, one.plan)


def summary_of(row: tuple[Any, ...]) -> MadeSummary:
    """The summary kept in this row of table `summaries`."""
    period, file, digest, moment, returns, plan = row
    return MadeSummary(period, file, digest, datetime.fromisoformat(moment), dict(from_json(returns)), plan)


class _FieldSets:
    """The sets of field ids that occur, numbered from 0 in the order met."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, ...], int] = {}

    def split(self, values: Mapping[str, Value]) -> tuple[int, list[Value]]:
        """The number of the field ids of `values`, and the values in that order."""
        number = self._numbers.setdefault(tuple(values), len(self._numbers))
        return number, list(values.values())

    def listed(self) -> list[tuple[str, ...]]:
        return list(self._numbers)


def _issued_to_json(forms: IssuedRows) -> bytes:
    """`[format, field sets, [[form, [[item, set, office values, set, previous values, set, about], …]], …]]`."""
    sets = _FieldSets()
    body = [
        (form, [(row.item, *chain(*map(sets.split, (row.office, row.previous, row.about)))) for row in rows])
        for form, rows in forms.items()
    ]
    return to_json((FORMAT, sets.listed(), body))


def _issued_from_json(text: str) -> IssuedRows:
    """The rows by form id, as they were issued. What was kept before `about` was has none."""
    numbered, (sets, body) = _parts(text)
    rows = {
        form: tuple(
            IssuedRow(
                item, *(dict(zip(sets[number], values, strict=True)) for number, values in _pairs(parts))
            )
            for item, *parts in some
        )
        for form, some in body
    }
    return rows if numbered else {form: _with_row_ids(some) for form, some in rows.items()}


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
        "|".join(re.escape(one).replace(r"\{number\}", "([1-9][0-9]*)") for one in sorted(words))
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


def _records_to_json(records: Iterable[RecordRow]) -> bytes:
    """`[format, field sets, [[form, item, sheet, row, set, values], …]]`: answers as typed, names of sheets masked."""
    sets = _FieldSets()
    kept = list(records)
    sheets = {name: masked(name) for name in {one.sheet for one in kept}}
    body = [(one.form, one.item, sheets[one.sheet], one.row, *sets.split(one.values)) for one in kept]
    return to_json((FORMAT, sets.listed(), body))


def _records_from_json(text: str) -> tuple[RecordRow, ...]:
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


def _findings_to_json(findings: Iterable[Finding]) -> bytes:
    """`[format, names of what is kept, [[the values], …]]`."""
    return to_json((FORMAT, FINDING_COLUMNS, [_finding_row(one) for one in findings]))


def _finding_row(one: Finding) -> tuple[object, ...]:
    """The values of `FINDING_COLUMNS`."""
    params = mark(dict(one.params))
    where = (one.file, one.department, one.period, one.form, one.sheet, one.cell)
    return (one.written_code, one.severity.value, *where, one.item, one.field, one.value, params)


def _findings_from_json(text: str) -> tuple[Finding, ...]:
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
    )


def _as_told(typed: str) -> bytes:
    """A name that somebody typed, numbers and addresses of persons in it masked: the ledger never holds them."""
    return text_to_bytes(masked(typed))
