"""Eight weeks of a round on real files, in two languages: what departments send, what the office decides, what is lost.

`WEEKS` are the steps in their order; each takes the folder, so that a process that does it may be killed.
"""

import email.message
import email.policy
import io
import os
import re
import shutil
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from returns import Desk, Tables, plan_of, write_tables

from xlplan.model.plan import Plan
from xlplan.stages.city import City
from xlplan.store.ledger import Ledger
from xlplan.store.workspace import Workspace

DAY = timedelta(days=1)
BEGUN = datetime(2025, 4, 7, 9, 0)
DUE = date(2025, 5, 9)
PERIOD = "R6"
DEPARTMENTS = ("D1", "D2", "D3", "D4", "D5", "D6", "D7")

SHAPE = {
    "periods": """
        id | label | first_year | last_year
        R6 | {label} | 2024 | 2024
    """,
    "departments": """
        id | name | email
        D1 | {first} | d1@example.jp
        D2 | {second} | d2@example.jp
        D3 | {third} | d3@example.jp
        D4 | {fourth} | d4@example.jp
        D5 | {fifth} |
        D6 | {sixth} | d6@example.jp
        D7 | {seventh} | d7@example.jp
    """,
    "items": """
        id | title | department
        P1 | {title} 1 | D1
        P2 | {title} 2 | D2
        P3 | {title} 3 | D3
        P4 | {title} 4 | D4
        P5 | {title} 5 | D5
        P6 | {title} 6 | D6
        P7 | {title} 7 | D7
    """,
    "choices": """
        list | value | rank
        status | {begun} | 1
        status | {done} | 2
    """,
    "forms": """
        id | title
        report | {form}
    """,
    "fields": """
        form | id | label | type | list | required | filled_by | min | max
        report | budget | {budget} | whole | | yes | office | |
        report | state | {state} | choice | status | yes | department | |
        report | text | {text} | text | | yes | department | |
        report | spent | {spent} | whole | | no | department | 0 |
        report | share | {share} | whole | | no | department | 0 | 100
    """,
    "rules": """
        id | form | check | target | severity | message | remedy
        within | report | OR(BLANK([@{spent}]),[@{spent}]<=[@{budget}]) | spent | error | {over} | {look}
        small | report | OR(BLANK([@{share}]),[@{share}]<=10) | share | error | {large} | {look}
    """,
    "records": """
        form | period | item | budget
        report | R6 | P1 | 100
        report | R6 | P2 | 100
        report | R6 | P3 | 100
        report | R6 | P4 | 100
        report | R6 | P5 | 100
        report | R6 | P6 | 100
        report | R6 | P7 | 100
    """,
    "views": """
        id | title | kind | form
        statistics | {figures} | statistics | report
    """,
    "measures": """
        view | id | label | formula
        statistics | finished | {done} | COUNTIFS([period],PERIOD(),[state],"{done}")
        statistics | money | {spent} | SUMIFS([spent],[period],PERIOD())
    """,
}
WORDS = {
    "ja": {
        "label": "令和6年度",
        "first": "情報課",
        "second": "総務課",
        "third": "消防課",
        "fourth": "図書館",
        "fifth": "水道課",
        "sixth": "福祉課",
        "seventh": "学校課",
        "title": "施策",
        "begun": "着手",
        "done": "完了",
        "form": "進捗報告",
        "budget": "予算",
        "state": "状況",
        "text": "内容",
        "spent": "決算",
        "share": "割合",
        "over": "予算を超えています。",
        "large": "割合が大きすぎます。",
        "look": "確かめてください。",
        "figures": "集計",
    },
    "en": {
        "label": "FY2024",
        "first": "Digital",
        "second": "Finance",
        "third": "Fire service",
        "fourth": "Libraries",
        "fifth": "Water",
        "sixth": "Social care",
        "seventh": "Schools",
        "title": "Project",
        "begun": "Begun",
        "done": "Done",
        "form": "Report",
        "budget": "Budget",
        "state": "State",
        "text": "Text",
        "spent": "Spent",
        "share": "Share",
        "over": "More than the budget.",
        "large": "The share is too large.",
        "look": "Look again.",
        "figures": "Figures",
    },
}
MISTAKEN, RIGHT = "<=10)", "<=100)"
"""The mistake of the plan that is found in mid-round, and what it is to say."""


def tables_in(language: str) -> Tables:
    """The plan's tables."""
    words = WORDS[language]
    head = f"""
        key | value
        id | weeks
        title | {words["form"]}
        organisation | {words["first"]}
        language | {language}
        fiscal_year_start | 4
        office | {words["first"]}
        contact | it@example.jp
    """
    return {"plan": head} | {name: table.format(**words) for name, table in SHAPE.items()}


@cache
def plan_in(language: str) -> Plan:
    """The plan."""
    return plan_of(tables_in(language))


