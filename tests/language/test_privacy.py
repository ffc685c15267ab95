"""Numbers and addresses that belong to persons are found in free text, and nothing else is taken for them."""

import csv
import json
import random
import re
import sqlite3
import unicodedata
from collections.abc import Callable
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from returns import (
    TABLES,
    Desk,
    changed,
    department_of,
    judged,
    period_of,
    plan_of,
    sample_plan,
    submission,
    told,
)
from rounds import DUE_MOMENT, RECEIVED, begin, desk, drop, only, receive

from xlplan import stages
from xlplan.cli.documents import mend_document
from xlplan.cli.status import status_document
from xlplan.form.issuing import rows_of
from xlplan.form.read.opening import Opener
from xlplan.language.codes import Severity
from xlplan.language.messages import LANGUAGES
from xlplan.language.privacy import PersonalKind, is_personal_number, masked, signs
from xlplan.model.finding import Finding, has_errors
from xlplan.model.submission import Submission
from xlplan.validate.judging import judge

ROOT = Path(__file__).parents[2]
FULL_WIDTH = str.maketrans("0123456789-@.", "０１２３４５６７８９－＠．")


def kinds(text: str) -> list[PersonalKind]:
    return [one.kind for one in signs(text)]


def with_check_digit(eleven: str) -> str:
    """The personal number that begins with eleven digits: its check digit as the ordinance has it, written out."""
    weights = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
    rest = sum(int(digit) * weight for digit, weight in zip(eleven, weights, strict=True)) % 11
    return eleven + ("0" if rest <= 1 else str(11 - rest))


def luhn(body: str) -> str:
    """`body` with the check digit of a card."""
    for last in "0123456789":
        digits = [int(one) for one in body + last]
        doubled = [2 * one if at % 2 else one for at, one in enumerate(reversed(digits))]
        if sum(one - 9 if one > 9 else one for one in doubled) % 10 == 0:
            return body + last
    raise AssertionError


eleven_digits = st.from_regex(r"[1-9][0-9]{10}", fullmatch=True).filter(
    lambda one: one[:2] not in ("19", "20")
)
groups = st.sampled_from(
    [
        lambda number: number,
        lambda number: "-".join(number[at : at + 4] for at in range(0, len(number), 4)),
        lambda number: " ".join(number[at : at + 4] for at in range(0, len(number), 4)),
        lambda number: "　".join(number[at : at + 4] for at in range(0, len(number), 4)),
        lambda number: "ー".join(number[at : at + 4] for at in range(0, len(number), 4)),
    ]
)
widths = st.sampled_from([str, lambda number: number.translate(FULL_WIDTH)])
around = st.sampled_from(["", "番号は", "（", "山田　", "「", "No.", "no: ", "。", "\n"])
Write = Callable[[str], str]


@given(eleven_digits, groups, widths, around, around)
def test_a_personal_number_is_found_however_it_is_written(
    eleven: str, grouped: Write, wide: Write, before: str, behind: str
) -> None:
    number = wide(grouped(with_check_digit(eleven)))
    text = f"{before}{number}{behind if not behind.isascii() else ''}"
    assert kinds(text) == [PersonalKind.PERSONAL_NUMBER]
    assert masked(text) == text.replace(number, f"…{number[-4:]}")


@given(eleven_digits, st.integers(1, 9), groups, widths)
def test_twelve_digits_with_another_check_digit_are_no_personal_number(
    eleven: str, off: int, grouped: Write, wide: Write
) -> None:
    right = with_check_digit(eleven)
    text = wide(grouped(right[:-1] + str((int(right[-1]) + off) % 10)))
    assert kinds(text) == []
    assert masked(text) == text


@pytest.mark.parametrize("rest", [0, 1])
def test_a_rest_of_none_or_one_gives_the_check_digit_0(rest: int) -> None:
    chosen = random.Random(rest)
    found = 0
    while found < 3:
        digits = "".join(chosen.choices("123456789", k=11))
        weights = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
        if sum(int(one) * weight for one, weight in zip(digits, weights, strict=True)) % 11 == rest:
            assert is_personal_number(f"{digits}0")
            assert not any(is_personal_number(f"{digits}{last}") for last in "123456789")
            found += 1


