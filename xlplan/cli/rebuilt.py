"""What is printed of a ledger that was made again or unlocked; and the documents of both."""

from xlplan.cli.printing import Document, Printer
from xlplan.language.messages import joined, text
from xlplan.model.finding import listed
from xlplan.stages.rebuild import RebuildResult
from xlplan.stages.rebuilding import Note
from xlplan.stages.unlock import UnlockResult


def rebuild_document(result: RebuildResult, language: str) -> Document:
    """`xlplan ledger rebuild --json`; what nobody can know is told in `language`."""
    return {
        "command": "ledger rebuild",
        "file": str(result.path),
        "basis": str(result.basis) if result.basis else None,
        "unsound": [{"file": str(path)} for path in result.unsound],
        "aside": [{"file": str(path)} for path in result.aside],
        **{f"added_{table}": count for table, count in result.added.items()},
        "unknown": [
            {
                "kind": note.key,
                "period": note.period,
                "names": [{"name": name} for name in note.names],
                "count": note.count,
                "message": _words(note, language),
            }
            for note in result.notes
        ],
    }


def show_rebuilt(printer: Printer, result: RebuildResult) -> None:
    """Of what the ledger was made, and what nobody can know any more."""
    for path in result.unsound:
        printer.line(printer.said("cli.said.rebuilt_unsound", path=path), "yellow")
    if result.basis == result.path:
        printer.line(printer.said("cli.said.rebuilt_behind", path=result.path))
    elif result.basis:
        printer.line(printer.said("cli.said.rebuilt_copy", path=result.basis))
    else:
        printer.line(printer.said("cli.said.rebuilt_files"))
    printer.line(printer.said("cli.said.rebuilt_added", **result.added))
    if result.notes:
        printer.line(printer.said("cli.said.rebuilt_unknown"), "yellow")
    for note in result.notes:
        printer.line(f"  - {_words(note, printer.language)}", "yellow")
    for path in result.aside:
        printer.line(printer.said("cli.said.rebuilt_aside", path=path))
    printer.line(printer.said("cli.said.rebuilt", path=result.path), "bold")


def unlock_document(result: UnlockResult) -> Document:
    """`xlplan ledger unlock --json`."""
    holder = result.holder
    return {
        "command": "ledger unlock",
        "file": str(result.path),
        "host": holder.host,
        "user": holder.user,
        "process": holder.process,
        "since": holder.since or None,
        "version": holder.version,
    }


def show_unlocked(printer: Printer, result: UnlockResult) -> None:
    """Whose lock was taken away."""
    printer.line(printer.said("cli.said.unlocked", **result.holder.params), "bold")


def _words(note: Note, language: str) -> str:
    """What nobody can know, in words."""
    names = joined(listed(note.names), language)
    params = note.key.picked({"period": note.period, "names": names, "count": note.count})
    return text(note.key.catalogue_key, language, **params)
