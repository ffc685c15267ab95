"""The summary as a workbook: answers looked up in its data sheets, figures worked out over them."""

__all__ = ["workbook"]
