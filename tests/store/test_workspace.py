"""Where the files of one plan lie, and which files of an inbox may be returns."""

from pathlib import Path

import pytest

from xlplan.language.errors import FileError, UsageError
from xlplan.store.workspace import Workspace

HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


class TestTheDefinition:
    def test_is_the_workbook_where_there_is_one(self, tmp_path: Path) -> None:
        (tmp_path / "plan.xlsx").write_bytes(b"")
        assert Workspace(tmp_path).find_definition() == tmp_path / "plan.xlsx"

    def test_is_the_folder_of_tables_where_there_is_one(self, tmp_path: Path) -> None:
        (tmp_path / "plan").mkdir()
        assert Workspace(tmp_path).find_definition() == tmp_path / "plan"

    def test_missing_is_one_line_with_both_names_that_it_could_have(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError) as caught:
            Workspace(tmp_path).find_definition()
        assert caught.value.key == "no_plan"
        for language in ("ja", "en"):
            line = caught.value.message(language)
            assert str(tmp_path) in line
            assert "plan.xlsx" in line
            assert "plan/" in line or "plan フォルダー" in line

    @pytest.mark.parametrize(
        ("names", "key", "found"),
        [
            (["plan.xlsm"], "plan_other_kind", "plan.xlsm"),
            (["plan.ods", "回答.xlsx"], "plan_other_kind", "plan.ods"),
            (["plan (1).xlsx"], "plan_other_name", "plan (1).xlsx"),
            (["PLAN.XLSX"], "plan_other_name", "PLAN.XLSX"),
            (["計画 令和7年度.xlsx", "plan.ods"], "plan_other_name", "計画 令和7年度.xlsx"),
            (["みどり市ＤＸ.xlsx", "memo.txt"], "plan_other_name", "みどり市ＤＸ.xlsx"),
            (["一.xlsx", "二.xlsx"], "no_plan", None),
            (["~$plan.xlsx", "plan.txt"], "no_plan", None),
        ],
    )
    def test_a_file_that_may_be_the_plan_is_named_with_what_to_do(
        self, tmp_path: Path, names: list[str], key: str, found: str | None
    ) -> None:
        for name in names:
            (tmp_path / name).touch()
        with pytest.raises(UsageError) as caught:
            Workspace(tmp_path).find_definition()
        assert (caught.value.key, caught.value.params.get("found")) == (key, found)

    def test_a_file_in_the_place_of_the_folder_names_the_folder(self, tmp_path: Path) -> None:
        (tmp_path / "plan.xlsx").touch()
        with pytest.raises(UsageError) as caught:
            Workspace(tmp_path / "plan.xlsx").find_definition()
        assert (caught.value.key, caught.value.params["folder"]) == ("dir_is_file", tmp_path)

    def test_in_both_ways_is_refused_since_they_could_disagree(self, tmp_path: Path) -> None:
        (tmp_path / "plan.xlsx").write_bytes(b"")
        (tmp_path / "plan").mkdir()
        with pytest.raises(UsageError) as caught:
            Workspace(tmp_path).find_definition()
        assert caught.value.key == "two_plans"
        assert str(tmp_path) in caught.value.message("ja")


class TestFolders:
    def test_are_those_of_the_layout(self) -> None:
        city = Workspace(Path("my-city"))
        assert [
            city.issued("R6").as_posix(),
            city.inbox("R6").as_posix(),
            city.returned("R6").as_posix(),
            city.outbox("R6").as_posix(),
            city.sent_back("R6").as_posix(),
            city.summary("R6").as_posix(),
            city.ledger_path.as_posix(),
        ] == [
            "my-city/workbooks/R6/issued",
            "my-city/workbooks/R6/inbox",
            "my-city/workbooks/R6/returned",
            "my-city/workbooks/R6/outbox",
            "my-city/workbooks/R6/sent-back",
            "my-city/workbooks/R6/summary.xlsx",
            "my-city/workbooks/ledger.sqlite",
        ]

    @pytest.mark.parametrize("period", ["..", "../..", "/etc", "R6/R7", "a\\b", "CON", " ", "H30:R1"])
    def test_of_any_period_lie_directly_under_workbooks(self, period: str) -> None:
        folder = Workspace(Path("/my-city")).issued(period).parent
        assert folder.parent == Path("/my-city/workbooks")
        assert folder.name not in {"", ".", "..", "CON"}
        assert not set('\\/:*?"<>|') & set(folder.name)

    def test_are_not_made_by_being_asked_for(self, tmp_path: Path) -> None:
        city = Workspace(tmp_path)
        city.issued("R6")
        city.summary("R6")
        assert list(tmp_path.iterdir()) == []


