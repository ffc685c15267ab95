"""The commands through the years: closing a round, what comes after it, and the ledger that keeps them all."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import xlplan
from xlplan.cli.guard import StageCommand
from xlplan.cli.options import (
    By,
    Deep,
    Dir,
    Json,
    Lang,
    LastPeriod,
    app,
    city_of,
    help_of,
    ledger,
    printer_of,
)
from xlplan.language.errors import ErrorKey, UsageError
from xlplan.language.messages import joined, text
from xlplan.model.finding import listed

if TYPE_CHECKING:
    from xlplan.cli.printing import Document, Printer
    from xlplan.stages.rebuild import RebuildResult
    from xlplan.stages.rebuilding import Note
    from xlplan.stages.unlock import UnlockResult

Reason = Annotated[str, typer.Option("--reason", help=help_of("cli.help.reason"))]


@app.command(cls=StageCommand, help=help_of("cli.help.close"))
def close(
    period: LastPeriod = "", by: By = "", folder: Dir = Path(), as_json: Json = False, lang: Lang = ""
) -> None:
    """Fix the summary.

    `period` is the round, by default the last issued; `by` is who decides it.
    `folder` holds the plan; with `as_json` the result is a JSON document; `lang` is its language.

    Raises:
        typer.Exit: with status 1 where returns are open.
    """
    from xlplan.cli.decisions import close_document, show_closed

    result = city_of(folder, lang).close(period, by=by)
    printer = printer_of(lang, result.plan.language)
    if as_json:
        printer.document(close_document(result))
    else:
        show_closed(printer, result)
    if result.made is None:
        raise typer.Exit(1)


@app.command(cls=StageCommand, help=help_of("cli.help.excuse"))
def excuse(
    department: Annotated[
        str, typer.Argument(metavar="DEPARTMENT", help=help_of("cli.help.excused_department"))
    ],
    reason: Reason = "",
    period: LastPeriod = "",
    by: By = "",
    folder: Dir = Path(),
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """Let a `department` off its answer for a `reason`.

    `period` is the round, by default the last issued; `by` is who decides it.
    `folder` holds the plan; with `as_json` the result is a JSON document; `lang` is its language.
    """
    from xlplan.cli.decided import excuse_document, show_excused

    result = city_of(folder, lang).excuse(department, reason=reason, period=period, by=by)
    printer = printer_of(lang, result.plan.language)
    if as_json:
        printer.document(excuse_document(result))
    else:
        show_excused(printer, result)


Field = Annotated[str, typer.Option("--field", help=help_of("cli.help.correct_field"))]
NewValue = Annotated[str | None, typer.Option("--value", help=help_of("cli.help.correct_value"))]
Item = Annotated[str, typer.Option("--item", help=help_of("cli.help.correct_item"))]
Form = Annotated[str, typer.Option("--form", help=help_of("cli.help.correct_form"))]
OfDepartment = Annotated[str, typer.Option("--department", help=help_of("cli.help.correct_department"))]
Row = Annotated[int, typer.Option("--row", help=help_of("cli.help.correct_row"))]
PlanRows = Annotated[list[str] | None, typer.Option("--plan", help=help_of("cli.help.correct_plan"))]
LateReturn = Annotated[Path | None, typer.Option("--from", help=help_of("cli.help.correct_from"))]
Yes = Annotated[bool, typer.Option("--yes", help=help_of("cli.help.yes"))]


@app.command(cls=StageCommand, help=help_of("cli.help.correct"))
def correct(
    field: Field = "",
    value: NewValue = None,
    item: Item = "",
    form: Form = "",
    department: OfDepartment = "",
    row: Row = 0,
    plan: PlanRows = None,
    late: LateReturn = None,
    yes: Yes = False,
    reason: Reason = "",
    period: LastPeriod = "",
    by: By = "",
    folder: Dir = Path(),
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """Correct the `field` of an `item` to a `value` for a `reason`; of the one `form` where several have that field.

    A row that a `department` added is named by its `row`. Instead, rows of the tables of the `plan` are taken, or the
    answers of a `late` return: both are shown first, and recorded with `yes`. `period` is the round, by default the
    last issued; `by` is who decides it. `folder`, `as_json` and `lang` are as of all.
    """
    from xlplan.cli.decisions import correct_document, show_corrected

    city = city_of(folder, lang)
    if late or plan:
        result = _shown_first(city, late, plan or (), department, (reason, period, by), yes=yes)
    else:
        where = (item, form, department)
        result = _value(city, field, value, (*where, row), (reason, period, by))
    printer = printer_of(lang, result.plan.language)
    if as_json:
        printer.document(correct_document(result))
    else:
        show_corrected(printer, result)


def _value(
    city: "xlplan.City",
    field: str,
    value: str | None,
    place: tuple[str, str, str, int],
    decided: tuple[str, str, str],
) -> "xlplan.CorrectResult":
    """Correct one value. `place` are item, form, department and row, `decided` reason, period and who.

    Raises:
        UsageError: it is not said what is to be corrected.
    """
    if not field or value is None:
        raise UsageError(ErrorKey.CORRECT_WHAT)
    (item, form, department, row), (reason, period, by) = place, decided
    more = {"item": item, "form": form, "department": department}
    return city.correct(field, value, reason=reason, row=row, period=period, by=by, now=None, **more)


def _shown_first(
    city: "xlplan.City",
    late: Path | None,
    rows: Sequence[str],
    department: str,
    decided: tuple[str, str, str],
    *,
    yes: bool,
) -> "xlplan.CorrectResult":
    """Correct from a `late` return or the plan's `rows`, or show what that would be. `decided` as of `_value`."""
    reason, period, by = decided
    if late:
        return city.correct_from(
            late, reason=reason, period=period, department=department, by=by, only_show=not yes
        )
    return city.correct_plan(rows, reason=reason, period=period, by=by, only_show=not yes)


