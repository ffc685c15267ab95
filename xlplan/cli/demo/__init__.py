"""The demonstration: a kit's year played in an empty folder."""

__all__ = ["play"]
