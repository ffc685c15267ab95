"""plan.xlsx: the definition as a workbook."""

__all__ = ["workbook"]
