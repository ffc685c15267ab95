"""The types of fields and the checks of a form.

`convert` reads what was typed; `checks` numbers the checks that the sheet and the validator share; `succession` says
what may follow what.
"""

__all__ = ["cells", "checks", "convert", "days", "numbers", "succession"]