class TestRelativePaths:
    def test_have_slashes_and_start_at_the_root(self, tmp_path: Path) -> None:
        city = Workspace(tmp_path)
        assert city.relative(city.issued("R6") / "it.xlsx") == "workbooks/R6/issued/it.xlsx"

    def test_are_the_same_where_the_root_is_given_relative(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        assert Workspace(Path()).relative(tmp_path / "workbooks" / "a.xlsx") == "workbooks/a.xlsx"
        assert Workspace(tmp_path).relative(Path("workbooks/a.xlsx")) == "workbooks/a.xlsx"

    def test_outside_the_root_are_whole(self, tmp_path: Path) -> None:
        city = Workspace(tmp_path / "city")
        assert city.relative(tmp_path / "city" / ".." / "mail.xlsx") == (tmp_path / "mail.xlsx").as_posix()


class TestArchiveNames:
    def test_say_who_which_attempt_and_which_file(self) -> None:
        name = Workspace.archive_name("it", "情報政策課", 2, HASH, ".xlsx")
        assert name == "it_情報政策課_02_9f86d081884c.xlsx"

    @pytest.mark.parametrize(
        ("suffix", "ending"),
        [
            (".XLSX", ".xlsx"),
            (".xlsm", ".xlsm"),
            ("", ""),
            (".xlsx/../../x", ""),
            (".回答", ""),
            (".a b", ""),
        ],
    )
    def test_keep_an_ending_that_is_one(self, suffix: str, ending: str) -> None:
        name = Workspace.archive_name("it", "情報政策課", 1, HASH, suffix)
        assert name == f"it_情報政策課_01_9f86d081884c{ending}"

    def test_of_long_names_still_hold_attempt_hash_and_ending(self) -> None:
        name = Workspace.archive_name("部" * 200, "課" * 200, 12, HASH, ".xlsx")
        assert name.endswith("_12_9f86d081884c.xlsx")
        assert len(name.encode()) <= 255

    def test_never_lead_to_another_folder(self) -> None:
        name = Workspace.archive_name("../it", "a/b\\c", 1, HASH, ".xlsx")
        assert not set("/\\") & set(name)

    def test_need_no_department_name(self) -> None:
        assert Workspace.archive_name("it", "", 1, HASH, ".xlsx") == "it_01_9f86d081884c.xlsx"


class TestReturnsIn:
    def test_are_the_files_by_name_whatever_their_ending(self, tmp_path: Path) -> None:
        for name in ("b.xlsx", "a.XLSX", "c.pdf", "名前なし"):
            (tmp_path / name).write_bytes(b"")
        assert [one.name for one in Workspace.returns_in(tmp_path)] == [
            "a.XLSX",
            "b.xlsx",
            "c.pdf",
            "名前なし",
        ]

    @pytest.mark.parametrize(
        "litter",
        [
            "~$it.xlsx",
            ".~lock.it.xlsx#",
            "A1B2C3D4.tmp",
            "回答.xlsx.part",
            "回答.xlsx.crdownload",
            ".xlplan-0123456789abcdef.tmp",
            "~WRL0001.TMP",
            "Thumbs.db",
            "desktop.ini",
            ".DS_Store",
            "._it.xlsx",
        ],
    )
    def test_are_not_what_programs_leave_lying_about(self, tmp_path: Path, litter: str) -> None:
        (tmp_path / litter).write_bytes(b"")
        (tmp_path / "it.xlsx").write_bytes(b"")
        assert Workspace.returns_in(tmp_path) == [tmp_path / "it.xlsx"]

    def test_are_never_reached_through_a_link_or_a_folder(self, tmp_path: Path) -> None:
        (tmp_path / "private.xlsx").write_bytes(b"secret")
        inbox = tmp_path / "inbox"
        (inbox / "old").mkdir(parents=True)
        (inbox / "old" / "it.xlsx").write_bytes(b"")
        (inbox / "link.xlsx").symlink_to(tmp_path / "private.xlsx")
        (inbox / "folder").symlink_to(tmp_path)
        assert Workspace.returns_in(inbox) == []

    def test_of_a_missing_folder_are_a_fault_of_use(self, tmp_path: Path) -> None:
        with pytest.raises(FileError) as caught:
            Workspace.returns_in(tmp_path / "inbox")
        assert caught.value.key == "folder_missing"
