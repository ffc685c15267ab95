"""Write the folder of the present version: `python -m tests.released`."""

import json
import shutil
import sys
import tempfile
from pathlib import Path

import xlplan
from xlplan.formula.codes import FormulaCode
from xlplan.model.codes import FindingCode, written_code
from xlplan.model.plancodes import PlanCode
from xlplan.model.safety import SafetyCode

from .kits import CUTS, Cut
from .rounds import BOOKS, YEARS, begun, changed_plans, write_plan
from .verdicts import cases, verdicts

FOLDER = Path(__file__).parent


def write_kit(cut: Cut, kit: Path) -> None:
    """The city's folder, the changed plans, and what this version says of them."""
    book = cut.kit in BOOKS
    with tempfile.TemporaryDirectory() as temporary:
        city = begun(cut, Path(temporary) / "city", book=book)
        YEARS[cut.kit](city)
        # the copies of its ledger are of no use there
        shutil.copytree(city.space.root, kit / "city", ignore=shutil.ignore_patterns("backup"))
    for case, tables in changed_plans(cut).items():
        with tempfile.TemporaryDirectory() as temporary:
            write_plan(tables, Path(temporary) / "city", book=book)
            shutil.copytree(Path(temporary) / "city", kit / "plans" / case)
        for path in (kit / "plans" / case / "plan").glob("*.csv"):
            if path.read_bytes() == (kit / "city" / "plan" / path.name).read_bytes():
                path.unlink()
    expected = {}
    for case in cases(kit):
        with tempfile.TemporaryDirectory() as temporary:
            expected[case] = verdicts(kit, case, Path(temporary))
    text = json.dumps(expected, ensure_ascii=False, indent=1, sort_keys=True)
    (kit / "expected.json").write_text(text + "\n", encoding="utf-8")


def written_codes() -> list[str]:
    """Every code of a finding as this version writes it."""
    enums = (FindingCode, SafetyCode, FormulaCode, PlanCode)
    codes = (code for enum in enums for code in enum if code is not FindingCode.RULE)
    return [*sorted(code.value for code in codes), written_code(FindingCode.RULE, "any")]


def main() -> None:
    """Write the folders of all kits anew."""
    folder = FOLDER / xlplan.__version__
    shutil.rmtree(folder, ignore_errors=True)
    for cut in CUTS:
        write_kit(cut, folder / cut.kit)
        sys.stdout.write(f"{xlplan.__version__} {cut.kit}\n")
    (folder / "codes.txt").write_text("\n".join(written_codes()) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
