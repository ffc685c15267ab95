"""Issues of 0.1.0, which recorded hashes of its own code: judged by what their workbooks say, and by recorded rows.

Those hashes are never computed anew: they hung on the shape of dataclasses and on sentences. What a form of 0.1.0 asks
is told by the workbook that was issued, which is kept:

- its hidden sheet holds for each form one column with the messages of its checks in their order, beside it the column
  of the sheet at which each points, and one for every list of choices;
- row 5 of an entry sheet holds the headings: of the office's fields first, then of the others.

The checks that the plan makes today are said in the words that 0.1.0 had (`catalogue/released`) and held against these
messages: whatever check is added or reworded since is no difference. Bounds are read back and compared as values, for
how a day is written is no matter; examples are passed over. What the workbook does not say (a formula that requires an
answer, the formula of a rule, the type of a field that the office fills) is taken for unchanged: a department is not
sent a form anew, nor its answer refused, for what nobody can know.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from xlplan.fields.checks import Check, CheckKind
from xlplan.fields.numbering import checks_of
from xlplan.fields.reading import convert
from xlplan.form.layout.entry import HEADER_ROW
from xlplan.form.layout.stamps import STAMP_SHEET
from xlplan.language.codes import Severity
from xlplan.language.messages import LANGUAGES, has_released, released
from xlplan.model.form import Field, FilledBy, Form
from xlplan.model.issue import Issued, IssuedBook, IssuedRow
from xlplan.model.item import ITEM_COLUMNS, Period
from xlplan.model.plan import Plan

RELEASE = "0.1.0"
FIRST_PAIR = 3
"""The first column, from 0, behind the stamp: from there on two columns each for a list or for a form's messages."""

Pair = Sequence[tuple[str, object]]
"""Two columns of the hidden sheet: a word or message in each row, and what stands beside it."""

_GAP = re.compile(r"\{(\w+)\}")


def asks_the_same(
    book: IssuedBook, rows: Mapping[str, Sequence[IssuedRow]], plan: Plan, period: Period
) -> bool:
    """Whether the workbook of an issue asks what the plan asks now: the same fields, words and checks.

    Args:
        book: The cells of the workbook that was issued.
        rows: The rows of the issue by form id: they tell which columns of items its sheets showed.
        plan: The plan as it stands.
        period: The period of the round.

    Returns:
        Whether nothing that the workbook says is otherwise now.
    """
    language = _language(book)
    if language is None:
        return True  # nothing can be told of it
    sheets = _entry_sheets(book)
    if len(sheets) != len(plan.forms):
        return False
    pairs = _pairs(book.sheets[STAMP_SHEET])
    return all(
        _has_fields(_heads(sheet), form, rows.get(form.id, ()), language)
        and all(_has_list(pairs, field, plan) for field in form.fields if not field.afterwards)
        and _has_checks(pairs, _heads(sheet), form, plan, period, language)
        for form, sheet in zip(plan.forms, sheets, strict=True)
    )


def shows_the_same(
    book: IssuedBook, old: Issued, new: Issued, words: Collection[str], plan: Plan, period: Period
) -> bool:
    """Whether the workbook of issue `old` is what would be issued now as `new`.

    It is where its rows are the same, with what they show of each item, it asks the same and is due on the same day,
    the lists have the same order, and every one of `words` stands in it. A hint or the formula of a rule that was
    changed since is not seen.

    Args:
        book: The cells of the workbook that was issued.
        old: The issue that it is of.
        new: What would be issued now.
        words: What the first sheet and the heads of the sheets say of the plan.
        plan: The plan as it stands.
        period: The period of the round.

    Returns:
        Whether nothing that the workbook says would be otherwise.
    """
    if old.due != new.due or _all_of(old.rows) != _all_of(new.rows):
        return False
    if not asks_the_same(book, old.rows, plan, period):
        return False
    pairs = _pairs(book.sheets.get(STAMP_SHEET, ()))
    lists = (
        plan.lists[name]
        for name in {field.list for form in plan.forms for field in form.fields}
        if name in plan.lists
    )
    if not all([(choice.value, choice.rank or 0) for choice in choices] in pairs for choices in lists):
        return False
    written = "\n".join(_texts(book))
    return all(word in written for word in (*words, *(form.note for form in plan.forms)))


