"""What is said and how people write: sentences, errors, text, numbers in words, calendars, personal numbers.

`messages` reads the catalogue (`catalogue/*.toml`), the one place of every sentence that people read, Japanese and
English side by side; `codes` is the base of the enums whose members stand in it. `errors` are the faults of files,
arguments and definitions; `workdays` are the days on which an office works, `addresses` those of mail. Nothing here
knows of Excel or of a plan; every other room may use it.
"""

__all__ = [
    "addresses",
    "calendar",
    "choice",
    "codes",
    "eras",
    "errors",
    "locales",
    "messages",
    "numerals",
    "privacy",
    "remarks",
    "text",
    "workdays",
    "wrapping",
]
