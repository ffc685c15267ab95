"""LibreOffice as judge: it recalculates workbooks by itself, whatever values they carry, and we read what it found.

Tests ask for it through the fixture `libreoffice` (see conftest.py)::

    def test_a_formula(libreoffice):
        book = libreoffice.recalculated(workbook)          # bytes of an .xlsx file
        assert book["Sheet1", "B2"] == 3.0

A start costs 2 to 3 seconds: hand over many workbooks in one call (`all_recalculated`).
"""

import io
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from zipfile import ZipFile

TIMEOUT = 180
"""Seconds that one call may take before LibreOffice and its children are killed."""

_ALWAYS = """<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="{name}" oor:op="fuse"><value>0</value></prop></item>
"""
_PROFILE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry">\n'
    + _ALWAYS.format(name="OOXMLRecalcMode")
    + _ALWAYS.format(name="ODFRecalcMode")
    + "</oor:items>\n"
)
_FILTERS = {"xlsx": "Calc MS Excel 2007 XML", "xls": "MS Excel 97"}
_PASSWORDS = {
    "xlsx": """Dim named(1) As New com.sun.star.beans.NamedValue
named(0).Name = "CryptoType" : named(0).Value = "Standard"
named(1).Name = "OOXPassword" : named(1).Value = "{password}"
saving(1).Name = "EncryptionData" : saving(1).Value = named()""",
    "xls": """saving(1).Name = "Password" : saving(1).Value = "{password}\"""",
}


_LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard"
 library:readonly="false" library:passwordprotected="false"><library:element library:name="Hand"/></library:library>
"""
_MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Hand" script:language="StarBasic">
Sub Main(source As String, target As String)
Dim hidden(0) As New com.sun.star.beans.PropertyValue
hidden(0).Name = "Hidden" : hidden(0).Value = True
book = StarDesktop.loadComponentFromURL(ConvertToURL(source), "_blank", 0, hidden())
Dim saving(1) As New com.sun.star.beans.PropertyValue
saving(0).Name = "FilterName" : saving(0).Value = "{filter}"
{steps}
book.storeToURL(ConvertToURL(target), saving())
book.close(True)
End Sub
</script:module>
"""


@dataclass(frozen=True, slots=True)
class CellError:
    """An error value in a cell, such as #N/A."""

    code: str


Value = str | float | bool | CellError
"""What a cell shows. Numbers and dates are floats (dates as serial numbers), an empty cell is ""."""


@dataclass(frozen=True, slots=True)
class Recalculated:
    """The values of a workbook as LibreOffice works them out."""

    cells: Mapping[str, Mapping[str, Value]]

    def __getitem__(self, at: tuple[str, str]) -> Value:
        """The value at (sheet, A1 address); "" for an empty cell. Raises KeyError for an unknown sheet."""
        sheet, address = at
        return self.cells[sheet].get(address, "")


