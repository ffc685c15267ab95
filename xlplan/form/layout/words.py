"""The words of a workbook by which its sheets, columns and heads are known again, each with its id.

They stand on the hidden sheet under the stamp, so that a return is read by the words that it was issued with, whatever
the catalogue or the plan calls things by now. Column A says what a line is, B the word, C its id::

    sheet   はじめに        guide          the other sheets: findings, leftovers
    label   回答者          respondent     what stands beside a name on the first sheet; changes, owner
    form    進捗報告        progress       an entry sheet by its title; what follows is of this form
    column  進捗＊          entry:actual   a heading
    head    計画            band_office    what stands above the headings

No defined names: those double when a sheet is copied, and lie after a cut. A row of an entry sheet needs no word: an
item stands there by its id, an open row by its number.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from xlplan.form.layout.stamps import FORMULAS_KEY, STAMP_KEYS
from xlplan.language.messages import LANGUAGES, text, wordings
from xlplan.model.afterwards import OFFICE
from xlplan.model.plan import Plan

WORDS_ROW = len((*STAMP_KEYS, FORMULAS_KEY)) + 2
"""The first row, from 1, of the words."""
SHEETS = {
    "guide": "artefacts.guide.sheet",
    "findings": "artefacts.findings_sheet.sheet",
    "leftovers": "artefacts.leftovers.sheet",
}
"""The sheets besides those of the forms: the id of each, and its entry in the catalogue."""
LABELS = {
    "respondent": "artefacts.guide.respondent",
    "approver": "artefacts.guide.approver",
    "changes": "artefacts.guide.changes",
}
"""What the first sheet says beside or above something that is looked for: the id of each, and its entry."""

OF_OFFICE = {
    "artefacts.guide.title": "artefacts.office.title",
    "artefacts.guide.to": "artefacts.office.to",
    "artefacts.guide.what": "artefacts.office.what",
    "artefacts.guide.what_text": "artefacts.office.what_text",
    "artefacts.guide.step_1": "artefacts.office.step_1",
    "artefacts.guide.step_3": "artefacts.office.step_3",
    "artefacts.guide.step_4": "artefacts.office.step_4",
    "artefacts.guide.again_label": "artefacts.office.again_label",
    "artefacts.guide.again": "artefacts.office.again",
    "artefacts.guide.again_of": "artefacts.office.again_of",
    "artefacts.guide.given_own": "artefacts.office.given",
    "artefacts.entry.band_office": "artefacts.office.band_office",
    "artefacts.entry.band_answer": "artefacts.office.band_answer",
}
"""What is said otherwise in the office's own workbook: by entry of the catalogue, the entry in its place."""

Line = tuple[str, str, str]
"""What a line is, the word, its id."""


def word_of(key: str, plan: Plan, **params: object) -> str:
    """A word of a workbook, in the language of the plan.

    Args:
        key: Its entry in the catalogue.
        plan: The plan of which the workbook is made: that of the office's own has the office for its department.
        params: The parameters of the entry.
    """
    said = OF_OFFICE.get(key, key) if plan.department(OFFICE) else key
    return text(said, plan.language, **params)


@dataclass(frozen=True, slots=True)
class FormWords:
    """The words of one entry sheet.

    `columns` are its headings by kind and name (`entry:actual`), `heads` what stands above them, by id.
    """

    title: str
    columns: Mapping[str, str] = field(default_factory=dict)
    heads: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BookWords:
    """The words of a workbook. `sheets` and `labels` have by id what each may be called.

    `forms` are by form id; there are none where the workbook itself does not say its words.
    """

    sheets: Mapping[str, frozenset[str]]
    labels: Mapping[str, frozenset[str]]
    forms: Mapping[str, FormWords] = field(default_factory=dict)

    @property
    def of_sheets(self) -> frozenset[str]:
        """The names of the sheets that are no entry sheets."""
        return frozenset().union(*self.sheets.values())

    def sheet_named(self, key: str, names: Sequence[str]) -> str | None:
        """Which of some sheets is the one with this id."""
        return next((name for name in names if name in self.sheets[key]), None)


def catalogue_words() -> BookWords:
    """The words that the catalogue has and had: for a workbook that does not say its own."""
    sheets = {key: wordings(entry, *LANGUAGES) for key, entry in SHEETS.items()}
    labels = {key: wordings(entry, *LANGUAGES) for key, entry in LABELS.items()}
    return BookWords(sheets, labels)


def lines_of(forms: Mapping[str, FormWords], owner: str, language: str) -> Iterator[Line]:
    """The lines that say the words of a workbook, as `words_in` reads them.

    Args:
        forms: The words of the entry sheets by form id, in the order of the sheets.
        owner: Who stands at the head of the sheets.
        language: The language of the workbook.

    Yields:
        One line for each word, from `WORDS_ROW` downwards.
    """
    for key, entry in SHEETS.items():
        yield "sheet", text(entry, language), key
    for key, entry in LABELS.items():
        yield "label", text(entry, language), key
    yield "label", owner, "owner"
    for form, words in forms.items():
        yield "form", words.title, form
        yield from (("column", heading, key) for key, heading in words.columns.items())
        yield from (("head", word, key) for key, word in words.heads.items())


def words_in(grid: Sequence[Sequence[object]]) -> BookWords | None:
    """The words that a hidden sheet tells; None where it tells none, or not all that are needed.

    `grid` are all its rows, from A1 on.
    """
    found = _Found()
    for line in grid[WORDS_ROW - 1 :]:
        kind, word, key = (*map(str, line[:3]), "", "", "")[:3]
        found.add(kind, word, key)
    if (
        not found.titles
        or not found.sheets.keys() >= SHEETS.keys()
        or not found.labels.keys() >= LABELS.keys()
    ):
        return None
    owner = {"owner": found.labels["owner"]} if "owner" in found.labels else {}
    forms = {
        key: FormWords(title, found.columns[key], found.heads[key] | owner)
        for key, title in found.titles.items()
    }
    sheets, labels = (
        {key: frozenset((word,)) for key, word in words.items()} for words in (found.sheets, found.labels)
    )
    return BookWords(sheets, labels, forms)


@dataclass(slots=True)
class _Found:
    """The words read so far, by their ids; `columns` and `heads` by form id, `form` is the one being read."""

    sheets: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    columns: dict[str, dict[str, str]] = field(default_factory=dict)
    heads: dict[str, dict[str, str]] = field(default_factory=dict)
    form: str = ""

    def add(self, kind: str, word: str, key: str) -> None:
        """Take in one line: what it is, the word, its id. A line of another kind says nothing."""
        match kind:
            case "sheet":
                self.sheets[key] = word
            case "label":
                self.labels[key] = word
            case "form":
                self.form, self.titles[key] = key, word
                self.columns[key], self.heads[key] = {}, {}
            case "column" if self.form:
                self.columns[self.form][key] = word
            case "head" if self.form:
                self.heads[self.form][key] = word
