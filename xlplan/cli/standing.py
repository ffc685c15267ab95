"""How a summary stands, in lines for people."""

from pathlib import Path

from xlplan.cli.printing import Printer
from xlplan.language.messages import joined
from xlplan.model.plan import Plan
from xlplan.stages.standing import SummaryStanding
from xlplan.store.workspace import PAGE


def show_standing(printer: Printer, plan: Plan, found: SummaryStanding | None) -> None:
    """Tell of a summary that is older than what counts now, or is not as it was written.

    Args:
        printer: Where it is told.
        plan: The plan.
        found: How the summary stands, None where there is none.
    """
    if found is None:
        return
    name = found.path.name
    if found.outdated:
        departments = (plan.department(department) for department in found.returns)
        names = joined((department.name for department in departments if department), printer.language)
        key = "cli.said.summary_older_returns" if names else "cli.said.summary_older"
        printer.line(printer.said(key, file=name, names=names, html=html_option(found.path)), "yellow")
    if found.altered:
        printer.line(
            printer.said("cli.said.summary_altered", file=name, html=html_option(found.path)), "yellow"
        )


def html_option(path: Path) -> str:
    """What makes a summary anew beside its command: the option of a page, nothing for the workbook."""
    return " --html" if path.suffix == PAGE else ""
