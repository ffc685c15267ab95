"""Letters are opened within limits: whatever program wrote them, their workbooks come out and all else is named."""

import io
import zipfile
from datetime import datetime

import pytest
from letters import compound, locked, mail, message, old_mail, outlook, packed

from xlplan.mail import archives, letter, opening
from xlplan.mail.letter import LetterKind, OpenedLetter
from xlplan.mail.opening import LetterOpener

UTC_SENT = datetime.fromisoformat("2025-05-01T17:00:00+09:00").astimezone().replace(tzinfo=None)


def workbook(content: str = "") -> bytes:
    """A zip that looks like a workbook."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        made.writestr("xl/workbook.xml", f"<workbook>{content}</workbook>")
    return stream.getvalue()


BOOK = workbook()


def opened(data: bytes, *passwords: str, name: str = "letter") -> OpenedLetter:
    found = LetterOpener(passwords).open(name, data)
    assert found is not None
    return found


def names(found: OpenedLetter) -> list[str]:
    return ["/".join(part.names) for part in found.workbooks]


def faults(found: OpenedLetter) -> list[tuple[str, str]]:
    return [(fault.code.value, fault.name) for fault in found.faults]


class TestAMail:
    def test_gives_its_workbooks_and_says_who_sent_it_and_when(self) -> None:
        found = opened(mail({"回答.xlsx": BOOK, "案内.pdf": b"%PDF-1.7"}))

        assert (found.kind, found.sender, found.address) == (
            LetterKind.MAIL,
            "山田 太郎",
            "yamada@city.example.jp",
        )
        assert (found.subject, found.sent_at) == ("照会の回答", UTC_SENT)
        assert [(part.names, part.data) for part in found.workbooks] == [(("回答.xlsx",), BOOK)]
        assert found.others == ("案内.pdf",)

    @pytest.mark.parametrize(
        "written",
        [
            b'filename="' + "回答.xlsx".encode("cp932") + b'"',
            b'filename="' + "回答.xlsx".encode() + b'"',
            b'filename="' + "回答.xlsx".encode("iso2022_jp") + b'"',
            b'filename="=?ISO-2022-JP?B?GyRCMnNFehsoQi54bHN4?="',
            b'filename="=?UTF-8?B?5Zue?=\r\n =?UTF-8?B?562ULnhsc3g=?="',
            b"filename*=UTF-8''%E5%9B%9E%E7%AD%94.xlsx",
            b"filename*=iso-2022-jp''%1B%24B%32%73%45%7A%1B%28B%2Exlsx",
            b"filename*0*=UTF-8''%E5%9B%9E;\r\n filename*1*=%E7%AD%94.xlsx",
        ],
    )
    def test_names_its_attachment_however_the_program_wrote_it(self, written: bytes) -> None:
        assert names(opened(old_mail(written, BOOK))) == ["回答.xlsx"]

    @pytest.mark.parametrize(
        ("written", "read"),
        [
            ("照会".encode("cp932"), "照会"),
            ("照会".encode("iso2022_jp"), "照会"),
            (b"=?ISO-2022-JP?B?GyRCPkgycRsoQg==?=", "照会"),
            (b"=?UTF-8?B?!!!?=", "=?UTF-8?B?!!!?="),
            (b"=?nonsense?Q?abc?=", "abc"),
        ],
    )
    def test_has_its_subject_read(self, written: bytes, read: str) -> None:
        assert opened(old_mail(b'filename="a.xlsx"', BOOK, subject=written)).subject == read

    @pytest.mark.parametrize(
        "date", ["", "yesterday", "Thu, 99 May 2025 17:00:00 +0900", "1 Jan 1970 00:00:00"]
    )
    def test_without_a_date_that_can_be_has_none(self, date: str) -> None:
        assert (
            opened(mail({"a.xlsx": BOOK}, date=date) if date else mail({"a.xlsx": BOOK}, date="")).sent_at
            is None
        )

    @pytest.mark.parametrize("zone", ["+0900", "-0000", "GMT"])
    def test_was_sent_by_the_clock_of_this_computer(self, zone: str) -> None:
        found = opened(mail({"a.xlsx": BOOK}, date=f"Thu, 01 May 2025 17:00:00 {zone}"))

        sent = datetime.fromisoformat(f"2025-05-01T17:00:00{'+09:00' if zone == '+0900' else '+00:00'}")
        assert found.sent_at == sent.astimezone().replace(tzinfo=None)

    def test_with_pictures_of_its_text_and_a_signature_names_them_and_judges_none(self) -> None:
        picture = b'filename="image001.png"\r\nContent-ID: <a>'
        data = old_mail(picture, b"\x89PNG").replace(b"application/octet-stream", b"image/png")

        found = opened(data)

        assert (found.others, found.faults, found.workbooks) == (("image001.png",), (), ())

    def test_that_was_packed_by_outlook_for_itself_is_one_plain_fault(self) -> None:
        found = opened(mail({"winmail.dat": opening.TNEF_MAGIC + bytes(40)}))

        assert faults(found) == [("letter_tnef", "winmail.dat")]

    def test_that_was_forwarded_in_a_mail_gives_what_is_in_it(self) -> None:
        inner = mail({"回答.xlsx": BOOK}, subject="元のメール")

        assert names(opened(mail({"元のメール.eml": inner}))) == ["元のメール.eml/回答.xlsx"]

    def test_that_was_forwarded_as_a_part_of_the_mail_gives_what_is_in_it(self) -> None:
        head = b'From: a@b.example\r\nTo: c@d.example\r\nContent-Type: multipart/mixed; boundary="f"\r\n\r\n'
        inner = mail({"回答.xlsx": BOOK}, subject="Answer")
        data = head + b"--f\r\nContent-Type: message/rfc822\r\n\r\n" + inner + b"\r\n--f--\r\n"

        assert names(opened(data)) == ["Answer/回答.xlsx"]

    def test_that_says_of_a_workbook_that_it_is_a_picture_is_not_believed(self) -> None:
        data = old_mail(b'filename="image.png"', BOOK).replace(b"application/octet-stream", b"image/png")

        assert names(opened(data)) == ["image.png"]

    @pytest.mark.parametrize("depth", [20, 400, 3000])
    def test_of_parts_within_parts_without_end_is_refused_or_read(self, depth: int) -> None:
        lines = [b"From: a@b.example", b"To: c@d.example"]
        for at in range(depth):
            lines += [b'Content-Type: multipart/mixed; boundary="%d"' % at, b"", b"--%d" % at]
        found = opened(b"\r\n".join([*lines, b"Content-Type: text/plain", b"", b"x"]))

        assert faults(found) == ([("letter_deep", "")] if depth > 20 else [])

    def test_with_a_thousand_attachments_is_refused(self) -> None:
        data = mail({f"{at}.txt": b"x" for at in range(1000)})

        assert faults(opened(data)) == [("letter_many", "")]

    def test_with_two_files_of_one_name_gives_both_under_names_of_their_own(self) -> None:
        data = mail({"a.xlsx": BOOK, "b.xlsx": workbook("b")}).replace(b'"b.xlsx"', b'"a.xlsx"')

        assert names(opened(data)) == ["a.xlsx", "a_2.xlsx"]


class TestAZip:
    @pytest.mark.parametrize("encoding", ["cp932", "utf-8"])
    def test_gives_its_workbooks_under_the_names_they_have(self, encoding: str) -> None:
        found = opened(packed({"総務課/表計算.xlsx": BOOK, "メモ.txt": b"x"}, encoding=encoding))

        assert (found.kind, names(found), found.others) == (
            LetterKind.ARCHIVE,
            ["総務課/表計算.xlsx"],
            ("メモ.txt",),
        )
        assert found.workbooks[0].changed == datetime(2025, 5, 1, 16, 30)

    def test_whose_names_lead_elsewhere_gives_names_that_lead_nowhere(self) -> None:
        odd = ["../../x.xlsx", "/etc/y.xlsx", "C:\\windows\\z.xlsx", "..\\w.xlsx", "./././v.xlsx"]
        found = opened(packed(dict.fromkeys(odd, BOOK), encoding="cp932"))

        assert names(found) == ["x.xlsx", "etc/y.xlsx", "C_/windows/z.xlsx", "w.xlsx", "v.xlsx"]

    def test_leaves_out_what_systems_put_into_it(self) -> None:
        litter = {"__MACOSX/._回答.xlsx": b"x", "Thumbs.db": b"x", "~$回答.xlsx": b"x", ".DS_Store": b"x"}
        found = opened(packed({"回答.xlsx": BOOK, **litter}))

        assert (names(found), found.others) == (["回答.xlsx"], ())

    @pytest.mark.parametrize("password", ["abc", "ひみつ"])
    def test_that_is_locked_opens_with_its_password_among_several(self, password: str) -> None:
        data = locked("回答.xlsx", BOOK, password.encode("cp932"))

        assert names(opened(data, "wrong", password)) == ["回答.xlsx"]
        assert faults(opened(data, "wrong")) == [("letter_password", "")]
        assert faults(opened(data)) == [("letter_password", "")]

    def test_that_is_locked_in_a_mail_leaves_the_rest_of_it_to_be_read(self) -> None:
        data = mail({"locked.zip": locked("回答.xlsx", BOOK, b"abc"), "b.xlsx": BOOK})

        assert (names(opened(data)), faults(opened(data))) == (
            ["b.xlsx"],
            [("letter_password", "locked.zip")],
        )
        assert names(opened(data, "abc")) == ["locked.zip/回答.xlsx", "b.xlsx"]

    def test_of_another_method_of_packing_says_so(self) -> None:
        data = packed({"回答.xlsx": BOOK}, method=zipfile.ZIP_LZMA)

        assert faults(opened(data)) == [("letter_method", "")]

    def test_that_grows_is_refused_before_it_is_inflated(self, monkeypatch: pytest.MonkeyPatch) -> None:
        bomb = packed({"回答.xlsx": bytes(64 * 2**20)})
        monkeypatch.setattr(archives, "unpacked", None)

        assert faults(opened(bomb)) == [("letter_inflates", "")]

    def test_of_zips_within_zips_is_opened_to_a_depth(self) -> None:
        data = packed({"回答.xlsx": BOOK})
        for at in range(letter.MOST_NESTED):
            data = packed({f"{at}.zip": data})
        assert names(opened(data)) == ["2.zip/1.zip/0.zip/回答.xlsx"]

        deeper = opened(packed({"x.zip": data}))

        assert (names(deeper), [code for code, _ in faults(deeper)]) == ([], ["letter_deep"])

    def test_with_many_files_in_zips_within_it_is_refused(self) -> None:
        inner = packed({f"{at}.txt": b"x" for at in range(100)})
        found = opened(packed({f"{at}.zip": inner for at in range(6)}))

        assert faults(found) == [("letter_many", "")]

    def test_cut_short_is_damaged(self) -> None:
        data = packed({"回答.xlsx": BOOK, "b.xlsx": BOOK})

        assert faults(opened(data[:-30], name="a.zip")) == [("letter_damaged", "")]

    def test_with_a_wrong_checksum_is_damaged(self) -> None:
        data = packed({"回答.xlsx": BOOK}, method=zipfile.ZIP_STORED).replace(b"<Types/>", b"<Tapes/>")

        assert faults(opened(data)) == [("letter_damaged", "")]


class TestAMessageOfOutlook:
    @pytest.mark.parametrize("wide", [True, False], ids=["unicode", "CP932"])
    def test_gives_its_workbooks_and_says_who_sent_it_and_when(self, wide: bool) -> None:
        found = opened(outlook({"回答.xlsx": BOOK, "案内.pdf": b"%PDF-"}, wide=wide))

        assert (found.sender, found.address) == ("山田 太郎", "yamada@city.example.jp")
        assert (found.subject, found.sent_at) == ("照会の回答", UTC_SENT)
        assert [(part.names, part.data) for part in found.workbooks] == [(("回答.xlsx",), BOOK)]
        assert found.others == ("案内.pdf",)

    def test_with_a_message_attached_gives_what_is_in_that(self) -> None:
        inner = message({"b.xlsx": BOOK})

        assert names(opened(compound(message({"a.xlsx": BOOK}, inner=inner)))) == ["a.xlsx", "転送/b.xlsx"]

    def test_cut_short_anywhere_is_damaged_or_gives_whole_files(self) -> None:
        data = outlook({"回答.xlsx": BOOK})
        for cut in range(600, len(data), 700):
            found = LetterOpener().open("a.msg", data[:cut])
            if found:
                assert faults(found) or all(part.data for part in found.workbooks)

    def test_is_not_what_a_workbook_of_excel_97_is_taken_for(self) -> None:
        data = compound({"Workbook": b"x" * 5000})

        assert LetterOpener().open("a.xls", data) is None


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.xlsx", BOOK),
        ("a.zip", BOOK),
        ("memo.txt", "件名: 回答\n本文".encode()),
        ("memo.txt", b"Subject: one field makes no mail\n\nx"),
        ("a.pdf", b"%PDF-1.7"),
        ("empty", b""),
    ],
)
def test_what_is_no_letter_is_left_to_whoever_reads_it(name: str, data: bytes) -> None:
    assert LetterOpener().open(name, data) is None