@dataclass(frozen=True)
class Office:
    """The office at its desk on one day: `root` is its folder, `now` the moment."""

    root: Path
    now: datetime

    @property
    def space(self) -> Workspace:
        return Workspace(self.root)

    @property
    def city(self) -> City:
        return City(self.root)

    @property
    def language(self) -> str:
        return self.city.plan.language

    @property
    def how(self) -> dict[str, Any]:
        """Who decides, in which round, and when."""
        return {"period": PERIOD, "by": "office", "now": self.now}

    def word(self, name: str) -> str:
        return WORDS[self.language][name]

    def book(self, department: str, path: Path | None = None, **values: object) -> bytes:
        """A department's answered workbook: what was issued, or that of `path`."""
        [issued] = self.space.issued(PERIOD).glob(f"{PERIOD}_{department}_*.xlsx")
        desk = Desk(plan_in(self.language), department, (path or issued).read_bytes())
        given = {"state": self.word("done"), "text": self.word("text"), "spent": 50, "share": 5} | values
        for field, value in given.items():
            desk.put(f"P{department[1]}", field, value)
        return self.same(desk.signed("Yamada").saved())

    def same(self, data: bytes) -> bytes:
        """A saved workbook as it is saved at the moment of the step: a step done once more sends the same bytes."""
        stream, moment = io.BytesIO(), self.now.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
        with zipfile.ZipFile(io.BytesIO(data)) as read, zipfile.ZipFile(stream, "w") as written:
            for name in read.namelist():
                part = read.read(name)
                if name == "docProps/core.xml":
                    part = re.sub(rb"\d{4}-\d\d-\d\dT[\d:]+Z", moment, part)
                written.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
        return stream.getvalue()

    def arrive(self, name: str, data: bytes) -> None:
        """A file comes into the inbox, and all that lies there is received."""
        path = self.space.inbox(PERIOD) / name
        path.write_bytes(data)
        os.utime(path, (self.now.timestamp(), self.now.timestamp()))
        self.city.receive(period=PERIOD, now=self.now)
        path.unlink()

    def mail(self, department: str, name: str, *files: bytes) -> bytes:
        """A mail of a department with these workbooks attached."""
        letter = email.message.EmailMessage(policy=email.policy.SMTP)
        letter["From"] = f"{department.lower()}@example.jp"
        letter["To"] = "it@example.jp"
        letter["Subject"] = f"{self.word('form')} {name}"
        letter["Date"] = self.now.strftime("%a, %d %b %Y %H:%M:%S +0900")
        letter.set_content(self.word("look"))
        for number, data in enumerate(files, 1):
            letter.add_attachment(
                data, maintype="application", subtype="octet-stream", filename=f"{name}{number}.xlsx"
            )
        letter.set_boundary("part")
        return letter.as_bytes()

    def number_of(self, department: str, field: str) -> int:
        """The number of the open error of a department at a field."""
        found = self.city.findings(PERIOD)
        here = found[(found.department == department) & (found.field == field) & (found.severity == "error")]
        if here.empty:
            raise LookupError(f"nothing is found any more at {field} of {department}")
        return int(here.number.iloc[0])

    def decision_of(self, kind: str, department: str = "") -> int:
        """The number of the last decision of a kind about a department."""
        entries = self.city.log(PERIOD, kinds=[kind]).entries
        made = [
            entry.decision for entry in entries if entry.decision and department in ("", entry.department)
        ]
        return made[-1].number


Step = Callable[[Path, datetime], object]


def issued(root: Path, now: datetime) -> None:
    """Week 1: every department gets its form."""
    City(root).issue(PERIOD, due=DUE, now=now)


def by_mail(root: Path, now: datetime) -> None:
    """Week 2: an answer comes inside a mail."""
    office = Office(root, now)
    office.arrive("letter.eml", office.mail("D1", "answer", office.book("D1")))


def first_version(root: Path, now: datetime) -> None:
    """Week 2: over the budget, and the text is missing."""
    office = Office(root, now)
    office.arrive("d2.xlsx", office.book("D2", spent=150, text=None))


def second_version(root: Path, now: datetime) -> None:
    """Week 3: the text is there; it is over the budget still."""
    office = Office(root, now)
    office.arrive("d2.xlsx", office.book("D2", spent=150))


def third_version(root: Path, now: datetime) -> None:
    """Week 4: the same once more, another share."""
    office = Office(root, now)
    office.arrive("d2.xlsx", office.book("D2", spent=150, share=7))


def allowed(root: Path, now: datetime) -> None:
    """Week 4: the office lets it stand."""
    office = Office(root, now)
    office.city.allow(office.number_of("D2", "spent"), reason="補正予算 / supplementary budget", **office.how)


def right_file(root: Path, now: datetime) -> None:
    """Week 2: a good answer."""
    office = Office(root, now)
    office.arrive("d3.xlsx", office.book("D3", spent=30))


def wrong_file(root: Path, now: datetime) -> None:
    """Week 3: a wrong file of the same department takes its place."""
    office = Office(root, now)
    office.arrive("d3.xlsx", office.book("D3", spent=99, text="test"))


def earlier_counts(root: Path, now: datetime) -> None:
    """Week 3: the office puts the good answer back."""
    office = Office(root, now)
    office.city.count("D3", 1, reason="wrong file", **office.how)


