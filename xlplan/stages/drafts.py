"""A draft: the letter to one department as a mail program opens it (.eml), and as plain text for mail in a browser.

The same letter gives the same bytes: a draft bears no date, and its boundary is made of what is in it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from xlplan.language.addresses import address_in, addresses_in
from xlplan.language.codes import CatalogueEnum
from xlplan.language.eras import date_label
from xlplan.language.messages import text, wording
from xlplan.language.text import line_ends, tidy, visible
from xlplan.model.finding import Finding
from xlplan.model.item import Department, Period
from xlplan.model.letter import DraftRecord, LetterKind, LetterText, filled
from xlplan.model.plan import Plan
from xlplan.store.drafts import Outbox
from xlplan.store.files import read_bytes, sha256

EML, TXT = ".eml", ".txt"
"""The endings of a draft's files."""
MOST_FINDINGS = 10
"""Findings that a letter lists; the workbook that goes with it has all."""
_XLSX = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")
_TEXTS: Mapping[LetterKind, tuple[str, str]] = {
    LetterKind.DISTRIBUTION: ("letters.distribution.subject", "letters.distribution.body"),
    LetterKind.REMINDER: ("letters.reminder.subject", "letters.reminder.body"),
    LetterKind.OVERDUE: ("letters.overdue.subject", "letters.overdue.body"),
    LetterKind.SENT_BACK: ("letters.sent_back.subject", "letters.sent_back.body"),
    LetterKind.THANKS: ("letters.thanks.subject", "letters.thanks.body"),
}
_ASIDE = re.compile(r"[（(／/,、]|内線|電話|\bext\b|\btel\b", re.IGNORECASE)
"""Where in the words for whom to ask the name ends: 計画係（内線 12）."""


_WHY: Mapping[LetterKind, str] = {
    LetterKind.DISTRIBUTION: "letters.why.distribution",
    LetterKind.REMINDER: "letters.why.reminder",
    LetterKind.OVERDUE: "letters.why.overdue",
    LetterKind.SENT_BACK: "letters.why.sent_back",
    LetterKind.THANKS: "letters.why.thanks",
}


class DraftState(CatalogueEnum, section="letters.state"):
    """What was done about a letter.

    Written now; there already, as it was written; there, changed by somebody, and left alone; not to be written, as
    the workbook that goes with it is not there as it was made.
    """

    WRITTEN = "written"
    UNCHANGED = "unchanged"
    EDITED = "edited"
    NO_WORKBOOK = "no_workbook"


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One letter that is to be sent.

    Attributes:
        department: To whom it goes.
        kind: What it is about.
        state: What was done about it.
        to: The addresses; none where the plan has none for the department.
        subject: Its subject.
        days: Working days left until the due day, or since it, where that is why; else None.
        attempt: The attempt that it is about; 0 where it is about none.
        file: The draft; None where there is none.
        text_file: The same as plain text; None where there is none.
        workbook: The workbook that goes with it, or should; None where none does.
    """

    department: Department
    kind: LetterKind
    state: DraftState
    to: tuple[str, ...] = ()
    subject: str = ""
    days: int | None = None
    attempt: int = 0
    file: Path | None = None
    text_file: Path | None = None
    workbook: Path | None = None

    def why(self, language: str) -> str:
        """Why it is to be sent, in a few words."""
        return text(_WHY[self.kind], language, days=self.days, attempt=self.attempt)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A workbook that goes with a letter: its name and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter to one department.

    Attributes:
        to: The addresses; none where the plan has none for the department.
        reply_to: The office's address; empty where its contact is none.
        subject: The subject, one line.
        body: The body, its lines ended by LF.
        attachment: The workbook that goes with it.
    """

    to: tuple[str, ...]
    reply_to: str
    subject: str
    body: str
    attachment: Attachment | None = None


def draft_of(
    plan: Plan,
    department: Department,
    kind: LetterKind,
    values: Mapping[str, str],
    attachment: Attachment | None,
) -> Draft:
    """The letter of a kind to a department.

    Args:
        plan: The plan, whose texts count before the usual ones.
        department: To whom it goes.
        kind: What it is about.
        values: What stands in its places, besides `common_values`.
        attachment: The workbook that goes with it.
    """
    known = {**values, "file": attachment.name if attachment else ""}
    own = next((letter for letter in plan.letters if letter.kind is kind), LetterText(kind))
    subject, body = (
        said or wording(key, plan.language)
        for said, key in zip((own.subject, own.body), _TEXTS[kind], strict=True)
    )
    written = line_ends(filled(body, known)).strip("\n")
    to = addresses_in(department.email).good
    return Draft(to, address_in(plan.contact), one_line(filled(subject, known)), f"{written}\n", attachment)


