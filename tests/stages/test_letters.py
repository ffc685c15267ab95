"""Letters: drafts of what is to be written to departments now, as the round stands; nothing twice, nothing lost."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from importlib import import_module
from pathlib import Path

import pytest
from commands import documented, keys_of
from hypothesis import given
from hypothesis import strategies as st
from returns import TABLES, Tables, changed, plan_of, sample_plan
from rounds import DUE, RECEIVED, begin, desk, drop, issue, receive

from xlplan import stages
from xlplan.cli.letters import letters_document, show_letters
from xlplan.cli.printing import Printer
from xlplan.language.errors import UsageError
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding
from xlplan.model.item import Department
from xlplan.model.letter import LetterKind
from xlplan.stages.drafts import (
    Attachment,
    Draft,
    addressee,
    common_values,
    day_label,
    draft_of,
    eml,
    findings_said,
    plain_text,
)
from xlplan.stages.letters import LettersResult, kinds_named
from xlplan.store.workspace import Workspace

BEFORE, AFTER = datetime(2025, 5, 26, 9, 0), datetime(2025, 6, 3, 9, 0)
"""Monday of the week of the day due (Friday 30 May), and Tuesday after it."""
ADDRESSED: Tables = {
    **TABLES,
    "plan": TABLES["plan"] + "contact | 内線 12 kikaku@city.example.jp\n",
    "departments": """
        id | name | contact | email
        D1 | 情報課 | 計画係 | d1@city.example.jp
        D2 | 総務課 | 山田 | d2@city.example.jp; somu＠city.example.jp
        D3 | 消防課 | |
        D9 | 休眠課 | |
    """,
}
TOLD = tuple[str, str, str]


def begun(root: Path, tables: Tables) -> Workspace:
    root.mkdir()
    return begin(root, tables)


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    return begun(tmp_path / "city", ADDRESSED)


def write(space: Workspace, now: datetime = BEFORE, **more: object) -> LettersResult:
    return stages.letters(space, "R6", now=now, **more)


def lines(result: LettersResult) -> list[TOLD]:
    return [(line.department.id, line.kind.value, line.state.value) for line in result.lines]


def opened(path: Path | None) -> EmailMessage:
    assert path is not None
    message = message_from_bytes(path.read_bytes(), policy=default)
    assert isinstance(message, EmailMessage)
    assert message.defects == []
    return message


def body_of(message: EmailMessage) -> str:
    part = message.get_body()
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def attached(message: EmailMessage) -> list[tuple[str | None, bytes]]:
    return [(part.get_filename(), part.get_payload(decode=True)) for part in message.iter_attachments()]


# --- what is due ------------------------------------------------------------------------------------------


def test_each_department_that_was_issued_gets_its_workbook_once(space: Workspace) -> None:
    first, second = write(space), write(space)

    assert lines(first) == [(name, "distribution", "written") for name in ("D1", "D2", "D3")]
    assert lines(second) == [(name, "distribution", "unchanged") for name in ("D1", "D2", "D3")]
    message = opened(first.lines[1].file)
    assert message["X-Unsent"] == "1"
    assert message["To"] == "d2@city.example.jp, somu@city.example.jp"
    assert message["Reply-To"] == "kikaku@city.example.jp"
    assert (message["From"], message["Date"]) == (None, None)
    [issued] = space.issued("R6").glob("R6_D2_*.xlsx")
    assert attached(message) == [(issued.name, issued.read_bytes())]
    assert body_of(message).startswith("総務課 山田 様\n")
    assert "令和7年5月30日（金）" in body_of(message)


def test_a_department_without_an_address_gets_a_draft_without_one(space: Workspace) -> None:
    result = write(space, departments=["D3"])

    assert [department.id for department in result.without_address] == ["D3"]
    assert not result.fine
    assert opened(result.lines[0].file)["To"] is None
    plain = (result.lines[0].text_file or Path()).read_bytes()
    assert plain.startswith("\ufeff宛先：（メールアドレスが登録されていません）\r\n".encode())
    assert b"\n" not in plain.replace(b"\r\n", b"")


def test_what_was_sent_and_taken_away_is_not_written_again_but_when_asked_or_the_state_moved(
    space: Workspace,
) -> None:
    for line in write(space).lines:
        (line.file or Path()).unlink()
        (line.text_file or Path()).unlink()

    silent, again = write(space), write(space, again=True, departments=["D1"])

    assert (lines(silent), silent.before) == ([], 3)
    assert lines(again) == [("D1", "distribution", "written")]
    issue(space, "D2", due=date(2025, 6, 6), now=BEFORE)
    assert lines(write(space, departments=["D2"])) == [("D2", "distribution", "written")]


def test_who_is_late_is_told_once_and_by_how_many_working_days(space: Workspace) -> None:
    write(space)

    late = write(space, AFTER)

    # the distribution that nobody took away lies there still
    assert [line for line in lines(late) if line[1] == "overdue"] == [
        (name, "overdue", "written") for name in ("D1", "D2", "D3")
    ]
    assert {line.days for line in late.lines if line.kind is LetterKind.OVERDUE} == {2}
    assert late.lines[1].why("ja") == "期限から2開庁日超過"
    message = opened(late.lines[1].file)
    assert attached(message) == []
    assert "令和7年5月30日（金）を過ぎましたが、令和7年6月3日（火）現在" in body_of(message)
    assert {state for *_, state in lines(write(space, AFTER))} == {"unchanged"}


def test_who_was_never_written_to_and_is_late_gets_one_letter(space: Workspace) -> None:
    assert lines(write(space, AFTER)) == [(name, "overdue", "written") for name in ("D1", "D2", "D3")]


def test_reminders_go_to_those_whose_day_is_near_and_not_on_the_day_of_another_letter(
    space: Workspace,
) -> None:
    issue(space, "D3", due=date(2025, 6, 20))
    write(space, BEFORE - timedelta(days=3))

    near = write(space, BEFORE, due_in=4)
    nearer = write(space, BEFORE, due_in=3)

    assert [line for line in lines(near) if line[1] == "reminder"] == [
        ("D1", "reminder", "written"),
        ("D2", "reminder", "written"),
    ]
    assert {state for *_, state in lines(nearer)} == {"unchanged"}
    again = begun(space.root.parent / "other", ADDRESSED)
    write(again, BEFORE)
    assert {kind for _, kind, _ in lines(write(again, BEFORE, due_in=4))} == {"distribution"}
    assert lines(write(again, BEFORE, kinds=["reminder"], due_in=3)) == []
    assert len(lines(write(again, BEFORE, kinds=["期限前"]))) == 3


def test_a_return_with_errors_goes_back_with_its_workbook_and_what_is_wrong(space: Workspace) -> None:
    write(space)
    wrong = desk(space, "D2").put("B-1", "reason", "わからない")
    receive(space, drop(space, "D2.xlsx", wrong.saved()))

    result = write(space, RECEIVED, departments=["D2"])

    assert lines(result) == [("D2", "sent_back", "written")]
    assert [path.name for path in result.removed] == ["R6_D2_総務課_配布.eml", "R6_D2_総務課_配布.txt"]
    message = opened(result.lines[0].file)
    [(name, data)] = attached(message)
    assert result.lines[0].workbook is not None
    assert (name, data) == (result.lines[0].workbook.name, result.lines[0].workbook.read_bytes())
    assert "B-1 遅れの理由は選択肢から選んでください\n" in body_of(message)
    assert "差戻し" in message["Subject"]
    # the workbook taken away with the letter is no reason to write again, nor to complain
    for path in (result.lines[0].file, result.lines[0].text_file, result.lines[0].workbook):
        (path or Path()).unlink()
    assert lines(write(space, RECEIVED, departments=["D2"])) == []
    # silent for a week after the day due: late as the others are
    late = write(space, datetime(2025, 6, 9, 9, 0), departments=["D2"])
    assert lines(late) == [("D2", "overdue", "written")]


def test_who_is_accepted_is_thanked_and_what_was_to_be_sent_is_gone(space: Workspace) -> None:
    write(space)
    wrong = desk(space, "D2").put("B-1", "reason", "わからない")
    receive(space, drop(space, "D2.xlsx", wrong.saved()))
    write(space, RECEIVED)
    receive(space, drop(space, "D2-2.xlsx", desk(space, "D2").signed().saved()), now=RECEIVED)

    result = write(space, RECEIVED, departments=["D2"])

    assert lines(result) == [("D2", "thanks", "written")]
    assert "令和7年5月1日（木）に受け付け、受理しました" in body_of(opened(result.lines[0].file))
    letters_left = sorted(path.name for path in space.outbox("R6").glob("R6_D2_*.eml"))
    assert letters_left == ["R6_D2_総務課_受理.eml"]


def test_who_was_let_off_is_not_written_to(space: Workspace) -> None:
    write(space)
    stages.excuse(space, "D3", reason="該当なし", period="R6", now=BEFORE)

    result = write(space, AFTER, departments=["D3"])

    assert (lines(result), len(result.removed)) == ([], 2)


def test_a_reminder_goes_when_the_day_due_moves(space: Workspace) -> None:
    write(space, BEFORE, kinds=["reminder"])
    issue(space, due=date(2025, 6, 30), now=BEFORE)

    result = write(space, BEFORE)

    assert {kind for _, kind, _ in lines(result)} == {"distribution"}
    assert len(result.removed) == 6


# --- files that are not ours --------------------------------------------------------------------------------


def test_a_draft_that_somebody_changed_is_neither_written_over_nor_removed(space: Workspace) -> None:
    first = write(space, departments=["D1"])
    mine = first.lines[0].file or Path()
    mine.write_bytes(mine.read_bytes().replace(b"X-Unsent: 1", b"X-Unsent: 1\r\nCc: boss@city.example.jp"))
    edited = mine.read_bytes()
    stranger = space.outbox("R6") / "メモ.txt"
    stranger.write_text("覚え書き", encoding="utf-8")

    kept, again = write(space, departments=["D1"]), write(space, departments=["D1"], again=True)
    receive(space, drop(space, "D1.xlsx", desk(space, "D1").signed().saved()))
    done = write(space, RECEIVED, departments=["D1"])

    assert lines(kept) == [("D1", "distribution", "edited")]
    assert (again.lines[0].file or Path()).name == "R6_D1_情報課_配布-2.eml"
    assert done.left == (mine,)
    assert mine.read_bytes() == edited
    assert stranger.exists()
    assert lines(done) == [("D1", "thanks", "written")]


def test_other_words_in_the_plan_change_what_lies_there(space: Workspace) -> None:
    write(space)
    own = (
        "kind | subject | body\n配布 | {期間}のお願い | {{様}} {宛名}：{施策数}件、{期限}まで（{{そのまま}}）"
    )
    city = begun(space.root.parent / "own", {**ADDRESSED, "letters": own})

    result = write(city, departments=["D1"])

    message = opened(result.lines[0].file)
    assert message["Subject"] == "令和6年度のお願い"
    assert body_of(message) == "{様} 情報課 計画係 御中：3件、令和7年5月30日（金）まで（{そのまま}）\n"
    (city.root / "plan" / "letters.csv").write_text("kind,subject\n配布,別の件名\n", encoding="utf-8")
    anew = write(city, departments=["D1"])
    assert lines(anew) == [("D1", "distribution", "written")]
    assert opened(anew.lines[0].file)["Subject"] == "別の件名"
    assert len(list(city.outbox("R6").iterdir())) == 2


def test_without_the_workbook_as_issued_there_is_no_letter(space: Workspace) -> None:
    [path] = space.issued("R6").glob("R6_D1_*.xlsx")
    path.write_bytes(b"typed into")

    result = write(space, departments=["D1"])

    assert lines(result) == [("D1", "distribution", "no_workbook")]
    assert (result.lines[0].file, result.fine) == (None, False)


def test_a_run_that_was_broken_off_leaves_nothing_twice(
    space: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its files lie there, its record does not: the next run takes them for its own."""
    with monkeypatch.context() as patch:
        patch.setattr(import_module("xlplan.stages.letters"), "common_values", _broken_off_at("D3"))
        with pytest.raises(KeyboardInterrupt):
            write(space)
    assert len(list(space.outbox("R6").iterdir())) == 4

    result = write(space)

    assert lines(result) == [(name, "distribution", "written") for name in ("D1", "D2", "D3")]
    assert len(list(space.outbox("R6").iterdir())) == 6