To = Annotated[str, typer.Option("--to", help=help_of("cli.help.rollover_to"))]
Label = Annotated[str, typer.Option("--label", help=help_of("cli.help.rollover_label"))]
From = Annotated[str, typer.Option("--from", help=help_of("cli.help.changes_from"))]


@app.command(cls=StageCommand, help=help_of("cli.help.rollover"))
def rollover(
    to: To = "",
    label: Label = "",
    by: By = "",
    folder: Dir = Path(),
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """Write the plan of the period `to`, called `label` where the pattern of the last ones does not say so.

    `by` is who decides it. `folder` holds the plan; with `as_json` the result is a JSON document; `lang` is its
    language.
    """
    from xlplan.cli.decisions import rollover_document, show_rolled

    result = city_of(folder, lang).rollover(to, label=label, by=by)
    printer = printer_of(lang, result.plan.language)
    if as_json:
        printer.document(rollover_document(result, printer.language))
    else:
        show_rolled(printer, result)


@app.command(cls=StageCommand, help=help_of("cli.help.changes"))
def changes(start: From = "", folder: Dir = Path(), as_json: Json = False, lang: Lang = "") -> None:
    """Tell what differs between the plan of the round `start`, by default the last issued, and the plan now.

    `folder` holds the plan; with `as_json` the result is a JSON document; `lang` is its language.
    """
    from xlplan.cli.decisions import changes_document, show_changes

    result = city_of(folder, lang).changes(start)
    printer = printer_of(lang, result.plan.language)
    if as_json:
        printer.document(changes_document(result))
    else:
        show_changes(printer, result)


# --- the ledger, which keeps all of them ---


@ledger.command(cls=StageCommand, help=help_of("cli.help.ledger_verify"))
def verify(deep: Deep = False, folder: Dir = Path(), as_json: Json = False, lang: Lang = "") -> None:
    """Hold every file that was issued or received against the ledger; with `deep` the kept returns are read again.

    `folder` holds the plan; with `as_json` the result is a JSON document; `lang` is its language.

    Raises:
        typer.Exit: with status 1 where a file or the ledger is not as recorded.
    """
    from xlplan.cli.documents import verify_document
    from xlplan.cli.standing import show_verified

    result = city_of(folder, lang).verify(deep=deep)
    printer = printer_of(lang, result.language)
    if as_json:
        printer.document(verify_document(result, printer.language))
    else:
        show_verified(printer, result)
    if not result.fine:
        raise typer.Exit(1)


@ledger.command(cls=StageCommand, help=help_of("cli.help.ledger_rebuild"))
def rebuild(folder: Dir = Path(), as_json: Json = False, lang: Lang = "") -> None:
    """Make the ledger again where it is gone or damaged.

    `folder` holds the plan; with `as_json` the result is a JSON document; `lang` is its language.
    """
    result = city_of(folder, lang).rebuild()
    printer = printer_of(lang, result.plan.language)
    if as_json:
        printer.document(rebuild_document(result, printer.language))
    else:
        show_rebuilt(printer, result)


@ledger.command(cls=StageCommand, help=help_of("cli.help.ledger_unlock"))
def unlock(folder: Dir = Path(), as_json: Json = False, lang: Lang = "") -> None:
    """Take away the lock file of a run on another computer that is no more.

    `folder` holds the plan; with `as_json` the result is a JSON document; `lang` is its language.
    """
    from xlplan.stages.define import language_of
    from xlplan.store.workspace import Workspace

    city = city_of(folder, lang)
    result = city.unlock()
    printer = printer_of(lang, language_of(Workspace(city.folder)))
    if as_json:
        printer.document(unlock_document(result))
    else:
        show_unlocked(printer, result)


def rebuild_document(result: "RebuildResult", language: str) -> "Document":
    """`xlplan ledger rebuild --json`; what nobody can know is told in `language`."""
    return {
        "command": "ledger rebuild",
        "file": str(result.path),
        "basis": str(result.basis) if result.basis else None,
        "unsound": [{"file": str(path)} for path in result.unsound],
        "aside": [{"file": str(path)} for path in result.aside],
        **{f"added_{table}": count for table, count in result.added.items()},
        "unknown": [
            {
                "kind": note.key,
                "period": note.period,
                "names": [{"name": name} for name in note.names],
                "count": note.count,
                "message": _words(note, language),
            }
            for note in result.notes
        ],
    }


def show_rebuilt(printer: "Printer", result: "RebuildResult") -> None:
    """Of what the ledger was made, and what nobody can know any more."""
    for path in result.unsound:
        printer.line(printer.said("cli.said.rebuilt_unsound", path=path), "yellow")
    if result.basis == result.path:
        printer.line(printer.said("cli.said.rebuilt_behind", path=result.path))
    elif result.basis:
        printer.line(printer.said("cli.said.rebuilt_copy", path=result.basis))
    else:
        printer.line(printer.said("cli.said.rebuilt_files"))
    printer.line(printer.said("cli.said.rebuilt_added", **result.added))
    if result.notes:
        printer.line(printer.said("cli.said.rebuilt_unknown"), "yellow")
    for note in result.notes:
        printer.line(f"  - {_words(note, printer.language)}", "yellow")
    for path in result.aside:
        printer.line(printer.said("cli.said.rebuilt_aside", path=path))
    printer.line(printer.said("cli.said.rebuilt", path=result.path), "bold")


def unlock_document(result: "UnlockResult") -> "Document":
    """`xlplan ledger unlock --json`."""
    holder = result.holder
    return {
        "command": "ledger unlock",
        "file": str(result.path),
        "host": holder.host,
        "user": holder.user,
        "process": holder.process,
        "since": holder.since or None,
        "version": holder.version,
    }


def show_unlocked(printer: "Printer", result: "UnlockResult") -> None:
    """Whose lock was taken away."""
    printer.line(printer.said("cli.said.unlocked", **result.holder.params), "bold")


def _words(note: "Note", language: str) -> str:
    """What nobody can know, in words."""
    names = joined(listed(note.names), language)
    params = note.key.picked({"period": note.period, "names": names, "count": note.count})
    return text(note.key.catalogue_key, language, **params)