def common_values(
    plan: Plan, period: Period, department: Department, due: date | None, today: date
) -> dict[str, str]:
    """What stands in the places that every letter has.

    Args:
        plan: The plan.
        period: The round.
        department: To whom the letter goes.
        due: The day on which its return is due.
        today: The day of the letter.
    """
    return {
        "department": department.name,
        "contact": department.contact,
        "addressee": addressee(department, plan.language),
        "title": plan.title,
        "organisation": plan.organisation,
        "office": plan.office or plan.organisation,
        "office_contact": plan.contact,
        "period": period.label,
        "due": day_label(due, plan) if due else text("letters.no_due", plan.language),
        "today": day_label(today, plan),
    }


def day_label(day: date, plan: Plan) -> str:
    """A day as a letter has it: 平成27年5月29日（金）, Friday 29 May 2015."""
    weekday = wording("letters.weekdays", plan.language).split()[day.weekday()]
    month = wording("letters.months", plan.language).split()[day.month - 1]
    english = f"{day.day} {month} {day.year}"
    label = english if plan.language == "en" else date_label(day, plan.calendar, plan.language)
    return text("letters.day", plan.language, day=label, weekday=weekday)


def addressee(department: Department, language: str) -> str:
    """Whom a letter addresses: 道路課 計画係 御中, 道路課 山田 様, 道路課長 様; in English the person, or the desk."""
    contact = one_line(_ASIDE.split(department.contact, maxsplit=1)[0])
    name = one_line(department.name)
    who = f"{name} {contact}" if contact and language == "ja" else contact or name
    if contact.endswith(_endings("letters.addressee.titles", language)):
        return who
    if not contact and name.endswith(_endings("letters.addressee.heads", language)):
        return text("letters.addressee.head", language, who=who)
    is_desk = not contact or contact.lower().endswith(_endings("letters.addressee.desks", language))
    return text("letters.addressee.desk" if is_desk else "letters.addressee.person", language, who=who)


def _endings(key: str, language: str) -> tuple[str, ...]:
    return tuple(wording(key, language).split())


def findings_said(findings: Sequence[Finding], language: str) -> str:
    """The findings as a letter lists them, a line each: the first of them, and how many more there are."""
    if not findings:
        return text("letters.findings_none", language)
    lines = [
        text("letters.finding", language, place=one_line(_place(finding)), message=finding.message(language))
        for finding in findings[:MOST_FINDINGS]
    ]
    if more := len(findings) - MOST_FINDINGS:
        lines += [text("letters.findings_more", language, count=more)] if more > 0 else []
    return "\n".join(map(one_line, lines))


def _place(finding: Finding) -> str:
    return f"{finding.sheet} {finding.cell} {finding.item}"


def one_line(words: str) -> str:
    """Words on one line: no line end, no unseen sign that turns or hides what stands there."""
    return visible(" ".join(tidy(words).split()))


def eml(draft: Draft) -> bytes:
    """The draft as a file that mail programs open to be sent (`X-Unsent`), UTF-8 with CRLF."""
    message = EmailMessage(policy=SMTP)
    message["X-Unsent"] = "1"
    for header, addresses in (("To", draft.to), ("Reply-To", (draft.reply_to,) if draft.reply_to else ())):
        if addresses:
            message[header] = [Address(addr_spec=address) for address in addresses]
    message["Subject"] = draft.subject
    message.set_content(draft.body, charset="utf-8", cte="base64")
    if attachment := draft.attachment:
        maintype, subtype = _XLSX
        message.add_attachment(attachment.data, maintype, subtype, filename=attachment.name)
        inside = f"{draft.subject}\n{draft.body}\n{attachment.name}\n".encode() + attachment.data
        message.set_boundary(f"=_{sha256(inside)[:40]}")
    return message.as_bytes()


def plain_text(draft: Draft, language: str) -> bytes:
    """The draft to copy from, for mail in a browser: UTF-8 with a mark that Notepad knows it by, CRLF."""
    written = text(
        "letters.plain",
        language,
        to=", ".join(draft.to) or text("letters.plain.to_none", language),
        subject=draft.subject,
        file=draft.attachment.name if draft.attachment else text("letters.plain.file_none", language),
        body=draft.body,
    )
    return (written.strip("\n") + "\n").replace("\n", "\r\n").encode("utf-8-sig")


def put_draft(
    outbox: Outbox, record: DraftRecord, stem: str, contents: Mapping[str, bytes], lying: Sequence[Path]
) -> tuple[DraftState, Mapping[str, Path]]:
    """Write the files of a draft where they are not there yet, or were made of other words or another workbook.

    Args:
        outbox: Where they go.
        record: What the draft is.
        stem: What the files are called before their endings.
        contents: Their bytes, by ending.
        lying: Its files that lie there: one that somebody has changed is left alone, and one that is gone stays so.

    Returns:
        What was done, and where the files are, by ending.

    Raises:
        FileError: one cannot be read or written.
    """
    paths = {path.suffix: path for path in lying}
    if not all(map(outbox.is_ours, lying)):
        return DraftState.EDITED, paths
    if lying and all(read_bytes(path) == contents[path.suffix] for path in lying):
        return DraftState.UNCHANGED, paths
    wanted = {ending: contents[ending] for ending in paths} if lying else contents
    return DraftState.WRITTEN, outbox.put(record, stem, wanted)
