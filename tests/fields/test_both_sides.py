"""Where a sheet and the validator once differed: each kind by itself, with LibreOffice as judge.

An issued workbook is filled with a few answers. What LibreOffice works out must be what the validator finds in the same
bytes, and both must be what the test says. Random plans are compared by `python -m tests.randomplans.cells`.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from bothsides import Both, alike, answered
from libreoffice import LibreOffice, saved_values
from returns import DUE, NOW, TABLES, department_of, period_of, plan_of

from xlplan.form.issuing import prepare
from xlplan.form.layout.columns import ColumnKind
from xlplan.form.layout.entry import BANNER_ROW, EntryLayout
from xlplan.form.write.order import Order
from xlplan.form.write.workbook import form_workbook
from xlplan.language.codes import Severity
from xlplan.language.messages import text
from xlplan.model.plan import Plan

pytestmark = pytest.mark.filterwarnings("ignore:Cell .* is marked as a date:UserWarning")

FIELDS = """
    form|id|label|type|list|required|filled_by|formula|previous|min|max|unique
    report|cost|金額|number||no|department|||||
    report|share|割合|number||no|department|||||
    report|held|開催日|date||no|department|||2020-04-01|2030-03-31|
    report|begun|開始年月|month||no|department|||||
    report|opens|開始時刻|time||no|department|||||
    report|code|記号|text||no|department|||||yes
    report|number|整理番号|number||no|department|||||yes
    report|note|補足|text||no|department|||||
"""
TABLES_HERE = {
    **{name: TABLES[name] for name in ("plan", "periods", "departments", "items", "choices")},
    "forms": "id | title\nreport | 進捗報告",
    "fields": FIELDS,
}
ITEMS = ("A-1", "A-2", "A-3")


def plan_with(fields: str = "", rules: str = "") -> Plan:
    """The plan with computed fields (id|label|type|formula) and rules (id|check|target|severity) of its form."""
    more = [line.strip().split("|") for line in fields.strip().splitlines()]
    tables = dict(TABLES_HERE)
    for name, label, kind, formula in more:
        tables["fields"] += f"    report|{name}|{label}|{kind}||no|formula|{formula}||||\n"
    if rules:
        tables["rules"] = "id|form|check|target|severity|message|remedy\n"
        for line in rules.strip().splitlines():
            name, check, target, severity = line.strip().split("|")
            tables["rules"] += f"{name}|report|{check}|{target}|{severity}|{name}です。|\n"
    return plan_of(tables)


def order_of(plan: Plan) -> Order:
    """The workbook of the department that has the items."""
    return prepare(plan, period_of(plan), department_of(plan, "D1"), DUE, NOW)[1]


class Asked:
    """Answers typed into the workbook of a plan, seen by both."""

    def __init__(
        self, plan: Plan, rows: Mapping[str, Mapping[str, object]], judge: LibreOffice, folder: Path
    ) -> None:
        order = order_of(plan)
        [layout] = order.layouts()
        typed = {
            (layout.form.id, item, column.name): rows.get(item, {}).get(column.name)
            for item in ITEMS
            for column in layout.of_kind(ColumnKind.ENTRY)
        }
        self.layout: EntryLayout = layout
        self.both: Both = answered(order, typed, judge, folder)

    def failed(self, item: str) -> list[str]:
        """The checks that a row fails, as both have them: of a rule its id, else the field, with the kind."""
        sheet = self.both.on_sheet(self.layout, item)
        assert sheet == self.both.numbers(self.layout, item)
        checks = [self.layout.checks[number - 1] for number in sheet]
        return [f"{check.rule.id if check.rule else check.field.id} {check.kind}" for check in checks]

    def computed(self, name: str, item: str) -> object:
        """A computed field, as both have it."""
        its, ours = self.both.computed(self.layout, self.layout.form.by_id[name], item)
        assert alike(its, ours), (name, item, its, ours)
        return its

    def message(self, item: str) -> str:
        """What the check column says."""
        return str(self.both.at(self.layout, ColumnKind.CHECK, "check", item))

    def banner(self) -> object:
        """What the banner says."""
        return self.both.sheet[self.layout.form.title, f"A{BANNER_ROW}"]


# --- blanks that a formula passes on ---------------------------------------------------------------

PASSING = """
    y_cost|金額の写し|number|[@金額]
    y_held|開催日の写し|date|[@開催日]
    y_begun|開始年月の写し|month|[@開始年月]
    y_opens|開始時刻の写し|time|[@開始時刻]
    y_note|補足の写し|text|[@補足]
    y_if|金額があれば|number|IF(TRUE,[@金額],"")
    y_error|誤りなら補足|text|IFERROR([@補足],[@記号])
    y_choose|選んだ日|date|CHOOSE(1,[@開催日],[@開催日])
