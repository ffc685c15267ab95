"""A second opinion on what stands in a workbook: its XML read by the standard library, and nothing understood.

Of an old workbook it is xlrd's, and an encrypted one is decrypted first.
"""

import io
import os
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import xlrd

from tests.robustness.good import MAIN, RELATIONS, STRINGS
from xlplan.form.read.otherformats import unlocked
from xlplan.formula.addresses import column_letters
from xlplan.spreadsheet.safety.inspection import OLE_MAGIC

Cells = Mapping[tuple[str, str], str]
"""What is written in each cell, by sheet and address."""

NS = "{" + MAIN.decode() + "}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
FIRST_DAY = date(1899, 12, 30)


def as_written(data: bytes) -> Cells:
    """Every cell that holds something. Nothing where a part is no XML: then no answer is confirmed."""
    if data.startswith(OLE_MAGIC):
        data = unlocked(data) or data
    if data.startswith(OLE_MAGIC):
        try:
            return dict(_old_cells(data))
        except Exception:  # of a damaged file xlrd raises whatever comes
            return {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        made = {name: archive.read(name) for name in archive.namelist()}
    try:
        return dict(_cells(made))
    except (ElementTree.ParseError, KeyError):
        return {}


def _old_cells(data: bytes) -> Iterator[tuple[tuple[str, str], str]]:
    with open(os.devnull, "w") as nowhere:
        book = xlrd.open_workbook(file_contents=data, logfile=nowhere)
    for sheet in book.sheets():
        for row in range(sheet.nrows):
            for column, cell in enumerate(sheet.row(row)):
                if cell.ctype not in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK, xlrd.XL_CELL_ERROR):
                    yield (sheet.name, f"{column_letters(column + 1)}{row + 1}"), str(cell.value)


def _cells(made: Mapping[str, bytes]) -> Iterator[tuple[tuple[str, str], str]]:
    targets = {one.get("Id"): one.get("Target", "") for one in ElementTree.fromstring(made[RELATIONS])}
    shared = (
        [_text(one) for one in ElementTree.fromstring(made[STRINGS]).iter(f"{NS}si")]
        if STRINGS in made
        else []
    )
    for sheet in ElementTree.fromstring(made["xl/workbook.xml"]).iter(f"{NS}sheet"):
        target = targets[sheet.get(RELATION)].lstrip("/")
        content = ElementTree.fromstring(made[target if target.startswith("xl/") else f"xl/{target}"])
        for place, cell in _placed(content):
            yield (sheet.get("name", ""), place), _value(cell, shared)


def _placed(sheet: Element) -> Iterator[tuple[str, Element]]:
    """Each cell with its address: as it says, or behind the one before."""
    row = 0
    for line in sheet.iter(f"{NS}row"):
        row = int(line.get("r", "").strip() or row + 1) if line.get("r", "0").isdigit() else row + 1
        for column, cell in enumerate(line.findall(f"{NS}c"), 1):
            yield cell.get("r") or f"{column_letters(column)}{row}", cell


def _text(node: Element) -> str:
    runs = node.findall(f"{NS}t") + node.findall(f"{NS}r/{NS}t")
    return "".join(one.text or "" for one in runs)


def _value(cell: Element, shared: list[str]) -> str:
    if cell.get("t") == "inlineStr":
        return "".join(_text(one) for one in cell.findall(f"{NS}is"))
    written = cell.findtext(f"{NS}v") or ""
    if cell.get("t") == "s":
        return shared[int(written)] if written.isdigit() and int(written) < len(shared) else ""
    return written


def says(written: str, value: object) -> bool:
    """Whether what is written is this value."""
    if value is None or value == "":
        return not written.strip()
    if isinstance(value, date):
        return written.split(".")[0] == str((value - FIRST_DAY) // timedelta(days=1))
    if isinstance(value, int | float) and written.strip():
        return float(written) == value
    return written.split() == str(value).split()
