"""What comes by mail, in zips and in folders is judged as if it lay in the inbox; the letter is kept as it came."""

import json
import os
from datetime import datetime
from pathlib import Path

import pytest
from commands import run
from letters import locked, mail, outlook, packed
from returns import TABLES, changed
from rounds import DAY, RECEIVED, begin, desk, drop, files, only, receive, standing

from xlplan import stages
from xlplan.cli.documents import returns_document
from xlplan.model.submission import PartKind, Receipt, ReceivedLetter
from xlplan.stages import mailed
from xlplan.stages.received import ReceivedFile, ReceiveResult
from xlplan.store.files import sha256
from xlplan.store.ledger import Ledger
from xlplan.store.letters import letters
from xlplan.store.workspace import Workspace

WITH_ADDRESS = changed(
    {**TABLES, "departments": TABLES["departments"].replace("id | name", "id | name | email")},
    "departments",
    "D3 | 消防課",
    "D3 | 消防課 | shobo@city.example.jp",
)


@pytest.fixture
def begun(tmp_path: Path) -> Workspace:
    """A city with R6 issued."""
    return begin(tmp_path)


def answer(space: Workspace, done: str = "した", department: str = "D3") -> bytes:
    item = {"D1": "A-1", "D2": "B-1", "D3": "C-1"}[department]
    return desk(space, department).put(item, "done", done).saved()


def codes(line: ReceivedFile) -> list[str]:
    return [finding.code.value for finding in line.findings]


def paths(result: ReceiveResult, folder: Path) -> list[tuple[str, str]]:
    return [(line.path.relative_to(folder).as_posix(), line.state.value) for line in result.lines]


def kept(space: Workspace) -> list[ReceivedLetter]:
    with Ledger.open(space.ledger_path) as ledger:
        return letters(ledger, "R6")


def counting(space: Workspace, department: str = "D3") -> Receipt:
    with Ledger.open(space.ledger_path) as ledger:
        return ledger.latest("R6")[department]


def dated(path: Path, moment: datetime) -> Path:
    os.utime(path, (moment.timestamp(), moment.timestamp()))
    return path


