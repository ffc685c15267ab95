"""The commands through the years: closing a round, and what comes after it."""

from pathlib import Path
from typing import Annotated

import typer

from xlplan.cli.guard import StageCommand
from xlplan.cli.options import By, Dir, Json, Lang, LastPeriod, app, city_of, help_of, printer_of


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
    from xlplan.cli.documents import close_document
    from xlplan.cli.show import show_closed

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
    reason: Annotated[str, typer.Option("--reason", help=help_of("cli.help.reason"))] = "",
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
    from xlplan.cli.documents import excuse_document
    from xlplan.cli.show import show_excused

    result = city_of(folder, lang).excuse(department, reason=reason, period=period, by=by)
    printer = printer_of(lang, result.plan.language)
    if as_json:
        printer.document(excuse_document(result))
    else:
        show_excused(printer, result)
