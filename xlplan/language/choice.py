"""Which language is spoken: `--lang`, XLPLAN_LANG, the plan, the system's language, then English.

Every sentence that is not part of an artefact is said in `chosen_language`: help and usage errors before a plan is
known, results and faults of a stage with the plan's language once it is. Artefacts follow their plan alone.
"""

import ctypes
import locale
import os
import sys
from collections.abc import Callable, Mapping, Sequence

from xlplan.language.messages import LANGUAGES

VARIABLE = "XLPLAN_LANG"
"""The environment variable that sets the language."""
FALLBACK = "en"
"""What is spoken where nobody says anything else."""


def _windows_ui_language() -> int | None:
    """The language identifier of Windows' user interface; None on other systems."""
    if sys.platform != "win32":
        return None
    return int(ctypes.windll.kernel32.GetUserDefaultUILanguage())


def chosen_language(
    asked: str = "",
    plan: str = "",
    *,
    environment: Mapping[str, str] = os.environ,
    windows_ui: Callable[[], int | None] = _windows_ui_language,
) -> str:
    """The language to speak: the first of those that wish for one we have.

    Args:
        asked: the value of `--lang`, empty where it was not given.
        plan: the language of the plan, empty before it is known.
        environment: the environment's variables, of which XLPLAN_LANG goes before the plan and the locale behind it.
        windows_ui: gives the language identifier of Windows' user interface, or None on other systems.

    Returns:
        One of `LANGUAGES`.
    """
    for wish in (asked, environment.get(VARIABLE, ""), plan):
        if wish in LANGUAGES:
            return wish
    return system_language(environment, windows_ui)


def system_language(
    environment: Mapping[str, str] = os.environ,
    windows_ui: Callable[[], int | None] = _windows_ui_language,
) -> str:
    """The first language of the system's that is one of `LANGUAGES`, else English. Arguments as above.

    On Windows that is the language of the user interface. Elsewhere LC_ALL, LC_MESSAGES and LANG, the first that is
    set, say it, and LANGUAGE a list to be tried before it, unless they say C (GNU gettext, 2.3.3).
    """
    identifier = windows_ui()
    if identifier is not None:
        names = [locale.windows_locale.get(identifier, "")]
    else:
        name = next(filter(None, map(environment.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "C")
        plain = name.partition(".")[0] in ("C", "POSIX")
        names = [] if plain else [*environment.get("LANGUAGE", "").split(":"), name]
    languages = (locale.normalize(name).partition("_")[0].lower() for name in names)
    return next((language for language in languages if language in LANGUAGES), FALLBACK)


def language_fault(asked: str, environment: Mapping[str, str] = os.environ) -> str:
    """The value of `--lang`, else of XLPLAN_LANG, where that is no language we have; empty where all is well."""
    wish = asked or environment.get(VARIABLE, "")
    return "" if wish in LANGUAGES else wish


def asked_on(words: Sequence[str]) -> str:
    """The value of `--lang` on a command line, wherever it stands; empty where it names no language we have.

    For what is said before the line is understood: help, and what is wrong with the line itself.
    """
    for at, word in enumerate(words):
        value = "".join(words[at + 1 : at + 2]) if word == "--lang" else word.removeprefix("--lang=")
        if word.startswith("--lang") and value in LANGUAGES:
            return value
    return ""
