"""The files that the repository keeps as built: each kit's blank form, and the example round of `workbooks/`.

    python -m tests.golden                  write them anew; look at them before committing
    python -m tests.golden KIT FOLDER       play one demonstration in a folder

The departments of the demonstration save with openpyxl, which writes other XML where lxml is installed. Each is
played in a process in which openpyxl leaves lxml alone, by its own switch: the files are the same everywhere.

Each test of them compares part by part with what the code builds now.
"""

import io
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from datetime import datetime
from pathlib import Path

from xlplan.cli.demo.play import play
from xlplan.cli.printing import Printer
from xlplan.definition.reading import read_definition
from xlplan.form.issuing import blank_order
from xlplan.form.write.workbook import form_workbook
from xlplan.stages.new import kits
from xlplan.store.files import write_bytes
from xlplan.store.workspace import Workspace

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "workbooks"
MOMENT = datetime(2015, 4, 10, 9, 0)
KEPT = ("issued", "returned", "sent-back")


def blank_form(kit: str) -> bytes:
    """The blank standard form of a kit, for its last period."""
    plan = read_definition(kits()[kit]).usable()
    return form_workbook(blank_order(plan, plan.periods[-1], MOMENT))


def example_round(kit: str, folder: Path) -> dict[str, bytes]:
    """The files of the demonstration, by their path below `workbooks/<kit>/`; played in `folder`."""
    environment = {**os.environ, "OPENPYXL_LXML": "False"}
    command = [sys.executable, "-m", "tests.golden", kit, str(folder)]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    space = Workspace(folder)
    period = read_definition(space.root / "plan.xlsx").usable().periods[-1].id
    files = {"plan.xlsx": space.root / "plan.xlsx"}
    for name in KEPT:
        for path in sorted((space.root / "workbooks" / period / name).glob("*.xlsx")):
            files[f"{period}/{name}/{path.name}"] = path
    files[f"{period}/summary.xlsx"] = space.summary(period)
    return {name: path.read_bytes() for name, path in files.items()}


def parts(workbook: bytes) -> dict[str, bytes]:
    """The parts of a workbook by name."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def differing_parts(expected: bytes, actual: bytes) -> list[str]:
    """The names of the parts in which two workbooks differ."""
    one, other = parts(expected), parts(actual)
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def main() -> None:
    """Write every golden file anew."""
    for kit, source in kits().items():
        write_bytes(source / "form.xlsx", blank_form(kit))
        with tempfile.TemporaryDirectory() as folder:
            found = example_round(kit, Path(folder) / "round")
        shutil.rmtree(EXAMPLES / kit, ignore_errors=True)
        for name, data in found.items():
            write_bytes(EXAMPLES / kit / name, data)
        sys.stdout.write(f"{kit}: form.xlsx and {len(found)} workbooks\n")


if __name__ == "__main__":
    match sys.argv[1:]:
        case []:
            main()
        case [kit, folder]:
            play(Path(folder), kit, Printer, MOMENT)
        case _:
            sys.exit(__doc__)
