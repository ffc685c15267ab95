"""Cached values of a workbook's formulas, many rows among them: LibreOffice works them all out alike."""

import io
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from libreoffice import CellError, LibreOffice

from xlplan.language.errors import FileError
from xlplan.spreadsheet import book as book_module
from xlplan.spreadsheet import cached
from xlplan.spreadsheet.book import Book
from xlplan.spreadsheet.worksheet import ExcelTable, RowFormula

OWN = "\0"
HEADINGS = ("キー", "前", "額", "判定", "日", "倍", "累計", "割合", "二重", "区分", "空")


def made(count: int = 40) -> bytes:
    """A workbook with every way in which formulas of rows may rest on other cells."""
    book = Book("ja", "表", "市", datetime(2020, 1, 1))
    figures = book.sheet("集計")
    data, lists = book.sheet("データ"), book.sheet("lists")
    style, day = book.style("cell"), book.style("cell", num_format="yyyy/m/d")
    for row, word in enumerate(("実施", "=検討", "未定"), 1):
        book.put(lists, row, 1, word, style)
        book.put(lists, row, 2, row * 1.5, style)
    table = ExcelTable("データ", 1, 1, count + 1, HEADINGS)
    book.table(data, table, [style] * len(HEADINGS))
    lookup = f"IFERROR(INDEX(データ[倍],MATCH(B{OWN},データ[キー],0)),0)+C{OWN}"
    lines: list[list[object]] = [
        [
            f"k{at}",
            f"k{at - 3}" if at > 3 else None,
            at % 7 / 10,
            ("実施", "=検討", "", None)[at % 4],
            date(2020, 1, 1 + at % 5),
            RowFormula(f"C{OWN}*2"),
            RowFormula(lookup),
            RowFormula(f"F{OWN}/C{OWN}"),
            RowFormula(f'IF(F{OWN}>0.5,F{OWN}*2,"")'),
            RowFormula(f"SUMPRODUCT((lists!$A$1:$A$3=D{OWN})*lists!$B$1:$B$3)") if at % 5 else at % 2 == 0,
            RowFormula(f'AND(D{OWN}="",E{OWN}>DATE(2020,1,2))'),
        ]
        for at in range(count)
    ]
    styles = [day if one == "日" else style for one in HEADINGS]
    book.put_rows(data, 2, lines, styles, [18.0] * count)
    texts = [
        "SUM(データ[累計])",
        "COUNTIFS(データ[区分],1.5)",
        'COUNTIFS(データ[二重],"")',
        "COUNT(データ[割合])",
        'COUNTIFS(データ[判定],"=検討")',
        "SUM(A1:A3)",
        f"'データ'!I{count}",
        "MAX(データ[日])",
    ]
    for row, one in enumerate(texts, 1):
        book.formula(figures, row, 1, one, style)
    return book.finish()


def cells(workbook: bytes, *, values: bool) -> Iterator[tuple[tuple[str, str], object]]:
    """Every cell of a workbook: its formula, or with `values` what is saved."""
    for sheet in openpyxl.load_workbook(io.BytesIO(workbook), data_only=values).worksheets:
        for line in sheet.iter_rows():
            for cell in line:
                yield (sheet.title, cell.coordinate), cell.value


def compared(workbook: bytes, libreoffice: LibreOffice) -> tuple[int, dict[tuple[str, str], object]]:
    """How many formulas there are, and those whose saved value is another than LibreOffice's."""
    judged, saved = libreoffice.recalculated(workbook), dict(cells(workbook, values=True))
    formulas = [
        at for at, text in cells(workbook, values=False) if str(text).startswith("=") and at[0] != "lists"
    ]
    formulas = [at for at in formulas if not (at[0] == "データ" and at[1][0] == "D")]
    differing: dict[tuple[str, str], object] = {}
    for at in formulas:
        ours, its = saved[at], judged[at]
        if isinstance(its, CellError):
            same = str(ours).startswith("#")
        elif isinstance(its, float):
            same = ours == pytest.approx(its)
        else:
            same = (ours or "") == its if isinstance(its, str) else ours is its
        if not same:
            differing[at] = (ours, its)
    return len(formulas), differing


def test_every_formula_of_many_rows_has_the_value_that_libreoffice_works_out(
    libreoffice: LibreOffice,
) -> None:
    assert compared(made(), libreoffice) == (40 * 5 + 32 + 8, {})


def test_rows_in_several_likenesses_and_a_workbook_in_files_have_the_same_values(
    libreoffice: LibreOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = dict(cells(made(), values=True))
    monkeypatch.setattr(cached, "ROWS_AT_ONCE", 3)
    monkeypatch.setattr(book_module, "ROWS_IN_MEMORY", 10)

    assert dict(cells(made(), values=True)) == whole


def test_rows_that_are_alike_are_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    laid_out: list[int] = []
    put = cached.Engine.put_formulas

    def counted(engine: cached.Engine, sheet: str, found: dict[tuple[int, int], str]) -> None:
        if sheet == cached._ROWS_SHEET:
            laid_out.append(len(found))
        put(engine, sheet, found)

    monkeypatch.setattr(cached.Engine, "put_formulas", counted)
    made()

    # 区分: four words, of which two are blank; 倍: seven amounts; 空: three words with five days each
    assert sorted(laid_out) == [3, 7, 15]


def test_a_temporary_folder_that_is_full_is_told_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(book_module, "ROWS_IN_MEMORY", 10)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("os.utime", _full)

    with pytest.raises(FileError) as fault:
        made()

    assert fault.value.key == "disk_full"
    assert list(tmp_path.iterdir()) == []


def _full(*_: object) -> None:
    raise OSError(28, "No space left on device")
