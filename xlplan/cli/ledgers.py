"""The commands of the ledger: holding files against it, making it again, taking a lock away; and what they print."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from xlplan.cli.guard import StageCommand
from xlplan.cli.options import Deep, Dir, Json, Lang, city_of, help_of, ledger, printer_of
from xlplan.language.messages import joined, text
from xlplan.model.finding import listed

if TYPE_CHECKING:
    from xlplan.cli.printing import Document, Printer
    from xlplan.stages.rebuild import RebuildResult
    from xlplan.stages.rebuilding import Note
    from xlplan.stages.unlock import UnlockResult


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
