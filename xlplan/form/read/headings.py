"""The row of headings of a returned sheet: which column holds what, wherever it stands and whatever was added."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from xlplan.fields.table import type_of
from xlplan.form.layout.columns import Column, ColumnKind
from xlplan.form.layout.entry import BANDS, HEADER_ROW, EntryLayout
from xlplan.form.layout.words import FormWords
from xlplan.formula.addresses import column_letters
from xlplan.language.messages import released_everywhere, wordings
from xlplan.language.text import fold, likeness
from xlplan.spreadsheet.seencells import SeenColumn
from xlplan.spreadsheet.xmlcells import SheetPart

KINDS = (ColumnKind.OFFICE, ColumnKind.ENTRY)
"""The columns whose values are the answer: two of one heading leave open which is meant."""

_SEARCHED = 60
"""Rows in which the headings are looked for."""
_RENAMED = 75.0
"""The least likeness (0 to 100) at which a heading that stands elsewhere is taken for a changed one."""

_INSERTED = 10
"""Columns behind the check column in which the first hidden one is looked for."""

FormulaPlaces = Sequence[tuple[str, str, str]]
"""Columns of formulas: kind and name in one word, the heading that they count for, letters."""

_folded = lru_cache(maxsize=4096)(fold)  # the same headings stand in every return


@dataclass(frozen=True, slots=True)
class Headings:
    """What the headings of a form are called: by folded heading, where in `shown` the column stands.

    `shown` are the layout's, with the headings that the workbook has. `above` are the words, folded, that the form
    itself has above them, `title` is the name of its sheet.
    """

    layout: EntryLayout
    title: str
    shown: tuple[Column, ...]
    names: Mapping[str, int]
    item: int
    answers: frozenset[int]
    above: frozenset[str]

    @classmethod
    def of(cls, layout: EntryLayout) -> "Headings":
        """The headings of a layout, as the plan and the catalogue have them, and as released versions wrote them."""
        shown = layout.shown
        names = _names(layout)
        for at, column in enumerate(shown):
            for word in _released_headings(layout, column):
                names.setdefault(fold(word), at)
        item = next(at for at, column in enumerate(shown) if column.kind is ColumnKind.ITEM)
        answers = frozenset(at for at, column in enumerate(shown) if column.kind in KINDS)
        nobody = wordings("artefacts.blank.department", layout.language)
        owners = (*nobody, *(department.name for department in layout.plan.departments))
        bands = (word for key in BANDS for word in wordings(key, layout.language))
        heads = (layout.title, layout.note, *_released_heads(layout))
        above = frozenset(map(fold, (*heads, *bands, *owners)))
        return cls(layout, layout.form.title, shown, names, item, answers, above)

    def called(self, words: FormWords | None) -> "Headings":
        """The same columns as a workbook calls them that says its words; where it says none they stay."""
        if words is None:
            return self
        shown = tuple(
            replace(column, heading=words.columns.get(column.key, column.heading)) for column in self.shown
        )
        own = {_folded(column.heading): at for at, column in enumerate(shown) if column.key in words.columns}
        above = self.above.union(map(_folded, words.heads.values()))
        return replace(self, title=words.title, shown=shown, names={**self.names, **own}, above=above)


def _released_heads(layout: EntryLayout) -> Iterator[str]:
    """The title and the note above the headings in the words of released versions."""
    form, language = layout.form, layout.language
    for title in released_everywhere("artefacts.entry.title", language):
        yield title.format(period=layout.period.label, title=layout.plan.title, form=form.title)
    for legend in released_everywhere("artefacts.entry.legend", language):
        for gap in released_everywhere("signs.gap", language):
            yield gap.join(filter(None, (form.note, legend)))


def _names(layout: EntryLayout) -> dict[str, int]:
    """The place of each column by its folded heading: that of an answer with and without its unit and sign."""
    names = {fold(column.heading): at for at, column in enumerate(layout.shown)}
    for at, column in enumerate(layout.shown):
        if column.kind in KINDS:
            names |= {fold(name): at for name in layout.names_of(layout.form.by_id[column.name])}
    return names


def _released_headings(layout: EntryLayout, column: Column) -> Iterator[str]:
    """What a column was called in the words of released versions."""
    language, field = layout.language, layout.form.by_id.get(column.name)
    match column.kind:
        case ColumnKind.NUMBER:
            yield from wordings("artefacts.entry.number", language)
        case ColumnKind.ITEM if layout.form.is_open:
            yield from wordings("artefacts.entry.number", language)
        case ColumnKind.ITEM:
            yield from released_everywhere("tables.items.id", language)
        case ColumnKind.ATTRIBUTE:
            yield from released_everywhere(f"tables.items.{column.name}", language)
        case ColumnKind.CHECK:
            yield from wordings("artefacts.entry.check", language)
        case ColumnKind.PREVIOUS if field:
            before = layout.plan.previous(layout.period)
            labels = (before.label,) if before else wordings("artefacts.entry.before", language)
            for template in wordings("artefacts.entry.previous", language):
                yield from (template.format(period=label, label=field.heading) for label in labels)
        case ColumnKind.ENTRY if field and field.required is not False:
            sign = "artefacts.entry.mark" if field.required is True else "artefacts.entry.mark_if"
            yield from (field.heading + mark for mark in wordings(sign, language))


@dataclass(frozen=True, slots=True)
class HeadingRow:
    """The headings as found. `row` is 1-based; columns of the sheet are 0-based, those of the form places in `shown`.

    `twice` are columns of answers with a heading that stands there more than once: none of them is in `places`.
    `renamed` are those taken under another heading, `unknown` the headings that are none of the form's.
    """

    row: int
    places: Mapping[int, int]
    twice: Mapping[int, tuple[int, ...]]
    renamed: Mapping[int, str]
    unknown: Mapping[int, str]
    blank: tuple[int, ...]


def find_headings(grid: Sequence[Sequence[object]], headings: Headings) -> HeadingRow | None:
    """The row of headings; None where there is none."""
    rows = [HEADER_ROW - 1, *(at for at in range(min(len(grid), _SEARCHED)) if at != HEADER_ROW - 1)]
    for at in rows:
        found, unknown = _known(grid[at], headings) if at < len(grid) else ({}, {})
        here = headings.answers.intersection(found)
        if len(here) + (headings.item in found) > (len(headings.answers) + 1) / 2:
            row = _settled(at + 1, found, unknown, headings)
            if headings.item in row.places:
                return row
    return None


def _known(line: Sequence[object], headings: Headings) -> tuple[dict[int, list[int]], dict[int, str]]:
    found: dict[int, list[int]] = {}
    unknown: dict[int, str] = {}
    for column, cell in enumerate(line):
        if isinstance(cell, str) and cell and (key := _folded(cell)):
            at = headings.names.get(key)
            if at is None:
                unknown[column] = cell
            else:
                found.setdefault(at, []).append(column)
    return found, unknown


def _settled(
    row: int, found: Mapping[int, list[int]], unknown: dict[int, str], headings: Headings
) -> HeadingRow:
    """The headings with each column decided: of two with one heading neither, of one that was renamed that one."""
    twice = {
        at: tuple(columns) for at, columns in found.items() if len(columns) > 1 and at in headings.answers
    }
    places = {at: columns[0] for at, columns in found.items() if at not in twice}
    for at, columns in found.items():
        if at not in twice:
            unknown |= dict.fromkeys(columns[1:], headings.shown[at].heading)
    renamed: dict[int, str] = {}
    if unknown and len(places) < len(headings.shown):
        missing = [at for at in range(len(headings.shown)) if at not in found]
        for at, column in (*_between(missing, places, unknown), *_alike(missing, unknown, headings)):
            if at not in renamed and column in unknown:
                renamed[at] = unknown.pop(column)
                places[at] = column
    taken = {*places.values(), *unknown, *(column for columns in twice.values() for column in columns)}
    blank = tuple(column for column in range(max(places.values(), default=0)) if column not in taken)
    return HeadingRow(row, places, twice, renamed, unknown, blank)


def _between(
    missing: Sequence[int], places: Mapping[int, int], unknown: Mapping[int, str]
) -> Iterator[tuple[int, int]]:
    """A missing column and the one unknown heading that stands between the neighbours of the missing one."""
    for at in missing:
        left = places.get(at - 1) if at else -1
        right = places.get(at + 1)
        if left is None or right is None:
            continue
        here = [column for column in unknown if left < column < right]
        if len(here) == 1:
            yield at, here[0]


def _alike(
    missing: Sequence[int], unknown: Mapping[int, str], headings: Headings
) -> Iterator[tuple[int, int]]:
    """A missing column and the one unknown heading that is a near miss of its own, where no other is as near."""
    pairs = [
        (likeness(heading, headings.shown[at].heading), at, column)
        for column, heading in unknown.items()
        for at in missing
    ]
    near = [pair for pair in pairs if pair[0] >= _RENAMED]
    for like, at, column in sorted(near, reverse=True):
        rivals = [pair for pair in near if pair[0] >= like and (pair[1] == at) != (pair[2] == column)]
        if not rivals:
            yield at, column


def formula_places(part: SheetPart, headings: Headings, found: HeadingRow) -> FormulaPlaces:
    """Where the columns of formulas stand. Those without a heading follow the check's, and count for it.

    Args:
        part: The XML of the sheet.
        headings: What the headings of its form are called.
        found: The headings as they stand on the sheet.

    Returns:
        The columns that are there, from left to right as they were issued.
    """
    places = []
    for at, column in enumerate(headings.shown):
        if column.kind in (ColumnKind.FORMULA, ColumnKind.CHECK) and at in found.places:
            places.append((column.key, column.heading, column_letters(found.places[at] + 1)))
            if column.kind is ColumnKind.CHECK:
                first = _first_hidden(part, found.places[at] + 1)
                places += [
                    (hidden.key, column.heading, column_letters(place + 1))
                    for place, hidden in enumerate(headings.layout.check_columns, first)
                ]
    return places


def _first_hidden(part: SheetPart, place: int) -> int:
    """Where the hidden columns begin: columns may have been inserted between the check column and them."""
    near = range(place, place + _INSERTED)
    return next((column for column in near if part.any_formula([column_letters(column + 1)])), place)


def seen_columns(headings: Headings, item: int, answers: Mapping[str, int]) -> Mapping[str, SeenColumn]:
    """The columns of which what their cells show counts: those of the department, and that of the items.

    Args:
        headings: What the headings of the form are called in the return.
        item: Where the items stand, from 0.
        answers: Where the answers stand, by field id.

    Returns:
        How each is looked at, by its letters.
    """
    form, plan = headings.layout.form, headings.layout.plan
    columns = [] if form.is_open else [SeenColumn(item, words=True, identifies=True)]
    for name, place in answers.items():
        if form.by_id[name].entered:
            field, kind = form.by_id[name], type_of(form.by_id[name])
            columns.append(SeenColumn(place, kind.is_words, kind.numeric, kind.number_format(field, plan)))
    return {column_letters(column.at + 1): column for column in columns}


def validated_columns(headings: Headings, found: HeadingRow) -> dict[str, int]:
    """By field id, where the columns stand that the form gives a dropdown or bounds; 0-based."""
    return {
        column.name: found.places[at]
        for at, column in enumerate(headings.shown)
        if column.kind is ColumnKind.ENTRY and at in found.places and _bound(headings, column)
    }


def _bound(headings: Headings, column: Column) -> bool:
    """Whether the form gives a column a dropdown or bounds."""
    field = headings.layout.form.by_id[column.name]
    return type_of(field).validation(field, "A1") is not None
