"""The whole year in one test: what a city lives through, with real files."""

import re
from collections.abc import Sequence
from datetime import datetime

import openpyxl
import pytest
from golden import parts
from libreoffice import LibreOffice
from summaries import differing

from xlplan import stages
from xlplan.cli.demo.filling import read_answers
from xlplan.cli.demo.play import PLANTED, Played, play
from xlplan.cli.printing import Printer
from xlplan.definition.reading import read_definition
from xlplan.model.form import Form
from xlplan.model.record import Record, Value
from xlplan.model.submission import RecordRow
from xlplan.stages.new import kits
from xlplan.store.ledger import Ledger

MOMENT = datetime(2015, 4, 10, 9, 0)


LANGUAGES = {name: read_definition(path).usable().language for name, path in sorted(kits().items())}
ENGLISH = [name for name, language in LANGUAGES.items() if language == "en"]


@pytest.fixture(scope="module", params=LANGUAGES)
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Played:
    """One kit's year, played once."""
    folder = tmp_path_factory.mktemp("year") / "city"
    return play(folder, request.param, lambda language: Printer(language), MOMENT)


def test_the_year_from_definition_to_reconciled_summary(played: Played) -> None:
    """Issue, return with mistakes, send back, mend, accept, consolidate, reconcile: everything ends accepted."""
    space, period = played.space, played.period.id
    first = [line.state for line in played.first.lines]
    again = {line.department.id: line for line in played.second.lines if line.department}
    standing = stages.status(space, period=period, now=MOMENT)

    assert {"accepted", "sent_back", "refused"} <= set(first)
    assert all(line.state in ("accepted", "known") for line in again.values())
    assert standing.open == ()
    assert space.summary(period).is_file()


REPORTED = {
    "word": {"not_in_list", "not_in_list_near"},
    "blank": {"required_text", "required_choice"},
    "spaced": {"read_as"},
    "sorted": {"rows_moved"},
    "long": {"too_long"},
    "office": {"office_changed", "about_changed"},
    "formula": {"entry_formula_empty"},
    "row": {"item_missing"},
}
"""By planted mistake, the findings of which one must tell it."""


def test_every_planted_mistake_is_reported_at_a_cell_or_told(played: Played) -> None:
    codes = {one.code for line in played.first.lines for one in line.findings}
    planted = {kind for kinds in PLANTED[: len(played.first.lines) - 1] for kind in kinds}

    assert {kind for kind in planted if not codes & REPORTED[kind]} == set()
    assert {"word", "blank"} <= planted
    assert "safety_not_workbook" in codes


def test_every_received_file_is_kept_byte_for_byte(played: Played) -> None:
    space, period = played.space, played.period.id
    kept = {path.read_bytes() for path in space.returned(period).rglob("*") if path.is_file()}
    sent = {path.read_bytes() for path in space.inbox(period).iterdir()}

    assert sent == kept


def test_a_sent_back_workbook_holds_the_departments_own_values_and_each_finding(played: Played) -> None:
    for line in played.first.lines:
        if line.sent_back is None or line.department is None:
            continue
        moved = played.space.sent_back(played.period.id) / line.sent_back.name  # accepted since
        book = openpyxl.load_workbook(moved)
        listed = book["指摘一覧" if "指摘一覧" in book.sheetnames else "Findings"]
        messages = {row[6].value for row in listed.iter_rows(min_row=4)}
        notes = "\n".join(
            cell.comment.text
            for sheet in book.worksheets
            for row in sheet.iter_rows()
            for cell in row
            if cell.comment
        )
        for one in line.findings:
            language = "ja" if listed.title == "指摘一覧" else "en"
            assert one.message(language) in messages
            if one.cell and one.item and one.field:
                assert one.message(language) in notes


def test_receiving_the_same_inbox_again_changes_nothing(played: Played) -> None:
    space, period = played.space, played.period.id
    before = {path: path.read_bytes() for path in space.root.rglob("*.xlsx")}

    again = stages.receive(space, (), period=period, now=datetime(2016, 1, 1))

    assert {line.state for line in again.lines} == {"known", "refused"}
    assert {path: path.read_bytes() for path in space.root.rglob("*.xlsx")} == before


def test_issuing_again_changes_nothing(played: Played) -> None:
    space, period = played.space, played.period.id
    due = stages.status(space, period=period, now=MOMENT).lines[0].due

    again = stages.issue(space, period, due=due, now=datetime(2016, 1, 1))

    assert {line.done for line in again.lines} == {"unchanged"}


def test_every_formula_that_went_out_or_was_published_has_the_value_that_libreoffice_finds(
    played: Played, libreoffice: LibreOffice
) -> None:
    space, period = played.space, played.period.id
    paths = [
        space.summary(period),
        *sorted(space.issued(period).glob("*.xlsx"))[:3],
        *sorted(space.sent_back(period).glob("*.xlsx"))[:3],
    ]
    books = [path.read_bytes() for path in paths]

    for path, book, judged in zip(paths, books, libreoffice.all_recalculated(books), strict=True):
        assert differing(book, judged) == {}, path.name


@pytest.mark.parametrize("played", ENGLISH, indirect=True)
def test_an_english_plan_has_no_japanese_word_in_any_workbook(played: Played) -> None:
    japanese = re.compile(r"[\u3001-\u30ff\u3400-\u9fff\uff00-\uffef]+")
    found = {
        (path.name, name, word)
        for path in played.space.root.rglob("*.xlsx")
        if path.name != "memo.xlsx" and "inbox" not in path.parts
        for name, part in parts(path.read_bytes()).items()
        if "theme" not in name  # Office's own, with the names of its fonts
        for word in japanese.findall(part.decode(errors="replace"))
    }

    assert found == set()


def plain(value: Value) -> Value:
    """A value as a cell holds it: 12 and 12.0 are one number."""
    return float(value) if isinstance(value, int) else value


def test_the_accepted_answers_are_the_kits_answers(played: Played) -> None:
    """What is kept of the round is what the departments meant to say, not what they first typed."""
    plan = stages.lint(played.space).usable()
    kit = next(path for path in kits().values() if read_definition(path).usable().id == plan.id)
    period, answers = read_answers(plan, kit)
    with Ledger.open(played.space.ledger_path) as ledger:
        latest = ledger.latest(played.period.id)
    kept = [record for receipt in latest.values() for record in receipt.records]

    def said(form: Form, some: Sequence[Record | RecordRow]) -> list[str]:
        """The answers of a form; which item an open row is about stands in it as well."""
        mine = [one for one in some if one.form == form.id]
        entered = [one.id for one in form.entered]
        return sorted(
            str(["" if form.is_open else one.item, *(plain(one.values.get(name)) for name in entered)])
            for one in mine
        )

    assert period.id == played.period.id
    assert {line.state for line in stages.status(played.space, period=period.id, now=MOMENT).lines} == {
        "accepted"
    }
    for form in plan.forms:
        assert said(form, kept) == said(form, answers)
