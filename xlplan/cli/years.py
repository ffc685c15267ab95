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
    from xlplan.cli.decisions import excuse_document, show_excused

    result = city_of(folder, lang).excuse(department, reason=reason, period=period, by=by)
    printer = printer_of(lang, result.plan.language)
    if as_json:
        printer.document(excuse_document(result))
    else:
        show_excused(printer, result)


@app.command(cls=StageCommand, help=help_of("cli.help.correct"))
def correct(
    field: Annotated[str, typer.Option("--field", help=help_of("cli.help.correct_field"))],
    value: Annotated[str, typer.Option("--value", help=help_of("cli.help.correct_value"))],
    reason: Annotated[str, typer.Option("--reason", help=help_of("cli.help.reason"))] = "",
    item: Annotated[str, typer.Option("--item", help=help_of("cli.help.correct_item"))] = "",
    form: Annotated[str, typer.Option("--form", help=help_of("cli.help.correct_form"))] = "",
    department: Annotated[
        str, typer.Option("--department", help=help_of("cli.help.correct_department"))
    ] = "",
    row: Annotated[int, typer.Option("--row", help=help_of("cli.help.correct_row"))] = 0,
    period: LastPeriod = "",
    by: By = "",
    folder: Dir = Path(),
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """Correct the `field` of an `item` to a `value` for a `reason`; of the one `form` where several have that field.

    A row that a `department` added is named by its `row`. `period` is the round, by default the last issued; `by` is
    who decides it. `folder` holds the plan; with `as_json` the result is a JSON document; `lang` is its language.
    """
    from xlplan.cli.decisions import correct_document, show_corrected

    result = city_of(folder, lang).correct(
        field,
        value,
        reason=reason,
        item=item,
        form=form,
        department=department,
        row=row,
        period=period,
        by=by,
    )
    printer = printer_of(lang, result.plan.language)
    if as_json:
        printer.document(correct_document(result))
    else:
        show_corrected(printer, result)
