"""What a command is at: shown on a terminal while it lasts, and said where it is broken off.

Nothing is shown before a second has passed, nothing where standard error is no terminal, and nothing is left of it.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock, Timer
from typing import TYPE_CHECKING

from xlplan.language.messages import text
from xlplan.store.progress import Activity, Progress

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

SECONDS = 1.0
"""How long a command may last before it is shown what it is at."""


class Watch:
    """One command under way: `heard` takes what its stages tell.

    Args:
        language: Gives the language to speak; asked for late, as the plan has to be read for it.
    """

    def __init__(self, language: Callable[[], str]) -> None:
        self.recorded = False
        self._language, self._words = language, ""
        self._last: Progress | None = None
        self._lock = Lock()
        self._timer: Timer | None = None
        self._bar: Bar | None = None

    def heard(self, progress: Progress) -> None:
        """Take in how far the command is."""
        if progress.activity is Activity.RECORDED:
            self.recorded, self._last = True, None
            return
        self._last = progress
        with self._lock:
            if self._bar:
                self._draw(self._bar)

    def begin(self) -> None:
        """Show what the command is at, once a second has passed."""
        if sys.stderr.isatty() and self._timer is None:
            self._timer = Timer(SECONDS, self._show)
            self._timer.daemon = True
            self._timer.start()

    def end(self) -> None:
        """Show nothing any more, and leave no trace on the terminal."""
        with self._lock:
            if self._timer:
                self._timer.cancel()
            if self._bar:
                self._bar.stop()
            self._timer = self._bar = None

    def aside(self) -> None:
        """Make room for a line on the terminal; what the command is at is shown again a second later."""
        if self._timer:
            self.end()
            self.begin()

    def stopped(self, language: str) -> str:
        """What is done and what is not, where the command is broken off now."""
        last = self._last
        if last and last.activity is Activity.MENDING:
            return text("progress.stopped.mended", language, done=last.done, total=last.total)
        if last is None:
            key = "progress.stopped.recorded" if self.recorded else "progress.stopped.unrecorded"
            return text(key, language)
        key = "progress.stopped.recorded_at" if self.recorded else "progress.stopped.unrecorded_at"
        work = text(last.activity.catalogue_key, language)
        return text(key, language, work=work, done=last.done, total=last.total)

    def _show(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn
        from rich.progress import Progress as Bar

        language = self._language()
        console = Console(stderr=True, highlight=False)
        with self._lock:
            if self._timer is None or self._bar or not console.is_terminal or console.is_dumb_terminal:
                return
            self._words = language
            columns = (SpinnerColumn("line"), TextColumn("{task.description}"), BarColumn(20))
            self._bar = Bar(*columns, MofNCompleteColumn(), console=console, transient=True)
            self._bar.add_task(text("progress.shown.working", language), total=None)
            self._draw(self._bar)
            self._bar.start()

    def _draw(self, bar: "Bar") -> None:
        if self._last:
            words = text(self._last.activity.catalogue_key, self._words)
            task = bar.task_ids[0]
            bar.update(task, description=words, completed=self._last.done, total=self._last.total)


_WATCH: ContextVar[Watch | None] = ContextVar("watch", default=None)


def watch() -> Watch:
    """The command that is under way; where there is none one that nobody sees."""
    return _WATCH.get() or Watch(str)


@contextmanager
def watched(language: Callable[[], str]) -> Iterator[Watch]:
    """Watch a command: what its stages tell goes to `watch()` until it ends. `language` as of `Watch`."""
    under_way = Watch(language)
    token = _WATCH.set(under_way)
    under_way.begin()
    try:
        yield under_way
    finally:
        under_way.end()
        _WATCH.reset(token)