class TestALetter:
    @pytest.mark.parametrize(
        ("name", "made"),
        [
            ("照会の回答.eml", mail),
            ("照会の回答.msg", outlook),
            ("回答一式.zip", packed),
        ],
    )
    def test_has_its_attachment_judged_as_if_it_lay_in_the_inbox(
        self, begun: Workspace, name: str, made: object
    ) -> None:
        assert callable(made)
        data = made({"消防課の回答.xlsx": answer(begun)})
        path = drop(begun, name, data)

        line = only(receive(begun))

        assert (line.path, line.state, line.attempt) == (path / "消防課の回答.xlsx", "accepted", 1)
        assert line.letter is not None
        assert line.letter.path == path
        assert line.letter.archive is not None
        assert line.letter.archive.read_bytes() == data
        assert counting(begun).file_name == "消防課の回答.xlsx"
        assert stages.verify(begun).fine
        [letter] = kept(begun)
        assert (letter.file_name, letter.received_at, begun.root / letter.archive) == (
            name,
            RECEIVED,
            line.letter.archive,
        )
        assert [(part.name, part.sha256, part.kind) for part in letter.parts] == [
            ("消防課の回答.xlsx", counting(begun).sha256, PartKind.WORKBOOK)
        ]

    def test_received_again_changes_nothing(self, begun: Workspace) -> None:
        drop(begun, "1.eml", mail({"回答.xlsx": answer(begun), "案内.pdf": b"%PDF-"}))
        receive(begun)
        before = files(begun.root)

        line = only(receive(begun, now=RECEIVED + DAY))

        assert (line.state, codes(line), line.open) == ("known", [], False)
        assert (files(begun.root), len(kept(begun))) == (before, 1)

    def test_is_kept_before_anything_looks_into_it(
        self, begun: Workspace, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken_off(*_: object) -> None:
            raise KeyError

        data = mail({"回答.xlsx": answer(begun)})
        drop(begun, "1.eml", data)
        monkeypatch.setattr(mailed._Process, "open", broken_off)

        with pytest.raises(KeyError):
            receive(begun)

        assert begun.landing("R6", sha256(data)).read_bytes() == data

    def test_with_errors_in_its_attachment_brings_a_workbook_to_send_back(self, begun: Workspace) -> None:
        drop(begun, "1.eml", mail({"回答.xlsx": desk(begun, "D3").put("C-1", "done", None).saved()}))

        line = only(receive(begun))

        assert line.state == "sent_back"
        assert line.sent_back is not None
        assert line.sent_back.exists()

    def test_says_who_sent_it_with_the_address_masked_but_for_a_departments_own(self, tmp_path: Path) -> None:
        space = begin(tmp_path, WITH_ADDRESS)
        drop(space, "1.eml", mail({"回答.xlsx": answer(space)}, subject="090-1234-5678 へ"))
        other = answer(space, department="D1")
        drop(space, "2.eml", mail({"回答.xlsx": other}, sender="SHOBO@city.example.jp"))

        result = receive(space)

        assert [letter.sender for letter in result.letters] == [
            "山田 太郎 <…@city.example.jp>",
            "消防課 <…@city.example.jp>",
        ]
        assert [letter.subject for letter in result.letters] == ["…5678 へ", "照会の回答"]
        assert [letter.sender for letter in kept(space)] == [letter.sender for letter in result.letters]
        assert b"yamada" not in space.ledger_path.read_bytes()
        assert b"yamada" in kept_bytes(space, 0)

    def test_names_what_is_no_return_once_and_refuses_none_of_it(self, begun: Workspace) -> None:
        drop(begun, "1.eml", mail({"回答.xlsx": answer(begun), "案内.pdf": b"%PDF-", "印影.png": b"\x89PNG"}))

        line = only(receive(begun))

        assert line.state == "accepted"
        assert line.letter is not None
        assert line.letter.others == ("案内.pdf", "印影.png")
        assert standing(begun)["D3"].state == "accepted"
        assert stages.status(begun, "R6", now=RECEIVED).refused == ()

    def test_without_a_return_is_told_with_its_sender_and_subject_until_it_is_seen_to(
        self, begun: Workspace
    ) -> None:
        path = drop(begun, "1.eml", mail({"回答.pdf": b"%PDF-"}, subject="期限について"))

        line = only(receive(begun))

        assert (line.path, line.state, codes(line), line.open) == (
            path,
            "refused",
            ["letter_no_return"],
            True,
        )
        for language, words in (("ja", ("山田 太郎", "期限について")), ("en", ("期限について", "回答.pdf"))):
            assert all(word in line.findings[0].message(language) for word in words)
        [refusal] = stages.status(begun, "R6", now=RECEIVED).refused
        assert (refusal.file_name, refusal.finding.code) == ("1.eml", "letter_no_return")
        assert codes(only(receive(begun, now=RECEIVED + DAY))) == ["letter_no_return", "refused_before"]
        assert stages.verify(begun).fine

    def test_of_another_department_in_it_each_file_is_judged_by_itself(self, begun: Workspace) -> None:
        two = {"消防.xlsx": answer(begun), "情報.xlsx": answer(begun, department="D1"), "メモ.xlsx": b"memo"}
        path = drop(begun, "一式.eml", mail({"一式.zip": packed(two, encoding="cp932")}))

        result = receive(begun)

        assert paths(result, path) == [
            ("一式.zip/消防.xlsx", "accepted"),
            ("一式.zip/情報.xlsx", "accepted"),
            ("一式.zip/メモ.xlsx", "refused"),
        ]
        [refusal] = stages.status(begun, "R6", now=RECEIVED).refused
        assert refusal.file_name == "一式.eml/一式.zip/メモ.xlsx"

    def test_that_is_wholly_broken_is_one_refusal_and_is_kept(self, begun: Workspace) -> None:
        data = packed({"回答.xlsx": answer(begun)})[:-40]
        drop(begun, "回答.zip", data)

        line = only(receive(begun))

        assert (line.state, codes(line)) == ("refused", ["letter_damaged"])
        assert line.archive is not None
        assert line.archive.read_bytes() == data
        assert (kept(begun), stages.verify(begun).fine) == ([], True)


def kept_bytes(space: Workspace, number: int) -> bytes:
    return (space.root / kept(space)[number].archive).read_bytes()


class TestALockedZip:
    def test_opens_with_a_password_that_is_given_later_and_nothing_is_left_to_see_to(
        self, begun: Workspace
    ) -> None:
        inner = locked("回答.xlsx", answer(begun), b"abc")
        path = drop(begun, "1.eml", mail({"locked.zip": inner}))
        first = only(receive(begun))
        assert (first.state, codes(first)) == ("refused", ["letter_password"])
        assert "locked.zip" in first.findings[0].message("ja")
        assert "--password" in first.findings[0].remedy("en")

        found = stages.receive(begun, period="R6", passwords=("wrong", "abc"), now=RECEIVED + DAY)

        assert paths(found, path) == [("locked.zip/回答.xlsx", "accepted")]
        assert stages.status(begun, "R6", now=RECEIVED + DAY).refused == ()
        assert [len(letter.parts) for letter in kept(begun)] == [0, 1]
        assert stages.verify(begun).fine

    def test_that_came_alone_opens_as_well(self, begun: Workspace) -> None:
        path = drop(begun, "回答.zip", locked("回答.xlsx", answer(begun), b"abc"))
        assert codes(only(receive(begun))) == ["letter_password"]

        found = stages.receive(begun, [path], period="R6", passwords=("abc",), now=RECEIVED + DAY)

        assert paths(found, path) == [("回答.xlsx", "accepted")]
        assert stages.status(begun, "R6", now=RECEIVED + DAY).refused == ()
        assert stages.verify(begun).fine


class TestTheAgeOfAnAttachment:
    def test_is_that_of_its_letter_and_not_of_the_file_saved_from_the_mail_program(
        self, begun: Workspace
    ) -> None:
        """The older mail was saved last: the newer one counts."""
        drop(
            begun, "新.eml", mail({"回答.xlsx": answer(begun, "新")}, date="Fri, 02 May 2025 09:00:00 +0900")
        )
        drop(
            begun, "旧.eml", mail({"回答.xlsx": answer(begun, "旧")}, date="Thu, 01 May 2025 09:00:00 +0900")
        )
        dated(begun.inbox("R6") / "新.eml", RECEIVED + 5 * DAY)
        dated(begun.inbox("R6") / "旧.eml", RECEIVED + 6 * DAY)

        receive(begun, now=RECEIVED + 7 * DAY)

        assert only_done(counting(begun)) == "新"
        assert counting(begun).attempt == 2

    def test_lets_an_older_mail_not_take_the_place_of_what_was_accepted(self, begun: Workspace) -> None:
        dated(drop(begun, "新.xlsx", answer(begun, "新")), RECEIVED + 2 * DAY)
        receive(begun)
        drop(begun, "旧.eml", mail({"回答.xlsx": answer(begun, "旧")}))

        old = receive(begun, now=RECEIVED + 9 * DAY).lines[1]

        assert (old.state, codes(old)) == ("kept", ["older_return"])

    def test_in_a_zip_is_that_which_the_zip_says(self, begun: Workspace) -> None:
        dated(drop(begun, "新.xlsx", answer(begun, "新")), datetime(2025, 5, 1, 18, 0))
        receive(begun)
        drop(begun, "旧.zip", packed({"旧.xlsx": answer(begun, "旧")}, moment=(2025, 4, 1, 9, 0, 0)))

        old = next(line for line in receive(begun, now=RECEIVED + DAY).lines if line.letter)

        assert codes(old) == ["older_return"]
        assert "2025-04-01" in old.findings[0].message("en")


def only_done(receipt: Receipt) -> object:
    [record] = [record for record in receipt.records if (record.form, record.item) == ("report", "C-1")]
    return record.values["done"]


class TestFoldersOfTheInbox:
    def test_are_looked_into(self, begun: Workspace) -> None:
        inbox = begun.inbox("R6")
        (inbox / "消防課" / "5月").mkdir(parents=True)
        (inbox / "消防課" / "5月" / "回答.xlsx").write_bytes(answer(begun))
        (inbox / "情報課").mkdir()
        (inbox / "情報課" / "回答.eml").write_bytes(mail({"回答.xlsx": answer(begun, department="D1")}))

        assert paths(receive(begun), inbox) == [
            ("情報課/回答.eml/回答.xlsx", "accepted"),
            ("消防課/5月/回答.xlsx", "accepted"),
        ]

    def test_below_the_third_are_named_as_passed_over_and_links_in_them_too(self, begun: Workspace) -> None:
        inbox = begun.inbox("R6")
        deep = inbox / "1" / "2" / "3" / "4"
        deep.mkdir(parents=True)
        (deep / "回答.xlsx").write_bytes(answer(begun))
        (inbox / "1" / "link.xlsx").symlink_to(deep / "回答.xlsx")

        found = receive(begun)

        assert [(line.path, codes(line)) for line in found.lines] == [
            (deep, ["inbox_folder"]),
            (inbox / "1" / "link.xlsx", ["inbox_link"]),
        ]


class TestOtherStages:
    def test_check_judges_what_is_in_a_letter_and_records_nothing(
        self, begun: Workspace, tmp_path: Path
    ) -> None:
        path = tmp_path / "1.eml"
        path.write_bytes(mail({"locked.zip": locked("回答.xlsx", answer(begun), b"abc")}))
        before = files(tmp_path, ledger=True)

        found = stages.check(begun, [path], passwords=("abc",))

        assert [(line.state, line.path) for line in found.lines] == [
            ("fine", path / "locked.zip" / "回答.xlsx")
        ]
        assert codes(only(stages.check(begun, [path]))) == ["letter_password"]
        assert files(tmp_path, ledger=True) == before

    def test_mend_writes_the_fresh_form_beside_the_letter(self, begun: Workspace, tmp_path: Path) -> None:
        path = tmp_path / "1.eml"
        path.write_bytes(mail({"課/回答.xlsx": answer(begun)}))

        [line] = stages.mend(begun, [path], now=RECEIVED).lines

        assert line.mended is not None
        assert (line.mended.parent, line.mended.suffix) == (tmp_path, ".xlsx")
        assert line.mended.exists()


def test_the_document_has_the_letters_and_says_of_each_file_in_which_it_came(begun: Workspace) -> None:
    path = drop(begun, "1.eml", mail({"回答.xlsx": answer(begun), "案内.pdf": b"%PDF-"}))
    result = receive(begun)

    document = json.loads(json.dumps(returns_document("receive", result, "ja")))

    [letter] = document["letters"]
    assert document["returns"][0]["letter"] == letter["file"] == str(path)
    assert (letter["kind"], letter["sender"], letter["subject"], letter["others"]) == (
        "mail",
        "山田 太郎 <…@city.example.jp>",
        "照会の回答",
        [{"file": "案内.pdf"}],
    )
    assert datetime.fromisoformat(letter["sent_at"]).astimezone() == datetime.fromisoformat(
        "2025-05-01T17:00:00+09:00"
    )


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ja", ("メール 1.eml（差出人：山田 太郎 <…@city.example.jp>", "回答でないもの：案内.pdf")),
        ("en", ("Mail 1.eml (from: 山田 太郎 <…@city.example.jp>", "Not returns: 案内.pdf")),
    ],
)
def test_what_is_printed_names_the_letter_above_its_files(
    begun: Workspace, language: str, words: tuple[str, ...]
) -> None:
    drop(
        begun, "1.eml", mail({"locked.zip": locked("回答.xlsx", answer(begun), b"abc"), "案内.pdf": b"%PDF-"})
    )

    found = run("receive", "--lang", language, "--password", "x", "--password", "abc", cwd=begun.root)

    assert (found.returncode, found.stderr) == (0, "")
    assert all(word in found.stdout for word in words)
    assert found.stdout.index(words[0]) < found.stdout.index("locked.zip/回答.xlsx")
    assert "abc" not in found.stdout
