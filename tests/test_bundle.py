"""What is brought to a computer without internet: complete for that computer, whole, and started by one file."""

import ctypes
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType, SimpleNamespace
from zipfile import ZipFile

import pytest
from marks import needs_shell

from tools.bundle import BUNDLED, ROOT, START_TWIN, contents, zipped
from tools.network import reachable
from tools.target import Target
from tools.wheels import fetched, needed, pinned, wheels_in

WINDOWS, LINUX = Target("win_amd64", "3.13"), Target("manylinux_2_17_x86_64", "3.13")
HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
NOWHERE = {
    "PIP_CONFIG_FILE": os.devnull,
    "PIP_FIND_LINKS": "",
    "PIP_EXTRA_INDEX_URL": "",
    "PIP_INDEX_URL": "http://127.0.0.1:9/",
}
"""An index at which nobody listens, and no other."""


def wheel(folder: Path, name: str, *requires: str, version: str = "1.0") -> Path:
    """A wheel that installs nothing and requires what is said."""
    path = folder / f"{name}-{version}-py3-none-any.whl"
    lines = ["Metadata-Version: 2.4", f"Name: {name}", *(f"Requires-Dist: {line}" for line in requires)]
    with ZipFile(path, "w") as archive:
        archive.writestr(f"{name}-{version}.dist-info/METADATA", "\n".join(lines) + "\n\nAbout it.\n")
    return path


@pytest.mark.parametrize(
    ("platform", "python", "fault"),
    [
        ("win_amd64", "3.13", ""),
        ("manylinux", "3.11", ""),
        ("manylinux_2_28_aarch64", "3.20", ""),
        ("macosx_14_0_arm64", "3.13", ""),
        ("win64", "3.13", "setup.bad_platform"),
        ("win_amd64", "3.10", "setup.bad_python"),
        ("win_amd64", "3", "setup.bad_python"),
    ],
)
def test_a_computer_that_cannot_be_meant_is_told(platform: str, python: str, fault: str) -> None:
    assert Target(platform, python).fault == fault


def test_a_linux_takes_wheels_of_its_glibc_and_older_under_both_names() -> None:
    tags = LINUX.platforms

    assert tags[:2] == ["manylinux_2_17_x86_64", "manylinux2014_x86_64"]
    assert tags[-2:] == ["manylinux_2_5_x86_64", "manylinux1_x86_64"]
    assert Target("manylinux", "3.13").platforms[0] > tags[0]


def test_what_only_the_other_computer_needs_is_lacking_there_and_not_here(tmp_path: Path) -> None:
    """`extra` goes down the requirements, and what holds on neither is spare."""
    wheel(tmp_path, "ours", 'Colour ; sys_platform == "win32"', "middle[more]", 'tests; extra == "dev"')
    wheel(tmp_path, "middle", 'old; python_version < "3.12"', 'deep>=2; extra == "more"')
    wheel(tmp_path, "deep", version="2.0")
    wheel(tmp_path, "spare")
    wheels = wheels_in(tmp_path)

    on_windows, lacking = needed(wheels, "ours", [], WINDOWS)
    assert (sorted(on_windows), lacking) == (["deep", "middle", "ours"], ["Colour"])
    assert needed(wheels, "ours", [], LINUX)[1] == []
    assert needed(wheels, "ours", ["dev"], LINUX)[1] == ["tests"]
    assert needed(wheels, "ours", [], Target("win_amd64", "3.11"))[1] == ["Colour", "old"]


def test_wheels_are_asked_for_until_none_is_lacking_and_only_what_is_needed_stays(tmp_path: Path) -> None:
    own, folder = tmp_path / "own", tmp_path / "wheels"
    own.mkdir()
    ours = wheel(own, "ours", 'first; sys_platform == "win32"')
    asked: list[Sequence[str]] = []

    def pip(_: str, *words: str) -> None:
        asked.append(words)
        folder.mkdir()
        shutil.copy(ours, folder)
        wheel(folder, "pip")
        wheel(folder, "spare")
        for name in {"first", "second"} & set(words):
            wheel(folder, name, *(['second; os_name == "nt"'] if name == "first" else []))

    found = fetched(ours, [], WINDOWS, folder, "python", pip)

    assert sorted(found) == ["first", "ours", "pip", "second"]
    assert sorted(path.stem.split("-")[0] for path in folder.iterdir()) == sorted(found)
    assert [words[-1] for words in asked] == ["pip", "first", "second"]
    assert {"win_amd64", "3.13", ":all:"} <= set(asked[0])


def test_each_wheel_is_named_with_its_hash_and_ours_with_its_extras(tmp_path: Path) -> None:
    path, _ = wheel(tmp_path, "ours"), wheel(tmp_path, "pip")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()

    assert list(pinned(wheels_in(tmp_path), "ours", ["mail"])) == [f"ours[mail]==1.0 --hash=sha256:{digest}"]


