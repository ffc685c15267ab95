"""Whether a file may be parsed: judged by its bytes, whatever its name says."""

__all__ = ["inspection", "limits", "parts"]
