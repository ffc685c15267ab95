"""The commands by which the office decides: what stands, what counts, what is taken back; and tries what is to come."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

import xlplan
from xlplan.cli.guard import StageCommand
from xlplan.cli.options import By, Departments, Dir, Json, Lang, LastPeriod, app, city_of, help_of, printer_of

Reason = Annotated[str, typer.Option("--reason", help=help_of("cli.help.reason"))]
Owner = Annotated[str, typer.Argument(metavar="DEPARTMENT", help=help_of("cli.help.decided_department"))]


def _decide(
    folder: Path, lang: str, decide: "Callable[[xlplan.City], xlplan.DecideResult]", *, as_json: bool
) -> None:
    """Decide something, and print what follows of it."""
    from xlplan.cli.decided import decide_document, show_decided

    result = decide(city_of(folder, lang))
    printer = printer_of(lang, result.plan.language)
    if as_json:
        printer.document(decide_document(result, printer.language))
    else:
        show_decided(printer, result)


@app.command(cls=StageCommand, help=help_of("cli.help.allow"))
def allow(
    numbers: Annotated[list[int], typer.Argument(metavar="NUMBER", help=help_of("cli.help.allow_numbers"))],
    reason: Reason = "",
    until: Annotated[str, typer.Option("--until", help=help_of("cli.help.allow_until"))] = "",
    period: LastPeriod = "",
    by: By = "",
    folder: Dir = Path(),
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """Let the findings of these `numbers` stand for a `reason`, for the value at hand or `until` a period.

    `period` is the round, by default the last issued; `by` is who decides it. `folder`, `as_json` and `lang` are as of
    all.
    """
    _decide(
        folder,
        lang,
        lambda city: city.allow(numbers, reason=reason, until=until, period=period, by=by),
        as_json=as_json,
    )


@app.command(cls=StageCommand, help=help_of("cli.help.reopen"))
def reopen(
    department: Owner,
    reason: Reason = "",
    period: LastPeriod = "",
    by: By = "",
    folder: Dir = Path(),
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """Take the acceptance of a `department` back for a `reason`.

    `period` is the round, by default the last issued; `by` is who decides it. `folder`, `as_json` and `lang` are as of
    all.
    """
    _decide(
        folder,
        lang,
        lambda city: city.reopen(department, reason=reason, period=period, by=by),
        as_json=as_json,
    )


@app.command(cls=StageCommand, help=help_of("cli.help.count"))
def count(
    department: Owner,
    attempt: Annotated[int, typer.Option("--attempt", help=help_of("cli.help.count_attempt"))],
    reason: Reason = "",
    period: LastPeriod = "",
    by: By = "",
    folder: Dir = Path(),
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """Say that an `attempt` of a `department` counts, for a `reason`.

    `period` is the round, by default the last issued; `by` is who decides it. `folder`, `as_json` and `lang` are as of
    all.
    """
    _decide(
        folder,
        lang,
        lambda city: city.count(department, attempt, reason=reason, period=period, by=by),
        as_json=as_json,
    )


@app.command(cls=StageCommand, help=help_of("cli.help.extend"))
def extend(
    department: Owner,
    due: Annotated[str, typer.Argument(metavar="DATE", help=help_of("cli.help.extend_due"))],
    reason: Reason = "",
    period: LastPeriod = "",
    by: By = "",
    folder: Dir = Path(),
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """Give a `department` until the day `due`, perhaps for a `reason`.

    `period` is the round, by default the last issued; `by` is who decides it. `folder`, `as_json` and `lang` are as of
    all.
    """
    _decide(
        folder,
        lang,
        lambda city: city.extend(department, due, reason=reason, period=period, by=by),
        as_json=as_json,
    )


@app.command(cls=StageCommand, help=help_of("cli.help.remark"))
def remark(
    words: Annotated[str, typer.Argument(metavar="TEXT", help=help_of("cli.help.remark_words"))],
    department: Annotated[
        str, typer.Option("--department", help=help_of("cli.help.decided_department"))
    ] = "",
    finding: Annotated[int, typer.Option("--finding", help=help_of("cli.help.remark_finding"))] = 0,
    item: Annotated[str, typer.Option("--item", help=help_of("cli.help.remark_item"))] = "",
    period: LastPeriod = "",
    by: By = "",
    folder: Dir = Path(),
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """Keep `words` in mind, about a `department`, a `finding` or an `item`, or about none.

    `period` is the round, by default the last issued; `by` is who remarks it. `folder`, `as_json` and `lang` are as of
    all.
    """

    def decide(city: "xlplan.City") -> "xlplan.DecideResult":
        return city.remark(words, department=department, finding=finding, item=item, period=period, by=by)

    _decide(folder, lang, decide, as_json=as_json)


@app.command("send-back", cls=StageCommand, help=help_of("cli.help.send_back"))
def send_back(
    department: Owner,
    reason: Reason = "",
    period: LastPeriod = "",
    by: By = "",
    folder: Dir = Path(),
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """Send the return of a `department` back: the `reason` stands in its workbook.

    `period` is the round, by default the last issued; `by` is who decides it. `folder`, `as_json` and `lang` are as of
    all.
    """
    _decide(
        folder,
        lang,
        lambda city: city.send_back(department, reason=reason, period=period, by=by),
        as_json=as_json,
    )


@app.command(cls=StageCommand, help=help_of("cli.help.undo"))
def undo(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help=help_of("cli.help.undo_number"))],
    reason: Reason = "",
    by: By = "",
    folder: Dir = Path(),
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """Take the decision of a `number` back, perhaps for a `reason`; `by` is who does.

    `folder` holds the plan; with `as_json` the result is a JSON document; `lang` is its language.
    """
    from xlplan.cli.decided import show_undone, undo_document

    result = city_of(folder, lang).undo(number, reason=reason, by=by)
    printer = printer_of(lang, result.plan.language)
    if as_json:
        printer.document(undo_document(result))
    else:
        show_undone(printer, result)


@app.command(cls=StageCommand, help=help_of("cli.help.rejudge"))
def rejudge(
    yes: Annotated[bool, typer.Option("--yes", help=help_of("cli.help.yes"))] = False,
    reason: Reason = "",
    period: LastPeriod = "",
    by: By = "",
    folder: Dir = Path(),
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """Judge the returns again by the plan as it stands; it counts with `yes`, perhaps for a `reason`.

    `period` is the round, by default the last issued; `by` is who decides it. `folder`, `as_json` and `lang` are as of
    all.

    Raises:
        typer.Exit: with status 1 where something would change and nothing was recorded.
    """
    from xlplan.cli.decided import rejudge_document, show_rejudged

    result = city_of(folder, lang).rejudge(period, do=yes, reason=reason, by=by)
    printer = printer_of(lang, result.plan.language)
    if as_json:
        printer.document(rejudge_document(result, printer.language))
    else:
        show_rejudged(printer, result)
    if result.unread or (result.changed and result.decision is None):
        raise typer.Exit(1)


@app.command(cls=StageCommand, help=help_of("cli.help.log"))
def log(
    departments: Departments = None,
    kinds: Annotated[list[str] | None, typer.Option("--kind", help=help_of("cli.help.log_kind"))] = None,
    since: Annotated[str, typer.Option("--since", help=help_of("cli.help.log_since"))] = "",
    period: LastPeriod = "",
    folder: Dir = Path(),
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """What happened: about some `departments` only, of some `kinds` only, `since` a day only.

    `period` is the round, by default the last issued. `folder`, `as_json` and `lang` are as of all.
    """
    from xlplan.cli.decided import log_document, show_log

    result = city_of(folder, lang).log(period, departments=departments or (), kinds=kinds or (), since=since)
    printer = printer_of(lang, result.plan.language)
    if as_json:
        printer.document(log_document(result, printer.language))
    else:
        show_log(printer, result)


# --- trying what is to come ---


@app.command(cls=StageCommand, help=help_of("cli.help.preview"))
def preview(
    department: Annotated[
        str, typer.Argument(metavar="DEPARTMENT", help=help_of("cli.help.preview_department"))
    ],
    to: Annotated[Path | None, typer.Option("--to", help=help_of("cli.help.preview_to"))] = None,
    period: LastPeriod = "",
    folder: Dir = Path(),
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """Write the form of a `department` as it would be issued now, into a file of its own or `to` one.

    `period` is the round, by default the last issued. `folder`, `as_json` and `lang` are as of all.
    """
    from xlplan.cli.tried import preview_document, show_preview

    result = city_of(folder, lang).preview(department, period, to=to)
    printer = printer_of(lang, result.plan.language)
    if as_json:
        printer.document(preview_document(result, printer.language))
    else:
        show_preview(printer, result)


@app.command(cls=StageCommand, help=help_of("cli.help.rehearse"))
def rehearse(
    rules: Annotated[list[str] | None, typer.Option("--rule", help=help_of("cli.help.rehearse_rule"))] = None,
    period: Annotated[str, typer.Option("--period", help=help_of("cli.help.period_answered"))] = "",
    folder: Dir = Path(),
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """Try all `rules` of the plan, or some, on the accepted answers of a `period`, by default the last with any.

    `folder`, `as_json` and `lang` are as of all.

    Raises:
        typer.Exit: with status 1 where a rule never fires, or always.
    """
    from xlplan.cli.tried import rehearse_document, show_rehearsed

    result = city_of(folder, lang).rehearse(period, rules=rules or ())
    printer = printer_of(lang, result.plan.language)
    if as_json:
        printer.document(rehearse_document(result, printer.language))
    else:
        show_rehearsed(printer, result)
    if not result.fine:
        raise typer.Exit(1)