def _all_of(rows: Mapping[str, Sequence[IssuedRow]]) -> dict[str, list[tuple[object, ...]]]:
    """Rows with what they show of their items, in which they may differ and be equal."""
    return {
        form: [(row.item, row.office, row.previous, row.about) for row in in_form]
        for form, in_form in rows.items()
    }


def _language(book: IssuedBook) -> str | None:
    """The language of a workbook, by the name of its first sheet."""
    found = [
        language
        for language in LANGUAGES
        if released(RELEASE, "artefacts.guide.sheet", language) in book.sheets
    ]
    return found[0] if found and STAMP_SHEET in book.sheets else None


def _entry_sheets(book: IssuedBook) -> list[Sequence[Sequence[object]]]:
    """The sheets of the forms, in the order of the plan."""
    others = {
        released(RELEASE, f"artefacts.{key}.sheet", language)
        for key in ("guide", "findings_sheet", "leftovers")
        for language in LANGUAGES
    }
    return [grid for name, grid in book.sheets.items() if name != STAMP_SHEET and name not in others]


def _texts(book: IssuedBook) -> Iterator[str]:
    yield from book.sheets
    for grid in book.sheets.values():
        yield from (cell for line in grid for cell in line if isinstance(cell, str))


def _pairs(grid: Sequence[Sequence[object]]) -> list[Pair]:
    """The lists and the messages of the hidden sheet."""
    width = max(map(len, grid), default=0)
    found: list[Pair] = []
    for column in range(FIRST_PAIR, width - 1, 2):
        cells = [(str(line[column]), line[column + 1]) for line in grid if line[column] != ""]
        found.append(cells)
    return found


def _heads(sheet: Sequence[Sequence[object]]) -> list[str]:
    return [str(cell) for cell in sheet[HEADER_ROW - 1]] if len(sheet) >= HEADER_ROW else []


def _has_fields(heads: Sequence[str], form: Form, rows: Sequence[IssuedRow], language: str) -> bool:
    """Whether between the columns of the item and the check column stand the headings of the fields, no more."""
    check = released(RELEASE, "artefacts.entry.check", language)
    if check not in heads:
        return False
    office = [field for field in form.fields if field.filled_by is FilledBy.OFFICE]
    others = [field for field in form.fields if not field.of_office]
    wanted = [_heading(field, language) for field in (*office, *others)]
    before = _previous(form, language)
    shown = [head for head in heads[: heads.index(check)] if head in wanted or not before.fullmatch(head)]
    first = len(shown) - len(wanted)
    return first > 0 and shown[first:] == wanted and set(shown[:first]) <= _item_heads(rows, language)


def _has_list(pairs: Sequence[Pair], field: Field, plan: Plan) -> bool:
    """Whether the words of a field's list stand in one of the columns, in their order."""
    words = [choice.value for choice in plan.lists.get(field.list, ())]
    return not words or any([word for word, _ in pair] == words for pair in pairs)


def _item_heads(rows: Sequence[IssuedRow], language: str) -> set[str]:
    """The headings that the columns of the item may have had: further ones are their own names."""
    known = {released(RELEASE, f"tables.items.{name}", language) for name in ("id", *ITEM_COLUMNS)}
    further = {name for row in rows for name in row.about}
    return {released(RELEASE, "artefacts.entry.number", language), *known, *further}


def _previous(form: Form, language: str) -> re.Pattern[str]:
    """The headings of the columns that show what was said before, whatever that period was called."""
    template = released(RELEASE, "artefacts.entry.previous", language)
    labels = "|".join(re.escape(_labelled(field)) for field in form.fields) or "(?!)"
    parts = {"period": ".*", "label": f"(?:{labels})"}
    return re.compile("".join(parts.get(part, re.escape(part)) for part in _GAP.split(template)))


