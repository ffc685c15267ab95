"""Judging returns: one frame for the batch, one validation with pandera, every failure mapped back to its cell."""

from xlplan.validate.batch import Taken
from xlplan.validate.judging import Judged, judge

__all__ = ["Judged", "Taken", "judge"]
