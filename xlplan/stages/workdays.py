"""Working days: by how many of them a department is late."""

from datetime import date, timedelta

SATURDAY = 5


def days_late(due: date, today: date) -> int:
    """How many working days have passed since a day: Monday to Friday, that day itself not counted.

    Args:
        due: The day by which the answer was asked for.
        today: The day on which is counted.

    Returns:
        The working days; 0 where the day is still to come, or only a weekend has passed.
    """
    passed = (due + timedelta(days=number) for number in range(1, (today - due).days + 1))
    return sum(day.weekday() < SATURDAY for day in passed)
