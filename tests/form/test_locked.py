"""Returns that Excel encrypted by itself are read; under a real password, or with anything else inside, refused."""

import io
import os
import struct
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from random import Random

import openpyxl
import pytest
from answered import answers, filled, read
from formats import binary
from libreoffice import LibreOffice
from locks import SMALLEST, circles, described, locked, locked_old, stream_of, with_stream
from marks import needs_limits
from msoffcrypto.method import ecma376_agile
from msoffcrypto.method.ecma376_agile import ECMA376Agile, ECMA376AgileCipherParams
from packages import MAIN, SHEET_PART, sheet, workbook
from returns import sample_plan
from rounds import RECEIVED, begin, desk, drop, only, receive

from xlplan import stages
from xlplan.form.read.child import confined
from xlplan.form.read.intake import take_in
from xlplan.form.read.opening import Opener
from xlplan.form.read.otherformats import MOST_SPINS, unlocked
from xlplan.language.codes import Severity
from xlplan.model.submission import ReceiptState, Submission
from xlplan.spreadsheet.safety.limits import MAX_FILE_BYTES, Refusal, RefusedError
from xlplan.store.files import sha256

SPINS = 1_000
"""As many as matter where nothing hangs on their number."""

FAR: Mapping[str, str | bytes] = {SHEET_PART: sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')}


def ample(parts: Mapping[str, str | bytes] | None = None, main: str = MAIN) -> bytes:
    """A workbook that is no return, with a picture in it, so that it is long enough to be encrypted here."""
    return workbook({"xl/media/a.bin": Random(0).randbytes(SMALLEST), **(parts or {})}, main)


def refusal(tmp_path: Path, data: bytes) -> str:
    """Why the file is refused."""
    (tmp_path / "a.xlsx").write_bytes(data)
    [taken] = take_in([tmp_path / "a.xlsx"], sample_plan())
    assert taken.refusal, taken.submission
    assert taken.refusal.message("ja")
    return taken.refusal.code


def codes(submission: Submission) -> list[str]:
    """What the reader told."""
    return [one.code for one in submission.findings]


@needs_limits
def test_a_return_under_excels_own_password_gives_the_same_answers_and_says_so(tmp_path: Path) -> None:
    data = filled().saved()

    here, there = read(tmp_path, "a.xlsx", data), read(tmp_path, "b.xlsx", locked(data))

    assert answers(there) == answers(here)
    assert there.stamp == here.stamp
    assert there.sha256 == sha256(locked(data))
    [told] = there.findings
    assert (told.code, told.severity, told.file) == ("safety_write_protected", Severity.NOTICE, "b.xlsx")
    assert "Excel共通の標準パスワードで開き" in told.message("ja")


def test_what_these_tests_encrypt_another_program_opens_without_asking(libreoffice: LibreOffice) -> None:
    """LibreOffice tries the same password, and makes of the encrypted file what it makes of the plain one."""
    data = filled().saved()
    [old] = libreoffice.converted([data], "xls")

    plain, *others = libreoffice.all_recalculated([data, locked(data), locked_old(old)])

    assert plain["進捗報告", "F6"]
    assert others[0] == plain
    assert {name: len(found) for name, found in others[1].cells.items()}.keys() == plain.cells.keys()


@needs_limits
@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("xlsx", ["safety_write_protected"]),
        ("xls", ["safety_write_protected", "safety_other_format"]),
    ],
)
def test_what_another_program_encrypts_in_older_ways_gives_the_same_answers(
    tmp_path: Path, libreoffice: LibreOffice, kind: str, told: list[str]
) -> None:
    data = filled().saved()
    other = libreoffice.locked(data, kind, "VelvetSweatshop")
    real = libreoffice.locked(data, kind, "Velvet")

    there = read(tmp_path, f"b.{kind}", other)

    assert answers(there) == answers(read(tmp_path, "a.xlsx", data))
    assert codes(there) == told
    assert refusal(tmp_path, real) == "safety_password"


