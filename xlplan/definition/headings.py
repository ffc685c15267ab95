"""What a table and its columns are called, and what is said of them: from the catalogue, by their ids."""

from xlplan.language.messages import LANGUAGES, Spoken, run_on, text

_WITH_EXAMPLE = ("periods", "departments", "items", "forms", "fields", "choices", "views", "measures")
"""The tables that show, while they are empty, a line to begin with: together these lines are a plan."""


class Headings:
    """The words of one table, by its `id` and the ids of its `columns`."""

    __slots__ = ()
    id: str
    columns: tuple[str, ...]

    def label(self, language: str) -> str:
        """The sheet's name."""
        return text(f"tables.{self.id}.table.label", language)

    def about(self, language: str) -> str:
        """What the table is for."""
        return text(f"tables.{self.id}.table.note", language)

    def example(self, language: str) -> dict[str, str]:
        """A line to begin with, by column; empty for a table that a new plan does without."""
        written = text(f"tables.{self.id}.table.example", language) if self.id in _WITH_EXAMPLE else ""
        return dict(part.split("=", 1) for part in written.split("|") if part)

    def heading(self, column: str, language: str) -> str:
        """A column's heading; a further column's is its own name."""
        return text(f"tables.{self.id}.{column}.label", language) if column in self.columns else column

    def note(self, column: str, language: str) -> str:
        """What belongs in a column; empty for a further column."""
        return text(f"tables.{self.id}.{column}.note", language) if column in self.columns else ""

    def names(self) -> list[str]:
        """Every id and label of its columns."""
        return [
            name
            for column in self.columns
            for name in (column, *(self.heading(column, language) for language in LANGUAGES))
        ]

    def said(self) -> Spoken:
        """The sheet's name, for a sentence."""
        return Spoken(*map(self.label, LANGUAGES))

    def said_about(self) -> Spoken:
        """What the table is for, to end a sentence."""
        return Spoken(*(self.about(language).rstrip("。.") for language in LANGUAGES))

    def said_heading(self, column: str) -> Spoken:
        """A column's heading, for a sentence."""
        return Spoken(*(self.heading(column, language) for language in LANGUAGES))


_OF_ITS_OWN = {"plan": "definition_book.sheet.settings", "records": "definition_book.sheet.known"}
"""What only one table says while it is empty."""


def how_to_begin(table: Headings, language: str, *, optional: bool) -> str:
    """The guiding line of a sheet on which nothing stands yet: what it is for, and a line to begin with.

    Args:
        table: the words of its table.
        language: "ja" or "en".
        optional: whether a plan can do without the table.

    Returns:
        The sentences, one after the other.
    """
    told = [table.about(language)]
    if optional:
        told.append(text("definition_book.sheet.later", language))
    if table.id in _OF_ITS_OWN:
        told.append(text(_OF_ITS_OWN[table.id], language))
    parts = [f"{table.heading(column, language)}: {cell}" for column, cell in table.example(language).items()]
    if parts:
        told.append(text("definition_book.sheet.example", language, example=" / ".join(parts)))
    return run_on(told, language)
