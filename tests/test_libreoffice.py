"""The judge itself: it recalculates, keeps kinds of values apart, and fails clearly."""

import io
import os
import subprocess
import sys
import time
from pathlib import Path

import libreoffice as judge
import pytest
import xlsxwriter
from libreoffice import CellError, LibreOffice

PROJECT = Path(__file__).parent.parent


def workbook(formulas: dict[str, str], cached: object = 0) -> bytes:
    """A workbook with `formulas` on the sheet 表, each with the same cached value."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet("表")
        for address, formula in formulas.items():
            sheet.write_formula(address, formula, None, cached)
    return stream.getvalue()


def test_recalculates_whatever_value_is_cached(libreoffice: LibreOffice) -> None:
    book = libreoffice.recalculated(workbook({"A1": "=1+2", "B2": '="実"&"施"'}, cached=999))
    assert book["表", "A1"] == 3.0
    assert book["表", "B2"] == "実施"


def test_text_number_truth_error_and_nothing_are_told_apart(libreoffice: LibreOffice) -> None:
    cells = {"A1": '="1"', "A2": "=1", "A3": "=TRUE", "A4": "=1/0", "A5": '=""', "A6": "=NA()"}
    book = libreoffice.recalculated(workbook(cells))
    found = [book["表", f"A{row}"] for row in range(1, 8)]
    assert found == ["1", 1.0, True, CellError("#DIV/0!"), "", CellError("#N/A"), ""]
    assert [type(value) for value in found[:3]] == [str, float, bool]


def test_a_date_is_its_serial_number(libreoffice: LibreOffice) -> None:
    book = libreoffice.recalculated(workbook({"A1": "=DATE(2014,4,1)", "A2": "=DATE(2014,5,31)-A1"}))
    assert [book["表", "A1"], book["表", "A2"]] == [41730.0, 60.0]


def test_an_unknown_sheet_is_a_fault_of_the_test(libreoffice: LibreOffice) -> None:
    book = libreoffice.recalculated(workbook({"A1": "=1"}))
    with pytest.raises(KeyError):
        book["ない", "A1"]


def test_many_workbooks_keep_their_order(libreoffice: LibreOffice) -> None:
    books = libreoffice.all_recalculated([workbook({"A1": f"={number}*10"}) for number in range(12)])
    assert [book["表", "A1"] for book in books] == [number * 10.0 for number in range(12)]


def test_a_call_that_hangs_is_killed_with_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "hangs"
    # the child holds the pipe open: the call returns early only when it is gone as well
    program.write_text("#!/bin/sh\nsleep 60 &\nwait\n")
    program.chmod(0o755)
    monkeypatch.setattr(judge, "TIMEOUT", 1)
    started = time.monotonic()
    with pytest.raises(AssertionError, match="killed after 1 s"):
        LibreOffice(str(program), tmp_path).recalculated(b"")
    assert time.monotonic() - started < 30


@pytest.mark.parametrize(("required", "outcome"), [("", "1 skipped"), ("1", "1 error")])
def test_without_libreoffice_tests_skip_or_fail_as_asked(required: str, outcome: str) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"{__file__}::{_ANY}"],
        cwd=PROJECT,
        env={**os.environ, "PATH": "", "XLPLAN_REQUIRE_LIBREOFFICE": required},
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome in told.stdout


_ANY = "test_a_date_is_its_serial_number"