def _broken_off_at(name: str) -> object:
    def values(plan: object, period: object, department: Department, *more: object) -> Mapping[str, str]:
        if department.id == name:
            raise KeyboardInterrupt
        return common_values(plan, period, department, *more)

    return values


def test_the_same_letter_has_the_same_bytes(space: Workspace, tmp_path: Path) -> None:
    other = begun(tmp_path / "other", ADDRESSED)

    names = [path.name for path in sorted(write(space).folder.iterdir())]
    write(other)

    assert len(names) == 6
    for name in names:
        assert (space.outbox("R6") / name).read_bytes() == (other.outbox("R6") / name).read_bytes()


@pytest.mark.parametrize(
    ("more", "key"),
    [({"kinds": ["挨拶"]}, "unknown_letter"), ({"due_in": -1}, "due_in_negative")],
)
def test_what_cannot_be_meant_is_refused(space: Workspace, more: Mapping[str, object], key: str) -> None:
    with pytest.raises(UsageError) as caught:
        write(space, **more)
    assert caught.value.key == key
    assert not space.outbox("R6").exists()


def test_kinds_go_by_id_or_word() -> None:
    assert kinds_named(["sent-back", "督促", "Thanks"]) == (
        LetterKind.SENT_BACK,
        LetterKind.OVERDUE,
        LetterKind.THANKS,
    )


