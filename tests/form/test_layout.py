"""The geometry of an entry sheet: every address maps back, nothing overlaps, checks are numbered without gaps."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils import coordinate_to_tuple
from plans import plans, sample_plan

from xlplan.fields.checks import CheckKind
from xlplan.form.layout.columns import HIDDEN, ColumnKind
from xlplan.form.layout.entry import FIRST_ROW, EntryLayout, stamping
from xlplan.form.layout.stamps import STAMP_KEYS, STAMP_SHEET
from xlplan.form.write.order import Order
from xlplan.form.write.workbook import form_workbook
from xlplan.formula.emission import emit
from xlplan.formula.tree import Formula
from xlplan.language.codes import Severity
from xlplan.model.form import FilledBy
from xlplan.model.issue import IssuedRow, Stamp
from xlplan.model.plan import Plan

any_size = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
few = settings(any_size, max_examples=20)


@st.composite
def layouts(draw: st.DrawFn) -> EntryLayout:
    """The entry sheet of any form, in either period."""
    plan = draw(plans())
    return EntryLayout(plan.forms[0], plan, draw(st.sampled_from(plan.periods)), draw(st.integers(0, 40)))


def sample(period: int = 1) -> EntryLayout:
    """The sheet of the sample's form."""
    plan = sample_plan()
    return EntryLayout(plan.forms[0], plan, plan.periods[period], 4)


def order(plan: Plan, rows: int) -> Order:
    """A workbook with `rows` empty items."""
    period = plan.periods[1]
    empty = tuple(IssuedRow(f"A-{n}", {}, {}) for n in range(rows))
    stamp = Stamp("1", plan.id, period.id, "D1", "issue", "version")
    return Order(
        plan,
        period,
        plan.departments[0],
        {one.id: empty for one in plan.forms},
        stamp,
        datetime(2014, 4, 1, tzinfo=UTC),
    )


@any_size
@given(layouts())
def test_every_address_maps_back_to_its_item_and_column(layout: EntryLayout) -> None:
    for item in range(layout.rows):
        for column in layout.columns:
            at = coordinate_to_tuple(layout.address(column, FIRST_ROW + item))
            assert layout.locate(*at) == (item, column)
            assert (
                layout.address(column, FIRST_ROW + item, absolute=True)
                == f"${column.letters}${FIRST_ROW + item}"
            )


@any_size
@given(layouts())
def test_outside_the_table_nothing_is_found(layout: EntryLayout) -> None:
    width = len(layout.columns)
    assert layout.locate(FIRST_ROW - 1, 1) is None
    assert layout.locate(layout.last_row + 1, 1) is None
    assert layout.locate(FIRST_ROW, 0) is None
    assert layout.locate(FIRST_ROW, width + 1) is None


@any_size
@given(layouts())
def test_columns_do_not_overlap_and_each_is_found_by_its_name(layout: EntryLayout) -> None:
    assert [one.index for one in layout.columns] == list(range(1, len(layout.columns) + 1))
    for column in layout.columns:
        assert layout.column(column.kind, column.name) == column
    hidden = [one.index for one in layout.of_kind(*HIDDEN)]
    assert min(hidden) > max(one.index for one in layout.shown)


@any_size
@given(layouts())
def test_headings_are_unique(layout: EntryLayout) -> None:
    """The reader finds columns by heading."""
    headings = [one.heading for one in layout.columns]
    assert sorted(headings) == sorted(set(headings))


@any_size
@given(layouts())
def test_every_field_has_one_column_of_its_own(layout: EntryLayout) -> None:
    for field in layout.form.fields:
        kinds = {one.kind for one in layout.columns if one.name == field.id} - set(HIDDEN)
        own = {FilledBy.OFFICE: ColumnKind.OFFICE, FilledBy.DEPARTMENT: ColumnKind.ENTRY}
        expected = {own.get(field.filled_by, ColumnKind.FORMULA)}
        assert kinds == (expected | {ColumnKind.PREVIOUS} if field.previous else expected)


@any_size
@given(layouts())
def test_the_cells_of_failed_checks_stand_side_by_side(layout: EntryLayout) -> None:
    """The check column counts over one range, from the first to the last of them."""
    block = [one.index for one in layout.problem_columns]
    assert block == list(range(block[0], block[0] + len(block)))


@any_size
@given(layouts())
def test_checks_are_numbered_without_gaps_in_the_order_of_the_fields(layout: EntryLayout) -> None:
    assert [one.number for one in layout.checks] == list(range(1, len(layout.checks) + 1))
    places = [layout.field_column(one.field).index for one in layout.checks]
    assert places == sorted(places)


@any_size
@given(layouts())
def test_every_rule_in_force_has_its_check_and_its_undecided_next_to_it(layout: EntryLayout) -> None:
    """A rule's cell holds its number, or the next one where it gives an error."""
    first = layout.period.id == "P1"
    wanted = {one.id for one in layout.form.rules if not (first and one.from_period == "P2")}
    rules = [one for one in layout.checks if one.kind is CheckKind.RULE]
    assert {one.rule.id for one in rules if one.rule} == wanted
    for check in rules:
        following = layout.checks[check.number]
        assert (following.kind, following.rule) == (CheckKind.UNDECIDED, check.rule)


