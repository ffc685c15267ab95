"""What is said and how people write: sentences, errors, text, numbers in words, calendars, personal numbers.

`messages` reads the catalogue (`catalogue/*.toml`), the one place of every sentence that people read, Japanese and
English side by side. `errors` are the faults of files, arguments and definitions. Nothing here knows of Excel or of
a plan; every other room may use it.
"""

__all__ = ["calendar", "choice", "errors", "messages", "numerals", "privacy", "text"]
