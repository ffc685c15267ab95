"""How a value is shown in a table: its style, the formula that shows it, the shade of a choice by its rank."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from xlplan.formula.emission import quote
from xlplan.language.eras import ERAS, WAREKI
from xlplan.model.form import Choice, Field, FieldType
from xlplan.model.plan import Plan
from xlplan.spreadsheet.styles import INK, NAVY, SLATE, WHITE, day_format, short_day_format

Shade = Mapping[str, object]
"""Properties of a conditional format, as XlsxWriter has them."""

PLAIN: Shade = {"bg_color": "#B8C7D9", "font_color": INK}
"""What is said has no rank."""
_HATCHED: Shade = {"pattern": 14, "bg_color": WHITE, "fg_color": SLATE, "font_color": INK}
_LIGHT = "#DCE6F2"
_DARK_FROM = 0.55
"""Share of the way from light to dark from which letters are white."""


def shades(choices: Sequence[Choice]) -> Mapping[str, Shade]:
    """The shade of each choice by its value: the least rank hatched, the others from light to dark, no rank plain.

    Where all that have a rank have the same, nothing is more or less: they are plain.

    Returns:
        Properties of a conditional format by the choice's value.
    """
    ranks = sorted({choice.rank for choice in choices if choice.rank is not None})
    if len(ranks) < 2:
        return {choice.value: PLAIN for choice in choices}
    steps = max(1, len(ranks) - 2)
    by_rank = {rank: _blended(at / steps) for at, rank in enumerate(ranks[1:])}
    by_rank[ranks[0]] = _HATCHED
    return {choice.value: PLAIN if choice.rank is None else by_rank[choice.rank] for choice in choices}


def _blended(share: float) -> Shade:
    """A colour on the way from light (0) to dark (1), with letters that can be read on it."""
    pairs = zip(_channels(_LIGHT), _channels(NAVY), strict=True)
    mixed = "".join(f"{round(light + (dark - light) * share):02X}" for light, dark in pairs)
    return {"bg_color": f"#{mixed}", "font_color": WHITE if share >= _DARK_FROM else INK}


def _channels(colour: str) -> list[int]:
    """Red, green and blue of a colour such as #DCE6F2, each 0 to 255."""
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def value_style(field: Field, plan: Plan, *, centre_numbers: bool = False) -> tuple[str, dict[str, object]]:
    """How a field's values are written in a table.

    Args:
        field: The field.
        plan: Its plan, which says how days and years are written.
        centre_numbers: Numbers stand in the middle of their column, not at the right.

    Returns:
        The name of a style, and the properties of XlsxWriter that come on top of it.
    """
    match field.type:
        case FieldType.CHOICE:
            return "cell_centre", {}
        case FieldType.DATE:
            return "cell_centre", {"num_format": short_day_format(plan)}
        case FieldType.MONTH | FieldType.YEAR:
            return "cell_centre", {"num_format": day_format(field.type, plan)}
        case FieldType.WHOLE | FieldType.NUMBER:
            shape = "#,##0" if field.type is FieldType.WHOLE else "#,##0.###"
            return "cell_centre" if centre_numbers else "figure", {"num_format": shape}
        case _:
            return "cell", {}


def shown_value(address: str, field: Field, plan: Plan) -> str:
    """A formula that shows the value of a field, "" where it is blank or absent.

    No number format writes a fiscal year by the Japanese calendar: there it is shown as a text.

    Args:
        address: A formula, without its leading `=`, that gives the value: an address or a look-up.
        field: The field whose value it is.
        plan: The field's plan, which says how years are written.

    Returns:
        The formula, without its leading `=`.
    """
    if field.type is FieldType.YEAR and plan.calendar == WAREKI:
        return (
            f'IFERROR(IF({address}="","",{year_formula(address, plan.language, plan.fiscal_year_start)}),"")'
        )
    if field.type in (FieldType.TEXT, FieldType.CHOICE, FieldType.ITEM):
        return f'IFERROR({address}&"","")'
    return f'IFERROR(IF({address}="","",{address}),"")'


def year_formula(cell: str, language: str, start_month: int) -> str:
    """A formula that writes a fiscal year by the Japanese calendar, as `calendar.fiscal_year_label` does.

    Args:
        cell: Address of the cell, or a formula, that gives the western year.
        language: `ja` or `en`.
        start_month: The month, from 1, in which a fiscal year begins.

    Returns:
        The formula, without its leading `=`.
    """
    starts = [era.since.year + (era.since > date(era.since.year, start_month, 1)) for era in ERAS]
    names = [quote(era.letter if language == "en" else era.kanji) for era in ERAS]

    def looked_up(values: Iterable[object]) -> str:
        return f"LOOKUP({cell},{{{','.join(map(str, starts))}}},{{{','.join(map(str, values))}}})"

    number = f"{cell}-{looked_up(era.since.year - 1 for era in ERAS)}"
    if language == "en":
        return f'"FY"&{cell}&" ("&{looked_up(names)}&({number})&")"'
    return f'{looked_up(names)}&IF({number}=1,"元",{number})&"年度"'
