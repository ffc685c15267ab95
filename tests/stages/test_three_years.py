"""A plan of twenty items through three years and a reorganisation, in both languages.

At every close and after every correction each figure of each closed round, in the frames and in the cells of every
version that was published, as LibreOffice works them out, is held against a table that pandas makes of what was typed.
"""

from collections import Counter
from pathlib import Path

import pytest
from libreoffice import LibreOffice
from returns import changed
from threeyears.answers import R6, R7, R8, R9, given
from threeyears.plan import TABLES
from threeyears.play import Play, differing, figures_in_workbook, marked

from xlplan import stages


def year_one(play: Play) -> None:
    """A correction before closing, a department let off, a late return, all after a year before xlplan."""
    play.begin(R6)
    play.hold_forms()
    late = play.answered("D6", G_1={"cost": 47.0}, G_2={"status": "Studied", "cost": 14.0})
    play.answer("D7")
    play.correct(R6, "A-2", status="Done")
    play.correct(R6, "K-1", cost=11.5)
    play.excuse("D7")
    play.close()
    play.hold()
    take_late(play, late, {"G-1": {"cost": 47.0}, "G-2": {"status": "Studied", "cost": 14.0}})
    play.hold()


def take_late(play: Play, workbook: bytes, said: dict[str, dict[str, str | float]]) -> None:
    """A return that comes when its round is closed is kept, and then taken cell by cell."""
    path = play.space.inbox(play.year) / "late.xlsx"
    path.write_bytes(workbook)
    [line] = stages.receive(play.space, [path], period=play.year, now=play.when("late")).lines
    assert (line.state, [finding.code for finding in line.findings]) == ("kept", ["late_return"])
    reason = play.say("came late")
    taken = stages.correct_from(
        play.space, path, reason=reason, period=play.year, by="office", now=play.when("late")
    )
    assert [made.period for made in taken.published] == [play.year]
    for item, values in said.items():
        play.typed[play.year][item] |= values


TOLD = {
    "D1": ("Call centre", "Phone desk", "Chat desk"),
    "D2": ("Ledgers", "Invoices", "Ledgers and invoices"),
    "D9": ("Nursery places", "Child health", "Welfare"),
    "D3": ("Nursery places", "Child health", "Childcare"),
    "D6": ("Berth plan", "Tide gauge", "Harbour"),
}
"""What the first sheets of R7 name: what was split and merged, and from and to whom items went."""


def year_two(play: Play) -> None:
    """After the reorganisation; a department let off that answers after all, and an error of the year before."""
    play.begin(R7)
    assert set(play.departments()) == {"D1", "D2", "D3", "D9", "D4", "D5", "D6", "D7"}
    play.hold_forms()
    for department, words in TOLD.items():
        assert [word for word in words if play.say(word) not in play.told(department)] == []
    late = play.answered("D5")
    play.answer("D5")
    play.correct(R7, "B-3", users=985)
    play.excuse("D5")
    play.enter("receive")
    play.close()
    play.hold()
    play.count(play.departments()["D5"], given(R7))
    take_late(play, late, {})
    play.hold()
    corrected = play.correct(R6, "E-1", status="Started", cost=485.5)
    assert [made.period for made in corrected.published] == [R6, R7]
    play.hold()


def year_three(play: Play) -> None:
    """Other ids, another meaning of what is reached and late, an item moved in mid-round; the committee is late."""
    play.begin(R8)
    play.hold_forms()
    play.hold()
    move_in_mid_round(play)
    play.answer()
    play.close()
    play.hold()
    kept = play.expected(R8).kept()
    assert {(measure, period) for measure, _, period in kept} == {
        *((name, R7) for name in ("reached", "rate", "so_far", "owned_rate"))
    }
    assert len(list(marked(play.space.summary(R8), play.say("Figures")))) == len(kept)
    corrected = play.correct(R7, "C-2", status="Handed over")
    assert [made.period for made in corrected.published] == [R7, R8]
    play.hold()
    corrected = play.correct(R6, "E-2", users=7, cost=8.5)
    assert [made.period for made in corrected.published] == [R6, R7, R8]
    play.hold()
    play.enter("late")
    play.hold()


def half_a_year(play: Play) -> None:
    """A round of six months; what the committee said of the year before is replied to."""
    play.begin(R9)
    play.hold_forms()
    play.hold()
    play.answer()
    play.close()
    play.hold()


def move_in_mid_round(play: Play) -> None:
    """An item is another department's when the first has answered: both get their forms anew."""
    path = play.space.inbox(R8) / "D1 first.xlsx"
    path.write_bytes(play.answered("D1", A_7={"cost": 18.0}))
    [line] = stages.receive(play.space, [path], period=R8, now=play.when("issue")).lines
    assert line.state == "accepted"
    path.unlink()
    play.replan(changed(TABLES[R8], "items", "Chat desk | D1", "Chat desk | D5"))
    done = play.issue("reissue")
    assert {name for name, what in done.items() if what == "reissued"} == {"D1", "D5"}
    desk = play.desk("D5")
    assert desk.sheet()[desk.address("A-7", "cost")].value == 18.0


VERSIONS = {R6: 4, R7: 5, R8: 4, R9: 1}
"""A round is closed once; a late return, each correction and what is entered late make a next version, of closed rounds
after it as well."""
EARLIER = {
    R6: set(),
    R7: {("earlier_taken", R6), ("earlier_excused", R6)},
    R8: {
        ("earlier_taken", R6),
        ("earlier_excused", R6),
        ("earlier_taken", R7),
        ("figure_kept", R7),
        ("figure_kept_formula", R7),
    },
}
EARLIER[R9] = EARLIER[R8] | {("earlier_taken", R8), ("figure_kept", R8)}
"""What is told of earlier rounds where one is closed: of nobody that it is waited for an answer."""


@pytest.mark.deep
@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_figure_of_every_year_stands_in_every_later_workbook(
    language: str, tmp_path: Path, libreoffice: LibreOffice
) -> None:
    play = Play(tmp_path, language)
    for year in (year_one, year_two, year_three, half_a_year):
        year(play)
        assert stages.verify(play.space).fine
        assert play.earlier == EARLIER[play.year]
    assert Counter(version.year for version in play.published) == VERSIONS
    workbooks = libreoffice.converted([version.workbook for version in play.published], "xlsx")
    for version, workbook in zip(play.published, workbooks, strict=True):
        shown = figures_in_workbook(workbook, version.year, language)
        assert differing(shown, version.figures) == {}, version.name