# --- what is printed ---------------------------------------------------------------------------------------


def eventful(space: Workspace) -> LettersResult:
    """A result in which everything is told: written, removed, edited by hand and left, written before."""
    first = write(space)
    for line in first.lines[:1]:
        (line.file or Path()).write_bytes(b"edited")
    for path in (first.lines[2].file, first.lines[2].text_file):
        (path or Path()).unlink()
    for name in ("D1", "D2"):
        receive(space, drop(space, f"{name}.xlsx", desk(space, name).signed().saved()))
    return write(space, RECEIVED)


def test_the_document_has_the_documented_keys(space: Workspace) -> None:
    document = letters_document(eventful(space), "ja")

    assert set(keys_of(document)) == documented("letters")
    assert document["written_before"] == 1


def test_the_letters_are_a_table_by_department_and_what_was_removed_is_told(
    space: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    show_letters(Printer("ja"), eventful(space))
    show_letters(Printer("en"), write(space, AFTER))

    printed = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert printed[:3] == [
        "部署 文案 状態 宛先 理由 ファイル",
        "情報課 受理 作成 d1@city.example.jp 1回目の回答を受理 R6_D1_情報課_受理.eml",
        "総務課 受理 作成 d2@city.example.jp, somu@city.example.jp 1回目の回答を受理 R6_D2_総務課_受理.eml",
    ]
    assert "状況が変わり、要らなくなった文案を消しました：R6_D2_総務課_配布.eml" in printed
    assert any(
        line.startswith("要らなくなった文案ですが、手直しされているので残しました：") for line in printed
    )
    assert any(line.startswith("前に作り、今は outbox にない文案が 1件あります。") for line in printed)
    assert "消防課 overdue written 2 working day(s) late R6_D3_消防課_督促.eml" in printed
    assert "These departments have no e-mail address (column email of departments): 消防課" in printed


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (date(2025, 5, 31), "提出期限の 2025-05-31 は閉庁日です（土曜・日曜など）"),
        (date(2025, 5, 6), "提出期限の 2025-05-06 は閉庁日です（振替休日）"),
        (date(2025, 6, 12), "提出期限の 2025-06-12 は閉庁日です（開庁記念日）"),
        (date(2025, 5, 30), ""),
    ],
)
def test_a_day_due_that_is_no_working_day_is_told_by_issue_and_lint(
    tmp_path: Path, due: date, said: str
) -> None:
    closed = "first_day | name\n6月12日 | 開庁記念日"
    city = begun(tmp_path / "city", {**ADDRESSED, "closed_days": closed})

    issued, found = issue(city, due=due), stages.lint(city)

    told = [finding.message("ja") for finding in issued.closed]
    assert told == ([said] if said else [])
    assert [finding.message("ja") for finding in found.findings if finding.code == "due_closed"] == told
    assert [finding.remedy("en")[-11:] for finding in issued.closed if "06-12" in said] == (
        [" 2025-06-13"] if "06-12" in said else []
    )


