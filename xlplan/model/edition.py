"""An edition: the plan's tables as they stood for one round, and how that is known."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

EDITION_FORMAT = 1
"""The number of the form in which tables are kept; `xlplan.definition.edition` writes and reads it."""


class EditionBasis(StrEnum):
    """How an edition is known.

    The plan was read as it stood; it was put together afterwards, from what the ledger knew of a round that an earlier
    version of xlplan had issued; or named rows of the plan's tables were taken into it by a correction.
    """

    PLAN = "plan"
    ASSUMED = "assumed"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True)
class Edition:
    """The plan's tables as they stood for one round. The latest of a round counts.

    Attributes:
        period: Id of the round.
        kept_at: When it was kept.
        basis: How it is known.
        tables: The tables, as one JSON text (`xlplan.definition.edition`).
        format: The number of the form in which they are kept.
    """

    period: str
    kept_at: datetime
    basis: EditionBasis
    tables: str
    format: int = EDITION_FORMAT

    @property
    def sha256(self) -> str:
        """By which it is known again whether the tables are the same."""
        return hashlib.sha256(self.tables.encode("utf-8", "surrogatepass")).hexdigest()
