"""What is written on a sheet beside the values of its cells is told and listed: notes, shapes, pictures, controls."""

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from mending import desk_of, mended
from openpyxl.comments import Comment
from returns import NOW, TABLES, Desk, department_of, period_of, plan_of, sample_plan
from rounds import begin

from xlplan import stages
from xlplan.form.issuing import rows_of
from xlplan.form.read.opening import Opener
from xlplan.language.codes import Severity
from xlplan.model.finding import Finding
from xlplan.model.submission import Submission
from xlplan.store.workspace import Workspace
from xlplan.validate.judging import Judged, judge

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DRAWING = 'xmlns:xdr="urn:xdr" xmlns:a="urn:a"'
PLACE = "<xdr:from><xdr:col>1</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>6</xdr:row></xdr:from>"
SHAPE = f"<xdr:twoCellAnchor>{PLACE}{{0}}</xdr:twoCellAnchor>"
TEXT = "<xdr:sp><xdr:txBody><a:p><a:r><a:t>来月</a:t></a:r><a:r><a:t>変更</a:t></a:r></a:p></xdr:txBody></xdr:sp>"
PICTURE = '<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="図 1"/></xdr:nvPicPr></xdr:pic>'
THREAD = '<threads xmlns="urn:t"><threadedComment ref="B7"><text>来月変更</text></threadedComment></threads>'
BOX = """<xml xmlns:v="urn:v" xmlns:x="urn:x"><v:shape id="a"><v:textbox style="x"><div>済み<br></div></v:textbox>
<x:ClientData ObjectType="Checkbox"><x:Anchor>1, 5, 6, 2, 2, 0, 7, 0</x:Anchor>{}</x:ClientData></v:shape>
<v:shape id="b"><x:ClientData ObjectType="Note"><x:Row>1</x:Row></x:ClientData></v:shape></xml>"""


