"""The reference page, made from the code: `python -m xlplan.definition.reference > docs/reference.md`."""

import dataclasses
import io
import sys
from collections.abc import Iterator, Mapping, Sequence

from xlplan.definition.options import OPTIONS
from xlplan.definition.specs import SETTING_WORDS, TABLES, WORDS, TableSpec, words
from xlplan.formula.excel import MAX_ARGUMENTS
from xlplan.formula.functions import DISAGREED, FUNCTIONS, VOLATILE
from xlplan.formula.tree import MACROS
from xlplan.language.messages import LANGUAGES, text
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding
from xlplan.model.handling import HANDLING

_TAKEN = {
    "field": "a field",
    "fields": "fields",
    "open_form": "a form",
    "line_fields": "fields of that form",
    "items": "items",
    "periods": "periods",
    "words": "text",
}
"""What an option takes, in English."""
"""Arguments of a function that takes any number of them."""

_HEAD = """# The tables, words and formulas of a plan

<!-- Made by `python -m xlplan.definition.reference > docs/reference.md`: change the code, not this page. -->

A plan is kept as the sheets of `plan.xlsx` or as CSV files of the same names in a folder `plan/`. Sheets, files and
columns are named by id or by their Japanese name, in any order; width, case and spaces do not matter. Columns with
a bold id must be there. A table marked *optional* may be left out. `xlplan lint` tells every fault with its cell.
"""

_FORMULAS = """## Formulas

Excel's own formulas over column names, with or without the leading `=`. A column is named by its label or its id.

| written | is |
|---|---|
| `[@actual]` | this row's value: in requirements, computed fields and rules |
| `[actual]` | the whole column: in measures |
"""

_PARTS = """Half-years of a fiscal year that starts in April, and a round on the whole year after them:

```csv
id,label,first_year,last_year,first_month,last_month,reference_date
R7上,令和7年度上半期,2025,2025,4,9,2025-10-01
R7下,令和7年度下半期,2025,2025,10,3,
R7,令和7年度,2025,2025,,,2026-04-01
R8上,令和8年度上半期,2026,2026,4,9,
```

Quarters of one that starts in July, beside a year that is not divided (`fiscal_year_start` is 7):

```csv
id,label,first_year,last_year,first_month,last_month
FY2024,FY2024,2024,2024,,
FY2025Q1,FY2025 Q1,2025,2025,July,September
FY2025Q2,FY2025 Q2,2025,2025,10,12
FY2025Q3,FY2025 Q3,2025,2025,1,3
FY2025Q4,FY2025 Q4,2025,2025,4,6
```

The months lie within the fiscal years of their line: a half-year from October to March has one year, 2025 to 2025. One
that runs into the next fiscal year has two. The period before a part is the line above it, whatever its length:
`PREVIOUS` and the column beside the answers show its values. `R7上`, `R7上半期` and `2025上` name a part wherever a
period is named; a year by itself names the whole year where there is such a line, else its only part.
"""
"""What is said below the table `periods`; its examples are read by a test."""

_HEIRS = """A project that is split: it ends, and each part names it. Both parts show what was answered about it
as the year before, and `PREVIOUS` gives that; the summary names the lines that go on in each other.

```csv
id,goal,title,department,from_period,to_period,predecessor
2-1,Better offices,Payroll,D2,,R6,
2-3,Better offices,Paying salaries,D2,R7,,2-1
2-4,Better offices,Granting benefits,D2,R7,,2-1
```

Projects that are merged: they end, and the new one names them all. Texts stand one under the other, each with the id
of its project; another value stands there, and is that of `PREVIOUS`, only where all of them have the same.

```csv
id,goal,title,department,from_period,to_period,predecessor
3-1,Better counters,Guide,D3,,R6,
3-2,Better counters,Certificates,D3,,R6,
3-3,Better counters,Paperless counter,D3,R7,,3-1|3-2
```

A part may also be split off one that goes on, and one that goes on may take up another: the line of the one that
goes on stays as it is, or names what it takes up. Further cases, with pictures: [From one year to the
next](years-en.md).
"""
"""What is said below the table `items`; its examples are read by a test."""
_BEHIND = {"periods": _PARTS, "items": _HEIRS}

_LIMITS = """Text is not ordered with `<` or `>` and not calculated with; text is not compared with numbers; a
condition is a question of true or false, not a bare column. Cell addresses, array constants and functions that change
whenever a file is opened ({volatile}) are refused, because Excel, LibreOffice and the validator must agree. In the
criteria of a measure `*` stands for any text, as in Excel; `?` only beside a `*`. `~` takes a sign for itself. Criteria
over numbers and days take neither; texts are not ordered. A head counts itself and nothing else, whatever signs stand
in it; what differs in width, case or the way kana are written is one head, which the lint tells of the plan and
`consolidate` of answers.
"""

_FINDINGS = """## A finding in `--json`

Keys of one finding; all values are text. The documents that hold them are in [json.md](json.md).
"""


def reference() -> str:
    """The page, as Markdown."""
    tables = (_table(table) for table in TABLES)
    parts = [_HEAD, *tables, *_options(), "## Words\n", *_words(), *_formulas(), *_findings()]
    return "\n".join(parts)


