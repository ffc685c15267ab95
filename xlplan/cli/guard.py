"""How the program runs and ends: every fault of the user's is one line on standard error and exit status 2.

Wrong words on the command line are told as one clear line in the user's language, instead of Typer's English ones.
"""

import gc
import io
import re
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from difflib import get_close_matches
from pathlib import Path
from shutil import get_terminal_size
from typing import Any, NoReturn

import typer
from typer.core import TyperCommand

from xlplan.cli.watching import watch, watched
from xlplan.language.choice import asked_on, chosen_language, language_fault
from xlplan.language.errors import ErrorKey, UsageError, XlplanError, XlplanWarning
from xlplan.language.messages import text
from xlplan.language.text import display_width, visible
from xlplan.language.wrapping import wrapped

_FAULT_OF_USE = next(
    base
    for base in typer.BadParameter.__mro__
    if issubclass(base, Exception) and base.__name__ == "UsageError"
)
"""What Typer raises where it cannot understand the line: Click's own, which its versions keep in different places."""

BROKEN_OFF = 130
"""The exit status after Ctrl+C, as shells have it: 128 and the number of the signal."""

OBJECTS_BETWEEN_COLLECTIONS = 50_000
"""Python looks for cycles after every 700 new objects. A run makes millions, nearly none of them in a cycle."""


@contextmanager
def rare_collections() -> Iterator[None]:
    """Look for cycles seldom: otherwise that is a tenth of a large round's time."""
    usual = gc.get_threshold()
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def guarded(program: Callable[[], object]) -> None:
    """Run the program. Never a traceback for what is no fault of its own."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # a console that lacks a character shows ? instead of stopping the work
            stream.reconfigure(errors="replace")
    try:
        with rare_collections():
            program()
    except XlplanError as fault:
        _fail(fault.message(chosen_language(asked_on(sys.argv[1:]), fault.language)))
    except BrokenPipeError:
        with suppress(OSError):
            sys.stdout.close()
        sys.exit(1)
    except KeyboardInterrupt:
        _say(text("progress.stopped.before", chosen_language(asked_on(sys.argv[1:]))))
        sys.exit(BROKEN_OFF)


def run(app: typer.Typer) -> None:
    """Run the program, and end with its exit status.

    Raises:
        UsageError: the line cannot be understood.
    """
    try:
        sys.exit(app(prog_name="xlplan", standalone_mode=False))
    except _FAULT_OF_USE as fault:
        key, params = _in_our_words(fault)
        raise UsageError(key, **params) from None


def _in_our_words(fault: Exception) -> tuple[ErrorKey, dict[str, object]]:
    """Which of our errors a fault of Typer's is, and what its sentence takes."""
    first = [word for word in sys.argv[1:2] if not word.startswith("-")]
    command = getattr(getattr(fault, "ctx", None), "command_path", " ".join(["xlplan", *first]))
    option = getattr(fault, "option_name", "")
    match type(fault).__name__:
        case "NoArgsIsHelpError":
            typer.echo(str(fault), err=True)
            sys.exit(2)
        case "NoSuchOption":
            near = next(iter(getattr(fault, "possibilities", None) or ()), "")
            key = ErrorKey.NO_OPTION_NEAR if near else ErrorKey.NO_OPTION
            return key, {"option": option, "near": near, "command": command}
        case "BadOptionUsage":
            return ErrorKey.OPTION_VALUE, {"option": option, "command": command}
        case "MissingParameter":
            name = getattr(getattr(fault, "param", None), "metavar", None)
            missing = ErrorKey.ARGUMENT_MISSING if name else ErrorKey.NO_FILES
            return missing, {"name": name, "command": command}
        case _:
            return _of_word(fault, command)


def _of_word(fault: Exception, command: str) -> tuple[ErrorKey, dict[str, object]]:
    """Of a word that nobody asked for Typer keeps only its own sentence."""
    context = getattr(fault, "ctx", None)
    listing = getattr(getattr(context, "command", None), "list_commands", None)
    known = listing(context) if listing else []
    if known and (found := re.search("'(.+?)'", str(fault))):
        near = next(iter(get_close_matches(found[1], known, 1)), "")
        key = ErrorKey.NO_COMMAND_NEAR if near else ErrorKey.NO_COMMAND
        return key, {"found": found[1], "near": near, "known": ", ".join(known)}
    if not known and (found := re.search(r"\(([^()]+)\)$", str(fault))):
        return ErrorKey.TOO_MUCH, {"found": found[1], "command": command}
    return ErrorKey.BAD_USE, {"reason": str(fault), "command": command}


