"""What every command of the line has in common: the application, its options, its printer."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

import xlplan
from xlplan.cli.guard import (
    folder_meant,
    for_terminal,
    known_language,
    on_errors,
    plan_language,
    readme_kept,
    waiting,
)
from xlplan.cli.watching import watch
from xlplan.language.choice import asked_on, chosen_language
from xlplan.language.messages import text
from xlplan.language.text import visible

if TYPE_CHECKING:
    from xlplan.cli.printing import Printer


_HELP = chosen_language(asked_on(sys.argv[1:]))


def help_of(key: str) -> str:
    """The words of `--help`."""
    return text(key, _HELP)


_IN_ORDER = (
    *("new", "lint", "rehearse", "preview", "issue", "check", "receive", "mend", "letters", "status"),
    *("consolidate", "reconcile"),
    *("allow", "send-back", "reopen", "count", "extend", "excuse", "remark", "undo", "log", "rejudge"),
    *("close", "correct", "rollover", "changes"),
)
"""The commands in the order of the year; what else there is comes behind them."""


class _Year(TyperGroup):
    """The commands, told in the order of the year."""

    def get_help(self, ctx: Any) -> str:
        return for_terminal(super().get_help(ctx))

    def list_commands(self, ctx: Any) -> list[str]:
        names = super().list_commands(ctx)
        return sorted(names, key=lambda name: _IN_ORDER.index(name) if name in _IN_ORDER else len(_IN_ORDER))


app = typer.Typer(
    cls=_Year,
    help=help_of("cli.help.app"),
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
ledger = typer.Typer(help=help_of("cli.help.ledger"), no_args_is_help=True, rich_markup_mode=None)
app.add_typer(ledger, name="ledger")

Dir = Annotated[Path, typer.Option("--dir", help=help_of("cli.help.dir"))]
Json = Annotated[bool, typer.Option("--json", help=help_of("cli.help.json"))]
Lang = Annotated[str, typer.Option("--lang", callback=known_language, help=help_of("cli.help.lang"))]
Departments = Annotated[list[str] | None, typer.Option("--department", help=help_of("cli.help.department"))]
By = Annotated[str, typer.Option("--by", help=help_of("cli.help.by"))]
Everything = Annotated[bool, typer.Option("--all", help=help_of("cli.help.all"))]
Deep = Annotated[bool, typer.Option("--deep", help=help_of("cli.help.deep"))]
KitOrBlank = Annotated[str, typer.Option("--kit", help=help_of("cli.help.kit_or_blank"))]
Passwords = Annotated[list[str] | None, typer.Option("--password", help=help_of("cli.help.password"))]
Kit = Annotated[str, typer.Option("--kit", help=help_of("cli.help.kit"))]
LastPeriod = Annotated[str, typer.Option("--period", help=help_of("cli.help.period_last"))]
OwnPeriod = Annotated[str, typer.Option("--period", help=help_of("cli.help.period_own"))]


def printer_of(lang: str, plan_language: str, *, as_json: bool = False) -> "Printer":
    """Print in the language `lang` asked for, else in `plan_language`; `as_json` prints a JSON document."""
    from xlplan.cli.printing import Printer

    watch().end()  # what is printed now is the result
    return Printer(chosen_language(lang, plan_language), as_json=as_json)


def city_of(folder: Path, lang: str) -> "xlplan.City":
    """The city of `--dir`: of the folder at hand, or of that above it which holds a plan; then it is told which.

    That there is no plan is told by the stage, after what is wrong with the arguments.
    """
    here, folder = folder, folder_meant(folder)
    if folder != here:
        language = chosen_language(lang, plan_language(folder))
        on_errors(text("cli.said.folder_above", language, path=visible(str(folder.resolve()))))
    kept = readme_kept(folder, lang)
    return xlplan.City(folder, on_wait=waiting(folder, lang), on_readme=kept, on_progress=watch().heard)