def taken_back(root: Path, now: datetime) -> None:
    """Week 5: the acceptance is taken back."""
    office = Office(root, now)
    office.city.reopen("D3", reason="asks again", **office.how)


def put_back(root: Path, now: datetime) -> None:
    """Week 5: and put back."""
    office = Office(root, now)
    office.city.undo(office.decision_of("reopen", "D3"), by="office", now=now)


def longer(root: Path, now: datetime) -> None:
    """Week 5: a department asks for longer."""
    office = Office(root, now)
    office.city.extend("D4", DUE + 10 * DAY, reason="sick", **office.how)


def issued_again(root: Path, now: datetime) -> None:
    """Week 5: everything is issued again; the day that was given is not wiped."""
    City(root).issue(PERIOD, now=now)


def late_answer(root: Path, now: datetime) -> None:
    """Week 6: it answers in the time that it was given."""
    office = Office(root, now)
    office.arrive("d4.xlsx", office.book("D4"))


def against_the_mistake(root: Path, now: datetime) -> None:
    """Week 4: a good answer is sent back by a mistake of the plan."""
    office = Office(root, now)
    office.arrive("d6.xlsx", office.book("D6", share=60))


def mistake_mended(root: Path, now: datetime) -> None:
    """Week 6: the rule is put right, and what came is judged again."""
    office = Office(root, now)
    rules = root / "plan" / "rules.csv"
    rules.write_text(rules.read_text("utf-8").replace(MISTAKEN, RIGHT), "utf-8")
    office.city.rejudge(do=True, reason="mistake", **office.how)


def good_but_sent_back(root: Path, now: datetime) -> None:
    """Week 6: a good answer goes back with the words of the office."""
    office = Office(root, now)
    office.arrive("d7.xlsx", office.book("D7"))
    office.city.send_back("D7", reason="which school?", **office.how)


def answered_to_words(root: Path, now: datetime) -> None:
    """Week 7: it is answered in the workbook that went back."""
    office = Office(root, now)
    [path] = office.space.outbox(PERIOD).glob(f"{PERIOD}_D7_*.xlsx")
    office.arrive("d7.xlsx", office.book("D7", path, text="2"))


def remarked(root: Path, now: datetime) -> None:
    """Week 7: something is kept in mind."""
    office = Office(root, now)
    office.city.remark("telephoned", department="D5", **office.how)


def let_off(root: Path, now: datetime) -> None:
    """Week 7: one department will not answer."""
    office = Office(root, now)
    office.city.excuse("D5", reason="flood", **office.how)


def corrected(root: Path, now: datetime) -> None:
    """Week 8: a value is put right."""
    office = Office(root, now)
    office.city.correct("spent", 55, item="P1", reason="invoice", **office.how)


def consolidated(root: Path, now: datetime) -> None:
    """Week 8: the summary is made."""
    City(root).consolidate(PERIOD, html=True, now=now)


def closed(root: Path, now: datetime) -> None:
    """Week 8: the round is closed."""
    City(root).close(PERIOD, by="office", now=now)


WEEKS: Sequence[tuple[int, Step]] = (
    (1, issued),
    (8, by_mail),
    (9, first_version),
    (10, right_file),
    (15, second_version),
    (16, wrong_file),
    (17, earlier_counts),
    (22, third_version),
    (23, allowed),
    (24, against_the_mistake),
    (29, taken_back),
    (30, put_back),
    (31, longer),
    (32, issued_again),
    (36, late_answer),
    (37, mistake_mended),
    (38, good_but_sent_back),
    (43, answered_to_words),
    (44, remarked),
    (45, let_off),
    (50, corrected),
    (51, consolidated),
    (53, closed),
)
"""The steps, each with its day from the first."""

DECISIONS = {
    earlier_counts: ("count", "D3"),
    allowed: ("allow", "D2"),
    longer: ("extend", "D4"),
    mistake_mended: ("rejudge", ""),
    good_but_sent_back: ("send_back", "D7"),
    remarked: ("remark", "D5"),
    let_off: ("excuse", "D5"),
    corrected: ("correct", ""),
}
"""The steps in which the office decides something that stands at the end, by kind and department."""


def begin(root: Path, language: str) -> None:
    """A folder with its plan."""
    root.mkdir()
    write_tables(tables_in(language), root / "plan")


def moment_of(day: int) -> datetime:
    return BEGUN + (day - 1) * DAY


def lose_ledger(root: Path, *, copies: bool) -> None:
    """The ledger is gone, with its copies where these are gone too; it is made again."""
    space = Workspace(root)
    space.ledger_path.unlink()
    if copies:
        shutil.rmtree(root / "workbooks" / "backup")
    City(root).rebuild()


def entries(root: Path) -> list[tuple[object, ...]]:
    """What the ledger says of attempts: whose, which, what became of it, and what was answered and found."""
    with Ledger.open(Workspace(root).ledger_path) as ledger:
        return [
            (receipt.department, receipt.attempt, receipt.state, receipt.records, receipt.findings)
            for receipt in ledger.attempts(PERIOD)
        ]