"""
PASSED = {
    "y_cost": 0.0,
    "y_held": "",
    "y_begun": "",
    "y_opens": "",
    "y_note": "",
    "y_if": 0.0,
    "y_error": "",
    "y_choose": "",
}
"""What each is where everything is blank: an amount is 0, all else is blank."""


@cache
def passing_plan() -> Plan:
    """For each computed field a rule that a blank passes, one that it breaks, and one that compares it."""
    rules = []
    for line in PASSING.strip().splitlines():
        name, label, kind, _ = line.strip().split("|")
        rules += [
            f"none_{name}|BLANK([@{label}])|note|warning",
            f"some_{name}|FILLED([@{label}])|note|warning",
        ]
        if kind == "text":
            rules.append(f'empty_{name}|[@{label}]=""|note|warning')
        elif kind == "number":
            rules.append(f"over_{name}|[@{label}]>0|note|warning")
    return plan_with(PASSING, "\n".join(rules))


def test_17_a_rule_on_a_computed_field_that_passes_on_a_blank_is_one_on_the_sheet_and_in_the_validator(
    libreoffice: LibreOffice, tmp_path: Path
) -> None:
    full = {"cost": 5, "held": date(2024, 5, 1), "begun": date(2024, 5, 1), "opens": 0.5, "note": "済"}
    asked = Asked(passing_plan(), {"A-1": full, "A-2": {"cost": 0}}, libreoffice, tmp_path)

    assert {name: asked.computed(name, "A-3") for name in PASSED} == PASSED
    assert {name: asked.computed(name, "A-2") for name in PASSED} == PASSED
    assert "" not in {asked.computed(name, "A-1") for name in PASSED}
    blank = {name for name, value in PASSED.items() if value == ""}
    amounts = PASSED.keys() - blank
    found = {rule.split()[0] for rule in asked.failed("A-3")}
    assert found == {
        *(f"some_{name}" for name in blank),
        *(f"none_{name}" for name in amounts),
        *(f"over_{name}" for name in amounts),
    }
    assert asked.failed("A-2") == asked.failed("A-3")
    full_row = {rule.split()[0] for rule in asked.failed("A-1")}
    assert full_row == {f"none_{name}" for name in PASSED} | {"empty_y_note", "empty_y_error"}


def test_17_what_is_saved_with_formulas_over_blanks_is_what_libreoffice_finds(
    libreoffice: LibreOffice,
) -> None:
    book = form_workbook(order_of(passing_plan()))
    saved, found = saved_values(book), libreoffice.recalculated(book)
    [layout] = order_of(passing_plan()).layouts()
    asked = [
        (layout.form.title, f"{column.letters}{row}")
        for column in (*layout.of_kind(ColumnKind.FORMULA), *layout.problem_columns)
        for row in range(6, layout.last_row + 1)
    ]

    assert {at: saved[at] for at in asked} == {at: found[at] for at in asked}
    assert {saved[at] for at in asked} >= {"", 0.0}


# --- days from blank days --------------------------------------------------------------------------

SHIFTED = """
    later|半年後|date|EDATE([@開催日],6)
    before|半年前|date|EDATE([@開催日],-6)
    end|月末|date|EOMONTH([@開催日],0)
    end_before|前月末|date|EOMONTH([@開始年月],-1)
    moved|ずらした日|date|EDATE([@開催日],[@金額])
    serial|月末の番号|whole|EOMONTH([@開催日],0)
    year|月末の年|whole|YEAR(EOMONTH([@開催日],0))
    of_year|年の初め|date|DATE([@金額],4,1)