CARDS = ["4", "51", "55", "62", "65", "6011", "649", "3528", "3589", "2221", "2720", "34", "37", "300", "36"]


@given(st.sampled_from(CARDS), st.integers(0, 10**15 - 1), groups, widths)
def test_a_card_number_is_found_however_it_is_written(
    begins: str, rest: int, grouped: Write, wide: Write
) -> None:
    length = {"34": 15, "37": 15, "300": 14, "36": 14}.get(begins, 16)
    number = luhn(f"{begins}{rest:015}"[: length - 1])
    shown = wide(grouped(number) if length == 16 else number)
    assert kinds(f"カード {shown} で") == [PersonalKind.CARD_NUMBER]
    assert masked(shown) == f"…{shown[-4:]}"
    wrong = number[:-1] + str((int(number[-1]) + 5) % 10)
    assert kinds(wide(wrong)) == []


@pytest.mark.parametrize(
    ("text", "kind", "shown"),
    [
        ("3782-822463-10005", PersonalKind.CARD_NUMBER, "…0005"),
        ("3056 930902 5904", PersonalKind.CARD_NUMBER, "…5904"),
        (
            "問合せは taro.yamada@city.hama.lg.jp まで",
            PersonalKind.MAIL_ADDRESS,
            "問合せは …@city.hama.lg.jp まで",
        ),
        ("ｔａｒｏ＠ｅｘａｍｐｌｅ．ｊｐ", PersonalKind.MAIL_ADDRESS, "…@ｅｘａｍｐｌｅ．ｊｐ"),
        ("mailto:a+b@example.com。", PersonalKind.MAIL_ADDRESS, "mailto:…@example.com。"),
        ("電話090-1234-5678", PersonalKind.MOBILE_NUMBER, "電話…5678"),
        ("０８０１２３４５６７８", PersonalKind.MOBILE_NUMBER, "…５６７８"),
        ("０７０ー１２３４ー５６７８", PersonalKind.MOBILE_NUMBER, "…５６７８"),
        ("090(1234)5678", PersonalKind.MOBILE_NUMBER, "…5678"),
        ("+81-90-1234-5678", PersonalKind.MOBILE_NUMBER, "…5678"),
    ],
)
def test_what_belongs_to_a_person_is_found_and_masked(text: str, kind: PersonalKind, shown: str) -> None:
    assert kinds(text) == [kind]
    assert masked(text) == shown


ORDINARY = """
123456789018円|1,234,567,890,18 円|予算123456789018千円|￥123456789018|¥ 123456789018|123456789018.5
2014-05-01|平成26年5月1日|202405301230|2024/05/30 12:30:59|20240530123059|2024053012305900
0166-26-1111|011-123-4567|（0166）26-1111|0120-123-456|0570-01-2345|内線 1234-5678
A-123456789018|123456789018-01|PRJ123456789018|ID_123456789018|123456789018-A|第1234567890189号|090-1234-56789
1 2 3 4 5 6 7 8 9 10 11 12|100 200 300 400 500 600|1234 5678 9018 2345|0 1 0 1 0 1 0 1 0 1 0 8
https://hama.example.jp/items/123456789018?n=4111111111111111|000000000000|0000-0000-0000
@hama_city|a@b|5 ＠ 300円|@100|単価＠1,200|3@example|１０²³⁴⁵⁶⁷⁸⁹¹²³⁴|①②③④⑤⑥⑦⑧⑨⑩⑪⑫
H26-001-2345-6789|4111-1111-1112|4111 1111 1111 1112|8888888888888888|1111111111111117
""".replace("\n", "|").split("|")


@pytest.mark.parametrize("text", [one for one in ORDINARY if one])
def test_ordinary_numbers_are_left_alone(text: str) -> None:
    assert kinds(text) == []
    assert masked(text) == text


