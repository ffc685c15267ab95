"""A word out of a list of the plan."""

from xlplan.fields.base import CENTRE, ListedType
from xlplan.fields.cells import Converted
from xlplan.fields.spellings import read_listed
from xlplan.language.calendar import Years
from xlplan.language.text import display_width
from xlplan.model.codes import FindingCode
from xlplan.model.form import Choice, Field, FieldType
from xlplan.model.plan import Plan


class ChoiceType(ListedType):
    """One of the choices of the field's list."""

    type = FieldType.CHOICE
    from_list = True
    align = CENTRE
    list_code = FindingCode.NOT_IN_LIST

    def read(
        self, raw: object, typed: str, field: Field, choices: tuple[Choice, ...], years: Years | None
    ) -> Converted:
        """The choice that is meant."""
        return read_listed(raw, typed, choices)

    def list_name(self, named: str) -> str:
        """The list that the plan names."""
        return named

    def width(self, field: Field, label: float, plan: Plan) -> float:
        """Room for the longest choice and the arrow."""
        longest = max((display_width(choice.value) for choice in plan.choices_of(field)), default=8)
        return max(label, min(longest + 4.0, 18.0), 10.0)
