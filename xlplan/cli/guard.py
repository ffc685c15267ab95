"""How the program runs and ends: every fault of the user's is one line on standard error and exit status 2."""

import gc
import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn

from xlplan.language.choice import asked_on, chosen_language
from xlplan.language.errors import XlplanError
from xlplan.language.messages import text

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


def guarded(run: Callable[[], object]) -> None:
    """Run the program. Never a traceback for what is no fault of its own."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # a console that lacks a character shows ? instead of stopping the work
            stream.reconfigure(errors="replace")
    try:
        with rare_collections():
            run()
    except XlplanError as fault:
        _fail(fault.message(chosen_language(asked_on(sys.argv[1:]), fault.language)))
    except BrokenPipeError:
        with suppress(OSError):
            sys.stdout.close()
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


def say_waiting(language: str) -> None:
    """Say in `language` that another run is at work, and that this one waits for it."""
    _say(text("cli.said.waiting", language))


def _fail(message: str) -> NoReturn:
    _say(" ".join(message.split()))
    sys.exit(2)


def _say(words: str) -> None:
    sys.stderr.write(f"xlplan: {words}\n")
    sys.stderr.flush()
