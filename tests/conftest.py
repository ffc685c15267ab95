"""What all tests share: the language of the system that they run on, and the judge."""

import os
from pathlib import Path

import pytest
from libreoffice import LibreOffice, find_libreoffice

for _name in ("XLPLAN_LANG", "LANGUAGE", "LC_ALL"):
    os.environ.pop(_name, None)
os.environ |= {"LC_CTYPE": "C.UTF-8", "LC_MESSAGES": "ja_JP.UTF-8"}
"""Messages are Japanese where a test says nothing else, whatever the machine speaks."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test that asks for the judge bears the mark `libreoffice`."""
    for item in items:
        if "libreoffice" in getattr(item, "fixturenames", ()):
            item.add_marker("libreoffice")


@pytest.fixture(scope="session")
def libreoffice(tmp_path_factory: pytest.TempPathFactory) -> LibreOffice:
    """LibreOffice with a profile of its own. Without it the test skips, or fails where it must be there."""
    program = find_libreoffice()
    if program is None:
        told = "LibreOffice (soffice) is not installed"
        if os.environ.get("XLPLAN_REQUIRE_LIBREOFFICE"):
            pytest.fail(f"{told}, and XLPLAN_REQUIRE_LIBREOFFICE is set")
        pytest.skip(told)
    folder: Path = tmp_path_factory.mktemp("libreoffice")
    return LibreOffice.prepared(program, folder)