def files_of(target: Target, folder: Path) -> dict[str, bytes]:
    """A bundle of two small wheels."""
    wheel(folder, "xlplan"), wheel(folder, "pip")
    return contents(target, "9.9", wheels_in(folder), [])


def test_a_windows_bundle_is_started_by_either_of_two_equal_scripts_of_ascii(tmp_path: Path) -> None:
    files = files_of(WINDOWS, tmp_path)
    script = files["start.bat"]

    assert files[START_TWIN] == script
    assert script.isascii()
    assert script.count(b"\n") == script.count(b"\r\n") > 20
    assert b"py -3.13 " in script
    assert b"@PYTHON@" not in script
    assert "start.sh" not in files
    assert "Python 3.13 が必要です" in files["python-needed-ja.txt"].decode("cp932")
    assert files["python-needed-en.txt"].decode("ascii").splitlines()[1:] == []


def test_what_people_read_opens_in_notepad_and_leads_to_pages_that_are_there(tmp_path: Path) -> None:
    files = files_of(WINDOWS, tmp_path)
    guide, first = files["docs/office-ja.txt"], files["README.txt"].decode("utf-8-sig")

    assert guide.startswith(b"\xef\xbb\xbf# ")
    assert b"(years-ja.txt)" in guide
    assert b".md)" not in guide
    assert "docs/years-ja.txt" in files
    assert "xlplan 9.9  (win_amd64, Python 3.13)" in first
    assert "はじめる.bat" in first
    assert "double-click start.bat" in first


@pytest.mark.parametrize("target", [WINDOWS, LINUX], ids=lambda target: target.platform)
def test_the_checksums_name_every_file_and_the_same_files_make_the_same_zip(
    target: Target, tmp_path: Path
) -> None:
    files = files_of(target, tmp_path)
    sums = [line.split("  ") for line in files["SHA256SUMS"].decode().splitlines()]
    for name in ("first", "second"):
        zipped(files, tmp_path / name / "bundle.zip")

    assert {name: hashlib.sha256(files[name]).hexdigest() for name in files if name != "SHA256SUMS"} == {
        name: digest for digest, name in sums
    }
    first, second = ((tmp_path / name / "bundle.zip").read_bytes() for name in ("first", "second"))
    assert first == second
    with ZipFile(tmp_path / "first" / "bundle.zip") as archive:
        assert all(entry.filename.startswith("bundle/") for entry in archive.infolist())
        runs = [entry.filename for entry in archive.infolist() if entry.external_attr >> 16 & 0o111]
    assert runs == ([] if target.windows else ["bundle/start.sh"])


