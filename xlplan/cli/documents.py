"""The JSON documents of `--json`, one for each stage's result. Keys are stable; docs/json.md lists them."""

from collections.abc import Iterable
from datetime import date, datetime

from xlplan.cli.words import flaw_words
from xlplan.model.decision import Publication
from xlplan.model.finding import Finding
from xlplan.model.item import Department, Period
from xlplan.report.reconcile.causes import Adding, Cause
from xlplan.stages.consolidate import ConsolidateResult
from xlplan.stages.issue import IssueResult
from xlplan.stages.mend import MendResult
from xlplan.stages.received import LetterLine, ReceiveResult
from xlplan.stages.reconcile import ReconcileResult
from xlplan.stages.reread import Reread
from xlplan.stages.standing import SummaryStanding
from xlplan.stages.verify import FileKind, Misfit, VerifyResult

Document = dict[str, object]

_CHANGE = ("form", "item", "field", "label", "before", "after")
_LEFTOVER = ("sheet", "cell", "heading", "row", "value")


def day_of(value: date | datetime | None) -> str | None:
    """A day or moment as it stands in a document."""
    return value.isoformat() if value else None


def head_of(command: str, period: Period | None) -> Document:
    """How the document of a command begins."""
    return {"command": command, "period": period.id if period else ""}


def _who(department: Department | None) -> str:
    return department.id if department else ""


def issue_document(result: IssueResult, language: str) -> Document:
    """`xlplan issue --json`."""
    return head_of("issue", result.period) | {
        "due": day_of(result.due),
        "due_passed": result.passed,
        "due_closed": [{"message": finding.message(language)} for finding in result.closed],
        "earlier": _earlier(result.earlier, language),
        "plan_open": [{"message": finding.message(language)} for finding in result.opened],
        "workbooks": [
            {
                "department": line.department.id,
                "name": line.department.name,
                "items": line.items,
                "issue": line.issue,
                "given": line.given,
                "left": line.left,
                "state": line.done,
                "file": str(line.path),
                "set_aside": [{"file": str(path)} for path in line.aside],
            }
            for line in result.lines
        ],
    }


def _earlier(findings: Iterable[Finding], language: str) -> list[Document]:
    """What is told of the answers of earlier rounds."""
    keys = ("code", "severity", "period", "message", "remedy")
    return [{key: finding.as_dict(language)[key] for key in keys} for finding in findings]


def mend_document(result: MendResult, language: str) -> Document:
    """`xlplan mend --json`."""
    return {
        "command": "mend",
        "files": [
            {
                "file": str(line.path),
                "department": _who(line.department),
                "mended": str(line.mended) if line.mended else "",
                "answers": line.answers,
                "leftovers": [
                    {name: getattr(leftover, name) for name in _LEFTOVER} for leftover in line.told_leftovers
                ],
                "findings": [finding.as_dict(language) for finding in line.findings],
            }
            for line in result.lines
        ],
    }


def returns_document(command: str, result: ReceiveResult, language: str) -> Document:
    """`xlplan check --json` and `xlplan receive --json`.

    `command` is the one of the two whose `result` it is; findings are told in `language`.
    """
    return head_of(command, result.period) | {
        "returns": [
            {
                "file": str(line.path),
                "state": line.state,
                "department": _who(line.department),
                "attempt": line.attempt,
                "archive": str(line.archive) if line.archive else "",
                "sent_back": str(line.sent_back) if line.sent_back else "",
                "changes": [{name: getattr(change, name) for name in _CHANGE} for change in line.changes],
                "compared": line.compared.counts if line.compared else None,
                "findings": [finding.as_dict(language) for finding in line.findings],
                "letter": str(line.letter.path) if line.letter else "",
            }
            for line in result.lines
        ],
        "letters": [_letter(letter) for letter in result.letters],
        **({"published": [published(made) for made in result.published]} if command == "receive" else {}),
    }


def _letter(letter: LetterLine) -> Document:
    """A mail or a zip among the files."""
    return {
        "file": str(letter.path),
        "kind": "mail" if letter.is_mail else "zip",
        "sender": letter.sender,
        "subject": letter.subject,
        "sent_at": day_of(letter.sent_at),
        "archive": str(letter.archive) if letter.archive else "",
        "others": [{"file": name} for name in letter.others],
    }


def standing_of(found: SummaryStanding | None) -> list[Document]:
    """How the summary stands, as a list of none or one."""
    if found is None:
        return []
    return [
        {
            "file": str(found.path),
            "made_at": day_of(found.made.made_at) if found.made else None,
            "outdated": found.outdated,
            "altered": found.altered if found.made else None,
        }
    ]


