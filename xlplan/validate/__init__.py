"""A batch of returns judged: one frame, converted, and asked of pandera once. pandas is imported here alone."""

__all__ = ["blanks", "judging", "places", "recorded", "schema", "trial"]
