"""A number of a person's, wherever it was planted, is in no output: what is told or stored goes through one gate."""

import json
import os
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from rounds import DAY, DUE_MOMENT, RECEIVED, begin, desk, drop, receive

from xlplan import stages
from xlplan.cli.documents import mend_document, returns_document
from xlplan.cli.printing import Printer
from xlplan.cli.show import show_checked, show_mended, show_received
from xlplan.cli.status import show_status, status_document
from xlplan.language.messages import LANGUAGES
from xlplan.stages.received import ReceiveResult
from xlplan.store.workspace import Workspace

NUMBER = "123456789018"
"""Twelve digits with the right check digit."""
GIVEN_AWAY = "12345678"

Plant = Callable[[Workspace], list[ReceiveResult]]


def worked_at(path: Path, moment: datetime) -> Path:
    """The file, last changed then."""
    os.utime(path, (moment.timestamp(), moment.timestamp()))
    return path


def answered(space: Workspace, name: str = "回答.xlsx", **answers: object) -> Path:
    """A return of D1 without a fault; `answers` are those to A-1."""
    mine = desk(space, "D1")
    for field, value in answers.items():
        mine.put("A-1", field, value)
    return drop(space, name, mine.saved())


def in_cell(address: str, written: str = NUMBER) -> Plant:
    """Typed into a cell of the sheet."""

    def plant(space: Workspace) -> list[ReceiveResult]:
        mine = desk(space, "D1")
        mine.sheet()[address] = written
        return [receive(space, drop(space, "回答.xlsx", mine.saved()))]

    return plant


def in_the_name_of_a_sheet(space: Workspace) -> list[ReceiveResult]:
    mine = desk(space, "D1")
    mine.sheet().title = f"報告 {NUMBER}"
    mine.book.create_sheet(f"控え {NUMBER}")["A1"] = f"電話 {NUMBER}"
    return [receive(space, drop(space, "回答.xlsx", mine.saved()))]


def in_who_answered(space: Workspace) -> list[ReceiveResult]:
    return [receive(space, drop(space, "回答.xlsx", desk(space, "D1").signed(f"山田 {NUMBER}").saved()))]


def in_the_name_of_a_file(space: Workspace) -> list[ReceiveResult]:
    return [receive(space, answered(space, f"回答 {NUMBER}.xlsx", note="a@b.jp"))]


def in_the_name_of_a_file_that_is_no_return(space: Workspace) -> list[ReceiveResult]:
    """Twice in one run, and once more afterwards."""
    first, second = (drop(space, f"{name} {NUMBER}.xlsx", b"no workbook") for name in ("甲", "乙"))
    return [receive(space, first, second), receive(space, first)]


def in_the_name_of_a_file_of_nobody(space: Workspace) -> list[ReceiveResult]:
    book = openpyxl.Workbook()
    path = space.inbox("R6") / f"{NUMBER}.xlsx"
    book.save(path)
    return [receive(space, path, department="D1")]


def in_the_name_of_a_folder(space: Workspace) -> list[ReceiveResult]:
    """A folder is looked into: what lies in it is told as what lies beside it."""
    folder = space.inbox("R6") / f"資料 {NUMBER}"
    folder.mkdir()
    (folder / f"資料 {NUMBER}.xlsx").write_bytes(b"in it")
    return [stages.receive(space, (), period="R6", now=RECEIVED)]


def in_the_names_of_two_returns_at_once(space: Workspace) -> list[ReceiveResult]:
    first = worked_at(answered(space, f"一 {NUMBER}.xlsx", done=None), RECEIVED - DAY)
    return [receive(space, first, answered(space, f"二 {NUMBER}.xlsx"))]


def in_the_name_of_what_was_received_before(space: Workspace) -> list[ReceiveResult]:
    first = worked_at(answered(space, f"一 {NUMBER}.xlsx"), RECEIVED - DAY)
    second = worked_at(answered(space, f"二 {NUMBER}.xlsx", note="書き足した。"), RECEIVED)
    return [receive(space, first), receive(space, second), receive(space, first)]


def in_the_name_of_an_older_return(space: Workspace) -> list[ReceiveResult]:
    counts = worked_at(answered(space, f"新 {NUMBER}.xlsx"), RECEIVED)
    older = worked_at(answered(space, f"旧 {NUMBER}.xlsx", note="書き足した。"), RECEIVED - DAY)
    return [receive(space, counts), receive(space, older)]


def in_an_answer_that_is_replaced(space: Workspace) -> list[ReceiveResult]:
    """The answer itself is kept as typed; what is told of the change is not."""
    first = worked_at(answered(space, "一.xlsx", note=f"番号 {NUMBER}"), RECEIVED - DAY)
    second = worked_at(answered(space, "二.xlsx", note="番号なし"), RECEIVED)
    return [receive(space, first), receive(space, second)]


