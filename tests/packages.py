"""Small workbooks, part by part."""

import io
import zipfile

MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET_PART = "xl/worksheets/sheet1.xml"
GOOD_SHEET = '<row r="1"><c r="A1"><v>1</v></c></row>'


def types(main: str = MAIN) -> str:
    """[Content_Types].xml with this type of the main part."""
    return f'<?xml version="1.0"?><Types><Override PartName="/xl/workbook.xml" ContentType="{main}"/></Types>'


def sheet(rows: str = GOOD_SHEET, after: str = "", before: str = "") -> str:
    """The XML of a sheet with these rows, and what stands around it."""
    return f'{before}<worksheet xmlns="{SPREADSHEET}"><sheetData>{rows}</sheetData>{after}</worksheet>'


def packed(parts: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip file of these parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def workbook(parts: dict[str, str | bytes] | None = None, main: str = MAIN) -> bytes:
    """A small workbook with `parts` added or put in place of its own."""
    own: dict[str, str | bytes] = {
        "[Content_Types].xml": types(main),
        "xl/workbook.xml": f'<workbook xmlns="{SPREADSHEET}"><sheets><sheet name="a"/></sheets></workbook>',
        SHEET_PART: sheet(),
    }
    return packed(own | (parts or {}))
