"""Which language people are spoken to."""

from xlplan.language.choice import asked_on, chosen_language, language_fault, system_language

__all__ = ["asked_on", "chosen_language", "language_fault", "system_language"]
