"""How cells and tables look in the workbook: the style of a role, the shade of a tone, what each kind of table has."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from xlplan.report.tables import Cell, Role, Table, Tone
from xlplan.spreadsheet.book import Paper
from xlplan.spreadsheet.styles import FILLS, INK, NAVY, QUIET, SLATE, WHITE

Shade = Mapping[str, object]
"""Properties of a conditional format, as XlsxWriter has them."""

PLAIN: Shade = {"bg_color": "#B8C7D9", "font_color": INK}
"""What is said has no rank."""
_HATCHED: Shade = {"pattern": 14, "bg_color": WHITE, "fg_color": SLATE, "font_color": INK}
_LIGHT = "#DCE6F2"
_DARK_FROM = 0.55
"""Share of the way from light to dark from which letters are white."""
_STATE_FILLS = ("ok", "missing", "doubted", "wrong")
"""The fill of a state by how much it asks to be looked at."""


def shade(tone: Tone) -> Shade:
    """The shade of a tone: the least rank hatched, the others from light to dark, no rank plain."""
    if tone.step is None or tone.of < 2:
        return PLAIN
    return _HATCHED if tone.step == 0 else _blended((tone.step - 1) / max(1, tone.of - 2))


def _blended(share: float) -> Shade:
    """A colour on the way from light (0) to dark (1), with letters that can be read on it."""
    pairs = zip(_channels(_LIGHT), _channels(NAVY), strict=True)
    mixed = "".join(f"{round(light + (dark - light) * share):02X}" for light, dark in pairs)
    return {"bg_color": f"#{mixed}", "font_color": WHITE if share >= _DARK_FROM else INK}


def _channels(colour: str) -> list[int]:
    """Red, green and blue of a colour such as #DCE6F2, each 0 to 255."""
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def state_fill(tone: Tone | None) -> Shade:
    """The fill of a state; nothing where it has no tone."""
    return {} if tone is None or tone.step is None else FILLS[_STATE_FILLS[tone.step]]


# --- kinds of tables -------------------------------------------------------------------------------

_WORDS = frozenset({Role.NAME, Role.TEXT})
_ANSWERS = _WORDS | {Role.ANSWER, Role.SIGN, Role.QUANTITY}
_A4_UPRIGHT, _A4, _A3 = Paper(9, landscape=False), Paper(9), Paper(8)
_SIGN_SIZE = 13
_REGISTER = {
    Role.NUMBER: "value",
    Role.NAME: "value",
    Role.TEXT: "value",
    Role.ANSWER: "value_centre",
    Role.STATE: "value_centre",
}
STYLES = {
    Role.HEAD: "head",
    Role.HEAD_OVER: "head",
    Role.NUMBER: "cell_centre",
    Role.NAME: "cell",
    Role.TEXT: "cell",
    Role.COMMAND: "cell",
    Role.LABEL: "label",
    Role.ANSWER: "cell_centre",
    Role.QUANTITY: "figure",
    Role.SIGN: "cell_centre",
    Role.BAR: "cell_centre",
    Role.FIGURE: "figure",
    Role.STATE: "cell_centre",
    Role.ABSENT: "cell_centre",
}
"""The style of each role by its name."""
_MORE: Mapping[Role, Shade] = {
    Role.LABEL: {"align": "center"},
    Role.SIGN: {"font_size": _SIGN_SIZE},
    Role.ABSENT: {"font_color": QUIET},
}


@dataclass(frozen=True, slots=True)
class Look:
    """What tables of one kind have in the workbook.

    Attributes:
        papers: The papers on which it may be printed: the first on which it can be read.
        measured: The roles of the columns whose texts a row must be high enough for.
        styles: The names of the styles of roles that are not those of most tables.
        head: Points of a row of heads.
        least: Points that a row has at least.
        more: Points that a row has besides what its texts need.
        band: The size of the letters of an outer band.
        key: The address of an item's number, with its row left open.
        paged: Whether it has page breaks of its own; else it is fitted to the width of its paper.
        written: How many rows below the heads are printed at least.
        filtered: Whether its heads have buttons to filter by.
        shaded: Whether states are coloured by what they say, also when that changes.
    """

    papers: tuple[Paper, ...]
    measured: frozenset[Role]
    styles: Mapping[Role, str] = field(default_factory=dict)
    head: float = 20.0
    least: float = 0.0
    more: float = 0.0
    band: int = 9
    key: str = "$A${}"
    paged: bool = True
    written: int = 0
    filtered: bool = False
    shaded: bool = False


LOOKS: Mapping[str, Look] = {
    "progress": Look((_A3,), _WORDS, least=20.0, band=10, shaded=True),
    "status": Look((_A4_UPRIGHT, _A4, _A3), _ANSWERS, least=18.0),
    "schedule": Look(
        (_A4_UPRIGHT, _A4, _A3), _ANSWERS, {Role.HEAD_OVER: "head_office"}, least=21.0, key="$A{}"
    ),
    "list": Look((_A3,), _ANSWERS | {Role.NUMBER}, head=24.0, key="$A{}", paged=False, written=1),
    "corrections": Look((_A3,), _ANSWERS, _REGISTER, head=22.0, paged=False, written=1),
    "returns": Look(
        (_A4,), frozenset({Role.NAME}), _REGISTER, head=22.0, more=3.0, paged=False, written=1, filtered=True
    ),
    "findings": Look(
        (_A3,),
        _ANSWERS | {Role.NUMBER, Role.STATE},
        _REGISTER,
        head=22.0,
        paged=False,
        written=1,
        filtered=True,
    ),
    "decisions": Look(
        (_A3,), _ANSWERS | {Role.NUMBER, Role.STATE}, _REGISTER, head=22.0, paged=False, written=1
    ),
}
"""The looks of the kinds of tables that have a sheet to themselves."""


def bars(table: Table) -> tuple[int, int] | None:
    """The first and the last column (from 1) of a table's bars; None where it has none."""
    found = [at for at, column in enumerate(table.columns, 1) if column.role is Role.BAR]
    return (found[0], found[-1]) if found else None


def style_of(cell: Cell, look: Look) -> tuple[str, dict[str, object]]:
    """How a cell looks.

    Args:
        cell: The cell.
        look: The look of its table.

    Returns:
        The name of a style, and the properties of XlsxWriter that come on top of it.
    """
    more: dict[str, object] = {"valign": "vcenter", **_MORE.get(cell.role, {})}
    if cell.format:
        more["num_format"] = cell.format
    if cell.strong:
        more["bold"] = True
    if cell.role is Role.STATE and not cell.source:  # what can change has a conditional format
        more |= state_fill(cell.tone)
    return look.styles.get(cell.role) or STYLES[cell.role], more
