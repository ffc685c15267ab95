"""Words of any kind: sentences, names, numbers of files."""

from math import isfinite

from xlplan.fields.base import DataValidation, Span, WordsType
from xlplan.fields.cells import Converted, in_digits
from xlplan.language.calendar import Years
from xlplan.language.text import line_ends, strip
from xlplan.model.form import Choice, Field, FieldType
from xlplan.model.plan import Plan


class TextType(WordsType):
    """Text is kept; told are only the loss of what no file can hold and what was no text."""

    type = FieldType.TEXT
    is_text = True
    summary_width = 36.0

    def read(
        self, raw: object, typed: str, field: Field, choices: tuple[Choice, ...], years: Years | None
    ) -> Converted:
        """The text, tidy."""
        return Converted(typed, changed=not isinstance(raw, str) or strip(line_ends(raw)) != typed)

    def typed_text(self, raw: object) -> str:
        """A number in all its digits: nobody types an exponent."""
        return in_digits(raw) if isinstance(raw, float) and isfinite(raw) else super().typed_text(raw)

    def validation(self, field: Field, cell: str, span: Span | None = None) -> DataValidation | None:
        """No longer than the field allows."""
        return None if field.max_length is None else DataValidation("length", high=field.max_length)

    def width(self, field: Field, label: float, plan: Plan) -> float:
        """Room for a sentence, or for a few words."""
        return max(label, 36.0 if is_long(field) else 18.0)

    def least_width(self, field: Field, plan: Plan, *, previous: bool) -> float:
        """Room for a few words in each line."""
        return 18.0 if previous or not is_long(field) else 26.0


def is_long(field: Field) -> bool:
    """Whether a text field holds sentences."""
    return (field.max_length or 100) > 40
