"""Taking returns in: looked at for safety, opened in processes of their own, read by meaning. Judges nothing."""

from xlplan.reader.intake import Incoming, take_in, take_in_batches

__all__ = ["Incoming", "take_in", "take_in_batches"]
