"""What all tests share: the language of the system, the judge, and what holds of every finding that any test makes."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from chromium import launched, missing_for_chromium
from hypothesis import settings
from libreoffice import LibreOffice, find_libreoffice

from xlplan.model.finding import Finding

if TYPE_CHECKING:
    from playwright.sync_api import Browser

UNFINISHED = ("xlplan.fields.checks", "xlplan.store.encoding")
"""Where findings are made that tell of no cell yet, or that an earlier version made."""

for _name in ("XLPLAN_LANG", "LANGUAGE", "LC_ALL"):
    os.environ.pop(_name, None)
os.environ |= {"LC_CTYPE": "C.UTF-8", "LC_MESSAGES": "ja_JP.UTF-8"}
"""Messages are Japanese where a test says nothing else, whatever the machine speaks."""

settings.register_profile("deep", max_examples=300, deadline=None, derandomize=True)
settings.register_profile("mutants", max_examples=10, deadline=None, derandomize=True, database=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Every test that asks for a program is marked with its name; those marked `deep` run with its profile alone."""
    for item in items:
        for program in ("libreoffice", "chromium"):
            if program in getattr(item, "fixturenames", ()):
                item.add_marker(program)
    if os.environ.get("HYPOTHESIS_PROFILE") != "deep":
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("deep")])
        items[:] = [item for item in items if not item.get_closest_marker("deep")]


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


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    """Chromium, headless. Without it, or what drives it, the test skips, or fails where it must be there."""
    if told := missing_for_chromium():
        if os.environ.get("XLPLAN_REQUIRE_CHROMIUM"):
            pytest.fail(f"{told}, and XLPLAN_REQUIRE_CHROMIUM is set")
        pytest.skip(told)
    with launched() as browser:
        yield browser


@pytest.fixture(scope="session", autouse=True)
def exact_parameters() -> Iterator[None]:
    """Every finding that the code makes, in whatever test, carries just the parameters that its code names."""
    made = Finding.__post_init__

    def checked(self: Finding) -> None:
        made(self)
        maker = sys._getframe(2).f_globals["__name__"]  # behind the __init__ that dataclasses makes
        if maker.startswith("xlplan.") and maker not in UNFINISHED:
            assert set(self.params) == set(self.code.params), f"{self.code} made in {maker}"

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Finding, "__post_init__", checked)
        yield
