"""The files that the repository keeps as built: each kit's blank form, and the example round of `workbooks/`.

    python -m tests.golden      write them anew; look at them before committing

Each test of them compares part by part with what the code builds now.
"""

import io
import shutil
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
    played = play(folder, kit, lambda language: Printer(language), MOMENT)
    period = played.period.id
    root = played.space.root
    files = {"plan.xlsx": root / "plan.xlsx"}
    for name in KEPT:
        for path in sorted((root / "workbooks" / period / name).glob("*.xlsx")):
            files[f"{period}/{name}/{path.name}"] = path
    files[f"{period}/summary.xlsx"] = played.space.summary(period)
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
    main()
