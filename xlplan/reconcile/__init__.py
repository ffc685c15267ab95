"""Published figures against those of a summary, and for each that differs what makes it up.

`figures` compares, `causes` explains, `sheets` reads what the workbook shows. Which of the two is right, the figure in
print or the register, is for people to say.
"""

from xlplan.reconcile.causes import Adding, Cause, Part, Root, Term
from xlplan.reconcile.figures import Comparison, compare_published, rounded_to

__all__ = ["Adding", "Cause", "Comparison", "Part", "Root", "Term", "compare_published", "rounded_to"]
