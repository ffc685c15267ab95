"""What a released version left in a folder is read by today's code with the same verdicts."""

import json
import sqlite3
from pathlib import Path

import openpyxl
import pytest
from released.verdicts import cases, verdicts, with_issued_files

import xlplan
from xlplan.definition.reading import read_definition
from xlplan.form.layout.stamps import FORMAT, STAMP_SHEET
from xlplan.form.layout.words import WORDS_ROW
from xlplan.model.fingerprint import form_fingerprint, has_version
from xlplan.store import encoding
from xlplan.store.tables import SCHEMA_VERSION
from xlplan.store.workspace import Workspace

FOLDERS = sorted(path.parent for path in (Path(__file__).parent / "released").glob("*/*/expected.json"))


def test_there_is_a_folder_of_each_kit_of_the_first_version() -> None:
    names = {path.name for path in FOLDERS if path.parent.name == "0.1.0"}

    assert names == {"asahikawa", "example-en", "tomakomai"}


@pytest.mark.parametrize(
    ("kit", "case"),
    [(kit, case) for kit in FOLDERS for case in cases(kit)],
    ids=lambda one: one if isinstance(one, str) else f"{one.parent.name}-{one.name}",
)
def test_a_folder_of_a_released_version_gets_the_verdicts_of_that_version(
    kit: Path, case: str, tmp_path: Path
) -> None:
    """Nothing is outdated, refused or issued again that was not so then."""
    expected = json.loads((kit / "expected.json").read_text(encoding="utf-8"))[case]
    found = json.loads(json.dumps(verdicts(kit, case, tmp_path)))

    ours = issued_words(kit / "city")
    for mended in (expected, found):
        for one in mended["rounds"].values():
            for line in one["mend"].values():
                line["leftovers"] = [left for left in line["leftovers"] if left[2] not in ours]
    assert found == with_issued_files(expected, found)


def issued_words(city: Path) -> set[object]:
    """What stands in the workbooks that were issued: 0.1.0 took it for leftovers once the plan said it otherwise."""
    books = (openpyxl.load_workbook(path) for path in city.glob("workbooks/*/issued/*.xlsx"))
    return {cell for book in books for sheet in book for line in sheet.values for cell in line}


@pytest.mark.parametrize("kit", ["asahikawa", "example-en", "tomakomai"])
def test_what_is_stored_is_as_the_folder_of_this_version_has_it(kit: str) -> None:
    """Else the version is to be raised, and `python -m tests.released` to be run, which adds its folder."""
    city = Workspace(Path(__file__).parent / "released" / xlplan.__version__ / kit / "city")
    plan = read_definition(city.find_definition()).usable()
    connection = sqlite3.connect(f"file:{city.ledger_path}?mode=ro", uri=True)
    [(schema,)] = connection.execute("PRAGMA user_version").fetchall()
    issues = connection.execute("SELECT period, file, form_version, content, rows FROM issues").fetchall()
    texts = connection.execute("SELECT findings, records FROM receipts").fetchall()
    summaries = connection.execute("SELECT plan FROM summaries").fetchall()
    connection.close()

    assert schema == SCHEMA_VERSION
    assert {json.loads(text)[0] for text in (*(row[-1] for row in issues), *sum(texts, ()))} == {
        encoding.FORMAT
    }
    assert all(has_version(one) for row in issues for one in row[2:4])
    assert all(has_version(one) for (one,) in summaries)
    for period_id, file, version, *_ in issues:
        period = plan.period(period_id)
        assert period is not None
        assert version == form_fingerprint(plan, period)
        hidden = openpyxl.load_workbook(city.root / file)[STAMP_SHEET]
        stamp = {line[0]: line[1] for line in hidden.iter_rows(max_row=WORDS_ROW - 1, values_only=True)}
        assert stamp["format"] == FORMAT
