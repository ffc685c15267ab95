"""What the repository keeps as built is what the code builds now, part by part."""

from pathlib import Path

import pytest
from golden import EXAMPLES, blank_form, differing_parts, example_round

from xlplan.stages.new import kits


@pytest.mark.parametrize("kit", kits())
def test_the_kits_blank_form_is_as_built(kit: str) -> None:
    kept = (kits()[kit] / "form.xlsx").read_bytes()

    assert differing_parts(kept, blank_form(kit)) == []


@pytest.mark.parametrize("kit", kits())
def test_the_example_round_is_what_the_demonstration_writes(kit: str, tmp_path: Path) -> None:
    built = example_round(kit, tmp_path / "round")
    kept = {
        path.relative_to(EXAMPLES / kit).as_posix(): path.read_bytes()
        for path in sorted((EXAMPLES / kit).rglob("*.xlsx"))
    }

    assert sorted(kept) == sorted(built)
    assert {name: found for name in kept if (found := differing_parts(kept[name], built[name]))} == {}


def test_two_demonstrations_write_the_same_bytes(tmp_path: Path) -> None:
    first = example_round("asahikawa", tmp_path / "first")
    second = example_round("asahikawa", tmp_path / "second")

    assert first == second
