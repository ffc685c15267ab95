"""The tables that define a plan, as data: their columns, what each column takes, and what stands in them.

Their names, headings, notes and words are in `catalogue/tables.toml`. `xlplan.definition.tables` reads them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from math import isfinite

from xlplan.definition.headings import Headings
from xlplan.fields.cells import whole_in
from xlplan.formula.addresses import cell_address
from xlplan.language.codes import Code
from xlplan.language.locales import LOCALES
from xlplan.language.messages import LANGUAGES, Spoken, text
from xlplan.language.text import fold, tidy
from xlplan.language.workdays import HOLIDAYS
from xlplan.model.finding import Finding
from xlplan.model.form import FieldType
from xlplan.model.handling import HANDLING
from xlplan.model.letter import EVERY_PLACE, LetterKind
from xlplan.model.plancodes import PlanCode

HIDDEN_SHEET = "_xlplan"
"""The hidden sheet of every workbook that xlplan writes."""
MOST_IN_LABEL = 100
"""UTF-16 units of a period's label, which formulas quote among other words (`excel.MAX_STRING_LITERAL`)."""


@dataclass(frozen=True, slots=True)
class TableSpec(Headings):
    """One table of a definition. `open` tables take further columns; `required` columns must be there.

    By column: `choices` names a set of `WORDS`, `references` the "table.column" whose values it takes. `numbers`
    and `formulas` are columns that hold such; a column of `formulas` may have choices as well.
    """

    id: str
    columns: tuple[str, ...]
    required: tuple[str, ...]
    open: bool = False
    optional: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)
    references: Mapping[str, str] = field(default_factory=dict)
    numbers: tuple[str, ...] = ()
    formulas: tuple[str, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """The columns that hold an id: its own, or that of a line of another table."""
        own = tuple(column for column in ("id", "formerly", "list") if column in self.columns)
        return tuple(dict.fromkeys((*own, *self.references)))

    def column_named(self, name: str) -> str | None:
        """The column whose id or label, in either language, is `name`; None where there is none."""
        return _columns_by_name(self.id).get(fold(name))


@cache
def _columns_by_name(table: str) -> Mapping[str, str]:
    """The columns of a table by every name of theirs, folded; of two with one name the first."""
    described, found = spec(table), dict[str, str]()
    for column in described.columns:
        for name in (column, *(described.heading(column, language) for language in LANGUAGES)):
            found.setdefault(fold(name), column)
    return found


def _spec(
    table: str,
    columns: str,
    *,
    open: bool = False,
    optional: bool = False,
    choices: Mapping[str, str] | None = None,
    references: Mapping[str, str] | None = None,
    numbers: tuple[str, ...] = (),
    formulas: tuple[str, ...] = (),
) -> TableSpec:
    names = columns.split()
    return TableSpec(
        id=table,
        columns=tuple(name.rstrip("!") for name in names),
        required=tuple(name[:-1] for name in names if name.endswith("!")),
        open=open,
        optional=optional,
        choices=choices or {},
        references=references or {},
        numbers=numbers,
        formulas=formulas,
    )


_SPAN = {"from_period": "periods.id", "to_period": "periods.id"}

_WHOSE = {"period": "periods.id", "item": "items.id", "department": "departments.id"}

TABLES: tuple[TableSpec, ...] = (
    _spec("plan", "key! value!", choices={"key": "setting"}),
    _spec(
        "periods",
        "id! label! first_year! last_year! first_month last_month reference_date",
        numbers=("first_year", "last_year", "first_month", "last_month"),
    ),
    _spec(
        "departments",
        "id! name! contact email from_period to_period successor formerly",
        references={**_SPAN, "successor": "departments.id"},
    ),
    _spec(
        "items",
        "id! goal group title! summary department! from_period to_period predecessor formerly",
        open=True,
        references={"department": "departments.id", **_SPAN, "predecessor": "items.id"},
    ),
    _spec(
        "forms",
        "id! title! note open_rows from_period to_period formerly",
        references=_SPAN,
        numbers=("open_rows",),
    ),
    _spec(
        "fields",
        "form! id! label! type! list required filled_by formula previous unit format min max max_length pattern unique"
        " width hint from_period to_period formerly",
        choices={
            "type": "type",
            "required": "yes_no",
            "filled_by": "filled_by",
            "previous": "yes_no",
            "unique": "yes_no",
        },
        references={"form": "forms.id", "list": "choices.list", **_SPAN},
        numbers=("min", "max", "max_length", "width"),
        formulas=("required", "formula"),
    ),
    _spec(
        "choices",
        "list! value! rank symbol aliases after meaning ends from_period to_period",
        choices={"ends": "yes_no"},
        references=_SPAN,
        numbers=("rank",),
    ),
    _spec(
        "rules",
        "id! form! check! target! severity message! remedy from_period to_period",
        optional=True,
        choices={"severity": "severity"},
        references={"form": "forms.id", "target": "fields.id", **_SPAN},
        formulas=("check",),
    ),
    _spec(
        "handling",
        "finding! severity!",
        optional=True,
        choices={"finding": "finding", "severity": "handling"},
    ),
    _spec(
        "views",
        "id! title! kind! form options",
        optional=True,
        choices={"kind": "kind"},
        references={"form": "forms.id"},
    ),
    _spec(
        "measures",
        "view! id! label! formula! by total format",
        optional=True,
        choices={"total": "yes_no"},
        references={"view": "views.id"},
        formulas=("formula",),
    ),
    _spec(
        "records",
        "form! period! item! department proposed",
        open=True,
        optional=True,
        references={"form": "forms.id", **_WHOSE},
    ),
    _spec(
        "published",
        "view! measure! group period value!",
        optional=True,
        references={"view": "views.id", "measure": "measures.id", "period": "periods.id"},
    ),
    _spec("letters", "kind! subject body", optional=True, choices={"kind": "letter"}),
    _spec("closed_days", "first_day! last_day yearly name", optional=True, choices={"yearly": "yes_no"}),
)
"""The tables in the order in which a plan is written."""

WORDS: Mapping[str, tuple[str, ...]] = {
    "setting": tuple(
        "id title organisation language locale fiscal_year_start calendar office contact holidays".split()
    ),
    "language": ("ja", "en"),
    "locale": tuple(LOCALES),
    "calendar": ("wareki", "western"),
    "month": tuple(str(month) for month in range(1, 13)),
    "type": tuple(FieldType),
    "filled_by": ("office", "department", "formula", "office_after"),
    "yes_no": ("yes", "no"),
    "severity": ("error", "warning"),
    "finding": tuple(code.value for code in HANDLING),
    "handling": ("error", "warning", "notice"),
    "kind": ("progress", "status", "statistics", "schedule", "list"),
    "holidays": HOLIDAYS,
    "letter": tuple(LetterKind),
    "place": EVERY_PLACE,
}
"""The sets of words that a column takes, by id."""

SETTING_WORDS: Mapping[str, str] = {
    "language": "language",
    "locale": "locale",
    "calendar": "calendar",
    "fiscal_year_start": "month",
    "holidays": "holidays",
}
"""The settings of table `plan` that take one of a few words, with their set."""


def spec(table: str) -> TableSpec:
    """The table with this id."""
    return next(spec_ for spec_ in TABLES if spec_.id == table)


def table_named(name: str) -> TableSpec | None:
    """The table whose id or label, in either language, is `name`."""
    wanted = fold(name)
    for spec_ in TABLES:
        if wanted in {fold(spec_.id), *(fold(spec_.label(language)) for language in LANGUAGES)}:
            return spec_
    return None


def said_column(name: str, names: Mapping[str, str]) -> str | Spoken:
    """A name of a column, for a sentence: the plan's own as it is, one of ours in English by its id.

    `names` has the column that each name means.
    """
    column = names.get(name, name)
    return Spoken(name, column) if column in ("item", "period", *spec("items").columns) else name


def words(which: str, language: str) -> dict[str, str]:
    """The words of a set such as `type` or `yes_no`: id → word in `language`."""
    if which == "month":
        return {word: word for word in WORDS[which]}
    return {word: text(f"tables.values.{which}.{word}", language) for word in WORDS[which]}


def word_meant(which: str, written: str) -> str | None:
    """The id of the word of a set that `written` is, in either language; None where it is none."""
    wanted = fold(written)
    for language in LANGUAGES:
        for word, label in words(which, language).items():
            if wanted in (fold(word), fold(label)):
                return word
    return None


@dataclass(frozen=True, slots=True)
class TableRow:
    """One line of a table: its 1-based row in the file, and its cells by column id (blank ones left out)."""

    number: int
    cells: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Table:
    """One table as read. `headers` maps column id → 1-based column, in the file's order; `header_row` is 1-based."""

    spec: TableSpec
    file: str
    sheet: str
    headers: Mapping[str, int]
    rows: tuple[TableRow, ...]
    header_row: int = 1

    def cell(self, row: int, column: str) -> str:
        """A1 address of a cell; of the row's first cell where the column is absent."""
        return cell_address(row, self.headers.get(column, 1))

    def finding(self, code: Code, row: int, column: str, value: object = "", /, **params: object) -> Finding:
        """An error at one cell of this table.

        Args:
            code: What is wrong.
            row: The row, 1-based.
            column: The id of the column.
            value: What stands in the cell.
            params: The parameters of the sentence.

        Returns:
            The finding.
        """
        return Finding(
            code,
            file=self.file,
            sheet=self.sheet,
            cell=self.cell(row, column),
            field=column,
            value="" if value is None else str(value),
            params=params,
        )


@dataclass(frozen=True, slots=True)
class Tables:
    """All tables of one definition, as read, with what was wrong with their shape."""

    tables: Mapping[str, Table]
    findings: tuple[Finding, ...] = ()

    def rows(self, table: str) -> Iterator[tuple[Table, TableRow]]:
        """The lines of a table with the table itself; none where it is absent."""
        if found := self.tables.get(table):
            for row in found.rows:
                yield found, row

    @property
    def whole(self) -> bool:
        """Whether no table and no column is missing that a plan cannot do without."""
        return not any(
            finding.code in (PlanCode.TABLE_MISSING, PlanCode.COLUMN_MISSING) for finding in self.findings
        )


def cell_text(value: object) -> str:
    """What stands in a cell, as the text that a CSV file would have for it."""
    match value:
        case None:
            return ""
        case float() if isfinite(value) and (whole := whole_in(value)) is not None:
            return str(whole)
        case datetime() | date():
            return value.strftime("%Y-%m-%d")
        case _:
            return tidy(str(value))
