"""The command line: arguments in, one stage of `xlplan.stages` called, its result printed, an exit status out.

Status 0 is fine, 1 findings or open returns, 2 a fault of use, file or definition. Heavy libraries are imported
inside the commands, so that `--help` answers at once.
"""

import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xlplan import __version__
from xlplan.cli.guard import guarded
from xlplan.cli.usage import StageCommand, known_language, run, waiting
from xlplan.language.choice import asked_on, chosen_language
from xlplan.language.errors import ErrorKey, UsageError
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
Kit = Annotated[str, typer.Option("--kit", help=_help("cli.help.kit"))]
LastPeriod = Annotated[str, typer.Option("--period", help=_help("cli.help.period_last"))]


def _printer(lang: str, plan_language: str, *, as_json: bool = False) -> "Printer":
    """Print in the language asked for, else in that of the plan."""
    from xlplan.cli.printing import Printer

    return Printer(chosen_language(lang, plan_language), as_json=as_json)


def _day(written: str) -> date | None:
    from xlplan.language.calendar import parse_date

    if not written:
        return None
    found = parse_date(written)
    if found is None:
        raise UsageError(ErrorKey.BAD_DATE, value=written)
    return found


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"xlplan {__version__}")
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
    commands = {one.callback.__name__: spoken for one in app.registered_commands if one.callback}
    context.default_map = {**commands, "ledger": {"verify": spoken}}


@app.command(cls=StageCommand, help=_help("cli.help.new"))
def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help=_help("cli.help.target"))],
    kit: Kit = "asahikawa",
    lang: Lang = "",
) -> None:
    """Make DIR/plan.xlsx out of a kit."""
    from xlplan.stages.new import new as make

    made = make(folder, kit, now=_now())
    printer = _printer(lang, made.plan.language)
    counts = {"items": len(made.plan.items), "departments": len(made.plan.departments)}
    last = made.plan.periods[-1].id
    printer.line(printer.said("cli.said.made", path=made.path, dir=folder, period=last, **counts))


@app.command(cls=StageCommand, help=_help("cli.help.lint"))
def lint(folder: Dir = Path(), lang: Lang = "") -> None:
    """Check the definition."""
    from xlplan.language.codes import Severity
    from xlplan.stages import lint as check_plan
    from xlplan.store.workspace import Workspace

    found = check_plan(Workspace(folder))
    printer = _printer(lang, found.language)
    for one in found.findings:
        printer.finding(one, one.file if not one.sheet else "")
    kinds = [one.severity for one in found.findings]
    if found.plan is None:
        printer.line(printer.said("cli.said.lint_count", **{f"{one}s": kinds.count(one) for one in Severity}))
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
    """Write each department's workbook."""
    from xlplan.cli.documents import issue_document
    from xlplan.cli.show import show_issue
    from xlplan.stages import issue as write
    from xlplan.store.workspace import Workspace

    result = write(
        Workspace(folder),
        period,
        due=_day(due),
        departments=department or (),
        now=_now(),
        waiting=waiting(folder, lang),
    )
    printer = _printer(lang, result.plan.language)
    if as_json:
        printer.document(issue_document(result, printer.language))
    else:
        show_issue(printer, result)


