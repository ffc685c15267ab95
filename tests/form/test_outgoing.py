"""Whatever text people give, every workbook that goes out holds it as text, and only what is meant for its reader.

The issued and the sent-back form, the summary and plan.xlsx are made of texts that look like formulas, markup,
escapes and broken characters, in every place that people fill; their parts are then read as XML.
"""

import csv
import io
import json
import os
import re
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import openpyxl
import pytest
from figured import summary_workbook
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from libreoffice import CellError, LibreOffice
from python_calamine import CalamineWorkbook
from returns import (
    NOW,
    TABLES,
    Desk,
    changed,
    department_of,
    judged,
    period_of,
    plan_of,
    sample_plan,
    submission,
    write_tables,
)
from summaries import asahikawa, h26, kit_answers

from xlplan.definition.reading import Definition, read_definition
from xlplan.definition.write.workbook import definition_workbook
from xlplan.form.issuing import issue_file, order_of, prepare, sent_back_file
from xlplan.form.write.order import SentBack
from xlplan.form.write.workbook import form_workbook
from xlplan.formula.excel import (
    MAX_CELL_TEXT,
    MAX_DEFINED_NAME,
    MAX_FORMULA,
    MAX_TABLE_HEADING,
    MAX_VALIDATION_MESSAGE,
    MAX_VALIDATION_TITLE,
)
from xlplan.language.messages import text as said
from xlplan.language.text import tidy
from xlplan.model.item import Department
from xlplan.model.plan import Plan
from xlplan.model.submission import Receipt, ReceiptState
from xlplan.report.rows import consolidate
from xlplan.spreadsheet.book import Book, prompt
from xlplan.spreadsheet.safety.inspection import Clearance, inspect
from xlplan.spreadsheet.worksheet import cell_text

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

PLACES = (
    "plan",
    "organisation",
    "office",
    "contact",
    "period",
    "department",
    "goal",
    "group",
    "title",
    "summary",
)
PLACES += (
    "further",
    "form_note",
    "label",
    "hint",
    "choice",
    "message",
    "remedy",
    "record",
    "measure",
    "list",
)
RETURNED = ("answer", "choice_typed", "number_typed", "respondent", "approver", "file")
"""Where people's words stand: in the plan's tables, as `{place}` in those below, and in a return."""

HERE: Mapping[str, str] = {
    **TABLES,
    "plan": """
        key | value
        id | sample
        title | {plan}
        organisation | {organisation}
        office | {office}
        contact | {contact}
    """,
    "periods": TABLES["periods"].replace("令和6年度", "{period}"),
    "departments": TABLES["departments"].replace("情報課", "{department}"),
    "items": """
        id | goal | group | title | summary | department | 備考
        A-1 | {goal} | {group} | {title} | {summary} | D1 | {further}
        A-2 | {goal} | {group} | 予約 | | D1 |
        A-3 | 目標 | 二 | 端末 | | D1 |
        B-1 | 目標 | 二 | 給与 | | D2 |
    """,
    "choices": TABLES["choices"].replace(
        "reason | その他 | |", "reason | その他 | |\n {list} | {choice} | |"
    ),
    "forms": """
        id | title | note
        report | 進捗報告 | {form_note}
    """,
    "fields": """
        form | id | label | type | list | required | previous | max_length | hint
        report | actual | 進捗 | choice | status | yes | yes | |
        report | done | 実施内容 | text | | yes | yes | | {hint}
        report | places | 箇所数 | whole | | | | |
        report | extra | {label} | choice | {list} | | | |
    """,
    "rules": """
        id | form | check | target | severity | message | remedy
        never | report | BLANK([@実施内容]) | done | error | {message} | {remedy}
    """,
    "records": """
        form | period | item | actual | done
        report | R5 | A-1 | 検討 | {record}
    """,
    "views": """
        id | title | kind | form | options
        table | 総括 | progress | report | text=done
        answers | 一覧 | list | report |
        figures | 集計 | statistics | report |
    """,
    "measures": """
        view | id | label | formula | by
        figures | number | {measure} | COUNTIFS([進捗],GROUP(),[期間],PERIOD()) | actual
    """,
}


@dataclass(frozen=True, slots=True)
class Round:
    """The workbooks of one round, and the words that people gave as they should be read back."""

    plan: Plan
    books: Mapping[str, bytes]
    texts: Mapping[str, str]


