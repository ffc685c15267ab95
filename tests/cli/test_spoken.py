"""The language of everything that is said before a plan is known, and through the year of a plan in English."""

import re
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest
from commands import COMMANDS, run
from definitions import JAPANESE

from xlplan.language.messages import LANGUAGES

LOCALES = {"en_GB.UTF-8": "en", "C.UTF-8": "en", "ja_JP.UTF-8": "ja"}
WITHOUT_A_PLAN: Mapping[str, int] = {
    "lint": 2,
    "issue --period H26": 2,
    "check none.xlsx": 2,
    "receive": 2,
    "mend none.xlsx": 2,
    "status --json": 2,
    "consolidate": 2,
    "reconcile": 2,
    "ledger verify": 2,
    "new made --kit nobodys": 2,
    "demo made --kit nobodys": 2,
    "check": 2,
    "new": 2,
    "status --colour": 2,
    "status --period": 2,
    "status more": 2,
    "stauts": 2,
    "harvest": 2,
    "--lang fr status": 2,
    "status --dir file.txt": 2,
    "": 2,
}
"""Lines that end before there is a plan, with their exit status."""


def under(locale: str) -> dict[str, str]:
    """The environment of a system that speaks so."""
    return {"LANG": locale, "LC_MESSAGES": "", "LC_ALL": "", "XLPLAN_LANG": "", "LANGUAGE": ""}


@pytest.mark.parametrize("locale", LOCALES)
def test_what_is_said_without_a_plan_is_in_the_language_of_the_system(locale: str, tmp_path: Path) -> None:
    (tmp_path / "file.txt").write_text("", encoding="utf-8")
    for line, status in WITHOUT_A_PLAN.items():
        done = run(*line.split(), cwd=tmp_path, **under(locale))

        said = done.stdout + done.stderr
        assert (done.returncode, bool(JAPANESE.search(said))) == (status, LOCALES[locale] == "ja"), (
            line,
            said,
        )


@pytest.mark.parametrize("locale", LOCALES)
def test_help_is_in_the_language_of_the_system(locale: str, tmp_path: Path) -> None:
    for command in ("", *COMMANDS):
        done = run(*command.split(), "--help", cwd=tmp_path, **under(locale))

        assert (done.returncode, bool(JAPANESE.search(done.stdout))) == (0, LOCALES[locale] == "ja"), command


@pytest.mark.parametrize("locale", LOCALES)
def test_a_blank_plan_speaks_the_language_of_the_system(locale: str, tmp_path: Path) -> None:
    """A new user's start in an empty folder, as README has it: the next step is always told."""
    made = run("new", "my-city", "--kit", "blank", cwd=tmp_path, **under(locale))
    lint = run("lint", "--dir", "my-city", cwd=tmp_path, **under("ja_JP.UTF-8"))
    status = run("status", "--dir", "my-city", cwd=tmp_path, **under("ja_JP.UTF-8"))

    assert [made.returncode, lint.returncode, status.returncode] == [0, 1, 2]
    assert "xlplan lint --dir my-city" in made.stdout
    for said in (made.stdout, lint.stdout, status.stderr):
        assert bool(JAPANESE.search(said)) is (LOCALES[locale] == "ja"), said
    assert (
        "計画" in openpyxl.load_workbook(tmp_path / "my-city" / "plan.xlsx").sheetnames
        or LOCALES[locale] == "en"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_language_asked_for_is_that_of_the_blank_plan(language: str, tmp_path: Path) -> None:
    run("new", "made", "--kit", "blank", "--lang", language, cwd=tmp_path, **under("C.UTF-8"))

    sheets = openpyxl.load_workbook(tmp_path / "made" / "plan.xlsx").sheetnames
    assert sheets[1] == {"ja": "計画", "en": "plan"}[language]


def test_help_names_every_kit(tmp_path: Path) -> None:
    from xlplan.stages.new import BLANK, kits

    for locale in LOCALES:
        shown = run("new", "--help", cwd=tmp_path, COLUMNS="300", **under(locale)).stdout
        assert [kit for kit in (BLANK, *kits()) if not re.search(rf"(?<![\\w-]){kit}", shown)] == []


def test_the_year_of_a_plan_in_english_is_told_in_english(tmp_path: Path) -> None:
    """The demonstration of the English kit, mistakes and all, on a Japanese system: no Japanese letter is shown."""
    told = [run("demo", "city", "--kit", "example-en", cwd=tmp_path, **under("ja_JP.UTF-8"))]
    period = next((tmp_path / "city" / "workbooks").glob("F*"))
    returns = sorted(path for path in (period / "returned").rglob("*.xlsx"))
    for line in (
        ["lint"],
        ["status"],
        ["reconcile"],
        ["ledger", "verify"],
        ["consolidate", "--draft"],
        ["check", *returns],
        ["check", "--json", *returns],
        ["check", "--period", "FY1999", *returns],
        ["check", "--department", "nobody", *returns],
        ["issue", "--period", "H26"],
        ["issue", "--period", "FY2025", "--due", "never"],
        ["receive", "--replace"],
        ["status", "--json"],
    ):
        told.append(run(*line, "--dir", "city", cwd=tmp_path, **under("ja_JP.UTF-8")))

    for done in told:
        said = done.stdout + done.stderr
        assert said, done.args
        assert not JAPANESE.search(said), said