PLACES: dict[str, Plant] = {
    "the office's cell": in_cell("E6"),
    "what is known of an item": in_cell("D6"),
    "last period's answer": in_cell("H6"),
    "an item's number": in_cell("B6"),
    "a heading": in_cell("P5", f"備考 {NUMBER}"),
    "beside the form": in_cell("AZ7", "長い前置き" * 5 + f" {NUMBER} と続き"),
    "a choice": in_cell("G6"),
    "a number": in_cell("L6", f"約{NUMBER}"),
    "a day": in_cell("M6"),
    "a sheet": in_the_name_of_a_sheet,
    "who answered": in_who_answered,
    "a file": in_the_name_of_a_file,
    "a file that is no return": in_the_name_of_a_file_that_is_no_return,
    "a file of nobody": in_the_name_of_a_file_of_nobody,
    "a folder": in_the_name_of_a_folder,
    "two returns at once": in_the_names_of_two_returns_at_once,
    "what was received before": in_the_name_of_what_was_received_before,
    "an older return": in_the_name_of_an_older_return,
    "an answer that is replaced": in_an_answer_that_is_replaced,
}


def without_paths(document: object, *keys: str) -> object:
    """A document of `--json` without the paths that commands print so that the file can be found."""
    if isinstance(document, dict):
        return {
            key: without_paths(value, *keys)
            for key, value in document.items()
            if not (key in keys and os.sep in str(value))
        }
    return [without_paths(one, *keys) for one in document] if isinstance(document, list) else document


def told(space: Workspace, results: list[ReceiveResult], capsys: pytest.CaptureFixture[str]) -> Iterator[str]:
    """Everything that people and programs are told of the round, names of files as they are found apart."""
    status = stages.status(space, period="R6", now=DUE_MOMENT)
    inbox = [path for path in space.inbox("R6").iterdir() if path.is_file()]
    checked = stages.check(space, inbox, period="R6")
    mended = stages.mend(space, inbox, period="R6", now=RECEIVED)
    for language in LANGUAGES:
        printer = Printer(language)
        show_status(printer, status)
        show_mended(printer, mended)
        show_checked(printer, checked)
        for result in results:
            show_received(printer, result)
            document = returns_document("receive", result, language)
            yield json.dumps(without_paths(document, "file", "archive"), ensure_ascii=False)
        document = returns_document("check", checked, language)
        yield json.dumps(without_paths(document, "file"), ensure_ascii=False)
        document = mend_document(mended, language)
        yield json.dumps(without_paths(document, "file", "mended"), ensure_ascii=False)
        yield json.dumps(status_document(status, language), ensure_ascii=False)
    shown = capsys.readouterr().out
    for path in sorted(space.inbox("R6").iterdir(), reverse=True):  # those mended have longer names
        shown = shown.replace(path.name, "").replace(path.stem, "")
    yield shown


def lists_of_findings(space: Workspace) -> Iterator[str]:
    """The listed findings of every workbook that went back, its hidden column of what is compared apart."""
    for path in space.outbox("R6").glob("*.xlsx"):
        book = openpyxl.load_workbook(path)
        for row in book["指摘一覧"].iter_rows(max_col=9):
            yield from (str(cell.value) for cell in row)


@pytest.mark.parametrize("place", PLACES)
def test_a_planted_number_is_told_nowhere(
    place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    space = begin(tmp_path)
    results = PLACES[place](space)

    words = "".join(told(space, results, capsys))
    listed = "".join(lists_of_findings(space))

    for shown in (words, listed):
        assert GIVEN_AWAY not in unicodedata.normalize("NFKC", shown).replace("-", "")
    assert "9018" in words


ANSWERS = ("a choice", "a number", "a day", "an answer that is replaced")
"""What a department typed into its own cells is kept as it was typed."""


@pytest.mark.parametrize("place", [place for place in PLACES if place not in ANSWERS])
def test_a_planted_number_is_stored_nowhere_but_in_the_file_itself(place: str, tmp_path: Path) -> None:
    space = begin(tmp_path)
    PLACES[place](space)
    made = stages.consolidate(space, period="R6", draft=True, now=RECEIVED)

    assert made.path
    assert NUMBER.encode() not in (space.root / "workbooks" / "ledger.sqlite").read_bytes()
    with zipfile.ZipFile(made.path) as parts:
        assert not [name for name in parts.namelist() if NUMBER.encode() in parts.read(name)]
    kept = [
        *space.returned("R6").rglob("*"),
        *space.outbox("R6").rglob("*"),
        *space.sent_back("R6").rglob("*"),
    ]
    assert not [path.name for path in kept if NUMBER in path.name]