@needs_limits
def test_an_old_workbook_encrypted_by_the_systems_library_gives_the_same_answers(
    tmp_path: Path, libreoffice: LibreOffice
) -> None:
    data = filled().saved()
    [old] = libreoffice.converted([data], "xls")

    there = read(tmp_path, "b.xls", locked_old(old))

    assert answers(there) == answers(read(tmp_path, "a.xlsx", data))
    assert codes(there) == ["safety_write_protected", "safety_other_format"]
    assert refusal(tmp_path, locked_old(old, "Velvet")) == "safety_password"


@needs_limits
def test_an_old_workbook_that_is_only_disguised_is_refused(tmp_path: Path, libreoffice: LibreOffice) -> None:
    """XOR: two bytes say whether the password is right."""
    [old] = libreoffice.converted([filled().saved()], "xls")
    stream = bytearray(stream_of(locked_old(old), "Workbook"))
    struct.pack_into("<3H", stream, 24, 0, 0x59B3, 0x9A0A)  # key and check of that password

    assert refusal(tmp_path, with_stream(old, "Workbook", bytes(stream))) == "safety_password"


@needs_limits
def test_a_return_encrypted_with_sha1_as_excel_2010_does_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it hashes is padded: a check of the password that forgets so would deny it."""

    class Earlier(ECMA376AgileCipherParams):
        def __init__(self) -> None:
            super().__init__()
            self.hashName, self.keyBits, self.hashSize = "SHA1", 128, 20

    monkeypatch.setattr(ecma376_agile, "ECMA376AgileCipherParams", Earlier)
    monkeypatch.setattr(ECMA376Agile, "generate_integrity_parameter", lambda *_: (bytes(32), bytes(32)))
    data = filled().saved()
    there = read(tmp_path, "b.xlsx", locked(data, spins=SPINS))

    assert answers(there) == answers(read(tmp_path, "a.xlsx", data))


@needs_limits
def test_a_real_password_is_named_as_before(tmp_path: Path) -> None:
    assert refusal(tmp_path, locked(filled().saved(), "ひみつ")) == "safety_password"


@needs_limits
def test_a_truncated_file_is_refused(tmp_path: Path) -> None:
    data = locked(filled().saved(), spins=SPINS)
    found = {refusal(tmp_path, data[: len(data) * eighth // 8]) for eighth in range(1, 8)}

    assert found <= {"safety_damaged", "safety_password", "safety_not_workbook"}
    assert "safety_damaged" in found


@needs_limits
@pytest.mark.parametrize(
    ("inside", "code"),
    [
        (workbook({"xl/media/a.bin": bytes(300 * 2**20)}), "safety_inflates"),
        (ample(FAR), "safety_far_cell"),
        (ample({"word/document.xml": "<!DOCTYPE x>"}), "safety_suspicious"),
        (ample(main="x"), "safety_not_workbook"),
        (ample() + b"\0", "safety_damaged"),
        (b"PK\3\4" + bytes(SMALLEST), "safety_damaged"),
        (b"text" * SMALLEST, "safety_password"),
        (locked(ample(), spins=SPINS), "safety_password"),
    ],
    ids=[
        "bomb",
        "far cell",
        "document type",
        "another kind",
        "tail",
        "no zip",
        "text",
        "encrypted again",
    ],
)
def test_what_is_inside_is_looked_at_like_any_file(tmp_path: Path, inside: bytes, code: str) -> None:
    assert refusal(tmp_path, locked(inside, spins=SPINS)) == code


@needs_limits
def test_a_binary_workbook_inside_is_told_to_be_one(tmp_path: Path) -> None:
    book = filled().book
    grids = [[[cell.value for cell in row] for row in book[name].iter_rows()] for name in book.sheetnames]
    plain = [[["" if str(cell).startswith("=") else cell for cell in row] for row in grid] for grid in grids]
    plain = [[[45413 if hasattr(cell, "year") else cell for cell in row] for row in grid] for grid in plain]

    there = read(tmp_path, "b.xlsb", locked(binary(*plain, names=book.sheetnames), spins=SPINS))

    assert codes(there) == ["safety_write_protected", "safety_other_format"]


def test_no_more_comes_out_than_went_in() -> None:
    """So that the limit of the file's size holds for what is inside as well, whatever size it declares."""
    data = locked(ample(), spins=SPINS)
    package = stream_of(data, "EncryptedPackage")
    boast = with_stream(data, "EncryptedPackage", struct.pack("<Q", 2**60) + package[8:])
    inside = unlocked(boast)

    assert inside is not None
    assert len(inside) < len(package) < MAX_FILE_BYTES


