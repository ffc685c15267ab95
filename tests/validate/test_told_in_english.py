"""What is found in a return to a plan in English is told in English: no word of ours is Japanese."""

from functools import cache

import pytest
from definitions import JAPANESE, latin
from judgements import findings_of
from returns import TABLES, plan_of
from test_validate import BROKEN

from xlplan.model.plan import Plan


@cache
def english_plan() -> Plan:
    """The sample plan with every Japanese word as another language might have it."""
    tables = {name: latin(table) for name, table in TABLES.items()}
    settings = tables["plan"].replace("| ja", "| en").replace("| wareki", "| western")
    assert settings != tables["plan"]
    return plan_of({**tables, "plan": settings})


@pytest.mark.parametrize("name", BROKEN)
def test_each_broken_row_is_told_in_english(name: str) -> None:
    form, cells, *_ = BROKEN[name]
    typed = {field: latin(cell) if isinstance(cell, str) else cell for field, cell in cells.items()}

    found = findings_of(english_plan(), typed, form=form)

    assert found
    for one in found:
        said = f"{one.message('en')} {one.remedy('en')}"
        assert not JAPANESE.search(said), said
