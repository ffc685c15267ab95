"""docs/reference.md is what the code says."""

import io
import sys
from pathlib import Path

import pytest

from xlplan.definition import reference as module
from xlplan.definition.reference import reference
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding

PAGE = Path(__file__).parents[2] / "docs" / "reference.md"


def test_the_page_is_as_made() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference(), (
        "python -m xlplan.definition.reference > docs/reference.md"
    )


def test_every_key_of_a_finding_is_on_the_page() -> None:
    keys = Finding(FindingCode.DUPLICATE, params={"label": ""}).as_dict("en")
    page = reference()
    assert [key for key in keys if f"| `{key}` |" not in page] == []


def test_every_link_leads_to_a_heading() -> None:
    page = reference()
    headings = {
        line.lstrip("# ").translate(str.maketrans(" ", "-", "`(),")).casefold()
        for line in page.splitlines()
        if line.startswith("## ")
    }
    links = {part.partition(")")[0] for part in page.split("](#")[1:]}
    assert links
    assert links - headings == set()


def test_it_is_written_in_utf8_with_lf_wherever_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="cp932", newline="\r\n"))
    module.main()
    sys.stdout.flush()
    assert reference().encode("utf-8") == raw.getvalue()