def definition_of(words: Mapping[str, str], folder: Path) -> Definition:
    """The plan's tables with people's words in their places, as a folder of CSV files, read."""
    said = {**{one: f"言葉{one}" for one in PLACES}, **words}
    for name, table in HERE.items():
        rows = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
        stream = io.StringIO()
        csv.writer(stream).writerows([[cell.format(**said) for cell in row] for row in rows])
        (folder / f"{name}.csv").write_text(stream.getvalue(), encoding="utf-8", newline="")
    return read_definition(folder)


def round_of(words: Mapping[str, str]) -> Round | None:
    """All workbooks of a plan and a return with these words, ordinary ones elsewhere; None where the lint objects."""
    with TemporaryDirectory() as folder:
        definition = definition_of(words, Path(folder))
    plan = definition.plan
    if plan is None:
        return None
    department, period = department_of(plan, "D1"), period_of(plan)
    issued, order = prepare(plan, period, department, None, NOW)
    typed: dict[tuple[str, str], object] = {
        ("A-1", "actual"): "実施",
        ("A-1", "done"): words.get("answer", "進めた。"),
        ("A-2", "actual"): words.get("choice_typed", "？"),
        ("A-3", "places"): words.get("number_typed", "？"),
    }
    name = words.get("file", "a.xlsx")
    [verdict] = judged(plan, submission(plan, "D1", typed, file=name))
    values = {
        (record.form, record.item, name): value
        for record in verdict.records
        for name, value in record.values.items()
    }
    people = {one: words.get(one, "山田") for one in ("respondent", "approver")}
    sent = SentBack(1, values, verdict.findings, **people)
    back = order_of(plan, period, department, issued, created=NOW, sent_back=sent)
    receipt = Receipt(
        *(period.id, "D1", 1, issued.id, name, "0" * 64, NOW, ReceiptState.SENT_BACK, name),
        **people,
        findings=verdict.findings,
        records=verdict.records,
    )
    made = consolidate(plan, period, {"D1": issued}, {"D1": receipt}, NOW, draft=True)
    books = {
        "issued": form_workbook(order),
        "sent_back": form_workbook(back),
        "summary": summary_workbook(made),
        "plan": definition_workbook(definition.tables, "ja", NOW),
    }
    return Round(plan, books, {place: tidy(one) for place, one in words.items()})


SHOWN: Mapping[str, tuple[str, ...]] = {
    "issued": (
        *("plan", "organisation", "office", "contact", "period", "department"),
        *("group", "title", "summary", "further", "form_note", "label", "choice", "message", "record"),
    ),
    "sent_back": (
        *("plan", "department", "title", "label", "choice", "message", "remedy", "record"),
        *("answer", "choice_typed", "number_typed", "respondent", "approver"),
    ),
    "summary": (
        *("plan", "organisation", "period", "department", "goal", "group", "title", "summary", "further"),
        *("label", "message", "remedy", "record", "measure", "respondent", "approver", "file"),
        *("answer", "choice_typed", "number_typed"),
    ),
    "plan": PLACES,
}
"""By workbook, the places whose words a person reads in its cells."""


# --- parts -----------------------------------------------------------------------------------------


