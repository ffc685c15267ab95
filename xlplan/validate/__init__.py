"""Judging returns: one frame for the batch, one validation with pandera, every failure mapped back to its cell."""

from xlplan.validate.judging import Judged, judge
from xlplan.validate.places import Taken

__all__ = ["Judged", "Taken", "judge"]
