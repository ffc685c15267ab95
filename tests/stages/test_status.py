"""Status: who is late by how many working days, what is new, what is to be sent, whose form changed, what is next."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from commands import documented, keys_of, run
from midround import WEDNESDAY, issued, mid_round
from returns import TABLES, changed, write_tables
from rounds import DAY, DUE, DUE_MOMENT, ISSUED, RECEIVED, begin, desk, drop, files

import xlplan
from xlplan import stages
from xlplan.language.errors import UsageError
from xlplan.stages.nextstep import StepKind
from xlplan.stages.sending import SendReason
from xlplan.store.workspace import Workspace

FRIDAY = date(2025, 5, 30)


def add(space: Workspace, *names: str) -> None:
    """Good answers of these departments in the inbox."""
    for name in names:
        drop(space, f"{name}.xlsx", desk(space, name).saved())


# --- who is late ---


def test_only_departments_that_are_waited_for_are_late(tmp_path: Path) -> None:
    found = mid_round(tmp_path).status(now=WEDNESDAY)

    assert [(line.department.id, line.days_late) for line in found.lines] == [("D1", 3), ("D2", 0), ("D3", 3)]
    assert [line.department.id for line in found.late] == ["D1", "D3"]
    assert dict(found.counts) == {"sent_back": 1, "accepted": 1, "waiting": 1}


# --- what is new ---


def test_what_is_new_is_told_since_yesterday(tmp_path: Path) -> None:
    city = mid_round(tmp_path)
    news, later = (city.status(now=moment).news for moment in (RECEIVED + DAY, WEDNESDAY))
    assert news is not None
    assert later is not None

    assert (news.since, news.issued) == (RECEIVED.date(), ())
    assert [(receipt.department, receipt.state) for receipt in news.received] == [
        ("D1", "sent_back"),
        ("D2", "accepted"),
    ]
    assert [refusal.file_name for refusal in news.refused] == ["memo.txt"]
    assert [decision.kind for decision in news.decided] == ["correct"]
    assert not later.any


def test_a_department_that_sent_several_files_is_counted_once(tmp_path: Path) -> None:
    city, space = mid_round(tmp_path), Workspace(tmp_path)
    add(space, "D1")
    city.receive(now=RECEIVED + timedelta(hours=1))
    done = run("status", "--since", "2025-05-01", cwd=tmp_path)

    assert "受理 2部署：情報課、総務課" in done.stdout
    assert "差戻し中 1部署" not in done.stdout


@pytest.mark.parametrize(
    ("written", "since"),
    [
        (None, date(2025, 6, 3)),
        ("昨日", date(2025, 6, 3)),
        ("yesterday", date(2025, 6, 3)),
        (date(2025, 5, 1), date(2025, 5, 1)),
        ("令和7年5月1日", date(2025, 5, 1)),
        ("5/1", date(2025, 5, 1)),
        ("6/4", date(2025, 6, 4)),
        ("6/5", date(2024, 6, 5)),
    ],
)
def test_the_day_is_written_as_people_do_and_lies_in_the_past(
    tmp_path: Path, written: str | date | None, since: date
) -> None:
    begin(tmp_path)
    news = xlplan.open(tmp_path).status(since=written, now=WEDNESDAY).news

    assert news is not None
    assert news.since == since


def test_what_is_no_day_is_told(tmp_path: Path) -> None:
    begin(tmp_path)
    with pytest.raises(UsageError) as caught:
        xlplan.open(tmp_path).status(since="いつか", now=WEDNESDAY)

    assert caught.value.key == "bad_date"


# --- what is found ---


def test_findings_are_counted_by_kind_and_column_and_in_how_many_departments(tmp_path: Path) -> None:
    city, space = issued(tmp_path), Workspace(tmp_path)
    drop(space, "D1.xlsx", desk(space, "D1").put("A-1", "actual", "はて").put("A-2", "done", None).saved())
    drop(space, "D2.xlsx", desk(space, "D2").put("B-1", "done", None).saved())
    city.receive(now=RECEIVED)
    found = city.status(now=WEDNESDAY).frequent

    assert [(kind.first.field, kind.departments, len(kind.findings)) for kind in found] == [
        ("done", ("D1", "D2"), 2),
        ("actual", ("D1",), 1),
    ]


# --- what is to be sent ---


def test_what_is_to_be_sent_is_named_with_its_reason(tmp_path: Path) -> None:
    found = mid_round(tmp_path).status(now=WEDNESDAY).sending

    assert [(each.department.id, each.reason, each.days) for each in found] == [
        ("D1", SendReason.SENT_BACK, 3),
        ("D3", SendReason.REMINDER, 3),
    ]
    assert [each.file.name if each.file else "" for each in found] == ["R6_D1_情報課_差戻し1.xlsx", ""]


def test_a_workbook_that_was_issued_again_is_to_be_sent_until_it_is_answered(tmp_path: Path) -> None:
    city, space = issued(tmp_path), Workspace(tmp_path)
    write_tables(changed(TABLES, "fields", "report|done|実施内容|", "report|done|内容|"), tmp_path / "plan")
    before = [(each.department.id, each.reason) for each in city.status(now=ISSUED).sending]
    city.issue("R6", departments=["D1", "D2"], now=ISSUED + DAY)
    after = [(each.department.id, each.reason) for each in city.status(now=ISSUED + DAY).sending]
    add(space, "D1")
    city.receive(now=RECEIVED)
    left = [each.department.id for each in city.status(now=RECEIVED).sending]

    assert before == [("D1", "plan_changed"), ("D2", "plan_changed"), ("D3", "plan_changed")]
    assert after == [("D1", "issued_again"), ("D2", "issued_again"), ("D3", "plan_changed")]
    assert left == ["D2", "D3"]


# --- whose form the plan touches ---


@pytest.mark.parametrize(
    ("table", "old", "new", "asked", "worded"),
    [
        ("plan", "title | 見本計画", "title | 別の計画", [], ["D1", "D2", "D3"]),
        ("items", "| 予約 |", "| 窓口予約 |", [], ["D1"]),
        ("fields", "report|done|実施内容|", "report|done|内容|", ["D1", "D2", "D3"], []),
        ("fields", "", "", [], []),
    ],
)
def test_any_word_that_a_form_shows_is_told_where_it_changed(
    tmp_path: Path, table: str, old: str, new: str, asked: list[str], worded: list[str]
) -> None:
    city = issued(tmp_path)
    write_tables(changed(TABLES, table, old, new) if old else TABLES, tmp_path / "plan")
    found = city.status(now=ISSUED)

    assert [department.id for department in found.changed] == asked
    assert [department.id for department in found.worded] == worded


def test_whoever_is_given_longer_is_told_of_no_changed_word(tmp_path: Path) -> None:
    city = issued(tmp_path)
    city.extend("D2", DUE + DAY, period="R6", now=ISSUED)

    found = city.status(now=ISSUED)

    assert (found.changed, found.worded) == ((), ())


def test_a_changed_word_makes_no_answer_outdated_and_stops_nothing(tmp_path: Path) -> None:
    city, space = issued(tmp_path), Workspace(tmp_path)
    add(space, "D1", "D2", "D3")
    write_tables(changed(TABLES, "items", "| 予約 |", "| 窓口予約 |"), tmp_path / "plan")
    city.receive(now=RECEIVED)
    made = city.consolidate(now=RECEIVED)
    done = run("status", cwd=tmp_path)

    assert (made.path is not None, done.returncode) == (True, 0)
    assert "手元の様式と違う部署があります：情報課。" in done.stdout


# --- what is next ---


def test_the_next_step_leads_through_the_round(tmp_path: Path) -> None:
    write_tables(TABLES, tmp_path / "plan")
    city, space, steps = xlplan.open(tmp_path), Workspace(tmp_path), []

    def step(now: datetime = RECEIVED, period: str | None = None) -> None:
        found = city.status(period, now=now).step
        steps.append((found.kind, found.command))

    step(period="R6")
    city.issue("R6", departments=["D1", "D2"], due=DUE, now=ISSUED)
    step()
    city.issue("R6", due=DUE, now=ISSUED)
    step()
    drop(space, "D1.xlsx", desk(space, "D1").put("A-1", "actual", "はて").saved())
    add(space, "D2", "D3")
    step()
    city.receive(now=RECEIVED)
    step()
    add(space, "D1")
    city.receive(now=RECEIVED + DAY)
    step()
    city.consolidate(now=RECEIVED + DAY)
    step()
    city.close(now=RECEIVED + DAY)
    step()
    city.rollover("R7", now=RECEIVED + DAY)
    step()

    assert steps == [
        (StepKind.ISSUE, "xlplan issue --period R6"),
        (StepKind.ISSUE_REST, "xlplan issue --period R6"),
        (StepKind.WAIT, "xlplan receive --period R6"),
        (StepKind.RECEIVE, "xlplan receive --period R6"),
        (StepKind.SEND, "xlplan receive --period R6"),
        (StepKind.CONSOLIDATE, "xlplan consolidate --period R6"),
        (StepKind.CLOSE, "xlplan close --period R6"),
        (StepKind.ROLL_OVER, "xlplan rollover --to R7"),
        (StepKind.ISSUE, "xlplan issue --period R7"),
    ]


# --- how it is told ---


def test_status_changes_nothing(tmp_path: Path) -> None:
    city = mid_round(tmp_path)
    before = files(tmp_path, ledger=True)
    city.status(since="2025-04-01", now=WEDNESDAY)

    assert files(tmp_path, ledger=True) == before


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_key_of_the_document_is_documented(tmp_path: Path, language: str) -> None:
    mid_round(tmp_path)
    done = run("status", "--json", "--since", "2025-04-01", "--lang", language, cwd=tmp_path)
    document = json.loads(done.stdout)

    keys, elsewhere = set(keys_of(document)), ("summary[]", "page[]", "closed[]", "office[]")
    assert keys == {key for key in documented("status") if not key.startswith(elsewhere)}
    assert [event["kind"] for event in document["news"]] == [
        *("issued", "issued", "issued", "received", "received", "refused", "decided")
    ]
    assert (
        document["next_message"]
        == {
            "ja": "2部署に、差戻しのブックや催促を送ります。返ってきたら inbox に入れて受け付けます。",
            "en": "Send 2 department(s) what goes back to them, or a reminder; receive what comes in.",
        }[language]
    )


def test_what_is_printed_ends_with_the_next_step(tmp_path: Path) -> None:
    mid_round(tmp_path)
    lines = run("status", "--since", "2025-04-01", "--lang", "en", cwd=tmp_path).stdout.splitlines()

    assert lines[-2].startswith("Next: Send 2 department(s)")
    assert lines[-1] == "  xlplan receive --period R6"
    assert "In detail: waiting 1, sent back 1, accepted 1" in lines
    assert stages.status(Workspace(tmp_path), now=DUE_MOMENT).late == ()