@needs_limits
def test_a_size_that_is_not_true_is_damage(tmp_path: Path) -> None:
    data = locked(filled().saved(), spins=SPINS)
    package = stream_of(data, "EncryptedPackage")
    made = [struct.pack("<Q", size) + package[8:] for size in (4, 5000)]

    assert [refusal(tmp_path, with_stream(data, "EncryptedPackage", one)) for one in made] == [
        "safety_damaged",
        "safety_damaged",
    ]


@needs_limits
@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("spinCount", "1000", "9999"),
        ("spinCount", "1000", "-100"),
        ("spinCount", "1000", "many"),
        ("keyBits", "256", "999"),
        ("keyBits", "256", "000"),
        ("hashAlgorithm", "SHA512", "SHA999"),
        ("hashAlgorithm", "SHA512", "SHA384"),
        ("saltSize", "16", "99"),
        ("blockSize", "16", "-9"),
    ],
)
def test_what_is_said_wrongly_of_the_encryption_costs_one_file(
    tmp_path: Path, name: str, old: str, new: str
) -> None:
    data = locked(filled().saved(), spins=SPINS)
    changed = described(data, **{name: (old, new)})

    (tmp_path / "a.xlsx").write_bytes(changed)
    (tmp_path / "b.xlsx").write_bytes(filled().saved())
    first, second = take_in([tmp_path / "a.xlsx", tmp_path / "b.xlsx"], sample_plan())

    assert second.submission
    if name in ("saltSize", "blockSize"):  # what nobody asks
        assert first.submission
    else:
        assert first.refusal
        assert first.refusal.code == "safety_password"


def test_more_rounds_of_hashing_than_a_second_takes_are_refused_unhashed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = described(locked(ample(), spins=1_000_000), spinCount=("1000000", "1000001"))
    hashed: list[tuple[object, ...]] = []
    monkeypatch.setattr(ECMA376Agile, "makekey_from_password", lambda *given: hashed.append(given))

    with pytest.raises(RefusedError) as caught:
        unlocked(data)

    assert MOST_SPINS == 1_000_000
    assert hashed == []
    assert caught.value.refusal == Refusal("safety_password")


@needs_limits
def test_an_entity_that_expands_without_end_costs_one_file(tmp_path: Path) -> None:
    data = locked(filled().saved(), spins=SPINS)
    info = stream_of(data, "EncryptionInfo")
    nested = "".join(f'<!ENTITY e{at} "{f"&e{at - 1};" * 9}">' for at in range(1, 12))
    bomb = f'<!DOCTYPE x [<!ENTITY e0 "{"0" * 50}">{nested}]><x>&e11;</x>'.encode()
    assert len(bomb) < len(info)
    changed = with_stream(data, "EncryptionInfo", info[:8] + bomb.ljust(len(info) - 8))

    assert refusal(tmp_path, changed) == "safety_password"


