"""Which language is spoken: --lang, XLPLAN_LANG, the plan, the system's language, English, in this order."""

import shutil
from collections.abc import Mapping
from itertools import product
from pathlib import Path

import pytest
from commands import run

from xlplan.language.choice import asked_on, chosen_language, language_fault, system_language

JAPANESE, ENGLISH = "ja_JP.UTF-8", "en_GB.UTF-8"
ROOT = Path(__file__).parents[2]


def elsewhere() -> None:
    """What a system that is not Windows says of Windows' user interface."""


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": ""}, "en"),
        ({"LANG": "C"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "POSIX"}, "en"),
        ({"LANG": "ja_JP"}, "ja"),
        ({"LANG": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "ja_JP.eucJP"}, "ja"),
        ({"LANG": "ja"}, "ja"),
        ({"LANG": "japanese"}, "ja"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LANG": "jav_ID.UTF-8"}, "en"),
        ({"LANG": ENGLISH, "LC_MESSAGES": JAPANESE}, "ja"),
        ({"LANG": JAPANESE, "LC_MESSAGES": ENGLISH}, "en"),
        ({"LANG": JAPANESE, "LC_MESSAGES": JAPANESE, "LC_ALL": "C"}, "en"),
        ({"LANG": JAPANESE, "LC_CTYPE": ENGLISH}, "ja"),
        ({"LANG": "fr_FR.UTF-8", "LANGUAGE": "fr:ja:en"}, "ja"),
        ({"LANG": "C.UTF-8", "LANGUAGE": "ja"}, "en"),
        ({"LANG": JAPANESE, "LANGUAGE": ""}, "ja"),
    ],
)
def test_the_systems_language_is_that_of_its_messages(environment: Mapping[str, str], language: str) -> None:
    assert system_language(environment, elsewhere) == language


@pytest.mark.parametrize(
    ("identifier", "language"),
    [(0x0411, "ja"), (0x0409, "en"), (0x0809, "en"), (0x040C, "en"), (0xFFFF, "en")],
)
def test_on_windows_it_is_that_of_the_user_interface(identifier: int, language: str) -> None:
    """Language identifiers as Microsoft lists them: Japanese, English (US, UK), French, none."""
    assert system_language({"LANG": JAPANESE}, lambda: identifier) == language


def test_the_first_that_wishes_for_a_language_is_heeded() -> None:
    for asked, variable, plan, system in product(*[("", "ja", "en")] * 3, ("C", JAPANESE, ENGLISH)):
        wishes = [asked, variable, plan, {"C": "en", JAPANESE: "ja", ENGLISH: "en"}[system]]
        environment = {"XLPLAN_LANG": variable, "LANG": system}

        spoken = chosen_language(asked, plan, environment=environment, windows_ui=elsewhere)

        assert spoken == next(filter(None, wishes)), (asked, variable, plan, system)


def test_a_language_that_we_do_not_have_is_passed_over_and_can_be_told() -> None:
    environment = {"XLPLAN_LANG": "fr", "LANG": JAPANESE}

    assert chosen_language("de", environment=environment, windows_ui=elsewhere) == "ja"
    assert language_fault("de", environment) == "de"
    assert language_fault("", environment) == "fr"
    assert language_fault("en", environment) == ""
    assert language_fault("", {}) == ""


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("status", ""),
        ("--lang en status", "en"),
        ("status --lang=ja", "ja"),
        ("status --lang fr", ""),
        ("status --lang", ""),
        ("--lang fr status --lang ja", "ja"),
        ("check en ja", ""),
    ],
)
def test_the_line_is_searched_for_the_language_before_it_is_understood(line: str, language: str) -> None:
    assert asked_on(line.split()) == language


# --- the program ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cities(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A folder with the plan of a kit, by the plan's language."""
    root = tmp_path_factory.mktemp("cities")
    for language in ("ja", "en"):
        plan = root / language / "plan"
        shutil.copytree(ROOT / "templates" / "asahikawa", plan)
        settings = (plan / "plan.csv").read_text(encoding="utf-8")
        assert "\nlanguage,ja\n" in settings
        changed = settings.replace("\nlanguage,ja\n", f"\nlanguage,{language}\n")
        (plan / "plan.csv").write_text(changed, encoding="utf-8")
    return {one.name: one for one in root.iterdir()}


SYSTEMS = {"ja": JAPANESE, "en": "C.UTF-8"}
STAGES = [["issue", "--period", "H99"], ["status"]]


def is_japanese(words: str) -> bool:
    return any("ぁ" <= letter <= "ん" for letter in words)


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("line", [["--help"], ["status", "--help"], ["status", "--colour"], ["status"]])
def test_before_a_plan_is_known_the_systems_language_is_spoken(
    line: list[str], system: str, tmp_path: Path
) -> None:
    done = run(*line, cwd=tmp_path, LC_MESSAGES=SYSTEMS[system])

    assert is_japanese(done.stdout + done.stderr) is (system == "ja")


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("plan", ["ja", "en"])
def test_once_the_plan_is_known_its_language_is_spoken(
    plan: str, system: str, cities: Mapping[str, Path], tmp_path: Path
) -> None:
    for line in (["lint"], *STAGES):
        done = run(*line, "--dir", cities[plan], cwd=tmp_path, LC_MESSAGES=SYSTEMS[system])

        shown = done.stderr.replace("平成", "").replace(str(cities[plan]), "") + done.stdout
        assert shown
        assert is_japanese(shown) is (plan == "ja"), line


def test_what_is_wrong_with_a_plan_is_told_in_its_language(
    cities: Mapping[str, Path], tmp_path: Path
) -> None:
    for language, folder in cities.items():
        broken = tmp_path / language
        shutil.copytree(folder, broken)
        (broken / "plan" / "periods.csv").write_text("id,label\nH26,H26\n", encoding="utf-8")
        other = SYSTEMS["en" if language == "ja" else "ja"]
        for line in ("lint", "status"):
            done = run(line, cwd=broken, LC_MESSAGES=other)

            assert done.returncode in (1, 2)
            assert is_japanese(done.stdout + done.stderr) is (language == "ja"), line


@pytest.mark.parametrize(("environment", "japanese"), [({"XLPLAN_LANG": "en"}, False), ({}, True)])
def test_the_environment_goes_before_the_plan(
    environment: dict[str, str], japanese: bool, cities: Mapping[str, Path], tmp_path: Path
) -> None:
    done = run("status", "--dir", cities["ja"], cwd=tmp_path, LC_MESSAGES="C", **environment)

    assert is_japanese(done.stdout + done.stderr) is japanese
    asked = run("status", "--dir", cities["ja"], "--lang", "ja", cwd=tmp_path, **environment)
    assert is_japanese(asked.stdout + asked.stderr)


@pytest.mark.parametrize(
    ("line", "environment"),
    [
        (["--lang", "fr", "issue", "--period", "H26"], {}),
        (["issue", "--period", "H26"], {"XLPLAN_LANG": "fr"}),
    ],
)
def test_a_language_that_we_do_not_have_stops_the_work_before_it_begins(
    line: list[str], environment: dict[str, str], cities: Mapping[str, Path], tmp_path: Path
) -> None:
    city = tmp_path / "city"
    shutil.copytree(cities["ja"], city)

    done = run(*line, cwd=city, **environment)

    assert (done.returncode, done.stdout) == (2, "")
    assert "fr" in done.stderr
    assert not (city / "workbooks").exists()
