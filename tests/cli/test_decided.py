"""The documents of the office's decisions: every key that is documented, and no other."""

from datetime import timedelta
from pathlib import Path

import pytest
from commands import documented, keys_of
from rounds import RECEIVED, begin, desk, drop, receive

import xlplan
from xlplan.cli.decided import decide_document, log_document, rejudge_document, undo_document

LATER = RECEIVED + timedelta(days=1)


@pytest.fixture
def city(tmp_path: Path) -> xlplan.City:
    """R6: D1 with an error in its return, D2 accepted, and a file that is no return."""
    space = begin(tmp_path)
    drop(space, "D1.xlsx", desk(space, "D1").put("A-1", "rate", 90).put("A-1", "places", 2).saved())
    drop(space, "D2.xlsx", desk(space, "D2").saved())
    drop(space, "none.xlsx", b"none")
    receive(space)
    return xlplan.open(tmp_path)


def error_of(city: xlplan.City) -> int:
    """The number of the one error."""
    frame = city.findings("R6")
    [number] = frame.loc[frame["severity"] == "error", "number"]
    return int(number)


def test_those_of_deciding(city: xlplan.City) -> None:
    made = [
        city.allow([error_of(city)], reason="来年増える", now=LATER),
        city.send_back("D2", reason="出どころを書く", now=LATER),
        city.extend("D3", "2025-06-13", now=LATER),
        city.reopen("D1", reason="電話", now=LATER),
        city.count("D1", 1, reason="やはり採用", now=LATER),
        city.remark("電話あり", now=LATER),
    ]

    keys = set().union(*(keys_of(decide_document(result, "ja")) for result in made))

    for result in made:
        command = str(result.decision.kind).replace("_", "-")
        assert keys == documented(command)


def test_that_of_taking_back(city: xlplan.City) -> None:
    allowed = city.allow([error_of(city)], reason="来年増える", now=LATER).decision
    back = city.undo(allowed.number, now=LATER)
    again = city.undo(city.send_back("D2", reason="出どころ", now=LATER).decision.number, now=LATER)
    extended = city.extend("D3", "2025-06-13", now=LATER).decision
    city.issue("R6", departments="D3", now=LATER + timedelta(hours=1))
    issued = city.undo(extended.number, now=LATER)

    keys = set().union(*(keys_of(undo_document(result)) for result in (back, again, issued)))

    assert keys == {key for key in documented("undo") if not key.startswith("published[]")}


def test_that_of_judging_again(city: xlplan.City) -> None:
    rules = Path(city.folder) / "plan" / "rules.csv"
    looser = rules.read_text("utf-8").replace("<=10)", "<=100)")
    rules.write_text(looser, "utf-8")
    shown = rejudge_document(city.rejudge(do=True, now=LATER), "ja")
    rules.write_text(looser.replace("<=100)", "<=5)"), "utf-8")
    stricter = rejudge_document(city.rejudge(do=True, now=LATER), "ja")
    fields = Path(city.folder) / "plan" / "fields.csv"
    fields.write_text(fields.read_text("utf-8").replace("補足", "備考"), "utf-8")
    rules.write_text(rules.read_text("utf-8").replace("[@補足]", "[@備考]"), "utf-8")
    unread = rejudge_document(city.rejudge(now=LATER), "ja")

    assert {*keys_of(shown), *keys_of(stricter), *keys_of(unread)} == documented("rejudge")


def test_that_of_the_log(city: xlplan.City) -> None:
    city.undo(city.allow([error_of(city)], reason="来年増える", now=LATER).decision.number, now=LATER)

    assert set(keys_of(log_document(city.log(), "ja"))) == documented("log")
