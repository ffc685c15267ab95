"""Faults of files, definitions and operators. Faults in data are findings, never exceptions.

    XlplanError            one clear line for a person, exit status 2
    ├── UsageError         an argument that cannot be meant: unknown period, department, kit, …
    ├── DefinitionError    the plan's own tables cannot be used
    ├── FormulaError       one formula cannot be read; carries its position
    ├── FileError          a file or folder that cannot be read or written
    └── LedgerError        the ledger is locked, damaged or from another version

Each carries a key of the catalogue (`errors.toml`) and its parameters; `message(language)` renders it.
"""

from xlplan.language.messages import text


class XlplanError(Exception):
    """Base of all faults that xlplan reports. `key` is an entry of `catalogue/errors.toml`.

    `language` is that of the plan at which it happened, set by the edge that knows it; empty before one is known.
    """

    topic = "errors"

    def __init__(self, key: str, **params: object) -> None:
        self.key = key
        self.params = params
        self.language = ""
        super().__init__(key)

    def message(self, language: str) -> str:
        """The one line shown to the person at the keyboard, in `language` ("ja" or "en")."""
        return text(f"{self.topic}.{self.key}", language, **self.params)

    def __str__(self) -> str:
        return self.message("en")


class UsageError(XlplanError):
    """An argument that cannot be meant: an unknown period, department, kit or file."""


class DefinitionError(XlplanError):
    """The plan's tables are missing, unreadable or hold errors that stop the work."""


class FileError(XlplanError):
    """A file or folder cannot be read or written: missing, locked, read-only, disk full."""


class LedgerError(XlplanError):
    """The ledger is locked, damaged or written by another version."""


class FormulaError(XlplanError):
    """One formula cannot be read (`catalogue/formula.toml`). `position` is the 0-based character offset."""

    topic = "formula"

    def __init__(self, key: str, *, formula: str, position: int = 0, **params: object) -> None:
        self.formula = formula
        self.position = position
        super().__init__(key, formula=formula, position=position + 1, **params)