@any_size
@given(layouts())
def test_every_formula_of_the_form_finds_its_names(layout: EntryLayout) -> None:
    stamps = stamping(layout.plan.forms, layout.plan.lists_for(layout.plan.items), layout.plan, layout.period)
    formulas = [one.required for one in layout.form.fields] + [one.formula for one in layout.form.fields]
    for formula in [*formulas, *(one.check for one in layout.form.rules)]:
        if isinstance(formula, Formula):
            assert emit(formula, layout.place(FIRST_ROW, stamps))


@any_size
@given(layouts())
def test_the_hidden_sheet_keeps_stamp_lists_and_messages_apart(layout: EntryLayout) -> None:
    stamps = stamping(layout.plan.forms, layout.plan.lists_for(layout.plan.items), layout.plan, layout.period)
    starts = [column for column, _ in (*stamps.lists.values(), *stamps.messages.values())]
    taken = [1, 2, *starts, *(one + 1 for one in starts)]
    assert len(taken) == len(set(taken))


@few
@given(plans(), st.integers(1, 5))
def test_the_messages_of_the_hidden_sheet_are_the_checks(plan: Plan, rows: int) -> None:
    """Row n of the messages is check n, and beside it the column at which it points."""
    made = order(plan, rows)
    layout, stamps = made.layout("form"), made.stamps()
    sheet = openpyxl.load_workbook(io.BytesIO(form_workbook(made)))[STAMP_SHEET]
    column, length = stamps.messages["form"]
    told = [sheet.cell(row, column).value for row in range(1, length + 2)]
    aimed = [sheet.cell(row, column + 1).value for row in range(1, length + 2)]
    assert told == [*(one.shown(plan.language) for one in layout.checks), None]
    assert aimed == [*(layout.field_column(one.field).index for one in layout.checks), None]


@few
@given(plans(), st.integers(1, 5))
def test_the_sheet_is_written_where_the_layout_says(plan: Plan, rows: int) -> None:
    made = order(plan, rows)
    layout = made.layout("form")
    sheet = openpyxl.load_workbook(io.BytesIO(form_workbook(made)))[layout.form.title]
    assert [sheet.cell(FIRST_ROW - 1, one.index).value for one in layout.shown] == [
        one.heading for one in layout.shown
    ]
    hidden = [one for one in sheet.column_dimensions.values() if one.hidden]
    covered = [index for one in hidden for index in range(one.min, one.max + 1)]
    assert sorted(covered) == [one.index for one in layout.of_kind(*HIDDEN)]


def test_the_sample_stands_where_people_expect_it() -> None:
    """What the office knows stands left of what the department fills, last year's answer left of this year's."""
    shown = [one.heading.rstrip("＊※*") for one in sample().shown]
    assert shown.index("計画") < shown.index("進捗")
    at = [
        one.index
        for one in (sample().column(kind, "actual") for kind in (ColumnKind.PREVIOUS, ColumnKind.ENTRY))
    ]
    assert at[1] == at[0] + 1
    assert shown[-1] == sample().column(ColumnKind.CHECK, "check").heading


@pytest.mark.parametrize(
    ("field", "kinds"),
    [
        ("actual", "required error_value list rule undecided"),
        ("spent", "required error_value type range rule undecided"),
        ("count", "error_value type range"),
        ("held", "required error_value type range rule undecided"),
        ("done", "required error_value length rule undecided"),
        ("code", "error_value pattern unique"),
        ("reason", "required error_value list"),
        ("note", "error_value length rule undecided rule undecided"),
    ],
)
def test_the_checks_of_a_field_are_in_the_order_of_the_gate(field: str, kinds: str) -> None:
    assert [one.kind for one in sample().checks if one.field.id == field] == kinds.split()


def test_a_rule_has_the_columns_of_its_severity() -> None:
    layout = sample()
    assert [one.name for one in layout.of_kind(ColumnKind.BROKEN)] == ["in_year", "other_needs_note"]
    doubted = [one.name for one in layout.of_kind(ColumnKind.DOUBTED)]
    assert doubted == ["not_backwards", "within", "not_copied", "low_rate"]
    severities = {
        one.rule.id: one.severity for one in layout.checks if one.rule and one.kind is CheckKind.RULE
    }
    assert severities["in_year"] is Severity.ERROR
    assert severities["low_rate"] is Severity.WARNING


def test_a_rule_that_starts_later_is_not_asked_before() -> None:
    assert "low_rate" not in {one.rule.id for one in sample(period=0).checks if one.rule}
    assert "low_rate" in {one.rule.id for one in sample(period=1).checks if one.rule}


def test_a_sheet_without_items_has_its_columns_and_no_rows() -> None:
    empty = replace(sample(), rows=0)
    assert empty.last_row == FIRST_ROW - 1
    assert empty.locate(FIRST_ROW, 1) is None
    assert [one.index for one in empty.columns] == [one.index for one in sample().columns]


def test_the_stamp_stands_left_of_lists_and_messages() -> None:
    plan = sample_plan()
    stamps = stamping(plan.forms, plan.lists, plan, plan.periods[1])
    assert min(column for column, _ in stamps.lists.values()) > 2
    assert len(STAMP_KEYS) == 6
    assert stamps.values("status") == "_xlplan!$D$1:$D$3"
    assert stamps.ranks("status") == "_xlplan!$E$1:$E$3"


def test_the_days_of_a_period_are_those_of_its_fiscal_year() -> None:
    layout = sample()
    stamps = stamping(layout.plan.forms, layout.plan.lists_for(layout.plan.items), layout.plan, layout.period)
    days = layout.place(FIRST_ROW, stamps).days()
    assert (days.first, days.last) == (date(2014, 4, 1), date(2015, 3, 31))
