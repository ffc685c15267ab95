"""What people install is the wheel: it holds the kits and works far from the checkout."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from xlplan.stages.new import kits

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built wheel, unpacked."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check"),
            *("--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)),
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        wheel.extractall(folder / "site")
    return folder / "site"


def run(installed: Path, cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """xlplan from the wheel, in a folder far from the checkout."""
    return subprocess.run(
        [sys.executable, "-P", "-m", "xlplan", *arguments],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(installed), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_the_wheel_holds_every_file_of_every_kit(installed: Path) -> None:
    for name, source in kits().items():
        inside = installed / "xlplan" / "templates" / name
        wanted = {one.relative_to(source) for one in source.rglob("*") if one.is_file()}

        assert {one.relative_to(inside) for one in inside.rglob("*") if one.is_file()} == wanted


def test_a_year_can_be_played_from_the_wheel_alone(installed: Path, tmp_path: Path) -> None:
    code = "import xlplan; print(xlplan.__file__)"
    where = subprocess.run(
        [sys.executable, "-P", "-c", code],
        env=os.environ | {"PYTHONPATH": str(installed)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    done = run(installed, tmp_path, "demo", "city")

    assert Path(where.stdout.strip()).is_relative_to(installed)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "city" / "workbooks" / "H26" / "summary.xlsx").is_file()


def test_the_wheel_carries_types_and_the_licence(installed: Path) -> None:
    names = {one.name for one in installed.rglob("*") if one.is_file()}

    assert {"py.typed", "LICENSE", "entry_points.txt"} <= names
