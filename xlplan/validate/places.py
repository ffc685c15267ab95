"""What judging is given besides the returns: where each row came from, and what others hold already."""

from collections.abc import Mapping
from dataclasses import dataclass

from xlplan.model.issue import IssuedRow
from xlplan.model.submission import ReturnedForm, ReturnedRow

Taken = Mapping[tuple[str, str], frozenset[object]]
"""Values of unique fields (form id, field id) that returns outside the batch hold already."""


@dataclass(frozen=True, slots=True)
class ReturnPlace:
    """Where one row of the frame came from: which return of the batch, from 0, and what was issued for it."""

    at: int
    returned: ReturnedForm
    issued: IssuedRow
    row: ReturnedRow
