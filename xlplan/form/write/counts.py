"""What the sheets count of the live checks: the banner, the link to the first problem, how many rows are done."""

from itertools import accumulate

from xlplan.fields.checks import CheckKind
from xlplan.form.layout.columns import GREY, Column, ColumnKind
from xlplan.form.layout.entry import FIRST_ROW, HEADER_ROW, EntryLayout
from xlplan.form.layout.stamps import Stamping
from xlplan.formula.addresses import quoted_sheet
from xlplan.formula.emission import quote
from xlplan.language.codes import Severity
from xlplan.language.messages import text

BANNER_WIDTH = 44
"""Characters that the words of the banner take."""


def totals(layout: EntryLayout, *, sheet: str = "") -> dict[str, str]:
    """Formulas that count over the whole sheet: missing, wrong, doubted, done (rows), rows.

    A warning that cannot be decided is wrong, as it is an error to the validator. With `sheet`, its name, they are
    for another sheet.
    """
    prefix = f"{quoted_sheet(sheet)}!" if sheet else ""
    count = f"{prefix}{layout.down(layout.column(ColumnKind.COUNT, 'count'))}"
    doubts = [
        f"COUNTIF({prefix}{layout.down(layout.column(ColumnKind.DOUBTED, check.rule.id))},{check.number})"
        for check in layout.checks
        if check.kind is CheckKind.RULE and check.rule and check.severity is Severity.WARNING
    ]
    doubted = f"({'+'.join(doubts)})" if doubts else "0"
    undecided = f"+{_failed(layout, prefix, ColumnKind.DOUBTED)}-{doubted}" if doubts else ""
    missing, wrong, broken = (
        _failed(layout, prefix, kind) for kind in (ColumnKind.MISSING, ColumnKind.WRONG, ColumnKind.BROKEN)
    )
    if layout.form.is_open:
        used = f"{prefix}{layout.down(layout.column(ColumnKind.USED, 'used'))}"
        there, rows = f"({used}=1)", f"SUM({used})"
    else:
        items = f"{prefix}{layout.down(layout.column(ColumnKind.ITEM, 'item'))}"
        there, rows = f'({items}<>"")', f"COUNTA({items})"
    return {
        "missing": f"({missing}{_overlooked(layout, prefix)})",
        "wrong": f"({wrong}+{broken}{undecided})",
        "doubted": doubted,
        "done": f"SUMPRODUCT({there}*({count}=0))",
        "rows": rows,
    }


def _failed(layout: EntryLayout, prefix: str, kind: ColumnKind) -> str:
    """A formula that counts the failed checks in the hidden columns of one kind, which stand side by side."""
    columns = layout.of_kind(kind)
    if not columns:
        return "0"
    last = max(layout.last_row, FIRST_ROW)
    return f'COUNTIF({prefix}${columns[0].letters}${FIRST_ROW}:${columns[-1].letters}${last},">0")'


def _overlooked(layout: EntryLayout, prefix: str) -> str:
    """What to add to the missing cells: the empty ones that no check looks at, since one was cut and pasted elsewhere.

    A formula follows a cell that is cut, but not a range whose ends are locked: heading and row below the table.
    """
    required = (
        [] if layout.form.is_open else [field for field in layout.form.entered if field.required is True]
    )
    if not required:
        return ""

    def blank(column: Column) -> str:
        last = max(layout.last_row, FIRST_ROW) + 1
        return f"COUNTBLANK({prefix}${column.letters}${HEADER_ROW}:${column.letters}${last})"

    cells = "+".join(blank(layout.field_column(field)) for field in required)
    rows = blank(layout.column(ColumnKind.ITEM, "item"))  # those without an item, and the one below
    checks = [f"{prefix}{layout.down(layout.column(ColumnKind.MISSING, field.id))}" for field in required]
    # those that may stay empty are negative
    seen = "".join(f'-COUNTIF({cells},">0")-COUNTIF({cells},"<0")' for cells in checks)
    return f"+MAX(0,{cells}-{len(required)}*{rows}{seen})"


