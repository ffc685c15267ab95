"""The document of a summary, for as long as its views are not built as tables: its cover alone."""

from xlplan.language.messages import text
from xlplan.report.rows import Consolidation
from xlplan.report.tables import Document


def document_of(made: Consolidation) -> Document:
    """The document of what was consolidated."""
    plan, language = made.plan, made.plan.language
    return Document(
        title=plan.title,
        organisation=plan.organisation,
        language=language,
        period=made.period.label,
        created=made.created,
        draft=made.draft,
        state=text("summary.state.draft" if made.draft else "summary.state.final", language),
        sections=(),
        rows=made.rows,
    )
