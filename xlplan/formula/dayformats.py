"""What a cell shows of a day or a time: yyyy/m/d, ggge年m月d日, h:mm (ECMA-376 part 1, 18.8.31)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from xlplan.formula.excel import FIRST_COMMON_SERIAL, LAST_SERIAL_DAY, SERIAL_DAY_ZERO
from xlplan.language.eras import era_at

DAY_SIGNS = frozenset("ymdhsgeba")
"""The signs of a format that stand for a part of a day."""

_WEEKDAYS = "月火水木金土日"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def shown_day(tokens: Sequence[tuple[str, str]], serial: float) -> str:
    """What a cell shows of a day.

    Args:
        tokens: The section of its number format, piece by piece: ("day", "yyyy"), ("literal", "年").
        serial: The number that it holds, as days are counted from 1900.

    Returns:
        The text; empty where no such day is shown.
    """
    if not 0 <= serial < LAST_SERIAL_DAY + 1:
        return ""
    parts = sum(kind == "place" for kind, _ in tokens)
    moment = _moment(serial, parts)
    days = [at for at, (kind, _) in enumerate(tokens) if kind == "day"]
    half = any("/" in tokens[at][1] for at in days)
    made = []
    for at, (kind, written) in enumerate(tokens):
        if kind == "day":
            here = days.index(at)
            minutes = written.startswith("m") and len(written) < 3 and _of_hours(tokens, days, here)
            made.append(_piece(written, moment, serial, half=half, minutes=minutes))
        elif kind == "place":
            made.append(f"{moment.microsecond:06}"[sum(k == "place" for k, _ in tokens[:at])])
        elif kind in ("literal", "gap", "point", "comma"):
            made.append(written)
    return "".join(made).strip()


def _moment(serial: float, parts: int) -> datetime:
    """The moment of a serial number, to the second or to so many decimals of one. What is begun is not rounded up."""
    if 1 <= serial < FIRST_COMMON_SERIAL - 1:  # Excel's 1900 has a 29 February
        serial += 1
    thousandths = int(serial * 86_400_000 + 0.5)
    return SERIAL_DAY_ZERO + timedelta(milliseconds=thousandths - thousandths % 10 ** (3 - min(parts, 3)))


def _of_hours(tokens: Sequence[tuple[str, str]], days: Sequence[int], here: int) -> bool:
    """Whether m stands for minutes: behind hours or before seconds."""
    before = tokens[days[here - 1]][1] if here else ""
    behind = tokens[days[here + 1]][1] if here + 1 < len(days) else ""
    return before.strip("[")[:1] == "h" or behind.strip("[")[:1] == "s"


_PIECES: Mapping[str, Callable[[datetime], str]] = {
    "d": lambda day: str(day.day),
    "dd": lambda day: f"{day.day:02}",
    "ddd": lambda day: f"{day:%a}",
    "dddd": lambda day: f"{day:%A}",
    "aaa": lambda day: _WEEKDAYS[day.weekday()],
    "aaaa": lambda day: f"{_WEEKDAYS[day.weekday()]}曜日",
    "m": lambda day: str(day.month),
    "mm": lambda day: f"{day.month:02}",
    "mmm": lambda day: _MONTHS[day.month - 1],
    "mmmm": lambda day: f"{day:%B}",
    "mmmmm": lambda day: _MONTHS[day.month - 1][0],
    "s": lambda day: str(day.second),
    "ss": lambda day: f"{day.second:02}",
}


def _piece(written: str, moment: datetime, serial: float, *, half: bool, minutes: bool) -> str:
    """What one run of signs shows."""
    if written.startswith("["):
        return _elapsed(written, serial)
    if "/" in written.upper():
        noon = moment.hour >= 12
        return ("PM" if noon else "AM") if "M" in written.upper() else ("P" if noon else "A")
    sign = written[0]
    if sign == "h":
        hour = (moment.hour % 12 or 12) if half else moment.hour
        return f"{hour:02}" if len(written) > 1 else str(hour)
    if minutes:
        return f"{moment.minute:02}" if len(written) > 1 else str(moment.minute)
    if sign in "yegb":
        return _year(written, moment)
    return _PIECES[written](moment) if written in _PIECES else written


def _year(written: str, moment: datetime) -> str:
    """A year, or the era's name: of a day before all eras the western year."""
    if written.startswith("y"):
        return f"{moment.year % 100:02}" if len(written) < 3 else f"{moment.year:04}"
    era = era_at(moment.date())
    if written.startswith("g"):
        return "" if era is None else (era.letter, era.kanji[0], era.kanji)[min(len(written), 3) - 1]
    year = moment.year if era is None else moment.year - era.since.year + 1
    return f"{year:02}" if len(written) > 1 else str(year)


def _elapsed(written: str, serial: float) -> str:
    """Hours, minutes or seconds since the beginning."""
    seconds = int(serial * 86_400_000 + 0.5) // 1000
    count = seconds // {"h": 3600, "m": 60, "s": 1}[written[1]]
    return f"{count:0{len(written) - 2}}"
