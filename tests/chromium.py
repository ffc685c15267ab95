"""Chromium, headless, as the browser in which pages are looked at: Debian's own, driven by playwright.

Tests ask for it through the fixture `chromium` (see conftest.py): one browser for all tests of a process.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PROGRAMS = ("chromium", "chromium-browser")
"""What the program is called in distributions."""


def missing_for_chromium() -> str:
    """What is not installed of what a test in Chromium needs; empty where all is there."""
    wanted = [name for name in ("playwright", "axe_playwright_python") if find_spec(name) is None]
    if not any(map(shutil.which, PROGRAMS)):
        wanted.append("chromium")
    return f"{', '.join(wanted)} not installed" if wanted else ""


@contextmanager
def launched() -> "Iterator[Browser]":
    """The browser, closed afterwards."""
    from playwright.sync_api import sync_playwright

    program = next(filter(None, map(shutil.which, PROGRAMS)))
    with sync_playwright() as playing:
        browser = playing.chromium.launch(executable_path=program)
        yield browser
        browser.close()


def violations(page: Any) -> list[str]:
    """What axe finds wrong on a page: the rule, and the elements that break it."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {[node['html'][:120] for node in rule['nodes']]}" for rule in found]
