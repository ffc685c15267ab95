"""Reading and writing files: whole or not at all, and each fault one clear line."""

import errno
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from xlplan.language.errors import FileError
from xlplan.store.files import files_in, make_folder, read_bytes, sha256, write_bytes
from xlplan.store.opened import lock_file

EXCEL_LOCK = "~$plan.xlsx"
LIBREOFFICE_LOCK = ".~lock.plan.xlsx#"


class RefusedError(OSError):
    """A refusal that has Windows' own number as well, on every system."""

    winerror: int


def refusing(number: int, *, winerror: int | None = None) -> Callable[..., None]:
    """A system call that fails with `number`, as the ones replaced by it would on a sick disk or share."""

    def refuse(*args: object, **kwargs: object) -> None:
        if winerror is None:
            raise OSError(number, os.strerror(number))
        error = RefusedError(number, os.strerror(number))
        error.winerror = winerror
        raise error

    return refuse


def assert_one_clear_line(error: FileError, path: Path) -> None:
    for language in ("ja", "en"):
        line = error.message(language)
        assert str(path) in line
        assert "\n" not in line
        assert "{" not in line


class TestWriting:
    def test_what_is_written_is_read_back(self, tmp_path: Path) -> None:
        write_bytes(tmp_path / "a.xlsx", b"PK\x03\x04\r\n\x1a")
        assert read_bytes(tmp_path / "a.xlsx") == b"PK\x03\x04\r\n\x1a"

    def test_missing_folders_are_made(self, tmp_path: Path) -> None:
        write_bytes(tmp_path / "workbooks" / "令和6年度" / "a.xlsx", b"x")
        assert (tmp_path / "workbooks" / "令和6年度" / "a.xlsx").read_bytes() == b"x"

    def test_the_folder_holds_nothing_but_the_file(self, tmp_path: Path) -> None:
        write_bytes(tmp_path / "a.xlsx", b"old")
        write_bytes(tmp_path / "a.xlsx", b"new")
        assert [one.name for one in tmp_path.iterdir()] == ["a.xlsx"]
        assert (tmp_path / "a.xlsx").read_bytes() == b"new"

    def test_a_new_file_has_the_permissions_that_colleagues_need(self, tmp_path: Path) -> None:
        (tmp_path / "ordinary").touch()
        write_bytes(tmp_path / "a.xlsx", b"x")
        assert (tmp_path / "a.xlsx").stat().st_mode == (tmp_path / "ordinary").stat().st_mode

    def test_a_replaced_file_keeps_its_permissions(self, tmp_path: Path) -> None:
        (tmp_path / "a.xlsx").touch(0o640)
        write_bytes(tmp_path / "a.xlsx", b"x")
        assert stat.S_IMODE((tmp_path / "a.xlsx").stat().st_mode) == 0o640

    def test_data_and_folder_reach_the_disk_and_in_that_order(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        done: list[str] = []
        fsync, replace = os.fsync, os.replace

        def noted_fsync(number: int) -> None:
            done.append("folder" if stat.S_ISDIR(os.fstat(number).st_mode) else "data")
            fsync(number)

        def noted_replace(old: Path, new: Path) -> None:
            done.append("rename")
            replace(old, new)

        monkeypatch.setattr(os, "fsync", noted_fsync)
        monkeypatch.setattr(os, "replace", noted_replace)
        write_bytes(tmp_path / "a.xlsx", b"x")
        assert done == ["data", "rename", "folder"]

    def test_a_writer_killed_before_the_rename_leaves_the_old_file_whole(self, tmp_path: Path) -> None:
        target = tmp_path / "plan.xlsx"
        target.write_bytes(b"old and whole")
        program = (
            "import os, signal, sys\n"
            "from pathlib import Path\n"
            "from xlplan.store.files import write_bytes\n"
            "os.replace = lambda *paths: os.kill(os.getpid(), signal.SIGKILL)\n"
            "write_bytes(Path(sys.argv[1]), b'new' * 1000)\n"
        )
        ended = subprocess.run([sys.executable, "-c", program, str(target)], check=False, timeout=60)
        assert ended.returncode == -signal.SIGKILL
        assert target.read_bytes() == b"old and whole"
        (left,) = [one for one in tmp_path.iterdir() if one != target]
        assert left.suffix == ".tmp"  # which no inbox takes for a return
        assert left.read_bytes() == b"new" * 1000

    def test_a_link_is_replaced_and_what_it_leads_to_stays(self, tmp_path: Path) -> None:
        (tmp_path / "elsewhere").write_bytes(b"precious")
        (tmp_path / "a.xlsx").symlink_to(tmp_path / "elsewhere")
        write_bytes(tmp_path / "a.xlsx", b"x")
        assert (tmp_path / "elsewhere").read_bytes() == b"precious"
        assert (tmp_path / "a.xlsx").read_bytes() == b"x"

    def test_a_name_as_long_as_the_system_allows_can_be_written(self, tmp_path: Path) -> None:
        name = "あ" * 83 + ".xlsx"
        assert len(name.encode()) == 254
        write_bytes(tmp_path / name, b"x")
        assert [one.name for one in tmp_path.iterdir()] == [name]


class TestAFailedWrite:
    """The old file stays, nothing is left beside it, and one line says why."""

    @pytest.fixture
    def target(self, tmp_path: Path) -> Path:
        (tmp_path / "plan.xlsx").write_bytes(b"old")
        return tmp_path / "plan.xlsx"

    def assert_untouched(self, target: Path) -> None:
        assert [one.name for one in target.parent.iterdir()] == ["plan.xlsx"]
        assert target.read_bytes() == b"old"

    @pytest.mark.parametrize(
        ("call", "number", "key"),
        [
            ("fsync", errno.ENOSPC, "disk_full"),
            ("fsync", errno.EDQUOT, "disk_full"),
            ("fsync", errno.EIO, "file_unreadable"),
            ("open", errno.EACCES, "folder_read_only"),
            ("open", errno.EROFS, "folder_read_only"),
            ("replace", errno.EACCES, "file_locked"),
            ("replace", errno.EBUSY, "file_locked"),
        ],
    )
    def test_names_its_cause(
        self, target: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int, key: str
    ) -> None:
        monkeypatch.setattr(os, call, refusing(number))
        with pytest.raises(FileError) as caught:
            write_bytes(target, b"new")
        monkeypatch.undo()
        assert caught.value.key == key
        assert_one_clear_line(caught.value, target.parent if key == "folder_read_only" else target)
        self.assert_untouched(target)

    def test_a_windows_sharing_violation_is_a_file_in_use(
        self, target: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(os, "replace", refusing(errno.EINVAL, winerror=32))
        with pytest.raises(FileError) as caught:
            write_bytes(target, b"new")
        assert caught.value.key == "file_locked"
        self.assert_untouched(target)

    def test_an_interrupted_write_leaves_nothing_behind(
        self, target: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def interrupt(*paths: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(os, "replace", interrupt)
        with pytest.raises(KeyboardInterrupt):
            write_bytes(target, b"new")
        self.assert_untouched(target)

    @pytest.mark.parametrize("lock", [EXCEL_LOCK, LIBREOFFICE_LOCK])
    def test_a_file_open_in_a_spreadsheet_program_is_not_replaced(self, target: Path, lock: str) -> None:
        (target.parent / lock).write_bytes(b"")
        with pytest.raises(FileError) as caught:
            write_bytes(target, b"new")
        assert caught.value.key == "file_open"
        assert_one_clear_line(caught.value, target)
        assert lock in caught.value.message("ja")
        assert target.read_bytes() == b"old"

    def test_the_system_s_reason_is_told_where_there_is_no_better_word(
        self, target: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(os, "fsync", refusing(errno.EIO))
        with pytest.raises(FileError) as caught:
            write_bytes(target, b"new")
        assert os.strerror(errno.EIO) in caught.value.message("en")


class TestFaultsOfThePath:
    def test_a_folder_is_not_written_over(self, tmp_path: Path) -> None:
        (tmp_path / "plan.xlsx").mkdir()
        with pytest.raises(FileError) as caught:
            write_bytes(tmp_path / "plan.xlsx", b"x")
        assert caught.value.key == "file_is_folder"
        assert_one_clear_line(caught.value, tmp_path / "plan.xlsx")

    def test_a_name_too_long_is_said_to_be(self, tmp_path: Path) -> None:
        with pytest.raises(FileError) as caught:
            write_bytes(tmp_path / ("あ" * 100), b"x")
        assert caught.value.key == "name_too_long"
        assert list(tmp_path.iterdir()) == []

    def test_a_file_in_the_way_of_a_folder_is_said_to_be(self, tmp_path: Path) -> None:
        (tmp_path / "workbooks").write_bytes(b"")
        with pytest.raises(FileError) as caught:
            write_bytes(tmp_path / "workbooks" / "R6" / "a.xlsx", b"x")
        assert caught.value.key == "folder_is_file"
        assert_one_clear_line(caught.value, tmp_path / "workbooks" / "R6")

    def test_a_folder_that_cannot_be_made_is_said_to_be(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(os, "mkdir", refusing(errno.EACCES))
        with pytest.raises(FileError) as caught:
            make_folder(tmp_path / "workbooks")
        assert caught.value.key == "folder_read_only"
        assert_one_clear_line(caught.value, tmp_path / "workbooks")

    def test_a_drive_that_is_gone_is_said_to_be(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(os, "mkdir", refusing(errno.ENOENT))
        with pytest.raises(FileError) as caught:
            make_folder(tmp_path / "workbooks")
        assert caught.value.key == "folder_missing"

    def test_a_name_that_no_file_can_have_is_no_traceback(self, tmp_path: Path) -> None:
        with pytest.raises(FileError) as caught:
            read_bytes(tmp_path / "a\0b.xlsx")
        assert caught.value.key == "file_unreadable"


class TestReading:
    def test_a_missing_file_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(FileError) as caught:
            read_bytes(tmp_path / "nothing.xlsx")
        assert caught.value.key == "file_missing"
        assert_one_clear_line(caught.value, tmp_path / "nothing.xlsx")

    def test_a_missing_folder_is_named_instead_of_the_file(self, tmp_path: Path) -> None:
        with pytest.raises(FileError) as caught:
            read_bytes(tmp_path / "share" / "nothing.xlsx")
        assert caught.value.key == "folder_missing"
        assert_one_clear_line(caught.value, tmp_path / "share")
        assert "nothing.xlsx" not in caught.value.message("en")

    def test_a_folder_is_no_file(self, tmp_path: Path) -> None:
        with pytest.raises(FileError) as caught:
            read_bytes(tmp_path)
        assert caught.value.key == "file_is_folder"

    def test_windows_denies_a_folder_as_it_denies_a_file(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(os, "open", refusing(errno.EACCES))
        with pytest.raises(FileError) as caught:
            read_bytes(tmp_path)
        assert caught.value.key == "file_is_folder"

    def test_a_file_that_excel_keeps_to_itself_is_in_use(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "a.xlsx").write_bytes(b"x")
        monkeypatch.setattr(os, "open", refusing(errno.EACCES))
        with pytest.raises(FileError) as caught:
            read_bytes(tmp_path / "a.xlsx")
        assert caught.value.key == "file_locked"
        assert "Excel" in caught.value.message("ja")

    def test_a_pipe_neither_hangs_nor_passes_for_a_file(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe.xlsx")
        with pytest.raises(FileError) as caught:
            read_bytes(tmp_path / "pipe.xlsx")
        assert caught.value.key == "file_special"

    @pytest.mark.parametrize("limit", [3, 4])
    def test_a_file_within_the_limit_is_read(self, tmp_path: Path, limit: int) -> None:
        (tmp_path / "a.xlsx").write_bytes(b"123")
        assert read_bytes(tmp_path / "a.xlsx", limit) == b"123"

    def test_a_file_beyond_the_limit_is_refused_and_never_cut(self, tmp_path: Path) -> None:
        (tmp_path / "a.xlsx").write_bytes(b"1234")
        with pytest.raises(FileError) as caught:
            read_bytes(tmp_path / "a.xlsx", 3)
        assert caught.value.key == "file_too_large"
        assert_one_clear_line(caught.value, tmp_path / "a.xlsx")

    def test_an_open_file_can_still_be_read(self, tmp_path: Path) -> None:
        (tmp_path / "plan.xlsx").write_bytes(b"x")
        (tmp_path / EXCEL_LOCK).write_bytes(b"")
        assert read_bytes(tmp_path / "plan.xlsx") == b"x"


class TestLockFiles:
    @pytest.mark.parametrize("lock", [EXCEL_LOCK, LIBREOFFICE_LOCK])
    def test_the_lock_beside_a_file_is_found(self, tmp_path: Path, lock: str) -> None:
        (tmp_path / lock).write_bytes(b"")
        assert lock_file(tmp_path / "plan.xlsx") == tmp_path / lock

    def test_the_lock_of_another_file_is_not_taken_for_it(self, tmp_path: Path) -> None:
        (tmp_path / EXCEL_LOCK).write_bytes(b"")
        assert lock_file(tmp_path / "summary.xlsx") is None


class TestListing:
    def test_regular_files_are_listed_by_name_and_nothing_else(self, tmp_path: Path) -> None:
        for name in ("b.xlsx", "a.xlsx"):
            (tmp_path / name).write_bytes(b"")
        (tmp_path / "c.xlsx").mkdir()
        (tmp_path / "d.xlsx").symlink_to(tmp_path / "a.xlsx")
        assert files_in(tmp_path) == [tmp_path / "a.xlsx", tmp_path / "b.xlsx"]

    def test_a_missing_folder_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(FileError) as caught:
            files_in(tmp_path / "inbox")
        assert caught.value.key == "folder_missing"
        assert_one_clear_line(caught.value, tmp_path / "inbox")

    def test_a_file_is_no_folder(self, tmp_path: Path) -> None:
        (tmp_path / "inbox").write_bytes(b"")
        with pytest.raises(FileError) as caught:
            files_in(tmp_path / "inbox")
        assert caught.value.key == "folder_is_file"


def test_the_hash_is_sha_256() -> None:
    # FIPS 180-2, appendix B.1
    assert sha256(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.mark.parametrize(
    ("lock", "data"),
    [
        ("~$plan.xlsx", b"\x06Suzuki" + b" " * 48),
        (".~lock.plan.xlsx#", b"Suzuki,suzuki,pc-2,30.11.2026 09:00,x;"),
    ],
)
def test_a_file_that_somebody_has_open_is_not_written_and_names_who(
    lock: str, data: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(b"before")
    (tmp_path / lock).write_bytes(data)
    with pytest.raises(FileError) as fault:
        write_bytes(path, b"after")
    assert (fault.value.key, path.read_bytes()) == ("file_open_by", b"before")
    for language in ("ja", "en"):
        assert "Suzuki" in fault.value.message(language)
        assert lock in fault.value.message(language)