def with_parts(
    data: bytes, parts: Mapping[str, tuple[str, str]], sheet: str = "xl/worksheets/sheet2.xml"
) -> bytes:
    """The workbook with further parts of a sheet: by name, the kind of the relation and the part."""
    folder, name = sheet.rsplit("/", 1)
    relations = "".join(
        f'<Relationship Id="rId{at}" Type="{OFFICE}/{kind}" Target="/{part}"/>'
        for at, (part, (kind, _)) in enumerate(parts.items(), 1)
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(stream, "w") as made:
        for one in source.namelist():
            made.writestr(one, source.read(one))
        space = "http://schemas.openxmlformats.org/package/2006/relationships"
        made.writestr(
            f"{folder}/_rels/{name}.rels", f'<Relationships xmlns="{space}">{relations}</Relationships>'
        )
        for part, (_, content) in parts.items():
            made.writestr(part, content)
    return stream.getvalue()


def judged(data: bytes) -> Judged:
    plan = sample_plan()
    one = Opener.of(plan).open("回答.xlsx", data)
    assert isinstance(one, Submission), one
    owner = department_of(plan, one.stamp.department)
    [verdict] = judge(plan, period_of(plan), [(one, rows_of(plan, period_of(plan), owner))])
    return verdict


def remarks(data: bytes) -> list[Finding]:
    return [one for one in judged(data).findings if one.code.value == "remarks"]


def entry_sheet(data: bytes) -> str:
    """The part of the sheet of progress."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        book = parts.read("xl/workbook.xml").decode()
        at = re.findall(r'<sheet [^>]*name="([^"]+)"', book).index("進捗報告")
    return f"xl/worksheets/sheet{at + 1}.xml"


@pytest.fixture
def desk() -> Desk:
    return Desk(sample_plan(), "D1").fill()


CASES = {
    "a text box": ("xl/drawings/drawing1.xml", "drawing", SHAPE.format(TEXT), "図形「来月変更」"),
    "shapes in a group": (
        "xl/drawings/drawing1.xml",
        "drawing",
        SHAPE.format(f"<xdr:grpSp>{TEXT}</xdr:grpSp>"),
        "図形「来月変更」",
    ),
    "a picture": ("xl/drawings/drawing1.xml", "drawing", SHAPE.format(PICTURE), "画像や図"),
    "a thread": (
        "xl/threadedComments/threadedComment1.xml",
        "threadedComment",
        THREAD,
        "コメント「来月変更」",
    ),
    "a check box": (
        "xl/drawings/vmlDrawing1.vml",
        "vmlDrawing",
        BOX.format(""),
        "チェックボックスなど「済み」",
    ),
    "a checked box": (
        "xl/drawings/vmlDrawing1.vml",
        "vmlDrawing",
        BOX.format("<x:Checked>1</x:Checked>"),
        "チェックボックス（チェック済み）「済み」",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_put_on_a_sheet_is_told(desk: Desk, case: str) -> None:
    part, kind, content, told = CASES[case]
    content = f"<xdr:wsDr {DRAWING}>{content}</xdr:wsDr>" if kind == "drawing" else content
    data = desk.saved()
    [finding] = remarks(with_parts(data, {part: (kind, content)}, entry_sheet(data)))
    assert (finding.cell, finding.sheet, finding.form, finding.severity) == (
        "B7",
        "進捗報告",
        "report",
        Severity.WARNING,
    )
    assert told in finding.message("ja")


def test_a_note_is_told_at_its_cell(desk: Desk) -> None:
    desk.sheet()["C7"].comment = Comment("来年度に廃止します", "山田")
    [finding] = remarks(desk.saved())
    assert finding.cell == "C7"
    assert "C7（メモ「来年度に廃止します」）" in finding.message("ja")
    assert [one.values["done"] for one in judged(desk.saved()).records if one.form == "report"] == [
        "進めた。"
    ] * 3


def test_a_note_on_the_first_sheet_is_told(desk: Desk) -> None:
    desk.book["はじめに"]["B3"].comment = Comment("担当が代わりました", "山田")
    [finding] = remarks(desk.saved())
    assert (finding.sheet, finding.cell, finding.form) == ("はじめに", "B3", "")


def test_a_comment_in_a_thread_is_told_once(desk: Desk) -> None:
    data = desk.saved()
    note = '<comments xmlns="urn:c"><authors><author>tc={1}</author></authors>'
    note += '<commentList><comment ref="B7" authorId="0">'
    note += "<text><t>[スレッド化されたコメント]</t></text></comment></commentList></comments>"
    parts = {
        "xl/threadedComments/threadedComment1.xml": ("threadedComment", THREAD),
        "xl/comments1.xml": ("comments", note),
    }
    [finding] = remarks(with_parts(data, parts, entry_sheet(data)))
    assert finding.message("ja").count("B7") == 1


def test_numbers_of_persons_in_a_note_are_masked(desk: Desk) -> None:
    desk.sheet()["C7"].comment = Comment("電話 090-1234-5678", "山田")
    [finding] = remarks(desk.saved())
    assert "1234" not in finding.message("ja")


def test_a_sheet_as_it_was_issued_has_no_remarks(desk: Desk) -> None:
    assert remarks(desk.saved()) == []


@pytest.mark.parametrize("program", ["Excel", "WPS"])
def test_a_picture_in_a_cell_is_no_answer_and_is_told(desk: Desk, program: str) -> None:
    cell = desk.address("A-1", "note")
    desk.put("A-1", "note", "何か")
    data = desk.saved()
    sheet = entry_sheet(data)
    formula = "_xlfn.DISPIMG(&quot;ID_1&quot;,1)"
    new = {
        "Excel": f'<c r="{cell}" t="e" vm="1"><v>#VALUE!</v></c>',
        "WPS": f'<c r="{cell}" t="str"><f>{formula}</f><v>={formula}</v></c>',
    }[program]
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as parts, zipfile.ZipFile(stream, "w") as made:
        for name in parts.namelist():
            part = parts.read(name).decode() if name == sheet else ""
            made.writestr(name, re.sub(rf'<c r="{cell}"[^>]*>.*?</c>', new, part) or parts.read(name))
        made.writestr("xl/cellimages.xml" if program == "WPS" else "xl/richData/rdRichValueTypes.xml", "<a/>")
        if program == "Excel":
            made.writestr("xl/richData/rdrichvaluestructure.xml", '<s><s t="_localImage"/></s>')
    verdict = judged(stream.getvalue())
    assert [
        one.values.get("note") for one in verdict.records if one.item == "A-1" and one.form == "report"
    ] == [None]
    [finding] = [one for one in verdict.findings if one.code.value == "remarks"]
    assert finding.cell == cell
    assert "セルの中の画像" in finding.message("ja")
    assert "error_value" not in {one.code.value for one in verdict.findings}


# --- listed with what has no place in the form -----------------------------------------------------


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    return begin(tmp_path)


def test_a_remark_is_listed_where_a_form_is_mended(space: Workspace) -> None:
    desk = desk_of(space, plan_of(TABLES))
    desk.sheet()["C7"].comment = Comment("来年度に廃止します", "山田")
    assert [(one.cell, one.value) for one in mended(space, desk).leftovers] == [
        ("C7", "メモ「来年度に廃止します」")
    ]


def test_the_notes_of_a_form_that_was_sent_back_are_no_remarks_until_somebody_adds_to_one(
    space: Workspace, tmp_path: Path
) -> None:
    plan = plan_of(TABLES)
    desk = (
        desk_of(space, plan).put("A-1", "rate", "約半分").put("A-2", "done", None).put("A-3", "places", "３")
    )
    desk.put("A-2", "actual", "検討").put("A-1", "code", "ab").put("A-3", "reason", "その他")
    (tmp_path / "回答.xlsx").write_bytes(desk.saved())
    stages.receive(space, [tmp_path / "回答.xlsx"], period="R6", now=NOW)
    [path] = space.outbox("R6").glob("*.xlsx")
    again = Desk(plan, "D1", path.read_bytes())
    notes = [cell for row in again.sheet().iter_rows() for cell in row if cell.comment]
    assert len(notes) > 4
    assert remarks(again.saved()) == []
    assert notes[0].comment is not None
    notes[0].comment = Comment(f"{notes[0].comment.text}\n直しました", "山田")
    assert [one.cell for one in remarks(again.saved())] == [notes[0].coordinate]
