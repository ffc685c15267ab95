"""The kits, cut down to a few items of a few departments: everything they refer to is kept."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from xlplan.stages.new import kit_named

Row = dict[str, str]
Tables = dict[str, list[Row]]
"""The rows of each table by column, by the table's name."""


@dataclass(frozen=True, slots=True)
class Cut:
    """What is left of a kit: `items` and `departments` by id, and what else is given anew.

    `units` are of fields by id, `breaks` the items at which a page of the status table begins.
    `unsaid` names a period of which the table of records keeps only what the office fills in: its answers come in.
    """

    kit: str
    departments: Sequence[str]
    items: Sequence[str]
    unsaid: str = ""
    units: Mapping[str, str] = field(default_factory=dict)
    breaks: str = ""
    published: Sequence[Row] = ()

    @property
    def source(self) -> Path:
        """The folder of the kit."""
        return kit_named(self.kit)


CUTS = (
    Cut(
        "asahikawa",
        ("D01", "D02", "D08"),
        ("A-01", "A-02", "A-03", "A-11", "A-12", "A-17"),
        unsaid="H25",
        published=(
            {"view": "statistics", "measure": "items", "group": "", "period": "H25", "value": "6"},
            {
                "view": "statistics",
                "measure": "by_judgement",
                "group": "計画通り",
                "period": "H25",
                "value": "3",
            },
        ),
    ),
    Cut("tomakomai", ("D01", "D02", "D03"), ("1", "18", "23", "29", "33"), breaks="23"),
    Cut("example-en", ("DIG", "LIB"), ("P1", "P2", "P3", "P4", "P5"), units={"spent": "USD"}),
)


def read_rows(path: Path) -> list[Row]:
    """The rows of a CSV table."""
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def written(rows: Sequence[Row]) -> str:
    """Rows as a CSV table."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def tables_of(cut: Cut) -> Tables:
    """The tables of a kit, cut down."""
    tables = {path.stem: read_rows(path) for path in sorted(cut.source.glob("*.csv"))}
    for row in tables["fields"]:
        row["unit"] = cut.units.get(row["id"], "")
    _fill_down(tables["items"])
    tables["departments"] = [row for row in tables["departments"] if row["id"] in cut.departments]
    tables["items"] = [row for row in tables["items"] if row["id"] in cut.items]
    tables["records"] = _kept(tables["records"], cut)
    for row in tables["views"]:
        row["options"] = re.sub("breaks=[0-9,]+", f"breaks={cut.breaks}", row["options"])
    tables["published"] = list(cut.published) or tables["published"]
    if cut.unsaid:
        office = {row["id"] for row in tables["fields"] if row["filled_by"] == "office"}
        for row in tables["records"]:
            if row["period"] == cut.unsaid:
                row |= dict.fromkeys(row.keys() - office - {"form", "period", "item"}, "")
    return tables


def answers_of(cut: Cut) -> Tables:
    """The answers of a kit's last round, cut down, and those of the round that the records leave unsaid: as planned."""
    records = _kept(read_rows(cut.source / "answers" / "records.csv"), cut)
    before = _kept(read_rows(cut.source / "records.csv"), cut)
    entered = [row["id"] for row in read_rows(cut.source / "fields.csv") if row["filled_by"] == "department"]
    columns = ["form", "period", "item", *(name for name in records[0] if name in entered)]
    said = [{**row, "actual": row["planned"], "reason": ""} for row in before if row["period"] == cut.unsaid]
    return {"records": [{name: row.get(name, "") for name in columns} for row in (*records, *said)]}


def _kept(records: Sequence[Row], cut: Cut) -> list[Row]:
    """The records of the items that are left, and those of no item."""
    return [row for row in records if row["item"] in ("", *cut.items)]


def _fill_down(items: Sequence[Row]) -> None:
    """Write out what a blank cell repeats from the row above."""
    above: Row = {}
    for row in items:
        for name in ("goal", "group"):
            row[name] = row[name] or above.get(name, "")
        above = row
