"""Dropdowns and bounds of an entry sheet, and the colours that follow its live checks."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from xlplan.fields.amounts import PERCENT, unit_of
from xlplan.fields.base import DataValidation
from xlplan.fields.checks import Check, CheckKind
from xlplan.fields.row_checks import UndecidedCheck
from xlplan.fields.succession import NOTHING
from xlplan.fields.table import type_of
from xlplan.form.layout.columns import Column, ColumnKind
from xlplan.form.layout.entry import FIRST_ROW, EntryLayout
from xlplan.form.lists import followers_name, list_name
from xlplan.formula.excel import MAX_VALIDATION_TITLE
from xlplan.language.messages import text
from xlplan.model.form import Field
from xlplan.model.issue import IssuedRow
from xlplan.spreadsheet.book import Book, Options, prompt
from xlplan.spreadsheet.styles import FILLS
from xlplan.spreadsheet.worksheet import Sheet

_STOPPED = (CheckKind.TYPE, CheckKind.LIST, CheckKind.RANGE, CheckKind.LENGTH)
"""What a validation asks. It stops what the office could read (26年度): the sheet reckons with numbers and days
only, so it would stay red, and a question would but put that off."""


def dropdown(sheet: Sheet, layout: EntryLayout, column: Column, rows: Sequence[IssuedRow]) -> None:
    """The dropdown or bounds of a `column` on `sheet`, with its hint. Pasting removes them: the check column stays.

    `layout` says where things stand; `rows` are those issued, whose last values decide what may follow.
    """
    field = layout.form.by_id[column.name]
    in_order = [
        check for check in layout.checks if check.field.id == field.id and check.kind is CheckKind.ORDER
    ]
    for at, check in enumerate(in_order):
        _dropdown_of_step(sheet, layout, column, rows, check, at)
    if in_order:
        return
    kind, first = type_of(field), f"{column.letters}{FIRST_ROW}"
    rule = _rule(kind.validation(field, first, kind.span(field, layout.plan.years)))
    if rule["validate"] == "any" and not field.hint:
        return
    asked = [check for check in layout.checks if check.field.id == field.id and check.kind in _STOPPED]
    at = column.index - 1
    rule |= _words(layout, field, asked)
    sheet.data_validation(FIRST_ROW - 1, at, layout.last_row - 1, at, rule)


def _dropdown_of_step(
    sheet: Sheet,
    layout: EntryLayout,
    column: Column,
    rows: Sequence[IssuedRow],
    check: Check,
    at: int,
) -> None:
    """The dropdown of the rows that had the value of one step: only what may follow it, after an end nothing.

    The previous value is known and locked when the workbook is written, so each row has its list from the start.
    """
    field, step = check.field, check.step
    mine = [
        n for n, row in enumerate(rows) if step and (row.previous.get(field.id) or NOTHING) == step.before
    ]
    if step is None or not mine:
        return
    rule: Options = {"validate": "custom", "value": "=FALSE"}
    if step.followers:
        rule = {"validate": "list", "source": f"={followers_name(field.list, at)}"}
    top, left = FIRST_ROW - 1, column.index - 1
    areas = [(top + first, left, top + last, left) for first, last in _runs(mine)]
    rule |= _words(layout, field, [check]) | {"other_cells": areas[1:]}
    sheet.data_validation(*areas[0], rule)


def _runs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """First and last of each run of `numbers`, which ascend, without a gap."""
    for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        together = [number for _, number in run]
        yield together[0], together[-1]


def _words(layout: EntryLayout, field: Field, asked: Sequence[Check]) -> Options:
    """What a validation says: all that it asks for, as it cannot tell which of it is wrong, and the field's hint."""
    words: Options = {}
    if asked:
        lines = [check.message(layout.language) for check in asked]
        lines += [check.remedy(layout.language) for check in asked if check.kind is CheckKind.TYPE]
        words["error_title"] = text("artefacts.entry.stop_title", layout.language)
        words["error_message"] = prompt("\n".join(lines))
    if hint := "\n".join(filter(None, (field.hint, _manner_asked(field, layout)))):
        words["input_title"] = prompt(field.heading, MAX_VALIDATION_TITLE)
        words["input_message"] = prompt(hint)
    return words


