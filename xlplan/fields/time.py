"""A time of day, as the fraction of a day that Excel keeps: 9:30 is 34200/86400. It is read to the second."""

import datetime as dt
import re
from collections.abc import Mapping

from xlplan.fields.base import CENTRE, Bound, DataValidation, Span, ValueType, between
from xlplan.fields.cells import Converted, as_text
from xlplan.formula.functions import Kind
from xlplan.language.calendar import Years
from xlplan.language.numerals import in_digits
from xlplan.language.text import plain, tidy
from xlplan.model.codes import FindingCode
from xlplan.model.form import Choice, Field, FieldType
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.model.plancodes import PlanCode
from xlplan.model.record import Value

DAY = 86_400
"""The seconds of a day."""

_HALF = "(?P<{}>午前|午後|[AP]\\.?M\\.?)?"
_FORMS = tuple(
    re.compile(_HALF.format("before") + form + _HALF.format("behind"), re.IGNORECASE)
    for form in (
        "(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?",
        "(?P<hour>[0-9]{1,2})時(?:(?P<minute>[0-9]{1,2})分?(?:(?P<second>[0-9]{1,2})秒)?|(?P<half>半))?",
    )
)
_DIGITS = re.compile("(?P<hour>[0-9]{1,2})(?P<minute>[0-9]{2})")
"""0930 and 930, as typed where no colon is at hand; without a word for the half of the day."""
_HOURS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        "(?P<hour>[0-9]{1,2})" + _HALF.format("behind").rstrip("?"),
        _HALF.format("before").rstrip("?") + "(?P<hour>[0-9]{1,2})",
    )
)
"""2 PM."""
_ABOUT = re.compile(r"^(?:約|およそ|about)|(?:頃|ごろ|ころ|過ぎ|すぎ|前後?|見込み?|予定)+$", re.IGNORECASE)
"""Words that make a time an estimate."""


class TimeType(ValueType):
    """A time of day, from 0:00 to 23:59. To formulas it is a fraction of a day."""

    type = FieldType.TIME
    record_dtype = "Float64"
    kind = Kind.NUMBER
    asks_typing = True
    align = CENTRE
    type_code = FindingCode.TYPE_TIME
    unread_code = PlanCode.NOT_TIME
    bound_code = PlanCode.NOT_TIME
    same_look_code = FindingCode.READ_AS_TIME

    def read(
        self, raw: object, typed: str, field: Field, choices: tuple[Choice, ...], years: Years | None
    ) -> Converted:
        """The time, however it is typed: 9:30, ９時半, 0930, 午後2時, 14時05分, 2:05 PM."""
        found = _seconds_in(raw)
        if found is not None:
            return Converted(found / DAY)
        if isinstance(raw, bool) or not isinstance(raw, str | int | float):
            return Converted(typed, FindingCode.TYPE_TIME)
        meant = _meant(typed)
        if len(meant) == 1:
            return Converted(meant[0] / DAY, changed=True)
        about = _meant(_ABOUT.sub("", plain(typed)))
        if not meant and len(about) == 1:
            return Converted(typed, FindingCode.TYPE_TIME_ABOUT, suggestion=_written(about[0]))
        return Converted(typed, FindingCode.TYPE_TIME, suggestion=" / ".join(map(_written, meant)))

    def typed_text(self, raw: object) -> str:
        """A time as the sheet shows it; what is none as typed."""
        found = _seconds_in(raw)
        if found is not None:
            return _written(found)
        return tidy(raw) if isinstance(raw, str) else as_text(raw)

    def kept(self, value: Value) -> str:
        """Hours and minutes."""
        return self.typed_text(value)

    def holds(self, value: object) -> bool:
        """Whether it is a part of a day."""
        return isinstance(value, int | float) and _seconds_in(value) is not None

    def sheet_fault(self, cell: str) -> str:
        """No part of a day. What is typed as 0930 is a large number to the sheet: it asks for better typing."""
        return f"OR(NOT(ISNUMBER({cell})),N({cell})<0,ROUND(N({cell})*{DAY},0)>={DAY})"

    def example(self, field: Field, plan: Plan, period: Period) -> Mapping[str, object]:
        """A time as it is typed, within the bounds of the field."""
        seconds = 9 * 3600 + 30 * 60
        if isinstance(field.minimum, float):
            seconds = max(seconds, round(field.minimum * DAY))
        if isinstance(field.maximum, float):
            seconds = min(seconds, round(field.maximum * DAY))
        return {"example": _written(seconds)}

    def comparable(self, value: object) -> float | dt.date | None:
        """The second of the day: a fraction typed with few decimals is next to the one that is meant."""
        return _seconds_in(value)

    def comparable_bound(self, bound: Bound) -> Bound:
        """The second of the day."""
        return bound if isinstance(bound, dt.date) else round(bound * DAY)

    def sheet_value(self, cell: str) -> str:
        """The second of the day."""
        return f"ROUND({cell}*{DAY},0)"

    def sheet_bound(self, bound: Bound) -> str:
        """The second of the day."""
        return str(self.comparable_bound(bound))

    def read_bound(self, raw: object, written: str) -> Bound | None:
        """A time."""
        found = _seconds_in(raw)
        meant = _meant(written) if found is None else (found,)
        return meant[0] / DAY if len(meant) == 1 else None

    def validation(self, field: Field, cell: str, span: Span | None = None) -> DataValidation | None:
        """A time within the bounds."""
        return between("time", field, 0.0, (DAY - 1) / DAY)

    def number_format(self, field: Field, plan: Plan) -> str:
        """Hours and minutes, from 0:00 to 23:59."""
        return "h:mm"


