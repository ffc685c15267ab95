"""The command line: arguments in, one stage of `xlplan.City` called, its result printed, an exit status out.

Status 0 is fine, 1 findings or open returns, 2 a fault of use, file or definition. Heavy libraries are imported
inside the commands, so that `--help` answers at once.
"""

from pathlib import Path
from typing import Annotated

import typer

import xlplan
from xlplan.cli.guard import StageCommand, guarded, run
from xlplan.cli.options import (
    Deep,
    Departments,
    Dir,
    Json,
    Kit,
    KitOrBlank,
    Lang,
    LastPeriod,
    OwnPeriod,
    Passwords,
    app,
    city_of,
    help_of,
    ledger,
    printer_of,
)
from xlplan.language.errors import ErrorKey, UsageError


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"xlplan {xlplan.__version__}")
        raise typer.Exit


@app.callback()
def _app(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help=help_of("cli.help.version"))
    ] = False,
    lang: Lang = "",
) -> None:
    spoken = {"lang": lang}
    commands = {command.callback.__name__: spoken for command in app.registered_commands if command.callback}
    context.default_map = {**commands, "ledger": {"verify": spoken}}


@app.command(cls=StageCommand, help=help_of("cli.help.new"))
def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help=help_of("cli.help.target"))],
    kit: KitOrBlank = "asahikawa",
    lang: Lang = "",
) -> None:
    """Make `folder`/plan.xlsx out of the kit named `kit`; `lang` is the language spoken, also in a blank plan."""
    from xlplan.cli.show import show_new

    made = xlplan.new(folder, kit=kit, language=lang)
    show_new(printer_of(lang, made.plan.language if made.plan else ""), made, folder)


@app.command(cls=StageCommand, help=help_of("cli.help.lint"))
def lint(folder: Dir = Path(), lang: Lang = "") -> None:
    """Check the definition.

    Raises:
        typer.Exit: with status 1 where it has errors.
    """
    found = city_of(folder, lang).lint()
    printer = printer_of(lang, found.language)
    for finding in found.findings:
        printer.finding(finding, finding.file if not finding.sheet else "")
    kinds = [finding.severity for finding in found.findings]
    if found.plan is None:
        counts = {f"{severity}s": kinds.count(severity) for severity in xlplan.Severity}
        printer.line(printer.said("cli.said.lint_count", **counts))
        raise typer.Exit(1)
    plan = found.plan
    counts = {"items": len(plan.items), "departments": len(plan.departments), "periods": len(plan.periods)}
    printer.line(printer.said("cli.said.lint_fine", **counts), "green")