def parts_of(workbook: bytes) -> dict[str, Element]:
    """Every XML part, parsed: a part that is not well formed fails here."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        return {
            name: ElementTree.fromstring(archive.read(name))
            for name in archive.namelist()
            if name.endswith((".xml", ".rels", ".vml"))
        }


def decoded(text: str) -> str:
    """A text of a part as Excel reads it (ECMA-376 part 1, 22.9.2.19, ST_Xstring), from left to right."""
    return re.sub("_x([0-9a-fA-F]{4})_", lambda one: chr(int(one[1], 16)), text)


def sheets_of(parts: Mapping[str, Element]) -> Iterator[Element]:
    return (part for name, part in parts.items() if name.startswith("xl/worksheets/sheet"))


def cell_texts(parts: Mapping[str, Element]) -> list[str]:
    """The shared texts, run by run decoded."""
    table = parts["xl/sharedStrings.xml"]
    return ["".join(decoded(one.text or "") for one in si.iter(f"{MAIN}t")) for si in table.iter(f"{MAIN}si")]


def length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def assert_within_limits(parts: Mapping[str, Element]) -> None:
    """What Excel would repair: texts, prompts, names, headings and links that are too long or there twice."""
    assert [one for one in cell_texts(parts) if length(one) > MAX_CELL_TEXT] == []
    limits = {
        "prompt": MAX_VALIDATION_MESSAGE,
        "promptTitle": MAX_VALIDATION_TITLE,
        "error": MAX_VALIDATION_MESSAGE,
        "errorTitle": MAX_VALIDATION_TITLE,
    }
    for sheet in sheets_of(parts):
        for rule in sheet.iter(f"{MAIN}dataValidation"):
            assert {name for name, most in limits.items() if length(rule.get(name, "")) > most} == set()
        for tag in ("oddHeader", "oddFooter"):
            assert all(length(one.text or "") <= 255 for one in sheet.iter(f"{MAIN}{tag}"))
        assert all(length(one.text or "") <= MAX_FORMULA for one in sheet.iter(f"{MAIN}f"))
    names = [str(one.get("name")).casefold() for one in parts["xl/workbook.xml"].iter(f"{MAIN}definedName")]
    named = [one for one in names if not one.startswith("_xlnm.")]
    assert len(named) == len(set(named))
    assert [
        one
        for one in named
        if len(one) > MAX_DEFINED_NAME or decoded(one) != one or not re.fullmatch(r"[\w.]+", one)
    ] == []
    titles = [str(one.get("name")) for one in parts["xl/workbook.xml"].iter(f"{MAIN}sheet")]
    assert len({one.casefold() for one in titles}) == len(titles)
    assert all(1 <= length(one) <= 31 and not re.search(r"[\[\]:*?/\\\n]", one) for one in titles)
    texts = cell_texts(parts)
    for name, table in parts.items():
        if name.startswith("xl/tables/"):
            headings = [str(one.get("name")) for one in table.iter(f"{MAIN}tableColumn")]
            assert len({one.casefold() for one in headings}) == len(headings)
            assert [
                one for one in headings if length(one) > MAX_TABLE_HEADING or decoded(one) not in texts
            ] == []
    for name, part in parts.items():
        if name.startswith("xl/comments"):
            notes = ["".join(one.itertext()) for one in part.iter(f"{MAIN}text")]
            assert all(length(one) <= MAX_CELL_TEXT for one in notes)


def assert_no_formula_of_theirs(parts: Mapping[str, Element], words: Mapping[str, str]) -> None:
    """Formulas, criteria and names hold none of the words; a cell that shows one is a text."""
    formulas = [
        one.text or ""
        for sheet in sheets_of(parts)
        for tag in ("f", "formula", "formula1", "formula2")
        for one in sheet.iter(f"{MAIN}{tag}")
    ]
    formulas += [one.text or "" for one in parts["xl/workbook.xml"].iter(f"{MAIN}definedName")]
    literal = re.compile('"(?:[^"]|"")*"')
    assert all(length(one[0]) <= 257 for formula in formulas for one in literal.finditer(formula))
    bare = [literal.sub('""', one) for one in formulas]
    for place, word in words.items():
        assert not [one for one in bare if word in one], place
    for sheet in sheets_of(parts):
        for cell in sheet.iter(f"{MAIN}c"):
            value = cell.findtext(f"{MAIN}v") or ""
            if cell.get("t") not in ("s", "inlineStr", "str", "e", "b"):
                assert re.fullmatch(r"-?[0-9.]+(?:E[-+]?[0-9]+)?|", value), value
            assert cell.get("t") != "str" or cell.find(f"{MAIN}f") is not None


def quoted_cells(parts: Mapping[str, Element]) -> dict[str, bool]:
    """By text that looks like a formula: whether every cell that a person may edit or copy keeps it a text."""
    styles = list(parts["xl/styles.xml"].find(f"{MAIN}cellXfs") or ())
    texts, found = cell_texts(parts), dict[str, bool]()
    for sheet in sheets_of(parts):
        linked = {one.get("ref") for one in sheet.iter(f"{MAIN}hyperlink")}
        for cell in sheet.iter(f"{MAIN}c"):
            text = texts[int(cell.findtext(f"{MAIN}v") or 0)] if cell.get("t") == "s" else ""
            if len(text) > 1 and text[0] in "=+-@＝＋－＠" and cell.get("r") not in linked:
                style = styles[int(cell.get("s", 0))]
                kept = style.get("quotePrefix") == "1" or style.get("numFmtId") != "0"
                found[text] = found.get(text, True) and kept
    return found


def texts_by_openpyxl(workbook: bytes) -> set[str]:
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    return {
        str(cell.value)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def texts_by_calamine(workbook: bytes) -> set[str]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook))
    sheets = [book.get_sheet_by_name(one) for one in book.sheet_names]
    return {str(cell) for sheet in sheets for row in sheet.to_python() for cell in row if cell != ""}


def missing(found: set[str], words: Mapping[str, str], places: tuple[str, ...]) -> list[str]:
    """The places whose words no cell holds."""
    whole = "\n\0\n".join(found)
    return [place for place in places if place in words and words[place] not in whole]


# --- tests -----------------------------------------------------------------------------------------

HOSTILE = (
    *(
        "=1+1",
        "+1",
        "-1+2",
        "@SUM(A1)",
        "\t=1+1",
        "\r=1+1",
        "  =1+1",
        "＝１＋１",
        "＋１",
        "－１",
        "＠Ａ１",
        "　=1+1",
    ),
    *('=HYPERLINK("http://example.jp","見る")', "=cmd|' /C calc'!A0", "{=1+1}", "'=1+1", "=Sheet1!$A$1"),
    *(
        "<r>太字</r>",
        "<r><t>a</t></r>",
        "<r>&</r>",
        "<script>",
        "&amp;",
        "]]>",
        "&P&A&F",
        "&L&D",
        "<!--",
        "%1",
    ),
    *("_x0041_", "_x000D_", "a_x000d_b", "_x005F_x0041_", "_x0041_x0042_x0043_", "_x005f_", "_x41_"),
    *(
        "𠮷" * 300,
        "長" * 300,
        "ﾊﾟ゜",
        "か\u3099",
        "\u202e右から",
        "\u2028",
        "\x7f\x85",
        "\U0001fffe",
        "\ue000",
    ),
    *(
        '"',
        "'",
        "a'b\"c",
        "\\",
        "#REF!",
        "TRUE",
        "1E5",
        "0012",
        "2014-05-01",
        "[@進捗]",
        "データ[判定]",
        "a\nb\tc",
    ),
    *("制\x07御", "\ufffe半分\uffff", "=\x01cmd"),
)
ANY = st.sampled_from(HOSTILE) | st.text(st.characters(codec="utf-8", exclude_characters="{}\0"), max_size=30)


@st.composite
def any_words(draw: st.DrawFn) -> dict[str, str]:
    """Words in every place, each with an ending of its own: so no two are alike, and none is a part of our own."""
    return {one: marked(draw(ANY), at) for at, one in enumerate((*PLACES, *RETURNED))}


def marked(text: str, number: int) -> str:
    """A text with an ending of its own, within what looks like markup."""
    inner, closing = (text[:-4], "</r>") if text.endswith("</r>") else (text, "")
    return f"{inner}末{number}末{closing}"


@cache
def rounds() -> tuple[Round, ...]:
    """Each hostile text in every place where the lint allows it."""
    found = []
    for text in HOSTILE:
        words = {one: marked(text, at) for at, one in enumerate((*PLACES, *RETURNED))}
        found.append(
            round_of(words)
            or round_of({one: words[one] for one in words if one not in ("choice", "label", "period")})
        )
    assert all(found)
    return tuple(one for one in found if one)


def assert_sound(made: Round, kind: str) -> None:
    workbook = made.books[kind]
    assert isinstance(inspect(workbook), Clearance)
    parts = parts_of(workbook)
    assert_within_limits(parts)
    # the data sheet's columns are called by their headings, which are escaped; lists by names of letters
    known = (
        {"label"} if kind == "summary" else {"list"} if re.fullmatch(r"\w+", made.texts["list"]) else set()
    )
    words = {place: word for place, word in made.texts.items() if place not in known}
    assert_no_formula_of_theirs(parts, words)
    assert set(quoted_cells(parts).values()) <= {True}
    cells = set(cell_texts(parts))
    assert missing(cells, made.texts, SHOWN[kind]) == []
    assert missing(texts_by_calamine(workbook), made.texts, SHOWN[kind]) == []


@pytest.mark.parametrize("kind", SHOWN)
def test_hostile_text_in_any_place_stays_that_text(kind: str) -> None:
    for made in rounds():
        assert_sound(made, kind)


@given(any_words())
@settings(deadline=None, max_examples=10, suppress_health_check=list(HealthCheck))
def test_any_text_in_any_place_stays_that_text(words: dict[str, str]) -> None:
    made = round_of(words)
    assume(made)
    if made:
        for kind in SHOWN:
            assert_sound(made, kind)


def test_openpyxl_reads_the_same_text() -> None:
    for made in rounds():
        if not re.search("_x[0-9a-fA-F]{4}_", made.texts["title"]):  # openpyxl leaves escapes as they stand
            for kind, workbook in made.books.items():
                assert missing(texts_by_openpyxl(workbook), made.texts, SHOWN[kind]) == []


def test_libreoffice_reads_the_same_text_and_works_every_formula_out(libreoffice: LibreOffice) -> None:
    # where one escape begins in another, LibreOffice writes but one of them
    plain = [made for made in rounds() if not re.search("_x[0-9a-fA-F]{4}_x", made.texts["title"])]
    some = [(made, kind) for made in plain[::2] for kind in ("sent_back", "summary")]
    found = libreoffice.all_recalculated([made.books[kind] for made, kind in some])
    for (made, kind), read in zip(some, found, strict=True):
        values = [value for sheet in read.cells.values() for value in sheet.values()]
        assert not [one for one in values if isinstance(one, CellError)]
        texts = {decoded(one) for one in values if isinstance(one, str)}
        assert missing(texts, made.texts, SHOWN[kind]) == []


@pytest.mark.parametrize(
    "title", ["=1+1", "-1", "a'b", 'a"b', "R&D", "<r>x", "＝１", "100%!", "&P", "a!A1", "𠮷" * 15]
)
def test_a_sheet_may_be_called_by_any_name_that_excel_takes(title: str, libreoffice: LibreOffice) -> None:
    plan = plan_of(changed(TABLES, "forms", "進捗報告", title))
    issued, order = prepare(plan, period_of(plan), department_of(plan, "D1"), None, NOW)
    [verdict] = judged(plan, submission(plan, "D1", {("A-1", "done"): None}))
    sent = SentBack(1, {}, verdict.findings)
    back = order_of(plan, order.period, department_of(plan, "D1"), issued, created=NOW, sent_back=sent)
    workbook = form_workbook(back)
    parts = parts_of(workbook)
    assert_within_limits(parts)
    links = {one.get("location") for sheet in sheets_of(parts) for one in sheet.iter(f"{MAIN}hyperlink")}
    quoted = title.replace("'", "''")
    assert f"'{quoted}'!A1" in links
    cells = libreoffice.recalculated(workbook).cells
    assert title in cells
    assert not [one for sheet in cells.values() for one in sheet.values() if isinstance(one, CellError)]


@given(
    st.text(st.characters() | st.sampled_from("\ud800\udfff\ufffe\x00_x=<>"), max_size=60),
    st.integers(0, 40_000),
)
@settings(deadline=None, max_examples=40)
def test_no_text_breaks_a_write_be_it_broken_or_too_long(text: str, times: int) -> None:
    written = (text * max(1, times // max(len(text), 1))) or "-"
    book = Book("ja", written[:50], written[:50], NOW)
    sheet = book.sheet("a")
    book.put(sheet, 1, 1, written, book.style("value"))
    book.note(sheet, 1, 1, written, {})
    rule = {"validate": "any", "input_title": prompt(written, 32), "input_message": prompt(written)}
    sheet.data_validation(0, 0, 0, 0, rule)
    book.put_rows(sheet, 3, [[written]], [book.style("value")])
    parts = parts_of(book.finish())
    assert_within_limits(parts)
    assert set(cell_texts(parts)) <= {cell_text(written)}


@pytest.mark.parametrize(("times", "end"), [(MAX_CELL_TEXT, "長"), (MAX_CELL_TEXT + 1, "…")])
def test_a_text_that_is_cut_shows_it(times: int, end: str) -> None:
    assert len(cell_text("長" * times)) == MAX_CELL_TEXT
    assert cell_text("長" * times).endswith(end)


def test_numbers_of_persons_stand_masked_on_the_sheet_of_findings_and_the_state_still_follows(
    libreoffice: LibreOffice,
) -> None:
    plan = sample_plan()
    issued, _ = prepare(plan, period_of(plan), department_of(plan, "D1"), None, NOW)
    typed = "山田 123456789018"
    [verdict] = judged(plan, submission(plan, "D1", {("A-1", "note"): typed}))
    values = {("report", "A-1", "note"): typed}
    sent = SentBack(1, values, verdict.findings)
    back = order_of(plan, period_of(plan), department_of(plan, "D1"), issued, created=NOW, sent_back=sent)
    desk = Desk(plan, "D1", form_workbook(back))
    sheet = desk.book["指摘一覧"]
    assert sheet["F4"].value == "山田 …9018"
    assert sheet.column_dimensions["K"].hidden
    mended = desk.saved(), desk.put("A-1", "note", "山田").saved()
    states = [one["指摘一覧", "I4"] for one in libreoffice.all_recalculated(mended)]
    assert states == [
        said("artefacts.findings_sheet.open", "ja"),
        said("artefacts.findings_sheet.changed", "ja"),
    ]


# --- whose rows they are ---------------------------------------------------------------------------


def test_no_department_is_sent_anything_of_another() -> None:
    """The kit's round: titles, sentences and answers of all others, sought in every part of each workbook."""
    plan, period = asahikawa(), h26()
    answers = kit_answers()
    shared = {choice.value for choices in plan.lists.values() for choice in choices}
    said: dict[str, set[str]] = {}
    for item in plan.items:
        told = [plan.known("progress", one.id, item.id) for one in plan.periods] + [answers.get(item.id, {})]
        words = {item.title, item.summary, *(str(value) for one in told for value in one.values())}
        said.setdefault(item.department, set()).update(one for one in words - shared if len(one) > 5)
    for department in plan.answering(period)[:8]:
        issued, order = prepare(plan, period, department, None, NOW)
        values = {
            ("progress", item.id, name): value
            for item in plan.items_of(period, department.id)
            for name, value in answers[item.id].items()
        }
        sent = order_of(plan, period, department, issued, created=NOW, sent_back=SentBack(1, values, ()))
        for workbook in (form_workbook(order), form_workbook(sent)):
            everything = "\n".join(
                text
                for part in parts_of(workbook).values()
                for one in part.iter()
                for text in (*one.attrib.values(), one.text or "")
            )
            mine = "\n".join(said[department.id])
            assert [one for one in said[department.id] if one in everything]
            others = set().union(*(words for name, words in said.items() if name != department.id))
            assert [one for one in others if one not in mine and one in everything] == []


