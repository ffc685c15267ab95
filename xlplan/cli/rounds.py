"""The command that tells how a round stands."""

from pathlib import Path
from typing import Annotated

import typer

from xlplan.cli.guard import StageCommand
from xlplan.cli.options import Dir, Json, Lang, LastPeriod, app, city_of, help_of, printer_of

Since = Annotated[str, typer.Option("--since", help=help_of("cli.help.since"))]


@app.command(cls=StageCommand, help=help_of("cli.help.status"))
def status(
    period: LastPeriod = "",
    since: Since = "",
    folder: Dir = Path(),
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """How each department stands, what is new and what is next.

    `period` is the round, by default the last issued; `since` is the day from which on it is told what is new.
    `folder` holds the plan; with `as_json` the result is a JSON document; `lang` is its language.

    Raises:
        typer.Exit: with status 1 where returns are open, or the plan was changed since the issue.
    """
    from xlplan.cli.status import show_status, status_document

    result = city_of(folder, lang).status(period, since=since)
    printer = printer_of(lang, result.plan.language)
    if as_json:
        printer.document(status_document(result, printer.language))
    else:
        show_status(printer, result)
    if result.open or result.changed:
        raise typer.Exit(1)