@given(
    st.integers(0, 10**13),
    st.sampled_from(["{:,}円", "{}円", "{:,}", "約{}千円", "{}件", "¥{}", "{}.0", "{}人"]),
)
def test_sums_and_counts_are_left_alone(number: int, shape: str) -> None:
    assert kinds(shape.format(number)) == []


@given(st.datetimes(), st.sampled_from(["%Y-%m-%d", "%Y/%m/%d %H:%M", "%H:%M:%S", "%m-%d-%H-%M"]))
def test_dates_and_times_are_left_alone(moment: object, shape: str) -> None:
    assert kinds(format(moment, shape)) == []


@given(st.dates(), st.times())
def test_a_moment_in_twelve_digits_is_left_alone(day: object, moment: object) -> None:
    digits = f"{day:%Y%m%d}{moment:%H%M}"
    assert digits[:2] not in ("19", "20") or kinds(digits) == []


def test_no_sentence_of_the_repository_is_taken_for_any() -> None:
    """Kits, catalogue and documents: some thousands of sentences as offices write them."""
    texts = [
        cell
        for path in ROOT.glob("templates/**/*.csv")
        if path.stem != "departments"  # it has a column of addresses
        for line in csv.reader(path.read_text(encoding="utf-8").splitlines())
        for cell in line
    ]
    for pattern in ("xlplan/catalogue/*.toml", "docs/*.md", "*.md"):
        texts += [
            line for path in ROOT.glob(pattern) for line in path.read_text(encoding="utf-8").splitlines()
        ]
    assert len(texts) > 4_000
    assert [text for text in texts if signs(text)] == []


@given(st.text(st.sampled_from("0123456789０９-－ ー@＠.ax円、+（)\n"), max_size=60))
def test_places_lie_apart_within_the_text_and_what_is_masked_gives_nothing_away(text: str) -> None:
    found = signs(text)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    ends = [0, *(end for one in found for end in (one.start, one.end)), len(text)]
    kept = [text[start:end] for start, end in zip(ends[::2], ends[1::2], strict=True)]
    shapes = [
        _domain(text[one.start : one.end]) if one.kind is PersonalKind.MAIL_ADDRESS else "….{4}"
        for one in found
    ]
    expected = "".join(f"{re.escape(part)}{shape}" for part, shape in zip(kept, [*shapes, ""], strict=True))
    assert re.fullmatch(expected, masked(text), re.DOTALL)


def _domain(address: str) -> str:
    """The shape of an e-mail address that is masked: nothing before its sign, all behind it."""
    return "…@" + re.escape(re.split("[@＠]", address)[1])


# --- in a return -----------------------------------------------------------------------------------


def test_a_return_that_gives_away_a_person_is_warned_of_at_the_cell() -> None:
    one = submission(sample_plan(), "D1", {("A-1", "note"): "１２３４ー５６７８ー９０１８、a@b.jp"})
    [verdict] = judged(sample_plan(), one)
    found = [(one.code, one.severity, one.item, one.field, one.value) for one in verdict.findings]
    assert found == [
        ("personal_number", Severity.WARNING, "A-1", "note", "…９０１８、…@b.jp"),
        ("mail_address", Severity.WARNING, "A-1", "note", "…９０１８、…@b.jp"),
    ]
    assert all(one.cell for one in verdict.findings)
    for finding in verdict.findings:
        for language in LANGUAGES:
            assert "補足" in finding.message(language)
            assert finding.remedy(language)


@pytest.mark.parametrize("typed", [123456789018, 123456789018.0, "　123456789018"])
def test_a_number_typed_as_a_number_is_found_and_no_finding_of_the_cell_shows_it(typed: object) -> None:
    [verdict] = judged(sample_plan(), submission(sample_plan(), "D1", {("A-1", "note"): typed}))
    assert told(verdict.findings, "personal_number") == [("A-1", "note")]
    for finding in verdict.findings:
        for language in LANGUAGES:
            assert given_away(" ".join(finding.as_dict(language).values())) == []


