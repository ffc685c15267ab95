"""What a released version left in a folder is read by today's code with the same verdicts."""

import json
from pathlib import Path

import pytest
from released.verdicts import cases, verdicts

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
    found = verdicts(kit, case, tmp_path)

    assert json.loads(json.dumps(found)) == expected