@dataclass(frozen=True, slots=True)
class LibreOffice:
    """One installation with a profile of its own, which forces recalculation on load."""

    program: str
    profile: Path

    @classmethod
    def prepared(cls, program: str, folder: Path) -> "LibreOffice":
        """LibreOffice with a fresh profile in `folder`."""
        user = folder / "user"
        user.mkdir(parents=True)
        (user / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
        return cls(program, folder)

    def recalculated(self, workbook: bytes) -> Recalculated:
        """The values of one workbook."""
        return self.all_recalculated([workbook])[0]

    def all_recalculated(self, workbooks: Sequence[bytes]) -> list[Recalculated]:
        """The values of many workbooks, in their order, with one start of LibreOffice."""
        return [saved_values(one) for one in self.converted(workbooks, "xlsx")]

    def converted(self, workbooks: Sequence[bytes], kind: str) -> list[bytes]:
        """The workbooks as files of another kind: `xlsx` again, or `pdf` to look at."""
        with TemporaryDirectory(prefix="judge-") as folder:
            sources = [Path(folder) / f"{number:04}.xlsx" for number in range(len(workbooks))]
            for path, content in zip(sources, workbooks, strict=True):
                path.write_bytes(content)
            told = self._run("--convert-to", kind, "--outdir", f"{folder}/out", *map(str, sources))
            made = [Path(folder) / "out" / f"{path.stem}.{kind}" for path in sources]
            lost = [path.name for path in made if not path.exists()]
            assert not lost, f"LibreOffice made no {lost}: {told}"
            return [path.read_bytes() for path in made]

    def edited(self, workbook: bytes, sheet: str, *steps: str) -> bytes:
        """The workbook after `steps`, statements of Basic over `sheet`, as people do them by hand."""
        before = (f'sheet = book.Sheets.getByName("{sheet}")', 'sheet.unprotect("")')
        return self._by_hand(workbook, "xlsx", *before, *steps)

    def locked(self, workbook: bytes, kind: str, password: str) -> bytes:
        """The workbook encrypted as `xlsx` (in the manner of Excel 2007) or `xls` (of Excel 97)."""
        return self._by_hand(workbook, kind, _PASSWORDS[kind].format(password=password))

    def _by_hand(self, workbook: bytes, kind: str, *steps: str) -> bytes:
        library = self.profile / "user" / "basic" / "Standard"
        with TemporaryDirectory(prefix="hand-") as folder:
            before, after = Path(folder) / "before.xlsx", Path(folder) / f"after.{kind}"
            before.write_bytes(workbook)
            if not library.exists():  # the first start writes an empty library
                self._run("--convert-to", "csv", "--outdir", f"{folder}/first", str(before))
            (library / "script.xlb").write_text(_LIBRARY, encoding="utf-8")
            module = _MODULE.format(filter=_FILTERS[kind], steps="\n".join(steps))
            (library / "Hand.xba").write_text(module, encoding="utf-8")
            told = self._run(f'macro:///Standard.Hand.Main("{before}","{after}")')
            assert after.exists(), f"LibreOffice did not do {steps}: {told}"
            return after.read_bytes()

    def _run(self, *arguments: str) -> str:
        command = [self.program, "--headless", "--norestore", "--nolockcheck", "--nodefault"]
        command += [f"-env:UserInstallation={self.profile.as_uri()}", *arguments]
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
        )
        try:
            told, _ = process.communicate(timeout=TIMEOUT)
        except subprocess.TimeoutExpired:
            # soffice is a script: its child does the work and would live on
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            raise AssertionError(f"LibreOffice was killed after {TIMEOUT} s: {' '.join(command)}") from None
        assert process.returncode == 0, f"LibreOffice gave up ({process.returncode}): {told}"
        return told


def find_libreoffice() -> str | None:
    """The program, if it is installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def saved_values(workbook: bytes) -> Recalculated:
    """The values as they stand in a file: a library would make dates of numbers, and lose those before 1900."""
    with ZipFile(io.BytesIO(workbook)) as parts:
        names = {one.get("Id"): one.get("Target") for one in _xml(parts, "xl/_rels/workbook.xml.rels")}
        shared: list[str] = []
        if "xl/sharedStrings.xml" in parts.namelist():
            shared = [_text(one) for one in _xml(parts, "xl/sharedStrings.xml").iter(f"{_MAIN}si")]
        return Recalculated(
            {
                str(sheet.get("name")): _cells(_xml(parts, f"xl/{names[sheet.get(_RELATION)]}"), shared)
                for sheet in _xml(parts, "xl/workbook.xml").iter(f"{_MAIN}sheet")
            }
        )


def _xml(parts: ZipFile, name: str) -> Element:
    return ElementTree.fromstring(parts.read(name))


def _text(node: Element) -> str:
    """The text of a shared string: of its runs, without how it is pronounced."""
    runs = node.findall(f"{_MAIN}t") + node.findall(f"{_MAIN}r/{_MAIN}t")
    return "".join(one.text or "" for one in runs)


def _cells(sheet: Element, shared: Sequence[str]) -> dict[str, Value]:
    found = (
        (str(cell.get("r")), cell.get("t", "n"), cell.findtext(f"{_MAIN}v"))
        for cell in sheet.iter(f"{_MAIN}c")
    )
    return {address: _value(kind, value, shared) for address, kind, value in found if value}


def _value(kind: str, value: str, shared: Sequence[str]) -> Value:
    match kind:
        case "n":
            return float(value)
        case "b":
            return value == "1"
        case "e":
            return CellError(value)
        case "s":
            return shared[int(value)]
        case _:
            return value