def test_a_number_field_is_no_free_text() -> None:
    one = submission(sample_plan(), "D1", {("A-1", "number"): 123456789018})
    [verdict] = judged(sample_plan(), one)
    assert told(verdict.findings, "personal_number") == []


@pytest.mark.parametrize(("typed", "codes"), [("長" * 32_767, []), ("𠮷" * 16_384, ["cell_too_long"])])
def test_more_than_a_cell_holds_is_an_error_that_says_so(typed: str, codes: list[str]) -> None:
    plan = plan_of(changed(TABLES, "fields", "yes|||20||", "yes|||||"))
    [verdict] = judged(plan, submission(plan, "D1", {("A-1", "done"): typed}))
    assert [one.code for one in verdict.findings] == codes
    assert has_errors(list(verdict.findings)) == bool(codes)


# --- wherever it was typed -------------------------------------------------------------------------

NUMBER = 123456789018
"""Twelve digits with the right check digit."""


def given_away(text: str) -> list[str]:
    """The runs of four digits of the number that stand in `text`, however it writes them; its last four may.

    Digits within a hash are none of the number, nor is the one in the name of a kept file.
    """
    kept = rf"(?<=_\d\d_)(?!{NUMBER})[0-9a-f]{{12}}"
    hashed = r"(?<![0-9A-Za-z])(?=[0-9]*[a-f])[0-9a-f]{12,}"
    text = re.sub(f"(?:{kept}|{hashed})(?![0-9A-Za-z])", "", text)
    digits = re.sub(r"(?<=[0-9])[-ー 　]+(?=[0-9])", "", unicodedata.normalize("NFKC", text))
    runs = [str(NUMBER)[at : at + 4] for at in range(len(str(NUMBER)) - 4)]
    return [one for one in runs if one in digits]


def in_ledger(path: Path) -> list[str]:
    """Every text in the ledger's tables."""
    with closing(sqlite3.connect(path)) as ledger:
        tables = [name for (name,) in ledger.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = [row for name in tables for row in ledger.execute(f'SELECT * FROM "{name}"')]
    return [cell for row in rows for cell in row if isinstance(cell, str)]


def in_workbook(path: Path) -> list[str]:
    """Every text in the cells of a workbook."""
    book = openpyxl.load_workbook(path, data_only=True)
    return [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]


def found_in(data: bytes) -> list[Finding]:
    """Everything that is told of the return of D1."""
    plan = sample_plan()
    one = Opener.of(plan).open(f"{NUMBER}.xlsx", data)
    assert isinstance(one, Submission)
    rows = rows_of(plan, period_of(plan), department_of(plan, "D1"))
    [verdict] = judge(plan, period_of(plan), [(one, rows)])
    return list(verdict.findings)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("E6", "office_changed"),
        ("D6", "about_changed"),
        ("H6", "previous_changed"),
        ("B6", "item_unknown"),
        ("P5", "column_renamed"),
        ("AZ5", "columns_added"),
        ("AZ7", "beside_form"),
        ("G6", "not_in_list"),
        ("L6", "out_of_range"),
        ("M6", "type_date"),
        ("N6", "too_long"),
    ],
)
@pytest.mark.parametrize("typed", [NUMBER, "1234-5678-9018", "１２３４５６７８９０１８"])
def test_no_finding_gives_a_personal_number_away_wherever_it_was_typed(
    cell: str, code: str, typed: object
) -> None:
    desk = Desk(sample_plan(), "D1").fill()
    desk.sheet()[cell] = f"番号 {typed}" if cell.endswith("5") else typed
    found = found_in(desk.saved())
    assert code in [one.code.removesuffix("_near") for one in found] or (cell, typed) == (
        "L6",
        "1234-5678-9018",
    )
    for one in found:
        for language in LANGUAGES:
            assert given_away(" ".join(one.as_dict(language).values())) == [], one