@needs_limits
def test_sectors_and_entries_that_lead_in_a_circle_cost_one_file_at_most(tmp_path: Path) -> None:
    data = locked(filled().saved(), spins=SPINS)
    paths = [tmp_path / f"{at:03}.xlsx" for at, _ in enumerate(circles(data))]
    for path, made in zip(paths, circles(data), strict=True):
        path.write_bytes(made)

    taken = take_in(paths, sample_plan())

    found = {one.refusal.code for one in taken if one.refusal}
    assert found <= {"safety_damaged", "safety_password", "safety_not_workbook"}
    good = answers(read(tmp_path, "good.xlsx", data))
    assert all(answers(one.submission) == good for one in taken if one.submission)
    assert 0 < len([one for one in taken if one.refusal]) < len(paths)


def test_without_limits_nothing_is_decrypted() -> None:
    found = Opener.of(sample_plan()).open("a.xlsx", locked(ample(), spins=SPINS))

    assert not confined()
    assert getattr(found, "code", "") == "safety_password"


@needs_limits
def test_an_encrypted_return_with_errors_is_kept_as_it_came_and_goes_back_with_all_that_was_typed(
    tmp_path: Path,
) -> None:
    space = begin(tmp_path)
    with_faults = desk(space, "D3").fill(done=None).put("C-1", "note", "あとで書く。")
    with_faults.sheet()["Z30"] = "欄外の覚え"
    data = locked(with_faults.saved())
    drop(space, "回答.xlsx", data)

    line = only(receive(space))

    assert line.state == ReceiptState.SENT_BACK.value
    assert line.archive
    assert line.archive.read_bytes() == data
    assert sha256(data)[:8] in line.archive.name
    assert "safety_write_protected" in [one.code for one in line.findings]
    assert line.sent_back
    back = openpyxl.load_workbook(io.BytesIO(line.sent_back.read_bytes()))
    cells = {str(cell.value) for one in back for row in one for cell in row}
    assert {"あとで書く。", "欄外の覚え"} <= cells
    assert stages.verify(space).fine
    again = only(receive(space, line.archive))
    assert (again.state, again.attempt) == (ReceiptState.SENT_BACK.value, 1)


@needs_limits
def test_an_encrypted_return_without_errors_is_accepted(tmp_path: Path) -> None:
    space = begin(tmp_path)
    drop(space, "回答.xlsx", locked(desk(space, "D3").saved()))

    assert only(receive(space)).state == ReceiptState.ACCEPTED.value


@needs_limits
def test_an_encrypted_return_is_mended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xlplan.stages.refill.unlocked", None)  # here, that is: another process decrypts
    space = begin(tmp_path)
    typed = desk(space, "D3").put("C-1", "note", "補足の文。")
    typed.sheet()["Z30"] = "欄外の覚え"
    path = drop(space, "回答.xlsx", locked(typed.saved()))

    [line] = stages.mend(space, [path], now=RECEIVED).lines

    assert line.mended
    assert [one.value for one in line.leftovers] == ["欄外の覚え"]
    back = openpyxl.load_workbook(line.mended)
    assert "補足の文。" in {str(cell.value) for one in back for row in one for cell in row}


def test_the_library_is_loaded_for_encrypted_files_only(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(filled().saved())
    script = (
        "import sys, pathlib, xlplan.cli.commands, xlplan.stages, returns\n"
        "from xlplan.form.read.opening import Opener\n"
        "found = Opener.of(returns.sample_plan()).open('a', pathlib.Path(sys.argv[1]).read_bytes(), limited=True)\n"
        "print(type(found).__name__, sorted({'msoffcrypto', 'olefile', 'cryptography'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "a.xlsx")]
    there = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, env=there, capture_output=True, text=True, check=True)

    assert done.stdout == "Submission []\n"


def test_want_of_memory_is_no_wrong_password(monkeypatch: pytest.MonkeyPatch) -> None:
    def wanting(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(ECMA376Agile, "makekey_from_password", wanting)

    with pytest.raises(MemoryError):
        unlocked(locked(filled().saved()))
