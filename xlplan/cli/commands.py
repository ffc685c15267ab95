"""The command line: arguments in, one stage of `xlplan.City` called, its result printed, an exit status out.

Status 0 is fine, 1 findings or open returns, 2 a fault of use, file or definition. Heavy libraries are imported
inside the commands, so that `--help` answers at once.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import xlplan
from xlplan.cli.guard import StageCommand, guarded, known_language, run, waiting
from xlplan.language.choice import asked_on, chosen_language
from xlplan.language.messages import text

if TYPE_CHECKING:
    from xlplan.cli.printing import Printer


_HELP = chosen_language(asked_on(sys.argv[1:]))


def _help(key: str) -> str:
    return text(key, _HELP)


app = typer.Typer(
    help=_help("cli.help.app"),
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
ledger = typer.Typer(help=_help("cli.help.ledger"), no_args_is_help=True, rich_markup_mode=None)
app.add_typer(ledger, name="ledger")

Dir = Annotated[Path, typer.Option("--dir", help=_help("cli.help.dir"))]
Json = Annotated[bool, typer.Option("--json", help=_help("cli.help.json"))]
Lang = Annotated[str, typer.Option("--lang", callback=known_language, help=_help("cli.help.lang"))]
Departments = Annotated[list[str] | None, typer.Option("--department", help=_help("cli.help.department"))]
Deep = Annotated[bool, typer.Option("--deep", help=_help("cli.help.deep"))]
KitOrBlank = Annotated[str, typer.Option("--kit", help=_help("cli.help.kit_or_blank"))]
Kit = Annotated[str, typer.Option("--kit", help=_help("cli.help.kit"))]
LastPeriod = Annotated[str, typer.Option("--period", help=_help("cli.help.period_last"))]
OwnPeriod = Annotated[str, typer.Option("--period", help=_help("cli.help.period_own"))]


def _printer(lang: str, plan_language: str, *, as_json: bool = False) -> "Printer":
    """Print in the language asked for, else in that of the plan."""
    from xlplan.cli.printing import Printer

    return Printer(chosen_language(lang, plan_language), as_json=as_json)


def _city(folder: Path, lang: str) -> "xlplan.City":
    """The city of `--dir`; that there is no plan is told by the stage, after what is wrong with the arguments."""
    return xlplan.City(folder, on_wait=waiting(folder, lang))


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"xlplan {xlplan.__version__}")
        raise typer.Exit


@app.callback()
def _app(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help=_help("cli.help.version"))
    ] = False,
    lang: Lang = "",
) -> None:
    spoken = {"lang": lang}
    commands = {command.callback.__name__: spoken for command in app.registered_commands if command.callback}
    context.default_map = {**commands, "ledger": {"verify": spoken}}


@app.command(cls=StageCommand, help=_help("cli.help.new"))
def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help=_help("cli.help.target"))],
    kit: KitOrBlank = "asahikawa",
    lang: Lang = "",
) -> None:
    """Make `folder`/plan.xlsx out of the kit named `kit`; `lang` is the language spoken, also in a blank plan."""
    from xlplan.cli.show import show_new

    made = xlplan.new(folder, kit=kit, language=lang)
    show_new(_printer(lang, made.plan.language if made.plan else ""), made, folder)


@app.command(cls=StageCommand, help=_help("cli.help.lint"))
def lint(folder: Dir = Path(), lang: Lang = "") -> None:
    """Check the definition.

    Raises:
        typer.Exit: with status 1 where it has errors.
    """
    found = _city(folder, lang).lint()
    printer = _printer(lang, found.language)
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


@app.command(cls=StageCommand, help=_help("cli.help.issue"))
def issue(
    period: Annotated[str, typer.Option("--period", help=_help("cli.help.period"))] = "",
    due: Annotated[str, typer.Option("--due", help=_help("cli.help.due"))] = "",
    department: Departments = None,
    folder: Dir = Path(),
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """Write each department's workbook.

    `period` is the round; `department` are ids or names, all where there are none; `due` is the last day to answer.
    `folder` holds the plan; with `as_json` the result is a JSON document; `lang` is its language.
    """
    from xlplan.cli.documents import issue_document
    from xlplan.cli.show import show_issue

    result = _city(folder, lang).issue(period, departments=department or (), due=due)
    printer = _printer(lang, result.plan.language)
    if as_json:
        printer.document(issue_document(result, printer.language))
    else:
        show_issue(printer, result)


@app.command(cls=StageCommand, help=_help("cli.help.check"))
def check(
    files: Annotated[list[Path], typer.Argument(help=_help("cli.help.files"))],
    period: OwnPeriod = "",
    department: Annotated[str, typer.Option("--department", help=_help("cli.help.one_department"))] = "",
    folder: Dir = Path(),
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """Check returns without recording anything.

    `files` must be of the round `period` and the one `department` where they are given, else of any.
    `folder` holds the plan; with `as_json` the result is a JSON document; `lang` is its language.

    Raises:
        typer.Exit: with status 1 where not every file is a return without errors.
    """
    from xlplan.cli.documents import returns_document
    from xlplan.cli.show import show_checked

    result = _city(folder, lang).check(files, period=period, department=department)
    printer = _printer(lang, result.plan.language)
    if as_json:
        printer.document(returns_document("check", result, printer.language))
    else:
        show_checked(printer, result)
    if not all(line.fine for line in result.lines):
        raise typer.Exit(1)


@app.command(cls=StageCommand, help=_help("cli.help.receive"))
def receive(
    files: Annotated[list[Path] | None, typer.Argument(help=_help("cli.help.files_or_inbox"))] = None,
    period: LastPeriod = "",
    department: Annotated[str, typer.Option("--department", help=_help("cli.help.one_department"))] = "",
    replace: Annotated[bool, typer.Option("--replace", help=_help("cli.help.replace"))] = False,
    folder: Dir = Path(),
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """Receive returns; those with errors get a workbook to send back.

    `files` (by default the inbox) are of the round `period`, by default the last issued, and of the one `department`
    where it is given. With `replace` they count also where they are older than the accepted return, or not answered.
    `folder` holds the plan; with `as_json` the result is a JSON document; `lang` is its language.

    Raises:
        typer.Exit: with status 1 where something is left to do about a file.
    """
    from xlplan.cli.documents import returns_document
    from xlplan.cli.show import show_received

    result = _city(folder, lang).receive(files or (), period=period, department=department, replace=replace)
    printer = _printer(lang, result.plan.language)
    if as_json:
        printer.document(returns_document("receive", result, printer.language))
    else:
        show_received(printer, result)
    if any(line.open for line in result.lines):
        raise typer.Exit(1)


@app.command(cls=StageCommand, help=_help("cli.help.mend"))
def mend(
    files: Annotated[list[Path], typer.Argument(help=_help("cli.help.files"))],
    period: OwnPeriod = "",
    department: Annotated[str, typer.Option("--department", help=_help("cli.help.one_department"))] = "",
    folder: Dir = Path(),
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """Write the values of damaged or rearranged returns into fresh forms.

    `files` must be of the round `period` and the one `department` where they are given, else of any.
    `folder` holds the plan; with `as_json` the result is a JSON document; `lang` is its language.

    Raises:
        typer.Exit: with status 1 where a return could not be mended, or values found no place.
    """
    from xlplan.cli.documents import mend_document
    from xlplan.cli.show import show_mended

    result = _city(folder, lang).mend(files, period=period, department=department)
    printer = _printer(lang, result.plan.language)
    if as_json:
        printer.document(mend_document(result, printer.language))
    else:
        show_mended(printer, result)
    if any(line.mended is None or line.leftovers for line in result.lines):
        raise typer.Exit(1)


@app.command(cls=StageCommand, help=_help("cli.help.status"))
def status(period: LastPeriod = "", folder: Dir = Path(), as_json: Json = False, lang: Lang = "") -> None:
    """How each department stands.

    `period` is the round, by default the last issued.
    `folder` holds the plan; with `as_json` the result is a JSON document; `lang` is its language.

    Raises:
        typer.Exit: with status 1 where returns are open, or the plan was changed since the issue.
    """
    from xlplan.cli.documents import status_document
    from xlplan.cli.show import show_status

    result = _city(folder, lang).status(period)
    printer = _printer(lang, result.plan.language)
    if as_json:
        printer.document(status_document(result, printer.language))
    else:
        show_status(printer, result)
    if result.open or result.changed:
        raise typer.Exit(1)


@app.command(cls=StageCommand, help=_help("cli.help.consolidate"))
def consolidate(
    period: LastPeriod = "",
    draft: Annotated[bool, typer.Option("--draft", help=_help("cli.help.draft"))] = False,
    html: Annotated[bool, typer.Option("--html", help=_help("cli.help.html"))] = False,
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

    result = _city(folder, lang).consolidate(period, draft=draft, html=html)
    printer = _printer(lang, result.plan.language)
    if as_json:
        printer.document(consolidate_document(result, printer.language))
    else:
        show_consolidated(printer, result)
    if result.path is None:
        raise typer.Exit(1)


@app.command(cls=StageCommand, help=_help("cli.help.reconcile"))
def reconcile(period: LastPeriod = "", folder: Dir = Path(), as_json: Json = False, lang: Lang = "") -> None:
    """Compare the summary's figures with those in print.

    `period` is the round, by default the last issued.
    `folder` holds the plan; with `as_json` the result is a JSON document; `lang` is its language.

    Raises:
        typer.Exit: with status 1 where figures differ, or the summary no longer holds.
    """
    from xlplan.cli.documents import reconcile_document
    from xlplan.cli.show_figures import show_reconciled

    result = _city(folder, lang).reconcile(period)
    printer = _printer(lang, result.plan.language)
    if as_json:
        printer.document(reconcile_document(result))
    else:
        show_reconciled(printer, result)
    if result.differing or (result.standing and not result.standing.fine):
        raise typer.Exit(1)


@ledger.command(cls=StageCommand, help=_help("cli.help.ledger_verify"))
def verify(deep: Deep = False, folder: Dir = Path(), as_json: Json = False, lang: Lang = "") -> None:
    """Hold every file that was issued or received against the ledger; with `deep` the kept returns are read again.

    `folder` holds the plan; with `as_json` the result is a JSON document; `lang` is its language.

    Raises:
        typer.Exit: with status 1 where a file or the ledger is not as recorded.
    """
    from xlplan.cli.documents import verify_document
    from xlplan.cli.standing import show_verified

    result = _city(folder, lang).verify(deep=deep)
    printer = _printer(lang, result.language)
    if as_json:
        printer.document(verify_document(result, printer.language))
    else:
        show_verified(printer, result)
    if not result.fine:
        raise typer.Exit(1)


@app.command(cls=StageCommand, help=_help("cli.help.demo"))
def demo(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help=_help("cli.help.target"))] = Path("demo"),
    kit: Kit = "asahikawa",
    lang: Lang = "",
) -> None:
    """Play a sample year of the kit named `kit` in `folder`; `lang` is the language of what is printed."""
    from xlplan.cli.demo.play import play

    play(folder, kit, lambda language: _printer(lang, language))


def main() -> None:
    """The console script."""
    guarded(lambda: run(app))


if __name__ == "__main__":
    main()
