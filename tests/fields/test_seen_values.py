"""What is read of values that were worked out: what is whole in fifteen digits is whole."""

from datetime import date, datetime

import pytest

from xlplan.fields.cells import in_digits, settled, whole_in
from xlplan.fields.reading import convert
from xlplan.model.form import Field, FieldType, FilledBy


def field(kind: FieldType) -> Field:
    return Field("f", "form", "欄", kind, filled_by=FilledBy.DEPARTMENT)


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        (FieldType.WHOLE, 3.0000000000000004, 3),
        (FieldType.WHOLE, "3.0000000000000004", 3),
        (FieldType.WHOLE, -2.9999999999999996, -3),
        (FieldType.WHOLE, 1e15, 10**15),
        (FieldType.YEAR, 2024.0000000000002, 2024),
        (FieldType.DATE, 45412.99999999999, date(2024, 5, 1)),
        (FieldType.DATE, datetime(2024, 4, 29, 23, 59, 59, 999_900), date(2024, 4, 30)),
        (FieldType.DATE, datetime(2024, 4, 30, 0, 0, 0, 100), date(2024, 4, 30)),
        (FieldType.MONTH, datetime(2024, 4, 30, 23, 59, 59, 999_900), date(2024, 5, 1)),
    ],
)
def test_what_was_worked_out_is_what_is_shown(kind: FieldType, raw: object, value: object) -> None:
    assert convert(raw, field(kind)).value == value


@pytest.mark.parametrize("number", [3.5, 3.0000000001, 1e-17, 0.9999999])
def test_what_has_decimals_has_no_whole_number(number: float) -> None:
    assert whole_in(number) is None


def test_a_number_has_no_exponent_in_digits() -> None:
    assert [in_digits(one) for one in (1e20, 1e-7, 0.1 + 0.2, -12.0, 1234567890123456.0)] == [
        *("100000000000000000000", "0.0000001", "0.3", "-12", "1234567890123456")
    ]


def test_a_moment_within_a_day_stays_as_it_is() -> None:
    moment = datetime(2024, 4, 30, 23, 59, 59)
    assert settled(moment) == moment
