"""How the ledger's entries become rows of its tables, and come back exactly.

What has parts of its own (issued rows, findings, records) is one compact JSON text in its row. A date
there is `{"date": "2014-05-01"}`. Every JSON object is such a mark and everything else is a list, so
that no field id can be mistaken for a mark. The field ids of a form stand once, not in every row.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from itertools import chain
from sys import intern
from typing import Any

from xlplan.finding import NO_PARAMS, Finding, Severity
from xlplan.plan import Value
from xlplan.submission import Issued, IssuedRow, MadeSummary, Receipt, ReceiptState, RecordRow, Refusal

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
        text_to_bytes(one.file_name),
        one.sha256,
        one.received_at.isoformat(),
        one.state.value,
        one.archive,
        text_to_bytes(one.respondent),
        text_to_bytes(one.approver),
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
    name, found = text_to_bytes(one.file_name), _findings_to_json((one.finding,))
    return (one.period, name, one.sha256, one.received_at.isoformat(), one.archive, one.finding.code, found)


def refusal_of(row: tuple[Any, ...]) -> Refusal:
    """The refusal kept in this row of table `refusals`."""
    period, file_name, digest, moment, archive, _, found = row
    (finding,) = _findings_from_json(found)
    return Refusal(period, file_name, digest, datetime.fromisoformat(moment), archive, finding)


def row_of_summary(one: MadeSummary) -> tuple[object, ...]:
    """The columns of table `summaries`, without its number."""
    returns = _to_json(list(one.returns.items()))
    return (one.period, one.file, one.sha256, one.made_at.isoformat(), returns, one.plan)


def summary_of(row: tuple[Any, ...]) -> MadeSummary:
    """The summary kept in this row of table `summaries`."""
    period, file, digest, moment, returns, plan = row
    return MadeSummary(period, file, digest, datetime.fromisoformat(moment), dict(_from_json(returns)), plan)


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
    """`[field sets, [[form, [[item, set, office values, set, previous values, set, about], …]], …]]`."""
    sets = _FieldSets()
    body = [
        (form, [(row.item, *chain(*map(sets.split, (row.office, row.previous, row.about)))) for row in rows])
        for form, rows in forms.items()
    ]
    return _to_json((sets.listed(), body))


def _issued_from_json(text: str) -> IssuedRows:
    """The rows by form id, as they were issued. What was kept before `about` was has none."""
    sets, body = _from_json(text)
    return {
        form: tuple(
            IssuedRow(
                item, *(dict(zip(sets[number], values, strict=True)) for number, values in _pairs(parts))
            )
            for item, *parts in rows
        )
        for form, rows in body
    }


def _pairs(parts: Sequence[Any]) -> Iterator[tuple[int, list[Value]]]:
    return zip(parts[::2], parts[1::2], strict=True)


def _records_to_json(records: Iterable[RecordRow]) -> bytes:
    """`[field sets, [[form, item, sheet, row, set, values], …]]`."""
    sets = _FieldSets()
    body = [(one.form, one.item, one.sheet, one.row, *sets.split(one.values)) for one in records]
    return _to_json((sets.listed(), body))


def _records_from_json(text: str) -> tuple[RecordRow, ...]:
    """The records, as they were received."""
    sets, body = _from_json(text)
    return tuple(
        RecordRow(form, item, dict(zip(sets[number], values, strict=True)), sheet, row)
        for form, item, sheet, row, number, values in body
    )


def _findings_to_json(findings: Iterable[Finding]) -> bytes:
    """`[names of a finding's fields, [[their values], …]]`, whatever fields a finding has in this version."""
    names = [one.name for one in fields(Finding) if one.name != "params"]
    body = [(*(getattr(one, name) for name in names), _mark(dict(one.params))) for one in findings]
    return _to_json(((*names, "params"), body))


def _findings_from_json(text: str) -> tuple[Finding, ...]:
    """The findings, as they were made."""
    names, body = _from_json(text)
    return tuple(_finding(dict(zip(names, row, strict=True))) for row in body)


def _finding(values: dict[str, Any]) -> Finding:
    values["severity"] = Severity(values["severity"])
    values["params"] = values["params"] or NO_PARAMS
    return Finding(**values)


def _mark(value: object) -> object:
    """`value` with a mark on each tuple and mapping in it, which JSON would turn into something else."""
    match value:
        case Mapping():
            return {"map": [(key, _mark(one)) for key, one in value.items()]}
        case tuple():
            return {"tuple": [_mark(one) for one in value]}
        case list():
            return [_mark(one) for one in value]
        case _:
            return value


def _mark_moment(value: object) -> dict[str, str]:
    """Called by the encoder for what JSON has no word for. A type that nobody foresaw is a fault of ours."""
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


def _to_json(tree: object) -> bytes:
    return text_to_bytes(_ENCODER.encode(tree))


def _from_json(text: str) -> Any:
    return _shared(_DECODER.decode(text))


def _shared(tree: Any) -> Any:
    """`tree` with each text in its lists once in memory: a round has the same few words in every row."""
    for at, one in enumerate(tree) if tree.__class__ is list else ():
        if one.__class__ is str:
            tree[at] = intern(one)
        elif one.__class__ is list:
            _shared(one)
    return tree


# A file name in a broken encoding holds halves of characters, which are no text to sqlite3. Text that may
# hold some is therefore bound as bytes, and `surrogatepass` brings the same halves back.


def text_to_bytes(text: str) -> bytes:
    """`text` as the bytes that a TEXT column takes by way of CAST."""
    return text.encode("utf-8", "surrogatepass")


def text_from_bytes(raw: bytes) -> str:
    """The text of a TEXT column."""
    return raw.decode("utf-8", "surrogatepass")