def _seconds_in(value: object) -> int | None:
    """The second of the day that a cell's own value is; None where it is no part of a day."""
    if isinstance(value, dt.time):
        value = dt.timedelta(
            hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond
        )
    if isinstance(value, dt.timedelta):  # the cell has a format for spans of time
        value = value / dt.timedelta(days=1)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1:
        return None
    seconds = int(value * DAY + 0.5)
    return seconds if seconds < DAY else None


def _meant(typed: str) -> tuple[int, ...]:
    """The seconds of the day that a text can mean: none, one, or two where nobody but its writer can choose."""
    spoken = in_digits(plain(typed))
    if spoken == "正午":
        return (DAY // 2,)
    found = next(filter(None, (form.fullmatch(spoken) for form in (*_FORMS, *_HOURS, _DIGITS))), None)
    if not found:
        return ()
    parts = {"before": None, "behind": None, "minute": None, "second": None, "half": None} | found.groupdict()
    halves = [part for part in (parts["before"], parts["behind"]) if part]
    minute = 30 if parts["half"] else int(parts["minute"] or 0)
    second = int(parts["second"] or 0)
    if len(halves) > 1 or minute > 59 or second > 59:
        return ()
    hours = _hours(int(parts["hour"] or 0), "".join(halves).upper())
    return tuple(hour * 3600 + minute * 60 + second for hour in hours)


def _hours(hour: int, half: str) -> tuple[int, ...]:
    """The hours of the day that `hour` can mean in the half of the day which is named, if one is.

    12 AM is midnight and 12 PM noon; but 午前12時 and 午後12時 are each taken for either.
    """
    if not half:
        return (hour,) if hour < 24 else ()
    if hour > 12:
        return ()
    if hour == 12 and half in ("午前", "午後"):
        return (0, 12)
    return (hour % 12 + 12 * (half == "午後" or half.startswith("P")),)


def _written(seconds: int) -> str:
    """A time as every cell takes it: 9:30, and 9:30:15 where it has seconds."""
    text = f"{seconds // 3600}:{seconds // 60 % 60:02}"
    return f"{text}:{seconds % 60:02}" if seconds % 60 else text