_OPTION = re.compile(r"  \S.*?  +(?=\S)")
"""An option of a page of help, or a command: what stands before what is said of it."""


def for_terminal(page: str) -> str:
    """A page of help, its lines broken where a terminal would break them within a word; whole where it is none."""
    if not sys.stdout.isatty():
        return page
    width = get_terminal_size().columns
    named = ((line, _OPTION.match(line)) for line in page.splitlines())
    return "\n".join(
        part
        for line, name in named
        for part in wrapped(line, width, display_width(name[0]) if name else None)
    )


class StageCommand(TyperCommand):
    """A command that runs a stage in the folder of a plan: its faults speak the language of that plan."""

    def get_help(self, ctx: Any) -> str:
        """The page of help."""
        return for_terminal(super().get_help(ctx))

    def invoke(self, ctx: Any) -> Any:
        """Run the command.

        Raises:
            XlplanError: what the stage raises, from now on in the language of the plan.
            typer.Exit: it is broken off with Ctrl+C, and it is said what is done.
        """
        asked, folder = ctx.params["lang"], folder_meant(ctx.params["folder"])
        with (
            _warned(folder, asked),
            watched(lambda: chosen_language(asked, plan_language(folder))) as under_way,
        ):
            try:
                return super().invoke(ctx)
            except XlplanError as fault:
                fault.language = plan_language(folder)
                raise
            except KeyboardInterrupt:
                under_way.end()
                language = chosen_language(asked, plan_language(folder))
                demo = ctx.command.name == "demo"
                left = text("progress.stopped.folder", language, path=folder) if demo else ""
                _say(left or under_way.stopped(language))
                raise typer.Exit(BROKEN_OFF) from None


@contextmanager
def _warned(folder: Path, asked: str) -> Iterator[None]:
    """What could not be written beside the ledger of `folder` is told in one line, in the language `asked` for."""
    with warnings.catch_warnings():
        warnings.simplefilter("always", XlplanWarning)
        usual = warnings.showwarning

        def show(message: Warning | str, *rest: Any, **more: Any) -> None:
            if isinstance(message, XlplanWarning):
                _say(message.message(chosen_language(asked, plan_language(folder))))
            else:
                usual(message, *rest, **more)

        warnings.showwarning = show
        yield


def known_language(asked: str) -> str:
    """The value of `--lang`.

    Raises:
        UsageError: that, or XLPLAN_LANG in its place, is no language we have.
    """
    if wrong := language_fault(asked):
        raise UsageError(ErrorKey.BAD_LANGUAGE, value=wrong)
    return asked


def waiting(folder: Path, asked: str) -> Callable[[], None]:
    """What says that another run is at work in `folder`, in the language `asked` for or else in its plan's."""

    def say() -> None:
        from xlplan.store.lock import holder_of
        from xlplan.store.workspace import Workspace, beside

        language = chosen_language(asked, plan_language(folder))
        holder = holder_of(beside(Workspace(folder).ledger_path).lock)
        if (
            holder is None or holder.is_this_run
        ):  # SQLite's lock is another's: of a version that takes no lock file
            _say(text("cli.said.waiting", language))
        else:
            _say(text("cli.said.waiting_for", language, **holder.params))

    return say


def readme_kept(folder: Path, asked: str) -> Callable[[XlplanError], None]:
    """What says that the page about `folder` could not be rewritten; languages as of `waiting`."""

    def tell(fault: XlplanError) -> None:
        language = chosen_language(asked, plan_language(folder))
        _say(" ".join(text("status.said.page_kept", language, reason=fault.message(language)).split()))

    return tell


def folder_meant(folder: Path) -> Path:
    """The folder of `--dir`; where none was named and the one at hand has no plan, that above it which has one."""
    from xlplan.store.workspace import folder_above

    return (folder_above(folder) or folder) if folder == Path() else folder


def plan_language(folder: Path) -> str:
    """The language of the plan in `folder`; empty where there is none or it cannot be read."""
    from xlplan.stages.define import language_of
    from xlplan.store.workspace import Workspace

    return language_of(Workspace(folder))


def _fail(message: str) -> NoReturn:
    _say(" ".join(message.split()))
    sys.exit(2)


def _say(words: str) -> None:
    on_errors(f"xlplan: {visible(words)}")


def on_errors(line: str) -> None:
    """A line on standard error, whole where that is no terminal."""
    watch().aside()
    width = get_terminal_size().columns
    lines = wrapped(line, width) if sys.stderr.isatty() else [line]
    sys.stderr.write("".join(f"{line}\n" for line in lines))
    sys.stderr.flush()