@app.command(cls=StageCommand, help=_help("cli.help.check"))
def check(
    files: Annotated[list[Path], typer.Argument(help=_help("cli.help.files"))],
    period: LastPeriod = "",
    department: Annotated[str, typer.Option("--department", help=_help("cli.help.one_department"))] = "",
    folder: Dir = Path(),
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """Check returns without recording anything."""
    from xlplan.cli.documents import returns_document
    from xlplan.cli.show import show_checked
    from xlplan.stages import check as judge
    from xlplan.store.workspace import Workspace

    result = judge(Workspace(folder), files, period_name=period, department=department)
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
    insists: Annotated[bool, typer.Option("--replace", help=_help("cli.help.replace"))] = False,
    folder: Dir = Path(),
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """Receive returns; those with errors get a workbook to send back."""
    from xlplan.cli.documents import returns_document
    from xlplan.cli.show import show_received
    from xlplan.stages import receive as take
    from xlplan.store.workspace import Workspace

    space = Workspace(folder)
    result = take(
        space,
        files or (),
        period_name=period,
        department=department,
        now=_now(),
        insists=insists,
        waiting=waiting(folder, lang),
    )
    printer = _printer(lang, result.plan.language)
    if as_json:
        printer.document(returns_document("receive", result, printer.language))
    else:
        show_received(printer, result, space)
    if any(line.open for line in result.lines):
        raise typer.Exit(1)


@app.command(cls=StageCommand, help=_help("cli.help.mend"))
def mend(
    files: Annotated[list[Path], typer.Argument(help=_help("cli.help.files"))],
    period: LastPeriod = "",
    department: Annotated[str, typer.Option("--department", help=_help("cli.help.one_department"))] = "",
    folder: Dir = Path(),
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """Pour the values of damaged or rearranged returns into fresh forms."""
    from xlplan.cli.documents import mend_document
    from xlplan.cli.show import show_mended
    from xlplan.stages import mend as pour
    from xlplan.store.workspace import Workspace

    result = pour(Workspace(folder), files, period_name=period, department=department, now=_now())
    printer = _printer(lang, result.plan.language)
    if as_json:
        printer.document(mend_document(result, printer.language))
    else:
        show_mended(printer, result)
    if any(line.mended is None or line.leftovers for line in result.lines):
        raise typer.Exit(1)


@app.command(cls=StageCommand, help=_help("cli.help.status"))
def status(period: LastPeriod = "", folder: Dir = Path(), as_json: Json = False, lang: Lang = "") -> None:
    """How each department stands."""
    from xlplan.cli.documents import status_document
    from xlplan.cli.show import show_status
    from xlplan.stages import status as standing
    from xlplan.store.workspace import Workspace

    result = standing(Workspace(folder), period_name=period, today=_now().date())
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
    folder: Dir = Path(),
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """Make the summary workbook."""
    from xlplan.cli.documents import consolidate_document
    from xlplan.cli.show import show_consolidated
    from xlplan.stages import consolidate as make
    from xlplan.store.workspace import Workspace

    result = make(
        Workspace(folder), period_name=period, draft=draft, now=_now(), waiting=waiting(folder, lang)
    )
    printer = _printer(lang, result.plan.language)
    if as_json:
        printer.document(consolidate_document(result, printer.language))
    else:
        show_consolidated(printer, result)
    if result.path is None:
        raise typer.Exit(1)


@app.command(cls=StageCommand, help=_help("cli.help.reconcile"))
def reconcile(period: LastPeriod = "", folder: Dir = Path(), as_json: Json = False, lang: Lang = "") -> None:
    """Compare the summary's figures with those in print."""
    from xlplan.cli.documents import reconcile_document
    from xlplan.cli.show import show_reconciled
    from xlplan.stages import reconcile as compare
    from xlplan.store.workspace import Workspace

    result = compare(Workspace(folder), period_name=period)
    printer = _printer(lang, result.plan.language)
    if as_json:
        printer.document(reconcile_document(result))
    else:
        show_reconciled(printer, result)
    if result.differing or (result.standing and not result.standing.fine):
        raise typer.Exit(1)


@ledger.command(cls=StageCommand, help=_help("cli.help.ledger_verify"))
def verify(folder: Dir = Path(), as_json: Json = False, lang: Lang = "") -> None:
    """Hold every file that was issued or received against the ledger."""
    from xlplan.cli.documents import verify_document
    from xlplan.cli.show import show_verified
    from xlplan.stages import verify as compare
    from xlplan.store.workspace import Workspace

    result = compare(Workspace(folder), waiting(folder, lang))
    printer = _printer(lang, result.language)
    if as_json:
        printer.document(verify_document(result))
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
    """Play a sample year from start to end."""
    from xlplan.cli.demo.play import play

    play(folder, kit, lambda language: _printer(lang, language))


def _now() -> datetime:
    return datetime.now().replace(microsecond=0)


def main() -> None:
    """The console script."""
    guarded(lambda: run(app))


if __name__ == "__main__":
    main()