# --- the draft itself ---------------------------------------------------------------------------------------


WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=120)


@given(subject=WORDS, body=WORDS, name=WORDS, data=st.binary(max_size=300))
def test_a_draft_read_back_is_what_was_written(subject: str, body: str, name: str, data: bytes) -> None:
    """Whatever stands in the plan: no name or subject adds a header, and no file loses a byte."""
    department = Department("D1", name or "課", contact=name, email="d1@x.jp")
    own = changed({**ADDRESSED, "letters": "kind | subject\n督促 | 件名"}, "plan", "見本計画", "見本計画")
    plan = plan_of(own)
    values = {"period": subject, "addressee": body}
    draft = draft_of(plan, department, LetterKind.OVERDUE, _values(plan, department) | values, None)
    draft = Draft(
        draft.to, draft.reply_to, _subject(subject), draft.body, Attachment(f"回答{len(name)}.xlsx", data)
    )

    message = message_from_bytes(eml(draft), policy=default)

    assert isinstance(message, EmailMessage)
    assert message.keys() == ["X-Unsent", "To", "Reply-To", "Subject", "MIME-Version", "Content-Type"]
    assert message["Subject"] == draft.subject
    assert body_of(message) == draft.body
    assert attached(message) == [(f"回答{len(name)}.xlsx", data)]
    assert eml(draft) == eml(draft)