def consolidate_document(result: ConsolidateResult, language: str) -> Document:
    """`xlplan consolidate --json`."""
    return head_of("consolidate", result.period) | {
        "file": str(result.path) if result.path else "",
        "page": str(result.page) if result.page else "",
        "draft": result.draft,
        "earlier": _earlier(result.earlier, language),
        "set_aside": [{"file": str(path)} for path in result.aside],
        "open": [{"department": line.department, "state": line.state} for line in result.open],
        "unfit": [
            {"department": receipt.department, "attempt": receipt.attempt, "archive": receipt.archive}
            for receipt in result.unfit
        ],
    }


def published(made: Publication) -> Document:
    """What was fixed of a round."""
    return {
        "period": made.period,
        "version": made.version,
        "made_at": day_of(made.made_at),
        "made_by": made.made_by,
        "folder": made.folder,
        "files": [{"file": name, "sha256": digest} for name, digest in made.files.items()],
        "figures": len(made.figures),
    }


def verify_document(result: VerifyResult, language: str) -> Document:
    """`xlplan ledger verify --json`, what is wrong told in `language`."""
    kinds = [kept.kind for kept in result.files]
    return {
        "command": "ledger verify",
        "issued": kinds.count(FileKind.ISSUED),
        "returned": kinds.count(FileKind.RETURNED),
        "refused": kinds.count(FileKind.REFUSED),
        "letters": kinds.count(FileKind.LETTER),
        "summaries": kinds.count(FileKind.SUMMARY),
        "published": kinds.count(FileKind.PUBLISHED),
        "misfits": [_misfit(misfit) for misfit in result.misfits],
        "flaws": [
            {
                "kind": flaw.kind,
                "table": flaw.table,
                "entry": flaw.entry,
                "reason": flaw_words(flaw, language),
            }
            for flaw in result.flaws
        ],
        "figures": [
            {"period": differing.period, "version": differing.version, "count": differing.count}
            for differing in result.figures
        ],
        "decisions": [{"state": found.state, "number": found.number} for found in result.decisions],
        "editions": [{"period": period} for period in result.editions],
        "reread": result.reread.count if result.reread else None,
        "differing": [
            _reread(reread, language) for reread in (result.reread.differing if result.reread else ())
        ],
    }


def _misfit(misfit: Misfit) -> Document:
    """A file that is not as the ledger says."""
    return {
        "file": str(misfit.path),
        "state": misfit.state,
        "kind": misfit.kind,
        "period": misfit.kept.period if misfit.kept else "",
        "department": misfit.kept.department if misfit.kept else "",
        "attempt": misfit.kept.attempt if misfit.kept else 0,
        "name": misfit.kept.name if misfit.kept else "",
        "recorded_at": day_of(misfit.kept.moment) if misfit.kept else None,
        "sha256": misfit.kept.sha256 if misfit.kept else "",
    }


def _reread(reread: Reread, language: str) -> Document:
    """A kept return that says something else than the ledger has."""
    receipt = reread.receipt
    return {
        "file": str(reread.path),
        "state": reread.state,
        "period": receipt.period,
        "department": receipt.department,
        "attempt": receipt.attempt,
        "reader": receipt.reader,
        "changes": [{name: getattr(change, name) for name in _CHANGE} for change in reread.changes],
        "message": reread.finding.message(language) if reread.finding else "",
    }


def reconcile_document(result: ReconcileResult) -> Document:
    """`xlplan reconcile --json`."""
    return head_of("reconcile", result.period) | {
        "file": str(result.path),
        "figures": [
            {
                "view": comparison.view,
                "measure": comparison.measure,
                "group": comparison.group,
                "period": comparison.period,
                "printed": comparison.printed,
                "computed": comparison.computed,
                "shown": comparison.shown,
                "agrees": comparison.agrees,
                "cell": comparison.cell,
                **_cause(comparison.cause),
            }
            for comparison in result.comparisons
        ],
        "later": result.later,
        "summary": standing_of(result.standing),
    }


def _cause(cause: Cause) -> Document:
    """What makes up a figure that differs."""
    return {
        "formula": cause.formula,
        "terms": [
            {"value": term.value, "records": [_adding(record) for record in term.records]}
            for term in cause.terms
        ],
        "parts": [
            {
                "measure": part.measure,
                "cumulative": part.cumulative,
                "value": part.value,
                "printed": part.printed,
                "agrees": part.agrees,
            }
            for part in cause.parts
        ],
        "follows_from": [{"measure": root.measure, "period": root.period} for root in cause.follows_from],
    }


def _adding(record: Adding) -> Document:
    return {
        "item": record.item,
        "title": record.title,
        "period": record.period,
        "values": [{"column": column, "value": value} for column, value in record.values],
        "adds": record.adds,
        "sheet": record.sheet,
        "row": record.row,
    }