def _table(found: TableSpec) -> str:
    optional = ", optional" if found.optional else ""
    further = "\n\nFurther columns may follow." if found.open else ""
    rows = [
        (
            f"**`{column}`**" if column in found.required else f"`{column}`",
            found.heading(column, "ja"),
            found.note(column, "en"),
            _takes(found, column),
        )
        for column in found.columns
    ]
    lines = "\n".join(_rows(("column", "in Japanese", "what belongs there", "takes"), rows))
    note = found.about("en")
    behind = f"\n\n{_BEHIND[found.id].rstrip()}" if found.id in _BEHIND else ""
    return f"## `{found.id}` ({found.label('ja')}{optional})\n\n{note}\n\n{lines}{further}{behind}\n"


def _takes(found: TableSpec, column: str) -> str:
    """What a column takes, in short."""
    remarks = []
    if column in found.choices:
        remarks.append(f"[{found.choices[column]}](#words)")
    if column in found.references:
        table, other = found.references[column].split(".")
        remarks.append(f"`{other}` of [{table}](#{_anchor(table)})")
    if column in found.numbers:
        remarks.append("value of the field's type" if column in ("min", "max") else "number")
    if column == "reference_date":
        remarks.append("day")
    if column in found.formulas:
        remarks.append("[formula](#formulas)")
    return " or ".join(remarks) or "text"


def _anchor(table: str) -> str:
    """The anchor that GitHub gives to a table's heading."""
    found = next(spec_ for spec_ in TABLES if spec_.id == table)
    return f"{table}-{found.label('ja')}" + ("-optional" if found.optional else "")


def _options() -> Iterator[str]:
    """What the column `options` of the table `views` takes."""
    yield "## Options of a view\n"
    yield "`name=value`, separated by `|`; several values of one option by commas. Fields go by id or label.\n"
    rows = [
        (
            f"`{kind}`",
            f"`{name}`",
            _TAKEN[takes],
            *(text(f"tables.options.{kind}.{name}", language) for language in ("en", "ja")),
        )
        for kind, options in OPTIONS.items()
        for name, takes in options.items()
    ]
    yield from _rows(("kind", "option", "takes", "is", "in Japanese"), rows)
    yield ""


def _words() -> Iterator[str]:
    """The sets of words, each word as id, in English and in Japanese; all are read."""
    yield "A word is read by its id or in either language.\n"
    rows = []
    for which in WORDS:
        by_language: Mapping[str, Mapping[str, str]] = {
            language: words(which, language) for language in LANGUAGES
        }
        if which == "month":
            rows.append((which, "`1` to `12`", "", ""))
            continue
        for word in WORDS[which]:
            rows.append(
                (which, f"`{word}`{_more(which, word)}", by_language["en"][word], by_language["ja"][word])
            )
    yield from _rows(("set", "word", "in English", "in Japanese"), rows)
    yield ""


def _more(which: str, word: str) -> str:
    """What is said behind a word: the set that a setting takes, the severity that a finding has by itself."""
    if which == "setting" and word in SETTING_WORDS:
        return f" ({SETTING_WORDS[word]})"
    return f" (else {HANDLING[FindingCode(word)]})" if which == "finding" else ""


def _formulas() -> Iterator[str]:
    yield _FORMULAS
    macros = [
        (f"`{_use(macro)}`", text(f"reference.macro.{macro}", "en"), text(f"reference.macro.{macro}", "ja"))
        for macro in sorted(MACROS)
    ]
    yield from _rows(("macro", "is", "in Japanese"), macros)
    yield "\nThese functions, and no others: Excel 2016, LibreOffice 7 and the validator agree on them.\n"
    takes = {"t": "text", "n": "number", "c": "condition", "x": "any"}
    functions = []
    for name, function in sorted(FUNCTIONS.items(), key=lambda pair: (not pair[1].rows, pair[0])):
        least, most = function.counts
        letters = function.kinds(least if most == MAX_ARGUMENTS else most)
        shown = [takes[letter] if at < least else f"[{takes[letter]}]" for at, letter in enumerate(letters)]
        shown += ["…"] if most == MAX_ARGUMENTS else []
        gives = "what it is given" if function.gives == "any" else function.gives
        where = "rows, measures" if function.rows else "measures"
        functions.append((f"`{name}`", ", ".join(shown) if function.rows else "ranges", gives, where))
    yield from _rows(("function", "takes", "gives", "in"), functions)
    yield "\nInstead of functions that they work out differently:\n"
    others = [(f"`{name}`", f"`{instead}`") for name, instead in sorted(DISAGREED.items()) if instead]
    yield from _rows(("not", "but"), others)
    yield ""
    yield _LIMITS.format(volatile=", ".join(sorted(VOLATILE)))


def _use(macro: str) -> str:
    """A macro as it is written, shown on one of its columns."""
    return text(f"reference.macro.{macro}.use", "en")


def _findings() -> Iterator[str]:
    yield _FINDINGS
    keys = [
        field.name for field in dataclasses.fields(Finding) if field.name not in ("params", "rule", "basis")
    ]
    rows = [(f"`{key}`", text(f"reference.finding.{key}", "en")) for key in (*keys, "message", "remedy")]
    yield from _rows(("key", "what it is"), rows)
    yield ""


def _rows(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A Markdown table."""
    yield f"| {' | '.join(heads)} |"
    yield "|---" * len(heads) + "|"
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", r"\|") for cell in row) + " |"


def main() -> None:
    """Write the page to standard output, in UTF-8 wherever it runs."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    sys.stdout.write(reference())


if __name__ == "__main__":
    main()