def started(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The script of a bundle in a process of its own."""
    path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
    settings = {"PATH": path, "LANG": "ja_JP.UTF-8"} | environment
    return process(["/bin/sh", str(folder / "start.sh"), *words], settings)


def process(command: Sequence[str], settings: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """A `command` in a process of its own, with these `settings` for its environment."""
    return subprocess.run(
        command,
        env=settings,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def unpacked(target: Target, folder: Path) -> Path:
    """A bundle of two small wheels, as it is after unpacking."""
    for name, data in files_of(target, folder).items():
        path = folder / "bundle" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder / "bundle"


@needs_shell
@pytest.mark.parametrize(
    ("path", "language", "words"),
    [
        ("python", "ja_JP.UTF-8", "Python 3.99 が必要です"),
        ("nothing", "en_GB.UTF-8", "Python 3.99 is needed"),
    ],
)
def test_without_the_python_of_its_wheels_a_bundle_says_so_in_one_line(
    path: str, language: str, words: str, tmp_path: Path
) -> None:
    """Where there is another one, and where there is none at all."""
    folder, programs = unpacked(Target("manylinux", "3.99"), tmp_path), tmp_path / "programs"
    programs.mkdir()
    (programs / "dirname").symlink_to(shutil.which("dirname") or "")
    if path == "python":
        (programs / "python3").symlink_to(sys.executable)

    done = started(folder, PATH=str(programs), LANG=language)

    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert words in done.stderr


def test_a_bundle_with_a_damaged_wheel_installs_nothing(tmp_path: Path) -> None:
    folder = unpacked(Target("manylinux", HERE), tmp_path)
    path = next((folder / "wheels").glob("xlplan*"))
    path.write_bytes(path.read_bytes()[:-1])

    done = process(
        [sys.executable, str(folder / "start.py")], os.environ | {"XLPLAN_LANG": "ja", "PYTHONUTF8": "1"}
    )

    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert f"wheels/{path.name} が壊れているか" in done.stderr
    assert not (folder / "venv").exists()


@pytest.fixture(scope="module")
def start() -> ModuleType:
    """The script that installs, as a module."""
    spec = importlib.util.spec_from_file_location("start", BUNDLED / "start.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_an_embeddable_python_is_made_to_know_its_packages_once(start: ModuleType) -> None:
    lines = ["python313.zip", ".", "", "# Uncomment to run site.main() automatically", "#import site"]

    switched = start.with_site(lines)

    assert switched == [*lines[:-1], "import site"]
    assert start.with_site(switched) == switched


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({"XLPLAN_LANG": "en", "LANG": "ja_JP.UTF-8"}, "en"),
        ({"LC_ALL": "ja_JP.UTF-8", "LANG": "en_GB.UTF-8"}, "ja"),
        ({"LC_ALL": "", "LANG": "ja"}, "ja"),
        ({"LC_ALL": "C", "LANG": "ja_JP.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_the_script_speaks_the_language_that_xlplan_will(
    start: ModuleType, variables: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start, "os", SimpleNamespace(name="posix", environ=variables))

    assert start.language() == language


@pytest.mark.parametrize(
    ("variables", "number", "language"),
    [
        ({}, 0x0411, "ja"),
        ({}, 0x0809, "en"),
        ({"LANG": "ja_JP"}, 0x0409, "en"),
        ({"XLPLAN_LANG": "en"}, 0x0411, "en"),
    ],
)
def test_on_windows_the_script_asks_the_system_for_its_language(
    start: ModuleType, variables: dict[str, str], number: int, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kernel = SimpleNamespace(GetUserDefaultUILanguage=lambda: number)
    monkeypatch.setattr(start, "os", SimpleNamespace(name="nt", environ=variables))
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel), raising=False)

    assert start.language() == language


def test_pip_is_asked_once_and_for_seconds_only() -> None:
    asked: list[Sequence[str]] = []

    def refused(command: Sequence[str]) -> int:
        asked.append(command)
        return 1

    assert not reachable("python", refused)
    assert reachable("python", lambda _: 0)
    (command,) = asked
    assert command[command.index("--retries") + 1] == "0"
    assert int(command[command.index("--timeout") + 1]) <= 10


@pytest.mark.parametrize(
    ("language", "words"),
    [("ja", "つながらないため、zip を作れませんでした"), ("en", "so no bundle was made")],
)
def test_without_network_a_bundle_is_refused_in_one_line(language: str, words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tools.bundle", "--platform", "win_amd64", "--python", "3.13"],
        cwd=ROOT,
        env=os.environ | NOWHERE | {"XLPLAN_LANG": language, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )

    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1)
    assert words in done.stderr


@pytest.mark.deep
def test_without_network_the_demonstration_names_the_bundle_in_one_line(tmp_path: Path) -> None:
    """In the language of whoever sits there, and nothing of pip's."""
    for name in ("tools", "xlplan"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in ("make.py", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)

    done = subprocess.run(
        [sys.executable, "make.py", "demo"],
        cwd=tmp_path,
        env=os.environ | NOWHERE | {"XLPLAN_LANG": "ja", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )

    assert (done.returncode, len(done.stdout.splitlines()), len(done.stderr.splitlines())) == (1, 1, 1)
    assert "python make.py bundle --platform" in done.stderr


@pytest.mark.deep
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the bundle of this system")
def test_a_bundle_installs_and_plays_the_year_without_network(tmp_path: Path) -> None:
    """In an empty folder, by a name that is not ASCII; where the system allows, with no network device at all."""
    subprocess.run(
        [sys.executable, "-m", "tools.bundle", "--platform", "manylinux", "--python", HERE],
        cwd=ROOT,
        check=True,
    )
    made = max((ROOT / "dist").glob(f"xlplan-*-manylinux-python{HERE}.zip"), key=os.path.getmtime)
    place = tmp_path / "計画 室"
    with ZipFile(made) as archive:
        archive.extractall(place)
    alone = ["unshare", "--net", "--map-root-user"]
    free = not shutil.which("unshare") or subprocess.run([*alone, "true"], check=False).returncode

    done = subprocess.run(
        [*([] if free else alone), "/bin/sh", str(place / made.stem / "start.sh"), "demo", "市"],
        cwd=place,
        env={
            "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
            "LANG": "ja_JP.UTF-8",
            **dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), "http://127.0.0.1:9"),
            **NOWHERE,
        },
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )

    assert (done.returncode, len(done.stderr.splitlines())) == (0, 1), done.stderr
    assert (place / "市" / "workbooks" / "H26" / "summary.xlsx").is_file()
    home = subprocess.run(
        [str(place / made.stem / "venv" / "bin" / "python"), "-Ic", "import xlplan; print(xlplan.__file__)"],
        cwd=place,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    assert Path(home.stdout.strip()).is_relative_to(place / made.stem / "venv")
