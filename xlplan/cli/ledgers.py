"""The commands of the ledger, what they print, and their documents."""

from pathlib import Path

import typer

from xlplan.cli.guard import StageCommand
from xlplan.cli.options import Deep, Dir, Json, Lang, city_of, help_of, ledger, printer_of


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
    from xlplan.cli.standing import rebuild_document, show_rebuilt

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
    from xlplan.cli.standing import show_unlocked, unlock_document
    from xlplan.stages.define import language_of
    from xlplan.store.workspace import Workspace

    city = city_of(folder, lang)
    result = city.unlock()
    printer = printer_of(lang, language_of(Workspace(city.folder)))
    if as_json:
        printer.document(unlock_document(result))
    else:
        show_unlocked(printer, result)
