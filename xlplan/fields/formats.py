"""Which number formats a plan may give: those that Excel takes, and that show a field's values and no others.

ECMA-376 part 1, 18.8.31: 0, #,##0.00, £#,##0.00, 0"件", yyyy/m/d.
"""

import re
from collections.abc import Iterator

from xlplan.fields.amounts import PERCENT, unit_of
from xlplan.fields.table import type_of
from xlplan.formula.dayformats import DAY_SIGNS
from xlplan.formula.excel import MAX_NUMBER_FORMAT
from xlplan.formula.numberformats import (
    CONDITION,
    CURRENCY,
    ELAPSED,
    TOKEN,
    NumberFormat,
    Section,
    number_format,
)
from xlplan.language.text import units
from xlplan.model.form import Field, FilledBy
from xlplan.model.plancodes import PlanCode

_MOST_SECTIONS = 4
_COLOUR = re.compile(
    r"black|blue|cyan|green|magenta|red|white|yellow|colou?r *[1-9][0-9]?|[黒青水緑紫赤白黄]|色 *[1-9][0-9]?",
    re.IGNORECASE,
)
_DAY_SIGNS = re.compile(
    "y{1,4}|m{1,5}|d{1,4}|h{1,2}|s{1,2}|g{1,3}|e{1,2}|aaaa?|b{2}|b{4}|AM/PM|A/P", re.IGNORECASE
)
_NO_SIGN = re.compile("[A-Za-z]", re.ASCII)
_NUMBERS = (0.0, 1.0, 1234.0)
"""What a format is tried with, and with the same below zero."""


def is_known(code: str) -> bool:
    """Whether Excel takes a code for a number format: it refuses words outside quotation marks, and much else."""
    found = number_format(code)
    return (
        0 < units(code) <= MAX_NUMBER_FORMAT
        and len(found.sections) <= _MOST_SECTIONS
        and all(_is_known_piece(piece) for piece in TOKEN.finditer(code))
        and all(map(_is_sound, found.sections))
    )


def _is_known_piece(piece: re.Match[str]) -> bool:
    """Whether a quotation mark or a bracket is closed, and a bracket holds what one may."""
    written = piece[0]
    if piece["quoted"] is not None:
        return len(written) > 1 and written.endswith('"')
    inside = piece["bracket"]
    if inside is not None:
        return any(shape.fullmatch(inside) for shape in (_COLOUR, CONDITION, ELAPSED)) or bool(
            CURRENCY.match(inside)
        )
    bare = bool(_NO_SIGN.match(piece["sign"] or "")) and written.lower() not in DAY_SIGNS
    return not bare and written not in ("\\", "[", "]", "_", "*")


def _is_sound(section: Section) -> bool:
    """Whether the pieces of a section go together: a day and digits do not, nor two decimal points."""
    kinds = [kind for kind, _ in section.tokens]
    alone = kinds.count("general") + kinds.count("text") + (section.is_day or "place" in kinds)
    places = section.is_day and "place" in kinds and not _parts_of_seconds(section)
    days = all(
        _DAY_SIGNS.fullmatch(written) or written.startswith("[")
        for kind, written in section.tokens
        if kind == "day"
    )
    return alone <= 1 and not places and days and kinds.count("point") <= 1


def _parts_of_seconds(section: Section) -> bool:
    return "s.0" in "".join(written for _, written in section.tokens).lower()


# --- formats of fields -------------------------------------------------------------------------------


def format_fault(field: Field) -> tuple[PlanCode, str] | None:
    """The finding of the format that the plan gives a field, with the other unit that it names; None where it fits."""
    kind = type_of(field)
    if kind.numeric:
        return _amount_fault(field)
    return _day_fault(field, kind.parts) if kind.parts else (PlanCode.FORMAT_UNFIT, "")


def _amount_fault(field: Field) -> tuple[PlanCode, str] | None:
    """What is wrong with the format of a field that counts something.

    A share may be shown by % where a formula gives it: what is typed into such a cell would be divided by a hundred.

    Returns:
        The finding, with the unit that the format names where it is another one; None where nothing is wrong.
    """
    code, found = field.format, number_format(field.format)
    if not is_known(code):
        return PlanCode.FORMAT_UNKNOWN, ""
    sections = found.sections[:3]
    if any(section.is_day or (section.plain and not _is_general(section)) for section in sections):
        return PlanCode.FORMAT_UNFIT, ""
    percents = any(section.percents for section in sections)
    if any(section.commas for section in sections) or (percents and field.filled_by is not FilledBy.FORMULA):
        return PlanCode.FORMAT_SCALES, ""
    if not _tells_apart(found):
        return PlanCode.FORMAT_HIDES, ""
    other = next((named for named in _named(sections) if unit_of(named) != unit_of(field.unit)), "")
    return (PlanCode.FORMAT_UNIT, other) if other and field.unit else None


def _day_fault(field: Field, parts: str) -> tuple[PlanCode, str] | None:
    """What is wrong with the format of a field of days: it is to show each of `parts` (y, m, d), and no time.

    Returns:
        The finding; None where nothing is wrong.
    """
    if not is_known(field.format):
        return PlanCode.FORMAT_UNKNOWN, ""
    section, *others = number_format(field.format).sections
    shown = {written[0].lower().replace("e", "y") for kind, written in section.tokens if kind == "day"}
    wanted = set(parts)
    fits = not others and not section.how and wanted <= shown <= wanted | set("gab")
    return None if fits else (PlanCode.FORMAT_UNFIT, "")


def _is_general(section: Section) -> bool:
    return any(kind == "general" for kind, _ in section.tokens)


def _tells_apart(found: NumberFormat) -> bool:
    """Whether every number is seen, and what is below zero looks otherwise than what is above.

    For 0 a word or a sign may stand, where the format has a section for it.
    """
    nothing, *some = (found.shown(number).text for number in _NUMBERS)
    some += [found.shown(0 - number).text for number in _NUMBERS[1:]]
    seen = [*some, nothing] if len(found.sections) < 3 else some
    return bool(nothing) and all(map(_has_digit, seen)) and len({nothing, *some}) == len(some) + 1


def _has_digit(shown: str) -> bool:
    return any(map(str.isdecimal, shown))


def _named(sections: tuple[Section, ...]) -> Iterator[str]:
    """The units that a format names; what it says of zero alone is none."""
    for at, section in enumerate(sections):
        if section.words and (at < 2 or section.how):
            yield section.words
        if section.percents:
            yield PERCENT