@app.command(cls=StageCommand, help=help_of("cli.help.issue"))
def issue(
    period: Annotated[str, typer.Option("--period", help=help_of("cli.help.period"))] = "",
    due: Annotated[str, typer.Option("--due", help=help_of("cli.help.due"))] = "",
    department: Departments = None,
    office: Annotated[bool, typer.Option("--office", help=help_of("cli.help.office"))] = False,
    folder: Dir = Path(),
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """Write each department's workbook, or with `office` the office's own.

    `period` is the round; `department` are ids or names, all where there are none; `due` is the last day to answer.
    `folder` holds the plan; with `as_json` the result is a JSON document; `lang` is its language.
    """
    if office:
        _issue_office((period, due, department), folder, lang, as_json=as_json)
        return
    from xlplan.cli.documents import issue_document
    from xlplan.cli.show import show_issue

    result = city_of(folder, lang).issue(period, departments=department or (), due=due)
    printer = printer_of(lang, result.plan.language)
    if as_json:
        printer.document(issue_document(result, printer.language))
    else:
        show_issue(printer, result)


def _issue_office(
    asked: tuple[str, str, list[str] | None], folder: Path, lang: str, *, as_json: bool
) -> None:
    """Write the office's own workbook. `asked` are the round, and the due day and departments, which it has not.

    Raises:
        UsageError: either of those is given.
    """
    from xlplan.cli.decisions import issue_office_document, show_issue_office

    period, due, departments = asked
    if due or departments:
        raise UsageError(ErrorKey.OFFICE_ALONE)
    result = city_of(folder, lang).issue_office(period)
    printer = printer_of(lang, result.plan.language)
    if as_json:
        printer.document(issue_office_document(result))
    else:
        show_issue_office(printer, result)


@app.command(cls=StageCommand, help=help_of("cli.help.check"))
def check(
    files: Annotated[list[Path], typer.Argument(help=help_of("cli.help.files"))],
    period: OwnPeriod = "",
    department: Annotated[str, typer.Option("--department", help=help_of("cli.help.one_department"))] = "",
    password: Passwords = None,
    folder: Dir = Path(),
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """Check returns without recording anything.

    `files` must be of the round `period` and the one `department` where they are given, else of any; `password` opens
    a zip that is locked.
    `folder` holds the plan; with `as_json` the result is a JSON document; `lang` is its language.

    Raises:
        typer.Exit: with status 1 where not every file is a return without errors.
    """
    from xlplan.cli.documents import returns_document
    from xlplan.cli.show import show_checked

    result = city_of(folder, lang).check(
        files, period=period, department=department, passwords=password or ()
    )
    printer = printer_of(lang, result.plan.language)
    if as_json:
        printer.document(returns_document("check", result, printer.language))
    else:
        show_checked(printer, result)
    if not all(line.fine for line in result.lines):
        raise typer.Exit(1)


@app.command(cls=StageCommand, help=help_of("cli.help.receive"))
def receive(
    files: Annotated[list[Path] | None, typer.Argument(help=help_of("cli.help.files_or_inbox"))] = None,
    period: LastPeriod = "",
    department: Annotated[str, typer.Option("--department", help=help_of("cli.help.one_department"))] = "",
    password: Passwords = None,
    replace: Annotated[bool, typer.Option("--replace", help=help_of("cli.help.replace"))] = False,
    by: Annotated[str, typer.Option("--by", help=help_of("cli.help.receive_by"))] = "",
    folder: Dir = Path(),
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """Receive returns; those with errors get a workbook to send back.

    `files` (by default the inbox) are of the round `period`, by default the last issued, and of the one `department`
    where it is given; `password` opens a zip that is locked. With `replace` they count also where they are older than
    the accepted return, or not answered.
    `by` is who filled in the office's own workbook.
    `folder` holds the plan; with `as_json` the result is a JSON document; `lang` is its language.

    Raises:
        typer.Exit: with status 1 where something is left to do about a file.
    """
    from xlplan.cli.documents import returns_document
    from xlplan.cli.show import show_received

    result = city_of(folder, lang).receive(
        files or (),
        period=period,
        department=department,
        passwords=password or (),
        replace=replace,
        by=by,
    )
    printer = printer_of(lang, result.plan.language)
    if as_json:
        printer.document(returns_document("receive", result, printer.language))
    else:
        show_received(printer, result)
    if any(line.open for line in result.lines):
        raise typer.Exit(1)


@app.command(cls=StageCommand, help=help_of("cli.help.mend"))
def mend(
    files: Annotated[list[Path], typer.Argument(help=help_of("cli.help.files"))],
    period: OwnPeriod = "",
    department: Annotated[str, typer.Option("--department", help=help_of("cli.help.one_department"))] = "",
    password: Passwords = None,
    folder: Dir = Path(),
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """Write the values of damaged or rearranged returns into fresh forms.

    `files` must be of the round `period` and the one `department` where they are given, else of any; `password` opens
    a zip that is locked.
    `folder` holds the plan; with `as_json` the result is a JSON document; `lang` is its language.

    Raises:
        typer.Exit: with status 1 where a return could not be mended, or values found no place.
    """
    from xlplan.cli.documents import mend_document
    from xlplan.cli.show import show_mended

    result = city_of(folder, lang).mend(files, period=period, department=department, passwords=password or ())
    printer = printer_of(lang, result.plan.language)
    if as_json:
        printer.document(mend_document(result, printer.language))
    else:
        show_mended(printer, result)
    if any(line.mended is None or line.leftovers for line in result.lines):
        raise typer.Exit(1)


@app.command(cls=StageCommand, help=help_of("cli.help.status"))
def status(period: LastPeriod = "", folder: Dir = Path(), as_json: Json = False, lang: Lang = "") -> None:
    """How each department stands.

    `period` is the round, by default the last issued.
    `folder` holds the plan; with `as_json` the result is a JSON document; `lang` is its language.

    Raises:
        typer.Exit: with status 1 where returns are open, or the plan was changed since the issue.
    """
    from xlplan.cli.documents import status_document
    from xlplan.cli.show import show_status

    result = city_of(folder, lang).status(period)
    printer = printer_of(lang, result.plan.language)
    if as_json:
        printer.document(status_document(result, printer.language))
    else:
        show_status(printer, result)
    if result.open or result.changed:
        raise typer.Exit(1)


@app.command(cls=StageCommand, help=help_of("cli.help.consolidate"))
def consolidate(
    period: LastPeriod = "",
    draft: Annotated[bool, typer.Option("--draft", help=help_of("cli.help.draft"))] = False,
    html: Annotated[bool, typer.Option("--html", help=help_of("cli.help.html"))] = False,
    folder: Dir = Path(),
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """Make the summary workbook.

    `period` is the round, by default the last issued; with `draft` it is made although returns are open.
    With `html` there is a page of it as well.
    `folder` holds the plan; with `as_json` the result is a JSON document; `lang` is its language.

    Raises:
        typer.Exit: with status 1 where no summary was made.
    """
    from xlplan.cli.documents import consolidate_document
    from xlplan.cli.show import show_consolidated

    result = city_of(folder, lang).consolidate(period, draft=draft, html=html)
    printer = printer_of(lang, result.plan.language)
    if as_json:
        printer.document(consolidate_document(result, printer.language))
    else:
        show_consolidated(printer, result)
    if result.path is None:
        raise typer.Exit(1)


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


@app.command(cls=StageCommand, help=help_of("cli.help.demo"))
def demo(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help=help_of("cli.help.target"))] = Path("demo"),
    kit: Kit = "asahikawa",
    lang: Lang = "",
) -> None:
    """Play a sample year of the kit named `kit` in `folder`; `lang` is the language of what is printed."""
    from xlplan.cli.demo.play import play

    play(folder, kit, lambda language: printer_of(lang, language))


def main() -> None:
    """The console script."""
    guarded(lambda: run(app))


if __name__ == "__main__":
    main()
