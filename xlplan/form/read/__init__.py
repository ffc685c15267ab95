"""Returns read by meaning: columns by heading, rows by item, in processes that may abort."""

__all__ = ["child", "headings", "intake", "issuedbook", "leftovers", "locked", "workbook"]
