"""Wrong words on the command line as one clear line in the user's language, instead of Typer's English ones."""

import re
import sys
from difflib import get_close_matches

import typer

from xlplan.errors import UsageError

_FAULT_OF_USE = next(
    one for one in typer.BadParameter.__mro__ if issubclass(one, Exception) and one.__name__ == "UsageError"
)
"""What Typer raises where it cannot understand the line: Click's own, which its versions keep in different places."""


def run(app: typer.Typer) -> None:
    """Run the program, and end with its exit status. Raises UsageError where the line cannot be understood."""
    try:
        sys.exit(app(prog_name="xlplan", standalone_mode=False))
    except _FAULT_OF_USE as fault:
        raise _said(fault) from None


def _said(fault: Exception) -> UsageError:
    first = [word for word in sys.argv[1:2] if not word.startswith("-")]
    command = getattr(getattr(fault, "ctx", None), "command_path", " ".join(["xlplan", *first]))
    option = getattr(fault, "option_name", "")
    match type(fault).__name__:
        case "NoArgsIsHelpError":
            typer.echo(str(fault), err=True)
            sys.exit(2)
        case "NoSuchOption":
            near = next(iter(getattr(fault, "possibilities", None) or ()), "")
            key = "no_option_near" if near else "no_option"
            return UsageError(key, option=option, near=near, command=command)
        case "BadOptionUsage":
            return UsageError("option_value", option=option, command=command)
        case "MissingParameter":
            name = getattr(getattr(fault, "param", None), "metavar", None)
            return UsageError("argument_missing" if name else "no_files", name=name, command=command)
        case _:
            return _in_words(fault, command)


def _in_words(fault: Exception, command: str) -> UsageError:
    """Of a word that nobody asked for Typer keeps only its own sentence."""
    known = getattr(getattr(getattr(fault, "ctx", None), "command", None), "commands", {})
    if known and (found := re.search("'(.+?)'", str(fault))):
        near = next(iter(get_close_matches(found[1], known, 1)), "")
        key = "no_command_near" if near else "no_command"
        return UsageError(key, found=found[1], near=near, known=", ".join(known))
    if not known and (found := re.search(r"\(([^()]+)\)$", str(fault))):
        return UsageError("too_much", found=found[1], command=command)
    return UsageError("bad_use", reason=str(fault), command=command)