def _rule(found: DataValidation | None) -> Options:
    """A data validation as XlsxWriter takes it."""
    if found is None:
        return {"validate": "any"}

    def written(bound: object) -> object:
        return f"={bound}" if isinstance(bound, str) else bound

    match found.kind:
        case "list":
            return {"validate": "list", "source": f"={list_name(found.source)}"}
        case "custom":
            return {"validate": "custom", "value": written(found.low)}
        case "length":
            return {"validate": "length", "criteria": "<=", "value": found.high}
    bounds = {"minimum": written(found.low), "maximum": written(found.high)}
    return {"validate": found.kind, "criteria": "between"} | bounds


def _manner_asked(field: Field, layout: EntryLayout) -> str:
    """How to type what a cell would change: 15.10 becomes the number 15.1, and 45% the number 0.45.

    A field's own hint stands before that of a unit, and in the place of any other.
    """
    language = layout.language
    if type_of(field).asks_typing:
        asked = [
            check for check in layout.checks if check.field.id == field.id and check.kind is CheckKind.TYPE
        ]
        return "" if field.hint else "".join(check.remedy(language) for check in asked)
    if unit_of(field.unit).of == PERCENT:
        return text("artefacts.entry.percent", language)
    return text("artefacts.entry.unit", language, unit=field.unit) if field.unit and not field.hint else ""


def _any_undecided(layout: EntryLayout, checks: Iterable[UndecidedCheck]) -> str:
    """A condition that is TRUE where one of these warnings cannot be decided in a row; empty where there is none."""
    tests = [
        f"${layout.column(ColumnKind.DOUBTED, check.of.id).letters}{FIRST_ROW}={check.number}"
        for check in checks
    ]
    return f"=OR({','.join(tests)})" if tests else ""


def fills(book: Book, sheet: Sheet, layout: EntryLayout, column: Column) -> None:
    """Red, yellow and orange of one `column` on `sheet`, from the hidden cells of its own rows.

    `book` is the workbook of the sheet, `layout` says where things stand.
    """
    targets = [check for check in layout.checks if check.field.id == column.name and check.rule]

    def flags(*columns: Column | None) -> str:
        cells = [f"${column.letters}{FIRST_ROW}>0" for column in columns if column]
        return f"=OR({','.join(cells)})" if cells else ""

    def rules(kind: ColumnKind) -> list[Column | None]:
        names = {check.rule.id for check in targets if check.rule}
        return [layout.find(kind, name) for name in sorted(names)]

    mine = (check for check in layout.undecided_warnings if check.field.id == column.name)
    found = (
        (flags(layout.find(ColumnKind.WRONG, column.name), *rules(ColumnKind.BROKEN)), "wrong"),
        (_any_undecided(layout, mine), "wrong"),
        (flags(layout.find(ColumnKind.MISSING, column.name)), "missing"),
        (flags(*rules(ColumnKind.DOUBTED)), "doubted"),
        (flags(layout.find(ColumnKind.SENT_BACK, column.name)), "doubted"),
    )
    at = column.index - 1
    for criteria, fill in found:
        if criteria:
            options: Options = {
                "type": "formula",
                "criteria": criteria,
                "format": book.fill(FILLS[fill]),
                "stop_if_true": True,
            }
            sheet.conditional_format(FIRST_ROW - 1, at, layout.last_row - 1, at, options)


def check_fills(book: Book, sheet: Sheet, layout: EntryLayout) -> None:
    """Green, red, yellow and orange of the check column on `sheet`.

    `book` is the workbook of the sheet, `layout` says where things stand.
    """
    check, count = layout.column(ColumnKind.CHECK, "check"), layout.column(ColumnKind.COUNT, "count")
    missing = layout.of_kind(ColumnKind.MISSING)
    wrong = layout.of_kind(ColumnKind.WRONG, ColumnKind.BROKEN)

    def any_of(columns: Sequence[Column]) -> str:
        return f'COUNTIF(${columns[0].letters}{FIRST_ROW}:${columns[-1].letters}{FIRST_ROW},">0")>0'

    ok = f'=AND(${count.letters}{FIRST_ROW}=0,${check.letters}{FIRST_ROW}<>"")'
    at = check.index - 1
    found = [(ok, "ok"), (f"={any_of(wrong)}", "wrong")]
    if undecided := _any_undecided(layout, layout.undecided_warnings):
        found.append((undecided, "wrong"))
    if missing:
        found.append((f"={any_of(missing)}", "to_do"))
    found.append((f"=${count.letters}{FIRST_ROW}>0", "done_late"))
    for criteria, fill in found:
        options: Options = {"type": "formula", "criteria": criteria, "format": book.fill(FILLS[fill])}
        sheet.conditional_format(FIRST_ROW - 1, at, layout.last_row - 1, at, options | {"stop_if_true": True})
