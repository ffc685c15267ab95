"""An item of the plan, in a form whose rows the department adds: its number and title in one."""

from datetime import date

from xlplan.fields.base import LEFT, ListedType
from xlplan.fields.cells import Converted
from xlplan.fields.days import ids_typed_as
from xlplan.fields.spellings import read_listed
from xlplan.language.calendar import Years
from xlplan.model.codes import FindingCode
from xlplan.model.form import ITEM_LIST, Choice, Field, FieldType
from xlplan.model.plan import Plan

AS_TEXT = "@"
"""The number format of what must stay as typed: elsewhere an item's number such as 2-7 becomes a date."""


class ItemType(ListedType):
    """One of the items, by number, title or both."""

    type = FieldType.ITEM
    from_items = True
    align = LEFT
    list_code = FindingCode.NOT_OWN_ITEM

    def read(
        self, raw: object, typed: str, field: Field, choices: tuple[Choice, ...], years: Years | None
    ) -> Converted:
        """The item that is meant; of one whose number has become a day, where only one can have been typed."""
        if not isinstance(raw, date):
            return read_listed(raw, typed, choices)
        found = [choice.value for choice in choices if ids_typed_as(raw, choice.aliases)]
        if len(found) == 1:
            return Converted(found[0], changed=True)
        return Converted(typed, "list", suggestion=" / ".join(found))

    def list_name(self, named: str) -> str:
        """The items themselves."""
        return ITEM_LIST

    def number_format(self, field: Field, plan: Plan) -> str:
        """Text, so that a number stays as typed."""
        return AS_TEXT

    def summary_format(self, field: Field, plan: Plan) -> str:
        """The ordinary one: nobody types there."""
        return ""

    def width(self, field: Field, label: float, plan: Plan) -> float:
        """Room for a number and the beginning of a title."""
        return max(label, 34.0)

    def least_width(self, field: Field, plan: Plan, *, previous: bool) -> float:
        """Room for a few words in each line."""
        return 18.0
