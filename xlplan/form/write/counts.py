"""What the sheets count of the live checks: the banner, the link to the first problem, how many rows are done."""

from xlplan.fields.checks import CheckKind
from xlplan.form.layout.columns import Column, ColumnKind
from xlplan.form.layout.entry import FIRST_ROW, HEADER_ROW, EntryLayout
from xlplan.form.layout.stamps import Stamping
from xlplan.formula.addresses import quoted_sheet
from xlplan.formula.emission import quote
from xlplan.language.codes import Severity
from xlplan.language.messages import text


def totals(layout: EntryLayout, *, sheet: str = "") -> dict[str, str]:
    """Formulas that count over the whole sheet: missing, wrong, doubted, done (rows).

    A warning that cannot be decided is wrong, as it is an error to the validator. With `sheet` they are for
    another sheet.
    """
    prefix = f"{quoted_sheet(sheet)}!" if sheet else ""

    def block(*kinds: ColumnKind) -> str:
        columns = layout.of_kind(*kinds)
        if not columns:
            return "0"
        last = max(layout.last_row, FIRST_ROW)
        cells = f"{prefix}${columns[0].letters}${FIRST_ROW}:${columns[-1].letters}${last}"
        return f'COUNTIF({cells},">0")'

    count = f"{prefix}{layout.down(layout.column(ColumnKind.COUNT, 'count'))}"
    doubts = [
        f"COUNTIF({prefix}{layout.down(layout.column(ColumnKind.DOUBTED, check.rule.id))},{check.number})"
        for check in layout.checks
        if check.kind is CheckKind.RULE and check.rule and check.severity is Severity.WARNING
    ]
    doubted = f"({'+'.join(doubts)})" if doubts else "0"
    undecided = f"+{block(ColumnKind.DOUBTED)}-{doubted}" if doubts else ""
    if layout.form.is_open:
        used = f"{prefix}{layout.down(layout.column(ColumnKind.USED, 'used'))}"
        there, rows = f"({used}=1)", f"SUM({used})"
    else:
        items = f"{prefix}{layout.down(layout.column(ColumnKind.ITEM, 'item'))}"
        there, rows = f'({items}<>"")', f"COUNTA({items})"
    return {
        "missing": f"({block(ColumnKind.MISSING)}{_overlooked(layout, prefix)})",
        "wrong": f"({block(ColumnKind.WRONG)}+{block(ColumnKind.BROKEN)}{undecided})",
        "doubted": doubted,
        "done": f"SUMPRODUCT({there}*({count}=0))",
        "rows": rows,
    }


def _overlooked(layout: EntryLayout, prefix: str) -> str:
    """What to add to the missing cells: the empty ones that no check looks at, since one was cut and pasted elsewhere.

    A formula follows a cell that is cut, but not a range whose ends are locked: heading and row below the table.
    """
    required = [] if layout.form.is_open else [one for one in layout.form.entered if one.required is True]
    if not required:
        return ""

    def blank(column: Column) -> str:
        last = max(layout.last_row, FIRST_ROW) + 1
        return f"COUNTBLANK({prefix}${column.letters}${HEADER_ROW}:${column.letters}${last})"

    cells = "+".join(blank(layout.field_column(one)) for one in required)
    rows = blank(layout.column(ColumnKind.ITEM, "item"))  # those without an item, and the one below
    seen = "".join(
        f'-COUNTIF({prefix}{layout.down(layout.column(ColumnKind.MISSING, one.id))},">0")' for one in required
    )
    return f"+MAX(0,{cells}-{len(required)}*{rows}{seen})"


def untouched(layout: EntryLayout, *, sheet: str = "") -> str:
    """A condition that is TRUE while nothing at all is entered; empty where the sheet itself asks for something."""
    if layout.form.is_open or any(one.required is True for one in layout.form.entered):
        return ""
    prefix = f"{quoted_sheet(sheet)}!" if sheet else ""
    entries = ",".join(f"{prefix}{layout.down(one)}" for one in layout.of_kind(ColumnKind.ENTRY))
    return f"COUNTA({entries})=0"


def banner(layout: EntryLayout, *, sheet: str = "") -> str:
    """A formula that says what is left to do on a sheet."""
    counts = totals(layout, sheet=sheet)

    def said(key: str) -> str:
        return quote(text(key, layout.language))

    total = "+".join(counts[one] for one in ("missing", "wrong", "doubted"))
    parts = [
        said("artefacts.entry.banner_missing"),
        counts["missing"],
        said("artefacts.entry.banner_errors"),
        counts["wrong"],
    ]
    parts += [said("artefacts.entry.banner_warnings"), counts["doubted"], said("artefacts.entry.banner_end")]
    nothing = said("artefacts.entry.banner_open") if layout.form.is_open else '""'
    well = said("artefacts.entry.banner_ok")
    if none := untouched(layout, sheet=sheet):
        well = f"IF({none},{said('artefacts.entry.banner_untouched')},{well})"
    return f"""IF({counts["rows"]}=0,{nothing},IF({total}=0,{well},{"&".join(parts)}))"""


def done(layout: EntryLayout) -> str:
    """A formula that says how many rows are done, and of how many."""
    counts = totals(layout)
    if none := untouched(layout):
        counts["done"] = f"IF({none},0,{counts['done']})"
    return f'"{text("artefacts.entry.done", layout.language)} "&{counts["done"]}&" / "&{counts["rows"]}'


def banner_states(layout: EntryLayout, cell: str) -> list[tuple[str, str]]:
    """The conditions and fills of the banner in `cell`: all is well, or something is left to do."""

    def says(key: str) -> str:
        return f"{cell}={quote(text(f'artefacts.entry.{key}', layout.language))}"

    well = f"OR({says('banner_ok')},{says('banner_open')})" if layout.form.is_open else says("banner_ok")
    neither = f",NOT({says('banner_untouched')})" if untouched(layout) else ""
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
