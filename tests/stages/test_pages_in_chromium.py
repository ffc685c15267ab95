"""The page about the folder, and that of a summary, in a browser: no script, no network, for everybody, on paper."""

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from chromium import violations
from documents import whole
from midround import WEDNESDAY, mid_round

import xlplan
from xlplan.report.render.html import page
from xlplan.stages.readme import write_readme
from xlplan.store.workspace import Workspace

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Scheme = Literal["light", "dark"]
PHONE, DESK = 390, 1280
"""Widths of windows, in CSS pixels."""
PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The page of a folder in the middle of a round, an English one, and the page of a draft of a summary."""
    root = tmp_path_factory.mktemp("pages")
    (root / "ja").mkdir()
    mid_round(root / "ja")
    write_readme(Workspace(root / "ja"), WEDNESDAY)
    xlplan.new(root / "en", kit="example-en")
    city = xlplan.open(root / "en")
    period = city.plan.periods[-1].id
    city.issue(period, due="2027-05-28", now=datetime(2027, 4, 1, 9, 0))
    city.excuse("LIB", reason="moved", by="Smith", now=datetime(2027, 6, 7, 9, 0))
    (root / "summary.html").write_bytes(page(whole(draft=True)))
    return {
        "ja": root / "ja" / "お読みください.html",
        "en": root / "en" / "README.html",
        "summary": root / "summary.html",
    }


@pytest.mark.parametrize(
    ("name", "scheme", "width"),
    [
        ("ja", "light", PHONE),
        ("ja", "light", DESK),
        ("ja", "dark", PHONE),
        ("ja", "dark", DESK),
        ("en", "light", DESK),
        ("en", "dark", PHONE),
        ("summary", "light", PHONE),
        ("summary", "dark", DESK),
    ],
)
def test_axe_finds_nothing_wrong(
    chromium: "Browser", pages: dict[str, Path], name: str, scheme: Scheme, width: int
) -> None:
    with chromium.new_context(color_scheme=scheme, viewport={"width": width, "height": 900}) as context:
        shown = context.new_page()
        shown.goto(pages[name].as_uri())

        assert violations(shown) == []


def test_axe_would_find_a_fault(chromium: "Browser") -> None:
    with chromium.new_context() as context:
        shown = context.new_page()
        shown.set_content("<html><body><p style='color:#aaa;background:#fff'>pale</p></body></html>")

        assert any(rule.startswith("color-contrast") for rule in violations(shown))


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_it_is_read_without_script_and_asks_for_no_other_file(
    chromium: "Browser", pages: dict[str, Path], width: int
) -> None:
    asked: list[str] = []
    with chromium.new_context(java_script_enabled=False, viewport={"width": width, "height": 900}) as context:
        shown = context.new_page()
        shown.on("request", lambda request: asked.append(request.url))
        shown.goto(pages["ja"].as_uri())
        said = shown.inner_text("body")
        across = shown.evaluate("[document.documentElement.scrollWidth, innerWidth]")

    assert asked == [pages["ja"].as_uri()]
    assert "期限を過ぎた部署" in said
    assert "xlplan receive --period R6" in said
    assert across[0] <= across[1]


def test_everything_is_reached_by_the_keyboard(chromium: "Browser", pages: dict[str, Path]) -> None:
    """Each link, and each table that can be scrolled; what has the focus is seen to have it."""
    reached, wanted = [], "a[href], [tabindex='0']"
    with chromium.new_context(viewport={"width": DESK, "height": 900}) as context:
        shown = context.new_page()
        shown.goto(pages["ja"].as_uri())
        count = shown.locator(wanted).count()
        for _ in range(count):
            shown.keyboard.press("Tab")
            reached.append(
                shown.evaluate(
                    "wanted => [[...document.querySelectorAll(wanted)].indexOf(document.activeElement),"
                    " getComputedStyle(document.activeElement).outlineStyle]",
                    wanted,
                )
            )

    assert reached == [[number, "solid"] for number in range(count)]


def test_it_is_printed_on_a4_with_nothing_cut(chromium: "Browser", pages: dict[str, Path]) -> None:
    with chromium.new_context(viewport={"width": 688, "height": 990}) as context:  # A4 less its margins
        shown = context.new_page()
        shown.goto(pages["ja"].as_uri())
        shown.emulate_media(media="print")
        across = shown.evaluate("[...document.querySelectorAll('table')].map(table => table.scrollWidth)")
        paper = shown.pdf(prefer_css_page_size=True)

    assert max(across) <= 688
    upright, wide = b"/MediaBox [0 0 594.95996 841.91998]", b"/MediaBox [0 0 841.91998 594.95996]"
    assert paper.count(upright) + paper.count(wide) == paper.count(b"/Type /Page\n") > 0


@pytest.mark.parametrize(("required", "outcome"), [("", "1 skipped"), ("1", "1 error")])
def test_without_chromium_tests_skip_or_fail_as_asked(required: str, outcome: str) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"{__file__}::{_ANY}"],
        cwd=PROJECT,
        env={**os.environ, "PATH": "", "XLPLAN_REQUIRE_CHROMIUM": required},
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome in told.stdout


_ANY = "test_axe_would_find_a_fault"