# --- names of files --------------------------------------------------------------------------------


@given(
    st.lists(
        st.text("aAbＡ課か\u3099が_ .CON1:/", max_size=30) | st.text("課長", min_size=60, max_size=90),
        min_size=2,
        max_size=6,
    )
)
@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
def test_departments_that_the_lint_lets_pass_have_files_of_their_own_on_every_system(
    names: list[str],
) -> None:
    rows = "".join(
        f"        D{at}{name[:2].strip() and ''} | {name}\n"
        for at, name in enumerate(names, 1)
        if name.strip()
    )
    tables = {**TABLES, "departments": f"\n        id | name\n{rows}"}
    with TemporaryDirectory() as folder:
        write_tables(tables, Path(folder))
        found = read_definition(Path(folder))
    period = sample_plan().periods[-1]
    departments = [
        Department(one.split("|")[0].strip(), one.split("|")[1].strip()) for one in rows.splitlines()
    ]
    clash = {one.cell for one in found.findings if one.code == "plan_same_file"}
    files = [unicodedata.normalize("NFD", issue_file(period, one)).casefold() for one in departments]
    files += [sent_back_file(period, one, 1, "差戻し").casefold() for one in departments]
    files += [sent_back_file(period, one, 2, "差戻し").casefold() for one in departments]
    assert clash or len(set(files)) == len(files)
    assert all(one.endswith((".xlsx",)) and len(one.encode()) < 255 for one in files)


@pytest.mark.skipif(os.name == "nt" or sys.platform == "darwin", reason="names of files are text there")
def test_a_file_name_in_no_encoding_breaks_neither_the_lines_nor_the_document(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"a\xff.xlsx")
    path.write_bytes(b"no workbook")
    (tmp_path / "city").mkdir()
    write_tables(TABLES, tmp_path / "city" / "plan")
    command = [sys.executable, "-m", "xlplan", "check", str(path), "--dir", str(tmp_path / "city")]
    document = subprocess.run([*command, "--json"], capture_output=True, check=False)
    [line] = json.loads(document.stdout)["returns"]
    assert (line["file"], line["state"]) == (str(path), "refused")
    lines = subprocess.run(command, capture_output=True, check=False, text=True)
    assert lines.returncode == document.returncode == 1
    assert "a\\udcff.xlsx" in lines.stdout
