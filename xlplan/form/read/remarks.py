"""What people wrote on a sheet besides the values of its cells: told, and listed, as no answer can hold it.

The notes that xlplan itself puts at the cells of a form which is sent back are nobody's remarks. They are known by
their sentences, so that one to which somebody has added a line is told.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any
from xml.etree.ElementTree import ParseError

from xlplan.form.write.order import HERE
from xlplan.formula.addresses import column_number, split_address
from xlplan.language.messages import LANGUAGES, has, text, wordings
from xlplan.language.privacy import masked
from xlplan.language.text import is_blank, shortened, tidy
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding
from xlplan.model.plan import Plan
from xlplan.spreadsheet.parts import Parts
from xlplan.spreadsheet.remarks import Remark, RemarkKind, remarks_on
from xlplan.spreadsheet.xmlcells import SheetPart

LISTED, LONGEST = 5, 20
"""Cells that a finding names, and how much of each."""

_WORDS: Mapping[RemarkKind, str] = {
    RemarkKind.NOTE: "artefacts.remarks.note",
    RemarkKind.COMMENT: "artefacts.remarks.comment",
    RemarkKind.SHAPE: "artefacts.remarks.shape",
    RemarkKind.PICTURE: "artefacts.remarks.picture",
    RemarkKind.CONTROL: "artefacts.remarks.control",
    RemarkKind.CHECKED: "artefacts.remarks.checked",
    RemarkKind.CELL_PICTURE: "artefacts.remarks.cell_picture",
}
_KINDS = ("missing", "error", "warning", "notice")
_GAP = re.compile(r"\{\w+\}")


def people_remarks(parts: Parts, name: str, part: SheetPart | None, plan: Plan) -> tuple[Remark, ...]:
    """What people wrote or put on a sheet besides the values of its cells.

    Args:
        parts: The parts of the workbook.
        name: The name of the sheet.
        part: Its XML; None where it is not there.
        plan: The plan, whose rules speak in the notes of a form that was sent back.

    Returns:
        The remarks; one that says so where they cannot be read.
    """
    try:
        found = remarks_on(parts, name, part)
    except ParseError:
        return (Remark("A1", RemarkKind.SHAPE, text("artefacts.remarks.unreadable", plan.language)),)
    return tuple(one for one in found if not (one.kind is RemarkKind.NOTE and _is_ours(one.words, plan)))


def take_pictures_out(grid: list[list[Any]], remarks: Sequence[Remark]) -> Sequence[Remark]:
    """Clear cells of what stands there for a picture, an error or a formula, and give the remarks again."""
    for remark in remarks:
        letters, row = split_address(remark.cell)
        if remark.kind is RemarkKind.CELL_PICTURE and row <= len(grid):
            grid[row - 1][column_number(letters) - 1] = ""
    return remarks


def remark_told(remark: Remark, language: str) -> str:
    """A remark in words: what it is, and what it says."""
    kind = text(_WORDS[remark.kind], language)
    if is_blank(remark.words):
        return kind
    return text("artefacts.remarks.told", language, kind=kind, words=tidy(remark.words))


def remarks_finding(plan: Plan, sheet: str, remarks: Sequence[Remark], form: str = "") -> Iterator[Finding]:
    """One finding that names the remarks on a sheet; none where there are none.

    Args:
        plan: The plan, which says how grave it is.
        sheet: The name of the sheet.
        remarks: The remarks.
        form: The form of the sheet; empty for another sheet.
    """
    if not remarks:
        return
    named = tuple((one.cell, _short(one, plan.language)) for one in remarks[:LISTED])
    more = ("…",) if len(remarks) > LISTED else ()
    yield Finding(
        FindingCode.REMARKS,
        plan.severity_of(FindingCode.BESIDE_FORM),  # an office that grades the one means the other as well
        form=form,
        sheet=sheet,
        cell=remarks[0].cell,
        params={"cells": named + more},
    )


def _short(remark: Remark, language: str) -> str:
    words = shortened(masked(tidy(remark.words)), LONGEST)
    return remark_told(remark._replace(words=words), language)


def _is_ours(words: str, plan: Plan) -> bool:
    """Whether a note says what a form that is sent back says at a cell, and nothing more."""
    own = set(_own_words(plan))
    lines = [tidy(line) for line in words.splitlines() if not is_blank(line)]
    for line in lines:
        if _allowances().fullmatch(line):
            continue
        head = _heads().match(line)
        said = line[head.end() :] if head else line
        if said not in own and not _sentences().fullmatch(said):
            return False
    return bool(lines) and _heads().match(lines[0]) is not None


def _own_words(plan: Plan) -> Iterator[str]:
    """What a plan itself says in the findings of its forms: its rules, and how its fields are written."""
    for form in plan.forms:
        for rule in form.rules:
            yield from (tidy(rule.message), tidy(rule.remedy))
        for field in form.fields:
            yield from (tidy(field.hint), tidy(field.pattern))


@cache
def _heads() -> re.Pattern[str]:
    """How a note begins, or began in a released version: a finding, or that the office allows one."""
    allowed = wordings("artefacts.entry.note_allowed", *LANGUAGES)
    found = {tidy(words.replace("{reason}", "")) for words in allowed}
    for language in LANGUAGES:
        kinds = frozenset[str]().union(*(wordings(f"artefacts.severity.{kind}", language) for kind in _KINDS))
        found |= {
            tidy(words.replace("{severity}", kind).replace("{message}", ""))
            for words in wordings("artefacts.entry.note_finding", language)
            for kind in kinds
        }
    return re.compile(rf"(?:{'|'.join(map(re.escape, sorted(found)))})\s*")


@cache
def _allowances() -> re.Pattern[str]:
    """That the office allows what stands in a cell, for whatever reason."""
    said = sorted(wordings("artefacts.entry.note_allowed", *LANGUAGES))
    return re.compile("|".join(".+".join(map(re.escape, _GAP.split(tidy(words)))) for words in said))


@cache
def _sentences() -> re.Pattern[str]:
    """Everything that a finding and its remedy can be; a gap takes any words."""
    keys = [key for code in FindingCode for key in (code.catalogue_key, code.remedy_key) if has(key)]
    sentences = {one for key in (*keys, *HERE.values()) for one in wordings(key, *LANGUAGES)}
    sentences.discard("{hint}")
    shapes = (".+".join(map(re.escape, _GAP.split(tidy(one)))) for one in sorted(sentences))
    return re.compile("|".join(shapes))
