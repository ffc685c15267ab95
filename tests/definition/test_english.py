"""What is wrong with a plan in English is told in English: no word of ours is Japanese."""

from pathlib import Path

import pytest
from definitions import GOOD, JAPANESE, definition, folder, latin, ours_in_english, sentence_of
from test_definition import BROKEN

from xlplan.definition.reading import Definition, read_definition
from xlplan.model.plancodes import PlanCode

ENGLISH = {table: latin(content) for table, content in GOOD.items()} | {
    "plan": latin(GOOD["plan"]).replace("language,ja", "language,en"),
}
"""The good definition as a plan in English would have it."""

LONG = 2_000
"""Letters whose codes a CSV's field would not hold."""

SHAPES: list[dict[str, str | None]] = [
    {"periods": None},
    {"periods": "id,label\nH25,H25\n"},
    {"periods": GOOD["periods"].splitlines()[0] + "\n"},
    {"plan": ENGLISH["plan"].replace("title,", "titel,")},
    {"plan": ENGLISH["plan"].replace("title,", "colour,")},
    {"plan": "key,value\nlanguage,en\n"},
    {"departments": ENGLISH["departments"].replace("contact", "kontact")},
    {"departments": ENGLISH["departments"].replace("contact", "colour")},
    {"departments": ENGLISH["departments"].replace("contact", "担当")},
    {"forms": ENGLISH["forms"].replace(",news", ",x").replace(latin("できごと"), "Findings")},
    {"forms": ENGLISH["forms"].replace(latin("できごと"), "Outside the form")},
    {"periods": ENGLISH["periods"].replace("2014,2014", "FY2014,2014")},
    {
        "fields": ENGLISH["fields"].replace(
            "number,,no", "number,,no,department,,no,,,9,,,,\nx,x,x,text,,no", 1
        )
    },
    {"rules": ENGLISH["rules"].replace(latin("[@実施内容]"), "[@departmend]")},
    {"measures": ENGLISH["measures"].replace(f",{latin('進捗')},0", ",departmend,0")},
    {"handling": "finding,severity\nitem_unknown,grave\nwhatever,error\n"},
    {"choices": ENGLISH["choices"].replace(latin("検討|実施"), f" {latin('検討')}|{latin('実施済')}", 1)},
]
"""What else can be wrong with tables: their shape, headings, settings and names."""


def check(found: Definition) -> set[str]:
    """The codes of all that is told, whose English sentences must be English."""
    for one in found.findings:
        assert ours_in_english(found, one) == [], sentence_of(one, "en")
        if found.language == "en":
            said = JAPANESE.sub("", one.value) and sentence_of(one, "en").replace(one.value, "")
            assert not JAPANESE.search(said or sentence_of(one, "en").replace(one.value, "")), said
    return {str(one.code) for one in found.findings}


def test_the_plan_in_english_is_as_good_as_the_other(tmp_path: Path) -> None:
    assert check(definition(tmp_path, **ENGLISH)) == set()


def test_every_broken_definition_is_told_in_english(tmp_path: Path) -> None:
    """Each of `BROKEN` in the plan as it is, whose own words are Japanese, and in that plan in English."""
    told: set[str] = set()
    in_english: set[str] = set()
    for at, (table, old, new, *_) in enumerate(BROKEN):
        root = tmp_path / str(at)
        root.mkdir()
        told |= check(definition(root, **{table: GOOD[table].replace(old, new, 1)}))
        if len(new) < LONG:
            changed = ENGLISH[table].replace(latin(old), latin(new), 1)
            in_english |= check(definition(root, **{**ENGLISH, table: changed}))

    assert len(told) > 60
    assert len(told - in_english) < 10, told - in_english


@pytest.mark.parametrize("changed", SHAPES, ids=lambda changed: next(iter(changed)))
def test_the_shape_of_a_plan_in_english_is_told_in_english(
    tmp_path: Path, changed: dict[str, str | None]
) -> None:
    assert check(definition(tmp_path, **{**ENGLISH, **changed}))


def test_a_table_twice_and_a_sheet_that_was_nearly_one(tmp_path: Path) -> None:
    found = folder(tmp_path, **ENGLISH)
    (found / "期間.csv").write_text(ENGLISH["periods"], encoding="utf-8")
    (found / "deparments.csv").write_text("id\n", encoding="utf-8")

    assert check(read_definition(found)) == {PlanCode.TABLE_TWICE, PlanCode.SHEET_PASSED_OVER}


def test_a_japanese_sentence_may_name_both(tmp_path: Path) -> None:
    found = definition(tmp_path, plan=GOOD["plan"].replace("calendar,wareki", "calendar,gregorian"))
    (one,) = (one for one in found.findings if one.code is PlanCode.UNKNOWN_WORD)

    assert one.remedy("ja").endswith("和暦 / 西暦 / wareki / western")
    assert one.remedy("en") == "Use one of: wareki / western"