def untouched(layout: EntryLayout, *, sheet: str = "") -> str:
    """A condition that is TRUE while nothing at all is entered; empty where the sheet itself asks for something."""
    if layout.form.is_open or any(field.required is True for field in layout.form.entered):
        return ""
    prefix = f"{quoted_sheet(sheet)}!" if sheet else ""
    entries = ",".join(f"{prefix}{layout.down(column)}" for column in layout.of_kind(ColumnKind.ENTRY))
    return f"COUNTA({entries})=0"


def banner(layout: EntryLayout, *, sheet: str = "") -> str:
    """A formula that says what is left to do on a sheet; with `sheet`, its name, it is for another sheet."""
    counts = totals(layout, sheet=sheet)

    def word(key: str) -> str:
        return quote(text(key, layout.language))

    total = "+".join(counts[kind] for kind in ("missing", "wrong", "doubted"))
    parts = [
        word("artefacts.entry.banner_missing"),
        counts["missing"],
        word("artefacts.entry.banner_errors"),
        counts["wrong"],
    ]
    parts += [word("artefacts.entry.banner_warnings"), counts["doubted"], word("artefacts.entry.banner_end")]
    nothing = word("artefacts.entry.banner_open") if layout.form.is_open else '""'
    well = word("artefacts.entry.banner_ok")
    if none := untouched(layout, sheet=sheet):
        well = f"IF({none},{word('artefacts.entry.banner_untouched')},{well})"
    return f"""IF({counts["rows"]}=0,{nothing},IF({total}=0,{well},{"&".join(parts)}))"""


def banner_end(layout: EntryLayout) -> int:
    """The last column of the banner: above the item's, or where those are few, as far as its words go."""
    grey = layout.of_kind(*GREY)[-1].index
    wide = accumulate(column.width for column in layout.shown)
    needed = next(at for at, width in enumerate(wide, 1) if width >= BANNER_WIDTH or at == len(layout.shown))
    return max(grey, min(needed, len(layout.shown) - 1))


def done(layout: EntryLayout) -> str:
    """A formula that says how many rows are done, and of how many."""
    counts = totals(layout)
    if none := untouched(layout):
        counts["done"] = f"IF({none},0,{counts['done']})"
    return f'"{text("artefacts.entry.done", layout.language)} "&{counts["done"]}&" / "&{counts["rows"]}'


def banner_states(layout: EntryLayout, cell: str) -> list[tuple[str, str]]:
    """The conditions and fills of the banner in `cell`: all is well, or something is left to do."""

    def says(key: str) -> str:
        return f"{cell}={quote(text(key, layout.language))}"

    well = says("artefacts.entry.banner_ok")
    if layout.form.is_open:
        well = f"OR({well},{says('artefacts.entry.banner_open')})"
    neither = f",NOT({says('artefacts.entry.banner_untouched')})" if untouched(layout) else ""
    return [(f"={well}", "ok"), (f'=AND(NOT({well}),{cell}<>""{neither})', "to_do")]


def link_to_first(layout: EntryLayout, stamps: Stamping) -> str:
    """A formula that links to the first problem of the sheet."""
    at = layout.down(layout.column(ColumnKind.AT, "at"))
    first = layout.down(layout.column(ColumnKind.FIRST, "first"))
    row = f"MIN({at})"
    column = f"INDEX({stamps.target(layout.form.id)},INDEX({first},{row}-{FIRST_ROW - 1}))"
    place = f"{quote(f'#{quoted_sheet(layout.form.title)}!')}&ADDRESS({row},{column},4)"
    goto = quote(text("artefacts.entry.goto", layout.language))
    none = quote(text("artefacts.entry.goto_none", layout.language))
    return f"IF(COUNT({at})=0,{none},HYPERLINK({place},{goto}))"


def has_problem(layout: EntryLayout) -> str:
    """A condition that is TRUE while the sheet has a problem to go to."""
    return f"COUNT({layout.down(layout.column(ColumnKind.AT, 'at'))})>0"