"""


def test_17_edate_and_eomonth_of_a_blank_date_are_the_same_day_in_both(
    libreoffice: LibreOffice, tmp_path: Path
) -> None:
    """Excel counts a 29 February 1900, LibreOffice does not and has days before: neither of them is ever met."""
    plan = plan_with(SHIFTED, "late|[@半年後]>=DATE(2024,4,1)|held|warning")
    rows = {
        "A-1": {"held": date(2024, 8, 31), "begun": date(2024, 3, 1), "cost": 2024},
        "A-2": {"cost": -13},
    }
    asked = Asked(plan, rows, libreoffice, tmp_path)

    first = 61.0  # 1 March 1900: the first day that both number alike
    names = [field.id for field in asked.layout.form.fields if field.formula]
    assert [asked.computed(name, "A-3") for name in names] == [
        *(245.0, first, 91.0, first, first, 91.0, 1900.0, 92.0),
    ]
    assert asked.computed("moved", "A-2") == first
    assert asked.failed("A-2") == asked.failed("A-3") == ["late rule"]
    assert [asked.computed(name, "A-1") for name in names] == [
        *(45716.0, 45351.0, 45535.0, 45351.0, 107138.0, 45535.0, 2024.0, 45383.0),
    ]
    assert asked.failed("A-1") == []


# --- duplicates ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "one", "other"),
    [
        ("code", 1, "1"),
        ("code", "1", "1"),
        ("code", "Ab", "aB"),
        ("number", 0.1234567890123412, 0.1234567890123413),
        ("number", 1, 1),
    ],
)
def test_17_unique_finds_a_number_and_its_digits_as_text_on_both_sides(
    field: str, one: object, other: object, libreoffice: LibreOffice, tmp_path: Path
) -> None:
    rows = {"A-1": {field: one}, "A-3": {field: other}}
    asked = Asked(plan_with(), rows, libreoffice, tmp_path)

    assert asked.failed("A-1") == asked.failed("A-3") == [f"{field} unique"]
    assert asked.failed("A-2") == []


@pytest.mark.parametrize(("field", "values"), [("code", (1, "1.", "01")), ("number", (1, 10, 0))])
def test_17_unique_finds_nothing_in_what_only_resembles(
    field: str, values: tuple[object, object, object], libreoffice: LibreOffice, tmp_path: Path
) -> None:
    rows = {item: {field: value} for item, value in zip(ITEMS, values, strict=True)}
    asked = Asked(plan_with(), rows, libreoffice, tmp_path)

    assert [asked.failed(item) for item in ITEMS] == [[], [], []]


def test_17_a_blank_is_no_duplicate_of_a_0(libreoffice: LibreOffice, tmp_path: Path) -> None:
    asked = Asked(plan_with(), {"A-2": {"number": 0, "code": "0"}}, libreoffice, tmp_path)

    assert [asked.failed(item) for item in ITEMS] == [[], [], []]


# --- numbers and days as text ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("held", "2024-05-01"),
        ("held", "令和6年5月1日"),
        ("begun", "2024年5月"),
        ("opens", "9:30"),
        ("cost", "1,200"),
    ],
)
def test_17_a_date_typed_as_text_that_the_office_reads_is_said_to_be_text_on_the_sheet(
    field: str, typed: str, libreoffice: LibreOffice, tmp_path: Path
) -> None:
    """The sheet reckons with numbers alone and cannot read it; it no longer says that it is wrong, and nothing else."""
    asked = Asked(plan_with(), {"A-1": {field: typed}}, libreoffice, tmp_path)
    as_text = text("artefacts.entry.as_text", "ja")

    assert not [one for one in asked.both.findings if one.severity is Severity.ERROR]
    [record] = [one for one in asked.both.records if one.item == "A-1"]
    assert not isinstance(record.values[field], str)
    assert asked.message("A-1").endswith(as_text)


def test_17_what_is_wrong_and_no_text_is_not_said_to_be_text(
    libreoffice: LibreOffice, tmp_path: Path
) -> None:
    rows = {"A-1": {"held": date(2035, 5, 1)}, "A-2": {"held": 7.4}, "A-3": {"held": "そのうち"}}
    asked = Asked(plan_with(), rows, libreoffice, tmp_path)
    as_text = text("artefacts.entry.as_text", "ja")

    assert [as_text in asked.message(item) for item in ITEMS] == [False, False, True]
    assert [asked.message(item) == asked.both.message(asked.layout, item) for item in ITEMS] == [True] * 3
    ok = text("artefacts.entry.ok", "ja")
    assert ok not in [asked.message(item) for item in ITEMS]


# --- warnings that cannot be decided ---------------------------------------------------------------

DOUBTFUL = """
    first|[@金額]>=1|cost|warning
    second|[@金額]>=2|cost|warning
    third|[@金額]>=3|cost|warning
    divided|1/[@金額]>0.2|share|warning
"""


def test_17_a_warning_that_cannot_be_decided_is_shown_before_those_that_are_to_be_looked_at(
    libreoffice: LibreOffice, tmp_path: Path
) -> None:
    """The office counts it an error: behind "3 more" nobody would have mended it."""
    plan = plan_with(rules=DOUBTFUL)
    asked = Asked(plan, {"A-1": {"cost": 0}, "A-2": {"cost": 6}, "A-3": {"cost": 3}}, libreoffice, tmp_path)

    assert asked.failed("A-1") == ["first rule", "second rule", "third rule", "divided undecided"]
    graves = [one for one in asked.both.findings if one.severity is Severity.ERROR]
    assert [(one.item, one.field) for one in graves] == [("A-1", "share")]
    shown = asked.layout.checks[asked.both.on_sheet(asked.layout, "A-1")[-1] - 1].shown("ja")
    assert asked.message("A-1") == shown + text("artefacts.entry.more", "ja", count=3)
    assert asked.message("A-2") == next(
        check.shown("ja") for check in asked.layout.checks if check.rule and check.rule.id == "divided"
    )
    assert asked.message("A-3") == text("artefacts.entry.ok", "ja")
    words = [
        text(f"artefacts.entry.banner_{kind}", "ja") for kind in ("missing", "errors", "warnings", "end")
    ]
    assert asked.banner() == "0".join(words[:2]) + "1" + words[2] + "4" + words[3]


def test_17_an_error_is_shown_before_a_warning_that_cannot_be_decided(
    libreoffice: LibreOffice, tmp_path: Path
) -> None:
    plan = plan_with(rules=DOUBTFUL + "    grave|[@割合]>0|share|error")
    asked = Asked(plan, {"A-1": {"cost": 0, "share": -1}}, libreoffice, tmp_path)

    assert asked.failed("A-1")[-1] in ("divided undecided", "grave rule")
    assert asked.message("A-1").startswith("graveです。")
    assert asked.message("A-1") == asked.both.message(asked.layout, "A-1")