def _labelled(field: Field) -> str:
    """The label with its unit, as 0.1.0 put them together."""
    if field.heading == field.label:
        return field.label
    return f"{field.label} ({field.unit})" if field.label.isascii() else f"{field.label}（{field.unit}）"


def _heading(field: Field, language: str) -> str:
    if not field.entered or field.required is False:
        return _labelled(field)
    sign = "mark" if field.required is True else "mark_if"
    return _labelled(field) + released(RELEASE, f"artefacts.entry.{sign}", language)


def _has_checks(
    pairs: Sequence[Pair], heads: Sequence[str], form: Form, plan: Plan, period: Period, language: str
) -> bool:
    """Whether one of the columns of messages holds those of the form's checks, each pointing at its field."""
    checks = [check for check in checks_of(form, plan, period) if _was_known(check)]
    return not checks or any(_are_messages(pair, checks, heads, plan, language) for pair in pairs)


def _was_known(check: Check) -> bool:
    return check.kind is CheckKind.RULE or has_released(RELEASE, f"findings.{check.code}")


def _are_messages(
    pair: Pair, checks: Sequence[Check], heads: Sequence[str], plan: Plan, language: str
) -> bool:
    if len(pair) != len(checks):
        return False
    return all(
        _points_at(target, heads) == _heading(check.field, language) and _says(message, check, plan, language)
        for (message, target), check in zip(pair, checks, strict=True)
    )


def _points_at(target: object, heads: Sequence[str]) -> str:
    at = int(target) - 1 if isinstance(target, int | float) else -1
    return heads[at] if 0 <= at < len(heads) else ""


def _says(message: str, check: Check, plan: Plan, language: str) -> bool:
    """Whether a message is that of a check, in the words of 0.1.0."""
    if check.rule and check.kind is CheckKind.RULE:
        warned = check.severity is Severity.WARNING
        parts = (check.rule.message, check.rule.remedy if warned else "")
        return message == released(RELEASE, "signs.gap", language).join(filter(None, parts))
    exact = _exact_words(check, language)
    names: list[str] = []
    shape = ""
    for at, part in enumerate(_GAP.split(released(RELEASE, f"findings.{check.code}", language))):
        if at % 2 == 0 or part in exact:
            shape += re.escape(exact[part] if at % 2 else part)
        else:
            names.append(part)
            shape += "(.*?)"
    found = re.fullmatch(shape, message, re.DOTALL)
    return found is not None and all(
        _is_bound(name, written, check.field, plan)
        for name, written in zip(names, found.groups(), strict=True)
    )


def _exact_words(check: Check, language: str) -> Mapping[str, str]:
    """What must stand in the gaps of a check's message; in others, such as an example, anything may."""
    between = released(RELEASE, "signs.between", language)
    field = check.field
    words = {"label": _labelled(field), "limit": str(field.max_length), "hint": field.hint or field.pattern}
    if check.kind is CheckKind.LIST:
        words["choices"] = between.join(_choices(check))
    if check.step:
        words |= {"before": check.step.before, "followers": between.join(check.step.followers)}
    if check.rule:
        words["rule"] = check.rule.id
    return words


def _choices(check: Check) -> Sequence[str]:
    found = check.params.get("choices", ())
    return found if isinstance(found, tuple) else ()


def _is_bound(name: str, written: str, field: Field, plan: Plan) -> bool:
    """Whether a bound that a message names is the field's; what cannot be read back is no difference."""
    bound = {"low": field.minimum, "high": field.maximum}.get(name)
    if name not in ("low", "high"):
        return True
    read = convert(written, field, (), plan.years).value
    if read is None or isinstance(read, str):
        return True
    if isinstance(bound, date) or isinstance(read, date):
        return read == bound
    return bound is not None and float(read) == float(bound)
