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
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
from openpyxl.utils.datetime import to_excel

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
        return [_values(one) for one in self.converted(workbooks, "xlsx")]

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


def _values(workbook: bytes) -> Recalculated:
    book = openpyxl.load_workbook(io.BytesIO(workbook), data_only=True)
    return Recalculated(
        {
            sheet.title: {
                cell.coordinate: _value(cell.value, cell.data_type)
                for row in sheet.iter_rows()
                for cell in row
                if cell.value is not None
            }
            for sheet in book.worksheets
        }
    )


def _value(value: object, kind: str) -> Value:
    if kind == "e":
        return CellError(str(value))
    if isinstance(value, bool):
        return value
    if isinstance(value, datetime | date | time | timedelta):
        return float(to_excel(value))
    return float(value) if isinstance(value, int | float) else str(value)