def _values(plan: object, department: Department) -> dict[str, str]:
    sample = sample_plan()
    return common_values(sample, sample.periods[-1], department, DUE, BEFORE.date()) | {"days": "1"}


def _subject(written: str) -> str:
    plan = plan_of({**ADDRESSED, "letters": "kind | subject\n督促 | {計画}"})
    department = Department("D1", "課")
    return draft_of(
        plan, department, LetterKind.OVERDUE, _values(plan, department) | {"title": written}, None
    ).subject


def test_names_add_no_header_and_long_subjects_stay_whole() -> None:
    hostile = "計画\r\nBcc: evil@example.com\r\n\r\n<b>" + "長い名称" * 60 + "\u202egpj.exe"
    draft = Draft(("a@b.jp",), "", _subject(hostile), "本文\n")

    message = message_from_bytes(eml(draft), policy=default)

    assert message["Bcc"] is None
    assert message["Subject"] == f"計画 Bcc: evil@example.com <b>{'長い名称' * 60}\\u202egpj.exe"
    assert all(len(line) <= 78 for line in eml(draft).splitlines())


@pytest.mark.parametrize(
    ("name", "contact", "language", "expected"),
    [
        ("道路課", "", "ja", "道路課長 様"),
        ("道路課", "計画係", "ja", "道路課 計画係 御中"),
        ("道路課", "計画係（内線 12）", "ja", "道路課 計画係 御中"),
        ("道路課", "山田　太郎", "ja", "道路課 山田 太郎 様"),
        ("道路課", "山田課長様", "ja", "道路課 山田課長様"),
        ("教育委員会", "", "ja", "教育委員会 御中"),
        ("Roads", "", "en", "Roads colleagues"),
        ("Roads", "Planning desk", "en", "Planning desk colleagues"),
        ("Roads", "Jane Smith, ext 12", "en", "Jane Smith"),
    ],
)
def test_whom_a_letter_addresses(name: str, contact: str, language: str, expected: str) -> None:
    assert addressee(Department("D", name, contact=contact), language) == expected


def test_a_letter_lists_the_first_findings_a_line_each() -> None:
    found = [
        Finding(
            FindingCode.REQUIRED_TEXT,
            sheet="報告",
            cell=f"C{row}",
            item=f"A-{row}",
            params={"label": "改行\n入り"},
        )
        for row in range(12)
    ]

    said = findings_said(found, "ja").splitlines()

    assert (len(said), said[0].startswith("・報告 C0 A-0 改行 入り")) == (11, True)
    assert said[-1] == "・ほか 2件（添付のファイルを御覧ください）"
    assert findings_said([], "en") == "(see the attached workbook)"


def test_a_letter_in_english_speaks_english(tmp_path: Path) -> None:
    plan = changed(ADDRESSED, "plan", "language | ja", "language | en")
    plan = changed(plan, "plan", "calendar | wareki", "calendar | western")
    city = begun(tmp_path / "city", plan)

    result = write(city, AFTER, departments=["D2"])

    assert result.lines[0].why("en") == "2 working day(s) late"  # Spring Bank Holiday was before
    assert day_label(DUE, result.plan) == "Friday 30 May 2025"
    assert "was due on Friday 30 May 2025. As of Tuesday 3 June 2025" in body_of(opened(result.lines[0].file))
    plain = plain_text(Draft((), "", "s", "b\n"), "en").decode("utf-8-sig")
    assert plain.startswith("To: (no e-mail address is known)\r\nSubject: s\r\nAttachment: none\r\n")
