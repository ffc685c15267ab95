"""The command of the letters to departments: what it takes, what it prints, its document."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xlplan.cli.guard import StageCommand
from xlplan.cli.options import Departments, Dir, Json, Lang, LastPeriod, app, city_of, help_of, printer_of

if TYPE_CHECKING:
    from xlplan.cli.printing import Document, Printer
    from xlplan.stages.drafts import DraftLine
    from xlplan.stages.letters import LettersResult

Kinds = Annotated[list[str] | None, typer.Option("--kind", help=help_of("cli.help.letter_kind"))]
DueIn = Annotated[int | None, typer.Option("--due-in", metavar="N", help=help_of("cli.help.due_in"))]
Again = Annotated[bool, typer.Option("--again", help=help_of("cli.help.again"))]

_HEADINGS = (
    *("cli.word.department", "cli.word.letter", "cli.word.state", "cli.word.to", "cli.word.why"),
    "cli.word.file",
)


@app.command(cls=StageCommand, help=help_of("cli.help.letters"))
def letters(
    kind: Kinds = None,
    department: Departments = None,
    due_in: DueIn = None,
    again: Again = False,
    period: LastPeriod = "",
    folder: Dir = Path(),
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """Write drafts of the letters that are to be sent now: of each `kind` and to each `department` asked for.

    Those whose return is due within `due_in` working days are reminded; with `again` what was written before is
    written once more. `period` is the round, by default the last issued. `folder` holds the plan; with `as_json` the
    result is a JSON document; `lang` is its language.

    Raises:
        typer.Exit: with status 1 where a workbook or an address is missing.
    """
    result = city_of(folder, lang).letters(
        period, kinds=kind or (), departments=department or (), due_in=due_in, again=again
    )
    printer = printer_of(lang, result.plan.language)
    if as_json:
        printer.document(letters_document(result, printer.language))
    else:
        show_letters(printer, result)
    if not result.fine:
        raise typer.Exit(1)


def letters_document(result: "LettersResult", language: str) -> "Document":
    """`xlplan letters --json`."""
    from xlplan.cli.documents import head_of

    return head_of("letters", result.period) | {
        "folder": str(result.folder),
        "letters": [
            {
                "department": line.department.id,
                "name": line.department.name,
                "kind": line.kind,
                "state": line.state,
                "to": [{"address": address} for address in line.to],
                "subject": line.subject,
                "why": line.why(language),
                "days": line.days,
                "attempt": line.attempt,
                "file": str(line.file or ""),
                "text_file": str(line.text_file or ""),
                "workbook": str(line.workbook or ""),
            }
            for line in result.lines
        ],
        "written_before": result.before,
        "removed": [{"file": str(path)} for path in result.removed],
        "left": [{"file": str(path)} for path in result.left],
    }


def show_letters(printer: "Printer", result: "LettersResult") -> None:
    """Tell with `printer` what is to be sent, what was removed, and what is missing."""
    from xlplan.cli.words import STATES
    from xlplan.language.messages import joined
    from xlplan.stages.drafts import DraftState

    rows = [
        (
            line.department.name,
            printer.word(f"tables.values.letter.{line.kind}"),
            printer.state(*STATES[line.state]),
            ", ".join(line.to),
            line.why(printer.language),
            line.file.name if line.file else "",
        )
        for line in result.lines
    ]
    if rows:
        printer.table([printer.word(key) for key in _HEADINGS], rows)
    for line in result.lines:
        if line.state is DraftState.NO_WORKBOOK:
            printer.line(_missing(printer, line), "red")
    if result.without_address:
        names = joined((department.name for department in result.without_address), printer.language)
        printer.line(printer.said("cli.said.letters_no_address", names=names), "yellow")
    for removed in result.removed:
        printer.line(printer.said("cli.said.letters_removed", file=removed.name), "dim")
    for path in result.left:
        printer.line(printer.said("cli.said.letters_left", path=path), "yellow")
    if result.before:
        printer.line(printer.said("cli.said.letters_before", count=result.before), "dim")
    _count(printer, result)


def _count(printer: "Printer", result: "LettersResult") -> None:
    from xlplan.stages.drafts import DraftState

    count = sum(line.file is not None for line in result.lines)
    written = sum(line.state is DraftState.WRITTEN for line in result.lines)
    words = {"period": result.period.label, "count": count, "written": written, "folder": result.folder}
    printer.line(printer.said("cli.said.letters" if count else "cli.said.letters_none", **words), "bold")


def _missing(printer: "Printer", line: "DraftLine") -> str:
    """What is to be done about a letter whose workbook is not there."""
    from xlplan.model.letter import LetterKind

    sent_back = line.kind is LetterKind.SENT_BACK
    key = "cli.said.letters_no_sent_back" if sent_back else "cli.said.letters_no_issued"
    return printer.said(key, department=line.department.name, path=line.workbook)