def test_the_name_of_a_sheet_or_file_gives_no_number_away() -> None:
    desk = Desk(sample_plan(), "D1").fill()
    desk.sheet().title = f"報告{NUMBER}"
    desk.book.create_sheet(f"控え {NUMBER}")
    found = found_in(desk.saved())
    assert {"sheet_renamed", "sheets_added"} <= {one.code for one in found}
    for one in found:
        for language in LANGUAGES:
            assert given_away(" ".join(one.as_dict(language).values())) == [], one
    assert {one.file for one in found} == {"…9018.xlsx"}


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("山田 090-1234-5678", "山田 …5678"), ("yamada@city.example.jp", "…@city.example.jp")],
)
def test_who_answered_is_warned_of_at_its_cell(typed: str, shown: str) -> None:
    desk = Desk(sample_plan(), "D1").fill().signed(typed)
    kinds = ("mobile_number", "mail_address")
    told = [one for one in found_in(desk.saved()) if one.code in kinds]
    assert [(one.sheet, one.cell[0], one.severity) for one in told] == [
        ("はじめに", "C", Severity.WARNING)
    ] * 2
    assert {one.params["label"] for one in told} == {"回答者", "承認者"}
    assert {one.value for one in told} == {shown}


def test_what_goes_back_keeps_what_was_typed_and_warns_and_nothing_else_has_it(tmp_path: Path) -> None:
    """Terminal, JSON, ledger and summary show it masked; the department's own workbook has it to be copied."""
    space = begin(tmp_path)
    mine = desk(space, "D1").signed(f"山田 {NUMBER}").put("A-1", "done", None)
    mine.sheet()["AZ7"] = f"本人の番号 {NUMBER}"
    line = only(receive(space, drop(space, f"回答 {NUMBER}.xlsx", mine.saved())))
    assert line.state == "sent_back"
    assert line.sent_back
    told = [(one.sheet, one.cell) for one in line.findings if one.code == "personal_number"]
    assert [sheet for sheet, _ in told] == ["はじめに", "はじめに", "進捗報告"]
    assert told[-1] == ("進捗報告", "AZ7")
    book = openpyxl.load_workbook(line.sent_back)
    left = [cell.value for row in book["欄外の記入"].iter_rows() for cell in row]
    listed = "".join(str(cell.value) for row in book["指摘一覧"].iter_rows() for cell in row)
    assert f"本人の番号 {NUMBER}" in left
    assert str(NUMBER) in "".join(str(cell.value) for row in book["はじめに"].iter_rows() for cell in row)
    assert given_away(listed) == []
    assert "山田 …9018" in listed
    assert "マイナンバー" in listed
    mine.put("A-1", "done", "進めた。")
    assert only(receive(space, drop(space, "再提出.xlsx", mine.saved()))).state == "accepted"
    made = stages.consolidate(space, period="R6", draft=True, now=RECEIVED)
    assert made.path
    shown = json.dumps(
        status_document(stages.status(space, period="R6", now=DUE_MOMENT), "ja"), ensure_ascii=False
    )
    assert given_away(shown) == []
    assert "山田 …9018" in shown
    assert str(NUMBER).encode() not in space.ledger_path.read_bytes()
    for texts in (in_ledger(space.ledger_path), in_workbook(made.path)):
        assert given_away("\n".join(texts)) == []
        assert any("…9018" in one for one in texts)


def test_mending_shows_what_is_left_masked_but_in_the_workbook(tmp_path: Path) -> None:
    space = begin(tmp_path)
    mine = desk(space, "D1")
    mine.sheet()["AZ7"] = NUMBER
    path = drop(space, "回答.xlsx", mine.saved())
    result = stages.mend(space, [path], now=RECEIVED)
    [line] = result.lines
    assert [(one.sheet, one.cell, one.value) for one in line.findings if one.code == "personal_number"] == [
        ("進捗報告", "AZ7", "…9018")
    ]
    assert str(NUMBER) in {left.value for left in line.leftovers}
    document = mend_document(result, "ja")
    assert given_away(json.dumps(document, ensure_ascii=False)) == []
    assert {left["value"] for line in document["files"] for left in line["leftovers"]} == {"…9018"}
