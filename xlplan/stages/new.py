"""New: a kit's tables, or an empty plan's, become DIR/plan.xlsx."""

from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from pathlib import Path

from xlplan.definition.blank import blank_tables
from xlplan.definition.reading import read_definition
from xlplan.definition.write.workbook import definition_workbook
from xlplan.language.choice import chosen_language
from xlplan.language.errors import ErrorKey, UsageError
from xlplan.model.plan import Plan
from xlplan.stages.define import moment
from xlplan.store.files import make_folder, write_bytes
from xlplan.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class NewResult:
    """The plan that was made.

    Attributes:
        plan: The plan; None where it is still to be written (`BLANK`).
        path: Its tables, plan.xlsx.
    """

    plan: Plan | None
    path: Path


BLANK = "blank"
"""The kit without a plan: every sheet with its headings and how to begin."""


def kits() -> dict[str, Path]:
    """The kits that come with xlplan, by name: folders of CSV files."""
    packaged = Path(str(resources.files("xlplan"))) / "templates"
    # in a checkout the kits stand beside the package; the wheel carries them inside it
    root = packaged if packaged.is_dir() else Path(__file__).parents[2] / "templates"
    return {kit.name: kit for kit in sorted(root.iterdir()) if (kit / "plan.csv").is_file()}


def kit_named(name: str) -> Path:
    """The folder of a kit.

    Raises:
        UsageError: there is none of that name.
    """
    known = kits()
    if name not in known:
        raise UsageError(ErrorKey.UNKNOWN_KIT, kit=name, known=" / ".join(known))
    return known[name]


def new(
    folder: Path, *, kit: str = "asahikawa", language: str = "", now: datetime | None = None
) -> NewResult:
    """Write DIR/plan.xlsx. What is there already is never overwritten.

    Args:
        folder: DIR, which is made where it is not there.
        kit: The name of a kit that comes with xlplan (`kits`), or `BLANK` for a plan still to be written.
        language: Of a blank plan, "ja" or "en"; the system's where it is empty. A kit has its own.
        now: The moment that the workbook bears; the clock's where None.

    Raises:
        UsageError: there is no such kit, or the folder holds a plan or a ledger already.
        FileError: the folder cannot be written to.
    """
    known = kits()
    if kit != BLANK and kit not in known:
        raise UsageError(ErrorKey.UNKNOWN_KIT, kit=kit, known=" / ".join((BLANK, *known)))
    space = Workspace(folder)
    path = folder / "plan.xlsx"
    if path.exists() or (folder / "plan").exists() or space.ledger_path.exists():
        raise UsageError(ErrorKey.PLAN_EXISTS, path=path if path.exists() else folder)
    if kit == BLANK:
        plan, spoken = None, chosen_language(language)
        tables = blank_tables(spoken)
    else:
        definition = read_definition(known[kit])
        plan, tables = definition.usable(), definition.tables
        spoken = plan.language
    make_folder(folder)
    write_bytes(path, definition_workbook(tables, spoken, moment(now)))
    return NewResult(plan, path)
